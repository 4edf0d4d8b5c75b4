"""SHACL in plain English: each constraint as a phrase whose terms are links.

Words follow the components of SHACL (https://www.w3.org/TR/shacl/#core-components).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from .names import PREFIXES, RDF
from .terms import Link

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, Triple

    Node = NamedNode | BlankNode | Literal | Triple

SH, TRSH = PREFIXES["sh"], PREFIXES["trsh"]
Phrase = tuple[Link, ...]
"""Words in a row; those without `href` are text, or code when they have a `name`."""

VALUES: Mapping[str, tuple[str, str]] = {
    "class": ("is a ", ""), "datatype": ("is a literal of type ", ""), "nodeKind": ("is ", ""),
    "pattern": ("matches ", ""), "minLength": ("has at least ", " characters"),
    "maxLength": ("has at most ", " characters"), "minInclusive": ("is at least ", ""),
    "maxInclusive": ("is at most ", ""), "minExclusive": ("is more than ", ""),
    "maxExclusive": ("is less than ", ""), "lessThan": ("is less than each value of ", ""),
    "lessThanOrEquals": ("is no more than each value of ", ""), "disjoint": ("is not also a value of ", ""),
    "equals": ("is also a value of ", ", and the other way round"), "node": ("conforms to ", ""),
    "property": ("conforms to ", ""), "hasValue": ("is ", "")}
"""What is said of a value, around what the shape gives."""
CHOICES: Mapping[str, str] = {"or": "meets at least one of these: it ", "and": "meets all of these: it ",
                              "xone": "meets exactly one of these: it "}
KINDS: Mapping[str, str] = {
    "IRI": "an IRI", "BlankNode": "a blank node", "Literal": "a literal",
    "BlankNodeOrIRI": "an IRI or a blank node", "BlankNodeOrLiteral": "a literal or a blank node",
    "IRIOrLiteral": "an IRI or a literal"}
STEPS: Mapping[str, tuple[str, str]] = {
    "inversePath": ("the other end of ", ""), "zeroOrMorePath": ("", " (any number of steps)"),
    "oneOrMorePath": ("", " (one step or more)"), "zeroOrOnePath": ("", " (one step at most)")}
TOGETHER = frozenset({"hasValue", "uniqueLang", "qualifiedValueShape"})
"""What a property shape says of all values together."""
SILENT = frozenset({
    "path", "severity", "message", "name", "description", "order", "group", "deactivated", "flags", "sparql",
    "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "minCount", "maxCount", "targetClass",
    "targetNode", "targetSubjectsOf", "targetObjectsOf"})
"""What is no constraint, or is told with another one or elsewhere."""


class English:
    """Puts the shapes of one graph into words."""

    def __init__(self, said: Mapping[Node, Mapping[str, Sequence[Node]]],
                 link: Callable[[str], Link]) -> None:
        """Keep what is said of each node, and what leads from an IRI to its page."""
        self.said, self.link = said, link

    def get(self, node: Node, predicate: str) -> Sequence[Node]:
        """Return what is said of a node with a predicate."""
        return self.said.get(node, {}).get(predicate, ())

    def texts(self, node: Node, predicate: str) -> list[str]:
        """Return the same as texts: IRIs, and what literals hold."""
        return [_text(value) for value in self.get(node, predicate)]

    def sentences(self, node: Node) -> Iterator[Phrase]:
        """Yield the constraints of a shape that stands alone, each as a sentence."""
        for path in self.get(node, SH + "path"):
            for phrase in self.counts(node, path):
                yield Link("It "), *phrase, Link(".")
            for phrase in self.values(node, TOGETHER):
                yield Link("Each "), *self.one_of(path), Link(" "), *phrase, Link(".")
        if not self.get(node, SH + "path"):
            for phrase in self.values(node):
                yield Link("It "), *phrase, Link(".")

    def phrases(self, node: Node) -> Iterator[Phrase]:
        """Yield the constraints of a shape inside another, as what is said of its focus."""
        for path in self.get(node, SH + "path"):
            yield from self.counts(node, path)
            for phrase in self.values(node, TOGETHER):
                yield Link("is such that each "), *self.one_of(path), Link(" "), *phrase
        if not self.get(node, SH + "path"):
            yield from self.values(node)

    def counts(self, node: Node, path: Node) -> Iterator[Phrase]:
        """Yield what a property shape says of all values of its path together."""
        back = self.get(path, SH + "inversePath")
        before = (Link("is the "), *self.path(back[0]), Link(" of ")) if back else (Link("has "),)
        after = () if back else (Link(" of "), *self.path(path))
        noun = "thing" if back else "value"
        for words in self.counted(node, "minCount", "maxCount", noun):
            yield *before, words, *after
        for value in self.get(node, SH + "hasValue"):
            yield *before, self.name(value), *(() if back else (Link(" as a value"), *after))
        if "true" in self.texts(node, SH + "uniqueLang"):
            yield *before, Link(f"at most one {noun}"), *after, Link(" in each language")
        for shape in self.get(node, SH + "qualifiedValueShape"):
            for words in self.counted(node, "qualifiedMinCount", "qualifiedMaxCount", noun):
                yield *before, words, *after, Link(" that "), *self.joined(shape)

    def counted(self, node: Node, least: str, most: str, noun: str) -> Iterator[Link]:
        """Yield how many there are by the two counts of a shape, if it gives any."""
        low, high = ("".join(self.texts(node, SH + key)) for key in (least, most))
        yield from map(Link, counted(low, high, noun))

    def values(self, node: Node, apart: frozenset[str] = frozenset()) -> Iterator[Phrase]:
        """Yield what a shape says of each value, or of its focus when it has no path."""
        for predicate, values in self.said.get(node, {}).items():
            key = predicate.removeprefix(SH)
            if key != predicate and key not in SILENT | apart:
                yield from (CONSTRAINTS.get(key, English.plain)(self, node, key, value) for value in values)

    def plain(self, node: Node, key: str, value: Node) -> Phrase:
        """Return a constraint by the table of values; one that is not there by its own name."""
        if value in self.said and not _is_iri(value):
            return self.joined(value)
        before, after = VALUES.get(key, (f"meets sh:{key} ", ""))
        flags = "".join(self.texts(node, SH + "flags")) if key == "pattern" else ""
        name = self.name(value)
        if key == "class" and name.text[:1].lower() in "aeiou":
            before = "is an "
        return Link(before), name, Link(f"{after} (flags {flags})" if flags else after)

    def choice(self, _node: Node, key: str, value: Node) -> Phrase:
        """Return alternatives (https://www.w3.org/TR/shacl/#core-components-logical)."""
        return Link(CHOICES[key]), *_list(map(self.joined, self.items(value)), "; it ")

    def negation(self, _node: Node, _key: str, value: Node) -> Phrase:
        """Return what must not be so."""
        first, *rest = self.joined(value)
        if first.text.startswith("is ") and len(rest) <= 2:
            return Link("is not " + first.text.removeprefix("is ")), *rest
        return Link("does not meet this: it "), first, *rest

    def members(self, _node: Node, _key: str, value: Node) -> Phrase:
        """Return the values that are allowed."""
        return Link("is one of "), *_list(((self.name(item),) for item in self.items(value)), ", ")

    def only(self, node: Node, _key: str, value: Node) -> Phrase:
        """Return the properties that a closed shape allows."""
        if _text(value) != "true":
            return (Link("has any other property too"),)
        allowed = [item for many in self.get(node, SH + "ignoredProperties") for item in self.items(many)]
        allowed += [p for shape in self.get(node, SH + "property") for p in self.get(shape, SH + "path")]
        return Link("has no property but "), *_list(((self.name(item),) for item in allowed), ", ")

    def one_of(self, path: Node) -> Phrase:
        """Return what one value of a path is called."""
        for inner in self.get(path, SH + "inversePath"):
            return Link("thing that it is the "), *self.path(inner), Link(" of")
        return Link("value of "), *self.path(path)

    def path(self, node: Node) -> Phrase:
        """Return a property path in words (https://www.w3.org/TR/shacl/#property-paths)."""
        for key, (before, after) in STEPS.items():
            for inner in self.get(node, SH + key):
                return Link(before), *self.path(inner), Link(after)
        for many in self.get(node, SH + "alternativePath"):
            return _list(map(self.path, self.items(many)), " or ")
        steps = self.items(node)
        return _list(map(self.path, steps), ", then ") if steps else (self.name(node),)

    def joined(self, node: Node) -> Phrase:
        """Return all phrases of a shape as one; a shape with a name is told at its own place."""
        if _is_iri(node):
            return Link("conforms to "), self.name(node)
        return _list(self.phrases(node), " and ") or (Link("is anything"),)

    def name(self, node: Node) -> Link:
        """Return how a value is called: a kind of node, a shape, a term with its page, or a text."""
        text = _text(node)
        if not _is_iri(node):
            return Link(text, name=text)
        if text.startswith(TRSH):
            return Link(spaced(text.removeprefix(TRSH)), f"shapes.html#{text.removeprefix(TRSH)}")
        if text.removeprefix(SH) in KINDS:
            return Link(KINDS[text.removeprefix(SH)])
        link = self.link(text)
        is_property = link.name[:1].islower()
        return Link(link.name, link.href, link.name) if is_property else Link(link.text, link.href)

    def items(self, node: Node) -> list[Node]:
        """Return the members of an RDF list; nothing for what is no list."""
        found = []
        while first := self.get(node, RDF + "first"):
            found.append(first[0])
            node = self.get(node, RDF + "rest")[0]
        return found


CONSTRAINTS: Mapping[str, Callable[[English, Node, str, Node], Phrase]] = {
    **dict.fromkeys(CHOICES, English.choice), "not": English.negation, "in": English.members,
    "languageIn": English.members, "closed": English.only}
"""What needs more than the table of values."""


def counted(low: str, high: str, noun: str) -> Iterator[str]:
    """Yield how many there are; nothing when any number will do.

    >>> [*counted("1", "1", "value"), *counted("2", "", "value"), *counted("", "0", "value")]
    ['exactly one value', 'at least 2 values', 'no value']
    """
    def some(number: str) -> str:
        return f"one {noun}" if number == "1" else f"{number} {noun}s"

    if high == "0":
        yield f"no {noun}"
    elif low and low == high:
        yield f"exactly {some(low)}"
    elif ends := [f"at {end} {some(n)}" for end, n in (("least", low), ("most", high)) if n not in ("", "0")]:
        yield " and ".join(ends)


def spaced(name: str) -> str:
    """Return a name in camel case as words.

    >>> spaced("ClaimHasBasis")
    'Claim has basis'
    """
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda match: f" {match[0].lower()}", name)


def _is_iri(node: Node) -> bool:
    return str(node).startswith("<") and not str(node).startswith("<<")


def _text(node: Node) -> str:
    return str(getattr(node, "value", node))


def _list(phrases: Iterable[Phrase], between: str) -> Phrase:
    """Return phrases as one, with words between them."""
    found: list[Link] = []
    for phrase in phrases:
        found += [*([Link(between)] if found else []), *phrase]
    return tuple(found)
