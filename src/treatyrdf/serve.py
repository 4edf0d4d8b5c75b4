"""The site of a data set over HTTP, read-only: each IRI by content negotiation, queries, graphs."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .documents import ENDINGS, FORMS, TERMS, Statements, document
from .engine import GRAPHS
from .errors import RunError
from .headers import HEADERS, types_of
from .model import Quad
from .names import is_iri
from .negotiate import choose
from .pool import Pool, stop
from .protocol import make_job, not_acceptable, read_parameters, refuse, respond
from .service import service_quads

_ALWAYS = {**HEADERS, "Access-Control-Expose-Headers": "ETag, Retry-After", "Cache-Control": "no-cache"}
PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS, POST", "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match", "Access-Control-Max-Age": "86400",
}
Stamp = tuple[int, int, int]
"""What tells one state of a file from another."""


@dataclass(frozen=True)
class Served:
    """All that is served: a site by its folder and files, its sums with their own, and the dump."""

    folder: Path
    files: frozenset[str]
    sums: tuple[Path, Stamp | None]
    sharded: frozenset[str]
    statements: Statements
    quads: tuple[Quad, ...]
    pool: Pool
    sha256: str

    @property
    def etag(self) -> str:
        """Return the entity tag of everything: nothing changes but with the sums of the site."""
        return f'W/"{self.sha256}"'


def make_app(served: Served) -> ASGIApp:
    """Return the application."""
    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        yield
        await stop(served.pool)

    app = Starlette(
        routes=[Route("/sparql", _sparql, methods=["GET", "POST"]),
                Route("/store", _store), Route("/.well-known/void", _void), Route("/{path:path}", _thing)],
        middleware=[Middleware(_common, etag=served.etag), Middleware(GZipMiddleware, minimum_size=1000,
                                                                      compresslevel=4)],
        exception_handlers={HTTPException: _refused}, lifespan=life)
    app.state.served = served
    return app


def _common(app: ASGIApp, etag: str) -> ASGIApp:
    """Return an application that answers OPTIONS and conditional requests, and adds headers to all."""
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                if message["status"] in (200, 206, 304):
                    headers["ETag"] = etag
            await send(message)

        request = Request(scope)
        known = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
        if request.method == "OPTIONS":
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, add)
        elif request.method in ("GET", "HEAD") and etag in known:
            await Response(status_code=304, headers={"Vary": "Accept"})(scope, receive, add)
        else:
            await app(scope, receive, add)

    return wrapped


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        error = refuse(405, "TRT107", "this server only reads", "send GET", headers=error.headers)
    return PlainTextResponse(error.detail + "\n", error.status_code, error.headers)


def _served(request: Request) -> Served:
    served: Served = request.app.state.served
    return served


def stamp(path: Path) -> Stamp | None:
    """Return what changes when a file is written again, None when it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _kind(request: Request) -> str:
    """Return the media type that the client likes best of those a document has."""
    kind = choose(request.headers.get("accept", ""), list(ENDINGS))
    if kind is None:
        raise not_acceptable(list(ENDINGS))
    return kind


def _see(request: Request, stem: str) -> Response:
    """Return the way to the document that the client likes best."""
    return RedirectResponse(f"/{stem}.{ENDINGS[_kind(request)]}", 303, {"Vary": "Accept"})


def _file(served: Served, name: str, status: int = 200) -> Response:
    """Return a file of the site."""
    sums, known = served.sums
    if stamp(sums) != known:
        raise refuse(503, "TRT095", "the data set was built again", "start the server again")
    kind = types_of((name,)).get(name.rpartition(".")[2], "text/plain")
    return FileResponse(served.folder / name, status, media_type=kind)


async def _void(request: Request) -> Response:
    return _see(request, "dataset")


async def _thing(request: Request) -> Response:
    """A file is itself; a thing is described by its document."""
    served, path = _served(request), request.scope["path"][1:] or "index.html"
    if path in served.files:
        return _file(served, path)
    stem = document(path, served.sharded)
    if served.statements.knows(path) and f"{stem}.ttl" in served.files:
        return _see(request, str(stem))
    if path == TERMS:
        return _see(request, TERMS)
    if choose(request.headers.get("accept", ""), ("text/plain", "text/html")) == "text/html":
        return _file(served, "404.html", 404)
    raise refuse(404, "TRT109", "nothing is said about this IRI", "look for it with /sparql")


async def _sparql(request: Request) -> Response:
    served = _served(request)
    parameters = await read_parameters(request)
    if request.method != "POST" and not parameters.keys() & {"query", "update"}:
        return _describe(request)
    job = make_job(parameters, request.headers.get("accept", ""))
    return await respond(request, served.pool, job)


def _describe(request: Request) -> Response:
    """The service about itself, or the page to query it with."""
    served, kind = _served(request), _kind(request)
    writer = FORMS[ENDINGS[kind]][1]
    if writer is None:
        return RedirectResponse("/sparql.html", 303, {"Vary": "Accept"})
    statements, limits = served.statements, served.pool.limits
    here = str(request.url.replace(query=""))
    endpoint = here if is_iri(here) else f"{statements.names.base}sparql"
    quads = [*service_quads(endpoint, served.quads, statements.names, limits["seconds"], limits["rows"])]
    return Response(writer(statements, f"<{endpoint}>", quads), media_type=kind, headers={"Vary": "Accept"})


async def _store(request: Request) -> Response:
    """Graphs whole, as the SPARQL 1.1 Graph Store HTTP Protocol gives them."""
    served, parameters = _served(request), await read_parameters(request)
    names = parameters.get("graph", [])
    if len(names) + ("default" in parameters) != 1:
        raise refuse(400, "TRT108", "does not name one graph", "write ?default or ?graph=IRI")
    pattern = "?s ?p ?o"
    if names:
        if f"<{names[0]}>" not in {q[3] for q in served.quads}:
            raise refuse(404, "TRT109", "there is no such graph", "see /sparql for those there are")
        pattern = f"GRAPH <{names[0]}> {{ ?s ?p ?o }}"
    kind = choose(request.headers.get("accept", ""), list(GRAPHS))
    if kind is None:
        raise not_acceptable(list(GRAPHS))
    job = make_job({"query": [f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"]}, kind)
    return await respond(request, served.pool, job)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises RunError when the address cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        door = socket.create_server((host, port), family=family, backlog=1024)
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer waits 40 ms for an ACK
        return door
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise RunError.of("TRT101", f"{host}:{port}", "is in use by another program",
                              "name another port with --port") from None
        raise RunError.of("TRT102", f"{host}:{port}", (error.strerror or "cannot be used").lower(),
                          "name another --host or --port") from None
