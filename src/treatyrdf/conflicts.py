"""Claims that cannot all hold -> conflict records, and claims of which none in an open one is firm.

Three things are found: several values where a thing can have one only, a statement that another claim
denies, and events that come before what they must follow. Two dates of which one contains the other are
no conflict: one is coarser. Nothing is dropped; what is open gives no plain triple.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from .graph import COMMENT, LABEL, TYPE
from .model import Claim, Dataset, Quad
from .names import Names, integer, local, parts_of, trt
from .reasons import affirms, denies
from .vocabulary import Vocabulary
from .when import day_bounds

JOINS = {"signedIn": False, "ratifiedIn": False, "entersIntoForceIn": False, "changes": True, "stepOf": True}
"""Properties that join an event to its treaty, relation or membership; true where the event is the subject."""

Days = tuple[float, float]
"""The first and the last day of a date, counted from 1970-01-01; infinite where open."""


@dataclass(frozen=True)
class Conflict:
    """Claims that cannot all hold: in what way, how far apart in days, and what was decided."""

    key: str
    label: str
    kind: str
    claims: tuple[Claim, ...]
    days: int | None = None
    status: str = "OpenConflict"
    preferred: tuple[str, ...] = ()
    because: str = ""
    firm: bool = True
    """Whether firm claims contradict each other, and not only doubtful ones a firm one."""

    @property
    def open(self) -> bool:
        """Tell whether nothing was decided."""
        return self.status == "OpenConflict"


def find_conflicts(claims: Sequence[Claim], dataset: Dataset, vocabulary: Vocabulary,
                   names: Names) -> tuple[Conflict, ...]:
    """Return the conflicts of the claims of a data set, in the order of their keys."""
    finder = _Finder(claims, dataset, vocabulary, names)
    found = [*finder.values(), *finder.denials()]
    found += finder.orders({c.id for conflict in found for c in conflict.claims})
    return tuple(sorted(found, key=lambda c: c.key))


def order_conflicts(clashes: Iterable[Sequence[str]], claims: Sequence[Claim], dataset: Dataset,
                    vocabulary: Vocabulary, names: Names) -> tuple[Conflict, ...]:
    """Return the conflicts of the fewest claims that contradict each other in time, by their ids."""
    by_id = {c.id: c for c in claims}
    finder = _Finder((), dataset, vocabulary, names)
    found = {conflict.key: conflict for ids in clashes
             if (conflict := finder.clash([by_id[i] for i in ids if i in by_id]))}
    return tuple(found.values())


def settle_conflicts(claims: Sequence[Claim], conflicts: Iterable[Conflict]) -> tuple[Claim, ...]:
    """Return the claims with those that no conflict decided for marked as disputed, and not asserted.

    The years of a date go with the date, and what rests on a claim that is no longer firm goes with it.
    """
    lost = {c.id for conflict in conflicts if conflict.firm for c in conflict.claims
            if c.id not in conflict.preferred}
    facts = {id(c.fact) for c in claims if c.id in lost}
    disputed = {c.id for c in claims if id(c.fact) in facts and (c.id in lost or c.id.rpartition(".")[0] in lost)}
    resting = _resting(claims, disputed)
    return tuple(_doubted(c, c.id in disputed) if c.id in disputed or c.id in resting else c for c in claims)


def _doubted(claim: Claim, disputed: bool) -> Claim:
    kinds = (*(k for k in claim.kinds if k != "AssertedClaim"), *(["DisputedClaim"] if disputed else []))
    return replace(claim, asserted=False, kinds=kinds)


def _resting(claims: Iterable[Claim], gone: set[str]) -> set[str]:
    """Return the claims that have one of some others among their premises, directly or not."""
    using: dict[str, list[str]] = {}
    for claim in claims:
        for premise in claim.premises:
            using.setdefault(premise, []).append(claim.id)
    found, rest = set[str](), list(gone)
    while rest:
        new = [i for i in using.get(rest.pop(), ()) if i not in found]
        found.update(new)
        rest += new
    return found


class _Finder:
    def __init__(self, claims: Sequence[Claim], dataset: Dataset, vocabulary: Vocabulary, names: Names) -> None:
        self.dataset, self.vocabulary = dataset, vocabulary
        self.things = {names.thing(t.id): t for t in dataset.things.values()}
        self.prefer = {str(source): place for place, source in enumerate(dataset.header.prefer)}
        self.claims = [c for c in claims if c.object is not None and not c.assumes and not c.computed
                       and "Assumption" not in c.kinds]
        single = {f"<{p.iri}>": p for p in vocabulary.properties.values() if p.single}
        self.told: dict[tuple[str, str], list[Claim]] = {}
        for claim in self.claims:
            if claim.predicate in single and affirms(claim):
                self.told.setdefault((claim.subject, claim.predicate), []).append(claim)
        self.dates = {f"<{p.iri}>" for p in single.values() if p.bounds}
        self.labels = {f"<{p.iri}>": p.label for p in vocabulary.properties.values()}

    # --- several values, denied values ------------------------------------------------------

    def values(self) -> Iterator[Conflict]:
        """Yield the conflicts over properties of which a thing can have one value."""
        for (subject, predicate), claims in self.told.items():
            if len({c.object for c in claims}) < 2:
                continue
            if predicate not in self.dates:
                several = len({c.object for c in claims if c.asserted}) > 1
                yield replace(self._conflict(subject, predicate, "DifferentValues", claims), firm=several)
                continue
            days = {c.id: days_of_claim(c) for c in claims}
            latest, earliest = max(a for a, _ in days.values()), min(b for _, b in days.values())
            rivals = [c for c in claims if days[c.id][0] > earliest or days[c.id][1] < latest]
            if rivals:
                firm = [days[c.id] for c in rivals if c.asserted]
                apart = bool(firm) and max(a for a, _ in firm) > min(b for _, b in firm)
                found = self._conflict(subject, predicate, "DifferentDates", rivals, int(latest - earliest))
                yield replace(found, firm=apart)

    def denials(self) -> Iterator[Conflict]:
        """Yield the conflicts between a claim and its denial."""
        said: dict[tuple[str, str, str], tuple[list[Claim], list[Claim]]] = {}
        for claim in self.claims:
            if all(key != local(claim.predicate) for key, _ in claim.fact.statements):
                continue  # a year that only follows from a date
            sides = said.setdefault((claim.subject, claim.predicate, str(claim.object)), ([], []))
            if denies(claim):
                sides[1].append(claim)
            elif affirms(claim):
                sides[0].append(claim)
        for (subject, predicate, _), (affirmed, denied) in said.items():
            if affirmed and denied:
                firm = any(c.asserted for c in affirmed) and any(
                    c.qualifiers["certainty"] == trt("Certain") for c in denied)
                found = self._conflict(subject, predicate, "AffirmedAndDenied", [*affirmed, *denied])
                yield replace(found, key=f"denied.{min(c.id for c in affirmed)}", firm=firm)

    # --- orders -----------------------------------------------------------------------------

    def orders(self, taken: set[str]) -> Iterator[Conflict]:
        """Yield the conflicts of events that come before all that they must follow; `taken` is disputed already."""
        joined: dict[str, dict[str, None]] = {}
        for claim in self.claims:
            name = local(claim.predicate)
            if name in JOINS and claim.asserted and claim.object in self.things and claim.subject in self.things:
                event, whole = (claim.subject, claim.object) if JOINS[name] else (claim.object, claim.subject)
                joined.setdefault(whole, {})[event] = None
        for whole, events in joined.items():
            dated = {event: found for event in events if (found := self._date(event, taken))}
            for event, dating in dated.items():
                wanted = self._follows(event)
                before = [other for e, other in dated.items() if e != event and wanted
                          and self.vocabulary.is_a(self.things[e].type, wanted)]
                if before and all(days_of_claim(dating)[1] < days_of_claim(other)[0] for other in before):
                    first = min(before, key=lambda c: (days_of_claim(c), c.id))
                    yield self._conflict(event, dating.predicate, "ImpossibleOrder", [dating, first],
                                         int(days_of_claim(first)[0] - days_of_claim(dating)[1]), f".in.{_last(whole)}")

    def _date(self, event: str, taken: set[str]) -> Claim | None:
        """Return the firm date of an event that nothing disputes, the finest of several."""
        found = [c for predicate in sorted(self.dates) for c in self.told.get((event, predicate), ())
                 if c.asserted and c.id not in taken]
        return min(found, key=lambda c: (days_of_claim(c)[1] - days_of_claim(c)[0], c.id), default=None)

    def _follows(self, event: str) -> frozenset[str]:
        above = self.vocabulary.ancestors.get(self.things[event].type, frozenset())
        return frozenset().union(*(self.vocabulary.follows.get(name, frozenset()) for name in above))

    def clash(self, claims: Sequence[Claim]) -> Conflict | None:
        """Return the conflict of claims of which the dates, or else all, cannot hold."""
        dates = [c for c in claims if local(c.predicate) in self.vocabulary.dating]
        members = dates if len(dates) > 1 else list(claims)
        if len(members) < 2:
            return None
        days = [days_of_claim(c) for c in dates if c.predicate in self.dates]
        gap = max(a for a, _ in days) - min(b for _, b in days) if len(days) > 1 else None
        subjects = sorted({_last(c.subject) for c in members})
        return self._conflict(members[0].subject, members[0].predicate, "ImpossibleOrder", members,
                              int(gap) if gap is not None and gap >= 0 else None, f".and.{'.'.join(subjects)}"[:100])

    # --- records ----------------------------------------------------------------------------

    def _conflict(self, subject: str, predicate: str, kind: str, claims: Sequence[Claim], days: int | None = None,
                  more: str = "") -> Conflict:
        thing = self.things.get(subject)
        label = f"{thing.label if thing else _last(subject)}: {self.labels.get(predicate, local(predicate))}"
        ordered = tuple(sorted(claims, key=lambda c: c.id))
        found = Conflict(f"{_last(subject)}.{local(predicate)}{more}", label, kind, ordered, days)
        explained = self._explanation(found)
        if explained:
            return replace(found, status="ExplainedConflict", because=str(explained[0]), preferred=explained[1])
        preferred = self._preferred(ordered)
        return replace(found, status="ResolvedConflict", preferred=preferred) if preferred else found

    def _explanation(self, conflict: Conflict) -> tuple[str, tuple[str, ...]] | None:
        for given in self.dataset.explained:
            if set(given.claims) == {c.id for c in conflict.claims} or str(given.about) == conflict.key:
                return str(given.because), tuple(map(str, given.holds))
        return None

    def _preferred(self, claims: Sequence[Claim]) -> tuple[str, ...]:
        """Return the claims of the most preferred source, if it is of one mind and others differ."""
        rank = {c.id: min((self.prefer.get(e.passage.source, len(self.prefer)) for e in c.evidence),
                          default=len(self.prefer)) for c in claims}
        best = min(rank.values())
        chosen = [c for c in claims if rank[c.id] == best]
        alike = len({c.object for c in chosen}) == 1 and len({c.subject for c in chosen}) == 1
        if best == len(self.prefer) or len(chosen) == len(claims) or not alike:
            return ()
        return tuple(c.id for c in chosen)


def conflict_quads(conflicts: Iterable[Conflict], names: Names) -> Iterator[Quad]:
    """Yield the records of conflicts."""
    graph = names.graph("claims")
    for conflict in conflicts:
        node = names.record("conflict", conflict.key)
        yield node, TYPE, trt("Conflict"), graph
        yield node, LABEL, names.text(conflict.label), graph
        yield node, trt("conflictKind"), trt(conflict.kind), graph
        yield node, trt("conflictStatus"), trt(conflict.status), graph
        for claim in conflict.claims:
            yield node, trt("disputes"), names.record("claim", claim.id), graph
        for id_ in conflict.preferred:
            yield node, trt("prefers"), names.record("claim", id_), graph
        if conflict.days is not None:
            yield node, trt("daysApart"), integer(conflict.days), graph
        if conflict.because:
            yield node, COMMENT, names.text(conflict.because), graph


def days_of_claim(claim: Claim) -> Days:
    """Return the first and the last day of the date that a claim gives."""
    return _bounds(str(claim.object))


@lru_cache(maxsize=1 << 16)
def _bounds(date: str) -> Days:
    low, high = day_bounds(parts_of(date)[0])
    return float("-inf") if low is None else low, float("inf") if high is None else high


def _last(term: str) -> str:
    return term.rpartition("/")[2].rpartition("#")[2].rstrip(">").strip('"')

