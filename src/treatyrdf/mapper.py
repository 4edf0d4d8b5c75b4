"""The command that proposes a first mapping from a look at tables."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from .errors import DataError, Problems, RunError
from .terminal import checked

HEADER = """\
id: {id}
base: https://example.org/{id}/
title: {id}
description: Say what the tables hold, who made them and when.
language: en
version: 0.1.0
issued: 2000-01-01
licence: https://creativecommons.org/licenses/by/4.0/
creator: say who publishes this
realm: real-world
# Classes of things that the tables have none of.
absent: [{absent}]
"""
_TRIAL = 200
"""Rows of each table that are read to see of which classes there are none."""


@click.command("map")
@click.argument("tables", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), help="File to write instead of printing.")
@click.option("--new", "folder", type=click.Path(path_type=Path), help="Make a data set in this folder.")
@checked
def map_tables(tables: tuple[Path, ...], out: Path | None, folder: Path | None) -> int | None:
    """Propose a mapping for tables.

    It says which column is the key, how dates are spelt, what stands for nothing, and which columns lead
    to rows of other tables, each with its counts. It builds as it stands; edit it.

    Example: treatyrdf map agreements.csv members.csv --new my-agreements
    """
    from .propose import mapping_yaml
    from .survey import survey

    places = {os.path.dirname(os.path.abspath(path)) for path in tables}
    if folder is not None and len(places) > 1:
        raise RunError.of("TRT151", tables[-1], "lies in another folder than the first table",
                          "put all tables of a data set into one folder")
    problems = Problems()
    text = mapping_yaml(survey(tables, problems))
    problems.stop()
    if folder is None and out is None:
        click.echo(text, nl=False)
    elif folder is None and out is not None:
        _write(out, text)
        click.echo(f"wrote {out}; edit it, then put it into the folder of a data set", err=True)
    elif folder is not None:
        _make(folder, text, tables[0].parent)
        click.echo(f"made {folder}; next: edit {folder / 'tables.yaml'}, then\n"
                   f"treatyrdf build {folder} --tables {tables[0].parent} --limit {_TRIAL}", err=True)
    return 0


def _make(folder: Path, text: str, tables: Path) -> None:
    """Write a data set that builds; the classes that are not there are found by a trial."""
    from .findings import check_shapes
    from .gather import Tables
    from .publish import publish

    if folder.exists() and any(folder.iterdir()):
        raise RunError.of("TRT092", folder, "is not empty", "name a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "tables"
    _write(folder / "tables.yaml", text)
    _write(folder / "dataset.yaml", HEADER.format(id=name, absent=""))
    try:
        report = check_shapes(publish(folder, tables=Tables(tables, _TRIAL)))
    except DataError:
        return  # the mapping wants an editor first; the build will say what
    absent = sorted({m[1] for f in report.findings if f.code == "TRT063"
                     and (m := re.match(r"the data have no (\w+),", f.value))})
    _write(folder / "dataset.yaml", HEADER.format(id=name, absent=", ".join(absent)))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RunError.of("TRT094", path, (error.strerror or "cannot be written").lower(),
                          "name another place") from None
