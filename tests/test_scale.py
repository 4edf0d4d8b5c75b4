"""The site of a large data set: split folders, small pages, links that lead somewhere, and what it leaves out."""

from __future__ import annotations

import functools
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from browsing import Read, read
from conftest import ALLIANCE
from large import rare, write_dataset
from treatyrdf import documents, pages, website
from treatyrdf.build import Made, finish, make, site_files, write_parts
from treatyrdf.documents import document
from treatyrdf.files import SITE
from treatyrdf.index import words as words_of
from treatyrdf.publish import publish
from treatyrdf.results import Report

CHROMIUM = Path("/usr/bin/chromium")
THINGS = 200
"""So few, since every limit is lowered: each of these things has some 60 files."""
PICTURE = re.compile(r"<svg (?!class=\"sprite).*?</svg>", re.DOTALL)


def write(made: Made, folder: Path) -> Path:
    for name, content in site_files(made):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / SITE


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose folders are split, with hubs of which more is said than pages and documents have room for."""
    folder = tmp_path_factory.mktemp("large")
    write_dataset(folder / "data", THINGS)
    published = publish(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "LARGEST", 30)
        patch.setattr(documents, "MOST_NAMING", 50)
        parts, dumps = write_parts(published)
        return write(finish(folder / "data", published, parts, Report((), 0, 0), dumps), folder)


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the alliance as if it had too many claims."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(website, "MANY", 100)
        patch.setattr(pages, "_FEW", 5)  # so that some claims have no room on the page of what they are about
        return write(make(ALLIANCE), tmp_path_factory.mktemp("hidden"))


@functools.cache
def known(path: Path) -> Read:
    return read(path)


def broken(site: Path, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each link of some pages that leads nowhere."""
    for name in names:
        for _, _, where in known(site / name).links:
            parts = urlsplit(where)
            if parts.scheme or not where:
                assert where, f"{name} has an empty link"
                continue
            target = ((site / name).parent / unquote(parts.path)).resolve() if parts.path else site / name
            key = target.relative_to(site.resolve()).as_posix() if parts.path else name
            if not target.is_file() or (parts.fragment and target.suffix == ".html" and key != "sparql.html"
                                        and unquote(parts.fragment) not in known(site / key).ids):
                yield name, where


def pages_of(site: Path) -> list[str]:
    """Return the pages but those of terms, which are the same at any size."""
    names = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    return [name for name in names if not name.startswith("ontology/")]


# --- many things ----------------------------------------------------------------------------------


def test_a_folder_of_many_documents_is_split(large: Path) -> None:
    for folder in ("thing", "claim", "evidence"):
        assert len(list((large / folder).rglob("*.html"))) > 30, folder
        assert not list((large / folder).glob("*.html")), folder
    assert list((large / "attribution").glob("*.html"))
    for local in ("treaty-00032", "claim/made-00032", "evidence/register.33.1.note-00032"):
        stem = document(local, frozenset({"thing", "claim", "evidence"}))
        for ending in ("html", "ttl", "jsonld", "nt"):
            assert (large / f"{stem}.{ending}").is_file(), stem


def test_no_page_of_a_large_site_weighs_more_than_100_kb(large: Path) -> None:
    sizes = {name: len(PICTURE.sub("", (large / name).read_text(encoding="utf-8")).encode())
             for name in pages_of(large)}
    assert not {name: size for name, size in sizes.items() if size > 100_000}
    assert sizes["thing/ub/hub.html"] > 20_000, "the hub is told of on its page"
    assert "claims more name it" in (large / "thing" / "ub" / "hub.html").read_text(encoding="utf-8")


def test_links_of_a_large_site_lead_somewhere(large: Path) -> None:
    every = pages_of(large)
    chosen = random.Random(5).sample(every, 100)
    hubs = [n for n in every if "/" not in n or n.endswith(("/hub.html", "/congress.html", "/register.html"))]
    assert len(hubs) > 25
    assert not list(broken(large, [*hubs, *chosen]))


def test_a_rare_word_leads_to_its_thing(large: Path) -> None:
    word = rare(37)
    found = [json.loads(f"[{path.read_text(encoding='utf-8').strip()[len('treatyrdfSearch('):-2]}]")
             for path in sorted((large / "static" / "search").glob("*.js"))]
    [manifest] = [f for f in found if f[0] == "manifest"]
    holding = [row for f in found if f[0] == "shard" for row in f[2] if row[0] == words_of(word)[0]]
    assert len(holding) == 1
    entry = holding[0][1] // 4
    block = max(n for n, start in enumerate(manifest[2]) if start <= entry)
    title, href = next(f for f in found if f[:2] == ["block", block])[2][entry - manifest[2][block]]
    assert title == f"Treaty 37 of {word}" and (large / href).is_file()


def test_a_browser_finds_it_in_a_file(large: Path) -> None:
    if not CHROMIUM.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed: .ci/run installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{(large / 'search.html').as_uri()}#q={rare(37)}")
        page.get_by_role("link", name=f"Treaty 37 of {rare(37)}", exact=True).click()
        expect(page.locator("h1")).to_have_text(f"Treaty 37 of {rare(37)}")
        browser.close()


def test_the_documents_of_a_hub_say_what_they_leave_out(large: Path) -> None:
    text = (large / "thing" / "ub" / "hub.ttl").read_text(encoding="utf-8")
    assert re.search(r"rdfs:comment \"\d+ more statements name https://example.org/large/hub", text)
    lines = (large / "thing" / "ub" / "hub.nt").read_text(encoding="utf-8").splitlines()
    assert 50 <= sum("<https://example.org/large/hub> ." in line for line in lines) < 60
    assert "more statements name" not in (large / "thing" / "32" / "treaty-00032.ttl").read_text(encoding="utf-8")


# --- too many claims ------------------------------------------------------------------------------


def test_claims_without_pages_stand_where_they_belong(hidden: Path) -> None:
    for folder in website._EVIDENT:
        assert not (hidden / folder).exists()
    treaty = known(hidden / "thing" / "treaty-of-alliance.html")
    assert "c.treaty-establishes-alliance" in treaty.ids
    text = (hidden / "thing" / "treaty-of-alliance.html").read_text(encoding="utf-8")
    assert 'class="trace"' in text and "held by" in text
    assert any(i.startswith("c.") for i in known(hidden / "claims-3.html").ids), "those without room on a page"
    ids = Counter(i for name in pages_of(hidden) for i in known(hidden / name).ids if i.startswith("c."))
    assert len(ids) == sum(1 for _ in publish(ALLIANCE).claims) and set(ids.values()) == {1}


def test_every_link_of_a_site_without_claim_pages_leads_somewhere(hidden: Path) -> None:
    assert not list(broken(hidden, pages_of(hidden)))


def test_no_page_without_claim_pages_is_heavy(hidden: Path) -> None:
    for name in pages_of(hidden):
        text = (hidden / name).read_text(encoding="utf-8")
        assert len(PICTURE.sub("", text).encode()) <= 100_000, name
        assert len(set(ids := known(hidden / name).ids)) == len(ids), name


def test_the_page_of_the_data_set_tells_what_is_left_out(hidden: Path) -> None:
    text = " ".join(known(hidden / "dataset.html").text)
    assert "What this site leaves out" in text and "no pages of their own" in text and "not found" in text


def test_rules_and_lists_promise_nothing_that_is_left_out(hidden: Path) -> None:
    for name in (".htaccess", "nginx-map.conf", "w3id/.htaccess"):
        text = (hidden / name).read_text(encoding="utf-8")
        assert "question/" in text and "thing/" in text, name
        assert not re.search(r"(?:claim|silence|evidence|citation|passage)/", text), name
    paged = json.loads((hidden / "static" / "sparql-data.json").read_text(encoding="utf-8"))["paged"]
    assert paged == ["attribution", "conflict", "question", "state"]
    sums = (hidden / "SHA256SUMS").read_text(encoding="utf-8")
    assert not re.search(r"  (?:claim|silence|evidence|citation|passage)/", sums)
