"""Claims as pictures: how all things are joined, what one is joined to, and what a claim rests on.

Each is a `Picture`, which also serves as the table that says the same without a picture; `svg` draws it.
Works, sources and records (evidence, passages, states) are not drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .answer import grade_of
from .ask import GRADES
from .drawing import svg
from .figures import Edge, Node, Picture, Said
from .model import Claim, Dataset
from .names import Names, local
from .provenance import claim_term
from .reasons import denies
from .timeline import Row
from .vocabulary import Vocabulary

__all__ = ["Links", "ego", "links_of", "reasons", "svg", "whole"]

KINDS = (("relation", ("PoliticalRelation", "Treaty")), ("provision", ("Clause", "Provision")),
         ("agent", ("Agent", "RoleHolding")), ("effort", ("Effort", "Content")), ("event", ("Event",)),
         ("place", ("Place",)), ("other", ()))
"""The kind of a thing: the first row with a class that its own is or is below."""

COLUMNS = (("efforts and plans", ("effort",)), ("events in order of time", ("event",)),
           ("people and powers", ("agent",)), ("provisions", ("provision",)),
           ("relations and treaties", ("relation",)), ("places and others", ("place", "other")))
"""From left to right: who acts stands in the middle, which makes the shortest lines and fewest crossings."""
MOST_NODES, MOST_LINES, MOST_BESIDE, MOST_REASONS = 120, 240, 12, 40


@dataclass(frozen=True)
class Links:
    """The things that can be drawn, as label and kind by term, and the lines at each."""

    things: Mapping[str, tuple[str, str]]
    edges: tuple[Edge, ...]
    leaving: Mapping[str, tuple[Edge, ...]]
    coming: Mapping[str, tuple[Edge, ...]]


def links_of(claims: Iterable[Claim], dataset: Dataset, vocabulary: Vocabulary, names: Names) -> Links:
    """Return what joins the things of a data set; make it once for all pictures."""
    by_id = {c.id: c for c in claims}
    things = {names.thing(t.id): (str(t.label), _kind(t.type, vocabulary))
              for t in dataset.things.values() if not vocabulary.is_a(t.type, ("Work",))}
    said: dict[tuple[str, str], list[Said]] = {}
    for claim in by_id.values():
        if claim.subject in things and claim.object in things:
            word = vocabulary.properties[local(claim.predicate)].label
            said.setdefault((claim.subject, claim.object), []).append(
                Said(claim.id, word, grade_of(claim, by_id), claim.asserted, denies(claim)))
    edges = tuple(Edge(one, other, tuple(sorted(group, key=_firmness)))
                  for (one, other), group in said.items())
    leaving: dict[str, list[Edge]] = {}
    coming: dict[str, list[Edge]] = {}
    for edge in edges:
        leaving.setdefault(edge.source, []).append(edge)
        coming.setdefault(edge.target, []).append(edge)
    return Links(things, edges, {t: tuple(e) for t, e in leaving.items()},
                 {t: tuple(e) for t, e in coming.items()})


def _kind(type_: str, vocabulary: Vocabulary) -> str:
    return next(kind for kind, classes in KINDS if vocabulary.is_a(type_, classes))


def _firmness(said: Said) -> tuple[bool, bool, int, str]:
    return said.denied, not said.asserted, GRADES.index(said.grade), said.claim


def whole(links: Links, chart: Iterable[Row], title: str) -> Picture:
    """Return the picture of a data set: its joined things in columns by kind, events in the order of a chart.

    Where there are more than 120 things or 240 lines, the best connected are drawn with all lines
    between them, and the picture tells how many are left out.
    """
    degree = {t: len(links.leaving.get(t, ())) + len(links.coming.get(t, ())) for t in links.things}
    chosen = _core(links, degree)
    inside = [e for e in links.edges if e.source in chosen and e.target in chosen]
    dated = {row.term: (place, row.years) for place, row in enumerate(chart)}
    joined = Counter(links.things[t][1] for t, n in degree.items() if n)
    used = [(title, kinds) for title, kinds in COLUMNS if any(joined[kind] for kind in kinds)]
    order = sorted(chosen, key=lambda t: (dated.get(t, (len(dated), ""))[0], links.things[t][0], t))
    nodes = tuple(Node(term, *links.things[term], at, dated.get(term, (0, ""))[1])
                  for at, (_, kinds) in enumerate(used) for term in order if links.things[term][1] in kinds)
    more = tuple(sum(joined[kind] for kind in kinds) - sum(node.column == at for node in nodes)
                 for at, (_, kinds) in enumerate(used))
    return Picture(f"How the things of {title} are joined", "whole", nodes,
                   _ends(nodes, inside), tuple(title for title, _ in used), more,
                   sum(n == 0 for n in degree.values()))


def _core(links: Links, degree: Mapping[str, int]) -> frozenset[str]:
    """Return the best connected things: each time the one with most lines to those chosen before."""
    near = {term: 0 for term, n in degree.items() if n}
    chosen: set[str] = set()
    lines = 0
    while near and len(chosen) < MOST_NODES:
        best = min(near, key=lambda t: (-near[t], -degree[t], t))
        lines += near.pop(best)
        if lines > MOST_LINES:
            break
        chosen.add(best)
        for edge in (*links.leaving.get(best, ()), *links.coming.get(best, ())):
            other = edge.target if edge.source == best else edge.source
            if other in near:
                near[other] += 1
    return frozenset(chosen)


def _ends(nodes: tuple[Node, ...], edges: Iterable[Edge]) -> dict[tuple[int, int], Edge]:
    place = {node.term: n for n, node in enumerate(nodes)}
    return dict(sorted(((place[e.source], place[e.target]), e) for e in edges))


def ego(term: str, links: Links) -> Picture:
    """Return a thing between what points to it and what it points to, at most 12 on a side.

    The firmest lines come first; a side with nothing on it has no column. What is not among the things
    of `links` gives an empty picture.
    """
    label, kind = links.things.get(term, ("", ""))
    coming, leaving = (sorted((e for e in side.get(term, ()) if e.source != e.target), key=_rank)
                       for side in (links.coming, links.leaving))
    before, after = coming[:MOST_BESIDE], leaving[:MOST_BESIDE]
    at, middle = (1 if before else 0), len(before)
    nodes = (*(_beside(e, e.source, 0, links) for e in before), Node(term, label, kind, at),
             *(_beside(e, e.target, at + 1, links) for e in after)) if kind else ()
    ends = {(n, middle): edge for n, edge in enumerate(before)}
    ends |= {(middle, n): edge for n, edge in enumerate(after, middle + 1)}
    for edge in links.leaving.get(term, ()):
        if edge.target == term:
            ends[middle, middle] = edge
    sides = [("points to it", len(coming[MOST_BESIDE:])), ("", 0),
             ("it points to", len(leaving[MOST_BESIDE:]))]
    used = [*sides[:1] * bool(before), sides[1], *sides[2:] * bool(after)]
    return Picture(f"What {label} is joined to", "ego", nodes, ends, tuple(title for title, _ in used),
                   tuple(more for _, more in used))


def _rank(edge: Edge) -> tuple[tuple[bool, bool, int], tuple[str, ...], tuple[str, ...]]:
    return _firmness(edge.said[0])[:3], edge.labels, edge.claims


def _beside(edge: Edge, term: str, column: int, links: Links) -> Node:
    return Node(term, *links.things[term], column, ", ".join(edge.labels))


def reasons(claim: Claim, by_id: Mapping[str, Claim], names: Names) -> Picture:
    """Return what a claim rests on, its premises and assumptions left of it, at most 40 claims.

    Those nearest to it are drawn; a claim that several rest on is drawn once, left of them all.
    """
    found, seen = [claim.id], {claim.id}
    for id_ in found:
        new = [g for g in _grounds(by_id[id_]) if g not in seen]
        found += new
        seen.update(new)
    place = {id_: n for n, id_ in enumerate(found[:MOST_REASONS])}
    level = {claim.id: 0}
    waiting = [claim.id]
    for id_ in waiting:
        for ground in (g for g in _grounds(by_id[id_]) if g in place and level.get(g, -1) <= level[id_]):
            level[ground] = level[id_] + 1
            waiting.append(ground)
    last = max(level.values())
    nodes = tuple(_claim_node(by_id[id_], last - level[id_], by_id, names) for id_ in place)
    ends = {(place[g], place[id_]): Edge(nodes[place[g]].term, nodes[place[id_]].term,
                                         (_ground(by_id[id_], by_id[g], by_id),))
            for id_ in place for g in _grounds(by_id[id_]) if g in place}
    columns = (*("" for _ in range(last)), "the claim")
    more = (len(found) - len(nodes), *(0 for _ in range(last)))
    return Picture("What the claim rests on", "reasons", nodes, ends, columns, more)


def _grounds(claim: Claim) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*claim.premises, *claim.assumes)))


def _ground(claim: Claim, ground: Claim, by_id: Mapping[str, Claim]) -> Said:
    """Return what a premise is to a claim; an assumption makes it conditional."""
    if ground.id in claim.assumes:
        return Said(ground.id, "is assumed for", "conditional", False)
    return Said(ground.id, "is a premise of", grade_of(ground, by_id), ground.asserted)


def _claim_node(claim: Claim, column: int, by_id: Mapping[str, Claim], names: Names) -> Node:
    places = sorted({str(e.passage.at) for e in claim.evidence})
    assumed = "assumed, " if "Assumption" in claim.kinds else ""
    return Node(claim_term(claim, names), str(claim.fact.words.get("says", claim.id)), "claim", column,
                assumed + (", ".join(places) or "worked out"), grade_of(claim, by_id))
