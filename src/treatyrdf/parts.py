"""Slices -> the parts of every file, held against the shapes and read back; then the files of all parts.

Each slice is worked on alone, on as many cores as there are. A part is kept in memory when it is the
only one, else in files of its own, so that memory does not grow with the number of slices.
"""

from __future__ import annotations

import ctypes
import gc
import heapq
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from logging import getLogger
from multiprocessing import get_context
from pathlib import Path

from .content import Content, blocks, lines_of, size
from .dump import Dumps
from .errors import RunError
from .model import Quad
from .readback import read_back
from .shelf import Part, Shelf
from .slices import Slice
from .validate import Tester

LOG = getLogger("treatyrdf")
_PDEATHSIG = 1


@dataclass(frozen=True)
class Work:
    """What is done with every slice, and what they share; it holds no slice, so that it can be sent to where one is."""

    quads: Callable[[Slice], tuple[Quad, ...]]
    """What makes the quads of a slice."""
    shared: tuple[Quad, ...]
    """The quads that all slices may speak of."""
    tester: Tester | None = None
    dumps: Dumps | None = None
    room: Path | None = None
    """Where parts are written; None keeps them in memory."""
    shelf: Shelf | None = None
    """Where parts of an earlier build are, and are kept for a later one."""

    def part(self, number: int, slice_: Slice) -> Part:
        """Return the part of a slice; raises RunError when it does not read back as it was."""
        quads = self.quads(slice_)
        beside = self.shared if number else ()
        if self.shelf is None:
            return self.kept(number, self._made(quads, beside))
        key = self.shelf.key(quads, beside)
        return self.shelf.find(key) or self.shelf.put(key, self._made(quads, beside))

    def _made(self, quads: tuple[Quad, ...], beside: tuple[Quad, ...]) -> Part:
        seen = self.tester.test(quads, beside) if self.tester else None
        if self.dumps is None:
            return Part(seen, {})
        pieces = self.dumps.pieces(quads)
        read_back(self.dumps.whole(pieces), quads, self.dumps.names)
        return Part(seen, pieces)

    def kept(self, number: int, part: Part) -> Part:
        """Return a part whose texts are in files, if there is room for any."""
        return part.written(self.room, str(number)) if self.room else part


Engine = Callable[[Work, Sequence[Slice]], Iterator[Part]]
"""What yields the part of each slice, in their order."""


def make_parts(work: Work, slices: Sequence[Slice]) -> Iterator[Part]:
    """Yield the part of each slice, in their order, made on the cores of this machine."""
    if len(slices) == 1:
        yield work.part(0, slices[0])
        return
    gc.collect()
    gc.freeze()  # what the workers share is never touched, so it is never copied
    try:
        with ProcessPoolExecutor(os.cpu_count(), get_context("fork"), _begin, (work, slices)) as pool:
            for number, part in enumerate(pool.map(_part, range(len(slices))), 1):
                LOG.info("slice %d of %d", number, len(slices))
                yield part
    except BrokenProcessPool:
        raise RunError.of("TRT134", "the build", "lost one of its processes, as when memory runs out",
                          "free memory, then run again; nothing was changed") from None
    finally:
        gc.unfreeze()


def resume_parts(work: Work, slices: Sequence[Slice], folder: Path) -> Iterator[Part]:
    """Yield the part of each slice as `make_parts` does; those in a folder are not made again.

    What is there and was not needed is removed at the end. Raises RunError when the folder cannot be used.
    """
    if len(slices) == 1 or work.dumps is None:
        yield from make_parts(work, slices)
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shelf = Shelf(folder.resolve(), _made_by(work))
        keys = set[str]()
        for part in make_parts(replace(work, shelf=shelf), slices):
            keys.update(text.name[:64] for _, text in part.pieces.values() if isinstance(text, Path))
            yield part
        shelf.sweep(keys)
    except OSError as error:
        raise RunError.of("TRT094", folder, (error.strerror or str(error)).lower(),
                          "name another folder with `--parts`; nothing was changed") from None


def _made_by(work: Work) -> str:
    """Return all that parts depend on beside quads: this program, the shapes, the context and the names."""
    assert work.dumps is not None
    program = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    told: list[object] = [work.dumps.json.every, work.dumps.names.prefixes, work.dumps.names.dataset]
    if work.tester:
        shapes, vocabulary, validator = work.tester.made_of
        above = sorted((name, sorted(names)) for name, names in vocabulary.ancestors.items())
        told += [shapes, validator, above, sorted(vocabulary.terms)]
    return sha256(b"\0".join(program) + repr(told).encode()).hexdigest()


_work: Work
_slices: Sequence[Slice]


def _begin(work: Work, slices: Sequence[Slice]) -> None:
    """Begin a worker: an interrupt is the parent's to handle, and the worker ends with the parent."""
    global _work, _slices
    _work, _slices = work, slices
    gc.disable()  # a slice is made of values that hold no cycles; what libraries leave is collected after it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def _part(number: int) -> Part:
    try:
        return _work.part(number, _slices[number])
    finally:
        gc.collect()


def bind(parts: Sequence[Part], dumps: Dumps, room: Path | None) -> dict[str, Content]:
    """Return the files that the parts make, each in the order of the slices or sorted by lines."""
    files: dict[str, Content] = {}
    for file in parts[0].pieces:
        pieces = [part.pieces[file] for part in parts]
        before, between, after = (t.encode() for t in dumps.frame(
            file, frozenset[str]().union(*(used for used, _ in pieces))))
        contents = [text.encode() if isinstance(text, str) else text for _, text in pieces]
        filled = [content for content in contents if size(content)]
        merge = heapq.merge(*map(lines_of, filled)) if file in dumps.sorted else _joined(filled, between)
        if room is None:
            files[file] = b"".join((before, *merge, after))
            continue
        files[file] = path = room / file
        with path.open("wb") as out:
            out.write(before)
            out.writelines(merge)
            out.write(after)
        for content in contents:
            if isinstance(content, Path) and content.parent == room:
                content.unlink()
    return files


def _joined(contents: Iterable[Content], between: bytes) -> Iterator[bytes]:
    for place, content in enumerate(contents):
        if place:
            yield between
        yield from blocks(content)
