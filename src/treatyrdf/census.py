"""Triples counted as VoID counts them (https://www.w3.org/TR/void/#statistics)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .graph import TYPE

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


class _Graph:
    """What is counted of one graph, whose lines come sorted, so that those of one subject are neighbours."""

    __slots__ = ("classes", "entities", "last", "objects", "properties", "subjects")

    def __init__(self) -> None:
        self.last, self.subjects, self.entities = b"", 0, 0
        self.objects: set[int] = set()
        self.classes: Counter[bytes] = Counter()
        self.properties: Counter[bytes] = Counter()

    def counted(self) -> Statistics:
        return Statistics(self.properties.total(), self.entities, self.subjects, len(self.objects),
                          *({term.decode(): n for term, n in found.items()}
                            for found in (+self.classes, +self.properties)))


def count(lines: Iterable[bytes], base: str) -> dict[str, Statistics]:
    """Return the statistics of sorted N-Quads lines, by the term of each graph; of their union under ""."""
    graphs: dict[bytes, _Graph] = {}
    union, start, type_ = _Graph(), f"<{base}".encode(), TYPE.encode()
    last = (b"", b"", b"")
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        value, graph, _ = rest.rsplit(b" ", 2)
        own = graphs.get(graph) or graphs.setdefault(graph, _Graph())
        if subject != own.last:
            own.last = subject
            own.subjects += 1
            own.entities += subject.startswith(start)
        own.properties[predicate] += 1
        own.objects.add(hash(value))
        if predicate == type_:
            own.classes[value] += 1
        if subject != last[0]:
            union.subjects += 1
            union.entities += subject.startswith(start)
        elif predicate == last[1] and value == last[2]:  # in several graphs, but one triple of the union
            union.properties[predicate] -= 1
            union.classes[value] -= predicate == type_
        last = (subject, predicate, value)
    for own in graphs.values():
        union.properties.update(own.properties)
        union.classes.update(own.classes)
        union.objects |= own.objects
    return {name.decode(): found.counted() for name, found in sorted({b"": union, **graphs}.items())}
