"""A comparison as text, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from .compare import Comparison
from .edition import Change

_HEADINGS = {"claim": "claims", "silence": "claims", "bound": "bounds", "thing": "things", "state": "things",
             "passage": "sources", "citation": "sources", "answer": "answers", "question": "questions",
             "file": "files"}
_ORDER = ("claims", "bounds", "answers", "things", "sources", "data set", "questions", "files")

ROWS = 3
"""How many changed rows of an answer people are shown; programs get them all."""


def change_line(change: Change) -> str:
    """Return one change in words.

    >>> change_line(Change("claim", "signed", "certainty raised", "Possible", "Certain"))
    '~ claim signed: certainty raised, Possible -> Certain'
    >>> change_line(Change("claim", "signed", "added", new="It was signed."))
    '+ claim signed: It was signed.'
    """
    head = f"{change.sign} {change.kind} {change.name}"
    if change.what == "added":
        return f"{head}: {change.new}" if change.new else head
    if change.what == "removed":
        return head + f": {change.old}" * bool(change.old) + f"; replaced by {change.new}" * bool(change.new)
    between = f"{change.old} -> {change.new}" if change.old and change.new else change.old or change.new
    return f"{head}: {change.what}" + (f", {between}" if between else "")


def groups(found: Comparison) -> Iterator[tuple[str, list[Change]]]:
    """Yield the changes under their headings."""
    for heading in _ORDER:
        changes = [c for c in found.changes if _HEADINGS.get(c.kind, "data set") == heading]
        if changes:
            yield heading, changes


def comparison_text(found: Comparison) -> str:
    """Return what changed for a reader at a terminal."""
    if not found.changes and not (found.evolution and found.evolution.changes):
        return "nothing changed\n"
    lines = [f"{found.old.version} -> {found.new.version}: {_number(found.changes)}"]
    for heading, changes in groups(found):
        lines += [heading, *(f"  {change_line(c)}" for c in _few(changes))]
    if found.evolution and found.evolution.changes:
        lines += [_ontology(found), *(f"  {change_line(c)}" for c in found.evolution.changes)]
    return "\n".join(lines) + "\n"


def comparison_markdown(found: Comparison) -> str:
    """Return what changed as release notes."""
    lines = [f"# {found.new.version}", "", f"Since {found.old.version}: {_number(found.changes)}."]
    for heading, changes in groups(found):
        lines += ["", f"## {heading.capitalize()}", "", *map(_item, _few(changes))]
    if found.evolution and found.evolution.changes:
        lines += ["", "## Ontology", "", _ontology(found).capitalize() + ".", "",
                  *map(_item, found.evolution.changes)]
    if found.problems:
        lines += ["", "## To mend", "", *(f"- {p.code} {p.what}" for p in found.problems)]
    return "\n".join(lines) + "\n"


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return what changed for programs."""
    evolution = found.evolution
    return {
        "old": {"path": str(found.old.path), "version": found.old.version},
        "new": {"path": str(found.new.path), "version": found.new.version},
        "changes": _dicts(found.changes),
        "ontology": evolution and {"old": evolution.old, "new": evolution.new, "bump": evolution.needed,
                                   "needs": evolution.least, "enough": evolution.enough,
                                   "changes": _dicts(evolution.changes)},
        "gone": list(found.gone),
        "problems": [{"code": p.code, "problem": p.what, "remedy": p.remedy} for p in found.problems]}


def _few(changes: Iterable[Change]) -> Iterator[Change]:
    """Yield the first rows of each answer, and how many more changed; every other change."""
    for (kind, name), group in groupby(changes, key=lambda c: (c.kind, c.name)):
        found = list(group)
        shown = ROWS if kind == "answer" and len(found) > ROWS + 1 else len(found)
        yield from found[:shown]
        if found[shown:]:
            yield Change(kind, name, f"{len(found) - shown} rows more")


def _dicts(changes: Iterable[Change]) -> list[dict[str, str]]:
    return [{"kind": c.kind, "name": c.name, "change": c.what, "old": c.old, "new": c.new} for c in changes]


def _item(change: Change) -> str:
    """Return a change as an item of a list, with nothing in it that Markdown or HTML would read."""
    text = change_line(change)[2:]
    sign = {"+": "added: ", "-": "removed: "}.get(change.sign, "")
    return "- " + sign + "".join(f"\\{c}" if c in "\\`*_[]<" else " " if c == "\n" else c for c in text)


def _number(changes: tuple[Change, ...]) -> str:
    return f"{len(changes)} change{'' if len(changes) == 1 else 's'}"


def _ontology(found: Comparison) -> str:
    e = found.evolution
    assert e is not None
    return f"ontology {e.old} -> {e.new}: {_number(e.changes)}, a {e.needed} one, which needs {e.least}"
