"""Triplestores over HTTP: where each answers queries and takes graphs, and what its refusals mean.

SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/) for questions, Graph Store Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/) for graphs, SPARQL Update where there is no graph store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit, urlunsplit

from .errors import RunError
from .names import RDF

if TYPE_CHECKING:
    import httpx

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"


@dataclass(frozen=True)
class Kind:
    """How a kind of store is addressed below its URL, and how it asks who is there."""

    name: str
    query: str
    graphs: str = ""
    parameter: str = "graph"
    update: str = ""
    digest: bool = False
    server: str = ""
    """What its Server header begins with, where its paths are those of another kind too."""
    most: int = 0
    """Triples that it gives out at once, 0 for any number."""
    part: int = 1_000_000
    """Triples that it takes at once; a larger graph is sent in parts of so many."""


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (
    Kind("virtuoso", "/sparql", "/sparql-graph-crud-auth", "graph-uri", digest=True, server="Virtuoso", most=800_000,
         part=100_000),
    Kind("oxigraph", "/query", "/store", server="Oxigraph"),
    Kind("fuseki", "/sparql", "/data"),
    Kind("rdf4j", "", "/rdf-graphs/service"),
    Kind("graph-store", "/sparql", "/data"),
    Kind("update", "/sparql", update="/update"),
)}
"""Kinds of store in the order in which they are tried; the last two are named by the user only."""

GUESSED = ("virtuoso", "oxigraph", "fuseki", "rdf4j")
_PROBE = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"
_LINES = 2000
"""Triples in one INSERT DATA request."""
_STRETCH = 5000
"""Triples sent at a time."""


@dataclass(frozen=True)
class Access:
    """Who loads: a name and password, or neither (then netrc is asked)."""

    user: str = ""
    password: str = ""


class Body:
    """Lines as the body of a request, which may be sent again; it tells how far it is on the way."""

    def __init__(self, lines: Sequence[str], told: Callable[[int], None]) -> None:
        """Keep the lines; `told` is called after each 100,000 of them, and at the end."""
        self.lines, self.told = lines, told
        self.length = sum(len(line.encode()) + 1 for line in lines)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the lines in stretches."""
        for start in range(0, len(self.lines), _STRETCH):
            yield "".join(f"{line}\n" for line in self.lines[start:start + _STRETCH]).encode()
            sent = min(start + _STRETCH, len(self.lines))
            if sent % 100_000 == 0 or sent == len(self.lines):
                self.told(sent)


class _Stream:
    """The pieces of a reply, read as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, b""

    def read(self, size: int) -> bytes:
        """Return at most so many bytes, none at the end."""
        block = self.rest or next(self.pieces, b"")
        self.rest = block[size:]
        return block[:size]


class Remote:
    """One store, reached through its own interface; close it after use."""

    def __init__(self, url: str, access: Access, seconds: float, kind: Kind | None = None,
                 query: str = "", target: str = "") -> None:
        """Keep the address without any credentials in it; `query` and `target` replace its endpoints."""
        import httpx

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RunError.of("TRT110", _shown(url), "is not the address of a store",
                              "write one such as http://localhost:7878")
        user = access.user or parts.username or ""
        password = access.password or parts.password or ""
        if not user:
            user, password = _netrc(parts.hostname)
        self.url = _shown(url)
        self.client = httpx.Client(timeout=httpx.Timeout(seconds, connect=10), follow_redirects=True)
        self.kind = kind or self._guess()
        self.query_url = query or self.url + self.kind.query
        self.target_url = target or self.url + (self.kind.graphs or self.kind.update)
        if user:
            digest = self.kind.digest
            self.client.auth = httpx.DigestAuth(user, password) if digest else httpx.BasicAuth(user, password)

    def close(self) -> None:
        """End the connection."""
        self.client.close()

    def _guess(self) -> Kind:
        """Return the kind of store that answers at the address."""
        for name in GUESSED:
            kind = KINDS[name]
            answer = self._send("GET", self.url + kind.query, params={"query": _PROBE},
                                headers={"Accept": JSON})
            if (answer.status_code in (200, 401) and answer.headers.get("server", "").startswith(kind.server)
                    and ("bindings" in answer.text or answer.status_code == 401)):
                return kind
        raise RunError.of("TRT112", self.url, "answers no query as a known store does",
                          "give the address of a data set or repository, or say `--store` and `--query`")

    def _send(self, method: str, url: str, **options: Any) -> httpx.Response:
        import httpx

        try:
            return self.client.request(method, url, **options)
        except httpx.TransportError as error:
            raise self._unreached(error) from None

    def _unreached(self, error: httpx.TransportError) -> RunError:
        import httpx

        if isinstance(error, httpx.TimeoutException):
            return RunError.of("TRT110", self.url, "does not answer in time",
                               "see whether it is busy, or give it more with `--timeout`")
        return RunError.of("TRT110", self.url, f"cannot be reached: {str(error) or 'connection lost'}",
                           "start the store, or mend the address; run again to finish")

    def _checked(self, answer: httpx.Response) -> httpx.Response:
        """Return an answer that is good, or say what its status means."""
        code = answer.status_code
        if code < 300:
            return answer
        if code in (401, 403):
            raise RunError.of("TRT111", self.url, f"refuses this user ({code})",
                              "give `--user` and TREATYRDF_PASSWORD, or an entry in ~/.netrc")
        if code == 404:
            raise RunError.of("TRT112", self.url, "has no such data set or repository (404)",
                              "make it in the store first, or mend the address")
        first = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text)).strip()[:160]
        raise RunError.of("TRT113", self.url, f"refuses the request ({code}): {first or 'no reason given'}",
                          "see the log of the store")

    # --- questions ----------------------------------------------------------------------------

    def select(self, sparql: str) -> tuple[list[str], list[list[str]]]:
        """Return columns and rows, each cell as its IRI or lexical form, empty for none."""
        answer = self._checked(self._send("POST", self.query_url, data={"query": sparql},
                                          headers={"Accept": JSON}))
        try:
            found = answer.json()
            columns = list(found["head"]["vars"])
            return columns, [[str(row.get(c, {}).get("value", "")) for c in columns]
                             for row in found["results"]["bindings"]]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise RunError.of("TRT113", self.url, "answers a query with something else than rows",
                              "give the address of its SPARQL endpoint with `--query`") from None

    def count(self, graph: str) -> int:
        """Return how many triples a graph holds."""
        _, rows = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return int(rows[0][0]) if rows and rows[0][0] else 0

    # --- graphs -------------------------------------------------------------------------------

    def read(self, graph: str) -> Iterator[str]:
        """Yield the triples of a graph as canonical N-Triples lines, in any order, as they come."""
        if self.kind.update:
            yield from self._construct(graph, "?s ?p ?o")
        elif self.kind.most and self.count(graph) > self.kind.most:
            yield from self._parts(graph)
        else:
            yield from self._triples("GET", self.target_url, params={self.kind.parameter: graph})

    def _triples(self, method: str, url: str, **options: Any) -> Iterator[str]:
        """Yield the lines of a reply while it comes; a graph that is not there has none."""
        import httpx
        import pyoxigraph as ox

        try:
            with self.client.stream(method, url, headers={"Accept": NTRIPLES}, **options) as answer:
                if answer.status_code >= 300:
                    answer.read()
                if answer.status_code == 404:
                    return
                self._checked(answer)
                for triple in ox.parse(cast("IO[bytes]", _Stream(answer.iter_bytes())), format=ox.RdfFormat.N_TRIPLES):
                    yield f"{triple.subject} {triple.predicate} {triple.object} ."
        except SyntaxError as error:
            raise RunError.of("TRT113", self.url, f"gives a graph that is not N-Triples: {error}",
                              "see the log of the store") from None
        except httpx.TransportError as error:
            raise self._unreached(error) from None

    def _parts(self, graph: str) -> Iterator[str]:
        """Yield a graph that is too large to be given out at once: by property, rdf:type by class.

        Another property that is too large is read by the last sign of its subjects, which takes long.
        """
        for predicate, count in self._counts(graph, "?s ?by ?o"):
            triple = f"?s <{predicate}> ?o"
            if count <= self.kind.most:
                yield from self._construct(graph, triple)
            elif predicate == f"{RDF}type":
                for class_, _ in self._counts(graph, f"?s <{predicate}> ?by"):
                    yield from self._construct(graph, f"?s <{predicate}> <{class_}>")
            else:
                _, ends = self.select("SELECT DISTINCT (SUBSTR(STR(?s), STRLEN(STR(?s)), 1) AS ?end) "
                                      f"WHERE {{ GRAPH <{graph}> {{ {triple} }} }}")
                for (end,) in ends:
                    yield from self._construct(graph, triple, f'FILTER (STRENDS(STR(?s), "{end}"))')

    def _counts(self, graph: str, triple: str) -> list[tuple[str, int]]:
        """Return how many triples there are by what ?by stands for."""
        _, rows = self.select(f"SELECT ?by (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ {triple} }} }} GROUP BY ?by")
        return [(term, int(count)) for term, count in rows]

    def _construct(self, graph: str, triple: str, only: str = "") -> Iterator[str]:
        query = f"CONSTRUCT {{ {triple} }} WHERE {{ GRAPH <{graph}> {{ {triple} }} {only} }}"
        return self._triples("POST", self.query_url, data={"query": query})

    def write(self, graph: str, lines: Sequence[str], told: Callable[[str], None]) -> None:
        """Replace a graph: in one request where there is a graph store, so that it is all or nothing.

        A graph of more than `Kind.part` triples is sent in parts.
        """
        if not self.kind.update:
            size = self.kind.part
            for start in range(0, len(lines) or 1, size):
                body = Body(lines[start:start + size],
                            lambda sent, before=start: told(  # type: ignore[misc]
                                f"{graph}: {before + sent} of {len(lines)} triples"))
                self._checked(self._send(
                    "POST" if start else "PUT", self.target_url, params={self.kind.parameter: graph}, content=body,
                    headers={"Content-Type": NTRIPLES, "Content-Length": str(body.length)}))
            return
        for update in _updates(graph, lines):
            self._checked(self._send("POST", self.target_url, data={"update": update}))


def _updates(graph: str, lines: Sequence[str]) -> Iterator[str]:
    yield f"DROP SILENT GRAPH <{graph}>"
    for start in range(0, len(lines), _LINES):
        triples = "\n".join(lines[start:start + _LINES])
        yield f"INSERT DATA {{ GRAPH <{graph}> {{\n{triples}\n}} }}"


def _netrc(host: str) -> tuple[str, str]:
    """Return name and password that ~/.netrc has for a host, empty where it has none."""
    from netrc import NetrcParseError, netrc

    try:
        found = netrc().authenticators(host)
    except (OSError, NetrcParseError):
        found = None
    return (found[0], found[2] or "") if found else ("", "")


def _shown(url: str) -> str:
    """Return an address without the credentials in it, and without a closing slash."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
