"""The commands that talk over HTTP: serve."""

from __future__ import annotations

import signal
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import RunError
from .files import SITE, SUMS, dataset_folder, dist_folder, read_file, read_manifest, site_names
from .lookup import built_dump
from .terminal import DATASET, OUT, checked, tables_options

if TYPE_CHECKING:
    from .gather import Tables
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
@tables_options
@checked
def serve(dataset: str | None, out: Path | None, host: str, port: int, seconds: float,
          rows: int, tables: Tables) -> int | None:
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
        app = make_app(_served(dataset_folder(dataset), out, seconds, rows, tables))
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


def _served(folder: Path, out: Path | None, seconds: float, rows: int, tables: Tables) -> Served:
    """Return what is served of a built data set; refuses one that is missing or out of date."""
    from .content import digest
    from .documents import DESCRIPTIONS, gather, shards
    from .pool import make_pool
    from .serve import Served, stamp

    dist = dist_folder(folder, out)
    sums, state = dist / SITE / SUMS, stamp(dist / SITE / SUMS)
    dump, published = built_dump(folder, out, tables)
    names, licence = published.names, published.about.header.licence
    site = frozenset(name.removeprefix(SITE) for name in site_names(dist))
    if not site:
        raise RunError.of("TRT133", dist, "was built without a site", f"run `treatyrdf build {folder}` again")
    wanted = [name for name in read_manifest(dist) or ()
              if name in DESCRIPTIONS or name.startswith("ontology/")]
    statements = gather(published.quads, {n: read_file(dist / n) for n in wanted}, names, licence)
    return Served(dist / SITE, site, (sums, state), shards(statements.locals()), statements,
                  published.quads, make_pool(dump, seconds, rows, names.prefixes),
                  digest(read_file(sums)))
