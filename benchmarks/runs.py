"""What was run on which input, kept line by line in a file, so that a run that was ended can go on and be told."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from generate import MEMBERS

ROOT = Path(__file__).resolve().parent.parent
MEASURED = ("src", "ontology", "shapes", "datasets/environment", "constraints.txt", *(
    f"benchmarks/{name}" for name in ("generate.py", "rml.py", "sparql.ttl", "measure.py", "peer.py", "validator.py",
                                      "stages.py", "commands.py", "room.py")))
"""What decides what a command does and is given. After a change of anything else what was found still holds."""
MADE, REAL = "made-up", "real"


@dataclass(frozen=True, order=True)
class Input:
    """What a command is given: made-up treaties by number, or the real tables up to a number of rows (0: all)."""

    kind: str
    count: int
    members: float = MEMBERS

    @property
    def folder(self) -> str:
        """Return the name of its folder."""
        return f"{self.kind}-{self.count}" + ("" if self.members == MEMBERS else f"-{self.members:g}")

    def __str__(self) -> str:
        if self.kind == REAL:
            return f"real tables, {self.count:,} rows of each" if self.count else "real tables"
        return f"{self.count:,}" + ("" if self.members == MEMBERS else f" ({self.members:g} members each)")


@dataclass(frozen=True)
class Record:
    """One run of a command; `failed` says why there are no figures."""

    input: Input
    name: str
    wall: float = 0
    cpu: float = 0
    peak: float = 0
    output: str = ""
    command: str = ""
    """What was run, without the names of folders of this machine."""
    commit: str = ""
    load: float = 0
    """Load of the machine when it began."""
    facts: dict[str, int] = field(default_factory=dict)
    """What it made: quads, claims, bytes."""
    failed: str = ""

    @property
    def told(self) -> dict[str, object]:
        """Return the JSON that it printed at last."""
        found = json.loads(self.output.splitlines()[-1])
        assert isinstance(found, dict)
        return found


def commit() -> str:
    """Return the last commit that changed what is measured, and a sum of what was changed since."""
    def git(*words: str) -> str:
        return subprocess.run(["git", *words, "--", *MEASURED], cwd=ROOT, capture_output=True, text=True,
                              check=False).stdout.strip()

    changed = git("diff", "HEAD")
    return (git("log", "-1", "--format=%h") or "unknown") + (
        f"+{sha256(changed.encode()).hexdigest()[:6]}" if changed else "")


def keep(path: Path, record: Record) -> None:
    """Add a line."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(record)) + "\n")


def read(path: Path) -> Iterator[Record]:
    """Yield what was kept; the oldest lines have a number of treaties in place of an input."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        given = told.pop("input", None) or {"kind": MADE, "count": told.pop("N")}
        yield Record(Input(**given), **told)


class Known:
    """The runs of one commit."""

    def __init__(self, records: Iterable[Record]) -> None:
        """Take the runs, in any order of inputs."""
        self.records = list(records)

    @property
    def inputs(self) -> list[Input]:
        """Return all inputs, sorted."""
        return sorted({r.input for r in self.records})

    def made(self, *members: float) -> list[Input]:
        """Return the inputs of made-up treaties."""
        return [i for i in self.inputs if i.kind == MADE and (not members or i.members in members)]

    def names(self, given: Input) -> list[str]:
        """Return the names of the commands that ran to their end, in the order of the first runs."""
        return list(dict.fromkeys(r.name for r in self.records if r.input == given and not r.failed))

    def of(self, given: Input, name: str) -> list[Record]:
        """Return the runs of a command that came to their end."""
        return [r for r in self.records if r.input == given and r.name == name and not r.failed]

    def failure(self, given: Input, name: str) -> str:
        """Return why a command has no runs."""
        failed = [r.failed for r in self.records if r.input == given and r.name == name and r.failed]
        return failed[-1] if failed and not self.of(given, name) else ""

    def middle(self, given: Input, name: str, figure: str = "wall") -> float | None:
        """Return the median of what the runs of a command took."""
        found = self.of(given, name)
        return statistics.median(getattr(r, figure) for r in found) if found else None

    def peak(self, given: Input, name: str) -> float | None:
        """Return the most memory that any run took."""
        return max((r.peak for r in self.of(given, name)), default=None)

    def inner(self, given: Input, name: str) -> list[float] | None:
        """Return the medians of the seconds that a command printed of itself: to read, to validate."""
        found = [r.told["seconds"] for r in self.of(given, name)]
        return [statistics.median(steps) for steps in zip(*found, strict=True)] if found else None

    def facts(self, given: Input) -> dict[str, int]:
        """Return what the commands made of an input."""
        return {key: value for r in self.records if r.input == given for key, value in r.facts.items()}

    def expected(self, given: Input, name: str) -> float | None:
        """Return how long a command may take: as before, else along the line through the two nearest sizes."""
        if (before := self.middle(given, name)) is not None:
            return before
        like = sorted((abs(i.count - given.count), i.count, self.middle(i, name) or 0.0) for i in self.inputs
                      if i.kind == given.kind and i.count and self.of(i, name))[:2]
        if not like or not given.count:
            return None
        (_, one, wall), *others = like
        if not others:
            return wall * given.count / one
        _, two, other = others[0]
        return max(wall + (other - wall) * (given.count - one) / (two - one), min(wall, other))
