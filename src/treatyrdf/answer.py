"""Rows -> an answer: each row graded, with its evidence and the assumptions it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .ask import EVIDENCE, GRADES, Question, Rows, plain
from .model import Claim, Dataset, Source, Thing
from .names import Names, trt
from .provenance import claim_term
from .values import UNKNOWN
from .vocabulary import Vocabulary

Row = dict[str, str]


@dataclass(frozen=True)
class Answer:
    """A question's rows with what they rest on, ready to print or to serialize."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    claims: tuple[tuple[Claim, ...], ...]
    grades: tuple[str, ...]
    rests_on: tuple[tuple[str, ...], ...]
    grade: str
    assumptions: tuple[str, ...]
    grounds: tuple[Claim, ...]
    """The curated claims behind it all: those of a computed bound are its premises."""


def labels(dataset: Dataset, vocabulary: Vocabulary, claims: Iterable[Claim],
           names: Names) -> dict[str, str]:
    """Return the label of every term, thing, source and claim by its IRI."""
    terms = [*vocabulary.classes.values(), *vocabulary.properties.values(),
             *(t for scheme in vocabulary.schemes.values() for t in scheme.values())]
    found = {t.iri: t.label for t in terms}
    things: list[Thing | Source] = [*dataset.things.values(), *dataset.sources.values()]
    found |= {names.thing(thing.id)[1:-1]: str(thing.label) for thing in things}
    for claim in claims:
        found[claim_term(claim, names)[1:-1]] = str(claim.fact.words.get("says", claim.id))
    return found


@dataclass(frozen=True)
class Known:
    """The claims of a data set by their IRIs and by their ids: made once for all questions."""

    by_iri: Mapping[str, Claim]
    by_id: Mapping[str, Claim]


def known(claims: Iterable[Claim], names: Names) -> Known:
    """Return what `answer` needs of the claims of a data set."""
    by_iri = {claim_term(c, names)[1:-1]: c for c in claims}
    return Known(by_iri, {c.id: c for c in by_iri.values()})


def answer(question: Question, rows: Rows, claims: Known, shown: Mapping[str, str]) -> Answer:
    """Return the answer to a question; `shown` are the labels of the IRIs in its rows."""
    by_iri, by_id = claims.by_iri, claims.by_id
    behind = tuple(tuple({by_iri[iri].id: by_iri[iri]
                          for column, iri in zip(rows.columns, map(plain, row), strict=True)
                          if column.startswith(EVIDENCE) and iri in by_iri}.values())
                   for row in rows.rows)
    texts = tuple({c: shown.get(plain(cell), plain(cell))
                   for c, cell in zip(rows.columns, row, strict=True) if c in rows.shown}
                  for row in rows.rows)
    every = {c.id: c for group in behind for c in group}
    assumed = {a for c in every.values() for a in c.rests_on}
    # A question may grade its rows itself, where a row says more than its claims do.
    grades = tuple(row.get("grade", weakest(grade_of(c, by_id) for c in group))
                   for row, group in zip(texts, behind, strict=True))
    rests_on = tuple(tuple(sorted({a for c in group for a in c.rests_on})) for group in behind)
    grounds = {g.id: g for c in every.values() for g in curated(c, by_id)}
    return Answer(question, rows.shown, texts, behind, grades, rests_on, weakest(grades),
                  tuple(sorted(assumed)), tuple(grounds.values()))


def merged(given: Answer) -> Answer:
    """Return the answer with rows joined that say the same on the same grade and assumptions.

    A row that says the same as a firmer one and takes more for granted is left out.
    """
    groups: dict[tuple[tuple[tuple[str, str], ...], str, tuple[str, ...]], dict[str, Claim]] = {}
    needed: dict[tuple[tuple[str, str], ...], set[frozenset[str]]] = {}
    for row, grade, needs, claims in zip(given.rows, given.grades, given.rests_on, given.claims, strict=True):
        said = tuple(row.items())
        groups.setdefault((said, grade, needs), {}).update((c.id, c) for c in claims)
        needed.setdefault(said, set()).add(frozenset(needs))
    kept = {key: found for key, found in groups.items()
            if not any(other < frozenset(key[2]) for other in needed[key[0]])}
    return replace(given, rows=tuple(dict(key[0]) for key in kept), grades=tuple(key[1] for key in kept),
                   rests_on=tuple(key[2] for key in kept),
                   claims=tuple(tuple(found.values()) for found in kept.values()))


def curated(claim: Claim, by_id: Mapping[str, Claim]) -> list[Claim]:
    """Return the claims of curators that a claim was worked out from, or the claim itself."""
    order = [claim]
    for one in order:
        order += [by_id[p] for p in one.premises if one.computed and by_id[p] not in order]
    return [c for c in order if not c.computed]


def weakest(grades: Iterable[str]) -> str:
    """Return the weakest of some grades; nothing to go by is unknown."""
    return max(grades, key=GRADES.index, default="unknown")


def grade_of(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    """Return how firmly a claim is held, its reasons included."""
    if claim.object is None or claim.object == UNKNOWN:
        return "unknown"
    if claim.rests_on:
        return "conditional"
    own = {trt("Stated"): "stated", trt("Reported"): "reported", trt("Inferred"): "inferred",
           trt("Supposed"): "possible"}[claim.qualifiers["basis"]]
    if claim.qualifiers["certainty"] == trt("Possible") and own != "reported":
        own = "possible"
    reasons = [grade_of(by_id[p], by_id) for p in claim.premises if p in by_id]
    return weakest([own, *(r for r in reasons if r != "unknown")])


def change(old: Answer, new: Answer) -> tuple[list[Row], list[Row]]:
    """Return the rows that an answer lost and those it gained, each with its grade."""
    before, after = (list(dict.fromkeys((*row.items(), ("grade", grade))
                                        for row, grade in zip(a.rows, a.grades, strict=True)))
                     for a in (old, new))
    return [dict(r) for r in before if r not in after], [dict(r) for r in after if r not in before]


def change_json(old: Answer, new: Answer) -> dict[str, Any]:
    """Return what a what-if changed."""
    lost, gained = change(old, new)
    return {"lost": lost, "gained": gained}


def evidence_json(claim: Claim) -> list[dict[str, Any]]:
    """Return where a claim stands, one entry for each piece of evidence."""
    here = claim.fact.id.position
    return [{"claim": claim.id, "locator": str(e.passage.at),
             "works": [str(w) for w in e.citation.works] if e.citation else [],
             "claimant": claim.holders[-1], "file": here.path, "line": here.line}
            for e in claim.evidence]


def answer_json(given: Answer) -> dict[str, Any]:
    """Return the answer as the contract of `ask --json` has it."""
    return {"question": given.question.name, "text": given.question.summary,
            "columns": list(given.columns),
            "rows": [{**row, "grade": grade, "assumptions": list(rests_on)} for row, grade, rests_on
                     in zip(given.rows, given.grades, given.rests_on, strict=True)],
            "grade": given.grade, "assumptions": list(given.assumptions),
            "evidence": [entry for c in given.grounds for entry in evidence_json(c)]}

