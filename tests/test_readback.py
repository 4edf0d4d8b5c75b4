"""What is read back is what was meant: no change of a dump, and no fault of a writer, goes by."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import ROOT
from treatyrdf.dump import Dumps, write_dumps
from treatyrdf.errors import RunError
from treatyrdf.jsonld import JsonLd, _Compact, _Values
from treatyrdf.model import Quad
from treatyrdf.names import RDF, Names
from treatyrdf.publish import Published, publish
from treatyrdf.readback import read_back, read_whole
from treatyrdf.turtle import Body, Pieces, Terms, Writer

CONTEXT = json.loads((ROOT / "ontology" / "context.jsonld").read_text())["@context"]
KINDS = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG, ".ttl": ox.RdfFormat.TURTLE,
         ".jsonld": ox.RdfFormat.JSON_LD, "-facts.ttl": ox.RdfFormat.TURTLE, "-facts.nt": ox.RdfFormat.N_TRIPLES,
         "-rdf12.ttl": ox.RdfFormat.TURTLE}
DOCUMENTS = [".trig", ".ttl", ".jsonld", "-facts.ttl", "-rdf12.ttl"]


@pytest.fixture(scope="module")
def treaty() -> Published:
    return publish(ROOT / "tests" / "cases" / "inf-treaty")


@pytest.fixture(scope="module")
def dumps(treaty: Published) -> dict[str, str]:
    return write_dumps(treaty.quads, treaty.names, CONTEXT, "t")


def said(text: str, ending: str) -> list[str] | None:
    """Return what pyoxigraph reads in a whole document, None where it reads none."""
    try:
        found = [f"{q}" for q in ox.parse(text.encode(), format=KINDS[ending])]
    except SyntaxError:
        return None
    return sorted(set(found))


def refused(dumps: Mapping[str, str], quads: Sequence[Quad], names: Names) -> str:
    """Return why the dumps are refused when they are read line by line, if they are; read whole, they would be too."""
    told = ["", ""]
    for place, read in enumerate((read_whole, read_back)):
        try:
            read(dumps, quads, names)
        except RunError as error:
            told[place] = str(error)
    assert told[1] or not told[0], "what is wrong as a whole is wrong line by line"
    return told[1]


def test_what_is_written_reads_back(treaty: Published, dumps: dict[str, str], alliance: Published) -> None:
    for read in (read_back, read_whole):
        read(dumps, treaty.quads, treaty.names)
        read(write_dumps(alliance.quads, alliance.names, CONTEXT, "t"), alliance.quads, alliance.names)
        read(write_dumps((), alliance.names, CONTEXT, "t"), (), alliance.names)


def test_lines_mean_the_same_in_every_node() -> None:
    """Nothing in the context is of some types or properties alone, so that a key means the same in every object."""
    assert not [term for term, rule in CONTEXT.items() if isinstance(rule, dict) and
                rule.keys() & {"@context", "@nest", "@reverse", "@container"}]


# --- changed dumps ------------------------------------------------------------------------------


def test_what_is_said_once_less_or_more_is_found(treaty: Published, dumps: dict[str, str]) -> None:
    for number, quad in enumerate(treaty.quads):
        if number % 7 == 0:
            rest = [q for q in treaty.quads if q != quad]
            assert refused(dumps, rest, treaty.names), quad
            assert refused(write_dumps(rest, treaty.names, CONTEXT, "t"), treaty.quads, treaty.names), quad


CHANGES: Mapping[str, Callable[[str, random.Random], str]] = {
    "a line is lost": lambda text, pick: _lines(text, pick, lambda line: []),
    "a line comes twice": lambda text, pick: _lines(text, pick, lambda line: [line, line]),
    "two lines change places": lambda text, pick: _swapped(text, pick, "\n"),
    "a line is cut": lambda text, pick: _lines(text, pick, lambda line: [line[:len(line) // 2]]),
    "a line is broken": lambda text, pick: _lines(text, pick, lambda line: [line[:9], line[9:]]),
    "a comment hides the end": lambda text, pick: _lines(text, pick, lambda line: [f"{line[:-2]} #{line[-2:]}"]),
    "a statement ends early": lambda text, pick: _lines(text, pick, lambda line: [line.replace(" ;", " . #", 1)]),
    "two words change places": lambda text, pick: _swapped(text, pick, " "),
    "a letter is another": lambda text, pick: _letter(text, pick, lambda letter: chr(ord(letter) ^ 1)),
    "a letter is lost": lambda text, pick: _letter(text, pick, lambda letter: ""),
    "a letter comes twice": lambda text, pick: _letter(text, pick, lambda letter: letter * 2),
    "a quote": lambda text, pick: _letter(text, pick, lambda letter: f'{letter}"'),
    "two nodes are one": lambda text, pick: _lines(text, pick, lambda line: [line.replace(" .", " ;")]),
    "a brace": lambda text, pick: _letter(text, pick, lambda letter: f"{letter}\n}}\n"),
}


def _lines(text: str, pick: random.Random, change: Callable[[str], list[str]]) -> str:
    lines = text.split("\n")
    place = pick.randrange(len(lines))
    return "\n".join([*lines[:place], *change(lines[place]), *lines[place + 1:]])


def _swapped(text: str, pick: random.Random, between: str) -> str:
    parts = text.split(between)
    one, other = pick.randrange(len(parts)), pick.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return between.join(parts)


def _letter(text: str, pick: random.Random, change: Callable[[str], str]) -> str:
    place = pick.randrange(len(text))
    return text[:place] + change(text[place]) + text[place + 1:]


@pytest.mark.parametrize("ending", KINDS)
@pytest.mark.parametrize("change", CHANGES)
def test_what_goes_by_is_read_the_same_in_whole(treaty: Published, dumps: dict[str, str], change: str,
                                                ending: str) -> None:
    """A changed dump is refused, unless a whole parse finds no difference."""
    pick, name = random.Random(f"{change} {ending}"), f"{treaty.names.dataset}{ending}"
    wanted = said(dumps[name], ending)
    for _ in range(6):
        changed = CHANGES[change](dumps[name], pick)
        why = refused({**dumps, name: changed}, treaty.quads, treaty.names)
        assert why.startswith(f"{name}: TRT090") or (not why and said(changed, ending) == wanted), changed


@pytest.mark.parametrize("ending", DOCUMENTS)
def test_the_difference_is_told(treaty: Published, dumps: dict[str, str], ending: str) -> None:
    name = f"{treaty.names.dataset}{ending}"
    label = re.search(r'label"?:? ("[^"]*)"', dumps[f"{treaty.names.dataset}-facts.ttl"])
    assert label
    changed = {**dumps, name: dumps[name].replace(label[1], f"{label[1]}!", 1)}
    assert re.search(rf'as the same graph: <\S+> \S+label> {re.escape(label[1])}',
                     refused(changed, treaty.quads, treaty.names))


def test_no_literal_is_a_subject(treaty: Published) -> None:
    names = treaty.names
    graph, thing, value = names.graph("facts"), names.thing("a"), f"<{RDF}value>"
    for odd in ('"a"', value, '"b"', graph), (thing, '"a"', '"b"', graph), ("_:a", value, '"b"', graph):
        assert refused(write_dumps([odd], names, CONTEXT, "t"), [odd], names)


# --- writers at fault ---------------------------------------------------------------------------


FAULTS: Mapping[str, tuple[type, str, Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "a block lacks its last line": (Writer, "blocks", lambda write: lambda self, node: tuple(
        block and re.sub(r" ;\n[^\n]* \.\n$", " .\n", block) for block in write(self, node))),
    "values are in the order of other predicates": (Writer, "blocks", lambda write: lambda self, node: write(
        self, node._replace(values=(*node.values[1:], node.values[0])))),
    "a claim is quoted with another": (Writer, "blocks", lambda write: lambda self, node: (
        write(self, node)[0], (write(self, node)[1] or "").replace("<<( ", "<<( <https://e.org/a> <https://e.org/b> 1, <<( ")
        or None)),
    "a claim is quoted in Turtle 1.1": (Writer, "blocks", lambda write: lambda self, node: (
        write(self, node)[1] or write(self, node)[0], write(self, node)[1])),
    "quotes are not escaped": (Terms, "_literal", lambda write: lambda self, term: write(self, term).replace('\\"', '"')),
    "a language is lost": (Terms, "_literal", lambda write: lambda self, term: write(self, term).partition("@en")[0]),
    "a number is not one": (Terms, "_literal", lambda write: lambda self, term: write(self, term) + "0"),
    "a name is another": (Terms, "_iri", lambda write: lambda self, term: write(self, term).replace("signing", "signature")),
    "a name ends the statement": (Terms, "_iri", lambda write: lambda self, term: write(self, term) + "."),
    "a prefix is not told": (Writer, "used", lambda write: lambda self, terms: write(self, terms) - {"trt"}),
    "a graph is lost": (Pieces, "trig", lambda write: lambda self: (
        self.graphs.pop(max(self.graphs)), write(self))[1]),
    "a node is in another graph": (Pieces, "_body", lambda write: lambda self, graph: write(
        self, graph.replace("sources", "claims"))),
    "a node is lost": (Body, "add", lambda write: lambda self, node, *more: (
        None if node.subject.endswith("a>") else write(self, node, *more))),
    "a value of JSON is plain": (_Values, "_text", lambda write: lambda self, term: write(self, term).replace(
        "{", "").replace("}", "")),
    "a text of JSON is in another language": (_Values, "_text", lambda write: lambda self, term: write(
        self, term).replace('"en"', '"fr"').replace("@language", "@value")),
    "an address of JSON is longer": (_Compact, "__missing__", lambda write: lambda self, term: write(self, term) + "/"),
    "a word of JSON is not told": (JsonLd, "frame", lambda write: lambda self, words: write(self, {*words} - {"label"})),
    "lines of N-Quads are not told": (Dumps, "pieces", lambda write: lambda self, quads: {
        **write(self, quads), **{name: piece for name, piece in write(self, quads[1:]).items() if name.endswith(".nq")}}),
    "a fact is not told": (Dumps, "pieces", lambda write: lambda self, quads: {
        **write(self, quads), **{name: (used, text.partition("\n")[2]) for name, (used, text)
                                 in write(self, quads).items() if name.endswith(".nt")}}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_writer_is_found(treaty: Published, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said_of = treaty.names.thing("x"), f"<{RDF}value>"
    quads = sorted([*treaty.quads, (*said_of, '"say \\"hi\\""', treaty.names.graph("facts")),
                    (*said_of, '"a"', treaty.names.graph("sources"))])
    assert not refused(write_dumps(quads, treaty.names, CONTEXT, "t"), quads, treaty.names)
    owner, name, change = FAULTS[fault]
    monkeypatch.setattr(owner, name, change(getattr(owner, name)))
    assert "does not read back" in refused(write_dumps(quads, treaty.names, CONTEXT, "t"), quads, treaty.names)


@pytest.mark.parametrize("limit", ["_KNOWN", "_PLANS"])
def test_what_a_writer_forgets_it_learns_again(treaty: Published, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pieces of a slice do not depend on those before, also when the writer forgets in between."""
    fresh = Dumps(treaty.names, CONTEXT, "t").pieces(treaty.quads)
    monkeypatch.setattr(f"treatyrdf.turtle.{limit}", 5)
    again = Dumps(treaty.names, CONTEXT, "t")
    for part in (treaty.quads[:100], treaty.quads[100:], treaty.quads, treaty.quads):
        found = again.pieces(part)
    assert found == fresh
