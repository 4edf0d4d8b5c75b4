"""What is read back is what was meant: no change of a dump, and no fault of a writer, goes by."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence

import pyoxigraph as ox
import pytest

from conftest import ROOT
from treatyrdf.dump import write_dumps
from treatyrdf.errors import RunError
from treatyrdf.model import Quad
from treatyrdf.names import RDF, Names
from treatyrdf.publish import Published, publish
from treatyrdf.readback import read_back

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
    try:
        read_back(dumps, quads, names)
    except RunError as error:
        return str(error)
    return ""


def test_what_is_written_reads_back(treaty: Published, dumps: dict[str, str], alliance: Published) -> None:
    read_back(dumps, treaty.quads, treaty.names)
    read_back(write_dumps(alliance.quads, alliance.names, CONTEXT, "t"), alliance.quads, alliance.names)
    read_back(write_dumps((), alliance.names, CONTEXT, "t"), (), alliance.names)


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
