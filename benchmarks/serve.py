"""`treatyrdf serve` under load: many clients at once, one process that asks, one that is measured.

    python benchmarks/serve.py --clients 200 --seconds 60

Each client keeps one connection and asks without pause: canon questions, things by content
negotiation, documents. It prints requests a second, latencies, what went wrong, and the resident
memory of the server with its engines at the start, the middle and the end. Exit code 1: something
other than an honest 503 went wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from treatyrdf.documents import FORMS, document

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist" / "alliance"
THINGS = ("spock", "klingon-empire", "article", "alliance-proposal", "claim/spock-proposes-alliance",
          "dataset")


def requests() -> list[bytes]:
    """Return the mix that every client goes through, each from a place of its own."""
    asked = [(f"/sparql?query={quote(path.read_text(encoding='utf-8'))}", accept) for path, accept in zip(
        sorted((DIST / "questions").glob("*.rq")),
        itertools.cycle(("application/sparql-results+json", "text/csv")), strict=False)]
    seen = [(f"/{thing}", "*/*") for thing in THINGS]
    seen += [(f"/{document(thing, frozenset())}.{ending}", kind) for thing in THINGS
             for ending, (kind, _) in FORMS.items()]
    return [f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()
            for path, accept in asked + seen]


async def client(port: int, mix: Iterator[bytes], end: float, found: Counter[str],
                 times: list[float]) -> None:
    """Ask until the end of time; note each outcome and how long it took in seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < end:
        began = time.monotonic()
        try:
            writer.write(next(mix))
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = re.search(r"content-length: (\d+)", head)
            body = await reader.readexactly(int(length[1]) if length else 0)
            status = head.split()[1]
            honest = status != "503" or "retry-after" in head
            found[status if honest and (body or status == "303") else f"odd {status}"] += 1
            times.append(time.monotonic() - began)
        except (OSError, asyncio.IncompleteReadError) as error:
            found[type(error).__name__] += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def memory(process: int) -> int:
    """Return the resident memory of a process and its children in KiB."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    threads = [Path(p) for p in Path(f"/proc/{process}/task").iterdir()]
    children += [c for t in threads if t.name != str(process) for c in (t / "children").read_text().split()]
    total = 0
    for number in {str(process), *children}:
        try:
            total += int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{number}/status").read_text())[0])
        except (OSError, IndexError):
            continue
    return total


async def load(port: int, process: int, clients: int, seconds: float) -> dict[str, object]:
    """Return what was measured."""
    found: Counter[str] = Counter()
    times: list[float] = []
    asked = requests()
    end = time.monotonic() + seconds
    tasks = [asyncio.create_task(client(port, itertools.islice(itertools.cycle(asked), n % len(asked), None),
                                        end, found, times)) for n in range(clients)]
    sizes = []
    for share in (0.1, 0.5, 0.95):
        await asyncio.sleep(max(0.0, end - seconds * (1 - share) - time.monotonic()))
        sizes.append(memory(process) // 1024)
    await asyncio.gather(*tasks)
    times.sort()
    return {"clients": clients, "seconds": seconds, "requests": sum(found.values()),
            "per second": round(len(times) / seconds), "outcomes": dict(sorted(found.items())),
            **{f"p{p} ms": round(times[len(times) * p // 100] * 1000) for p in (50, 99)},
            "max ms": round(times[-1] * 1000), "memory MiB at start, middle, end": sizes}


def main() -> int:
    """Start a server, load it, print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path, default=DIST, help="the built data set")
    options = parser.parse_args()
    command = [sys.executable, "-m", "treatyrdf", "serve", "--out", options.out, "--port", "0"]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr
        port = int(re.findall(r"127\.0\.0\.1:(\d+)", server.stderr.readline())[0])
        measured = asyncio.run(load(port, server.pid, options.clients, options.seconds))
    finally:
        server.terminate()
        server.wait(timeout=20)
    print(json.dumps(measured))
    return 0 if measured["outcomes"].keys() <= {"200", "303", "503"} else 1  # type: ignore[attr-defined]


if __name__ == "__main__":
    raise SystemExit(main())
