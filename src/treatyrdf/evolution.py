"""What changed in the ontology, and the version that the change asks for (https://semver.org).

A term gone or narrowed may break data and queries: major. A new term, or a wider one, breaks nothing:
minor. Labels, definitions and notes: patch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .edition import Change, Edition, Values
from .names import ONTOLOGY, curie, iri

LEVELS = ("none", "patch", "minor", "major")
_RULES: Mapping[str, tuple[str, str]] = MappingProxyType({
    curie(name): levels for name, levels in {
        # property: what adding a value asks for, and what removing one does
        "rdf:type": ("major", "major"),
        "rdfs:subClassOf": ("major", "major"),
        "rdfs:subPropertyOf": ("major", "major"),
        "rdfs:domain": ("major", "minor"),
        "rdfs:range": ("major", "minor"),
        "owl:disjointWith": ("major", "minor"),
        "owl:equivalentClass": ("major", "major"),
        "owl:equivalentProperty": ("major", "major"),
        "owl:inverseOf": ("major", "major"),
        "skos:inScheme": ("minor", "major"),
        "owl:deprecated": ("minor", "minor"),
    }.items()})
_OWN_VERSION = frozenset(map(curie, ("owl:versionInfo", "owl:versionIRI", "owl:priorVersion")))


@dataclass(frozen=True)
class Evolution:
    """How one ontology became another: its changes, and the version they need at least."""

    old: str
    new: str
    needed: str
    least: str
    changes: tuple[Change, ...]
    gone: tuple[str, ...]
    """Terms removed that no edition had deprecated."""

    @property
    def enough(self) -> bool:
        """Tell whether the new version is raised as far as the changes ask."""
        return self.needed == "none" or _numbers(self.new) >= _numbers(self.least)


def evolve(old: Edition, new: Edition) -> Evolution:
    """Return how the ontology changed between two editions."""
    found = [(level, change) for term in sorted({*old.ontology, *new.ontology})
             for level, change in _term_changes(term, old, new)]
    needed = max((level for level, _ in found), key=LEVELS.index, default="none")
    before, after = (version(e.ontology) for e in (old, new))
    gone = tuple(t for t in old.ontology if t not in new.ontology and not deprecated(old.ontology.get(t, {})))
    return Evolution(before, after, needed, least(before, needed), tuple(c for _, c in found), gone)


def deprecated(values: Values) -> bool:
    """Tell whether a node is marked with owl:deprecated true."""
    return any(v.startswith('"true"') for v in values.get(curie("owl:deprecated"), ()))


def version(ontology: Mapping[str, Values]) -> str:
    """Return owl:versionInfo of the ontology, empty when it has none."""
    return ontology.get(iri(ONTOLOGY), {}).get(curie("owl:versionInfo"), ('""',))[0].split('"')[1]


def least(old: str, needed: str) -> str:
    """Return the lowest version that a change allows; below 1.0.0 the second number counts as the first.

    >>> least("1.2.3", "major"), least("0.2.3", "major"), least("1.2.3", "minor"), least("1.2.3", "none")
    ('2.0.0', '0.3.0', '1.3.0', '1.2.3')
    """
    major, minor, patch = _numbers(old)
    return ".".join(map(str, {
        "major": (major + 1, 0, 0) if major else (0, minor + 1, 0), "minor": (major, minor + 1, 0),
        "patch": (major, minor, patch + 1), "none": (major, minor, patch)}[needed]))


def _numbers(text: str) -> tuple[int, int, int]:
    """Return the three numbers of a version; anything else is no version at all, lower than any."""
    parts = text.split(".")
    good = len(parts) == 3 and all(p.isascii() and p.isdigit() for p in parts)
    return (int(parts[0]), int(parts[1]), int(parts[2])) if good else (0, 0, 0)


def _term_changes(term: str, old: Edition, new: Edition) -> Iterator[tuple[str, Change]]:
    name = new.short(term)
    before, after = old.ontology.get(term, {}), new.ontology.get(term, {})
    if not (before and after):
        level, what = ("minor", "added") if after else ("major", "removed")
        yield level, Change("term", name, what, new=(new if after else old).label(term))
        return
    for predicate in sorted({*before, *after} - _OWN_VERSION):
        lost = [v for v in before.get(predicate, ()) if v not in after.get(predicate, ())]
        won = [v for v in after.get(predicate, ()) if v not in before.get(predicate, ())]
        when_added, when_removed = _RULES.get(predicate, ("patch", "patch"))
        levels = [when_added] * bool(won) + [when_removed] * bool(lost)
        if levels:
            yield max(levels, key=LEVELS.index), Change(
                "term", name, f"{new.short(predicate)} changed",
                ", ".join(map(old.short, lost)), ", ".join(map(new.short, won)))
