"""The commands that talk over HTTP: serve."""

from __future__ import annotations

import json
import signal
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import RunError
from .files import MANIFEST, dataset_folder, dist_folder, read_manifest
from .lookup import built_dump
from .terminal import DATASET, OUT, checked

if TYPE_CHECKING:
    from .model import Quad
    from .serve import Served


def _real(_ctx: click.Context, _param: click.Parameter, value: float) -> float:
    if isnan(value):
        raise click.BadParameter("nan is no number of seconds.")
    return value


@click.command()
@DATASET
@OUT
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen at; 0 takes any that is free.")
@click.option("--timeout", "seconds", default=10.0, show_default=True, type=click.FloatRange(0.1, 3600),
              callback=_real, help="Seconds a query may take.")
@click.option("--rows", default=100_000, show_default=True, type=click.IntRange(min=1),
              help="Rows or triples a query may give.")
@checked
def serve(dataset: str | None, out: Path | None, host: str, port: int, seconds: float,
          rows: int) -> int | None:
    """Serve a built data set over HTTP, read-only.

    With no DATASET it is the Treaty of Alliance. Queries go to /sparql, graphs are at /store.

    Example: treatyrdf serve --port 8080
    """
    try:
        import uvicorn

        from .serve import listen, make_app
    except ModuleNotFoundError as error:
        raise RunError.of("TRT100", (error.name or "").partition(".")[0], "is not installed",
                          "run `pip install 'treatyrdf[serve]'`") from None
    with listen(host, port) as door:
        app = make_app(_served(dataset_folder(dataset), out, seconds, rows))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _end)
        click.echo(f"serving http://{_shown(door)}/ and /sparql, read-only; Ctrl-C ends it", err=True)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False,
                                               server_header=False, timeout_graceful_shutdown=2))
        server.run([door])
    return 0


def _end(*_: Any) -> None:
    raise SystemExit(0)


def _shown(door: Any) -> str:
    host, port = door.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _served(folder: Path, out: Path | None, seconds: float, rows: int) -> Served:
    """Return what is served of a built data set; refuses one that is missing or out of date."""
    from .documents import make_site
    from .dump import digest
    from .pool import make_pool
    from .serve import Served

    dump, published = built_dump(folder, out)
    dist, names = dist_folder(folder, out), published.names
    described = _quads([dist / "dataset.ttl"], names.graph("dataset"))
    ontology = _quads(sorted((dist / "ontology").glob("*.ttl")), "")
    context = json.loads((dist / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    site = make_site({*published.quads, *described}, ontology, names,
                     published.dataset.header.licence, context)
    files = {name if name.startswith("ontology/") else f"file/{name}": dist / name
             for name in read_manifest(dist) or ()}
    manifest = dist / MANIFEST
    return Served(site, published.quads, make_pool(dump, seconds, rows, names.prefixes), files,
                  (manifest, manifest.read_bytes()), digest(dump))


def _quads(files: list[Path], graph: str) -> list[Quad]:
    """Return the statements of Turtle files that the build wrote."""
    import pyoxigraph as ox

    return [(str(t.subject), str(t.predicate), str(t.object), graph)
            for file in files for t in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]
