"""Quads -> Turtle and TriG that a person enjoys: used prefixes, grouped by subject, labels first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from .model import Quad
from .names import FOLDERS, RDF, RDFS, XSD, Namespaces, curie

_FIRST = {f"<{iri}>": rank for rank, iri in enumerate(
    (RDF + "type", RDFS + "label", "http://purl.org/dc/terms/identifier", RDFS + "comment",
     RDF + "subject", RDF + "predicate", RDF + "object"))}
_TYPE, _REIFIES = curie("rdf:type"), curie("rdf:reifies")
_STATEMENT = dict.fromkeys(curie(f"rdf:{name}") for name in ("subject", "predicate", "object"))
_INTEGER = re.compile(r'"-?[0-9]+"')
_KNOWN = 50_000
"""Terms that are kept from one slice to the next."""
_PLANS = 10_000
"""Plans of nodes that are kept."""

Piece = tuple[frozenset[str], str]
"""What a slice of the data gives to a file: the prefixes or keys it uses, and its text."""


class Node(NamedTuple):
    """What is said of a subject: each value with its predicate, in order."""

    subject: str
    place: int
    """That of its section."""
    predicates: tuple[str, ...]
    values: tuple[str, ...]


def nodes(quads: Iterable[Quad], base: str) -> Iterator[Node]:
    """Yield the nodes of quads, in order; what is said several times is said once."""
    for subject, about in groupby(sorted({quad[:3] for quad in quads}), key=itemgetter(0)):
        _, predicates, values = zip(*about, strict=True)
        yield Node(subject, section(subject, base), predicates, values)


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
        self._plans: dict[tuple[str, ...], tuple[_Plan, _Plan | None]] = {}

    def shrink(self) -> None:
        """Forget all when it has become much, as it does slice by slice: plans hold terms that need prefixes."""
        if len(self.terms) > _KNOWN or len(self._plans) > _PLANS:
            self.terms.clear()
            self.terms.prefix.clear()
            self._plans.clear()

    def blocks(self, node: Node) -> tuple[str, str | None]:
        """Return the statements about a node; of a claim also those of RDF 1.2, where three of them are one."""
        plans = self._plans.get(node.predicates)
        if plans is None:
            plans = self._plans[node.predicates] = self._plan(node.predicates)
        texts = [*map(self.terms.__getitem__, (node.subject, *node.values))]
        (template, put), reified = plans
        return template % put(texts), reified and reified[0] % reified[1](texts)

    def _plan(self, predicates: Sequence[str]) -> tuple[_Plan, _Plan | None]:
        """Return how nodes with these predicates are written."""
        places: dict[str, list[int]] = {}
        for place, predicate in enumerate(predicates, 1):
            places.setdefault(predicate, []).append(place)
        order = sorted(places, key=lambda p: (_FIRST.get(p, len(_FIRST)), p))
        parts = [(self._verb(p) + ", ".join(["%s"] * len(places[p])), places[p]) for p in order]
        if not places.keys() >= _STATEMENT.keys():
            return _planned(parts), None
        quoted = f"{self._verb(_REIFIES)}<<( %s %s %s )>>", [places[p][0] for p in _STATEMENT]
        return _planned(parts), _planned([quoted, *(part for p, part in zip(order, parts, strict=True)
                                                    if p not in _STATEMENT)])

    def _verb(self, predicate: str) -> str:
        return "a " if predicate == _TYPE else f"{self.terms[predicate].replace('%', '%%')} "

    def used(self, terms: Iterable[str]) -> frozenset[str]:
        """Return the prefixes that terms need which have been written; rdf:type is written as a."""
        return frozenset(filter(None, map(self.terms.prefix.get, terms)))


_Plan = tuple[str, Callable[[Sequence[str]], object]]
"""A template, and what puts the texts of a subject and its values in its order."""


def _planned(parts: Sequence[tuple[str, Sequence[int]]]) -> _Plan:
    """Return the plan of a node from the template of each line, and the places of what it shows."""
    lines = " ;\n    ".join(line for line, _ in parts)
    return f"%s {lines} .\n", itemgetter(0, *(place for _, shown in parts for place in shown))


class Body:
    """The blocks of a document by section: things first, then each folder of records."""

    def __init__(self, writer: Writer) -> None:
        """Begin with none."""
        self.writer = writer
        self.blocks: dict[int, list[str]] = {}
        self.nodes: list[Node] = []
        self.predicates = set[tuple[str, ...]]()

    def add(self, node: Node, block: str, predicates: tuple[str, ...]) -> None:
        """Add the block about a node, which shows some predicates; those of one section come in their order."""
        if node.place not in self.blocks:
            self.blocks[node.place] = [f"# ---- {('things', *FOLDERS)[node.place]} ----\n"]
        self.blocks[node.place].append(block)
        self.nodes.append(node)
        self.predicates.add(predicates)

    def piece(self) -> Piece:
        """Return the prefixes that are used, and the text."""
        text = "".join("\n" + "\n".join(self.blocks[place]) for place in sorted(self.blocks))
        terms = {node.subject for node in self.nodes}
        terms.update(chain.from_iterable(map(attrgetter("values"), self.nodes)), *self.predicates)
        return self.writer.used(terms - {_TYPE}), text


def turtle(quads: Iterable[Quad], prefixes: Mapping[str, str], base: str, title: str) -> str:
    """Return one graph as Turtle 1.1 (https://www.w3.org/TR/turtle/)."""
    writer = Writer(prefixes, base)
    body = Body(writer)
    for node in nodes(quads, base):
        body.add(node, writer.blocks(node)[0], node.predicates)
    used, text = body.piece()
    return f"{head(title, prefixes, used)}{text}"


class Pieces:
    """What a slice gives to TriG, Turtle and RDF 1.2: most of their blocks are the same."""

    def __init__(self, quads: Sequence[Quad], writer: Writer) -> None:
        """Write quads that are sorted, each once."""
        self.writer = writer
        self.union, self.rdf12 = Body(writer), Body(writer)
        """The union of the graphs as Turtle 1.1, and as Turtle of RDF 1.2 (https://www.w3.org/TR/rdf12-turtle/)."""
        self.graphs: dict[str, Body] = {}
        for subject, about in groupby(quads, key=itemgetter(0)):
            self._add(subject, [*about])

    def _add(self, subject: str, quads: Sequence[Quad]) -> None:
        """Write all that is said of one subject."""
        _, predicates, values, graphs = zip(*quads, strict=True)
        several = len({*graphs}) > 1
        if several:
            predicates, values = zip(*dict.fromkeys(zip(predicates, values, strict=True)), strict=True)
        node = Node(subject, section(subject, self.writer.base), predicates, values)
        block, reified = self.writer.blocks(node)
        self.union.add(node, block, predicates)
        self.rdf12.add(node, reified or block,
                       (_REIFIES, *(p for p in predicates if p not in _STATEMENT)) if reified else predicates)
        if not several:
            self._body(graphs[0]).add(node, block, predicates)
            return
        for graph in {*graphs}:
            _, predicates, values, _ = zip(*(quad for quad in quads if quad[3] == graph), strict=True)
            part = Node(subject, node.place, predicates, values)
            self._body(graph).add(part, self.writer.blocks(part)[0], part.predicates)

    def _body(self, graph: str) -> Body:
        return self.graphs.get(graph) or self.graphs.setdefault(graph, Body(self.writer))

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
