"""Triples held against shapes by pySHACL, which is the judge of what we compile and does what we do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from .compiled import read_path
from .guards import all_shapes
from .results import SEVERITIES, Finding
from .triples import Triples, path_text

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node


def fill(graph: Graph, turtle: str) -> None:
    """Add the triples of a Turtle text, parsed several times faster than rdflib would."""
    import pyoxigraph as ox
    from rdflib import BNode, Literal, URIRef

    @cache
    def term(found: Any) -> Node:
        if isinstance(found, ox.NamedNode):
            return URIRef(found.value)
        if isinstance(found, ox.BlankNode):
            return BNode(found.value)
        language = found.language
        return Literal(found.value, lang=language,
                       datatype=None if language else URIRef(found.datatype.value))

    for triple in ox.parse(turtle, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
        graph.add((term(triple.subject), term(triple.predicate), term(triple.object)))


def only(shapes: Graph, wanted: Collection[str]) -> Graph:
    """Return shapes of which only those in `wanted` have targets; the others are no classes, which would be targets."""
    from rdflib import RDF, SH, Graph

    kinds, kept, named = {SH.NodeShape, SH.PropertyShape}, Graph(), all_shapes(shapes)
    targets = {SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}
    for subject, predicate, value in shapes:
        aims = predicate in targets or (predicate == RDF.type and subject in named and value not in kinds)
        if not aims or f"<{subject}>" in wanted:
            kept.add((subject, predicate, value))
    return kept


def judge(data: Graph, shapes: Graph) -> Iterable[Finding]:
    """Yield the results of pySHACL."""
    from pyshacl import validate as pyshacl_validate
    from rdflib import RDF, SH, Graph, URIRef

    _, results, _ = pyshacl_validate(data, shacl_graph=shapes, inference="none", advanced=False,
                                     do_owl_imports=False, meta_shacl=False, js=False)
    assert isinstance(results, Graph)
    for node in results.subjects(RDF.type, SH.ValidationResult):
        def word(predicate: URIRef, node: Node = node) -> str:
            found = results.value(node, predicate)
            return "" if found is None else str(found)  # a literal that is 0 or false is one

        severity, code = SEVERITIES.get(word(SH.resultSeverity).removeprefix(str(SH)), SEVERITIES["Violation"])
        source = results.value(node, SH.sourceShape)
        shape = str(source) if isinstance(source, URIRef) else ""
        messages = sorted(map(str, results.objects(node, SH.resultMessage)))
        path = _path_text(results, results.value(node, SH.resultPath))
        yield Finding(word(SH.focusNode), path, word(SH.value), code, severity, shape, "; ".join(messages),
                      word(SH.sourceConstraintComponent).removeprefix(str(SH)))


def _path_text(results: Graph, node: Node | None) -> str:
    """Return a path as it is shown: the IRI of a predicate, another as SPARQL writes it."""
    from rdflib import BNode

    if not isinstance(node, BNode):
        return str(node or "")
    triples = Triples(sorted((s.n3(), p.n3(), o.n3()) for s, p, o in results if isinstance(s, BNode)))
    return path_text(read_path(triples, node.n3()))
