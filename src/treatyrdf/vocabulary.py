"""The ontology as data: what the mapping, the JSON Schema and the guards know of every term.

Adding a property to ontology/*.ttl is all it takes to publish facts with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .names import EDTF, RDF, RDFS, SKOS, TRT, XSD

SCHEMA = "https://schema.org/"
OWL = "http://www.w3.org/2002/07/owl#"

KINDS: Mapping[str, str] = {
    RDF + "langString": "text", XSD + "string": "string", XSD + "integer": "integer",
    XSD + "boolean": "boolean", XSD + "decimal": "decimal", XSD + "anyURI": "iri", EDTF: "edtf",
}
"""What a curator writes for a datatype property, by its range."""

NAMING = ("prefLabel", "altLabel")


@dataclass(frozen=True)
class Term:
    """A class, property or concept: its name as typed, IRI, label and definition."""

    name: str
    iri: str
    label: str
    definition: str


@dataclass(frozen=True)
class Property(Term):
    """A property: `kind` of its values, classes it joins, and what its claims are."""

    kind: str
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    scheme: str = ""
    claim_class: str = ""
    bounds: tuple[str, str] | None = None
    single: bool = False
    """A thing can have one value of it only."""


@dataclass(frozen=True)
class Vocabulary:
    """Everything the ontology says that the tool needs, by the names curators type."""

    classes: Mapping[str, Term]
    ancestors: Mapping[str, frozenset[str]]
    disjoint: Mapping[str, frozenset[str]]
    properties: Mapping[str, Property]
    schemes: Mapping[str, Mapping[str, Term]]
    terms: frozenset[str]
    follows: Mapping[str, frozenset[str]]
    """The classes of events that those of a class cannot come before."""
    version: str

    def concept(self, scheme: str, word: str) -> str:
        """Return the term of a word of a scheme."""
        return f"<{self.schemes[scheme][word].iri}>"

    def labels(self, scheme: str) -> dict[str, str]:
        """Return the label of each concept of a scheme by its term."""
        return {f"<{term.iri}>": term.label for term in self.schemes[scheme].values()}

    @property
    def dating(self) -> frozenset[str]:
        """Return the names of the properties whose values are dates or years of a calendar."""
        return frozenset(name for p in self.properties.values() if p.bounds for name in (p.name, *p.bounds))

    def is_a(self, name: str, wanted: Iterable[str]) -> bool:
        """Tell whether a class is one of `wanted` or below it; no wish is any class."""
        wanted = tuple(wanted)
        return not wanted or not self.ancestors.get(name, frozenset()).isdisjoint(wanted)

    def apart(self, name: str, other: str) -> bool:
        """Tell whether the ontology declares two classes disjoint, directly or from above."""
        return any(o in self.disjoint.get(n, ()) for n in self.ancestors.get(name, ())
                   for o in self.ancestors.get(other, ()))


def read_vocabulary(files: Sequence[Path]) -> Vocabulary:
    """Return the vocabulary of the ontology files (Turtle)."""
    import pyoxigraph as ox

    store: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        for triple in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if isinstance(triple.subject, ox.NamedNode) and not isinstance(triple.object, ox.Triple):
                store[triple.subject.value][triple.predicate.value].append(triple.object.value)
    own = {address: about for address, about in store.items() if address.startswith(TRT)}
    types = {address: about[RDF + "type"] for address, about in own.items()}
    classes = {t.name: t for a in own if OWL + "Class" in types[a] for t in [_term(a, own[a])]}
    schemes: dict[str, dict[str, Term]] = defaultdict(dict)
    for address, about in own.items():
        for scheme in about.get(SKOS + "inScheme", []):
            for notation in about.get(SKOS + "notation", []):
                term = _term(address, about)
                schemes[scheme.removeprefix(TRT)][notation] = Term(
                    notation, address, term.label, term.definition)
    properties = {p.name: p for p in (*_own_properties(own, types), *_foreign_properties())}
    return Vocabulary(classes, _ancestors(own, classes), _disjoint(own), properties,
                      {name: dict(sorted(s.items())) for name, s in sorted(schemes.items())},
                      frozenset(own), _follows(own), _version(store))


def _follows(own: Mapping[str, Mapping[str, list[str]]]) -> dict[str, frozenset[str]]:
    return {address.removeprefix(TRT): frozenset(o.removeprefix(TRT) for o in about[TRT + "follows"])
            for address, about in own.items() if TRT + "follows" in about}


def _version(store: Mapping[str, Mapping[str, list[str]]]) -> str:
    found = store.get(TRT.removesuffix("#"), {}).get(OWL + "versionInfo", [])
    return found[0] if found else "0"


def _term(address: str, about: Mapping[str, list[str]]) -> Term:
    label = about.get(RDFS + "label", about.get(SKOS + "prefLabel", [""]))
    definition = about.get(SKOS + "definition", [""])
    return Term(address.removeprefix(TRT), address, label[0], definition[0])


def _own_properties(own: Mapping[str, Mapping[str, list[str]]],
                    types: Mapping[str, list[str]]) -> Iterable[Property]:
    for address, about in own.items():
        is_object = OWL + "ObjectProperty" in types[address]
        if not is_object and OWL + "DatatypeProperty" not in types[address]:
            continue
        ranges = [*about.get(RDFS + "range", []), *about.get(SCHEMA + "rangeIncludes", [])]
        domains = [*about.get(RDFS + "domain", []), *about.get(SCHEMA + "domainIncludes", [])]
        scheme = "".join(about.get(TRT + "conceptScheme", [])[:1]).removeprefix(TRT)
        kind = ("concept" if scheme else "thing") if is_object else KINDS[ranges[0]]
        term = _term(address, about)
        earliest, latest = (about.get(TRT + n, [""])[0].removeprefix(TRT)
                            for n in ("earliestBound", "latestBound"))
        yield Property(
            term.name, term.iri, term.label, term.definition, kind,
            tuple(sorted(d.removeprefix(TRT) for d in domains if d.startswith(TRT))),
            tuple(sorted(r.removeprefix(TRT) for r in ranges if r.startswith(TRT))),
            scheme, "".join(about.get(TRT + "claimClass", [])[:1]).removeprefix(TRT),
            (earliest, latest) if earliest and latest else None, about.get(TRT + "singleValued") == ["true"])


def _foreign_properties() -> Iterable[Property]:
    yield Property("type", RDF + "type", "type", "The class the source gives a thing.", "class",
                   (), ())
    for name in NAMING:
        yield Property(name, SKOS + name, name, "A name the source gives a thing.", "text", (), ())


def _ancestors(own: Mapping[str, Mapping[str, list[str]]],
               classes: Mapping[str, Term]) -> dict[str, frozenset[str]]:
    """Return every class with itself and all classes above it."""
    def above(name: str, seen: frozenset[str]) -> frozenset[str]:
        parents = {p.removeprefix(TRT) for p in own[TRT + name].get(RDFS + "subClassOf", [])
                   if p in own} - seen
        seen = seen | parents
        for parent in parents:
            seen = above(parent, seen)
        return seen

    return {name: above(name, frozenset({name})) for name in classes}


def _disjoint(own: Mapping[str, Mapping[str, list[str]]]) -> dict[str, frozenset[str]]:
    """Return the classes each class is declared disjoint with, in both directions."""
    pairs: dict[str, set[str]] = defaultdict(set)
    for address, about in own.items():
        for other in about.get(OWL + "disjointWith", []):
            one, two = address.removeprefix(TRT), other.removeprefix(TRT)
            pairs[one].add(two)
            pairs[two].add(one)
    return {name: frozenset(others) for name, others in pairs.items()}
