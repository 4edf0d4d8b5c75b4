"""The rules for web servers, in real ones on loopback: every Accept header leads where `choose` leads."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx
import pyoxigraph as ox
import pytest

from conftest import ALLIANCE, ROOT
from sites import BROWSER, Answer, Made, call, make, write_site
from treatyrdf.documents import ENDINGS, FORMS, RECORDS, SHARD, document, documents, shards
from treatyrdf.headers import CSP, CSP_QUERY, HEADERS
from treatyrdf.hosting import rules
from treatyrdf.names import ONTOLOGY
from treatyrdf.negotiate import choose
from treatyrdf.pool import make_pool
from treatyrdf.serve import Served, make_app

DIST = ROOT / "dist" / "alliance"
BASE = "https://w3id.org/treatyrdf/alliance/"
SUB = "/some/where/alliance/"
SPLIT = frozenset({"thing", "claim", "passage", "silence"})
TOPIC = "http://xmlns.com/foaf/0.1/primaryTopic"

ACCEPTS = (
    None, "", " ", "*/*", BROWSER, "text/html", "text/turtle", "application/ld+json", "application/n-triples",
    "TEXT/Turtle", "Application/LD+JSON;Q=0.5, text/html;q=0.4", "text/*", "text/*, application/ld+json",
    "text/html, */*", "text/turtle;q=0.9, text/html;q=0.1", "text/turtle;q=0.1, text/html;q=0.9",
    "text/turtle;q=0, */*;q=0.1", "text/*;q=0.3, application/*", "application/rdf+xml, text/turtle;q=0.5",
    "text/html;q=0.5, text/*, */*;q=0.1", "application/*", "application/*;q=0.5, text/*;q=0.5",
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x"', 'x/y;p="a/b, text/html"',
    'x/y;p="text/html", application/n-triples;q=0.2', "text/turtle ; q=0.2 , text/html;q=0.3", ", ,text/html,",
    'text/html;x="a,b";q=0.3, text/turtle;q=0.5', 'text/html;x="a;b";q=0.3, text/turtle;q=0.5',
    'text/html;x="a;q=0.1";q=0.3, application/n-triples;q=0.2', "text/html;level=1;q=0.4, text/turtle;q=0.3", "text/html;q=abc", "text/html;q=1.5, text/turtle", "text/turtle;q=0.001",
    "text/html;q=0.05, text/turtle;q=0.1", "text/html;q=1.000, text/turtle;q=0.999", "image/png", "text/turtle;q=0",
    "*/*;q=0", "nonsense", "application/rdf+xml", "text/turtlex, text/html;q=0.1", "application/ld json",
    "text/html" + ", image/x" * 500, "image/x, " * 500 + "text/html;q=0.3",
)

LOCALS = ("spock", "alliance-proposal", "policy", "claim/spock-proposes-alliance", "passage/article.1.2",
          "silence/ambassador-unknown.affiliatedWith", "evidence/article.1.2.alliances-tail", "citation/ds9-mention",
          "attribution/article.tng-sarek.william-riker", "attribution/article", "state/federation-klingon-alliance.0",
          "question/who-proposed", "dataset", "graph/facts", "version/0.1.0", "about/build", "checksum/alliance.nq",
          "curated/claims.yaml")
FILES = {"": "text/html; charset=utf-8", "index.html": "text/html; charset=utf-8", "file/alliance.nq": "application/n-quads",
         "file/alliance.ttl": "text/turtle; charset=utf-8", "file/alliance.trig": "application/trig",
         "file/alliance.jsonld": "application/ld+json", "file/alliance-facts.nt": "application/n-triples",
         "file/NOTES": "text/plain; charset=utf-8", "static/site.css": "text/css; charset=utf-8",
         "static/site.js": "text/javascript; charset=utf-8", "static/vendor/engine.wasm": "application/wasm",
         "ontology.ttl": "text/turtle; charset=utf-8", "ontology/Claim.html": "text/html; charset=utf-8",
         "ontology/context.jsonld": "application/ld+json", "things.html": "text/html; charset=utf-8"}
MISSING = ("nobody", "claim/nobody", "claim", "thing", "static", "claim/", "thing/spock/", "thing/spock.xyz", "Spock", "a/b/c/d",
           "claim/a/b", "things", "static/nothing.js", "%3Cscript%3E", "spock%0d%0aX-Evil:%201", "x" * 5000)

class Hosts(NamedTuple):
    """The addresses of the sites that a server has."""

    root: str
    below: str
    split: str


# --- servers --------------------------------------------------------------------------------------


def ports(number: int) -> list[int]:
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    found = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return found


@contextlib.contextmanager
def running(command: list[str], wanted: list[int], log: Path) -> Iterator[None]:
    """Run a server that stays in the foreground until all its ports answer; end it afterwards."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 20
            for port in wanted:
                while True:
                    try:
                        socket.create_connection(("127.0.0.1", port), 1).close()
                        break
                    except OSError:
                        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                        time.sleep(0.05)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="module")
def made() -> Made:
    return make(ALLIANCE, DIST)


@pytest.fixture(scope="module")
def folder(made: Made) -> Iterator[Path]:
    """Sites at a root, below a path, and with split folders, where a server without rights can read them."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        write_site(made, place / "root")
        shutil.copytree(place / "root", place / "below" / SUB.strip("/"))
        write_site(made, place / "split", SPLIT)
        yield place


@pytest.fixture(scope="module")
def nginx(folder: Path, tool: Callable[[str], str]) -> Iterator[Hosts]:
    command = tool("nginx")
    root, below, split = wanted = ports(3)

    def server(port: int, place: str, path: str) -> str:
        rules = f"{folder}/{place}{path}nginx.conf"
        return (f"server {{ listen 127.0.0.1:{port}; root {folder}/{place};\n"
                f" location {path} {{ set $trt_alliance {path}; include {rules}; }} }}\n")

    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # Two sites of one server share their maps, so the split one has a process of its own.
    for name, hosts in (("nginx", server(root, "root", "/") + server(below, "below", SUB)), ("nginx-split", server(split, "split", "/"))):
        maps = f"{folder}/{'split' if name == 'nginx-split' else 'root'}/nginx-map.conf"
        (folder / f"{name}.conf").write_text(
            f"{'user root;' if os.geteuid() == 0 else ''} daemon off; pid {folder}/{name}.pid; error_log stderr;\n"
            f"events {{}}\nhttp {{ access_log off; {temporary}\ninclude {maps};\n{hosts} }}\n")

    def start(name: str) -> list[str]:
        return [command, "-p", str(folder), "-e", "stderr", "-c", str(folder / f"{name}.conf")]

    with (running(start("nginx"), wanted[:2], folder / "nginx.log"),
          running(start("nginx-split"), wanted[2:], folder / "nginx-split.log")):
        yield Hosts(f"http://127.0.0.1:{root}/", f"http://127.0.0.1:{below}{SUB}", f"http://127.0.0.1:{split}/")


@pytest.fixture(scope="module")
def apache_hosts(folder: Path, made: Made, tool: Callable[[str], str]) -> Iterator[tuple[Hosts, str]]:
    """The sites in Apache, and a host that redirects to the one below a path."""
    command = tool("apache2")
    modules = Path("/usr/lib/apache2/modules")
    root, below, split, w3id = wanted = ports(4)
    landing = f"http://127.0.0.1:{below}{SUB}"
    (folder / "w3id" / "treatyrdf").mkdir(parents=True)
    (folder / "w3id" / "treatyrdf" / ".htaccess").write_text(rules(made.moved(landing), frozenset())["w3id/.htaccess"])
    loaded = "".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n" for name in (
        "mpm_event", "authz_core", "dir", "mime", "headers", "rewrite", "negotiation", "autoindex", "alias"))
    hosts = "".join(f"Listen 127.0.0.1:{port}\n<VirtualHost *:{port}>\nDocumentRoot {folder}/{place}\n</VirtualHost>\n"
                    for port, place in ((root, "root"), (split, "split"), (w3id, "w3id")))
    hosts += (f"Listen 127.0.0.1:{below}\n<VirtualHost *:{below}>\nDocumentRoot {folder}/empty\n"
              f"Alias {SUB.rstrip('/')} {folder}/below{SUB.rstrip('/')}\n</VirtualHost>\n")
    (folder / "empty").mkdir()
    types = folder / "mime.types"
    types.write_text("")
    (folder / "apache.conf").write_text(
        f"{loaded}ServerName localhost\nServerRoot {folder}\nPidFile {folder}/apache.pid\nErrorLog /dev/stderr\n"
        f"DefaultRuntimeDir {folder}\nMutex default:{folder}\nTypesConfig {types}\nStartServers 1\n"
        f"{'User www-data' if os.geteuid() == 0 else ''}\n{'Group www-data' if os.geteuid() == 0 else ''}\n"
        f"<Directory {folder}>\nAllowOverride All\nRequire all granted\nOptions Indexes FollowSymLinks MultiViews\n</Directory>\n{hosts}")
    with running([command, "-f", str(folder / "apache.conf"), "-DFOREGROUND"], wanted, folder / "apache.log"):
        yield (Hosts(f"http://127.0.0.1:{root}/", landing, f"http://127.0.0.1:{split}/"), f"http://127.0.0.1:{w3id}/treatyrdf/")


@pytest.fixture(scope="module")
def apache(apache_hosts: tuple[Hosts, str]) -> Hosts:
    return apache_hosts[0]


@pytest.fixture(scope="module")
def w3id(apache_hosts: tuple[Hosts, str]) -> str:
    return apache_hosts[1]


@pytest.fixture(params=[(server, place) for server in ("nginx", "apache") for place in Hosts._fields], ids="-".join)
def host(request: pytest.FixtureRequest) -> tuple[str, frozenset[str]]:
    """Each address of a site, and the folders that are split there."""
    server, place = request.param
    return getattr(request.getfixturevalue(server), place), SPLIT if place == "split" else frozenset()


def ask(url: str, accept: str | None = None, method: str = "GET") -> Answer:
    parts = urlsplit(url)
    return call(url, parts.path, method, **({} if accept is None else {"Accept": accept}))


def check_document(url: str, kind: str, topic: str) -> None:
    """A document is there, of the right type, about the right thing, with all headers."""
    got = ask(url)
    wanted = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    assert (got.status, got.headers["content-type"]) == (200, wanted), url
    assert {k: got.headers.get(k.lower()) for k in HEADERS} == dict(HEADERS)
    forms = {"text/turtle": ox.RdfFormat.TURTLE, "application/ld+json": ox.RdfFormat.JSON_LD,
             "application/n-triples": ox.RdfFormat.N_TRIPLES}
    if kind in forms:
        topics = {(t.subject.value, t.object.value) for t in ox.parse(got.body, format=forms[kind]) if t.predicate.value == TOPIC}
        assert {t for _, t in topics} == {topic}
        (page,) = (p for p, _ in topics)
        assert url.endswith(page.removeprefix(BASE))


def topic(local: str) -> str:
    return BASE + ("dataset" if document(local, frozenset()) == "dataset" else local)


# --- the site ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ACCEPTS, ids=repr)
def test_each_header_leads_where_choose_leads(host: tuple[str, frozenset[str]], accept: str | None) -> None:
    url, sharded = host
    kind = choose(accept or "", list(ENDINGS))
    for local in ("spock", "claim/spock-proposes-alliance", "graph/facts"):
        got = ask(url + local, accept)
        assert got.headers["vary"] == "Accept"
        assert {k: got.headers.get(k.lower()) for k in HEADERS} == dict(HEADERS)
        if kind is None:
            assert got.status == 406 and "text/turtle, application/ld+json, application/n-triples, text/html" in got.text
            continue
        assert got.status == 303
        place = urljoin(url + local, got.headers["location"])
        assert place == f"{url}{document(local, sharded)}.{ENDINGS[kind]}"
        check_document(place, kind, topic(local))


def test_headers_made_at_random(host: tuple[str, frozenset[str]]) -> None:
    url, sharded = host
    dice = random.Random(5)
    names = [*ENDINGS, "text/*", "application/*", "*/*", "image/png", "application/rdf+xml"]
    for _ in range(300):
        accept = ", ".join(dice.choice(names) + dice.choice(("", "", ";q=0", ";q=0.1", ";q=0.5", ";q=0.9", ";q=1.0", ";v=b3;q=0.7"))
                           for _ in range(dice.randint(1, 5)))
        kind = choose(accept, list(ENDINGS))
        got = ask(url + "spock", accept, "HEAD")
        where = got.headers.get("location")
        assert (got.status, where and urljoin(url, where)) == (
            (303, f"{url}{document('spock', sharded)}.{ENDINGS[kind]}") if kind else (406, None)), accept


@pytest.mark.parametrize("local", LOCALS)
def test_each_kind_of_iri(host: tuple[str, frozenset[str]], local: str) -> None:
    url, sharded = host
    for kind, ending in ENDINGS.items():
        got = ask(url + local, kind)
        assert got.status == 303
        place = urljoin(url + local, got.headers["location"])
        assert place == f"{url}{document(local, sharded)}.{ending}"
        check_document(place, kind, topic(local))


@pytest.mark.parametrize("name", FILES)
def test_files_are_themselves(host: tuple[str, frozenset[str]], name: str) -> None:
    for accept in (None, BROWSER, "image/png", "text/turtle"):
        got = ask(host[0] + name, accept)
        assert (got.status, got.headers["content-type"]) == (200, FILES[name])
        assert {k: got.headers.get(k.lower()) for k in HEADERS} == dict(HEADERS)


@pytest.mark.parametrize("name", MISSING)
def test_what_is_not_there(host: tuple[str, frozenset[str]], name: str) -> None:
    for accept in (None, BROWSER, "image/png"):
        got = ask(host[0] + name, accept)
        if len(name) > 1000:
            assert got.status in (403, 404, 414)
            continue
        assert (got.status, got.kind) == (404, "text/html"), got
        assert "<title>404<" in got.text and "x-evil" not in got.headers


@pytest.mark.parametrize("name", ["passage/..%2fspock", "..%2f", "%2e%2e/%2e%2e/nginx.conf", "..%5c", "spock%00", "thing/..%2f..%2f..%2fnginx.conf",
                                  "spock%0a", "//spock", "a%2fb", "%"])
def test_odd_addresses_reach_nothing_else(host: tuple[str, frozenset[str]], name: str) -> None:
    """A server may take `..%2f` for `../`, so that the answer is that of another address of the site."""
    url, sharded = host
    got = ask(url + name)
    assert got.status in (200, 303, 400, 403, 404)
    if got.status == 303:
        assert urljoin(url, got.headers["location"]) == f"{url}{document('spock', sharded)}.ttl"
    if got.status == 200:
        assert "<title>index<" in got.text and name == "..%2f"


def test_the_well_known_address_and_the_folder(host: tuple[str, frozenset[str]]) -> None:
    url = host[0]
    got = ask(url + ".well-known/void", "text/turtle")
    assert urljoin(url, got.headers["location"]) == f"{url}dataset.ttl"
    if urlsplit(url).path != "/":
        assert ask(url.rstrip("/")).headers["location"].endswith(SUB)


@pytest.mark.parametrize("text", ['",', ";", "a;", "text/html;", '"', "text/html;x=\"", " ", ",", "*/*;q=", "text/html,"])
def test_no_header_makes_a_server_slow(host: tuple[str, frozenset[str]], text: str) -> None:
    began = time.monotonic()
    accept = text * (7500 // len(text))
    got = ask(host[0] + "spock", accept)
    assert time.monotonic() - began < 1
    assert got.status in (303, 400, 406) and (got.status == 406) == (choose(accept, list(ENDINGS)) is None)


# --- a host that only redirects -----------------------------------------------------------------------


@pytest.mark.parametrize("accept", ACCEPTS, ids=repr)
def test_redirects_by_header(w3id: str, apache: Hosts, accept: str | None) -> None:
    kind = choose(accept or "", list(ENDINGS))
    for local, stem in (("alliance/spock", "thing/spock"), ("ontology", "ontology")):
        got = ask(w3id + local, accept)
        assert (got.headers["vary"], got.headers["access-control-allow-origin"]) == ("Accept", "*")
        assert (got.status, got.headers.get("location")) == (
            (303, f"{apache.below}{stem}.{ENDINGS[kind]}") if kind else (406, None))


@pytest.mark.parametrize("local", LOCALS)
def test_redirects_of_each_kind_of_iri(w3id: str, apache: Hosts, local: str) -> None:
    for kind, ending in ENDINGS.items():
        got = ask(f"{w3id}alliance/{local}", kind)
        assert (got.status, got.headers["location"]) == (303, f"{apache.below}{document(local, frozenset())}.{ending}")
        check_document(got.headers["location"], kind, topic(local))


@pytest.mark.parametrize(("local", "wanted"), [
    ("ontology", "ontology.ttl"), ("ontology/", "ontology.ttl"), ("ontology/0.1.0", "ontology.ttl"),
    ("ontology/context.jsonld", "ontology/context.jsonld"), ("ontology/Claim.html", "ontology/Claim.html"),
    ("ontology.jsonld", "ontology.jsonld"), ("ontology/treaty.ttl", "ontology/treaty.ttl"), ("shapes", "shapes.html"),
    ("quality", "dataset.ttl"), ("alliance/", ""), ("alliance/thing/spock.nt", "thing/spock.nt"),
    ("alliance/file/alliance.nq", "file/alliance.nq"), ("alliance/things.html", "things.html")])
def test_redirects_of_the_rest(w3id: str, apache: Hosts, local: str, wanted: str) -> None:
    got = ask(w3id + local)
    assert (got.status, got.headers["location"]) == (303, apache.below + wanted)
    assert ask(got.headers["location"]).status == 200
    if wanted == "ontology.ttl":
        check_document(got.headers["location"], "text/turtle", ONTOLOGY)


@pytest.mark.parametrize("local", ["alliance/nobody", "alliance/claim/nobody", "alliance/a/b/c", "alliance/thing/nobody.ttl"])
def test_redirects_end_with_404_for_what_is_not_there(w3id: str, local: str) -> None:
    got = ask(w3id + local)
    assert got.status == 303 and ask(got.headers["location"]).status == 404


def test_nothing_else_is_redirected(w3id: str) -> None:
    assert ask(w3id + "other").status == ask(w3id + "alliances/x").status == 404


def test_redirects_of_another_base(made: Made) -> None:
    names = type(made.profile.names)("https://example.org/data/x/", "x")
    profile = type(made.profile)(made.moved("https://example.net/site").header, names)
    text = rules(profile, frozenset())["w3id/.htaccess"]
    assert "[E=TRT_SITE:https://example.net/site/]" in text and "ontology" not in text
    assert "RewriteRule '^claim/" in text


# --- the documents -----------------------------------------------------------------------------------


def test_the_documents_are_the_dump(made: Made) -> None:
    lines = {line.rpartition(" <")[0] for line in (DIST / "alliance.nq").read_text(encoding="utf-8").split("\n") if line}
    described = {" ".join(q[:3]) for q in made.statements.described}
    ontology = {" ".join(q[:3]) for q in made.statements.ontology}
    union: dict[str, set[str]] = {ending: set() for ending, (_, writer) in FORMS.items() if writer}
    own: dict[str, set[str]] = {}
    forms = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "nt": ox.RdfFormat.N_TRIPLES}
    pages = set()
    for name, text in documents(made.statements, frozenset()):
        ending = name.rpartition(".")[2]
        found = {str(t) for t in ox.parse(text, format=forms[ending])}
        heads = {line for line in found if line.startswith(f"<{BASE}{name}> ")}
        assert len(heads) == (2 if name.startswith("ontology") else 3)
        union[ending] |= found - heads
        if ending == "nt":
            own[name.removesuffix(".nt")] = found
        pages.add(name)
    for found in union.values():
        assert found == lines | described | ontology
    subjects = {line.split(" ")[0] for line in lines}
    assert len(subjects) > 400
    for subject in subjects:
        stem = document(subject[1:-1].removeprefix(BASE), frozenset())
        assert stem and {line for line in lines if line.startswith(f"{subject} ")} <= own[stem], subject
    assert {f"{stem}.{ending}" for stem in own for ending in union} == pages
    for folder in {*RECORDS, "thing"} - {"conflict"}:  # the alliance has none
        assert any(name.startswith(f"{folder}/") for name in pages), folder


def test_documents_come_in_order_and_always_the_same(made: Made) -> None:
    once = [name for name, _ in documents(made.statements, SPLIT)]
    stems = [name.rpartition(".")[0] for name in once]
    assert stems == sorted(stems) and len(set(once)) == len(once)
    again = make(ALLIANCE, DIST).statements
    assert list(documents(again, SPLIT)) == list(documents(made.statements, SPLIT))
    assert rules(made.profile, SPLIT) == rules(made.profile, SPLIT)


@pytest.mark.parametrize(("local", "stem", "split"), [
    ("", "index", "index"), ("dataset", "dataset", "dataset"), ("spock", "thing/spock", "thing/ck/spock"),
    ("x", "thing/x", "thing/x/x"), ("claim/treaty-0042", "claim/treaty-0042", "claim/42/treaty-0042"),
    ("passage/a.1", "passage/a.1", "passage/1/a.1"), ("claim/a-b", "claim/a-b", "claim/b/a-b"),
    ("evidence/a.1", "evidence/a.1", "evidence/a.1"), ("file/a.nq", "dataset", "dataset"), ("graph/x/y", "dataset", "dataset"),
    ("claim/", None, None), ("graph/", None, None), ("claim/a/b", None, None), ("other/a", None, None), ("..", None, None),
    ("claim/..", None, None), (".x", None, None), ("a b", None, None), ("a\n", None, None), ("a\\b", None, None)])
def test_document(local: str, stem: str | None, split: str | None) -> None:
    assert (document(local, frozenset()), document(local, SPLIT)) == (stem, split)


def test_no_folder_of_a_split_one_is_hidden(made: Made) -> None:
    every = frozenset({"thing", *RECORDS})
    for local in made.statements.locals():
        assert not re.search(r"(^|/)\.", document(local, every) or "")
    assert SHARD.search("a.1")


def test_large_folders_are_split() -> None:
    few, many = [f"claim/c-{n}" for n in range(2000)], [f"thing-{n}" for n in range(2001)]
    assert shards([*few, *many, *few]) == {"thing"}


def test_serve_knows_split_folders(made: Made, folder: Path) -> None:
    site = folder / "split"
    files = frozenset(p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file())
    served = Served(site, files, (site / "none", None), SPLIT, made.statements, (), make_pool(b"", 1, 1, {}), "0")

    async def go() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(make_app(served)), base_url="http://x") as client:
            for local in LOCALS:
                seen = await client.get(f"/{local}", headers={"Accept": "text/turtle"})
                assert (seen.status_code, seen.headers["location"]) == (303, f"/{document(local, SPLIT)}.ttl")
                assert (await client.get(seen.headers["location"])).status_code == 200

    asyncio.run(go())


# --- the rules themselves -------------------------------------------------------------------------


def test_rules_hold_no_absolute_path(made: Made) -> None:
    own = rules(made.profile, frozenset())
    assert not re.search(r"https?://", own[".htaccess"] + own["nginx-map.conf"])
    assert "https://site.example/" in own["w3id/.htaccess"] and "https://site.example/" in own["w3id/README.md"]


def test_the_policy_of_the_query_page_is_that_of_all_pages_and_wasm() -> None:
    more = set(CSP_QUERY.replace(" 'wasm-unsafe-eval'", "").split("; ")) ^ set(CSP.split("; "))
    assert more == {"worker-src 'self'"} and "'unsafe-inline'" not in CSP_QUERY
    assert HEADERS["Content-Security-Policy"].startswith(CSP_QUERY)
