"""Pitfalls of ontologies that a machine can find: OOPS! (P..) and FOOPS! (OM.., VOC..) in our own code.

`pitfalls` returns (code, term) pairs. What needs a human (P01, P09, P14 to P18, P23), a server (CN1,
RDF1, DOC1) or a registry (FIND2, DOI) is not here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

DCTERMS, VANN = Namespace("http://purl.org/dc/terms/"), Namespace("http://purl.org/vocab/vann/")
BIBO, SDO = Namespace("http://purl.org/ontology/bibo/"), Namespace("https://schema.org/")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
METADATA = {
    "OM1": (DCTERMS.title, DCTERMS.description, DCTERMS.license, OWL.versionIRI, DCTERMS.creator,
            VANN.preferredNamespaceUri),
    "OM2": (VANN.preferredNamespacePrefix, OWL.versionInfo, DCTERMS.created, DCTERMS.bibliographicCitation),
    "OM3": (DCTERMS.publisher, BIBO.status, DCTERMS.source, DCTERMS.issued, DCTERMS.modified),
}
LICENCES = re.compile(r"https://(creativecommons\.org|spdx\.org)/")
HOSTS = re.compile(r"https?://(w3id\.org|doi\.org|purl\.|www\.w3\.org)")
HARD = ("http://www.w3.org/ns/prov#", "http://www.w3.org/2004/02/skos/core#", str(DCTERMS), "https://schema.org/", "http://www.w3.org/2006/time#",
        "http://www.w3.org/ns/oa#", *(BUILT_IN := (
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#",
            "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2001/XMLSchema#")))

Found = Iterator[tuple[str, str]]


def pitfalls(graph: Graph, base: str, data: Graph | None = None) -> list[tuple[str, str]]:
    """Return every pitfall of the ontology at `base`; `data` show which classes are used."""
    own = {t for t in graph.subjects() if isinstance(t, URIRef) and t.startswith(base + "#")}
    found = [*_metadata(graph, URIRef(base)), *_names(graph, own), *_structure(graph, own, data),
             *_properties(graph, own), *_foreign(graph, own, base)]
    return sorted({(code, str(term)) for code, term in found})


def _of(graph: Graph, own: Iterable[Any], *kinds: URIRef) -> list[Any]:
    return sorted(t for t in own if any((t, RDF.type, k) in graph for k in kinds))


def _metadata(graph: Graph, ontology: URIRef) -> Found:
    for code, wanted in METADATA.items():
        for predicate in wanted:
            if (ontology, predicate, None) not in graph:
                yield code, predicate
    if (ontology, RDF.type, OWL.Ontology) not in graph:
        yield "P38", ontology
    for licence in graph.objects(ontology, DCTERMS.license):
        if isinstance(licence, Literal) or not LICENCES.match(str(licence)):
            yield "P41", licence
    if not HOSTS.match(str(ontology)):
        yield "PURL1", ontology
    for version in graph.objects(ontology, OWL.versionIRI):
        if version == ontology:
            yield "VER1", ontology
    if re.search(r"\.(ttl|owl|rdf|xml)\b", str(ontology)):
        yield "P36", ontology


def _names(graph: Graph, own: set[Any]) -> Found:
    labels: dict[str, Any] = {}
    for term in _of(graph, own, *KINDS, OWL.AnnotationProperty):
        name = str(term).partition("#")[2]
        is_class = (term, RDF.type, OWL.Class) in graph
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*" if is_class else r"[a-z][A-Za-z0-9]*", name):
            yield "P22", term
        if re.fullmatch(r"(Other|Misc|Miscellaneous|Unknown)\w*", name) and is_class:
            yield "P21", term
        label, definition = graph.value(term, RDFS.label), graph.value(term, SKOS.definition)
        if label is None:
            yield "VOC3", term
        if definition is None:
            yield "VOC4", term
        if label is not None and definition is not None and (
                str(label) == str(definition) or len(label) >= len(definition)):
            yield "P20", term
        if (term, SKOS.example, None) not in graph:
            yield "EXAMPLE", term
        if (term, RDFS.isDefinedBy, None) not in graph:
            yield "LO01", term
        if label is not None and is_class and labels.setdefault(str(label), term) != term:
            yield "P32", term


def _structure(graph: Graph, own: set[Any], data: Graph | None) -> Found:
    classes = _of(graph, own, OWL.Class)
    for term in classes:
        if any(term == above for parent in graph.objects(term, RDFS.subClassOf)
               for above in graph.transitive_objects(parent, RDFS.subClassOf)):
            yield "P06", term
        tied = any((p in (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith, SDO.domainIncludes,
                          SDO.rangeIncludes)) for _, p, _ in graph.triples((None, None, term)))
        tied = tied or (term, RDFS.subClassOf, None) in graph or (term, OWL.disjointWith, None) in graph
        if not tied and (data is None or (None, RDF.type, term) not in data):
            yield "P04", term
        if (term, OWL.disjointWith, term) in graph:
            yield "P24", term
    if classes and not list(graph.triples((None, OWL.disjointWith, None))):
        yield "P10", "no disjoint classes"
    for axiom in (OWL.disjointWith, OWL.equivalentClass, OWL.equivalentProperty):
        for term in graph.subjects(axiom):
            if (term, SKOS.scopeNote, None) not in graph:
                yield "JUSTIFY", term


def _properties(graph: Graph, own: set[Any]) -> Found:
    for term in _of(graph, own, OWL.ObjectProperty, OWL.DatatypeProperty):
        noted = (term, SKOS.scopeNote, None) in graph
        for hard, soft in ((RDFS.domain, SDO.domainIncludes), (RDFS.range, SDO.rangeIncludes)):
            count = len(list(graph.objects(term, hard)))
            if count > 1:
                yield "P19", term
            if not count and (term, soft, None) not in graph and not noted:
                yield "P11", term
        if (term, OWL.inverseOf, term) in graph:
            yield "P25", term
        for special in (OWL.SymmetricProperty, OWL.TransitiveProperty):
            if (term, RDF.type, special) in graph:
                if (term, OWL.inverseOf, None) in graph and special == OWL.SymmetricProperty:
                    yield "P26", term
                if not noted:
                    yield "P28" if special == OWL.SymmetricProperty else "P29", term
        kinds = [k for k in (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
                 if (term, RDF.type, k) in graph]
        if len(kinds) > 1:
            yield "OW02", term
        for range_ in graph.objects(term, RDFS.range):
            if str(range_).endswith(("#gYear", "#gYearMonth", "#date")):
                yield "OW06", term


def _foreign(graph: Graph, own: set[Any], base: str) -> Found:
    for subject, predicate, object_ in graph:
        if isinstance(subject, URIRef) and subject not in own and not subject.startswith(base) and (
                predicate != RDF.type):
            yield "P40", subject
        if predicate in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range):
            if isinstance(object_, URIRef) and object_ not in own and not str(object_).startswith(HARD):
                yield "HARD", object_
            if isinstance(object_, URIRef) and (object_, RDF.type, None) not in graph and not (
                    str(object_).startswith(BUILT_IN)):
                yield "P34", object_
        if predicate not in own and isinstance(predicate, URIRef) and (predicate, RDF.type, None) not in graph \
                and not str(predicate).startswith(BUILT_IN):
            yield "P35", predicate
        if predicate == OWL.imports:
            yield "OW05", object_
        if predicate == OWL.sameAs:
            yield "P27", subject
