"""A picture as values: nodes in columns, and lines that stand for claims.

The same value serves the drawing and a table that says as much without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """What is drawn as a box: the term it stands for, and the shape and the column of its kind."""

    term: str
    label: str
    kind: str
    column: int
    detail: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Said:
    """One claim that a line stands for: its id, what it says of the two ends, and how firmly."""

    claim: str
    label: str
    grade: str
    asserted: bool
    denied: bool = False


@dataclass(frozen=True)
class Edge:
    """All claims that join one thing to another, in the order of their firmness."""

    source: str
    target: str
    said: tuple[Said, ...]

    @property
    def grade(self) -> str:
        """Return the grade of the firmest claim."""
        return self.said[0].grade

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what is said, each once."""
        return tuple(dict.fromkeys(f"not: {s.label}" if s.denied else s.label for s in self.said))

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the ids of the claims."""
        return tuple(s.claim for s in self.said)

    @property
    def asserted(self) -> bool:
        """Tell whether any of the claims is a plain triple."""
        return any(s.asserted for s in self.said)

    @property
    def denied(self) -> bool:
        """Tell whether all of the claims are denied."""
        return all(s.denied for s in self.said)


@dataclass(frozen=True)
class Picture:
    """Nodes in columns and the lines between them, with what was left out for want of room."""

    title: str
    form: str
    """The kind of picture: `whole`, `ego` or `reasons`."""
    nodes: tuple[Node, ...]
    ends: Mapping[tuple[int, int], Edge]
    """Every line by the places of its two ends among the nodes."""
    columns: tuple[str, ...]
    more: tuple[int, ...]
    """How many nodes are left out of each column."""
    lines_out: int = 0
    apart: int = 0
    """How many things nothing is joined to; they are not drawn."""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Return the lines, for a table that says the same."""
        return tuple(self.ends.values())

    @property
    def left_out(self) -> int:
        """Return how many nodes are left out in all."""
        return sum(self.more)
