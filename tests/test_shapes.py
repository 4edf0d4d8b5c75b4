"""Every shape stays quiet on valid data and fires on the one thing that breaks it.

`shapes/valid.ttl` satisfies them all; each `shapes/<file>/<Shape>.ru` is a SPARQL Update that breaks
one rule of it, and the shape of that name must fire.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from treatyrdf.errors import Position
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.findings import check_shapes, report_problems
from treatyrdf.names import PREFIXES
from treatyrdf.publish import publish
from treatyrdf.results import Report, report_json, report_turtle
from treatyrdf.validate import validate
from treatyrdf.vocabulary import read_vocabulary

HERE = Path(__file__).resolve().parent / "shapes"
UPDATES = sorted(HERE.glob("*/*.ru"))
TRSH = PREFIXES["trsh"]


def updated(*updates: str) -> list[str]:
    """Return the valid data as N-Triples lines, after some updates."""
    import pyoxigraph as ox

    store = ox.Store()
    store.load(path=str(HERE / "valid.ttl"), format=ox.RdfFormat.TURTLE)
    head = "".join(f"PREFIX {p}: <{n}>\n" for p, n in PREFIXES.items())
    for update in updates:
        before = set(store)
        store.update(f"PREFIX : <https://example.org/t/>\n{head}{update}")
        assert set(store) != before, f"changes nothing: {update}"
    return [f"{q.subject} {q.predicate} {q.object} .\n" for q in store]


def check(*updates: str, shapes: list[Path] | None = None, absent: frozenset[str] = frozenset()) -> Report:
    return validate(updated(*updates), shapes or shape_files(), read_vocabulary(ontology_files()), absent)


def fired(report: Report) -> set[str]:
    return {f.shape.removeprefix(TRSH) for f in report.findings if f.shape}


def test_valid_data_pass() -> None:
    report = check()
    assert report.conforms
    assert report.findings == ()


@pytest.mark.parametrize("path", UPDATES, ids=lambda p: p.stem)
def test_the_named_shape_fires(path: Path) -> None:
    report = check(path.read_text(encoding="utf-8"))
    assert path.stem in fired(report)
    finding = next(f for f in report.findings if f.shape == TRSH + path.stem)
    assert finding.message and not finding.message.startswith("Less than")
    assert report.conforms == (finding.severity != "violation")


def test_every_shape_has_an_invalid_fixture_beside_its_file() -> None:
    shapes = {(path.stem, name) for path in shape_files()
              for name in re.findall(r"^trsh:(\w+) a sh:", path.read_text(encoding="utf-8"), re.M)}
    assert shapes == {(path.parent.name, path.stem) for path in UPDATES}


def test_every_shape_tells_the_curator_what_to_do() -> None:
    for path in shape_files():
        for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:
            assert "sh:message" in block and "sh:severity" in block and "sh:target" in block, block


# --- the silent yes -----------------------------------------------------------------------------


def write(folder: Path, text: str) -> list[Path]:
    path = folder / "shape.ttl"
    path.write_text("".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items()) + text)
    return [path]


@pytest.mark.parametrize(("text", "code", "hint"), [
    ("", "TRT060", "no shape"),
    ("trsh:A a sh:NodeShape ; sh:targetClass trt:Claim ; sh:minnCount 1 .", "TRT061", "minCount"),
    ("trsh:A a sh:NodeShape ; sh:targetClass trt:Claimm ; sh:nodeKind sh:IRI .", "TRT061", "trt:|Claim"),
    ("trsh:A a sh:NodeShape ; sh:targetClass trt:Vessel ; sh:nodeKind sh:IRI .", "TRT063", "absent"),
    ("trsh:A a sh:NodeShape ; sh:targetSubjectsOf trt:amends ; sh:nodeKind sh:IRI .", "TRT063", "amends"),
    ("trsh:A a sh:NodeShape ; sh:targetNode <https://example.org/none> ; sh:nodeKind sh:IRI .",
     "TRT063", "none"),
    ("trsh:A a sh:NodeShape ; sh:targetClass trt:Claim ; sh:property trsh:B .", "TRT061", "shape"),
])
def test_shapes_that_check_nothing_are_errors(tmp_path: Path, text: str, code: str, hint: str) -> None:
    report = check(shapes=write(tmp_path, text))
    assert not report.conforms
    finding = next(f for f in report.findings if f.code == code)
    assert re.search(hint, f"{finding.value} {finding.message}")


def test_a_term_nobody_defined_is_an_error() -> None:
    report = check("INSERT DATA { :alliance trt:hasPartty :two }")
    assert [(f.code, f.message) for f in report.findings] == [
        ("TRT062", f"did you mean {PREFIXES['trt']}hasParty?")]


def test_what_is_declared_absent_may_be_absent_and_must_be() -> None:
    drop = "DELETE WHERE { :clause ?p ?o } ; DELETE WHERE { ?s trt:inClause ?o }"
    assert not check(drop).conforms
    assert check(drop, absent=frozenset({"Clause"})).conforms
    assert [f.code for f in check(absent=frozenset({"Clause"})).findings] == ["TRT064"]


# --- reports ------------------------------------------------------------------------------------


def test_reports_are_readable_by_machines() -> None:
    import pyoxigraph as ox

    report = check("DELETE WHERE { :party rdfs:label ?l }", "DELETE DATA { :alliance trt:hasParty :two }")
    triples = {(t.predicate.value.rpartition("#")[2], str(t.object))
               for t in ox.parse(report_turtle(report), format=ox.RdfFormat.TURTLE)}
    assert ("conforms", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>') in triples
    assert ("sourceShape", f"<{TRSH}ClaimLabel>") in triples
    assert ("resultSeverity", "<http://www.w3.org/ns/shacl#Warning>") in triples
    assert '"shape": "https://w3id.org/treatyrdf/shapes#ClaimLabel"' in report_json(report)


def test_findings_point_at_the_line_the_curator_wrote(small: Path) -> None:
    claims = small / "claims.yaml"
    text = claims.read_text().replace("certainty: possible", "certainty: certain")
    text += "- {id: x, about: withdrawal, unknown: location, at: '1.3'}\n"
    claims.write_text(text.replace("  endsState: in-force\n  polarity: denied\n",
                                   "  initiatesState: in-force\n  endsState: in-force\n"))
    published = publish(small)
    problems = report_problems(published, check_shapes(published))
    line = claims.read_text().splitlines().index("- id: withdrawal-denied") + 1
    assert [(p.code, p.position) for p in problems] == [
        ("TRT065", Position(str(claims), line, 7))]
