"""SPARQL in the browser: the page in a real Chromium, on the dump as it was built."""

from __future__ import annotations

import csv
import functools
import http.server
import io
import json
import os
import random
import re
import shutil
import subprocess
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest

from conftest import ROOT
from treatyrdf.ask import read_shipped
from treatyrdf.editor import MOST_BYTES, editor_data
from treatyrdf.files import ontology_files
from treatyrdf.names import Names
from treatyrdf.vocabulary import read_vocabulary

DIST = ROOT / "dist" / "alliance"
WEB = ROOT / "src" / "treatyrdf" / "web"
BASE = "https://w3id.org/treatyrdf/alliance/"
QUESTIONS = read_shipped(DIST)
CSP = ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
       "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'")
STUB = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ csp }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>SPARQL</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{{ root }}static/stub.css">
{% block head %}{% endblock %}</head><body><main id="main">{% block main %}{% endblock %}</main></body></html>"""
COLOURS = {
    "light": "--paper:#fbfaf7;--card:#fff;--ink:#1f2328;--muted:#5c6269;--rule:#d9d6cf;--accent:#7a2e2e;"
             "--accent-ink:#fff;--stated:#1d5a8a;--reported:#6b4b9a;--inferred:#2f6b3c;--possible:#8a5a00;"
             "--conditional:#8a3d6b;--unknown:#5c6269;--held:#20653f;--gone:#a12b2b",
    "dark": "--paper:#16181b;--card:#1f2226;--ink:#e8e6e1;--muted:#a4a9b0;--rule:#3a3e44;--accent:#e9a3a3;"
            "--accent-ink:#2a1010;--stated:#8fc3ee;--reported:#c3aaf0;--inferred:#93d3a2;--possible:#e8bd6d;"
            "--conditional:#eaa3cb;--unknown:#a4a9b0;--held:#8fd6ae;--gone:#f2a1a1",
}
CSS = (f":root{{{COLOURS['light']};color-scheme:light dark}}"
       f"@media(prefers-color-scheme:dark){{:root{{{COLOURS['dark']}}}}}"
       "body{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;margin:0}"
       "main{max-width:76rem;margin:0 auto;padding:1rem}a{color:var(--accent)}")
HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def assemble(site: Path, sharded: frozenset[str] = frozenset(), size: int = 1, extra: str = "") -> Path:
    """Write what the page needs of a site; return the folder."""
    shutil.copytree(WEB / "static", site / "static")
    (site / "static" / "stub.css").write_text(CSS)
    (site / "file").mkdir()
    (site / "file" / "alliance.nq").write_text((DIST / "alliance.nq").read_text() + extra)
    labels = {m[1]: json.loads(m[2]) for m in re.finditer(
        r'^(<\S+>) <http://www.w3.org/2000/01/rdf-schema#label> ("(?:[^"\\]|\\.)*")', (DIST / "alliance.nq").read_text(),
        re.MULTILINE)}
    (site / "static" / "sparql-data.json").write_text(editor_data(
        QUESTIONS, read_vocabulary(ontology_files()), Names(BASE, "alliance"), labels, sharded, size))
    templates = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, loader=jinja2.ChoiceLoader([
        jinja2.DictLoader({"base.html": STUB}), jinja2.FileSystemLoader(WEB / "templates")]))
    questions = [{"name": q.name, "words": q.summary, "href": f"question/{q.name}.html"} for q in QUESTIONS]
    (site / "sparql.html").write_text(templates.get_template("sparql.html").render(
        root="", csp=CSP, dataset="alliance", dump="file/alliance.nq", questions=questions))
    return site


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def serve() -> Iterator[Any]:
    servers = []

    def start(folder: Path) -> str:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def address(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of sparql.html."""
    line = (f"<{BASE}hostile> <http://www.w3.org/2000/01/rdf-schema#label> {json.dumps(HOSTILE)}@en"
            f" <{BASE}graph/facts> .\n<{BASE}hostile> <http://www.w3.org/2000/01/rdf-schema#seeAlso>"
            f" <javascript:alert(3)> <{BASE}graph/facts> .\n")
    return f"{serve(assemble(tmp_path_factory.mktemp('site') / 'site', extra=line))}sparql.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing in CI: .ci/run installs it")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Any, address: str) -> Iterator[Any]:
    """Open pages; in the end nothing was complained of, asked of elsewhere, or popped up."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    wrong: list[str] = []
    origin = urllib.parse.urljoin(address, "/")
    page.on("console", lambda m: wrong.append(f"{m.type}: {m.text}") if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("dialog", lambda d: (wrong.append(d.message), d.dismiss()))
    page.on("request", lambda r: None if r.url.startswith((origin, "blob:", "data:", "file:")) else wrong.append(r.url))
    page.set_default_timeout(30_000)
    yield page
    context.close()
    assert wrong == []


def status(page: Any, pattern: str) -> None:
    """Wait for words in the status line; the policy forbids to evaluate texts there."""
    from playwright.sync_api import expect

    expect(page.locator("#status")).to_have_text(re.compile(pattern), timeout=30_000)


def ready(page: Any, url: str) -> Any:
    page.goto(url)
    status(page, r"^Ready")
    page.wait_for_selector("#editor .cm-content")
    return page


def finished(page: Any) -> str:
    status(page, r"^(?!Running|Loading|$)")
    return page.inner_text("#status")


def write(page: Any, text: str) -> None:
    page.click("#editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)
    page.keyboard.press("Escape")


def ask(page: Any, text: str) -> str:
    write(page, text)
    page.click("#run")
    return finished(page)


def written(page: Any) -> str:
    return str(page.evaluate("[...document.getElementById('editor').shadowRoot.querySelectorAll('.cm-line')]"
                             ".map((line) => line.textContent).join('\\n')"))


def downloaded(page: Any) -> str:
    with page.expect_download() as download:
        page.click("#download a")
    return Path(download.value.path()).read_text(encoding="utf-8")


# --- what is asked is answered ------------------------------------------------------------------


def test_every_canon_question_gives_its_rows(tab: Any, address: str) -> None:
    ready(tab, address)
    assert tab.locator("#questions li").count() == len(QUESTIONS) > 60
    for question in QUESTIONS:
        tab.click(f"#questions li[data-name='{question.name}'] button")
        told = finished(tab)
        text = (DIST / "questions" / f"{question.name}.csv").read_text(encoding="utf-8")
        columns, *rows = csv.reader(io.StringIO(text))
        assert re.match(rf"{len(rows)} rows? in ", told), (question.name, told)
        if not rows:
            continue
        assert downloaded(tab) == text, question.name
        shown = tab.eval_on_selector_all("#result tr", "rows => rows.map(r => r.children.length)")
        assert shown == [len(columns)] * (len(rows) + 1), question.name


def test_rows_lead_into_the_site_by_label(tab: Any, address: str) -> None:
    page = ready(tab, address)
    ask(page, f"PREFIX trt: <https://w3id.org/treatyrdf/ontology#>\nSELECT * {{ VALUES (?a ?b ?c ?d ?e ?f) {{ "
              f"(<{BASE}spock> <{BASE}claim/spock-proposes-alliance> trt:Claim <{BASE}graph/facts> 2293 "
              f"<http://www.w3.org/ns/prov#Entity>) (<{BASE}file/alliance.nq> <{BASE}a/b> <urn:x:y> \"wort\"@de UNDEF "
              f"<https://w3id.org/treatyrdf/shapes#Claim>) }} }}")
    cells = page.eval_on_selector_all("#result tbody td", """cells => cells.map(c => [c.innerText,
        c.querySelector('a')?.getAttribute('href') ?? '', c.firstElementChild?.title ?? '',
        c.querySelector('a')?.rel ?? ''])""")
    site = address.removesuffix("sparql.html")
    assert cells[0] == ["Spock", f"{site}thing/spock.html", "alliance:spock", ""]
    assert cells[1][1:3] == [f"{site}claim/spock-proposes-alliance.html", "claim:spock-proposes-alliance"]
    assert cells[2][:3] == ["claim", f"{site}ontology.html#Claim", "trt:Claim"]
    assert cells[3][1] == f"{site}dataset.html"
    assert cells[4][0] == "2293 xsd:integer"
    assert cells[5] == ["prov:Entity", "http://www.w3.org/ns/prov#Entity", "prov:Entity", "noopener noreferrer"]
    assert cells[6][1] == f"{site}file/alliance.nq"
    assert [c[:2] for c in cells[7:11]] == [[f"{BASE}a/b", ""], ["urn:x:y", ""], ["wort de", ""], ["", ""]]
    assert cells[11][1] == f"{site}shapes.html#Claim"


def test_split_folders_are_known(browser: Any, serve: Any, tmp_path: Path) -> None:
    site = serve(assemble(tmp_path / "site", sharded=frozenset({"thing"})))
    page = browser.new_page()
    query = f"SELECT * {{ VALUES (?x ?y) {{ (<{BASE}spock> <{BASE}claim/spock-proposes-alliance>) }} }}"
    page.goto(f"{site}sparql.html#query={urllib.parse.quote(query)}")
    page.wait_for_selector("#result table")
    links = page.eval_on_selector_all("#result td a", "links => links.map(a => a.href)")
    assert links == [f"{site}thing/ck/spock.html", f"{site}claim/spock-proposes-alliance.html"]
    page.close()


def test_yes_no_and_graphs(tab: Any, address: str) -> None:
    page = ready(tab, address)
    assert ask(page, "ASK { ?s ?p ?o }").startswith("Answered in ")
    assert page.inner_text(".verdict") == "Yes"
    ask(page, "ASK { <https://example.org/no> ?p ?o }")
    assert page.inner_text(".verdict") == "No"
    built = ask(page, f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES (?s ?p) {{ (<{BASE}spock> rdf:type) }} ?s ?p ?o }}"
                .replace("rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"))
    assert built.startswith("2 triples in ")
    turtle = page.inner_text("#result pre")
    assert f"@prefix alliance: <{BASE}> ." in turtle and "alliance:spock\n    a trt:" in turtle
    import pyoxigraph as ox

    assert len(list(ox.parse(downloaded(page), format=ox.RdfFormat.TURTLE))) == 2
    ask(page, f"DESCRIBE <{BASE}claim/spock-proposes-alliance>")
    assert len(list(ox.parse(downloaded(page), format=ox.RdfFormat.TURTLE))) > 10


def test_a_cut_is_said_and_the_download_is_whole(tab: Any, address: str) -> None:
    page = ready(tab, address)
    assert ask(page, "SELECT ?s ?p { ?s ?p ?o } LIMIT 2345").startswith("2,345 rows in ")
    assert page.inner_text(".cut") == "First 1,000 of 2,345 rows shown; the download holds all."
    assert page.locator("#result tbody tr").count() == 1000
    assert len(downloaded(page).splitlines()) == 2346


@pytest.mark.parametrize(("expression", "value"), [
    ("10 - 2 + 1", "9"), ("10 - 2 - 1", "7"), ("10 -2 -1", "7"), ("10 - 2 * 2 - 1", "5"), ("20 / 2 * 5", "50"),
    ("STRLEN('a-b)-c') - (?b - 1 - 1) - 1", "5"), ("IF(?b - 1 - 1 = 0, 8 - 4 - 2, 0)", "2")])
def test_sums_are_read_from_the_left(tab: Any, address: str, expression: str, value: str) -> None:
    page = ready(tab, address)
    ask(page, f"SELECT ({expression} AS ?x) {{ VALUES ?b {{ 2 }} VALUES (?y ?z) {{ (1 -2) }} }}")
    assert page.inner_text("#result tbody .text") == value


def test_sums_are_read_as_pyoxigraph_reads_them(tab: Any, address: str) -> None:
    import pyoxigraph as ox

    page = ready(tab, address)
    rng, texts = random.Random(5), []
    for _ in range(200):
        operands = [rng.choice(["1e0", "?b", "7e0", "(2e0 - ?b - 1e0)", "ABS(?b - 3e0 - 1e0)", "-?b"]) for _ in range(5)]
        texts.append("".join(f"{o} {rng.choice('+-*/')} " for o in operands) + "3e0")
    query = "SELECT " + " ".join(f"({t} AS ?x{n})" for n, t in enumerate(texts)) + " { VALUES ?b { 2e0 } }"
    wanted = next(iter(ox.Store().query(query)))  # type: ignore[arg-type, call-overload]
    ask(page, query)
    found = next(csv.DictReader(io.StringIO(downloaded(page))))
    for n, text in enumerate(texts):
        cell = wanted[f"x{n}"]
        assert found[f"x{n}"] == ("" if cell is None else cell.value), text


def test_the_engine_still_needs_brackets(tool: Any) -> None:
    # When this fails, the engine reads sums as it should: remove sparql-brackets.js.
    script = ("import init, { Store } from './oxigraph.js'; import { readFileSync } from 'node:fs';"
              "await init({ module_or_path: readFileSync('oxigraph_bg.wasm') });"
              "console.log(new Store().query('SELECT (10 - 2 + 1 AS ?x) { }', { results_format: 'csv' }).split('\\r\\n')[1]);")
    done = subprocess.run([tool("node"), "--input-type=module", "-e", script], cwd=WEB / "static" / "vendor",
                          capture_output=True, text=True, check=False)
    assert done.stdout == "7\n", done.stderr


# --- limits -------------------------------------------------------------------------------------


def test_the_time_limit_ends_a_query_and_the_page_goes_on(tab: Any, address: str) -> None:
    page = ready(tab, address)
    page.select_option("#limit", "2")
    product = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert ask(page, product) == "Ended after 2 s, the time limit. Allow more time, or ask for less."
    assert ask(page, "SELECT (COUNT(*) AS ?n) { ?s a ?c }").startswith("1 row in")
    page.select_option("#limit", "30")
    write(page, product)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#stop:enabled")
    page.click("#stop")
    assert finished(page) == "Stopped."
    assert page.is_disabled("#stop")
    write(page, product)
    page.click("#run")
    page.click("#questions li[data-name='who-proposed'] button")
    page.wait_for_selector("#result table")
    assert " rows in " in page.inner_text("#status") or " row in " in page.inner_text("#status")


@pytest.mark.parametrize(("text", "said"), [
    ("INSERT DATA { <urn:a> <urn:b> 1 }", "Only queries run here"),
    ("PREFIX x: <urn:x> DELETE WHERE { ?s ?p ?o }", "Only queries run here"),
    ("SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "SERVICE asks another machine"),
    ("  \n ", "There is no query."),
    ("SELECT * {\n  ?s ?p\n}", "Line 3, column 2: the query cannot be read here"),
    ("SELECT * {\n  ?s foo:bar ?o }", "a prefix here is not declared; add a PREFIX line")])
def test_what_is_not_run_is_told(tab: Any, address: str, text: str, said: str) -> None:
    page = ready(tab, address)
    assert ask(page, text) == "Not answered: see below."
    assert said in page.inner_text(".problem")
    assert "PN_CHARS" not in page.inner_text(".problem") and "\\u{" not in page.inner_text(".problem")


def test_a_mistake_can_be_gone_to(tab: Any, address: str) -> None:
    page = ready(tab, address)
    ask(page, "SELECT * {\n  ?s ?p\n}")
    page.click(".problem button")
    page.keyboard.insert_text("HERE")
    assert written(page).splitlines()[2] == "}HERE"


def test_service_in_a_text_is_no_service(tab: Any, address: str) -> None:
    page = ready(tab, address)
    assert ask(page, 'SELECT ("SERVICE DELETE" AS ?x) { } # SERVICE').startswith("1 row in")


# --- editor -------------------------------------------------------------------------------------


def test_the_query_is_coloured(tab: Any, address: str) -> None:
    page = ready(tab, address)
    write(page, "# why\nSELECT ?x { ?x a <urn:y>, \"z\" }")
    colours = page.evaluate("""() => Object.fromEntries([...document.getElementById('editor').shadowRoot
        .querySelectorAll('.cm-line span')].map(s => [s.textContent, getComputedStyle(s).color]))""")
    kinds = [colours[word] for word in ("# why", "SELECT", "?x", "<urn:y>", '"z"')]
    assert len(set(kinds)) == 5


def test_prefixes_and_terms_are_completed(tab: Any, address: str) -> None:
    page = ready(tab, address)
    popup = "#editor .cm-tooltip-autocomplete"
    write(page, "#+ summary: x?\nSELECT * { ?s a ")
    page.keyboard.type("tr")
    page.wait_for_selector(f"{popup} li:has-text('trt:')")
    page.keyboard.press("Escape")
    page.keyboard.type("t:Clai")
    page.wait_for_selector(f"{popup} li[aria-selected]:has-text('trt:Claim')")
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    page.wait_for_selector(popup, state="detached")
    assert written(page) == ("#+ summary: x?\nPREFIX trt: <https://w3id.org/treatyrdf/ontology#>\n"
                             "SELECT * { ?s a trt:Claim")
    page.keyboard.type(" . ?s ?p willi")  # a thing by its label
    page.wait_for_selector(f"{popup} li:has-text('alliance:william-riker')")
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    page.wait_for_selector(popup, state="detached")
    assert written(page).endswith("?p alliance:william-riker")
    assert f"\nPREFIX alliance: <{BASE}>\n" in written(page)


def test_the_prefix_a_query_declares_is_used(tab: Any, address: str) -> None:
    page = ready(tab, address)
    write(page, "PREFIX t: <https://w3id.org/treatyrdf/ontology#>\nSELECT * { ?s a ")
    page.keyboard.type("t:Silen")
    page.wait_for_selector("#editor .cm-tooltip-autocomplete li[aria-selected]:has-text('trt:Silence')")
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")
    page.wait_for_selector("#editor .cm-tooltip-autocomplete", state="detached")
    assert written(page).endswith("?s a t:Silence") and written(page).count("PREFIX") == 1


def test_the_keyboard_gets_in_runs_and_gets_out(tab: Any, address: str) -> None:
    page = ready(tab, address)
    page.focus("#filter")
    page.keyboard.type("proposed the")
    names = page.eval_on_selector_all("#questions li", "items => items.filter(i => !i.hidden).map(i => i.dataset.name)")
    assert names and len(names) < 5
    page.focus("#editor .cm-content")
    page.keyboard.press("Control+Enter")
    assert " rows in " in finished(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "editor"


# --- links --------------------------------------------------------------------------------------


def test_a_link_holds_the_query(tab: Any, address: str) -> None:
    page = ready(tab, address)
    text = 'SELECT ("a+b & #c 100% é" AS ?x)\nWHERE { }'
    ask(page, text)
    page.click("#copy")
    assert page.inner_text("#status") == "Link copied. It holds the query."
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}#query=") and link == page.url
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#result table")
    assert written(page) == text
    assert page.inner_text("#result tbody") == "a+b & #c 100% é"


def test_a_link_to_a_canon_question_names_it(tab: Any, address: str) -> None:
    page = ready(tab, address)
    page.click("#questions li[data-name='who-proposed'] button")
    finished(page)
    assert page.url == f"{address}#question=who-proposed"
    assert page.get_attribute("#questions li[data-name='who-proposed'] button", "aria-current") == "true"
    page.goto("about:blank")
    page.goto(f"{address}#question=who-proposed")
    page.wait_for_selector("#result table")
    assert "Spock" in page.inner_text("#result tbody")
    page.goto(f"{address}#question=nobody-asked")
    status(page, "^There is no such question")


@pytest.mark.parametrize("text", ["DROP ALL", "SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }"])
def test_a_link_with_more_than_a_query_only_fills_the_editor(tab: Any, address: str, text: str) -> None:
    tab.goto(f"{address}#query={urllib.parse.quote(text)}")
    tab.wait_for_selector(".problem")
    assert written(tab) == text


# --- safe, readable, without scripts --------------------------------------------------------------


def test_hostile_text_is_text(tab: Any, address: str) -> None:
    page = ready(tab, address)
    ask(page, f"SELECT * {{ VALUES ?s {{ <{BASE}hostile> }} ?s ?p ?o }}")
    assert HOSTILE in page.inner_text("#result tbody")
    assert "javascript:alert(3)" in page.inner_text("#result tbody")
    assert page.locator("#result img, #result script, #result a[href^='javascript']").count() == 0
    ask(page, "SELECT (1 AS ?__proto__) (2 AS ?constructor) { }")
    assert page.inner_text("#result thead").split() == ["__proto__", "constructor"]
    ask(page, f"SELECT * {{ {HOSTILE}")
    assert page.locator(".problem img, #editor img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, address: str, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    # The checker puts a script of its own into the page, which the policy would refuse.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = ready(context.new_page(), address)
    for query in ("SELECT * { ?s ?p ?o } LIMIT 40", "ASK { }", f"DESCRIBE <{BASE}spock>", "SELECT * {\n ?s"):
        ask(page, query)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == [], query
    page.focus("#editor .cm-content")
    page.keyboard.press("Control+a")
    page.keyboard.type("SELECT * { ?s a trt:C")
    page.wait_for_selector("#editor .cm-tooltip-autocomplete")
    # The list of completions scrolls with the option that the arrow keys choose; focus stays in the editor.
    assert {v["id"] for v in Axe().run(page).response["violations"]} <= {"scrollable-region-focusable"}
    context.close()


def test_things_that_are_not_offered_are_counted(browser: Any, serve: Any, tmp_path: Path) -> None:
    site = assemble(tmp_path / "site")
    path = site / "static" / "sparql-data.json"
    known = {**json.loads(path.read_text()), "left_out": 4000, "things": [["alliance:spock", "Spock"]]}
    path.write_text(json.dumps(known))
    page = browser.new_page()
    ready(page, f"{serve(site)}sparql.html")
    assert page.inner_text("#left-out").startswith("Of 4,001 things the first 1 by name are offered")
    page.close()


def test_a_phone_scrolls_only_the_table(tab: Any, address: str) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    page = ready(tab, address)
    for name in ("who-proposed", "bounds"):
        page.click(f"#questions li[data-name='{name}'] button")
        finished(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.evaluate("document.getElementById('result').getBoundingClientRect().top") < 740


def test_without_scripts_the_page_says_what_to_do(browser: Any, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert "treatyrdf query" in page.inner_text("noscript")
    assert page.is_visible("#query") and not page.is_visible("#run")
    assert page.get_attribute("#questions li[data-name='who-proposed'] a", "href") == "question/who-proposed.html"
    context.close()


def test_opened_as_a_file_the_page_says_what_to_do(tab: Any, tmp_path: Path) -> None:
    tab.goto(assemble(tmp_path / "site").joinpath("sparql.html").as_uri())
    assert "treatyrdf serve" in tab.inner_text("#sparql-file")
    assert tab.is_visible("#questions a") and not tab.is_visible("#run")


def test_a_dump_too_large_for_a_browser_is_not_loaded(browser: Any, serve: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{serve(assemble(tmp_path / 'site', size=MOST_BYTES + 1))}sparql.html")
    page.wait_for_selector("#editor .cm-content")
    assert "64 MB" in page.inner_text("#sparql-large") and page.is_disabled("#run")
    assert not [url for url in asked if url.endswith((".nq", ".wasm"))]
    page.click("#questions button")
    assert "SELECT" in written(page)
    page.close()
