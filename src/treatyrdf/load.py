"""A built dump -> a triplestore, graph by graph, only what changed; then graphs and answers compared.

Every run compares the triples that are there with those that were published, so that a run that was
killed, a graph that was edited by hand, and a store that rewrites what it is given are all seen.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .content import Files, whole
from .errors import Position, Problem, RunError
from .packing import Dump
from .remote import Remote


@dataclass(frozen=True)
class Shipment:
    """What was built: the lines of each graph, and each question with the rows it must give."""

    graphs: Mapping[str, tuple[str, ...]]
    questions: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Loaded:
    """What became of one graph: `same`, `new` or `changed` before, and whether it was written."""

    graph: str
    triples: int
    state: str
    missing: int
    extra: int
    written: bool


def read_shipment(dump: Dump, files: Files) -> Shipment:
    """Return the graphs of a dump and the questions beside it."""
    graphs: dict[str, list[str]] = {}
    for line in dump.lines():
        triple, _, graph = line.decode().removesuffix(" .\n").rpartition(" ")
        graphs.setdefault(graph[1:-1], []).append(f"{triple} .")
    names = [n.removesuffix(".rq") for n in files if n.startswith("questions/") and n.endswith(".rq")]
    questions = {Path(name).stem: (whole(files[f"{name}.rq"]).decode(), whole(files[f"{name}.csv"]).decode())
                 for name in names}
    return Shipment({g: tuple(lines) for g, lines in sorted(graphs.items())}, questions)


def send(shipment: Shipment, store: Remote, write: bool, told: Callable[[str], None]) -> Iterator[Loaded]:
    """Yield what became of each graph; with `write` a graph that differs is replaced."""
    for graph, lines in shipment.graphs.items():
        missing, extra, given = _compare(graph, lines, store)
        state = "same" if not missing and not extra else "changed" if given else "new"
        written = write and state != "same"
        if written:
            store.write(graph, lines, told)
        yield Loaded(graph, len(lines), state, len(missing), len(extra), written)


def _compare(graph: str, lines: tuple[str, ...], store: Remote) -> tuple[set[str], set[str], int]:
    """Return what a store lacks of a graph, what it has besides, and how many triples it gave out."""
    missing, extra, given = set(lines), set[str](), 0
    for line in store.read(graph):
        given += 1
        if line in missing:
            missing.discard(line)
        else:
            extra.add(line)
    return missing, extra.difference(lines), given


def differences(shipment: Shipment, store: Remote, same: Collection[str] = ()) -> Iterator[Problem]:
    """Yield how a store differs from what was published: its graphs but those seen to be the same, then its answers."""
    for graph, lines in shipment.graphs.items():
        if graph not in same:
            yield from _graph(graph, lines, store)
    for name, (sparql, rows) in shipment.questions.items():
        columns, *wanted = [row or [""] for row in csv.reader(io.StringIO(rows))]
        try:
            found_columns, found = store.select(sparql)
        except RunError as error:
            if error.problems[0].code != "TRT113":
                raise
            yield Problem(Position(store.url), "TRT117",
                          f"the question {name} fails: {error.problems[0].what}",
                          "the store cannot answer SPARQL 1.1 here; see its log")
            continue
        order = [found_columns.index(c) for c in columns if c in found_columns]
        given = sorted([row[n] for n in order] for row in found)
        if given != sorted(wanted) or len(order) != len(columns):
            lost = [r for r in wanted if r not in given]
            new = [r for r in given if r not in wanted]
            yield Problem(Position(store.url), "TRT117",
                          f"the question {name} gives {len(given)} rows, not {len(wanted)}"
                          + _example("missing", lost) + _example("not wanted", new),
                          "load again; if it stays so, the store answers SPARQL wrongly")


def _graph(graph: str, lines: tuple[str, ...], store: Remote) -> Iterator[Problem]:
    count = store.count(graph)
    if count != len(lines):
        yield Problem(Position(store.url), "TRT114", f"<{graph}> holds {count} triples, not {len(lines)}",
                      "run `treatyrdf load` again; if it stays so, the store refuses some of them")
    lost, new, given = _compare(graph, lines, store)
    if given < count:
        yield Problem(Position(store.url), "TRT115",
                      f"<{graph}> holds {count} triples, but only {given} are given out",
                      "raise the row limit of the store (Virtuoso: ResultSetMaxRows)")
    elif (lost or new) and count == len(lines):
        yield Problem(Position(store.url), "TRT116", f"<{graph}> differs in {len(lost)} triples"
                      + _example("missing", sorted(lost)) + _example("there", sorted(new)),
                      "load again; if it stays so, the store rewrites what it is given")


def _example(word: str, found: list[list[str]] | list[str]) -> str:
    if not found:
        return ""
    first = found[0] if isinstance(found[0], str) else ", ".join(found[0])
    return f"; {word}: {first[:160]}"
