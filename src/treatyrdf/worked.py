"""A slice -> its claims, worked out: dates, conflicts, bounds, states; and the quads that they make."""

from __future__ import annotations

from dataclasses import dataclass

from .chronology import tighten
from .claims import resolve_claims
from .conflicts import Conflict, conflict_quads, find_conflicts, order_conflicts, settle_conflicts
from .errors import DataError, Problem
from .graph import TYPE, fact_quads, record_name, thing_quads
from .model import Claim, Dataset, Quad
from .names import Names, trt
from .provenance import claim_quads, holder_quads, passage_quads
from .reasons import mark_assumptions, withdraw
from .slices import joined
from .spans import span_claims
from .states import State, find_states, state_claims, state_quads
from .tally import Tally, tally
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Worked:
    """A slice worked out: its things, the passages that its claims rest on, its claims, states and conflicts."""

    dataset: Dataset
    claims: tuple[Claim, ...]
    states: tuple[State, ...]
    conflicts: tuple[Conflict, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    """The evidence that the first slice tells of: that of the facts all slices share."""
    common: tuple[Quad, ...] = ()
    """What is said of the data set as a whole, of its sources and of who holds its claims: in the first alone."""


@dataclass(frozen=True)
class Told:
    """What the first slice and the description must know of another slice."""

    tally: Tally
    holders: frozenset[tuple[str, ...]]
    """Who holds its claims, as chains."""
    assumed: frozenset[str]
    """The claims of other slices that its own take for granted."""
    named: frozenset[str]
    """The names of its claims, where dataset.yaml deprecates any."""


@dataclass(frozen=True)
class Made:
    """The quads of a slice, sorted; those that it needs beside those all share, to be validated; and what is told."""

    quads: tuple[Quad, ...]
    beside: tuple[Quad, ...]
    told: Told


@dataclass(frozen=True)
class Maker:
    """What works out a slice; it holds none, so that it can be sent to where one is."""

    vocabulary: Vocabulary
    names: Names
    keep: bool
    """Whether firm claims that contradict each other are kept."""
    shared: Dataset | None = None
    assumed: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def work_out(self, part: Dataset) -> Worked:
        """Return a slice with its claims; raises DataError with every problem of its facts."""
        vocabulary, names = self.vocabulary, self.names
        dataset = joined(part, self.shared)
        claims = withdraw(resolve_claims(dataset, vocabulary, names, self.assumed), self.without)
        conflicts = find_conflicts(claims, dataset, vocabulary, names)
        if self.keep:
            claims, conflicts = settle(claims, conflicts, dataset, vocabulary, names)
        claims, times = tighten(claims, dataset, vocabulary, names)
        states = find_states(claims, times, dataset, vocabulary, names, complete=not self.without and not self.keep)
        claims = (*claims, *state_claims(states, claims, dataset, vocabulary, names))
        claims = mark_assumptions((*claims, *span_claims(states, claims, dataset, vocabulary, names)))
        if self.shared is None:
            return Worked(part, claims, states, conflicts)
        others = set(map(id, self.shared.facts)) - set(map(id, part.facts))
        return Worked(part, tuple(c for c in claims if id(c.fact) not in others), states,
                      tuple(c for c in conflicts if id(c.claims[0].fact) not in others),
                      frozenset(e.key for c in claims if id(c.fact) in others for e in c.evidence))

    def quads(self, worked: Worked) -> tuple[Quad, ...]:
        """Return the quads of a slice, sorted."""
        vocabulary, names, dataset = self.vocabulary, self.names, worked.dataset
        return tuple(sorted(dict.fromkeys((  # unlike a set it keeps the order of claims, in which sorting is quick
            *worked.common, *thing_quads(dataset, vocabulary, names),
            *state_quads(worked.states, dataset, vocabulary, names), *fact_quads(worked.claims, names),
            *claim_quads(worked.claims, names, worked.elsewhere), *conflict_quads(worked.conflicts, names),
            *passage_quads(dataset, vocabulary, names)))))

    def told(self, worked: Worked) -> Told:
        """Return what the first slice and the description must know of a slice."""
        claims, own = worked.claims, {c.id for c in worked.claims}
        named = frozenset(map(record_name, claims)) if worked.dataset.header.deprecated else frozenset[str]()
        return Told(tally(worked.dataset, claims, worked.conflicts), frozenset(c.holders for c in claims),
                    frozenset(a for c in claims for a in c.assumes if a not in own), named)

    def make(self, part: Dataset) -> Made:
        """Return what a slice that is not the first gives."""
        worked = self.work_out(part)
        told, names = self.told(worked), self.names
        beside = (*holder_quads(sorted(told.holders), names),
                  *((names.record("claim", id_), TYPE, trt("Assumption"), names.graph("claims"))
                    for id_ in sorted(told.assumed)))
        return Made(self.quads(worked), beside, told)


def settle(claims: tuple[Claim, ...], conflicts: tuple[Conflict, ...], dataset: Dataset, vocabulary: Vocabulary,
           names: Names) -> tuple[tuple[Claim, ...], tuple[Conflict, ...]]:
    """Return the claims of which no firm ones contradict each other any more, and the conflicts that were."""
    claims = settle_conflicts(claims, conflicts)
    while True:
        clashes: list[tuple[str, ...]] = []
        tighten(claims, dataset, vocabulary, names, clashes)
        found = order_conflicts(clashes, claims, dataset, vocabulary, names)
        if not found:
            return claims, conflicts
        lost = {c.id for conflict in found for c in conflict.claims if c.id not in conflict.preferred}
        if not any(c.id in lost and "DisputedClaim" not in c.kinds for c in claims):
            told = ", ".join(c.id for conflict in found for c in conflict.claims)
            raise DataError([Problem(found[0].claims[0].fact.id.position, "TRT049",
                                     f"claims that are held to be right contradict each other: {told}",
                                     "name one of them under `holds`, or none")])
        conflicts = tuple(sorted((*conflicts, *found), key=lambda c: c.key))
        claims = settle_conflicts(claims, found)
