"""Questions run on the dumped bytes; every answer row comes with the claims behind it.

A question is a `.rq` file that runs alone in any SPARQL 1.1 store. Its header lines begin with `#+`
(`#+ summary:` is the question in words). A variable whose name begins with `claim` or `silence`
is evidence: it holds the claims that the row rests on.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .content import Content
from .errors import DataError, Position, Problem, Problems, RunError, suggest
from .files import packaged
from .model import Word
from .names import LOCATOR, LONGEST, XSD
from .packing import Dump
from .tree import read_text

if TYPE_CHECKING:
    import pyoxigraph as ox

GRADES = ("stated", "reported", "inferred", "possible", "conditional", "unknown")
"""From the firmest to the weakest; an answer is as firm as its weakest claim."""

EVIDENCE = ("claim", "silence")
_HEADER = re.compile(r"^#\+\s*([a-z]+):\s*(.+)$", re.MULTILINE)
_KINDS = {XSD + "integer": "integer", XSD + "boolean": "boolean"}
_YEARS = re.compile(r"VALUES \?year \{[^{}]*\}")
_SUMMARY = re.compile(r"^#\+ summary:.*$", re.MULTILINE)
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_TOKEN = re.compile(r"<[^<>\"{}|^`\\\s]*>|\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"?"
                    r"|'(?:\\.|[^'\\\n])*'?|#[^\n]*|[?$]\w*|@[\w-]*|([\w-]++)(:[\w.-]*)?|:[\w.-]*", re.DOTALL)
"""Strings may lack their end, so that no text takes more than one pass; words are what is left over."""

MANY = 500_000
"""Statements from which a store is on the disk: each takes some 300 bytes of memory."""
_SOME = 100_000
"""Lines that are loaded at a time."""


@dataclass(frozen=True)
class Question:
    """A question in words and in SPARQL."""

    name: str
    summary: str
    headers: Mapping[str, str]
    sparql: str
    path: Path

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the words of `#+ tags: [time, states]`."""
        return tuple(filter(None, re.split(r"[\s,\[\]]+", self.headers.get("tags", ""))))


@dataclass(frozen=True)
class Rows:
    """The result of a query: variable names, and rows of RDF terms or None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the columns that are not evidence."""
        return tuple(c for c in self.columns if not c.startswith(EVIDENCE))


Move = tuple[str, str]
"""The base IRI a data set's files are written for, and the one it was built with."""


def read_questions(folder: Path, move: Move = ("", ""), chosen: Sequence[Word] = ()) -> list[Question]:
    """Return the shared questions and the data set's own, by name; its own win.

    With `chosen` only those of the shared ones are asked; raises DataError for one that is not there.
    """
    found = _questions((packaged("questions"), folder / "questions"), move)
    names, own = {q.name for q in found}, {p.stem for p in (folder / "questions").glob("*.rq")}
    problems = Problems()
    for word in chosen:
        if word not in names:
            problems.add(word.position, "TRT071", f"`{word}` is not a question", suggest(word, names))
    problems.stop()
    return [q for q in found if not chosen or q.name in chosen or q.name in own]


def read_shipped(folder: Path) -> list[Question]:
    """Return the questions that stand in a built folder, by name."""
    return _questions((folder / "questions",))


def _questions(places: Iterable[Path], move: Move = ("", "")) -> list[Question]:
    found: dict[str, Question] = {}
    for place in places:
        for path in sorted(place.glob("*.rq")) if place.is_dir() else []:
            text = _moved(read_text(path, str(path)), move)
            headers = {m[1]: m[2].strip() for m in _HEADER.finditer(text)}
            if not LOCATOR.fullmatch(path.stem) or len(path.stem) > LONGEST:
                raise DataError([Problem(Position(str(path)), "TRT021", "this name is not an id",
                                         "name the file with small letters, digits and single dashes")])
            if "summary" not in headers:
                raise DataError([Problem(Position(str(path), 1, 1), "TRT070", "has no summary",
                                         "begin with `#+ summary: the question in words`")])
            question = Question(path.stem, headers["summary"], headers, text, path)
            found[path.stem] = _like(question, found) if "like" in headers else question
    return [found[name] for name in sorted(found)]


def _like(question: Question, known: Mapping[str, Question]) -> Question:
    """Return a question that is another asked in other words, of years of its own (`#+ year:`)."""
    other = known.get(question.headers["like"])
    years = question.headers.get("year", "").split()
    if other is None or not all(_NUMBER.fullmatch(y) for y in years):
        raise DataError([Problem(Position(str(question.path), 1, 1), "TRT079", "is like no other question",
                                 "name one under `like`, and write whole numbers under `year`")])
    made = with_years(other, [int(y) for y in years]) if years else other
    summary = f"#+ summary: {question.summary}"
    return replace(made, name=question.name, summary=question.summary, path=question.path,
                   sparql=_SUMMARY.sub(lambda _: summary, made.sparql, count=1))


def _moved(text: str, move: Move) -> str:
    return text.replace(*move) if all(move) else text


def find_question(name: str, questions: Sequence[Question]) -> Question:
    """Return the question of that name, or raise RunError with the nearest names."""
    for question in questions:
        if question.name == name:
            return question
    raise RunError.of("TRT071", name, "is not a question",
                      suggest(name, [q.name for q in questions]))


def open_store(dump: Content | Dump) -> ox.Store:
    """Return a store with an N-Quads dump loaded."""
    import pyoxigraph as ox

    store = ox.Store()
    for part in dump.opened() if isinstance(dump, Dump) else (dump,):
        if isinstance(part, Path):
            store.bulk_load(path=part, format=ox.RdfFormat.N_QUADS)
        else:
            store.bulk_load(part, ox.RdfFormat.N_QUADS)
    return store


def open_for(predicates: Set[str] | None, lines: Iterable[bytes], room: Path) -> ox.Store:
    """Return a store with the lines of a dump that have predicates, None for all; many lines are in a folder.

    What queries can see (`predicates_of`) is to be known before: a store is closed when nothing names it, and their
    parser leaves frames behind that name all that is named where it is called.
    """
    import pyoxigraph as ox

    names = None if predicates is None else {term.encode() for term in predicates}
    seen = (line for line in lines if names is None or line.split(b" ", 2)[1] in names)
    few = [*islice(seen, MANY + 1)]
    store = ox.Store(room) if len(few) > MANY else ox.Store()
    rest = chain(few, seen)
    while some := b"".join(islice(rest, _SOME)):
        store.bulk_load(some, ox.RdfFormat.N_QUADS)
    return store


def has_word(sparql: str, word: str) -> bool:
    """Tell whether a query uses a keyword (in capitals), not counting texts, IRIs, names and comments.

    >>> has_word('SELECT ("SERVICE" AS ?service) { }', "SERVICE")
    False
    """
    return any(m[1] and not m[2] and m[1].upper() == word for m in _TOKEN.finditer(sparql))


def run(sparql: str, store: ox.Store, shown: str, union: bool = False) -> Any:
    """Return the raw result of a query; raises DataError when it is not SPARQL 1.1."""
    if has_word(sparql, "SERVICE"):
        raise DataError([Problem(Position(shown), "TRT073", "SERVICE asks another machine",
                                 "query the dump alone")])
    try:
        return store.query(sparql, use_default_graph_as_union=union)
    except SyntaxError as error:
        here = Position(shown, error.lineno or 0, error.offset or 0)
        raise DataError([Problem(here, "TRT072", f"not SPARQL: {error.msg}",
                                 "mend the query")]) from None


def with_years(question: Question, years: Sequence[int]) -> Question:
    """Return a question that has `#+ parameter: year` asked of some years.

    Only whole numbers get into the query, in its VALUES line.
    """
    if question.headers.get("parameter") != "year":
        raise RunError.of("TRT078", question.name, "takes no year",
                          "ask `in-force`, or leave --year out")
    values = f"VALUES ?year {{ {' '.join(str(int(y)) for y in years)} }}"
    return replace(question, sparql=_YEARS.sub(values, question.sparql))


def select(question: Question, store: ox.Store) -> Rows:
    """Return the rows of a question."""
    import pyoxigraph as ox

    result = run(question.sparql, store, str(question.path))
    if not isinstance(result, ox.QuerySolutions):
        raise DataError([Problem(Position(str(question.path)), "TRT074", "is not a SELECT",
                                 "ask with SELECT, so that the answer has rows")])
    columns = tuple(v.value for v in result.variables)
    return Rows(columns, tuple(tuple(row[c] for c in columns) for row in result))


def answer_csv(question: Question, store: ox.Store) -> str:
    """Return the rows as SPARQL 1.1 CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/)."""
    return rows_csv(select(question, store))


def rows_csv(rows: Rows) -> str:
    """Return rows as SPARQL 1.1 CSV."""
    return csv_text(rows.columns, [[plain(cell) for cell in row] for row in rows.rows])


def column_kinds(rows: Rows) -> list[tuple[str, str]]:
    """Return each column with the kind of its values: iri, integer, boolean, else string."""
    return [(name, _kind([row[n] for row in rows.rows if row[n] is not None]))
            for n, name in enumerate(rows.columns)]


def _kind(cells: Sequence[Any]) -> str:
    kinds = {_KINDS.get(cell.datatype.value, "string") if hasattr(cell, "datatype") else "iri"
             for cell in cells}
    return kinds.pop() if len(kinds) == 1 else "string"


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV text with LF line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()


def plain(cell: Any) -> str:
    """Return the text of an RDF term: its IRI or lexical form, empty for none."""
    return "" if cell is None else str(cell.value)


def expected_rows(question: Question, folder: Path) -> Path:
    """Return where the expected rows of a question stand for a data set."""
    return folder / "answers" / f"{question.name}.csv"


def check_answers(questions: Sequence[Question], folder: Path, store: ox.Store,
                  move: Move = ("", "")) -> list[Problem]:
    """Return every question whose rows are not the expected ones."""
    problems = []
    for question in questions:
        path = expected_rows(question, folder)
        if not path.is_file():
            problems.append(Problem(Position(str(path)), "TRT075", "expected rows are missing",
                                    f"check `treatyrdf ask {question.name} --csv` and save it here"))
            continue
        wanted = _moved(read_text(path, str(path)), move)
        found = answer_csv(question, store)
        if wanted != found:
            lost = sorted(set(wanted.splitlines()) - set(found.splitlines()))
            new = sorted(set(found.splitlines()) - set(wanted.splitlines()))
            what = "; ".join([*(f"expected {line}" for line in lost[:3]),
                              *(f"got {line}" for line in new[:3])]) or "the order differs"
            problems.append(Problem(Position(str(path)), "TRT076", what,
                                    f"see `treatyrdf ask {question.name}`"))
    return problems
