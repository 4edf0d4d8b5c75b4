"""States with bounds -> claims of what held in which years, one for every stretch of years.

Every year belongs to a stretch: what held then for certain or on reasons that are probable, a change
within the year, what held only if something possible is assumed, or what nobody knows. A claim that
holds for some years is never a plain triple, for that would say it holds always.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from .model import Claim, Dataset
from .names import Names, integer, local, number, trt
from .reasons import needs_of, worked_out
from .states import NOT_YET, State
from .values import UNKNOWN
from .vocabulary import Vocabulary

TERMINATED = trt("Terminated")
_PERIODS = {(True, True): "Between", (False, True): "Until", (True, False): "Since",
            (False, False): "Throughout"}
Stretch = tuple[float, float]
"""First and last year, both included; infinite where open."""


@dataclass(frozen=True)
class Span:
    """What held in a stretch of years, why, and how firmly: 0 certain, 1 probable, 2 possible."""

    years: Stretch
    state: str
    grounds: tuple[Claim, ...]
    tier: int
    more: Mapping[str, str]

    @property
    def period(self) -> str:
        """Return the concept for which ends are known."""
        low, high = self.years
        return trt("Within" if "byEvent" in self.more else _PERIODS[low > -inf, high < inf])


def find_spans(states: Sequence[State], told: Mapping[str, Mapping[str, list[Claim]]],
               silences: Iterable[Claim]) -> Iterator[Span]:
    """Yield the stretches of one relation or treaty, given what is told of its states by property."""
    changes = list(_changes(states, told))
    covered = [span.years for span in changes]
    yield from changes
    spans = [span for state in states for span in _held(state, told[state.key])]
    for tier in (0, 1):
        found = [piece for span in spans if span.tier == tier for piece in _left(span, covered)]
        yield from found
        covered += [span.years for span in found]
    supposed = [piece for span in spans if span.tier == 2 for piece in _left(span, covered)]
    windows: list[Span] = []
    for span in (w for state in states for w in _windows(told[state.key])):
        windows += _left(span, [*covered, *(w.years for w in windows)])
    yield from (*supposed, *windows)
    covered += [span.years for span in (*supposed, *windows)]
    last = [state for state in states if not state.ended]
    grounds = (last or states)[-1]
    silence = next((c.id for c in silences), "")
    for span in _left(Span((-inf, inf), UNKNOWN, (grounds.began or grounds.ended)[:1], 0, {}), covered):
        after = last and span.years[1] == inf
        yield replace(span, more={"silence": silence}) if after and silence else span


def _tier(claims: Iterable[Claim]) -> int:
    claims = list(claims)
    if any(c.qualifiers["certainty"] in (trt("Possible"), trt("Unknown")) for c in claims):
        return 2
    return 1 if any(c.rests_on or not c.asserted for c in claims) else 0


def _year(claim: Claim) -> int:
    return number(claim.object)


def _held(state: State, told: Mapping[str, list[Claim]]) -> Iterator[Span]:
    """Yield the years in which a state surely lasted, for each choice of its bounds."""
    begins: list[Claim | None] = [*told.get("latestBeginYear", [])]
    ends: list[Claim | None] = [*told.get("earliestEndYear", [])]
    for begin in begins if state.concept != NOT_YET else [None]:
        for end in ends if state.concept != TERMINATED else [None]:
            grounds = tuple(c for c in (begin, end) if c is not None)
            years = (_year(begin) + 1 if begin else -inf, _year(end) - 1 if end else inf)
            if years[0] <= years[1]:
                yield Span(years, state.concept, grounds, _tier(grounds), {})


def _changes(states: Sequence[State], told: Mapping[str, Mapping[str, list[Claim]]]) -> Iterator[Span]:
    """Yield the years in which one state surely gave way to another."""
    for before in states:
        for after in states:
            if not (before.ended and after.began and before.ended[0].subject == after.began[0].subject):
                continue
            early, late = ([c for c in told[after.key].get(name, ()) if c.asserted]
                           for name in ("earliestBeginYear", "latestBeginYear"))
            if early and late and early[0].object == late[0].object:
                year = _year(early[0])
                yield Span((year, year), after.concept, (early[0], late[0]), 0,
                           {"afterState": before.concept, "byEvent": after.began[0].subject})


def _windows(told: Mapping[str, list[Claim]]) -> Iterator[Span]:
    """Yield the years between which a state began: the tightest, then the tightest that needs nothing."""
    for firm in (False, True):
        lows, highs = ([c for c in told.get(name, ()) if c.asserted or not firm]
                       for name in ("earliestBeginYear", "latestBeginYear"))
        if lows and highs:
            low, high = max(lows, key=_year), min(highs, key=_year)
            if _year(low) <= _year(high):
                yield Span((_year(low), _year(high)), UNKNOWN, (low, high), _tier((low, high)), {})


def _left(span: Span, covered: Iterable[Stretch]) -> list[Span]:
    """Return what is left of a span outside of stretches that are covered."""
    rest = [span.years]
    for low, high in covered:
        rest = [piece for a, b in rest for piece in (
            ((a, b),) if b < low or high < a else ((a, low - 1), (high + 1, b)))
            if piece[0] <= piece[1] and piece[0] < inf and piece[1] > -inf]
    return [replace(span, years=years) for years in rest]


def span_claims(states: Sequence[State], claims: Sequence[Claim], dataset: Dataset, vocabulary: Vocabulary,
                names: Names) -> Iterator[Claim]:
    """Yield a claim for each stretch of years of each relation or treaty that has states."""
    told: dict[str, dict[str, list[Claim]]] = {}
    prefix = names.record("state", "")[:-1]
    for claim in claims:
        if claim.subject.startswith(prefix):
            name = local(claim.predicate)
            told.setdefault(claim.subject[len(prefix):-1], {}).setdefault(name, []).append(claim)
    silent = [c for c in claims if c.object is None and c.predicate == trt("hasState")]
    by_relation: dict[str, list[State]] = {}
    for state in states:
        by_relation.setdefault(state.of, []).append(state)
    for of, own in by_relation.items():
        spans = sorted(find_spans(own, told, (c for c in silent if c.subject == of)),
                       key=lambda s: (s.years, s.tier, s.state, [c.id for c in s.grounds]))
        for place, span in enumerate(spans, 1):
            yield _claim(span, of, place, dataset, vocabulary, names)


def _claim(span: Span, of: str, place: int, dataset: Dataset, vocabulary: Vocabulary, names: Names) -> Claim:
    slug = of.rpartition("/")[2][:-1]
    label = dataset.things[slug].label
    realm = vocabulary.concept("RealmScheme", dataset.header.realm)
    words = vocabulary.labels("StateScheme") | {UNKNOWN: "unknown"}
    low, high = span.years
    years = " ".join(f"{word} {int(year)}" for word, year in (("from", low), ("to", high))
                     if abs(year) < inf)
    unsure = {0: "Certain", 1: "Probable", 2: "Possible"}[span.tier]
    certainty = "Unknown" if span.state == UNKNOWN and span.tier != 2 else unsure
    calendar = next((c.qualifiers["calendar"] for c in span.grounds if "calendar" in c.qualifiers), "")
    more = {"calendar": calendar, "period": span.period, **span.more,
            **{name: integer(int(year)) for name, year in (("fromYear", low), ("toYear", high))
               if abs(year) < inf}}
    if "silence" in more:
        more["silence"] = names.record("silence", more["silence"])
    made = worked_out(
        f"held.{slug}.{place}", f"{label}: {words[span.state]} {years or 'in every year'}",
        (of, trt("hasState"), span.state), span.grounds,
        {"certainty": trt(certainty), "realm": realm, **{k: v for k, v in more.items() if v}},
        "StateBetweenEvents", needs_of(span.grounds))
    return replace(made, asserted=False, kinds=("Inference", "TimedClaim"))
