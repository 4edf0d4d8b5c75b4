"""Dates of events by several sources, two by two: which are equal, which only coarser, which differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from .conflicts import Days, days_of_claim
from .model import Claim
from .names import trt
from .reasons import affirms
from .values import UNKNOWN

OUTCOMES = ("equal", "coarser", "overlapping", "different", "unknown")
"""How two sources date one event: `unknown` where one has a text that nobody could read."""


@dataclass(frozen=True, order=True)
class Pair:
    """Two sources, a class of events, and how often they date them in which way."""

    one: str
    other: str
    events: str
    counts: tuple[int, ...]
    """As many as OUTCOMES, in that order."""


def compared(claims: Iterable[Claim], kinds: dict[str, str]) -> list[Pair]:
    """Return how pairs of sources date events; `kinds` gives the class of an event by its term."""
    told: dict[str, dict[str, set[Days | None]]] = {}
    for claim in claims:
        if claim.predicate == trt("date") and claim.subject in kinds and (affirms(claim) or claim.object == UNKNOWN):
            days = None if claim.object == UNKNOWN else days_of_claim(claim)
            for source in {e.passage.source for e in claim.evidence}:
                told.setdefault(claim.subject, {}).setdefault(source, set()).add(days)
    found: Counter[tuple[str, str, str, str]] = Counter()
    for event, by_source in told.items():
        for one, other in combinations(sorted(by_source), 2):
            found[one, other, kinds[event], _outcome(by_source[one], by_source[other])] += 1
    keys = sorted({key[:3] for key in found})
    return [Pair(*key, tuple(found[(*key, outcome)] for outcome in OUTCOMES)) for key in keys]


def _outcome(one: set[Days | None], other: set[Days | None]) -> str:
    if one == other:
        return "equal"
    if None in one | other:
        return "unknown"
    pairs = [(a, b) for a in one for b in other if a and b]
    if all(a[0] > b[1] or b[0] > a[1] for a, b in pairs):
        return "different"
    inside = any((a[0] <= b[0] and b[1] <= a[1]) or (b[0] <= a[0] and a[1] <= b[1]) for a, b in pairs)
    return "coarser" if inside else "overlapping"
