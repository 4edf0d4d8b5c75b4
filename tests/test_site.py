"""The site of the alliance as files: every link leads somewhere, nothing is heavy, nothing runs by itself."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from browsing import Read, read
from treatyrdf.documents import document
from treatyrdf.publish import Published

KINDS = ("index", "thing/treaty-of-alliance", "thing/article", "thing/tng-sarek", "claim/spock-proposes-alliance",
         "claim/bound.treaty-signing.latestYear.1", "passage/article.1.2", "question/year-signed", "things", "claims",
         "questions", "sources", "assumptions", "conflicts", "coverage", "unknowns", "timeline", "relations", "dataset",
         "ontology", "ontology/Claim", "shapes", "search", "sparql")
"""One page of each kind."""


@pytest.fixture(scope="module")
def site(hosted: Path) -> Path:
    return hosted / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Read]:
    return {p.relative_to(site).as_posix(): read(p) for p in sorted(site.rglob("*.html"))}


def test_every_link_leads_somewhere(site: Path, pages: dict[str, Read]) -> None:
    broken = []
    for name, page in pages.items():
        for tag, _, where in page.links:
            parts = urlsplit(where)
            if (tag, where) == ("link", "data:,"):  # no icon
                continue
            if parts.scheme:
                assert parts.scheme in ("http", "https"), (name, where)
                assert tag == "a", f"{name} loads {where}"
                continue
            assert not where.startswith("/"), f"{name}: {where} does not work under a sub-path"
            target = ((site / name).parent / unquote(parts.path)).resolve() if parts.path else site / name
            if not target.is_file():
                broken.append((name, where))
            elif parts.fragment and target.suffix == ".html" and not target.name.startswith("sparql"):
                key = target.relative_to(site.resolve()).as_posix()
                if unquote(parts.fragment) not in pages[key].ids:
                    broken.append((name, where))
    assert not broken


def test_every_iri_of_the_dump_has_its_four_documents(site: Path, alliance: Published) -> None:
    base = alliance.names.base
    locals_ = {q[0][1:-1].removeprefix(base) for q in alliance.quads if q[0].startswith(f"<{base}")}
    assert len(locals_) > 400
    for local in locals_:
        stem = document(local, frozenset())
        for ending in ("html", "ttl", "jsonld", "nt"):
            assert (site / f"{stem}.{ending}").is_file(), local


def test_no_page_weighs_more_than_100_kb_before_pictures(site: Path) -> None:
    heavy = {}
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        size = len(re.sub(r"<svg (?!class=\"sprite).*?</svg>", "", text, flags=re.DOTALL).encode())
        if size > 100_000:
            heavy[path.name] = size
    assert not heavy


def test_nothing_runs_or_is_styled_inside_a_page(pages: dict[str, Read]) -> None:
    for name, page in pages.items():
        assert not {a for a in page.attributes if a.startswith("on") or a == "style"}, name
        assert "style" not in page.tags and "iframe" not in page.tags, name
        for attributes, text in page.scripts:
            assert "src" in attributes or attributes["type"] == "application/ld+json", name
            assert bool(text.strip()) == ("src" not in attributes), name


def test_every_page_has_its_policy_language_title_and_one_heading(site: Path, pages: dict[str, Read]) -> None:
    titles = Counter()
    for name, page in pages.items():
        text = (site / name).read_text(encoding="utf-8")
        assert '<html lang="en">' in text and 'http-equiv="Content-Security-Policy"' in text, name
        assert "default-src &#39;none&#39;" in text and "unsafe-inline" not in text, name
        assert ("wasm-unsafe-eval" in text) == (name == "sparql.html"), name
        assert page.tags.count("h1") == 1 and page.tags.count("main") == 1, name
        titles[re.search(r"<title>([^<]+)</title>", text)[1]] += 1
        assert len(page.ids) == len(set(page.ids)), f"{name}: {[i for i, n in Counter(page.ids).items() if n > 1]}"
    assert "" not in titles


def test_things_and_claims_embed_what_search_engines_read(site: Path, pages: dict[str, Read]) -> None:
    def data(name: str) -> dict[str, object]:
        found = [text for attributes, text in pages[name].scripts if attributes.get("type") == "application/ld+json"]
        assert len(found) == 1
        return dict(json.loads(found[0]))

    assert data("index.html")["@type"] == "Dataset"
    spock = data("thing/spock.html")
    assert (spock["@type"], spock["name"], spock["@id"]) == (
        "Person", "Spock", "https://w3id.org/treatyrdf/alliance/spock")
    claim = data("claim/spock-proposes-alliance.html")
    assert claim["@type"] == "Claim" and claim["citation"][0]["name"] == 'VOY: "Alliances"'
    assert data("question/who-proposed.html")["acceptedAnswer"]["text"] == "Spock"
    assert data("ontology.html")["@type"] == "DefinedTermSet"


def test_every_claim_page_shows_standing_evidence_and_holder(site: Path, alliance: Published,
                                                             pages: dict[str, Read]) -> None:
    for claim in alliance.claims:
        name = f"{'silence' if claim.object is None else 'claim'}/{claim.id}.html"
        targets = {where for _, _, where in pages[name].links}
        for e in claim.evidence:
            assert f"../passage/{e.passage.key}.html" in targets, name
            for work in e.citation.works if e.citation else ():
                assert f"../thing/{work}.html" in targets, name
        for reason in (*claim.premises, *claim.assumes):
            assert any(t.endswith(f"/{reason}.html") for t in targets), (name, reason)


def test_no_text_of_the_article_is_on_any_page(site: Path, shared: Path) -> None:
    words = re.findall(r"\w+", (shared / "treaty-of-alliance.txt").read_text(encoding="utf-8").casefold())
    runs = {" ".join(words[n:n + 8]) for n in range(len(words) - 7)}
    for path in sorted(site.rglob("*.html")):
        said = re.findall(r"\w+", re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).casefold())
        assert runs.isdisjoint(" ".join(said[n:n + 8]) for n in range(len(said) - 7)), path.name
