"""The mapping of the tables of `generate.py` for morph-kgc (RML), as near to treatyrdf's triples as it can go.

What a mapping cannot say is left out, which makes less work for the peer: hashes of cells, bounds and states that
are computed, what holds when, conflicts, the description of the data set. Labels name things by their keys where
treatyrdf looks up titles in another table, so that no join is needed. All dates count as undisputed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = "https://example.org/scale/"
TRT = "https://w3id.org/treatyrdf/ontology#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PREF = "http://www.w3.org/2004/02/skos/core#prefLabel"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
DERIVED = "http://www.w3.org/ns/prov#wasDerivedFrom"
CONFORMS = "http://purl.org/dc/terms/conformsTo"
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

MEMBERSHIP = "party-{Party}-in-treaty-{Treaty}"
CONFIG = """\
[CONFIGURATION]
output_file: peer/peer.nt
output_format: N-TRIPLES

[tables]
mappings: peer/mapping.rml.ttl
"""


@dataclass(frozen=True)
class Fact:
    """A property, its value, the cell that says it, and the words of the value where it is a link."""

    property: str
    value: str
    """The object map."""
    column: str
    wording: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Thing:
    """A thing of each row: its id, class and label, with what is said of it."""

    id: str
    kind: str
    label: str
    facts: tuple[Fact, ...]


def _iri(template: str) -> str:
    return f'rr:objectMap [ rr:template "{template}" ; rr:termType rr:IRI ]'


def _thing(template: str) -> str:
    return _iri(BASE + template)


def _constant(iri: str) -> str:
    return f"rr:object <{iri}>"


def _term(name: str) -> str:
    return _constant(TRT + name)


def _text(template: str, more: str = "") -> str:
    return f'rr:objectMap [ rr:template "{template}" ; rr:termType rr:Literal{more} ]'


def _label(template: str) -> str:
    return _text(template, ' ; rr:language "en"')


def _value(column: str, datatype: str) -> str:
    return f'rr:objectMap [ rml:reference "{column}" ; rr:datatype <{datatype}> ]'


def _dated(column: str) -> tuple[Fact, ...]:
    return (Fact(f"{TRT}date", _value(column, EDTF), column, shown=f"{{{column}}}"),)


def _event(id_: str, kind: str, label: str, column: str, *more: tuple[str, str, str]) -> Thing:
    return Thing(id_, kind, label, (*_dated(column), *(
        Fact(TRT + name, value, column, shown=shown) for name, value, shown in more)))


_IN_FORCE = ("initiatesState", _term("InForce"), "in-force")
_STEP = ("stepOf", _thing(MEMBERSHIP), MEMBERSHIP)
_SIGNING = ("signing-of-treaty-{KEY}", "Signing", "signing of treaty-{KEY}", "Signed")
THINGS = {
    "parties": (Thing("party-{No}", "Polity", "{Name}", (
        Fact(PREF, _label("{Name}"), "Name", shown="{Name}"),)),),
    "register": (
        Thing("treaty-{No}", "Treaty", "{Title}", (
            Fact(PREF, _label("{Title}"), "Title", shown="{Title}"),
            Fact(f"{TRT}signedIn", _thing("signing-of-treaty-{No}"), "No", shown="signing-of-treaty-{No}"),
            Fact(f"{TRT}entersIntoForceIn", _thing("force-of-treaty-{No}"), "No", shown="force-of-treaty-{No}"))),
        _event(*(part.replace("KEY", "No") for part in _SIGNING)),
        _event("force-of-treaty-{No}", "EntryIntoForce", "entry into force of treaty-{No}", "InForce",
               ("changes", _thing("treaty-{No}"), "treaty-{No}"), _IN_FORCE)),
    "members": (
        Thing(MEMBERSHIP, "Membership", "membership of party-{Party} in treaty-{Treaty}", (
            Fact(f"{TRT}hasParty", _thing("party-{Party}"), "Party", "{Party}", "{Party}"),
            Fact(f"{TRT}membershipOf", _thing("treaty-{Treaty}"), "Treaty", "{Treaty}", "{Treaty}"))),
        _event(f"signature-{MEMBERSHIP}", "Signing", "signature by party-{Party} of treaty-{Treaty}", "Signed", _STEP),
        _event(f"ratification-{MEMBERSHIP}", "Ratification", "ratification by party-{Party} of treaty-{Treaty}",
               "Ratified", _STEP),
        _event(f"entry-{MEMBERSHIP}", "EntryIntoForce", "entry into force of treaty-{Treaty} for party-{Party}",
               "InForce", ("changes", _thing(MEMBERSHIP), MEMBERSHIP), _IN_FORCE)),
    "gazette": (_event(*(part.replace("KEY", "Treaty") for part in _SIGNING)),),
    "changes": (Thing("treaty-{Treaty}", "Treaty", "", (
        Fact(f"{TRT}amends", _thing("treaty-{Amends}"), "Amends", "{Amends}", "{Amends}"),)),)}


def write_mapping(folder: Path, tables: Path) -> None:
    """Write the mapping and the configuration of morph-kgc, which runs in the folder above."""
    folder.mkdir()
    text = ["@prefix rr: <http://www.w3.org/ns/r2rml#> .", "@prefix rml: <http://semweb.mmlab.be/ns/rml#> .",
            "@prefix ql: <http://semweb.mmlab.be/ns/ql#> .", ""]
    number = 0
    for table, things in THINGS.items():
        with (tables / f"{table}.csv").open(encoding="utf-8") as lines:
            titles = lines.readline().strip().split(",")
        for subject, pairs in _maps(table, things, titles):
            number += 1
            text.append(f'<#m{number}> rml:logicalSource [ rml:source "tables/{table}.csv" ; '
                        "rml:referenceFormulation ql:CSV ] ;\n"
                        f'  rr:subjectMap [ rr:template "{BASE}{subject}" ] ;\n' + " ;\n".join(
                            f"  rr:predicateObjectMap [ rr:predicate <{p}> ; {o} ]" for p, o in pairs) + " .\n")
    (folder / "mapping.rml.ttl").write_text("\n".join(text), encoding="utf-8")
    (folder / "config.ini").write_text(CONFIG, encoding="utf-8")


def _maps(table: str, things: tuple[Thing, ...], titles: list[str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the subject template of each triples map, and its predicates with their objects."""
    cited: dict[str, None] = {}
    for thing in things:
        facts = [f for fact in thing.facts for f in _bounded(fact)]
        named = [(RDF + "type", _term(thing.kind)), (LABEL, _label(thing.label))] if thing.label else []
        yield thing.id, [*named, *((f.property, f.value) for _, f, _ in facts)]
        for suffix, fact, kinds in facts:
            cited[fact.column] = None
            yield _claim(table, thing, suffix, fact, kinds, 1 + titles.index(fact.column))
    for column in cited:
        at = f"{table}.{{Row}}.{1 + titles.index(column)}"
        said, cell = at.replace(".", " ", 1), f"{{Row}},{1 + titles.index(column)}"
        yield f"evidence/{at}", [(RDF + "type", _term("Evidence")), (LABEL, _label(said)),
                                 (TRT + "citeScope", _term("Uncited")), (DERIVED, _thing(f"passage/{at}"))]
        yield f"passage/{at}", [
            (RDF + "type", _term("Passage")), (RDF + "type", _term("Cell")), (LABEL, _label(said)),
            (TRT + "locator", _text(cell.replace(",", "."))), (TRT + "ofSource", _constant(BASE + table)),
            (RDF + "value", _text(f"cell={cell}")), (CONFORMS, _constant("http://tools.ietf.org/rfc/rfc7111"))]


def _bounded(fact: Fact) -> Iterator[tuple[str, Fact, tuple[str, ...]]]:
    """Yield a fact, and after a date its earliest and its latest year, each with more classes of its claim."""
    yield "", fact, ()
    if fact.property == f"{TRT}date":
        for name in ("earliestYear", "latestYear"):
            yield f".{name}", Fact(TRT + name, _value(f"{fact.column}Year", INTEGER), fact.column,
                                   shown=fact.shown), ("TightestBound",)


def _claim(table: str, thing: Thing, suffix: str, fact: Fact, kinds: tuple[str, ...],
           place: int) -> tuple[str, list[tuple[str, str]]]:
    """Return the map of a claim."""
    dated = fact.property in {TRT + name for name in ("date", "earliestYear", "latestYear")}
    name = "date" if dated else fact.property.rpartition("#")[2]
    column = fact.column.lower()
    pairs = [
        *((RDF + "type", _term(kind)) for kind in ("Claim", "AssertedClaim", *kinds)),
        (LABEL, _label(f"{thing.label or thing.id}: {name} {fact.shown}")),
        (RDF + "subject", _thing(thing.id)), (RDF + "predicate", _constant(fact.property)),
        (RDF + "object", fact.value), (TRT + "basis", _term("Stated")), (TRT + "polarity", _term("Affirmed")),
        (TRT + "certainty", _term("Certain")), (TRT + "realm", _term("RealWorld")),
        (TRT + "claimant", _constant(BASE + table)), (TRT + "attribution", _constant(f"{BASE}attribution/{table}")),
        (TRT + "evidence", _thing(f"evidence/{table}.{{Row}}.{place}"))]
    if dated:
        pairs.append((TRT + "calendar", _constant(GREGORIAN)))
    if fact.wording:
        pairs.append((TRT + "originalWording", _label(fact.wording)))
    return f"claim/{thing.id}.{name}.{table}.{column}{suffix}", pairs
