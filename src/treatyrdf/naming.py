"""The rows of tables -> the ids of the things that they give, so that tables can link to each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .cells import SEVERAL
from .errors import Problems, suggest
from .ledger import KEY
from .model import Thing, Word
from .names import LONGEST
from .rules import TableRule, Template, ThingRule
from .sheet import Ids, Known, Sheet, joined
from .things import Texts, Things
from .vocabulary import Vocabulary

LONGEST_LABEL = 200
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_JOINT = "\0"
"""What no cell holds."""


def name_rows(sheets: Sequence[Sheet], known: Known, things: Things, vocabulary: Vocabulary,
              problems: Problems) -> None:
    """Give each row of each table the ids of its things, and add what is new to `things`."""
    namer = _Namer(known, things, vocabulary, problems)
    for sheet in namer.ordered(sheets):
        namer.name_rows(sheet)
    for column in (c for sheet in sheets for c in sheet.columns.values()):
        column.forget()


def check_links(rules: Iterable[TableRule], known: Known, problems: Problems) -> None:
    """Note links and look-ups that lead nowhere, and columns that no rule uses."""
    tables = {str(rule.id): rule for rule in rules}
    targets = [*(i for i, r in tables.items() if len(r.key) == 1),
               *(f"{i}.{n}" for i, r in tables.items() for n, c in r.columns.items() if not c.ignore)]
    linked = {str(c.link) for r in tables.values() for c in r.columns.values() if c.link}
    for rule in tables.values():
        wanted = {*map(str, rule.key), *(n for thing in rule.things for n in thing.names)}
        for name, column in rule.columns.items():
            if not column.ignore and name not in wanted and f"{rule.id}.{name}" not in linked:
                problems.add(column.name.position, "TRT148", f"no rule uses the column `{name}`",
                             "use it, or write `ignore: why`")
            if column.link and column.link not in targets:
                problems.add(column.link.position, "TRT149",
                             f"`{column.link}` is no table with a key of one column, and no column of a table",
                             suggest(column.link, targets))
            if column.lookup and column.lookup not in known.lookups:
                problems.add(column.lookup.position, "TRT149", f"unknown look-up `{column.lookup}`",
                             suggest(column.lookup, known.lookups))


def slug(text: str) -> str:
    """Return a text as an id: small letters and digits, joined by single dashes.

    >>> slug("UNCLOS_1982A"), slug("  ")
    ('unclos-1982a', '')
    """
    return _NO_SLUG.sub("-", text.lower()).strip("-")


class _Namer:
    def __init__(self, known: Known, things: Things, vocabulary: Vocabulary, problems: Problems) -> None:
        self.known, self.things, self.vocabulary, self.problems = known, things, vocabulary, problems
        self.templates: dict[str, str] = {}
        """The number of each template."""
        self.made_of = Texts(len(things))
        """What the id of each thing was first made of: the number of the template, and values."""
        self.others: dict[tuple[str, int], str] = {}
        """What it was first made of by other templates, by template and thing."""

    def _needs(self, rule: TableRule) -> set[str]:
        """Return the tables whose things the ids of a table are made of."""
        names = {n for thing in rule.things for n in (*(n for t in thing.id for n in t.names), *thing.where)}
        return {link.partition(".")[0] for n in names if n in rule.columns and (link := rule.columns[n].link)}

    def ordered(self, sheets: Sequence[Sheet]) -> Iterator[Sheet]:
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

    def name_rows(self, sheet: Sheet) -> None:
        """Give each row the ids of its things, and let other tables find the first by the key."""
        rule = sheet.rule
        single = rule.key[0] if len(rule.key) == 1 else None
        links, hidden = self.known.links.setdefault(rule.id, {}), self.known.hidden.setdefault(rule.id, set())
        others = [n for n in rule.columns if f"{rule.id}.{n}" in self.known.links]
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
                for name in others:
                    self.known.hidden[f"{rule.id}.{name}"].update(self._texts(sheet, name, cells))
                continue
            ids: dict[str, str | None] = {}
            first: str | None = None
            for thing in rule.things:
                made = self._thing(sheet, thing, number, cells, ids)
                sheet.things.append(-1 if made is None else self.things.ids.find(made))
                first = first or made
                if thing.name:
                    ids[thing.name] = made
            if single and first:
                links[key[0]] = first
            for name in others if first else ():
                sheet.marks.mark(place, sheet.places[name], KEY)
                rows = self.known.links[f"{rule.id}.{name}"]
                for text in self._texts(sheet, name, cells):
                    rows[text] = str(first) if rows.get(text, first) == first else SEVERAL

    def _texts(self, sheet: Sheet, name: str, cells: list[str]) -> Iterator[str]:
        return (v.text for v in sheet.reading(name, cells).values if v.known)

    def _key(self, sheet: Sheet, name: str, cells: list[str]) -> str:
        reading = sheet.reading(name, cells)
        if reading.beyond:  # a row is told apart by its text, though the row that it links to is not read
            return cells[sheet.places[name]].strip()
        return reading.values[0].text if reading.values and reading.values[0].known else ""

    def _thing(self, sheet: Sheet, rule: ThingRule, number: int, cells: list[str],
               ids: Ids) -> str | None:
        """Return the id of the thing that a row gives by a rule, and keep it."""
        if not sheet.says(rule.where, cells, ids) or any(sheet.says((n,), cells, ids) for n in rule.unless):
            return None
        for template in rule.id:
            values = sheet.filled(template, cells, ids)
            if values is not None:
                return self._kept(sheet, rule, template, values, number, cells, ids)
        return None

    def _kept(self, sheet: Sheet, rule: ThingRule, template: Template, values: tuple[str, ...], number: int,
              cells: list[str], ids: Ids) -> str | None:
        word = slug(joined(template, values))
        first = sheet.places.get(template.names[0], 0) if template.names else 0
        here = sheet.table.position(number, first + 1)
        if not word or len(word) > LONGEST // 2:
            self.problems.add(here, "TRT147", f"`{joined(template, values)[:80]}` is no id for a thing",
                              f"choose columns that give {LONGEST // 2} letters and digits at most")
            return None
        there = self.things.ids.find(word)
        by = self.templates.setdefault(template.word, str(len(self.templates)))
        made_of = _JOINT.join((by, *values))
        if there < 0:
            label = next((text for t in rule.label if (text := self._label(sheet, t, cells, ids))), word)
            self.things.add(Thing(Word(word, here), rule.type, Word(label, here)))
            self.made_of.add(made_of)
            return word
        before = self.made_of[there]
        if before.partition(_JOINT)[0] != by:
            before = self.others.setdefault((by, there), made_of)
        if before != made_of:
            self.problems.add(here, "TRT147", f"two keys give the id `{word}`: "
                              f"{', '.join(before.split(_JOINT)[1:])} and {', '.join(values)}",
                              "tell them apart by another column, or a look-up")
        known = self.things.type_of(there)
        if known != rule.type and not self.vocabulary.is_a(known, (rule.type,)):
            place = self.things[word].id.position
            self.problems.add(here, "TRT147", f"`{word}` is a {known} ({place}), and the rule in line "
                              f"{rule.type.position.line} makes it a {rule.type}", "give one of them another id")
        return word

    def _label(self, sheet: Sheet, template: Template, cells: list[str], ids: Ids) -> str:
        values = sheet.filled(template, cells, ids)
        named = (self._title(sheet, n, v, ids) for n, v in zip(template.names, values or (), strict=False))
        text = " ".join(joined(template, named).split()) if values is not None else ""
        return text if len(text) <= LONGEST_LABEL else text[:LONGEST_LABEL - 1] + "…"

    def _title(self, sheet: Sheet, name: str, value: str, ids: Ids) -> str:
        """Return what a value is called: a thing by its label."""
        rule = sheet.rule.columns.get(name)
        speaks = name in ids or (rule and (rule.link or rule.lookup))
        return self.things.label(value) if speaks and value in self.things else value
