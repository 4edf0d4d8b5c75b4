"""What programs look for at a SPARQL endpoint: its service description, and the questions as examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from . import __version__
from .dcat import service_pairs
from .describe import Answer, Description, typed
from .names import XSD, curie, english, iri, literal
from .profile import Profile
from .turtle import turtle
from .void import counts, graph_titles

_FORMATS = "http://www.w3.org/ns/formats/"
FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
           "N-Triples", "JSON-LD", "RDF_XML")
_DECLARED = re.compile(r"^PREFIX\s+([\w-]+):\s*<([^>]+)>", re.MULTILINE)


def result_formats() -> list[str]:
    """Return the terms of the formats that an endpoint gives (https://www.w3.org/ns/formats/)."""
    return [iri(_FORMATS + form) for form in FORMATS]


def service_turtle(described: Description) -> str:
    """Return service.ttl (https://www.w3.org/TR/sparql11-service-description/).

    A server elsewhere builds its data set with `endpoint: ADDRESS` in dataset.yaml, or replaces the one
    endpoint IRI.
    """
    profile = described.profile
    names = profile.names
    service, whole = names.record("about", "service"), names.record("about", "service.dataset")
    default = names.record("about", "service.default")
    quads = [
        *typed(service, "sd:Service", ("sd:endpoint", iri(profile.endpoint)),
               ("sd:supportedLanguage", curie("sd:SPARQL11Query")),
               ("sd:feature", curie("sd:UnionDefaultGraph")),
               *(("sd:resultFormat", term) for term in result_formats()),
               ("sd:defaultDataset", whole), *service_pairs(described)),
        *typed(service, "dcat:DataService"),
        *typed(whole, "sd:Dataset", ("sd:defaultGraph", default),
               *(("sd:namedGraph", _named(graph, profile)) for graph in graph_titles(described))),
        *typed(default, "sd:Graph", ("dcterms:title", english("the union of the named graphs")),
               *counts(described.statistics[""]))]
    for graph, words in graph_titles(described).items():
        quads += typed(_named(graph, profile), "sd:NamedGraph", ("sd:name", graph), ("sd:graph", graph))
        quads += typed(graph, "sd:Graph", ("dcterms:title", english(words)),
                       *counts(described.statistics[graph]))
    return turtle(quads, names.prefixes, names.base,
                  f"{profile.header.title}: service description, written by treatyrdf {__version__}")


def _named(graph: str, profile: Profile) -> str:
    return profile.names.record("about", f"service.{graph[:-1].rpartition('/')[2]}")


def questions_turtle(profile: Profile, answers: Sequence[Answer]) -> str:
    """Return questions.ttl: each question as an executable of SHACL, as sib-swiss/sparql-examples has them.

    https://www.w3.org/TR/shacl/#sparql-prefixes; the prefixes of all questions are declared once, so they
    must agree.
    """
    names = profile.names
    prefixes = names.record("about", "prefixes")
    declared = dict(sorted({found for a in answers for found in _DECLARED.findall(a.sparql)}))
    quads = [*typed(prefixes, "owl:Ontology", ("rdfs:label", english("prefixes of the questions")))]
    for prefix, namespace in declared.items():
        node = names.record("about", f"prefix.{prefix}")
        quads += typed(node, "sh:PrefixDeclaration", ("sh:prefix", literal(prefix)),
                       ("sh:namespace", literal(namespace, datatype=XSD + "anyURI")))
        quads.append((prefixes, curie("sh:declare"), node, ""))
    for a in answers:
        node = names.record("question", quote(a.name))
        quads += typed(node, "sh:SPARQLExecutable", ("rdfs:comment", names.text(a.question)),
                       ("sh:select", literal(a.sparql)), ("sh:prefixes", prefixes),
                       ("schema:target", iri(profile.endpoint)),
                       *(("schema:keywords", literal(tag)) for tag in a.tags))
        quads += typed(node, "sh:SPARQLSelectExecutable")
    return turtle(quads, names.prefixes, names.base,
                  f"{profile.header.title}: questions, written by treatyrdf {__version__}")
