"""The folder of a data set -> its slices, and what they give when they are worked out."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from logging import getLogger
from pathlib import Path
from typing import Any, NamedTuple

from .claims import check_words
from .conflicts import Conflict
from .describe import dataset_quads
from .errors import DataError, Problem, Problems, RunError, suggest
from .files import ontology_files
from .folded import Pieces, fold, unfold
from .gather import Tables
from .graph import deprecated_quads
from .model import Claim, Dataset, Quad
from .names import Names
from .provenance import holder_quads, source_quads
from .read import open_dataset
from .reasons import mark_assumptions
from .slices import cut, whole
from .vocabulary import Vocabulary, read_vocabulary
from .worked import Maker, Told, Worked
from .workers import elsewhere

LOG = getLogger("treatyrdf")


@dataclass(frozen=True)
class Published:
    """A data set carried through the flow up to its slices, which are worked out where they are used."""

    about: Dataset
    """What is said of the data set as a whole and of its tables and sources, without things, facts or passages."""
    vocabulary: Vocabulary
    maker: Maker
    wrong: Sequence[Problem]
    """What is wrong with the data set, its facts aside."""
    opening: Dataset
    """The first slice, with all that others may speak of."""
    others: Sequence[bytes]
    """All other slices, each folded until its turn, so that a process holds no facts but those that it works on."""

    @property
    def count(self) -> int:
        """Return the number of slices."""
        return 1 + len(self.others)

    @property
    def slices(self) -> Iterator[Dataset]:
        """Yield all slices."""
        yield self.opening
        yield from map(unfold, self.others)

    @cached_property
    def dataset(self) -> Dataset:
        """Return the data set, without its facts where there are several slices."""
        return whole(self.slices) if self.others else self.opening

    @property
    def names(self) -> Names:
        """Return the names it is published under."""
        return self.maker.names

    @cached_property
    def first(self) -> Worked:
        """Return the first slice, without what only the others can tell."""
        return self.maker.work_out(self.opening)

    @cached_property
    def shared(self) -> tuple[Quad, ...]:
        """Return the quads of the first slice, which all others may speak of."""
        return self.maker.quads(replace(self.first, common=self._common)) if self.others else ()

    @cached_property
    def _common(self) -> tuple[Quad, ...]:
        """Return what is said of the data set as a whole, of its sources, and who holds the first claims."""
        about, names = self.about, self.names
        return (*source_quads(about, names), *dataset_quads(about.header, self.vocabulary, names),
                *holder_quads(dict.fromkeys(c.holders for c in self.first.claims), names))

    def finished(self, told: Iterable[Told] = ()) -> Worked:
        """Return the first slice, given what the others told."""
        told = [self.maker.told(self.first), *told]
        claims = mark_assumptions(self.first.claims, frozenset[str]().union(*(t.assumed for t in told)))
        named = frozenset[str]().union(*(t.named for t in told))
        common = (*self._common, *holder_quads(sorted({chain for t in told for chain in t.holders}), self.names),
                  *(deprecated_quads(self.dataset, named, self.names) if self.about.header.deprecated else ()))
        return replace(self.first, claims=claims, common=common)

    @cached_property
    def worked(self) -> tuple[Worked, ...]:
        """Return all slices worked out; raises DataError with every problem of every slice."""
        problems, found = Problems([*self.wrong]), list[Worked]()
        for number, part in enumerate(self.slices):
            try:
                found.append(self.maker.work_out(part) if number else self.first)
            except DataError as error:
                problems.found.extend(error.problems)
        problems.stop()
        return self.finished(map(self.maker.told, found[1:])), *found[1:]

    def sound(self) -> Iterator[Worked]:
        """Yield the slices one by one, but for those whose facts are wrong."""
        for number, part in enumerate(self.slices):
            with suppress(DataError):
                yield self.maker.work_out(part) if number else self.first

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Return all claims."""
        return tuple(c for worked in self.worked for c in worked.claims)

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Return all conflicts, in the order of their keys."""
        return tuple(sorted((c for worked in self.worked for c in worked.conflicts), key=lambda c: c.key))

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """Return all quads, sorted."""
        return tuple(sorted({q for n in range(self.count) for q in self.part(n)}))

    def part(self, number: int) -> tuple[Quad, ...]:
        """Return the quads of a slice by its number, sorted."""
        return self.maker.quads(self.worked[number])


def publish(folder: Path, base: str | None = None, without: frozenset[str] = frozenset(),
            tables: Tables | None = None) -> Published:
    """Return the data set in `folder` with all its claims, not yet validated.

    With `without` it is that of a what-if: some claims, facts or sources are withdrawn, with all
    that follows from them, and the bounds of time are worked out again.

    Raises DataError with every problem of the curated files, RunError when it cannot be read.
    """
    published = prepare(folder, base, without, tables)
    LOG.info("%d claims", len(published.claims))
    return published


def prepare(folder: Path, base: str | None = None, without: frozenset[str] = frozenset(),
            tables: Tables | None = None) -> Published:
    """Return the data set in `folder` as slices, of which a single one is worked out.

    Raises DataError with every problem of the curated files, RunError when it cannot be read; in a data
    set of several slices the problems of their facts come when they are worked out.
    """
    LOG.info("reading %s", folder)
    with _uncollected():
        vocabulary = read_vocabulary(ontology_files())
        tables = tables or Tables()
        read = partial(_read, folder, base, tables, vocabulary)
        items = elsewhere(read) if _large(folder, tables) else read()
        head: _Head = next(items)
        others = Pieces(items)
    maker = Maker(vocabulary, head.names, keeps(head.about), head.shared, head.assumed, without)
    published = Published(head.about, vocabulary, maker, head.wrong, head.opening, others)
    if not others or head.wrong:
        _ = published.worked
    return published


class _Head(NamedTuple):
    """What is known of a data set when it is cut, its other slices aside."""

    about: Dataset
    names: Names
    wrong: Sequence[Problem]
    opening: Dataset
    shared: Dataset | None
    assumed: frozenset[str]


def _read(folder: Path, base: str | None, tables: Tables, vocabulary: Vocabulary) -> Iterator[Any]:
    """Yield what is known of a data set as a whole, then each slice but the first, folded."""
    gathered = open_dataset(folder, tables)
    dataset, header = gathered.dataset, gathered.dataset.header
    names = Names(base or header.base, header.id, header.language)
    wrong, found = check_words(dataset, vocabulary, names), cut(gathered, vocabulary)
    about = replace(dataset, things={}, facts=(), silences=(), ledger=gathered.ledger(), sources={
        id_: replace(s, passages={}, citations={}) for id_, s in dataset.sources.items()})
    yield _Head(about, names, wrong, found.opening, found.shared, found.assumed)
    yield from map(fold, found.others)


def _large(folder: Path, tables: Tables) -> bool:
    """Tell whether a table is so large that reading it would leave a process much memory that it needs no more."""
    where = tables.folder or folder / "tables"
    return tables.limit is None and where.is_dir() and any(p.stat().st_size > _LARGE for p in where.iterdir())


_LARGE = 1_000_000
"""Bytes of a table."""


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the collector of cycles: of the millions of values that are read none is in one, and it looks at all."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def keeps(dataset: Dataset) -> bool:
    """Tell whether firm claims that contradict each other are kept: so it is where tables meet, unless told."""
    return dataset.header.conflicts == "keep" or (dataset.header.conflicts is None and dataset.ledger is not None)


def publish_without(published: Published, folder: Path, dropped: frozenset[str],
                    tables: Tables | None = None) -> Published:
    """Return the data set as it would be without some claims, facts or sources."""
    known = {c.id for c in published.claims} | {str(c.fact.id) for c in published.claims}
    known |= set(published.dataset.sources)
    for name in sorted(dropped - known):
        raise RunError.of("TRT080", name, "is neither a claim nor a source of the data set",
                          suggest(name, known))
    return publish(folder, published.names.base, dropped, tables)
