"""Events that begin and end states -> the states themselves, each with the bounds of its begin and end.

A state is a record: of what, which state, the event that began it, the one that ended it, and the years
between which it began and ended. Only states between which no other change can have come are told. What
is formed or enters into force once was not in force before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from .chronology import Times
from .errors import Problems
from .graph import LABEL, TYPE
from .model import Claim, Dataset, Quad
from .names import Names, integer, local, number, trt
from .reasons import affirms, needs_of, worked_out
from .vocabulary import Vocabulary

INITIATES, ENDS, CHANGES = trt("initiatesState"), trt("endsState"), trt("changes")
IN_FORCE, NOT_YET = trt("InForce"), trt("NotYetInForce")
FIRST = ("Formation", "EntryIntoForce")

BOUNDS = (("began", "earliestYear", "earliestBeginYear"), ("began", "latestYear", "latestBeginYear"),
          ("ended", "earliestYear", "earliestEndYear"), ("ended", "latestYear", "latestEndYear"))
"""Which bound of which event is which bound of the state between them."""


@dataclass(frozen=True)
class State:
    """One state of a relation or treaty: which, and the claims of its begin and its end, if there is one."""

    key: str
    of: str
    concept: str
    began: tuple[Claim, ...]
    ended: tuple[Claim, ...]


def find_states(claims: Iterable[Claim], times: Times, dataset: Dataset, vocabulary: Vocabulary,
                names: Names, complete: bool = True) -> tuple[State, ...]:
    """Return the states of every relation and treaty, in their order.

    Raises DataError when an event ends a state that cannot have been there, unless the claims are not
    `complete`: in a what-if the event that began the state may be withdrawn.
    """
    problems = Problems()
    changed: dict[str, dict[str, Claim]] = {}
    marks: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        if claim.asserted and claim.predicate == CHANGES:
            changed.setdefault(str(claim.object), {})[claim.subject] = claim
        elif claim.asserted and claim.predicate in (INITIATES, ENDS):
            marks[claim.subject, claim.predicate] = claim
    first = {names.thing(t.id) for t in dataset.things.values() if vocabulary.is_a(t.type, FIRST)}
    found = []
    for of, events in sorted(changed.items()):
        marked = [e for e in events if (e, INITIATES) in marks or (e, ENDS) in marks]
        if complete:
            _check(marked, marks, times, problems)
        opening = [e for e in marked if e in first and marks.get((e, INITIATES))
                   and all(times.precedes(e, o) for o in marked if o != e)]
        for event in opening if len(opening) == 1 else ():
            found.append(State(_key_of(of, 0), of, NOT_YET, (), (events[event], marks[event, INITIATES])))
        for event in (e for e in _in_order(marked, times) if (e, INITIATES) in marks):
            begun = marks[event, INITIATES]
            following = _next(event, marked, times)
            if following is None:
                continue
            ended = marks.get((following, ENDS)) if following else None
            if following and (ended is None or ended.object != begun.object):
                continue  # what came next did not end this state
            place = sum(times.precedes(e, event) for e in marked if e != event) + 1
            found.append(State(
                _key_of(of, place), of, str(begun.object), (events[event], begun),
                (events[following], ended) if following and ended else ()))
    problems.stop()
    return tuple(found)


def _key_of(of: str, place: int) -> str:
    return f"{of.rpartition('/')[2][:-1]}.{place}"


def _in_order(events: Iterable[str], times: Times) -> list[str]:
    """Return events so that each comes after all that surely precede it."""
    rest, placed = sorted(events), []
    while rest:
        free = next((e for e in rest if not any(times.precedes(o, e) for o in rest if o != e)), rest[0])
        rest.remove(free)
        placed.append(free)
    return placed


def _next(event: str, events: Iterable[str], times: Times) -> str | None:
    """Return the change that surely comes next, empty if none can follow, None if that is open."""
    others = [o for o in events if o != event]
    later = [o for o in others if not times.precedes(o, event)]
    if not later:
        return ""
    if not all(times.precedes(event, o) for o in later):
        return None
    return next((o for o in later if all(times.precedes(o, p) for p in later if p != o)), None)


def _check(events: Iterable[str], marks: Mapping[tuple[str, str], Claim], times: Times,
           problems: Problems) -> None:
    """Note each event that ends a state which nothing began before it; being in force may be untold."""
    for event in sorted(events):
        ends = marks.get((event, ENDS))
        if ends is None or ends.object == IN_FORCE:
            continue
        word = local(str(ends.object))
        here = ends.fact.id.position
        begins = [marks[o, INITIATES] for o in events if o != event and (o, INITIATES) in marks
                  and marks[o, INITIATES].object == ends.object]
        if not begins:
            problems.add(here, "TRT047", f"{ends.id} ends the state {word}, which no event begins",
                         "add the event that began it (`initiatesState`), or leave `endsState` out")
        elif all(times.precedes(event, b.subject) for b in begins):
            told = ", ".join(f"{b.id} ({b.fact.id.position})" for b in begins)
            problems.add(here, "TRT047", f"{ends.id} ends the state {word} before it begins: {told}",
                         "mend a date or an order")


def state_claims(states: Iterable[State], claims: Iterable[Claim], dataset: Dataset, vocabulary: Vocabulary,
                 names: Names) -> Iterator[Claim]:
    """Yield the claims about each state, inferred from those about its events and their bounds."""
    bounds: dict[tuple[str, str], list[Claim]] = {}
    status: dict[str, list[Claim]] = {}
    for claim in claims:
        if "TightestBound" in claim.kinds:
            bounds.setdefault((claim.subject, local(claim.predicate)), []).append(claim)
        elif claim.predicate == trt("statusAsOf") and affirms(claim):
            status.setdefault(claim.subject, []).append(claim)
    realm = vocabulary.concept("RealmScheme", dataset.header.realm)
    for state in states:
        label = state_label(state, dataset, vocabulary)
        for name, object_, premises in _told(state, bounds, status, names):
            yield _claim(state, label, name, object_, premises, realm, vocabulary, names)


def _told(state: State, bounds: Mapping[tuple[str, str], list[Claim]], status: Mapping[str, list[Claim]],
          names: Names) -> Iterator[tuple[str, str, tuple[Claim, ...]]]:
    """Yield property, value and premises of everything that is told of a state."""
    yield "stateOf", state.of, state.began or state.ended
    yield "state", state.concept, state.began or state.ended
    for name, grounds in (("beganWith", state.began), ("endedWith", state.ended)):
        if grounds:
            yield name, grounds[0].subject, grounds
    for side, bound, name in BOUNDS:
        grounds = state.began if side == "began" else state.ended
        for claim in bounds.get((grounds[0].subject, bound), ()) if grounds else ():
            yield name, str(claim.object), (*grounds, claim)
    told = [names.thing(e.passage.source) for c in state.began for e in c.evidence] if state.began else []
    for teller in () if state.ended else dict.fromkeys((*told, state.of)):
        for claim in status.get(teller, ()):
            yield "earliestEndYear", integer(number(claim.object) + 1), (*state.began, claim)


def _claim(state: State, label: str, name: str, object_: str, premises: tuple[Claim, ...], realm: str,
           vocabulary: Vocabulary, names: Names) -> Claim:
    last, needs = premises[-1], needs_of(premises)
    dated = "calendar" in last.qualifiers
    suffix = f".{last.id.rpartition('.')[2]}" if last.computed and last.id[-1].isdigit() else ""
    year = f" {number(object_)}" if dated else ""
    says = f"{label}: {vocabulary.properties[name].label}{year}"
    qualifiers = {"certainty": _certainty(last, needs), "realm": realm,
                  **({"calendar": last.qualifiers["calendar"]} if dated else {})}
    return worked_out(f"state.{state.key}.{name}{suffix if dated else ''}", says,
                      (names.record("state", state.key), trt(name), object_), premises, qualifiers,
                      "StateBetweenEvents", needs)


def _certainty(last: Claim, needs: Set[str]) -> str:
    """Return how sure a state is: what takes something for granted is probable at best."""
    weak = last.qualifiers["certainty"] in (trt("Possible"), trt("Unknown"))
    return last.qualifiers["certainty"] if weak else trt("Probable" if needs else "Certain")


def state_quads(states: Iterable[State], dataset: Dataset, vocabulary: Vocabulary,
                names: Names) -> Iterator[Quad]:
    """Yield type and label of each state."""
    for state in states:
        node = names.record("state", state.key)
        yield node, TYPE, trt("RelationState"), names.graph("facts")
        yield node, LABEL, names.text(state_label(state, dataset, vocabulary)), names.graph("facts")


def state_label(state: State, dataset: Dataset, vocabulary: Vocabulary) -> str:
    """Return what a state is called: of what it is, and which."""
    word = vocabulary.labels("StateScheme")[state.concept]
    return f"{dataset.things[state.key.rpartition('.')[0]].label}: {word}"
