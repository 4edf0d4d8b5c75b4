"""One command -> wall time, processor time and memory of it and all it starts (Linux only)."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.2
"""Seconds between two looks at the memory."""


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
    processes share count once, looked at five times a second; for a short run what the kernel noted of the
    largest process.
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
        output = stream.read()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
        if timer:
            timer.cancel()
    if process.returncode:
        late = " (it took too long)" if limit and wall >= limit else ""
        raise RuntimeError(f"exit {process.returncode}{late}: {' '.join(command)}\n{output[-2000:]}")
    return Run(wall, used.ru_utime + used.ru_stime, max(peak[0], used.ru_maxrss) / 1024, output)


def _watch(process: int, peak: list[int], done: threading.Event) -> None:
    while not done.wait(EVERY):
        peak[0] = max(peak[0], sum(map(_size, _tree(process))))


def _tree(process: int) -> list[int]:
    """Return a process and all below it."""
    found = [process]
    for number in found:
        with suppress(OSError):
            for thread in Path(f"/proc/{number}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _size(process: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
