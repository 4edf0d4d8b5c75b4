"""The temporal network against brute force over all assignments, and against Allen's table."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from treatyrdf.network import TICKS, Edge, Solution, solve
from treatyrdf.when import first_day, last_day, number_of, year_of

POINTS, HORIZON = "abcd", range(7)
ASSUMPTIONS = ["x", "y", "z"]


@st.composite
def networks(draw: st.DrawFn) -> list[Edge]:
    edges = [e for p in POINTS for e in (Edge(p, None, 0, (f"from {p}",)), Edge(None, p, 6, (f"to {p}",)))]
    for n in range(draw(st.integers(1, 7))):
        assumes = frozenset(draw(st.sets(st.sampled_from(ASSUMPTIONS), max_size=2)))
        kind = draw(st.integers(0, 3))
        a, b = draw(st.permutations(POINTS))[:2]
        shift = draw(st.integers(-2, 3))
        edges.append([Edge(a, b, shift, (f"c{n}",), assumes), Edge(a, None, shift + 2, (f"c{n}",), assumes),
                      Edge(None, a, shift + 3, (f"c{n}",), assumes), Edge(a, b, 1, (f"c{n}",), assumes)][kind])
    return edges


def holds(edge: Edge, at: dict[str, int]) -> bool:
    if edge.later is None:
        return at[str(edge.earlier)] <= edge.shift
    if edge.earlier is None:
        return at[str(edge.later)] >= edge.shift
    return at[str(edge.later)] >= at[str(edge.earlier)] + edge.shift


def brute(edges: list[Edge], assumed: frozenset[str]) -> dict[str, tuple[int, int]] | None:
    active = [e for e in edges if e.assumes <= assumed]
    found = [dict(zip(POINTS, values, strict=True)) for values in itertools.product(HORIZON, repeat=4)
             if all(holds(e, dict(zip(POINTS, values, strict=True))) for e in active)]
    if not found:
        return None
    return {p: (min(f[p] for f in found), max(f[p] for f in found)) for p in POINTS}


def bounds(solution: Solution, point: str, assumed: frozenset[str]) -> tuple[int, int]:
    return (max(b.value for b in solution.lower[point] if b.assumes <= assumed),
            min(b.value for b in solution.upper[point] if b.assumes <= assumed))


@settings(max_examples=60, deadline=None)
@given(networks())
def test_bounds_are_those_of_brute_force_under_every_set_of_assumptions(edges: list[Edge]) -> None:
    solution = solve(edges)
    bad = [c.assumes for c in solution.conflicts]
    for size in range(4):
        for chosen in itertools.combinations(ASSUMPTIONS, size):
            assumed = frozenset(chosen)
            wanted = brute(edges, assumed)
            assert (wanted is None) == any(nogood <= assumed for nogood in bad), (assumed, bad)
            if wanted is not None:
                for point in POINTS:
                    assert bounds(solution, point, assumed) == wanted[point], (point, assumed)


@settings(max_examples=80, deadline=None)
@given(networks())
def test_fronts_are_minimal_and_reasons_suffice(edges: list[Edge]) -> None:
    solution = solve(edges)
    for fronts, sign in ((solution.lower, 1), (solution.upper, -1)):
        for point, front in fronts.items():
            for one, other in itertools.permutations(front, 2):
                assert not (sign * one.value >= sign * other.value and one.assumes <= other.assumes)
            for bound in front:
                again = solve([e for e in edges if set(e.claims) <= set(bound.claims)])
                side = again.lower if sign == 1 else again.upper
                assert bound.value in {b.value for b in side[point] if b.assumes <= bound.assumes}


@settings(max_examples=80, deadline=None)
@given(networks())
def test_conflicts_are_minimal(edges: list[Edge]) -> None:
    for conflict in solve(edges).conflicts:
        chosen = [e for e in edges if set(e.claims) <= set(conflict.claims) and e.assumes <= conflict.assumes]
        assert solve(chosen).conflicts
        for claim in conflict.claims:
            assert not solve([e for e in chosen if claim not in e.claims]).conflicts


def test_a_circle_without_any_date_is_found() -> None:
    edges = [Edge("b", "a", 1, ("one",)), Edge("c", "b", 1, ("two",)), Edge("a", "c", 0, ("three",)),
             Edge("d", "a", 1, ("four",))]
    assert [set(c.claims) for c in solve(edges).conflicts] == [{"one", "two", "three"}]
    assert solve([Edge("b", "a", 0, ("one",)), Edge("a", "b", 0, ("two",))]).conflicts == ()


def test_a_circle_under_an_assumption_only_rules_that_out() -> None:
    edges = [Edge("b", "a", 1, ("one",)), Edge("a", "b", 1, ("two",), frozenset({"x"})), Edge("a", None, 3, ("three",))]
    solution = solve(edges)
    assert [c.assumes for c in solution.conflicts] == [frozenset({"x"})]
    assert [b.value for b in solution.lower["b"]] == [4]


def test_the_year_after_is_a_whole_year() -> None:
    low, high = first_day(2372) * TICKS, (last_day(2372) + 1) * TICKS - 1
    edges = [Edge("break", None, low, ("d",)), Edge(None, "break", high, ("d",)),
             Edge("resumed", "break", 1, ("r",), grain="year"), Edge("break", "resumed", -1, ("r",), grain="year")]
    solution = solve(edges)
    assert year_of(solution.lower["resumed"][0].value // TICKS) == 2373
    assert solution.lower["resumed"][0].value == first_day(2373) * TICKS
    assert solution.upper["resumed"][0].value == (last_day(2373) + 1) * TICKS - 1


DAYS = range(first_day(1999) + 300, first_day(2000) + 70)  # across a year's end and a leap February


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(DAYS[0], DAYS[-1])] * 4), st.sampled_from(["day", "month", "year"]), st.integers(-3, 3), st.booleans())
def test_calendar_distances_are_those_of_brute_force(ends: tuple[int, ...], grain: str, shift: int, exact: bool) -> None:
    (a, b), (c, d) = sorted(ends[:2]), sorted(ends[2:])
    edges = [Edge("p", None, a * TICKS, ("p",)), Edge(None, "p", (b + 1) * TICKS - 1, ("p",)),
             Edge("q", None, c * TICKS, ("q",)), Edge(None, "q", (d + 1) * TICKS - 1, ("q",)),
             Edge("q", "p", shift, ("pq",), grain=grain), *([Edge("p", "q", -shift, ("pq",), grain=grain)] if exact else [])]
    found = [(x, y) for x in range(a, b + 1) for y in range(c, d + 1)
             for apart in [number_of(y, grain) - number_of(x, grain)] if (apart == shift if exact else apart >= shift)]
    solution = solve(edges)
    assert bool(solution.conflicts) == (not found)
    for n, point in enumerate("pq") if found else ():
        assert solution.lower[point][0].value // TICKS == min(pair[n] for pair in found)
        assert solution.upper[point][0].value // TICKS == max(pair[n] for pair in found)


@pytest.mark.parametrize("count", [2000])
def test_long_chains_need_no_recursion(count: int) -> None:
    edges = [Edge(n + 1, n, 1, (str(n),)) for n in range(count)] + [Edge(0, None, 0, ("start",))]
    solution = solve(edges)
    assert solution.lower[count][0].value == count and len(solution.lower[count][0].claims) == count + 1
    closed = solve([*edges, Edge(0, count, 0, ("back",))])
    assert closed.conflicts and len(closed.conflicts[0].claims) == count + 1


# --- Allen --------------------------------------------------------------------------------------

ALLEN = {
    "before": lambda a, b: a[1] < b[0], "meets": lambda a, b: a[1] == b[0], "overlaps": lambda a, b: a[0] < b[0] < a[1] < b[1],
    "starts": lambda a, b: a[0] == b[0] and a[1] < b[1], "during": lambda a, b: b[0] < a[0] and a[1] < b[1],
    "finishes": lambda a, b: b[0] < a[0] and a[1] == b[1], "equals": lambda a, b: a == b}
INTERVALS = [(s, e) for s in range(6) for e in range(s + 1, 6)]


def allen_edges(name: str, a: str, b: str) -> list[Edge]:
    """Write a relation of two intervals as constraints on their ends."""
    (s1, e1), (s2, e2) = ((f"{x}0", f"{x}1") for x in (a, b))
    strict = {"before": [(s2, e1)], "meets": [], "overlaps": [(s2, s1), (e1, s2), (e2, e1)], "starts": [(e2, e1)],
              "during": [(s1, s2), (e2, e1)], "finishes": [(s1, s2)], "equals": []}[name]
    equal = {"meets": [(e1, s2)], "starts": [(s1, s2)], "finishes": [(e1, e2)], "equals": [(s1, s2), (e1, e2)]}.get(name, [])
    claim = (f"{a} {name} {b}",)
    return [*(Edge(x, y, 1, claim) for x, y in strict),
            *(e for x, y in equal for e in (Edge(x, y, 0, claim), Edge(y, x, 0, claim)))]


def proper(*names: str) -> list[Edge]:
    return [Edge(f"{n}1", f"{n}0", 1, (f"{n} is an interval",)) for n in names]


NAMES = [*ALLEN, *(f"{n}^" for n in ALLEN if n != "equals")]


def edges_of(name: str, a: str, b: str) -> list[Edge]:
    return allen_edges(name[:-1], b, a) if name.endswith("^") else allen_edges(name, a, b)


def relation(a: tuple[int, int], b: tuple[int, int]) -> str:
    return next((n for n, test in ALLEN.items() if test(a, b)), "") or next(
        f"{n}^" for n, test in ALLEN.items() if test(b, a))


def test_composition_table_of_allen() -> None:
    table: dict[tuple[str, str], set[str]] = {}
    for a, b, c in itertools.product(INTERVALS, repeat=3):
        table.setdefault((relation(a, b), relation(b, c)), set()).add(relation(a, c))
    assert len(table) == 169 and sum(map(len, table.values())) == 409
    for (first, second), possible in table.items():
        base = [*proper("a", "b", "c"), *edges_of(first, "a", "b"), *edges_of(second, "b", "c")]
        found = {third for third in NAMES if not solve([*base, *edges_of(third, "a", "c")]).conflicts}
        assert found == possible, (first, second)
