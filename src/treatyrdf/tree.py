"""YAML text -> plain values whose every scalar is text with a position.

Nothing is guessed: `no`, `12:30:45` and `2353-01-01` stay the text they are. Aliases, tags, merge
keys, duplicate keys, deep nesting and control characters are refused, each at its line.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Union

from .errors import DataError, Position, Problem, RunError
from .model import Word

Tree = Union[Word, "Branch", "Row"]  # a string alias: the classes refer to it

MAX_BYTES = 64 * 2**20
MAX_DEPTH = 32
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


class Branch(dict[Word, Tree]):
    """A YAML mapping with the position where it begins."""

    position: Position

    def find(self, key: str) -> Tree | None:
        """Return the value of a key, None when it is not there."""
        return next((value for word, value in self.items() if word == key), None)


class Row(list[Tree]):
    """A YAML sequence with the position where it begins."""

    position: Position


def read_text(path: Path, shown: str) -> str:
    """Return the text of a file, or raise the error that names what is wrong with its bytes."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise RunError.of("TRT002", shown, "is not a file", "give a file or remove it")
        raw = path.read_bytes()
    except OSError as error:
        why = error.strerror or "cannot be read"
        raise RunError.of("TRT002", shown, why.lower(), "check the name and permissions") from None
    if len(raw) > MAX_BYTES:
        raise DataError([Problem(Position(shown), "TRT003", f"has {len(raw)} bytes",
                                 f"split it into files below {MAX_BYTES} bytes")])
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        here = Position(shown, before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        raise DataError([Problem(here, "TRT004", f"byte 0x{raw[error.start]:02X} is not UTF-8",
                                 "save the file as UTF-8")]) from None
    text = text.removeprefix("\ufeff")
    bad = _FORBIDDEN.search(text)
    if bad:
        before_text = text[: bad.start()]
        here = Position(shown, before_text.count("\n") + 1, bad.start() - before_text.rfind("\n"))
        raise DataError([Problem(here, "TRT005", f"control character U+{ord(bad[0]):04X}",
                                 "delete it")])
    return text


def parse(text: str, shown: str) -> Tree | None:
    """Return the tree of one YAML document, None when it is empty.

    Raises DataError at the first syntax error; duplicate keys are collected.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    problems: list[Problem] = []
    builder = _Builder(shown, problems)
    try:
        for event in yaml.parse(text, Loader=loader):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        here = Position(shown, mark.line + 1, mark.column + 1) if mark else Position(shown)
        what = f"not YAML: {error.problem or error.context}"
        raise DataError([*problems, Problem(here, "TRT006", what, "check quotes, colons and indentation"
                                            )]) from None
    except yaml.YAMLError as error:
        line = text.count("\n") + 1
        raise DataError([Problem(Position(shown, line, 1), "TRT006", f"not YAML: {error}",
                                 "check quotes, colons and indentation")]) from None
    if problems:
        raise DataError(problems)
    return builder.root


class _Builder:
    """Builds the tree from parser events, without recursion."""

    def __init__(self, shown: str, problems: list[Problem]) -> None:
        self.shown, self.problems = shown, problems
        self.root: Tree | None = None
        self.documents = 0
        self.stack: list[Branch | Row] = []
        self.keys: list[Word | None] = []

    def take(self, event: object) -> None:
        """Take the next event of the parser."""
        import yaml

        if isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
            self.keys.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(event, "TRT007", "a second YAML document", "keep one document a file")

    def _node(self, event: object) -> None:
        import yaml

        here = self._here(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "TRT008", f"the alias *{event.anchor}", "write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self._refuse(event, "TRT008", f"the tag {tag}", "write plain text")
        if isinstance(event, yaml.ScalarEvent):
            if bad := _FORBIDDEN.search(event.value):
                self.problems.append(Problem(here, "TRT005", f"control character U+{ord(bad[0]):04X}",
                                             "delete it"))
                raise DataError(self.problems)
            self._place(Word(event.value, here), here)
            return
        if len(self.stack) >= MAX_DEPTH:
            self._refuse(event, "TRT009", f"nesting deeper than {MAX_DEPTH} levels", "flatten it")
        node: Branch | Row = Branch() if isinstance(event, yaml.MappingStartEvent) else Row()
        node.position = here
        self._place(node, here)
        self.stack.append(node)
        self.keys.append(None)

    def _place(self, node: Tree, here: Position) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if isinstance(parent, Row):
            parent.append(node)
            return
        key = self.keys[-1]
        if key is not None:
            parent[key] = node
            self.keys[-1] = None
        elif not isinstance(node, Word):
            self.problems.append(Problem(here, "TRT006", "a key that is not plain text",
                                         "write a word before the colon"))
            raise DataError(self.problems)
        else:
            if node in parent:
                first = next(k for k in parent if k == node)
                self.problems.append(Problem(
                    here, "TRT010", f"the key `{node}` stands twice, first in line "
                    f"{first.position.line}", "keep one, or write its values as a list"))
            if node == "<<":
                self.problems.append(Problem(here, "TRT008", "the merge key << is not read here",
                                             "write the keys out"))
                raise DataError(self.problems)
            self.keys[-1] = node

    def _here(self, event: object) -> Position:
        mark = getattr(event, "start_mark", None)
        return Position(self.shown, mark.line + 1, mark.column + 1) if mark else Position(self.shown)

    def _refuse(self, event: object, code: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(self._here(event), code, what + " is not read here", remedy))
        raise DataError(self.problems)
