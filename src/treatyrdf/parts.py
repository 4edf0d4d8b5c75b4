"""Slices, worked out -> the parts of every file, held against the shapes and read back; then the files of all parts.

Each slice is worked on alone, on as many cores as there are. A part is kept in memory when it is the
only one, else in files of its own, so that memory does not grow with the number of slices.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from logging import getLogger
from pathlib import Path

from .content import Content, size
from .dump import Dumps
from .errors import DataError, Position, Problem, RunError, TreatyError
from .files import cannot_write
from .folded import unfold
from .model import Dataset, Quad
from .packing import WHOLE, Packing, packed
from .readback import read_back, read_whole
from .shelf import REMEDY, Part, Shelf
from .splitting import Frame, merge, split
from .validate import Tester
from .worked import Made
from .workers import at_once, spread

LOG = getLogger("treatyrdf")


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
    packing: Packing = WHOLE
    """How dumps are to stand; parts are compressed if they are to be."""

    def part(self, number: int, slice_: Dataset) -> Part:
        """Return the part of a slice that is not the first.

        Raises DataError when its facts are wrong, RunError when it does not read back as it was.
        """
        made = self.make(slice_)
        if self.shelf is None:
            return self.kept(number, self.of(made, self.shared))
        key = self.shelf.key(made.quads, self.shared, made.beside)
        return replace(self.shelf.find(key) or self.shelf.put(key, self.of(made, self.shared)), told=made.told)

    def of(self, made: Made, context: tuple[Quad, ...] = ()) -> Part:
        """Return the part of a slice that was worked out, tested beside others' quads; RunError as for `part`."""
        seen = self.tester.test(made.quads, context, made.beside) if self.tester else None
        if self.dumps is None:
            return Part(seen, {}, made.told)
        pieces = self.dumps.pieces(made.quads)
        prove = read_back if self.shared else read_whole
        prove(self.dumps.whole(pieces), made.quads, self.dumps.names)
        return Part(seen, pieces, made.told)

    def kept(self, number: int | str, part: Part) -> Part:
        """Return a part whose texts are in files, if there is room for any."""
        return part.written(self.room, str(number), self.packing) if self.room else part


Engine = Callable[[Work, Sequence[bytes]], Iterator[Part]]
"""What yields the part of each slice, which come folded, in their order."""


def make_parts(work: Work, slices: Sequence[bytes]) -> Iterator[Part]:
    """Yield the part of each slice, in their order, made on the cores of this machine."""
    if not slices:
        return
    gc.collect()
    gc.freeze()  # what the workers share is never touched, so it is never copied
    try:
        yield from together(_attempts(work, slices))
    finally:
        gc.unfreeze()


Attempt = Part | TreatyError | OSError
"""The part of a slice, or why there is none."""


def _attempts(work: Work, slices: Sequence[bytes]) -> Iterator[Attempt]:
    for number, found in spread(partial(attempt, work), slices):
        LOG.info("slice %d of %d", number + 1, len(slices))
        yield found or _refusal(unfold(slices[number]), "TRT134", "lost its process, as when memory runs out",
                                "free memory, then run again; nothing was changed")


def attempt(work: Work, number: int, folded: bytes) -> Attempt:
    """Return the part of a slice, or why there is none, so that it keeps no other slice from being tried."""
    slice_: Dataset = unfold(folded)
    return tried(slice_, lambda: work.part(number, slice_))


def tried(slice_: Dataset, make: Callable[[], Part]) -> Attempt:
    """Return the part that is made of a slice, or why there is none."""
    try:
        return make()
    except (TreatyError, OSError) as error:
        return error
    except MemoryError:
        raise
    except Exception as error:  # whatever it is, the curator is told which slice it was
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _refusal(slice_, "TRT137", f"cannot be made: {type(error).__name__}: {' '.join(str(error).split())}",
                        "report this, with these things and what is said of them; nothing was changed")


def together(attempts: Iterable[Attempt]) -> Iterator[Part]:
    """Yield the parts that there are; raises at the end all that kept others from being made.

    That is a DataError where it is their facts alone, else a RunError. An OSError is raised at once: a disk that
    is full is so for all.
    """
    problems: list[Problem] = []
    kind: type[TreatyError] = DataError
    for found in attempts:
        if isinstance(found, OSError):
            raise found
        if isinstance(found, TreatyError):
            problems += found.problems
            kind = kind if isinstance(found, DataError) else RunError
        else:
            yield found
    if problems:
        raise kind(problems)


def _refusal(slice_: Dataset, code: str, what: str, remedy: str) -> RunError:
    """Return why a slice has no part, at the line of its first thing, with the names of a few."""
    ids = [thing.id for thing in slice_.things.values()] or [fact.id for fact in slice_.facts]
    place = ids[0].position if ids else Position(str(slice_.header.id))
    some = ", ".join(map(str, ids[:3])) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
    return RunError([Problem(place, code, f"the slice of {some or 'no things'} {what}", remedy)])


def resume_parts(work: Work, slices: Sequence[bytes], folder: Path) -> Iterator[Part]:
    """Yield the part of each slice as `make_parts` does; those in a folder are not made again.

    What is there and was not needed is removed at the end. Raises RunError when the folder cannot be used.
    """
    if work.dumps is None or not slices:
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
        raise cannot_write(_named(error, folder), error, REMEDY) from None


def _named(error: OSError, folder: Path) -> Path:
    """Return the file that an error is about where it stands in a folder, else the folder."""
    path = Path(str(error.filename2 or error.filename or folder))
    return path if path.is_relative_to(folder.resolve()) else folder


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


def bind(parts: Sequence[Part], dumps: Dumps, room: Path | None, packing: Packing = WHOLE) -> dict[str, Content]:
    """Return the files that the parts make; where there is a room they are made beside each other."""
    dump = partial(_dump, parts, dumps, room, packing)
    files: dict[str, Content] = {}
    for name, found in zip(parts[0].pieces, at_once(dump, [*parts[0].pieces]) if room else map(dump, parts[0].pieces),
                           strict=True):
        if found is None:
            raise RunError.of("TRT134", name, "lost its process, as when memory runs out",
                              "free memory, then run again; nothing was changed")
        files |= found
    return files


def _dump(parts: Sequence[Part], dumps: Dumps, room: Path | None, packing: Packing, file: str) -> dict[str, Content]:
    """Return the documents of a dump, in the order of the slices or sorted by lines."""
    files: dict[str, Content] = {}
    used, contents = set[str](), list[Content]()
    for prefixes, piece in (part.pieces[file] for part in parts):
        used |= prefixes
        contents.append(piece.encode() if isinstance(piece, str) else piece)
    frame = Frame(*(t.encode() for t in dumps.frame(file, frozenset(used))))
    filled = [content for content in contents if size(content)]
    filled = _few(filled, room / file, packing) if room and file in dumps.sorted else filled
    for name, text in split(file, filled, frame, packing.split, in_order=file in dumps.sorted):
        found = packed(text, packing.compress)
        files[name + packing.ending] = _kept(found, room / (name + packing.ending)) if room else b"".join(found)
    _drop((*contents, *filled), room)
    return files


_OPEN = 100
"""Files that are read at once."""


def _few(contents: list[Content], stem: Path, packing: Packing) -> list[Content]:
    """Return sorted contents as so few that all can be open at once: where they are more, those of a hundred merged.

    These are files whose names begin with `stem`, quickly compressed if the dumps are to be.
    """
    groups = [contents[n:n + _OPEN] for n in range(0, len(contents), _OPEN)]
    if len(groups) < 2:
        return contents
    merged: list[Content] = []
    for group in groups:
        text = packed(map(b"".join, merge(group)), packing.compress, quick=True)
        merged.append(_kept(text, stem.with_name(f"{stem.name}-{len(groups)}-{len(merged)}{packing.ending}")))
        _drop(group, stem.parent)
    return _few(merged, stem, packing)


def _drop(contents: Iterable[Content], room: Path | None) -> None:
    """Remove what stands in the room; parts that are kept stand elsewhere."""
    for content in contents:
        if isinstance(content, Path) and content.parent == room:
            content.unlink(missing_ok=True)


def _kept(text: Iterable[bytes], path: Path) -> Path:
    with path.open("wb") as file:
        file.writelines(text)
    return path
