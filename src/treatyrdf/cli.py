"""The command line: parse, call, print, exit code; nothing else."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import __version__
from .errors import DataError, Problem, RunError, suggest
from .terminal import BASE, DATASET, JSON, OF, OUT, Group, checked, complain, show_rows

if TYPE_CHECKING:
    from .build import Published


def _folder(dataset: str | None) -> Path:
    from .files import dataset_folder

    return dataset_folder(dataset)


def _dist(folder: Path, out: Path | None) -> Path:
    return out or Path("dist") / folder.resolve().name


def _dump(folder: Path, out: Path | None) -> tuple[bytes, str]:
    """Return the N-Quads of a built data set, and the base IRI it was built with."""
    from .files import read_file
    from .read import read_dataset

    dist = _dist(folder, out)
    try:
        base = json.loads(read_file(dist / "MANIFEST.json"))["base"]
        return read_file(dist / f"{read_dataset(folder).header.id}.nq"), str(base)
    except (FileNotFoundError, ValueError, KeyError):
        raise RunError.of("TRT096", dist, "holds no built data set",
                          f"run `treatyrdf build {folder}` first") from None


def _built(folder: Path, out: Path | None) -> tuple[bytes, Published]:
    """Return a built dump with the curated files it came from; refuse one that is out of date."""
    from .build import publish
    from .dump import nquads

    dump, base = _dump(folder, out)
    published = publish(folder, base)
    if nquads(published.quads).encode() != dump:
        raise RunError.of("TRT095", _dist(folder, out), "is not what the curated files give",
                          f"run `treatyrdf build {folder}` again")
    return dump, published


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="treatyrdf")
def main() -> None:
    """Publish cited facts about treaties as linked data, with evidence for every statement."""


@main.command()
@DATASET
@OUT
@BASE
@click.option("--check", "checking", is_flag=True, help="Only compare; exit 1 on a difference.")
@checked
def build(dataset: str | None, out: Path | None, base: str | None, checking: bool) -> int | None:
    """Build the dumps of a data set.

    With no DATASET it is the Treaty of Alliance.

    Example: treatyrdf build datasets/alliance --out dist/alliance
    """
    from .build import build as build_dataset
    from .build import check

    folder = _folder(dataset)
    target = _dist(folder, out)
    if checking:
        problems = check(folder, target, base)
        complain(problems)
        if not problems:
            click.echo(f"{target} is what {folder} gives", err=True)
        return 1 if problems else 0
    changed = build_dataset(folder, target, base)
    manifest = json.loads((target / "MANIFEST.json").read_text(encoding="utf-8"))
    click.echo(f"{'wrote' if changed else 'unchanged'} {target}: {manifest['quads']} quads in "
               f"{len(manifest['files'])} files, valid against the shapes", err=True)
    click.echo("next: treatyrdf ask" + (f" --dataset {folder}" if dataset else ""), err=True)
    return 0


@main.command()
@DATASET
@click.option("--format", "style", type=click.Choice(["text", "json", "sarif"]), default="text")
@checked
def validate(dataset: str | None, style: str) -> int | None:
    """Check a data set, writing nothing.

    Example: treatyrdf validate datasets/alliance --format sarif
    """
    from .build import check_shapes, count_problems, publish, report_problems
    from .report import problems_json, problems_sarif
    from .validate import WARNING

    folder = _folder(dataset)
    problems: list[Problem] = []
    try:
        published = publish(folder)
        report = check_shapes(published)
        problems = [*report_problems(published, report), *count_problems(published)]
    except DataError as error:
        problems = list(error.problems)
    if style == "text":
        complain(problems)
        if not problems:
            click.echo(f"{folder}: {len(published.claims)} claims and silences, "
                       f"{len(published.quads)} quads, valid", err=True)
    else:
        shape = {"json": problems_json, "sarif": problems_sarif}[style]
        click.echo(json.dumps(shape(problems), ensure_ascii=False, indent=2))
    return 1 if any(p.code != WARNING for p in problems) else 0


@main.command()
@click.argument("name", required=False)
@OF
@OUT
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, evidence columns included.")
@click.option("--all", "every", is_flag=True, help="Ask every question.")
@click.option("--check", "checking", is_flag=True, help="Compare with the expected rows.")
@checked
def ask(name: str | None, dataset: str | None, out: Path | None, as_json: bool, as_csv: bool,
        every: bool, checking: bool) -> int | None:
    """Answer questions with their evidence.

    With no NAME it lists the questions.

    Example: treatyrdf ask who-proposed
    """
    from . import ask as asking
    from .answer import answer, answer_json, labels

    folder = _folder(dataset)
    dump, published = _built(folder, out)
    move = (published.dataset.header.base, published.names.base)
    questions = asking.read_questions(folder, move)
    if name is None and not every and not checking:
        listed = [{"question": q.name, "text": q.summary} for q in questions]
        show_rows(["question", "text"], listed, as_json, as_csv)
        return 0
    chosen = questions if name is None else [asking.find_question(name, questions)]
    store = asking.open_store(dump)
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
    answers = [answer(q, asking.select(q, store), published.claims, published.names, shown)
               for q in chosen]
    if as_json:
        values = [answer_json(a) for a in answers]
        click.echo(json.dumps(values if every else values[0], ensure_ascii=False, indent=2))
        return 0
    from .show import show_answer

    for given in answers:
        show_answer(given, published.names, shown)
    return 0


@main.command()
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
    store = load(data) if data else load((), _dump(_folder(dataset), out)[0])
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


@main.command()
@click.argument("what")
@OF
@JSON
@checked
def explain(what: str, dataset: str | None, as_json: bool) -> int | None:
    """Trace what is published to its source.

    WHAT is a thing, a claim, a number such as F016, or a triple.

    Example: treatyrdf explain spock-proposes-alliance
    """
    from .build import publish
    from .explain import explain_json, explain_text, find_claims

    published = publish(_folder(dataset))
    by_id = {c.id: c for c in published.claims}
    found = find_claims(what, published.claims, published.names)
    if as_json:
        values = [explain_json(c, by_id, published.names) for c in found]
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(explain_text(c, by_id, published.names) for c in found))
    return 0


@main.group(cls=Group)
def sources() -> None:
    """Check passages and their coverage."""


@sources.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", help="Id of the source, when there are several.")
@OF
@checked
def sources_check(file: Path, source: str | None, dataset: str | None) -> int | None:
    """Prove that each passage is where it was in your own copy of a source.

    Example: treatyrdf sources check treaty-of-alliance.txt
    """
    from .coverage import check_source
    from .read import read_dataset
    from .tree import read_text

    known = read_dataset(_folder(dataset)).sources
    wanted = source or (next(iter(known)) if len(known) == 1 else "")
    if wanted not in known:
        raise RunError.of("TRT052", wanted or "--source", "is not a source of the data set",
                          suggest(wanted, known))
    problems = check_source(known[wanted], read_text(file, str(file)), str(file))
    complain(problems)
    total = len(known[wanted].passages)
    lost = sum(p.code == "TRT051" for p in problems)
    click.echo(f"{total - lost} of {total} passages are where they were", err=True)
    return 1 if problems else 0


@sources.command("coverage")
@OF
@JSON
@checked
def sources_coverage(dataset: str | None, as_json: bool) -> int | None:
    """Show each passage with its claims, and passages without any.

    Example: treatyrdf sources coverage --json
    """
    from .build import publish
    from .coverage import coverage, gaps

    published = publish(_folder(dataset))
    covered = coverage(published.dataset, published.claims)
    rows = [{"source": str(c.passage.source), "passage": str(c.passage.at),
             "claims": str(len(c.claims)), "silences": str(len(c.silences)),
             "ids": " ".join((*c.claims, *c.silences))} for c in covered]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    else:
        show_rows(["passage", "claims", "silences", "ids"], rows, False, False)
    done = sum(c.accounted for c in covered)
    bare = [c.id for c in published.claims if not c.evidence]
    holes = [g for s in published.dataset.sources.values() for g in gaps(s)]
    click.echo(f"{done} of {len(covered)} passages accounted for; {len(bare)} claims without a "
               f"passage; {len(holes)} gaps between passages", err=True)
    return 0 if done == len(covered) and not bare and not holes else 1


@main.command()
@click.argument("name", type=click.Choice(["dataset", "facts"]), default="facts")
@checked
def schema(name: str) -> int | None:
    """Print a JSON Schema for editors.

    `dataset` is for dataset.yaml, `facts` for all other files.

    Example: treatyrdf schema facts > facts.schema.json
    """
    from .files import ontology_files
    from .schema import json_schemas
    from .vocabulary import read_vocabulary

    made = json_schemas(read_vocabulary(ontology_files()))[name]
    click.echo(json.dumps(made, ensure_ascii=False, indent=2))
    return 0


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@checked
def new(folder: Path) -> int | None:
    """Make a small data set to start from.

    It is a real treaty that builds and answers at once; change it into your own.

    Example: treatyrdf new my-treaty
    """
    from .new import make_dataset

    make_dataset(folder)
    click.echo(f"made {folder}; next: treatyrdf build {folder}", err=True)
    return 0
