"""Guards against a silent yes: shapes that are empty, and words and targets that are misspelt, are errors."""

from __future__ import annotations

from collections.abc import Iterable, Set
from difflib import get_close_matches
from typing import TYPE_CHECKING

from .names import TRT
from .results import Finding
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

COMPUTED = ("RelationState", "Conflict", "DisputedClaim", "Membership")
"""Classes that the tool fills: having none is no mistake of a curator."""


def _guard(code: str, value: str, message: str, focus: str = "") -> Finding:
    return Finding(focus, "", value, code, "violation", "", message)


def all_shapes(graph: Graph) -> Set[Node]:
    """Return the shapes of a graph that say what they are."""
    from rdflib import SH

    return {*graph.subjects(None, SH.NodeShape), *graph.subjects(None, SH.PropertyShape)}


def lint(shapes: Graph, terms: Set[str]) -> Iterable[Finding]:
    """Yield what pySHACL would pass over: empty shapes, and terms that nobody knows."""
    from rdflib import SH, URIRef

    if not all_shapes(shapes):
        yield _guard("TRT060", "the shapes graph has no shape", "give shapes that check something")
    known = {*map(str, dir(SH)), *(str(SH) + w for w in ("class", "in", "not", "or"))}
    for term in sorted({t for triple in shapes for t in triple if isinstance(t, URIRef)}):
        for namespace, words in ((str(SH), known), (TRT, terms)):
            if str(term).startswith(namespace) and str(term) not in words:
                yield _guard("TRT061", f"unknown term in the shapes: {term}", _near(term, words))
    described = {str(s) for s in shapes.subjects()}
    for shape in sorted({str(o) for link in (SH.property, SH.node) for o in shapes.objects(None, link)}):
        if shape not in described:
            yield _guard("TRT061", f"unknown shape: {shape}", _near(shape, described))


def idle_targets(shapes: Graph, types: Set[str], predicates: Set[str], nodes: Set[str], vocabulary: Vocabulary,
                 absent: Set[str]) -> Iterable[Finding]:
    """Yield targets that match nothing, unless the data set says that it has no such thing."""
    from rdflib import SH

    present = types | {TRT + above for t in types
                       for above in vocabulary.ancestors.get(t.removeprefix(TRT), ())}
    # A concept of the ontology is there, used or not.
    found = {SH.targetClass: present, SH.targetSubjectsOf: predicates,
             SH.targetObjectsOf: predicates, SH.targetNode: vocabulary.terms | nodes}
    for name in sorted(absent):
        if TRT + name in present | predicates:
            yield _guard("TRT064", f"the data have trt:{name}, though `absent` names it",
                         f"remove `{name}` from `absent` in dataset.yaml")
    idle: dict[str, list[str]] = {}
    for kind, there in found.items():
        for shape, target in sorted(shapes.subject_objects(kind)):
            name = str(target).removeprefix(TRT)
            # Where a wider class is there, as Claim is for Inference, having none is no misspelling.
            wider = {TRT + above for above in vocabulary.ancestors.get(name, ())} & present
            if str(target) not in there and name not in {*absent, *COMPUTED} and not wider:
                idle.setdefault(name, []).append(str(shape).rpartition("#")[2])
    for name, names in sorted(idle.items()):
        yield _guard("TRT063", f"the data have no {name}, so {', '.join(names)} check nothing",
                     f"add one, or write `{name}` under `absent` in dataset.yaml")


def unknown_terms(used: Set[str], terms: Set[str]) -> Iterable[Finding]:
    """Yield words of our namespace in the data that the ontology does not have."""
    for term in sorted(used - terms):
        yield _guard("TRT062", f"unknown term in the data: {term}", _near(term, terms))


def _near(term: str, words: Set[str]) -> str:
    near = get_close_matches(term, sorted(words), n=1)
    return f"did you mean {near[0]}?" if near else "use a term that is defined"
