"""How often a data set uses each word of the ontology, and where: counted in one pass over sorted quads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .graph import LABEL, TYPE
from .model import Quad
from .names import Names, curie, parts_of, trt

EXAMPLES = 3
_NAMED = (curie("rdf:predicate"), curie("rdf:object"))
_CLAIM = trt("Claim")


@dataclass(frozen=True)
class Usage:
    """Things of a class or below it, statements with a term, claims on it, and examples of where.

    An example is (label, document of the site). A scheme is used as often as its concepts are.
    """

    instances: int = 0
    statements: int = 0
    claims: int = 0
    examples: tuple[tuple[str, str], ...] = ()


def count_usage(parents: Mapping[str, Sequence[str]], schemes: Mapping[str, Sequence[str]],
                quads: Iterable[Quad], names: Names, place: Callable[[str], str | None]) -> dict[str, Usage]:
    """Return the use of each term (the keys of `parents`, IRIs) in quads sorted by subject.

    `parents` holds the classes right above a class, `schemes` those a concept is in. Statements are
    distinct triples, whatever their graph. Memory does not grow with the quads.
    """
    above = {f"<{a}>": {f"<{a}>", *(f"<{b}>" for b in _above(a, parents))} for a in parents}
    inside = {f"<{a}>": [f"<{s}>" for s in of] for a, of in schemes.items() if of}
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("instances", "statements", "claims")}
    things: dict[str, list[tuple[str, str]]] = defaultdict(list)
    records: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for subject, group in groupby(quads, key=lambda q: q[0]):
        triples = sorted({q[:3] for q in group})
        used: dict[str, None] = {}
        for count, term in _uses(triples, above):
            for word in (term, *inside.get(term, ())):
                counts[count][word] += 1
                used[word] = None
        local = subject[1:-1].removeprefix(names.base)
        shelf = records if "/" in local else things
        wanted = [word for word in used if len(shelf[word]) < EXAMPLES]
        if wanted and local != subject[1:-1] and (stem := place(local)):
            label = next((parts_of(o)[0] for _, p, o in triples if p == LABEL), local)
            for word in wanted:
                if all(label != other for other, _ in shelf[word]):
                    shelf[word].append((label, f"{stem}.html"))
    return {t[1:-1]: Usage(counts["instances"][t], counts["statements"][t], counts["claims"][t],
                           (*things[t], *records[t])[:EXAMPLES]) for t in above}


def _uses(triples: Sequence[tuple[str, str, str]],
          above: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str]]:
    """Yield each use of a term in the triples of one subject, as (what is counted, term)."""
    classes = {a for _, p, o in triples if p == TYPE and o in above for a in above[o]}
    yield from (("instances", term) for term in sorted(classes))
    for _, predicate, value in triples:
        if predicate in above:
            yield "statements", predicate
        if value in above and predicate in _NAMED:
            if _CLAIM in classes:
                yield "claims", value
        elif value in above and predicate != TYPE:
            yield "statements", value


def _above(address: str, parents: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [address]
    while waiting:
        fresh = {p for p in parents[waiting.pop()] if p in parents} - found
        found |= fresh
        waiting += fresh
    return found
