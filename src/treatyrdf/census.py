"""Triples counted as VoID counts them (https://www.w3.org/TR/void/#statistics)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .graph import TYPE

Triple = tuple[str, str, str]
_NAMESPACE = re.compile(r"<(.*[/#])[^/#]*>")


@dataclass(frozen=True)
class Statistics:
    """How many triples, subjects, objects, and how often each class and property is used."""

    triples: int
    entities: int
    """Distinct subjects below the base of the data set."""
    subjects: int
    objects: int
    classes: Mapping[str, int]
    """The entities of each class, by its term."""
    properties: Mapping[str, int]
    """The triples of each property, by its term."""

    @property
    def vocabularies(self) -> list[str]:
        """Return the namespaces of the classes and properties, sorted."""
        found = (_NAMESPACE.fullmatch(term) for term in (*self.classes, *self.properties))
        return sorted({match[1] for match in found if match})


def count(triples: Iterable[Triple], base: str) -> Statistics:
    """Return the statistics of distinct triples."""
    triples = sorted(set(triples))
    subjects = {s for s, _, _ in triples}
    return Statistics(
        len(triples), sum(s.startswith(f"<{base}") for s in subjects), len(subjects),
        len({o for _, _, o in triples}),
        Counter(o for _, p, o in triples if p == TYPE), Counter(p for _, p, _ in triples))
