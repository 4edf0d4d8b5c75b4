"""The bytes of a table's file -> its titles and rows: separated values, JSON Lines, Parquet."""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .errors import Position, Problems

JOINT = " | "
"""What stands between the values of a nested list."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Line = tuple[int, list[str]]
"""The number of a row and its cells."""


@dataclass(frozen=True)
class Lines:
    """The rows of a table, read from the bytes of its file whenever they are wanted."""

    read: Callable[[], Iterator[Line]]
    count: int

    def __iter__(self) -> Iterator[Line]:
        """Yield all rows."""
        return self.read()

    def __len__(self) -> int:
        """Return how many there are."""
        return self.count


@dataclass(frozen=True)
class Dialect:
    """How a file of values is written; the names are those of CSVW."""

    delimiter: str = ""
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True


Found = tuple[tuple[str, ...], Lines]
"""The titles of a table and its rows."""


def _decodes(content: bytes, encoding: str, shown: str, problems: Problems) -> bool:
    """Tell whether a file is text; single bytes of another encoding become signs that are found later."""
    mark = next((name for sign, name in _MARKS if content.startswith(sign)), "")
    try:
        wanted = codecs.lookup(encoding).name
        if mark and mark != "utf-8" and not wanted.startswith(mark):
            problems.add(Position(shown), "TRT142", f"begins with the mark of {mark}, not {encoding}",
                         f"write `dialect: {{encoding: {mark}}}`")
            return False
        content.decode(encoding, errors="surrogateescape")
    except LookupError:
        problems.add(Position(shown), "TRT142", f"nobody knows the encoding `{encoding}`",
                     "write one such as utf-8, utf-16, latin-1 or cp1252")
        return False
    except UnicodeError as error:
        problems.add(Position(shown), "TRT142", f"byte {getattr(error, 'start', 0) + 1} is not {encoding}",
                     "write the right `encoding` in `dialect`")
        return False
    return True


def _opened(content: bytes, encoding: str, newline: str) -> Iterator[str]:
    """Yield the lines of a file with their ends."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding, "surrogateescape", newline)
    yield next(text, "").removeprefix("\ufeff")
    yield from text


def read_values(content: bytes, shown: str, dialect: Dialect, problems: Problems) -> Found | None:
    """Return the cells of a file of separated values."""
    if not _decodes(content, dialect.encoding, shown, problems):
        return None
    csv.field_size_limit(sys.maxsize)
    first, last, line, number = list[str](), 0, 1, 0
    reader = _values(content, dialect)
    try:
        for number, cells in enumerate(reader, 1):
            first = cells if number == 1 else first
            last = number if cells else last
            line = reader.line_num + 1
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        problems.add(Position(shown, number + 1), "TRT143", f"the row of line {line} has "
                     + ("a quote that is never closed" if unclosed else f"broken quotes: {error}"),
                     "double each quote inside a quoted cell, or mend `quoteChar` in `dialect`")
        return None
    if not last:
        problems.add(Position(shown), "TRT145", "the table is empty", "give a file with a header and rows")
        return None
    header = int(dialect.header)
    rows = Lines(lambda: islice(enumerate(_values(content, dialect), 1), header, last), last - header)
    return tuple(cell.strip() if header else "" for cell in first), rows


def _values(content: bytes, dialect: Dialect) -> Any:
    """Return what reads the rows of a file of separated values."""
    return csv.reader(_opened(content, dialect.encoding, ""), delimiter=dialect.delimiter, strict=True,
                      quotechar=dialect.quote or None,
                      quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE)


def read_lines(content: bytes, shown: str, dialect: Dialect, problems: Problems) -> Found | None:
    """Return the values of JSON Lines: keys are columns in the order in which they first appear."""
    if not _decodes(content, dialect.encoding, shown, problems):
        return None
    before = len(problems.found)
    titles: dict[str, None] = {}
    count = 0
    for number, line in _filled(content, dialect.encoding):
        try:
            cells = _cells(line)
        except (ValueError, RecursionError) as error:
            what = "too deep" if isinstance(error, RecursionError) else getattr(error, "msg", str(error))
            problems.add(Position(shown, number, getattr(error, "colno", 0)), "TRT143",
                         f"the line is not JSON: {what}", "write one JSON object a line")
            continue
        if cells is None:
            problems.add(Position(shown, number), "TRT143", "the line is not an object",
                         "write one JSON object a line: {\"column\": value}")
            continue
        titles.update(dict.fromkeys(cells))
        count += 1
    if not titles and len(problems.found) == before:
        problems.add(Position(shown), "TRT145", "the table is empty", "give a file with lines")

    def rows() -> Iterator[Line]:
        for number, line in _filled(content, dialect.encoding):
            cells = _cells(line) or {}
            yield number, [cells.get(title, "") for title in titles]

    return tuple(titles), Lines(rows, count)


def _filled(content: bytes, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, each with its number."""
    for number, line in enumerate(_opened(content, encoding, "\n"), 1):
        if line.strip():
            yield number, line.rstrip("\n")


def _cells(line: str) -> dict[str, str] | None:
    """Return the texts of a line of JSON by their keys, None when it is no object; ValueError when it is not JSON."""
    value = json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object)
    return {key: plain_text(cell) for key, cell in value.items()} if isinstance(value, dict) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; a key that stands twice would lose a value, so it raises ValueError."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key `{key[:60]}` stands twice")
        found[key] = value
    return found


def read_parquet(content: bytes, shown: str, _dialect: Dialect, problems: Problems) -> Found | None:
    """Return the values of a Parquet file, numbered as if it were CSV with a header."""
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        problems.add(Position(shown), "TRT142", "the package pyarrow, which reads Parquet, is missing",
                     "install `treatyrdf[parquet]`, or write the table as CSV")
        return None
    try:
        table = parquet.read_table(io.BytesIO(content))
    except pyarrow.ArrowException as error:
        problems.add(Position(shown), "TRT142", f"is not Parquet: {str(error).splitlines()[0]}",
                     "get a whole copy of the file")
        return None
    count = table.num_rows if table.column_names else 0
    return tuple(table.column_names), Lines(lambda: enumerate(_batched(table), 2), count)


def _batched(table: Any) -> Iterator[list[str]]:
    """Yield the rows of a Parquet table as texts."""
    for batch in table.to_batches(max_chunksize=1000):
        columns = [[plain_text(value) for value in column.to_pylist()] for column in batch.columns]
        yield from map(list, zip(*columns, strict=True))


FORMATS: Mapping[str, Callable[[bytes, str, Dialect, Problems], Found | None]] = {
    ".jsonl": read_lines, ".ndjson": read_lines, ".parquet": read_parquet}
"""What reads a file, by the end of its name; all others hold separated values."""


def plain_text(value: Any) -> str:
    """Return the text of a value: nothing is empty, a list is joined, an object stays JSON.

    >>> plain_text([1, True, None]), plain_text({"a": 1}), plain_text(None)
    ('1 | true | ', '{"a": 1}', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return JOINT.join(plain_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
