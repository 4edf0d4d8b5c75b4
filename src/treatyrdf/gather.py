"""Tables and the rules of their mapping -> things, facts cited to cells, sources, and the ledger.

First every row of a table gets the ids of its things, so that other tables can link to them; then each
cell gives its values. What no rule can read stays as a fact of unknown value with its original wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .cells import Value
from .errors import Problems
from .ledger import BEYOND, IGNORED, KEY, NULL, REMARKED, USED, Account, Ledger, Remark
from .mapping import MappingReader
from .model import Dataset, Fact, Source, Thing, Word
from .names import LONGEST
from .naming import check_links, name_rows, slug
from .rules import FactRule, Lookup, TableRule, Template, ThingRule
from .sheet import Ids, Known, Sheet, joined, open_sheet, read_lookup
from .tree import Tree
from .typed import fault_of
from .vocabulary import Vocabulary

_CELL = re.compile(r"([1-9][0-9]*)\.([1-9][0-9]*)")
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Tables:
    """Where the tables of a data set lie (None: its own folder `tables`), and how many rows are read."""

    folder: Path | None = None
    limit: int | None = None


def gather(dataset: Dataset, rules: Iterable[TableRule], lookups: Iterable[Lookup], folder: Path, tables: Tables,
           vocabulary: Vocabulary, problems: Problems) -> Dataset:
    """Return a data set with all that its tables give added; problems of tables and mapping are noted."""
    return _Gatherer(dataset, tuple(rules), tuple(lookups), folder, tables, vocabulary, problems).gather()


class _Gatherer:
    def __init__(self, dataset: Dataset, rules: tuple[TableRule, ...], lookups: tuple[Lookup, ...], folder: Path,
                 tables: Tables, vocabulary: Vocabulary, problems: Problems) -> None:
        self.dataset, self.rules, self.limit = dataset, rules, tables.limit
        self.where = tables.folder or folder / "tables"
        self.vocabulary, self.problems = vocabulary, problems
        self.known = Known({str(lookup.name): read_lookup(lookup, folder, problems) for lookup in lookups})
        self.things: dict[str, Thing] = dict(dataset.things)
        self.facts: list[Fact] = []
        self.used: dict[str, int] = {}
        self.said: set[tuple[str, str, Value, str, int]] = set()
        self.remarks: list[Remark] = []
        self.faults: dict[tuple[str, str], tuple[str, str, str] | None] = {}
        self.cited: dict[int, int] = {}
        """The column that each template is cited to."""

    def gather(self) -> Dataset:
        for rule in self.rules:
            if rule.id in self.dataset.sources:
                self.problems.add(rule.id.position, "TRT023", f"the id `{rule.id}` is taken", "choose another id")
        sheets = [sheet for rule in self.rules
                  if (sheet := open_sheet(rule, self.where, self.limit, self.known, self.problems))]
        check_links(self.rules, self.known, self.problems)
        if not self.problems.found:
            name_rows(sheets, self.known, self.things, self.vocabulary, self.problems)
        if self.problems.found:
            return self.dataset
        for sheet in sheets:
            self._read_rows(sheet)
        self._cited(sheets)
        ledger = Ledger({str(s.rule.id): s.count for s in sheets},
                        tuple(a for s in sheets for a in self._accounts(s)), tuple(sorted(self.remarks)), self.limit)
        sources = dict(self.dataset.sources) | {str(s.rule.id): self._source(s) for s in sheets}
        return replace(self.dataset, sources=sources, things=self.things,
                       facts=(*self.dataset.facts, *self.facts), ledger=ledger)

    # --- the facts of rows ------------------------------------------------------------------

    def _read_rows(self, sheet: Sheet) -> None:
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
                    if sheet.says(fact.where, cells, ids):
                        self._facts(sheet, id_, thing, fact, place, number, cells, ids)
            if self.limit is None:
                self._remark_unused(sheet, place, number, cells)

    def _remark_unused(self, sheet: Sheet, place: int, number: int, cells: list[str]) -> None:
        """Remark each cell that no rule wanted in its row; it stays unused."""
        for column in dict.fromkeys(sheet.places.values()):
            if sheet.marks.left(place, column):
                self._remark(sheet, place, number, column, cells[column], (
                    "TRT156", "no rule wants this cell in this row", "see whether a `where` or `only` is too narrow"),
                    mark=False)

    def _mark_row(self, sheet: Sheet, place: int, number: int, cells: list[str], ignored: Iterable[int]) -> None:
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
            reading = sheet.reading(name, cells)
            if reading.beyond:
                sheet.marks.mark(place, column, BEYOND)
            unread = (v.wording for v in reading.values if not v.known)
            for text, fault in zip(unread, reading.faults, strict=True):
                self._remark(sheet, place, number, column, text, fault)

    def _mark_thing(self, sheet: Sheet, place: int, rule: ThingRule, cells: list[str]) -> None:
        for name in (n for t in rule.id for n in t.names if n in sheet.places):
            if sheet.reading(name, cells).values:
                sheet.marks.mark(place, sheet.places[name], KEY)
        for name in (*(n for t in rule.label for n in t.names), *rule.where):
            if name in sheet.places and sheet.reading(name, cells).values:
                sheet.marks.mark(place, sheet.places[name], USED)

    def _remark(self, sheet: Sheet, place: int, number: int, column: int, text: str,
                fault: tuple[str, str, str], mark: bool = True) -> None:
        if mark:
            sheet.marks.mark(place, column, REMARKED)
        self.remarks.append(Remark(str(sheet.rule.id), str(sheet.rule.file), number, column + 1,
                                   sheet.titles[column], fault[0], text, fault[1], fault[2]))

    def _facts(self, sheet: Sheet, subject: str, thing: ThingRule, rule: FactRule, place: int, number: int,
               cells: list[str], ids: Ids) -> None:
        """Keep a fact for each value of a rule, cited to the cell that says it, the first when several say the same."""
        for template in rule.values:
            column = self.cited.get(id(template))
            if column is None:
                column = self.cited[id(template)] = self._cited_column(sheet, template, thing, rule)
            for value in self._values(sheet, template, rule, cells, ids):
                checked = self._checked(sheet, rule, value, place, number, column)
                said = (subject, str(rule.property), checked, str(sheet.rule.id), column)
                if said not in self.said:
                    self.said.add(said)
                    self._fact(sheet, subject, rule, checked, number, column, cells)
            for name in (*template.names, *rule.where):
                if name in sheet.places and sheet.reading(name, cells).values:
                    sheet.marks.mark(place, sheet.places[name], USED)

    def _cited_column(self, sheet: Sheet, template: Template, thing: ThingRule, rule: FactRule) -> int:
        """Return the column that a value is cited to: its own, else what the rule hangs on, else the key."""
        own = [n for n in template.names if n in sheet.places]
        others = (*rule.where, *thing.where, *sheet.rule.key, *(n for t in thing.id for n in t.names))
        return next((sheet.places[n] for n in (*own, *others) if n in sheet.places), 0)

    def _values(self, sheet: Sheet, template: Template, rule: FactRule, cells: list[str],
                ids: Ids) -> Iterable[Value]:
        if template.bare and template.names[0] not in ids:
            return sheet.reading(template.names[0], cells).values
        values = sheet.filled(template, cells, ids)
        if values is None:
            return ()
        text = joined(template, values)
        thing = self.vocabulary.properties[rule.property].kind == "thing"
        return (Value(slug(text) if thing else text, ""),)

    def _checked(self, sheet: Sheet, rule: FactRule, value: Value, place: int, number: int, column: int) -> Value:
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

    def _fact(self, sheet: Sheet, subject: str, rule: FactRule, value: Value, number: int, column: int,
              cells: list[str]) -> None:
        at = sheet.passage(number, column, cells[column])
        here = at.position
        name = slug(sheet.titles[column])
        stem = f"{subject}.{rule.property}.{sheet.rule.id}.{name}"[:LONGEST - 8].rstrip(".-")
        count = self.used[stem] = self.used.get(stem, 0) + 1
        words = dict(rule.said)
        said = value.wording or value.text
        shown = said if len(said) <= 80 else said[:79] + "…"
        words.setdefault("says", Word(f"{self.things[subject].label}: "
                                      f"{self.vocabulary.properties[rule.property].label} {shown}", here))
        if value.wording and value.wording != value.text:
            words["wording"] = Word(value.wording, here)
        self.facts.append(Fact(
            Word(stem if count == 1 else f"{stem}.{count}", here), Word(subject, here),
            ((rule.property, Word(value.text, here)),), at, (), rule.standing, words=words))

    # --- what is told of the tables ---------------------------------------------------------

    def _cited(self, sheets: Iterable[Sheet]) -> None:
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

    def _source(self, sheet: Sheet) -> Source:
        rule, table = sheet.rule, sheet.table
        return Source(rule.id, rule.label, rule.rights, table.sha256, table.bytes, sheet.passages)

    def _accounts(self, sheet: Sheet) -> Iterable[Account]:
        return sheet.marks.accounts(sheet.rule.id, sheet.titles)


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

