"""A network of time points: the tightest bounds of each, with the reasons and assumptions they need.

A constraint says that one point is not before another, moved by some ticks or by whole years:
`later >= earlier + shift`. Each carries the claims it comes from and the assumptions it needs. Since
every constraint is monotone, the bounds found by propagation are exact: for each minimal set of
assumptions there is a solution in which the point lies on its bound.

A tick is a small part of a day, so that strict order is exact below the grain of the data.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .when import days_of, number_of

TICKS = 1 << 24
"""Ticks of a day: more events than that can still be in strict order within one day."""

MANY = 100
"""More claims than this are not tried one by one."""

Point = Hashable
"""What a network knows a time point by; here an event with 0 for its begin or 1 for its end."""
Names = frozenset[str]


@dataclass(frozen=True)
class Edge:
    """`later >= earlier + shift` in ticks, or in whole days, months or years of the calendar.

    With `later` None it is `earlier <= shift`, with `earlier` None `later >= shift`.
    """

    later: Point | None
    earlier: Point | None
    shift: int
    claims: tuple[str, ...]
    assumes: Names = frozenset()
    grain: str = ""
    """What `shift` counts: day, month or year; ticks when empty."""


@dataclass(frozen=True)
class Bound:
    """A bound in ticks, the assumptions it needs, and the edges it follows from, nearest first."""

    value: int
    assumes: Names
    edge: Edge
    before: Bound | None = field(default=None, repr=False, compare=False)
    depth: int = 1

    @property
    def claims(self) -> tuple[str, ...]:
        """Return the claims of the whole chain, each once, nearest first."""
        return tuple(dict.fromkeys(c for edge in self.edges for c in edge.claims))

    @property
    def edges(self) -> Iterator[Edge]:
        """Yield the edges of the chain, nearest first."""
        bound: Bound | None = self
        while bound is not None:
            yield bound.edge
            bound = bound.before


@dataclass(frozen=True)
class Conflict:
    """Claims that cannot all hold, and the assumptions needed to see it (none: they are wrong)."""

    claims: tuple[str, ...]
    assumes: Names


@dataclass(frozen=True)
class Solution:
    """The fronts of every point: bounds of which none is both tighter and needs no more."""

    lower: Mapping[Point, tuple[Bound, ...]]
    upper: Mapping[Point, tuple[Bound, ...]]
    conflicts: tuple[Conflict, ...]


def solve(edges: Sequence[Edge]) -> Solution:
    """Return the tightest bounds of every point; independent networks cost only their own size."""
    lower: dict[Point, tuple[Bound, ...]] = {}
    upper: dict[Point, tuple[Bound, ...]] = {}
    conflicts: list[Conflict] = []
    for part in components(edges):
        found = _Part(part)
        conflicts += [minimal(part, c) for c in found.run()]
        lower |= {p: tuple(b) for p, b in found.fronts[1].items() if b}
        upper |= {p: tuple(b) for p, b in found.fronts[-1].items() if b}
    unique = {(frozenset(c.claims), c.assumes): c for c in conflicts}
    return Solution(lower, upper, tuple(unique.values()))


def minimal(edges: Sequence[Edge], conflict: Conflict) -> Conflict:
    """Return the conflict without claims that it does not need (a long chain is left as it is)."""
    kept = list(conflict.claims)
    for claim in conflict.claims if len(kept) <= MANY else ():
        fewer = set(kept) - {claim}
        rest = [e for e in edges if set(e.claims) <= fewer and e.assumes <= conflict.assumes]
        if any(c.assumes <= conflict.assumes for part in components(rest) for c in _Part(part).run()):
            kept.remove(claim)
    needed = frozenset().union(*(e.assumes for e in edges if set(e.claims) <= set(kept)
                                 and e.assumes <= conflict.assumes))
    return Conflict(tuple(kept), needed)


def components(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Return the edges of each independent network, in the order they were given."""
    root: dict[Point, Point] = {}

    def find(point: Point) -> Point:
        while root.setdefault(point, point) != point:
            root[point] = root[root[point]]
            point = root[point]
        return point

    edges = list(edges)
    for edge in edges:
        ends = [find(p) for p in (edge.later, edge.earlier) if p is not None]
        root[ends[0]] = ends[-1]
    parts: dict[Point, list[Edge]] = defaultdict(list)
    for edge in edges:
        parts[find(edge.later if edge.later is not None else edge.earlier)].append(edge)
    return list(parts.values())


class _Part:
    """One independent network, solved by propagating bounds until nothing gets tighter."""

    def __init__(self, edges: Sequence[Edge]) -> None:
        self.edges = edges
        self.fronts: dict[int, dict[Point, list[Bound]]] = {1: defaultdict(list), -1: defaultdict(list)}
        self.nogoods: list[Names] = []
        self.out: dict[int, dict[Point, list[Edge]]] = {1: defaultdict(list), -1: defaultdict(list)}
        for edge in edges:
            if edge.later is not None and edge.earlier is not None:
                self.out[1][edge.earlier].append(edge)
                self.out[-1][edge.later].append(edge)
        self.size = len({p for e in edges for p in (e.later, e.earlier)}) + 1

    def run(self) -> list[Conflict]:
        """Fill the fronts and return the conflicts, each as a chain of claims."""
        conflicts = [self._conflict(c.assumes, c.claims) for c in self._circles()]
        for sign in (1, -1):
            conflicts += self._propagate(sign)
        for point, lows in self.fronts[1].items():
            for low in lows:
                for high in self.fronts[-1].get(point, ()):
                    assumes = low.assumes | high.assumes
                    if low.value > high.value and not self._bad(assumes):
                        conflicts.append(self._conflict(assumes, (*low.claims, *high.claims)))
        for fronts in self.fronts.values():
            for point, bounds in fronts.items():
                fronts[point] = [b for b in bounds if not self._bad(b.assumes)]
        return conflicts

    def _conflict(self, assumes: Names, claims: Iterable[str]) -> Conflict:
        self.nogoods.append(assumes)
        return Conflict(tuple(dict.fromkeys(claims)), assumes)

    def _bad(self, assumes: Names) -> bool:
        return any(nogood <= assumes for nogood in self.nogoods)

    def _propagate(self, sign: int) -> list[Conflict]:
        """Push lower (1) or upper (-1) bounds along the edges."""
        conflicts: list[Conflict] = []
        queue: deque[tuple[Point, Bound]] = deque()
        for edge in self.edges:
            if edge.earlier is None and sign == 1:
                self._offer(sign, edge.later, Bound(edge.shift, edge.assumes, edge), queue)
            elif edge.later is None and sign == -1:
                self._offer(sign, edge.earlier, Bound(edge.shift, edge.assumes, edge), queue)
        while queue:
            point, bound = queue.popleft()
            if bound not in self.fronts[sign][point]:
                continue  # something tighter came meanwhile
            for edge in self.out[sign][point]:
                value = _step(bound.value, edge, sign)
                assumes = bound.assumes | edge.assumes
                if self._bad(assumes):
                    continue
                following = edge.later if sign == 1 else edge.earlier
                if bound.depth > self.size:
                    conflicts.append(self._conflict(assumes, _circle(bound)))
                    continue
                self._offer(sign, following, Bound(value, assumes, edge, bound, bound.depth + 1), queue)
        return conflicts

    def _offer(self, sign: int, point: Point, bound: Bound, queue: deque[tuple[Point, Bound]]) -> None:
        """Add a bound to a front unless one there is as tight and needs no more."""
        front = self.fronts[sign][point]
        if any(sign * b.value >= sign * bound.value and b.assumes <= bound.assumes for b in front):
            return
        front[:] = [b for b in front
                    if not (sign * bound.value >= sign * b.value and bound.assumes <= b.assumes)]
        front.append(bound)
        queue.append((point, bound))

    def _circles(self, without: Names = frozenset()) -> Iterator[Conflict]:
        """Yield circles that no dates could satisfy, each with the assumptions it needs.

        A circle is looked for among edges that need none of `without`; once found, the others are
        those that do without one of its assumptions.
        """
        claims, assumes = self._circle(without)
        if claims:
            yield Conflict(claims, assumes)
            for name in sorted(assumes):
                yield from self._circles(without | {name})

    def _circle(self, without: Names) -> tuple[tuple[str, ...], Names]:
        """Return one circle, or nothing (Bellman and Ford, from all points at once)."""
        reached: dict[Point, int] = dict.fromkeys(self.out[1], 0)
        came: dict[Point, Edge] = {}
        steps: dict[Point, int] = dict.fromkeys(reached, 0)
        queue = deque(reached)
        waiting = set(queue)
        while queue:
            point = queue.popleft()
            waiting.discard(point)
            for edge in self.out[1].get(point, ()):
                value = reached[point] + _least(edge)
                if value <= reached.get(edge.later, 0) or edge.assumes & without:
                    continue
                reached[edge.later], came[edge.later] = value, edge
                steps[edge.later] = steps[point] + 1
                if steps[edge.later] > self.size:
                    return _loop(came, edge.later)
                if edge.later not in waiting:
                    waiting.add(edge.later)
                    queue.append(edge.later)
        return (), frozenset()


_DAYS = {"day": (1, 1), "month": (28, 31), "year": (365, 366)}
"""The fewest and the most days of each grain."""


def _least(edge: Edge) -> int:
    """Return the least distance in ticks that an edge demands, wherever in the calendar it lies."""
    if not edge.grain:
        return edge.shift
    fewest, most = _DAYS[edge.grain]
    return ((edge.shift - 1) * fewest * TICKS + 1 if edge.shift > 0
            else (edge.shift - 1) * most * TICKS)


def _loop(came: Mapping[Point, Edge], point: Point) -> tuple[tuple[str, ...], Names]:
    """Return claims and assumptions of the circle that leads to a point."""
    seen: list[Point] = []
    while point not in seen:
        seen.append(point)
        point = came[point].earlier
    edges = [came[p] for p in seen[seen.index(point):]]
    return (tuple(dict.fromkeys(c for e in edges for c in e.claims)),
            frozenset().union(*(e.assumes for e in edges)))


def _step(value: int, edge: Edge, sign: int) -> int:
    """Return the bound on the other end of an edge."""
    if not edge.grain:
        return value + sign * edge.shift
    first, last = days_of(number_of(value // TICKS, edge.grain) + sign * edge.shift, edge.grain)
    return first * TICKS if sign == 1 else (last + 1) * TICKS - 1


def _circle(bound: Bound) -> tuple[str, ...]:
    """Return the claims of the circle that a chain longer than its network must run through."""
    seen: set[int] = set()
    claims: list[str] = []
    for edge in bound.edges:
        if id(edge) in seen:
            break
        seen.add(id(edge))
        claims += edge.claims
    return tuple(claims)
