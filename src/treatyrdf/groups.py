"""What facts join -> the number of the slice of each fact, thing and passage.

Facts, things and passages that hang together form a group (union-find): all have numbers, for they may be millions.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .gather import Gathered
from .model import Fact, Passage
from .vocabulary import Vocabulary

SHARED = ("Agent", "Calendar", "Category", "Place", "Work")
STATUS = "statusAsOf"
"""What a source says of how things stand, which bounds the states of all that it tells of."""
_NOWHERE = -1


class Places(NamedTuple):
    """The number of slices, and that of the slice of each fact, thing and passage, in their order."""

    slices: int
    facts: Sequence[int]
    things: Sequence[int]
    passages: Sequence[int]


class Groups:
    """Facts, things and passages, each group known by one node; things are the first nodes."""

    def __init__(self, gathered: Gathered, vocabulary: Vocabulary) -> None:
        """Begin with the things of a data set, and the passages that its curated facts may cite."""
        dataset, things = gathered.dataset, gathered.things
        properties = vocabulary.properties
        self.linking = {name for name, p in properties.items() if p.kind == "thing"}
        self.dating = {name for name, p in properties.items() if p.kind == "edtf"}
        self.single = {name for name, p in properties.items() if p.single}
        self.sources = {str(id_): n for n, id_ in enumerate(dataset.sources)}
        self.source = next(iter(self.sources), "")
        """The source of a fact that names none."""
        self.ids = things.ids
        owned = {kind: not vocabulary.is_a(kind, SHARED) for kind in things.types}
        self.own = bytearray(owned[things.type_of(n)] for n in range(len(things)))
        """Which things are no shared ones."""
        self.above = array("i", range(len(things)))
        """The node that each node hangs below: itself, if it is the one a group is known by."""
        self.about: dict[str, int] = {}
        """The nodes of shared things about which facts say what must stand together."""
        self.facts, self.at = array("i"), array("i")
        """The node of each fact, and the number of the passage where it stands."""
        self.passages: dict[str, int] = {}
        """The numbers of passages by source and locator; of a row of a table they are known only while it is read."""
        self.nodes, self.told_by = array("i"), array("I")
        """The node of each passage, and the number of its source."""
        self.assumed = frozenset(str(id_) for fact in dataset.facts for id_ in fact.reasoning.assumes)
        self._ids: dict[str, int] = {}
        """A node of the facts of each id that a curator gave, so that two of one id are found together."""
        self._wanted = {id_ for fact in dataset.facts for id_ in _named(fact)}
        self._found: dict[str, tuple[int, Fact]] = {}
        self._resting: list[tuple[int, Fact]] = []
        self.premises: dict[int, tuple[Fact, list[tuple[int, Fact]]]] = {}
        """Each fact that rests on others, by its number, and these; known with the places."""
        for passage in (p for s in dataset.sources.values() for p in s.passages.values()):
            self.passages[f"{passage.source}#{passage.at}"] = self.stand(passage)

    def stand(self, passage: Passage) -> int:
        """Return the number of a passage that is new."""
        self.nodes.append(self._node())
        self.told_by.append(self.sources[passage.source])
        return len(self.nodes) - 1

    def join(self, fact: Fact, cells: Mapping[str, int] = {}) -> None:
        """Put a fact, the next by its number, into a group; `cells` are the numbers of new passages."""
        key = self.key(fact)
        at = cells.get(key, self.passages.get(key, _NOWHERE))
        first, *others = [*self._joined(fact, at)] or [self._node()]
        self._hang(others, first)
        if fact.reasoning.premises or fact.reasoning.assumes:
            self._resting.append((len(self.facts), fact))
        if fact.id in self._wanted:
            self._found[str(fact.id)] = len(self.facts), fact
        if "." not in fact.id:  # those of tables have dots, and ids of their own
            self._hang([first], self._ids.setdefault(str(fact.id), first))
        self.facts.append(first)
        self.at.append(at)

    def key(self, fact: Fact) -> str:
        """Return the source and the locator where a fact stands."""
        return fact.at if "#" in fact.at else f"{self.source}#{fact.at}"

    def owned(self, id_: str) -> bool:
        """Tell whether something is a thing, and no shared one."""
        return self._owned(id_) != _NOWHERE

    def places(self, enough: int | None) -> Places:
        """Return where all stand: groups make a slice together until it has `enough` facts, or all do if that is None.

        Groups come in the order of their first facts. In the first slice is what has no thing of its own.
        """
        if enough is None:
            return Places(1, bytes(len(self.facts)), bytes(len(self.own)), bytes(len(self.nodes)))
        self._follow()
        placed, roots = self._placed(), array("i", map(self._root, self.facts))
        sizes = array("i", bytes(4 * len(self.above)))
        for root in roots:
            sizes[root] += placed[root]
        slices, number, filled = array("i", bytes(4 * len(self.above))), 1, 0
        for root in roots:
            if placed[root] and not slices[root]:
                if filled >= enough:
                    number, filled = number + 1, 0
                slices[root], filled = number, filled + sizes[root]
        facts = array("i", (slices[root] for root in roots))
        passages = array("i", [_NOWHERE]) * len(self.nodes)
        for at, place in zip(self.at, facts, strict=True):
            if at != _NOWHERE:  # all others may speak of what stands in the first
                passages[at] = place if passages[at] == _NOWHERE else min(place, passages[at])
        things = array("i", (slices[self._root(number)] for number in range(len(self.own))))
        return Places(max(facts, default=0) + 1, facts, things, array("i", (max(place, 0) for place in passages)))

    def _node(self) -> int:
        self.above.append(len(self.above))
        return self.above[-1]

    def _root(self, node: int) -> int:
        """Return the node that the group of a node is known by."""
        above = self.above
        while (over := above[node]) != node:
            above[node] = node = above[over]
        return node

    def _hang(self, nodes: Sequence[int], below: int) -> None:
        for node in nodes:
            self.above[self._root(node)] = self._root(below)

    def _joined(self, fact: Fact, at: int) -> Iterator[int]:
        """Yield what a fact joins: its passage, the things of its own that it names, or the shared one it is about.

        How far a source tells joins nothing, for all that rests on that source needs it.
        """
        if self._is_status(fact):
            return
        if at != _NOWHERE:
            yield self.nodes[at]
        objects = [number for name, value in fact.statements if value for v in self._things(name, value)
                   if (number := self._owned(v)) != _NOWHERE]
        yield from objects
        if (subject := self._owned(fact.subject)) != _NOWHERE:
            yield subject
        elif not objects or fact.reasoning.premises or any(name in self.single for name, _ in fact.statements):
            if fact.subject not in self.about:
                self.about[str(fact.subject)] = self._node()
            yield self.about[fact.subject]

    def _owned(self, id_: str) -> int:
        """Return the number of a thing that is no shared one."""
        number = self.ids.find(id_)
        return number if number >= 0 and self.own[number] else _NOWHERE

    def _is_status(self, fact: Fact) -> bool:
        """Tell whether a fact says how far a source tells."""
        return fact.subject in self.sources and any(name == STATUS for name, _ in fact.statements)

    def _things(self, name: str, value: str) -> Sequence[str]:
        """Return the words of a value that may be things: a date can be told by another event."""
        return (value,) if name in self.linking else value.split() if name in self.dating else ()

    def _placed(self) -> bytearray:
        """Return which nodes groups with things of their own are known by."""
        placed = bytearray(len(self.above))
        for number, own in enumerate(self.own):
            if own:
                placed[self._root(number)] = 1
        return placed

    def _follow(self) -> None:
        """Join facts to their premises, but for those premises that are about shared things alone.

        Where it follows from things of its own how far a source tells, all that rests on the source joins them.
        """
        telling: dict[int, list[int]] = {}
        for number, fact in self._resting:
            if found := [self._found[id_] for id_ in _resolved(fact, self._found)]:
                self.premises[number] = fact, found
            if found and self._is_status(fact):
                telling[number] = [self.facts[n] for n, at in enumerate(self.at)
                                   if at != _NOWHERE and self.told_by[at] == self.sources[fact.subject]]
        joined = bool(self.premises)
        while joined:
            joined, placed = False, self._placed()
            for number, (_, premises) in self.premises.items():
                for premise in (self._root(self.facts[n]) for n, _ in premises):
                    if placed[premise] and self._root(self.facts[number]) != premise:
                        self._hang([self.facts[number], *telling.get(number, ())], premise)
                        joined = True


def _named(fact: Fact) -> Iterator[str]:
    """Yield the ids that what a fact rests on may have: the id of a claim is that of its fact, and more behind dots."""
    for word in (*fact.reasoning.premises, *fact.reasoning.assumes):
        id_ = str(word)
        while id_:
            yield id_
            id_ = id_.rpartition(".")[0]


def _resolved(fact: Fact, known: Mapping[str, object]) -> Iterator[str]:
    """Yield the ids of the facts that a fact rests on."""
    for word in (*fact.reasoning.premises, *fact.reasoning.assumes):
        id_ = str(word)
        while id_ and id_ not in known:
            id_ = id_.rpartition(".")[0]
        if id_:
            yield id_
