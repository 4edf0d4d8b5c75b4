"""Quads -> compact JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), its context inside, with the words it uses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from .model import Quad
from .names import RDF, TRT, XSD, Names, Namespaces, parts_of
from .turtle import Node, Piece, nodes, section

Json = dict[str, Any]

_FIRST = ("id", "type", "label", "identifier", "subject", "predicate", "object")
_SAFE = re.compile(r'"([A-Za-z][\w-]*):')
_ODD = re.compile(r"\\u|\x7f")
"""What N-Quads and JSON escape otherwise."""
_KNOWN = 50_000
"""Values that are kept from one document to the next."""


def jsonld(quads: Iterable[Quad], names: Names, context: Json) -> str:
    """Return compact JSON-LD 1.1 with its context inside."""
    return JsonLd(names, context).write(quads)


class JsonLd:
    """Writes documents under one context; each has of it what it uses."""

    def __init__(self, names: Names, context: Json) -> None:
        """Keep the names and what follows from the context."""
        self.base, self.terms = names.base, _by_iri(context)
        own = {p: n for p, n in names.prefixes.items() if p not in context}
        prefixes = {p: n for p, n in context.items() if isinstance(n, str) and p[0] != "@"} | own
        self.prefixes = {p: n for p, n in prefixes.items() if n.startswith("http") and n[-1] in "/#"}
        self.every, self.compact = {**context, **own}, _Compact(self.prefixes)
        self._values: dict[str, _Values] = {}
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def write(self, quads: Iterable[Quad]) -> str:
        """Return the union of the graphs of `quads`."""
        used, graph = self.piece(nodes(sorted(quads)))
        before, _, after = self.frame(used)
        return f"{before}{graph}{after}"

    def piece(self, described: Iterable[Node]) -> Piece:
        """Return nodes as JSON, by section, and the words of the context that they use."""
        for known in (self.compact, *self._values.values()):
            if len(known) > _KNOWN:
                known.clear()
        found: dict[int, list[str]] = {}
        used = {"id", "type"}
        seen = set()
        for node in described:
            plan = self._plans.get(node.predicates) or self._plan(node.predicates)
            keys, template, values, ordered = plan
            if node.predicates not in seen:
                seen.add(node.predicates)
                used.update(keys)
            texts = [known[v[0]] if len(v) == 1 else f"[{', '.join([known[o] for o in v])}]"
                     for known, v in zip(values, node.values, strict=True)]
            text = template % (_json(self.compact[node.subject]), *ordered(texts))
            found.setdefault(section(node.subject, self.base), []).append(text)
        graph = ",\n".join(text for place in sorted(found) for text in found[place])
        return frozenset(used.union(_SAFE.findall(graph))), graph

    def _plan(self, predicates: tuple[str, ...]) -> _Plan:
        """Return how nodes with these predicates are written."""
        pairs = [self.terms.get(p[1:-1]) or (self.compact[p], {}) for p in predicates]
        keys = [key for key, _ in pairs]
        order = sorted(range(len(keys)), key=lambda n: (_FIRST.index(keys[n]) if keys[n] in _FIRST else len(_FIRST), n))
        lines = ['  "id": %s', *(f"  {_json(keys[n]).replace('%', '%%')}: %s" for n in order)]
        values = [self._values.setdefault(p, _Values(rule, self.compact))
                  for p, (_, rule) in zip(predicates, pairs, strict=True)]
        put = itemgetter(*order) if len(order) > 1 else tuple
        plan = self._plans[predicates] = (keys, " {\n" + ",\n".join(lines) + "\n }", values, put)
        return plan

    def frame(self, words: Iterable[str]) -> tuple[str, str, str]:
        """Return what comes before, between and after nodes that use some words of the context."""
        used = set(words)
        local = {k: v for k, v in self.every.items() if k[0] == "@" or k in used}
        ruled = _json([rule for rule in local.values() if not isinstance(rule, str) or ":" in rule])
        first = {k: v for k, v in local.items() if k[0] == "@" or str(v)[0] == "@"}
        first |= {p: n for p, n in sorted(self.prefixes.items()) if p in local or f'"{p}:' in ruled}
        terms = ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in (first | local).items())
        return f'{{\n "@context": {{\n{terms}\n }},\n "@graph": [\n', ",\n", "\n ]\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _by_iri(context: Json) -> dict[str, tuple[str, Json]]:
    """Return the context's terms by the IRI they stand for."""
    found: dict[str, tuple[str, Json]] = {}
    for term, rule in context.items():
        if term.startswith("@") or (isinstance(rule, str) and rule[-1] in "/#"):
            continue
        full = rule if isinstance(rule, dict) else {"@id": rule}
        name = full["@id"]
        prefix, colon, local = name.partition(":")
        address = context[prefix] + local if colon and prefix in context else name
        found[RDF + "type" if name == "@type" else address] = (term, full)
    return found


class _Compact(dict[str, str]):
    """The compact IRI of each term; unlike in Turtle, its local part may hold slashes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes, self.namespaces = prefixes, Namespaces(prefixes)

    def __missing__(self, term: str) -> str:
        address = term[1:-1]
        found = self.namespaces.split(address)
        short = ":".join(found) if found else next(
            (f"{prefix}:{local}" for prefix, namespace in self.prefixes.items()
             if namespace.endswith("/") and address.startswith(namespace)
             and (local := address.removeprefix(namespace)) and local[0] != "/"), address)
        self[term] = short
        return short


class _Values(dict[str, str]):
    """The JSON text of the values of one key."""

    def __init__(self, rule: Json, compact: _Compact) -> None:
        self.rule, self.compact = rule, compact

    def __missing__(self, term: str) -> str:
        found = self[term] = self._text(term)
        return found

    def _text(self, term: str) -> str:
        if term[0] == '"' and not _ODD.search(term):  # its text is written in JSON as it is in N-Quads
            text, _, tail = term.rpartition('"')
            if tail and tail == f"@{self.rule.get('@language')}":
                return f'{text}"'
            if not tail and "@type" not in self.rule and "@language" not in self.rule:
                return term
        return _json(_value(term, self.rule, self.compact))


_Plan = tuple[Sequence[str], str, Sequence[_Values], Callable[[Sequence[str]], tuple[str, ...]]]
"""The keys of a node, its template, what knows the values of each key, and what puts them in order."""


def _value(term: str, rule: Json, compact: _Compact) -> Any:
    """Return the JSON value of a term under the coercion rule of its key."""
    kind = rule.get("@type")
    if term.startswith("<"):
        address = term[1:-1]
        if rule.get("@id") == "@type" or kind == "@vocab":
            local = address.removeprefix(TRT)
            return local if address.startswith(TRT) and ":" not in local else compact[term]
        return compact[term] if kind == "@id" else {"id": compact[term]}
    text, language, datatype = parts_of(term)
    if language:
        return text if rule.get("@language") == language else {"@value": text, "@language": language}
    prefixes = compact.prefixes
    full = next((prefixes[p] + rest for p, c, rest in [str(kind).partition(":")]
                 if c and p in prefixes), kind)
    if datatype == full:
        return int(text) if datatype == XSD + "integer" else text
    if datatype == XSD + "string" and kind is None and "@language" not in rule:
        return text
    if datatype == XSD + "string":
        return {"@value": text}
    return {"@value": text, "@type": compact[f"<{datatype}>"]}
