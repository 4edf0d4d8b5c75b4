"""What changed between two editions of a data set, told in claims, bounds and answers, not in triples.

Every changed statement is told once: a claim with its evidence as one thing, a plain triple by its
claim, anything else as a change of its node.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .edition import Change, Edition, Values
from .errors import Position, Problem, RunError
from .evolution import Evolution, deprecated, evolve
from .names import FOLDERS, curie, trt
from .rows import row_changes

TYPE, LABEL = curie("rdf:type"), curie("rdfs:label")
ASSERTED = trt("AssertedClaim")
SUBJECT, PREDICATE, OBJECT = curie("rdf:subject"), curie("rdf:predicate"), curie("rdf:object")
_CERTAINTY = tuple(map(trt, ("Unknown", "Possible", "Probable", "Certain")))
_COMPUTED = frozenset(map(trt, ("TimeNetwork", "StateBetweenEvents")))
_BOUNDS = {trt(f"{end}{of}Year"): sign for end, sign in (("earliest", 1), ("latest", -1))
           for of in ("", "Begin", "End")}
"""The properties of bounds: 1 where a later year is tighter, -1 where an earlier one is."""
_NOUNS = {LABEL: "words", TYPE: "class", curie("rdfs:comment"): "note", curie("dcterms:identifier"): "number",
          trt("assumes"): "assumption", trt("restsOn"): "taken for granted"}
_LABELLED = {"cited work", "holders", TYPE, *map(trt, ("basis", "polarity", "certainty", "claimant"))}
"""Fields whose values are told by their labels, the others by their names."""
_NOT_DATA = ("file", "question", "answer")
"""Kinds of change that need no other version: an answer changes with the data or with its question."""
_YEAR = re.compile('"(-?[0-9]{1,18})"')

Bound = tuple[str, str, tuple[str, ...]]
"""Subject, property, and what is taken for granted."""


@dataclass(frozen=True)
class Comparison:
    """All that changed between two editions, and what should not have."""

    old: Edition
    new: Edition
    changes: tuple[Change, ...]
    evolution: Evolution | None
    gone: tuple[str, ...]
    """IRIs of things and claims that are no more and that nothing marks as deprecated."""
    problems: tuple[Problem, ...]


def compare(old: Edition, new: Edition) -> Comparison:
    """Return what changed; raises RunError when the two are not editions of one data set."""
    if old.base != new.base:
        raise RunError.of("TRT120", new.path, f"is another data set than {old.path}: its IRIs begin with "
                          f"{new.base}, not {old.base}", "name two editions of one data set")
    changes = (*_claims(old, new), *_bounds(old, new), *_nodes(old, new), *row_changes(old, new))
    changes = (*(changes or _untold(old, new)), *_files(old, new))
    evolution = evolve(old, new) if old.ontology and new.ontology else None
    gone = tuple(node[1:-1] for node, values in old.nodes.items()
                 if TYPE in values and _kind(node, old) in ("thing", "claim", "silence")
                 and not _computed(values) and not deprecated(values)
                 and TYPE not in new.nodes.get(node, {}) and not deprecated(new.nodes.get(node, {})))
    problems = tuple(_problems(old, new, changes, evolution, gone))
    return Comparison(old, new, changes, evolution, gone, problems)


def _problems(old: Edition, new: Edition, changes: tuple[Change, ...], evolution: Evolution | None,
              gone: Iterable[str]) -> Iterator[Problem]:
    """Yield what an edition must not do to those who use the one before."""
    here = Position(str(new.path))
    for address in gone:
        name = address.removeprefix(old.base)
        yield Problem(here, "TRT121", f"the IRI {address} is gone",
                      f"write `{name}: its-replacement` (or none) under `deprecated` in dataset.yaml")
    for term in evolution.gone if evolution else ():
        yield Problem(here, "TRT121", f"the term {term[1:-1]} is gone",
                      "keep it for one release with owl:deprecated true and dcterms:isReplacedBy")
    if old.version == new.version and any(c.kind not in _NOT_DATA for c in changes):
        yield Problem(here, "TRT122", f"the data changed, and the version is still {new.version}",
                      "raise `version` in dataset.yaml")
    if evolution and not evolution.enough:
        yield Problem(here, "TRT123", f"the ontology says version {evolution.new}, and a {evolution.needed} "
                      f"change of {evolution.old} needs {evolution.least}",
                      "raise owl:versionInfo and owl:versionIRI in ontology/treaty.ttl")


# --- claims ---------------------------------------------------------------------------------------


def _claims(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield what became of each claim and silence; computed bounds are told as bounds."""
    for node in sorted({*old.nodes, *new.nodes}, key=lambda n: n[:-1]):
        before, after = (_alive(e, node) for e in (old, new))
        kind = _kind(node, new if after else old)
        if kind in ("claim", "silence") and not _is_bound(after or before):
            yield from _changed(kind, node, before and _claim_fields(before, old),
                                after and _claim_fields(after, new), old, new)


def _claim_fields(values: Values, edition: Edition) -> dict[str, tuple[str, ...]]:
    """Return what a claim says and rests on by its name in words, evidence as passages and works."""
    fields = {p: v for p, v in values.items() if p not in (trt("evidence"), trt("attribution"), TYPE,
                                                           SUBJECT, PREDICATE, OBJECT)}
    fields["statement"] = (" ".join(edition.short(t) for p in (SUBJECT, PREDICATE, OBJECT)
                                    for t in values.get(p, ())),)
    kinds = values.get(TYPE, ())
    fields[ASSERTED] = tuple(t for t in kinds if t == ASSERTED)
    fields["kind"] = tuple(t for t in kinds if t not in (trt("Claim"), ASSERTED))
    found: dict[str, dict[str, None]] = {"passage": {}, "cited work": {}, "citation": {}}
    for node in values.get(trt("evidence"), ()):
        evidence = edition.nodes.get(node, {})
        found["passage"].update(dict.fromkeys(evidence.get(curie("prov:wasDerivedFrom"), ())))
        for citation in evidence.get(trt("citation"), ()):
            scope = " ".join(map(edition.short, evidence.get(trt("citeScope"), ())))
            found["citation"][f"{edition.short(citation)}, {scope}"] = None
            found["cited work"].update(dict.fromkeys(edition.nodes.get(citation, {}).get(trt("cites"), ())))
    held: list[str] = []
    chain = values.get(trt("attribution"), ())
    while chain and chain[0] not in held:
        held.append(chain[0])
        chain = edition.nodes.get(chain[0], {}).get(trt("reportedBy"), ())
    fields["holders"] = tuple(h for node in held for h in edition.nodes.get(node, {}).get(trt("holder"), ()))
    return {**fields, **{name: tuple(sorted(terms)) for name, terms in found.items()}}


def _is_bound(values: Values) -> bool:
    return _computed(values) and values.get(PREDICATE, ("",))[0] in _BOUNDS


def _computed(values: Values) -> bool:
    return not _COMPUTED.isdisjoint(values.get(trt("rule"), ()))


# --- bounds ---------------------------------------------------------------------------------------


def _bounds(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield each bound that is tighter or looser, or of another standing."""
    before, after = _bound_claims(old), _bound_claims(new)
    for key in sorted({*before, *after}):
        subject, predicate, needs = key
        edition = new if key in after else old
        state = f" ({edition.short(subject)})" if "/state/" in subject else ""  # its label may be another's
        name = f"{edition.label(subject)}{state}: {_spaced(edition.short(predicate))}"
        if needs:
            name += f", if {', '.join(edition.short(n).removeprefix('claim/') for n in needs)}"
        (was, one), (now, other) = before.get(key, (0, {})), after.get(key, (0, {}))
        if key not in before:
            yield Change("bound", name, "added", new=str(now))
        elif key not in after:
            yield Change("bound", name, "removed", old=str(was))
        elif was != now:
            tighter = (now - was) * _BOUNDS[predicate] > 0
            yield Change("bound", name, "tightened" if tighter else "loosened", str(was), str(now))
        elif _computed(one) and _computed(other):
            fields = _claim_fields(one, old), _claim_fields(other, new)
            yield from _difference("bound", name, *fields, old, new)


def _bound_claims(edition: Edition) -> dict[Bound, tuple[int, Values]]:
    """Return year and claim of the tightest bound for each event or state and each set of grounds."""
    found: dict[Bound, tuple[int, Values]] = {}
    for values in edition.nodes.values():
        subject, predicate, object_ = (values.get(p, ("",))[0] for p in (SUBJECT, PREDICATE, OBJECT))
        tightest = _computed(values) or trt("TightestBound") in values.get(TYPE, ())
        told = _YEAR.match(object_)
        if predicate not in _BOUNDS or not tightest or not told:
            continue
        year = int(told[1])
        key = (subject, predicate, values.get(trt("restsOn"), ()))
        if key not in found or (year - found[key][0]) * _BOUNDS[predicate] > 0:
            found[key] = year, values
    return found


# --- everything else ------------------------------------------------------------------------------


def _nodes(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield what became of things, passages, citations and the data set, but for what claims tell."""
    claimed = {(s, p) for e in (old, new) for values in e.nodes.values()
               for s in values.get(SUBJECT, ()) for p in values.get(PREDICATE, ())}
    for node in sorted({*old.nodes, *new.nodes}):
        kind = _kind(node, old if _alive(old, node) else new)
        if kind in ("claim", "silence"):
            continue
        before, after = ({p: v for p, v in _alive(e, node).items() if (node, p) not in claimed}
                         for e in (old, new))
        if kind not in ("evidence", "attribution") or (before and after):  # else their claims tell it
            yield from _changed(kind, node, before, after, old, new)


def _changed(kind: str, node: str, before: Values, after: Values, old: Edition,
             new: Edition) -> Iterator[Change]:
    """Yield a node added or removed, or each of its fields that changed."""
    name = old.short(node).removeprefix(f"{kind}/")
    if before and after:
        yield from _difference(kind, name, before, after, old, new)
    elif after:
        yield Change(kind, name, "added", new=new.label(node))
    elif before:
        replaced = new.nodes.get(node, {}).get(curie("dcterms:isReplacedBy"), ())
        yield Change(kind, name, "removed", old.label(node), ", ".join(map(new.short, replaced)))


def _difference(kind: str, name: str, before: Values, after: Values, old: Edition,
                new: Edition) -> Iterator[Change]:
    """Yield each field of a node that changed."""
    for field in sorted({*before, *after}):
        lost = [v for v in before.get(field, ()) if v not in after.get(field, ())]
        won = [v for v in after.get(field, ()) if v not in before.get(field, ())]
        noun = _NOUNS.get(field) or _spaced(new.short(field).rpartition(":")[2])
        was, now = (", ".join(map(e.label if field in _LABELLED else e.short, values))
                    for e, values in ((old, lost), (new, won)))
        if field == trt("certainty") and lost and won and {lost[0], won[0]} <= {*_CERTAINTY}:
            raised = _CERTAINTY.index(won[0]) > _CERTAINTY.index(lost[0])
            yield Change(kind, name, f"certainty {'raised' if raised else 'lowered'}", was, now)
        elif field == ASSERTED and lost != won:
            yield Change(kind, name, "became asserted" if won else "no longer asserted")
        elif lost and won:
            yield Change(kind, name, f"{noun} changed", was, now)
        elif lost or won:
            yield Change(kind, name, f"{noun} {'added' if won else 'removed'}", was, now)


def _untold(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield how many statements differ where nothing else does: plain triples or their named graphs."""
    before, after = (set(e.quads.split(b"\n")) for e in (old, new))
    if before != after:
        yield Change("data set", "graphs", f"{len(before ^ after)} statements differ that no claim tells of")


def _files(old: Edition, new: Edition) -> Iterator[Change]:
    """Yield shapes, schemas, questions and context that changed, where both editions have such files."""
    for name in sorted({*old.others, *new.others}) if old.others and new.others else ():
        if old.others.get(name) != new.others.get(name):
            yield Change("file", name, "added" if name not in old.others else
                         "removed" if name not in new.others else "changed")


def _alive(edition: Edition, node: str) -> Values:
    """Return the values of a node, none when it is only marked as deprecated."""
    values = edition.nodes.get(node, {})
    return {} if deprecated(values) else values


def _kind(node: str, edition: Edition) -> str:
    """Return what a node is, by its place below the base."""
    folder, slash, _ = edition.short(node).partition("/")
    if slash and folder in FOLDERS:
        return folder
    return "data set" if edition.short(node) in ("dataset", "policy") else "thing"


def _spaced(name: str) -> str:
    """Return a name in camel case as words.

    >>> _spaced("latestBeginYear")
    'latest begin year'
    """
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
