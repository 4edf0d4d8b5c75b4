"""Quads -> Turtle and TriG that a person enjoys: used prefixes, grouped by subject, labels first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from .model import Quad
from .names import FOLDERS, RDF, RDFS, XSD, curie, shorten

_FIRST = {f"<{iri}>": rank for rank, iri in enumerate(
    (RDF + "type", RDFS + "label", "http://purl.org/dc/terms/identifier", RDFS + "comment",
     RDF + "subject", RDF + "predicate", RDF + "object"))}
_TYPED = re.compile(r'(".*")\^\^<([^>]*)>', re.DOTALL)
_PREFIXED = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):")


Piece = tuple[frozenset[str], str]
"""What a slice of the data gives to a file: the prefixes or keys it uses, and its text."""


class Terms:
    """Writes terms in Turtle and remembers which prefixes it used."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Keep the prefixes that may be used."""
        self.prefixes = prefixes
        self.known: dict[str, str] = {}
        self.used: set[str] = set()

    def write(self, term: str) -> str:
        """Return the Turtle form of an N-Quads term."""
        found = self.known.get(term)
        if found is None:
            found = self.known[term] = self._write(term)
        return found

    def _write(self, term: str) -> str:
        if term.startswith("<"):
            short = shorten(term[1:-1], self.prefixes)
            if short is None:
                return term
            self.used.add(short.partition(":")[0])
            return short
        typed = _TYPED.fullmatch(term)
        if typed is None:
            return term
        if typed[2] == XSD + "integer" and re.fullmatch(r'"-?[0-9]+"', typed[1]):
            return typed[1][1:-1]
        return f"{typed[1]}^^{self.write(f'<{typed[2]}>')}"


def turtle(quads: Iterable[Quad], prefixes: Mapping[str, str], base: str, title: str) -> str:
    """Return one graph as Turtle 1.1 (https://www.w3.org/TR/turtle/)."""
    used, body = turtle_piece(quads, prefixes, base)
    return f"{head(title, prefixes, used)}{body}"


def turtle_piece(quads: Iterable[Quad], prefixes: Mapping[str, str], base: str, reify: bool = False) -> Piece:
    """Return the statements of one graph, without the head of the document.

    With `reify` the three reification triples of a claim become one rdf:reifies triple of RDF 1.2
    (https://www.w3.org/TR/rdf12-turtle/).
    """
    terms = Terms(prefixes)
    body = "".join(_blocks(sorted({q[:3] for q in quads}), terms, base, reify))
    return frozenset(terms.used), body


def trig_piece(quads: Iterable[Quad], prefixes: Mapping[str, str], base: str) -> Piece:
    """Return named graphs as TriG 1.1, in the form that every store reads: no GRAPH keyword."""
    terms = Terms(prefixes)
    parts = []
    for graph, group in groupby(sorted(quads, key=lambda q: (q[3], q)), key=lambda q: q[3]):
        body = "".join(_blocks([q[:3] for q in group], terms, base, False))
        parts.append(f"\n{terms.write(graph)} {{{body}}}\n")
    return frozenset(terms.used), "".join(parts)


def head(title: str, prefixes: Mapping[str, str], used: Iterable[str]) -> str:
    """Return the first lines of a document: its title and the prefixes that it uses."""
    return comment(title) + "".join(f"@prefix {p}: <{prefixes[p]}> .\n" for p in sorted(used))


def comment(text: str) -> str:
    """Return a comment of one line, for a text of several would go on outside of it."""
    return f"# {' '.join(text.split())}\n"


def by_section(subject: str, base: str) -> tuple[int, str]:
    """Return the sort key of a subject: things first, then each folder of records."""
    folder = subject[1 + len(base):].partition("/")
    if subject.startswith("<" + base) and folder[1] and folder[0] in FOLDERS:
        return 1 + FOLDERS.index(folder[0]), subject
    return 0, subject


def _blocks(triples: Sequence[tuple[str, str, str]], terms: Terms, base: str,
            reify: bool) -> Iterator[str]:
    grouped = {s: list(g) for s, g in groupby(triples, key=lambda t: t[0])}
    section = -1
    for subject in sorted(grouped, key=lambda s: by_section(s, base)):
        number = by_section(subject, base)[0]
        if number != section:
            section = number
            yield f"\n# ---- {('things', *FOLDERS)[number]} ----\n"
        yield "\n" + _block(subject, grouped[subject], terms, reify)


def _block(subject: str, triples: Sequence[tuple[str, str, str]], terms: Terms,
           reify: bool) -> str:
    values: dict[str, list[str]] = {}
    for _, predicate, object_ in triples:
        values.setdefault(predicate, []).append(object_)
    lines = []
    if reify and all(curie(f"rdf:{n}") in values for n in ("subject", "predicate", "object")):
        s, p, o = (terms.write(values.pop(curie(f"rdf:{n}"))[0])
                   for n in ("subject", "predicate", "object"))
        lines.append(f"{terms.write(curie('rdf:reifies'))} <<( {s} {p} {o} )>>")
    for predicate in sorted(values, key=lambda p: (_FIRST.get(p, len(_FIRST)), p)):
        verb = "a" if predicate == curie("rdf:type") else terms.write(predicate)
        lines.append(f"{verb} {', '.join(map(terms.write, sorted(values[predicate])))}")
    return f"{terms.write(subject)} " + " ;\n    ".join(lines) + " .\n"
