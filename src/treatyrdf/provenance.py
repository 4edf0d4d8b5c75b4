"""The one place that knows how claims and their evidence are written in RDF.

A claim is a node with rdf:subject, rdf:predicate and rdf:object, which every store can read
(https://www.w3.org/TR/rdf-schema/#ch_reificationvocab), linked to its evidence in PROV-O terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from .graph import COMMENT, LABEL, TYPE
from .model import Citation, Claim, Dataset, Evidence, Passage, Quad
from .names import Names, curie, integer, iri, literal, trt
from .vocabulary import Vocabulary

Triple = tuple[str, str, str]

SUBJECT, PREDICATE, OBJECT = curie("rdf:subject"), curie("rdf:predicate"), curie("rdf:object")
IDENTIFIER, DERIVED = curie("dcterms:identifier"), curie("prov:wasDerivedFrom")
START, END = curie("oa:start"), curie("oa:end")


def claim_quads(claims: Iterable[Claim], names: Names, elsewhere: Set[str] = frozenset()) -> Iterator[Quad]:
    """Yield everything about claims and silences, with the evidence they share but for what is told elsewhere."""
    graph = names.graph("claims")
    evidence: dict[str, Evidence] = {}
    for claim in claims:
        evidence.update((e.key, e) for e in claim.evidence if e.key not in elsewhere)
        for subject, predicate, value in _claim(claim, names):
            yield subject, predicate, value, graph
    for item in evidence.values():
        for subject, predicate, value in _evidence(item, names):
            yield subject, predicate, value, graph


def holder_quads(holders: Iterable[tuple[str, ...]], names: Names) -> Iterator[Quad]:
    """Yield who holds claims and silences, and who reports it, given their chains."""
    for chain in dict.fromkeys(c for whole in holders for c in _prefixes(whole)):
        for triple in _attribution(chain, names):
            yield (*triple, names.graph("claims"))


def source_quads(dataset: Dataset, names: Names) -> Iterator[Quad]:
    """Yield the sources: what they are called, their rights and hashes."""
    graph = names.graph("sources")
    for source in dataset.sources.values():
        node = names.thing(source.id)
        yield node, TYPE, trt("Source"), graph
        yield node, LABEL, names.text(source.label), graph
        yield node, curie("dcterms:rights"), names.text(source.rights), graph
        yield node, trt("sha256"), literal(source.sha256), graph
        yield node, trt("byteLength"), integer(source.bytes), graph


def passage_quads(dataset: Dataset, vocabulary: Vocabulary, names: Names) -> Iterator[Quad]:
    """Yield the passages and citations of sources: locators and hashes, never text."""
    graph = names.graph("sources")
    for source in dataset.sources.values():
        for passage in source.passages.values():
            for triple in _passage(passage, names):
                yield (*triple, graph)
        for citation in source.citations.values():
            for triple in _citation(citation, vocabulary, names):
                yield (*triple, graph)


def claim_term(claim: Claim, names: Names) -> str:
    """Return the node of a claim or silence."""
    return names.record("silence" if claim.object is None else "claim", claim.id)


def record_terms(claim: Claim, names: Names) -> dict[str, None]:
    """Return the records behind a claim in order: its attribution, its evidence, the citations there."""
    return dict.fromkeys((
        names.record("attribution", _chain_key(claim.holders)),
        *(names.record("evidence", e.key) for e in claim.evidence),
        *(names.record("citation", e.citation.id) for e in claim.evidence if e.citation)))


def _claim(claim: Claim, names: Names) -> Iterator[Triple]:
    node, words = claim_term(claim, names), claim.fact.words
    yield node, TYPE, trt("Silence" if claim.object is None else "Claim")
    for kind in claim.kinds:
        yield node, TYPE, trt(kind)
    yield node, LABEL, names.text(words.get("says", f"{claim.fact.subject} {claim.fact.id}"))
    if "number" in words:
        yield node, IDENTIFIER, literal(words["number"])
    if "note" in words:
        yield node, COMMENT, names.text(words["note"])
    yield node, SUBJECT, claim.subject
    yield node, PREDICATE, claim.predicate
    if claim.object is not None:
        yield node, OBJECT, claim.object
    for key, concept in claim.qualifiers.items():
        yield node, trt(key), concept
    yield node, trt("claimant"), names.thing(claim.holders[-1])
    yield node, trt("attribution"), names.record("attribution", _chain_key(claim.holders))
    for item in claim.evidence:
        yield node, trt("evidence"), names.record("evidence", item.key)
    for premise in claim.premises:
        yield node, trt("premise"), names.record("claim", premise)
    for assumed in claim.assumes:
        yield node, trt("assumes"), names.record("claim", assumed)
    for assumed in claim.rests_on:
        yield node, trt("restsOn"), names.record("claim", assumed)
    if claim.rule:
        yield node, trt("rule"), claim.rule


def _evidence(item: Evidence, names: Names) -> Iterator[Triple]:
    node = names.record("evidence", item.key)
    where = f"{item.passage.source} {item.passage.at}"
    yield node, TYPE, trt("Evidence")
    yield node, LABEL, names.text(f"{where}, {item.citation.id}" if item.citation else where)
    yield node, trt("citeScope"), item.scope
    yield node, DERIVED, names.record("passage", item.passage.key)
    if item.citation:
        yield node, trt("citation"), names.record("citation", item.citation.id)


def _attribution(chain: tuple[str, ...], names: Names) -> Iterator[Triple]:
    node = names.record("attribution", _chain_key(chain))
    yield node, TYPE, trt("Attribution")
    yield node, trt("holder"), names.thing(chain[-1])
    if len(chain) > 1:
        yield node, trt("reportedBy"), names.record("attribution", _chain_key(chain[:-1]))


def _passage(passage: Passage, names: Names) -> Iterator[Triple]:
    node = names.record("passage", passage.key)
    yield node, TYPE, trt("Passage")
    yield node, LABEL, names.text(f"{passage.source} {passage.at}")
    yield node, trt("locator"), literal(passage.at)
    yield node, trt("ofSource"), names.thing(passage.source)
    yield node, trt("sha256"), literal(passage.sha256)
    if not passage.fragment:
        yield node, START, integer(passage.start)
        yield node, END, integer(passage.end)
        yield node, trt("characterLength"), integer(passage.end - passage.start)
    else:
        yield node, TYPE, trt("Cell")
        yield node, curie("rdf:value"), literal(passage.fragment)
        yield node, curie("dcterms:conformsTo"), iri(passage.standard)


def _citation(citation: Citation, vocabulary: Vocabulary, names: Names) -> Iterator[Triple]:
    node = names.record("citation", citation.id)
    yield node, TYPE, trt("Citation")
    yield node, LABEL, names.text(citation.id)
    yield node, trt("inPassage"), names.record("passage", citation.passage.key)
    for predicate, offset in ((START, citation.start), (END, citation.end)):
        if offset is not None:
            yield node, predicate, integer(offset)
    yield node, trt("citeScope"), vocabulary.concept("CiteScopeScheme", citation.scope)
    for work in citation.works:
        yield node, trt("cites"), names.thing(work)


def _prefixes(chain: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (chain[:n] for n in range(1, len(chain) + 1))


def _chain_key(chain: tuple[str, ...]) -> str:
    return ".".join(chain)
