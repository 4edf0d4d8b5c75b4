"""What a file holds: bytes, or a file on the disk that is too large to keep in memory."""

from __future__ import annotations

import filecmp
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

Content = bytes | Path
Files = Mapping[str, Content]
"""Contents by the name of the file."""

_BLOCK = 1 << 20


def blocks(content: Content) -> Iterator[bytes]:
    """Yield a content piece by piece."""
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def lines_of(content: Content) -> Iterator[bytes]:
    """Yield the lines of a content, each with its end."""
    if isinstance(content, bytes):
        yield from io.BytesIO(content)
        return
    with content.open("rb") as file:
        yield from file


def whole(content: Content) -> bytes:
    """Return all bytes of a content."""
    return content if isinstance(content, bytes) else content.read_bytes()


def size(content: Content) -> int:
    """Return the number of bytes of a content."""
    return len(content) if isinstance(content, bytes) else content.stat().st_size


def digest(content: Content | str) -> str:
    """Return the SHA-256 of a content, in hexadecimal."""
    return digest_of(blocks(content.encode() if isinstance(content, str) else content))


def digest_of(pieces: Iterable[bytes]) -> str:
    """Return the SHA-256 of a content that comes piece by piece, in hexadecimal."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()


def equal(content: Content, path: Path) -> bool:
    """Tell whether a file on the disk has a content."""
    if not path.is_file() or path.stat().st_size != size(content):
        return False
    if isinstance(content, bytes):
        return path.read_bytes() == content
    return filecmp.cmp(content, path, shallow=False)
