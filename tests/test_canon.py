"""The answers a careful reader of the article would give, from the twenty worked examples.

Only the questions that need no reasoning about time are here; the others must at least not be
contradicted.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import ALLIANCE
from treatyrdf.answer import Answer, answer, answer_json, known, labels
from treatyrdf.ask import find_question, open_store, read_questions, select
from treatyrdf.dump import nquads
from treatyrdf.names import TRT, trt
from treatyrdf.publish import Published

BASE = "https://w3id.org/treatyrdf/alliance/"


class Asked:
    """One question asked of the dump, its rows by column with the base IRIs cut off."""

    def __init__(self, published: Published, store: ox.Store, name: str) -> None:
        question = find_question(name, read_questions(ALLIANCE))
        rows = select(question, store)
        self.rows = [{c: "" if cell is None else cell.value.removeprefix(BASE).removeprefix(TRT)
                      for c, cell in zip(rows.columns, row, strict=True)} for row in rows.rows]
        shown = labels(published.dataset, published.vocabulary, published.claims, published.names)
        self.answer: Answer = answer(question, rows, known(published.claims, published.names), shown)
        self.numbers = {str(c.fact.words.get("number")) for group in self.answer.claims for c in group}

    def column(self, name: str) -> set[str]:
        return {row[name] for row in self.rows}


@pytest.fixture(scope="module")
def ask(alliance: Published):  # type: ignore[no-untyped-def]
    store = open_store(nquads(alliance.quads).encode())
    return lambda name: Asked(alliance, store, name)


def test_q01_the_two_sides(ask) -> None:
    asked = ask("sides")
    assert asked.column("side") == {"federation", "klingon-empire"}
    assert asked.answer.grade == "stated" and asked.numbers == {"F005", "F006"}


def test_q02_the_other_name_is_found_on_both_without_merging_them(ask) -> None:
    asked = ask("other-name")
    assert asked.column("name") == {"Klingon Alliance"}
    assert asked.column("bearer") == {"treaty-of-alliance", "federation-klingon-alliance"}
    assert "F002" in asked.numbers
    treaty = next(i for i, row in enumerate(asked.rows) if row["bearer"] == "treaty-of-alliance")
    assert asked.answer.grades[treaty] == "stated"
    pairs = {frozenset((r["thing"], r["other"])) for r in ask("hypotheses").rows}
    assert frozenset(("treaty-of-alliance", "federation-klingon-alliance")) not in pairs


def test_q03_the_proposer(ask) -> None:
    asked = ask("who-proposed")
    assert asked.column("proposer") == {"spock"} and asked.column("sole") == {"yes"}
    assert asked.answer.grade == "stated" and "F016" in asked.numbers


def test_q05_five_provisions_in_three_groups(ask) -> None:
    asked = ask("provisions")
    assert {(r["kind"], r["bearer"], r["counterparty"], r["action"]) for r in asked.rows} == {
        ("Right", "federation", "klingon-empire", "RequestAssistance"),
        ("Right", "klingon-empire", "federation", "RequestAssistance"),
        ("Permission", "federation", "klingon-empire", "Inspect"),
        ("Permission", "federation", "klingon-empire", "Travel"),
        ("Permission", "klingon-empire", "federation", "Travel")}
    assert len(asked.rows) == 5 and asked.answer.grade == "stated"
    groups = {r["other"] for r in ask("clauses").rows if r["tie"] == "inClause"}
    assert len(groups) == 3
    assert {"F028", "F029", "F030", "F039", "F043", "F044"} <= asked.numbers


def test_q06_the_inspections(ask) -> None:
    asked = ask("inspection")
    assert {(r["by"], r["what"], r["where"]) for r in asked.rows} == {
        ("federation", "klingon-vessels", "federation-space")}
    assert asked.column("subject") == {"Health", "Safety"}
    assert {"F039", "F040", "F041", "F042"} == asked.numbers


def test_q08_the_chain_of_the_break(ask) -> None:
    asked = ask("how-broken")
    assert [(r["year"], r["behind"], r["means"], r["victim"], r["step"]) for r in asked.rows] == [
        ("2372", "dominion", "dominion-manipulation", "klingon-empire", "klingon-invasion")]
    assert asked.answer.grade == "stated"
    assert {"F045", "F046", "F048", "F049"} <= asked.numbers
    assert [r["answer"] for r in ask("provoked").rows] == ["no"]


@pytest.mark.parametrize(("year", "value", "grade", "order", "window", "assumed", "needs"), [
    ("2340", "unknown", "conditional", "", ("", ""), "no", {"F096", "F098"}),
    ("2350", "unknown", "conditional", "", ("2344", "2353"), "", {"F096", "F098", "F089", "F090", "F093", "F094"}),
    ("2360", "yes", "inferred", "in-force", ("", ""), "", {"F089", "F090", "F093", "F094"}),
    ("2372", "mixed", "stated", "in-force broken", ("", ""), "", set()),
    ("2373", "mixed", "inferred", "broken in-force", ("", ""), "", set()),
    ("2374", "unknown", "unknown", "", ("", ""), "", set())])
def test_q10_to_q15_in_force(ask, alliance: Published, year: str, value: str, grade: str, order: str,
                             window: tuple[str, str], assumed: str, needs: set[str]) -> None:
    asked = ask("in-force")
    [n] = [n for n, r in enumerate(asked.rows) if r["year"] == year]
    row = asked.rows[n]
    assert (row["inForce"], row["grade"], row["order"], row["ifAssumed"]) == (value, grade, order, assumed)
    assert (row["windowFrom"], row["windowTo"]) == window
    numbers = {c.id: str(c.fact.words.get("number")) for c in alliance.claims}
    assert {numbers[a] for a in asked.answer.rests_on[n]} == needs
    if year == "2374":
        assert "N08" in {str(c.fact.words.get("number")) for c in asked.answer.claims[n]}


def test_q12_the_turn_of_2372_is_the_one_certain_instant_out_of_force(alliance: Published) -> None:
    facts = {q[:3] for q in alliance.quads if q[3] == alliance.names.graph("facts")}
    broken = {s for s, p, o in facts if p == trt("state") and o == trt("Broken")}
    assert len(broken) == 1
    ends = {p.rpartition("#")[2][:-1]: o for s, p, o in facts if s in broken and p in (trt("beganWith"), trt("endedWith"))}
    years = {(s, p): o for s, p, o in facts if p in (trt("latestYear"), trt("earliestYear"))}
    assert years[ends["beganWith"], trt("latestYear")].startswith('"2372"')
    assert years[ends["endedWith"], trt("earliestYear")].startswith('"2373"')


def test_q17_the_signing_year_is_unknown_with_a_conditional_window(ask) -> None:
    asked = ask("year-signed")
    by_date = dict(zip((r["date"] for r in asked.rows), asked.answer.grades, strict=True))
    assert by_date == {"UnknownValue": "unknown", "[2344..2353]": "conditional", "[2301..2400]": "possible"}
    assert asked.answer.grade == "unknown" and {"F078", "F096", "F097"} <= asked.numbers
    assert "treaty-of-24th-century" in asked.answer.assumptions


def test_q18_two_upper_bounds_each_with_its_warrant(ask) -> None:
    asked = ask("formation-bounds")
    assert {(r["latest"], r["before"]) for r in asked.rows} == {
        ("2353", "riker-enters-academy"), ("2372", "alliance-breakdown")}
    assumed = {r["assumption"] for r in asked.rows if r["latest"] == "2353"}
    assert assumed == {"claim/riker-learned-at-school.topic", "claim/riker-credits-sarek",
                       "claim/school-is-academy", "claim/formed-before-entry-needed"}
    assert {r["assumption"] for r in asked.rows if r["latest"] == "2372"} == {""}


def test_q25_the_work_cited_for_the_proposal(ask) -> None:
    assert [(r["work"], r["scope"], r["start"], r["end"]) for r in ask("source-of-proposal").rows] == [
        ("voy-alliances", "Sentence", "389", "407")]


def test_q27_no_work_supports_the_controversy(ask) -> None:
    assert [(r["work"], r["scope"]) for r in ask("source-of-controversy").rows] == [("", "Uncited")]


def test_q30_the_romulans_did_not_break_it(ask) -> None:
    asked = ask("did-romulans-break-it")
    assert asked.column("answer") == {"no"} and asked.answer.grade == "stated"
    assert "F038" in asked.numbers


def test_q32_three_hypotheses_and_no_identity(ask) -> None:
    asked = ask("same-as-khitomer-accords")
    rows = zip(asked.rows, asked.answer.grades, strict=True)
    assert {(r["accords"], r["relation"], grade) for r, grade in rows} == {
        ("second-khitomer-accords", "contemporaneousWith", "possible"),
        ("khitomer-accords", "identifiedWith", "reported"),
        ("khitomer-accords", "connectedWith", "inferred")}
    assert {"F073", "F076", "F077"} == asked.numbers
    assert ask("same-as").rows == []


def test_q33_nobody_is_said_to_be_killed_or_blamed(ask) -> None:
    asked = ask("ambassador-killed")
    assert {r["planned"]: r["answer"] for r in asked.rows} == {
        "planned-assassination": "unknown", "gowron-implicated": "unknown",
        "people-call-for-end": "unknown"}
    assert {"F067", "F070", "N09"} <= asked.numbers


def test_q35_works_by_series(ask) -> None:
    asked = ask("works-by-series")
    assert {(r["code"], r["works"]) for r in asked.rows} == {
        ("tng", "7"), ("ds9", "3"), ("voy", "1"), ("none", "1")}
    assert len(asked.column("work")) == 12


def test_q36_three_efforts(ask) -> None:
    asked = ask("who-tried-to-break-it")
    assert {(r["effort"], r["actor"], r["outcome"]) for r in asked.rows} == {
        ("romulan-disruption-effort", "romulan-star-empire", "Failed"),
        ("dominion-manipulation", "dominion", "Succeeded"),
        ("dominion-orion-plot", "dominion", "OutcomeUnknown"),
        ("dominion-orion-plot", "orion-syndicate", "OutcomeUnknown")}
    means = {(r["effort"], r["means"], r["value"]) for r in ask("means").rows}
    assert ("romulan-disruption-effort", "resources", "considerable") in means
    assert ("dominion-orion-plot", "instrument", "klingon-weapons") in means


@pytest.mark.parametrize("name", ["who-ended-it-formally", "condemnation-a-cause", "klingon-inspection",
                                  "state-of-the-treaty", "ambassador-killed"])
def test_silence_is_answered_unknown_with_the_silence_as_evidence(ask, name: str) -> None:
    asked = ask(name)
    assert asked.rows and asked.answer.grade == "unknown"
    assert all(row["silence"] for row in asked.rows)
    assert asked.column("answer") <= {"unknown", "UnknownValue"}


def test_json_of_an_answer_is_the_contract(ask) -> None:
    value = answer_json(ask("who-proposed").answer)
    assert list(value) == ["question", "text", "columns", "rows", "grade", "assumptions", "evidence"]
    assert set(value["rows"][0]) == {*value["columns"], "grade", "assumptions"}
    entry = value["evidence"][0]
    assert set(entry) == {"claim", "locator", "works", "claimant", "file", "line"}
    text = Path(entry["file"]).read_text().splitlines()[entry["line"] - 1]
    assert text == f"- id: {entry['claim']}"
