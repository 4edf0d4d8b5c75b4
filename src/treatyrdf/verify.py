"""Proof that a folder holds what was published: sums, canonical hash, counts, twins and answers.

Nothing in the folder is believed because of its name: each file is read, and what one file says of
another is compared with it. No network.
"""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .ask import answer_csv, open_store, read_shipped
from .content import digest
from .edition import parsed
from .errors import Position, Problem, RunError, TreatyError
from .files import MANIFEST, SITE, SUMS, list_files, list_names
from .names import curie
from .packing import Dump, document, standing, unpacked

_SUM = re.compile(r"([0-9a-f]{64})  (\S.*)")
_AGAIN = "download it again, or build it again"


@dataclass(frozen=True)
class Proof:
    """What was proved of a folder, by name, and each way in which it is not what was published."""

    folder: Path
    proved: Mapping[str, int | str]
    problems: tuple[Problem, ...]


def verify_folder(folder: Path) -> Proof:
    """Return the proof of a dist folder or a release; raises RunError when it is neither."""
    if not any((folder / name).is_file() for name in (MANIFEST, SUMS)):
        raise RunError.of("TRT120", folder, f"holds neither {MANIFEST} nor {SUMS}",
                          "name a folder of `treatyrdf build` or `treatyrdf release`")
    try:
        files = list_files(folder)
    except OSError as error:
        raise RunError.of("TRT002", error.filename, (error.strerror or "cannot be read").lower(),
                          "check its permissions") from None
    told = _manifest(files)
    problems = [*_sums(folder, files), *_twins(folder, files), *_packed(folder, files)]
    if told is None:
        problems.append(_differs(folder, MANIFEST, "does not say what the dump is"))
        return Proof(folder, {"files": len(files)}, tuple(problems))
    proved: dict[str, int | str] = {"dataset": str(told["dataset"]), "version": str(told["version"]),
                                    "files": len(files)}
    if (folder / SITE).is_dir():
        problems += _sums(folder / SITE, _Lazy(folder / SITE))
    named = {p.position.path for p in problems}
    problems += [p for p in _listed(folder, files, told) if p.position.path not in named]
    names = standing(files, f"{told['dataset']}.nq")
    if names and {*standing((e["file"] for e in told["files"]), f"{told['dataset']}.nq")} <= files.keys():
        dump = Dump({name: files[name] for name in names})
        try:
            problems += _dump(folder, files, told, dump, proved)
            problems += _answers(folder, files, dump, proved)
        except TreatyError as error:
            problems += error.problems
    return Proof(folder, proved, tuple(sorted(set(problems))))


class _Lazy(Mapping[str, bytes]):
    """The files below a folder, each read when it is asked for: a site can be large."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, dict.fromkeys(list_names(folder))

    def __getitem__(self, name: str) -> bytes:
        if name not in self.names:
            raise KeyError(name)
        return (self.folder / name).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def _differs(folder: Path, name: str, what: str, code: str = "TRT124") -> Problem:
    return Problem(Position(str(folder / name)), code, what, _AGAIN)


def _manifest(files: Mapping[str, bytes]) -> dict[str, Any] | None:
    """Return MANIFEST.json, None when it is missing, cut off or somebody else's."""
    try:
        told = json.loads(files[MANIFEST])
        [(str(e["file"]), int(e["bytes"]), str(e["sha256"])) for e in told["files"]]
        return dict(told) if {"dataset", "version", "quads", "rdfc10-sha256"} <= set(told) else None
    except (KeyError, ValueError, TypeError, RecursionError):
        return None


def _sums(folder: Path, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield each file that is missing, changed or not in SHA256SUMS, and each line that is no sum."""
    if SUMS not in files:
        yield _differs(folder, SUMS, "is missing")
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(files[SUMS].decode(errors="replace").splitlines(), 1):
        match = _SUM.fullmatch(line)
        if match:
            listed[match[2]] = match[1]
        else:
            yield Problem(Position(str(folder / SUMS), number), "TRT124", "is not a sum and a file", _AGAIN)
    for name in sorted({*listed, *files} - {SUMS}):
        if name not in files:
            yield _differs(folder, name, f"is missing, though {SUMS} names it")
        elif name not in listed:
            yield _differs(folder, name, f"is not in {SUMS}")
        elif digest(files[name]) != listed[name]:
            yield _differs(folder, name, f"has another SHA-256 than in {SUMS} ({len(files[name])} bytes)")


def _listed(folder: Path, files: Mapping[str, bytes], told: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield each file that is not as MANIFEST.json says."""
    for entry in told["files"]:
        content = files.get(entry["file"])
        if content is None:
            yield _differs(folder, entry["file"], f"is missing, though {MANIFEST} names it")
        elif len(content) != entry["bytes"]:
            yield _differs(folder, entry["file"], f"has {len(content)} bytes, not {entry['bytes']}")
        elif digest(content) != entry["sha256"]:
            yield _differs(folder, entry["file"], f"has another SHA-256 than in {MANIFEST}")


def _twins(folder: Path, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield each .gz file that does not unpack to the file beside it; no more is unpacked than that has."""
    for name, packed in files.items():
        twin = files.get(name.removesuffix(".gz"))
        if not name.endswith(".gz") or twin is None:
            continue
        unpacker = zlib.decompressobj(wbits=31)
        try:
            found = unpacker.decompress(packed, len(twin) + 1)
            whole = unpacker.eof and not unpacker.unused_data
        except zlib.error:
            found, whole = b"", False
        if found != twin or not whole:
            yield _differs(folder, name, f"does not unpack to {name.removesuffix('.gz')}", "TRT126")


def _packed(folder: Path, files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield why each dump or document of one that is compressed, and has no twin, cannot be unpacked."""
    twins = {f"{name}.gz" for name in files}
    for name, content in files.items():
        if document(name).compress and name not in twins:
            try:
                deque(unpacked(content, folder / name), maxlen=0)
            except TreatyError as error:
                yield from error.problems


def _dump(folder: Path, files: Mapping[str, bytes], told: Mapping[str, Any], dump: Dump,
          proved: dict[str, int | str]) -> Iterator[Problem]:
    """Yield how the dump differs from the hash and the counts that were published."""
    import pyoxigraph as ox

    name = next(iter(dump.files)) if len(dump.files) == 1 else f"{told['dataset']}.nq"
    quads = [quad for part in dump.files for quad in parsed(files[part], folder / part)]
    if any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object, q.graph_name)):
        # None is ever published, and to canonicalize hostile ones takes for ever.
        yield _differs(folder, name, "holds blank nodes", "TRT125")
        return
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    canonical = digest("".join(sorted(f"{q} .\n" for q in dataset)))
    graphs = Counter(str(q.graph_name) for q in dataset)
    proved |= {"quads": len(dataset), "rdfc10-sha256": canonical}
    if canonical != told["rdfc10-sha256"]:
        yield _differs(folder, name, f"has the RDFC-1.0 hash {canonical}, not {told['rdfc10-sha256']}",
                       "TRT125")
    if len(dataset) != told["quads"]:
        yield _differs(folder, name, f"holds {len(dataset)} quads, not {told['quads']}", "TRT125")
    if "dataset.ttl" not in files:
        return
    description = parsed(files["dataset.ttl"], folder / "dataset.ttl")
    described = {str(q.subject): int(q.object.value) for q in description
                 if str(q.predicate) == curie("void:triples") and q.object.value.isdigit()}
    for graph, number in sorted(graphs.items()):
        if described.get(graph) != number:
            yield _differs(folder, name, f"holds {number} quads in {graph}, and dataset.ttl says "
                           f"{described.get(graph, 'nothing of it')}", "TRT125")
    whole = next((n for s, n in described.items() if s.endswith("/dataset>")), None)
    triples = len({str(q.triple) for q in dataset})
    if whole != triples:
        yield _differs(folder, name, f"holds {triples} triples, and dataset.ttl says {whole}", "TRT125")
    proved["graphs"] = len(graphs)


def _answers(folder: Path, files: Mapping[str, bytes], dump: Dump,
             proved: dict[str, int | str]) -> Iterator[Problem]:
    """Yield each question whose rows are not those shipped beside it."""
    store = open_store(dump)
    questions = read_shipped(folder)
    for question in questions:
        name = f"questions/{question.name}.csv"
        if files.get(name) is None:
            yield _differs(folder, name, "is missing", "TRT127")
        elif files[name].decode(errors="replace") != answer_csv(question, store):
            yield _differs(folder, name, f"holds other rows than {question.name}.rq gives", "TRT127")
    proved["questions"] = len(questions)
