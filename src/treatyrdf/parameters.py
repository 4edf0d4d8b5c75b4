"""What constraints are made from, and what they are run on: the parameters of shapes, and the values of nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .names import RDF, parts_of
from .triples import Path, Property, Triples

if TYPE_CHECKING:
    import pyoxigraph as ox

SH = "http://www.w3.org/ns/shacl#"


class Broken(NamedTuple):
    """One result of a constraint: a node; its path, value and messages where they are not those of the shape."""

    focus: str
    path: str = ""
    value: str = ""
    messages: tuple[str, ...] = ()


class Run(Protocol):
    """What constraints ask of the data: triples, and which of some nodes do not conform to a shape."""

    data: Triples

    @property
    def store(self) -> ox.Store:
        """The triples, to be queried."""

    def failing(self, shape: str, nodes: set[str]) -> Set[str]:
        """Return the nodes that do not conform to a shape."""


@dataclass(frozen=True)
class Values:
    """The focus nodes of a shape, and where its path leads from them."""

    focus: set[str]
    path: Path | None
    data: Triples

    @cached_property
    def links(self) -> Property:
        """What leads from the focus nodes, and perhaps from others, to their values."""
        return self.data.along(self.path, self.focus)

    def get(self, focus: str) -> Sequence[str]:
        """Return the values of a focus node."""
        return (focus,) if self.path is None else self.links.get(focus)

    @cached_property
    def own(self) -> set[str]:
        """The values of the focus nodes, and no others."""
        return self.focus if self.path is None else self.links.of(self.focus)

    @cached_property
    def every(self) -> set[str]:
        """At least the values of the focus nodes: all that the path leads to, where those are less."""
        if self.path is None or len(self.focus) < len(self.links.values):
            return self.own
        return self.links.values


Constraint = Callable[[Run, Values], Iterable[Broken]]
Test = Callable[[Run, set[str]], Set[str]]
"""Returns those of some values that break a constraint."""


class UnknownError(Exception):
    """What the compiler does not know; the shape is left to pySHACL."""


@dataclass(frozen=True)
class Parameters:
    """What a shape says: its parameters and those of the shapes around it."""

    shapes: Triples
    node: str
    path: Path | None

    def all(self, name: str, node: str = "") -> list[str]:
        """Return the values of a parameter."""
        return [*self.shapes.values(f"<{SH}{name}>").get(node or self.node)]

    def one(self, name: str, default: str = "") -> str:
        """Return the value of a parameter that there is one of at most."""
        found = self.all(name)
        if len(found) > 1:
            raise UnknownError(f"has {len(found)} times sh:{name}")
        return found[0] if found else default

    def number(self, name: str) -> int:
        """Return a parameter that is a whole number."""
        text = parts_of(self.one(name))[0]
        if not text.isdecimal():
            raise UnknownError(f"has sh:{name} {text}")
        return int(text)

    def true(self, name: str) -> bool:
        """Tell whether a parameter is true."""
        return self.one(name).startswith('"true"') or self.one(name).startswith('"1"')

    def list(self, node: str) -> list[str]:
        """Return the members of an RDF list."""
        members, seen = [], set()
        while node != f"<{RDF}nil>":
            first, rest = (self.shapes.values(f"<{RDF}{word}>").get(node) for word in ("first", "rest"))
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise UnknownError("has a list that is not well-formed")
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return members
