"""The command line: parse, call, print, exit code; nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import __version__
from .apart import apart
from .disputing import conflicts
from .errors import DataError, Problem, RunError, suggest
from .files import dataset_folder, dist_folder
from .loading import load
from .lookup import ask, assumptions, explain, query, timeline
from .mapper import map_tables
from .online import serve
from .releasing import compare, release, verify
from .terminal import (
    BASE,
    COMPRESS,
    DATASET,
    JSON,
    OF,
    OUT,
    SPLIT,
    VALIDATOR,
    Group,
    checked,
    complain,
    engine_options,
    show_ledger,
    show_rows,
    tables_options,
)

if TYPE_CHECKING:
    from .gather import Tables
    from .parts import Engine


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="treatyrdf")
def main() -> None:
    """Publish cited facts about treaties as linked data, with evidence for every statement."""


@main.command()
@apart
@checked
@DATASET
@OUT
@BASE
@click.option("--check", "checking", is_flag=True, help="Only compare; exit 1 on a difference.")
@VALIDATOR
@tables_options
@engine_options
@COMPRESS
@SPLIT
def build(dataset: str | None, out: Path | None, base: str | None, checking: bool, validator: str | None,
          tables: Tables, engine: Engine, compress: str, split: int) -> int | None:
    """Build the dumps of a data set.

    With no DATASET it is the Treaty of Alliance.

    Example: treatyrdf build datasets/alliance --out dist/alliance
    """
    from .build import build as build_dataset
    from .build import check
    from .packing import Packing

    folder, packing = dataset_folder(dataset), Packing(compress, split)
    target = dist_folder(folder, out)
    if checking:
        problems = check(folder, target, base, tables, validator, engine, packing)
        complain(problems)
        if not problems:
            click.echo(f"{target} is what {folder} gives", err=True)
        return 1 if problems else 0
    changed = build_dataset(folder, target, base, tables, validator, engine, packing)
    manifest = json.loads((target / "MANIFEST.json").read_text(encoding="utf-8"))
    click.echo(f"{'wrote' if changed else 'unchanged'} {target}: {manifest['quads']} quads in "
               f"{len(manifest['files'])} files, valid against the shapes", err=True)
    show_ledger(target)
    if tables.limit is not None:
        click.echo(f"a trial: the first {tables.limit} rows of each table only", err=True)
    page = target / "site" / "index.html"
    click.echo("next: " + (f"open {page}, or " if page.is_file() else "") + "treatyrdf ask"
               + (f" --dataset {folder}" if dataset else ""), err=True)
    return 0


@main.command()
@apart
@checked
@DATASET
@click.option("--format", "style", type=click.Choice(["text", "json", "sarif"]), default="text")
@VALIDATOR
@tables_options
def validate(dataset: str | None, style: str, validator: str | None, tables: Tables) -> int | None:
    """Check a data set, writing nothing.

    Example: treatyrdf validate datasets/alliance --format sarif
    """
    from .findings import check_shapes, count_problems, report_problems
    from .publish import publish
    from .report import problems_json, problems_sarif
    from .results import WARNING

    folder = dataset_folder(dataset)
    problems: list[Problem] = []
    try:
        published = publish(folder, tables=tables)
        report = check_shapes(published, validator=validator)
        problems = [*report_problems(published, report), *count_problems(published, report)]
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

    known = read_dataset(dataset_folder(dataset)).sources
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
    from .coverage import coverage, gaps
    from .publish import publish

    published = publish(dataset_folder(dataset))
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


for command in (ask, assumptions, compare, conflicts, explain, load, map_tables, query, release, serve, timeline,
                verify):
    main.add_command(command)
