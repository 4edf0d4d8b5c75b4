"""Quads -> the bytes of every dump: N-Quads (normative), TriG, Turtle, N-Triples, JSON-LD, RDF 1.2."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Any

from .content import Files, digest
from .errors import RunError
from .model import Quad
from .names import RDF, TRT, XSD, Names, parts_of, shorten
from .turtle import Piece, by_section, head, trig_piece, turtle_piece

Json = dict[str, Any]

_FIRST = ("id", "type", "label", "identifier", "subject", "predicate", "object")
_SAFE = re.compile(r'"([A-Za-z][\w-]*):')


def nquads(quads: Iterable[Quad]) -> str:
    """Return sorted N-Quads lines; without blank nodes that is the RDFC-1.0 canonical form.

    https://www.w3.org/TR/rdf-canon/#canonical-quads
    """
    return "".join(sorted(set(nquad_lines(quads))))


def nquad_lines(quads: Iterable[Quad]) -> Iterator[str]:
    """Yield the N-Quads line of each quad."""
    return (f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)


def fingerprint(lines: Iterable[bytes]) -> int:
    """Return a number that is the same for the same lines in any order."""
    return sum(int.from_bytes(blake2b(line, digest_size=16).digest()) for line in lines)


def ntriples(quads: Iterable[Quad]) -> str:
    """Return sorted N-Triples lines of the union of all graphs."""
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o, _ in quads}))


class Dumps:
    """The files that hold a data set, each written slice by slice."""

    def __init__(self, names: Names, context: Json, title: str) -> None:
        """Keep what all slices share; `context` is the one of JSON-LD."""
        self.names, self.title, self.json = names, title, JsonLd(names, context)
        name = names.dataset
        self.sorted = frozenset({f"{name}.nq", f"{name}-facts.nt"})
        """Files whose lines are sorted and told once, over all slices."""
        self.titles = {f"{name}.trig": "named graphs", f"{name}.ttl": "facts, claims and sources",
                       f"{name}-facts.ttl": "the plain facts", f"{name}-rdf12.ttl": "RDF 1.2"}

    def pieces(self, quads: Sequence[Quad]) -> dict[str, Piece]:
        """Return what a slice gives to each file, by the name of the file."""
        facts = [q for q in quads if q[3] == self.names.graph("facts")]
        name, prefixes, base = self.names.dataset, self.names.prefixes, self.names.base
        return {
            f"{name}.nq": (frozenset(), nquads(quads)),
            f"{name}.trig": trig_piece(quads, prefixes, base),
            f"{name}.ttl": turtle_piece(quads, prefixes, base),
            f"{name}.jsonld": self.json.nodes(quads),
            f"{name}-facts.ttl": turtle_piece(facts, prefixes, base),
            f"{name}-facts.nt": (frozenset(), ntriples(facts)),
            f"{name}-rdf12.ttl": turtle_piece(quads, prefixes, base, reify=True),
        }

    def frame(self, file: str, used: Iterable[str]) -> tuple[str, str, str]:
        """Return what comes before, between and after the pieces of a file."""
        if file in self.titles:
            return head(f"{self.title}: {self.titles[file]}", self.names.prefixes, used), "", ""
        return self.json.frame(used) if file.endswith(".jsonld") else ("", "", "")

    def whole(self, pieces: Mapping[str, Piece]) -> dict[str, str]:
        """Return the files of a single slice."""
        frames = {file: self.frame(file, used) for file, (used, _) in pieces.items()}
        return {file: f"{frames[file][0]}{text}{frames[file][2]}" for file, (_, text) in pieces.items()}


def write_dumps(quads: Sequence[Quad], names: Names, context: Json, title: str) -> dict[str, str]:
    """Return the text of every dump by its file name."""
    dumps = Dumps(names, context, title)
    return dumps.whole(dumps.pieces(quads))


def verify(dumps: Mapping[str, str], names: Names) -> None:
    """Parse every dump back and compare it with the N-Quads; raises RunError on a difference."""
    import pyoxigraph as ox

    name = names.dataset
    quads = _lines(dumps[f"{name}.nq"])
    union = {line.rpartition(" <")[0] for line in quads}
    facts = _lines(dumps[f"{name}-facts.nt"])
    triples = {f"{name}.ttl": (ox.RdfFormat.TURTLE, union),
               f"{name}.jsonld": (ox.RdfFormat.JSON_LD, union),
               f"{name}-facts.ttl": (ox.RdfFormat.TURTLE, facts),
               f"{name}-facts.nt": (ox.RdfFormat.N_TRIPLES, facts),
               f"{name}-rdf12.ttl": (ox.RdfFormat.TURTLE, union)}
    for file, (kind, lines) in triples.items():
        found = {str(q) for q in ox.parse(dumps[file].encode(), format=kind)}
        _same(file, _unreified(found), lines)
    for file, kind in ((f"{name}.trig", ox.RdfFormat.TRIG), (f"{name}.nq", ox.RdfFormat.N_QUADS)):
        _same(file, {str(q) for q in ox.parse(dumps[file].encode(), format=kind)}, quads)


def _lines(text: str) -> set[str]:
    """Return statements without their final dot; only LF ends a line, U+2028 does not."""
    return {line.removesuffix(" .") for line in text.split("\n") if line}


def _unreified(lines: set[str]) -> set[str]:
    """Return triples with each rdf:reifies triple of RDF 1.2 as the three it stands for."""
    found = set()
    for line in lines:
        node, reifies, triple = line.partition(f" <{RDF}reifies> <<( ")
        if reifies:
            parts = zip(("subject", "predicate", "object"), triple.removesuffix(" )>>").split(" ", 2),
                        strict=True)
            found |= {f"{node} <{RDF}{name}> {term}" for name, term in parts}
        else:
            found.add(line)
    return found


def _same(file: str, found: set[str], lines: set[str]) -> None:
    if found != lines:
        odd = sorted(found ^ lines)[0]
        raise RunError.of("TRT090", file, f"does not read back as the same graph: {odd}",
                          "report this; nothing was written")


def sums(files: Files) -> bytes:
    """Return the lines of SHA256SUMS for files by their content."""
    return sum_lines({name: digest(content) for name, content in files.items()})


def sum_lines(digests: Mapping[str, str]) -> bytes:
    """Return the lines of SHA256SUMS for files by their sums, as `sha256sum --check` reads them."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


# --- JSON-LD --------------------------------------------------------------------------------


def jsonld(quads: Iterable[Quad], names: Names, context: Json) -> str:
    """Return compact JSON-LD 1.1 with its context inside (https://www.w3.org/TR/json-ld11/)."""
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

    def write(self, quads: Iterable[Quad]) -> str:
        """Return the union of the graphs of `quads`."""
        used, graph = self.nodes(quads)
        before, _, after = self.frame(used)
        return f"{before}{graph}{after}"

    def nodes(self, quads: Iterable[Quad]) -> Piece:
        """Return the nodes of the union of the graphs, and the words of the context that they use."""
        if len(self.compact) > _KNOWN:
            self.compact.clear()
        nodes: list[str] = []
        used = {"id", "type"}
        triples = sorted({q[:3] for q in quads}, key=lambda t: (by_section(t[0], self.base), t))
        for subject, group in groupby(triples, key=lambda t: t[0]):
            node: Json = {"id": self.compact[subject]}
            for predicate, pairs in groupby(group, key=lambda t: t[1]):
                key, rule = self.terms.get(predicate[1:-1]) or (self.compact[predicate], {})
                values = [_value(o, rule, self.compact) for _, _, o in pairs]
                node[key] = values[0] if len(values) == 1 else values
            used.update(node)
            front = {k: node.pop(k) for k in _FIRST if k in node}
            lines = (f"  {_json(key)}: {_json(value)}" for key, value in (front | node).items())
            nodes.append(" {\n" + ",\n".join(lines) + "\n }")
        graph = ",\n".join(nodes)
        return frozenset(used.union(_SAFE.findall(graph))), graph

    def frame(self, words: Iterable[str]) -> tuple[str, str, str]:
        """Return what comes before, between and after nodes that use some words of the context."""
        used = set(words)
        local = {k: v for k, v in self.every.items() if k[0] == "@" or k in used}
        ruled = _json([rule for rule in local.values() if not isinstance(rule, str) or ":" in rule])
        first = {k: v for k, v in local.items() if k[0] == "@" or str(v)[0] == "@"}
        first |= {p: n for p, n in sorted(self.prefixes.items()) if p in local or f'"{p}:' in ruled}
        terms = ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in (first | local).items())
        return f'{{\n "@context": {{\n{terms}\n }},\n "@graph": [\n', ",\n", "\n ]\n}\n"


_KNOWN = 50_000
"""Compact IRIs that are kept from one document to the next."""


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
        self.prefixes = prefixes

    def __missing__(self, term: str) -> str:
        address = term[1:-1]
        short = shorten(address, self.prefixes) or next(
            (f"{prefix}:{local}" for prefix, namespace in self.prefixes.items()
             if namespace.endswith("/") and address.startswith(namespace)
             and (local := address.removeprefix(namespace)) and local[0] != "/"), address)
        self[term] = short
        return short


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
