"""A data set as its site shows it: everything by the term it is about, ready to be laid out on pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .answer import curated, grade_of, known, labels
from .ask import Question, Rows
from .graph import LABEL, TYPE
from .model import Citation, Claim, Dataset, Passage, Quad, Source
from .names import Names, curie, parts_of
from .provenance import claim_term, record_terms
from .replies import Reply, reply
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Reason:
    """A claim in the tree of reasons below another: `from`, `assuming`, or told further up already."""

    role: str
    claim: Claim
    reasons: tuple[Reason, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Site:
    """A data set with its indexes; terms are N-Quads terms, claims go by their ids."""

    dataset: Dataset
    vocabulary: Vocabulary
    names: Names
    claims: tuple[Claim, ...]
    quads: Sequence[Quad]
    by_id: Mapping[str, Claim]
    grades: Mapping[str, str]
    """How firmly each claim is held, by its id."""
    labels: Mapping[str, str]
    about: Mapping[str, Sequence[Claim]]
    towards: Mapping[str, Sequence[Claim]]
    resting: Mapping[str, Sequence[Claim]]
    standing: Mapping[str, Sequence[Claim]]
    """What stands on a passage, by its key."""
    citations: Mapping[str, Sequence[Citation]]
    """The citations that stand in a passage, by its key."""
    needing: Mapping[str, Sequence[Claim]]
    """What takes a claim for granted, directly or through its reasons, by the id of that claim."""
    backed: Mapping[str, Sequence[Claim]]
    """The claims that use an evidence, a citation or an attribution, by its term."""
    replies: tuple[Reply, ...]
    used: Mapping[str, Sequence[Reply]]
    """The replies that rest on a claim."""

    def grade(self, claim: Claim) -> str:
        """Return how firmly a claim is held, its reasons included."""
        return self.grades[claim.id]

    def label(self, term: str) -> str:
        """Return what a term is called."""
        return self.labels.get(term, term.strip("<>"))

    def term(self, claim: Claim) -> str:
        """Return the node of a claim or silence."""
        return claim_term(claim, self.names)

    def says(self, claim: Claim) -> str:
        """Return what a claim says, in the words of the data set."""
        return str(claim.fact.words.get("says", claim.id))

    def reasons(self, claim: Claim, role: str = "", told: set[str] | None = None) -> Reason:
        """Return the tree of what a claim rests on; what was told once is only named again."""
        told = set() if told is None else told
        if claim.id in told:
            return Reason(role, claim, again=bool(claim.premises or claim.assumes))
        told.add(claim.id)
        below = [*(("from", p) for p in claim.premises if p not in claim.assumes),
                 *(("assuming", a) for a in claim.assumes)]
        return Reason(role, claim, tuple(self.reasons(self.by_id[i], r, told) for r, i in below))

    def curated(self, claim: Claim) -> list[Claim]:
        """Return the claims of curators behind a claim."""
        return curated(claim, self.by_id)

    def passages(self, source: Source | None = None) -> Iterator[Passage]:
        """Yield the passages of one source or of all, in reading order."""
        for one in [source] if source else self.dataset.sources.values():
            yield from sorted(one.passages.values(), key=lambda p: p.place)

    def assumptions(self) -> list[Claim]:
        """Return the claims that others take for granted."""
        return [c for c in self.claims if "Assumption" in c.kinds]

    def silences(self) -> list[Claim]:
        """Return what the sources say nothing of."""
        return [c for c in self.claims if c.object is None]


NAMING = (curie("skos:prefLabel"), curie("skos:altLabel"))
"""The properties by which a source names a thing."""
_NAMES = {NAMING[0]: "name", NAMING[1]: "also called", TYPE: "kind"}


def make_site(dataset: Dataset, vocabulary: Vocabulary, names: Names, claims: Sequence[Claim],
              quads: Sequence[Quad], asked: Iterable[tuple[Question, Rows]]) -> Site:
    """Return the data set with its indexes; `asked` are the questions with their rows."""
    held = known(claims, names)
    shown = labels(dataset, vocabulary, claims, names)
    about, towards, resting, standing, needing, backed = (
        defaultdict[str, list[Claim]](list) for _ in range(6))
    for claim in claims:
        about[claim.subject].append(claim)
        if claim.object is not None and claim.object.startswith("<"):
            towards[claim.object].append(claim)
        for reason in dict.fromkeys((*claim.premises, *claim.assumes)):
            resting[reason].append(claim)
        for key in dict.fromkeys(e.passage.key for e in claim.evidence):
            standing[key].append(claim)
        for assumed in claim.rests_on:
            needing[assumed].append(claim)
        for record in record_terms(claim, names):
            backed[record].append(claim)
    terms = {s: parts_of(o)[0] for s, p, o, _ in quads if p == LABEL}
    terms |= {f"<{address}>": words for address, words in shown.items()} | _NAMES
    replies = []
    used: dict[str, list[Reply]] = defaultdict(list)
    for question, rows in asked:
        made, behind = reply(question, rows, held, shown, terms)
        replies.append(made)
        for id_ in behind:
            used[id_].append(made)
    grades = {c.id: grade_of(c, held.by_id) for c in claims}
    citations: dict[str, list[Citation]] = defaultdict(list)
    for citation in (c for source in dataset.sources.values() for c in source.citations.values()):
        citations[citation.passage.key].append(citation)
    return Site(dataset, vocabulary, names, tuple(claims), quads, held.by_id, grades, terms, about, towards,
                resting, standing, citations, needing, backed, tuple(replies), used)
