"""The folder of a data set -> its claims, worked out and cut into slices, and the quads of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from logging import getLogger
from pathlib import Path

from .chronology import tighten
from .claims import resolve_claims
from .conflicts import Conflict, conflict_quads, find_conflicts, order_conflicts, settle_conflicts
from .describe import dataset_quads
from .errors import DataError, Problem, RunError, suggest
from .files import ontology_files
from .gather import Tables
from .graph import deprecated_quads, fact_quads, thing_quads
from .model import Claim, Dataset, Quad
from .names import Names
from .provenance import claim_quads, holder_quads, passage_quads, source_quads
from .read import read_dataset
from .reasons import mark_assumptions, withdraw
from .slices import Slice, cut
from .spans import span_claims
from .states import find_states, state_claims, state_quads
from .vocabulary import Vocabulary, read_vocabulary

LOG = getLogger("treatyrdf")


@dataclass(frozen=True)
class Published:
    """A data set carried through the flow up to its slices, whose quads are made where they are used."""

    dataset: Dataset
    vocabulary: Vocabulary
    names: Names
    claims: tuple[Claim, ...]
    slices: tuple[Slice, ...]
    conflicts: tuple[Conflict, ...] = ()

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """Return all quads, sorted."""
        return tuple(sorted({q for n in range(len(self.slices)) for q in self.part(n)}))

    @cached_property
    def shared(self) -> tuple[Quad, ...]:
        """Return the quads of the first slice, which all others may speak of."""
        return self.part(0) if len(self.slices) > 1 else ()

    def part(self, number: int) -> tuple[Quad, ...]:
        """Return the quads of a slice by its number, sorted."""
        return self.maker(self.slices[number])

    @property
    def maker(self) -> Callable[[Slice], tuple[Quad, ...]]:
        """Return what makes the quads of a slice; it holds no slice, so that it can be sent to where one is."""
        return partial(slice_quads, vocabulary=self.vocabulary, names=self.names)


def slice_quads(part: Slice, vocabulary: Vocabulary, names: Names) -> tuple[Quad, ...]:
    """Return the quads of a slice, sorted."""
    return tuple(sorted(dict.fromkeys((  # unlike a set it keeps the order of claims, in which sorting is quick
        *part.common, *thing_quads(part.dataset, vocabulary, names),
        *state_quads(part.states, part.dataset, vocabulary, names), *fact_quads(part.claims, names),
        *claim_quads(part.claims, names), *conflict_quads(part.conflicts, names),
        *passage_quads(part.dataset, vocabulary, names)))))


def publish(folder: Path, base: str | None = None, without: frozenset[str] = frozenset(),
            tables: Tables | None = None) -> Published:
    """Return the quads of the data set in `folder`, not yet validated.

    With `without` they are those of a what-if: some claims, facts or sources are withdrawn, with all
    that follows from them, and the bounds of time are worked out again.

    Raises DataError with every problem of the curated files, RunError when it cannot be read.
    """
    LOG.info("reading %s", folder)
    dataset = read_dataset(folder, tables)
    vocabulary = read_vocabulary(ontology_files())
    header = dataset.header
    names = Names(base or header.base, header.id, header.language)
    claims = withdraw(resolve_claims(dataset, vocabulary, names), without)
    conflicts = find_conflicts(claims, dataset, vocabulary, names)
    LOG.info("%d claims; working out their order in time", len(claims))
    if keeps(dataset):
        claims, conflicts = settle(claims, conflicts, dataset, vocabulary, names)
    claims, times = tighten(claims, dataset, vocabulary, names)
    states = find_states(claims, times, dataset, vocabulary, names, complete=not without and not keeps(dataset))
    claims = (*claims, *state_claims(states, claims, dataset, vocabulary, names))
    claims = mark_assumptions((*claims, *span_claims(states, claims, dataset, vocabulary, names)))
    common = (*source_quads(dataset, names), *holder_quads(claims, names),
              *deprecated_quads(dataset, claims, names), *dataset_quads(header, vocabulary, names))
    slices = cut(dataset, claims, states, conflicts, common, vocabulary, names)
    return Published(dataset, vocabulary, names, claims, slices, conflicts)


def settle(claims: tuple[Claim, ...], conflicts: tuple[Conflict, ...], dataset: Dataset, vocabulary: Vocabulary,
           names: Names) -> tuple[tuple[Claim, ...], tuple[Conflict, ...]]:
    """Return the claims of which no firm ones contradict each other any more, and the conflicts that were."""
    claims = settle_conflicts(claims, conflicts)
    while True:
        clashes: list[tuple[str, ...]] = []
        tighten(claims, dataset, vocabulary, names, clashes)
        found = order_conflicts(clashes, claims, dataset, vocabulary, names)
        if not found:
            return claims, conflicts
        lost = {c.id for conflict in found for c in conflict.claims if c.id not in conflict.preferred}
        if not any(c.id in lost and "DisputedClaim" not in c.kinds for c in claims):
            told = ", ".join(c.id for conflict in found for c in conflict.claims)
            raise DataError([Problem(found[0].claims[0].fact.id.position, "TRT049",
                                     f"claims that are held to be right contradict each other: {told}",
                                     "name one of them under `holds`, or none")])
        conflicts = tuple(sorted((*conflicts, *found), key=lambda c: c.key))
        claims = settle_conflicts(claims, found)


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
