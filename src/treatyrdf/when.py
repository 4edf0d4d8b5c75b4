"""EDTF dates (ISO 8601-2, https://www.loc.gov/standards/datetime/) -> bounds as whole years.

A bound that is open (`..`) or unknown (empty) is None: nothing is guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange

_DATE = re.compile(
    r"(?P<year>-?[0-9X]{4}|Y-?[0-9]{5,})(?:-(?P<month>[0-9X]{2})(?:-(?P<day>[0-9X]{2}))?)?[?~%]?")
_FORM = "write a year (2372), a date (2372-05-01), a choice ([2344..2353]) or an interval (2344/2353)"

Bounds = tuple[int | None, int | None]


def year_bounds(text: str) -> Bounds:
    """Return the earliest and latest year that an EDTF date allows, both inclusive.

    Raises ValueError, its text naming what is wrong and what to write, for anything else.

    >>> year_bounds("2372"), year_bounds("[2344..2353]"), year_bounds("../2372"), year_bounds("23XX")
    ((2372, 2372), (2344, 2353), (None, 2372), (2300, 2399))
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
    year = match["year"]
    if year.strip("-") == "XXXX":
        return None, None
    if year.startswith("Y"):
        low = high = int(year[1:])
    else:
        sign = -1 if year.startswith("-") else 1
        ends = sorted(sign * int(year.lstrip("-").replace("X", digit)) for digit in "09")
        low, high = ends
    month, day = match["month"], match["day"]
    if month and month.isdigit():
        season = 21 <= int(month) <= 41
        if not (1 <= int(month) <= 12 or (season and not day)):
            raise ValueError(f"`{text}` has no such month; write 01 to 12")
        if day and day.isdigit() and low == high:
            # The Gregorian calendar repeats every 400 years, and the library stops at 9999.
            days = monthrange(2000 + low % 400, int(month))[1]
            if not 1 <= int(day) <= days:
                raise ValueError(f"`{text}` is a day that no calendar has; write 01 to {days}")
    return low, high
