"""Values -> what each gives, made by a few processes of this machine.

No threads: where memory, processes or files run out nobody waits for what will never come, and it is known
what a process that was lost was at.
"""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

S = TypeVar("S")
T = TypeVar("T")
_PDEATHSIG = 1
_SOME = 50
"""Values that are sent at once."""
_TRIES = 2
"""Processes that may be lost over one number."""


def spread(make: Callable[[int, S], T], values: Sequence[S]) -> Iterator[tuple[int, T | None]]:
    """Yield the number of each value, in order, with what `make` gives for both.

    A value is sent when it is due: of what a process shares with its parent, it copies what it looks at.

    A process that is lost costs time only: another makes what it was at. That is None when it is lost again, or
    no process is left, and then what nobody began is left out.
    """
    count = len(values)
    todo, lost, made, due = deque(range(count)), Counter[int](), dict[int, T | None](), 0
    at: dict[Connection, int] = {}
    workers: dict[Connection, BaseProcess] = {}
    try:
        _start(workers, make, min(count, os.cpu_count() or 1))
        while due < count and workers:
            for pipe in [p for p in workers if p not in at][:len(todo)]:
                at[pipe] = todo.popleft()
                with suppress(OSError):  # the other end is gone, as is seen next
                    pipe.send((at[pipe], values[at[pipe]]))
            for heard in wait([*at]):
                pipe = next(p for p in at if p is heard)
                number = at.pop(pipe)
                try:
                    made[number] = pipe.recv()
                except (EOFError, OSError):
                    workers.pop(pipe).join()
                    lost[number] += 1
                    if lost[number] < _TRIES:
                        todo.append(number)
                    else:
                        made[number] = None
            while due in made:
                yield due, made.pop(due)
                due += 1
        yield from sorted(({n: None for n in lost if n >= due} | made).items())
    finally:
        _end(workers)


def at_once(make: Callable[[S], T], values: Sequence[S]) -> list[T | None]:
    """Return what `make` gives for each value: None where its process was lost; raises what it raises.

    Where no process can be started, this one does it.
    """
    made: dict[int, T | Exception | None] = {}
    with suppress(OSError):
        for number, found in spread(partial(_outcome, make), values):
            made[number] = found
            if isinstance(found, Exception):
                break
    for found in made.values():
        if isinstance(found, Exception):
            raise found
    return [made[n] if n in made else make(value) for n, value in enumerate(values)]  # type: ignore[misc]


def _outcome(make: Callable[[S], T], _number: int, value: S) -> T | Exception:
    try:
        return make(value)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - raised again by whoever asked
        return error


@contextmanager
def aside(make: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Let something be made by another process meanwhile; what is given returns it, or makes it where that was lost."""
    workers: dict[Connection, BaseProcess] = {}

    def taken() -> T:
        found: T | Exception | None = None
        with suppress(EOFError, OSError):
            for pipe in workers:
                found = pipe.recv()
        if isinstance(found, Exception):
            raise found
        return make() if found is None else found

    try:
        with suppress(OSError):
            _start(workers, partial(_outcome, lambda _: make()), 1)
            for pipe in workers:
                pipe.send((0, None))
        yield taken
    finally:
        _end(workers)


def elsewhere(make: Callable[[], Iterator[T]]) -> Iterator[T]:
    """Yield what another process yields, so that this one never has the memory that it takes; raises what it raises.

    Where that was lost, or none can be started, this one does the rest.
    """
    workers: dict[Connection, BaseProcess] = {}
    items, count = make(), 0
    more: list[T] | Exception | None = None

    def some(_number: int, _value: None) -> list[T] | Exception:
        return _outcome(lambda _: [*islice(items, _SOME)], 0, None)

    try:
        with suppress(OSError):
            _start(workers, some, 1)
        for pipe in workers:
            while more := _asked(pipe):
                if isinstance(more, Exception):
                    raise more
                count += len(more)
                yield from more
    finally:
        _end(workers)
    if more is None:
        yield from islice(make(), count, None)


def _asked(pipe: Connection) -> Any:
    """Return what a process makes next, None where it was lost."""
    with suppress(EOFError, OSError):
        pipe.send((0, None))
        return pipe.recv()


def _end(workers: dict[Connection, BaseProcess]) -> None:
    for process in workers.values():
        process.kill()
        process.join()


def _start(workers: dict[Connection, BaseProcess], make: Callable[[int, S], T], count: int) -> None:
    """Start processes, as many as there is room for; raises OSError when there is none for the first."""
    local = get_context("fork")
    try:
        for _ in range(count):
            ours, theirs = local.Pipe()
            process = local.Process(target=_serve, args=(theirs, make, [ours, *workers]), daemon=True)
            process.start()
            theirs.close()
            workers[ours] = process
    except OSError:
        if not workers:
            raise


def end_with_parent(number: int) -> None:
    """Let the kernel send this process a signal when its parent ends, where it can."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PDEATHSIG, number)


def _serve(pipe: Connection, make: Callable[[int, S], T], others: list[Connection]) -> None:
    """Make what is asked for, until memory runs out or the parent, whose an interrupt is to handle, is gone."""
    for ours in others:
        ours.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    end_with_parent(signal.SIGKILL)
    gc.disable()  # what is made holds no cycles; what libraries leave is collected after it
    with suppress(EOFError, OSError, MemoryError):
        while True:
            pipe.send(make(*pipe.recv()))
            gc.collect()
