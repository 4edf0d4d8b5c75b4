"""Triples held against SHACL shapes, with guards against a silent yes.

pySHACL conforms when shapes are empty, when a target is misspelt and when a constraint is; each of
these is an error here (https://www.w3.org/TR/shacl/).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from itertools import chain
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .compiled import Compiled, read_path
from .names import TRT, parts_of
from .triples import SUBCLASS, TYPE, Triples, path_text
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

LOG = getLogger("treatyrdf")
VALIDATORS = ("pyshacl", "compiled")
_OURS = f"<{TRT}"
COMPUTED = ("RelationState", "Conflict", "DisputedClaim", "Membership")
"""Classes that the tool fills: having none is no mistake of a curator."""

WARNING = "TRT066"
SEVERITIES = {"Violation": ("violation", "TRT065"), "Warning": ("warning", WARNING),
              "Info": ("info", WARNING)}


@dataclass(frozen=True, order=True)
class Finding:
    """One result: the focus node and path it is about, the shape that fired, what to do."""

    focus: str
    path: str
    value: str
    code: str
    severity: str
    shape: str
    message: str
    component: str = ""
    """The constraint component, by its name in SHACL; none of a guard."""


@dataclass(frozen=True)
class Report:
    """All findings on a data set, sorted; it conforms when none is a violation."""

    findings: tuple[Finding, ...]
    triples: int
    shapes: int
    classes: Mapping[str, int] = field(default_factory=dict)
    """How many nodes there are of each class, by its IRI."""

    @property
    def conforms(self) -> bool:
        """Tell whether nothing has to be mended."""
        return not any(f.severity == "violation" for f in self.findings)


@dataclass(frozen=True)
class Seen:
    """What one slice gives to the report: its findings, and which words the guards may look for there."""

    findings: frozenset[Finding]
    triples: int
    classes: Mapping[str, int]
    predicates: frozenset[str]
    terms: frozenset[str]
    """Words of our namespace."""
    nodes: frozenset[str]
    """Those of the nodes that shapes name as targets."""


class Tester:
    """Shapes, read once, and what slice after slice is held against."""

    def __init__(self, shapes: Sequence[Path], vocabulary: Vocabulary, validator: str = "pyshacl") -> None:
        """Read the shape files; classes of the ontology are known to them with all classes above.

        With the validator `compiled` pySHACL is given only the shapes that the compiler does not know.
        """
        from rdflib import SH, Graph

        self.vocabulary, self.shapes, self.compiled = vocabulary, Graph(), None
        texts = [path.read_text(encoding="utf-8") for path in shapes]
        for text in texts:
            _fill(self.shapes, text)
        self.broken = [*_lint(self.shapes, vocabulary.terms)]
        self.named = frozenset(f"<{node}>" for node in self.shapes.objects(None, SH.targetNode))
        self.judged = self.shapes
        if validator == "compiled" and not self.broken:
            self.compiled = _compile(texts)
            self.judged = _only(self.shapes, self.compiled.left)
            for shape, why in sorted(self.compiled.left.items()):
                LOG.warning("%s %s, so pySHACL holds the data against it", shape, why)

    def test(self, triples: Iterable[Sequence[str]], context: Iterable[Sequence[str]] = ()) -> Seen:
        """Return what terms of triples (or quads), sorted, show; `context` tells of nodes that are tested elsewhere."""
        data, beside = Triples(triples), Triples(context)
        findings: Iterable[Finding] = ()
        if not self.broken:
            above = _above(self.vocabulary.ancestors)
            findings = self._findings(Triples(sorted({*data, *beside, *above})), beside.nodes - data.nodes)
        members = {name: len(nodes) for name, nodes in data.inverse(TYPE).items()}
        objects = set[str]().union(*map(data.objects, data.by_predicate))
        return Seen(frozenset(findings), sum(1 for _ in data), {name[1:-1]: n for name, n in members.items()},
                    frozenset(p[1:-1] for p in data.by_predicate),
                    frozenset(t[1:-1] for t in chain(data.nodes, data.by_predicate, objects) if t.startswith(_OURS)),
                    frozenset(t[1:-1] for t in self.named & (data.nodes | objects)))

    def _findings(self, data: Triples, elsewhere: Set[str]) -> Iterator[Finding]:
        from rdflib import Graph

        for result in self.compiled.results(data, elsewhere) if self.compiled else ():
            severity, code = SEVERITIES.get(result.severity, SEVERITIES["Violation"])
            yield Finding(shown(result.focus), shown(result.path), shown(result.value), code, severity,
                          result.shape, result.message, result.component)
        if not self.compiled or self.compiled.left:
            graph, away = Graph(), {shown(node) for node in elsewhere}
            _fill(graph, "".join(f"{s} {p} {o} .\n" for s, p, o in data))
            yield from (f for f in _results(graph, self.judged) if f.focus not in away)

    def report(self, seen: Sequence[Seen], absent: Set[str] = frozenset()) -> Report:
        """Return the report of all slices; `absent` names the classes that the data set has none of."""
        predicates, terms, nodes = (frozenset[str]().union(*found) for found in (
            (s.predicates for s in seen), (s.terms for s in seen), (s.nodes for s in seen)))
        classes: Counter[str] = Counter()
        for slice_ in seen:
            classes.update(slice_.classes)
        findings = {f for s in seen for f in s.findings}
        findings.update(self.broken, _unknown_terms(terms, self.vocabulary.terms),
                        _targets(self.shapes, classes.keys(), predicates, nodes, self.vocabulary, absent))
        triples = sum(s.triples for s in seen)
        return Report(tuple(sorted(findings)), triples, len(_shapes(self.shapes)), classes)


def validate(ntriples: Iterable[str], shapes: Sequence[Path], vocabulary: Vocabulary,
             absent: Set[str] = frozenset(), validator: str = "pyshacl") -> Report:
    """Return the report of N-Triples lines against shape files."""
    tester = Tester(shapes, vocabulary, validator)
    return tester.report([tester.test(_terms("".join(ntriples), "N_TRIPLES"))], absent)


def _terms(text: str, form: str) -> list[tuple[str, str, str]]:
    """Return the triples of an RDF text as terms, sorted."""
    import pyoxigraph as ox

    found = ox.parse(text, format=getattr(ox.RdfFormat, form), rename_blank_nodes=True)
    return sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in found})


def _compile(texts: Iterable[str]) -> Compiled:
    return Compiled(Triples(sorted(t for text in texts for t in _terms(text, "TURTLE"))))


def _only(shapes: Graph, wanted: Collection[str]) -> Graph:
    """Return shapes of which only those in `wanted` have targets."""
    from rdflib import SH, Graph

    kept = Graph()
    targets = {SH.targetNode, SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf}
    for subject, predicate, value in shapes:
        if predicate not in targets or f"<{subject}>" in wanted:
            kept.add((subject, predicate, value))
    return kept


def _fill(graph: Graph, turtle: str) -> None:
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


def _above(ancestors: Mapping[str, Set[str]]) -> Iterable[tuple[str, str, str]]:
    """Yield the subclass triples that SHACL needs to find members of a class."""
    for name, above in ancestors.items():
        for other in above - {name}:
            yield f"<{TRT}{name}>", SUBCLASS, f"<{TRT}{other}>"


def _guard(code: str, value: str, message: str, focus: str = "") -> Finding:
    return Finding(focus, "", value, code, "violation", "", message)


def _shapes(graph: Graph) -> Set[Node]:
    from rdflib import SH

    return {*graph.subjects(None, SH.NodeShape), *graph.subjects(None, SH.PropertyShape)}


def _lint(shapes: Graph, terms: Set[str]) -> Iterable[Finding]:
    """Yield what pySHACL would pass over: empty shapes, and terms that nobody knows."""
    from rdflib import SH, URIRef

    if not _shapes(shapes):
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


def _targets(shapes: Graph, types: Set[str], predicates: Set[str], nodes: Set[str], vocabulary: Vocabulary,
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


def _unknown_terms(used: Set[str], terms: Set[str]) -> Iterable[Finding]:
    """Yield words of our namespace in the data that the ontology does not have."""
    for term in sorted(used - terms):
        yield _guard("TRT062", f"unknown term in the data: {term}", _near(term, terms))


def _near(term: str, words: Set[str]) -> str:
    near = get_close_matches(term, sorted(words), n=1)
    return f"did you mean {near[0]}?" if near else "use a term that is defined"


def _results(data: Graph, shapes: Graph) -> Iterable[Finding]:
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


def shown(term: str) -> str:
    """Return a term without its signs: the text of a literal, the address of an IRI.

    >>> shown('"a"@en'), shown("<https://example.org/>")
    ('a', 'https://example.org/')
    """
    if term.startswith('"'):
        return parts_of(term)[0]
    return term[1:-1] if term.startswith("<") and term.endswith(">") else term.removeprefix("_:")


def report_json(report: Report) -> str:
    """Return the report as JSON."""
    findings = [{"severity": f.severity, "code": f.code, "focus": f.focus, "path": f.path,
                 "value": f.value, "shape": f.shape, "message": f.message}
                for f in report.findings]
    return json.dumps({"conforms": report.conforms, "triples": report.triples,
                       "findings": findings}, ensure_ascii=False, indent=2) + "\n"


def report_turtle(report: Report) -> str:
    """Return the report as a sh:ValidationReport in Turtle, in the order of the findings."""
    lines = ["@prefix sh: <http://www.w3.org/ns/shacl#> .", "",
             f"[] a sh:ValidationReport ;\n    sh:conforms {str(report.conforms).lower()}"]
    for f in report.findings:
        parts = [f"sh:resultSeverity sh:{f.severity.capitalize()}",
                 f"sh:resultMessage {json.dumps(f.message)}@en"]
        if f.focus.startswith("http"):
            parts.insert(0, f"sh:focusNode <{f.focus}>")
        if f.path.startswith("http"):
            parts.append(f"sh:resultPath <{f.path}>")
        if f.shape.startswith("http"):
            parts.append(f"sh:sourceShape <{f.shape}>")
        inner = " ;\n        ".join(["a sh:ValidationResult", *parts])
        lines[-1] += f" ;\n    sh:result [ {inner} ]"
    return "\n".join(lines) + " .\n"
