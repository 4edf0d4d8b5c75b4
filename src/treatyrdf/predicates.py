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
        parts = [*_parts(parsed)]
        if any(_reads_more(part) for part in parts if isinstance(part, dict)):
            return None
        found |= _iris(parts)
    return frozenset(found)


def _parts(tree: Any) -> Iterator[Any]:
    """Yield every node and every word of a parsed query."""
    todo = [tree]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            yield part
            todo.extend(part.values())
        elif isinstance(part, str) or not isinstance(part, Iterable):
            yield part
        else:
            todo.extend(part)


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
        inner = (part for part in _parts(node.graph) if isinstance(part, dict))
        return isinstance(node.term, Variable) and not any("triples" in part for part in inner)
    groups = node["triples"] if "triples" in node else ()
    return any(isinstance(term, Variable) for triples in groups for term in list(triples)[1::3])


def _iris(parts: Iterable[Any]) -> set[str]:
    """Return the IRIs among the parts of a query, as N-Quads terms."""
    from rdflib.term import URIRef

    prefixes, names, found = dict[str, str](), list[tuple[str, str]](), set(_UNNAMED)
    for part in parts:
        if isinstance(part, URIRef):
            found.add(f"<{part}>")
        elif getattr(part, "name", "") == "PrefixDecl":
            prefixes[part.prefix or ""] = str(part.iri)
        elif getattr(part, "name", "") == "pname":
            names.append((part.prefix or "", str(part.localname or "")))
    return found | {f"<{prefixes[prefix]}{name}>" for prefix, name in names if prefix in prefixes}
