"""One command -> wall time, processor time and memory of it and all it starts (Linux only)."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.2
"""Seconds between two looks at the memory, less in the first two seconds."""
COSTLY = 20
"""A look that takes much work is followed by a pause of so many times that, so that it slows nothing down."""


@dataclass(frozen=True)
class Run:
    """What a run took: seconds of wall and processor, MiB at most, and what it printed."""

    wall: float
    cpu: float
    peak: float
    output: str


def run(command: Sequence[str], folder: Path, into: Path | None = None, environment: Mapping[str, str] | None = None,
        limit: float | None = None) -> Run:
    """Run a command to its end, its output into a file if wanted; RuntimeError when it fails or takes too long.

    Memory is the sum over the tree of processes of proportional set sizes, in which pages that several
    processes share count once, looked at five times a second; or the most that a single process ever held, where
    that is more. The kernel's note of the largest process begins with what this process itself holds (it is kept
    over `exec`), so it counts only when it is larger.
    """
    log = into or Path(os.devnull)
    with log.open("w") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out if into else subprocess.PIPE,
                                   stderr=subprocess.PIPE if into else subprocess.STDOUT, text=True)
        peak, done = [0], threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
        watcher.start()
        timer = threading.Timer(limit, process.kill) if limit else None
        if timer:
            timer.start()
        stream = process.stderr if into else process.stdout
        assert stream
        try:
            with stream:
                output = stream.read()
            _, status, used = os.wait4(process.pid, 0)
            wall = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(status)
        except BaseException:  # whoever ends this process ends what it measures
            process.kill()
            raise
        finally:
            done.set()
            watcher.join()
            if timer:
                timer.cancel()
    if process.returncode:
        late = " (it took too long)" if limit and wall >= limit else ""
        raise RuntimeError(f"exit {process.returncode}{late}: {' '.join(command)}\n{output[-2000:]}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = used.ru_maxrss if used.ru_maxrss > own else 0
    return Run(wall, used.ru_utime + used.ru_stime, max(peak[0], largest) / 1024, output)


def _watch(process: int, peak: list[int], done: threading.Event) -> None:
    began, pause = time.perf_counter(), 0.0
    while not done.wait(pause):
        before = time.thread_time()  # not the clock: on a busy machine a look takes long and costs little
        tree = _tree(process)
        peak[0] = max(peak[0], sum(_kib(n, "smaps_rollup", "Pss:") for n in tree),
                      *(_kib(n, "status", "VmHWM:") for n in tree))
        pause = max(min(EVERY, (time.perf_counter() - began) / 10), COSTLY * (time.thread_time() - before))


def _tree(process: int) -> list[int]:
    """Return a process and all below it."""
    found = [process]
    for number in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{number}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _kib(process: int, file: str, name: str) -> int:
    """Return a size that the kernel tells of a process, 0 when it is no more."""
    with suppress(OSError, IndexError, ValueError):
        for line in Path(f"/proc/{process}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0
