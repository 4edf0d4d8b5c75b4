"""The only place where IRI strings are made: namespaces, minting, and the encoding of RDF terms.

Terms are N-Quads strings in canonical form (https://www.w3.org/TR/rdf-canon/#canonical-quads), so
that sorted lines of a dump without blank nodes are its RDFC-1.0 canonical form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from types import MappingProxyType

ONTOLOGY = "https://w3id.org/treatyrdf/ontology"
TRT = ONTOLOGY + "#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
GREGORIAN = "<http://www.opengis.net/def/uom/ISO-8601/0/Gregorian>"
"""The calendar of dates in the real world, by the name that OWL-Time has for it."""
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

PREFIXES: Mapping[str, str] = MappingProxyType({
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": SKOS,
    "spdx": "http://spdx.org/rdf/terms#",
    "trt": TRT,
    "trq": "https://w3id.org/treatyrdf/quality#",
    "trsh": "https://w3id.org/treatyrdf/shapes#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": XSD,
})

FOLDERS = ("claim", "silence", "evidence", "citation", "passage", "attribution", "state", "conflict", "graph", "file",
           "checksum", "version", "about", "curated", "question")
"""Kinds of record that have a folder of their own under the base of a data set."""

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LOCATOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?")
LONGEST = 120
"""Characters of an id or locator at most: it names files."""
_ROOM = 240
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_PLANES = "".join(f"{chr(n << 16)}-{chr((n << 16) + 0xFFFD)}" for n in range(1, 14))
_CHAR = ("(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|[\xa1-\u167f\u1681-\u1fff\u2010-\u2027"
         f"\u2030-\u205e\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\uffef{_PLANES}])")
"""What stands in a path by RFC 3987, section 2.2, but for spaces and signs that nobody sees."""
_IRI = re.compile(rf"https?://[A-Za-z0-9.-]+(?::\d{{1,5}})?(?:/{_CHAR}*(?:\?(?:{_CHAR}|\?)*)?(?:#(?:{_CHAR}|\?)*)?)?")
LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
_ESCAPES = {
    **{chr(n): f"\\u{n:04X}" for n in (*range(0x20), 0x7F)},
    "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\",
}
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f]')


def is_iri(text: str) -> bool:
    """Tell whether `text` is an http(s) IRI that every store accepts (RFC 3987, absolute).

    >>> is_iri("https://example.org/a"), is_iri("javascript:alert(1)"), is_iri("https://e.org/ a")
    (True, False, False)
    """
    return _IRI.fullmatch(text) is not None


def is_base(text: str) -> bool:
    """Tell whether IRIs can be minted below `text`: an IRI that ends in a slash of its path.

    >>> is_base("https://example.org/a/"), is_base("https://example.org/?a/"), is_base("https://example.org")
    (True, False, False)
    """
    return is_iri(text) and text.endswith("/") and not {"?", "#"} & set(text)


def iri(text: str) -> str:
    """Return the term of an IRI.

    Raises ValueError for anything but an absolute http(s) IRI, so that no dump holds a broken one.
    """
    if not is_iri(text):
        raise ValueError(f"not an http(s) IRI: {text!r}")
    return f"<{text}>"


def literal(text: str, *, language: str = "", datatype: str = "") -> str:
    r"""Return the canonical term of a literal.

    >>> literal('say "hi"', language="en")
    '"say \\"hi\\""@en'
    """
    quoted = '"' + _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text) + '"'
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^<{datatype}>" if datatype and datatype != XSD + "string" else quoted


def integer(number: int) -> str:
    """Return the term of a whole number."""
    return literal(str(number), datatype=XSD + "integer")


def natural(number: int) -> str:
    """Return the term of a count or size: xsd:nonNegativeInteger, as DCAT and VoID want it."""
    return literal(str(number), datatype=XSD + "nonNegativeInteger")


def english(words: str) -> str:
    """Return the term of words of the tool itself, which are English in every data set."""
    return literal(words, language="en")


@cache
def curie(name: str) -> str:
    """Return the term of a prefixed name of the registry, such as `prov:Entity`."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


@cache
def trt(local: str) -> str:
    """Return the term of a word of the ontology."""
    return f"<{TRT}{local}>"


def local(term: str) -> str:
    """Return a word of an ontology without its namespace: what stands after the #.

    >>> local(trt("earliestYear"))
    'earliestYear'
    """
    return term.rpartition("#")[2][:-1]


def number(term: str | None) -> int:
    """Return the whole number that a literal term holds.

    >>> number(integer(-44))
    -44
    """
    return int(str(term).split('"')[1])


def parts_of(literal: str) -> tuple[str, str, str]:
    """Return the text of a literal term, its language, and the IRI of its datatype: of a text, one is empty.

    >>> parts_of('"2344"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('2344', '', 'http://www.w3.org/2001/XMLSchema#integer')
    >>> parts_of('"a"@en'), parts_of('"a"')
    (('a', 'en', ''), ('a', '', 'http://www.w3.org/2001/XMLSchema#string'))
    """
    end = literal.rindex('"') + 1
    text = str(json.loads(literal[:end])) if "\\" in literal else literal[1:end - 1]
    tail = literal[end:]
    if tail.startswith("@"):
        return text, tail[1:], ""
    return text, "", tail[3:-1] or XSD + "string"


def shown(term: str) -> str:
    """Return a term without its signs: the text of a literal, the address of an IRI.

    >>> shown('"a"@en'), shown("<https://example.org/>")
    ('a', 'https://example.org/')
    """
    if term.startswith('"'):
        return parts_of(term)[0]
    return term[1:-1] if term.startswith("<") and term.find(">") == len(term) - 1 else term.removeprefix("_:")


class Names:
    """Mints the IRIs of one data set below its base."""

    def __init__(self, base: str, dataset: str, language: str = "en") -> None:
        """Keep the base (an http(s) IRI that ends in a slash) and the language of its texts."""
        self.base, self.dataset, self.language = str(base), str(dataset), str(language)

    def thing(self, slug: str) -> str:
        """Return the term of a thing, or of the data set itself (`dataset`)."""
        return f"<{self.base}{slug}>"

    def record(self, folder: str, key: str) -> str:
        """Return the term of a record such as a claim; `folder` is one of FOLDERS.

        A key that is too long for the name of a file, as one of many ids can be, becomes its SHA-256.
        """
        if len(key) > _ROOM:
            key = sha256(key.encode()).hexdigest()
        return f"<{self.base}{folder}/{key}>"

    def graph(self, name: str) -> str:
        """Return the term of a named graph of the data set."""
        return self.record("graph", name)

    def text(self, words: str) -> str:
        """Return the term of a text for people, tagged with the data set's language."""
        return literal(words, language=self.language)

    @property
    def prefixes(self) -> dict[str, str]:
        """Return the registry with the data set's own prefixes, sorted."""
        own = {self.dataset: self.base} | {f: f"{self.base}{f}/" for f in FOLDERS}
        return dict(sorted({**PREFIXES, **own}.items()))


class Namespaces:
    """The namespaces that have a prefix; each ends in a slash or #."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Keep the first prefix of each."""
        self.prefix: dict[str, str] = {}
        for prefix, namespace in prefixes.items():
            self.prefix.setdefault(namespace, prefix)

    def split(self, address: str) -> tuple[str, str] | None:
        """Return the prefix and the local name of an IRI, or None where it has no prefixed name."""
        end = max(address.rfind("/"), address.rfind("#")) + 1
        prefix, name = self.prefix.get(address[:end]), address[end:]
        return (prefix, name) if prefix is not None and LOCAL_NAME.fullmatch(name) else None


def shorten(address: str, prefixes: Mapping[str, str]) -> str | None:
    """Return the prefixed name of an IRI, or None."""
    found = Namespaces(prefixes).split(address)
    return ":".join(found) if found else None
