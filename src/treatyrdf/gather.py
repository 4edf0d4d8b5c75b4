"""Tables and the rules of their mapping -> things, facts cited to cells, sources, and the ledger.

First every row of a table gets the ids of its things, so that other tables can link to them; then each
cell gives its values. What no rule can read stays as a fact of unknown value with its original wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from .cells import Column, Reading, Value
from .errors import Problems, suggest
from .ledger import BEYOND, IGNORED, KEY, NULL, REMARKED, USED, Account, Ledger, Marks, Remark
from .mapping import FactRule, Lookup, MappingReader, TableRule, Template, ThingRule
from .model import Dataset, Fact, Passage, Source, Standing, Thing, Word
from .names import LONGEST
from .tabular import Dialect, Table, column_titles, read_table
from .tree import Tree
from .typed import fault_of
from .vocabulary import Vocabulary

LONGEST_LABEL = 200
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_CELL = re.compile(r"([1-9][0-9]*)\.([1-9][0-9]*)")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tables:
    """Where the tables of a data set lie (None: its own folder `tables`), and how many rows are read."""

    folder: Path | None = None
    limit: int | None = None


@dataclass
class _Sheet:
    """One table at work: its rule, its rows, how its columns are read, and what became of its cells."""

    rule: TableRule
    table: Table
    places: Mapping[str, int]
    """The number of the column that each name stands for, from 0."""
    marks: Marks
    count: int
    """The rows that are read."""
    columns: dict[str, Column] = field(default_factory=dict)
    things: list[list[str | None]] = field(default_factory=list)
    """The id of the thing that each row gives by each rule."""
    passages: dict[str, Passage] = field(default_factory=dict)

    @property
    def rows(self) -> Iterator[tuple[int, int, list[str]]]:
        """Yield for each row that is read its place from 0, its number in the file, and its cells."""
        for place, (number, cells) in enumerate(self.table.rows[:self.count]):
            yield place, number, cells

    def passage(self, number: int, place: int, cell: str) -> Word:
        """Return the locator of a cell, which becomes a passage of the source."""
        at = Word(f"{number}.{place + 1}", self.table.position(number, place + 1))
        if at not in self.passages:
            fragment, standard = self.table.fragment(number, place + 1)
            self.passages[at] = Passage(str(self.rule.id), at, 0, 0, sha256(cell.encode()).hexdigest(),
                                        fragment, standard)
        return Word(f"{self.rule.id}#{at}", at.position)


def gather(dataset: Dataset, rules: Iterable[TableRule], lookups: Iterable[Lookup], folder: Path, tables: Tables,
           vocabulary: Vocabulary, problems: Problems) -> Dataset:
    """Return a data set with all that its tables give added; problems of tables and mapping are noted."""
    return _Gatherer(dataset, tuple(rules), tuple(lookups), folder, tables, vocabulary, problems).gather()


class _Gatherer:
    def __init__(self, dataset: Dataset, rules: tuple[TableRule, ...], lookups: tuple[Lookup, ...], folder: Path,
                 tables: Tables, vocabulary: Vocabulary, problems: Problems) -> None:
        self.dataset, self.rules, self.folder, self.limit = dataset, rules, folder, tables.limit
        self.where = tables.folder or folder / "tables"
        self.vocabulary, self.problems = vocabulary, problems
        self.lookups = {str(lookup.name): self._words(lookup) for lookup in lookups}
        self.things: dict[str, Thing] = dict(dataset.things)
        self.raw: dict[str, tuple[str, ...]] = {}
        self.links: dict[str, dict[str, str]] = {}
        self.hidden: dict[str, set[str]] = {}
        self.facts: list[Fact] = []
        self.used: dict[str, int] = {}
        self.said: set[tuple[str, str, Value, str, int]] = set()
        self.remarks: list[Remark] = []
        self.faults: dict[tuple[str, str], tuple[str, str, str] | None] = {}

    def gather(self) -> Dataset:
        sheets = [sheet for rule in self.rules if (sheet := self._sheet(rule))]
        self._check_links()
        if self.problems.found:
            return self.dataset
        for sheet in self._ordered(sheets):
            self._name_rows(sheet)
        if self.problems.found:
            return self.dataset
        for sheet in sheets:
            self._columns(sheet)
            self._read_rows(sheet)
        self._cited(sheets)
        ledger = Ledger({str(s.rule.id): s.count for s in sheets},
                        tuple(a for s in sheets for a in self._accounts(s)), tuple(sorted(self.remarks)), self.limit)
        sources = dict(self.dataset.sources) | {str(s.rule.id): self._source(s) for s in sheets}
        return replace(self.dataset, sources=sources, things=self.things,
                       facts=(*self.dataset.facts, *self.facts), ledger=ledger)

    # --- what is read -----------------------------------------------------------------------

    def _words(self, lookup: Lookup) -> Mapping[str, str]:
        """Return the texts of a look-up with their words."""
        if lookup.file is None:
            return {key: str(word) for key, word in lookup.words.items()}
        table = read_table(self.folder / lookup.file, str(self.folder / lookup.file), Dialect(), self.problems)
        if table is None:
            return {}
        titles = column_titles(table.titles)
        found = {}
        for word in (lookup.source, lookup.target):
            if word not in titles:
                self.problems.add(word.position if word else lookup.name.position, "TRT149",
                                  f"no column has the title `{word}`", suggest(str(word), titles))
                return {}
        one, other = titles.index(str(lookup.source)), titles.index(str(lookup.target))
        for _, cells in table.rows:
            found[cells[one].strip()] = cells[other].strip()
        return found

    def _sheet(self, rule: TableRule) -> _Sheet | None:
        path = self.where / rule.file
        if rule.id in self.dataset.sources:
            self.problems.add(rule.id.position, "TRT023", f"the id `{rule.id}` is taken", "choose another id")
        if not path.resolve().is_relative_to(self.where.resolve()):
            self.problems.add(rule.file.position, "TRT011", "leads out of the folder of tables",
                              "name a file in it")
            return None
        table = read_table(path, str(path), rule.dialect, self.problems)
        if table is None:
            return None
        for word, found in ((rule.sha256, table.sha256), (rule.bytes, str(table.bytes))):
            if word is not None and word != found:
                self.problems.add(word.position, "TRT141", f"{path} is not the file that was hashed",
                                  f"see what changed in it, then write {found}")
                break
        places = self._places(rule, table)
        count = len(table.rows) if self.limit is None else min(self.limit, len(table.rows))
        return _Sheet(rule, table, places, Marks(count, len(table.titles)), count)

    def _places(self, rule: TableRule, table: Table) -> dict[str, int]:
        """Return the column of each name; notes titles that the table lacks, and columns nobody speaks of."""
        titles = column_titles(table.titles)
        places = {}
        for name, column in rule.columns.items():
            if column.title in titles:
                places[name] = titles.index(column.title)
            else:
                self.problems.add(column.title.position, "TRT149", f"no column of {table.shown} has the title "
                                  f"`{column.title[:60]}`", suggest(column.title, titles))
        spoken = {titles[place] for place in places.values()}
        for number, title in enumerate(titles, 1):
            if title not in spoken and len(places) == len(rule.columns):
                self.problems.add(rule.id.position, "TRT148", f"the mapping says nothing of the column `{title[:60]}` "
                                  f"({table.position(1, number)})",
                                  "name it under `columns`, with `ignore: why` if nothing is to be read from it")
        return places

    def _check_links(self) -> None:
        """Note links and look-ups that lead nowhere, and ids of tables that need each other."""
        known = {str(rule.id): rule for rule in self.rules}
        for rule in self.rules:
            for column in rule.columns.values():
                if column.link and (column.link not in known or len(known[column.link].key) != 1):
                    self.problems.add(column.link.position, "TRT149", f"`{column.link}` is no table with a key of one "
                                      "column", suggest(column.link, (i for i, r in known.items() if len(r.key) == 1)))
                if column.lookup and column.lookup not in self.lookups:
                    self.problems.add(column.lookup.position, "TRT149", f"unknown look-up `{column.lookup}`",
                                      suggest(column.lookup, self.lookups))

    def _needs(self, rule: TableRule) -> set[str]:
        """Return the tables whose things the ids of a table are made of."""
        names = {n for thing in rule.things for n in (*(n for t in thing.id for n in t.names), *thing.where)}
        return {str(link) for n in names if n in rule.columns and (link := rule.columns[n].link)}

    def _ordered(self, sheets: list[_Sheet]) -> Iterator[_Sheet]:
        """Yield the tables so that each comes after those its ids are made of."""
        rest = list(sheets)
        while rest:
            waiting = {str(s.rule.id) for s in rest}
            free = next((s for s in rest if not self._needs(s.rule) & waiting), None)
            if free is None:
                self.problems.add(rest[0].rule.id.position, "TRT147", "the ids of tables need each other: "
                                  + ", ".join(sorted(waiting)), "make the ids of one of them without `link`")
                return
            rest.remove(free)
            yield free

    # --- the things of rows -----------------------------------------------------------------

    def _column(self, sheet: _Sheet, name: str) -> Column:
        if name not in sheet.columns:
            rule = sheet.rule.columns[name]
            sheet.columns[name] = Column(
                rule, self.lookups[rule.lookup] if rule.lookup else None,
                self.links[rule.link] if rule.link else None, self.hidden[rule.link] if rule.link else frozenset())
        return sheet.columns[name]

    def _columns(self, sheet: _Sheet) -> None:
        for name in sheet.rule.columns:
            self._column(sheet, name)

    def _reading(self, sheet: _Sheet, name: str, cells: list[str]) -> Reading:
        return self._column(sheet, name).read(cells[sheet.places[name]])

    def _name_rows(self, sheet: _Sheet) -> None:
        """Give each row the ids of its things, and let other tables find the first by the key."""
        rule = sheet.rule
        single = rule.key[0] if len(rule.key) == 1 else None
        links, hidden = self.links.setdefault(rule.id, {}), self.hidden.setdefault(rule.id, set())
        seen: dict[tuple[str, ...], int] = {}
        for place, (number, cells) in enumerate(sheet.table.rows):
            key = tuple(self._key(sheet, name, cells) for name in rule.key)
            if "" in key:
                self.problems.add(sheet.table.position(number, sheet.places[rule.key[key.index("")]] + 1), "TRT146",
                                  f"the row has no `{rule.key[key.index('')]}`, which is its key",
                                  "fill it in, or choose another `key`")
                continue
            if rule.key and key in seen:
                self.problems.add(sheet.table.position(number, sheet.places[rule.key[0]] + 1), "TRT146",
                                  f"the key {', '.join(key)} stands twice, first in row {seen[key]}",
                                  "mend the table, or add columns to `key`")
                continue
            seen[key] = number
            if place >= sheet.count:
                hidden.update(key if single else ())
                continue
            ids: dict[str, str | None] = {}
            row: list[str | None] = []
            for thing in rule.things:
                made = self._thing(sheet, thing, number, cells, ids)
                row.append(made)
                if thing.name:
                    ids[thing.name] = made
            sheet.things.append(row)
            first = next((made for made in row if made), None)
            if single and first:
                links[key[0]] = first

    def _key(self, sheet: _Sheet, name: str, cells: list[str]) -> str:
        values = self._reading(sheet, name, cells).values
        return values[0].text if values and values[0].known else ""

    def _says(self, sheet: _Sheet, names: Iterable[str], cells: list[str], ids: Mapping[str, str | None]) -> bool:
        return all(ids.get(n) if n in ids else self._reading(sheet, n, cells).values for n in names)

    def _thing(self, sheet: _Sheet, rule: ThingRule, number: int, cells: list[str],
               ids: Mapping[str, str | None]) -> str | None:
        """Return the id of the thing that a row gives by a rule, and keep it."""
        if not self._says(sheet, rule.where, cells, ids):
            return None
        for template in rule.id:
            values = self._filled(sheet, template, cells, ids)
            if values is not None:
                return self._kept(sheet, rule, template, values, number, cells, ids)
        return None

    def _filled(self, sheet: _Sheet, template: Template, cells: list[str],
                ids: Mapping[str, str | None]) -> tuple[str, ...] | None:
        """Return the values of the columns of a template, None when one says nothing or is not known."""
        found = []
        for name in template.names:
            if name in ids:
                value = ids[name]
            else:
                values = self._reading(sheet, name, cells).values
                value = values[0].text if values and values[0].known else None
            if not value:
                return None
            found.append(value)
        return tuple(found)

    def _kept(self, sheet: _Sheet, rule: ThingRule, template: Template, values: tuple[str, ...], number: int,
              cells: list[str], ids: Mapping[str, str | None]) -> str | None:
        word = slug(joined(template, values))
        first = sheet.places.get(template.names[0], 0) if template.names else 0
        here = sheet.table.position(number, first + 1)
        if not word or len(word) > LONGEST // 2:
            self.problems.add(here, "TRT147", f"`{joined(template, values)[:80]}` is no id for a thing",
                              f"choose columns that give {LONGEST // 2} letters and digits at most")
            return None
        raw = (str(template.word), *values)
        if self.raw.setdefault(f"{template.word} {word}", raw) != raw:
            self.problems.add(here, "TRT147", f"two keys give the id `{word}`: "
                              f"{', '.join(self.raw[f'{template.word} {word}'][1:])} and {', '.join(values)}",
                              "tell them apart by another column, or a look-up")
        known = self.things.get(word)
        if known is None:
            place = Word(word, here)
            label = next((text for t in rule.label if (text := self._label(sheet, t, cells, ids))), word)
            self.things[word] = Thing(place, rule.type, Word(label, here))
        elif known.type != rule.type and not self.vocabulary.is_a(known.type, (rule.type,)):
            self.problems.add(here, "TRT147", f"`{word}` is a {known.type} ({known.id.position}), and the rule in line "
                              f"{rule.type.position.line} makes it a {rule.type}", "give one of them another id")
        return word

    def _label(self, sheet: _Sheet, template: Template, cells: list[str], ids: Mapping[str, str | None]) -> str:
        values = self._filled(sheet, template, cells, ids)
        named = (self._title(sheet, n, v, ids) for n, v in zip(template.names, values or (), strict=False))
        text = " ".join(joined(template, named).split()) if values is not None else ""
        return text if len(text) <= LONGEST_LABEL else text[:LONGEST_LABEL - 1] + "…"

    def _title(self, sheet: _Sheet, name: str, value: str, ids: Mapping[str, str | None]) -> str:
        """Return what a value is called: a thing by its label."""
        rule = sheet.rule.columns.get(name)
        speaks = name in ids or (rule and (rule.link or rule.lookup))
        return str(self.things[value].label) if speaks and value in self.things else value

    # --- the facts of rows ------------------------------------------------------------------

    def _read_rows(self, sheet: _Sheet) -> None:
        rule = sheet.rule
        named = [(n, thing) for n, thing in enumerate(rule.things) if thing.name]
        ignored = [sheet.places[n] for n, c in rule.columns.items() if c.ignore]
        for place, number, cells in sheet.rows:
            made = sheet.things[place]
            ids = {str(thing.name): made[n] for n, thing in named}
            self._mark_row(sheet, place, number, cells, ignored)
            for id_, thing in zip(made, rule.things, strict=True):
                if id_ is None:
                    continue
                self._mark_thing(sheet, place, thing, cells)
                for fact in thing.facts:
                    if self._says(sheet, fact.where, cells, ids):
                        self._facts(sheet, id_, thing, fact, place, number, cells, ids)

    def _mark_row(self, sheet: _Sheet, place: int, number: int, cells: list[str], ignored: Iterable[int]) -> None:
        """Mark the cells that are null, ignored, beyond the limit, or that nobody can read."""
        for column in ignored:
            sheet.marks.mark(place, column, IGNORED)
        for name, rule in sheet.rule.columns.items():
            column = sheet.places[name]
            if rule.ignore:
                continue
            if cells[column].strip() in rule.null:
                sheet.marks.mark(place, column, NULL)
                continue
            reading = self._reading(sheet, name, cells)
            if reading.beyond:
                sheet.marks.mark(place, column, BEYOND)
            unread = (v.wording for v in reading.values if not v.known)
            for text, fault in zip(unread, reading.faults, strict=True):
                self._remark(sheet, place, number, column, text, fault)

    def _mark_thing(self, sheet: _Sheet, place: int, rule: ThingRule, cells: list[str]) -> None:
        for name in (n for t in rule.id for n in t.names if n in sheet.places):
            if self._reading(sheet, name, cells).values:
                sheet.marks.mark(place, sheet.places[name], KEY)
        for name in (*(n for t in rule.label for n in t.names), *rule.where):
            if name in sheet.places and self._reading(sheet, name, cells).values:
                sheet.marks.mark(place, sheet.places[name], USED)

    def _remark(self, sheet: _Sheet, place: int, number: int, column: int, text: str,
                fault: tuple[str, str, str]) -> None:
        sheet.marks.mark(place, column, REMARKED)
        self.remarks.append(Remark(sheet.rule.id, sheet.table.shown, number, column + 1,
                                   column_titles(sheet.table.titles)[column], fault[0], text, fault[1], fault[2]))

    def _facts(self, sheet: _Sheet, subject: str, thing: ThingRule, rule: FactRule, place: int, number: int,
               cells: list[str], ids: Mapping[str, str | None]) -> None:
        """Keep a fact for each value of a rule, cited to the cell that says it, the first when several say the same."""
        for template in rule.values:
            column = self._cited_column(sheet, template, thing, rule)
            for value in self._values(sheet, template, rule, cells, ids):
                checked = self._checked(sheet, rule, value, place, number, column)
                said = (subject, str(rule.property), checked, str(sheet.rule.id), column)
                if said not in self.said:
                    self.said.add(said)
                    self._fact(sheet, subject, rule, checked, number, column, cells)
            for name in (*template.names, *rule.where):
                if name in sheet.places and self._reading(sheet, name, cells).values:
                    sheet.marks.mark(place, sheet.places[name], USED)

    def _cited_column(self, sheet: _Sheet, template: Template, thing: ThingRule, rule: FactRule) -> int:
        """Return the column that a value is cited to: its own, else what the rule hangs on, else the key."""
        own = [n for n in template.names if n in sheet.places]
        others = (*rule.where, *thing.where, *sheet.rule.key, *(n for t in thing.id for n in t.names))
        return next((sheet.places[n] for n in (*own, *others) if n in sheet.places), 0)

    def _values(self, sheet: _Sheet, template: Template, rule: FactRule, cells: list[str],
                ids: Mapping[str, str | None]) -> Iterable[Value]:
        if template.bare and template.names[0] not in ids:
            return self._reading(sheet, template.names[0], cells).values
        values = self._filled(sheet, template, cells, ids)
        if values is None:
            return ()
        text = joined(template, values)
        thing = self.vocabulary.properties[rule.property].kind == "thing"
        return (Value(slug(text) if thing else text, ""),)

    def _checked(self, sheet: _Sheet, rule: FactRule, value: Value, place: int, number: int, column: int) -> Value:
        """Return a value, not known when the property cannot take it; that is remarked."""
        if not value.known:
            return value
        prop = self.vocabulary.properties[rule.property]
        key = (prop.name, value.text)
        if key not in self.faults:
            self.faults[key] = fault_of(prop, value.text, self.things, self.vocabulary)
        fault = self.faults[key]
        if fault is None:
            return value
        wording = value.wording or value.text
        self._remark(sheet, place, number, column, wording, fault)
        return Value(UNKNOWN, wording, False)

    def _fact(self, sheet: _Sheet, subject: str, rule: FactRule, value: Value, number: int, column: int,
              cells: list[str]) -> None:
        at = sheet.passage(number, column, cells[column])
        here = at.position
        name = slug(column_titles(sheet.table.titles)[column])
        stem = f"{subject}.{rule.property}.{sheet.rule.id}.{name}"[:LONGEST - 8].rstrip(".-")
        count = self.used[stem] = self.used.get(stem, 0) + 1
        words = dict(rule.words)
        said = value.wording or value.text
        shown = said if len(said) <= 80 else said[:79] + "…"
        words.setdefault("says", Word(f"{self.things[subject].label}: "
                                      f"{self.vocabulary.properties[rule.property].label} {shown}", here))
        if value.wording and value.wording != value.text:
            words["wording"] = Word(value.wording, here)
        standing = Standing(words.pop("basis", None), words.pop("polarity", None), words.pop("certainty", None), None,
                            (words.pop("claimant"),) if "claimant" in words else (), words.pop("calendar", None))
        self.facts.append(Fact(
            Word(stem if count == 1 else f"{stem}.{count}", here), Word(subject, here),
            ((rule.property, Word(value.text, here)),), at, (), standing, words=words))

    # --- what is told of the tables ---------------------------------------------------------

    def _cited(self, sheets: Iterable[_Sheet]) -> None:
        """Make a passage of each cell that a curated fact cites."""
        by_id = {str(s.rule.id): s for s in sheets}
        for fact in (*self.dataset.facts, *self.dataset.silences):
            source, mark, locator = fact.at.rpartition("#")
            match, sheet = _CELL.fullmatch(locator), by_id.get(source)
            if not (mark and match and sheet):
                continue
            numbers = dict(sheet.table.rows)
            row, column = int(match[1]), int(match[2])
            if row in numbers and column <= len(sheet.table.titles):
                sheet.passage(row, column - 1, numbers[row][column - 1])

    def _source(self, sheet: _Sheet) -> Source:
        rule, table = sheet.rule, sheet.table
        return Source(rule.id, rule.label, rule.rights, table.sha256, table.bytes, sheet.passages)

    def _accounts(self, sheet: _Sheet) -> Iterable[Account]:
        return sheet.marks.accounts(sheet.rule.id, column_titles(sheet.table.titles))


def slug(text: str) -> str:
    """Return a text as an id: small letters and digits, joined by single dashes.

    >>> slug("UNCLOS_1982A"), slug("  ")
    ('unclos-1982a', '')
    """
    return _NO_SLUG.sub("-", text.lower()).strip("-")


def joined(template: Template, values: Iterable[str]) -> str:
    """Return a template with its columns filled in."""
    found = template.parts[0]
    for value, part in zip(values, template.parts[1:], strict=True):
        found += value + part
    return found


def read_rules(sections: Iterable[tuple[str, Tree]], vocabulary: Vocabulary,
               problems: Problems) -> tuple[list[TableRule], list[Lookup]]:
    """Return the rules and look-ups of the sections `tables` and `lookups`."""
    reader, rules, lookups = MappingReader(vocabulary, problems), list[TableRule](), list[Lookup]()
    for name, tree in sections:
        if name == "tables":
            rules += reader.tables(tree)
        else:
            lookups += reader.lookups(tree)
    return rules, lookups

