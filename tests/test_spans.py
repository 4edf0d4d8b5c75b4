"""Every year of every relation belongs to a stretch, and no year is both yes and no."""

from __future__ import annotations

from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ALLIANCE
from test_cases import INF
from treatyrdf.model import Claim
from treatyrdf.names import trt
from treatyrdf.publish import Published, publish
from treatyrdf.spans import Span, _left
from treatyrdf.values import UNKNOWN

PERIODS = {(True, True): "Between", (False, True): "Until", (True, False): "Since", (False, False): "Throughout"}


def years(claim: Claim) -> tuple[float, float]:
    low, high = (claim.qualifiers.get(name, "").strip('"').partition('"')[0] for name in ("fromYear", "toYear"))
    return float(low) if low else -inf, float(high) if high else inf


def check(published: Published) -> None:
    timed: dict[str, list[Claim]] = {}
    for claim in published.claims:
        if "TimedClaim" in claim.kinds:
            timed.setdefault(claim.subject, []).append(claim)
    assert timed
    ends = {y for held in timed.values() for c in held for y in years(c) if abs(y) < inf}
    for held in timed.values():
        for year in range(int(min(ends)) - 3, int(max(ends)) + 4):
            here = [c for c in held if years(c)[0] <= year <= years(c)[1]]
            assert here, year
            firm = {str(c.object) for c in here if c.object != UNKNOWN and c.qualifiers["certainty"] != trt("Possible")
                    and "byEvent" not in c.qualifiers}
            assert len(firm) <= 1 and not (firm and any(c.object == UNKNOWN for c in here)), year
        for claim in held:
            low, high = years(claim)
            assert claim.qualifiers["period"] == trt(
                "Within" if "byEvent" in claim.qualifiers else
                PERIODS[low > -inf, high < inf])


def test_years_of_the_alliance_and_of_a_real_treaty() -> None:
    for folder in (ALLIANCE, INF):
        check(publish(folder))
    for dropped in ("school-is-academy", "treaty-of-24th-century", "alliance-broken", "resumed-the-year-after"):
        check(publish(ALLIANCE, without=frozenset({dropped})))


def test_a_timed_claim_is_never_a_plain_triple(alliance: Published) -> None:
    assert not any(p == trt("hasState") and g == alliance.names.graph("facts") for _, p, _, g in alliance.quads)


@settings(max_examples=200)
@given(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), max_size=5))
def test_what_is_left_is_what_is_not_covered(span: tuple[int, int], covered: list[tuple[int, int]]) -> None:
    (low, high), gone = sorted(span), [(min(c), max(c)) for c in covered]
    pieces = [p.years for p in _left(Span((low, high), "x", (), 0, {}), gone)]
    for year in range(-25, 26):
        inside = low <= year <= high and not any(a <= year <= b for a, b in gone)
        assert sum(a <= year <= b for a, b in pieces) == inside
    assert [p.years for p in _left(Span((-inf, inf), "x", (), 0, {}), [(-inf, 3), (4, inf)])] == []
