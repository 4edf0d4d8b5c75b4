"""How things are joined and what a claim rests on, as values and as SVG."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from conftest import ALLIANCE, ROOT
from treatyrdf import picture
from treatyrdf.answer import grade_of
from treatyrdf.figures import Picture
from treatyrdf.layered import arrange
from treatyrdf.model import Claim, Dataset, Thing, Word
from treatyrdf.names import trt
from treatyrdf.publish import Published, publish
from treatyrdf.timeline import rows

SPACE = "{http://www.w3.org/2000/svg}"
STATIC = ROOT / "src" / "treatyrdf" / "web" / "static"
HOSTILE = '</svg><script>alert(1)</script> & "quoted" \x00\x1b\' ' + "W" * 90


def page(term: str) -> str | None:
    return term[1:-1].rpartition("/")[2] + ".html"


def nowhere(term: str) -> str | None:
    return None


def drawn(given: Picture, href: object = page) -> ET.Element:
    """Return the SVG, parsed as XML as it stands on a page."""
    text = picture.svg(given, "here", href)  # type: ignore[arg-type]
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def shapes(root: ET.Element, kind: str) -> list[ET.Element]:
    return [e for e in root.iter() if kind in e.get("class", "").split()]


def whole(given: Published, claims: Sequence[Claim] | None = None, dataset: Dataset | None = None) -> Picture:
    args = (given.claims if claims is None else claims, dataset or given.dataset, given.vocabulary, given.names)
    return picture.whole(picture.links_of(*args), rows(*args), str(args[1].header.title))


def made(given: Published, things: dict[str, str], pairs: Sequence[tuple[str, str]]) -> tuple[tuple[Claim, ...], Dataset]:
    """Return a data set of things (label by id), each pair of them joined by one claim."""
    here = given.dataset.header.id.position
    model = next(c for c in given.claims if c.id == "federation-in-alliance")
    claims = tuple(replace(model, id=f"claim-{n}", subject=given.names.thing(a), object=given.names.thing(b))
                   for n, (a, b) in enumerate(pairs))
    return claims, replace(given.dataset, things={k: Thing(Word(k, here), Word("Treaty", here), Word(v, here))
                                                  for k, v in things.items()})


# --- a data set ---------------------------------------------------------------------------------


def test_nodes_and_lines_are_those_of_the_claims(alliance: Published) -> None:
    works = {"Work", "WorkSet", "Episode", "Film", "Series"}
    things = {alliance.names.thing(t.id) for t in alliance.dataset.things.values() if t.type not in works}
    said = [c for c in alliance.claims if c.subject in things and c.object in things]
    given = whole(alliance)
    assert {n.term for n in given.nodes} == {end for c in said for end in (c.subject, c.object)}
    assert len(given.nodes) == len({n.term for n in given.nodes}) == 76
    assert Counter((e.source, e.target) for e in given.edges) == Counter({(c.subject, str(c.object)) for c in said})
    assert sorted(i for e in given.edges for i in e.claims) == sorted(c.id for c in said)
    assert given.apart == len(things) - 76 == 1 and given.left_out == 0
    root = drawn(given)
    assert len(shapes(root, "p-node")) == 76 and len(shapes(root, "p-link")) == len(given.edges)


def test_a_line_is_as_firm_as_its_firmest_claim(alliance: Published) -> None:
    by_id = {c.id: c for c in alliance.claims}
    for edge in whole(alliance).edges:
        assert edge.grade == grade_of(by_id[edge.claims[0]], by_id)
        assert edge.asserted == any(by_id[c].asserted for c in edge.claims)
    root = drawn(whole(alliance))
    grades = Counter(g for e in shapes(root, "p-link") for g in e.get("class", "").split()[1:2])
    assert set(grades) == {"stated", "reported", "inferred", "possible", "conditional"}
    assert {e.get("class", "").split()[1] for e in shapes(root, "p-key")} == set(grades)
    assert all(len(shapes(e, "p-gap")) == ("reported" in e.get("class", "")) for e in shapes(root, "p-link"))


def test_parallel_claims_are_one_line_that_tells_them_all(alliance: Published) -> None:
    links = picture.links_of(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    [edge] = [e for e in links.edges if "spock-sole-proposer" in e.claims]
    assert edge.claims == ("spock-proposes-alliance", "spock-sole-proposer") and edge.labels == ("proposed by", "has sole proposer")
    titles = [e.findtext(f"{SPACE}title") for e in shapes(drawn(whole(alliance)), "p-link")]
    assert "proposal of the alliance → Spock\nproposed by (stated)\nhas sole proposer (stated)" in titles


def test_what_is_denied_is_told_and_crossed_out_if_nothing_else_is_said(alliance: Published) -> None:
    [edge] = [e for e in whole(alliance).edges if "invasion-unprovoked" in e.claims]
    assert edge.labels == ("directed at", "not: provoked by") and edge.asserted and not edge.denied
    assert not shapes(drawn(whole(alliance)), "p-not")
    claims, dataset = made(alliance, {"a": "A", "b": "B"}, [("a", "b")])
    denied = replace(claims[0], asserted=False, qualifiers={**claims[0].qualifiers, "polarity": trt("Denied")})
    given = whole(alliance, [denied], dataset)
    assert given.edges[0].denied and given.edges[0].labels == ("not: has party",) and not given.edges[0].asserted
    [link] = shapes(drawn(given), "p-link")
    assert len(shapes(link, "p-not")) == 1 and link.findtext(f"{SPACE}title") == "A → B\nnot: has party (stated)"
    assert [e.get("class") for e in shapes(drawn(given), "p-key")] == ["p-key stated", "p-key denied"]


def test_columns_follow_the_classes(alliance: Published) -> None:
    given = whole(alliance)
    column = {n.label: given.columns[n.column] for n in given.nodes}
    assert column["Spock"] == column["Klingon Empire"] == column["Sarek as ambassador"] == "people and powers"
    assert column["Treaty of Alliance"] == column["Federation-Klingon alliance"] == "relations and treaties"
    assert column["signing of the treaty"] == "events in order of time"
    assert column["Romulan effort to split the alliance"] == column["an end of the alliance"] == "efforts and plans"
    assert column["clause on travel"] == column["the Federation may inspect Klingon vessels"] == "provisions"
    assert column["Alpha Quadrant"] == column["Klingon weapons"] == "places and others"
    assert {n.kind for n in given.nodes if n.label in ("Alpha Quadrant", "Klingon weapons")} == {"place", "other"}


def test_dated_events_stand_in_order_of_time_above_the_others(alliance: Published) -> None:
    root = drawn(whole(alliance))
    events = sorted((float(e.get("transform", "").split()[1][:-1]), e.findtext(f"{SPACE}title") or "") for e in shapes(root, "event"))
    titles = [title for _, title in events]
    dated = [t for t in titles if ": " in t]
    assert titles[:len(dated)] == dated and dated[0] == "Romulan attack on the outpost: by 2344" and dated[-1] == "resumption of the alliance: 2373"


def test_nodes_of_a_column_do_not_overlap(alliance: Published) -> None:
    places: dict[str, list[float]] = {}
    for node in shapes(drawn(whole(alliance)), "p-node"):
        x, y = node.get("transform", "")[len("translate("):-1].split()
        places.setdefault(x, []).append(float(y))
    assert len(places) == 6
    for heights in places.values():
        heights.sort()
        assert all(below - above >= 57.9 for above, below in pairwise(heights))


def test_a_large_data_set_shows_its_best_connected_things(alliance: Published) -> None:
    things = {f"t{n}": f"Treaty {n}" for n in range(300)}
    ring = [(f"t{n}", f"t{(n + 1) % 300}") for n in range(300)]
    given = whole(alliance, *made(alliance, things, [*ring, ("t7", "t9"), ("t7", "t8")]))
    assert len(given.nodes) == 120 and given.left_out == 180 and given.more == (180,)
    assert {"Treaty 7", "Treaty 8", "Treaty 9"} <= {n.label for n in given.nodes}
    assert "and 180 more" in [e.text for e in shapes(drawn(given), "p-more")]
    hub = [(f"t{n}", f"t{m}") for n in range(20) for m in range(20, 120)]
    dense = whole(alliance, *made(alliance, things, hub))
    assert len(dense.edges) <= 240 and len(dense.nodes) + dense.left_out == 120 and dense.apart == 180
    assert len(picture.svg(dense, "x", page)) < 100_000


def test_a_kind_of_which_nothing_is_drawn_is_counted(alliance: Published) -> None:
    things = {f"t{n}": f"Treaty {n}" for n in range(130)} | {f"s{n}": f"Signing {n}" for n in range(130)}
    pairs = [(f"t{n}", f"t{(n + 1) % 130}") for n in range(130)] + [(f"t{n}", f"s{n}") for n in range(130)]
    claims, dataset = made(alliance, things, [*pairs, *((f"t{n}", f"t{(n + 2) % 130}") for n in range(130))])
    signing = {k: replace(t, type=Word("Signing", t.id.position)) if k[0] == "s" else t for k, t in dataset.things.items()}
    given = whole(alliance, claims, replace(dataset, things=signing))
    assert given.columns == ("events in order of time", "relations and treaties")
    assert len(given.nodes) + given.left_out == 260 and given.more[0] == 130 - sum(n.kind == "event" for n in given.nodes)
    assert given.more[0] == 130 and "and 130 more" in [e.text for e in shapes(drawn(given), "p-more")]


def test_nothing_and_one_thing(alliance: Published) -> None:
    empty = whole(alliance, *made(alliance, {}, []))
    assert (empty.nodes, empty.edges, empty.columns, empty.left_out, empty.apart) == ((), (), (), 0, 0)
    assert picture.svg(empty, "x", page) == ""
    claims, dataset = made(alliance, {"only": "the only treaty"}, [])
    assert whole(alliance, claims, dataset).apart == 1 and whole(alliance, claims, dataset).nodes == ()
    links = picture.links_of(claims, dataset, alliance.vocabulary, alliance.names)
    alone = picture.ego(alliance.names.thing("only"), links)
    assert [n.label for n in alone.nodes] == ["the only treaty"] and alone.columns == ("",) and alone.edges == ()
    assert len(shapes(drawn(alone), "p-node")) == 1
    assert picture.svg(picture.ego("<https://example.org/other>", links), "x", page) == ""


# --- one thing ----------------------------------------------------------------------------------


def test_a_thing_stands_between_its_neighbours(alliance: Published) -> None:
    links = picture.links_of(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    given = picture.ego(alliance.names.thing("sarek"), links)
    assert [(n.label, n.column, n.detail) for n in given.nodes] == [
        ("Spock", 0, "child of"), ("negotiations about the alliance", 0, "has key figure"), ("Sarek as ambassador", 0, "held by"),
        ("Sarek", 1, ""),
        ("the Klingon Alliance of Riker's remark", 2, "has achievement"), ("other achievements of Sarek", 2, "has achievement")]
    assert [e.grade for e in given.edges] == ["stated"] * 3 + ["reported", "inferred"]


@pytest.mark.parametrize("id_", ["federation-klingon-alliance", "klingon-empire", "federation", "spock", "gowron"])
def test_neighbours_are_counted(alliance: Published, id_: str) -> None:
    links = picture.links_of(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    term = alliance.names.thing(id_)
    given = picture.ego(term, links)
    coming = {c.subject for c in alliance.claims if c.object == term and c.subject in links.things}
    leaving = {c.object for c in alliance.claims if c.subject == term and c.object in links.things}
    assert len(given.nodes) == 1 + min(len(coming), 12) + min(len(leaving), 12)
    assert given.left_out == max(len(coming) - 12, 0) + max(len(leaving) - 12, 0)
    assert len(given.columns) == 1 + bool(coming) + bool(leaving)
    drawn(given)


def test_a_thing_may_point_to_itself_and_both_ways(alliance: Published) -> None:
    claims, dataset = made(alliance, {"a": "A", "b": "B"}, [("a", "a"), ("a", "b"), ("b", "a")])
    links = picture.links_of(claims, dataset, alliance.vocabulary, alliance.names)
    given = picture.ego(alliance.names.thing("a"), links)
    assert [(n.label, n.column) for n in given.nodes] == [("B", 0), ("A", 1), ("B", 2)] and len(given.edges) == 3
    assert len(shapes(drawn(given), "p-link")) == 3
    assert len(shapes(drawn(whole(alliance, claims, dataset)), "p-link")) == 3


# --- reasons ------------------------------------------------------------------------------------


def test_reasons_run_from_left_to_right_and_are_drawn_once(alliance: Published) -> None:
    by_id = {c.id: c for c in alliance.claims}
    for claim in alliance.claims:
        given = picture.reasons(claim, by_id, alliance.names)
        found = {claim.id}
        todo = [claim.id]
        while todo:
            new = {*by_id[todo[-1]].premises, *by_id[todo.pop()].assumes} - found
            found |= new
            todo += new
        assert len(given.nodes) == len({n.term for n in given.nodes}) == len(found) and given.left_out == 0
        assert all(given.nodes[a].column < given.nodes[b].column for a, b in given.ends)
        assert len(given.edges) == sum(len({*by_id[i].premises, *by_id[i].assumes}) for i in found)
        assert given.nodes[0].column == len(given.columns) - 1


def test_a_reason_shows_where_it_stands_and_how_firm_it_is(alliance: Published) -> None:
    by_id = {c.id: c for c in alliance.claims}
    given = picture.reasons(by_id["alliance-formed-before-entry"], by_id, alliance.names)
    nodes = {n.term.rpartition("/")[2][:-1]: n for n in given.nodes}
    assert (nodes["school-is-academy"].grade, nodes["school-is-academy"].detail) == ("inferred", "assumed, 7.4")
    assert nodes["alliance-formed-before-entry"].grade == "conditional"
    said = {e.claims[0]: (e.grade, e.labels) for e in given.edges if e.target == given.nodes[0].term}
    assert said["school-is-academy"] == ("conditional", ("is assumed for",))
    assert {said[k] for k in said if by_id[k].asserted} == {("stated", ("is a premise of",))}
    assert len(shapes(drawn(given), "p-full")) > 3


def test_many_reasons_are_cut_to_the_nearest(alliance: Published) -> None:
    model = next(c for c in alliance.claims if c.id == "federation-in-alliance")
    chain = {f"c{n}": replace(model, id=f"c{n}", premises=(f"c{n + 1}",) if n < 99 else ()) for n in range(100)}
    given = picture.reasons(chain["c0"], chain, alliance.names)
    assert len(given.nodes) == 40 and given.left_out == 60 and len(given.columns) == 40 and given.more[0] == 60
    assert {n.term for n in given.nodes} == {alliance.names.record("claim", f"c{n}") for n in range(40)}


# --- safety -------------------------------------------------------------------------------------


def test_hostile_labels_are_only_text(alliance: Published) -> None:
    claims, dataset = made(alliance, {"a": HOSTILE, "b": HOSTILE}, [("a", "b")])
    links = picture.links_of(claims, dataset, alliance.vocabulary, alliance.names)
    says = Word(HOSTILE, dataset.header.id.position)
    claim = replace(claims[0], fact=replace(claims[0].fact, words={"says": says}))
    for given in (whole(alliance, claims, dataset), picture.ego(alliance.names.thing("a"), links),
                  picture.reasons(claim, {claim.id: claim}, alliance.names)):
        root = drawn(given, lambda term: 'x" onload="alert(1)')
        assert {e.tag for e in root.iter()} <= {SPACE + t for t in ("svg", "g", "a", "path", "text", "title", "circle")}
        assert {e.get("href") for e in root.iter(f"{SPACE}a")} == {'x" onload="alert(1)'}
        assert "\x00" not in "".join(root.itertext()) and "alert(1)" in "".join(root.itertext())


def test_svg_for_pages_has_no_style_and_needs_no_script(alliance: Published) -> None:
    by_id = {c.id: c for c in alliance.claims}
    links = picture.links_of(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    for given in (whole(alliance), picture.ego(alliance.names.thing("federation"), links),
                  picture.reasons(by_id["formation-is-signing"], by_id, alliance.names)):
        root = drawn(given)
        assert root.get("role") == "group" and root.get("aria-label") == given.title and root.get("id") == "here"
        for shape in root.iter():
            assert shape.tag.removeprefix(SPACE) not in ("style", "script", "foreignObject", "image")
            assert not [k for k in shape.keys() if k == "style" or k.startswith("on")]
        assert [e.get("id") for e in root.iter() if e.get("id")] == ["here"]


def test_only_what_has_a_page_is_a_link(alliance: Published) -> None:
    given = whole(alliance)
    assert len([*drawn(given).iter(f"{SPACE}a")]) == len(given.nodes)
    assert not [*drawn(given, nowhere).iter(f"{SPACE}a")] and len(shapes(drawn(given, nowhere), "p-node")) == len(given.nodes)
    some = drawn(given, lambda term: page(term) if "spock" in term else None)
    assert sorted(str(e.get("href")) for e in some.iter(f"{SPACE}a")) == ["spock-ambassadorship.html", "spock.html"]
    assert all(e.findtext(f"{SPACE}title") for e in shapes(some, "p-node"))


# --- the same on every machine ------------------------------------------------------------------

PRINT = """
from pathlib import Path
from treatyrdf import chart, picture, timeline
from treatyrdf.publish import publish
p = publish(Path(%r))
by_id = {c.id: c for c in p.claims}
links = picture.links_of(p.claims, p.dataset, p.vocabulary, p.names)
rows = timeline.rows(p.claims, p.dataset, p.vocabulary, p.names)
print(chart.figure(rows, "t", "t", str), chart.svg(rows, "t"))
print(picture.svg(picture.whole(links, rows, str(p.dataset.header.title)), "w", str))
for term in links.things:
    print(picture.svg(picture.ego(term, links), "e", str))
for claim in p.claims:
    print(picture.svg(picture.reasons(claim, by_id, p.names), "r", str))
"""


def test_the_same_bytes_under_every_hash_seed() -> None:
    def printed(seed: str) -> bytes:
        return subprocess.run([sys.executable, "-c", PRINT % str(ALLIANCE)], capture_output=True, check=True,
                              env={**os.environ, "PYTHONHASHSEED": seed}, timeout=120).stdout
    assert printed("1") == printed("2") and len(printed("3")) > 500_000


def test_the_order_of_claims_does_not_move_lines(alliance: Published) -> None:
    turned = whole(alliance, alliance.claims[::-1])
    assert picture.svg(turned, "x", page) == picture.svg(whole(alliance), "x", page)


@pytest.mark.parametrize("case", sorted(p.name for p in (ROOT / "tests" / "cases").iterdir() if (p / "dataset.yaml").exists()))
def test_pictures_of_other_data_sets(case: str) -> None:
    given = publish(ROOT / "tests" / "cases" / case)
    drawn_whole = whole(given)
    assert len(drawn_whole.nodes) + drawn_whole.left_out + drawn_whole.apart <= len(given.dataset.things)
    if drawn_whole.nodes:
        drawn(drawn_whole)


# --- places -------------------------------------------------------------------------------------


def test_a_line_over_a_column_passes_between_its_nodes() -> None:
    layout = arrange([[0, 1], [2, 3, 4], [5]], [(0, 5), (1, 2), (1, 4), (5, 1)], 40)
    assert layout.height == 3 * 52 + 2 * 9
    for bend in (*layout.bends[0, 5], *layout.bends[5, 1]):
        assert all(abs(bend - layout.middles[n]) >= 30.4 for n in (2, 3, 4))


def test_crossings_that_need_not_be_are_undone() -> None:
    layout = arrange([[0, 1, 2], [3, 4, 5]], [(0, 5), (1, 4), (2, 3)], 40)
    left = sorted((0, 1, 2), key=lambda n: layout.middles[n])
    right = sorted((3, 4, 5), key=lambda n: layout.middles[n])
    assert [5 - n for n in left] == right
    kept = arrange([[0, 1, 2], [3, 4, 5]], [(0, 5), (1, 4), (2, 3)], 40, first=[2, 0])
    assert kept.middles[2] < kept.middles[0] < kept.middles[1]
    assert arrange([], [], 40).height == 0


# --- style and script ---------------------------------------------------------------------------


def test_every_class_of_a_picture_has_a_style(alliance: Published) -> None:
    css = (STATIC / "pictures.css").read_text(encoding="utf-8")
    own = {c for e in drawn(whole(alliance)).iter() for c in e.get("class", "").split() if c.startswith("p-")}
    plain = {"p-whole", "p-key"}  # hooks without a look of their own
    assert not {c for c in own - plain if f".{c}" not in css}
    allowed = {"paper", "card", "ink", "muted", "rule", "accent", "accent-ink", "stated", "reported", "inferred", "possible",
               "conditional", "unknown", "held", "gone", "grade"}
    used = {part.partition(")")[0] for part in css.split("var(--")[1:]}
    assert used <= allowed and "#" not in css.replace("#{", "")


def test_the_script_is_small_and_safe() -> None:
    script = (STATIC / "pictures.js").read_text(encoding="utf-8")
    assert len(script.encode()) < 4000
    assert not [w for w in ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval", "fetch", "style", "import", "http")
                if w in script]
