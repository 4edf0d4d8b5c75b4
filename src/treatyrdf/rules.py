"""The frozen rules of a mapping: columns, things and facts of a table, and look-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .formats import Dialect
from .model import Standing, Word
from .spelling import Spelling

_STANDING = ("basis", "polarity", "certainty", "claimant", "calendar")


@dataclass(frozen=True)
class Template:
    """A text with holes for columns; `parts` are the texts between the holes, one more than the names."""

    word: Word
    parts: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def bare(self) -> bool:
        """Tell whether it is one column and nothing else."""
        return self.parts == ("", "")


@dataclass(frozen=True)
class ColumnRule:
    """How the texts of one column become values, under one name."""

    name: Word
    title: Word
    null: frozenset[str]
    only: re.Pattern[str] | None
    match: re.Pattern[str] | None
    separator: re.Pattern[str] | None
    lookup: Word | None
    link: Word | None
    date: tuple[Spelling, ...]
    ignore: Word | None


@dataclass(frozen=True)
class FactRule:
    """A property of a thing and where its values come from; `where` names columns that must say something."""

    property: Word
    values: tuple[Template, ...]
    where: tuple[Word, ...]
    words: Mapping[str, Word]

    @cached_property
    def standing(self) -> Standing:
        """Return how all its facts are held."""
        word = self.words.get
        return Standing(word("basis"), word("polarity"), word("certainty"), None,
                        (self.words["claimant"],) if "claimant" in self.words else (), word("calendar"))

    @cached_property
    def said(self) -> Mapping[str, Word]:
        """Return what is said of all its facts in plain words."""
        return {name: word for name, word in self.words.items() if name not in _STANDING}


@dataclass(frozen=True)
class ThingRule:
    """A thing that each row gives, with the facts about it; by its name other rules speak of it."""

    name: str
    id: tuple[Template, ...]
    type: Word
    label: tuple[Template, ...]
    where: tuple[Word, ...]
    unless: tuple[Word, ...]
    facts: tuple[FactRule, ...]

    @property
    def names(self) -> set[str]:
        """Return the names of all columns that the rule and its facts use."""
        templates = (*self.id, *self.label, *(t for f in self.facts for t in f.values))
        return {*(n for t in templates for n in t.names), *map(str, self.where), *map(str, self.unless),
                *(str(w) for f in self.facts for w in f.where)}


@dataclass(frozen=True)
class TableRule:
    """How one table is read: its file and source, its columns, the things of its rows."""

    id: Word
    file: Word
    label: Word
    rights: Word
    sha256: Word | None
    bytes: Word | None
    dialect: Dialect
    key: tuple[Word, ...]
    columns: Mapping[str, ColumnRule]
    things: tuple[ThingRule, ...]


@dataclass(frozen=True)
class Lookup:
    """A curated table from texts to words; with a `file`, two columns of it."""

    name: Word
    words: Mapping[str, Word] = field(default_factory=dict)
    file: Word | None = None
    source: Word | None = None
    target: Word | None = None
