"""What became of every cell of the tables: counts that must add up, and what was left to people.

Every cell is one of: used (in a fact or a label), a key, null, ignored, remarked, unused (no rule wanted it
in that row), or a link beyond the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LEFT, NULL, BEYOND, IGNORED, KEY, USED, REMARKED = range(7)
"""What a cell may be; when it is several, the highest counts."""
KINDS: Mapping[str, int] = {"used": USED, "key": KEY, "null": NULL, "ignored": IGNORED, "remarked": REMARKED,
                            "unused": LEFT, "beyond": BEYOND}


@dataclass(frozen=True, order=True)
class Remark:
    """A cell that no rule could turn into a value: where it stands, its text, and what to do."""

    table: str
    file: str
    row: int
    column: int
    title: str
    code: str
    text: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the one line a curator reads."""
        return f"{self.file}:{self.row}:{self.column}: {self.code} {self.what}; {self.remedy}"


@dataclass(frozen=True)
class Account:
    """What became of the cells of one column."""

    table: str
    column: int
    title: str
    counts: Mapping[str, int]
    """The number of cells by the names of KINDS."""


@dataclass(frozen=True)
class Ledger:
    """What became of the cells of all tables, in the order of the mapping."""

    rows: Mapping[str, int] = field(default_factory=dict)
    """The rows that were read of each table, its header not counted."""
    accounts: tuple[Account, ...] = ()
    remarks: tuple[Remark, ...] = ()
    limit: int | None = None

    @property
    def balanced(self) -> bool:
        """Tell whether the cells of every column add up to the rows of its table."""
        return all(sum(a.counts.values()) == self.rows[a.table] for a in self.accounts)

    @property
    def totals(self) -> dict[str, dict[str, int]]:
        """Return the counts of each table."""
        found: dict[str, dict[str, int]] = {table: dict.fromkeys(KINDS, 0) for table in self.rows}
        for account in self.accounts:
            for kind, count in account.counts.items():
                found[account.table][kind] += count
        return found


class Marks:
    """What became of each cell of one table, while its rows are read."""

    def __init__(self, rows: int, columns: int) -> None:
        """Begin with every cell left."""
        self.columns = columns
        self.cells = bytearray(rows * columns)

    def mark(self, row: int, column: int, what: int) -> None:
        """Say what a cell is, unless it is more already; row and column count from 0."""
        place = row * self.columns + column
        if self.cells[place] < what:
            self.cells[place] = what

    def left(self, row: int, column: int) -> bool:
        """Tell whether nothing was said of a cell."""
        return self.cells[row * self.columns + column] == LEFT

    def accounts(self, table: str, titles: Sequence[str]) -> Iterable[Account]:
        """Yield the account of each column."""
        for n, title in enumerate(titles):
            cells = self.cells[n::self.columns]
            yield Account(table, n + 1, title, {kind: cells.count(what) for kind, what in KINDS.items()})


LEDGER_COLUMNS = ("table", "column", "title", "rows", *KINDS)
REMARK_COLUMNS = ("table", "file", "row", "column", "title", "code", "text", "what", "remedy")


def ledger_rows(ledger: Ledger) -> Iterable[tuple[str, ...]]:
    """Yield the rows of ledger.csv: one for each column of each table."""
    for a in ledger.accounts:
        yield (a.table, str(a.column), a.title, str(ledger.rows[a.table]),
               *(str(a.counts[kind]) for kind in KINDS))


def remark_rows(ledger: Ledger) -> Iterable[tuple[str, ...]]:
    """Yield the rows of remarks.csv: every remark, none left out."""
    for r in ledger.remarks:
        yield tuple(str(getattr(r, name)) for name in REMARK_COLUMNS)
