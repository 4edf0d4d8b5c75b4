"""The data set and its questions for a Python program.

Each function takes the folder of a data set as a curator keeps it; without one it is the Treaty of
Alliance that ships with the tool.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .build import build
from .files import dataset_folder, dist_folder
from .publish import Published, publish, publish_without

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

Value = str | int | float | bool | None
"""A cell: years and counts are int, IRIs are told by their label, None where there is nothing."""


@dataclass(frozen=True)
class Ground:
    """One piece of evidence: the claim, where its source says so, works cited there, and who holds it."""

    claim: str
    says: str
    locator: str
    works: tuple[str, ...]
    claimant: str
    file: str
    line: int


@dataclass(frozen=True)
class ReplyRow:
    """One row of a reply: `row["year"]` is a cell, `row.iris["event"]` the IRI behind it, if it has one."""

    cells: Mapping[str, Value]
    iris: Mapping[str, str]
    grade: str
    assumptions: tuple[str, ...]

    def __getitem__(self, column: str) -> Value:
        """Return the cell of a column."""
        return self.cells[column]


@dataclass(frozen=True)
class Reply:
    """The answer to a question, with how firm it is, what it takes for granted and what it rests on."""

    question: str
    text: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[ReplyRow, ...]
    grade: str
    assumptions: tuple[str, ...]
    evidence: tuple[Ground, ...]


def store(folder: str | Path | None = None) -> ox.Store:
    """Return the data set as a pyoxigraph store: four named graphs.

    >>> len(store()) > 5000
    True
    """
    from .ask import open_store

    return open_store(_dump(_published(folder)))


def dataset(folder: str | Path | None = None) -> rdflib.Dataset:
    """Return the data set as an rdflib Dataset: four named graphs; the default graph is their union.

    >>> graph = dataset()
    >>> sorted(str(g.identifier).rpartition("/")[2] for g in graph.graphs() if len(g))[:3]
    ['claims', 'dataset', 'facts']
    """
    import rdflib

    published = _published(folder)
    found = rdflib.Dataset(default_union=True)
    for prefix, namespace in published.names.prefixes.items():
        found.bind(prefix, namespace)
    found.parse(data=_dump(published), format="nquads")
    return found


def questions(folder: str | Path | None = None) -> dict[str, str]:
    """Return what can be asked: each question in words by its name.

    >>> questions()["who-proposed"]
    'Who proposed the alliance, and is anyone else named?'
    """
    from .ask import read_questions

    return {q.name: q.summary for q in read_questions(_folder(folder))}


def answer_to(question: str, *, year: int | Iterable[int] | None = None, without: Iterable[str] = (),
              folder: str | Path | None = None) -> Reply:
    """Return the reply to a question, asked of some years where it takes them.

    With `without` it is the reply as it would be if those claims, facts or sources were withdrawn.
    Raises RunError when there is no such question or claim, or when it takes no year.

    >>> reply = answer_to("who-proposed")
    >>> reply.rows[0]["proposer"], reply.grade, reply.evidence[0].locator
    ('Spock', 'stated', '1.2')
    """
    from .answer import answer, known, labels, merged
    from .ask import find_question, open_store, read_questions, select, with_years
    from .sentence import sentence

    place, published = _folder(folder), _published(folder)
    asked = find_question(question, read_questions(place, chosen=published.about.header.questions))
    if year is not None:
        asked = with_years(asked, [year] if isinstance(year, int) else list(year))
    dropped = frozenset([without] if isinstance(without, str) else without)
    held = publish_without(published, place, dropped) if dropped else published
    shown = {iri: words for p in (published, held)
             for iri, words in labels(p.dataset, p.vocabulary, p.claims, p.names).items()}
    rows = select(asked, open_store(_dump(held)))
    claims = known(held.claims, held.names)
    told = merged(answer(asked, rows, claims, shown))
    # The same rows under IRIs, so that no two things with one label are taken for one.
    exact = merged(answer(asked, rows, claims, {}))
    terms = {(c, cell.value): cell for row in rows.rows
             for c, cell in zip(rows.columns, row, strict=True) if cell is not None}
    grounds = tuple(Ground(c.id, str(c.fact.words.get("says", c.id)), str(e.passage.at),
                           tuple(map(str, e.citation.works)) if e.citation else (), c.holders[-1],
                           c.fact.id.position.path, c.fact.id.position.line)
                    for c in told.grounds for e in c.evidence)
    return Reply(asked.name, asked.summary, sentence(told, claims.by_id), told.columns,
                 tuple(_row(*row, terms, shown) for row in
                       zip(exact.rows, exact.grades, exact.rests_on, strict=True)),
                 told.grade, told.assumptions, grounds)


def build_folder(folder: str | Path | None = None, out: str | Path | None = None) -> Path:
    """Write the dumps of a data set, to dist/ and its name unless `out` is given; return where they are.

    Raises DataError with every problem of the curated files, RunError when nothing can be written.
    """
    place = _folder(folder)
    target = dist_folder(place, Path(out) if out is not None else None)
    build(place, target)
    return target


def _folder(folder: str | Path | None) -> Path:
    return dataset_folder(None if folder is None else str(folder))


def _published(folder: str | Path | None) -> Published:
    """Return the data set; one that was installed is read once, one that may be edited each time."""
    place = _folder(folder)
    return _installed(place) if folder is None and place.is_absolute() else publish(place)


_installed = cache(publish)


def _dump(published: Published) -> bytes:
    from .dump import nquads

    return nquads(published.quads).encode()


def _row(row: Mapping[str, str], grade: str, rests_on: tuple[str, ...], terms: Mapping[tuple[str, str], Any],
         shown: Mapping[str, str]) -> ReplyRow:
    import pyoxigraph as ox

    found = {column: terms[column, text] if text else None for column, text in row.items()}
    return ReplyRow({column: _value(term, shown) for column, term in found.items()},
                    {column: str(term.value) for column, term in found.items()
                     if isinstance(term, ox.NamedNode)}, grade, rests_on)


def _value(term: Any, shown: Mapping[str, str]) -> Value:
    """Return the Python value of an RDF term."""
    kind = getattr(getattr(term, "datatype", None), "value", "").rpartition("#")[2]
    if kind == "boolean":
        return bool(term.value in ("true", "1"))
    if kind in ("integer", "nonNegativeInteger", "int", "long"):
        return int(term.value)
    if kind in ("decimal", "double", "float"):
        return float(term.value)
    return None if term is None else shown.get(term.value, str(term.value))
