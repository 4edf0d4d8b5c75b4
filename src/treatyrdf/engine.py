"""One query engine in a process of its own, which the kernel ends when a query goes too far.

It is run by `pool` and imports nothing of the tool. The first line on its standard input is a JSON
object with the limits and the size of the N-Quads that follow; each later line is a job. For each
job it writes a JSON line with `failure`, `type` and `size`, then the body.

- time: an alarm whose default action ends the process, whatever the engine is doing;
- memory: no more address space than `memory` bytes beyond the loaded data (Linux);
- no file and no connection can be opened, so neither SERVICE nor anything else reaches outside.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph as ox

Json = dict[str, Any]
Answer = tuple[str, str, bytes]
"""The kind of failure (empty for none), the media type, and the body or what went wrong."""

ROWS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
COUNT: Mapping[ox.QueryResultsFormat, Callable[[bytes], int]] = {
    ox.QueryResultsFormat.JSON: lambda body: len(json.loads(body)["results"]["bindings"]),
    ox.QueryResultsFormat.XML: lambda body: body.count(b"<result>"),
    ox.QueryResultsFormat.CSV: lambda body: sum(1 for _ in csv.reader(io.StringIO(body.decode(), ""))) - 1,
    ox.QueryResultsFormat.TSV: lambda body: body.count(b"\n") - 1,
}
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_XML_NAME = re.compile(r"[^\W\d][\w.-]*$")
_SWOLLEN = 64 << 10


class _Full(io.BytesIO):
    """A buffer that refuses to grow beyond a size in bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.over = most, False

    def write(self, data: Any) -> int:
        self.over = self.tell() + len(data) > self.most
        if self.over:
            raise OSError("full")
        return super().write(data)


def main() -> None:
    """Load the data, then answer jobs until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs, replies = sys.stdin.buffer, sys.stdout.buffer
    limits = json.loads(jobs.readline())
    store = ox.Store()
    store.bulk_load(jobs.read(limits["size"]), ox.RdfFormat.N_QUADS)
    _lock(limits["memory"])
    least = _peak()
    while line := jobs.readline():
        signal.setitimer(signal.ITIMER_REAL, limits["seconds"])
        try:
            failure, kind, body = _answer(store, json.loads(line), limits)
        except MemoryError:
            os.abort()
        signal.setitimer(signal.ITIMER_REAL, 0)
        last = _peak() > least + _SWOLLEN
        _reply(replies, {"failure": failure, "type": kind, "size": len(body), "last": last}, body)
        if last:  # an allocator rarely gives back what one large query took
            break


def _lock(memory: int) -> None:
    """Let the kernel hold the limits from here on."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))


def _peak() -> int:
    """Return the most memory this process ever held, in KiB on Linux."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _reply(replies: BinaryIO, head: Json, body: bytes) -> None:
    replies.write(json.dumps(head).encode() + b"\n")
    replies.write(body)
    replies.flush()


def _answer(store: ox.Store, job: Json, limits: Json) -> Answer:
    """Return what came of a job."""
    try:
        default, named = _graphs(job["default_graph"]), _graphs(job["named_graphs"])
    except ValueError as error:
        return "name", "", str(error).encode()
    try:
        result: Any = store.query(job["query"], use_default_graph_as_union=job["union"],
                                  default_graph=default, named_graphs=named)
        write = _graph if isinstance(result, ox.QueryTriples) else _rows
        return write(result, job, limits)
    except SyntaxError as error:
        return "syntax", "", _place(str(error)).encode()
    except (OSError, RuntimeError, ValueError) as error:
        return "engine", "", str(error).encode()


def _graphs(names: list[str] | None) -> list[Any] | None:
    return None if names is None else [ox.NamedNode(name) for name in names]


def _place(message: str) -> str:
    """Return `line:column:message` of a syntax error."""
    found = _PLACE.match(message)
    return ":".join(found.groups()) if found else f"0:0:{message}"


def _rows(result: ox.QuerySolutions | ox.QueryBoolean, job: Json, limits: Json) -> Answer:
    if job["rows"] is None:
        return "type", "", ", ".join(ROWS).encode()
    kind, most, body = ROWS[job["rows"]], limits["rows"], _Full(limits["bytes"])
    try:
        result.serialize(body, kind)
    except OSError:
        if body.over:
            return "size", "", f"more than {limits['bytes']} bytes".encode()
        raise
    text = body.getvalue()
    if len(text) > most and isinstance(result, ox.QuerySolutions) and COUNT[kind](text) > most:
        return "size", "", f"more than {most} rows".encode()
    return "", job["rows"], text


def _graph(result: ox.QueryTriples, job: Json, limits: Json) -> Answer:
    if job["graph"] is None:
        return "type", "", ", ".join(GRAPHS).encode()
    most = limits["rows"]
    kind = GRAPHS[job["graph"]]
    triples = sorted(set(islice(result, most + 1)), key=str)
    if len(triples) > most:
        return "size", "", f"more than {most} triples".encode()
    if kind == ox.RdfFormat.RDF_XML and not all(_XML_NAME.search(t.predicate.value) for t in triples):
        return "type", "", ", ".join(k for k in GRAPHS if k != job["graph"]).encode()
    text = "\n".join(map(str, triples))
    prefixes = {p: n for p, n in limits["prefixes"].items() if f"<{n}" in text}
    body = ox.serialize(triples, format=kind, prefixes=prefixes) or b""
    if len(body) > limits["bytes"]:
        return "size", "", f"more than {limits['bytes']} bytes".encode()
    return "", job["graph"], body


if __name__ == "__main__":
    main()
