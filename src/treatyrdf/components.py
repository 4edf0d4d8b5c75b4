"""The constraint components of SHACL Core, each a function that is run once over all nodes of a shape.

https://www.w3.org/TR/shacl/#core-components: what a component asks of each value is a test of the set of all
values; what it asks of a node's values together is worked out node by node.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set

from .names import RDF, parts_of, shown
from .parameters import SH, Broken, Constraint, Parameters, Run, Test, UnknownError, Values
from .xsd import compare, is_well_formed, reader_of

Make = Callable[[Parameters, str], Constraint]
MakeTest = Callable[[Parameters, str], Test]


# --- of each value -------------------------------------------------------------------------------


def _each(test: Test) -> Constraint:
    """Return the constraint that no value of a node breaks a test."""
    def constraint(run: Run, values: Values) -> Iterator[Broken]:
        bad = test(run, values.every)
        if bad and not bad.isdisjoint(values.own):
            for focus in values.focus:
                yield from (Broken(focus, value=value) for value in values.get(focus) if value in bad)
    return constraint


def _simple(holds: Callable[[str], bool]) -> Test:
    return lambda _, values: {v for v in values if not holds(v)}


def _class(_: Parameters, class_: str) -> Test:
    return lambda run, values: values - run.data.members(class_)


def _datatype(_: Parameters, datatype: str) -> Test:
    wanted = datatype[1:-1]
    reader_of(wanted)  # what it needs is loaded here, once for all slices

    def holds(term: str) -> bool:
        if not term.startswith('"'):
            return False
        _, language, own = parts_of(term)
        return (RDF + "langString" if language else own) == wanted and is_well_formed(term)
    return _simple(holds)


_KINDS: Mapping[str, str] = {"IRI": "<", "BlankNode": "_", "Literal": '"', "BlankNodeOrIRI": "_<",
                             "BlankNodeOrLiteral": '_"', "IRIOrLiteral": '<"'}
"""How the terms of each kind of node begin."""


def _node_kind(_: Parameters, kind: str) -> Test:
    begins = _KINDS.get(kind[1:-1].removeprefix(SH))
    if begins is None:
        raise UnknownError(f"has sh:nodeKind {kind}")
    return _simple(lambda term: term[0] in begins)


def _bound(*orders: int) -> MakeTest:
    def make(_: Parameters, bound: str) -> Test:
        return _simple(lambda term: compare(term, bound) in orders)
    return make


def _text(term: str) -> str | None:
    """Return the text of a literal or IRI, as STR does; a blank node has none."""
    return parts_of(term)[0] if term[0] == '"' else None if term[0] == "_" else shown(term)


def _length(holds: Callable[[int, int], bool], name: str) -> MakeTest:
    def make(parameters: Parameters, _: str) -> Test:
        bound = parameters.number(name)
        return _simple(lambda term: (text := _text(term)) is not None and holds(len(text), bound))
    return make


_FLAGS: Mapping[str, re.RegexFlag] = {"i": re.I, "s": re.S, "m": re.M, "x": re.RegexFlag(0)}
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_OTHERWISE = re.compile(r"\\[^nrt\\|.?*+(){}\[\]^$dD-]|-\[|\(\?|\[\^?\]")
"""What Python reads otherwise than XPath, or not at all (https://www.w3.org/TR/xpath-functions-31/#regex-syntax)."""


def _pattern(parameters: Parameters, pattern: str) -> Test:
    text, flags = parts_of(pattern)[0], parts_of(parameters.one("flags", '""'))[0]
    if not set(flags) <= _FLAGS.keys() or _OTHERWISE.search(text):
        raise UnknownError(f"has the pattern {text} {flags}".rstrip())
    tokens = _TOKEN.findall(text)
    if "x" in flags:
        tokens = [t for t in tokens if not t.isspace()]
    if "m" not in flags:  # where Python's $ is also before a line break at the end
        tokens = [r"\Z" if t == "$" else t for t in tokens]
    try:
        found = re.compile("".join(tokens), sum((_FLAGS[f] for f in flags), re.RegexFlag(0))).search
    except re.error:
        raise UnknownError(f"has the pattern {text}") from None
    return _simple(lambda term: (text := _text(term)) is not None and found(text) is not None)


def _language_in(parameters: Parameters, node: str) -> Test:
    ranges = [parts_of(term)[0].lower() for term in parameters.list(node)]

    def holds(term: str) -> bool:
        tag = parts_of(term)[1].lower() if term.startswith('"') else ""
        return bool(tag) and any(r in ("*", tag) or tag.startswith(f"{r}-") for r in ranges)
    return _simple(holds)


def _in(parameters: Parameters, node: str) -> Test:
    allowed = frozenset(parameters.list(node))
    return lambda _, values: values - allowed


def _not(_: Parameters, shape: str) -> Test:
    return lambda run, values: values - run.failing(shape, values)


def _node(_: Parameters, shape: str) -> Test:
    return lambda run, values: run.failing(shape, values)


def _among(holds: Callable[[int, int], bool]) -> MakeTest:
    """Return what makes a test of how many shapes of a list a value conforms to."""
    def make(parameters: Parameters, node: str) -> Test:
        shapes = parameters.list(node)

        def test(run: Run, values: set[str]) -> Set[str]:
            failed = Counter(value for shape in shapes for value in run.failing(shape, values))
            return {v for v in values if not holds(len(shapes) - failed[v], len(shapes))}
        return test
    return make


# --- of the values of a node together ------------------------------------------------------------


def _min_count(parameters: Parameters, _: str) -> Constraint:
    least = parameters.number("minCount")

    def constraint(_: Run, values: Values) -> Iterator[Broken]:
        if least:
            yield from map(Broken, values.focus.difference(values.links.one))
        if least > 1:
            some = values.focus & values.links.one.keys()
            yield from (Broken(focus) for focus in some if len(values.get(focus)) < least)
    return constraint


def _max_count(parameters: Parameters, _: str) -> Constraint:
    most = parameters.number("maxCount")

    def constraint(_: Run, values: Values) -> Iterator[Broken]:
        many = values.links.more.keys() if most else values.links.one.keys()
        return (Broken(focus) for focus in values.focus & many if len(values.get(focus)) > most)
    return constraint


def _has_value(_: Parameters, wanted: str) -> Constraint:
    def constraint(_: Run, values: Values) -> Iterator[Broken]:
        one = values.links.one.get
        others = (focus for focus in values.focus if one(focus) != wanted)
        return (Broken(focus) for focus in others if wanted not in values.get(focus))
    return constraint


def _unique_lang(parameters: Parameters, _: str) -> Constraint:
    if not parameters.true("uniqueLang"):
        return lambda _, values: ()

    def constraint(_: Run, values: Values) -> Iterator[Broken]:
        for focus in values.focus & values.links.more.keys():
            tags = Counter(parts_of(v)[1].lower() for v in values.get(focus) if v.startswith('"'))
            del tags[""]
            yield from (Broken(focus) for count in tags.values() if count > 1)
    return constraint


def _pair(broken: Callable[[Sequence[str], Sequence[str]], Iterable[str]]) -> Make:
    """Return what makes a constraint between the values of a node and those of another property, where it has both."""
    def make(_: Parameters, predicate: str) -> Constraint:
        def constraint(run: Run, values: Values) -> Iterator[Broken]:
            other = run.data.values(predicate)
            for focus in _holders(values) & other.one.keys():
                yield from (Broken(focus, value=v) for v in broken(values.get(focus), other.get(focus)))
        return constraint
    return make


def _holders(values: Values) -> Set[str]:
    """Return the focus nodes that have values."""
    return values.focus if values.path is None else values.focus & values.links.one.keys()


def _equals(_: Parameters, predicate: str) -> Constraint:
    def constraint(run: Run, values: Values) -> Iterator[Broken]:
        other = run.data.values(predicate)
        for focus in values.focus:
            yield from (Broken(focus, value=v) for v in {*values.get(focus)} ^ {*other.get(focus)})
    return constraint


def _ordered(*orders: int) -> Make:
    return _pair(lambda own, other: (v for v in own for o in other if compare(v, o) not in orders))


def _qualified(holds: Callable[[int, int], bool], name: str) -> Make:
    def make(parameters: Parameters, _: str) -> Constraint:
        wanted, bound = parameters.one("qualifiedValueShape"), parameters.number(name)
        if not wanted:
            return lambda _, values: ()
        siblings = _siblings(parameters) if parameters.true("qualifiedValueShapesDisjoint") else frozenset()

        def constraint(run: Run, values: Values) -> Iterator[Broken]:
            every = values.own
            good = every - run.failing(wanted, every)
            for sibling in siblings:
                good = good & run.failing(sibling, every)
            for focus in values.focus:
                if not holds(sum(v in good for v in values.get(focus)), bound):
                    yield Broken(focus)
        return constraint
    return make


def _siblings(parameters: Parameters) -> Set[str]:
    """Return the sibling shapes (https://www.w3.org/TR/shacl/#dfn-sibling-shapes)."""
    parents = parameters.shapes.inverse(f"<{SH}property>").get(parameters.node)
    return {shape for parent in parents for sibling in parameters.all("property", parent)
            for shape in parameters.all("qualifiedValueShape", sibling)} - {parameters.one("qualifiedValueShape")}


def _closed(parameters: Parameters, _: str) -> Constraint:
    if not parameters.true("closed"):
        return lambda _, values: ()
    if parameters.path is not None:
        raise UnknownError("has sh:closed beside sh:path")
    own = {path for shape in parameters.all("property") for path in parameters.all("path", shape)}
    ignored = parameters.one("ignoredProperties")
    allowed = own.union(parameters.list(ignored) if ignored else ())

    def constraint(run: Run, values: Values) -> Iterator[Broken]:
        for predicate in run.data.by_predicate.keys() - allowed:
            found = run.data.values(predicate)
            for focus in values.focus & found.one.keys():
                yield from (Broken(focus, predicate, value) for value in found.get(focus))
    return constraint


def _lazily(make: MakeTest) -> Make:
    return lambda parameters, value: _each(make(parameters, value))


def _at_least(found: int, bound: int) -> bool:
    return found >= bound


def _at_most(found: int, bound: int) -> bool:
    return found <= bound


COMPONENTS: Mapping[str, Make] = {
    "class": _lazily(_class), "datatype": _lazily(_datatype), "nodeKind": _lazily(_node_kind),
    "minCount": _min_count, "maxCount": _max_count,
    "minExclusive": _lazily(_bound(1)), "minInclusive": _lazily(_bound(0, 1)),
    "maxExclusive": _lazily(_bound(-1)), "maxInclusive": _lazily(_bound(-1, 0)),
    "minLength": _lazily(_length(_at_least, "minLength")), "maxLength": _lazily(_length(_at_most, "maxLength")),
    "pattern": _lazily(_pattern), "languageIn": _lazily(_language_in), "uniqueLang": _unique_lang,
    "equals": _equals,
    "disjoint": _pair(lambda own, other: {*own} & {*other}),
    "lessThan": _ordered(-1), "lessThanOrEquals": _ordered(-1, 0),
    "not": _lazily(_not), "and": _lazily(_among(lambda good, all_: good == all_)),
    "or": _lazily(_among(lambda good, _: good > 0)), "xone": _lazily(_among(lambda good, _: good == 1)),
    "node": _lazily(_node), "in": _lazily(_in), "hasValue": _has_value, "closed": _closed,
    "qualifiedMinCount": _qualified(_at_least, "qualifiedMinCount"),
    "qualifiedMaxCount": _qualified(_at_most, "qualifiedMaxCount"),
}
"""What makes a constraint, by the parameter that asks for it."""

BESIDE = frozenset(("flags", "ignoredProperties", "qualifiedValueShape", "qualifiedValueShapesDisjoint"))
"""Parameters that say more of those above."""
