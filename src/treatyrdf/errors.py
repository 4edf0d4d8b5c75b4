"""Everything that can go wrong, said so that a curator can mend it.

TreatyError
├── DataError    the data are wrong: findings with file, line and remedy     exit code 1
└── RunError     the tool cannot run: usage, unreadable input, full disk     exit code 2

    try:
        build(Path("datasets/alliance"), out=Path("dist/alliance"))
    except DataError as error:
        for problem in error.problems:
            print(problem)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple


class Position(NamedTuple):
    """A place in a file a person wrote; line and column count from 1, 0 means the whole file."""

    path: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return `path:line:column`, as compilers print it."""
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where it is, what is wrong, and what to write instead."""

    position: Position
    code: str
    what: str
    remedy: str

    def __str__(self) -> str:
        """Return the one line a curator reads."""
        return f"{self.position}: {self.code} {self.what}; {self.remedy}"


class TreatyError(Exception):
    """Any refusal of the tool; `problems` holds every reason, sorted by position."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, in the order of the files they stand in."""
        self.problems: Sequence[Problem] = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[TreatyError], tuple[Sequence[Problem]]]:
        """Tell how to make it again in another process, since a worker may raise it."""
        return type(self), (self.problems,)


class DataError(TreatyError):
    """The data are wrong."""

    exit_code = 1


class RunError(TreatyError):
    """The tool cannot do what was asked."""

    exit_code = 2

    @classmethod
    def of(cls, code: str, path: object, what: str, remedy: str) -> RunError:
        """Return the error for one problem with a whole file or folder."""
        return cls([Problem(Position(str(path)), code, what, remedy)])


@dataclass
class Problems:
    """Collects problems, so that a curator sees all of them at once."""

    found: list[Problem] = field(default_factory=list)

    def add(self, position: Position, code: str, what: str, remedy: str) -> None:
        """Note one problem and go on."""
        self.found.append(Problem(position, code, what, remedy))

    def stop(self) -> None:
        """Raise what was found, if anything was."""
        if self.found:
            raise DataError(self.found)


def with_article(noun: str) -> str:
    """Return a noun with `a` or `an` before it."""
    return f"{'an' if noun[:1] in 'AEIOUaeiou' else 'a'} {noun}"


def suggest(word: str, known: Iterable[str]) -> str:
    """Return the remedy for a name nobody knows.

    >>> suggest("propsedBy", ["proposedBy", "bearer"])
    'did you mean `proposedBy`?'
    """
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1)
    if near:
        return f"did you mean `{near[0]}`?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"write one of: {shown}" if names else "there is nothing to choose from yet"
