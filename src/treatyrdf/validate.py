"""Triples held against SHACL shapes, with guards against a silent yes.

pySHACL conforms when shapes are empty, when a target is misspelt and when a constraint is; each of
these is an error here (https://www.w3.org/TR/shacl/).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from logging import getLogger
from pathlib import Path
from typing import Any

from .compiled import Compiled
from .guards import all_shapes, idle_targets, lint, unknown_terms
from .judge import fill, judge, only
from .names import TRT, shown
from .results import SEVERITIES, Finding, Report
from .triples import SUBCLASS, TYPE, Triples
from .vocabulary import Vocabulary

LOG = getLogger("treatyrdf")
_OURS = f"<{TRT}"


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

    def __init__(self, shapes: Sequence[Path | str], vocabulary: Vocabulary, validator: str = "pyshacl") -> None:
        """Read shape files, or their texts; classes of the ontology are known to them with all classes above.

        The validator is `pyshacl` or `compiled`, with which pySHACL is given only what the compiler does not know.
        """
        from rdflib import SH, Graph

        self.vocabulary, self.shapes, self.compiled = vocabulary, Graph(), None
        texts = [shape if isinstance(shape, str) else shape.read_text(encoding="utf-8") for shape in shapes]
        self.made_of = (texts, vocabulary, validator)
        for text in texts:
            fill(self.shapes, text)
        self.broken = [*lint(self.shapes, vocabulary.terms)]
        self.named = frozenset(f"<{node}>" for node in self.shapes.objects(None, SH.targetNode))
        self.above = Triples(sorted(_above(vocabulary.ancestors)))
        self.context: tuple[Iterable[Sequence[str]], Triples] = (), Triples()
        """The triples that were told last of nodes that are tested elsewhere: they are so for many slices."""
        self.judged = self.shapes
        if validator == "compiled" and not self.broken:
            self.compiled = _compile(texts)
            self.judged = only(self.shapes, self.compiled.left)
            for shape, why in sorted(self.compiled.left.items()):
                LOG.warning("%s %s, so pySHACL holds the data against it", shape, why)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what it is made of: compiled shapes are functions, which cannot be sent to another machine."""
        return Tester, self.made_of

    def test(self, triples: Triples | Iterable[Sequence[str]], context: Iterable[Sequence[str]] = (),
             more: Iterable[Sequence[str]] = ()) -> Seen:
        """Return what triples (or quads) show.

        `context` tells of nodes that are tested elsewhere, and is indexed once while it is the same; so does `more`.
        """
        data, findings = triples if isinstance(triples, Triples) else Triples(triples), frozenset[Finding]()
        if not self.broken:
            if self.context[0] is not context:
                self.context = context, Triples(context)
            beside, own = self.context[1], Triples(more)
            findings = frozenset(self._findings(data.beside(own).beside(beside).beside(self.above),
                                                beside.nodes.union(own.nodes) - data.nodes))
        classes = data.inverse(TYPE)
        return Seen(findings, len(data), {name[1:-1]: len(classes.get(name)) for name in classes.one},
                    frozenset(p[1:-1] for p in data.by_predicate), frozenset(t[1:-1] for t in data.terms(_OURS)),
                    frozenset(t[1:-1] for t in self.named if data.has(t)))

    def _findings(self, data: Triples, elsewhere: Set[str]) -> Iterator[Finding]:
        from rdflib import Graph

        for result in self.compiled.results(data, elsewhere) if self.compiled else ():
            severity, code = SEVERITIES.get(result.severity, SEVERITIES["Violation"])
            yield Finding(shown(result.focus), shown(result.path), shown(result.value), code, severity,
                          result.shape, "; ".join(sorted(map(shown, result.messages))), result.component)
        if not self.compiled or self.compiled.left:
            graph, away = Graph(), {shown(node) for node in elsewhere}
            fill(graph, "".join(f"{s} {p} {o} .\n" for s, p, o in data))
            yield from (f for f in judge(graph, self.judged) if f.focus not in away)

    def report(self, seen: Iterable[Seen], absent: Set[str] = frozenset()) -> Report:
        """Return the report of all slices; `absent` names the classes that the data set has none of."""
        predicates, terms_, nodes, findings = set[str](), set[str](), set[str](), set[Finding]()
        classes, triples = Counter[str](), 0
        for slice_ in seen:
            predicates |= slice_.predicates
            terms_ |= slice_.terms
            nodes |= slice_.nodes
            findings |= slice_.findings
            classes.update(slice_.classes)
            triples += slice_.triples
        findings.update(self.broken, unknown_terms(terms_, self.vocabulary.terms),
                        idle_targets(self.shapes, classes.keys(), predicates, nodes, self.vocabulary, absent))
        return Report(tuple(sorted(findings)), triples, len(all_shapes(self.shapes)), classes)


def validate(ntriples: Iterable[str], shapes: Sequence[Path], vocabulary: Vocabulary,
             absent: Set[str] = frozenset(), validator: str = "pyshacl") -> Report:
    """Return the report of N-Triples lines against shape files."""
    tester = Tester(shapes, vocabulary, validator)
    return tester.report([tester.test(terms("".join(ntriples), "N_TRIPLES"))], absent)


def terms(text: str, form: str) -> list[tuple[str, str, str]]:
    """Return the triples of an RDF text as terms, sorted."""
    import pyoxigraph as ox

    found = ox.parse(text, format=getattr(ox.RdfFormat, form), rename_blank_nodes=True)
    return sorted({(str(t.subject), str(t.predicate), str(t.object)) for t in found})


def _compile(texts: Iterable[str]) -> Compiled:
    return Compiled(Triples(sorted(t for text in texts for t in terms(text, "TURTLE"))))


def _above(ancestors: Mapping[str, Set[str]]) -> Iterable[tuple[str, str, str]]:
    """Yield the subclass triples that SHACL needs to find members of a class."""
    for name, above in ancestors.items():
        for other in above - {name}:
            yield f"<{TRT}{name}>", SUBCLASS, f"<{TRT}{other}>"
