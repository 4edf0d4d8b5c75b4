"""The frozen values that flow through the tool, from what a curator wrote to what is published."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter

from .errors import Position
from .ledger import Ledger

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph, each as an N-Quads term (https://www.w3.org/TR/n-quads/)."""


class Word(str):
    """Text as a curator wrote it, with the position where it stands."""

    __slots__ = ("position",)
    position: Position

    def __new__(cls, text: str, position: Position) -> Word:
        """Return `text`, remembering where it was."""
        word = super().__new__(cls, text)
        word.position = position
        return word


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a source and the SHA-256 of its UTF-8 text: half-open character offsets, or a cell.

    A cell has a fragment identifier instead, and the standard that it conforms to.
    """

    source: str
    at: Word
    start: int
    end: int
    sha256: str
    fragment: str = ""
    standard: str = ""

    @property
    def place(self) -> tuple[int, ...]:
        """Return where it stands among the passages of its source."""
        return tuple(map(int, self.at.split("."))) if self.fragment else (self.start,)

    @property
    def key(self) -> str:
        """Return the local name of the passage, unique in the data set."""
        return f"{self.source}.{self.at}"

    @property
    def paragraph(self) -> str:
        """Return the locator up to the last dot: the paragraph of a sentence."""
        return f"{self.source}.{self.at.rpartition('.')[0] or self.at}"


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference that stands in a source and names works; a block stays one citation."""

    id: Word
    passage: Passage
    scope: Word
    works: tuple[Word, ...]
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A text that facts are taken from; only its locators and hashes are kept."""

    id: Word
    label: Word
    rights: Word
    sha256: str
    bytes: int
    passages: Mapping[str, Passage] = field(default_factory=dict)
    citations: Mapping[str, Citation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something facts are about: its class and the label the data set gives it."""

    id: Word
    type: Word
    label: Word
    unnamed: bool = False
    note: Word | None = None


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Why an inferred fact holds: premises, the rule that joins them, and what is assumed."""

    premises: tuple[Word, ...] = ()
    rule: Word | None = None
    assumes: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a fact is held: evidential words as typed, None where the curator left the default."""

    basis: Word | None = None
    polarity: Word | None = None
    certainty: Word | None = None
    realm: Word | None = None
    claimant: tuple[Word, ...] = ()
    calendar: Word | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of a curator: a subject, statements about it, and one citation for them all.

    A silence is a Fact whose statements have no value: the source says nothing on them.
    """

    id: Word
    subject: Word
    statements: tuple[tuple[Word, Word | None], ...]
    at: Word
    cites: tuple[Word, ...]
    standing: Standing = Standing()
    reasoning: Reasoning = Reasoning()
    words: Mapping[str, Word] = field(default_factory=dict)
    """What is said of the fact in plain words: `number`, `says`, `note`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a fact stands and which citation covers it there, with the scope of that cover."""

    passage: Passage
    citation: Citation | None
    scope: str

    @property
    def key(self) -> str:
        """Return the local name, shared by all facts with the same evidence."""
        return self.passage.key + (f".{self.citation.id}" if self.citation else "")


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement with all that is known of its standing; the atom of a data set.

    `subject`, `predicate` and `object` are N-Quads terms; `object` is None for a silence.
    `qualifiers` holds the terms that qualify it, by property: basis, polarity, certainty, realm; for a
    claim of time also its calendar, and what the wording of a date adds.
    """

    id: str
    fact: Fact
    subject: str
    predicate: str
    object: str | None
    qualifiers: Mapping[str, str]
    holders: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    premises: tuple[str, ...] = ()
    rule: str | None = None
    assumes: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    """Every assumption it takes for granted, directly or through its reasons."""
    kinds: tuple[str, ...] = ()
    asserted: bool = False

    @property
    def computed(self) -> bool:
        """Tell whether no curator wrote it: it was worked out from other claims."""
        return not self.fact.statements


@dataclass(frozen=True, slots=True)
class Listing:
    """How the data set is listed in catalogues; empty where the curator left the default."""

    publisher: Word | None = None
    contact: Word | None = None
    landing: Word | None = None
    download: Word | None = None
    endpoint: Word | None = None
    keywords: tuple[Word, ...] = ()
    themes: tuple[Word, ...] = ()
    availability: Word | None = None
    previous: Word | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What dataset.yaml says of the data set as a whole."""

    id: Word
    base: str
    title: Word
    description: Word
    language: Word
    version: Word
    issued: Word
    licence: Word
    creator: Word
    realm: Word
    calendar: Word
    basis: tuple[Word, ...]
    certainty: tuple[Word, ...]
    absent: tuple[Word, ...] = ()
    counts: Mapping[Word, tuple[int, int | None]] = field(default_factory=dict)
    questions: tuple[Word, ...] = ()
    """The shared questions that it asks; all, when it names none."""
    site: bool = True
    prefer: tuple[Word, ...] = ()
    """The sources whose claims win over those of others, the best first."""
    conflicts: Word | None = None
    """Whether firm claims that contradict each other are kept or stop the build."""
    listing: Listing = Listing()
    deprecated: Mapping[Word, tuple[Word, ...]] = field(default_factory=dict)
    """What was published once and is no more, by its name below the base, and what replaces it."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why claims differ, in a curator's words, and which of them holds if any does."""

    about: Word
    claims: tuple[Word, ...]
    because: Word
    holds: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """All that a curator wrote, read but not yet resolved."""

    header: Header
    sources: Mapping[str, Source]
    things: Mapping[str, Thing]
    facts: tuple[Fact, ...]
    silences: tuple[Fact, ...]
    explained: tuple[Explained, ...] = ()
    ledger: Ledger | None = None
    """What became of the cells of its tables; None where it has none."""


def _send(made: type) -> None:
    """Let values of a class travel to other processes by what their fields hold: far quicker than the usual way."""
    held = attrgetter(*(f.name for f in fields(made)))
    copyreg.pickle(made, lambda value: (made, held(value)))


for _made in (Passage, Thing, Standing, Fact):  # of these there are many
    _send(_made)
copyreg.pickle(Word, lambda word: (Word, (str(word), word.position)))
