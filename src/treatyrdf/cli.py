"""The command line: parse, call, print, exit code; nothing else."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from . import __version__
from .errors import DataError, Problem, RunError, TreatyError, suggest
from .names import is_iri

DEFAULT = "alliance"


class Group(click.Group):
    """A group that says what was probably meant, and exits 2 on any wrong usage."""

    def resolve_command(self, ctx: click.Context,
                        args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, or fail with the nearest name."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f"there is no command `{args[0]}`; {suggest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


def checked(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn refusals into messages on stderr and an exit code."""
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            code = command(*args, **options)
        except TreatyError as error:
            complain(error.problems)
            code = error.exit_code
        except KeyboardInterrupt:
            click.echo("interrupted; nothing was changed", err=True)
            code = 130
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        raise SystemExit(code or 0)
    return wrapped


def complain(problems: Iterable[Problem]) -> None:
    """Print problems, and how many there are when there are several."""
    problems = list(problems)
    for problem in problems:
        click.echo(_printable(str(problem)), err=True)
    if len(problems) > 1:
        click.echo(f"{len(problems)} problems", err=True)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)


def _folder(dataset: str | None) -> Path:
    """Return the folder of a data set: a path, or the Treaty of Alliance when none is named."""
    from .files import packaged

    if dataset is not None:
        return Path(dataset)
    here = Path("datasets") / DEFAULT
    return here if (here / "dataset.yaml").is_file() else packaged("datasets") / DEFAULT


def _dist(folder: Path, out: Path | None) -> Path:
    return out or Path("dist") / folder.resolve().name


def _base(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not (is_iri(value) and value.endswith("/")):
        raise click.BadParameter("write an http(s) IRI that ends in a slash")
    return value


def _dump(folder: Path, out: Path | None) -> bytes:
    """Return the N-Quads of a built data set."""
    from .read import read_dataset

    dist = _dist(folder, out)
    path = dist / f"{read_dataset(folder).header.id}.nq"
    if not path.is_file():
        raise RunError.of("TRT096", path, "is not there", f"run `treatyrdf build {folder}` first")
    return path.read_bytes()


DATASET = click.argument("dataset", required=False, type=click.Path())
OF = click.option("--dataset", "dataset", type=click.Path(), help="Folder of the data set.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder of the dumps.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
BASE = click.option("--base", callback=_base, help="Base IRI instead of the data set's own.")


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
    """Build a data set's dumps, the Treaty of Alliance when none is named.

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
    """Check a data set without writing anything.

    Example: treatyrdf validate datasets/alliance --format sarif
    """
    from .build import check_shapes, count_problems, publish, report_problems
    from .report import problems_json, problems_sarif

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
    return 1 if problems else 0


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
    """Answer a canon question with its evidence; list the questions when none is named.

    Example: treatyrdf ask who-proposed
    """
    from . import ask as asking
    from .answer import answer, answer_json

    folder = _folder(dataset)
    questions = asking.read_questions(folder)
    if checking:
        problems = asking.check_answers(folder, asking.open_store(_dump(folder, out)))
        complain(problems)
        click.echo(f"{len(questions) - len(problems)} of {len(questions)} questions give the "
                   "expected rows", err=True)
        return 1 if problems else 0
    if name is None and not every:
        listed = [{"question": q.name, "text": q.summary} for q in questions]
        _rows(["question", "text"], listed, as_json, as_csv)
        return 0
    chosen = questions if every else [asking.find_question(str(name), questions)]
    store = asking.open_store(_dump(folder, out))
    if as_csv:
        for question in chosen:
            click.echo(asking.answer_csv(question, store), nl=False)
        return 0
    claims, labels = _known(folder)
    answers = [answer(q, asking.select(q, store), claims, labels) for q in chosen]
    if as_json:
        values = [answer_json(a) for a in answers]
        click.echo(json.dumps(values if every else values[0], ensure_ascii=False, indent=2))
        return 0
    from .show import show_answer

    for given in answers:
        show_answer(given, labels)
    return 0


def _known(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the claims of a data set and the labels of all its things, by IRI."""
    from .build import publish
    from .provenance import claim_term

    published = publish(folder)
    names = published.names
    claims = {claim_term(c, names)[1:-1]: c for c in published.claims}
    labels = {t.iri: t.label for t in (
        *published.vocabulary.classes.values(), *published.vocabulary.properties.values(),
        *(t for s in published.vocabulary.schemes.values() for t in s.values()))}
    labels |= {names.thing(t.id)[1:-1]: str(t.label) for t in published.dataset.things.values()}
    labels |= {names.thing(s.id)[1:-1]: str(s.label) for s in published.dataset.sources.values()}
    labels |= {iri: str(c.fact.words.get("says", c.id)) for iri, c in claims.items()}
    return claims, labels


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
    """Run any SPARQL query (a file, or - for standard input) on the dump or on given files.

    Example: echo 'SELECT * { ?s ?p ?o } LIMIT 5' | treatyrdf query -
    """
    from .query import load, run_query

    text = sys.stdin.read() if file == "-" else _query_text(Path(file))
    store = load(data) if data else load((), _dump(_folder(dataset), out))
    if os.name == "posix":
        # A long query runs outside Python, where only the default handler can end it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    result = run_query(text, store, "<stdin>" if file == "-" else file, style)
    if isinstance(result, str):
        click.echo(result, nl=not result.endswith("\n"))
    else:
        _rows(list(result.columns), result.dicts(), False, False)
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
    """Show the evidence of a thing, a claim, a number or a triple, back to the curator's line.

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
    """Check the passages of the sources, and what is said of each."""


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
        _rows(["passage", "claims", "silences", "ids"], rows, False, False)
    done = sum(c.accounted for c in covered)
    bare = [c.id for c in published.claims if not c.evidence]
    holes = [g for s in published.dataset.sources.values() for g in gaps(s)]
    click.echo(f"{done} of {len(covered)} passages accounted for; {len(bare)} claims without a "
               f"passage; {len(holes)} gaps between passages", err=True)
    return 0 if done == len(covered) and not bare and not holes else 1


@main.command()
@click.argument("name", type=click.Choice(["dataset", "sources", "things", "claims"]),
                default="claims")
@checked
def schema(name: str) -> int | None:
    """Print the JSON Schema of a curated file, made from the ontology.

    Example: treatyrdf schema claims > claims.schema.json
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
    """Make a small working data set of a real treaty, to change into your own.

    Example: treatyrdf new my-treaty
    """
    from .new import make_dataset

    make_dataset(folder)
    click.echo(f"made {folder}; next: treatyrdf build {folder}", err=True)
    return 0


def _rows(columns: list[str], rows: list[dict[str, str]], as_json: bool, as_csv: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif as_csv:
        from .ask import csv_text

        click.echo(csv_text(columns, [[row[c] for c in columns] for row in rows]), nl=False)
    else:
        from .show import show_table

        show_table(columns, rows)
