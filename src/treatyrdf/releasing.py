"""The commands about editions that were published: compare, release, verify."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .errors import DataError, Position, Problem
from .files import dataset_folder, dist_folder
from .terminal import DATASET, JSON, checked, complain, printable


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@JSON
@click.option("--markdown", "as_markdown", is_flag=True, help="Print release notes in Markdown.")
@checked
def compare(old: Path, new: Path, as_json: bool, as_markdown: bool) -> int | None:
    """Tell what changed between two editions.

    OLD and NEW are folders of a build or release, or .nq files, compressed or not. Exit 1: an IRI is gone
    without being deprecated, or a version is not raised.

    Example: treatyrdf compare alliance-0.1.0 dist/alliance --markdown
    """
    from .changes import comparison_json, comparison_markdown, comparison_text
    from .compare import compare as compare_editions
    from .edition import read_edition

    found = compare_editions(read_edition(old), read_edition(new))
    if as_json:
        click.echo(json.dumps(comparison_json(found), ensure_ascii=False, indent=2))
    else:
        click.echo(printable((comparison_markdown if as_markdown else comparison_text)(found)), nl=False)
    complain(found.problems)
    return 1 if found.problems else 0


@click.command()
@DATASET
@click.option("--out", type=click.Path(path_type=Path), default=Path("releases"), show_default=True,
              help="Folder that gets the folder of the release.")
@click.option("--dist", type=click.Path(path_type=Path), help="Folder of the dumps.")
@checked
def release(dataset: str | None, out: Path, dist: Path | None) -> int | None:
    """Assemble a versioned folder to upload.

    The dumps must be what the data set gives now. A version is released once: another content under
    the same version is refused.

    Example: treatyrdf release my-treaty --out releases
    """
    from .build import check
    from .files import MANIFEST, list_files, not_built, read_manifest, write_folder
    from .packing import packing_of
    from .read import read_dataset
    from .release import own_files, release_files, release_name

    folder = dataset_folder(dataset)
    source = dist_folder(folder, dist)
    header = read_dataset(folder).header
    if read_manifest(source) is None:
        raise not_built(source, folder)
    manifest = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
    if problems := check(folder, source, manifest.get("base"), packing=packing_of(manifest)):
        raise DataError(problems)
    files = release_files(list_files(source), own_files(folder, header), header)
    target = out / release_name(header)
    there = list_files(target) if target.is_dir() else {}
    if there and there != files:
        raise DataError([Problem(Position(str(target)), "TRT128",
                                 f"holds another release of {header.version}, or part of one",
                                 "raise `version` in dataset.yaml, or remove the folder")])
    changed = there != files and write_folder(target, files.items())
    click.echo(f"{'wrote' if changed else 'unchanged'} {target}: {len(files)} files, "
               f"{json.loads(files[MANIFEST])['quads']} quads", err=True)
    click.echo(f"next: treatyrdf verify {target}", err=True)
    return 0


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@JSON
@checked
def verify(folder: Path, as_json: bool) -> int | None:
    """Prove that a folder holds what was published.

    It compares sums, the RDFC-1.0 hash of the dump, the counts of its graphs, gzipped twins and the
    rows of every question.

    Example: treatyrdf verify alliance-0.1.0
    """
    from .report import problems_json
    from .verify import verify_folder

    proof = verify_folder(folder)
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "ok": not proof.problems, **proof.proved,
                               "problems": problems_json(proof.problems)}, ensure_ascii=False, indent=2))
    elif not proof.problems:
        told = ", ".join(f"{value} {name}" for name, value in proof.proved.items() if isinstance(value, int))
        click.echo(f"{folder} is {proof.proved['dataset']} {proof.proved['version']} as published: {told}")
        click.echo(f"rdfc10-sha256 {proof.proved['rdfc10-sha256']}")
    complain(proof.problems)
    return 1 if proof.problems else 0
