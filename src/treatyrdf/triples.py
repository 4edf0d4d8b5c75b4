"""Triples by predicate, and what a property path leads to (https://www.w3.org/TR/shacl/#property-paths)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain

from .names import RDF, RDFS

Path = str | tuple["str | Path", ...]
"""An IRI as a term, or what is done with paths: ("inverse", path), ("sequence", path, path)..."""
TYPE, SUBCLASS = f"<{RDF}type>", f"<{RDFS}subClassOf>"
_SIGNS = {"zeroOrMore": "*", "oneOrMore": "+", "zeroOrOne": "?"}


class Property:
    """What a predicate or path says of nodes: a value of each, and all values of those that have several.

    Most nodes have one, so that what is asked of all of them is asked of two dictionaries.
    """

    def __init__(self, one: dict[str, str], more: dict[str, list[str]]) -> None:
        """Keep both; each node of `more` is in `one`, too."""
        self.one, self.more = one, more

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each node with each of its values."""
        for node, value in self.one.items():
            if node in self.more:
                yield from ((node, other) for other in self.more[node])
            else:
                yield node, value

    def __len__(self) -> int:
        """Return how many pairs of node and value there are."""
        return len(self.one) - len(self.more) + sum(map(len, self.more.values()))

    def get(self, node: str) -> Sequence[str]:
        """Return the values of a node, each once."""
        if node in self.more:
            return self.more[node]
        return (self.one[node],) if node in self.one else ()

    def has(self, node: str, value: str) -> bool:
        """Tell whether a node has a value."""
        return value in self._several[node] if node in self.more else self.one.get(node) == value

    @cached_property
    def _several(self) -> Mapping[str, Set[str]]:
        return {node: {*values} for node, values in self.more.items()}

    def of(self, nodes: Set[str]) -> set[str]:
        """Return the values of some nodes."""
        found = {value for value in map(self.one.get, nodes) if value is not None}
        return found.union(*(self.more[node] for node in self.more.keys() & nodes)) if self.more else found

    @cached_property
    def values(self) -> set[str]:
        """Return all values."""
        return {*self.one.values(), *chain.from_iterable(self.more.values())}

    @cached_property
    def inverse(self) -> Property:
        """Return what leads from the values to the nodes."""
        return self.back(self.values)

    def back(self, values: Set[str]) -> Property:
        """Return what leads from some of the values to the nodes."""
        pairs = [(value, node) for node, value in self.one.items() if value in values]
        if self.more:
            pairs = [pair for pair in pairs if pair[1] not in self.more]
            pairs += [(value, node) for node, found in self.more.items() for value in found if value in values]
        return _property(pairs)

    def beside(self, other: Property) -> Property:
        """Return what this and another say."""
        more = {**other.more, **self.more}
        for node in self.one.keys() & other.one.keys():
            found = [*dict.fromkeys((*other.get(node), *self.get(node)))]
            if len(found) > 1:
                more[node] = found
        return Property({**other.one, **self.one}, more)


def _property(found: Sequence[Sequence[str]], value: int = 1) -> Property:
    """Return what gives each node, the first of a pair or triple, what stands at the place of a value, each once."""
    one = {pair[0]: pair[value] for pair in found}
    if len(one) == len(found):
        return Property(one, {})
    several, more = {pair[0] for pair in found if pair[value] != one[pair[0]]}, dict[str, dict[str, None]]()
    for pair in found if several else ():
        if pair[0] in several:
            more.setdefault(pair[0], {})[pair[value]] = None
    return Property(one, {node: [*own] for node, own in more.items()})


_NONE = Property({}, {})


class Triples:
    """A graph of terms, as N-Triples writes them, by predicate."""

    def __init__(self, triples: Iterable[Sequence[str]] = ()) -> None:
        """Read triples, or quads without their graph."""
        found = defaultdict[str, list[Sequence[str]]](list)
        for triple in triples:
            found[triple[1]].append(triple)
        self.by_predicate = {predicate: _property(own, 2) for predicate, own in found.items()}
        self._members: dict[str, set[str]] = {}

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Yield the triples."""
        return ((node, predicate, value) for predicate, found in self.by_predicate.items() for node, value in found)

    def __len__(self) -> int:
        """Return how many triples there are."""
        return sum(map(len, self.by_predicate.values()))

    def beside(self, other: Triples) -> Triples:
        """Return these and other triples in one."""
        joined = Triples()
        joined.by_predicate = {**other.by_predicate, **self.by_predicate}
        for predicate in self.by_predicate.keys() & other.by_predicate.keys():
            joined.by_predicate[predicate] = self.by_predicate[predicate].beside(other.by_predicate[predicate])
        return joined

    def values(self, predicate: str) -> Property:
        """Return the values of a predicate by subject."""
        return self.by_predicate.get(predicate, _NONE)

    def inverse(self, predicate: str) -> Property:
        """Return the subjects of a predicate by value."""
        return self.values(predicate).inverse

    def members(self, class_: str) -> set[str]:
        """Return the instances of a class and of the classes below it (https://www.w3.org/TR/shacl/#def-shacl-instance)."""
        if class_ not in self._members:
            kinds = self.follow(("inverse", ("zeroOrMore", SUBCLASS)), class_)
            self._members[class_] = set(chain.from_iterable(map(self.inverse(TYPE).get, kinds)))
        return self._members[class_]

    @cached_property
    def nodes(self) -> set[str]:
        """Return all subjects."""
        return set[str]().union(*(found.one for found in self.by_predicate.values()))

    def has(self, node: str) -> bool:
        """Tell whether a node is subject or value of a triple."""
        return node in self.nodes or any(node in found.values for found in self.by_predicate.values())

    def terms(self, begin: str) -> set[str]:
        """Return the terms of all triples that begin so."""
        every = (self.nodes, self.by_predicate, *(found.values for found in self.by_predicate.values()))
        return {term for terms in every for term in terms if term.startswith(begin)}

    def follow(self, path: Path, node: str, back: bool = False) -> Sequence[str]:
        """Return where a path leads from a node, each node once; with `back`, from where it leads to it."""
        if isinstance(path, str):
            return (self.inverse(path) if back else self.values(path)).get(node)
        kind, *parts = path
        return list(dict.fromkeys(_STEPS[str(kind)](self, parts, node, back)))

    def along(self, path: Path | None, nodes: Set[str]) -> Property:
        """Return what leads at least some nodes along a path, None for to themselves."""
        if path is None:
            return Property(dict(zip(nodes, nodes, strict=True)), {})
        if isinstance(path, str):
            return self.values(path)
        if path[0] == "inverse" and isinstance(path[1], str):
            return self.values(path[1]).back(nodes)
        found = {node: [*values] for node in nodes if (values := self.follow(path, node))}
        return Property({node: values[0] for node, values in found.items()},
                        {node: values for node, values in found.items() if len(values) > 1})


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
