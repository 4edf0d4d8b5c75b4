"""Dates in a curator's words: what they mean, what is kept, and what becomes of it in RDF."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_chronology import fronts
from treatyrdf.names import integer, trt
from treatyrdf.publish import Published, publish
from treatyrdf.when import day_bounds, days_of, number_of, written, year_bounds
from treatyrdf.wording import Relative, duration, parse_duration, read_date


@pytest.mark.parametrize(("text", "edtf"), [
    ("2372", "2372"), ("before 2372", "[..2371]"), ("after 2372", "[2373..]"), ("by 2372", "[..2372]"),
    ("from -0044", "[-0044..]"), ("during 1951", "1951"), ("about 1950", "1950~"), ("around 1950-03", "1950-03~"),
    ("before 1951-03-01", "[..1951-02-28]"), ("after 1951-12", "[1952-01..]"), ("before 0000", "[..-0001]"),
    ("after 9999", "[Y10000..]"), ("before 1951/1953", "[..1950-12-31]"), ("the year after 2372", "2373"),
    ("the year before 0000", "-0001"), ("the month after 1951-12-05", "1952-01"), ("the day after 2004-02-28", "2004-02-29"),
    ("2 years after 1951-01-30", "1953"), ("30 days after 1951-02-01", "1951-03-03"), ("2 weeks before 1951-02-01", "1951-01-18"),
    ("6 months after 1951-08", "1952-02"), ("about 2 years after 2372", "2374~"), ("unheard of", "unheard of")])
def test_words_about_dates(text: str, edtf: str) -> None:
    assert read_date(text) == edtf


@pytest.mark.parametrize(("text", "relative"), [
    ("before the-break", Relative("before", "the-break")), ("after the-break", Relative("after", "the-break")),
    ("during the-war", Relative("during", "the-war")), ("the year after the-break", Relative("yearAfter", "the-break")),
    ("the year before the-break", Relative("before", "the-break", (1, 1, "year"))),
    ("2 years after the-break", Relative("after", "the-break", (2, 2, "year"))),
    ("about 2 years after the-break", Relative("after", "the-break", (1, 3, "year"), True)),
    ("about 1 day after the-break", Relative("after", "the-break", (0, 2, "day"), True)),
    ("within 3 months before the-break", Relative("before", "the-break", (0, 3, "month"))),
    ("at least 4 weeks after the-break", Relative("after", "the-break", (28, None, "day")))])
def test_words_about_events(text: str, relative: Relative) -> None:
    assert read_date(text) == relative


@pytest.mark.parametrize("text", ["about 1950/1953", "about ../1953", "the year after [1950..1953]", "by the-break",
                                  "within 2 years after 1950", "before XXXX", "before 12345", "before 2372-13"])
def test_words_that_mean_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="; write"):
        read_date(text)


@given(st.integers(-10**7, 10**7), st.sampled_from(["day", "month", "year"]))
def test_units_tile_the_days_and_read_back(day: int, grain: str) -> None:
    number = number_of(day, grain)
    first, last = days_of(number, grain)
    assert first <= day <= last and days_of(number + 1, grain)[0] == last + 1
    assert day_bounds(written(number, grain)) == (first, last)


@given(st.integers(-12000, 12000))
def test_before_and_after_leave_out_the_year(year: int) -> None:
    text = written(year, "year")
    assert year_bounds(str(read_date(f"before {text}"))) == (None, year - 1)
    assert year_bounds(str(read_date(f"after {text}"))) == (year + 1, None)


def test_durations_read_back() -> None:
    assert [parse_duration(duration(n, g)) for n, g in ((2, "year"), (30, "day"), (6, "month"))] == [
        (2, "year"), (30, "day"), (6, "month")]


def with_fact(small: Path, text: str) -> Published:
    things, claims = small / "things.yaml", small / "claims.yaml"
    things.write_text(things.read_text() + "  Proposal:\n    proposal: A proposal\n")
    claims.write_text(claims.read_text().replace("silences:", f"- {{id: proposed, subject: proposal, {text}, at: \"1.1\"}}\nsilences:"))
    return publish(small)


def qualifiers(published: Published, id_: str) -> dict[str, str]:
    return dict(next(c for c in published.claims if c.id == id_).qualifiers)


def test_the_original_wording_is_kept(small: Path) -> None:
    held = with_fact(small, "date: before 1951")
    assert qualifiers(held, "proposed")["originalWording"] == '"before 1951"@en'
    assert fronts(held, "proposal")["latestYear"] == {(1950, frozenset())}


def test_a_distance_to_an_event_bounds_it(small: Path) -> None:
    held = with_fact(small, "date: 2 years before signing")
    assert qualifiers(held, "proposed")["leastDistance"] == qualifiers(held, "proposed")["mostDistance"] == '"P2Y"'
    assert fronts(held, "proposal") == {"earliestYear": {(1949, frozenset())}, "latestYear": {(1949, frozenset())}}


def test_about_is_no_certainty(small: Path) -> None:
    held = with_fact(small, "date: about 2 years before signing")
    step = frozenset({"proposed.distance"})
    assert fronts(held, "proposal") == {"earliestYear": {(1948, step)}, "latestYear": {(1950, step), (1951, frozenset())}}
    plain = {(s, p, o) for s, p, o, g in held.quads if g == held.names.graph("facts")}
    proposal = held.names.thing("proposal")
    assert (proposal, trt("before"), held.names.thing("signing")) in plain
    assert (proposal, trt("latestYear"), integer(1951)) in plain and (proposal, trt("latestYear"), integer(1950)) not in plain


@pytest.mark.parametrize("date", ["1949?", "about 1949", "1949%"])
def test_a_doubtful_date_is_a_claim_and_no_plain_triple(small: Path, date: str) -> None:
    held = with_fact(small, f"date: {date}")
    claim = next(c for c in held.claims if c.id == "proposed")
    assert claim.qualifiers["certainty"] == trt("Probable") and not claim.asserted
    assert all(needs == frozenset({"proposed"}) for front in fronts(held, "proposal").values() for _, needs in front)


def test_unknown_and_open_ends_differ_as_text_and_bound_alike(small: Path) -> None:
    held = with_fact(small, "date: [/1949, ../1950]")
    objects = {str(c.object).partition("^^")[0] for c in held.claims if c.predicate == trt("date") and "proposed" in c.id}
    assert objects == {'"/1949"', '"../1950"'}
    assert fronts(held, "proposal") == {"earliestYear": set(), "latestYear": {(1949, frozenset())}}


@pytest.mark.parametrize(("date", "year"), [("-0044", -44), ("0000", 0), ("Y12345", 12345), ("the year before 0000", -1)])
def test_years_of_any_size(small: Path, date: str, year: int) -> None:
    held = with_fact(small, f"date: {date}")
    assert fronts(held, "proposal") == {n: {(year, frozenset())} for n in ("earliestYear", "latestYear")}
