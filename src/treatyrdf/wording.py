"""Dates in a curator's words -> an EDTF date, or a relation to another event.

`before 1951`, `the year after 2372` and `about 1950` become EDTF; `2 years after signing` names an
event, so that it becomes an order of events with a distance, an ISO 8601-1 duration.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .when import day_bounds, days_of, grain_of, number_of, written

Distance = tuple[int, int | None, str]
"""The least and the most of a distance (None: no most), and what it counts: day, month or year."""

_DISTANCE = (r"(?:(?P<about>about |around )|(?P<least>at least )|(?P<within>within |at most ))?"
             r"(?P<count>[0-9]{1,6}) (?P<grain>day|week|month|year)s? ")
_PHRASES = tuple((re.compile(pattern), relation) for pattern, relation in (
    (rf"{_DISTANCE}(?P<way>after|before) (?P<rest>.+)", "distance"),
    (r"the (?P<grain>day|month|year) (?P<way>after|before) (?P<rest>.+)", "next"),
    (r"(?P<word>before|after|by|from|during|about|around) (?P<rest>.+)", "plain"),
))
_EVENT = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_UNITS = {"day": "D", "month": "M", "year": "Y"}


@dataclass(frozen=True)
class Relative:
    """An order of two events: a property, the other event, and how far apart they are."""

    relation: str
    event: str
    distance: Distance | None = None
    about: bool = False
    """The distance is approximate: its bounds are one more and one less than the wording says."""


def read_date(text: str) -> str | Relative:
    """Return the EDTF date that a wording means, or its relation to an event.

    What is no phrase is returned as it is, to be checked as EDTF. Raises ValueError, its text naming
    what is wrong and what to write.

    >>> read_date("before 2372"), read_date("the year after 2372"), read_date("about 2 years after 2372")
    ('[..2371]', '2373', '2374~')
    >>> read_date("2 years after the-break").distance, read_date("about 1 month before the-break").distance
    ((2, 2, 'year'), (0, 2, 'month'))
    """
    for pattern, kind in _PHRASES:
        match = pattern.fullmatch(text)
        if match:
            words = match.groupdict()
            event = _EVENT.fullmatch(words["rest"])
            return _KINDS[kind](words, text) if not event else _related(kind, words, text)
    return text


def duration(count: int, grain: str) -> str:
    """Return an ISO 8601-1 duration.

    >>> duration(2, "year")
    'P2Y'
    """
    return f"P{count}{_UNITS[grain]}"


def parse_duration(text: str) -> tuple[int, str]:
    """Return the count and the grain of a duration that `duration` wrote."""
    return int(text[1:-1]), next(g for g, unit in _UNITS.items() if unit == text[-1])


def _count(words: dict[str, str]) -> tuple[int, str]:
    weeks = words["grain"] == "week"
    return int(words["count"]) * (7 if weeks else 1), "day" if weeks else words["grain"]


# --- relative to an event -----------------------------------------------------------------------


def _related(kind: str, words: dict[str, str], text: str) -> Relative:
    """Return the order of two events that a phrase tells."""
    event = words["rest"]
    if kind == "distance":
        count, grain = _count(words)
        low, high = count, count
        if words["about"]:
            low, high = max(count - 1, 0), count + 1
        elif words["within"]:
            low = 0
        return Relative(words["way"], event, (low, None if words["least"] else high, grain),
                        bool(words["about"]))
    if kind == "next":
        if (words["grain"], words["way"]) == ("year", "after"):
            return Relative("yearAfter", event)
        return Relative(words["way"], event, (1, 1, words["grain"]))
    if words["word"] in ("before", "after", "during"):
        return Relative(words["word"], event)
    raise ValueError(f"`{text}` does not order two events; write before, after or during, or a distance "
                     "such as `2 years after`")


# --- relative to a date -------------------------------------------------------------------------


def _ends(words: dict[str, str], text: str) -> tuple[int, int]:
    first, last = day_bounds(words["rest"])
    if first is None or last is None:
        raise ValueError(f"`{text}` leaves the date open; write one with a beginning and an end")
    return first, last


def _plain(words: dict[str, str], text: str) -> str:
    first, last = _ends(words, text)
    date, grain = words["rest"], grain_of(words["rest"])
    single = days_of(number_of(first, grain), grain) == (first, last)
    if words["word"] in ("about", "around"):
        if single and not date.endswith(("~", "?", "%")):
            return f"{date}~"
        raise ValueError(f"`{text}` is doubly vague; write one date, such as `about 1950`")
    edge = grain if single else "day"
    return {
        "before": lambda: f"[..{written(number_of(first, edge) - 1, edge)}]",
        "after": lambda: f"[{written(number_of(last, edge) + 1, edge)}..]",
        "by": lambda: f"[..{written(number_of(last, edge), edge)}]",
        "from": lambda: f"[{written(number_of(first, edge), edge)}..]",
        "during": lambda: date,
    }[words["word"]]()


def _distant(words: dict[str, str], text: str) -> str:
    count, grain = _count(words)
    if words["least"] or words["within"]:
        raise ValueError(f"`{text}` is a window; write it out, such as `[1951..1953]`")
    return _moved(words, text, count, grain) + ("~" if words["about"] else "")


def _next(words: dict[str, str], text: str) -> str:
    return _moved(words, text, 1, words["grain"])


def _moved(words: dict[str, str], text: str, count: int, grain: str) -> str:
    first, last = _ends(words, text)
    start, end = number_of(first, grain), number_of(last, grain)
    if start != end:
        raise ValueError(f"`{text}` counts {grain}s from a date that spans several; write a finer date")
    return written(start + (count if words["way"] == "after" else -count), grain)


_KINDS: dict[str, Callable[[dict[str, str], str], str]] = {
    "distance": _distant, "next": _next, "plain": _plain}
