"""The counts of a description in VoID (https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from .census import Statistics
from .describe import Description, typed
from .model import Quad
from .names import curie, english, iri, literal, natural, shorten

GRAPHS: Mapping[str, str] = {
    "facts": "plain facts", "claims": "claims with their evidence",
    "sources": "sources, passages, citations and works", "dataset": "the data set about itself"}


def statistics_quads(described: Description) -> Iterator[Quad]:
    """Yield the counts of the whole, of each class and property, and of each named graph."""
    profile = described.profile
    names, whole = profile.names, described.statistics[""]
    node = names.thing("dataset")
    yield from typed(node, "void:Dataset", *counts(whole), ("void:classes", natural(len(whole.classes))),
                     ("void:properties", natural(len(whole.properties))),
                     ("void:uriSpace", literal(names.base)), ("void:sparqlEndpoint", iri(profile.endpoint)),
                     *(("void:vocabulary", iri(v)) for v in whole.vocabularies))
    for kind, found, unit in (("class", whole.classes, "void:entities"),
                              ("property", whole.properties, "void:triples")):
        for term, n in sorted(found.items()):
            word = shorten(term[1:-1], names.prefixes) or quote(term[1:-1], safe="")
            part = names.record("about", f"{kind}.{word.replace(':', '.')}")
            yield node, curie(f"void:{kind}Partition"), part, ""
            yield from typed(part, "void:Dataset", (f"void:{kind}", term), (unit, natural(n)))
    for graph, words in graph_titles(described).items():
        yield node, curie("void:subset"), graph, ""
        yield from typed(graph, "void:Dataset", *counts(described.statistics[graph]),
                         ("dcterms:title", english(words)), ("dcterms:license", iri(profile.header.licence)),
                         *(("dcterms:source", names.thing(s.id)) for s in described.sources))


def graph_titles(described: Description) -> dict[str, str]:
    """Return the titles of the named graphs by their terms."""
    names = described.profile.names
    titles = {names.graph(name): words for name, words in GRAPHS.items()}
    return {graph: titles[graph] for graph in described.statistics if graph}


def counts(statistics: Statistics) -> list[tuple[str, str]]:
    """Return the totals of VoID."""
    return [("void:triples", natural(statistics.triples)), ("void:entities", natural(statistics.entities)),
            ("void:distinctSubjects", natural(statistics.subjects)),
            ("void:distinctObjects", natural(statistics.objects))]
