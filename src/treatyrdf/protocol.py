"""The SPARQL 1.1 Protocol for reading (https://www.w3.org/TR/sparql11-protocol/), and its refusals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from math import ceil
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from .ask import has_word
from .engine import GRAPHS, ROWS
from .errors import Position, Problem
from .negotiate import choose
from .pool import OverloadError, Pool, Reply, StoppedError, ask

Parameters = dict[str, list[str]]

LONGEST = 256 << 10
"""Bytes of the longest request body."""

REQUEST = Position("request")

BODIES: Mapping[str, Callable[[str], list[tuple[str, str]]]] = {
    "application/x-www-form-urlencoded": lambda text: _pairs(text),
    "application/sparql-query": lambda text: [("query", text)],
    "application/sparql-update": lambda text: [("update", text)],
}
FAILURES: Mapping[str, tuple[int, str, str]] = {
    "name": (400, "TRT108", "name graphs by absolute IRIs"),
    "type": (406, "TRT108", "accept one of those"),
    "size": (403, "TRT105", "ask for less with LIMIT and OFFSET, or load the dump"),
    "engine": (500, "TRT104", "ask in another way"),
}


def refuse(status: int, code: str, what: str, remedy: str, place: Position = REQUEST,
           headers: Mapping[str, str] | None = None) -> HTTPException:
    """Return the refusal of a request, said as the command line says it."""
    return HTTPException(status, str(Problem(place, code, what, remedy)), headers)


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)


async def read_parameters(request: Request) -> Parameters:
    """Return the parameters of a request, from its address and its body."""
    try:
        pairs, body = _pairs(request.url.query), await _body(request)
        if request.method == "POST":
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in BODIES:
                raise refuse(415, "TRT108", f"cannot read a body of type {kind or 'none'}",
                             f"send one of: {', '.join(list(BODIES)[:2])}")
            pairs += BODIES[kind](body.decode())
    except ValueError:
        raise refuse(400, "TRT108", "is not UTF-8", "encode the request as UTF-8") from None
    found: Parameters = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


async def _body(request: Request) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > LONGEST:
            raise refuse(413, "TRT108", f"is longer than {LONGEST} bytes", "send a shorter query")
    return b"".join(parts)


def make_job(parameters: Parameters, accept: str) -> dict[str, Any]:
    """Return what an engine shall do for a query request."""
    if "update" in parameters:
        raise refuse(403, "TRT107", "is an update, and this server only reads",
                     "change the curated files and build again")
    queries = parameters.get("query", [])
    if len(queries) != 1:
        raise refuse(400, "TRT108", f"has {len(queries)} queries", "send exactly one `query`")
    query = queries[0]
    if has_word(query, "SERVICE"):
        raise refuse(403, "TRT073", "SERVICE asks another machine", "query this data set alone",
                     Position("query"))
    default, named = (parameters.get(f"{kind}-graph-uri") for kind in ("default", "named"))
    chosen = bool(default or named)
    job = {"query": query, "default_graph": (default or []) if chosen else None,
           "named_graphs": (named or []) if chosen else None,
           "union": not chosen and not has_word(query, "FROM"),
           "rows": choose(accept, list(ROWS)), "graph": choose(accept, list(GRAPHS))}
    if job["rows"] is None and job["graph"] is None:
        raise not_acceptable((*ROWS, *GRAPHS))
    return job


def not_acceptable(types: Sequence[str]) -> HTTPException:
    """Return the refusal of an Accept header, with what there is."""
    status, code, remedy = FAILURES["type"]
    return refuse(status, code, f"there is only {', '.join(types)}", remedy)


async def respond(request: Request, pool: Pool, job: Mapping[str, Any]) -> Response:
    """Return the response to a job; the query ends when its client goes away."""
    seconds = pool.limits["seconds"]
    try:
        reply = await _while_there(request, ask(pool, job))
    except OverloadError:
        raise refuse(503, "TRT106", "too many queries wait", "try again later",
                     headers={"Retry-After": str(ceil(seconds))}) from None
    except StoppedError as end:
        code, what = {"time": ("TRT103", f"the query was stopped after {seconds:g} seconds")}.get(
            str(end), ("TRT104", "the query was stopped: it needs too much memory"))
        raise refuse(503, code, what, "ask for less, or load the dump", Position("query")) from None
    if reply is None:
        return Response(status_code=499)
    if reply.failure:
        raise _failed(reply)
    return StreamingResponse(_chunks(reply), media_type=reply.kind,
                             headers={"Content-Length": str(reply.size), "Vary": "Accept"})


def _failed(reply: Reply) -> HTTPException:
    if reply.failure == "syntax":
        line, column, message = reply.reason().split(":", 2)
        return refuse(400, "TRT072", f"not SPARQL: {' '.join(message.split())[:300]}", "mend the query",
                      Position("query", int(line), int(column)))
    status, code, remedy = FAILURES[reply.failure]
    what = f"there is only {reply.reason()}" if reply.failure == "type" else reply.reason()
    return refuse(status, code, what, remedy)


async def _chunks(reply: Reply) -> AsyncIterator[bytes]:
    with reply.body as body:
        while chunk := body.read(1 << 16):
            yield chunk


async def _while_there(request: Request, work: Coroutine[Any, Any, Reply]) -> Reply | None:
    """Return the outcome of some work, None when the client went away before."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        for pending in (task, gone):
            pending.cancel()
            with suppress(asyncio.CancelledError, OverloadError, StoppedError):
                await pending


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
