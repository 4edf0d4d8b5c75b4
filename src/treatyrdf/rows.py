"""Which rows the answers to questions lost and gained between two editions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .ask import Question, open_store, plain, read_questions, select
from .edition import Change, Edition

if TYPE_CHECKING:
    import pyoxigraph as ox

Cells = tuple[tuple[str, str], ...]
"""Columns and their values."""


def row_changes(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield what each answer lost and gained; an edition without questions is asked those of the other."""
    if old.quads == new.quads and _sparql(old) == _sparql(new):
        return
    shared = old.questions or new.questions or {q.name: q for q in read_questions(old.path)}
    before, after = (e.questions or shared for e in (old, new))
    stores = [open_store(e.quads) for e in (old, new)]
    for name in sorted({*before, *after}):
        if name not in after:
            yield Change("question", name, "removed", old=before[name].summary)
        elif name not in before:
            yield Change("question", name, "added", new=after[name].summary)
        else:
            was, now = (_rows(q[name], s) for q, s in zip((before, after), stores, strict=True))
            lost, gained = sorted((was - now).elements()), sorted((now - was).elements())
            yield from _pairs(name, lost, gained, old, new)


def _pairs(name: str, lost: list[Cells], gained: list[Cells], old: Edition, new: Edition) -> Iterator[Change]:
    """Yield rows lost and gained; two that differ in few cells are told as one that changed."""
    for row in lost:
        nearest = max(gained, key=lambda other: len({*row} & {*other}), default=())
        same = [cell for cell in row if cell in nearest]
        if not gained or 2 * len(same) < len(row):
            yield Change("answer", name, "row lost", old=_told(row, old))
            continue
        gained.remove(nearest)
        was, now = ([c for c in cells if c not in same] for cells in (row, nearest))
        alike = _told(was, old) == _told(now, new)  # two things with one label
        yield Change("answer", name, _told(same, new) or "row changed",
                     _told(was, old, alike), _told(now, new, alike))
    for row in gained:
        yield Change("answer", name, "row gained", new=_told(row, new))


def _sparql(edition: Edition) -> dict[str, str]:
    return {name: question.sparql for name, question in edition.questions.items()}


def _rows(question: Question, store: ox.Store) -> Counter[Cells]:
    """Return the rows of a question without its columns of evidence."""
    rows = select(question, store)
    return Counter(tuple((c, plain(cell)) for c, cell in zip(rows.columns, row, strict=True)
                         if c in rows.shown) for row in rows.rows)


def _told(cells: Iterable[tuple[str, str]], edition: Edition, by_name: bool = False) -> str:
    """Return cells in words, IRIs by their labels or names."""
    say = edition.short if by_name else edition.label
    return "; ".join(f"{column} {say(f'<{value}>') if value.startswith('http') else value}"
                     for column, value in cells if value)
