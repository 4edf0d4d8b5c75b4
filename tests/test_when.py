from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatyrdf.when import day_bounds, first_day, last_day, year_bounds, year_of


@pytest.mark.parametrize(("text", "bounds"), [
    ("2372", (2372, 2372)), ("-0044", (-44, -44)), ("0000", (0, 0)), ("Y12345", (12345, 12345)),
    ("Y-12345", (-12345, -12345)), ("1951-01-30", (1951, 1951)), ("2004-02-29", (2004, 2004)),
    ("23XX", (2300, 2399)), ("-00XX", (-99, 0)), ("XXXX", (None, None)), ("1984?", (1984, 1984)),
    ("[2344..2353]", (2344, 2353)), ("[..2353]", (None, 2353)), ("[2344..]", (2344, None)),
    ("[1667,1668,1670..1672]", (1667, 1672)), ("2344/2353", (2344, 2353)),
    ("2344/..", (2344, None)), ("../2353", (None, 2353)), ("/2353", (None, 2353)),
    ("2344/", (2344, None)), ("2001-21", (2001, 2001)),
    # Examples in the manner of the specification, levels 0 to 2.
    ("1985-04-12T23:20:30Z", (1985, 1985)), ("1964/2008", (1964, 2008)), ("2004-02-01/2005", (2004, 2005)),
    ("Y170000002", (170000002, 170000002)), ("1984~", (1983, 1985)), ("2004-01%", (2003, 2004)),
    ("201X", (2010, 2019)), ("2004-XX", (2004, 2004)), ("1985-04-XX", (1985, 1985)),
    ("1985-XX-XX", (1985, 1985)), ("1984-06?/2004-08?", (1984, 2004)), ("-1985", (-1985, -1985)),
    ("Y-17E7", (-170000000, -170000000)), ("Y17E8", (1700000000, 1700000000)), ("1950S2", (1900, 1999)),
    ("Y171010000S3", (171000000, 171999999)), ("2001-34", (2001, 2001)),
    ("[1667,1668,1670..1672]", (1667, 1672)), ("{1960,1961-12}", (1960, 1961)), ("[..1760-12-03]", (None, 1760)),
    ("2004-06~-11", (2004, 2004)), ("?2004-06-~11", (2004, 2004)), ("156X-12-25", (1560, 1569)),
    ("1XXX-12", (1000, 1999)), ("1984-1X", (1984, 1984)),
])
def test_bounds(text: str, bounds: tuple[int | None, int | None]) -> None:
    assert year_bounds(text) == bounds


@pytest.mark.parametrize("text", [
    "", "no", "12:30:45", "24th century", "2353/2344", "[2353..2344]", "2372-13", "2344-02-30",
    "1900-02-29", "2372-00", "2001-21-03", "23", "2372-5", "2372/2373/2374", "[", "]["])
def test_refused(text: str) -> None:
    with pytest.raises(ValueError, match="; write"):
        year_bounds(text)


@given(st.integers(-9999, 9999), st.integers(-9999, 9999))
def test_intervals_keep_their_ends(a: int, b: int) -> None:
    low, high = sorted((a, b))
    write = lambda y: f"-{-y:04}" if y < 0 else f"{y:04}"  # noqa: E731
    assert year_bounds(f"{write(low)}/{write(high)}") == (low, high)
    assert year_bounds(f"[{write(low)}..{write(high)}]") == (low, high)
    if low != high:
        with pytest.raises(ValueError, match="before it begins"):
            year_bounds(f"{write(high)}/{write(low)}")


def test_days_are_those_of_the_calendar() -> None:
    from datetime import date, timedelta

    epoch = date(1970, 1, 1)
    day = date(1, 1, 1)
    while day.year < 9990:
        number = (day - epoch).days
        assert day_bounds(day.isoformat()) == (number, number)
        assert year_of(number) == day.year
        day += timedelta(days=997)


@given(st.integers(-10**12, 10**12))
def test_years_of_any_size_tile_the_days(year: int) -> None:
    assert year_of(first_day(year)) == year == year_of(last_day(year))
    assert first_day(year + 1) == last_day(year) + 1
    assert last_day(year) - first_day(year) in (364, 365)


@pytest.mark.parametrize(("text", "days"), [
    ("1970-02", (31, 58)), ("1972-02", (761, 789)), ("1970-01-XX", (0, 30)), ("1970-01-05/1970-01-09", (4, 8)),
    ("[1970-01-01,1970-03-01]", (0, 59)), ("1970-01-05~", (3, 5)), ("~1970-01-05", (-365, 729)),
    ("1970-~02-03", (0, 89)), ("1970-02~-03", (0, 89)), ("1970-02?-03", (33, 33)), ("1970", (0, 364)), ("../1970-01-01", (None, 0))])
def test_finer_grain(text: str, days: tuple[int | None, int | None]) -> None:
    assert day_bounds(text) == days
