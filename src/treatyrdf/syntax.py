"""Documents cut into nodes and lines, and put together again: Turtle, TriG and JSON-LD as the writers write them.

They are cut at line breaks, and no term holds any. A line is one predicate with all its values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_IRI, _NAME, _TEXT = r"<[^\s<>\"]*>", r"[^\s\"'#<>,;()\[\]{}]+", r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_VALUE = rf"(?:{_IRI}|{_NAME}|{_TEXT}(?:@[\w-]+|\^\^(?:{_IRI}|{_NAME}))?)"
_PLAIN = rf"(?:{_TEXT}|-?[0-9]+|\{{{_TEXT}: {_TEXT}(?:, {_TEXT}: {_TEXT})?\}})"

Entry = tuple[str, str]
"""A subject and a line about it, as they stand in a document."""
Cut = tuple[str, Sequence[tuple[str, Sequence[str]]]]
"""The head of a document, and the texts of the nodes of each graph by its name; empty where graphs have no names."""


class UnlikeError(Exception):
    """A document is not as its writer writes them."""


class Turtle:
    """Turtle: a head, comments of one line, and nodes, with an empty line between."""

    format, named, reified = "TURTLE", False, False
    subject = re.compile(f"{_IRI}|{_NAME}")
    line = re.compile(rf"(?:{_IRI}|{_NAME}) (?:{_VALUE}(?:, {_VALUE})*|<<\( {_VALUE} {_VALUE} {_VALUE} \)>>)")
    """What is whole, so that it is read alike wherever it stands: tokens, and nothing that could end early."""

    def cut(self, text: str) -> Cut:
        """Return the parts of a document."""
        head, _, body = text.partition("\n\n")
        return head, [("", self.nodes(body.removesuffix("\n")))]

    def nodes(self, body: str) -> Sequence[str]:
        """Return the texts of nodes, without the comments between."""
        return [part for part in body.split("\n\n") if part and (part[0] != "#" or "\n" in part)]

    def lines(self, node: str) -> tuple[str, Sequence[str]]:
        """Return the subject of a node, and its lines."""
        subject, _, rest = node.partition(" ")
        if rest[-2:] != " .":
            raise UnlikeError(f"no statement ends where one should: {node[-60:]}")
        return subject, rest[:-2].split(" ;\n    ")

    def check(self, nodes: Iterable[tuple[str, Sequence[str]]], lines: Iterable[str]) -> None:
        """Refuse nodes that are made of sound lines and not sound themselves; in Turtle there are none."""

    def made(self, head: str, graphs: Sequence[tuple[str, Sequence[Entry]]]) -> str:
        """Return a document with a node for each entry, put together as a whole one is."""
        return "".join([f"{head}\n", *(f"\n{s} {line} .\n" for _, entries in graphs for s, line in entries)])

    def context(self, head: str) -> Mapping[str, str]:
        """Return what the meaning of a line can depend on: the prefixes."""
        told = [line.split(" ", 2)[1:] for line in head.split("\n") if line[:1] == "@"]
        return {"": "Turtle", **dict(told)}

    def written(self, iri: str) -> str:
        """Return an IRI as the subject of a node."""
        return f"<{iri}>"


class Rdf12(Turtle):
    """Turtle in which statements that are spoken of are quoted."""

    reified = True


class Trig(Turtle):
    """TriG: Turtle in braces, each behind the name of a graph."""

    format, named = "TRIG", True

    def cut(self, text: str) -> Cut:
        """Return the parts of a document."""
        head, _, body = text.partition("\n\n")
        *graphs, rest = f"{body}\n".split("\n}\n\n")
        parts = [graph.partition(" {\n") for graph in graphs]
        if rest.strip() or not all(brace for _, brace, _ in parts):
            raise UnlikeError("braces do not match")
        return head, [(name, self.nodes(inner)) for name, _, inner in parts]

    def made(self, head: str, graphs: Sequence[tuple[str, Sequence[Entry]]]) -> str:
        """Return a document with a node for each entry, put together as a whole one is."""
        texts = [f"\n{name} {{{super(Trig, self).made('', [(name, entries)])}}}\n" for name, entries in graphs]
        return "".join([f"{head}\n", *texts])


class JsonLd:
    """JSON-LD: a context, and objects with a key on each line."""

    format, named, reified = "JSON_LD", False, False
    subject = re.compile(_TEXT)
    line = re.compile(rf"{_TEXT}: (?:{_PLAIN}|\[{_PLAIN}(?:, {_PLAIN})*\])")

    def cut(self, text: str) -> Cut:
        """Return the parts of a document."""
        head, begin, body = text.partition(' "@graph": [\n')
        if not begin or not body.endswith(_END):
            raise UnlikeError("the graph does not begin or end")
        nodes = body.removesuffix(_END)
        if nodes and (nodes[:len(_FIRST)] != _FIRST or nodes[-3:] != "\n }"):
            raise UnlikeError("no node begins or ends where one should")
        return head, [("", nodes[len(_FIRST):-3].split(f"\n }},\n{_FIRST}") if nodes else [])]

    def lines(self, node: str) -> tuple[str, Sequence[str]]:
        """Return the subject of a node, and its lines."""
        subject, *lines = node.split(",\n  ")
        return subject, lines

    def check(self, nodes: Iterable[tuple[str, Sequence[str]]], lines: Iterable[str]) -> None:
        """Refuse a node with two lines of one key: parsers differ in what they make of it."""
        keys = {line: line[:line.find('": ')] for line in lines}
        for subject, own in nodes:
            if len({*map(keys.__getitem__, own)}) != len(own):
                raise UnlikeError(f"a key stands twice in the node of {subject}")

    def made(self, head: str, graphs: Sequence[tuple[str, Sequence[Entry]]]) -> str:
        """Return a document with a node for each entry, put together as a whole one is."""
        nodes = ",\n".join([f"{_FIRST}{s},\n  {line}\n }}" for _, entries in graphs for s, line in entries])
        return f'{head} "@graph": [\n{nodes}{_END}'

    def context(self, head: str) -> Mapping[str, str]:
        """Return what the meaning of a line can depend on: the context."""
        return {"": head}

    def written(self, iri: str) -> str:
        """Return an IRI as the subject of a node."""
        return f'"{iri}"'


_END = "\n ]\n}\n"
_FIRST = ' {\n  "id": '
Form = Turtle | JsonLd
TURTLE, RDF12, TRIG, JSONLD = Turtle(), Rdf12(), Trig(), JsonLd()
