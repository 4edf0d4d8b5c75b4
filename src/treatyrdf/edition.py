"""A published folder or dump, read back from its RDF alone: what `compare` puts side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .ask import Question, read_shipped
from .content import whole
from .errors import DataError, Position, Problem, RunError
from .files import MANIFEST, list_files, read_file, read_manifest
from .names import PREFIXES, curie, shorten
from .packing import Dump, document, find_dump, standing, stream

Values = Mapping[str, tuple[str, ...]]
"""The objects of one node, sorted, by predicate; all are N-Triples terms."""

_OTHER = ("shapes/", "questions/", "schema/", "ontology/")


@dataclass(frozen=True)
class Change:
    """One difference: what kind of thing, which one, what of it, and the values before and after."""

    kind: str
    name: str
    what: str
    old: str = ""
    new: str = ""

    @property
    def sign(self) -> str:
        """Return `+` for what is new, `-` for what is gone, `~` for what is otherwise now."""
        return {"added": "+", "row gained": "+", "removed": "-", "row lost": "-"}.get(self.what, "~")


@dataclass(frozen=True)
class Edition:
    """One edition of a data set: its nodes, ontology and questions, as they were published."""

    path: Path
    base: str
    version: str
    nodes: Mapping[str, Values]
    quads: bytes
    ontology: Mapping[str, Values] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    others: Mapping[str, bytes] = field(default_factory=dict)
    """Shapes, schemas, questions and context by their file names."""

    def short(self, term: str) -> str:
        """Return a term as a person writes it: a name below the base, a prefixed name, or a text."""
        if term.startswith('"'):
            return term.rpartition('"')[0].removeprefix('"').replace('\\"', '"')
        if not term.startswith("<"):
            return term
        if term.startswith(f"<{self.base}"):
            return term[len(self.base) + 1:-1]
        return (shorten(term[1:-1], PREFIXES) or term[1:-1]).removeprefix("trt:")

    def label(self, term: str) -> str:
        """Return the words of a node, else its short name."""
        words = (self.short(text) for known in (self.nodes, self.ontology)
                 for name in ("rdfs:label", "skos:prefLabel")
                 for text in known.get(term, {}).get(curie(name), ()))
        return next(words, self.short(term))


def read_edition(path: Path) -> Edition:
    """Return the edition in a dist folder, a release or an N-Quads file, which may be compressed.

    Raises RunError when it is none of these, DataError when its RDF is broken.
    """
    if not path.is_dir():
        if not document(path.name).dump.endswith(".nq"):
            raise _none(path, "is neither a folder that was built nor a .nq file")
        try:
            return _edition(path, Dump({path.name: read_file(path)}))
        except FileNotFoundError:
            raise _none(path, "is not there") from None
    listed = read_manifest(path)
    if listed is None:
        raise _none(path, f"has no {MANIFEST} of treatyrdf")
    files = list_files(path)
    dumps = {dump for name in files if "/" not in name and (dump := document(name).dump).endswith(".nq")}
    if len(dumps) != 1:
        raise _none(path, f"holds {len(dumps)} .nq files, not one")
    dump = dumps.pop()
    if lost := [name for name in standing(listed, dump) if name not in files]:
        raise _none(path, f"lacks {lost[0]}")
    found = _edition(path, find_dump(files, dump))
    words: dict[str, dict[str, set[str]]] = {}
    for name, content in files.items():
        if name.startswith("ontology/") and name.endswith(".ttl"):
            _add(words, content, path / name)
    shipped = {q.name: q for q in read_shipped(path)}
    others = {name: content for name, content in files.items() if name.startswith(_OTHER)
              and not (name.startswith("ontology/") and name.endswith(".ttl")) and not name.endswith(".csv")}
    return Edition(path, found.base, found.version, found.nodes, found.quads, _frozen(words), shipped, others)


def parsed(content: bytes, path: Path) -> list[Any]:
    """Return the pyoxigraph quads of N-Quads or Turtle; raises DataError at the place that is wrong."""
    import pyoxigraph as ox

    kind = ox.RdfFormat.N_QUADS if document(path.name).dump.endswith(".nq") else ox.RdfFormat.TURTLE
    try:
        return list(ox.parse(stream(content, path), format=kind))
    except SyntaxError as error:
        raise DataError([Problem(Position(str(path), error.lineno or 0, error.offset or 0), "TRT098",
                                 f"not RDF: {error.msg}", "download or build it again")]) from None


def _edition(path: Path, dump: Dump) -> Edition:
    nodes: dict[str, dict[str, set[str]]] = {}
    for name, content in dump.files.items():
        _add(nodes, whole(content), path / name if path.is_dir() else path)
    about = [node for node, values in nodes.items()
             if node.endswith("/dataset>") and curie("dcat:Dataset") in values.get(curie("rdf:type"), ())]
    if len(about) != 1:
        raise _none(path, "describes no data set of treatyrdf")
    values = _frozen(nodes)
    version = values[about[0]].get(curie("dcat:version"), ('""',))[0].split('"')[1]
    return Edition(path, about[0][1:-len("dataset>")], version, values, dump.whole())


def _add(nodes: dict[str, dict[str, set[str]]], content: bytes, path: Path) -> None:
    triples = [quad.triple for quad in parsed(content, path)]
    below: dict[str, list[tuple[str, str]]] = {}
    for subject, predicate, object_ in triples:
        below.setdefault(str(subject), []).append((str(predicate), str(object_)))
    for subject, pairs in below.items():
        for predicate, object_ in pairs if not subject.startswith("_:") else ():
            nodes.setdefault(subject, {}).setdefault(predicate, set()).add(_written(object_, below))


def _written(term: str, below: Mapping[str, list[tuple[str, str]]], above: tuple[str, ...] = ()) -> str:
    """Return a term, a blank node as what stands below it, since its label means nothing."""
    if not term.startswith("_:") or term in above:
        return "[]" if term in above else term
    inside = sorted(f"{p} {_written(o, below, (*above, term))}" for p, o in below.get(term, ()))
    return f"[ {' ; '.join(inside)} ]"


def _frozen(nodes: Mapping[str, Mapping[str, set[str]]]) -> dict[str, Values]:
    return {node: {p: tuple(sorted(nodes[node][p])) for p in sorted(nodes[node])} for node in sorted(nodes)}


def _none(path: Path, what: str) -> RunError:
    return RunError.of("TRT120", path, what, "name a folder of `treatyrdf build` or `treatyrdf release`")
