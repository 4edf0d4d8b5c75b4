"""SPARQL over the index that a slice has anyway: graph patterns that hang together, with filters, once over all nodes.

A solution is a row: the node, the IRIs of the query, then each variable in the order in which it is found. What is
asked otherwise, and what is compared otherwise than numbers and IRIs, is left to a store, which takes longer to fill.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from .parameters import UnknownError
from .triples import Triples
from .xsd import value_of

Row = tuple[str, ...]
Step = Callable[[Triples, Iterable[Row]], list[Row]]
"""Returns each row with what matches a pattern."""
Filter = Callable[[Triples, Set[Row]], Set[Row]]
"""Returns the rows for which an expression is true."""
Places = dict[str, int]
"""Where in a row a term or variable stands."""


Make = Callable[[Any, Places], Filter]
Order = Callable[[Any, Any], bool]


class UnsureError(Exception):
    """Two values of which only a query engine is asked how they compare."""


@dataclass(frozen=True)
class Join:
    """A query that is asked of the index."""

    terms: Row
    steps: tuple[Step, ...]
    filters: tuple[Filter, ...]
    selected: Mapping[str, int]
    distinct: bool

    def solutions(self, data: Triples, nodes: Iterable[str]) -> list[tuple[str, Mapping[str, str]]]:
        """Return nodes with the terms of each solution; raises UnsureError."""
        found: Set[Row] = {*_found(self.steps, data, [(node, *self.terms) for node in nodes])}
        for filter_ in self.filters:
            found = filter_(data, found)
        rows: Iterable[Row] = (tuple(row[place] for place in self.selected.values()) for row in found)
        solutions = (dict(zip(self.selected, row, strict=True)) for row in ({*rows} if self.distinct else rows))
        return [(solution["this"], solution) for solution in solutions]


def join_of(query: Any) -> Join | None:
    """Return the query that rdflib read as one that is asked of the index, None where it needs a store."""
    try:
        return _join(query)
    except UnknownError:
        return None


def _join(query: Any) -> Join:
    part, distinct, expressions = query.p, False, []
    if query.datasetClause:
        raise UnknownError
    if part.name == "Distinct":
        part, distinct = part.p, True
    _expect(part, "Project")
    part = part.p
    while part.name == "Filter":
        expressions.append(part.expr)
        part = part.p
    patterns = [*_patterns(part)]
    everything = [*patterns, *chain.from_iterable(map(_inner, expressions))]
    terms = [*dict.fromkeys(t for t in map(_name, chain.from_iterable(everything)) if t.startswith("<"))]
    places = {name: place for place, name in enumerate(["this", *terms])}
    steps = _steps(patterns, places)
    filters = tuple(_filter(expression, places) for expression in expressions)
    selected = {str(v): places[str(v)] for v in query.PV if str(v) in places}
    return Join(tuple(terms), steps, filters, selected, distinct)


def _expect(part: Any, *names: str) -> None:
    if getattr(part, "name", "") not in names:
        raise UnknownError


def _name(term: Any) -> str:
    """Return a variable by its name, an IRI as a term; others are not asked for here."""
    from rdflib import URIRef, Variable

    if not isinstance(term, (URIRef, Variable)):
        raise UnknownError
    return str(term) if isinstance(term, Variable) else f"<{term}>"


# --- graph patterns ------------------------------------------------------------------------------


def _patterns(part: Any) -> Iterator[Sequence[Any]]:
    """Yield the triple patterns of a graph pattern, or of the group that an EXISTS asks for."""
    _expect(part, "BGP", "Join", "GroupGraphPatternSub", "TriplesBlock")
    if part.name == "BGP":
        yield from part.triples
    elif part.name == "Join":
        yield from chain(_patterns(part.p1), _patterns(part.p2))
    elif part.name == "TriplesBlock":
        yield from (terms[n:n + 3] for terms in part.triples for n in range(0, len(terms), 3))
    else:
        for inner in part.part:
            _expect(inner, "TriplesBlock")
            yield from _patterns(inner)


def _steps(patterns: Sequence[Sequence[Any]], places: Places) -> tuple[Step, ...]:
    """Return the steps that match patterns, each of which begins at what is known; adds the variables they find."""
    rest, steps = [tuple(map(_name, pattern)) for pattern in patterns], []
    while rest:
        pattern = max(rest, key=lambda p: (not places.keys().isdisjoint((p[0], p[2])), sum(t in places for t in p)))
        free = [t for t in pattern if t not in places]
        if places.keys().isdisjoint((pattern[0], pattern[2])) or len(free) > len({*free}):
            raise UnknownError
        rest.remove(pattern)
        bound = "".join(sign for sign, t in zip("spo", pattern, strict=True) if t in places)
        subject, predicate, value = (places.get(t, -1) for t in pattern)
        steps.append(partial(_MATCHES[bound], subject, predicate, value))
        for term in free:
            places[term] = len(places)
    return tuple(steps)


def _found(steps: Iterable[Step], data: Triples, rows: Iterable[Row]) -> Iterable[Row]:
    for step in steps:
        rows = step(data, rows)
    return rows


Match = Callable[[int, int, int, Triples, Iterable[Row]], list[Row]]
_MATCHES: Mapping[str, Match] = {
    "spo": lambda s, p, o, data, rows: [row for row in rows if data.values(row[p]).has(row[s], row[o])],
    "sp": lambda s, p, o, data, rows: [(*row, v) for row in rows for v in data.values(row[p]).get(row[s])],
    "po": lambda s, p, o, data, rows: [(*row, n) for row in rows for n in data.inverse(row[p]).get(row[o])],
    "so": lambda s, p, o, data, rows: [(*row, name) for row in rows for name, found in data.by_predicate.items()
                                       if found.has(row[s], row[o])],
    "s": lambda s, p, o, data, rows: [(*row, name, v) for row in rows for name, found in data.by_predicate.items()
                                      for v in found.get(row[s])],
    "o": lambda s, p, o, data, rows: [(*row, n, name) for row in rows for name, found in data.by_predicate.items()
                                      for n in found.inverse.get(row[o])],
}
"""What matches a pattern to rows, by what of it is known."""

# --- filters -------------------------------------------------------------------------------------


def _inner(expression: Any) -> Iterator[Sequence[Any]]:
    """Yield the triple patterns within an expression, and the IRIs that it compares."""
    from rdflib import URIRef

    if isinstance(expression, list):
        yield from chain.from_iterable(map(_inner, expression))
    elif getattr(expression, "name", "") in _EXISTS:
        yield from _patterns(expression.graph)
    elif getattr(expression, "name", "") == "RelationalExpression":
        yield [term for term in (expression.expr, expression.other) if isinstance(term, URIRef)]
    elif isinstance(expression, dict):
        yield from chain.from_iterable(map(_inner, expression.values()))


def _filter(expression: Any, places: Places) -> Filter:
    _expect(expression, *_FILTERS)
    return _FILTERS[expression.name](expression, places)


def _exists(expression: Any, places: Places) -> Filter:
    steps, width = _steps([*_patterns(expression.graph)], dict(places)), len(places)
    return lambda data, rows: {row[:width] for row in _found(steps, data, rows)}


def _not_exists(expression: Any, places: Places) -> Filter:
    exists = _exists(expression, places)
    return lambda data, rows: rows - exists(data, rows)


def _not(expression: Any, places: Places) -> Filter:
    holds = _filter(expression.expr, places)
    return lambda data, rows: rows - holds(data, rows)


def _and(expression: Any, places: Places) -> Filter:
    parts = [_filter(part, places) for part in (expression.expr, *expression.other)]

    def holds(data: Triples, rows: Set[Row]) -> Set[Row]:
        for part in parts:
            rows = part(data, rows)
        return rows
    return holds


def _or(expression: Any, places: Places) -> Filter:
    parts = [_filter(part, places) for part in (expression.expr, *expression.other)]
    return lambda data, rows: set[Row]().union(*(part(data, rows) for part in parts))


def _relation(expression: Any, places: Places) -> Filter:
    one, other = (_operand(term, places) for term in (expression.expr, expression.other))
    order = _ORDERS.get(expression.op)
    if order is None:
        raise UnknownError
    return lambda _, rows: {row for row in rows if _holds(order, one(row), other(row))}


def _operand(term: Any, places: Places) -> Callable[[Row], str]:
    """Return what gives the term of a variable, each of which is bound, of an IRI or of a number."""
    from rdflib import Literal

    if isinstance(term, Literal):
        text, value = term.n3(), value_of(term.n3())
        if not isinstance(value, tuple) or value[0] != "number":
            raise UnknownError
        return lambda _: text
    name = _name(term)
    if name not in places:
        raise UnknownError
    return operator.itemgetter(places[name])


def _holds(order: Order, one: str, other: str) -> bool:
    """Tell whether two numbers are in order, or two terms the same or not."""
    a, b = value_of(one), value_of(other)
    if _is_exact(a) and _is_exact(b):
        return order(a[1], b[1])
    if order in (operator.eq, operator.ne) and not (one.startswith('"') and other.startswith('"')):
        return order(one, other)
    raise UnsureError


def _is_exact(value: Any) -> bool:
    """Tell whether a value is a whole number or a decimal, which no engine rounds."""
    return isinstance(value, tuple) and value[0] == "number" and not isinstance(value[1], float)


_ORDERS: Mapping[str, Order] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
                                "=": operator.eq, "!=": operator.ne}
_EXISTS: Mapping[str, Make] = {"Builtin_EXISTS": _exists, "Builtin_NOTEXISTS": _not_exists}
_FILTERS: Mapping[str, Make] = {**_EXISTS, "UnaryNot": _not, "ConditionalAndExpression": _and,
                                "ConditionalOrExpression": _or, "RelationalExpression": _relation}
"""What makes a filter, by the name that rdflib has for an expression."""
