"""A few query engines, each in a process of its own; whoever waits is answered or told so."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

WORKERS = max(4, os.cpu_count() or 1)
QUEUE = 256
"""How many queries may wait for an engine; one more is refused."""
MEMORY = 512 << 20
"""Bytes that one query may take beyond the data."""
BYTES = 64 << 20
"""Bytes of the largest result."""
_CHUNK = 1 << 16
_ENGINE = Path(__file__).with_name("engine.py")


@dataclass(frozen=True)
class Reply:
    """What an engine answered: the kind of failure or "", the media type, and the body or the reason."""

    failure: str
    kind: str
    size: int
    body: SpooledTemporaryFile[bytes]

    def reason(self) -> str:
        """Return the body as text, and close it."""
        with self.body as body:
            return body.read().decode()


@dataclass
class Pool:
    """Engines that are idle or at work, and the right to use one of them."""

    dump: bytes
    limits: Mapping[str, Any]
    turns: asyncio.Semaphore
    idle: list[Process] = field(default_factory=list)
    running: set[Process] = field(default_factory=set)
    waiting: int = 0


class OverloadError(Exception):
    """Too many queries wait, or one waited too long."""


class StoppedError(Exception):
    """The kernel ended an engine at a limit: `time`, or `memory` for any other reason."""


def make_pool(dump: bytes, seconds: float, rows: int, prefixes: Mapping[str, str]) -> Pool:
    """Return a pool for a dump of N-Quads; an engine is started when it is first needed."""
    limits = {"seconds": seconds, "rows": rows, "memory": MEMORY, "bytes": BYTES,
              "prefixes": prefixes, "size": len(dump)}
    return Pool(dump, limits, asyncio.Semaphore(WORKERS))


async def ask(pool: Pool, job: Mapping[str, Any]) -> Reply:
    """Return the answer to one job; raises OverloadError or StoppedError.

    When the caller is cancelled the query is ended with it.
    """
    await _turn(pool)
    worker, keep = _idle(pool), False
    try:
        worker = worker or await _start(pool)
        assert worker.stdin and worker.stdout
        worker.stdin.write(json.dumps(job).encode() + b"\n")
        head = json.loads(await worker.stdout.readline() or "null")
        if head is None:
            raise StoppedError("time" if await worker.wait() == -signal.SIGALRM else "memory")
        body = await _read(worker.stdout, head["size"])
        keep = not head["last"]
        return Reply(head["failure"], head["type"], head["size"], body)
    except (ConnectionError, asyncio.IncompleteReadError):
        raise StoppedError("memory") from None
    finally:
        if keep and worker:
            pool.idle.append(worker)
        elif worker:
            pool.running.discard(worker)
            _kill(worker)
        pool.turns.release()


async def stop(pool: Pool) -> None:
    """End every engine."""
    for worker in list(pool.running):
        _kill(worker)
        await worker.wait()


async def _turn(pool: Pool) -> None:
    """Wait until an engine may be used."""
    if pool.waiting >= QUEUE:
        raise OverloadError
    pool.waiting += 1
    try:
        async with asyncio.timeout(1 + pool.limits["seconds"]):
            await pool.turns.acquire()
    except TimeoutError:
        raise OverloadError from None
    finally:
        pool.waiting -= 1


def _idle(pool: Pool) -> Process | None:
    """Return an engine that waits for a job, None when one must be started."""
    while pool.idle:
        worker = pool.idle.pop()
        if worker.returncode is None:
            return worker
        pool.running.discard(worker)
    return None


async def _start(pool: Pool) -> Process:
    """Start an engine with the data; it ends by itself when this process is gone."""
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-P", str(_ENGINE), stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
    pool.running.add(worker)
    assert worker.stdin
    worker.stdin.write(json.dumps(pool.limits).encode() + b"\n")
    worker.stdin.write(pool.dump)
    await worker.stdin.drain()
    return worker


def _kill(worker: Process) -> None:
    if worker.returncode is None:
        worker.kill()


async def _read(replies: asyncio.StreamReader, size: int) -> SpooledTemporaryFile[bytes]:
    """Return the body; a large one goes to a file, so that slow clients cost no memory."""
    body: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=1 << 20)
    left = size
    while left:
        chunk = await replies.read(min(left, _CHUNK))
        if not chunk:
            body.close()
            raise asyncio.IncompleteReadError(b"", left)
        body.write(chunk)
        left -= len(chunk)
    body.seek(0)
    return body
