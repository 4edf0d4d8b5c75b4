"""Values that wait for their turn as few bytes, so that millions of them need little memory."""

from __future__ import annotations

import pickle
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

T = TypeVar("T")
BLOCK = 1_000
"""Values that are folded together."""
SPAN = 32
"""Places whose values are held at once when they are dealt."""


def fold(value: object) -> bytes:
    """Return a value as few bytes: so it waits until its turn, or travels to another process."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unfold(folded: bytes) -> Any:
    """Return what was folded, by this program alone."""
    return pickle.loads(zlib.decompress(folded))


class Kept(Sequence[T]):
    """Values each folded by itself, and made anew whenever one is looked at."""

    def __init__(self, values: Iterable[T] = ()) -> None:
        """Begin with some."""
        self._folded = [fold(value) for value in values]

    def append(self, value: T) -> None:
        """Keep one more value."""
        self._folded.append(fold(value))

    def after(self, value: T) -> Kept[T]:
        """Return the same values after another one."""
        kept = Kept([value])
        kept._folded += self._folded
        return kept

    def __getitem__(self, number: Any) -> Any:
        """Return a value, or some."""
        if isinstance(number, slice):
            return [*map(unfold, self._folded[number])]
        return unfold(self._folded[number])

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._folded)


class Folded(Generic[T]):
    """Values in their order: folded block by block as they come, and forgotten as they are taken."""

    def __init__(self) -> None:
        """Begin with none."""
        self._blocks: deque[bytes] = deque()
        self._last: list[T] = []

    def add(self, value: T) -> None:
        """Keep one more value."""
        self._last.append(value)
        if len(self._last) >= BLOCK:
            self._blocks.append(fold(self._last))
            self._last = []

    def taken(self) -> Iterator[T]:
        """Yield all values, once."""
        while self._blocks:
            yield from unfold(self._blocks.popleft())
        last, self._last = self._last, []
        yield from last


def dealt(values: Iterable[tuple[int, T]], count: int) -> Iterator[list[T]]:
    """Yield the values of each of `count` places, in their order; they come with the numbers of places, from 0."""
    heaps = [Folded[tuple[int, T]]() for _ in range(0, count, SPAN)]
    for place, value in values:
        heaps[place // SPAN].add((place, value))
    for number, heap in enumerate(heaps):
        least = number * SPAN
        lists: list[list[T]] = [[] for _ in range(least, min(least + SPAN, count))]
        for place, value in heap.taken():
            lists[place - least].append(value)
        lists.reverse()
        while lists:
            yield lists.pop()
