"""Files of tables -> rows of texts, each cell with the number of its row and column.

CSV and TSV, JSON Lines and Parquet, each also gzipped. Nothing is guessed or mended: what is broken
is a problem at its row and column. Rows and columns count from 1 as in RFC 7111; a header is row 1.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from .errors import Position, Problems
from .formats import FORMATS, Dialect, Lines, read_lines, read_values

MAX_BYTES = 2**30
MAX_CELL = 2**20
"""Characters of a cell at most; a longer one is nearly always a quote that nobody closed."""
RFC7111 = "http://tools.ietf.org/rfc/rfc7111"
RFC5147 = "http://tools.ietf.org/rfc/rfc5147"

_BAD = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """A table as it stands in its file: titles of the columns, rows of texts, size and hash of the file."""

    shown: str
    titles: tuple[str, ...]
    rows: Lines
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
    reader = FORMATS.get(Path(name).suffix.lower(), read_values)
    if content is None:
        return None
    if not dialect.delimiter:
        dialect = replace(dialect, delimiter="\t" if name.lower().endswith((".tsv", ".tab")) else ",")
    found = reader(content, shown, dialect, problems)
    if found is None or len(problems.found) > before:
        return None
    titles, rows = found
    table = Table(shown, titles, rows, sha256(raw).hexdigest(), len(raw), reader is read_lines)
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
