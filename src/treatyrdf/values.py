"""What a curator wrote as a value -> the RDF term it means, by the kind of the property."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from .errors import Problems, suggest
from .model import Word
from .names import EDTF, XSD, Names, integer, is_iri, literal, trt
from .vocabulary import Property, Vocabulary
from .when import is_doubtful, year_bounds
from .wording import Relative, duration, read_date

UNKNOWN = trt("UnknownValue")
"""The object of a claim that something has a value nobody knows."""

LEXICAL = {
    "integer": (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number", "write digits only"),
    "decimal": (re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"), "a number", "write digits and a point"),
    "boolean": (re.compile(r"true|false"), "a truth value", "write true or false"),
}

Statement = tuple[str, str, str, Mapping[str, str]]
"""A suffix for the id, the name of a property, the term of a value, and qualifiers of the claim."""

PROBABLE = {"certainty": trt("Probable")}
Typed = Callable[[Word, tuple[str, ...]], bool]


def statements(prop: Property, value: Word, vocabulary: Vocabulary, names: Names, typed: Typed,
               problems: Problems) -> Iterator[Statement]:
    """Yield what a value says: one statement; for a date also its years, or an order of events.

    When the value is wrong nothing comes, and the problem is noted at its place. `typed` tells
    whether a word names a thing of one of the wanted classes, and notes it when not.
    """
    if value == "unknown":
        yield "", prop.name, UNKNOWN, {}
    elif prop.kind == "thing":
        if typed(value, prop.ranges):
            yield "", prop.name, names.thing(value), {}
    elif prop.kind in ("concept", "class"):
        known = vocabulary.classes if prop.kind == "class" else vocabulary.schemes[prop.scheme]
        if value in known:
            yield "", prop.name, f"<{known[value].iri}>", {}
        else:
            problems.add(value.position, "TRT034", f"unknown {prop.label} `{value}`",
                         suggest(value, known))
    elif prop.kind == "edtf":
        yield from _date(prop, value, vocabulary, names, typed, problems)
    else:
        term = _literal(prop, value, names, problems)
        if term is not None:
            yield "", prop.name, term, {}


def _date(prop: Property, value: Word, vocabulary: Vocabulary, names: Names, typed: Typed,
          problems: Problems) -> Iterator[Statement]:
    try:
        date = read_date(value)
        years = year_bounds(date) if isinstance(date, str) else (None, None)
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        problems.add(value.position, "TRT037", what, remedy)
        return
    wording = {} if date == value else {"originalWording": names.text(value)}
    if isinstance(date, Relative):
        relation = vocabulary.properties[date.relation]
        if typed(Word(date.event, value.position), relation.ranges):
            yield from _order(date, names, wording)
        return
    doubt = {**wording, **(PROBABLE if is_doubtful(date) else {})}
    yield "", prop.name, literal(date, datatype=EDTF), doubt
    for name, year in zip(prop.bounds or (), years, strict=False):
        if year is not None:
            yield f".{name}", name, integer(year), PROBABLE if is_doubtful(date) else {}


def _order(date: Relative, names: Names, wording: Mapping[str, str]) -> Iterator[Statement]:
    """Yield the order of two events; an approximate distance is a doubtful claim of its own."""
    least, most, grain = date.distance or (None, None, "")
    apart = {name: literal(duration(count, grain)) for name, count in
             (("leastDistance", least), ("mostDistance", most)) if count is not None}
    if date.about:
        yield "", date.relation, names.thing(date.event), wording
        yield ".distance", date.relation, names.thing(date.event), {**wording, **apart, **PROBABLE}
    else:
        yield "", date.relation, names.thing(date.event), {**wording, **apart}


def _literal(prop: Property, value: Word, names: Names, problems: Problems) -> str | None:
    if prop.kind == "text":
        return names.text(value)
    if prop.kind == "iri":
        if is_iri(value):
            return literal(value, datatype=XSD + "anyURI")
        problems.add(value.position, "TRT013", f"`{value}` is not an http(s) IRI",
                     "write an absolute address")
        return None
    if prop.kind not in LEXICAL:
        return literal(value)
    pattern, what, remedy = LEXICAL[prop.kind]
    if pattern.fullmatch(value):
        text = str(int(value)) if prop.kind == "integer" else value
        return literal(text, datatype=XSD + prop.kind)
    problems.add(value.position, "TRT038", f"`{value}` is not {what}", remedy)
    return None
