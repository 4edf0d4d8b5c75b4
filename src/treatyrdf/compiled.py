"""SHACL shapes -> functions that are run over the triples of a slice, each constraint once over all its nodes.

https://www.w3.org/TR/shacl/: SHACL Core with property paths, and SPARQL-based constraints. A shape that says more
is not compiled but named, for pySHACL to hold the data against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from .components import BESIDE, COMPONENTS
from .names import RDF, RDFS, english
from .parameters import SH, Constraint, Parameters, UnknownError, Values
from .selects import select_constraint
from .triples import Path, Triples, path_text

if TYPE_CHECKING:
    import pyoxigraph as ox

_TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
_SAID = frozenset((*_TARGETS, "path", "property", "severity", "message", "deactivated", "sparql", "name", "description",
                   "order", "group", "defaultValue"))
_LISTS = frozenset(("and", "or", "xone"))
_LINKS = ("property", "node", "not", "qualifiedValueShape", *sorted(_LISTS))
_PATHS = ("inverse", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne")


class Result(NamedTuple):
    """One validation result, its terms as N-Triples writes them; a path that is no predicate as in SPARQL."""

    focus: str
    path: str
    value: str
    component: str
    severity: str
    shape: str
    messages: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A shape: what it asks for, each part with its component, and the property shapes in it."""

    node: str
    path: Path | None
    severity: str
    messages: tuple[str, ...]
    constraints: tuple[tuple[str, Constraint], ...]
    properties: tuple[str, ...]


class Compiled:
    """Shapes that can be held against the triples of any number of slices."""

    def __init__(self, shapes: Triples) -> None:
        """Compile the shapes of a graph; `left` tells for each that is not why."""
        self.graph = shapes
        self.shapes: dict[str, Shape] = {}
        self.left: dict[str, str] = {}
        self.targets: dict[str, list[tuple[str, str]]] = {}
        for node, targets in _targets(shapes).items():
            try:
                self._compile(node, ())
                self.targets[node] = targets
            except UnknownError as why:
                self.left[node] = str(why)

    def _compile(self, node: str, within: tuple[str, ...]) -> None:
        """Compile a shape and those that it names."""
        if node in within:
            raise UnknownError("names itself")
        if node in self.shapes:
            return
        path = _path(self.graph, node)
        parameters = Parameters(self.graph, node, path)
        said = {p[1:-1] for p, found in self.graph.by_predicate.items() if node in found.one}
        own = {p.removeprefix(SH) for p in said if p.startswith(SH)}
        if odd := sorted(own - COMPONENTS.keys() - _SAID - BESIDE) + sorted(said & self._custom):
            raise UnknownError(f"has {odd[0]}")
        if parameters.true("deactivated"):
            self.shapes[node] = Shape(node, path, "", (), (), ())
            return
        for name in _LINKS:
            for value in parameters.all(name):
                for other in parameters.list(value) if name in _LISTS else (value,):
                    self._compile(other, (*within, node))
        constraints = [(_component(name), make(parameters, value))
                       for name, make in COMPONENTS.items() for value in parameters.all(name)]
        constraints += [("SPARQLConstraintComponent", select_constraint(parameters, value))
                        for value in parameters.all("sparql")]
        severity = parameters.one("severity", f"<{SH}Violation>")[1:-1].removeprefix(SH)
        self.shapes[node] = Shape(node, path, severity, tuple(parameters.all("message")), tuple(constraints),
                                  tuple(parameters.all("property")))

    @cached_property
    def _custom(self) -> Set[str]:
        """The parameters of components that the shapes define themselves."""
        nodes = chain(self.graph.members(f"<{SH}Parameter>"), self.graph.values(f"<{SH}parameter>").values)
        return {path[1:-1] for node in nodes for path in self.graph.values(f"<{SH}path>").get(node)}

    def results(self, data: Triples, elsewhere: Set[str] = frozenset()) -> Iterator[Result]:
        """Yield what the triples break; nodes `elsewhere` are none of those that are tested."""
        held, nodes = Held(self.shapes, data), cache(partial(_nodes, data, elsewhere))
        for node, targets in self.targets.items():
            if focus := nodes(*targets):
                yield from held.results(node, focus)


def _nodes(data: Triples, elsewhere: Set[str], *targets: tuple[str, str]) -> set[str]:
    """Return the nodes of the data that are tested for targets."""
    found = set(chain.from_iterable(_FOUND[kind](data, target) for kind, target in targets))
    return found - elsewhere if elsewhere else found


class Held:
    """Shapes held against the triples of one slice."""

    def __init__(self, shapes: Mapping[str, Shape], data: Triples) -> None:
        """Keep both."""
        self.shapes, self.data = shapes, data

    @cached_property
    def store(self) -> ox.Store:
        """The triples, to be queried; their terms were checked when they were made or read."""
        import pyoxigraph as ox

        store, text = ox.Store(), "".join(f"{s} {p} {o} .\n" for s, p, o in self.data)
        store.bulk_extend(ox.parse(text, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=False, lenient=True))
        return store

    def results(self, node: str, focus: set[str]) -> Iterator[Result]:
        """Yield the results of a shape for focus nodes, and those of the property shapes in it."""
        shape, values = self.shapes[node], self._values(node, focus)
        name = node[1:-1] if node.startswith("<") else ""
        path = path_text(shape.path) if shape.path is not None else ""
        for component, constraint in shape.constraints:
            for broken in constraint(self, values):
                yield Result(broken.focus, broken.path or path, broken.value, component, shape.severity, name,
                             broken.messages or shape.messages or (english(f"does not conform to {component}"),))
        for other in shape.properties:
            yield from self.results(other, values.own)

    def failing(self, node: str, focus: set[str]) -> Set[str]:
        """Return the nodes that do not conform to a shape."""
        shape, values = self.shapes[node], self._values(node, focus)
        found = {broken.focus for _, constraint in shape.constraints for broken in constraint(self, values)}
        for other in shape.properties:
            if bad := self.failing(other, values.own):
                found.update(bad if shape.path is None else (f for f in focus if not bad.isdisjoint(values.get(f))))
        return found

    def _values(self, node: str, focus: set[str]) -> Values:
        return Values(focus, self.shapes[node].path, self.data)


def _component(name: str) -> str:
    return f"{name[0].upper()}{name[1:]}ConstraintComponent"


def _targets(shapes: Triples) -> dict[str, list[tuple[str, str]]]:
    """Return the targets of each shape that has any (https://www.w3.org/TR/shacl/#targets)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in _TARGETS:
        for node, target in shapes.values(f"<{SH}{kind}>"):
            found.setdefault(node, []).append((kind, target))
    classes = shapes.members(f"<{RDFS}Class>")
    for node in sorted(classes & (shapes.members(f"<{SH}NodeShape>") | shapes.members(f"<{SH}PropertyShape>"))):
        found.setdefault(node, []).append(("targetClass", node))
    return found


_FOUND: Mapping[str, Callable[[Triples, str], Iterable[str]]] = {
    "targetNode": lambda data, node: (node,),
    "targetClass": lambda data, class_: data.members(class_),
    "targetSubjectsOf": lambda data, predicate: data.values(predicate).one,
    "targetObjectsOf": lambda data, predicate: data.values(predicate).values,
}
"""The nodes of the data that a target is about."""


def _path(shapes: Triples, shape: str) -> Path | None:
    found = shapes.values(f"<{SH}path>").get(shape)
    if len(found) > 1:
        raise UnknownError("has several paths")
    return read_path(shapes, found[0]) if found else None


def read_path(shapes: Triples, node: str, within: tuple[str, ...] = ()) -> Path:
    """Return the path that a node of a graph describes; raises UnknownError for one that is none."""
    if node in within:
        raise UnknownError("has a path that leads into itself")
    if node.startswith("<"):
        return node
    within, read = (*within, node), Parameters(shapes, node, None)
    if node in shapes.values(f"<{RDF}first>").one:
        return ("sequence", *(read_path(shapes, part, within) for part in read.list(node)))
    for kind in _PATHS:
        for other in read.all(f"{kind}Path"):
            parts: Iterable[str] = read.list(other) if kind == "alternative" else (other,)
            return (kind, *(read_path(shapes, part, within) for part in parts))
    raise UnknownError("has a path that is none")
