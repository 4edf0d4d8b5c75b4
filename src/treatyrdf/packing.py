"""How a dump stands in a folder: whole or in numbered documents, plain or compressed; the one place that knows.

`alliance.nq` is a whole dump, `alliance.nq.gz` the same compressed, `alliance.0001.nq.zst` the first of several
documents. No id has a dot, so these names are no other file's.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from .compression import CODECS
from .content import Content, Files, blocks, digest_of, size
from .errors import RunError

MOST = 9999
"""Documents of one dump at most: so many sort by their names."""
_BLOCK = 1 << 20
_READ = 1 << 12
"""Bytes that are unpacked at once: however well they are compressed, what comes of them fits into memory."""
_NUMBERED = re.compile(r"([^./]+)\.([0-9]{4})\.([a-z]+)")


@dataclass(frozen=True)
class Packing:
    """How the dumps of a build are to stand: their compression or "", and the bytes of a document at most or 0."""

    compress: str = ""
    split: int = 0

    def __post_init__(self) -> None:
        """Refuse a compression that this installation lacks, before any work is done."""
        if self.compress:
            CODECS[self.compress].tools()

    @property
    def ending(self) -> str:
        """Return what the compression adds to a name."""
        return CODECS[self.compress].ending if self.compress else ""

    def told(self) -> dict[str, str | int]:
        """Return what MANIFEST.json says of it: nothing of what is not asked for."""
        return {key: value for key, value in (("compress", self.compress), ("split", self.split)) if value}


WHOLE = Packing()
"""Whole and plain."""


def packing_of(manifest: Mapping[str, Any]) -> Packing:
    """Return how the dumps of a built folder stand, by its MANIFEST.json."""
    compress, split = str(manifest.get("compress", "")), manifest.get("split")
    return Packing(compress if compress in CODECS else "", split if isinstance(split, int) and split > 0 else 0)


class Document(NamedTuple):
    """A file by its name: the dump that it holds, its number (0 where it holds the whole), its compression or ""."""

    dump: str
    number: int = 0
    compress: str = ""


def document(name: str) -> Document:
    """Return what the name of a file says.

    >>> document("alliance-facts.0002.ttl.gz")
    Document(dump='alliance-facts.ttl', number=2, compress='gzip')
    """
    compress = next((key for key, codec in CODECS.items() if name.endswith(codec.ending)), "")
    plain = name.removesuffix(CODECS[compress].ending) if compress else name
    found = _NUMBERED.fullmatch(plain)
    return Document(f"{found[1]}.{found[3]}", int(found[2]), compress) if found else Document(plain, 0, compress)


def numbered(dump: str, number: int) -> str:
    """Return the name of a document of a dump.

    >>> numbered("alliance.nq", 12)
    'alliance.0012.nq'
    """
    if number > MOST:
        raise RunError.of("TRT172", dump, f"would be more than {MOST} documents", "give a larger --split")
    stem, _, form = dump.rpartition(".")
    return f"{stem}.{number:04}.{form}"


def packed(text: Iterable[bytes], compress: str, quick: bool = False) -> Iterator[bytes]:
    """Yield a text in a compression, well or quickly; the same bytes, however it is cut into blocks."""
    if not compress:
        yield from text
        return
    tools, held = CODECS[compress].tools(), bytearray()
    packer = tools.quick() if quick else tools.packer()
    for block in text:
        held += block
        while len(held) >= _BLOCK:
            yield packer.compress(bytes(held[:_BLOCK]))
            del held[:_BLOCK]
    yield packer.compress(bytes(held))
    yield packer.flush()


def unpacked(content: Content, name: object) -> Iterator[bytes]:
    """Yield what a file holds, unpacked by the ending of its name; raises RunError when it cannot be."""
    compress = document(str(name)).compress
    try:
        yield from _unpacked(content, name, compress) if compress else blocks(content)
    except OSError as error:
        raise RunError.of("TRT002", name, (error.strerror or "cannot be read").lower(),
                          "check its permissions") from None


def _unpacked(content: Content, name: object, compress: str) -> Iterator[bytes]:
    tools = CODECS[compress].tools()
    unpacker, what = tools.unpacker(), ""
    try:
        for block in blocks(content):
            for at in range(0, len(block), _READ):
                yield unpacker.decompress(block[at:at + _READ])
                what = what or ("goes on after its end" if unpacker.unused_data else "")
        what = what or ("" if unpacker.eof else "is cut off")
    except tools.error:
        what = what or f"is damaged, or no {compress}"
    if what:
        raise RunError.of("TRT170", name, what, "download it again, or build it again")


class _Stream(io.RawIOBase):
    """Blocks as a file that is read."""

    def __init__(self, found: Iterator[bytes]) -> None:
        self.found, self.held = found, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.held:
            block = next(self.found, None)
            if block is None:
                return 0
            self.held = memoryview(block)
        count = min(len(buffer), len(self.held))
        buffer[:count], self.held = self.held[:count], self.held[count:]
        return count


def stream(content: Content, name: object, buffer: int = _BLOCK) -> io.BufferedReader:
    """Return a file, unpacked by the ending of its name, to be read as it is needed."""
    return io.BufferedReader(_Stream(unpacked(content, name)), buffer)


@dataclass(frozen=True)
class Dump:
    """A dump of lines by the files in which it stands, in their order: N-Quads or N-Triples."""

    files: Files

    @property
    def plain(self) -> bool:
        """Tell whether it is one file that is not compressed."""
        return len(self.files) == 1 and all(document(name) == Document(name) for name in self.files)

    def blocks(self) -> Iterator[bytes]:
        """Yield all of it, piece by piece."""
        return chain.from_iterable(unpacked(content, _shown(name, content)) for name, content in self.files.items())

    def lines(self) -> Iterator[bytes]:
        """Yield its lines, each with its end."""
        return chain.from_iterable(self.streams())

    def streams(self) -> Iterator[io.BufferedReader]:
        """Yield each of its files, unpacked, to be read as it is needed."""
        return (stream(content, _shown(name, content)) for name, content in self.files.items())

    def opened(self) -> Iterator[Content | io.BufferedReader]:
        """Yield each of its files: a plain one as it is, for whoever reads that quicker."""
        for name, content in self.files.items():
            yield stream(content, _shown(name, content)) if document(name).compress else content

    def whole(self) -> bytes:
        """Return all bytes."""
        return b"".join(self.blocks())

    def size(self) -> int:
        """Return the number of bytes when unpacked."""
        return sum(sum(map(len, unpacked(content, _shown(name, content)))) if document(name).compress else size(content)
                   for name, content in self.files.items())

    def digest(self) -> str:
        """Return the SHA-256 of the whole when unpacked, in hexadecimal."""
        return digest_of(self.blocks())


def _shown(name: str, content: Content) -> str:
    return name if isinstance(content, bytes) else str(content)


def standing(names: Iterable[str], dump: str) -> list[str]:
    """Return in which of some files a dump stands, in order: plain ones rather than the same compressed.

    >>> standing(["a.nq.gz", "a-facts.nt", "a.nq"], "a.nq"), standing(["a.0002.nq.gz", "a.0001.nq.gz"], "a.nq")
    (['a.nq'], ['a.0001.nq.gz', 'a.0002.nq.gz'])
    """
    found: dict[int, str] = {}
    for name in sorted(names):  # a plain one comes before the same compressed
        told = document(name)
        if told.dump == dump:
            found.setdefault(told.number, name)
    return [found[0]] if 0 in found else [found[number] for number in sorted(found)]


def find_dump(files: Files, dump: str) -> Dump:
    """Return a dump that stands among files; raises KeyError when it does not."""
    names = standing(files, dump)
    if not names:
        raise KeyError(dump)
    return Dump({name: files[name] for name in names})


def load_command(names: Iterable[str], dump: str, store: str) -> str:
    """Return the command that loads a dump into an Oxigraph store, run in the folder of the dump.

    >>> load_command(["a.0001.nq.gz", "a.0002.nq.gz"], "a.nq", "store")
    'gzip -dc a.*.nq.gz | oxigraph load --location store --format nq'
    """
    first = document(name := (standing(names, dump) or [dump])[0])
    if document(name) == Document(name):
        return f"oxigraph load --location {store} --file {dump}"
    pattern = name.replace(f".{first.number:04}.", ".*.") if first.number else name
    command = CODECS[first.compress].command if first.compress else "cat"
    return f"{command} {pattern} | oxigraph load --location {store} --format {dump.rpartition('.')[2]}"

