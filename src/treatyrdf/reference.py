"""The words of the ontology as they are documented: every term with all that is said of it, and its use.

`ontology_pages` yields pages as (file name, template, context). `ontology.html` gets `reference`,
`brief` (True leaves definitions to the pages of the terms) and `ld`; `term.html` gets `term`,
`reference` and `ld` (schema.org as JSON-LD). Whoever renders adds `root` and `site`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .model import Quad
from .names import ONTOLOGY, PREFIXES, RDFS, SKOS, Names, is_iri
from .terms import DCTERMS, Link, Term, Words, make_terms, outside, read_words, rows
from .usage import count_usage
from .vocabulary import OWL, SCHEMA

ROOM = 88_000
"""Bytes of names and definitions that the page of all terms holds; more, and it gives names only."""

Page = tuple[str, str, dict[str, Any]]
"""File name below the site, template, and what the template gets."""

HEADER = (
    ("Version", OWL + "versionInfo"), ("Version IRI", OWL + "versionIRI"), ("Licence", DCTERMS + "license"),
    ("Creator", DCTERMS + "creator"), ("Publisher", DCTERMS + "publisher"), ("Created", DCTERMS + "created"),
    ("Issued", DCTERMS + "issued"), ("Modified", DCTERMS + "modified"),
    ("Prefix", PREFIXES["vann"] + "preferredNamespacePrefix"),
    ("Namespace", PREFIXES["vann"] + "preferredNamespaceUri"),
    ("Cite as", DCTERMS + "bibliographicCitation"))


@dataclass(frozen=True)
class Branch:
    """A class with the classes below it."""

    term: Term
    below: tuple[Branch, ...]


@dataclass(frozen=True)
class Reference:
    """The whole ontology: `groups` are properties by what they are said of, `schemes` have concepts."""

    title: str
    description: str
    header: tuple[tuple[str, tuple[Link, ...]], ...]
    terms: Mapping[str, Term]
    """Every term by its IRI, in the order of the ontology."""
    tree: tuple[Branch, ...]
    groups: tuple[tuple[Term | None, tuple[Term, ...]], ...]
    schemes: tuple[tuple[Term, tuple[Term, ...]], ...]
    prefixes: Mapping[str, str]

    @property
    def classes(self) -> tuple[Term, ...]:
        """Return the classes, sorted by label."""
        return tuple(sorted((t for t in self.terms.values() if t.kind == "class"),
                            key=lambda t: (t.label, t.name)))

    @property
    def others(self) -> tuple[Term, ...]:
        """Return the terms that are in no list of the page."""
        placed = {t.iri for _, many in (*self.groups, *self.schemes) for t in many}
        placed |= {t.iri for t in self.classes} | {scheme.iri for scheme, _ in self.schemes}
        return tuple(t for iri, t in self.terms.items() if iri not in placed)

    def link(self, address: str) -> Link:
        """Return the link to what an IRI names: the page of a term, else the address itself."""
        own = self.terms.get(address)
        return own.link if own else outside(address, self.prefixes)


def ontology_reference(files: Sequence[Path], quads: Iterable[Quad], names: Names,
                       place: Callable[[str], str | None]) -> Reference:
    """Return the documentation of the ontology files, with the use of each term in `quads`.

    `quads` are sorted, as they are published; `place` gives the document (without ending) of a local
    name of the data set, nothing for what has no page.
    """
    words = read_words(files)
    parents = {address: words.above(address) for address in words.own}
    schemes = {address: words.values(address, SKOS + "inScheme") for address in words.own}
    terms = make_terms(words, count_usage(parents, schemes, quads, names, place))
    return Reference(
        " ".join(words.header.get(DCTERMS + "title", ["Ontology"])),
        " ".join(words.header.get(DCTERMS + "description", ())),
        tuple((heading, tuple(outside(value, {}) if is_iri(value) else Link(value) for value in values))
              for heading, values in rows((HEADER, words.header))),
        terms, _tree(terms, parents), _groups(terms, words),
        tuple((term, tuple(terms[a] for a, of in schemes.items() if of[:1] == [term.iri]))
              for term in terms.values() if term.kind == "concept scheme"), words.prefixes)


def _tree(terms: Mapping[str, Term], parents: Mapping[str, Sequence[str]]) -> tuple[Branch, ...]:
    """Return the classes that are below no other, each with those below it; none comes twice."""
    below: dict[str, list[str]] = defaultdict(list)
    for address, above in parents.items():
        if terms[address].kind == "class":
            below[above[0] if above else ""].append(address)

    def branches(address: str) -> tuple[Branch, ...]:
        found = sorted(below.get(address, ()), key=lambda a: (terms[a].label, a))
        return tuple(Branch(terms[a], branches(a)) for a in found)

    return branches("")


def _groups(terms: Mapping[str, Term], words: Words) -> tuple[tuple[Term | None, tuple[Term, ...]], ...]:
    """Return the properties by the highest class they are said of, those of any thing last."""
    groups: dict[str, list[Term]] = defaultdict(list)
    for address, term in terms.items():
        if term.kind.endswith("property"):
            domains = words.values(address, RDFS + "domain", SCHEMA + "domainIncludes")
            top = next((d for d in domains if d in terms), "")
            passed: set[str] = set()
            while top not in passed and top and words.above(top):
                passed.add(top)
                top = words.above(top)[0]
            groups[top].append(term)
    order = sorted(groups, key=lambda a: (not a, terms[a].label if a else "", a))
    return tuple((terms.get(a), tuple(sorted(groups[a], key=lambda t: (t.label, t.name)))) for a in order)


def ontology_pages(reference: Reference) -> Iterator[Page]:
    """Yield the page of all terms, then one page for each term."""
    size = sum(len(t.definition.encode()) + len(t.label.encode()) + 3 * len(t.name) + 90
               for t in reference.terms.values())
    terms = {"@id": ONTOLOGY, "@type": "DefinedTermSet", "name": reference.title}
    yield "ontology.html", "ontology.html", {"reference": reference, "brief": size > ROOM, "ld": {
        "@context": SCHEMA, **terms, "description": reference.description,
        **{key: link.text for heading, key in (("Version", "version"), ("Licence", "license"))
           for h, links in reference.header if h == heading for link in links[:1]}}}
    for term in reference.terms.values():
        yield term.page, "term.html", {"reference": reference, "term": term, "ld": {
            "@context": SCHEMA, "@id": term.iri, "@type": "DefinedTerm", "name": term.label,
            "termCode": term.name, "description": term.definition, "inDefinedTermSet": terms}}
