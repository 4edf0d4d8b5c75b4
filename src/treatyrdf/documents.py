"""Where the documents of IRIs stand, and how the RDF ones are written: all statements about a thing.

A thing is not its document: `<base>spock` is described by `<base>thing/spock.ttl` and its like
(https://www.w3.org/TR/cooluris/#r303gendocument). Documents of the same stem differ in form alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .dump import ntriples
from .jsonld import JsonLd
from .model import Quad
from .names import FOLDERS, LOCATOR, ONTOLOGY, Names, curie, english, iri
from .turtle import turtle

DESCRIBED = ("graph", "file", "checksum", "version", "about", "curated")
"""Folders of IRIs that the document of the data set describes."""
RECORDS = tuple(folder for folder in FOLDERS if folder not in DESCRIBED)
"""Folders of IRIs with a document each."""
THING, DATASET, TERMS = "thing", "dataset", "ontology"
DESCRIPTIONS = ("dataset.ttl", "service.ttl", "questions/questions.ttl")
"""Files of the build that describe the data set."""
LARGEST = 2000
"""Documents in a folder that is not split."""
MOST_NAMING = 500
"""Statements that name a thing, in its documents; the claims among them stand there whole."""
SHARD = re.compile(r"[A-Za-z0-9]{1,2}\Z")
"""The part of a key that names its folder where a folder is split; never a hidden one such as `.1`."""

_CLAIMED = tuple(curie(f"rdf:{name}") for name in ("subject", "object"))


def document(local: str, sharded: frozenset[str]) -> str | None:
    """Return the stem of the document of an IRI by what stands behind its base, None when it has none.

    >>> document("spock", frozenset()), document("claim/x-42", frozenset({"claim"}))
    ('thing/spock', 'claim/42/x-42')
    >>> document("graph/facts", frozenset()), document("no/where", frozenset())
    ('dataset', None)
    """
    if not local:
        return "index"
    folder, slash, key = local.partition("/")
    if local == DATASET or (key and folder in DESCRIBED):
        return DATASET
    if not slash:
        folder, key = THING, local
    elif folder not in RECORDS:
        return None
    if not LOCATOR.fullmatch(key):
        return None
    shard = SHARD.search(key)
    return f"{folder}/{shard[0]}/{key}" if folder in sharded and shard else f"{folder}/{key}"


def shards(locals_: Iterable[str]) -> frozenset[str]:
    """Return the folders that must be split, given every IRI without its base."""
    stems = {stem for local in locals_ if (stem := document(local, frozenset()))}
    sizes = Counter(stem.partition("/")[0] for stem in stems)
    return frozenset(folder for folder, size in sizes.items() if size > LARGEST)


@dataclass(frozen=True)
class Statements:
    """The statements of a data set and of its ontology by the terms they are about."""

    names: Names
    prefixes: Mapping[str, str]
    licence: str
    jsonld: JsonLd
    by_subject: Mapping[str, Sequence[Quad]]
    by_object: Mapping[str, Sequence[Quad]]
    described: Sequence[Quad]
    ontology: Sequence[Quad]

    def locals(self) -> Iterator[str]:
        """Yield each IRI of the data set that something is said about, without its base."""
        start = f"<{self.names.base}"
        return (term[len(start):-1] for term in self.by_subject if term.startswith(start))

    def knows(self, local: str) -> bool:
        """Tell whether anything is said about an IRI of the data set."""
        return f"<{self.names.base}{local}>" in self.by_subject


def gather(quads: Iterable[Quad], files: Mapping[str, bytes], names: Names, licence: str) -> Statements:
    """Return the index of the statements of a dump and of the build's other `files` that say something.

    Of these the descriptions and what is below `ontology/` are read.
    """
    graph = names.graph("dataset")
    described = [q for name in DESCRIPTIONS for q in _parse(files[name], graph)]
    ontology = [q for name in sorted(files) if name.startswith("ontology/") and name.endswith(".ttl")
                for q in _parse(files[name], "")]
    context = json.loads(files["ontology/context.jsonld"])["@context"]
    by_subject: dict[str, list[Quad]] = {}
    by_object: dict[str, list[Quad]] = {}
    for quad in sorted({*quads, *described}):
        by_subject.setdefault(quad[0], []).append(quad)
        if quad[2].startswith(f"<{names.base}"):
            by_object.setdefault(quad[2], []).append(quad)
    return Statements(names, names.prefixes, licence, JsonLd(names, context), by_subject, by_object,
                      described, ontology)


def _parse(turtle_: bytes, graph: str) -> list[Quad]:
    import pyoxigraph as ox

    return [(str(t.subject), str(t.predicate), str(t.object), graph)
            for t in ox.parse(turtle_, format=ox.RdfFormat.TURTLE)]


def about(statements: Statements, term: str) -> list[Quad]:
    """Return every quad about a thing: it, what names it, and its claims whole.

    Of what names it only MOST_NAMING statements count, claims about it first. That of the ontology's IRI
    is the ontology; that of the data set has all descriptions.
    """
    if term == f"<{ONTOLOGY}>":
        return list(statements.ontology)
    named = sorted(statements.by_object.get(term, ()), key=_by_claim)[:MOST_NAMING]
    claims = [s for s, p, _, _ in named if p in _CLAIMED]
    quads = [*statements.by_subject.get(term, ()), *named,
             *(q for c in claims for q in statements.by_subject[c])]
    return [*quads, *_described(statements)] if term == statements.names.thing(DATASET) else quads


def _by_claim(quad: Quad) -> tuple[bool, Quad]:
    return quad[1] != _CLAIMED[0], quad


def _described(statements: Statements) -> Iterator[Quad]:
    """Yield the descriptions, and what the dump says of graphs, files and their like."""
    yield from statements.described
    for local in statements.locals():
        if document(local, frozenset()) == DATASET:
            yield from statements.by_subject[f"<{statements.names.base}{local}>"]


def write(statements: Statements, term: str, quads: Iterable[Quad], address: str, ending: str) -> str:
    """Return the document at an address: what is said of a term, what the document is, and what it lacks.

    That of the ontology names no licence: the ontology has its own.
    """
    page, graph = iri(address), statements.names.graph("dataset")
    head = [(page, curie("rdf:type"), curie("foaf:Document"), graph),
            (page, curie("foaf:primaryTopic"), term, graph)]
    if term != f"<{ONTOLOGY}>":
        head.append((page, curie("dcterms:license"), iri(statements.licence), graph))
    lacking = len(statements.by_object.get(term, ())) - MOST_NAMING
    if lacking > 0:
        head.append((page, curie("rdfs:comment"), english(
            f"{lacking} more statements name {term[1:-1]}; they stand in the dumps of the data set."), graph))
    writer = FORMS[ending][1]
    assert writer
    return writer(statements, term, [*quads, *head])


def documents(statements: Statements, sharded: frozenset[str],
              hidden: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield file name and text of each RDF document of a data set and of its ontology, by stem.

    The records of `hidden` folders have none.
    """
    base = statements.names.base
    terms = {TERMS: f"<{ONTOLOGY}>", DATASET: statements.names.thing(DATASET)}
    for local in statements.locals():
        stem = document(local, sharded)
        if stem and stem not in (DATASET, "index") and stem.partition("/")[0] not in hidden:
            terms[stem] = f"<{base}{local}>"
    for stem, term in sorted(terms.items()):
        quads = about(statements, term)
        for ending, (_, writer) in sorted(FORMS.items()):
            if writer:
                name = f"{stem}.{ending}"
                yield name, write(statements, term, quads, base + name, ending)


Writer = Callable[[Statements, str, Sequence[Quad]], str]


def _turtle(statements: Statements, term: str, quads: Sequence[Quad]) -> str:
    return turtle(quads, statements.prefixes, statements.names.base, f"about {term[1:-1]}")


def _jsonld(statements: Statements, _term: str, quads: Sequence[Quad]) -> str:
    return statements.jsonld.write(quads)


def _ntriples(_statements: Statements, _term: str, quads: Sequence[Quad]) -> str:
    return ntriples(quads)


FORMS: Mapping[str, tuple[str, Writer | None]] = {
    "ttl": ("text/turtle", _turtle),
    "jsonld": ("application/ld+json", _jsonld),
    "nt": ("application/n-triples", _ntriples),
    "html": ("text/html", None),
}
"""Endings of documents, the first preferred among equals: their media type, and what writes them here."""

ENDINGS: Mapping[str, str] = {kind: ending for ending, (kind, _) in FORMS.items()}
"""Endings of documents by their media types."""
