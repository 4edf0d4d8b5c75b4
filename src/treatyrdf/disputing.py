"""The command that lists conflicts, and fails when there are open or new ones."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .errors import RunError
from .files import dataset_folder, dist_folder, read_dump
from .names import parts_of
from .terminal import DATASET, JSON, checked, printable, tables_options

if TYPE_CHECKING:
    from .conflicts import Conflict
    from .gather import Tables
    from .publish import Published

COLUMNS = ("conflict", "kind", "status", "days", "new", "claim", "value", "says", "source", "locator", "file", "line")


@click.command()
@DATASET
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, one row for each claim.")
@click.option("--fail-on", type=click.Choice(["open", "new"]), help="Exit 1 when there is an open or a new conflict.")
@click.option("--since", type=click.Path(path_type=Path),
              help="Built folder whose conflicts are not new; default: the one of this data set.")
@tables_options
@checked
def conflicts(dataset: str | None, as_json: bool, as_csv: bool, fail_on: str | None, since: Path | None,
              tables: Tables) -> int | None:
    """List claims that cannot all hold.

    Example: treatyrdf conflicts datasets/alliance --fail-on new
    """
    from .publish import publish

    folder = dataset_folder(dataset)
    published = publish(folder, tables=tables)
    known = _known(since or dist_folder(folder, None), required=since is not None)
    found = published.conflicts
    fresh = {c.key for c in found if any((c.key, claim.id) not in known for claim in c.claims)}
    if as_json:
        click.echo(json.dumps([_value(c, c.key in fresh) for c in found], ensure_ascii=False, indent=2))
    elif as_csv:
        from .ask import csv_text

        rows = [row for c in found for row in _rows(c, c.key in fresh)]
        click.echo(csv_text(COLUMNS, [[str(row[n]) for n in COLUMNS] for row in rows]), nl=False)
    else:
        _print(found, fresh)
    _summary(published, fresh)
    failing = {"open": [c for c in found if c.open], "new": [c for c in found if c.key in fresh], None: []}[fail_on]
    return 1 if failing else 0


def _known(dist: Path, required: bool) -> set[tuple[str, str]]:
    """Return the conflicts of a built folder, each by its key with each of its claims."""
    found = read_dump(dist)
    if found is None:
        if required:
            raise RunError.of("TRT096", dist, "holds no built data set", "name the folder of a build")
        return set()
    dump, mark = found[0], f"<{found[1]}conflict/".encode()
    try:
        told = [line.decode().split(" ", 3) for line in dump.lines()
                if line.startswith(mark) and b"#disputes> " in line]
        return {(s[len(mark):-1], o.rpartition("/claim/")[2][:-1]) for s, _, o, _ in told}
    except ValueError:
        raise RunError.of("TRT096", dist, "holds a dump that is not N-Quads", "build it again") from None


def _value(conflict: Conflict, new: bool) -> dict[str, Any]:
    return {"conflict": conflict.key, "label": conflict.label, "kind": conflict.kind, "status": conflict.status,
            "days": conflict.days, "new": new, "because": conflict.because, "prefers": list(conflict.preferred),
            "claims": [{name: row[name] for name in COLUMNS[5:]} for row in _rows(conflict, new)]}


def _rows(conflict: Conflict, new: bool) -> list[dict[str, Any]]:
    return [{"conflict": conflict.key, "kind": conflict.kind, "status": conflict.status,
             "days": "" if conflict.days is None else conflict.days, "new": "new" if new else "",
             "claim": c.id, "value": _value_of(str(c.object)), "says": str(c.fact.words.get("says", c.id)),
             "source": " ".join(e.passage.source for e in c.evidence),
             "locator": " ".join(str(e.passage.at) for e in c.evidence),
             "file": c.fact.id.position.path, "line": c.fact.id.position.line} for c in conflict.claims]


def _value_of(term: str) -> str:
    return parts_of(term)[0] if term.startswith('"') else term.rpartition("/")[2].rpartition("#")[2].rstrip(">")


def _print(found: tuple[Conflict, ...], fresh: set[str]) -> None:
    for c in found:
        apart = "" if c.days is None else f", {c.days} day{'' if c.days == 1 else 's'} apart"
        click.echo(printable(f"{c.label} ({_words(c.kind)}, {_words(c.status).split()[0]}{apart})"
                             + (" new" if c.key in fresh else "")))
        for row in _rows(c, False):
            mark = "*" if row["claim"] in c.preferred else "-"
            click.echo(printable(f"  {mark} {row['value']}  [{row['source']} {row['locator']}]"))
        if c.because:
            click.echo(printable(f"    {c.because}"))


def _summary(published: Published, fresh: set[str]) -> None:
    """Say on stderr how many conflicts there are of each kind, and how sources agree."""
    from .pairs import OUTCOMES, compared

    counts = Counter((c.kind, c.status) for c in published.conflicts)
    for (kind, status), count in sorted(counts.items()):
        click.echo(f"{count} {_words(kind)}, {_words(status).split()[0]}", err=True)
    names = published.names
    kinds = {names.thing(t.id): str(t.type) for t in published.dataset.things.values()}
    for pair in compared(published.claims, kinds):
        told = ", ".join(f"{n} {word}" for n, word in zip(pair.counts, OUTCOMES, strict=True) if n)
        click.echo(f"{pair.one} and {pair.other} on {pair.events}: {sum(pair.counts)} dated by both: {told}", err=True)
    click.echo(f"{len(published.conflicts)} conflicts, {len(fresh)} of them new", err=True)


def _words(name: str) -> str:
    """Return the words of a term's name.

    >>> _words("DifferentDates")
    'different dates'
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
