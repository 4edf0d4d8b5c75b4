"""How the temporal network grows: many small networks, and one large one.

python benchmarks/network.py
"""

from __future__ import annotations

import itertools
import time
import tracemalloc
from collections.abc import Iterable, Iterator

from treatyrdf.network import TICKS, Edge, solve
from treatyrdf.when import first_day, last_day


def treaties(count: int) -> Iterator[list[Edge]]:
    """Yield `count` networks of five events each: one dated, four in order around it."""
    for n in range(count):
        names = [(n, k) for k in range(5)]
        year = 1800 + n % 220
        yield [Edge(names[2], None, first_day(year) * TICKS, (f"{n} from",)),
               Edge(None, names[2], last_day(year) * TICKS, (f"{n} to",)),
               *(Edge(b, a, 1, (f"{a} before {b}",)) for a, b in itertools.pairwise(names))]


def chain(count: int) -> list[Edge]:
    """Return one network: a chain with shortcuts, and a date at each end."""
    edges = [Edge(n + 1, n, 1, (f"{n}",)) for n in range(count)]
    edges += [Edge(n + 10, n, 5, (f"{n} short",)) for n in range(0, count - 10, 7)]
    return [*edges, Edge(0, None, 0, ("start",)), Edge(None, count, 10 * count, ("end",))]


def seconds(networks: Iterable[list[Edge]]) -> float:
    """Return the time to solve networks one by one, as a data set that is read in slices does."""
    before = time.perf_counter()
    for network in networks:
        solve(network)
    return time.perf_counter() - before


def peak(networks: Iterable[list[Edge]]) -> float:
    """Return the most memory that solving takes at once, in kilobytes."""
    tracemalloc.start()
    seconds(networks)
    most = tracemalloc.get_traced_memory()[1] / 1000
    tracemalloc.stop()
    return most


def main() -> None:
    """Print times, memory and growth ratios."""
    print("| networks of 5 events | events | seconds | growth | peak kB |")
    print("|---|---|---|---|---|")
    last = 0.0
    for count in (2_500, 5_000, 10_000, 20_000):
        took = min(seconds(treaties(count)) for _ in range(3))
        growth = f"{took / last:.1f}x" if last else ""
        print(f"| {count} | {5 * count} | {took:.2f} | {growth} | {peak(treaties(count)):.0f} |")
        last = took
    print("\n| one network of events | seconds | growth |")
    print("|---|---|---|")
    last = 0.0
    for count in (250, 500, 1000):
        took = min(seconds([chain(count)]) for _ in range(3))
        print(f"| {count} | {took:.2f} | {f'{took / last:.1f}x' if last else ''} |")
        last = took


if __name__ == "__main__":
    main()
