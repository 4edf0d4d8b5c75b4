"""Sources held against claims: whether each passage is where it was and is accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from .errors import Position, Problem
from .model import Claim, Dataset, Passage, Source


@dataclass(frozen=True)
class Covered:
    """A passage with the claims and silences that stand on it."""

    passage: Passage
    claims: tuple[str, ...]
    silences: tuple[str, ...]

    @property
    def accounted(self) -> bool:
        """Tell whether anything at all is said of the passage."""
        return bool(self.claims or self.silences)


def check_source(source: Source, text: str, shown: str) -> list[Problem]:
    """Return each passage that is not where it was in the user's own copy of a source.

    A passage that is found elsewhere has moved; else it was changed or is missing.
    """
    problems = []
    if sha256(text.encode()).hexdigest() != source.sha256:
        problems.append(Problem(Position(shown), "TRT050", f"is not the copy of `{source.id}` that "
                                "was read", "see which passages moved or changed below, if any"))
    for passage in source.passages.values():
        if _hash(text[passage.start:passage.end]) == passage.sha256:
            continue
        found = _find(passage, text)
        what, remedy = (
            (f"passage {passage.at} moved from {passage.start} to {found}",
             f"write start: {found}, end: {found + passage.end - passage.start}")
            if found is not None else
            (f"passage {passage.at} is missing: the text ends at {len(text)}",
             "check that the file is whole, or remove the passage and its claims")
            if passage.start >= len(text) else
            (f"passage {passage.at} changed between {passage.start} and {passage.end}",
             "read it again, mend its claims, then its offsets and sha256"))
        problems.append(Problem(passage.at.position, "TRT051", what, remedy))
    return problems


def coverage(dataset: Dataset, claims: Iterable[Claim]) -> list[Covered]:
    """Return every passage of every source with what a curator took from it, in reading order."""
    said: dict[tuple[str, bool], list[str]] = {}
    for claim in (c for c in claims if not c.computed):
        for key in {e.passage.key for e in claim.evidence}:
            said.setdefault((key, claim.object is None), []).append(claim.id)
    return [Covered(p, tuple(said.get((p.key, False), ())), tuple(said.get((p.key, True), ())))
            for source in dataset.sources.values()
            for p in sorted(source.passages.values(), key=lambda p: p.place)]


def gaps(source: Source) -> list[tuple[int, int]]:
    """Return the stretches between passages that are longer than white space between sentences."""
    ordered = sorted((p for p in source.passages.values() if not p.fragment), key=lambda p: p.place)
    return [(one.end, two.start) for one, two in pairwise(ordered)
            if two.start - one.end > 2 or two.start < one.end]


def _find(passage: Passage, text: str) -> int | None:
    """Return where the passage stands now; its text is known only by length and hash."""
    length = passage.end - passage.start
    return next((at for at in range(len(text) - length + 1)
                 if _hash(text[at:at + length]) == passage.sha256), None)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
