"""One mapping of a curated file, read key by key, with every problem noted at its place."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import Position, Problems, suggest
from .model import Word
from .tree import Branch, Row, Tree


class Entry:
    """One mapping of a file, read key by key."""

    def __init__(self, tree: Branch, problems: Problems, what: str) -> None:
        """Keep the mapping; `what` names it in messages."""
        self.tree, self.problems, self.what = tree, problems, what

    def known(self, keys: Iterable[str]) -> None:
        """Note every key that is not one of `keys`."""
        keys = tuple(keys)
        for key in self.tree:
            if key not in keys:
                self.problems.add(key.position, "TRT020", f"unknown key `{key}` in {self.what}",
                                  suggest(key, keys))

    def needs(self, keys: Iterable[str], position: Position | None = None) -> None:
        """Note every key of `keys` that is missing or empty."""
        for key in keys:
            if self.tree.find(key) in (None, ""):
                self.problems.add(position or self.tree.position, "TRT022",
                                  f"{self.what} has no `{key}`", f"add a line `{key}: …`")

    def word(self, key: str) -> Word | None:
        """Return the text of a key, None when it is missing or empty."""
        value = self.tree.find(key)
        if value is None or value == "":
            return None
        if isinstance(value, Word):
            return value
        self.problems.add(value.position, "TRT012", f"`{key}` is not plain text",
                          "write one value on the line")
        return None

    def text(self, key: str) -> Word:
        """Return the text of a key, empty when it is missing."""
        return self.word(key) or Word("", self.tree.position)

    def words(self, key: str) -> tuple[Word, ...]:
        """Return the texts of a key that holds one or a list of them."""
        value = self.tree.find(key)
        if not isinstance(value, Row):
            word = self.word(key)
            return (word,) if word else ()
        for item in value:
            if not isinstance(item, Word) or item == "":
                self.problems.add(item.position, "TRT012", f"`{key}` holds more than plain values",
                                  "write a list of words")
        return tuple(item for item in value if isinstance(item, Word) and item != "")

    def number(self, key: str) -> int | None:
        """Return the whole number of a key."""
        word = self.word(key)
        if word is None:
            return None
        if word.isascii() and word.isdigit() and len(word) < 16:
            return int(word)
        self.problems.add(word.position, "TRT025", f"`{word}` is not a whole number",
                          "write digits only")
        return None

    def flag(self, key: str) -> bool:
        """Tell whether a key says yes."""
        word = self.word(key)
        if word is not None and word not in {"yes", "no"}:
            self.problems.add(word.position, "TRT025", f"`{word}` is neither yes nor no",
                              "write yes or no")
        return word == "yes"

    def entry(self, key: str, keys: Iterable[str] = ()) -> Entry:
        """Return the mapping below a key, empty when it is missing."""
        value = self.tree.find(key)
        branch = value if isinstance(value, Branch) else Branch()
        branch.position = getattr(value, "position", self.tree.position)
        if value is not None and value != "" and not isinstance(value, Branch):
            self.problems.add(value.position, "TRT012", f"`{key}` is not a mapping",
                              "write `key: value` lines below it")
        entry = Entry(branch, self.problems, f"`{key}`")
        if keys:
            entry.known(keys)
        return entry

    def only(self, keys: Iterable[str]) -> dict[str, Word]:
        """Return the texts of the keys that are there."""
        return {key: word for key in keys if (word := self.word(key)) is not None}

    def branch(self, key: str) -> Tree:
        """Return what stands below a key, an empty mapping when nothing does."""
        value = self.tree.find(key)
        if value is not None:
            return value
        empty = Branch()
        empty.position = self.tree.position
        return empty
