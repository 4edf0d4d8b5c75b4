"""A data set whose every text and id is an attack: its site shows them as texts, and nothing else happens."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import opened, read, served
from conftest import ALLIANCE, ROOT, Run
from hostile import ATTACKS, IDS, LANDING, LONG, write
from sites import call
from test_serve import end, start
from treatyrdf.build import build
from treatyrdf.headers import CSP, CSP_QUERY, HEADERS

PARTS = 4
FOREIGN = """() => {
  const all = [...document.querySelectorAll('*')];
  const shown = (e) => e.outerHTML.slice(0, 120);
  const names = ['href', 'src', 'action', 'xlink:href'];
  return {
    elements: all.filter((e) => /^(img|image|iframe|frame|object|embed|base|style|b|video|audio|foreignobject|animate|set)$/i
      .test(e.localName)).map(shown),
    attributes: all.filter((e) => [...e.attributes].some((a) => /^(on|style$|srcdoc$|autofocus$)/i.test(a.name))).map(shown),
    scripts: [...document.scripts].filter((e) => e.type !== 'application/ld+json'
      && !/^(\\.\\.\\/)*static\\/[a-z-]+\\.js$/.test(e.getAttribute('src') ?? '')).map(shown),
    addresses: all.filter((e) => names.some((n) => e.hasAttribute(n)
      && !/^(https?:\\/\\/|#|data:,$|(\\.\\.\\/)*[A-Za-z0-9][A-Za-z0-9_./-]*(#[A-Za-z0-9_.=-]*)?$)/.test(e.getAttribute(n)))).map(shown),
    wide: document.documentElement.scrollWidth > innerWidth,
  };
}"""
"""What no page may hold: elements, attributes, scripts and addresses that only an attack would bring."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("hostile")
    write(ALLIANCE, place / "set")
    build(place / "set", place / "dist")
    return place / "dist" / "site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as url:
        yield url


def stems(site: Path) -> list[str]:
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))


# --- as files -----------------------------------------------------------------------------------


def test_no_page_has_an_element_that_the_harmless_twin_has_not(site: Path, hosted: Path) -> None:
    def kinds(folder: Path) -> dict[str, set[str]]:
        found = defaultdict(set)
        for stem in stems(folder):
            page = read(folder / stem)
            kind = stem.partition("/")[0] if "/" in stem else re.sub(r"-\d+\.html", ".html", stem)
            found[kind] |= {*page.tags, *(f"@{name}" for name in page.attributes)}
        return found

    hostile, twin = kinds(site), kinds(hosted / "site")
    assert set(hostile) == set(twin)
    pager = {"@aria-current"}  # longer texts make more pages of a list
    assert not {kind: more for kind, names in hostile.items() if (more := names - twin[kind] - pager)}


def test_what_programs_read_is_whole(site: Path) -> None:
    blocks = 0
    for stem in stems(site):
        for attributes, text in read(site / stem).scripts:
            if attributes.get("type") == "application/ld+json":
                blocks += 1
                assert isinstance(json.loads(text), dict), stem
    assert blocks > 300
    scripts = sorted((site / "static" / "search").glob("*.js"))
    assert len(scripts) > 20
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("treatyrdfSearch(") and text.endswith(");\n"), path.name
        json.loads(f"[{text[len('treatyrdfSearch('):-3]}]")
    assert json.loads((site / "static" / "sparql-data.json").read_text(encoding="utf-8"))


def test_the_texts_stand_on_the_pages_as_they_are(site: Path) -> None:
    text = " ".join(read(site / "thing" / "constructor.html").text)
    for part in ATTACKS:
        assert part in text, part
    assert LONG in " ".join(read(site / "thing" / "long.html").text)


def test_rules_of_web_servers_hold_no_text_of_the_data_set(site: Path, hosted: Path) -> None:
    twin = hosted / "site"
    for name in (".htaccess", "nginx.conf", "nginx-map.conf", "w3id/.htaccess"):
        assert (site / name).read_text(encoding="utf-8") == (twin / name).read_text(encoding="utf-8"), name


# --- in a browser -------------------------------------------------------------------------------


def look(page: Page, url: str) -> None:
    page.goto(url)
    found = page.evaluate(FOREIGN)
    assert not any(found.values()), (url, found)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_harmless(browser: Browser, site: Path, address: str, part: int) -> None:
    every = stems(site)
    assert len(every) > 800
    with opened(browser, viewport={"width": 360, "height": 740}) as page:
        for stem in every[part::PARTS]:
            look(page, f"{address}{stem}")


def test_pages_are_harmless_from_a_file(browser: Browser, site: Path) -> None:
    first = {stem.partition("/")[0]: stem for stem in reversed(stems(site)) if not stem.startswith("sparql")}
    with opened(browser) as page:
        for stem in (*first.values(), *(f"thing/{key}.html" for key in IDS)):
            look(page, (site / stem).as_uri())


def test_search_takes_hostile_words(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        look(page, f"{address}search.html")
        for words in (*ATTACKS, *IDS, LONG):
            page.goto(f"{address}search.html#q={quote(words)}")
            if re.search(r"[^\W_]", words):
                expect(page.locator("#search-status")).to_contain_text("found")
                expect(page.locator("#search-results a").first).to_be_visible()
            found = page.evaluate(FOREIGN)
            assert not (found["elements"] or found["attributes"] or found["wide"]), (words, found)
            page.get_by_role("searchbox", name="Words to look for").fill("")
            expect(page.locator("#search-results a")).to_have_count(0)


def test_a_question_with_hostile_cells_runs_in_the_browser(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}sparql.html#question=constructor")
        rows = page.locator("#result tbody tr")
        expect(rows.first).to_be_visible(timeout=60_000)
        expect(rows.first).to_contain_text("</td></table><img src=x onerror=alert(1)>")
        expect(rows.first).to_contain_text("</script><script>alert(1)</script>")
        assert page.locator("#result img, #result script").count() == 0
        hrefs = page.locator("#result a").evaluate_all("links => links.map((a) => a.protocol)")
        assert set(hrefs) == {"http:"} and rows.count() >= len(IDS)


def test_a_name_that_turns_the_writing_turns_itself_alone(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}claims.html")
        assert page.locator(".fact .says").first.evaluate("e => getComputedStyle(e).unicodeBidi") == "isolate"


# --- what is refused ----------------------------------------------------------------------------


def at_end(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text((folder / name).read_text() + text)


def instead(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))
    return change


def question(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / "questions").mkdir(exist_ok=True)
        (folder / "questions" / name).write_text("#+ summary: x?\nSELECT ?a { ?a ?b ?c } ORDER BY ?a LIMIT 1\n")
    return change


@pytest.mark.parametrize(("change", "code"), [
    (instead("things.yaml", "France", r'"a\0b"'), "TRT005"),
    (instead("things.yaml", "France", r'"a\uFFFEb"'), "TRT005"),
    (instead("things.yaml", "France", r'"a\uD800b"'), "TRT006"),
    *((instead("things.yaml", "    france:", f"    {key}:"), "TRT021") for key in (
        "__proto__", "toString", '"><img src=x>"', "a/b", "..", "a" * 121)),
    *((instead("things.yaml", "    france: France", f"    france: France\n    {key}: x"), "TRT023") for key in (
        "dataset", "policy", "sparql", "note")),
    (instead("sources.yaml", "  note:", "  dataset:"), "TRT023"),
    *((instead("sources.yaml", '"1.1"', f'"{at}"'), "TRT021") for at in (
        "../../etc/passwd", "<b>", ".htaccess", "1.1#x", "1%2E1", "a" * 121)),
    (at_end("claims.yaml", f"claims_of_none: 1\n# {LONG}\n"), "TRT020"),
    (instead("claims.yaml", "silences:", f"- subject: france\n  altLabel: {LONG}\n  at: '1.1'\nsilences:"), "TRT021"),
    (at_end("dataset.yaml", "language: 'en\"><img src=x>'\n"), "TRT034"),
    *((at_end("dataset.yaml", f"landing: {at!r}\n"), "TRT013") for at in (
        "javascript:alert(1)", "https://e.example/\u2028", "https://e.example/a b", 'https://e.example/"', "//e.example/",
        "https://e.example/[x]", "https://e.example/%zz", "https://e.example/#a#b", "https://user@e.example/")),
    *((instead("dataset.yaml", "https://example.org/small/", repr(at)), "TRT013") for at in (
        "https://e.example/?q=/", "https://e.example/#/", "javascript:alert(1)/", "https://e.example/</script>/")),
    (question('"><img src=x>.rq'), "TRT021"), (question("a?b#c%20.rq"), "TRT021")])
def test_what_cannot_be_shown_is_refused(small: Path, treatyrdf: Run, change: Callable[[Path], None], code: str) -> None:
    change(small)
    done = treatyrdf("build", small, "--out", small.parent / "out")
    assert done.returncode == 1 and code in done.stderr and "Traceback" not in done.stderr, done.stderr[-2000:]
    assert not (small.parent / "out").exists()


def test_keys_too_long_for_a_file_are_hashed(small: Path, tmp_path: Path) -> None:
    keys = [letter * 119 + end for letter in "abc" for end in "xy"]
    instead("things.yaml", "  Polity:", "  Polity:\n" + "".join(f"    {key}: x\n" for key in keys))(small)
    instead("claims.yaml", "silences:", "- id: many\n  subject: france\n  altLabel: x\n  at: '1.1'\n"
            f"  claimant: [note, {', '.join(keys)}]\nsilences:")(small)
    build(small, tmp_path / "out")
    assert any(re.fullmatch(r"[0-9a-f]{64}\.html", p.name) for p in (tmp_path / "out/site/attribution").iterdir())


def test_an_address_with_signs_of_the_rules_is_left_out_of_them(small: Path, tmp_path: Path) -> None:
    at_end("dataset.yaml", f"landing: {json.dumps(LANDING)}\n")(small)
    instead("dataset.yaml", "https://example.org/small/", "https://w3id.org/treatyrdf/it's/")(small)
    build(small, tmp_path / "out")
    rules = (tmp_path / "out/site/w3id/.htaccess").read_text()
    assert "evil.example" not in rules and "[E=TRT_SITE:https://site.example/]" in rules
    assert r"'^it\x27s/" in rules and "it's" not in rules.partition("RewriteEngine")[2]


# --- checked by others --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def vnu(tool: Callable[[str], str]) -> list[str]:
    """The Nu validator, as a command."""
    java, npm = tool("java"), tool("npm")
    folder = ROOT / "build" / "checkers" / "vnu-jar-26.9.27"
    jar = folder / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "vnu-jar.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers, one installation
        if not jar.is_file():
            done = subprocess.run([npm, "install", "--prefix", folder, "--ignore-scripts", "--no-package-lock",
                                   "--no-audit", "--no-fund", "--silent", "vnu-jar@26.9.27"],
                                  capture_output=True, text=True, check=False)
            if done.returncode or not jar.is_file():
                (pytest.fail if os.environ.get("CI") else pytest.skip)(f"vnu-jar: {done.stderr[-300:]}")
    return [java, "-Xss4m", "-jar", str(jar), "--errors-only", "--skip-non-html", "--format", "json"]


def invalid(vnu: list[str], folder: Path) -> list[tuple[str, int, str]]:
    done = subprocess.run([*vnu, str(folder)], capture_output=True, text=True, timeout=600, check=False)
    return [(m.get("url", "")[-60:], m.get("lastLine", 0), m["message"]) for m in json.loads(done.stderr)["messages"]]


def test_the_validator_sees_what_is_wrong(vnu: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<!DOCTYPE html><html lang="en"><title>x</title><p id=a><img src=x><p id=a>')
    assert len(invalid(vnu, tmp_path)) == 2


def test_the_html_of_the_alliance_is_valid(vnu: list[str], hosted: Path) -> None:
    assert not invalid(vnu, hosted / "site")


def test_the_html_of_the_hostile_site_is_valid(vnu: list[str], site: Path) -> None:
    assert not invalid(vnu, site)


# --- as it is served ----------------------------------------------------------------------------


def test_served_pages_have_the_policy_and_queries_run_under_it(browser: Browser, hosted: Path) -> None:
    url, process = start("--out", str(hosted))
    try:
        for path in ("/", "/sparql.html", "/thing/spock.html", "/static/site.js", "/no-such-thing", "/thing/spock.ttl"):
            assert call(url, path).headers["content-security-policy"] == HEADERS["Content-Security-Policy"], path
        assert CSP_QUERY in HEADERS["Content-Security-Policy"] and "unsafe-inline" not in HEADERS["Content-Security-Policy"]
        for path, policy in (("/thing/spock.html", CSP), ("/sparql.html", CSP_QUERY)):
            assert policy.replace("'", "&#39;") in call(url, path).text, path
        with opened(browser) as page:
            page.goto(f"{url}/sparql.html#question=who-proposed")
            expect(page.locator("#result tbody tr").first).to_contain_text("Spock", timeout=60_000)
        page = browser.new_page()
        page.goto(f"{url}/thing/spock.html")
        assert page.evaluate("""() => new Promise((told) => {
          document.addEventListener('securitypolicyviolation', (event) => told(event.effectiveDirective));
          document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "ran"' }));
          setTimeout(() => told(document.title), 3000);
        })""") == "script-src-elem"
        page.close()
    finally:
        end(process)
