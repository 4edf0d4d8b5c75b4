"""Terms of the ontology as they are documented: each with all that is said of it, headings first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from .names import ONTOLOGY, PREFIXES, RDF, RDFS, SKOS, TRT, is_iri, shorten
from .usage import Usage
from .vocabulary import OWL, SCHEMA

DCTERMS = PREFIXES["dcterms"]
Facts = Mapping[str, Sequence[str]]

KINDS: Mapping[str, str] = {
    OWL + "Class": "class", RDFS + "Datatype": "datatype", OWL + "ObjectProperty": "object property",
    OWL + "DatatypeProperty": "datatype property", OWL + "AnnotationProperty": "annotation property",
    SKOS + "ConceptScheme": "concept scheme", SKOS + "Concept": "concept",
}
TRAITS: Mapping[str, str] = {
    OWL + name + "Property": word for name, word in (
        ("Symmetric", "symmetric"), ("Asymmetric", "asymmetric"), ("Transitive", "transitive"),
        ("Reflexive", "reflexive"), ("Irreflexive", "irreflexive"), ("Functional", "one value at most"),
        ("InverseFunctional", "each value of one thing at most"))}
TEXTS = (
    ("Word to type", SKOS + "notation"), ("Also called", SKOS + "altLabel"), ("Example", SKOS + "example"),
    ("Note", SKOS + "scopeNote"), ("Note", SKOS + "note"), ("Comment", RDFS + "comment"),
    ("Changed", SKOS + "changeNote"), ("Since version", OWL + "versionInfo"),
    ("One value at most", TRT + "singleValued"))
LINKS = (
    ("Use instead", DCTERMS + "isReplacedBy"), ("Is a kind of", RDFS + "subClassOf"),
    ("Is a kind of", RDFS + "subPropertyOf"), ("Same as", OWL + "equivalentClass"),
    ("Same as", OWL + "equivalentProperty"), ("Apart from", OWL + "disjointWith"),
    ("Inverse of", OWL + "inverseOf"), ("Said of every", RDFS + "domain"),
    ("Said of", SCHEMA + "domainIncludes"), ("Value is always", RDFS + "range"),
    ("Value can be", SCHEMA + "rangeIncludes"), ("Value is a word of", TRT + "conceptScheme"),
    ("Its claims are", TRT + "claimClass"), ("Earliest bound", TRT + "earliestBound"),
    ("Latest bound", TRT + "latestBound"), ("Cannot come before", TRT + "follows"),
    ("In scheme", SKOS + "inScheme"), ("Broader", SKOS + "broader"),
    ("Narrower", SKOS + "narrower"), ("Related", SKOS + "related"), ("Exact match", SKOS + "exactMatch"),
    ("Close match", SKOS + "closeMatch"), ("Broader match", SKOS + "broadMatch"),
    ("Narrower match", SKOS + "narrowMatch"), ("Related match", SKOS + "relatedMatch"),
    ("See also", RDFS + "seeAlso"))
BACKLINKS = (
    ("Kinds of it", RDFS + "subClassOf"), ("Kinds of it", RDFS + "subPropertyOf"),
    ("Apart from", OWL + "disjointWith"), ("Inverse of", OWL + "inverseOf"),
    ("Properties of every one", RDFS + "domain"), ("Properties", SCHEMA + "domainIncludes"),
    ("Value of", RDFS + "range"), ("Possible value of", SCHEMA + "rangeIncludes"),
    ("Concepts", SKOS + "inScheme"), ("Words for the values of", TRT + "conceptScheme"),
    ("Claims with", TRT + "claimClass"), ("Cannot come after", TRT + "follows"))


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; with no `href` they are only words.

    `href` is relative to the root of the site, or an http(s) address; `name` is how data write it.
    """

    text: str
    href: str = ""
    name: str = ""

    @property
    def outside(self) -> bool:
        """Tell whether the link leaves the site."""
        return is_iri(self.href)


@dataclass(frozen=True)
class Term:
    """One word of the ontology with all that is said of it, headings first."""

    name: str
    iri: str
    kind: str
    label: str
    definition: str
    page: str
    deprecated: bool = False
    traits: tuple[str, ...] = ()
    texts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    links: tuple[tuple[str, tuple[Link, ...]], ...] = ()
    usage: Usage = field(default_factory=Usage)

    @property
    def link(self) -> Link:
        """Return the link to the term's own page."""
        return Link(self.label, self.page, self.name)


@dataclass(frozen=True)
class Words:
    """What ontology files say of each term (`own`, by IRI), and who names it (`back`)."""

    header: Facts
    own: Mapping[str, Facts]
    back: Mapping[str, Facts]
    prefixes: Mapping[str, str]

    def values(self, address: str, *predicates: str) -> list[str]:
        """Return what is said of a term with some predicates, in their order."""
        return [value for predicate in predicates for value in self.own[address].get(predicate, ())]

    def above(self, address: str) -> list[str]:
        """Return the terms right above a class."""
        return [value for value in self.values(address, RDFS + "subClassOf") if value in self.own]

    def kind(self, address: str) -> str:
        """Return what kind of term it is."""
        return next((KINDS[t] for t in self.values(address, RDF + "type") if t in KINDS), "individual")


def read_words(files: Sequence[Path]) -> Words:
    """Return what the ontology files (Turtle) say, in their order, with the prefixes they use."""
    import pyoxigraph as ox

    said: dict[str, dict[str, list[str]]] = {}
    back: dict[str, dict[str, list[str]]] = {}
    prefixes = dict(PREFIXES)
    for file in files:
        parser = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
        for triple in parser:
            if not isinstance(triple.subject, ox.NamedNode) or isinstance(triple.object, ox.Triple):
                continue
            subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object.value
            said.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if subject.startswith(TRT):
                back.setdefault(value, {}).setdefault(predicate, []).append(subject)
        prefixes |= parser.prefixes
    own = {address: about for address, about in said.items() if address.startswith(TRT)}
    return Words(said.get(ONTOLOGY, {}), own, back, prefixes)


def make_terms(words: Words, uses: Mapping[str, Usage]) -> dict[str, Term]:
    """Return every term by its IRI, in the order of the files."""
    pages = term_pages(frozenset(words.own))
    labels = {a: next(iter(words.values(a, RDFS + "label", SKOS + "prefLabel")), a.removeprefix(TRT))
              for a in words.own}

    def link(address: str) -> Link:
        if address in words.own:
            return Link(labels[address], pages[address], address.removeprefix(TRT))
        return outside(address, words.prefixes)

    return {a: Term(
        a.removeprefix(TRT), a, words.kind(a), labels[a], " ".join(words.values(a, SKOS + "definition")),
        pages[a], "true" in words.values(a, OWL + "deprecated"),
        tuple(TRAITS[t] for t in words.values(a, RDF + "type") if t in TRAITS), rows((TEXTS, about)),
        tuple((heading, tuple(map(link, values)))
              for heading, values in rows((LINKS, about), (BACKLINKS, words.back.get(a, {})))), uses[a])
        for a, about in words.own.items()}


def rows(*tables: tuple[Sequence[tuple[str, str]], Facts]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the headings of some tables with the values each finds in the facts beside it, if any."""
    found: dict[str, dict[str, None]] = {}
    for table, about in tables:
        for heading, predicate in table:
            found.setdefault(heading, {}).update(dict.fromkeys(about.get(predicate, ())))
    return tuple((heading, tuple(values)) for heading, values in found.items() if values)


def outside(address: str, prefixes: Mapping[str, str]) -> Link:
    """Return the link to what is not described here, by its prefixed name if it has one."""
    name = shorten(address, prefixes) or address
    return Link(name, address if is_iri(address) else "", name)


@cache
def term_pages(terms: frozenset[str]) -> Mapping[str, str]:
    """Return the page of each term (IRI) below the site.

    A name that differs from another only in case gets a page that differs in more, since not every
    file system tells them apart: `Evidence.html` and `evidence-property.html`.
    """
    pages: dict[str, str] = {}
    taken: set[str] = set()
    for address in sorted(terms):
        name = address.removeprefix(TRT)
        stem = f"{name}-property" if name.lower() in taken else name
        taken.add(stem.lower())
        pages[address] = f"ontology/{stem}.html"
    return pages
