"""The site of the alliance in a real browser: what a stranger does, with and without mouse, script and light."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from browsing import opened, served
from test_site import KINDS

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def site(hosted: Path) -> Path:
    return hosted / "site"


@pytest.fixture(scope="module")
def address(hosted: Path) -> Iterator[str]:
    with served(hosted.parents[2]) as url:
        yield f"{url}some/where/alliance/site/"


def test_from_the_treaty_to_a_provision_to_its_claim_to_the_evidence(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}thing/treaty-of-alliance.html")
        page.get_by_role("link", name="the Federation may inspect Klingon vessels", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("the Federation may inspect Klingon vessels")
        page.locator("dd", has=page.get_by_role("link", name="Klingon vessels", exact=True)).locator("a.why").click()
        expect(page.get_by_role("heading", name="Where it stands")).to_be_visible()
        page.get_by_role("link", name='TNG: "Gambit, Part II"').first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text('TNG: "Gambit, Part II"')
        page.go_back()
        page.locator(".evidence h3 a").first.click()
        expect(page.get_by_role("heading", name="What was taken from it")).to_be_visible()
        assert "/passage/article.3.1" in page.url


def test_from_when_was_it_signed_to_the_reason_chain(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}index.html")
        page.get_by_role("link", name="In what year was the treaty signed?").click()
        expect(page.locator(".verdict")).to_contain_text("unknown")
        expect(page.locator(".answer")).to_contain_text("between 2344 and 2353")
        page.get_by_role("link", name="Then the signing might lie anywhere from 2344 to 2353.").first.click()
        expect(page.get_by_role("heading", name="Why", exact=True)).to_be_visible()
        chain = page.locator(".tree")
        expect(chain).to_contain_text("assuming")
        expect(chain).to_contain_text("Riker's school was Starfleet Academy.")
        chain.get_by_role("link", name="Riker's school was Starfleet Academy.").first.click()
        expect(page.get_by_role("heading", name="What rests on it")).to_be_visible()


def test_any_claim_is_two_clicks_from_its_thing(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}thing/alliance-proposal.html")
        row = page.locator(".about > div", has=page.get_by_role("link", name="proposed by", exact=True))
        row.locator("a.why").first.click()
        expect(page.locator("h1")).to_have_text("Spock put the alliance forward.")
        page.locator(".evidence").get_by_role("link", name="evidence").click()
        expect(page.locator(".kind")).to_have_text("evidence")


def test_search_finds_things_claims_and_questions(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}claim/spock-proposes-alliance.html")
        page.get_by_role("searchbox").fill("spock")
        page.get_by_role("searchbox").press("Enter")
        page.wait_for_url("**/search.html?q=spock")
        page.get_by_role("link", name="Spock", exact=True).click()
        expect(page.locator("h1")).to_have_text("Spock")


def test_a_canon_question_runs_in_the_browser(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}question/who-proposed.html")
        page.get_by_role("link", name="Run it here").click()
        row = page.locator("table tbody tr").first
        expect(row).to_contain_text("Spock", timeout=30_000)
        row.get_by_role("link", name="Spock", exact=True).click()
        expect(page.locator("h1")).to_have_text("Spock")


def test_the_theme_switches_and_is_remembered(browser: Browser, address: str) -> None:
    with opened(browser, color_scheme="light") as page:
        page.goto(f"{address}index.html")
        paper = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(paper)
        page.get_by_role("button", name="Switch to the dark theme").click()
        dark = page.evaluate(paper)
        assert light != dark
        page.goto(f"{address}things.html")
        assert page.evaluate(paper) == dark
        page.get_by_role("button", name="Switch to the light theme").click()
        assert page.evaluate(paper) == light


def test_it_can_be_used_by_keyboard_alone(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}thing/treaty-of-alliance.html")
        focused = "document.activeElement.textContent.trim()"
        page.keyboard.press("Tab")
        assert page.evaluate(focused) == "Skip to the content"
        page.keyboard.press("Enter")
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(focused))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", f"nobody sees where {seen[-1]} is"
            if seen[-1] == "the Federation may inspect Klingon vessels":
                break
        assert "Things" not in seen, "the skip link did not skip"
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("the Federation may inspect Klingon vessels")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_overflows_on_a_phone(browser: Browser, address: str, kind: str) -> None:
    with opened(browser, viewport={"width": 360, "height": 740}) as page:
        page.goto(f"{address}{kind}.html")
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], wide


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser: Browser, address: str, kind: str, scheme: str) -> None:
    with opened(browser, color_scheme=scheme, bypass_csp=True) as page:
        page.goto(f"{address}{kind}.html")
        page.wait_for_load_state("networkidle")
        found = Axe().run(page)
        told = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found.response["violations"]]
        assert not told


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_works_without_scripts(browser: Browser, address: str, kind: str) -> None:
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{address}{kind}.html")
        expect(page.locator("h1")).to_be_visible()
        assert page.locator("main a").count() > 0


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "sparql"])
def test_every_kind_of_page_works_from_a_file(browser: Browser, site: Path, kind: str) -> None:
    with opened(browser) as page:
        page.goto((site / f"{kind}.html").as_uri())
        expect(page.locator("h1")).to_be_visible()
        styled = page.evaluate("getComputedStyle(document.querySelector('header.top')).display")
        assert styled == "flex", "the style did not load"
        expect(page.locator("button.theme")).to_be_visible()


def test_pages_print_without_navigation(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.goto(f"{address}thing/treaty-of-alliance.html")
        page.emulate_media(media="print")
        expect(page.locator(".top nav")).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
