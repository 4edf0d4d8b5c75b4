"""A data set -> its slices: what hangs together stands together, so that each can be worked on alone.

Treaties, relations and their events that claims join form a group; groups are put together until a
slice is large enough. Claims with the same passage stand together, so that nothing is told twice. What
many slices speak of (parties, places, works) is told in the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .conflicts import Conflict
from .model import Citation, Claim, Dataset, Passage, Quad, Source
from .names import Names
from .states import State
from .vocabulary import Vocabulary

SHARED = ("Agent", "Calendar", "Category", "Place", "Work")
WHOLE = 20_000
"""Claims up to which a data set is a single slice."""
ENOUGH = 5_000
"""Claims from which a slice is large enough."""


@dataclass(frozen=True)
class Slice:
    """A part of a data set: its things, the passages that its claims rest on, its claims and states."""

    dataset: Dataset
    claims: tuple[Claim, ...]
    states: tuple[State, ...]
    conflicts: tuple[Conflict, ...] = ()
    common: tuple[Quad, ...] = ()
    """What is said of the data set as a whole, of its sources and of who holds its claims: in the first alone."""


def cut(dataset: Dataset, claims: Sequence[Claim], states: Sequence[State], conflicts: Sequence[Conflict],
        common: tuple[Quad, ...], vocabulary: Vocabulary, names: Names) -> tuple[Slice, ...]:
    """Return the slices of a data set, the first with all that is shared; a small one is one slice."""
    if len(claims) <= WHOLE:
        return (Slice(dataset, tuple(claims), tuple(states), tuple(conflicts), common),)
    own = {names.thing(t.id): str(t.id) for t in dataset.things.values()
           if not vocabulary.is_a(t.type, SHARED)}
    own |= {names.record("state", s.key): own[s.of] for s in states if s.of in own}
    groups = _Groups(own, claims)
    number = groups.packed()
    things: list[list[str]] = [[] for _ in range(max(number.values(), default=0) + 1)]
    parts: list[list[Claim]] = [[] for _ in things]
    held: list[list[State]] = [[] for _ in things]
    for key in dataset.things:
        things[number.get(groups.root(key), 0)].append(key)
    for claim in claims:
        parts[number.get(groups.of(claim), 0)].append(claim)
    for state in states:
        held[number.get(groups.root(own.get(state.of, "")), 0)].append(state)
    disputed: list[list[Conflict]] = [[] for _ in things]
    for conflict in conflicts:
        disputed[number.get(groups.of(conflict.claims[0]), 0)].append(conflict)
    sources = _sources(dataset, parts)
    bare = replace(dataset, facts=(), silences=(), explained=(), ledger=None)
    return tuple(
        Slice(replace(bare, things={k: dataset.things[k] for k in t}, sources=s),
              tuple(c), tuple(h), tuple(d), () if number else common)
        for number, (t, c, h, d, s) in enumerate(zip(things, parts, held, disputed, sources, strict=True)))


class _Groups:
    """Things and passages joined by claims, each group known by one of them (union-find)."""

    def __init__(self, own: Mapping[str, str], claims: Sequence[Claim]) -> None:
        self.own, self.claims = own, claims
        self.by_id = {c.id: c for c in claims}
        self.above: dict[str, str] = {}
        for claim in claims:
            first, *others = self._joined(claim) or [""]
            for other in others:
                self.above[self.root(other)] = self.root(first)

    def _joined(self, claim: Claim) -> list[str]:
        """Return what a claim joins: its subject and object, what its reasons are about, its passages."""
        terms = [claim.subject, claim.object or ""]
        terms += [self.by_id[i].subject for i in (*claim.premises, *claim.assumes) if i in self.by_id]
        return [*(self.own[t] for t in terms if t in self.own), *(e.passage.key for e in claim.evidence)]

    def root(self, key: str) -> str:
        """Return the thing or passage that a group is known by."""
        while (over := self.above.get(key, key)) != key:
            self.above[key] = key = self.above.get(over, over)
        return key

    def of(self, claim: Claim) -> str:
        """Return the group of a claim, empty for one that is about nothing of its own."""
        joined = self._joined(claim)
        return self.root(joined[0]) if joined else ""

    def packed(self) -> dict[str, int]:
        """Return the number of the slice of each group with things, in the order of their first claims."""
        with_things = {self.root(key) for key in self.own.values()}
        sizes: dict[str, int] = {}
        for claim in self.claims:
            if (key := self.of(claim)) in with_things:
                sizes[key] = sizes.get(key, 0) + 1
        numbers, number, filled = {}, 1, 0
        for key, size in sizes.items():
            if filled >= ENOUGH:
                number, filled = number + 1, 0
            numbers[key], filled = number, filled + size
        return numbers


def _sources(dataset: Dataset, parts: Sequence[Sequence[Claim]]) -> list[dict[str, Source]]:
    """Return the sources of each slice with the passages it needs; the first has those nobody needs."""
    place = {e.passage.key: n for n, claims in enumerate(parts) for c in claims for e in c.evidence}
    found: list[dict[str, Source]] = [{} for _ in parts]
    for name, source in dataset.sources.items():
        passages: list[dict[str, Passage]] = [{} for _ in parts]
        citations: list[dict[str, Citation]] = [{} for _ in parts]
        for at, passage in source.passages.items():
            passages[place.get(passage.key, 0)][at] = passage
        for id_, citation in source.citations.items():
            citations[place.get(citation.passage.key, 0)][id_] = citation
        for n, own in enumerate(found):
            own[name] = replace(source, passages=passages[n], citations=citations[n])
    return found
