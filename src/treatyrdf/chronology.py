"""Claims about dates and order -> the tightest bounds of every event, as claims with their reasons.

Each claim becomes constraints on the begin and end of events; `network` solves them. A bound that
follows from several claims is published as a claim of the data set: its premises are the claims of
the chain, its assumptions those that any of them needs. Nothing firm rests on anything doubtful.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .errors import Problems
from .model import Claim, Dataset, Evidence, Fact, Word
from .names import TRT, Names, integer, trt
from .network import TICKS, Bound, Edge, solve
from .reasons import admitted
from .values import UNKNOWN
from .vocabulary import Vocabulary
from .when import day_bounds, first_day, last_day, year_of

ORDER: Mapping[str, tuple[tuple[str, str, int, bool], ...]] = {
    "before": (("o0", "s1", 1, False),),
    "after": (("s0", "o1", 1, False),),
    "during": (("s0", "o0", 0, False), ("o1", "s1", 0, False)),
    "yearAfter": (("s0", "o1", 1, True), ("o1", "s1", -1, True)),
    "byMeansOf": (("s1", "o0", 0, False),),
    "resultedIn": (("o1", "s0", 0, False),),
    "joins": (("s0", "o0", 0, False),),
}
"""What a property says of begin (0) and end (1) of its subject (s) and object (o).

Each row reads: the first is not before the second, moved by some ticks or calendar years.
"""

EARLIEST, LATEST = "earliestYear", "latestYear"


def tighten(claims: tuple[Claim, ...], dataset: Dataset, vocabulary: Vocabulary,
            names: Names) -> tuple[Claim, ...]:
    """Return the claims with the tightest bounds marked, and those that are new added.

    Raises DataError when firm claims contradict each other, naming the fewest that do.
    """
    return _Chronology(claims, dataset, vocabulary, names).tighten()


class _Chronology:
    def __init__(self, claims: tuple[Claim, ...], dataset: Dataset, vocabulary: Vocabulary,
                 names: Names) -> None:
        self.claims = {c.id: c for c in claims}
        self.dataset, self.vocabulary, self.names = dataset, vocabulary, names
        self.events = {names.thing(t.id): t for t in dataset.things.values()
                       if vocabulary.is_a(t.type, ("Event", "Treaty"))}
        schemes = vocabulary.schemes
        self.basis = {f"<{schemes['BasisScheme'][w].iri}>" for w in dataset.header.basis}
        self.certainty = {f"<{schemes['CertaintyScheme'][w].iri}>" for w in dataset.header.certainty}
        self.needs: dict[str, frozenset[str]] = {}

    def tighten(self) -> tuple[Claim, ...]:
        solution = solve([*self._edges()])
        self._refuse([c.claims for c in solution.conflicts if not c.assumes])
        for term in self.events:
            self._publish(term, EARLIEST, solution.lower.get((term, 0), ()), 1)
            self._publish(term, LATEST, solution.upper.get((term, 1), ()), -1)
        assumed = {a for c in self.claims.values() for a in c.assumes}
        return tuple(replace(c, kinds=(*c.kinds, "Assumption"))
                     if c.id in assumed and "Assumption" not in c.kinds else c
                     for c in self.claims.values())

    def _refuse(self, conflicts: Iterable[tuple[str, ...]]) -> None:
        problems = Problems()
        for ids in conflicts:
            involved = [self.claims[i] for i in ids if i in self.claims]
            told = ", ".join(f"{c.id} ({', '.join(str(e.passage.at) for e in c.evidence)}, "
                             f"{c.fact.id.position})" for c in involved)
            problems.add(involved[0].fact.id.position, "TRT045", f"claims that cannot all hold: {told}",
                         "mend a date or an order, or give the doubtful one `certainty: possible`")
        problems.stop()

    # --- constraints ------------------------------------------------------------------------

    def _edges(self) -> Iterator[Edge]:
        """Yield the constraints of all claims; no event ends before it begins."""
        for term in self.events:
            yield Edge((term, 1), (term, 0), 0, ())
        told: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            name = claim.predicate.removeprefix("<" + TRT)[:-1]
            if self._holds(claim) and claim.subject:
                told.setdefault(name, []).append(claim)
                yield from self._constraints(claim, name)
        yield from self._formations(told)

    def _holds(self, claim: Claim) -> bool:
        """Tell whether a claim constrains anything; a mere condition is no finding.

        The years of a date say less than the date, which constrains by itself.
        """
        date = self.claims.get(claim.id.rpartition(".")[0])
        if claim.object is None or claim.object == UNKNOWN or (
                date is not None and date.predicate == trt("date") and date.fact is claim.fact):
            return False
        condition = "Assumption" in claim.kinds and claim.concepts["basis"] == trt("Supposed")
        return claim.concepts["polarity"] == trt("Affirmed") and not condition

    def _constraints(self, claim: Claim, name: str) -> Iterator[Edge]:
        subject, object_ = claim.subject, str(claim.object)
        needs, why = self._needs(claim), (claim.id,)
        if subject not in self.events:
            return
        if name in ORDER and object_ in self.events:
            ends = {"s0": (subject, 0), "s1": (subject, 1), "o0": (object_, 0), "o1": (object_, 1)}
            for later, earlier, shift, years in ORDER[name]:
                yield Edge(ends[later], ends[earlier], shift, why, needs, years)
            return
        low, high = _days(name, object_)
        if low is not None:
            yield Edge((subject, 0), None, low * TICKS, why, needs)
        if high is not None:
            yield Edge(None, (subject, 1), (high + 1) * TICKS - 1, why, needs)

    def _formations(self, told: Mapping[str, list[Claim]]) -> Iterator[Edge]:
        """Yield what holds of every relation: it is formed first, and its treaty signed before that."""
        changes: dict[str, list[Claim]] = {}
        for claim in told.get("changes", ()):
            changes.setdefault(str(claim.object), []).append(claim)
        signings: dict[str, list[Claim]] = {}
        for claim in told.get("signedIn", ()):
            signings.setdefault(claim.subject, []).append(claim)
        for events in changes.values():
            for first in (c for c in events if self._is(c.subject, "Formation")):
                for other in (c for c in events if not self._is(c.subject, "Formation")):
                    yield self._edge((other.subject, 0), (first.subject, 1), first, other)
        for origin in told.get("establishes", ()):
            for signed in signings.get(origin.subject, ()):
                for first in changes.get(str(origin.object), ()):
                    if self._is(first.subject, "Formation"):
                        for end in (0, 1):
                            yield self._edge((first.subject, end), (str(signed.object), end),
                                             origin, signed, first)

    def _edge(self, later: tuple[str, int], earlier: tuple[str, int], *claims: Claim) -> Edge:
        needs = frozenset[str]().union(*(self._needs(c) for c in claims))
        return Edge(later, earlier, 0, tuple(c.id for c in claims), needs)

    def _is(self, term: str, kind: str) -> bool:
        return term in self.events and self.vocabulary.is_a(self.events[term].type, (kind,))

    def _needs(self, claim: Claim) -> frozenset[str]:
        """Return all that is taken for granted with a claim: itself too, when it is not firm."""
        order = [claim]
        for one in order:
            order += [self.claims[p] for p in one.premises if p in self.claims
                      and p not in self.needs and self.claims[p] not in order]
        for one in reversed(order):
            own = frozenset() if admitted(one, self.basis, self.certainty) else frozenset({one.id})
            self.needs[one.id] = own.union(one.rests_on, *(self.needs.get(p, ()) for p in one.premises))
        return self.needs[claim.id]

    # --- bounds as claims -------------------------------------------------------------------

    def _publish(self, term: str, name: str, front: Iterable[Bound], sign: int) -> None:
        """Mark or add the claims of one front; looser firm bounds are no longer plain triples."""
        bounds = _by_year(front, sign)
        stated = [c for c in self.claims.values() if c.subject == term and c.predicate == trt(name)]
        for number, (year, bound) in enumerate(bounds, 1):
            same = [c for c in stated if c.object == integer(year)
                    and c.concepts["polarity"] == trt("Affirmed")
                    and self._needs(c) == bound.assumes == frozenset(c.rests_on)]
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

    def _certainty(self, bound: Bound) -> str:
        """Return how sure a bound is: as sure as the least sure of its assumptions."""
        found = {self.claims[a].concepts["certainty"] for a in bound.assumes}
        return next((trt(w) for w in ("Possible", "Unknown") if trt(w) in found),
                    trt("Probable") if found else trt("Certain"))

    def _kind(self, claim: Claim, kind: str) -> None:
        self.claims[claim.id] = replace(claim, kinds=(*claim.kinds, kind))

    def _claim(self, term: str, name: str, year: int, bound: Bound, suffix: str) -> Claim:
        thing = self.events[term]
        premises = [self.claims[i] for i in bound.claims]
        here = premises[0].fact.id.position
        firm = not bound.assumes
        ends = {EARLIEST: "earliest", LATEST: "latest"}
        identifier = Word(f"bound.{thing.id}.{name}{suffix}", here)
        says = Word(f"{thing.label}: {year} at the {ends[name]}", here)
        evidence: dict[str, Evidence] = {e.key: e for p in premises for e in p.evidence}
        realm = self.vocabulary.schemes["RealmScheme"][self.dataset.header.realm].iri
        return Claim(
            id=identifier, fact=Fact(identifier, thing.id, (), premises[0].fact.at, (), words={"says": says}),
            subject=term, predicate=trt(name), object=integer(year),
            concepts={"basis": trt("Inferred"), "polarity": trt("Affirmed"),
                      "certainty": self._certainty(bound), "realm": f"<{realm}>"},
            holders=("dataset",), evidence=tuple(evidence.values()),
            premises=tuple(sorted(bound.claims)), rule=trt("TimeNetwork"),
            assumes=tuple(sorted(bound.assumes)), rests_on=tuple(sorted(bound.assumes)),
            kinds=("Inference", "TightestBound", *(["AssertedClaim"] if firm else [])), asserted=firm)


def _days(name: str, term: str) -> tuple[int | None, int | None]:
    """Return the first and last day that a claim of time allows."""
    text = term[1:term.rindex('"')] if term.startswith('"') else ""
    if name == "date":
        return day_bounds(text)
    return (first_day(int(text)) if name == EARLIEST else None,
            last_day(int(text)) if name == LATEST else None)


def _by_year(front: Iterable[Bound], sign: int) -> list[tuple[int, Bound]]:
    """Return the bounds of a front as years, without those that only differ within a year."""
    ordered = sorted(front, key=lambda b: (-sign * b.value, len(b.assumes), sorted(b.assumes)))
    kept: list[tuple[int, Bound]] = []
    for bound in sorted(ordered, key=lambda b: len(b.assumes)):
        year = year_of(bound.value // TICKS)
        if not any(sign * y >= sign * year and b.assumes <= bound.assumes for y, b in kept):
            kept.append((year, bound))
    return sorted(kept, key=lambda pair: (-sign * pair[0], sorted(pair[1].assumes)))
