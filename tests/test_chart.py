"""The timeline as SVG: the figure of a page and the file of its own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from conftest import ROOT
from treatyrdf.chart import escaped, figure, shortened, svg
from treatyrdf.publish import Published
from treatyrdf.timeline import Row, Years, in_years, rows

SPACE = "{http://www.w3.org/2000/svg}"
NONE: Years = (None, None)


def page(term: str) -> str | None:
    return term[1:-1].rpartition("/")[2] + ".html"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def of(alliance: Published) -> tuple[Row, ...]:
    return rows(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)


def event(sure: Years, assumed: Years | None = None, band: str = "") -> Row:
    return Row("<https://example.org/e>", "E", sure, assumed or sure, (), band)


def kinds(*chart: Row) -> list[str]:
    """Return the shapes that are drawn for rows, from left to right as they are painted."""
    root = parsed(figure(chart, "t", "t", page))
    return [e.get("class", e.get("href", "")) for link in root.findall(f"{SPACE}a")
            for e in link if e.tag in (f"{SPACE}rect", f"{SPACE}use") and e.get("class") != "p-hit"]


def test_a_row_is_a_link_with_its_name_and_reasons(alliance: Published) -> None:
    chart = of(alliance)
    links = parsed(figure(chart, "Timeline", "tl", page)).findall(f"{SPACE}a")
    assert [a.get("href") for a in links] == [page(row.term) for row in chart]
    assert [a.findtext(f"{SPACE}title") for a in links] == ["\n".join((row.label, *row.why)) for row in chart]
    by_href = {a.get("href"): a.get("aria-label") for a in links}
    assert by_href["treaty-signing.html"] == "signing of the treaty: by 2372, 2344–2353 if something is assumed"
    assert by_href["dominion-orion-plot.html"] == (
        "plan of the Dominion and the Orion Syndicate: nothing is sure, from 2373 if something is assumed")
    assert {row.term for row in chart if row.band} == {
        alliance.names.record("state", f"federation-klingon-alliance.{n}") for n in (1, 2, 3)}


def test_only_what_has_a_page_is_a_link(alliance: Published) -> None:
    root = parsed(figure(of(alliance), "t", "t", lambda term: page(term) if "/state/" in term else None))
    assert len(root.findall(f"{SPACE}a")) == 3
    assert len([g for g in root.findall(f"{SPACE}g") if g.get("role") == "group" and g.get("aria-label")]) == 11


def test_a_figure_has_no_style_and_its_own_ids(alliance: Published) -> None:
    text = figure(of(alliance), "a <title> & more", "first", page)
    root = parsed(text)
    assert root.get("role") == "group" and root.get("aria-label") == "a <title> & more"
    assert not [e for e in root.iter() if e.tag == f"{SPACE}style" or "style" in e.keys()]
    ids = {e.get("id", "") for e in root.iter()} - {""}
    assert len(ids) == 7 and all(i.startswith("first-") for i in ids)
    used = {e.get("fill", "")[5:-1] for e in root.iter() if e.get("fill")} | {e.get("href", "")[1:] for e in root.iter(f"{SPACE}use")}
    assert used <= ids and len(used) > 4
    assert figure((), "nothing", "x", page) == ""


def test_a_figure_is_laid_out_in_parts_of_its_width(alliance: Published) -> None:
    root = parsed(figure(of(alliance), "t", "t", page))
    assert root.get("width") == "100%" and root.get("viewBox") is None
    for bar in (e for link in root.findall(f"{SPACE}a") for e in link.findall(f"{SPACE}rect") if e.get("class") != "p-hit"):
        left, wide = (float(str(bar.get(k)).removesuffix("%")) for k in ("x", "width"))
        assert left >= 0 and wide > 0 and left + wide <= 100.1
    texts = [e for e in root.iter(f"{SPACE}text") if e.get("class") == "p-label"]
    assert all(len("".join(e.itertext())) <= 47 for e in texts)


def test_the_word_of_a_state_is_never_cut() -> None:
    row = Row("<https://example.org/s>", "An Alliance of Very Many Powers of the Whole World: in force", (1900, None), (1900, None), (), "in force")
    [text] = [e for e in parsed(figure([row], "t", "t", page)).iter(f"{SPACE}text") if e.get("class") == "p-label"]
    assert "".join(text.itertext()) == "An Alliance of Very Many P…: in force from 1900"


def test_shapes_tell_what_is_known() -> None:
    assert kinds(event((1900, 1900))) == ["p-span", "#t-year"]
    assert kinds(event((1900, 1910))) == ["p-sure"]
    assert kinds(event((None, 1910))) == ["p-open"]
    assert kinds(event((1900, None))) == ["p-open p-later"]
    assert kinds(event((None, 1910), (1900, 1905))) == ["p-open", "p-if"]
    assert kinds(event(NONE, (1900, 1905))) == ["p-if"]


def test_a_state_is_sure_only_between_sure_ends() -> None:
    assert kinds(event((1900, 1910), band="in force")) == ["p-held"]
    assert kinds(event((1900, 1910), band="broken")) == ["p-gone"]
    assert kinds(event((1900, None), band="in force")) == ["p-open p-on"]
    assert kinds(event((1900, None), band="broken")) == ["p-open p-off"]
    assert kinds(event((1910, 1920), (1900, 1920), band="in force")) == ["p-if", "p-held"]
    assert kinds(event((None, 1920), (1900, 1920), band="in force")) == ["p-if"]
    assert kinds(event((1920, 1910), (1905, 1910), band="in force")) == ["p-if"]
    assert kinds(event((1920, 1910), band="in force")) == []


def test_the_legend_has_only_what_is_drawn(alliance: Published) -> None:
    def legend(chart: Sequence[Row]) -> list[str]:
        return ["".join(e.itertext()) for e in parsed(figure(chart, "t", "t", page)).findall(f"{SPACE}svg")]
    assert legend(of(alliance)) == ["sure", "open on one side", "only if something is assumed", "in force", "not in force"]
    assert legend([event((1900, 1900))]) == ["sure"]
    assert legend([event((1900, None), band="in force")]) == ["open on one side"]


def test_hostile_labels_are_only_text() -> None:
    label = '</title></svg><script>alert(1)</script> " onload="alert(1) \x00\x1b & ' + "W" * 99
    row = Row("<https://example.org/e>", label, (1900, 1900), (1900, 1900), (label,))
    for root in (parsed(figure([row], label, "t", lambda term: label)), ET.fromstring(svg([row], label))):
        assert not [e for e in root.iter() if e.tag == f"{SPACE}script" or any(k.startswith("on") for k in e.keys())]
        assert "\x00" not in "".join(root.itertext()) and "<script>" in "".join(root.itertext())


def test_texts_for_xml() -> None:
    assert escaped("a<b>\x00\x0b\ud800\uffff\"'&\n") == "a&lt;b&gt;\ufffd\ufffd\ufffd\ufffd&quot;&#x27;&amp;\n"
    assert (shortened("abc", 3), shortened("ab cd", 4), shortened("", 0)) == ("abc", "ab…", "")
    assert [in_years(y) for y in ((1, 2), (3, 3), (None, 4), (5, None), NONE, (7, 6))] == ["1–2", "3", "by 4", "from 5", "", ""]


def test_the_file_of_its_own_draws_the_same_shapes(alliance: Published) -> None:
    def drawn(root: ET.Element, tag: str) -> list[list[str]]:
        return [[e.get("class", e.get("href", "").rpartition("-")[2]) for e in row if e.tag in (f"{SPACE}rect", f"{SPACE}use")
                 and e.get("class") != "p-hit"] for row in root.findall(f"{SPACE}{tag}")]
    chart = of(alliance)
    alone = ET.fromstring(svg(chart, "t"))
    assert drawn(alone, "g") == drawn(parsed(figure(chart, "t", "t", page)), "a")
    assert alone.find(f"{SPACE}style") is not None and alone.get("viewBox", "").startswith("0 0 1200 ")


def test_every_class_of_the_figure_has_a_style(alliance: Published) -> None:
    css = (ROOT / "src" / "treatyrdf" / "web" / "static" / "pictures.css").read_text(encoding="utf-8")
    for text, style, plain in ((figure(of(alliance), "t", "t", page), css, {"p-row", "p-open", "p-later"}),
                               (svg(of(alliance), "t"), svg((), "t"), {"p-open", "p-later"})):
        used = {c for e in ET.fromstring(text).iter() for c in e.get("class", "").split() if c.startswith("p-")}
        assert not {c for c in used - plain if f".{c}" not in style}
