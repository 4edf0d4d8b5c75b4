"""One table at work: its rule and its rows -> what its cells say, and the passages that they become."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from pathlib import Path

from .cells import Column, Reading
from .errors import Problems, suggest
from .formats import Dialect
from .ledger import Marks
from .model import Passage, Word
from .rules import Lookup, TableRule, Template
from .tabular import Table, column_titles, read_table

Ids = Mapping[str, str | None]
"""The ids of the things of a row by the names of their rules."""


@dataclass
class Known:
    """What columns may need of other tables: look-ups, the ids of things by key, keys beyond the limit."""

    lookups: Mapping[str, Mapping[str, str]]
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    hidden: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Sheet:
    """A table, how its columns are read, the ids of the things of its rows, and what became of its cells."""

    rule: TableRule
    table: Table
    places: Mapping[str, int]
    """The number of the column that each name stands for, from 0."""
    columns: Mapping[str, Column]
    marks: Marks
    count: int
    """The rows that are read."""
    things: array[int] = field(default_factory=lambda: array("i"))
    """The number of the thing that each row gives by each rule, -1 where it gives none."""
    passages: dict[str, Passage] = field(default_factory=dict)
    """The cells that curated facts cite."""

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """Return the titles of its columns, of which none is empty."""
        return column_titles(self.table.titles)

    @property
    def rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """Yield for each row that is read its place from 0, its number in the file, and its cells."""
        for place, (number, cells) in enumerate(islice(self.table.rows, self.count)):
            yield place, number, cells

    def made(self, place: int) -> array[int]:
        """Return the numbers of the things of a row, by the rules."""
        width = len(self.rule.things)
        return self.things[place * width:(place + 1) * width]

    def last(self, count: int) -> array[int]:
        """Return the place of the last row of each of `count` things, by their numbers; -1 where there is none."""
        last, width = array("i", [-1]) * count, len(self.rule.things)
        for n, number in enumerate(self.things):
            if number >= 0:
                last[number] = n // width
        return last

    def passage(self, number: int, place: int, cell: str) -> Passage:
        """Return a cell as a passage of the source."""
        at = Word(f"{number}.{place + 1}", self.table.position(number, place + 1))
        return self.passages.get(at) or Passage(
            str(self.rule.id), at, 0, 0, sha256(cell.encode()).hexdigest(), *self.table.fragment(number, place + 1))

    def reading(self, name: str, cells: list[str]) -> Reading:
        """Return what the cell of a column says."""
        return self.columns[name].read(cells[self.places[name]])

    def says(self, names: Iterable[str], cells: list[str], ids: Ids) -> bool:
        """Tell whether columns, or rules by their names, all say something."""
        return all(ids[n] if n in ids else self.reading(n, cells).values for n in names)

    def filled(self, template: Template, cells: list[str], ids: Ids) -> tuple[str, ...] | None:
        """Return the values of the columns of a template, None when one says nothing or is not known."""
        found = []
        for name in template.names:
            if name in ids:
                value = ids[name]
            else:
                values = self.reading(name, cells).values
                value = values[0].text if values and values[0].known else None
            if not value:
                return None
            found.append(value)
        return tuple(found)


def joined(template: Template, values: Iterable[str]) -> str:
    """Return a template with its columns filled in."""
    found = template.parts[0]
    for value, part in zip(values, template.parts[1:], strict=True):
        found += value + part
    return found


def read_lookup(lookup: Lookup, folder: Path, problems: Problems) -> Mapping[str, str]:
    """Return the texts of a look-up with their words."""
    if lookup.file is None:
        return {key: str(word) for key, word in lookup.words.items()}
    path = folder / lookup.file
    table = read_table(path, str(path), Dialect(), problems)
    if table is None:
        return {}
    titles = column_titles(table.titles)
    for word in (lookup.source, lookup.target):
        if word not in titles:
            problems.add(word.position if word else lookup.name.position, "TRT149",
                         f"no column has the title `{word}`", suggest(str(word), titles))
            return {}
    one, other = titles.index(str(lookup.source)), titles.index(str(lookup.target))
    return {cells[one].strip(): cells[other].strip() for _, cells in table.rows}


def open_sheet(rule: TableRule, folder: Path, limit: int | None, known: Known, problems: Problems) -> Sheet | None:
    """Return a table ready to be read, or None with every problem of it noted."""
    path = folder / rule.file
    if not path.resolve().is_relative_to(folder.resolve()):
        problems.add(rule.file.position, "TRT011", "leads out of the folder of tables", "name a file in it")
        return None
    table = read_table(path, str(path), rule.dialect, problems)
    if table is None:
        return None
    for word, found in ((rule.sha256, table.sha256), (rule.bytes, str(table.bytes))):
        if word is not None and word != found:
            problems.add(word.position, "TRT141", f"{path} is not the file that was hashed",
                         f"see what changed in it, then write {found}")
            break
    places = _places(rule, table, problems)
    columns = {name: Column(column, known.lookups.get(column.lookup, {}) if column.lookup else None,
                            known.links.setdefault(column.link, {}) if column.link else None,
                            known.hidden.setdefault(column.link, set()) if column.link else frozenset())
               for name, column in rule.columns.items()}
    count = len(table.rows) if limit is None else min(limit, len(table.rows))
    return Sheet(rule, table, places, columns, Marks(count, len(table.titles)), count)


def _places(rule: TableRule, table: Table, problems: Problems) -> dict[str, int]:
    """Return the column of each name; notes titles that the table lacks, and columns nobody speaks of."""
    titles = column_titles(table.titles)
    places = {}
    for name, column in rule.columns.items():
        if column.title in titles:
            places[name] = titles.index(column.title)
        else:
            problems.add(column.title.position, "TRT149", f"no column of {table.shown} has the title "
                         f"`{column.title[:60]}`", suggest(column.title, titles))
    spoken = {titles[place] for place in places.values()}
    for number, title in enumerate(titles, 1):
        if title not in spoken and len(places) == len(rule.columns):
            problems.add(rule.id.position, "TRT148", f"the mapping says nothing of the column `{title[:60]}` "
                         f"({table.position(1, number)})",
                         "name it under `columns`, with `ignore: why` if nothing is to be read from it")
    return places
