"""What is served about a thing: all statements about it, in RDF or as the plainest HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

from .dump import jsonld, ntriples
from .model import Quad
from .names import ONTOLOGY, Names, curie, iri, is_iri, shorten
from .turtle import turtle

_LABEL, _OBJECT, _SUBJECT = (curie(f"{name}") for name in ("rdfs:label", "rdf:object", "rdf:subject"))


@dataclass(frozen=True)
class Site:
    """The statements of a data set by the thing they are about."""

    names: Names
    prefixes: Mapping[str, str]
    licence: str
    context: Mapping[str, Any]
    by_subject: Mapping[str, Sequence[Quad]]
    by_object: Mapping[str, Sequence[Quad]]
    ontology: Sequence[Quad]

    def knows(self, term: str) -> bool:
        """Tell whether anything is said about a term."""
        return term in self.by_subject or term in self.by_object or term == f"<{ONTOLOGY}>"

    def term(self, path: str) -> str:
        """Return the term of what is served at a path."""
        return f"<{ONTOLOGY}>" if path == "ontology" else f"<{self.names.base}{path}>"

    def path(self, address: str) -> str | None:
        """Return where an IRI is served, None when it is not served here."""
        if address.partition("#")[0] == ONTOLOGY:
            return "/ontology" + address.removeprefix(ONTOLOGY)
        local = address.removeprefix(self.names.base)
        return None if local == address else f"/{quote(local)}"


def make_site(quads: Iterable[Quad], ontology: Sequence[Quad], names: Names, licence: str,
              context: Mapping[str, Any]) -> Site:
    """Return the index of all statements."""
    by_subject: dict[str, list[Quad]] = {}
    by_object: dict[str, list[Quad]] = {}
    for quad in (*quads, *ontology):
        by_subject.setdefault(quad[0], []).append(quad)
        if quad[2].startswith(f"<{names.base}"):
            by_object.setdefault(quad[2], []).append(quad)
    return Site(names, names.prefixes, licence, context, by_subject, by_object, ontology)


def about(site: Site, term: str, document: str) -> list[Quad]:
    """Return every quad about a thing, those of its claims included, and what the document is."""
    if term == f"<{ONTOLOGY}>":
        return list(site.ontology)
    named = site.by_object.get(term, ())
    claims = [s for s, p, _, _ in named if p in (_SUBJECT, _OBJECT)]
    page, graph = iri(document), site.names.graph("dataset")
    return [*site.by_subject.get(term, ()), *named, *(q for c in claims for q in site.by_subject[c]),
            (page, curie("rdf:type"), curie("foaf:Document"), graph),
            (page, curie("foaf:primaryTopic"), term, graph),
            (page, curie("dcterms:license"), iri(site.licence), graph)]


def _turtle(site: Site, term: str, quads: Sequence[Quad]) -> str:
    return turtle(quads, site.prefixes, site.names.base, f"about {term[1:-1]}")


def _jsonld(site: Site, _term: str, quads: Sequence[Quad]) -> str:
    return jsonld(quads, site.names, dict(site.context))


def _ntriples(_site: Site, _term: str, quads: Sequence[Quad]) -> str:
    return ntriples(quads)


def html(site: Site, term: str, quads: Sequence[Quad]) -> str:
    """Return the statements as HTML without style or script, the thing itself first."""
    triples = sorted({q[:3] for q in quads}, key=lambda t: (t[0] != term, t))
    parts = []
    for subject, group in groupby(triples, key=lambda t: t[0]):
        rows = "".join(f"<tr><td>{_link(site, p)}</td><td>{_value(site, o)}</td></tr>\n"
                       for _, p, o in group)
        local = subject[1:-1].partition("#")[2]
        anchor = f' id="{escape(local)}"' if local else ""
        parts.append(f"<h2{anchor}>{_link(site, subject)}</h2>\n<table>\n{rows}</table>\n")
    here = site.path(term[1:-1]) or "/"
    others = [(ending, kind) for ending, (kind, _) in DOCUMENTS.items() if ending != "html"]
    heads = "".join(f'<link rel="alternate" type="{kind}" href="{here}.{e}">\n' for e, kind in others)
    links = ", ".join(f'<a href="{here}.{e}">{kind}</a>' for e, kind in others)
    return page(_label(site, term), heads, f"<p>{escape(term[1:-1])}</p>\n<p>{links}, "
                f'<a href="/dataset">data set</a>, <a href="/sparql">SPARQL</a></p>\n{"".join(parts)}')


def page(title: str, heads: str, body: str) -> str:
    """Return an HTML page; `heads` and `body` are HTML already."""
    return (f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f"<title>{escape(title)}</title>\n{heads}</head>\n<body>\n<h1>{escape(title)}</h1>\n"
            f"{body}</body>\n</html>\n")


def _label(site: Site, term: str) -> str:
    """Return what a thing is called."""
    said = next((o for _, p, o, _ in site.by_subject.get(term, ()) if p == _LABEL), None)
    return _text(said)[0] if said else shorten(term[1:-1], site.prefixes) or term[1:-1]


def _text(literal: str) -> tuple[str, str]:
    """Return the text of a literal term, and its language tag or datatype as written."""
    end = literal.rindex('"') + 1
    return str(json.loads(literal[:end])), literal[end:]


def _link(site: Site, term: str) -> str:
    address, label = term[1:-1], escape(_label(site, term))
    target = site.path(address) or (address if is_iri(address) else None)
    return f'<a href="{escape(target)}">{label}</a>' if target else label


def _value(site: Site, term: str) -> str:
    if term.startswith("<"):
        return _link(site, term)
    text, kind = _text(term)
    return f'<span lang="{escape(kind[1:])}">{escape(text)}</span>' if kind[:1] == "@" else escape(text)


DOCUMENTS: Mapping[str, tuple[str, Callable[[Site, str, Sequence[Quad]], str]]] = {
    "ttl": ("text/turtle", _turtle),
    "jsonld": ("application/ld+json", _jsonld),
    "nt": ("application/n-triples", _ntriples),
    "html": ("text/html", html),
}
"""Endings of documents: their media type, and what writes them."""
