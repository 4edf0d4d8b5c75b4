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


class _Counter:
    """Counts triples that come sorted, so that the same ones and those of one subject are neighbours."""

    def __init__(self) -> None:
        self.triples = self.entities = self.subjects = 0
        self.last: Triple = ("", "", "")
        self.objects: set[int] = set()
        self.classes: Counter[str] = Counter()
        self.properties: Counter[str] = Counter()

    def add(self, triple: Triple, start: str) -> None:
        if triple == self.last:
            return
        subject, predicate, object_ = triple
        if subject != self.last[0]:
            self.subjects += 1
            self.entities += subject.startswith(start)
        self.last = triple
        self.triples += 1
        self.properties[predicate] += 1
        self.objects.add(hash(object_))
        if predicate == TYPE:
            self.classes[object_] += 1

    def counted(self) -> Statistics:
        return Statistics(self.triples, self.entities, self.subjects, len(self.objects), self.classes,
                          self.properties)


def count(lines: Iterable[str], base: str) -> dict[str, Statistics]:
    """Return the statistics of sorted N-Quads lines, by the term of each graph; of their union under ""."""
    found: dict[str, _Counter] = {"": _Counter()}
    for line in lines:
        subject, predicate, rest = line.split(" ", 2)
        object_, graph, _ = rest.rsplit(" ", 2)
        for name in ("", graph):
            counter = found.get(name) or found.setdefault(name, _Counter())
            counter.add((subject, predicate, object_), f"<{base}")
    return {name: counter.counted() for name, counter in sorted(found.items())}
