"""What stands on each page: values grouped and worded, before any HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from .ask import GRADES
from .graph import TYPE
from .model import Claim, Passage, Source, Thing
from .names import curie, local, trt
from .reasons import denies
from .replies import Reply
from .site import Site
from .values import UNKNOWN

GRADE_WORDS: Mapping[str, str] = {
    "stated": "The source says it.",
    "reported": "The source says that somebody said it.",
    "inferred": "It follows by a rule from what is said.",
    "possible": "It is supposed, or held to be possible.",
    "conditional": "It holds only if something is assumed.",
    "unknown": "Nobody knows, or nothing is said.",
}
"""What each grade means, from the firmest to the weakest."""

_FIRST = {TYPE: 0, curie("skos:prefLabel"): 1, curie("skos:altLabel"): 2}
"""Properties that come before the others."""


@dataclass(frozen=True)
class Group:
    """Claims under one heading: a property, a class, a passage; `more` of them are not shown."""

    term: str
    label: str
    claims: tuple[Claim, ...]
    more: int = 0


def by_property(claims: Iterable[Claim], site: Site) -> list[Group]:
    """Return what is said of a thing, property by property, the firmest first within each."""
    ordered = sorted(claims, key=lambda c: (_FIRST.get(c.predicate, 9), site.label(c.predicate), c.predicate,
                                            GRADES.index(site.grade(c))))
    return [Group(term, site.label(term), tuple(found))
            for term, found in groupby(ordered, key=lambda c: c.predicate)]


@dataclass(frozen=True)
class Said:
    """What is said of a thing, what was worked out of its time, and what is left unsaid."""

    said: list[Group]
    worked: list[Group]
    silences: Group

    def shown(self) -> Iterator[Claim]:
        """Yield the claims and silences that a page shows."""
        for group in (*self.said, *self.worked, self.silences):
            yield from group.claims


def said_of(term: str, site: Site, room: int) -> Said:
    """Return what its page says of a thing: of each property as much as fits when all are to have a share."""
    found = site.about.get(term, ())
    said, worked = (by_property((c for c in found if c.object is not None and c.computed is computed), site)
                    for computed in (False, True))
    silences = Group("", "", tuple(in_order(c for c in found if c.object is None)))
    share = fair((len(g.claims) for g in (*said, *worked, silences)), room)
    return Said([cut(g, share) for g in said], [cut(g, share) for g in worked], cut(silences, share))


def cut(group: Group, share: int) -> Group:
    """Return a group with its first claims only."""
    return replace(group, claims=group.claims[:share], more=max(0, len(group.claims) - share))


def fair(sizes: Iterable[int], room: int) -> int:
    """Return how many items each list may show in a common room: short lists leave theirs to long ones.

    >>> fair([3, 500, 200], 100), fair([3, 4], 100)
    (48, 97)
    """
    share, waiting = room, sorted(sizes)
    for number, size in enumerate(waiting):
        share = max(1, room // (len(waiting) - number))
        if size > share:
            break
        room -= size
        share = room + size
    return share


def kind(term: str, site: Site) -> str:
    """Return the word for the class of a thing, empty for what is no thing."""
    thing = site.dataset.things.get(term.removeprefix(f"<{site.names.base}").rstrip(">"))
    return site.vocabulary.classes[thing.type].label if thing else ""


def by_class(site: Site) -> list[tuple[str, list[Thing]]]:
    """Return the things under the label of their class, both in order of their words."""
    def word(thing: Thing) -> str:
        return site.vocabulary.classes[thing.type].label

    ordered = sorted(site.dataset.things.values(), key=lambda t: (word(t), t.label.casefold(), t.id))
    return [(label, list(found)) for label, found in groupby(ordered, key=word)]


def by_passage(site: Site, source: Source | None = None) -> list[tuple[Passage, Sequence[Claim]]]:
    """Return the passages, or those of one source, in reading order with what a curator took from each."""
    return [(p, [c for c in site.standing.get(p.key, ()) if not c.computed]) for p in site.passages(source)]


def in_order(claims: Iterable[Claim]) -> list[Claim]:
    """Return claims in the order in which a curator wrote them, what was worked out last."""
    return sorted(claims, key=lambda c: (c.computed, c.fact.id.position.path, c.fact.id.position.line, c.id))


@dataclass(frozen=True)
class Rivals:
    """Claims that give one thing several values of a date or bound, or affirm and deny the same."""

    subject: str
    predicate: str
    claims: tuple[Claim, ...]
    why: str


def rivals(site: Site) -> Iterator[Rivals]:
    """Yield where claims do not agree: several dates of one thing, and what is both affirmed and denied."""
    dates = {f"<{p.iri}>" for p in site.vocabulary.properties.values() if p.bounds}
    for subject in sorted(site.about):
        said = [c for c in site.about[subject] if c.object is not None and c.object != UNKNOWN]
        for predicate in sorted({c.predicate for c in said}):
            found = [c for c in said if c.predicate == predicate]
            affirmed = [c for c in found if c.qualifiers.get("polarity") == trt("Affirmed")]
            if predicate in dates and len({c.object for c in affirmed}) > 1:
                yield Rivals(subject, predicate, tuple(affirmed), "several dates are given")
            denied = {c.object for c in found if denies(c)}
            agreed = {c.object for c in affirmed}
            both = [c for c in found if c.object in denied and c.object in agreed]
            if both:
                yield Rivals(subject, predicate, tuple(both), "one claim affirms what another denies")


def words_of(term: str | None) -> str:
    """Return the words of a concept's name: InUniverse -> in-universe."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", local(term or "#.")).lower()


def tally(site: Site) -> list[tuple[str, int]]:
    """Return how many claims and silences there are of each grade."""
    grades = [site.grade(c) for c in site.claims]
    return [(grade, grades.count(grade)) for grade in GRADES]


def featured(site: Site) -> list[Reply]:
    """Return the questions for the first page: those tagged `key`, else the first few with an answer."""
    chosen = [r for r in site.replies if "key" in r.question.tags]
    return chosen or [r for r in site.replies if r.lines and r.grade != "unknown"][:6]


def by_tag(site: Site) -> list[tuple[str, list[Reply]]]:
    """Return the questions under their first tag."""
    def tag(reply: Reply) -> str:
        return next((t for t in reply.question.tags if t != "key"), "other")

    ordered = sorted(site.replies, key=lambda r: (tag(r), r.question.name))
    return [(word, list(found)) for word, found in groupby(ordered, key=tag)]


@dataclass(frozen=True)
class Part:
    """One page of a list that is cut into several."""

    stem: str
    number: int
    count: int
    items: Sequence[Any]

    def with_items(self, items: Sequence[Any]) -> Part:
        """Return the same page with its items grouped."""
        return replace(self, items=items)

    def name(self, number: int) -> str:
        """Return the file of a page of the list."""
        return f"{self.stem.rpartition('/')[2]}{f'-{number}' if number > 1 else ''}.html"

    @property
    def near(self) -> list[int]:
        """Return the numbers of the first, the last and the neighbouring pages."""
        return sorted({1, *range(max(1, self.number - 3), min(self.count, self.number + 3) + 1), self.count})


def paged(stem: str, items: Sequence[Any], size: int,
          weight: Callable[[Any], int] = lambda _: 1) -> Iterator[tuple[str, Part]]:
    """Yield the stem and the part of each page of a list, at least one; a page weighs at most `size`.

    An item that weighs more has a page of its own.
    """
    starts, sum_ = [0], 0
    for number, item in enumerate(items):
        sum_ += weight(item)
        if sum_ > size and number > starts[-1]:
            starts.append(number)
            sum_ = weight(item)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(items)], strict=True), 1):
        part = Part(stem, number, len(starts), items[start:end])
        yield part.name(number).removesuffix(".html"), part


def short(reply: Reply) -> str:
    """Return an answer for the first page: its first sentences, else its first values."""
    return reply.sentence.split("\n")[0] if reply.sentence else reply.brief


def years(ends: tuple[int | None, int | None], band: str) -> str:
    """Return a stretch of years in words; a state (`band`) lasted, an event happened."""
    low, high = ends
    if low is None and high is None:
        return "unknown"
    if low is not None and low == high:
        return f"{'in' if not band else 'begun and ended in'} {low}"
    if low is not None and high is not None:
        return f"{low} to {high}"
    if band:
        return f"from {low} on" if low is not None else f"to {high}"
    return f"{low} or later" if low is not None else f"{high} or earlier"
