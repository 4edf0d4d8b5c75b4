"""Quads -> Turtle and TriG that a person enjoys: used prefixes, grouped by subject, labels first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from .model import Quad
from .names import FOLDERS, RDF, RDFS, XSD, Namespaces, curie

_FIRST = {f"<{iri}>": rank for rank, iri in enumerate(
    (RDF + "type", RDFS + "label", "http://purl.org/dc/terms/identifier", RDFS + "comment",
     RDF + "subject", RDF + "predicate", RDF + "object"))}
_TYPE, _REIFIES = curie("rdf:type"), curie("rdf:reifies")
_STATEMENT = dict.fromkeys(curie(f"rdf:{name}") for name in ("subject", "predicate", "object"))
_INTEGER = re.compile(r'"-?[0-9]+"')
_KNOWN = 200_000
"""Terms that are kept from one slice to the next."""

Piece = tuple[frozenset[str], str]
"""What a slice of the data gives to a file: the prefixes or keys it uses, and its text."""


class Node(NamedTuple):
    """What is said of a subject: each predicate once, in order, and the values of each."""

    subject: str
    predicates: tuple[str, ...]
    values: Sequence[Sequence[str]]


def nodes(quads: Iterable[Sequence[str]]) -> Iterator[Node]:
    """Yield the nodes of triples or quads that are sorted."""
    return (node_of(group) for _, group in groupby(quads, key=itemgetter(0)))


def node_of(quads: Iterable[Sequence[str]]) -> Node:
    """Return what sorted triples or quads say of their subject; what several graphs say is said once."""
    predicates: list[str] = []
    values: list[list[str]] = []
    last = subject = ""
    for subject, predicate, value, *_ in quads:  # noqa: B007
        if predicate != last:
            predicates.append(predicate)
            values.append([value])
            last = predicate
        elif value != values[-1][-1]:
            values[-1].append(value)
    return Node(subject, tuple(predicates), values)


class Terms(dict[str, str]):
    """The Turtle form of N-Quads terms, each worked out once, and the prefix that it needs."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Keep the prefixes that may be used."""
        self.prefix: dict[str, str] = {}
        self.namespaces = Namespaces(prefixes)

    def __missing__(self, term: str) -> str:
        """Return the form of a term that is asked for first."""
        found = self[term] = self._iri(term) if term[0] == "<" else self._literal(term)
        return found

    def shrink(self) -> None:
        """Forget all terms when they have become many, as they do slice by slice."""
        if len(self) > _KNOWN:
            self.clear()
            self.prefix.clear()

    def _iri(self, term: str) -> str:
        found = self.namespaces.split(term[1:-1])
        if found is None:
            return term
        self.prefix[term] = found[0]
        return ":".join(found)

    def _literal(self, term: str) -> str:
        text, typed, datatype = term.rpartition('"^^')
        if not typed or not datatype.endswith(">"):
            return term
        if datatype == f"<{XSD}integer>" and _INTEGER.fullmatch(f'{text}"'):
            return text[1:]
        short = self[datatype]
        if datatype in self.prefix:
            self.prefix[term] = self.prefix[datatype]
        return f'{text}"^^{short}'


class Writer:
    """Writes the statements about nodes, and remembers their terms."""

    def __init__(self, prefixes: Mapping[str, str], base: str) -> None:
        """Keep the prefixes that may be used, and the base of the data set, by which nodes are ordered."""
        self.terms, self.base = Terms(prefixes), base
        self._plans: dict[tuple[str, ...], tuple[str, Callable[[Sequence[str]], object]]] = {}

    def block(self, node: Node) -> str:
        """Return the statements about a node."""
        terms = self.terms
        texts = [terms[v[0]] if len(v) == 1 else ", ".join([terms[o] for o in v]) for v in node.values]
        plan = self._plans.get(node.predicates)
        if plan is None:
            plan = self._plans[node.predicates] = self._plan(node.predicates)
        template, ordered = plan
        return f"{terms[node.subject]} {template % ordered(texts)} .\n"

    def reified(self, node: Node) -> str:
        """Return the statements about a claim, of which three are one in RDF 1.2."""
        first = {p: values[0] for p, values in zip(node.predicates, node.values, strict=True)}
        statement = " ".join(self.terms[first[p]] for p in _STATEMENT)
        rest = [(p, v) for p, v in zip(node.predicates, node.values, strict=True) if p not in _STATEMENT]
        subject, before = self.terms[node.subject], f"{self.terms[_REIFIES]} <<( {statement} )>>"
        if not rest:
            return f"{subject} {before} .\n"
        others = self.block(Node(node.subject, *zip(*rest, strict=True)))
        return f"{subject} {before} ;\n    {others[len(subject) + 1:]}"

    def _plan(self, predicates: tuple[str, ...]) -> tuple[str, Callable[[Sequence[str]], object]]:
        """Return how nodes with these predicates are written, and what puts their values in order."""
        order = sorted(range(len(predicates)), key=lambda n: (_FIRST.get(predicates[n], len(_FIRST)), predicates[n]))
        verbs = ["a" if predicates[n] == _TYPE else self.terms[predicates[n]] for n in order]
        return " ;\n    ".join(f"{verb.replace('%', '%%')} %s" for verb in verbs), itemgetter(*order)

    def used(self, terms: Iterable[str]) -> frozenset[str]:
        """Return the prefixes that terms need which have been written; rdf:type is written as a."""
        return frozenset(filter(None, map(self.terms.prefix.get, terms)))


class Body:
    """The blocks of a document by section: things first, then each folder of records."""

    def __init__(self, writer: Writer) -> None:
        """Begin with none."""
        self.writer = writer
        self.blocks: dict[int, list[str]] = {}
        self.terms: set[str] = set()

    def add(self, node: Node, place: int, block: str, predicates: Iterable[str]) -> None:
        """Add the block about a node; those of one section come in their order."""
        if place not in self.blocks:
            self.blocks[place] = [f"# ---- {('things', *FOLDERS)[place]} ----\n"]
        self.blocks[place].append(block)
        self.terms.add(node.subject)
        self.terms.update(predicates)
        self.terms.update(*node.values)

    def piece(self) -> Piece:
        """Return the prefixes that are used, and the text."""
        text = "".join("\n" + "\n".join(self.blocks[place]) for place in sorted(self.blocks))
        return self.writer.used(self.terms - {_TYPE}), text


def turtle(quads: Iterable[Quad], prefixes: Mapping[str, str], base: str, title: str) -> str:
    """Return one graph as Turtle 1.1 (https://www.w3.org/TR/turtle/)."""
    writer = Writer(prefixes, base)
    body = Body(writer)
    for node in nodes(sorted(quads)):
        body.add(node, section(node.subject, base), writer.block(node), node.predicates)
    used, text = body.piece()
    return f"{head(title, prefixes, used)}{text}"


class Pieces:
    """What a slice gives to TriG, Turtle and RDF 1.2: most of their blocks are the same."""

    def __init__(self, quads: Sequence[Quad], writer: Writer) -> None:
        """Write sorted quads."""
        self.writer = writer
        self.union, self.rdf12 = Body(writer), Body(writer)
        """The union of the graphs as Turtle 1.1, and as Turtle of RDF 1.2 (https://www.w3.org/TR/rdf12-turtle/)."""
        self.graphs: dict[str, Body] = {}
        self.nodes: list[Node] = []
        for _, group in groupby(quads, key=itemgetter(0)):
            self._add([*group])

    def _add(self, quads: Sequence[Quad]) -> None:
        """Write all that is said of one subject."""
        writer, node = self.writer, node_of(quads)
        self.nodes.append(node)
        place, block = section(node.subject, writer.base), writer.block(node)
        self.union.add(node, place, block, node.predicates)
        if _STATEMENT.keys() <= {*node.predicates}:
            predicates = {*node.predicates, _REIFIES} - _STATEMENT.keys()
            self.rdf12.add(node, place, writer.reified(node), predicates)
        else:
            self.rdf12.add(node, place, block, node.predicates)
        graphs = {quad[3] for quad in quads}
        for graph in graphs:
            part = node if len(graphs) == 1 else node_of(quad for quad in quads if quad[3] == graph)
            body = self.graphs.setdefault(graph, Body(writer))
            body.add(part, place, block if part is node else writer.block(part), part.predicates)

    def graph(self, graph: str) -> Piece:
        """Return one graph as Turtle."""
        return self.graphs.get(graph, Body(self.writer)).piece()

    def trig(self) -> Piece:
        """Return named graphs as TriG 1.1, in the form that every store reads: no GRAPH keyword."""
        used, texts = set[str](), []
        for graph in sorted(self.graphs):
            name = self.writer.terms[graph]
            own, text = self.graphs[graph].piece()
            used |= own | self.writer.used((graph,))
            texts.append(f"\n{name} {{{text}}}\n")
        return frozenset(used), "".join(texts)


def head(title: str, prefixes: Mapping[str, str], used: Iterable[str]) -> str:
    """Return the first lines of a document: its title and the prefixes that it uses."""
    return comment(title) + "".join(f"@prefix {p}: <{prefixes[p]}> .\n" for p in sorted(used))


def comment(text: str) -> str:
    """Return a comment of one line, for a text of several would go on outside of it."""
    return f"# {' '.join(text.split())}\n"


def section(subject: str, base: str) -> int:
    """Return the place of a subject among the sections: 0 for a thing, else that of its folder of records."""
    if not subject.startswith(base, 1):
        return 0
    folder, slash, _ = subject[1 + len(base):].partition("/")
    return _SECTIONS.get(folder, 0) if slash else 0


_SECTIONS: Mapping[str, int] = {folder: number for number, folder in enumerate(FOLDERS, 1)}
