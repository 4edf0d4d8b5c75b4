"""The endpoint about itself (https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from .endpoint import result_formats
from .model import Quad
from .names import XSD, Names, curie, iri, literal


def service_quads(endpoint: str, quads: Iterable[Quad], names: Names, seconds: float,
                  rows: int) -> Iterator[Quad]:
    """Yield what clients need to know: languages, formats, graphs, limits."""
    service, dataset, default = (iri(f"{endpoint}#{name}") for name in ("service", "dataset", "default"))
    where = names.graph("dataset")
    yield service, curie("rdf:type"), curie("sd:Service"), where
    yield service, curie("sd:endpoint"), iri(endpoint), where
    yield service, curie("sd:supportedLanguage"), curie("sd:SPARQL11Query"), where
    yield service, curie("sd:feature"), curie("sd:UnionDefaultGraph"), where
    for term in result_formats():
        yield service, curie("sd:resultFormat"), term, where
    yield service, curie("rdfs:comment"), names.text(
        f"The default graph is the union of all named graphs. A query may take {seconds:g} seconds and "
        f"give {rows} rows or triples; one that goes further is refused whole, never cut short."), where
    yield service, curie("sd:defaultDataset"), dataset, where
    yield dataset, curie("rdf:type"), curie("sd:Dataset"), where
    yield dataset, curie("dcterms:isPartOf"), names.thing("dataset"), where
    yield dataset, curie("sd:defaultGraph"), default, where
    yield default, curie("rdf:type"), curie("sd:Graph"), where
    for graph, number in sorted(Counter(q[3] for q in quads).items()):
        node = iri(f"{endpoint}#graph-{graph[1:-1].rpartition('/')[2]}")
        yield dataset, curie("sd:namedGraph"), node, where
        yield node, curie("rdf:type"), curie("sd:NamedGraph"), where
        yield node, curie("sd:name"), graph, where
        yield node, curie("void:triples"), literal(str(number), datatype=XSD + "integer"), where
