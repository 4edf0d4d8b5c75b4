"""Which triples queries can see: those of the predicates that they name, when they name all of them.

A store for some questions need not hold what none of them can read. A query that may read more than it
names (a variable or a negated predicate, a path of no step, the mere names of graphs) needs all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .names import RDF

_ANY = ("PathNegatedPropertySet", "AskQuery", "ConstructQuery", "DescribeQuery", "Base")
_NO_STEP = ("*", "?")
_UNNAMED = frozenset(f"<{RDF}{name}>" for name in ("first", "rest"))
"""What queries name in other ways: lists in brackets."""


def predicates_of(queries: Iterable[str]) -> frozenset[str] | None:
    """Return the predicates that SELECT queries can see, as N-Quads terms, or None for all.

    They are among the IRIs that stand in the queries, so all of those are returned.
    """
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    found = set[str]()
    for query in queries:
        try:
            parsed = parseQuery(query)
        except (ParseBaseException, RecursionError):
            return None  # rdflib cannot read it, the store perhaps can
        if any(_reads_more(node) for node in _nodes(parsed)):
            return None
        found |= _iris(parsed)
    return frozenset(found)


def _nodes(tree: Any) -> Iterator[Any]:
    """Yield every named node of a parsed query."""
    from rdflib.plugins.sparql.parserutils import CompValue

    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, CompValue):
            yield node
            todo.extend(node.values())
        elif not isinstance(node, str) and isinstance(node, Iterable):
            todo.extend(node)


def _reads_more(node: Any) -> bool:
    """Tell whether a part of a query may see triples whose predicate it does not name."""
    from rdflib.term import Variable

    if node.name in _ANY:
        return True
    if node.name == "PathElt":
        return any(mod in _NO_STEP for mod in node.values() if isinstance(mod, str))
    if node.name == "pname":
        return "\\" in str(node.localname)  # rdflib keeps the escapes of names
    if node.name == "GraphGraphPattern":
        return isinstance(node.term, Variable) and not any("triples" in inner for inner in _nodes(node.graph))
    groups = node["triples"] if "triples" in node else ()
    return any(isinstance(term, Variable) for triples in groups for term in list(triples)[1::3])


def _iris(tree: Any) -> set[str]:
    """Return the IRIs of a query, as N-Quads terms."""
    from rdflib.plugins.sparql.parserutils import CompValue
    from rdflib.term import URIRef

    prefixes, names, found = dict[str, str](), list[tuple[str, str]](), set(_UNNAMED)
    for node in _nodes(tree):
        if node.name == "PrefixDecl":
            prefixes[node.prefix or ""] = str(node.iri)
        elif node.name == "pname":
            names.append((node.prefix or "", str(node.localname or "")))
        todo = list(node.values())
        while todo:
            value = todo.pop()
            if isinstance(value, URIRef):
                found.add(f"<{value}>")
            elif not isinstance(value, (str, CompValue)) and isinstance(value, Iterable):
                todo.extend(value)
    return found | {f"<{prefixes[prefix]}{name}>" for prefix, name in names if prefix in prefixes}
