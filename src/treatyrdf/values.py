"""What a curator wrote as a value -> the RDF term it means, by the kind of the property."""

from __future__ import annotations

import re
from collections.abc import Callable

from .errors import Problems, suggest
from .model import Word
from .names import EDTF, XSD, Names, integer, is_iri, literal, trt
from .vocabulary import Property, Vocabulary
from .when import year_bounds

UNKNOWN = trt("UnknownValue")
"""The object of a claim that something has a value nobody knows."""

_LEXICAL = {
    "integer": (re.compile(r"[+-]?[0-9]{1,18}"), "a whole number", "write digits only"),
    "decimal": (re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"), "a number", "write digits and a point"),
    "boolean": (re.compile(r"true|false"), "a truth value", "write true or false"),
}

Bounds = tuple[str | None, str | None]
Typed = Callable[[Word, tuple[str, ...]], bool]


def object_term(prop: Property, value: Word, vocabulary: Vocabulary, names: Names, typed: Typed,
                problems: Problems) -> tuple[str | None, Bounds]:
    """Return the term of a value, and the terms of its year bounds when it is a date.

    The term is None when the value is wrong; the problem is then noted at its place. `typed`
    tells whether a word names a thing of one of the wanted classes, and notes it when not.
    """
    if value == "unknown":
        return UNKNOWN, (None, None)
    if prop.kind == "thing":
        return (names.thing(value) if typed(value, prop.ranges) else None), (None, None)
    if prop.kind in ("concept", "class"):
        known = vocabulary.classes if prop.kind == "class" else vocabulary.schemes[prop.scheme]
        if value in known:
            return f"<{known[value].iri}>", (None, None)
        problems.add(value.position, "TRT034", f"unknown {prop.label} `{value}`",
                     suggest(value, known))
        return None, (None, None)
    if prop.kind == "edtf":
        return _date(value, problems)
    return _literal(prop, value, names, problems), (None, None)


def _date(value: Word, problems: Problems) -> tuple[str | None, Bounds]:
    try:
        earliest, latest = year_bounds(value)
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        problems.add(value.position, "TRT037", what, remedy)
        return None, (None, None)
    return literal(value, datatype=EDTF), (
        None if earliest is None else integer(earliest), None if latest is None else integer(latest))


def _literal(prop: Property, value: Word, names: Names, problems: Problems) -> str | None:
    if prop.kind == "text":
        return names.text(value)
    if prop.kind == "iri":
        if is_iri(value):
            return literal(value, datatype=XSD + "anyURI")
        problems.add(value.position, "TRT013", f"`{value}` is not an http(s) IRI",
                     "write an absolute address")
        return None
    if prop.kind not in _LEXICAL:
        return literal(value)
    pattern, what, remedy = _LEXICAL[prop.kind]
    if pattern.fullmatch(value):
        text = str(int(value)) if prop.kind == "integer" else value
        return literal(text, datatype=XSD + prop.kind)
    problems.add(value.position, "TRT038", f"`{value}` is not {what}", remedy)
    return None
