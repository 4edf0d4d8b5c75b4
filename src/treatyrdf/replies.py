"""Canon questions with their answers, as a site shows them: in words, in a few words, and in rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .answer import Answer, Known, answer, merged
from .ask import Question, Rows
from .model import Claim
from .sentence import sentence

MOST_LINES, MOST_CELLS, MOST_SPOKEN = 100, 400, 60
"""Rows that a reply keeps, cells and claims that they show in all, and rows that are put in words."""
BEHIND = 5
"""Claims behind a row that are shown."""


@dataclass(frozen=True)
class Cell:
    """One cell of an answer: its text, and the term it is, for one that has a page."""

    text: str
    term: str = ""


@dataclass(frozen=True)
class Line:
    """One row of an answer: cells, grade, the claims behind it and what it takes for granted."""

    cells: tuple[Cell, ...]
    grade: str
    claims: tuple[Claim, ...]
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """A canon question with its answer in words and in rows, of which only the first are kept."""

    question: Question
    sentence: str
    brief: str
    """The answer in a few words: the columns of `#+ brief:`, or the first, or that nobody knows."""
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int
    """Rows that are not kept."""
    grade: str
    assumptions: tuple[str, ...]
    grounds: tuple[Claim, ...]


def reply(question: Question, rows: Rows, claims: Known, shown: Mapping[str, str],
          called: Mapping[str, str]) -> tuple[Reply, dict[str, None]]:
    """Return a reply, and the ids of all claims behind it; `shown` are labels by IRI, `called` by term."""
    told = merged(answer(question, rows, claims, shown))
    # The same rows under IRIs, so that no two things with one label are taken for one.
    exact = merged(answer(question, rows, claims, {}))
    terms = {(c, str(cell.value)): cell for row in rows.rows
             for c, cell in zip(rows.columns, row, strict=True) if cell is not None}
    lines = [Line(tuple(_cell(terms.get((c, row[c])), called) for c in exact.columns), grade, found, needs)
             for row, grade, found, needs in _rows(exact)]
    kept = tuple(_first(lines))
    spoken = sentence(told, claims.by_id) if len(told.rows) <= MOST_SPOKEN else ""
    return (Reply(question, spoken, _brief(question, exact.columns, lines), exact.columns, kept,
                  len(lines) - len(kept), told.grade, told.assumptions, told.grounds),
            dict.fromkeys(c.id for group in exact.claims for c in group))


def _rows(given: Answer) -> Iterator[tuple[Mapping[str, str], str, tuple[Claim, ...], tuple[str, ...]]]:
    return zip(given.rows, given.grades, given.claims, given.rests_on, strict=True)


def _first(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the first lines, as many as a page has room for."""
    cells = 0
    for number, line in enumerate(lines):
        cells += len(line.cells) + min(BEHIND, len(line.claims))
        if number == MOST_LINES or (number and cells > MOST_CELLS):
            return
        yield line


def _cell(term: Any, called: Mapping[str, str]) -> Cell:
    if term is None:
        return Cell("")
    text = str(term.value)
    return Cell(text) if hasattr(term, "datatype") else Cell(called.get(f"<{text}>", text), f"<{text}>")


def _brief(question: Question, columns: tuple[str, ...], lines: Iterable[Line]) -> str:
    """Return an answer in a few words; of several columns the rows are grouped by the first."""
    headers = question.headers
    if not lines:
        return str(headers.get("empty", "Nothing in the data answers this."))
    if not columns:
        return _few(str(c.fact.words.get("says", c.id)) for line in lines for c in line.claims)
    wanted = [c for c in headers.get("brief", headers.get("value", "")).split() if c in columns]
    first, *rest = (columns.index(c) for c in wanted or columns[:1])
    if not rest:
        return _few(line.cells[first].text for line in lines)
    groups: dict[str, list[str]] = {}
    for line in lines:
        groups.setdefault(line.cells[first].text, []).extend(line.cells[n].text for n in rest)
    return _few(f"{word}: {_few(found, ', ')}" for word, found in groups.items())


def _few(texts: Iterable[str], between: str = "; ") -> str:
    """Return the first texts, each once, and how many are left."""
    found = [text.rstrip(".") for text in dict.fromkeys(texts) if text]
    return between.join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
