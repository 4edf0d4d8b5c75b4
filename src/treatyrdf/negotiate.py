"""Which of several media types a client wants (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_RANGE = re.compile(r'\s*([^\s,;/"]+/[^\s,;/"]+)((?:[^,"]|"(?:\\.|[^"\\])*"?)*)(?:,|$)|[^,]*(?:,|$)')
_WEIGHT = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def choose(accept: str, offers: Sequence[str]) -> str | None:
    """Return the offer that an Accept header likes best, None when it likes none.

    Among equals a type that is named goes before one that a wildcard admits, then the earlier offer.
    What is not a media range is passed over; an empty header admits everything.

    >>> choose("text/html;q=0.5, text/*, */*;q=0.1", ["text/turtle", "text/html"])
    'text/turtle'
    """
    ranges = [(m[1].lower(), _quality(m[2])) for m in _RANGE.finditer(accept) if m[1]]
    if not accept.strip():
        ranges = [("*/*", 1.0)]
    best, found = (0.0, 0), None
    for offer in offers:
        names = (offer, offer.partition("/")[0] + "/*", "*/*")
        rank = next(((quality, 3 - n) for n, name in enumerate(names)
                     for wanted, quality in ranges if wanted == name), (0.0, 0))
        if rank[0] and rank > best:
            best, found = rank, offer
    return found


def _quality(parameters: str) -> float:
    weight = _WEIGHT.search(parameters)
    return min(float(weight[1]), 1.0) if weight else 1.0
