"""Claims and things -> the plain triples that anybody can query without knowing of claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .model import Claim, Dataset, Quad
from .names import Names, curie, trt
from .vocabulary import Vocabulary

TYPE, LABEL, COMMENT = curie("rdf:type"), curie("rdfs:label"), curie("rdfs:comment")
WORLD_OF_WORKS = "Work"
FICTIONAL = "FictionalEntity"


def fact_quads(claims: Iterable[Claim], names: Names) -> Iterator[Quad]:
    """Yield the plain triple of each claim that the policy admits."""
    facts = names.graph("facts")
    for claim in claims:
        if claim.asserted and claim.object is not None:
            yield claim.subject, claim.predicate, claim.object, facts


def thing_quads(dataset: Dataset, vocabulary: Vocabulary, names: Names) -> Iterator[Quad]:
    """Yield type and label of every thing: the words of the data set, not of its sources.

    In a data set of a story world each thing is a fictional entity, unless the ontology keeps its
    class apart from those: works are real.
    """
    fiction = dataset.header.realm == "in-universe"
    for thing in dataset.things.values():
        real = vocabulary.is_a(thing.type, (WORLD_OF_WORKS,))
        graph = names.graph("sources" if real else "facts")
        subject = names.thing(thing.id)
        kinds = [thing.type, *(["UnnamedThing"] if thing.unnamed else []),
                 *([FICTIONAL] if fiction and not vocabulary.apart(thing.type, FICTIONAL) else [])]
        for kind in kinds:
            yield subject, TYPE, trt(kind), graph
        yield subject, LABEL, names.text(thing.label), graph
        if thing.note:
            yield subject, COMMENT, names.text(thing.note), graph
