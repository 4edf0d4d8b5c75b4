"""Places for a layered drawing: few crossings, straight lines, the same on every machine.

After K. Sugiyama, S. Tagawa and M. Toda, Methods for Visual Understanding of Hierarchical System
Structures (1981): a line over several columns gets a bend in each column between, columns are ordered
by the mean place of what their nodes are joined to, and heights are then drawn towards those means.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

Link = tuple[int, int]


@dataclass(frozen=True)
class Layout:
    """The height of the middle of every node, and of the bends of every link from left to right."""

    middles: Mapping[int, float]
    bends: Mapping[Link, tuple[float, ...]]
    height: float


def arrange(columns: Sequence[Sequence[int]], links: Iterable[Link], tall: float, gap: float = 12,
            first: Sequence[int] = ()) -> Layout:
    """Return where nodes, all `tall`, and links between them stand, in units of the user.

    `columns` holds the nodes from left to right; those of `first` stand above the others of their column,
    in the order given.
    """
    column = {node: at for at, nodes in enumerate(columns) for node in nodes}
    layers = [list(nodes) for nodes in columns]
    chains: dict[Link, list[int]] = {}
    next_ = max(column, default=-1) + 1
    for link in dict.fromkeys(links):
        left, right = sorted(link, key=lambda n: column[n])
        chain = [left]
        for at in range(column[left] + 1, column[right]):
            layers[at].append(next_)
            chain.append(next_)
            next_ += 1
        chains[link] = [*chain, right]
    joined: dict[int, list[int]] = {node: [] for nodes in layers for node in nodes}
    for chain in chains.values():
        for one, other in pairwise(chain):
            joined[one].append(other)
            joined[other].append(one)
    order = _ordered(layers, joined, set(column), first)
    sizes = {node: (tall + gap if node in column else 9.0) for nodes in layers for node in nodes}
    middles, height = _placed(order, joined, sizes)
    bends = {link: tuple(middles[n] for n in chain[1:-1]) for link, chain in chains.items()}
    return Layout({n: middles[n] for n in column}, bends, height)


# --- order --------------------------------------------------------------------------------------


def _ordered(layers: list[list[int]], joined: Mapping[int, list[int]], real: Set[int],
             first: Sequence[int]) -> list[list[int]]:
    """Return the layers in the order with the fewest crossings that some sweeps come upon."""
    for nodes in layers:
        _keep(nodes, real, first)
    best, fewest = [list(nodes) for nodes in layers], _crossings(layers, joined)
    for sweep in range(24):
        if not fewest:
            break
        steps = range(len(layers)) if sweep % 2 == 0 else range(len(layers) - 1, -1, -1)
        for at in steps:
            beside = at - 1 if sweep % 2 == 0 else at + 1
            near = _ranks(layers, [beside] if sweep < 16 else [at - 1, at + 1])
            own = {node: rank for rank, node in enumerate(layers[at])}
            means = {node: _mean([near[o] for o in joined[node] if o in near]) for node in layers[at]}
            length = max(len(layers[at]), 1)
            layers[at].sort(key=lambda n: (own[n] / length if means[n] is None else means[n], own[n]))
            _keep(layers[at], real, first)
        count = _crossings(layers, joined)
        if count < fewest:
            best, fewest = [list(nodes) for nodes in layers], count
    return best


def _ranks(layers: Sequence[Sequence[int]], chosen: Iterable[int]) -> dict[int, float]:
    """Return how far down each node of some layers stands, from 0 to 1."""
    return {node: (rank + 0.5) / len(layers[at]) for at in chosen if 0 <= at < len(layers)
            for rank, node in enumerate(layers[at])}


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _keep(nodes: list[int], real: Set[int], first: Sequence[int]) -> None:
    """Put those of `first` into their order, above the other real nodes; bends stay where they are."""
    slots = [at for at, node in enumerate(nodes) if node in real]
    here = {nodes[at] for at in slots}
    above = [node for node in first if node in here]
    order = [*above, *(nodes[at] for at in slots if nodes[at] not in above)]
    for at, node in zip(slots, order, strict=True):
        nodes[at] = node


def _crossings(layers: Sequence[Sequence[int]], joined: Mapping[int, list[int]]) -> int:
    """Return how many pairs of lines between neighbouring layers cross."""
    count = 0
    for one, other in pairwise(layers):
        rank = {node: at for at, node in enumerate(other)}
        seen: list[int] = []
        for node in one:
            ends = sorted(rank[o] for o in joined[node] if o in rank)
            count += sum(len(seen) - bisect_right(seen, end) for end in ends)
            for end in ends:
                insort(seen, end)
    return count


# --- heights ------------------------------------------------------------------------------------


def _placed(layers: Sequence[Sequence[int]], joined: Mapping[int, list[int]],
            sizes: Mapping[int, float]) -> tuple[dict[int, float], float]:
    """Return the middle of each node, as near to those it is joined to as its layer allows."""
    height = max((sum(sizes[n] for n in nodes) for nodes in layers), default=0.0)
    middles: dict[int, float] = {}
    for nodes in layers:
        at = (height - sum(sizes[n] for n in nodes)) / 2
        for node in nodes:
            middles[node] = at + sizes[node] / 2
            at += sizes[node]
    for sweep in range(20):
        for nodes in layers if sweep % 2 == 0 else reversed(layers):
            wished = [_mean([middles[o] for o in joined[n]]) for n in nodes]
            _settle(nodes, [middles[n] if w is None else w for n, w in zip(nodes, wished, strict=True)],
                    sizes, height, middles)
    return middles, height


def _settle(nodes: Sequence[int], wished: Sequence[float], sizes: Mapping[int, float], height: float,
            middles: dict[int, float]) -> None:
    """Give the nodes of a layer heights that are nearest to those wished, and keep them apart.

    With the room above each taken off, it is isotonic regression, by pooling adjacent violators.
    """
    above, offset = [], 0.0
    for node in nodes:
        above.append(offset + sizes[node] / 2)
        offset += sizes[node]
    pools: list[tuple[float, int, int]] = []
    for node, wish, room in zip(nodes, wished, above, strict=True):
        weight = 1 if sizes[node] > 9 else 3
        total, count, many = (wish - room) * weight, weight, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / count:
            before = pools.pop()
            total, count, many = total + before[0], count + before[1], many + before[2]
        pools.append((total, count, many))
    free = [min(max(total / count, 0.0), height - offset)
            for total, count, many in pools for _ in range(many)]
    middles.update((node, at + room) for node, at, room in zip(nodes, free, above, strict=True))
