"""Claims about dates and order -> constraints on the begin and the end of events.

Nothing firm rests on anything doubtful: each constraint names the assumptions its claims need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .model import Claim, Dataset
from .names import Names, local, trt
from .network import TICKS, Edge
from .reasons import admitted, affirms
from .vocabulary import Vocabulary
from .when import day_bounds, first_day, last_day
from .wording import parse_duration

ORDER: Mapping[str, tuple[tuple[str, str, int, str], ...]] = {
    "before": (("o0", "s1", 1, ""),),
    "after": (("s0", "o1", 1, ""),),
    "during": (("s0", "o0", 0, ""), ("o1", "s1", 0, "")),
    "yearAfter": (("s0", "o1", 1, "year"), ("o1", "s1", -1, "year")),
    "byMeansOf": (("s1", "o0", 0, ""),),
    "resultedIn": (("o1", "s0", 0, ""),),
    "joins": (("s0", "o0", 0, ""),),
}
"""What a property says of begin (0) and end (1) of its subject (s) and object (o).

Each row reads: the first is not before the second, moved by ticks or by whole units of the calendar.
"""

DISTANCE: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "after": (("s0", "o1"), ("o1", "s1")),
    "before": (("o0", "s1"), ("s0", "o0")),
}
"""Which points a least and a most distance lie between, for each order."""

EARLIEST, LATEST = "earliestYear", "latestYear"



class Constraints:
    """The constraints of all claims of a data set."""

    def __init__(self, claims: Mapping[str, Claim], dataset: Dataset, vocabulary: Vocabulary,
                 names: Names) -> None:
        """Keep the claims by id; they may be added to, but not change their standing."""
        self.claims, self.vocabulary = claims, vocabulary
        self.events = {names.thing(t.id): t for t in dataset.things.values()
                       if vocabulary.is_a(t.type, ("Event", "Treaty"))}
        self.basis = {vocabulary.concept("BasisScheme", w) for w in dataset.header.basis}
        self.certainty = {vocabulary.concept("CertaintyScheme", w) for w in dataset.header.certainty}
        self._needed: dict[str, frozenset[str]] = {}

    def edges(self) -> Iterator[Edge]:
        """Yield the constraints of all claims; no event ends before it begins."""
        for term in self.events:
            yield Edge((term, 1), (term, 0), 0, ())
        told: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            name = local(claim.predicate)
            if self._holds(claim) and claim.subject:
                told.setdefault(name, []).append(claim)
                yield from self._constraints(claim, name)
        yield from self._firsts(told)

    def _holds(self, claim: Claim) -> bool:
        """Tell whether a claim constrains anything; a mere condition is no finding.

        The years of a date say less than the date, which constrains by itself.
        """
        date = self.claims.get(claim.id.rpartition(".")[0])
        if not affirms(claim) or (
                date is not None and date.predicate == trt("date") and date.fact is claim.fact):
            return False
        return not ("Assumption" in claim.kinds and claim.qualifiers["basis"] == trt("Supposed"))

    def _constraints(self, claim: Claim, name: str) -> Iterator[Edge]:
        subject, object_ = claim.subject, str(claim.object)
        needs, why = self.needs(claim), (claim.id,)
        if subject not in self.events:
            return
        if name in ORDER and object_ in self.events:
            ends = {"s0": (subject, 0), "s1": (subject, 1), "o0": (object_, 0), "o1": (object_, 1)}
            for later, earlier, shift, grain in (*ORDER[name], *_distances(claim, name)):
                yield Edge(ends[later], ends[earlier], shift, why, needs, grain)
            return
        low, high = _days(name, object_)
        if low is not None:
            yield Edge((subject, 0), None, low * TICKS, why, needs)
        if high is not None:
            yield Edge(None, (subject, 1), (high + 1) * TICKS - 1, why, needs)

    def _firsts(self, told: Mapping[str, list[Claim]]) -> Iterator[Edge]:
        """Yield what holds of every relation and treaty.

        A relation is formed before anything changes it, and its treaty is signed before that; what
        ends the force of a treaty comes after it enters into force, where it does so once.
        """
        changes = _grouped(told.get("changes", ()))
        signings = _grouped(told.get("signedIn", ()), by_subject=True)
        ends = {(c.subject, c.object): c for c in told.get("endsState", ())}
        for events in changes.values():
            formed = [c for c in events if self._is(c.subject, "Formation")]
            for first in formed:
                for other in (c for c in events if c not in formed):
                    yield self._edge((other.subject, 0), (first.subject, 1), first, other)
            entered = [c for c in events if self._is(c.subject, "EntryIntoForce")]
            for other in events if len({c.subject for c in entered}) == 1 else ():
                ended = ends.get((other.subject, trt("InForce")))
                if ended and other not in entered:
                    yield self._edge((other.subject, 0), (entered[0].subject, 1), entered[0], other, ended)
        for origin in told.get("establishes", ()):
            for signed in signings.get(origin.subject, ()):
                for first in changes.get(str(origin.object), ()):
                    if self._is(first.subject, "Formation"):
                        for end in (0, 1):
                            yield self._edge((first.subject, end), (str(signed.object), end),
                                             origin, signed, first)

    def _edge(self, later: tuple[str, int], earlier: tuple[str, int], *claims: Claim) -> Edge:
        needs = frozenset[str]().union(*(self.needs(c) for c in claims))
        return Edge(later, earlier, 0, tuple(c.id for c in claims), needs)

    def _is(self, term: str, kind: str) -> bool:
        return term in self.events and self.vocabulary.is_a(self.events[term].type, (kind,))

    def needs(self, claim: Claim) -> frozenset[str]:
        """Return all that is taken for granted with a claim: itself too, when it is not firm."""
        order = [claim]
        for one in order:
            order += [self.claims[p] for p in one.premises if p in self.claims
                      and p not in self._needed and self.claims[p] not in order]
        for one in reversed(order):
            firm = admitted(one, self.basis, self.certainty) and "DisputedClaim" not in one.kinds
            own = frozenset[str]() if firm else frozenset({one.id})
            self._needed[one.id] = own.union(one.rests_on, *(self._needed.get(p, ()) for p in one.premises))
        return self._needed[claim.id]


def _grouped(claims: Iterable[Claim], by_subject: bool = False) -> dict[str, list[Claim]]:
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        groups.setdefault(claim.subject if by_subject else str(claim.object), []).append(claim)
    return groups


def _distances(claim: Claim, name: str) -> Iterator[tuple[str, str, int, str]]:
    """Yield how far apart two events are, as rows like those of ORDER."""
    for sign, points, key in zip((1, -1), DISTANCE.get(name, ()), ("leastDistance", "mostDistance"),
                                 strict=False):
        if key in claim.qualifiers:
            count, grain = parse_duration(claim.qualifiers[key].strip('"'))
            yield (*points, sign * count, grain)


def _days(name: str, term: str) -> tuple[int | None, int | None]:
    """Return the first and last day that a claim of time allows."""
    text = term[1:term.rindex('"')] if term.startswith('"') else ""
    if name == "date":
        return day_bounds(text)
    return (first_day(int(text)) if name == EARLIEST else None,
            last_day(int(text)) if name == LATEST else None)
