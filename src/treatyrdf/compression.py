"""The compressions that a dump may have, each by its name; zstd is there when its package is."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from .errors import RunError


class Tools(NamedTuple):
    """What compresses, well or quickly, what undoes it, and what it raises for damaged bytes."""

    packer: Callable[[], Any]
    quick: Callable[[], Any]
    unpacker: Callable[[], Any]
    error: type[Exception]


class _Gzip:
    """Compresses as `gzip` does, with the same header on every machine; zlib's own tells the system."""

    def __init__(self, level: int) -> None:
        from gzip import GzipFile

        self.out = io.BytesIO()
        self.file = GzipFile(filename="", mode="wb", compresslevel=level, fileobj=self.out, mtime=0)

    def compress(self, block: bytes) -> bytes:
        self.file.write(block)
        return self._taken()

    def flush(self) -> bytes:
        self.file.close()
        return self._taken()

    def _taken(self) -> bytes:
        found = self.out.getvalue()
        self.out.seek(0)
        self.out.truncate()
        return found


def _gzip() -> Tools:
    return Tools(partial(_Gzip, 6), partial(_Gzip, 1), partial(zlib.decompressobj, 31), zlib.error)


def _zstd() -> Tools:
    try:
        import zstandard
    except ModuleNotFoundError:
        raise RunError.of("TRT171", "zstd", "the package zstandard is not installed",
                          "run `pip install 'treatyrdf[zstd]'`, or take gzip") from None

    def packer(level: int) -> Any:
        return zstandard.ZstdCompressor(level=level, write_checksum=True).compressobj()

    return Tools(partial(packer, 10), partial(packer, 1),
                 lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError)


class Codec(NamedTuple):
    """A compression: its ending, its media type at IANA, the command that undoes it, and its tools."""

    ending: str
    media: str
    command: str
    tools: Callable[[], Tools]


CODECS: Mapping[str, Codec] = {"gzip": Codec(".gz", "application/gzip", "gzip -dc", _gzip),
                               "zstd": Codec(".zst", "application/zstd", "zstd -dc", _zstd)}
"""Neither writes a name or a time, so that the same text and library give the same bytes (RFC 1952, RFC 8878)."""
