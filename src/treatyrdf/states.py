"""Events that begin and end states -> the states themselves, each with the events it lies between.

A state is a record with four claims: of what, which state, the event that began it and the event that
ended it. Its bounds are those of its events. Only states whose place in the order is sure are told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import isnan

from .graph import LABEL, TYPE
from .model import Claim, Dataset, Evidence, Fact, Quad, Word
from .names import Names, trt
from .vocabulary import Vocabulary

INITIATES, ENDS, CHANGES = trt("initiatesState"), trt("endsState"), trt("changes")


@dataclass(frozen=True)
class State:
    """One state of a relation or treaty: which, and the claims of its begin and its end."""

    key: str
    of: str
    concept: str
    began: tuple[Claim, ...]
    ended: tuple[Claim, ...]


def find_states(claims: Iterable[Claim], dataset: Dataset, vocabulary: Vocabulary,
                names: Names) -> tuple[State, ...]:
    """Return the states of every relation and treaty, in the order of their beginnings."""
    held = [c for c in claims if c.asserted]
    years = {(c.subject, c.predicate): int(str(c.object).split('"')[1]) for c in held
             if c.predicate in (trt("earliestYear"), trt("latestYear"))}
    formations = {names.thing(t.id) for t in dataset.things.values()
                  if vocabulary.is_a(t.type, ("Formation",))}
    changed: dict[str, dict[str, Claim]] = {}
    for claim in held:
        if claim.predicate == CHANGES:
            changed.setdefault(str(claim.object), {})[claim.subject] = claim
    marks = {(c.subject, c.predicate): c for c in held if c.predicate in (INITIATES, ENDS)}

    def early(event: str) -> float:
        return float("-inf") if event in formations else years.get((event, trt("earliestYear")), float("nan"))

    def late(event: str) -> float:
        return float("-inf") if event in formations else years.get((event, trt("latestYear")), float("nan"))

    found = []
    for of, events in sorted(changed.items()):
        dated = (e for e in events if not (isnan(early(e)) or isnan(late(e)))
                 and ((e, INITIATES) in marks or (e, ENDS) in marks))
        placed = sorted(dated, key=lambda e: (early(e), late(e)))
        for number, event in enumerate(placed, 1):
            begun = marks.get((event, INITIATES))
            if begun is None:
                continue
            following = placed[number] if number < len(placed) else None
            sure = following is not None and late(event) <= early(following)
            ended = marks.get((following, ENDS)) if following and sure else None
            if following is not None and (ended is None or ended.object != begun.object):
                continue  # what came next did not end this state, or may have come before
            found.append(State(
                f"{of.rpartition('/')[2][:-1]}.{number}", of, str(begun.object), (events[event], begun),
                (events[following], ended) if following and ended else ()))
    return tuple(found)


def state_claims(states: Iterable[State], dataset: Dataset, vocabulary: Vocabulary,
                 names: Names) -> Iterator[Claim]:
    """Yield the claims about each state, inferred from those about its events."""
    realm = f"<{vocabulary.schemes['RealmScheme'][dataset.header.realm].iri}>"
    for state in states:
        node = names.record("state", state.key)
        for name, object_, premises in (
                ("stateOf", state.of, state.began), ("state", state.concept, state.began),
                ("beganWith", state.began[0].subject, state.began),
                *([("endedWith", state.ended[0].subject, state.ended)] if state.ended else [])):
            first = premises[0].fact
            identifier = Word(f"state.{state.key}.{name}", first.id.position)
            label = vocabulary.properties[name].label
            says = Word(f"{_label(state, vocabulary)}: {label}", first.id.position)
            evidence: dict[str, Evidence] = {e.key: e for p in premises for e in p.evidence}
            yield Claim(
                id=identifier, fact=Fact(identifier, first.subject, (), first.at, (), words={"says": says}),
                subject=node, predicate=trt(name), object=object_,
                concepts={"basis": trt("Inferred"), "polarity": trt("Affirmed"),
                          "certainty": trt("Certain"), "realm": realm},
                holders=("dataset",), evidence=tuple(evidence.values()),
                premises=tuple(sorted(p.id for p in premises)), rule=trt("StateBetweenEvents"),
                kinds=("Inference", "AssertedClaim"), asserted=True)


def state_quads(states: Iterable[State], vocabulary: Vocabulary, names: Names) -> Iterator[Quad]:
    """Yield type and label of each state."""
    for state in states:
        node = names.record("state", state.key)
        yield node, TYPE, trt("RelationState"), names.graph("facts")
        yield node, LABEL, names.text(_label(state, vocabulary)), names.graph("facts")


def _label(state: State, vocabulary: Vocabulary) -> str:
    words = {f"<{t.iri}>": t.label for t in vocabulary.schemes["StateScheme"].values()}
    return f"{state.key.rpartition('.')[0]} {words[state.concept]}"
