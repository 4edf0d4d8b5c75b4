"""The pieces of a dump -> documents no larger than asked, each of which can be read alone.

A dump is cut between lines of N-Quads and N-Triples, between what is said of two subjects in Turtle and TriG, and
between nodes of JSON-LD. A larger one of these is a document of its own, for it is never cut.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .content import Content, lines_of
from .packing import Dump, document, numbered, stream, unpacked

_BUFFER = 1 << 16
"""Bytes that are read of each piece at once, of which many are open."""
_HELD = 500
"""Lines that are held of each piece at least, while there are."""


class Frame(NamedTuple):
    """What comes before, between and after the pieces of a document."""

    before: bytes
    between: bytes
    after: bytes


class Unit(NamedTuple):
    """What is not cut, and the line that opens the graph in which it stands, if it must."""

    text: bytes
    graph: bytes = b""


def split(dump: str, pieces: Sequence[Content], frame: Frame, most: int,
          in_order: bool) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the documents of a dump, each with its name and its text, to be read before the next is asked for.

    It is whole when it has at most `most` bytes, or `most` is 0. With `in_order` the lines of all pieces are sorted,
    as they are in each.
    """
    merged = merge(pieces) if in_order else None
    if not most or not pieces or _size(pieces, frame) <= most:
        texts = (unpacked(piece, _name(piece)) for piece in pieces)
        yield dump, chain((frame.before,), map(b"".join, merged) if merged else _joined(texts, frame.between),
                          (frame.after,))
        return
    found = chain.from_iterable(merged or map(lines, pieces))
    for number, units in groupby(_counted(UNITS[dump.rpartition(".")[2]](found), frame, most), key=itemgetter(0)):
        yield numbered(dump, number), _document((unit for _, unit in units), frame)


def merge(pieces: Iterable[Content]) -> Iterator[list[bytes]]:
    """Yield the lines of sorted pieces, sorted, some at a time.

    What is not above the last line that is held of any piece is sorted at once: the sort that is built in finds the
    runs of which it is made.
    """
    runs = [(held, rest) for rest in map(lines, pieces) if (held := [*islice(rest, _HELD)])]
    while runs:
        least = min(held[-1] for held, _ in runs)
        found, left = list[bytes](), []
        for held, rest in runs:
            count = bisect_right(held, least)
            found += held[:count]
            del held[:count]
            if len(held) <= _HELD // 2:
                held += islice(rest, _HELD)
            if held:
                left.append((held, rest))
        found.sort()
        yield found
        runs = left


def lines(piece: Content) -> Iterator[bytes]:
    """Yield the lines of a piece, unpacked by the ending of its name."""
    return iter(stream(piece, _name(piece), _BUFFER)) if document(_name(piece)).compress else lines_of(piece)


def _name(piece: Content) -> str:
    return str(piece) if isinstance(piece, Path) else ""


def _size(pieces: Sequence[Content], frame: Frame) -> int:
    """Return the bytes of a whole dump."""
    texts = Dump({_name(piece) or str(n): piece for n, piece in enumerate(pieces)})
    return texts.size() + len(frame.before) + len(frame.after) + len(frame.between) * (len(pieces) - 1)


def _joined(texts: Iterable[Iterable[bytes]], between: bytes) -> Iterator[bytes]:
    for place, text in enumerate(texts):
        if place:
            yield between
        yield from text


def _counted(units: Iterable[Unit], frame: Frame, most: int) -> Iterator[tuple[int, Unit]]:
    """Yield each unit with the number of the document that has room for it."""
    empty = len(frame.before) + len(frame.after)
    number, filled, graph = 1, 0, b""
    for unit in units:
        opened = len(unit.graph) + len(_OPEN + _CLOSE) if unit.graph else 0
        added = len(unit.text) + len(frame.between) + (opened if unit.graph != graph else 0)
        if filled and filled + added > most:
            number, filled = number + 1, 0
        if not filled:
            filled, added = empty, len(unit.text) + opened
        filled, graph = filled + added, unit.graph
        yield number, unit


def _document(units: Iterable[Unit], frame: Frame) -> Iterator[bytes]:
    yield frame.before
    for place, (graph, inside) in enumerate(groupby(units, key=itemgetter(1))):
        if place:
            yield frame.between
        text = _joined(((unit.text,) for unit in inside), frame.between)
        yield from chain((_OPEN, graph), text, (_CLOSE,)) if graph else text
    yield frame.after


_OPEN, _CLOSE = b"\n", b"}\n"


def _lines(lines: Iterable[bytes]) -> Iterator[Unit]:
    return map(Unit, lines)


def _blocks(lines: Iterable[bytes], graph: bytes = b"") -> Iterator[Unit]:
    """Yield the blocks of Turtle, which an empty line begins; a comment stays with the block after it."""
    held: list[bytes] = []
    for line in lines:
        if line == b"\n" and held and not held[-1].startswith(b"#"):
            yield Unit(b"".join(held), graph)
            held = []
        held.append(line)
    if held:
        yield Unit(b"".join(held), graph)


def _graphs(lines: Iterable[bytes]) -> Iterator[Unit]:
    """Yield the blocks of TriG, each with the line that opens its graph."""
    rest = iter(lines)
    for line in rest:
        if line != _OPEN:
            yield from _blocks(iter(lambda: next(rest, _CLOSE), _CLOSE), line)


def _nodes(lines: Iterable[bytes]) -> Iterator[Unit]:
    """Yield the nodes of JSON-LD; only one that stands at the margin ends with such a line."""
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if line.rstrip(b",\n") == b" }":
            yield Unit(b"".join(held).rstrip(b",\n"))
            held = []


UNITS: Mapping[str, Callable[[Iterable[bytes]], Iterator[Unit]]] = {
    "nq": _lines, "nt": _lines, "ttl": _blocks, "trig": _graphs, "jsonld": _nodes}
"""What is not cut in each form, from the lines of its pieces."""
