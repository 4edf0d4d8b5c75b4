"""Tables and the rules of their mapping -> things, facts cited to cells, sources, and the ledger.

First every row of a table gets the ids of its things, so that other tables can link to them; then each
cell gives its values. What no rule can read stays as a fact of unknown value with its original wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from .cells import Value
from .errors import Problems
from .ledger import BEYOND, IGNORED, KEY, NULL, REMARKED, USED, Ledger, Remark
from .model import Dataset, Fact, Passage, Source, Word
from .names import LONGEST
from .naming import check_links, name_rows, slug
from .rules import FactRule, Lookup, TableRule, Template, ThingRule
from .sheet import Ids, Known, Sheet, joined, open_sheet, read_lookup
from .things import Things
from .typed import fault_of
from .vocabulary import Vocabulary

_CELL = re.compile(r"([1-9][0-9]*)\.([1-9][0-9]*)")
UNKNOWN = "unknown"
_KEPT = 10_000
"""Values of which it is kept whether a property can take them."""


@dataclass(frozen=True)
class Tables:
    """Where the tables of a data set lie (None: its own folder `tables`), and how many rows are read."""

    folder: Path | None = None
    limit: int | None = None


class Said(NamedTuple):
    """What a row of a table says: facts, and the cells where they stand but for those that curated facts cite."""

    facts: Sequence[Fact]
    passages: Iterable[Passage]


class Gathered(NamedTuple):
    """A data set with what its tables give: its facts but those of the rows, which are read when they are taken."""

    dataset: Dataset
    things: Things
    """Those of the data set."""
    said: Iterator[Said]
    """What each row says, in the order of the mapping: to be taken once."""
    ledger: Callable[[], Ledger | None]
    """What became of the cells, when all rows were taken."""

    def whole(self) -> Dataset:
        """Return the data set with all facts and their passages at once."""
        dataset = self.dataset
        passages = {id_: dict(source.passages) for id_, source in dataset.sources.items()}
        facts = [*dataset.facts]
        for row in self.said:
            facts += row.facts
            for passage in row.passages:
                passages[passage.source][passage.at] = passage
        return replace(dataset, facts=tuple(facts), things=dict(dataset.things), ledger=self.ledger(), sources={
            id_: replace(source, passages=passages[id_]) for id_, source in dataset.sources.items()})


def gather(dataset: Dataset, rules: Iterable[TableRule], lookups: Iterable[Lookup], folder: Path, tables: Tables,
           vocabulary: Vocabulary, problems: Problems) -> Gathered:
    """Return a data set with all that its tables give; problems of tables and mapping are noted."""
    return _Gatherer(dataset, tuple(rules), tuple(lookups), folder, tables, vocabulary, problems).gather()


class _Gatherer:
    def __init__(self, dataset: Dataset, rules: tuple[TableRule, ...], lookups: tuple[Lookup, ...], folder: Path,
                 tables: Tables, vocabulary: Vocabulary, problems: Problems) -> None:
        self.dataset, self.rules, self.limit = dataset, rules, tables.limit
        self.where = tables.folder or folder / "tables"
        self.vocabulary, self.problems = vocabulary, problems
        self.known = Known({str(lookup.name): read_lookup(lookup, folder, problems) for lookup in lookups})
        self.things = Things(dataset.things.values())
        self.facts: list[Fact] = []
        self.passages: dict[int, Passage] = {}
        """The cells of the row at hand where its facts stand, by column."""
        self.about: dict[str, _About] = {}
        self.cut_off: dict[str, int] = {}
        """How many facts have each id that is too long to tell all."""
        self.remarks: list[Remark] = []
        self.faults: dict[tuple[str, str], tuple[str, str, str] | None] = {}
        self.cited: dict[int, int] = {}
        """The column that each template is cited to."""

    def gather(self) -> Gathered:
        for rule in self.rules:
            if rule.id in self.dataset.sources:
                self.problems.add(rule.id.position, "TRT023", f"the id `{rule.id}` is taken", "choose another id")
        sheets = [sheet for rule in self.rules
                  if (sheet := open_sheet(rule, self.where, self.limit, self.known, self.problems))]
        check_links(self.rules, self.known, self.problems)
        if not self.problems.found:
            name_rows(sheets, self.known, self.things, self.vocabulary, self.problems)
        if self.problems.found:
            return Gathered(self.dataset, self.things, iter(()), lambda: None)
        self._cite(sheets)
        sources = dict(self.dataset.sources) | {str(s.rule.id): self._source(s) for s in sheets}
        return Gathered(replace(self.dataset, sources=sources, things=self.things), self.things,
                        (said for sheet in sheets for said in self._read_rows(sheet)), lambda: self._ledger(sheets))

    def _ledger(self, sheets: Sequence[Sheet]) -> Ledger:
        accounts = (a for s in sheets for a in s.marks.accounts(s.rule.id, s.titles))
        return Ledger({str(s.rule.id): s.count for s in sheets}, tuple(accounts), tuple(sorted(self.remarks)),
                      self.limit)

    # --- the facts of rows ------------------------------------------------------------------

    def _read_rows(self, sheet: Sheet) -> Iterator[Said]:
        rule = sheet.rule
        named = [(n, thing) for n, thing in enumerate(rule.things) if thing.name]
        ignored = [sheet.places[n] for n, c in rule.columns.items() if c.ignore]
        last = sheet.last(len(self.things))
        for place, number, cells in sheet.rows:
            numbers = sheet.made(place)
            made = [self.things.ids.texts[n] if n >= 0 else None for n in numbers]
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
            for n, id_ in zip(numbers, made, strict=True):
                if id_ and last[n] == place:
                    self.about.pop(id_, None)
            yield Said(self.facts, [p for p in self.passages.values() if p.at not in sheet.passages])
            self.facts, self.passages = [], {}

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
                said = (str(rule.property), checked, column)
                about = self.about.setdefault(subject, _About())
                if said not in about.said:
                    about.said.add(said)
                    self._fact(sheet, subject, about, rule, checked, number, column, cells)
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
            if len(self.faults) >= _KEPT:
                self.faults.clear()
            self.faults[key] = fault_of(prop, value.text, self.things, self.vocabulary)
        fault = self.faults[key]
        if fault is None:
            return value
        wording = value.wording or value.text
        self._remark(sheet, place, number, column, wording, fault)
        return Value(UNKNOWN, wording, False)

    def _fact(self, sheet: Sheet, subject: str, about: _About, rule: FactRule, value: Value, number: int, column: int,
              cells: list[str]) -> None:
        place = self.passages.get(column)
        if place is None:
            place = self.passages[column] = sheet.passage(number, column, cells[column])
        here = place.at.position
        words = dict(rule.said)
        said = value.wording or value.text
        shown = said if len(said) <= 80 else said[:79] + "…"
        words.setdefault("says", Word(f"{self.things.label(subject)}: "
                                      f"{self.vocabulary.properties[rule.property].label} {shown}", here))
        if value.wording and value.wording != value.text:
            words["wording"] = Word(value.wording, here)
        self.facts.append(Fact(
            Word(self._fact_id(sheet, subject, about, rule, column), here), Word(subject, here),
            ((rule.property, Word(value.text, here)),), Word(f"{sheet.rule.id}#{place.at}", here), (), rule.standing,
            words=words))

    def _fact_id(self, sheet: Sheet, subject: str, about: _About, rule: FactRule, column: int) -> str:
        """Return an id that no other fact has: it tells the subject, the property and the column."""
        whole = f"{subject}.{rule.property}.{sheet.rule.id}.{slug(sheet.titles[column])}"
        stem = whole[:LONGEST - 8].rstrip(".-")
        counts = about.ids if len(whole) <= LONGEST - 8 else self.cut_off
        count = counts[stem] = counts.get(stem, 0) + 1
        return stem if count == 1 else f"{stem}.{count}"

    # --- what is told of the tables ---------------------------------------------------------

    def _cite(self, sheets: Iterable[Sheet]) -> None:
        """Make a passage of each cell that a curated fact cites."""
        cited: dict[str, set[tuple[int, int]]] = {}
        for fact in (*self.dataset.facts, *self.dataset.silences):
            source, mark, locator = fact.at.rpartition("#")
            if mark and (match := _CELL.fullmatch(locator)):
                cited.setdefault(source, set()).add((int(match[1]), int(match[2])))
        for sheet in (s for s in sheets if s.rule.id in cited):
            wanted: dict[int, list[int]] = {}
            for row, column in sorted(cited[sheet.rule.id]):
                wanted.setdefault(row, []).append(column)
            for number, cells in sheet.table.rows:
                for column in wanted.get(number, ()):
                    if column <= len(cells):
                        passage = sheet.passage(number, column - 1, cells[column - 1])
                        sheet.passages[passage.at] = passage

    def _source(self, sheet: Sheet) -> Source:
        rule, table = sheet.rule, sheet.table
        return Source(rule.id, rule.label, rule.rights, table.sha256, table.bytes, sheet.passages)


@dataclass
class _About:
    """What was read of one thing from one table."""

    said: set[tuple[str, Value, int]] = field(default_factory=set)
    ids: dict[str, int] = field(default_factory=dict)
