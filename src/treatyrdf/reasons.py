"""Premises and assumptions resolved, cycles refused, and the assertion policy applied.

The policy: a claim becomes a plain triple when it is affirmed, known and firm. A claim is firm when
its basis and certainty are admitted by the data set, it is held by the source (or the data set)
itself rather than reported of somebody, it assumes nothing, and all its premises are firm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from .errors import Problems, suggest
from .model import Claim, Evidence, Fact, Word
from .names import trt
from .values import UNKNOWN


def settle(claims: Mapping[str, Claim], basis: Set[str], certainty: Set[str],
           failed: Set[str], problems: Problems, more: Set[str] = frozenset()) -> tuple[Claim, ...]:
    """Return the claims with reasons resolved and each marked as asserted or not.

    `basis` and `certainty` are the terms that the policy admits; `failed` the ids of facts whose
    problems are noted already; `more` the ids of claims that others elsewhere take for granted.
    """
    def known(words: tuple[Word, ...]) -> tuple[str, ...]:
        for word in words:
            if word.partition(".")[0] in failed:
                continue
            if word not in claims or claims[word].object is None:
                problems.add(word.position, "TRT042", f"unknown claim `{word}`",
                             suggest(word, (i for i, c in claims.items() if c.object is not None)))
        return tuple(sorted({str(word) for word in words if word in claims}))

    reasoned = {id_: replace(claim, premises=known(claim.fact.reasoning.premises),
                             assumes=known(claim.fact.reasoning.assumes))
                for id_, claim in claims.items()}
    order = _in_order(reasoned, problems)
    assumed = {a for claim in reasoned.values() for a in claim.assumes} | more
    firm: dict[str, bool] = {}
    rests: dict[str, frozenset[str]] = {}
    for id_ in order:
        claim = reasoned[id_]
        reasons = (*claim.premises, *claim.assumes)
        rests[id_] = frozenset(claim.assumes).union(*(rests.get(r, ()) for r in reasons))
        firm[id_] = (not rests[id_] and admitted(claim, basis, certainty)
                     and all(firm.get(p, False) for p in claim.premises))
    settled = []
    for id_, claim in reasoned.items():
        asserted = firm.get(id_, False) and affirms(claim)
        kinds = (*claim.kinds, *(["Assumption"] if id_ in assumed else []),
                 *(["Inference"] if claim.qualifiers.get("basis") == trt("Inferred") else []),
                 *(["AssertedClaim"] if asserted else []))
        settled.append(replace(claim, asserted=asserted, kinds=kinds,
                               rests_on=tuple(sorted(rests.get(id_, ())))))
    return tuple(settled)


def withdraw(claims: tuple[Claim, ...], dropped: Set[str]) -> tuple[Claim, ...]:
    """Return the claims that stand without some others, and without what follows from those.

    `dropped` are ids of claims, of facts (all their claims) or of sources.
    """
    gone = {c.id for c in claims if c.id in dropped or c.fact.id in dropped
            or any(e.passage.source in dropped for e in c.evidence)}
    before = -1
    while len(gone) != before:
        before = len(gone)
        gone |= {c.id for c in claims if not gone.isdisjoint((*c.premises, *c.assumes))}
    return tuple(c for c in claims if c.id not in gone)


def worked_out(id_: str, says: str, statement: tuple[str, str, str], premises: tuple[Claim, ...],
               qualifiers: Mapping[str, str], rule: str, needs: Iterable[str] = ()) -> Claim:
    """Return a claim of the data set that follows from others; it stands where those stand.

    `statement` is a subject, predicate and object; `needs` are the ids of what is taken for granted.
    """
    first = premises[0].fact
    identifier = Word(id_, first.id.position)
    words = {"says": Word(says, identifier.position)}
    evidence: dict[str, Evidence] = {e.key: e for p in premises for e in p.evidence}
    assumed = tuple(sorted(needs))
    return Claim(
        id=identifier,
        fact=Fact(identifier, first.subject, (), first.at, (), words=words),
        subject=statement[0], predicate=statement[1], object=statement[2],
        qualifiers={"basis": trt("Inferred"), "polarity": trt("Affirmed"), **qualifiers},
        holders=("dataset",), evidence=tuple(evidence.values()),
        premises=tuple(sorted({p.id for p in premises})), rule=trt(rule), assumes=assumed, rests_on=assumed,
        kinds=("Inference", *([] if assumed else ["AssertedClaim"])), asserted=not assumed)


def needs_of(premises: Iterable[Claim]) -> set[str]:
    """Return what is taken for granted with some claims: a doubtful one by itself is taken so too."""
    return {a for p in premises for a in p.rests_on or (() if p.asserted else (p.id,))}


def mark_assumptions(claims: tuple[Claim, ...], more: Set[str] = frozenset()) -> tuple[Claim, ...]:
    """Return the claims with the class Assumption for each that another, or one elsewhere, takes for granted."""
    assumed = {a for c in claims for a in c.assumes} | more
    return tuple(replace(c, kinds=(*c.kinds, "Assumption"))
                 if c.id in assumed and "Assumption" not in c.kinds else c for c in claims)


def affirms(claim: Claim) -> bool:
    """Tell whether a claim gives a value: it is no silence, no denial, and the value is known."""
    return claim.object not in (None, UNKNOWN) and claim.qualifiers["polarity"] == trt("Affirmed")


def denies(claim: Claim) -> bool:
    """Tell whether a claim says that something is not so."""
    return claim.qualifiers.get("polarity") == trt("Denied")


def admitted(claim: Claim, basis: Set[str], certainty: Set[str]) -> bool:
    """Tell whether a claim by itself, its reasons aside, is firm enough for the policy."""
    return (claim.object is not None and len(claim.holders) == 1
            and claim.qualifiers["basis"] in basis
            and (claim.object == UNKNOWN or claim.qualifiers["certainty"] in certainty))


def _in_order(claims: Mapping[str, Claim], problems: Problems) -> list[str]:
    """Return the ids so that reasons come before what rests on them; a cycle is a problem."""
    order: list[str] = []
    state: dict[str, int] = {}
    for start in claims:
        trail = [(start, iter((*claims[start].premises, *claims[start].assumes)))]
        if state.setdefault(start, 0):
            continue
        state[start] = 1
        while trail:
            id_, rest = trail[-1]
            reason = next(rest, None)
            if reason is None:
                trail.pop()
                state[id_] = 2
                order.append(id_)
            elif state.get(reason, 0) == 0:
                state[reason] = 1
                trail.append((reason, iter((*claims[reason].premises, *claims[reason].assumes))))
            elif state[reason] == 1:
                ids = [i for i, _ in trail]
                cycle = [*ids[ids.index(reason):], reason]
                problems.add(claims[reason].fact.id.position, "TRT043",
                             f"claims that rest on themselves: {' <- '.join(cycle)}",
                             "remove one of the premises")
    return order
