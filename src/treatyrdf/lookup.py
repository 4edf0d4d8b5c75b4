"""The commands that look into what was built: ask, query, explain."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .errors import RunError
from .files import dataset_folder, dist_folder
from .terminal import JSON, OF, OUT, checked, complain, show_rows, tables_options

if TYPE_CHECKING:
    from .gather import Tables
    from .publish import Published


def _dump(folder: Path, out: Path | None) -> tuple[bytes, str]:
    """Return the N-Quads of a built data set, and the base IRI it was built with."""
    from .files import not_built, read_dump

    dist = dist_folder(folder, out)
    found = read_dump(dist)
    if found is None:
        raise not_built(dist, folder)
    return found[0].whole(), found[1]


def built_dump(folder: Path, out: Path | None, tables: Tables) -> tuple[bytes, Published]:
    """Return a built dump with the curated files it came from; refuse one that is out of date."""
    from .content import lines_of
    from .dump import fingerprint, nquad_lines
    from .publish import publish

    dump, base = _dump(folder, out)
    published = publish(folder, base, tables=tables)
    made = (line.encode() for n in range(published.count) for line in nquad_lines(published.part(n)))
    if fingerprint(made) != fingerprint(lines_of(dump)):
        raise RunError.of("TRT095", dist_folder(folder, out), "is not what the curated files give",
                          f"run `treatyrdf build {folder}` again")
    return dump, published


@click.command()
@click.argument("name", required=False)
@OF
@OUT
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, evidence columns included.")
@click.option("--all", "every", is_flag=True, help="Ask every question.")
@click.option("--check", "checking", is_flag=True, help="Compare with the expected rows.")
@click.option("--year", "years", multiple=True, type=int, help="Ask of this year. May be given again.")
@click.option("--without", multiple=True, metavar="CLAIM",
              help="What if a claim, fact or source is withdrawn? May be given again.")
@tables_options
@checked
def ask(name: str | None, dataset: str | None, out: Path | None, as_json: bool, as_csv: bool,
        every: bool, checking: bool, years: tuple[int, ...],
        without: tuple[str, ...], tables: Tables) -> int | None:
    """Answer questions with their evidence.

    With no NAME it lists the questions.

    Example: treatyrdf ask who-proposed
    """
    from . import ask as asking
    from .answer import answer, answer_json, change_json, known, labels, merged
    from .dump import nquads
    from .publish import publish_without
    from .sentence import row_json, sentence, temporal_json

    folder = dataset_folder(dataset)
    dump, published = built_dump(folder, out, tables)
    move = (published.about.header.base, published.names.base)
    questions = asking.read_questions(folder, move, published.about.header.questions)
    if name is None and not every and not checking:
        listed = [{"question": q.name, "text": q.summary} for q in questions]
        show_rows(["question", "text"], listed, as_json, as_csv)
        return 0
    chosen = questions if name is None else [asking.find_question(name, questions)]
    if years:
        chosen = [asking.with_years(q, years) for q in chosen]
    built = asking.open_store(dump)
    held, store = published, built
    if without:
        held = publish_without(published, folder, frozenset(without), tables)
        store = asking.open_store(nquads(held.quads).encode())
    if checking:
        problems = asking.check_answers(chosen, folder, store, move)
        complain(problems)
        click.echo(f"{len(chosen) - len(problems)} of {len(chosen)} questions give the "
                   "expected rows", err=True)
        return 1 if problems else 0
    if as_csv:
        for question in chosen:
            click.echo(asking.answer_csv(question, store), nl=False)
        return 0
    shown = labels(published.dataset, published.vocabulary, published.claims, published.names)
    shown |= labels(held.dataset, held.vocabulary, held.claims, held.names)
    claims = known(held.claims, held.names)
    answers = [merged(answer(q, asking.select(q, store), claims, shown)) for q in chosen]
    before = answers
    if without:
        whole = known(published.claims, published.names)
        before = [merged(answer(q, asking.select(q, built), whole, shown)) for q in chosen]
    if as_json:
        values = []
        for given, old in zip(answers, before, strict=True):
            value = answer_json(given)
            value["rows"] = [row | row_json(given, row) for row in value["rows"]]
            value |= temporal_json(given, claims.by_id)
            values.append(value | (change_json(old, given) if without else {}))
        click.echo(json.dumps(values if every else values[0], ensure_ascii=False, indent=2))
        return 0
    from .show import show_answer, show_change

    for given, old in zip(answers, before, strict=True):
        show_answer(given, published.names, shown, sentence(given, claims.by_id))
        if without:
            show_change(old, given, sorted(without))
    return 0


@click.command()
@OF
@JSON
@tables_options
@checked
def assumptions(dataset: str | None, as_json: bool, tables: Tables) -> int | None:
    """List what is assumed, and what rests on it.

    Example: treatyrdf assumptions
    """
    from .publish import publish

    claims = publish(dataset_folder(dataset), tables=tables).claims
    rows = [{"assumption": c.id, "says": str(c.fact.words.get("says", c.id)),
             "rests on it": " ".join(o.id for o in claims if c.id in o.rests_on)}
            for c in claims if "Assumption" in c.kinds]
    show_rows(["assumption", "says", "rests on it"], rows, as_json)
    return 0


@click.command()
@OF
@click.option("--svg", "as_svg", is_flag=True, help="Print a picture instead.")
@tables_options
@checked
def timeline(dataset: str | None, as_svg: bool, tables: Tables) -> int | None:
    """Draw events and states on a line of years.

    Example: treatyrdf timeline --svg > timeline.svg
    """
    from .chart import svg
    from .publish import publish
    from .timeline import rows, text

    held = publish(dataset_folder(dataset), tables=tables)
    chart = rows(held.claims, held.dataset, held.vocabulary, held.names)
    width = min(shutil.get_terminal_size((100, 24)).columns, 160)
    click.echo(svg(chart, str(held.dataset.header.title)) if as_svg else text(chart, width), nl=False)
    return 0


@click.command()
@click.argument("file", type=click.Path())
@click.argument("data", nargs=-1, type=click.Path(path_type=Path))
@OF
@OUT
@click.option("--format", "style", default="table", show_default=True,
              type=click.Choice(["table", "json", "csv", "tsv", "turtle"]))
@checked
def query(file: str, data: tuple[Path, ...], dataset: str | None, out: Path | None,
          style: str) -> int | None:
    """Run a SPARQL query on a dump or on files.

    FILE holds the query; - is standard input. DATA are RDF files to query instead of the dump.

    Example: echo 'SELECT * { ?s ?p ?o } LIMIT 5' | treatyrdf query -
    """
    from .query import load, run_query

    text = sys.stdin.read() if file == "-" else _query_text(Path(file))
    store = load(data) if data else load((), _dump(dataset_folder(dataset), out)[0])
    if os.name == "posix":
        # A long query runs outside Python, where only the default handler can end it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    result = run_query(text, store, "<stdin>" if file == "-" else file, style)
    if isinstance(result, str):
        click.echo(result, nl=not result.endswith("\n"))
    else:
        show_rows(list(result.columns), result.dicts(), False, False)
    return 0


def _query_text(path: Path) -> str:
    from .tree import read_text

    return read_text(path, str(path))


@click.command()
@click.argument("what")
@OF
@JSON
@tables_options
@checked
def explain(what: str, dataset: str | None, as_json: bool, tables: Tables) -> int | None:
    """Trace what is published to its source.

    WHAT is a thing, a claim, a number such as F016, or a triple.

    Example: treatyrdf explain spock-proposes-alliance
    """
    from .explain import explain_json, explain_text, find_claims
    from .publish import publish

    published = publish(dataset_folder(dataset), tables=tables)
    by_id = {c.id: c for c in published.claims}
    found = find_claims(what, published.claims, published.names)
    if as_json:
        values = [explain_json(c, by_id, published.names) for c in found]
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(explain_text(c, by_id, published.names) for c in found))
    return 0
