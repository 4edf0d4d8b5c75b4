"""The facts of a data set -> its slices: what hangs together stands together, so that each can be worked on alone.

Treaties, relations and their events that facts join form a group; groups are put together until a slice is
large enough. Facts with the same passage stand together, so that nothing is told twice, and a fact stands
with those it follows from. What many slices speak of (parties, places, works) is told in the first.

What is read waits folded until it is known which slice it belongs to; of a thing, a passage and a fact only
numbers are held.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice

from .folded import Folded, dealt
from .gather import Gathered, Said
from .groups import STATUS, Groups, Places
from .model import Citation, Dataset, Fact, Passage, Thing
from .vocabulary import Vocabulary

WHOLE = 5_000
"""Facts up to which a data set is a single slice."""
ENOUGH = 1_000
"""Facts from which a slice is large enough."""


@dataclass(frozen=True)
class Cut:
    """A data set in slices, each with its own things, facts, and passages."""

    opening: Dataset
    """The first slice, which is the whole where there are no others."""
    others: Iterator[Dataset]
    """All other slices, put together one by one as they are taken."""
    shared: Dataset | None = None
    """What every slice may refer to: shared things, all citations, and facts of the first slice that others rest on."""
    assumed: frozenset[str] = frozenset()
    """The claims that some fact takes for granted, in whatever slice."""


def cut(gathered: Gathered, vocabulary: Vocabulary) -> Cut:
    """Return the slices of a data set, the first with all that is shared; a small one is one slice."""
    dataset = gathered.dataset
    groups, facts, passages = Groups(gathered, vocabulary), Folded[Fact](), Folded[Passage]()
    for passage in (p for source in dataset.sources.values() for p in source.passages.values()):
        passages.add(passage)
    for row in chain([Said(dataset.facts, ())], gathered.said):
        cells = {}
        for passage in row.passages:
            cells[f"{passage.source}#{passage.at}"] = groups.stand(passage)
            passages.add(passage)
        for fact in row.facts:
            groups.join(fact, cells)
            facts.add(fact)
    for silence in dataset.silences:
        groups.join(silence)
    single = len(groups.facts) <= WHOLE
    places = groups.places(None if single else ENOUGH)
    parts = _parts(replace(dataset, ledger=gathered.ledger() if single else None), groups, places, facts, passages)
    opening = next(parts)
    if single:
        return Cut(opening, parts)
    needed = _needed(opening, groups, places)
    known = set(map(groups.key, needed))
    sources = {id_: replace(s, citations=dataset.sources[id_].citations,
                            passages={at: p for at, p in s.passages.items() if f"{id_}#{at}" in known})
               for id_, s in opening.sources.items()}
    shared = replace(opening, things={id_: t for id_, t in opening.things.items() if not groups.owned(id_)},
                     facts=needed, silences=(), sources=sources)
    return Cut(opening, parts, shared, groups.assumed)


def joined(part: Dataset, shared: Dataset | None) -> Dataset:
    """Return a slice with what all may refer to, so that everything it names is there."""
    if shared is None:
        return part
    mine = set(map(id, part.facts))
    sources = {id_: replace(s, passages={**s.passages, **part.sources[id_].passages})
               for id_, s in shared.sources.items()}
    return replace(part, things={**shared.things, **part.things}, sources=sources,
                   facts=(*part.facts, *(f for f in shared.facts if id(f) not in mine)))


def whole(parts: Iterable[Dataset]) -> Dataset:
    """Return the slices of a data set in one, without their facts."""
    things: dict[str, Thing] = {}
    passages: dict[str, dict[str, Passage]] = {}
    citations: dict[str, dict[str, Citation]] = {}
    for part in parts:
        things.update(part.things)
        for id_, source in part.sources.items():
            passages.setdefault(id_, {}).update(source.passages)
            citations.setdefault(id_, {}).update(source.citations)
    return replace(part, things=things, facts=(), silences=(), sources={
        id_: replace(source, passages=passages[id_], citations=citations[id_]) for id_, source in part.sources.items()})


def _parts(dataset: Dataset, groups: Groups, places: Places, facts: Folded[Fact],
           passages: Folded[Passage]) -> Iterator[Dataset]:
    """Yield the slices, each with all sources and the passages that it needs; the first has those nobody needs."""
    ids, sizes = groups.ids.texts, Counter(places.things)
    order = iter(_by_place(places.things, sizes))
    silences, citations = defaultdict[int, list[Fact]](list), defaultdict[int, list[tuple[str, Citation]]](list)
    for place, silence in zip(places.facts[len(places.facts) - len(dataset.silences):], dataset.silences, strict=True):
        silences[place].append(silence)
    for source in dataset.sources.values():
        for citation in source.citations.values():
            number = groups.passages[f"{source.id}#{citation.passage.at}"]
            citations[places.passages[number]].append((source.id, citation))
    told = dealt(zip(places.facts, facts.taken(), strict=False), places.slices)
    standing = dealt(zip(places.passages, passages.taken(), strict=True), places.slices)
    for place, (own, needed) in enumerate(zip(told, standing, strict=True)):
        things = (dataset.things[ids[n]] for n in islice(order, sizes[place]))
        by_source = {id_: dict[str, Passage]() for id_ in dataset.sources}
        for passage in needed:
            by_source[passage.source][passage.at] = passage
        cited = {id_: dict[str, Citation]() for id_ in dataset.sources}
        for id_, citation in citations[place]:
            cited[id_][citation.id] = citation
        yield replace(dataset, things={thing.id: thing for thing in things}, facts=tuple(own),
                      silences=tuple(silences[place]), sources={
            id_: replace(s, passages=by_source[id_], citations=cited[id_]) for id_, s in dataset.sources.items()})


def _by_place(places: Sequence[int], sizes: Counter[int]) -> array[int]:
    """Return the numbers of all, those of each place together; `sizes` tell how many it has."""
    starts = [0, *accumulate(sizes[place] for place in range(max(places, default=0) + 1))]
    order = array("i", bytes(4 * len(places)))
    for number, place in enumerate(places):
        order[starts[place]] = number
        starts[place] += 1
    return order


def _needed(opening: Dataset, groups: Groups, places: Places) -> tuple[Fact, ...]:
    """Return the facts of the first slice that others rest on, with all that is told of the same things."""
    facts = (*opening.facts, *opening.silences)
    first, premises = {str(f.id) for f in facts}, groups.premises
    needed = {str(p.subject) for n, (_, found) in premises.items() if places.facts[n] for _, p in found
              if str(p.id) in first}
    needed |= {str(f.subject) for f in facts if any(name == STATUS for name, _ in f.statements)}
    rests = {str(fact.id): found for fact, found in premises.values()}
    before = -1
    while len(needed) != before:
        before = len(needed)
        needed |= {str(p.subject) for f in facts if f.subject in needed for _, p in rests.get(str(f.id), ())}
    return tuple(f for f in facts if f.subject in needed)
