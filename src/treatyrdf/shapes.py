"""The shapes as they are documented: what each is about, what it asks for, what it says when that fails.

`shape_pages` yields pages as (file name, template, context); `shapes.html` gets `groups` and `ld`, and
whoever renders adds `root` and `site`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .english import SH, TRSH, English, Phrase, spaced
from .names import RDF, RDFS
from .reference import Page, Reference
from .terms import Link
from .vocabulary import SCHEMA

if TYPE_CHECKING:
    from pyoxigraph import NamedNode

    from .english import Node

KINDS = frozenset({SH + "NodeShape", SH + "PropertyShape"})
TARGETS: Mapping[str, tuple[str, str]] = {
    SH + "targetClass": ("every ", ""), SH + "targetNode": ("the value ", ""),
    SH + "targetSubjectsOf": ("everything that has ", ""),
    SH + "targetObjectsOf": ("everything that is ", " of something")}
"""What a shape is about, around the value that it gives (https://www.w3.org/TR/shacl/#targets)."""


@dataclass(frozen=True)
class Shape:
    """One shape: its targets and constraints as phrases, and queries as (message, SPARQL)."""

    name: str
    label: str
    purpose: str
    targets: tuple[Phrase, ...]
    constraints: tuple[Phrase, ...]
    queries: tuple[tuple[str, str], ...]
    severity: str
    message: str


@dataclass(frozen=True)
class Group:
    """The shapes of one file, with what the file says of itself in its first line."""

    file: str
    purpose: str
    shapes: tuple[Shape, ...]


def shapes_reference(files: Sequence[Path], reference: Reference) -> tuple[Group, ...]:
    """Return every named shape of the shape files (Turtle) in words, file by file."""
    import pyoxigraph as ox

    groups = []
    for file in files:
        said: dict[Node, dict[str, list[Node]]] = {}
        for triple in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            said.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
        english = English(said, reference.link)
        shapes = tuple(_shape(english, node) for node in said if isinstance(node, ox.NamedNode)
                       and not KINDS.isdisjoint(english.texts(node, RDF + "type")))
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        groups.append(Group(file.name, first.lstrip("# ") if first.startswith("#") else "", shapes))
    return tuple(groups)


def _shape(english: English, node: NamedNode) -> Shape:
    """Return a named shape in words; one without a severity is a violation, as SHACL has it."""
    def said(*predicates: str) -> str:
        return " ".join(text for predicate in predicates for text in english.texts(node, predicate))

    name = node.value.removeprefix(TRSH)
    return Shape(
        name, said(RDFS + "label") or spaced(name), said(SH + "description", RDFS + "comment"),
        tuple((Link(before), english.name(value), Link(after)) for key, (before, after) in TARGETS.items()
              for value in english.get(node, key)),
        tuple(english.sentences(node)), tuple(_queries(english, node)),
        (said(SH + "severity").removeprefix(SH) or "Violation").lower(), said(SH + "message"))


def _queries(english: English, node: Node) -> Iterator[tuple[str, str]]:
    """Yield the SPARQL constraints of a shape (https://www.w3.org/TR/shacl/#sparql-constraints)."""
    for query in english.get(node, SH + "sparql"):
        message, *texts = (" ".join(english.texts(query, SH + key)) for key in ("message", "select", "ask"))
        yield message, "".join(texts).strip("\n")


def shape_pages(groups: Sequence[Group]) -> Iterator[Page]:
    """Yield the one page of all shapes."""
    ld: dict[str, Any] = {"@context": SCHEMA, "@id": TRSH.rstrip("#"), "@type": "DefinedTermSet",
                          "name": "Shapes: what well-formed means"}
    yield "shapes.html", "shapes.html", {"groups": groups, "ld": ld}
