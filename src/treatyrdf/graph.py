"""Claims and things -> the plain triples that anybody can query without knowing of claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .errors import Problems, suggest
from .model import Claim, Dataset, Quad
from .names import LOCATOR, XSD, Names, curie, literal, trt
from .vocabulary import Vocabulary

TYPE, LABEL, COMMENT = curie("rdf:type"), curie("rdfs:label"), curie("rdfs:comment")
WORLD_OF_WORKS = "Work"
_NAME = re.compile(rf"(?:(?:claim|silence)/)?{LOCATOR.pattern}")
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


def record_name(claim: Claim) -> str:
    """Return the name of a claim or silence below the base."""
    return f"{'silence' if claim.object is None else 'claim'}/{claim.id}"


def deprecated_quads(dataset: Dataset, claims: Iterable[str], names: Names) -> Iterator[Quad]:
    """Yield what is left of each thing or claim that was published once: deprecated, and replaced by what.

    `claims` are the names of those that there are.

    Raises DataError when one is still there, or its replacement is not.
    """
    problems, known = Problems(), {"dataset", "policy", *dataset.things, *dataset.sources, *claims}
    for old, replacements in dataset.header.deprecated.items():
        if old in known:
            problems.add(old.position, "TRT129", f"`{old}` is deprecated and still there",
                         "remove it from the data, or from `deprecated`")
        elif not _NAME.fullmatch(old):
            problems.add(old.position, "TRT129", f"`{old}` is not the name of a thing or claim",
                         "write `thing`, `claim/id` or `silence/id`")
        for new in replacements if replacements != ("none",) else ():
            if new not in known:
                problems.add(new.position, "TRT129", f"`{old}` is replaced by `{new}`, which is not there",
                             suggest(new, [*known, "none"]))
    problems.stop()
    graph = names.graph("dataset")
    for old, replacements in dataset.header.deprecated.items():
        yield names.thing(old), curie("owl:deprecated"), literal("true", datatype=XSD + "boolean"), graph
        for new in replacements if replacements != ("none",) else ():
            yield names.thing(old), curie("dcterms:isReplacedBy"), names.thing(new), graph
