"""EDTF dates (ISO 8601-2, https://www.loc.gov/standards/datetime/) -> bounds in days and in years.

A day is counted from 1970-01-01 in the proleptic Gregorian calendar, for years of any size. A bound
that is open (`..`) or unknown (empty) is None: nothing is guessed. The text itself is kept elsewhere,
so that open and unknown stay apart.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from itertools import accumulate

_DATE = re.compile(
    r"(?P<y0>[?~%]?)(?P<year>-?[0-9X]{4}|Y-?[0-9]+(?:E[0-9]{1,2})?)(?:S(?P<digits>[0-9]+))?(?P<y1>[?~%]?)"
    r"(?:-(?P<m0>[?~%]?)(?P<month>[0-9X]{2})(?P<m1>[?~%]?)"
    r"(?:-(?P<d0>[?~%]?)(?P<day>[0-9X]{2})(?P<d1>[?~%]?)(?:T[0-9:.Z+-]+)?)?)?")
_PLAIN = re.compile(r"-?[0-9]+")
_FORM = "write a year (2372), a date (2372-05-01), a choice ([2344..2353]) or an interval (2344/2353)"
_CYCLE = 146097
"""Days in 400 years: the calendar repeats after that."""
_LENGTHS = tuple(monthrange(2001, month)[1] for month in range(1, 13))
_AHEAD = (0, *accumulate(_LENGTHS))
"""The days before each month of a year without a leap day."""

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


def number_of(day: int, grain: str) -> int:
    """Return the number of the day, month or year that a day falls in; they are counted in order.

    >>> number_of(31, "month") - number_of(30, "month"), number_of(365, "year")
    (1, 1971)
    """
    if grain == "day":
        return day
    year = year_of(day)
    if grain == "year":
        return year
    rest = day - first_day(year)
    for month in range(1, 13):
        length = _length(year, month)
        if rest < length:
            break
        rest -= length
    return 12 * year + month - 1


def days_of(number: int, grain: str) -> tuple[int, int]:
    """Return the first and the last day of a numbered day, month or year.

    >>> days_of(number_of(31, "month"), "month"), days_of(1970, "year")
    ((31, 58), (0, 364))
    """
    if grain == "day":
        return number, number
    if grain == "year":
        return first_day(number), last_day(number)
    year, month = divmod(number, 12)
    first = _days(year, month + 1, 1)
    return first, first + _length(year, month + 1) - 1


def written(number: int, grain: str) -> str:
    """Return the EDTF date of a numbered day, month or year.

    >>> written(2372, "year"), written(-44, "year"), written(12345, "year"), written(31, "day")
    ('2372', '-0044', 'Y12345', '1970-02-01')
    """
    first = days_of(number, grain)[0]
    year = year_of(first)
    text = f"{'-' if year < 0 else ''}{abs(year):04}" if abs(year) <= 9999 else f"Y{year}"
    if grain == "year":
        return text
    month = number_of(first, "month")
    day = f"-{first - days_of(month, 'month')[0] + 1:02}" if grain == "day" else ""
    return f"{text}-{month % 12 + 1:02}{day}"


def grain_of(text: str) -> str:
    """Return the grain of a single EDTF date: day, month or year."""
    return ("year", "month", "day")[min(text.lstrip("-Y").count("-"), 2)]


def _days(year: int, month: int, day: int) -> int:
    """Return the day number of a date; leap days are those of the Gregorian calendar."""
    before = year - 1
    leaps = before // 4 - before // 100 + before // 400
    ahead = _AHEAD[month - 1] + (month > 2 and isleap(year))
    return 365 * before + leaps + ahead + day - 1 - 719162


def _length(year: int, month: int) -> int:
    """Return how many days a month has."""
    return _LENGTHS[month - 1] + (month == 2 and isleap(year))


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
        form = f"write `{written(int(text), 'year')}`" if _PLAIN.fullmatch(text) else _FORM
        raise ValueError(f"`{text[:60]}` is not an EDTF date; {form}")
    if match["year"].strip("-") == "XXXX":
        return None, None
    low, high = _years(match["year"], match["digits"], text)
    return _widened(match, *_within(text, low, high, match["month"], match["day"]))


def _widened(match: re.Match[str], first: int, last: int) -> tuple[int, int]:
    """Return bounds one unit wider on both sides for an approximate date (`~`, `%`).

    The unit is that of the part which the sign stands next to.
    """
    for part, grain in (("y", "year"), ("m", "month"), ("d", "day")):
        if {match[f"{part}0"], match[f"{part}1"]} & {"~", "%"}:
            return (days_of(number_of(first, grain) - 1, grain)[0],
                    days_of(number_of(last, grain) + 1, grain)[1])
    return first, last


def is_doubtful(text: str) -> bool:
    """Tell whether a date is marked as uncertain or approximate (ISO 8601-2, 8.4: `?`, `~`, `%`)."""
    return any(sign in text for sign in "?~%")


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


def _within(text: str, low: int, high: int, month: str | None, day: str | None) -> tuple[int, int]:
    """Return the days of a month or day in the first and the last of some years."""
    if not month or "X" in month:
        return first_day(low), last_day(high)
    number = int(month)
    if 21 <= number <= 41 and not day:
        return first_day(low), last_day(high)  # seasons, quarters and halves: within the year
    if not 1 <= number <= 12:
        raise ValueError(f"`{text}` has no such month; write 01 to 12")
    length = _length(high, number)
    if not day or "X" in day:
        return _days(low, number, 1), _days(high, number, length)
    longest = length if low == high else max(length, 29 if number == 2 else 0)
    if not 1 <= int(day) <= longest:
        raise ValueError(f"`{text}` is a day that no calendar has; write 01 to {longest}")
    return _days(low, number, min(int(day), _length(low, number))), (
        _days(high, number, min(int(day), length)))
