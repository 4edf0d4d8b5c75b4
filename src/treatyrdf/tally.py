"""What is counted of the claims of a slice for the description of the whole; tallies are added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .conflicts import Conflict
from .model import Claim, Dataset
from .names import GREGORIAN, number, trt

Years = tuple[int, int]
"""The first and the last year."""


@dataclass(frozen=True)
class Tally:
    """Counts of claims, silences, passages, conflicts; and the years of plain facts."""

    claims: int
    silences: int
    cited: int
    """Claims whose evidence has a citation that names a work."""
    passages: int
    covered: int
    """Passages that are the evidence of a claim or silence."""
    conflicts: int
    open: int
    """Conflicts that are open."""
    resting: Mapping[str, int]
    """Claims and silences that rest on each source."""
    years: Mapping[str, Years]
    """Of each calendar of a story world, by its term; of real time under ""."""

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of two slices."""
        spans = [(key, years) for tally in (self, other) for key, years in tally.years.items()]
        return Tally(
            self.claims + other.claims, self.silences + other.silences, self.cited + other.cited,
            self.passages + other.passages, self.covered + other.covered, self.conflicts + other.conflicts,
            self.open + other.open,
            {source: n + other.resting.get(source, 0) for source, n in self.resting.items()},
            {key: (min(low for k, (low, _) in spans if k == key), max(high for k, (_, high) in spans if k == key))
             for key in sorted({key for key, _ in spans})})


def tally(dataset: Dataset, claims: Sequence[Claim], conflicts: Sequence[Conflict]) -> Tally:
    """Return what is counted of the claims of a slice."""
    said = [c for c in claims if c.object is not None]
    resting = dict.fromkeys(map(str, dataset.sources), 0)
    for claim in claims:
        for source in {e.passage.source for e in claim.evidence}:
            resting[source] += 1
    cited = sum(any(e.citation and e.citation.works for e in c.evidence) for c in said)
    covered = {e.passage.key for c in claims for e in c.evidence}
    return Tally(
        len(said), len(claims) - len(said), cited, sum(len(s.passages) for s in dataset.sources.values()), len(covered),
        len(conflicts), sum(c.open for c in conflicts), resting, _years(claims, dataset.header.realm == "in-universe"))


def _years(claims: Iterable[Claim], fictional: bool) -> dict[str, Years]:
    """Return the first and last year of the plain facts, by calendar.

    A year of a story world is never real time, whatever its calendar; real years of other calendars than
    the Gregorian are left out, since no form of a description can say them.
    """
    found: dict[str, list[int]] = {}
    for c in claims:
        if c.asserted and c.predicate in (trt("earliestYear"), trt("latestYear")) and c.object:
            calendar = c.qualifiers.get("calendar", GREGORIAN)
            story = fictional or c.qualifiers.get("realm") == trt("InUniverse")
            if story or calendar == GREGORIAN:
                found.setdefault(calendar if story else "", []).append(number(c.object))
    return {key: (min(all_), max(all_)) for key, all_ in sorted(found.items())}
