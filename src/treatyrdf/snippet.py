"""What search engines read on a page: schema.org JSON-LD (https://schema.org/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .model import Claim, Source, Thing
from .names import Names, parts_of
from .replies import Reply
from .site import NAMING, Site

Json = dict[str, Any]

TYPES: Mapping[str, str] = {
    "Person": "Person", "Organisation": "Organization", "Polity": "Organization", "Place": "Place",
    "Event": "Event", "Work": "CreativeWork", "Series": "CreativeWorkSeries", "Treaty": "Legislation"}
"""Classes of the ontology that schema.org has a word for; their subclasses follow them."""


def thing(one: Thing, site: Site) -> Json:
    """Return a thing with its names; what has no word of its own is a Thing."""
    term = site.names.thing(one.id)
    above = site.vocabulary.ancestors.get(one.type, frozenset())
    value = _node(next((TYPES[c] for c in TYPES if c in above), "Thing"), term, str(one.label))
    also = sorted({site.label(c.object) if c.object.startswith("<") else parts_of(c.object)[0]
                   for c in site.about.get(term, ()) if c.predicate in NAMING and c.asserted and c.object}
                  - {str(one.label)})
    return {**value, "additionalType": site.vocabulary.classes[one.type].iri,
            **({"alternateName": also} if also else {}),
            **({"description": str(one.note)} if one.note else {})}


def claim(one: Claim, site: Site) -> Json:
    """Return a claim: what it says, who says it, where it appears, and on what it is based."""
    works = dict.fromkeys(str(w) for e in one.evidence if e.citation for w in e.citation.works)
    value = _node("Claim", site.term(one), site.says(one))
    value["about"] = {"@id": one.subject[1:-1], "name": site.label(one.subject)}
    value["claimInterpreter"] = {"@type": "Organization", "name": str(site.dataset.header.creator)}
    value["appearance"] = [{"@type": "CreativeWork", "@id": site.names.record("passage", e.passage.key)[1:-1]}
                           for e in one.evidence]
    if works:
        value["citation"] = [{"@type": "CreativeWork", "@id": site.names.thing(w)[1:-1],
                              "name": site.label(site.names.thing(w))} for w in works]
    return {**value, "license": str(site.dataset.header.licence)}


def source(one: Source, names: Names) -> Json:
    """Return a source."""
    return {**_node("CreativeWork", names.thing(one.id), str(one.label)), "copyrightNotice": str(one.rights)}


def question(reply: Reply, names: Names) -> Json:
    """Return a question, with its answer where there is one in words or in one column."""
    name = reply.question.summary
    value = _node("Question", names.record("question", reply.question.name), name)
    words = reply.sentence or "; ".join(dict.fromkeys(
        line.cells[0].text for line in reply.lines[:20] if line.cells))
    if words:
        value["acceptedAnswer"] = {"@type": "Answer", "text": words}
    return value


def _node(kind: str, term: str, name: str) -> Json:
    return {"@context": "https://schema.org", "@type": kind, "@id": term[1:-1], "name": name}
