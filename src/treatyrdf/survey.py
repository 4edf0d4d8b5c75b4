"""Tables -> what their columns look like: keys, missing values, dates and their spellings, links.

Only what the cells show is said, each with its counts; what decides nothing is left to people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path

from .errors import Problems
from .formats import Dialect
from .spelling import Spelling, parse_spelling
from .tabular import Table, column_titles, read_table

MISSING = frozenset({"", "NA", "N/A", "n/a", "NULL", "null", "None", "-", "--", "?", "unknown", "Unknown",
                     "0000-00-00", "00.00.0000"})
"""Texts that tables write where they have nothing to say."""
_NO_END = re.compile(r"9999(-\d\d){0,2}|\d\d[./]\d\d[./]9999")
SPELLINGS = tuple(map(parse_spelling, ("yyyy-MM-dd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy", "d/M/yyyy",
                                       "M/d/yyyy", "d MMMM yyyy", "MMMM d, yyyy", "yyyyMMdd", "yyyy-MM", "yyyy")))
_SEPARATORS = (" | ", "|", "; ", ";", ", ")
_NUMBERED = re.compile(r"([A-Za-z][A-Za-z_. ]*[-_# ]?)?0*([0-9]+)")
_SHARE = 0.8


@dataclass(frozen=True)
class Seen:
    """What the cells of one column show."""

    title: str
    rows: int
    counts: Mapping[str, int]
    """How often each text stands there, missing values too."""

    @cached_property
    def missing(self) -> dict[str, int]:
        """Return the texts that stand for nothing, with their counts; the empty one is left out."""
        return {t: n for t, n in sorted(self.counts.items()) if t and (t in MISSING or _NO_END.fullmatch(t))}

    @cached_property
    def values(self) -> dict[str, int]:
        """Return the texts that say something, with their counts."""
        return {t: n for t, n in self.counts.items() if t not in MISSING and not _NO_END.fullmatch(t)}

    @property
    def filled(self) -> int:
        """Return the number of cells that say something."""
        return sum(self.values.values())

    @property
    def unique(self) -> bool:
        """Tell whether every row has a value of its own."""
        return len(self.values) == self.filled == self.rows

    @cached_property
    def dates(self) -> tuple[tuple[Spelling, int], ...]:
        """Return the spellings that read most of the values as dates, with how many; none when few are dates.

        Of two spellings that differ in the order of day and month only, both come when nothing decides.
        """
        values = self.values
        counts = {s: sum(n for t, n in values.items() if s.read(t)) for s in SPELLINGS}
        best = max(counts.values(), default=0)
        rest, chosen = dict(values), list[tuple[Spelling, int]]()
        for spelling in sorted(counts, key=lambda s: -counts[s]):
            read = {t: n for t, n in rest.items() if spelling.read(t)}
            twin = any(counts[s] == counts[spelling] and s.pattern[:1] != spelling.pattern[:1]
                       and sorted(s.pattern) == sorted(spelling.pattern) for s, _ in chosen)
            if read or (twin and counts[spelling] == best):
                chosen.append((spelling, counts[spelling]))
                rest = {t: n for t, n in rest.items() if t not in read}
        years = bool(chosen) and chosen[0][0].pattern in ("yyyy", "yyyyMMdd")
        dated = self.filled - sum(rest.values())
        worded = re.search(r"year|date|sign|force|since|until|begin|end", self.title, re.IGNORECASE)
        return tuple(chosen) if self.filled and dated >= _SHARE * self.filled and (worded or not years) else ()

    @cached_property
    def separators(self) -> tuple[str, ...]:
        """Return the signs that join several numbered ids in one cell."""
        return tuple(s for s in _SEPARATORS if any(
            s in t and all(_NUMBERED.fullmatch(p.strip()) for p in t.split(s)) for t in self.values))

    def parts(self) -> Counter[str]:
        """Return the values, those of lists one by one."""
        cut = re.compile("|".join(map(re.escape, self.separators))) if self.separators else None
        found: Counter[str] = Counter()
        for text, count in self.values.items():
            for part in cut.split(text) if cut else [text]:
                found[part.strip()] += count
        return found


@dataclass(frozen=True)
class Link:
    """A column whose values are keys of a table: which, what to match, how many of how many values meet."""

    title: str
    table: str
    match: str
    meeting: int
    values: int


@dataclass(frozen=True)
class Surveyed:
    """A table with what its columns show, the columns that tell its rows apart, and its links."""

    name: str
    table: Table
    columns: tuple[Seen, ...]
    key: tuple[str, ...]
    links: tuple[Link, ...] = ()

    def column(self, title: str) -> Seen:
        """Return a column by its title."""
        return next(c for c in self.columns if c.title == title)


def survey(paths: Sequence[Path], problems: Problems) -> list[Surveyed]:
    """Return what tables look like, in their order; those that cannot be read are noted as problems."""
    read = [(path, table) for path in paths if (table := read_table(path, str(path), Dialect(), problems))]
    plain = [_survey(path, table) for path, table in read]
    return [Surveyed(s.name, s.table, s.columns, s.key, tuple(_links(s, plain))) for s in plain]


def _survey(path: Path, table: Table) -> Surveyed:
    titles = column_titles(table.titles)
    rows = [cells for _, cells in table.rows]
    cells = [[row[n].strip() for row in rows] for n in range(len(titles))]
    columns = tuple(Seen(title, len(table.rows), Counter(texts)) for title, texts in zip(titles, cells, strict=True))
    name = re.sub(r"[^a-z0-9]+", "-", path.name.lower().partition(".")[0]).strip("-") or "table"
    return Surveyed(name, table, columns, _key(columns, cells))


def _key(columns: Sequence[Seen], cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the one or two columns that tell the rows apart, the first that do; none if there are none."""
    for column in columns:
        if column.unique and not column.dates:
            return (column.title,)
    whole = [n for n, c in enumerate(columns) if c.filled == c.rows and not c.dates and len(c.values) > 1]
    for one, other in combinations(whole[:12], 2):
        if len(set(zip(cells[one], cells[other], strict=True))) == columns[one].rows:
            return columns[one].title, columns[other].title
    return ()


def numbered(texts: Iterable[str]) -> tuple[str, set[str]]:
    """Return the letters before the numbers of ids, if most have the same, and the numbers.

    >>> numbered(["GENG-0012", "GENG-7"])[0], sorted(numbered(["GENG-0012", "GENG-7"])[1])
    ('GENG-', ['12', '7'])
    """
    found: dict[str, set[str]] = {}
    total = 0
    for text in texts:
        total += 1
        match = _NUMBERED.fullmatch(text)
        if match:
            found.setdefault(match[1] or "", set()).add(match[2])
    prefix = max(found, key=lambda p: (len(found[p]), p), default="")
    return (prefix, found[prefix]) if found and len(found[prefix]) * 2 >= total else ("", set())


def _links(surveyed: Surveyed, others: Sequence[Surveyed]) -> Iterable[Link]:
    """Yield the columns of a table that lead to rows of tables with a key of one column."""
    for other in others:
        if len(other.key) != 1:
            continue
        key = other.column(other.key[0])
        key_prefix, key_numbers = numbered(key.values)
        for column in surveyed.columns:
            if column is key or column.dates or not column.filled:
                continue
            link = _link(column, other, key, key_prefix, key_numbers)
            if link:
                yield link


def _link(column: Seen, other: Surveyed, key: Seen, key_prefix: str, key_numbers: set[str]) -> Link | None:
    parts = column.parts()
    total = sum(parts.values())
    if not key_numbers:
        meeting = sum(n for t, n in parts.items() if t in key.values)
        return Link(column.title, other.name, "", meeting, total) if meeting >= _SHARE * total else None
    prefix, _ = numbered(parts)
    name = prefix.strip(" -_#.").lower()
    if not name or not (prefix == key_prefix or key.title.lower().startswith(name)):
        return None
    pattern = re.compile(re.escape(prefix).replace("\\-", "-") + "0*([0-9]+)")
    meeting = sum(n for t, n in parts.items() if (m := pattern.fullmatch(t)) and m[1] in key_numbers)
    return Link(column.title, other.name, pattern.pattern, meeting, total) if meeting >= total / 2 else None
