"""SPARQL-based constraints (https://www.w3.org/TR/shacl/#sparql-constraints), once over all nodes where possible.

A query is asked once, with $this free, when each of its parts that speaks of $this binds it by a triple of its own:
then the solutions for a node are those in which $this is that node. Any other is asked for each node. A query that
`joins` knows is asked of the triples themselves, any other of a store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from typing import Any

from .joins import Join, UnsureError, join_of
from .names import literal, parts_of, shown
from .parameters import Broken, Constraint, Parameters, Run, UnknownError, Values
from .triples import path_text

_IMPORTS = "<http://www.w3.org/2002/07/owl#imports>"
_REFUSED = re.compile(r"[$?](?:shapesGraph|currentShape|failure)\b|\b(?:MINUS|VALUES|SERVICE)\b|\{\s*SELECT\b",
                      re.IGNORECASE)
"""What SHACL does not allow beside a variable that is bound before, and what only the judge knows."""
_BINDING = re.compile(r"\{[?$](\w+)\}")


def select_constraint(parameters: Parameters, node: str) -> Constraint:
    """Return the constraint that a query finds nothing for a node; raises UnknownError where that is the judge's."""
    texts = parameters.all("select", node)
    if len(texts) != 1 or parameters.all("deactivated", node) or _REFUSED.search(texts[0]):
        raise UnknownError("has a SPARQL constraint that is more than one plain sh:select")
    text = parts_of(texts[0])[0]
    if parameters.path is not None:
        text = re.sub(r"\$PATH\b", lambda _: path_text(parameters.path or ""), text)
    query = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in _prefixes(parameters, node)) + text
    messages = parameters.all("message", node)
    algebra = algebra_of(query)
    whole = is_whole(algebra)
    join = join_of(algebra) if whole else None

    def constraint(run: Run, values: Values) -> Iterator[Broken]:
        for focus, said in _solutions(run, query, values.focus, whole, join):
            value = said.get("value", focus if parameters.path is None else "")
            own, told = [said["message"]] if "message" in said else messages, {"value": value, **said}
            yield Broken(focus, said.get("path", ""), value, tuple(_filled(message, told) for message in own))
    return constraint


def _solutions(run: Run, query: str, focus: Set[str], whole: bool,
               join: Join | None) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Return focus nodes, each with the terms of a solution."""
    if join:
        with suppress(UnsureError):
            return join.solutions(run.data, focus)
    return _queried(run, query, focus, whole)


def _queried(run: Run, query: str, focus: Set[str], whole: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    import pyoxigraph as ox

    if whole:
        yield from ((row["this"], row) for row in _rows(run.store.query(query)) if row["this"] in focus)
        return
    for node in focus:
        term = next(ox.parse(f"<a:b> <a:b> {node} .", format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=False)).object
        found = run.store.query(query, substitutions={ox.Variable("this"): term})
        yield from ((node, row) for row in _rows(found))


def _rows(found: Any) -> Iterator[Mapping[str, str]]:
    names = [variable.value for variable in found.variables]
    return ({name: str(term) for name, term in zip(names, row, strict=True) if term is not None} for row in found)


def _filled(message: str, said: Mapping[str, str]) -> str:
    """Return the term of a message with what a solution binds in it."""
    text, language, _ = parts_of(message)
    return literal(_BINDING.sub(lambda match: shown(said[match[1]]) if match[1] in said else match[0], text),
                   language=language)


def _prefixes(parameters: Parameters, node: str) -> Iterable[tuple[str, str]]:
    """Return the prefixes that a constraint may use, and their namespaces."""
    found: dict[str, str] = {}
    rest = parameters.all("prefixes", node)
    for ontology in rest:
        rest += [o for o in parameters.shapes.values(_IMPORTS).get(ontology) if o not in rest]
        for declared in parameters.all("declare", ontology):
            prefix, namespace = (parts_of(parameters.all(name, declared)[0])[0] for name in ("prefix", "namespace"))
            found[prefix] = namespace
    return found.items()


# --- what may be asked once ----------------------------------------------------------------------


def algebra_of(query: str) -> Any:
    """Return what rdflib reads in a query; raises UnknownError when it cannot."""
    from rdflib.plugins.sparql import prepareQuery

    try:
        return prepareQuery(query).algebra
    except Exception as error:  # noqa: BLE001 - rdflib's parser raises errors of many kinds
        raise UnknownError(f"has a query that cannot be read: {error}") from None


def is_whole(part: Any) -> bool:
    """Tell whether a query may be asked once for all nodes; raises UnknownError where it does not select $this.

    >>> is_whole(algebra_of("SELECT $this WHERE { $this <a:p> ?v FILTER NOT EXISTS { ?v <a:q> $this } }"))
    True
    >>> is_whole(algebra_of("SELECT $this WHERE { ?s <a:p> ?v FILTER (?v != $this) }"))
    False
    """
    while part.name in ("SelectQuery", "Project", "Distinct", "Reduced"):
        if part.name == "Project" and not any(str(v) == "this" for v in part.PV):
            raise UnknownError("has a query that does not select $this")
        part = part.p
    return "this" in (_bound(part) or ())


def _bound(part: Any) -> Set[str] | None:
    """Return the variables that a part binds for certain, None where $this may mean something else in it."""
    rule = _RULES.get(part.name)
    bound = rule(part) if rule else None
    return None if bound is None or ("this" not in bound and _speaks(part)) else bound


def _triples(part: Any) -> Set[str]:
    from rdflib import Variable
    from rdflib.paths import Path

    return {str(term) for triple in part.triples if not isinstance(triple[1], Path)
            for term in triple if isinstance(term, Variable)}


def _joined(part: Any) -> Set[str] | None:
    one, other = _bound(part.p1), _bound(part.p2)
    return None if one is None or other is None else one | other


def _left(part: Any) -> Set[str] | None:
    one, other = _bound(part.p1), _bound(part.p2)
    return None if other is None else one


def _either(part: Any) -> Set[str] | None:
    one, other = _bound(part.p1), _bound(part.p2)
    return None if one is None or other is None else one & other


def _extended(part: Any) -> Set[str] | None:
    return None if str(part.var) == "this" else _bound(part.p)


_RULES: Mapping[str, Callable[[Any], Set[str] | None]] = {
    "BGP": _triples, "Join": _joined, "LeftJoin": _left, "Union": _either, "Extend": _extended,
    "Filter": lambda part: _bound(part.p)}


def _speaks(part: Any) -> bool:
    """Tell whether $this stands anywhere in a part."""
    from rdflib import Variable

    if isinstance(part, Variable):
        return str(part) == "this"
    if isinstance(part, dict):
        return any(map(_speaks, part.values()))
    return isinstance(part, (list, tuple)) and any(map(_speaks, part))
