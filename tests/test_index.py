"""The search finds what it should: its files, and the page that reads them in a browser."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, expect, sync_playwright

from page_stub import WEB, render
from treatyrdf import index
from treatyrdf.index import COMMON, FOLDER, Entry, search_files, words

CHROMIUM = Path("/usr/bin/chromium")
HOSTILE = '<img src=x onerror=alert(1)> "\'</script>\u2028 hostile'

ENTRIES = (
    Entry("Treaty of Alliance", "thing", "thing/treaty-of-alliance.html", "treaty treaty-of-alliance", 2),
    Entry("Spock", "thing", "thing/spock.html", "person Ambassador Spock"),
    Entry("Mirror Spock", "thing", "thing/mirror-spock.html"),
    Entry("Qo’noS", "thing", "thing/qonos.html", "Kronos"),
    Entry("Karel Čapek", "thing", "thing/capek.html"),
    Entry("Hauptstraße", "thing", "thing/strasse.html"),
    Entry("ΟΔΥΣΣΕΥΣ", "thing", "thing/odysseus.html"),
    Entry("İstanbul", "thing", "thing/istanbul.html"),
    Entry("南京條約", "thing", "thing/nanjing.html"),
    Entry("Ж договор", "thing", "thing/dogovor.html"),
    Entry(HOSTILE, "thing", "thing/hostile.html", "__proto__ constructor toString"),
    Entry("bad address", "thing", "javascript:alert(1)"),
    Entry("When was the treaty signed?", "question", "question/signed.html"),
    Entry("Spock proposed the alliance.", "claim", "claim/spock-proposes.html", "proposedBy"),
    Entry("The alliance was broken in 2372.", "claim", "claim/broken.html"),
    Entry("provision", "term", "ontology/Provision.html", "Provision"),
    *(Entry(f"Outpost number {n}", "thing", f"thing/outpost-{n}.html") for n in range(1200)),
)


@pytest.mark.parametrize(("text", "found"), [
    ("Treaty of Alliance", ["treaty", "of", "alliance"]),
    ("Čapek, naïve; Ångström", ["capek", "naive", "angstrom"]),
    ("Straße STRASSE", ["strasse", "strasse"]),
    ("ΣΑΣ σας", ["σασ", "σασ"]), ("İstanbul ISTANBUL", ["istanbul", "istanbul"]),
    ("條約 と abc", ["條", "約", "と", "abc"]), ("हिन्दी", ["हनद"]), ("договор", ["договор"]),
    ("a_b-c.d 2372", ["a", "b", "c", "d", "2372"]), ("__proto__", ["proto"]), ("", []), ("…!", []),
    ("x" * 99, ["x" * 32]), ("ﬁne ½", ["fine", "1", "2"]),
])
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(st.text())
def test_words_of_any_text_are_words_again(text: str) -> None:
    for word in words(text):
        assert 0 < len(word) <= 32 and words(word) == [word]


def calls(files: dict[str, str]) -> dict[str, list[Any]]:
    """What each script hands over; the call is a JSON array in other brackets."""
    made = {}
    for name, text in files.items():
        assert text.startswith("treatyrdfSearch(") and text.endswith(");\n") and text.count("\n") == 1
        made[name.removeprefix(f"{FOLDER}/")] = json.loads("[" + text[len("treatyrdfSearch("):-3] + "]")
    return made


def look_up(files: dict[str, str], word: str) -> list[tuple[str, int]]:
    """The titles a word leads to, with its place in each, read as the script reads them."""
    read = calls(files)
    rows = [row for n in range(len(read["index.js"][2])) for row in read[f"block-{n}.js"][2]]
    found, number = [], 0
    for name in read["index.js"][1]:
        for other, *steps in read[f"{name}.js"][2]:
            if other == word:
                for step in steps:
                    number += step
                    found.append((rows[number // 4][0], number % 4))
    return found


def test_a_word_leads_to_its_entries_with_its_place() -> None:
    files = dict(search_files(ENTRIES))
    assert look_up(files, "spock") == [("Mirror Spock", 1), ("Spock", 3), ("Spock proposed the alliance.", 2)]
    assert look_up(files, "kronos") == [("Qo’noS", 0)]
    assert look_up(files, "proto") == [(HOSTILE, 0)]
    assert [title for title, _ in look_up(files, "treaty")] == ["Treaty of Alliance", "When was the treaty signed?"]
    assert len(look_up(files, "outpost")) == 1200
    assert look_up(files, "nothing") == []


def test_shards_hold_the_words_of_their_name_and_are_all_named() -> None:
    files = dict(search_files(ENTRIES))
    read = calls(files)
    _, names, starts, kinds, common = read["index.js"]
    assert {f"{name}.js" for name in names} == {n for n in read if n != "index.js" and not n.startswith("block-")}
    assert kinds[0] == ["thing", 1212] and sum(n for _, n in kinds) == len(ENTRIES) and common == []
    assert starts == [0, 500, 1000]
    for name in names:
        start = "".join(chr(int(c, 16)) for c in name.split("-"))
        assert read[f"{name}.js"][1] == name and all(row[0].startswith(start) for row in read[f"{name}.js"][2])


def test_large_shards_are_split_and_files_stay_small() -> None:
    entries = [Entry(f"Treaty {n:05} trade{n:05} 條{n:05}", "thing", f"thing/t-{n:05}.html") for n in range(15_000)]
    entries.append(Entry("tr " + "y" * 5000 + " " + "y" * 4999 + "z", "thing", "thing/long.html"))
    files = dict(search_files(entries))
    assert max(len(text.encode()) for text in files.values()) < 100_000
    names = calls(files)["index.js"][1]
    assert len([name for name in names if name.startswith("74-72-")]) > 1 and "74-72" in names
    assert look_up(files, "trade01234") == [("Treaty 01234 trade01234 條01234", 1)]
    assert calls(files)["index.js"][4] == ["treaty", "條"] and len(look_up(files, "treaty")) == COMMON


def test_same_entries_same_files_whatever_their_order_and_the_seed() -> None:
    code = ("import sys, hashlib; sys.path.insert(0, 'tests'); from test_index import ENTRIES\n"
            "from treatyrdf.index import search_files\n"
            "print(hashlib.sha256(repr(list(search_files(ENTRIES[::-1]))).encode()).hexdigest())")
    sums = {subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent.parent, text=True, check=True,
                           capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in "17"}
    assert len(sums) == 1
    assert list(search_files(ENTRIES)) == list(search_files(reversed(ENTRIES)))


def test_no_entries_give_a_search_that_finds_nothing() -> None:
    assert calls(dict(search_files(()))) == {"index.js": ["manifest", [], [], [], []]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("chromium is missing in CI")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield started
        started.close()


def write_site(site: Path, entries: tuple[Entry, ...]) -> None:
    files = {**dict(search_files(entries)), "search.html": render("search.html", "search.html", {}),
             "thing/other.html": render("thing/other.html", "plain.html", {}),
             **{f"static/{name}": (WEB / "static" / name).read_text(encoding="utf-8")
                for name in ("search.js", "search.css")}}
    for name, text in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The roots of one site: from files, and over HTTP below a path."""
    folder = tmp_path_factory.mktemp("host")
    write_site(folder / "some" / "where", ENTRIES)
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {"file": f"{folder.as_uri()}/some/where/", "http": f"http://127.0.0.1:{server.server_port}/some/where/"}
        server.shutdown()


@pytest.fixture(params=["file", "http"])
def root(request: pytest.FixtureRequest, host: dict[str, str]) -> str:
    return host[request.param]


@pytest.fixture
def page(browser: Browser, root: str) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no dialog, no request elsewhere."""
    context = browser.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda said: wrong.append(said.text))
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: (wrong.append("dialog"), dialog.dismiss()))
    opened.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith((root, "data:")) else None)
    opened.on("requestfailed", lambda asked: wrong.append(f"failed: {asked.url}"))
    yield opened
    context.close()
    assert wrong == []


def found(page: Page) -> dict[str, list[str]]:
    """The titles found, by heading."""
    expect(page.locator("#search-status")).not_to_be_empty()
    return {s.locator("h2").inner_text(): s.locator("li").all_inner_texts()
            for s in page.locator("#search-results section").all()}


@pytest.mark.parametrize(("query", "first"), [
    ("spock", "thing/spock.html"), ("treaty", "thing/treaty-of-alliance.html"), ("alliance spo", "claim/spock-proposes.html"),
    ("qonos", None), ("qo'nos", "thing/qonos.html"), ("kron", "thing/qonos.html"), ("CAPEK", "thing/capek.html"),
    ("čapek", "thing/capek.html"), ("hauptstrasse", "thing/strasse.html"), ("οδυσσευς", "thing/odysseus.html"),
    ("istanbul", "thing/istanbul.html"), ("條約", "thing/nanjing.html"), ("дог", "thing/dogovor.html"),
    ("__proto__", "thing/hostile.html"), ("constructor", "thing/hostile.html"), ("2372", "claim/broken.html"),
    ("outpost 777", "thing/outpost-777.html"), ("signed", "question/signed.html"), ("hasOwnProperty", None),
])
def test_the_address_asks(page: Page, root: str, query: str, first: str | None) -> None:
    page.goto(root + "thing/other.html")
    page.locator("header input").fill(query)
    page.locator("header input").press("Enter")
    page.wait_for_url(lambda url: "search.html?q=" in url)
    found(page)
    links = [link.evaluate("a => a.href") for link in page.locator("#search-results a").all()]
    assert links[:1] == ([root + first] if first else [])
    assert page.locator("#search-box").input_value() == query


def test_results_stand_by_kind_with_counts_and_marks(page: Page, root: str) -> None:
    page.goto(root + "search.html#q=spock")
    assert found(page) == {"Things 2": ["Spock", "Mirror Spock"], "Claims 1": ["Spock proposed the alliance."]}
    assert page.locator("mark").all_inner_texts() == ["Spock"] * 3
    assert page.locator("#search-status").inner_text() == "3 pages found."
    assert not page.locator("#search-lists").is_visible()


def test_typing_searches_and_keeps_the_address(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=spock")
    found(page)
    page.locator("#search-box").fill("brok")
    expect(page.locator("#search-results a").first).to_have_text("The alliance was broken in 2372.")
    assert page.evaluate("location.hash") == "#q=brok"
    page.reload()
    assert found(page) == {"Claims 1": ["The alliance was broken in 2372."]}


def test_a_word_that_is_whole_is_not_the_beginning_of_others(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=outpost+number+12")
    assert next(iter(found(page))) == "Things 11"
    page.goto(root + "search.html?q=outpost+12+number")
    assert found(page) == {"Things 1": ["Outpost number 12"]}


def test_some_of_the_words_when_no_page_has_all(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=spock+istanbul")
    assert set(found(page)) == {"Things 3", "Claims 1"}
    assert "No page has all of these words" in page.locator("#search-status").inner_text()


def test_nothing_found_gives_the_lists(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=zzzz")
    assert found(page) == {}
    assert page.locator("#search-status").inner_text().startswith("Nothing found")
    assert page.locator("#search-lists a").first.is_visible()


def test_more_results_come_when_asked_for(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=outpost")
    assert len(found(page)["Things 1200"]) == 10
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#search-results li")).to_have_count(60)
    expect(page.locator("#search-results a").nth(10)).to_be_focused()


def test_hostile_titles_are_words_and_bad_addresses_are_no_links(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=hostile")
    assert [text.split() for text in found(page)["Things 1"]] == [HOSTILE.split()]
    page.goto(root + "search.html?q=bad+address")
    assert found(page)["Things 1"] == ["bad address"] and page.locator("#search-results a").count() == 0


def test_the_keyboard_alone_is_enough(page: Page, root: str) -> None:
    page.goto(root + "search.html?q=spock")
    found(page)
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.press("/")
    assert page.locator("#search-box").input_value() == "/"
    page.locator("#search-box").fill("spock")
    page.keyboard.press("Enter")
    expect(page.locator("#search-results a")).to_have_count(3)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Mirror Spock")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-box")).to_be_focused()


def test_only_what_is_asked_for_is_loaded(page: Page, root: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(root)))
    page.goto(root + "search.html")
    page.wait_for_load_state()
    assert not [name for name in asked if name.startswith(f"{FOLDER}/")]
    page.goto(root + "search.html?q=spock")
    found(page)
    loaded = {name.removeprefix(f"{FOLDER}/") for name in asked if name.startswith(f"{FOLDER}/")}
    assert {"index.js", "73.js"} <= loaded and len([name for name in loaded if not name.startswith("block-")]) == 2


def test_words_that_are_too_common_do_not_hide_what_they_meet(
        browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "COMMON", 100)
    write_site(tmp_path, ENTRIES)
    page = browser.new_page()
    page.goto(f"{tmp_path.as_uri()}/search.html?q=outpost+777")
    assert found(page)["Things 1"] == ["Outpost number 777"]
    assert "Too common to look for everywhere: outpost" in page.locator("#search-status").inner_text()
    page.goto(f"{tmp_path.as_uri()}/search.html?q=outp")
    assert list(found(page)) == ["Things 100"]
    assert page.locator("#search-status").inner_text().startswith("At least 100 pages found.")
    page.close()


def test_a_search_that_cannot_be_loaded_says_so(browser: Browser, tmp_path: Path) -> None:
    write_site(tmp_path, ENTRIES)
    (tmp_path / FOLDER / "index.js").unlink()
    page = browser.new_page()
    page.goto(f"{tmp_path.as_uri()}/search.html?q=spock")
    assert found(page) == {}
    assert "could not be loaded" in page.locator("#search-status").inner_text()
    assert page.locator("#search-lists").is_visible()
    page.close()


def test_without_scripts_the_lists_are_there(browser: Browser, host: dict[str, str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(host["file"] + "search.html?q=spock")
    assert page.locator("#search-lists a").count() == 5 and page.locator("noscript").is_visible()
    context.close()
