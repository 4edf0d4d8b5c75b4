"""All dumps are the same data, to every parser, on every machine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import ALLIANCE, ROOT
from treatyrdf.build import build, check, compose
from treatyrdf.dump import write_dumps
from treatyrdf.jsonld import jsonld
from treatyrdf.names import RDF
from treatyrdf.publish import Published
from treatyrdf.readback import read_back

Files = dict[str, bytes]
Lines = set[str]


def union(files: Files) -> Lines:
    return {f"{q.subject} {q.predicate} {q.object}"
            for q in ox.parse(files["alliance.nq"], format=ox.RdfFormat.N_QUADS)}


def facts(files: Files) -> Lines:
    return {f"{q.subject} {q.predicate} {q.object}"
            for q in ox.parse(files["alliance.nq"], format=ox.RdfFormat.N_QUADS)
            if q.graph_name.value.endswith("/graph/facts")}


def canonical(ntriples: str) -> Lines:
    """Return lines as one parser writes them, so that escapes do not differ."""
    return {f"{t.subject} {t.predicate} {t.object}"
            for t in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)}


def test_the_normative_dump_is_in_canonical_form(alliance_files: Files) -> None:
    raw = alliance_files["alliance.nq"]
    data = ox.Dataset(ox.parse(raw, format=ox.RdfFormat.N_QUADS))
    data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = sorted(f"{q} .\n" for q in data)
    assert "".join(lines).encode() == raw
    manifest = json.loads(alliance_files["MANIFEST.json"])
    assert manifest["rdfc10-sha256"] == sha256("".join(lines).encode()).hexdigest()
    assert manifest["quads"] == len(lines)


def test_no_blank_nodes_in_the_data(alliance_files: Files) -> None:
    for quad in ox.parse(alliance_files["alliance.nq"], format=ox.RdfFormat.N_QUADS):
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


@pytest.mark.parametrize(("file", "form"), [
    ("alliance.ttl", "turtle"), ("alliance.jsonld", "json-ld"), ("alliance-facts.ttl", "turtle"),
    ("alliance-facts.nt", "nt")])
def test_rdflib_reads_the_same(alliance_files: Files, file: str, form: str) -> None:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    graph = rdflib.Graph().parse(data=alliance_files[file].decode(), format=form)
    wanted = facts(alliance_files) if "facts" in file else union(alliance_files)
    assert canonical(graph.serialize(format="nt")) == wanted


@pytest.mark.parametrize(("file", "form"), [("alliance.nq", "nquads"), ("alliance.trig", "trig")])
def test_rdflib_reads_the_same_named_graphs(alliance_files: Files, file: str, form: str) -> None:
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    data = rdflib.Dataset().parse(data=alliance_files[file].decode(), format=form)
    wanted = {(f"{q.subject} {q.predicate} {q.object}", q.graph_name.value)
              for q in ox.parse(alliance_files["alliance.nq"], format=ox.RdfFormat.N_QUADS)}
    found = {(line, str(graph.identifier)) for graph in data.graphs()
             for line in canonical(graph.serialize(format="nt"))}
    assert found == wanted


def test_pyld_reads_the_same_without_asking_the_network(alliance_files: Files) -> None:
    from pyld import jsonld as pyld

    def refuse(url: str, _options: object) -> object:
        raise AssertionError(f"asked for {url}")

    document = json.loads(alliance_files["alliance.jsonld"])
    nquads = pyld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    assert canonical(nquads) == union(alliance_files)


def test_pyld_gives_the_same_canonical_hash(alliance_files: Files) -> None:
    from pyld import jsonld as pyld

    document = json.loads(alliance_files["alliance.jsonld"])
    found = pyld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    wanted = "".join(sorted(f"{line} .\n" for line in union(alliance_files)))
    assert found == wanted


def test_rdf12_says_the_same(alliance_files: Files) -> None:
    store = ox.Store()
    store.load(alliance_files["alliance-rdf12.ttl"], format=ox.RdfFormat.TURTLE)
    assert any(isinstance(q.object, ox.Triple) for q in store)
    back = store.query(f"""PREFIX rdf: <{RDF}>
        CONSTRUCT {{ ?claim rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o . ?x ?y ?z }} WHERE {{
          {{ ?claim rdf:reifies ?t . BIND (SUBJECT(?t) AS ?s) BIND (PREDICATE(?t) AS ?p)
             BIND (OBJECT(?t) AS ?o) }}
          UNION {{ ?x ?y ?z . FILTER (?y != rdf:reifies) }} }}""")
    assert isinstance(back, ox.QueryTriples)
    assert {f"{t.subject} {t.predicate} {t.object}" for t in back} == union(alliance_files)


@pytest.mark.parametrize(("program", "file", "options"), [
    ("serdi", "alliance.ttl", ["-i", "turtle"]), ("serdi", "alliance.nq", ["-i", "nquads"]),
    ("serdi", "alliance.trig", ["-i", "trig"]), ("serdi", "alliance-facts.nt", ["-i", "ntriples"]),
    ("rapper", "alliance.ttl", ["-i", "turtle"]), ("rapper", "alliance-facts.nt", ["-i", "ntriples"]),
    ("rapper", "alliance-facts.ttl", ["-i", "turtle"]), ("rapper", "dataset.ttl", ["-i", "turtle"]),
    ("rapper", "ontology/treaty.ttl", ["-i", "turtle"])])
def test_strict_parsers_accept_the_dumps(alliance_files: Files, tool: Callable[[str], str],
                                         tmp_path: Path, program: str, file: str,
                                         options: list[str]) -> None:
    path = tmp_path / Path(file).name
    path.write_bytes(alliance_files[file])
    out = ["-o", "nquads"] if program == "serdi" else ["-q", "-o", "ntriples"]
    done = subprocess.run([tool(program), *options, *out, str(path)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr[:500]
    form = (ox.RdfFormat.TURTLE if file.endswith(".ttl") else ox.RdfFormat.N_TRIPLES
            if file.endswith(".nt") else ox.RdfFormat.TRIG if file.endswith(".trig")
            else ox.RdfFormat.N_QUADS)
    assert len(done.stdout.splitlines()) == len(set(ox.parse(alliance_files[file], format=form)))


# --- for people ---------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["alliance.ttl", "alliance.trig", "alliance-facts.ttl",
                                  "alliance-rdf12.ttl", "dataset.ttl"])
def test_only_used_prefixes_are_declared(alliance_files: Files, file: str) -> None:
    text = alliance_files[file].decode()
    head, body = [], []
    for line in text.splitlines():
        (head if line.startswith("@prefix") else body).append(line)
    rest = "\n".join(body)
    for line in head:
        prefix = line.split()[1]
        assert re.search(rf"(?<![\w/]){re.escape(prefix)}[A-Za-z0-9_]", rest), line
    assert head == sorted(head)


def test_turtle_is_grouped_with_type_and_label_first(alliance_files: Files) -> None:
    text = alliance_files["alliance.ttl"].decode()
    subjects = re.findall(r"^([\w-]+:\S+) ", text, re.MULTILINE)
    assert len(subjects) == len(set(subjects))
    spock = text[text.index("\nalliance:spock "):].splitlines()[1:3]
    assert spock == ["alliance:spock a trt:FictionalEntity, trt:Person ;", '    rdfs:label "Spock"@en ;']


def test_jsonld_is_compact_and_self_contained(alliance_files: Files) -> None:
    document = json.loads(alliance_files["alliance.jsonld"])
    assert isinstance(document["@context"], dict)
    node = next(n for n in document["@graph"] if n["id"] == "claim:spock-proposes-alliance")
    assert node["predicate"] == "proposedBy" and node["subject"] == "alliance:alliance-proposal"
    assert node["basis"] == "Stated" and node["label"] == "Spock put the alliance forward."
    assert "https://" not in json.dumps(node)


# --- determinism and the committed dist ---------------------------------------------------------


@pytest.mark.parametrize("setting", [
    {"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "4242", "TZ": "Asia/Kolkata"}, {"TZ": "America/Lima"},
    {"LC_ALL": "C"}, {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"},
    {"SOURCE_DATE_EPOCH": "0"}], ids=lambda s: " ".join(f"{k}={v}" for k, v in s.items()))
def test_same_bytes_everywhere(alliance_files: Files, hosted: Path, tmp_path: Path, setting: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "treatyrdf", "build", str(ALLIANCE), "--out",
                           "deep/in/a folder/out"], cwd=tmp_path, env={**os.environ, **setting},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "deep/in/a folder/out"
    found, wanted = ({p.relative_to(top).as_posix(): p.read_bytes() for p in top.rglob("*") if p.is_file()}
                     for top in (out, hosted))
    assert sorted(found) == sorted(wanted)
    assert {name for name in found if found[name] != wanted[name]} == set()
    assert {name: found[name] for name in alliance_files} == alliance_files


def test_the_committed_dist_is_what_the_sources_give() -> None:
    assert [str(p) for p in check(ALLIANCE, ROOT / "dist" / "alliance")] == []


def test_check_shows_the_difference(tmp_path: Path, small: Path) -> None:
    out = tmp_path / "out"
    build(small, out)
    assert check(small, out) == []
    (out / "small.ttl").write_text((out / "small.ttl").read_text().replace("1951", "1952", 1))
    (out / "small.nq").unlink()
    (out / "extra").write_text("x")
    found = {Path(p.position.path).name: p.what for p in check(small, out)}
    assert found["small.nq"] == "is missing" and found["extra"] == "should not be there"
    assert "-" in found["small.ttl"] and "1952" in found["small.ttl"]


def test_manifest_and_sums_hold(alliance_files: Files) -> None:
    manifest = json.loads(alliance_files["MANIFEST.json"])
    listed = {e["file"]: (e["bytes"], e["sha256"]) for e in manifest["files"]}
    assert listed == {name: (len(raw), sha256(raw).hexdigest()) for name, raw in alliance_files.items()
                      if name not in ("MANIFEST.json", "SHA256SUMS")}
    sums = dict(reversed(line.split("  ")) for line in alliance_files["SHA256SUMS"].decode().splitlines())
    assert sums == {name: sha256(raw).hexdigest() for name, raw in alliance_files.items()
                    if name != "SHA256SUMS"}


def test_another_base_moves_everything(small: Path) -> None:
    files = compose(small, "https://data.example.net/x/")
    assert b"example.org" not in files["small.nq"]
    assert b"https://data.example.net/x/united-kingdom" in files["questions/parties.csv"]


@pytest.mark.parametrize("text", ["a\"b\\c\nd\te\rf", "\u00fcn\u0130c\u00f6de \U0001f596",
                                  "x\u007fy\u0085z", "<&'>", "\u2028", "https://w3id.org/treatyrdf/ontology#"])
def test_any_text_survives_every_format(alliance: Published, text: str) -> None:
    names = alliance.names
    quads = [(names.thing("x"), f"<{RDF}value>", term, names.graph("facts"))
             for term in (names.text(text), f'{names.text(text).rpartition("@")[0]}')]
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text())["@context"]
    read_back(write_dumps(quads, names, context, "t"), sorted(quads), names)
    assert json.loads(jsonld(quads, names, context))
