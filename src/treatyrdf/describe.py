"""The data set about itself: title, licence, versions and policy inside the dump; sizes beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from . import __version__
from .dump import digest
from .graph import LABEL, TYPE
from .model import Header, Quad
from .names import ONTOLOGY, XSD, Names, curie, iri, literal, trt
from .turtle import turtle
from .vocabulary import Vocabulary

MEDIA = {"nq": "application/n-quads", "trig": "application/trig", "ttl": "text/turtle",
         "nt": "application/n-triples", "jsonld": "application/ld+json"}
_IANA = "https://www.iana.org/assignments/media-types/"


def policy_concepts(header: Header, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield property and concept for each word of the assertion policy."""
    for key, words, scheme in (("admitsBasis", header.basis, "BasisScheme"),
                               ("admitsCertainty", header.certainty, "CertaintyScheme")):
        for word in words:
            yield key, f"<{vocabulary.schemes[scheme][word].iri}>"
    yield "admitsPolarity", trt("Affirmed")


def dataset_quads(header: Header, vocabulary: Vocabulary, names: Names) -> Iterator[Quad]:
    """Yield the description that travels inside the dump."""
    graph, node, policy = names.graph("dataset"), names.thing("dataset"), names.thing("policy")
    for predicate, object_ in (
            (TYPE, curie("dcat:Dataset")),
            (LABEL, names.text(header.title)),
            (curie("dcterms:title"), names.text(header.title)),
            (curie("dcterms:description"), names.text(header.description)),
            (curie("dcterms:license"), iri(header.licence)),
            (curie("dc:creator"), names.text(header.creator)),
            (curie("dcterms:issued"), literal(header.issued, datatype=XSD + "date")),
            (curie("dcat:version"), literal(header.version)),
            (curie("dcterms:conformsTo"), iri(f"{ONTOLOGY}/{vocabulary.version}")),
            (trt("policy"), policy)):
        yield node, predicate, object_, graph
    for name in ("facts", "claims", "sources", "dataset"):
        yield names.graph(name), curie("dcterms:isPartOf"), node, graph
    yield names.graph("facts"), curie("prov:wasAttributedTo"), node, graph
    yield policy, TYPE, trt("AssertionPolicy"), graph
    yield policy, LABEL, names.text("what becomes a plain triple"), graph
    for key, concept in policy_concepts(header, vocabulary):
        yield policy, trt(key), concept, graph


def dataset_turtle(header: Header, vocabulary: Vocabulary, names: Names, quads: Sequence[Quad],
                   dumps: Mapping[str, str]) -> str:
    """Return dataset.ttl: the description with each dump's size and SHA-256 (DCAT 3)."""
    graph, node = names.graph("dataset"), names.thing("dataset")
    found = [*dataset_quads(header, vocabulary, names),
             (node, curie("void:triples"), count(len({q[:3] for q in quads})), graph)]
    for name in sorted({q[3] for q in quads}):
        found.append((name, curie("void:triples"), count(sum(q[3] == name for q in quads)), graph))
    for file, text in dumps.items():
        at, checksum = names.record("file", file), names.record("checksum", file)
        found += [(node, curie("dcat:distribution"), at, graph)] + [
            (at, predicate, object_, graph) for predicate, object_ in (
                (TYPE, curie("dcat:Distribution")),
                (LABEL, names.text(file)),
                (curie("dcterms:title"), names.text(file)),
                (curie("dcterms:license"), iri(header.licence)),
                (curie("dcat:accessURL"), at), (curie("dcat:downloadURL"), at),
                (curie("dcat:mediaType"), iri(_IANA + MEDIA[file.rpartition(".")[2]])),
                (curie("dcat:byteSize"), count(len(text.encode()))),
                (curie("spdx:checksum"), checksum))]
        found += [(checksum, TYPE, curie("spdx:Checksum"), graph),
                  (checksum, curie("spdx:algorithm"), curie("spdx:checksumAlgorithm_sha256"), graph),
                  (checksum, curie("spdx:checksumValue"),
                   literal(digest(text), datatype=XSD + "hexBinary"), graph)]
    found.append((curie("spdx:checksumAlgorithm_sha256"), TYPE, curie("spdx:ChecksumAlgorithm"), graph))
    return turtle(found, names.prefixes, names.base,
                  f"{header.title}: description, written by treatyrdf {__version__}")


def count(number: int) -> str:
    """Return a count as DCAT wants it: xsd:nonNegativeInteger."""
    return literal(str(number), datatype=XSD + "nonNegativeInteger")
