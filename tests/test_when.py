from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatyrdf.when import year_bounds


@pytest.mark.parametrize(("text", "bounds"), [
    ("2372", (2372, 2372)), ("-0044", (-44, -44)), ("0000", (0, 0)), ("Y12345", (12345, 12345)),
    ("Y-12345", (-12345, -12345)), ("1951-01-30", (1951, 1951)), ("2004-02-29", (2004, 2004)),
    ("23XX", (2300, 2399)), ("-00XX", (-99, 0)), ("XXXX", (None, None)), ("1984?", (1984, 1984)),
    ("[2344..2353]", (2344, 2353)), ("[..2353]", (None, 2353)), ("[2344..]", (2344, None)),
    ("[1667,1668,1670..1672]", (1667, 1672)), ("2344/2353", (2344, 2353)),
    ("2344/..", (2344, None)), ("../2353", (None, 2353)), ("/2353", (None, 2353)),
    ("2344/", (2344, None)), ("2001-21", (2001, 2001)),
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
