"""A command in a process of its own, so that one is left to say how the other ended, and to clear up after it.

Where memory runs out inside a library, or the system kills a process, that process can do neither.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NoReturn

import click

from .errors import Position, Problem, RunError
from .files import cannot_write
from .terminal import complain, go_on
from .workers import end_with_parent

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def apart(command: Callable[..., None]) -> Callable[..., NoReturn]:
    """Run a command, which ends with SystemExit, in a process of its own; all its temporary files are in one folder."""
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> NoReturn:
        before = {number: signal.getsignal(number) for number in ENDINGS}
        try:
            with tempfile.TemporaryDirectory(prefix="treatyrdf-", ignore_cleanup_errors=True) as room:
                process = get_context("fork").Process(target=_run, args=(command, args, options, room))
                process.start()
                for number in ENDINGS:
                    signal.signal(number, partial(_pass_on, process))
                process.join()
        except OSError as error:
            complain(cannot_write(Path(error.filename or tempfile.gettempdir()), error,
                                  "set TMPDIR to a folder that can be written").problems)
            raise SystemExit(RunError.exit_code) from None
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        code = process.exitcode or 0
        if code < 0:
            what = f"was ended by {signal.Signals(-code).name}, as when memory runs out"
            complain([Problem(Position("treatyrdf"), "TRT134", what,
                              "free memory or raise the limit, then run again; nothing was changed")])
            if "parts" in options:
                click.echo(go_on(options["parts"]), err=True)
        raise SystemExit(code if code >= 0 else RunError.exit_code)
    return wrapped


def _pass_on(process: BaseProcess, number: int, _frame: object) -> None:
    """Pass a signal on; to look whether the process is alive would take its exit code from who waits for it."""
    if process.pid:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def _run(command: Callable[..., None], args: tuple[Any, ...], options: dict[str, Any], room: str) -> None:
    """Run a command with its temporary files in `room`; when it is told to end, or is left alone, it is interrupted."""
    tempfile.tempdir = room
    os.environ["RUST_BACKTRACE"] = "0"
    last = float("-inf")

    def interrupt(number: int, _frame: object) -> None:
        nonlocal last
        before, last = last, time.monotonic()
        if last - before > 1:  # a terminal tells all its processes, and then the one above passes it on
            raise KeyboardInterrupt(number)

    for number in ENDINGS:
        signal.signal(number, interrupt)
    end_with_parent(signal.SIGTERM)
    try:
        command(*args, **options)
    finally:
        shutil.rmtree(room, ignore_errors=True)
