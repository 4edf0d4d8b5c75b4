"""The data set about itself: a few lines inside the dump, and one value for all forms beside it.

The value is made once, from what was read, published and written; `dcat`, `forms` and `endpoint` only
write it down, so that no two forms can differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .census import Statistics
from .content import Content, Files, digest, size
from .graph import LABEL, TYPE
from .model import Dataset, Header, Quad, Source
from .names import ONTOLOGY, XSD, Names, curie, iri, literal, trt
from .profile import Profile
from .quality import Measure, measure
from .results import Report
from .tally import Tally, Years
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class File:
    """A file by its name, with its size in bytes and its SHA-256 in hexadecimal."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Answer:
    """A canon question and the CSV table it gives: name and kind (iri, integer …) of each column."""

    name: str
    question: str
    tags: tuple[str, ...]
    sparql: str
    columns: tuple[tuple[str, str], ...]
    file: File


@dataclass(frozen=True)
class Description:
    """All that is said of a data set as a whole."""

    profile: Profile
    sources: tuple[Source, ...]
    ontology: str
    """The version of the ontology."""
    files: tuple[File, ...]
    curated: tuple[File, ...]
    statistics: Mapping[str, Statistics]
    """The counts of each named graph by its term, and under "" those of their union."""
    quality: tuple[Measure, ...]
    years: tuple[Years | None, Mapping[str, Years]]
    """Years of real time, and of each calendar of a story world (see `tally`)."""


def typed(node: str, kind: str, *pairs: tuple[str, str]) -> Iterator[Quad]:
    """Yield a node with its class and its properties, each a prefixed name of the registry and a term."""
    yield node, TYPE, curie(kind), ""
    for key, term in pairs:
        yield node, curie(key), term, ""


def measured(name: str, content: Content) -> File:
    """Return a file with its size and sum."""
    return File(name, size(content), digest(content))


def describe(profile: Profile, dataset: Dataset, tally: Tally, vocabulary: Vocabulary,
             statistics: Mapping[str, Statistics], report: Report, files: Files,
             curated: Mapping[str, bytes]) -> Description:
    """Return the description of a data set; `files` are its dumps, `curated` what people wrote."""
    return Description(
        profile, tuple(dataset.sources.values()), vocabulary.version, _files(files.items()),
        _files(curated.items()), statistics,
        measure(tally, report), (tally.years.get(""), {key: span for key, span in tally.years.items() if key}))


def _files(items: Iterable[tuple[str, Content]]) -> tuple[File, ...]:
    return tuple(measured(name, content) for name, content in items)


def policy_concepts(header: Header, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield property and concept for each word of the assertion policy."""
    for key, words, scheme in (("admitsBasis", header.basis, "BasisScheme"),
                               ("admitsCertainty", header.certainty, "CertaintyScheme")):
        for word in words:
            yield key, vocabulary.concept(scheme, word)
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
