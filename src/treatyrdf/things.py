"""The things of a data set by their ids, kept small, since tables give millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping

from .errors import Position
from .model import Thing, Word


class Texts:
    """Texts by their numbers, from 0, in one piece of memory."""

    def __init__(self, empty: int = 0) -> None:
        """Begin with empty ones."""
        self._bytes, self._ends = bytearray(), array("Q", bytes(8 * (empty + 1)))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends) - 1

    def add(self, text: str) -> None:
        """Keep one more text."""
        self._bytes += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        """Return a text."""
        return self._bytes[self._ends[number]:self._ends[number + 1]].decode("utf-8", "surrogatepass")


class Ids:
    """The numbers of texts that are all different, from 0: a table of hashes, in place of as many values."""

    def __init__(self) -> None:
        """Begin with none."""
        self.texts = Texts()
        self._slots = array("i", [-1]) * 64

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.texts)

    def find(self, text: str) -> int:
        """Return the number of a text, -1 where it is not there."""
        return self._slots[self._slot(text)]

    def add(self, text: str) -> int:
        """Return the number of a text that is new."""
        count = len(self.texts)
        if 2 * count >= len(self._slots):
            self._slots = array("i", [-1]) * (4 * len(self._slots))
            for number in range(count):
                self._slots[self._slot(self.texts[number])] = number
        self._slots[self._slot(text)] = count
        self.texts.add(text)
        return count

    def _slot(self, text: str) -> int:
        """Return where the number of a text stands, or has room."""
        slots, texts, last = self._slots, self.texts, len(self._slots) - 1
        slot = hash(text) & last
        while (number := slots[slot]) >= 0 and texts[number] != text:
            slot = (slot + 1) & last
        return slot


class Things(Mapping[str, Thing]):
    """Things by their ids, in the order in which they came; each is made anew when it is looked at.

    Those of tables have a type, a label and one place; what says more of itself is kept as it is.
    """

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        """Begin with what a curator wrote."""
        self.ids = Ids()
        self._whole: dict[int, Thing] = {}
        self._kinds: dict[tuple[str, Position, str], int] = {}
        self._types: list[tuple[Word, str]] = []
        self._kind, self._line, self._column = array("I"), array("I"), array("I")
        self._labels = Texts()
        for thing in things:
            self.add(thing)

    def add(self, thing: Thing) -> None:
        """Keep a thing whose id is new."""
        id_, at = str(thing.id), thing.id.position
        number = self.ids.add(id_)
        kind = self._kinds.setdefault((thing.type, thing.type.position, at.path), len(self._types))
        if kind == len(self._types):
            self._types.append((thing.type, at.path))
        self._kind.append(kind)
        self._line.append(at.line)
        self._column.append(at.column)
        self._labels.add(thing.label)
        if thing.unnamed or thing.note is not None or thing.label.position != at:
            self._whole[number] = thing

    @property
    def types(self) -> set[Word]:
        """Return all types."""
        return {type_ for type_, _ in self._types}

    def type_of(self, number: int) -> Word:
        """Return the type of a thing by its number."""
        return self._types[self._kind[number]][0]

    def label(self, id_: str) -> str:
        """Return what a thing is called."""
        return self._labels[self._number(id_)]

    def __getitem__(self, id_: str) -> Thing:
        """Return the thing with an id."""
        number = self._number(id_)
        if number in self._whole:
            return self._whole[number]
        type_, path = self._types[self._kind[number]]
        at = Position(path, self._line[number], self._column[number])
        return Thing(Word(id_, at), type_, Word(self._labels[number], at))

    def __contains__(self, id_: object) -> bool:
        """Tell whether there is a thing with an id."""
        return isinstance(id_, str) and self.ids.find(id_) >= 0

    def __iter__(self) -> Iterator[str]:
        """Yield all ids."""
        return map(self.ids.texts.__getitem__, range(len(self)))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.ids)

    def _number(self, id_: str) -> int:
        number = self.ids.find(id_)
        if number < 0:
            raise KeyError(id_)
        return number
