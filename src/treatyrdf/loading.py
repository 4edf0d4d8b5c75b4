"""The command that loads a built data set into a triplestore."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from .files import dataset_folder, dist_folder
from .remote import KINDS
from .terminal import JSON, OUT, checked, complain


@click.command()
@click.argument("url")
@click.argument("dataset", required=False, type=click.Path())
@OUT
@click.option("--store", "kind", type=click.Choice([*KINDS]), help="Kind of store; found out if left out.")
@click.option("--query", help="Address of its SPARQL endpoint, where that is elsewhere.")
@click.option("--target", help="Address of its graph store or update endpoint, where that is elsewhere.")
@click.option("--user", envvar="TREATYRDF_USER", default="", help="User name [env TREATYRDF_USER].")
@click.option("--password-file", type=click.Path(path_type=Path),
              help="File with the password; or set TREATYRDF_PASSWORD.")
@click.option("--timeout", "seconds", type=click.FloatRange(min=0.1), default=600.0, show_default=True,
              help="Seconds a request may take.")
@click.option("--dry-run", is_flag=True, help="Say what would change.")
@click.option("--check", "checking", is_flag=True, help="Only compare; exit 1 on a difference.")
@JSON
@checked
def load(url: str, dataset: str | None, out: Path | None, kind: str | None, query: str | None,
         target: str | None, user: str, password_file: Path | None, seconds: float, dry_run: bool,
         checking: bool, as_json: bool) -> int | None:
    """Load a built data set into a triplestore.

    Graph by graph, only what changed; afterwards graphs and answers are compared with what was
    published. URL is the server of Oxigraph or Virtuoso, a data set of Fuseki, a repository of RDF4J.

    Example: treatyrdf load http://localhost:7878
    """
    from . import load as loader
    from .files import list_names, not_built, read_dump
    from .remote import Access, Remote

    folder = dataset_folder(dataset)
    dist = dist_folder(folder, out)
    found = read_dump(dist)
    if found is None:
        raise not_built(dist, folder)
    try:
        shipment = loader.read_shipment(found[0], {n: dist / n for n in list_names(dist) if n.startswith("questions/")})
    except (OSError, KeyError, ValueError):
        raise not_built(dist, folder) from None
    store = Remote(url, Access(user, _password(password_file)), seconds, KINDS[kind] if kind else None,
                   query or "", target or "")
    write = not (dry_run or checking)
    try:
        done = [*loader.send(shipment, store, write, lambda line: click.echo(f"loading {line}", err=True))]
        problems = [] if dry_run else [
            *loader.differences(shipment, store, {g.graph for g in done if g.state == "same"})]
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps({"url": store.url, "store": store.kind.name,
                               "graphs": [asdict(graph) for graph in done],
                               "questions": 0 if dry_run else len(shipment.questions),
                               "problems": [str(p) for p in problems]}, indent=2))
    for graph in () if as_json else done:
        what = {"same": "is there already", "new": "would be loaded", "changed": "would be replaced"}
        became = {"new": "loaded", "changed": "replaced"}
        verb = became[graph.state] if graph.written else what[graph.state]
        click.echo(f"{graph.graph}: {graph.triples} triples, {verb}"
                   + (f" ({graph.missing} missing, {graph.extra} not published)"
                      if graph.state == "changed" else ""))
    complain(problems)
    if not dry_run and not problems:
        click.echo(f"{store.url} ({store.kind.name}) holds what was published: {len(shipment.graphs)} "
                   f"graphs, {len(shipment.questions)} questions give the expected rows", err=True)
    return 1 if problems else 0


def _password(file: Path | None) -> str:
    from .tree import read_text

    return read_text(file, str(file)).rstrip("\n") if file else os.environ.get("TREATYRDF_PASSWORD", "")
