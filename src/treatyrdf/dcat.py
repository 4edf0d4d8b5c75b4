"""A description as RDF: DCAT 3 with what DCAT-AP 3 wants, VoID, PROV-O and DQV, as dataset.ttl.

https://www.w3.org/TR/vocab-dcat-3/, https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from . import __version__
from .compression import CODECS
from .describe import Description, File, dataset_quads, typed
from .model import Quad
from .names import ONTOLOGY, PREFIXES, XSD, curie, english, iri, literal, natural
from .origin import origin_quads
from .packing import document
from .profile import NOTICE
from .quality import quality_quads
from .turtle import turtle
from .vocabulary import Vocabulary
from .void import statistics_quads

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
MEDIA: Mapping[str, tuple[str, str, str]] = {
    "nq": ("application/n-quads", "RDF_N_QUADS", "all named graphs as N-Quads"),
    "trig": ("application/trig", "RDF_TRIG", "all named graphs as TriG"),
    "ttl": ("text/turtle", "RDF_TURTLE", "all graphs in one as Turtle"),
    "nt": ("application/n-triples", "RDF_N_TRIPLES", "all graphs in one as N-Triples"),
    "jsonld": ("application/ld+json", "JSON_LD", "all graphs in one as JSON-LD"),
    "json": ("application/json", "JSON", "the answers to the questions as a data package of CSV files"),
}
"""Media type, EU file type and content of a file, by its ending."""

LANGUAGES: Mapping[str, str] = dict(pair.split(":") for pair in (
    "ar:ara bg:bul cs:ces da:dan de:deu el:ell en:eng es:spa et:est fi:fin fr:fra ga:gle hr:hrv hu:hun "
    "it:ita ja:jpn lt:lit lv:lav mt:mlt nl:nld no:nor pl:pol pt:por ro:ron ru:rus sk:slk sl:slv sv:swe "
    "tr:tur uk:ukr zh:zho").split())
"""Codes of three letters, which the European list of languages has, by those of two."""


def dataset_turtle(described: Description, vocabulary: Vocabulary) -> str:
    """Return dataset.ttl."""
    profile = described.profile
    header, names = profile.header, profile.names
    quads = [*dataset_quads(header, vocabulary, names), *_catalog(described), *_dataset(described),
             *statistics_quads(described), *origin_quads(described), *quality_quads(described.quality, names)]
    for file in described.files:
        quads += _distribution(described, file)
    return turtle(quads, names.prefixes, names.base,
                  f"{header.title}: description, written by treatyrdf {__version__}")


def service_pairs(described: Description) -> list[tuple[str, str]]:
    """Return what DCAT says of the SPARQL endpoint."""
    profile = described.profile
    names = profile.names
    return [("dcterms:title", english("SPARQL endpoint")), ("dcat:endpointURL", iri(profile.endpoint)),
            ("dcterms:conformsTo", iri("https://www.w3.org/TR/sparql11-protocol/")),
            ("dcat:servesDataset", names.thing("dataset")), ("dcterms:license", iri(profile.header.licence))]


def _catalog(described: Description) -> Iterator[Quad]:
    """Yield the catalogue, and the things its entries share: agent, contact, licence, themes."""
    profile = described.profile
    header, names = profile.header, profile.names
    issued, service = literal(header.issued, datatype=XSD + "date"), names.record("about", "service")
    yield from typed(
        names.record("about", "catalog"), "dcat:Catalog",
        ("dcterms:title", names.text(header.title)), ("dcterms:description", names.text(header.description)),
        ("dcterms:issued", issued), ("dcterms:modified", issued),
        ("dcterms:license", iri(header.licence)), ("dcterms:language", _language(described)),
        ("dcterms:publisher", names.record("about", "publisher")), ("foaf:homepage", iri(profile.landing)),
        ("dcat:themeTaxonomy", iri(_EU + "data-theme")), ("dcat:service", service),
        ("dcat:dataset", names.thing("dataset")), ("dcat:dataset", iri(profile.version_iri)))
    yield from typed(service, "dcat:DataService", *service_pairs(described), *_shared(described),
                     ("dcat:endpointDescription", iri(profile.download("service.ttl"))))
    yield from typed(names.record("about", "publisher"), "foaf:Agent",
                     ("foaf:name", names.text(profile.publisher)))
    yield from typed(names.record("about", "contact"), "vcard:Kind",
                     ("vcard:fn", names.text(profile.publisher)), ("vcard:hasURL", iri(profile.contact)))
    yield from typed(iri(header.licence), "dcterms:LicenseDocument",
                     *([("dcterms:identifier", literal(profile.licence_id))] if profile.licence_id else []))
    yield from typed(iri(profile.landing), "foaf:Document")
    yield from typed(_language(described), "dcterms:LinguisticSystem")
    yield from typed(iri(_EU + "data-theme"), "skos:ConceptScheme", ("dcterms:title", english("Data theme")))
    for code, label in profile.themes.items():
        yield from typed(iri(f"{_EU}data-theme/{code}"), "skos:Concept", ("skos:prefLabel", english(label)),
                         ("skos:inScheme", iri(_EU + "data-theme")))
    for standard, label in (("https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol"),
                            (f"{ONTOLOGY}/{described.ontology}", f"treatyrdf ontology {described.ontology}"),
                            (PREFIXES["trsh"].rstrip("#"), "treatyrdf shapes")):
        yield from typed(iri(standard), "dcterms:Standard", ("dcterms:title", english(label)))


def _shared(described: Description) -> list[tuple[str, str]]:
    """Return what data set, version and service have in common."""
    profile = described.profile
    names = profile.names
    return [("dcterms:publisher", names.record("about", "publisher")),
            ("dcat:contactPoint", names.record("about", "contact")),
            *(("dcat:keyword", names.text(word)) for word in profile.keywords),
            *(("dcat:theme", iri(f"{_EU}data-theme/{code}")) for code in profile.themes)]


def _dataset(described: Description) -> Iterator[Quad]:
    """Yield the data set and this version of it: both have the same files."""
    profile = described.profile
    header, names = profile.header, profile.names
    node, version = names.thing("dataset"), iri(profile.version_iri)
    issued = literal(header.issued, datatype=XSD + "date")
    both = [*_shared(described), ("dcterms:language", _language(described)), ("dcterms:modified", issued),
            ("dcat:landingPage", iri(profile.landing)),
            ("dcterms:conformsTo", iri(PREFIXES["trsh"].rstrip("#"))),
            *(("prov:wasDerivedFrom", names.thing(s.id)) for s in described.sources),
            *(("dcat:distribution", names.record("file", f.name)) for f in described.files)]
    yield from typed(node, "dcat:Dataset", *both, ("dcat:hasCurrentVersion", version),
                     ("dcat:hasVersion", version))
    yield from typed(
        version, "dcat:Dataset", *both, ("dcat:isVersionOf", node),
        ("dcterms:title", names.text(f"{header.title}, {header.version}")),
        ("dcterms:description", names.text(header.description)), ("dcat:version", literal(header.version)),
        ("dcterms:issued", issued), ("dcterms:license", iri(header.licence)),
        ("dcterms:conformsTo", iri(f"{ONTOLOGY}/{described.ontology}")))
    if previous := header.listing.previous:
        yield version, curie("dcat:previousVersion"), iri(profile.release(previous)), ""
    if profile.fictional:
        notice = names.record("about", "notice")
        yield from typed(notice, "dcterms:RightsStatement", ("rdfs:label", english(NOTICE)))
        yield node, curie("dcterms:rights"), notice, ""
        yield version, curie("dcterms:rights"), notice, ""


def _distribution(described: Description, file: File) -> Iterator[Quad]:
    profile = described.profile
    names, licence = profile.names, iri(profile.header.licence)
    node, checksum = names.record("file", file.name), names.record("checksum", file.name)
    told = document(file.name)
    media, kind, _ = MEDIA[told.dump.rpartition(".")[2]]
    algorithm = curie("spdx:checksumAlgorithm_sha256")
    pairs = [("dcterms:title", names.text(file.name)), ("dcterms:description", english(content(file.name))),
             ("dcterms:license", licence), ("dcterms:format", iri(f"{_EU}file-type/{kind}")),
             ("dcat:accessURL", iri(profile.download(file.name))),
             ("dcat:downloadURL", iri(profile.download(file.name))), ("dcat:mediaType", iri(_IANA + media)),
             ("dcat:byteSize", natural(file.bytes)), ("spdx:checksum", checksum)]
    if told.compress:
        packed = iri(_IANA + CODECS[told.compress].media)
        pairs.append(("dcat:compressFormat", packed))
        yield from typed(packed, "dcterms:MediaType")
    if word := profile.header.listing.availability:
        planned = iri(f"{_EU}planned-availability/{word.upper()}")
        pairs.append(("dcatap:availability", planned))
        yield from typed(planned, "skos:Concept", ("skos:prefLabel", english(word)))
    if kind != "JSON":
        pairs.append(("dcterms:conformsTo", iri(f"{ONTOLOGY}/{described.ontology}")))
        yield names.thing("dataset"), curie("void:dataDump"), iri(profile.download(file.name)), ""
    yield from typed(node, "dcat:Distribution", ("rdfs:label", names.text(file.name)), *pairs)
    yield from typed(checksum, "spdx:Checksum", ("spdx:algorithm", algorithm),
                     ("spdx:checksumValue", literal(file.sha256, datatype=XSD + "hexBinary")))
    yield from typed(algorithm, "spdx:ChecksumAlgorithm")
    yield from typed(iri(_IANA + media), "dcterms:MediaType")
    yield from typed(iri(f"{_EU}file-type/{kind}"), "dcterms:MediaTypeOrExtent")


def content(name: str) -> str:
    """Return what a file holds, in words.

    >>> content("alliance-facts.nt"), content("alliance.nq")
    ('the plain facts alone as N-Triples', 'all named graphs as N-Quads')
    >>> content("alliance-facts.0002.nt.gz")
    'the plain facts alone as N-Triples, part 2, compressed by gzip'
    """
    told = document(name)
    stem, _, ending = told.dump.rpartition(".")
    words = MEDIA[ending][2]
    form = words.rpartition(" as ")[2]
    special = {"facts": f"the plain facts alone as {form}", "rdf12": f"claims as reifiers of RDF 1.2 {form}"}
    return (special.get(stem.rpartition("-")[2], words) + (f", part {told.number}" if told.number else "")
            + (f", compressed by {told.compress}" if told.compress else ""))


def _language(described: Description) -> str:
    """Return the language as DCAT-AP wants it, or as DCAT does where the European list has no such code."""
    code = described.profile.header.language.partition("-")[0].lower()
    known = LANGUAGES.get(code, code if len(code) == 3 else "")
    return iri(f"{_EU}language/{known.upper()}" if known else
               f"http://id.loc.gov/vocabulary/iso639-1/{quote(code)}")
