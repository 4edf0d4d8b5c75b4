"""A real server on loopback: each IRI by content negotiation, SPARQL, graphs, limits, a clean end."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest

from conftest import ALLIANCE, ROOT, Run
from sites import BROWSER, Answer, call
from treatyrdf.ask import has_word, read_questions
from treatyrdf.dump import digest
from treatyrdf.headers import HEADERS
from treatyrdf.negotiate import choose
from treatyrdf.pool import WORKERS, ask, make_pool, stop

DIST = ROOT / "dist" / "alliance"
BASE = "https://w3id.org/treatyrdf/alliance/"
LINES = (DIST / "alliance.nq").read_text(encoding="utf-8").split("\n")[:-1]
TRIPLES = {line.rpartition(" <")[0] for line in LINES}
GRAPH = {name: f"{BASE}graph/{name}" for name in ("facts", "claims", "sources", "dataset")}
QUESTIONS = read_questions(ALLIANCE)
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (<x:y>|!<x:y>)* ?b . ?c (<x:y>|!<x:y>)* ?d }"
NESTED = "SELECT * { FILTER(" + "(" * 50_000 + "1" + ")" * 50_000 + ") }"


def sparql(url: str, query: str, more: str = "", **headers: str) -> Answer:
    return call(url, f"/sparql?query={quote(query)}{more}", **headers)


def quiet(url: str, query: str) -> None:
    """Ask a server that is about to end."""
    with suppress(OSError, HTTPException):
        sparql(url, query)


def start(*options: str, cwd: Path = ROOT) -> tuple[str, subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-m", "treatyrdf", "serve", "--port", "0", *options], cwd=cwd,
                               stderr=subprocess.PIPE, text=True)
    assert process.stderr
    ready = select.select([process.stderr], [], [], 30)[0]
    line = process.stderr.readline() if ready else "it says nothing"
    found = re.search(r"http://[^/]+", line)
    if not found:
        process.kill()
    assert found, line + process.stderr.read()
    return found[0], process


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    process.send_signal(number)
    try:
        return process.wait(timeout=20)
    finally:
        process.kill()
        assert process.stderr
        process.stderr.close()


def children(process: subprocess.Popen[str]) -> list[int]:
    """The engines of a server: Linux lists them under the thread that started them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == process.pid and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def gone(numbers: list[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{n}").exists() for n in numbers):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(scope="module")
def url(hosted: Path) -> Iterator[str]:
    found, process = start("--out", str(hosted), "--timeout", "3")
    yield found
    assert end(process) == 0


# --- each IRI -----------------------------------------------------------------------------------

NEGOTIATION = [
    (None, 303, "/thing/spock.ttl"), ("*/*", 303, "/thing/spock.ttl"), ("", 303, "/thing/spock.ttl"),
    (BROWSER, 303, "/thing/spock.html"), ("text/html", 303, "/thing/spock.html"), ("text/html, */*", 303, "/thing/spock.html"),
    ("text/turtle", 303, "/thing/spock.ttl"), ("application/ld+json", 303, "/thing/spock.jsonld"),
    ("application/n-triples", 303, "/thing/spock.nt"), ("TEXT/Turtle", 303, "/thing/spock.ttl"),
    ("text/turtle;q=0.9, text/html;q=0.1", 303, "/thing/spock.ttl"),
    ("text/turtle;q=0.1, text/html;q=0.9", 303, "/thing/spock.html"),
    ("text/turtle;q=0, */*;q=0.1", 303, "/thing/spock.jsonld"), ("text/*;q=0.3, application/*", 303, "/thing/spock.jsonld"),
    ("application/rdf+xml, text/turtle;q=0.5", 303, "/thing/spock.ttl"),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', 303, "/thing/spock.jsonld"),
    ("image/png", 406, None), ("text/turtle;q=0", 406, None), ("nonsense", 406, None),
]


@pytest.mark.parametrize(("accept", "status", "location"), NEGOTIATION)
def test_negotiation(url: str, accept: str | None, status: int, location: str | None) -> None:
    got = call(url, "/spock", **({} if accept is None else {"Accept": accept}))
    assert (got.status, got.headers.get("location")) == (status, location)
    if status == 303:
        assert got.headers["vary"] == "Accept"
    else:
        assert "text/turtle, application/ld+json, application/n-triples, text/html" in got.text


@pytest.mark.parametrize(("path", "kind"), [
    ("/thing/spock.ttl", "text/turtle"), ("/thing/spock.jsonld", "application/ld+json"),
    ("/thing/spock.nt", "application/n-triples"), ("/thing/spock.html", "text/html"),
    ("/claim/spock-proposes-alliance.ttl", "text/turtle"), ("/question/who-proposed.nt", "application/n-triples"),
    ("/ontology.ttl", "text/turtle"), ("/ontology.html", "text/html"), ("/file/alliance.ttl", "text/turtle"),
    ("/dataset.jsonld", "application/ld+json"), ("/ontology/context.jsonld", "application/ld+json"),
    ("/file/SHA256SUMS", "text/plain"), ("/", "text/html"), ("/index.html", "text/html"), ("/search.html", "text/html"),
    ("/static/site.css", "text/css"), ("/static/site.js", "text/javascript"),
    ("/static/vendor/oxigraph_bg.wasm", "application/wasm"), ("/ontology/Claim.html", "text/html")])
def test_documents(url: str, path: str, kind: str) -> None:
    got = call(url, path)
    assert (got.status, got.kind) == (200, kind)
    assert got.headers["etag"] and HEADERS.items() <= {k: got.headers.get(k.lower()) for k in HEADERS}.items()


def test_the_same_statements_in_every_form(url: str) -> None:
    def triples(ending: str, kind: ox.RdfFormat) -> set[str]:
        found = {str(t) for t in ox.parse(call(url, f"/thing/spock.{ending}").body, format=kind)}
        return {t for t in found if f"spock.{ending}" not in t}

    lines = triples("nt", ox.RdfFormat.N_TRIPLES)
    assert lines == triples("ttl", ox.RdfFormat.TURTLE) == triples("jsonld", ox.RdfFormat.JSON_LD)


def test_every_iri_is_served_with_all_that_is_said_of_it(url: str) -> None:
    terms = {t for line in TRIPLES for t in (line.split(" ")[0], line.rpartition(" ")[2]) if t.startswith(f"<{BASE}")}
    assert len(terms) > 400
    about: dict[str, set[str]] = {}
    for line in TRIPLES:
        about.setdefault(line.split(" ")[0], set()).add(line)

    def check(term: str) -> None:
        local = term[1:-1].removeprefix(BASE)
        path = "/dataset" if local.startswith("graph/") else f"/{local if '/' in local or local == 'dataset' else f'thing/{local}'}"
        seen = call(url, f"/{local}", Accept="application/n-triples")
        assert (seen.status, seen.headers["location"]) == (303, path + ".nt")
        found = {line.removesuffix(" .") for line in call(url, path + ".nt").text.split("\n") if line}
        topic = f"<{BASE}dataset>" if path == "/dataset" else term
        assert f"<{BASE}{path[1:]}.nt> <http://xmlns.com/foaf/0.1/primaryTopic> {topic}" in found
        wanted = about.get(term, set()) | {line for line in TRIPLES if topic == term and line.endswith(f" {term}")}
        for line in TRIPLES:
            if line.endswith((f"#subject> {term}", f"#object> {term}")):
                wanted |= about[line.split(" ")[0]]
        assert wanted <= found, term

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(check, sorted(terms)))


@pytest.mark.parametrize("path", ["/nobody", "/thing/spock.xyz", "/nobody.ttl", "/spock/", "/file/../pyproject.toml",
                                  "/file/%2e%2e/%2e%2e/pyproject.toml", "/file//etc/passwd", "/%00", "/%3Cscript%3E",
                                  "/../MANIFEST.json", "/..%2fMANIFEST.json", "/%2e%2e%2fMANIFEST.json", "/thing/../spock",
                                  "/..%5cMANIFEST.json", "/thing\\spock.ttl", "//spock.ttl", "/thing/", "/thing", "/static",
                                  "/site/index.html", "/spock%00.ttl", "/spock%0a", "/thing/spock.ttl%00", "/%ff%fe", "/%", "/%zz",
                                  "/Spock", "/graph/nothing", "/version/9", f"/{'a' * 30_000}", "/things", "/sparql/"])
def test_what_is_not_there(url: str, path: str) -> None:
    got = call(url, path)
    assert got.status == 404 and got.kind == "text/plain" and "TRT109" in got.text
    assert call(url, path, "HEAD").status == 404
    page = call(url, path, Accept=BROWSER)
    assert (page.status, page.kind) == (404, "text/html") and "There is no such page" in page.text


def test_files_are_the_dump_itself(url: str) -> None:
    for name in ("alliance.nq", "alliance.ttl", "dataset.ttl", "service.ttl"):
        assert call(url, f"/file/{name}").body == (DIST / name).read_bytes()


def test_the_data_set_and_the_well_known_address(url: str) -> None:
    for path in ("/dataset", "/.well-known/void"):
        assert call(url, path, Accept="text/turtle").headers["location"] == "/dataset.ttl"
    for path in ("/graph/facts", "/version/0.1.0", "/about/build", "/checksum/alliance.nq"):
        assert call(url, path, Accept="text/html").headers["location"] == "/dataset.html"
    assert call(url, "/ontology", Accept=BROWSER).headers["location"] == "/ontology.html"
    assert "What people ask first" in call(url, "/", Accept="text/turtle").text
    text = call(url, "/dataset.ttl").text
    assert f'void:triples "{len(LINES)}"' in text and "dcat:distribution file:alliance-facts.nt" in text


# --- the SPARQL protocol ------------------------------------------------------------------------
# The 34 tests of the W3C suite of the SPARQL 1.1 Protocol, written anew from the specification.
# Those of queries all apply (20). Seven updates must succeed there: update_dataset_default_graph,
# update_dataset_default_graphs, update_dataset_named_graphs, update_dataset_full, update_post_form,
# update_post_direct, update_base_uri; they do not apply to a server that only reads, and are refused
# here. Seven bad_update_* must be refused there too, and are.

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
UPDATE = "INSERT DATA { <https://e.org/s> <https://e.org/p> 1 }"
IN_FACTS = f"<{BASE}alliance-proposal> ?p ?o"
IN_SOURCES = f"<{BASE}article> a ?type"
DEFAULTS = urlencode({"default-graph-uri": [GRAPH["facts"], GRAPH["sources"]]}, doseq=True)
NAMED = urlencode({"named-graph-uri": [GRAPH["facts"], GRAPH["sources"]]}, doseq=True)
BOTH = urlencode({"default-graph-uri": GRAPH["dataset"], "named-graph-uri": [GRAPH["facts"], GRAPH["sources"]]}, doseq=True)
ASK_DEFAULT = f"ASK {{ {IN_FACTS} . {IN_SOURCES} FILTER NOT EXISTS {{ ?c a <https://w3id.org/treatyrdf/ontology#Claim> }} }}"
ASK_NAMED = (f"ASK {{ GRAPH ?g {{ {IN_FACTS} }} GRAPH ?h {{ {IN_SOURCES} }} FILTER NOT EXISTS {{ ?x ?y ?z }}"
             f" FILTER NOT EXISTS {{ GRAPH <{GRAPH['claims']}> {{ ?x ?y ?z }} }} }}")
ASK_FULL = f"ASK {{ <{BASE}dataset> a ?kind GRAPH ?g {{ {IN_FACTS} }} GRAPH ?h {{ {IN_SOURCES} }} }}"
ASK_FROM = f"ASK FROM <{GRAPH['claims']}> {{ {IN_FACTS} FILTER NOT EXISTS {{ ?c a <https://w3id.org/treatyrdf/ontology#Claim> }} }}"


def q(query: str) -> str:
    return urlencode({"query": query})


GOOD = {  # name: method, what stands behind /sparql?, body, its type
    "query_post_form": ("POST", urlencode({"default-graph-uri": GRAPH["facts"]}), q("ASK {}"), FORM),
    "query_dataset_default_graphs_get": ("GET", f"{q(ASK_DEFAULT)}&{DEFAULTS}", None, None),
    "query_dataset_default_graphs_post": ("POST", DEFAULTS, ASK_DEFAULT, DIRECT),
    "query_dataset_named_graphs_post": ("POST", NAMED, ASK_NAMED, DIRECT),
    "query_dataset_named_graphs_get": ("GET", f"{q(ASK_NAMED)}&{NAMED}", None, None),
    "query_dataset_full": ("POST", BOTH, ASK_FULL, DIRECT),
    "query_multiple_dataset": ("POST", urlencode({"default-graph-uri": GRAPH["facts"]}), ASK_FROM, DIRECT),
    "query_get": ("GET", q("ASK {}"), None, None),
    "query_content_type_ask": ("GET", q("ASK {}"), None, None),
    "query_post_direct": ("POST", "", "ASK {}", DIRECT),
}
BAD = {
    "bad_query_method": ("PUT", q("ASK {}"), None, None, 405),
    "bad_multiple_queries": ("GET", f"{q('ASK {}')}&{q('SELECT * {}')}", None, None, 400),
    "bad_query_wrong_media_type": ("POST", "", "ASK {}", "text/plain", 415),
    "bad_query_missing_form_type": ("POST", "", q("ASK {}"), None, 415),
    "bad_query_missing_direct_type": ("POST", "", "ASK {}", None, 415),
    "bad_query_non_utf8": ("POST", "", "ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", 400),
    "bad_query_syntax": ("GET", q("ASK {"), None, None, 400),
    "bad_update_get": ("GET", urlencode({"update": "CLEAR ALL"}), None, None, 403),
    "bad_multiple_updates": ("POST", "", "update=CLEAR+ALL&update=CLEAR+ALL", FORM, 403),
    "bad_update_wrong_media_type": ("POST", "", "CLEAR ALL", "text/plain", 415),
    "bad_update_missing_form_type": ("POST", "", "update=CLEAR+ALL", None, 415),
    "bad_update_non_utf8": ("POST", "", "CLEAR ALL".encode("utf-16"), "application/sparql-update", 400),
    "bad_update_syntax": ("POST", "", "update=CLEAR", FORM, 403),
    "bad_update_dataset_conflict": ("POST", f"using-graph-uri={quote(GRAPH['facts'])}", f"WITH <x:y> {UPDATE}",
                                    "application/sparql-update", 403),
    "update_post_form": ("POST", "", urlencode({"update": UPDATE}), FORM, 403),
    "update_post_direct": ("POST", "", UPDATE, "application/sparql-update", 403),
    "an update for a query": ("POST", "", UPDATE, DIRECT, 400),
    "a query that loads": ("POST", "", "LOAD <http://127.0.0.1:9/>", DIRECT, 400),
    "no query in a form": ("POST", "", "", FORM, 400),
    "a percent that is not UTF-8": ("GET", "query=%FF", None, None, 400),
    "a graph without a scheme": ("GET", f"{q('ASK {}')}&default-graph-uri=facts", None, None, 400),
    "a body too long": ("POST", "", "#" * 300_000, DIRECT, 413),
    "a delete": ("DELETE", "", None, None, 405),
}


@pytest.mark.parametrize("name", GOOD)
def test_protocol(url: str, name: str) -> None:
    method, rest, body, kind = GOOD[name]
    got = call(url, f"/sparql?{rest}" if rest else "/sparql", method, body, **({"Content_Type": kind} if kind else {}))
    assert got.status == 200, got.text
    assert got.kind == "application/sparql-results+json" and json.loads(got.body)["boolean"] is True


@pytest.mark.parametrize("name", BAD)
def test_protocol_refuses(url: str, name: str) -> None:
    method, rest, body, kind, status = BAD[name]
    got = call(url, f"/sparql?{rest}" if rest else "/sparql", method, body, **({"Content_Type": kind} if kind else {}))
    assert (got.status, got.kind) == (status, "text/plain"), got.text
    assert re.fullmatch(r"(request|query)(:\d+:\d+)?: TRT\d{3} .+; .+\n", got.text)


def test_a_malformed_query_is_answered_with_its_place(url: str) -> None:
    assert sparql(url, "SELECT *\n WHERE { ?s ?p }").text.startswith("query:2:17: TRT072 not SPARQL: expected")


@pytest.mark.parametrize(("query", "offers"), [
    ("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 20", {
        "application/sparql-results+json": ox.QueryResultsFormat.JSON, "application/sparql-results+xml": ox.QueryResultsFormat.XML,
        "text/tab-separated-values": ox.QueryResultsFormat.TSV, "application/json": ox.QueryResultsFormat.JSON}),
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o . ?s <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> ?x }", {
        "text/turtle": ox.RdfFormat.TURTLE, "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD, "application/rdf+xml": ox.RdfFormat.RDF_XML}),
    (f"DESCRIBE <{BASE}spock>", {
        "text/turtle": ox.RdfFormat.TURTLE, "application/n-triples": ox.RdfFormat.N_TRIPLES,
        "application/ld+json": ox.RdfFormat.JSON_LD, "application/rdf+xml": ox.RdfFormat.RDF_XML})])
def test_the_same_result_in_every_form(url: str, query: str, offers: dict[str, ox.RdfFormat]) -> None:
    found = []
    for kind, form in offers.items():
        got = sparql(url, query, Accept=f"{kind}, */*;q=0.1")
        assert (got.status, got.kind) == (200, kind)
        assert not kind.startswith("text/") or got.headers["content-type"] == f"{kind}; charset=utf-8"
        parsed = ox.parse_query_results(got.body, form) if "SELECT" in query else ox.parse(got.body, format=form)
        names = sorted(v.value for v in parsed.variables) if "SELECT" in query else ()
        found.append(sorted(str([row[n] for n in names]) if names else str(row) for row in parsed))
    assert found[0] and all(rows == found[0] for rows in found)


@pytest.mark.parametrize(("query", "accept", "status"), [
    ("SELECT * {}", "text/turtle", 406), ("ASK {}", "application/ld+json", 406),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv", 406), ("SELECT * {}", "image/png", 406),
    ("CONSTRUCT { <x:y> <http://e.org/1> 2 } WHERE {}", "application/rdf+xml", 406),  # no XML name
    ("SELECT * {}", "text/turtle, text/csv;q=0.1", 200)])
def test_types_that_do_not_fit(url: str, query: str, accept: str, status: int) -> None:
    got = sparql(url, query, Accept=accept)
    assert got.status == status and ("there is only" in got.text) == (status == 406)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_every_question_gives_the_expected_rows(url: str, question) -> None:  # type: ignore[no-untyped-def]
    wanted = list(csv.reader(io.StringIO((ALLIANCE / "answers" / f"{question.name}.csv").read_text(encoding="utf-8"))))
    for got in (sparql(url, question.sparql, Accept="text/csv"),
                call(url, "/sparql?" + urlencode({"named-graph-uri": list(GRAPH.values())}, doseq=True), "POST",
                     question.sparql, Accept="text/csv", Content_Type=DIRECT)):  # an empty default graph
        assert got.status == 200, got.text
        assert [r or [""] for r in csv.reader(io.StringIO(got.text))] == [r or [""] for r in wanted]


def test_the_default_graph_is_the_union_unless_the_query_says_otherwise(url: str) -> None:
    def count(head: str = "", more: str = "") -> int:
        got = sparql(url, f"SELECT (COUNT(*) AS ?n) {head} {{ ?s ?p ?o }}", more, Accept="text/csv")
        return int(got.text.split()[1])

    sizes = {name: sum(line.endswith(f"<{iri}> .") for line in LINES) for name, iri in GRAPH.items()}
    assert count() == len(TRIPLES)
    assert count(f"FROM <{GRAPH['facts']}>") == sizes["facts"]
    assert count("FROM <http://127.0.0.1:9/x>") == 0
    assert count(f"FROM NAMED <{GRAPH['facts']}>") == 0
    assert count(f"FROM <{GRAPH['facts']}>", f"&default-graph-uri={quote(GRAPH['claims'])}") == sizes["claims"]


def test_the_service_describes_itself(url: str) -> None:
    for kind, form in (("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)):
        got = call(url, "/sparql", Accept=kind)
        assert got.kind == kind
        lines = {str(t) for t in ox.parse(got.body, format=form)}
        sd = "http://www.w3.org/ns/sparql-service-description#"
        assert f"<{url}/sparql#service> <{sd}endpoint> <{url}/sparql>" in lines
        assert f"<{url}/sparql#service> <{sd}feature> <{sd}UnionDefaultGraph>" in lines
        assert {line.rpartition(" ")[2][1:-1] for line in lines if f"<{sd}name>" in line} == set(GRAPH.values())
    page = call(url, "/sparql", Accept=BROWSER)
    assert (page.status, page.headers["location"], page.headers["vary"]) == (303, "/sparql.html", "Accept")
    assert call(url, "/sparql", Accept="image/png").status == 406
    assert "javascript" not in call(url, "/sparql", Host='x">javascript').text


# --- graphs, headers ----------------------------------------------------------------------------


def test_graphs_whole(url: str) -> None:
    for iri in GRAPH.values():
        got = call(url, f"/store?graph={quote(iri)}", Accept="application/n-triples")
        assert set(got.text.split("\n")[:-1]) == {line.removesuffix(f"<{iri}> .") + "." for line in LINES if line.endswith(f"<{iri}> .")}
    whole = call(url, "/store?default", Accept="application/n-triples")
    assert {line.removesuffix(" .") for line in whole.text.split("\n")[:-1]} == TRIPLES


@pytest.mark.parametrize(("method", "rest", "status"), [
    ("GET", "?graph=https://e.org/x", 404), ("GET", "?graph=%3E%7B", 404), ("GET", "", 400),
    ("GET", f"?default&graph={GRAPH['facts']}", 400), ("PUT", "?default", 405), ("POST", "?default", 405),
    ("DELETE", "?default", 405), ("PATCH", "?default", 405), ("HEAD", f"?graph={GRAPH['facts']}", 200)])
def test_graphs_are_only_read(url: str, method: str, rest: str, status: int) -> None:
    got = call(url, f"/store{rest}", method)
    assert got.status == status
    if status == 405:
        assert got.headers["allow"] == "HEAD, GET" or got.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/thing/spock.ttl", "/sparql?query=ASK%7B%7D", "/store?default", "/file/alliance.nq", "/",
                                  "/thing/spock.html", "/static/site.js", "/static/site.css", "/static/vendor/oxigraph_bg.wasm"])
def test_headers(url: str, hosted: Path, path: str) -> None:
    got = call(url, path)
    tag = got.headers["etag"]
    assert tag == f'W/"{digest((hosted / "site" / "SHA256SUMS").read_bytes())}"'
    assert got.headers["access-control-allow-origin"] == "*"
    head = call(url, path, "HEAD")
    assert (head.status, head.body) == (200, b"") and head.headers["content-length"] == str(len(got.body))
    for known in (tag, f'"x", {tag}'):
        unchanged = call(url, path, If_None_Match=known)
        assert (unchanged.status, unchanged.body, unchanged.headers["etag"]) == (304, b"", tag)
    assert call(url, path, If_None_Match='"x"').status == 200
    asked = call(url, path, "OPTIONS", Origin="https://e.org", Access_Control_Request_Method="POST")
    assert asked.status == 204 and "POST" in asked.headers["access-control-allow-methods"]
    if len(got.body) > 1000:
        small = call(url, path, Accept_Encoding="gzip")
        assert small.headers["content-encoding"] == "gzip" and gzip.decompress(small.body) == got.body
        assert "Accept-Encoding" in small.headers["vary"]


# --- limits -------------------------------------------------------------------------------------


def test_a_runaway_query_is_stopped_while_others_are_served(url: str) -> None:
    began = time.monotonic()
    took = []
    with ThreadPoolExecutor(3) as threads:
        runaways = [threads.submit(sparql, url, text) for text in (CROSS, SORTED, PATHS)]
        while not all(r.done() for r in runaways):
            at = time.monotonic()
            assert sparql(url, QUESTIONS[0].sparql).status == 200
            assert call(url, "/thing/spock.html").status == 200
            took.append(time.monotonic() - at)
    assert time.monotonic() - began < 8
    assert len(took) > 5 and max(took) < 2
    answers = [r.result() for r in runaways]
    assert [a.status for a in answers] == [503] * 3
    assert "TRT103 the query was stopped after 3 seconds" in answers[0].text
    assert all(re.match(r"query: TRT10[34] ", a.text) and "retry-after" not in a.headers for a in answers)


def test_an_engine_that_was_killed_is_replaced(hosted: Path) -> None:
    found, process = start("--out", str(hosted))
    try:
        for _ in range(2):
            assert sparql(found, "ASK {}").status == 200
            for engine in children(process):
                os.kill(engine, signal.SIGKILL)
            time.sleep(0.3)
    finally:
        assert end(process) == 0


@pytest.mark.parametrize("query", [NESTED, SORTED])
def test_a_query_that_breaks_its_engine_breaks_no_other(url: str, query: str) -> None:
    got = call(url, "/sparql", "POST", query, Content_Type=DIRECT)
    assert got.status in (400, 503) and re.match(r"query(:\d+:\d+)?: TRT(072|10[34]) ", got.text)
    assert sparql(url, "ASK {}").status == 200


def test_a_client_that_leaves_ends_its_query(url: str) -> None:
    target = urlsplit(url)
    for _ in range(WORKERS):
        with socket.create_connection((target.hostname, target.port)) as client:
            client.sendall(f"GET /sparql?query={quote(CROSS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            time.sleep(0.1)
    began = time.monotonic()
    assert sparql(url, "ASK {}").status == 200
    assert time.monotonic() - began < 2


@pytest.fixture
def canary() -> Iterator[tuple[str, Callable[[], bool]]]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield f"http://127.0.0.1:{door.getsockname()[1]}/", lambda: bool(select.select([door], [], [], 0.3)[0])


@pytest.mark.parametrize("text", ["SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}", "SELECT * {{ service silent<{}>{{}} }}",
                                  "ASK {{ GRAPH ?g {{ ?s ?p ?o }} OPTIONAL {{ SERVICE ?s {{}} }} VALUES ?s {{ <{}> }} }}"])
def test_no_query_reaches_outside(url: str, canary: tuple[str, Callable[[], bool]], text: str) -> None:
    address, reached = canary
    got = sparql(url, text.format(address))
    assert got.status == 403 and "TRT073" in got.text
    assert sparql(url, f"SELECT * FROM <{address}> {{ ?s ?p ?o }}").status == 200
    assert not reached()


def test_an_engine_cannot_open_a_connection(canary: tuple[str, Callable[[], bool]]) -> None:
    address, reached = canary

    async def go() -> str:
        pool = make_pool(b"", 5, 10, {})
        job = {"query": f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", "default_graph": None, "named_graphs": None,
               "union": True, "rows": "text/csv", "graph": None}
        try:
            reply = await ask(pool, job)
            assert reply.reason
            return f"{reply.failure}: {reply.reason()}"
        finally:
            await stop(pool)

    assert asyncio.run(go()).startswith("engine: ")
    assert not reached()


@pytest.fixture(scope="module")
def tight(hosted: Path) -> Iterator[str]:
    found, process = start("--out", str(hosted), "--timeout", "0.5", "--rows", "5")
    yield found
    assert end(process) == 0


@pytest.mark.parametrize("kind", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv",
                                  "text/tab-separated-values"])
def test_no_result_is_cut_short(tight: str, kind: str) -> None:
    values = 'SELECT ?s { VALUES ?s { "}{" "<result>" "a\\n\\"b" UNDEF "" %s } }'
    assert sparql(tight, values % "", Accept=kind).status == 200
    got = sparql(tight, values % '"6"', Accept=kind)
    assert got.status == 403 and got.text.startswith("request: TRT105 more than 5 rows; ")


def test_no_graph_is_cut_short(tight: str) -> None:
    assert sparql(tight, "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o } LIMIT 5 } }").status == 200
    got = sparql(tight, "CONSTRUCT WHERE { ?s ?p ?o }")
    assert got.status == 403 and "TRT105 more than 5 triples" in got.text


def test_overload_is_said_honestly(tight: str) -> None:
    with ThreadPoolExecutor(8 * WORKERS) as threads:
        answers = list(threads.map(lambda _: sparql(tight, CROSS), range(8 * WORKERS)))
    assert {a.status for a in answers} == {503}
    refused = [a for a in answers if "TRT106" in a.text]
    assert refused and all(a.headers["retry-after"] == "1" for a in refused)
    assert all("TRT103" in a.text for a in answers if a not in refused)
    assert sparql(tight, "ASK {}").status == 200


def test_a_short_load_without_errors(hosted: Path) -> None:
    done = subprocess.run([sys.executable, ROOT / "benchmarks" / "serve.py", "--out", hosted, "--clients", "50", "--seconds", "4"],
                          capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    measured = json.loads(done.stdout)
    assert measured["requests"] > 200 and measured["outcomes"]["200"] > 150
    first, _, last = measured["memory MiB at start, middle, end"]
    assert last < 1.5 * first + 100


# --- start and end ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("busy", [False, True])
def test_a_signal_ends_it_with_its_engines(number: int, busy: bool, hosted: Path) -> None:
    found, process = start("--out", str(hosted), "--timeout", "30")
    assert sparql(found, "ASK {}").status == 200
    if busy:
        threading.Thread(target=lambda: quiet(found, CROSS), daemon=True).start()
        time.sleep(0.5)
    engines = children(process)
    assert engines
    began = time.monotonic()
    assert end(process, number) == 0
    assert time.monotonic() - began < 8
    assert gone(engines, 2)


def test_engines_end_when_the_server_is_killed(hosted: Path) -> None:
    found, process = start("--out", str(hosted), "--timeout", "1")
    assert sparql(found, "ASK {}").status == 200
    threading.Thread(target=lambda: quiet(found, CROSS), daemon=True).start()
    time.sleep(0.3)
    engines = children(process)
    assert end(process, signal.SIGKILL) == -signal.SIGKILL
    assert engines and gone(engines, 5)


def test_a_busy_port(treatyrdf: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = str(door.getsockname()[1])
        done = treatyrdf("serve", "--port", port, cwd=ROOT)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"127.0.0.1:{port}: TRT101 is in use by another program; name another port with --port\n"


def test_an_address_of_another_machine(treatyrdf: Run) -> None:
    done = treatyrdf("serve", "--host", "192.0.2.1", cwd=ROOT)
    assert done.returncode == 2 and done.stderr.startswith("192.0.2.1:8080: TRT102 ")


@pytest.mark.parametrize("option", ["--timeout=nan", "--timeout=0", "--timeout=soon", "--rows=0", "--port=65536"])
def test_limits_that_are_none(treatyrdf: Run, option: str) -> None:
    done = treatyrdf("serve", option, cwd=ROOT)
    assert done.returncode == 2 and "Invalid value" in done.stderr


def test_what_was_not_built_is_not_served(treatyrdf: Run, small: Path) -> None:
    done = treatyrdf("serve", small, "--port", "0")
    assert done.returncode == 2 and "TRT096" in done.stderr
    assert treatyrdf("build", small).returncode == 0
    things = small / "things.yaml"
    things.write_text(things.read_text().replace("label: ", "label: New ", 1) if "label: " in things.read_text()
                      else re.sub(r": ([A-Z])", r": New \1", things.read_text(), count=1))
    done = treatyrdf("serve", small, "--port", "0")
    assert done.returncode in (1, 2) and "TRT095" in done.stderr


def test_files_of_another_build_are_not_mixed_in(small: Path, treatyrdf: Run, tmp_path: Path) -> None:
    assert treatyrdf("build", small).returncode == 0
    dist = tmp_path / "dist" / "small"
    found, process = start(str(small), cwd=tmp_path)
    paths = ("/file/small.nq", "/", "/dataset.ttl", "/static/site.css")
    try:
        assert [call(found, path).status for path in paths] == [200] * 4
        sums = dist / "site" / "SHA256SUMS"
        sums.write_text(sums.read_text() + " ")
        for path in paths:
            got = call(found, path)
            assert got.status == 503 and "TRT095" in got.text
        shutil.rmtree(dist)
        assert [call(found, path).status for path in paths] == [503] * 4
    finally:
        assert end(process) == 0


def test_a_data_set_without_a_site_is_not_served(small: Path, treatyrdf: Run, tmp_path: Path) -> None:
    assert treatyrdf("build", small).returncode == 0
    shutil.rmtree(tmp_path / "dist" / "small" / "site")
    done = treatyrdf("serve", small, "--port", "0")
    assert done.returncode == 2 and "TRT133 was built without a site; run `treatyrdf build" in done.stderr


@pytest.mark.parametrize("package", ["starlette", "uvicorn"])
def test_a_missing_package_is_named(package: str) -> None:
    code = f"import sys; sys.modules['{package}'] = None; from treatyrdf.cli import main; main(['serve'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False,
                          env=os.environ, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{package}: TRT100 is not installed; run `pip install 'treatyrdf[serve]'`")


# --- small parts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("accept", "wanted"), [
    ("a/b;q=0.5, a/*;q=0.7", "a/c"), ("a/b;q=0.5, a/c;q=abc", "a/c"), ("a/c;q=0.001", "a/c"), ("a/c;q=1.5", "a/c"),
    (", ,a/c,", "a/c"), ('x/y;p="a/b, a/c"', None), ("*/*;q=0", None), ("a/b;Q=0.2, a/c;q=0.3", "a/c"),
    ("a/b ; q=0.9 , a/c;q=0.8", "a/b"), ("a/c;v=1;q=0.4", "a/c")])
def test_choose(accept: str, wanted: str | None) -> None:
    assert choose(accept, ["a/b", "a/c"]) == wanted


@pytest.mark.parametrize(("query", "used"), [
    ("SELECT * { service<x:y> {} }", True), ("SELECT * {} # \"\n SERVICE <x:y> {}", True),
    ("SELECT * { ?a <x#> ?b SERVICE <z:x> {} }", True), ("SELECT ('''SERVICE''' AS ?x) {}", False),
    ('SELECT ("a"@service AS ?service) {}', False), ("SELECT * { ?a ex:SERVICE service:x . }", False),
    ('SELECT * { ?a ?b "x\\"SERVICE" }', False), ("# SERVICE\nASK {}", False)])
def test_keywords_are_told_from_texts(query: str, used: bool) -> None:
    assert has_word(query, "SERVICE") is used


@pytest.mark.parametrize("text", ["a", '"\\', '"""', "'''\"\"\"", "<", "-", ":", '"\n', "a:", '"', "@", "?"])
def test_no_text_makes_the_search_for_keywords_slow(text: str) -> None:
    began = time.monotonic()
    has_word(text * (200_001 // len(text)), "SERVICE")
    choose(text * (60_001 // len(text)), ["a/b"])
    assert time.monotonic() - began < 2
