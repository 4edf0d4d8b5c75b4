"""Triples counted as VoID counts them (https://www.w3.org/TR/void/#statistics)."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .folded import Pieces
from .graph import TYPE

_SOME = 50_000
"""Objects that are looked at at a time."""
_HEAPS = 256
_FULL = 4_096
"""Hashes from which a heap is put aside."""
_LIMITS = [(heap << 64) // _HEAPS - (1 << 63) for heap in range(1, _HEAPS)]
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


class _Objects:
    """The hashes of objects, in heaps small enough to be counted one by one; what fills a heap is put aside."""

    __slots__ = ("heaps", "numbers", "pieces", "some")

    def __init__(self, pieces: Pieces) -> None:
        self.pieces, self.some = pieces, list[int]()
        self.heaps = [array("q") for _ in range(_HEAPS)]
        self.numbers: list[list[int]] = [[] for _ in range(_HEAPS)]

    def add(self, value: bytes) -> None:
        self.some.append(hash(value))
        if len(self.some) == _SOME:
            self.sort()

    def sort(self) -> None:
        hashes = sorted({*self.some})
        ends = [bisect_left(hashes, limit) for limit in _LIMITS]
        for heap, numbers, begin, end in zip(self.heaps, self.numbers, [0, *ends], [*ends, len(hashes)], strict=True):
            heap.extend(hashes[begin:end])
            if len(heap) >= _FULL:
                numbers.append(len(self.pieces))
                self.pieces.append(heap.tobytes())
                del heap[:]
        self.some.clear()

    def distinct(self, heap: int) -> set[int]:
        found = {*self.heaps[heap]}
        for number in self.numbers[heap]:
            found.update(array("q", self.pieces[number]))
        return found


class _Graph:
    """What is counted of one graph, whose lines come sorted, so that those of one subject are neighbours."""

    __slots__ = ("classes", "entities", "last", "objects", "properties", "subjects")

    def __init__(self, pieces: Pieces) -> None:
        self.last, self.subjects, self.entities = b"", 0, 0
        self.objects = _Objects(pieces)
        self.classes: Counter[bytes] = Counter()
        self.properties: Counter[bytes] = Counter()

    def counted(self, objects: int) -> Statistics:
        return Statistics(self.properties.total(), self.entities, self.subjects, objects,
                          *({term.decode(): n for term, n in found.items()}
                            for found in (+self.classes, +self.properties)))


def count(lines: Iterable[bytes], base: str) -> dict[str, Statistics]:
    """Return the statistics of sorted N-Quads lines, by the term of each graph; of their union under ""."""
    graphs: dict[bytes, _Graph] = {}
    pieces = Pieces()
    union, start, type_ = _Graph(pieces), f"<{base}".encode(), TYPE.encode()
    last = (b"", b"", b"")
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        value, graph, _ = rest.rsplit(b" ", 2)
        own = graphs.get(graph) or graphs.setdefault(graph, _Graph(pieces))
        if subject != own.last:
            own.last = subject
            own.subjects += 1
            own.entities += subject.startswith(start)
        own.properties[predicate] += 1
        own.objects.add(value)
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
        own.objects.sort()
    whole, objects = 0, Counter[bytes]()
    for heap in range(_HEAPS):
        found = {name: own.objects.distinct(heap) for name, own in graphs.items()}
        objects.update({name: len(hashes) for name, hashes in found.items()})
        whole += len(set[int]().union(*found.values()))
    counted = {name.decode(): own.counted(objects[name]) for name, own in sorted(graphs.items())}
    return {"": union.counted(whole), **counted}
