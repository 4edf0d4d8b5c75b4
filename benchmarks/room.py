"""Where the measured commands work: the peers, the shapes, and the folder of each input with what is made in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import venv
from collections.abc import Callable, Container, Iterator
from pathlib import Path

from generate import cited, write_dataset
from rml import BASE
from runs import MADE, Input

from treatyrdf.files import ontology_files, shape_files
from treatyrdf.names import RDF, RDFS, TRT
from treatyrdf.vocabulary import read_vocabulary

HERE = Path(__file__).resolve().parent
PEERS = HERE / ".peers"
PEERS_WANTED = {"morph": ("morph-kgc==2.10.0",), "shacl": ("pyshacl==0.40.1", "rdflib==7.6.0")}
"""What is installed into each environment: the newest versions at the time of writing."""
BENCH = "https://example.org/bench#"
SHAPES = ("Core", "SPARQL")
FAULTS = f"""\
<{BASE}wrong> <{TRT}earliestYear> "1901"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{BASE}wrong> <{TRT}latestYear> "1900"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{BASE}claim/wrong> <{RDF}type> <{TRT}AssertedClaim> .
<{BASE}claim/wrong> <{RDF}subject> <{BASE}wrong> .
<{BASE}claim/wrong> <{RDF}predicate> <{TRT}date> .
<{BASE}claim/wrong> <{RDF}object> <{BASE}wrong> .
"""
"""Triples that break shapes of both kinds, so that a validator that finds nothing is found out."""
UNPACK = {".nq": "cat", ".gz": "gzip -dc", ".zst": "zstd -dc"}
"""What prints a dump, by its ending."""


def install(pythons: Container[str]) -> None:
    """Install each peer whose Python is named into an environment of its own, once.

    In one environment one peer keeps the other from its newest version.
    """
    for name, wanted in PEERS_WANTED.items():
        if peer(name) not in pythons:
            continue
        ready = PEERS / name / "ready.txt"
        if ready.is_file() and ready.read_text(encoding="utf-8") == " ".join(wanted):
            continue
        venv.create(PEERS / name, with_pip=True, clear=True)
        subprocess.run([PEERS / name / "bin" / "python", "-m", "pip", "install", "--quiet",
                        "--disable-pip-version-check", *wanted], check=True)
        ready.write_text(" ".join(wanted), encoding="utf-8")


def peer(name: str) -> str:
    """Return the Python of a peer."""
    return str(PEERS / name / "bin" / "python")


def shapes_file(room: Path, kind: str) -> Path:
    """Return where the shapes of a kind are."""
    return room / f"shapes-{kind.lower()}.ttl"


def write_shapes(room: Path) -> None:
    """Write the shapes without SPARQL constraints, those with nothing else, and the subclasses that both need."""
    from rdflib import RDF, SH, BNode, Graph

    everything, parts = Graph(), {name: Graph() for name in SHAPES}
    for path in shape_files():
        everything.parse(path)
    everything.parse(HERE / "sparql.ttl")
    kept = {RDF.type, SH.sparql, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path,
            SH.severity, SH.message, SH.deactivated, SH.declare}
    constrained = {*everything.subjects(SH.sparql), *everything.subjects(SH.declare)}
    waiting, seen = [t for s in constrained for t in everything.triples((s, None, None)) if t[1] in kept], set()
    for triple in waiting:
        parts["SPARQL"].add(triple)
        if isinstance(triple[2], BNode) and triple[2] not in seen:
            seen.add(triple[2])
            waiting += everything.triples((triple[2], None, None))
    for triple in everything:
        if triple[1] not in {SH.sparql, SH.declare} and not str(triple[0]).startswith(BENCH):
            parts["Core"].add(triple)
    for name, graph in parts.items():
        graph.serialize(shapes_file(room, name), format="turtle")
    (room / "above.nt").write_text("".join(
        f"<{TRT}{name}> <{RDFS}subClassOf> <{TRT}{other}> .\n"
        for name, above in read_vocabulary(ontology_files()).ancestors.items() for other in sorted(above - {name})),
        encoding="utf-8")


class Place:
    """The folder of an input; what a command needs of another is made when it is missing."""

    def __init__(self, room: Path, given: Input) -> None:
        """Keep where it is."""
        self.given, self.folder = given, room / given.folder
        self.data, self.out = self.folder / "data", self.folder / "out"
        self.triples, self.faulty, self.copy = (self.folder / f"{n}.nt" for n in ("scale", "faulty", "serdi"))
        self.peer = self.data / "peer" / "peer.nt"

    def prepare(self, commit: str) -> None:
        """Write the data; what commands made of them stays if it is of the same commit."""
        mark = self.folder / "commit.txt"
        if mark.is_file() and mark.read_text(encoding="utf-8") == commit:
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        if self.given.kind == MADE:
            write_dataset(self.data, self.given.count, self.given.members)
        mark.write_text(commit, encoding="utf-8")

    def clear(self) -> None:
        """Remove what a build made, so that the next does not find it."""
        shutil.rmtree(self.out, ignore_errors=True)

    def tidy(self) -> None:
        """Remove what takes the most room, when all commands have run."""
        self.clear()
        self.copy.unlink(missing_ok=True)

    def need_triples(self, build: Callable[[], object]) -> None:
        """Make the N-Triples of all quads from the dump."""
        if self.triples.exists():
            return
        if not self.out.exists():
            build()
        fresh = self.triples.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(line[:line.rindex(b" <")] + b" .\n" for line in self._quads())
        fresh.replace(self.triples)

    def need_faulty(self, build: Callable[[], object]) -> None:
        """Make the same with triples that break shapes."""
        self.need_triples(build)
        shutil.copyfile(self.triples, self.faulty)
        with self.faulty.open("a", encoding="utf-8") as file:
            file.write(FAULTS)

    def need_peer(self, morph: Callable[[], object]) -> None:
        """Make the triples of morph-kgc."""
        if not self.peer.exists():
            morph()

    def _quads(self) -> Iterator[bytes]:
        for path in sorted(self.out.glob("scale*.nq*")):
            with subprocess.Popen([*UNPACK[path.suffix].split(), path], stdout=subprocess.PIPE) as opened:
                assert opened.stdout
                yield from opened.stdout
            if opened.returncode:
                raise RuntimeError(f"{path.name} could not be unpacked")

    def built(self) -> dict[str, int]:
        """Return what a build made, by what it tells of itself, and how much it was given."""
        manifest = json.loads((self.out / "MANIFEST.json").read_text(encoding="utf-8"))
        described = (self.out / "dataset.ttl").read_text(encoding="utf-8")
        claims = re.search(r"^about:quality\.claims a .*?dqv:value ([0-9]+)", described, re.MULTILINE | re.DOTALL)
        dumps = re.compile(re.escape(manifest["dataset"]) + r"(?:-facts|-rdf12)?(?:\.[0-9]{4})?"
                           r"\.(?:nq|nt|ttl|trig|jsonld)(?:\.gz|\.zst)?")
        ledger = (self.out / "ledger.csv").read_text(encoding="utf-8").splitlines()[1:]
        found = {"quads": manifest["quads"], "claims": int(claims[1]) if claims else 0,
                 "rows": sum({line.split(",")[0]: int(line.rsplit(",", 8)[1]) for line in ledger}.values()),
                 "dump bytes": sum(e["bytes"] for e in manifest["files"] if dumps.fullmatch(e["file"]))}
        if self.given.kind == MADE:
            found |= {"cited": cited(self.given.count, self.given.members),
                      "table bytes": sum(p.stat().st_size for p in (self.data / "tables").iterdir())}
        return found

    def mapped(self) -> dict[str, int]:
        """Return how many triples morph-kgc made."""
        with self.peer.open("rb") as file:
            return {"peer": sum(1 for _ in file)}
