"""How the temporal network grows: many small networks, and one large one.

python benchmarks/network.py
"""

from __future__ import annotations

import itertools
import time
import tracemalloc

from treatyrdf.network import TICKS, Edge, solve
from treatyrdf.when import first_day, last_day


def treaties(count: int) -> list[Edge]:
    """Return `count` networks of five events each: one dated, four in order around it."""
    edges = []
    for n in range(count):
        names = [(n, k) for k in range(5)]
        year = 1800 + n % 220
        edges.append(Edge(names[2], None, first_day(year) * TICKS, (f"{n} from",)))
        edges.append(Edge(None, names[2], last_day(year) * TICKS, (f"{n} to",)))
        edges += [Edge(b, a, 1, (f"{a} before {b}",)) for a, b in itertools.pairwise(names)]
    return edges


def chain(count: int) -> list[Edge]:
    """Return one network: a chain with shortcuts, and a date at each end."""
    edges = [Edge(n + 1, n, 1, (f"{n}",)) for n in range(count)]
    edges += [Edge(n + 10, n, 5, (f"{n} short",)) for n in range(0, count - 10, 7)]
    return [*edges, Edge(0, None, 0, ("start",)), Edge(None, count, 10 * count, ("end",))]


def seconds(edges: list[Edge]) -> float:
    """Return the time to solve some constraints."""
    before = time.perf_counter()
    solve(edges)
    return time.perf_counter() - before


def main() -> None:
    """Print times and growth ratios."""
    print("| networks of 5 events | events | seconds | growth |")
    print("|---|---|---|---|")
    last = 0.0
    for count in (2_500, 5_000, 10_000, 20_000):
        took = seconds(treaties(count))
        print(f"| {count} | {5 * count} | {took:.2f} | {f'{took / last:.1f}x' if last else ''} |")
        last = took
    edges = treaties(5_000)
    tracemalloc.start()
    solve(edges)
    print(f"\n25,000 events: {tracemalloc.get_traced_memory()[1] / 25_000:.0f} bytes an event at the peak")
    tracemalloc.stop()
    for count in (250, 500, 1000):
        print(f"one network of {count} events: {seconds(chain(count)):.2f} s")


if __name__ == "__main__":
    main()
