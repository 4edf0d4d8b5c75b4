"""Literals by XML Schema: which are well-formed, and which of two is less.

https://www.w3.org/TR/xmlschema11-2/#built-in-datatypes for the datatypes, and for the order
https://www.w3.org/TR/sparql11-query/#OperatorMapping, with dates and times beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache, lru_cache, partial
from math import inf
from typing import Any

from .names import XSD, parts_of

_KEPT = 100_000
"""Literals whose value is remembered."""


def is_well_formed(term: str) -> bool:
    """Tell whether the text of a literal is in the lexical space of its datatype; one nobody knows has any.

    >>> is_well_formed('"2020-13"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>')
    False
    """
    return value_of(term) is not ILL


def compare(one: str, other: str) -> int | None:
    """Return -1, 0 or 1 as one literal is less than, equal to or more than the other, None where neither.

    >>> compare('"7"^^<http://www.w3.org/2001/XMLSchema#integer>', '"7.5"^^<http://www.w3.org/2001/XMLSchema#decimal>')
    -1
    """
    a, b = value_of(one), value_of(other)
    if a is None or b is None or a is ILL or b is ILL or a[0] != b[0]:
        return None
    x, y = a[1], b[1]
    if a[0] in _ZONED and (x.tzinfo is None) != (y.tzinfo is None):
        return _apart(x, y)
    return -1 if x < y else 1 if x > y else 0 if x == y else None


def _apart(one: Any, other: Any) -> int | None:
    """Return the order of a time with a zone and one without, which may be up to 14 hours away, None where unknown.

    https://www.w3.org/TR/xmlschema-2/#dateTime-order
    """
    from elementpath.datatypes import DayTimeDuration, Time, Timezone

    if isinstance(one, Time):
        return None
    if one.tzinfo is not None:
        order = _apart(other, one)
        return None if order is None else -order
    local, most = copy(one), DayTimeDuration(seconds=14 * 3600)
    local.tzinfo = Timezone.fromstring("Z")
    return -1 if local + most < other else 1 if local - most > other else None


ILL: Any = object()
"""What stands for the value of an ill-formed literal."""


@lru_cache(_KEPT)
def value_of(term: str) -> Any:
    """Return the kind and value of a literal that can be compared, None of another, ILL of an ill-formed one."""
    if not term.startswith('"'):
        return None
    text, language, datatype = parts_of(term)
    make = None if language else reader_of(datatype)
    if make is None:
        return None
    if not _spaces(datatype).fullmatch(text):
        return ILL
    try:
        value = make(text)
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        return ILL
    kind = _kind(value, datatype)
    return (kind, value) if kind else None


def _kind(value: Any, datatype: str) -> str:
    """Return what a value can be compared with."""
    if isinstance(value, bool):
        return "boolean"
    if datatype == XSD + "string":
        return "string"
    name = datatype.removeprefix(XSD)
    return "number" if name in _NUMBERS else "dateTime" if name == "dateTimeStamp" else name if name in _ZONED else ""


_ZONED = frozenset(("date", "time", "dateTime", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"))
_BITS: Mapping[str, int] = {"long": 64, "int": 32, "short": 16, "byte": 8}
_WHOLE: Mapping[str, tuple[float, float]] = {
    "integer": (-inf, inf), "nonPositiveInteger": (-inf, 0), "negativeInteger": (-inf, -1),
    "nonNegativeInteger": (0, inf), "positiveInteger": (1, inf),
    **{name: (-2 ** (bits - 1), 2 ** (bits - 1) - 1) for name, bits in _BITS.items()},
    **{f"unsigned{name.capitalize()}": (0, 2 ** bits - 1) for name, bits in _BITS.items()}}
"""The least and the greatest number of each datatype of whole numbers."""
_NUMBERS = frozenset((*_WHOLE, "decimal", "float", "double"))


def _spaces(datatype: str) -> re.Pattern[str]:
    """Return what a text has to match before it is read, which is laxer in Python than in XML Schema."""
    return _NUMBER if datatype.removeprefix(XSD) in _NUMBERS else _SPACES.get(datatype, _COLLAPSED)


_NUMBER = re.compile(r"[-+.0-9A-Za-z]+")
_COLLAPSED = re.compile(r"(?:[^ \t\n\r]+(?: [^ \t\n\r]+)*)?")
_SPACES: Mapping[str, re.Pattern[str]] = {
    XSD + "string": re.compile(r"(?s:.*)"), XSD + "anyURI": re.compile(r"(?s:.*)"),
    XSD + "normalizedString": re.compile(r"[^\t\n\r]*")}
"""White space by datatype: https://www.w3.org/TR/xmlschema11-2/#rf-whiteSpace; RDF has the text as it is."""


@cache
def reader_of(datatype: str) -> Callable[[str], Any] | None:
    """Return what reads a text of a datatype; texts and whole numbers, of which there are most, need no library."""
    if datatype == XSD + "string":
        return str
    bounds = _WHOLE.get(datatype.removeprefix(XSD))
    return partial(_whole, *bounds) if bounds else _types().get(datatype)


def _whole(least: float, most: float, text: str) -> int:
    value = int(text)
    if not least <= value <= most:
        raise ValueError(text)
    return value


@cache
def _types() -> Mapping[str, Callable[[str], Any]]:
    """Return what reads a text by the IRI of its datatype."""
    from elementpath.datatypes import builtin_atomic_types

    types: Mapping[str, Any] = builtin_atomic_types
    return {XSD + name.rpartition("}")[2].removeprefix("xs:"): kind.make for name, kind in types.items()}
