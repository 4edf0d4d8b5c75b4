"""Spellings of dates, as patterns of UAX 35 -> EDTF dates.

A pattern is written as in CSVW: `yyyy-MM-dd`, `d.M.yyyy`, `MMMM d, yyyy`. Only its letters for day,
month and year are read; other signs stand for themselves, and letters in quotes too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .when import day_bounds

EDTF = "edtf"
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")
_FIELDS: Mapping[str, tuple[str, str]] = {
    "yyyy": ("year", r"[0-9]{4}"), "y": ("year", r"[0-9]{4}"), "uuuu": ("year", r"[0-9]{4}"),
    "MM": ("month", r"[0-9]{2}"), "M": ("month", r"[0-9]{1,2}"),
    "MMM": ("month", r"[A-Za-z]{3}"), "MMMM": ("month", r"[A-Za-z]{3,9}"),
    "dd": ("day", r"[0-9]{2}"), "d": ("day", r"[0-9]{1,2}")}
_TOKEN = re.compile(r"'([^']*)'|([A-Za-z])\2*|([^A-Za-z'])")


@dataclass(frozen=True)
class Spelling:
    """One way to write a date: the pattern as given, and what reads it (None: EDTF itself)."""

    pattern: str
    regex: re.Pattern[str] | None

    def read(self, text: str) -> str | None:
        """Return the EDTF date of a text, None when it is not written so or no such day exists.

        A month or day of two zeros is one that is not known, so the date is coarser. The year 9999 is
        never a date: it is what tables write for `no end`.
        """
        if self.regex is None:
            return _checked(text)
        match = self.regex.fullmatch(text)
        if match is None:
            return None
        parts = match.groupdict()
        month = _month(parts.get("month"))
        day = parts.get("day")
        if month is None or parts["year"] == "0000":
            return None
        known = [parts["year"], month, day.zfill(2) if day else ""]
        while known[-1] in ("", "00"):
            known.pop()
        return _checked("-".join(known)) if not {"", "00"} & set(known) else None


def parse_spelling(pattern: str) -> Spelling:
    """Return how a pattern reads dates.

    Raises ValueError, its text naming what is wrong and what to write.

    >>> parse_spelling("dd.MM.yyyy").read("02.12.1972"), parse_spelling("yyyy-MM-dd").read("1993-05-00")
    ('1972-12-02', '1993-05')
    >>> parse_spelling("MMMM d, yyyy").read("May 4, 1961"), parse_spelling("yyyy").read("9999")
    ('1961-05-04', None)
    """
    if pattern == EDTF:
        return Spelling(pattern, None)
    found, regex, end = set(), "", 0
    for token in _TOKEN.finditer(pattern):
        if token.start() != end:
            break
        end = token.end()
        letters = token[0]
        if letters in ("yy", "uu"):
            raise ValueError(f"`{pattern}` leaves the century open, and none is guessed; list such texts under "
                             "`null`, or mend them in a look-up")
        if token[2] is None:
            regex += re.escape(token[1] if token[1] is not None else token[3])
        elif letters not in _FIELDS or _FIELDS[letters][0] in found:
            raise ValueError(f"`{letters}` in `{pattern}` is not read here; write yyyy, MM, M, MMM, MMMM, dd or "
                             "d, each once, or `edtf`")
        else:
            name, digits = _FIELDS[letters]
            found.add(name)
            regex += f"(?P<{name}>{digits})"
    if end != len(pattern):
        raise ValueError(f"`{pattern}` has a quote that is never closed; write such as yyyy-MM-dd")
    if "year" not in found or ("day" in found and "month" not in found):
        raise ValueError(f"`{pattern}` is no pattern of a date; write such as yyyy-MM-dd, dd.MM.yyyy or yyyy")
    return Spelling(pattern, re.compile(regex))


def _month(text: str | None) -> str | None:
    """Return the two digits of a month, empty when the pattern has none; None when nobody knows it."""
    if text is None or text.isdigit():
        return (text or "").zfill(2) if text else ""
    names = [n for n, name in enumerate(_MONTHS, 1) if text.lower() in (name, name[:3])]
    return f"{names[0]:02}" if names else None


def _checked(text: str) -> str | None:
    """Return a text that is an EDTF date, else None."""
    try:
        day_bounds(text)
    except ValueError:
        return None
    return None if "9999" in re.split(r"[^0-9]", text) else text
