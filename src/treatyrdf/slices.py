"""The facts of a data set -> its slices: what hangs together stands together, so that each can be worked on alone.

Treaties, relations and their events that facts join form a group; groups are put together until a slice is
large enough. Facts with the same passage stand together, so that nothing is told twice, and a fact stands
with those it follows from. What many slices speak of (parties, places, works) is told in the first.
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .model import Citation, Dataset, Fact, Passage, Source
from .vocabulary import Vocabulary

SHARED = ("Agent", "Calendar", "Category", "Place", "Work")
STATUS = "statusAsOf"
"""What a source says of how things stand, which bounds the states of all that it tells of."""
WHOLE = 5_000
"""Facts up to which a data set is a single slice."""
ENOUGH = 1_000
"""Facts from which a slice is large enough."""


@dataclass(frozen=True)
class Cut:
    """A data set in slices, each with its own things, facts, and passages."""

    slices: tuple[Dataset, ...]
    shared: Dataset | None = None
    """What every slice may refer to: shared things, all citations, and facts of the first slice that others rest on."""
    assumed: frozenset[str] = frozenset()
    """The claims that some fact takes for granted, in whatever slice."""


def cut(dataset: Dataset, vocabulary: Vocabulary) -> Cut:
    """Return the slices of a data set, the first with all that is shared; a small one is one slice."""
    facts = (*dataset.facts, *dataset.silences)
    if len(facts) <= WHOLE:
        return Cut((dataset,))
    own = {str(t.id) for t in dataset.things.values() if not vocabulary.is_a(t.type, SHARED)}
    groups = _Groups(own, dataset, facts, vocabulary)
    number = groups.packed()
    count = max(number.values(), default=0) + 1
    things: list[list[str]] = [[] for _ in range(count)]
    for key in dataset.things:
        things[number.get(groups.root(key), 0)].append(key)
    places = [number.get(groups.of(fact), 0) for fact in facts]
    told: list[list[Fact]] = [[] for _ in range(count)]
    silent: list[list[Fact]] = [[] for _ in range(count)]
    for n, fact in enumerate(facts):
        (told if n < len(dataset.facts) else silent)[places[n]].append(fact)
    sources = _sources(dataset, map(groups.passage, facts), places, count)
    bare = replace(dataset, ledger=None)
    slices = tuple(replace(bare, things={k: dataset.things[k] for k in own_things}, sources=own_sources,
                           facts=tuple(own_facts), silences=tuple(silences))
                   for own_things, own_sources, own_facts, silences in zip(things, sources, told, silent, strict=True))
    needed = _needed(facts, places, groups.premises)
    known = {at.key for fact in needed if (at := groups.passage(fact))}
    shared = replace(
        bare, things={k: t for k, t in dataset.things.items() if k not in own}, facts=needed, silences=(),
        sources={id_: replace(s, passages={at: p for at, p in s.passages.items() if p.key in known})
                 for id_, s in dataset.sources.items()})
    return Cut(slices, shared, frozenset(str(i) for fact in facts for i in fact.reasoning.assumes))


def joined(part: Dataset, shared: Dataset | None) -> Dataset:
    """Return a slice with what all may refer to, so that everything it names is there."""
    if shared is None:
        return part
    mine = set(map(id, part.facts))
    sources = {id_: replace(s, passages={**s.passages, **part.sources[id_].passages})
               for id_, s in shared.sources.items()}
    return replace(part, things={**shared.things, **part.things}, sources=sources,
                   facts=(*part.facts, *(f for f in shared.facts if id(f) not in mine)))


def fold(value: object) -> bytes:
    """Return a value as few bytes: so it waits until its turn, or travels to another process."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unfold(folded: bytes) -> Any:
    """Return what was folded, by this program alone."""
    return pickle.loads(zlib.decompress(folded))


class _Groups:
    """Facts, things and passages that hang together, each group known by one of them (union-find)."""

    def __init__(self, own: set[str], dataset: Dataset, facts: Sequence[Fact], vocabulary: Vocabulary) -> None:
        self.own, self.dataset, self.facts = own, dataset, facts
        self.above: dict[str, str] = {}
        properties = vocabulary.properties
        self.linking = {name for name, p in properties.items() if p.kind == "thing"}
        self.dating = {name for name, p in properties.items() if p.kind == "edtf"}
        self.single = {name for name, p in properties.items() if p.single}
        for fact in facts:
            self._join(_key(fact), self._joined(fact))
        by_id = {str(fact.id): fact for fact in facts}
        self.premises = {str(f.id): found for f in facts if (found := [*_premises(f, by_id)])}
        self._follow()

    def _join(self, first: str, others: Iterable[str]) -> None:
        for other in others:
            self.above[self.root(other)] = self.root(first)

    def _joined(self, fact: Fact) -> Iterator[str]:
        """Yield what a fact joins: its passage, the things of its own that it names, or the shared one it is about.

        How far a source tells joins nothing, for all that rests on that source needs it.
        """
        if self._is_status(fact):
            return
        if at := self.passage(fact):
            yield at.key
        objects = [v for name, value in fact.statements if value for v in self._named(name, value) if v in self.own]
        yield from objects
        if fact.subject in self.own:
            yield fact.subject
        elif not objects or fact.reasoning.premises or any(name in self.single for name, _ in fact.statements):
            yield f"about {fact.subject}"

    def _is_status(self, fact: Fact) -> bool:
        """Tell whether a fact says how far a source tells."""
        return fact.subject in self.dataset.sources and any(name == STATUS for name, _ in fact.statements)

    def _named(self, name: str, value: str) -> Sequence[str]:
        """Return the words of a value that may be things: a date can be told by another event."""
        return (value,) if name in self.linking else value.split() if name in self.dating else ()

    def passage(self, fact: Fact) -> Passage | None:
        """Return the passage where a fact stands, None where it is not there."""
        named, mark, locator = fact.at.rpartition("#")
        source = named if mark else next(iter(self.dataset.sources), "")
        found = self.dataset.sources.get(source)
        return found.passages.get(locator) if found else None

    def root(self, key: str) -> str:
        """Return what the group of a thing or passage is known by."""
        while (over := self.above.get(key, key)) != key:
            self.above[key] = key = self.above.get(over, over)
        return key

    def of(self, fact: Fact) -> str:
        """Return what the group of a fact is known by."""
        return self.root(_key(fact))

    def _follow(self) -> None:
        """Join facts to their premises, but for those premises that are about shared things alone.

        Where it follows from things of its own how far a source tells, all that rests on the source joins them.
        """
        resting, joined = [f for f in self.facts if str(f.id) in self.premises], True
        telling = {str(f.id): [_key(t) for t in self.facts if (at := self.passage(t)) and at.source == f.subject]
                   for f in resting if self._is_status(f)}
        while joined:
            joined = False
            placed = {self.root(key) for key in self.own}
            for fact in resting:
                for premise in self.premises[str(fact.id)]:
                    if self.of(premise) in placed and self.of(fact) != self.of(premise):
                        self._join(_key(premise), [_key(fact), *telling.get(str(fact.id), ())])
                        joined = True

    def packed(self) -> dict[str, int]:
        """Return the number of the slice of each group with things of its own, in the order of their first facts."""
        placed = {self.root(key) for key in self.own}
        sizes: dict[str, int] = {}
        for fact in self.facts:
            if (key := self.of(fact)) in placed:
                sizes[key] = sizes.get(key, 0) + 1
        numbers, number, filled = {}, 1, 0
        for key, size in sizes.items():
            if filled >= ENOUGH:
                number, filled = number + 1, 0
            numbers[key], filled = number, filled + size
        return numbers


def _key(fact: Fact) -> str:
    return f"fact {fact.id}"  # neither things nor passages have a space


def _premises(fact: Fact, by_id: Mapping[str, Fact]) -> Iterator[Fact]:
    """Yield the facts that a fact rests on; the id of a claim is that of its fact, and more behind dots."""
    for word in (*fact.reasoning.premises, *fact.reasoning.assumes):
        id_ = str(word)
        while id_ and id_ not in by_id:
            id_ = id_.rpartition(".")[0]
        if id_:
            yield by_id[id_]


def _needed(facts: Sequence[Fact], places: Sequence[int], premises: Mapping[str, Sequence[Fact]]) -> tuple[Fact, ...]:
    """Return the facts of the first slice that others rest on, with all that is told of the same things."""
    first = {str(f.id) for f, n in zip(facts, places, strict=True) if not n}
    needed = {str(p.subject) for f, n in zip(facts, places, strict=True) if n for p in premises.get(str(f.id), ())
              if str(p.id) in first}
    needed |= {str(f.subject) for f in facts if str(f.id) in first and any(name == STATUS for name, _ in f.statements)}
    before = -1
    while len(needed) != before:
        before = len(needed)
        needed |= {str(p.subject) for f in facts if str(f.id) in first and f.subject in needed
                   for p in premises.get(str(f.id), ())}
    return tuple(f for f in facts if f.subject in needed and str(f.id) in first)


def _sources(dataset: Dataset, standing: Iterable[Passage | None], places: Sequence[int],
             count: int) -> list[dict[str, Source]]:
    """Return the sources of each slice with the passages it needs; the first has those nobody needs."""
    place: dict[str, int] = {}
    for passage, n in zip(standing, places, strict=True):
        if passage:  # all others may speak of what stands in the first
            place[passage.key] = min(n, place.get(passage.key, n))
    found: list[dict[str, Source]] = [{} for _ in range(count)]
    for name, source in dataset.sources.items():
        passages: list[dict[str, Passage]] = [{} for _ in range(count)]
        citations: list[dict[str, Citation]] = [{} for _ in range(count)]
        for at, passage in source.passages.items():
            passages[place.get(passage.key, 0)][at] = passage
        for id_, citation in source.citations.items():
            citations[place.get(citation.passage.key, 0)][id_] = citation
        for n, own in enumerate(found):
            own[name] = replace(source, passages=passages[n], citations=citations[n])
    return found
