"""Quads -> compact JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/), its context inside, with the words it uses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import getitem, itemgetter
from typing import Any, NamedTuple

from .model import Quad
from .names import RDF, TRT, XSD, Names, Namespaces, parts_of
from .turtle import Node, Piece, nodes

Json = dict[str, Any]

_FIRST = ("id", "type", "label", "identifier", "subject", "predicate", "object")
_SAFE = re.compile(r'"([A-Za-z][\w-]*):')
_ODD = re.compile(r"\\u|\x7f")
"""What N-Quads and JSON escape otherwise."""
_KNOWN = 10_000
"""Values that are kept from one document to the next."""
_PLANS = 10_000
"""Plans of nodes that are kept."""


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
        used, graph = self.piece(nodes(quads, self.base))
        before, _, after = self.frame(used)
        return f"{before}{graph}{after}"

    def piece(self, described: Iterable[Node]) -> Piece:
        """Return nodes as JSON, by section, and the words of the context that they use."""
        for known in (self.compact, *self._values.values()):
            if len(known) > _KNOWN:
                known.clear()
        if len(self._plans) > _PLANS:
            self._plans.clear()
        found: dict[int, list[str]] = {}
        seen, shown = set[tuple[str, ...]](), set[str]()
        for subject, place, predicates, values in described:
            plan = self._plans.get(predicates) or self._plan(predicates)
            texts = [_json(self.compact[subject]), *map(getitem, plan.values, values)]
            found.setdefault(place, []).append(plan.template % plan.put(texts))
            seen.add(predicates)
            shown.update(texts)
        plans = [self._plans[predicates] for predicates in seen]
        words = _SAFE.findall("\n".join(chain(shown, (plan.template for plan in plans))))
        graph = ",\n".join(text for place in sorted(found) for text in found[place])
        return frozenset({"id", "type"}.union(words, *(plan.keys for plan in plans))), graph

    def _plan(self, predicates: tuple[str, ...]) -> _Plan:
        """Return how nodes with these predicates are written."""
        places: dict[str, list[int]] = {}
        for place, predicate in enumerate(predicates, 1):
            places.setdefault(predicate, []).append(place)
        terms = {p: self.terms.get(p[1:-1]) or (self.compact[p], {}) for p in places}
        rank = {key: place for place, key in enumerate(_FIRST)}
        order = sorted(places, key=lambda p: rank.get(terms[p][0], len(_FIRST)))
        lines = ['  "id": %s', *(f"  {_json(terms[p][0]).replace('%', '%%')}: {_slots(len(places[p]))}" for p in order)]
        plan = self._plans[predicates] = _Plan(
            frozenset(key for key, _ in terms.values()), " {\n" + ",\n".join(lines) + "\n }",
            tuple(self._values.setdefault(p, _Values(terms[p][1], self.compact)) for p in predicates),
            itemgetter(0, *(place for p in order for place in places[p])))
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


_json = json.JSONEncoder(ensure_ascii=False).encode


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


class _Plan(NamedTuple):
    """How nodes with the same predicates are written."""

    keys: frozenset[str]
    template: str
    values: Sequence[_Values]
    """What knows the text of each value."""
    put: Callable[[Sequence[str]], object]
    """What puts the texts of a subject and its values in the order of the template."""


def _slots(number: int) -> str:
    return f"[{', '.join(['%s'] * number)}]" if number > 1 else "%s"


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
