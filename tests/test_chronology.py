"""Bounds worked out from claims, with the reasons and assumptions the article supports, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Run
from treatyrdf.errors import DataError
from treatyrdf.names import trt
from treatyrdf.publish import Published, publish

FOUR = frozenset({"riker-learned-at-school.topic", "riker-credits-sarek", "school-is-academy",
                  "formed-before-entry-needed"})
CENTURY = frozenset({"treaty-of-24th-century", "signing-not-before-2344"})


def fronts(published: Published, thing: str) -> dict[str, set[tuple[int, frozenset[str]]]]:
    found: dict[str, set[tuple[int, frozenset[str]]]] = {"earliestYear": set(), "latestYear": set()}
    for claim in published.claims:
        if claim.subject == published.names.thing(thing) and "TightestBound" in claim.kinds:
            year = int(str(claim.object).split('"')[1])
            found[claim.predicate.rpartition("#")[2][:-1]].add((year, frozenset(claim.rests_on)))
    return found


@pytest.mark.parametrize("thing", ["treaty-signing", "alliance-formation"])
def test_bounds_of_signing_and_formation_are_what_the_article_supports(alliance: Published, thing: str) -> None:
    assert fronts(alliance, thing) == {"earliestYear": {(2344, CENTURY)},
                                       "latestYear": {(2353, FOUR), (2372, frozenset())}}


@pytest.mark.parametrize("step", sorted(FOUR))
def test_withdrawing_one_step_leaves_2372(step: str) -> None:
    held = publish(ALLIANCE, without=frozenset({step}))
    assert fronts(held, "treaty-signing")["latestYear"] == {(2372, frozenset())}
    assert fronts(held, "treaty-signing")["earliestYear"] == {(2344, CENTURY)}


def test_withdrawing_the_condition_leaves_no_lower_end() -> None:
    held = publish(ALLIANCE, without=frozenset({"treaty-of-24th-century"}))
    assert fronts(held, "treaty-signing")["earliestYear"] == set()


def test_withdrawing_a_source_leaves_nothing() -> None:
    assert publish(ALLIANCE, without=frozenset({"article"})).claims == ()


def test_2344_and_2353_stay_possible_and_2354_is_out_only_under_the_four(alliance: Published) -> None:
    late = {a: y for y, a in fronts(alliance, "treaty-signing")["latestYear"]}
    assert 2344 <= late[FOUR] and 2353 <= late[FOUR] < 2354 <= late[frozenset()]


def test_every_bound_has_its_reasons(alliance: Published) -> None:
    by_id = {c.id: c for c in alliance.claims}
    computed = [c for c in alliance.claims if c.computed]
    assert computed
    for claim in computed:
        assert claim.premises and claim.evidence
        assert claim.rule in (trt("TimeNetwork"), trt("StateBetweenEvents"))
        assert claim.asserted == (not claim.rests_on and "TimedClaim" not in claim.kinds)
        if claim.asserted:
            assert all(by_id[p].asserted for p in claim.premises), claim.id
        for assumed in claim.assumes:
            assert "Assumption" in by_id[assumed].kinds


def test_a_firm_bound_that_is_not_the_tightest_is_no_plain_triple(small: Path) -> None:
    things, claims = small / "things.yaml", small / "claims.yaml"
    things.write_text(things.read_text() + "  Proposal:\n    proposal: A proposal\n")
    claims.write_text(claims.read_text().replace("silences:", """\
- {id: proposed, subject: proposal, proposedBy: france, date: 1940/1960, before: signing, at: "1.1"}
silences:"""))
    published = publish(small)
    assert fronts(published, "proposal") == {"earliestYear": {(1940, frozenset())}, "latestYear": {(1951, frozenset())}}
    plain = {o for s, p, o, g in published.quads if s == published.names.thing("proposal")
             and p == trt("latestYear") and g == published.names.graph("facts")}
    assert [o.split('"')[1] for o in plain] == ["1951"]
    loose = [c for c in published.claims if "LooserBound" in c.kinds]
    assert [c.id for c in loose] == ["proposed.date.latestYear"] and not loose[0].asserted


def test_days_and_months_order_events_within_a_year(small: Path) -> None:
    claims = small / "claims.yaml"
    text = claims.read_text().replace("  date: 1951-09-24\n", "  date: 1951\n  after: signing\n")
    claims.write_text(text.replace("date: 1951-01-30", "date: 1951-12-31"))
    assert fronts(publish(small), "entry-into-force")["earliestYear"] == {(1951, frozenset())}
    claims.write_text(text.replace("date: 1951-01-30", "date: 1952-01-01"))
    with pytest.raises(DataError, match="TRT045"):
        publish(small)


def test_doubtful_dates_that_contradict_firm_ones_are_only_set_aside(small: Path) -> None:
    claims = small / "claims.yaml"
    claims.write_text(claims.read_text().replace("silences:", """\
- {id: rumour, subject: signing, date: 1949, certainty: possible, at: "1.1"}
silences:"""))
    assert fronts(publish(small), "signing") == {"earliestYear": {(1951, frozenset())},
                                                 "latestYear": {(1951, frozenset())}}


def test_what_if_says_what_changed_and_writes_nothing(treatyrdf: Run) -> None:
    before = {p: p.stat().st_mtime_ns for p in (ROOT / "dist").rglob("*")}
    done = treatyrdf("ask", "signing-window", "--without", "school-is-academy", cwd=ROOT)
    assert done.returncode == 0
    assert "without school-is-academy\n  - bound latest; year 2353; grade conditional" in done.stdout
    assert {p: p.stat().st_mtime_ns for p in (ROOT / "dist").rglob("*")} == before
    value = json.loads(treatyrdf("ask", "signing-window", "--without", "school-is-academy", "--json", cwd=ROOT).stdout)
    assert [(r["bound"], r["year"], r["grade"]) for r in value["rows"]] == [
        ("earliest", "2344", "conditional"), ("latest", "2372", "inferred")]
    assert [(r["bound"], r["year"]) for r in value["lost"]] == [("latest", "2353")] and value["gained"] == []
    same = treatyrdf("ask", "sides", "--without", "school-is-academy", cwd=ROOT)
    assert "nothing changes" in same.stdout
    unknown = treatyrdf("ask", "sides", "--without", "school-is-academi", cwd=ROOT)
    assert unknown.returncode == 2 and "did you mean `school-is-academy`?" in unknown.stderr


def test_any_year_can_be_asked_for_and_nothing_else_gets_in(treatyrdf: Run) -> None:
    value = json.loads(treatyrdf("ask", "in-force", "--year", "2372", "--year", "2354", "--json", cwd=ROOT).stdout)
    assert [(r["year"], r["inForce"], r["grade"]) for r in value["rows"]] == [
        ("2354", "yes", "inferred"), ("2372", "mixed", "stated")]
    assert {"relation", "year", "inForce", "grade", "order"} <= set(value["columns"])
    assert treatyrdf("ask", "in-force", "--year", "2372 } #", cwd=ROOT).returncode == 2
    assert "TRT078" in treatyrdf("ask", "sides", "--year", "2372", cwd=ROOT).stderr
    dropped = json.loads(treatyrdf("ask", "in-force", "--year", "2360", "--without", "school-is-academy", "--json",
                                   cwd=ROOT).stdout)
    assert [(r["inForce"], r["ifAssumed"], r["window"]) for r in dropped["rows"]] == [("unknown", "", [2344, 2371])]
    assert set(dropped["rows"][0]["assumptions"]) == CENTURY
    assert dropped["lost"][0]["inForce"] == "yes"


def test_assumptions_are_listed_with_what_rests_on_each(treatyrdf: Run) -> None:
    rows = {r["assumption"]: r["rests on it"].split() for r in
            json.loads(treatyrdf("assumptions", "--json", cwd=ROOT).stdout)}
    assert FOUR | CENTURY <= set(rows)
    assert "alliance-formed-by-2353" in rows["school-is-academy"] and all(rows.values())


def test_the_window_as_json(treatyrdf: Run) -> None:
    value = json.loads(treatyrdf("ask", "signing-window", "--json", cwd=ROOT).stdout)
    assert {(r["bound"], r["year"], r["grade"], frozenset(r["assumptions"])) for r in value["rows"]} == {
        ("earliest", "2344", "conditional", CENTURY), ("latest", "2353", "conditional", FOUR),
        ("latest", "2372", "inferred", frozenset())}
    assert value["evidence"]
