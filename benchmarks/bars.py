"""What a build is held against: each bar a ratio in one run on the same input, and why one is missed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands import BUILD, MORPH, OURS, PEER, SERDI, STACK, validating
from room import SHAPES
from runs import MADE, Input, Known

MIDDLE = 10_000
"""The number of treaties that bars against peers are set for, and from which growth is measured."""


@dataclass(frozen=True)
class Bar:
    """The least or the most that a figure may be; why it is not, and what is to be done: told where it is missed."""

    least: float | None
    most: float | None
    reason: str
    step: str


BARS = {
    MORPH: Bar(
        1, None,
        "The build makes twice the triples of the peer's mapping and works out dates, conflicts and states; it writes "
        "them seven times and reads all back, where the peer writes one file and reads nothing. The peer makes some "
        "400 thousand triples a second from columns of pandas; of the build, reading the tables and working claims "
        "out alone takes longer.",
        "Less work for each line that is written or read back; see the stages."),
    STACK: Bar(
        30, None,
        "Reading the seven dumps back and writing them is half of the build (see the stages), which the peers do not "
        "do: they write three files and read none back. The peers also work on half the triples, those of morph-kgc's "
        "mapping; on the same triples pySHACL alone takes longer than the build (see the validators).",
        "Less work for each line that is read back, then for each that is written."),
    SERDI: Bar(
        None, 4,
        "serdi is C and moves each line once; the build makes each quad from claims in Python, writes it seven times "
        "and reads it back seven times, so four times serdi leaves less than a third of serdi's time for each.",
        "Dumps and reading back in one pass over the sorted quads; after that only a compiled writer helps."),
    "time": Bar(
        None, 11,
        "Each slice took longer where there were more of them, 0.64 s on average in place of 0.51, and the last most; "
        "why is not known.",
        "Time slices of one build one by one on a quiet machine."),
    "memory": Bar(
        None, 1.3,
        "Facts wait folded in a file, but while tables are read, the id, label and place of every thing are held and a "
        "number of every fact and passage: reading 100,000 treaties alone takes 610 MiB. Two processes that work on "
        "slices take four fifths of that for any number of slices.",
        "Hold less while slices are cut (begun: see below the tables), then labels in a file."),
    "MiB": Bar(
        None, 1024,
        "As for the growth of memory.",
        "As there."),
    SHAPES[0]: Bar(
        50, None,
        "A third of the time is the index over the triples of a slice, which a build makes for its validation; pySHACL "
        "validates a graph that rdflib has indexed while it read it, which is not counted.",
        "Index from the quads as the build has them, sorted by subject, or while they are made."),
    SHAPES[1]: Bar(
        300, None,
        "As for Core shapes.",
        "As there.")}


@dataclass(frozen=True)
class Found:
    """What was found of a bar for one command and size; without a value it was not measured."""

    bar: str
    told: str
    where: str
    value: float | None = None
    cpu: float | None = None
    judged: bool = True
    """Whether this is the size that the bar is set for."""
    other: str = ""
    """Why the figures cannot be compared."""

    @property
    def off(self) -> float:
        """Return how many times the bar is missed by, 0 where it is met or was not measured."""
        bar = BARS[self.bar]
        if self.value is None:
            return 0
        if bar.least is not None:
            return 0 if self.value >= bar.least else bar.least / self.value
        return 0 if self.value <= (bar.most or 0) else self.value / (bar.most or 1)

    @property
    def verdict(self) -> str:
        """Return what is said of it."""
        if self.other or self.value is None:
            return self.other or "not measured"
        verdict = f"missed {self.off:.1f}-fold" if self.off else "met"
        return verdict if self.judged else f"(set for other sizes; here {verdict})"


def find(known: Known) -> Iterator[Found]:
    """Yield what was found of all bars, of those that were not measured too."""
    made = known.made()
    sizes = [i for i in made if set(known.names(i)) & {MORPH, STACK, SERDI}]
    chained = max((i.count for i in made if known.of(i, STACK)), default=MIDDLE)
    for given in sizes or [Input(MADE, MIDDLE)]:
        yield from _against(known, given, chained)
    if sizes and not any(i.count == MIDDLE for i in sizes):
        yield from _against(known, Input(MADE, MIDDLE), chained)
    for kind in SHAPES:
        yield from _validation(known, kind, made)
    yield from _growth(known, made)


def _builds(known: Known, given: Input) -> list[str]:
    return [name for name in known.names(given) if name.startswith(BUILD)] or [BUILD]


def _against(known: Known, given: Input, chained: int) -> Iterator[Found]:
    """Yield the ratios to the peers at a size; the chain of them is judged at the largest that it was run for."""
    for name in _builds(known, given):
        for bar, told, above, below, size in (
                (MORPH, f"{MORPH} / `{name}`", (MORPH,), (name,), MIDDLE),
                (STACK, f"{MORPH} + {STACK} / `{name}`", (MORPH, STACK), (name,), chained),
                (SERDI, f"`{name}` / {SERDI}", (name,), (SERDI,), MIDDLE)):
            wall, cpu = (_ratio(known, given, above, below, figure) for figure in ("wall", "cpu"))
            yield Found(bar, told, str(given), wall, cpu, given.count == size)


def _ratio(known: Known, given: Input, above: Sequence[str], below: Sequence[str], figure: str) -> float | None:
    """Return the ratio of the sums of medians, None when one of the commands did not run."""
    one, other = ([known.middle(given, name, figure) for name in names] for names in (above, below))
    if None in one or None in other:
        return None
    return sum(filter(None, one)) / sum(filter(None, other))


def _validation(known: Known, kind: str, made: Sequence[Input]) -> Iterator[Found]:
    """Yield how much faster shapes are held against data, with the index that a build makes of each slice for it."""
    names, told, measured = (validating(PEER, kind), validating(OURS, kind)), f"{PEER} / {OURS}, {kind}", False
    for given in made:
        peer, own = (known.inner(given, name) for name in names)
        if peer and own:
            one, other = (known.of(given, name)[0].told["findings"] for name in names)
            different = "" if one == other else f"not comparable: {one} findings, {other} of {OURS}"
            yield Found(kind, told, str(given), sum(peer[1:]) / sum(own[1:]), other=different)
            measured = True
    if not measured:
        yield Found(kind, told, "")


def _growth(known: Known, made: Sequence[Input]) -> Iterator[Found]:
    """Yield how builds grow tenfold, each with the same name at both sizes: the same validator and options."""
    measured = False
    for small in made:
        large = Input(small.kind, 10 * small.count, small.members)
        for name in known.names(small):
            if not name.startswith(BUILD) or not known.of(large, name):
                continue
            span, judged = f"{small} to {large}", small.count == MIDDLE
            measured |= judged
            wall, cpu = ((known.middle(large, name, f) or 0) / (known.middle(small, name, f) or 1)
                         for f in ("wall", "cpu"))
            before, after = (known.peak(i, name) or 0 for i in (small, large))
            yield Found("time", f"time of `{name}`", span, wall, cpu, judged)
            yield Found("memory", f"memory of `{name}`", span, after / before, None, judged)
            yield Found("MiB", f"MiB of `{name}`", str(large), after, None, judged)
    if not measured:
        for bar in ("time", "memory", "MiB"):
            yield Found(bar, f"{bar} of `{BUILD}`", f"{MIDDLE:,} to {10 * MIDDLE:,}")
