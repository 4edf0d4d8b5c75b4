"""Slices, worked out -> the parts of every file, held against the shapes and read back; then the files of all parts.

Each slice is worked on alone, on as many cores as there are. A part is kept in memory when it is the
only one, else in files of its own, so that memory does not grow with the number of slices.
"""

from __future__ import annotations

import ctypes
import gc
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

from .content import Content, size
from .dump import Dumps
from .errors import RunError
from .model import Dataset, Quad
from .packing import WHOLE, Packing, packed
from .readback import read_back, read_whole
from .shelf import Part, Shelf
from .splitting import Frame, split
from .validate import Tester
from .worked import Made

LOG = getLogger("treatyrdf")
_PDEATHSIG = 1


@dataclass(frozen=True)
class Work:
    """What is done with every slice, and what they share; it holds no slice, so that it can be sent to where one is."""

    make: Callable[[Dataset], Made]
    """What works out a slice."""
    shared: tuple[Quad, ...]
    """The quads that all slices may speak of."""
    tester: Tester | None = None
    dumps: Dumps | None = None
    room: Path | None = None
    """Where parts are written; None keeps them in memory."""
    shelf: Shelf | None = None
    """Where parts of an earlier build are, and are kept for a later one."""

    def part(self, number: int, slice_: Dataset) -> Part:
        """Return the part of a slice that is not the first.

        Raises DataError when its facts are wrong, RunError when it does not read back as it was.
        """
        made = self.make(slice_)
        made = replace(made, beside=(*self.shared, *made.beside))
        if self.shelf is None:
            return self.kept(number, self.of(made))
        key = self.shelf.key(made.quads, made.beside)
        return replace(self.shelf.find(key) or self.shelf.put(key, self.of(made)), told=made.told)

    def of(self, made: Made) -> Part:
        """Return the part of a slice that was worked out; raises RunError when it does not read back as it was."""
        seen = self.tester.test(made.quads, made.beside) if self.tester else None
        if self.dumps is None:
            return Part(seen, {}, made.told)
        pieces = self.dumps.pieces(made.quads)
        prove = read_back if self.shared else read_whole
        prove(self.dumps.whole(pieces), made.quads, self.dumps.names)
        return Part(seen, pieces, made.told)

    def kept(self, number: int | str, part: Part) -> Part:
        """Return a part whose texts are in files, if there is room for any."""
        return part.written(self.room, str(number)) if self.room else part


Engine = Callable[[Work, Sequence[Dataset]], Iterator[Part]]
"""What yields the part of each slice, in their order."""


def make_parts(work: Work, slices: Sequence[Dataset]) -> Iterator[Part]:
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


def resume_parts(work: Work, slices: Sequence[Dataset], folder: Path) -> Iterator[Part]:
    """Yield the part of each slice as `make_parts` does; those in a folder are not made again.

    What is there and was not needed is removed at the end. Raises RunError when the folder cannot be used.
    """
    if work.dumps is None:
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
_slices: Sequence[Dataset]


def _begin(work: Work, slices: Sequence[Dataset]) -> None:
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


def bind(parts: Sequence[Part], dumps: Dumps, room: Path | None, packing: Packing = WHOLE) -> dict[str, Content]:
    """Return the files that the parts make, each in the order of the slices or sorted by lines."""
    files: dict[str, Content] = {}
    for file in parts[0].pieces:
        pieces = [part.pieces[file] for part in parts]
        frame = Frame(*(t.encode() for t in dumps.frame(
            file, frozenset[str]().union(*(used for used, _ in pieces)))))
        contents = [text.encode() if isinstance(text, str) else text for _, text in pieces]
        filled = [content for content in contents if size(content)]
        for name, text in split(file, filled, frame, packing.split, in_order=file in dumps.sorted):
            found = packed(text, packing.compress)
            files[name + packing.ending] = _kept(found, room / (name + packing.ending)) if room else b"".join(found)
        for content in contents:
            if isinstance(content, Path) and content.parent == room:
                content.unlink()
    return files


def _kept(text: Iterable[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        file.writelines(text)
    return path
