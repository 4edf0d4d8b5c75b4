"""Files of tables -> rows of texts, each cell with the number of its row and column.

CSV and TSV, JSON Lines and Parquet, each also gzipped. Nothing is guessed or mended: what is broken
is a problem at its row and column. Rows and columns count from 1 as in RFC 7111; a header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from .errors import Position, Problems

MAX_BYTES = 2**30
MAX_CELL = 2**20
"""Characters of a cell at most; a longer one is nearly always a quote that nobody closed."""
RFC7111 = "http://tools.ietf.org/rfc/rfc7111"
RFC5147 = "http://tools.ietf.org/rfc/rfc5147"
JOINT = " | "
"""What stands between the values of a nested list."""

_BAD = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

Line = tuple[int, list[str]]
"""The number of a row and its cells."""


@dataclass(frozen=True)
class Dialect:
    """How a file of values is written; the names are those of CSVW."""

    delimiter: str = ""
    quote: str = '"'
    encoding: str = "utf-8"
    header: bool = True


@dataclass(frozen=True)
class Table:
    """A table as it stands in its file: titles of the columns, rows of texts, size and hash of the file."""

    shown: str
    titles: tuple[str, ...]
    rows: tuple[Line, ...]
    sha256: str
    bytes: int
    lines: bool = False
    """Rows are lines without a header, as in JSON Lines."""

    def position(self, row: int, column: int = 0) -> Position:
        """Return the place of a cell."""
        return Position(self.shown, row, column)

    def fragment(self, row: int, column: int) -> tuple[str, str]:
        """Return the fragment identifier of a cell and the standard that it conforms to.

        A line of JSON is addressed by RFC 5147, which knows no columns.
        """
        return (f"line={row - 1},{row}", RFC5147) if self.lines else (f"cell={row},{column}", RFC7111)


def read_table(path: Path, shown: str, dialect: Dialect, problems: Problems) -> Table | None:
    """Return a table, or None with every problem of the file noted at its row and column."""
    before = len(problems.found)
    try:
        if not path.is_file():
            raise FileNotFoundError
        raw = path.read_bytes()
    except OSError as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else (error.strerror or "").lower()
        problems.add(Position(shown), "TRT140", f"the table {why or 'cannot be read'}",
                     "say where the tables are with `--tables DIR`, or mend `file`")
        return None
    content = _unpacked(raw, path.name.endswith(".gz"), shown, problems)
    name = path.name.removesuffix(".gz")
    reader = _FORMATS.get(Path(name).suffix.lower(), _read_values)
    if content is None:
        return None
    if not dialect.delimiter:
        dialect = replace(dialect, delimiter="\t" if name.lower().endswith((".tsv", ".tab")) else ",")
    found = reader(content, shown, dialect, problems)
    if found is None or len(problems.found) > before:
        return None
    titles, rows = found
    table = Table(shown, titles, tuple(rows), sha256(raw).hexdigest(), len(raw), reader is _read_lines)
    _check(table, problems)
    return table if len(problems.found) == before else None


def _unpacked(raw: bytes, packed: bool, shown: str, problems: Problems) -> bytes | None:
    """Return the bytes of a file without their compression."""
    if not packed and len(raw) <= MAX_BYTES:
        return raw
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as stream:
            content = stream.read(MAX_BYTES + 1) if packed else raw
    except (OSError, EOFError, zlib.error) as error:
        cut = isinstance(error, EOFError)
        problems.add(Position(shown), "TRT142", "the gzipped file is cut off" if cut else "is not gzip",
                     "get a whole copy of the file")
        return None
    if len(content) > MAX_BYTES:
        problems.add(Position(shown), "TRT142", f"holds more than {MAX_BYTES} bytes",
                     "split the table into several")
        return None
    return content


def _text(content: bytes, encoding: str, shown: str, problems: Problems) -> str | None:
    """Return the text of a file; bytes of another encoding become signs that `_check` finds."""
    mark = next((name for sign, name in _MARKS if content.startswith(sign)), "")
    try:
        wanted = codecs.lookup(encoding).name
        if mark and mark != "utf-8" and not wanted.startswith(mark):
            problems.add(Position(shown), "TRT142", f"begins with the mark of {mark}, not {encoding}",
                         f"write `dialect: {{encoding: {mark}}}`")
            return None
        text = content.decode(encoding, errors="surrogateescape")
    except LookupError:
        problems.add(Position(shown), "TRT142", f"nobody knows the encoding `{encoding}`",
                     "write one such as utf-8, utf-16, latin-1 or cp1252")
        return None
    except UnicodeError as error:
        problems.add(Position(shown), "TRT142", f"byte {getattr(error, 'start', 0) + 1} is not {encoding}",
                     "write the right `encoding` in `dialect`")
        return None
    return text.removeprefix("\ufeff")


# --- the formats --------------------------------------------------------------------------------

Found = tuple[tuple[str, ...], Iterable[Line]]


def _read_values(content: bytes, shown: str, dialect: Dialect, problems: Problems) -> Found | None:
    """Return the cells of a file of separated values."""
    text = _text(content, dialect.encoding, shown, problems)
    if text is None:
        return None
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter,
                        quotechar=dialect.quote or None, strict=True,
                        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE)
    rows: list[Line] = []
    pool: dict[str, str] = {}
    line = 1
    try:
        for number, cells in enumerate(reader, 1):
            rows.append((number, [pool.setdefault(cell, cell) for cell in cells]))
            line = reader.line_num + 1
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        problems.add(Position(shown, len(rows) + 1), "TRT143", f"the row of line {line} has "
                     + ("a quote that is never closed" if unclosed else f"broken quotes: {error}"),
                     "double each quote inside a quoted cell, or mend `quoteChar` in `dialect`")
        return None
    while rows and not rows[-1][1]:
        rows.pop()
    if not rows:
        problems.add(Position(shown), "TRT145", "the table is empty", "give a file with a header and rows")
        return None
    if dialect.header:
        return tuple(cell.strip() for cell in rows[0][1]), rows[1:]
    return tuple("" for _ in rows[0][1]), rows


def _read_lines(content: bytes, shown: str, dialect: Dialect, problems: Problems) -> Found | None:
    """Return the values of JSON Lines: keys are columns in the order in which they first appear."""
    text = _text(content, dialect.encoding, shown, problems)
    if text is None:
        return None
    before = len(problems.found)
    titles: dict[str, None] = {}
    rows: list[tuple[int, dict[str, str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object)
            cells = {key: plain_text(cell) for key, cell in value.items()} if isinstance(value, dict) else None
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
        rows.append((number, cells))
    if not titles and len(problems.found) == before:
        problems.add(Position(shown), "TRT145", "the table is empty", "give a file with lines")
    return tuple(titles), ((n, [row.get(title, "") for title in titles]) for n, row in rows)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; a key that stands twice would lose a value, so it raises ValueError."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key `{key[:60]}` stands twice")
        found[key] = value
    return found


def _read_parquet(content: bytes, shown: str, _dialect: Dialect, problems: Problems) -> Found | None:
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
    columns = [[plain_text(value) for value in column.to_pylist()] for column in table.columns]
    return tuple(table.column_names), ((n, list(row)) for n, row in enumerate(zip(*columns, strict=True), 2))


_FORMATS: Mapping[str, Callable[[bytes, str, Dialect, Problems], Found | None]] = {
    ".jsonl": _read_lines, ".ndjson": _read_lines, ".parquet": _read_parquet}


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


# --- checks that all formats share --------------------------------------------------------------


def _check(table: Table, problems: Problems) -> None:
    """Note titles that stand twice, rows of another length, and cells that nothing can publish."""
    first: dict[str, int] = {}
    for column, title in enumerate(table.titles, 1):
        if title and title in first:
            problems.add(table.position(1, column), "TRT145", f"the header `{title[:60]}` stands twice, first "
                         f"in column {first[title]}", "give each column a title of its own")
        first.setdefault(title, column)
    width = len(table.titles)
    for row, cells in ((1, table.titles), *table.rows):
        if len(cells) != width:
            problems.add(table.position(row, min(len(cells), width) + 1), "TRT143",
                         f"the row has {len(cells)} cells, the header {width}",
                         "look for a separator too many or too few, or a quote")
        for column, what in _bad_cells(cells):
            problems.add(table.position(row, column), "TRT144", what, "mend the cell, or the `encoding`")


def _bad_cells(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(cells, 1):
        if len(cell) > MAX_CELL:
            yield column, f"the cell has {len(cell)} signs, more than {MAX_CELL}"
        if not cell.isascii() or "\0" in cell:
            bad = _BAD.search(cell)
            if bad:
                code = ord(bad[0])
                yield column, (f"the byte 0x{code - 0xDC00:02X} is not of the encoding"
                               if 0xDC80 <= code <= 0xDCFF else f"the sign U+{code:04X} cannot be published")


def column_titles(titles: Sequence[str]) -> tuple[str, ...]:
    """Return titles of which none is empty: an empty one is `_col.N`, as in CSVW.

    >>> column_titles(["", "name"])
    ('_col.1', 'name')
    """
    return tuple(title or f"_col.{n}" for n, title in enumerate(titles, 1))
