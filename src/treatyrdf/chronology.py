"""Constraints of time -> the tightest bounds of every event, as claims with their reasons.

`network` solves each independent part of the constraints. A bound that follows from several claims is
published as a claim of the data set: its premises are the claims of the chain, its assumptions those
that any of them needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from .constraints import EARLIEST, LATEST, Constraints
from .errors import Problems
from .model import Claim, Dataset
from .names import Names, integer, trt
from .network import TICKS, Bound, Edge, Point, components, solve
from .reasons import worked_out
from .vocabulary import Vocabulary
from .when import year_of


@dataclass
class Times:
    """What is certain of the order of events: their bounds in ticks, and which follow which."""

    first: dict[Point, int] = field(default_factory=dict)
    last: dict[Point, int] = field(default_factory=dict)
    after: dict[Point, list[Point]] = field(default_factory=dict)

    def precedes(self, event: str, other: str) -> bool:
        """Tell whether an event has surely ended when another begins."""
        last, first = self.last.get((event, 1)), self.first.get((other, 0))
        if last is not None and first is not None and last <= first:
            return True
        reached: list[Point] = [(event, 1)]
        for point in reached:
            reached += [p for p in self.after.get(point, ()) if p not in reached]
        return (other, 0) in reached


def tighten(claims: tuple[Claim, ...], dataset: Dataset, vocabulary: Vocabulary, names: Names,
            clashes: list[tuple[str, ...]] | None = None) -> tuple[tuple[Claim, ...], Times]:
    """Return the claims with the tightest bounds marked and those that are new added, and the order.

    Raises DataError when firm claims contradict each other, naming the fewest that do, unless they are to
    be kept in `clashes`; and when events dated in two calendars are ordered by each other.
    """
    return _Chronology({c.id: c for c in claims}, dataset, vocabulary, names, clashes).tighten()


class _Chronology:
    def __init__(self, claims: dict[str, Claim], dataset: Dataset, vocabulary: Vocabulary,
                 names: Names, clashes: list[tuple[str, ...]] | None) -> None:
        self.clashes = clashes
        self.claims, self.dataset, self.vocabulary = claims, dataset, vocabulary
        self.constraints = Constraints(claims, dataset, vocabulary, names)
        self.problems, self.times = Problems(), Times()

    def tighten(self) -> tuple[tuple[Claim, ...], Times]:
        for part in components([*self.constraints.edges()]):
            self._solve(part)
        self.problems.stop()
        return tuple(self.claims.values()), self.times

    def _solve(self, part: list[Edge]) -> None:
        """Publish the bounds of one independent network."""
        if not self._one_calendar(part):
            return
        solution = solve(part)
        self._refuse([c.claims for c in solution.conflicts if not c.assumes])
        for edge in part:
            if not edge.assumes and edge.shift >= 0 and edge.later is not None and edge.earlier is not None:
                self.times.after.setdefault(edge.earlier, []).append(edge.later)
        for fronts, known in ((solution.lower, self.times.first), (solution.upper, self.times.last)):
            known.update((p, b.value) for p, front in fronts.items() for b in front if not b.assumes)
        points = (p for e in part for p in (e.later, e.earlier) if isinstance(p, tuple))
        for term in dict.fromkeys(p[0] for p in points):
            self._publish(term, EARLIEST, solution.lower.get((term, 0), ()), 1)
            self._publish(term, LATEST, solution.upper.get((term, 1), ()), -1)

    def _one_calendar(self, part: Iterable[Edge]) -> bool:
        """Tell whether the dates of a network are of one calendar; note it when they are not."""
        found: dict[str, Claim] = {}
        for claim in (self.claims[i] for e in part for i in e.claims):
            if "calendar" in claim.qualifiers:
                found.setdefault(claim.qualifiers["calendar"], claim)
        if len(found) > 1:
            told = " and ".join(f"{c.id} ({_last_part(calendar)}, {c.fact.id.position})"
                                for calendar, c in found.items())
            self.problems.add([*found.values()][-1].fact.id.position, "TRT046",
                              f"dates of several calendars that bound each other: {told}",
                              "give the facts one `calendar`, or remove what orders their events")
        return len(found) <= 1

    def _refuse(self, conflicts: Iterable[tuple[str, ...]]) -> None:
        for ids in conflicts:
            if self.clashes is not None:
                self.clashes.append(ids)
                continue
            involved = [self.claims[i] for i in ids if i in self.claims]
            told = ", ".join(f"{c.id} ({', '.join(str(e.passage.at) for e in c.evidence)}, "
                             f"{c.fact.id.position})" for c in involved)
            self.problems.add(involved[0].fact.id.position, "TRT045", f"claims that cannot all hold: {told}",
                              "mend a date or an order, or give the doubtful one `certainty: possible`")

    # --- bounds as claims -------------------------------------------------------------------

    def _publish(self, term: str, name: str, front: Iterable[Bound], sign: int) -> None:
        """Mark or add the claims of one front; looser firm bounds are no longer plain triples."""
        bounds = _by_year(front, sign)
        stated = [c for c in self.stated.get(term, ()) if c.predicate == trt(name)]
        for number, (year, bound) in enumerate(bounds, 1):
            same = [c for c in stated if c.object == integer(year)
                    and c.qualifiers["polarity"] == trt("Affirmed")
                    and self.constraints.needs(c) == bound.assumes == frozenset(c.rests_on)]
            if same:
                self._kind(same[0], "TightestBound")
            elif bound.claims:
                suffix = f".{number}" if len(bounds) > 1 else ""
                made = self._claim(term, name, year, bound, suffix)
                self.claims[made.id] = made
            if not bound.assumes:
                for loose in (c for c in stated if c.asserted and c.object != integer(year)):
                    kinds = tuple(k for k in loose.kinds if k != "AssertedClaim")
                    self.claims[loose.id] = replace(loose, asserted=False, kinds=(*kinds, "LooserBound"))

    @cached_property
    def stated(self) -> Mapping[str, list[Claim]]:
        """Return what curators say of earliest and latest years, by event."""
        found: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            if claim.predicate in (trt(EARLIEST), trt(LATEST)):
                found.setdefault(claim.subject, []).append(claim)
        return found

    def _certainty(self, bound: Bound) -> str:
        """Return how sure a bound is: as sure as the least sure of its assumptions."""
        found = {self.claims[a].qualifiers["certainty"] for a in bound.assumes}
        return next((trt(w) for w in ("Possible", "Unknown") if trt(w) in found),
                    trt("Probable") if found else trt("Certain"))

    def _kind(self, claim: Claim, kind: str) -> None:
        self.claims[claim.id] = replace(claim, kinds=(*claim.kinds, kind))

    def _claim(self, term: str, name: str, year: int, bound: Bound, suffix: str) -> Claim:
        thing = self.constraints.events[term]
        premises = tuple(self.claims[i] for i in bound.claims)
        ends = {EARLIEST: "earliest", LATEST: "latest"}
        realm = self.vocabulary.concept("RealmScheme", self.dataset.header.realm)
        calendar = next(p.qualifiers["calendar"] for p in premises if "calendar" in p.qualifiers)
        made = worked_out(
            f"bound.{thing.id}.{name}{suffix}", f"{thing.label}: {year} at the {ends[name]}",
            (term, trt(name), integer(year)), premises,
            {"certainty": self._certainty(bound), "realm": realm, "calendar": calendar},
            "TimeNetwork", bound.assumes)
        return replace(made, kinds=(*made.kinds, "TightestBound"))


def _last_part(term: str) -> str:
    return term.rpartition("/")[2][:-1]


def _by_year(front: Iterable[Bound], sign: int) -> list[tuple[int, Bound]]:
    """Return the bounds of a front as years, without those that only differ within a year."""
    ordered = sorted(front, key=lambda b: (-sign * b.value, len(b.assumes), sorted(b.assumes)))
    kept: list[tuple[int, Bound]] = []
    for bound in sorted(ordered, key=lambda b: len(b.assumes)):
        year = year_of(bound.value // TICKS)
        if not any(sign * y >= sign * year and b.assumes <= bound.assumes for y, b in kept):
            kept.append((year, bound))
    return sorted(kept, key=lambda pair: (-sign * pair[0], sorted(pair[1].assumes)))
