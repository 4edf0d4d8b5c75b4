"""Whole data sets of real treaties go through the same code: each folder of `cases/`, with its answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from test_chronology import fronts
from treatyrdf.ask import check_answers, open_store, plain, read_questions, select, with_years
from treatyrdf.dump import nquads
from treatyrdf.findings import check_shapes, count_problems
from treatyrdf.names import TRT, trt
from treatyrdf.publish import Published, publish

HERE = Path(__file__).resolve().parent / "cases"
CASES = sorted(p for p in HERE.iterdir() if p.is_dir())
INF = HERE / "inf-treaty"


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_the_case_is_valid_and_answers_as_expected(case: Path) -> None:
    published = publish(case)
    report = check_shapes(published)
    assert report.conforms and count_problems(published, report) == []
    questions = read_questions(case)
    assert {p.stem for p in (case / "answers").glob("*.csv")} == {q.name for q in questions}
    assert check_answers(questions, case, open_store(nquads(published.quads).encode())) == []
    assert not any("FictionalEntity" in term or "InUniverse" in term for quad in published.quads for term in quad)


@pytest.fixture(scope="module")
def inf() -> Published:
    return publish(INF)


def in_force(published: Published, year: int) -> set[tuple[str, str]]:
    question = with_years(next(q for q in read_questions(INF) if q.name == "in-force"), [year])
    rows = select(question, open_store(nquads(published.quads).encode()))
    value, order = rows.columns.index("inForce"), rows.columns.index("order")
    return {(plain(row[value]), plain(row[order])) for row in rows.rows}


@pytest.mark.parametrize(("year", "told"), [
    (1900, {("no", "not-yet-in-force")}), (1987, {("no", "not-yet-in-force")}),
    (1988, {("mixed", "not-yet-in-force in-force")}), (1989, {("yes", "in-force")}), (2018, {("yes", "in-force")}),
    (2019, {("mixed", "in-force suspended"), ("mixed", "suspended terminated")}),
    (2020, {("no", "terminated")}), (3000, {("no", "terminated")})])
def test_states_of_a_real_treaty_year_by_year(inf: Published, year: int, told: set[tuple[str, str]]) -> None:
    assert in_force(inf, year) == told


def test_the_uncertain_date_and_the_conflict_are_kept_apart_from_what_is_sure(inf: Published) -> None:
    gone = fronts(inf, "destruction-of-missiles")
    assert all(needs for front in gone.values() for _, needs in front)
    assert {year for year, _ in gone["latestYear"]} == {1991}
    dates = {str(c.object).split('"')[1]: c for c in inf.claims
             if c.predicate == trt("date") and c.subject == inf.names.thing("suspension-by-russia")}
    assert set(dates) == {"2019-02-02", "2019-03-04"} and not any(c.asserted for c in dates.values())
    assert {c.evidence[0].passage.source for c in dates.values()} == {"history", "status-list"}


def test_days_are_worked_out_across_events(inf: Published) -> None:
    ratified = next(c for c in inf.claims if c.id == "ratified-by-soviet-union.date")
    assert ratified.predicate == f"<{TRT}after>" and ratified.qualifiers["mostDistance"] == '"P1D"'
    assert fronts(inf, "ratification-by-soviet-union")["earliestYear"] == {(1988, frozenset())}


def test_an_end_nobody_tells_is_unknown_unless_a_source_tells_them_all(small: Path) -> None:
    claims = small / "claims.yaml"
    text = claims.read_text()

    def answer(year: int, more: str = "") -> set[tuple[str, str]]:
        claims.write_text(text.replace("silences:", f"{more}\nsilences:"))
        return in_force(publish(small), year)

    assert answer(1960) == {("unknown", "")}
    listed = '- {id: listed, subject: note, statusAsOf: 2000, at: "1.3"%s}'
    assert answer(2000, listed % "") == {("yes", "in-force")} and answer(2001, listed % "") == {("unknown", "")}
    assert answer(2000, listed % ", basis: supposed, certainty: probable") == {("yes", "in-force")}
    held = publish(small)
    end = next(c for c in held.claims if c.predicate == trt("earliestEndYear") and c.subject.endswith(".1>"))
    assert end.rests_on == ("listed",) and not end.asserted
    assert answer(2000, listed % ", basis: supposed, certainty: possible") == {("unknown", "")}
    assert answer(2000, listed % ", polarity: denied") == {("unknown", "")}
    assert answer(2000, (listed % "").replace("2000", "unknown")) == {("unknown", "")}
