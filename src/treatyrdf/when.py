"""EDTF dates (ISO 8601-2, https://www.loc.gov/standards/datetime/) -> bounds in days and in years.

A day is counted from 1970-01-01 in the proleptic Gregorian calendar, for years of any size. A bound
that is open (`..`) or unknown (empty) is None: nothing is guessed. The text itself is kept elsewhere,
so that open and unknown stay apart.
"""

from __future__ import annotations

import re
from calendar import monthrange

_Q = "[?~%]?"
_DATE = re.compile(
    rf"{_Q}(?P<year>-?[0-9X]{{4}}|Y-?[0-9]+(?:E[0-9]{{1,2}})?)(?:S(?P<digits>[0-9]+))?{_Q}"
    rf"(?:-{_Q}(?P<month>[0-9X]{{2}}){_Q}(?:-{_Q}(?P<day>[0-9X]{{2}}){_Q}(?:T[0-9:.Z+-]+)?)?)?")
_FORM = "write a year (2372), a date (2372-05-01), a choice ([2344..2353]) or an interval (2344/2353)"
_CYCLE = 146097
"""Days in 400 years: the calendar repeats after that."""

Bounds = tuple[int | None, int | None]


def year_bounds(text: str) -> Bounds:
    """Return the earliest and latest year that an EDTF date allows, both inclusive.

    Raises ValueError, its text naming what is wrong and what to write, for anything else.

    >>> year_bounds("2372"), year_bounds("[2344..2353]"), year_bounds("../2372"), year_bounds("23XX")
    ((2372, 2372), (2344, 2353), (None, 2372), (2300, 2399))
    """
    first, last = day_bounds(text)
    return None if first is None else year_of(first), None if last is None else year_of(last)


def day_bounds(text: str) -> Bounds:
    """Return the first and last day that an EDTF date allows, both inclusive.

    >>> day_bounds("1970-01"), day_bounds("-0001-12-31")
    ((0, 30), (-719529, -719529))
    """
    if text[:1] + text[-1:] in ("[]", "{}"):
        parts = [_range(part.strip()) for part in text[1:-1].split(",")]
        lows, highs = [low for low, _ in parts], [high for _, high in parts]
        return (min(n for n in lows if n is not None) if None not in lows else None,
                max(n for n in highs if n is not None) if None not in highs else None)
    begin, stroke, end = text.partition("/")
    if not stroke:
        return _date(text)
    low = None if begin in ("", "..") else _date(begin)[0]
    return _ordered(text, low, None if end in ("", "..") else _date(end)[1])


def first_day(year: int) -> int:
    """Return the first day of a year; year 0 is 1 BC.

    >>> first_day(1970), first_day(1971), year_of(first_day(12345))
    (0, 365, 12345)
    """
    return _days(year, 1, 1)


def last_day(year: int) -> int:
    """Return the last day of a year."""
    return _days(year + 1, 1, 1) - 1


def year_of(day: int) -> int:
    """Return the year that a day falls in."""
    year = 1970 + day * 400 // _CYCLE
    while first_day(year) > day:
        year -= 1
    while first_day(year + 1) <= day:
        year += 1
    return year


def _days(year: int, month: int, day: int) -> int:
    """Return the day number of a date; leap days are those of the Gregorian calendar."""
    before = year - 1
    leaps = before // 4 - before // 100 + before // 400
    ahead = sum(monthrange(_like(year), m)[1] for m in range(1, month))
    return 365 * before + leaps + ahead + day - 1 - 719162


def _like(year: int) -> int:
    """Return a year of the same length that the library knows."""
    return 2000 + year % 400


def _range(part: str) -> Bounds:
    begin, dots, end = part.partition("..")
    low = _date(begin)[0] if begin else None
    high = _date(end if dots else begin)[1] if (end or not dots) else None
    return _ordered(part, low, high)


def _ordered(text: str, low: int | None, high: int | None) -> Bounds:
    if low is not None and high is not None and low > high:
        raise ValueError(f"`{text}` ends before it begins; write the earlier date first")
    return low, high


def _date(text: str) -> Bounds:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"`{text}` is not an EDTF date; {_FORM}")
    if match["year"].strip("-") == "XXXX":
        return None, None
    low, high = _years(match["year"], match["digits"], text)
    return _within(text, low, high, match["month"], match["day"])


def _years(year: str, digits: str | None, text: str) -> tuple[int, int]:
    if year.startswith("Y"):
        mantissa, _, exponent = year[1:].partition("E")
        value = int(mantissa) * 10 ** int(exponent or 0)
        if abs(value) > 10 ** 15:
            raise ValueError(f"`{text}` is too far away; write a year of at most 15 digits")
        low = high = value
    else:
        sign = -1 if year.startswith("-") else 1
        low, high = sorted(sign * int(year.lstrip("-").replace("X", digit)) for digit in "09")
    if digits:
        unit: int = 10 ** max(len(str(abs(low))) - int(digits), 0)
        low = low // unit * unit
        high = low + unit - 1
    return low, high


def _within(text: str, low: int, high: int, month: str | None, day: str | None) -> Bounds:
    """Return the days of a month or day in the first and the last of some years."""
    if not month or "X" in month:
        return first_day(low), last_day(high)
    number = int(month)
    if 21 <= number <= 41 and not day:
        return first_day(low), last_day(high)  # seasons, quarters and halves: within the year
    if not 1 <= number <= 12:
        raise ValueError(f"`{text}` has no such month; write 01 to 12")
    length = monthrange(_like(high), number)[1]
    if not day or "X" in day:
        return _days(low, number, 1), _days(high, number, length)
    longest = length if low == high else max(length, 29 if number == 2 else 0)
    if not 1 <= int(day) <= longest:
        raise ValueError(f"`{text}` is a day that no calendar has; write 01 to {longest}")
    return _days(low, number, min(int(day), monthrange(_like(low), number)[1])), (
        _days(high, number, min(int(day), length)))
