"""Parts of slices kept on the disk by what they were made from, so that a build that was ended goes on from there."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from .content import digest
from .errors import RunError
from .files import hold
from .model import Quad
from .packing import WHOLE, Packing, packed
from .results import Finding
from .validate import Seen
from .worked import Told

Text = str | Path
REMEDY = "free space or name another folder with --parts; nothing was changed"
_SETS = ("predicates", "terms", "nodes")


@dataclass(frozen=True)
class Part:
    """What one slice gives: to the report, and to each file the prefixes it uses and its text."""

    seen: Seen | None
    pieces: Mapping[str, tuple[frozenset[str], Text]]
    told: Told | None = None
    """What the first slice and the description must know of it."""

    def written(self, folder: Path, name: str, packing: Packing = WHOLE) -> Part:
        """Return the part with its texts in files of a folder, whose names begin with `name`, quickly compressed."""
        pieces: dict[str, tuple[frozenset[str], Text]] = {}
        for file, (used, text) in self.pieces.items():
            if isinstance(text, str):
                form = packing if text else WHOLE  # what is empty is seen to be so
                text = _write(folder / f"{name}-{file}{form.ending}",
                              packed((text.encode(),), form.compress, quick=True))
            pieces[file] = used, text
        return Part(self.seen, pieces, self.told)


@dataclass(frozen=True)
class Shelf:
    """A folder of parts; `made_by` tells all that they depend on beside their quads."""

    folder: Path
    made_by: str

    def key(self, *quads: Sequence[Quad]) -> str:
        """Return the name of the part that is made from quads: those of a slice, and those it may speak of."""
        found = sha256(self.made_by.encode())
        for group in quads:
            found.update("\n".join(map(" ".join, group)).encode() + b"\n\n")
        return found.hexdigest()

    def find(self, key: str) -> Part | None:
        """Return the part of that name, None where there is none or it is not whole to the byte."""
        try:
            table = self.folder / f"{key}.json"
            sum_, _, line = table.read_text(encoding="utf-8").partition("\n") if table.is_file() else ("", "", "")
            if digest(line) != sum_:
                return None
            told, pieces = json.loads(line), {}
            for file, (used, expected) in told["pieces"].items():
                path = self.folder / f"{key}-{file}"
                if not path.is_file() or digest(path) != expected:
                    return None
                pieces[file] = (frozenset(used), path)
            return Part(told["seen"] and _seen(told["seen"]), pieces)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, part: Part) -> Part:
        """Write a part, what tells of it last; return it as it stands on the disk."""
        written = part.written(self.folder, key)
        told = {file: (sorted(used), digest(str(text))) for file, (used, text) in part.pieces.items()}
        seen = part.seen and {**asdict(part.seen), **{name: sorted(getattr(part.seen, name)) for name in _SETS},
                              "findings": [asdict(f) for f in sorted(part.seen.findings)]}
        line = json.dumps({"seen": seen, "pieces": told})
        _write(self.folder / f"{key}.json", (f"{digest(line)}\n{line}".encode(),))
        return written

    def sweep(self, kept: Iterable[str]) -> None:
        """Remove the parts that are not among those kept."""
        names = {*kept}
        for path in self.folder.iterdir():
            key, ending = path.name[:64], path.name[64:65]
            if ending in (".", "-") and key not in names and len(key) == 64 and set(key) <= set("0123456789abcdef"):
                path.unlink(missing_ok=True)


def held(folder: Path) -> AbstractContextManager[None]:
    """Hold a folder of parts, or another build could remove what this one still needs; a second one is refused."""
    busy = RunError.of("TRT093", folder, "is being used by another build",
                       "wait for it to end, or name another folder with --parts")
    return hold(folder / ".lock", folder, busy, REMEDY)


def _write(path: Path, text: Iterable[bytes]) -> Path:
    """Write a file, of which nothing is seen before it is whole."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.writelines(text)
    os.replace(new, path)
    return path


def _seen(told: Mapping[str, object]) -> Seen:
    sets = {name: frozenset(told[name]) for name in _SETS}  # type: ignore[call-overload]
    findings = frozenset(Finding(**f) for f in told["findings"])  # type: ignore[attr-defined]
    return Seen(findings, told["triples"], told["classes"], **sets)  # type: ignore[arg-type]
