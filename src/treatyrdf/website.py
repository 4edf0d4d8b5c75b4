"""The whole site in order: static files, pages, documents of RDF, search, rules of web servers, downloads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from .ask import Question, Rows
from .content import Content, Files, size, whole
from .dcat import content
from .describe import Description
from .documents import documents, gather, shards
from .editor import MOST_BYTES, editor_data
from .files import ontology_files, shape_files, web
from .fronts import About, Fronts, claim_pages
from .headers import types_of
from .hosting import rules
from .index import Entry, search_files
from .model import Claim, Dataset, Quad
from .names import ONTOLOGY, Names, parts_of
from .packing import find_dump
from .pages import Pages, about_of
from .picture import links_of
from .reference import Reference, ontology_pages, ontology_reference
from .render import Page, Places, render
from .shapes import shape_pages, shapes_reference
from .site import NAMING, Site, make_site
from .terms import term_pages
from .views import kind
from .vocabulary import Vocabulary

MANY = 20_000
"""Claims up to which each has a page of its own."""
_EVIDENT = frozenset({"claim", "silence", "evidence", "citation", "passage"})
"""The folders that grow with the claims."""


def website(dataset: Dataset, vocabulary: Vocabulary, names: Names, claims: Sequence[Claim],
            quads: Sequence[Quad], asked: Sequence[tuple[Question, Rows]], described: Description,
            files: Files) -> Iterator[tuple[str, Content]]:
    """Yield every file of the site by its name; `files` are those of the data set, by name."""
    site = make_site(dataset, vocabulary, names, claims, quads, asked)
    small = {name: content for name, content in files.items() if isinstance(content, bytes)}
    statements = gather(quads, small, names, str(described.profile.header.licence))
    hidden = _EVIDENT if len(claims) > MANY else frozenset[str]()
    sharded = shards(statements.locals()) - hidden
    about = _about(described, files, hidden, len(claims))
    dump = find_dump(files, f"{dataset.header.id}.nq")
    length = dump.size()
    places = _places(site, sharded, hidden)
    reference = ontology_reference(ontology_files(), quads, names,
                                   lambda local: places.stem(names.thing(local)))
    manual = chain(ontology_pages(reference), shape_pages(shapes_reference(shape_files(), reference)))
    links = links_of(claims, dataset, vocabulary, names)
    every = chain(Fronts(places, about, links).pages(), Pages(places, statements.by_subject, links).pages(),
                  _tools(places, dump.plain or length <= MOST_BYTES),
                  ((name.removesuffix(".html"), template, values) for name, template, values in manual))
    yield from _static()
    texts = chain(render(every, places, described.profile), documents(statements, sharded, hidden),
                  search_files(_entries(places, reference)),
                  rules(described.profile, sharded, hidden, types_of(files)).items())
    yield from ((name, text.encode()) for name, text in texts)
    yield "static/sparql-data.json", editor_data(
        [q for q, _ in asked], vocabulary, names, site.labels, sharded, length, hidden).encode()
    if not dump.plain and length <= MOST_BYTES:
        yield f"file/{dataset.header.id}.nq", dump.whole()
    yield from ((f"file/{name}", content) for name, content in files.items())
    yield from (pair for pair in files.items() if pair[0].startswith(("ontology/", "shapes/")))


def _places(site: Site, sharded: frozenset[str], hidden: frozenset[str]) -> Places:
    """Return where pages stand; claims without one stand where they are told of, or else in the list."""
    places = Places(site, sharded, hidden, term_pages(site.vocabulary.terms), {})
    if not hidden:
        return places
    lodged = {claim.id: stem for term in site.about if (stem := places.stem(term))
              for claim in about_of(term, places).shown()}
    for stem, part in claim_pages(places):
        for claim in part.items:
            lodged.setdefault(claim.id, stem)
    return replace(places, lodged=lodged)


def _static() -> Iterator[tuple[str, bytes]]:
    """Yield what every page loads, as it is."""
    place = web() / "static"
    for path in sorted(p for p in place.rglob("*") if p.is_file()):
        yield f"static/{path.relative_to(place).as_posix()}", path.read_bytes()


def _about(described: Description, files: Files, hidden: frozenset[str], claims: int) -> About:
    """Return what the site says of the data set as a whole."""
    profile, header = described.profile, described.profile.header
    facts = [("version", str(header.version), ""), ("issued", str(header.issued), ""),
             ("creator", str(header.creator), ""), ("publisher", str(profile.publisher), ""),
             ("contact", profile.contact, profile.contact),
             ("licence", profile.licence_id or str(header.licence), str(header.licence)),
             ("ontology", f"{ONTOLOGY} {described.ontology}", ""),
             ("keywords", ", ".join(profile.keywords), ""),
             ("IRI", profile.iri, ""), ("IRI of this version", profile.version_iri, "")]
    rows = [(f.name, content(f.name), f.bytes) for f in described.files]
    listed = {f.name for f in described.files}
    rows += [(n, _HOLDS[n], size(files[n])) for n in sorted(_HOLDS) if n in files and n not in listed]
    left_out = [
        f"The data set has {claims} claims and silences. Beyond {MANY} they have no pages of their own: each "
        "stands on the page of what it is about, with its evidence, or in the list of claims.",
        "Passages, evidence and citations have no pages either; each claim tells of its own.",
        "None of them has documents in RDF: their IRIs are not found on this site. All that is said of them "
        "is in the dumps, and of claims in the documents of what they are about.",
        "The search finds claims by what they are about.",
    ] if hidden else []
    return About(facts, rows, described.quality, left_out, profile.landing,
                 json.loads(whole(files["dataset.jsonld"])))


_HOLDS = {"dataset.ttl": "the description: DCAT, VoID, PROV-O, DQV",
          "dataset.jsonld": "the description: schema.org", "CITATION.cff": "how to cite",
          "datapackage.json": "the answers as a data package",
          "service.ttl": "SPARQL service description", "MANIFEST.json": "sizes and sums",
          "report.ttl": "validation report", "SHA256SUMS": "sums"}


def _tools(places: Places, whole: bool) -> Iterator[Page]:
    """Yield the pages that work with scripts; with `whole` the site has the dump as one plain file."""
    site = places.site
    yield "search", "search.html", {"title": "Search"}
    yield "sparql", "sparql.html", {
        "title": "SPARQL", "dump": f"file/{site.dataset.header.id}.nq" if whole else "dataset.html",
        "questions": [{"name": r.question.name, "words": r.question.summary, "href": places.address(
            site.names.record("question", r.question.name))} for r in site.replies]}


def _entries(places: Places, reference: Reference) -> Iterator[Entry]:
    """Yield what can be searched for; claims without a page of their own are found by what they are about."""
    site, names = places.site, places.site.names
    for thing in site.dataset.things.values():
        term = names.thing(thing.id)
        said = [parts_of(c.object)[0] for c in site.about.get(term, ())
                if c.predicate in NAMING and c.object and c.object.startswith('"')]
        yield Entry(str(thing.label), "thing", places.address(term),
                    " ".join((*said, kind(term, site), str(thing.id))), 3)
    for reply in site.replies:
        name = reply.question.name
        yield Entry(reply.question.summary, "question", places.address(names.record("question", name)),
                    name, 2)
    for one in reference.terms.values():
        yield Entry(one.label, "term", one.page, one.name, 1)
    for claim in () if "claim" in places.hidden else site.claims:
        yield Entry(site.says(claim), "claim", places.address(site.term(claim)),
                    f"{claim.id} {claim.fact.words.get('number', '')}", 1)

