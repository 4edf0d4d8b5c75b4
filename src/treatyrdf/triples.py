"""Triples by predicate, and what a property path leads to (https://www.w3.org/TR/shacl/#property-paths)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

from .names import RDF, RDFS

Path = str | tuple["str | Path", ...]
"""An IRI as a term, or what is done with paths: ("inverse", path), ("sequence", path, path)..."""
Get = Callable[[str], Sequence[str] | None]
"""Returns the values of a node, each once; none or None where there are none."""
TYPE, SUBCLASS = f"<{RDF}type>", f"<{RDFS}subClassOf>"
_NONE: Mapping[str, list[str]] = {}
_SIGNS = {"zeroOrMore": "*", "oneOrMore": "+", "zeroOrOne": "?"}


class Triples:
    """A graph of terms, as N-Triples writes them; what is asked for is indexed once."""

    def __init__(self, triples: Iterable[Sequence[str]]) -> None:
        """Read triples (or quads, of which the graph is left out) in which the same stand side by side."""
        self.by_predicate: dict[str, dict[str, list[str]]] = {}
        self._inverse: dict[str, Mapping[str, list[str]]] = {}
        self._objects: dict[str, Set[str]] = {}
        self._members: dict[str, Set[str]] = {}
        self._several: dict[str, Mapping[str, list[str]]] = {}
        for triple in triples:
            subject, predicate, value = triple[0], triple[1], triple[2]
            found = self.by_predicate.get(predicate)
            if found is None:
                found = self.by_predicate[predicate] = {}
            values = found.get(subject)
            if values is None:
                found[subject] = [value]
            elif values[-1] != value:
                values.append(value)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Yield the triples."""
        return ((s, p, o) for p, found in self.by_predicate.items() for s, values in found.items() for o in values)

    def __len__(self) -> int:
        """Return how many triples there are."""
        return sum(len(values) for found in self.by_predicate.values() for values in found.values())

    def beside(self, other: Triples) -> Triples:
        """Return these and other triples in one."""
        joined = Triples(())
        joined.by_predicate = {**other.by_predicate, **self.by_predicate}
        for predicate in self.by_predicate.keys() & other.by_predicate.keys():
            own, found = self.by_predicate[predicate], other.by_predicate[predicate]
            joined.by_predicate[predicate] = {**found, **own, **{
                subject: [*dict.fromkeys((*found[subject], *own[subject]))] for subject in own.keys() & found.keys()}}
        return joined

    def values(self, predicate: str) -> Mapping[str, list[str]]:
        """Return the values of a predicate by subject."""
        return self.by_predicate.get(predicate, _NONE)

    def several(self, predicate: str) -> Mapping[str, list[str]]:
        """Return the values of a predicate by subject, where they are more than one."""
        if predicate not in self._several:
            self._several[predicate] = {s: found for s, found in self.values(predicate).items() if len(found) > 1}
        return self._several[predicate]

    def inverse(self, predicate: str) -> Mapping[str, list[str]]:
        """Return the subjects of a predicate by value."""
        if predicate not in self._inverse:
            found: dict[str, list[str]] = {}
            for subject, values in self.values(predicate).items():
                for value in values:
                    found.setdefault(value, []).append(subject)
            self._inverse[predicate] = found
        return self._inverse[predicate]

    def objects(self, predicate: str) -> Set[str]:
        """Return all values of a predicate."""
        if predicate not in self._objects:
            self._objects[predicate] = set(chain.from_iterable(self.values(predicate).values()))
        return self._objects[predicate]

    def members(self, class_: str) -> Set[str]:
        """Return the instances of a class and of the classes below it (https://www.w3.org/TR/shacl/#def-shacl-instance)."""
        if class_ not in self._members:
            kinds = self.follow(("inverse", ("zeroOrMore", SUBCLASS)), class_)
            self._members[class_] = set(chain.from_iterable(self.inverse(TYPE).get(kind, ()) for kind in kinds))
        return self._members[class_]

    @cached_property
    def nodes(self) -> Set[str]:
        """Return all subjects."""
        return set(chain.from_iterable(self.by_predicate.values()))

    def follow(self, path: Path, node: str, back: bool = False) -> list[str]:
        """Return where a path leads from a node, each node once; with `back`, from where it leads to it."""
        if isinstance(path, str):
            found = (self.inverse(path) if back else self.values(path)).get(node)
            return found or []
        kind, *parts = path
        return list(dict.fromkeys(_STEPS[str(kind)](self, parts, node, back)))

    def get(self, path: Path) -> Get:
        """Return what gives the values of a node along a path."""
        if isinstance(path, str):
            return self.values(path).get
        if path[0] == "inverse" and isinstance(path[1], str):
            return self.inverse(path[1]).get
        return lambda node: self.follow(path, node)


Step = Callable[[Triples, Sequence[Path], str, bool], Iterable[str]]


def _inverse(data: Triples, parts: Sequence[Path], node: str, back: bool) -> Iterable[str]:
    return data.follow(parts[0], node, not back)


def _sequence(data: Triples, parts: Sequence[Path], node: str, back: bool) -> Iterable[str]:
    found: Iterable[str] = (node,)
    for part in reversed(parts) if back else parts:
        found = dict.fromkeys(other for one in found for other in data.follow(part, one, back))
    return found


def _alternative(data: Triples, parts: Sequence[Path], node: str, back: bool) -> Iterable[str]:
    return chain.from_iterable(data.follow(part, node, back) for part in parts)


def _one_or_more(data: Triples, parts: Sequence[Path], node: str, back: bool) -> Iterable[str]:
    found: dict[str, None] = {}
    rest = data.follow(parts[0], node, back)
    while rest:
        found.update(dict.fromkeys(rest))
        rest = [other for one in rest for other in data.follow(parts[0], one, back) if other not in found]
    return found


_STEPS: Mapping[str, Step] = {
    "inverse": _inverse, "sequence": _sequence, "alternative": _alternative, "oneOrMore": _one_or_more,
    "zeroOrMore": lambda data, parts, node, back: (node, *_one_or_more(data, parts, node, back)),
    "zeroOrOne": lambda data, parts, node, back: (node, *data.follow(parts[0], node, back)),
}


def path_text(path: Path) -> str:
    """Return a path as SPARQL writes it.

    >>> path_text(("inverse", ("alternative", ("sequence", "<a:b>", "<a:c>"), ("zeroOrMore", "<a:d>"))))
    '^(<a:b>/<a:c>|<a:d>*)'
    """
    if isinstance(path, str):
        return path
    kind, *parts = path
    if kind == "alternative":
        return f"({'|'.join(map(path_text, parts))})"
    if kind == "sequence":
        return "/".join(f"({path_text(part)})" if part[0] == "sequence" else path_text(part) for part in parts)
    text = path_text(parts[0])
    if not isinstance(parts[0], str) and parts[0][0] != "alternative":
        text = f"({text})"
    return f"^{text}" if kind == "inverse" else text + _SIGNS[str(kind)]
