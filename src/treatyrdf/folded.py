"""Values that wait for their turn as few bytes, so that millions of them need little memory."""

from __future__ import annotations

import os
import pickle
import zlib
from array import array
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import IO, Any, Generic, TypeVar
from weakref import finalize

from .files import cannot_write

T = TypeVar("T")
BLOCK = 1_000
"""Values that are folded together."""
SPAN = 32
"""Places whose values are held at once when they are dealt."""
_MEMORY = 1 << 22
"""Bytes of pieces that are in memory."""


def fold(value: object) -> bytes:
    """Return a value as few bytes: so it waits until its turn, or travels to another process."""
    return zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)


def unfold(folded: bytes) -> Any:
    """Return what was folded, by this program alone."""
    return pickle.loads(zlib.decompress(folded))


class Pieces(Sequence[bytes]):
    """Bytes in pieces: the first in memory, all others in a temporary file, which several processes may read."""

    def __init__(self, pieces: Iterable[bytes] = ()) -> None:
        """Begin with some."""
        self._first, self._room = list[bytes](), _MEMORY
        self._file: IO[bytes] | None = None
        self._ends = array("Q", [0])
        for piece in pieces:
            self.append(piece)

    def append(self, piece: bytes) -> None:
        """Keep one more piece; raises RunError when there is no room for it."""
        if self._file is None and len(piece) <= self._room:
            self._first.append(piece)
            self._room -= len(piece)
            return
        try:
            if self._file is None:
                self._file = TemporaryFile(buffering=0, prefix="treatyrdf-")
                finalize(self, self._file.close)
            left = memoryview(piece)
            while left:
                left = left[self._file.write(left):]
        except OSError as error:
            raise cannot_write(Path(gettempdir()), error,
                               "set TMPDIR to a folder on a larger disk; nothing was changed") from None
        self._ends.append(self._ends[-1] + len(piece))

    def __getitem__(self, number: Any) -> Any:
        """Return a piece, or some."""
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        place = range(len(self))[number]
        if place < len(self._first):
            return self._first[place]
        assert self._file
        at = place - len(self._first)
        begin, end = self._ends[at:at + 2]
        return os.pread(self._file.fileno(), end - begin, begin)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._first) + len(self._ends) - 1


class Kept(Sequence[T]):
    """Values each folded by itself, and made anew whenever one is looked at."""

    def __init__(self, values: Iterable[T] = ()) -> None:
        """Begin with some."""
        self._folded = Pieces(map(fold, values))

    def append(self, value: T) -> None:
        """Keep one more value."""
        self._folded.append(fold(value))

    def after(self, value: T) -> Kept[T]:
        """Return these values, as they are folded, after another."""
        kept = Kept([value])
        for piece in self._folded:
            kept._folded.append(piece)
        return kept

    def __getitem__(self, number: Any) -> Any:
        """Return a value, or some."""
        found = self._folded[number]
        return [*map(unfold, found)] if isinstance(number, slice) else unfold(found)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._folded)


class Folded(Generic[T]):
    """Values in their order: folded some together as they come, and taken once."""

    def __init__(self, pieces: Pieces | None = None, block: int = 0) -> None:
        """Begin with none; the pieces may be those of others, too, and `block` values make one."""
        self._pieces, self._block = Pieces() if pieces is None else pieces, block or BLOCK
        self._numbers: deque[int] = deque()
        self._last: list[T] = []

    def add(self, value: T) -> None:
        """Keep one more value."""
        self._last.append(value)
        if len(self._last) >= self._block:
            self._numbers.append(len(self._pieces))
            self._pieces.append(fold(self._last))
            self._last = []

    def taken(self) -> Iterator[T]:
        """Yield all values, once."""
        while self._numbers:
            yield from unfold(self._pieces[self._numbers.popleft()])
        last, self._last = self._last, []
        yield from last


def dealt(values: Iterable[tuple[int, T]], count: int) -> Iterator[list[T]]:
    """Yield the values of each of `count` places, in their order; they come with the numbers of places, from 0."""
    pieces, block = Pieces(), min(BLOCK, max(20 * BLOCK * SPAN // count, BLOCK // 20, 1))
    heaps = [Folded[tuple[int, T]](pieces, block) for _ in range(0, count, SPAN)]
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
