"""Rows -> an answer: each row graded, with its evidence and the assumptions it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .ask import EVIDENCE, GRADES, Question, Rows, plain
from .model import Claim
from .names import trt
from .values import UNKNOWN


@dataclass(frozen=True)
class Answer:
    """A question's rows with what they rest on, ready to print or to serialize."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    claims: tuple[tuple[Claim, ...], ...]
    grade: str
    assumptions: tuple[str, ...]


def answer(question: Question, rows: Rows, claims: Mapping[str, Claim],
           labels: Mapping[str, str]) -> Answer:
    """Return the answer to a question; `claims` are found by the IRIs in evidence columns."""
    behind = tuple(_behind(zip(rows.columns, row, strict=True), claims) for row in rows.rows)
    shown = tuple({c: labels.get(plain(cell), plain(cell))
                   for c, cell in zip(rows.columns, row, strict=True) if c in rows.shown}
                  for row in rows.rows)
    by_id = {c.id: c for c in claims.values()}
    every = tuple(c for group in behind for c in group)
    assumed = sorted({a for c in every for a in assumptions(c, by_id)})
    grade = weakest([grade_of(c, by_id) for c in every])
    return Answer(question, rows.shown, shown, behind, grade, tuple(assumed))


def weakest(grades: Iterable[str]) -> str:
    """Return the weakest of some grades; nothing to go by is unknown."""
    return max(grades, key=GRADES.index, default="unknown")


def grade_of(claim: Claim, by_id: Mapping[str, Claim]) -> str:
    """Return how firmly a claim is held, its reasons included."""
    if claim.object is None or claim.object == UNKNOWN:
        return "unknown"
    if assumptions(claim, by_id):
        return "conditional"
    own = {trt("Stated"): "stated", trt("Reported"): "reported", trt("Inferred"): "inferred",
           trt("Supposed"): "possible"}[claim.concepts["basis"]]
    if claim.concepts["certainty"] != trt("Certain"):
        own = weakest([own, "possible"]) if own != "reported" else own
    reasons = [grade_of(by_id[p], by_id) for p in claim.premises if p in by_id]
    return weakest([own, *(r for r in reasons if r != "unknown")])


def assumptions(claim: Claim, by_id: Mapping[str, Claim]) -> frozenset[str]:
    """Return the assumptions a claim rests on, directly or through its premises."""
    found = set(claim.assumes)
    for reason in (*claim.premises, *claim.assumes):
        if reason in by_id:
            found |= assumptions(by_id[reason], by_id)
    return frozenset(found)


def evidence_json(claim: Claim) -> list[dict[str, Any]]:
    """Return where a claim stands, one entry for each piece of evidence."""
    here = claim.fact.id.position
    return [{"claim": claim.id, "locator": str(e.passage.at),
             "works": [str(w) for w in e.citation.works] if e.citation else [],
             "claimant": claim.holders[-1], "file": here.path, "line": here.line}
            for e in claim.evidence]


def answer_json(given: Answer) -> dict[str, Any]:
    """Return the answer as the contract of `ask --json` has it."""
    claims: Sequence[Claim] = list({c.id: c for group in given.claims for c in group}.values())
    return {"question": given.question.name, "text": given.question.summary,
            "columns": list(given.columns), "rows": [dict(row) for row in given.rows],
            "grade": given.grade, "assumptions": list(given.assumptions),
            "evidence": [entry for c in claims for entry in evidence_json(c)]}


def _behind(cells: Iterable[tuple[str, Any]], claims: Mapping[str, Claim]) -> tuple[Claim, ...]:
    """Return the claims named in the evidence cells of a row; a cell may hold several IRIs."""
    found = [claims[iri] for column, cell in cells if column.startswith(EVIDENCE)
             for iri in plain(cell).split() if iri in claims]
    return tuple(dict.fromkeys(found))
