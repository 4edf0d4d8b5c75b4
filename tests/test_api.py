"""The Python library: what is public, loading, asking, building, and errors that are exceptions."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import treatyrdf
from conftest import ROOT
from treatyrdf.library import Value

DIST = ROOT / "dist" / "alliance"


def test_the_public_names_are_sorted_and_there() -> None:
    assert treatyrdf.__all__ == sorted(treatyrdf.__all__) == dir(treatyrdf)
    for name in treatyrdf.__all__:
        assert getattr(treatyrdf, name) is not None, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = treatyrdf.nothing


def test_importing_loads_no_heavy_package() -> None:
    code = ("import sys, treatyrdf; treatyrdf.answer_to; "
            "sys.exit(str({'rdflib', 'pyoxigraph', 'pyshacl'} & {*sys.modules} or ''))")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False).stderr == "\n"


def test_both_stores_hold_the_dump() -> None:
    published = ox.Dataset(ox.parse((DIST / "alliance.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    store, graph = treatyrdf.store(), treatyrdf.dataset()
    assert isinstance(store, ox.Store) and isinstance(graph, rdflib.Dataset)
    assert ox.Dataset(store) == published
    assert ox.Dataset(ox.parse(graph.serialize(format="nquads"), format=ox.RdfFormat.N_QUADS)) == published


def test_what_a_caller_changes_is_their_own() -> None:
    store = treatyrdf.store()
    size = len(store)
    store.clear()
    assert len(treatyrdf.store()) == size


def test_a_reply_has_typed_rows_with_evidence() -> None:
    reply = treatyrdf.answer_to("in-force", year=range(2359, 2361))
    assert [row["year"] for row in reply.rows] == [2359, 2360]
    assert reply.rows[1].grade == "inferred" and "school-is-academy" in reply.rows[1].assumptions
    assert reply.sentence and reply.text == treatyrdf.questions()["in-force"]
    for ground in reply.evidence:
        lines = (ROOT / ground.file).read_text().splitlines() if (ROOT / ground.file).is_file() else []
        assert ground.says and ground.locator and ground.claimant
        assert not lines or 0 < ground.line <= len(lines)
    proposer = treatyrdf.answer_to("who-proposed").rows[0]
    assert ox.NamedNode(proposer.iris["proposer"]) in {q.subject for q in treatyrdf.store()}


@pytest.mark.parametrize("name", sorted(treatyrdf.questions()))
def test_a_reply_says_what_was_published(name: str) -> None:
    reply = treatyrdf.answer_to(name)
    text = (DIST / "questions" / f"{name}.csv").read_text(encoding="utf-8")
    given = {tuple(_plain(row.iris.get(c, row[c])) for c in row.cells) for row in reply.rows}
    shown = tuple(reply.rows[0].cells) if reply.rows else ()
    published = {tuple(row[c] for c in shown) for row in csv.DictReader(io.StringIO(text))}
    assert given == published


def _plain(value: Value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_building_from_a_program(small: Path, tmp_path: Path) -> None:
    out = treatyrdf.build_folder(small, tmp_path / "out")
    assert out == tmp_path / "out"
    assert (out / "small.nq").read_bytes().count(b"\n") == len(treatyrdf.store(small))
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    treatyrdf.build_folder(str(small), str(out))
    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before


def test_an_edited_folder_is_read_again(small: Path) -> None:
    assert "France" in {row["party"] for row in treatyrdf.answer_to("parties", folder=small).rows}
    things = small / "things.yaml"
    things.write_text(things.read_text().replace("france: France", "france: French Republic"))
    assert "French Republic" in {row["party"] for row in treatyrdf.answer_to("parties", folder=small).rows}


def test_what_is_wrong_is_an_exception(small: Path, tmp_path: Path) -> None:
    claims = small / "claims.yaml"
    claims.write_text(claims.read_text().replace("hasParty", "hasPartys"))
    with pytest.raises(treatyrdf.DataError) as caught:
        treatyrdf.build_folder(small, tmp_path / "out")
    problem = caught.value.problems[0]
    assert isinstance(problem, treatyrdf.Problem) and problem.code == "TRT020"
    assert problem.position.path.endswith("claims.yaml") and not (tmp_path / "out").exists()


@pytest.mark.parametrize("ask", [
    lambda: treatyrdf.answer_to("no-such-question"),
    lambda: treatyrdf.answer_to("who-proposed", year=2360),
    lambda: treatyrdf.answer_to("who-proposed", without="no-such-claim"),
    lambda: treatyrdf.store("no/such/folder"),
    lambda: treatyrdf.build_folder("no/such/folder"),
])
def test_what_cannot_run_is_an_exception(ask: object) -> None:
    with pytest.raises(treatyrdf.RunError, match=r"TRT[0-9]{3} ") as caught:
        ask()  # type: ignore[operator]
    assert isinstance(caught.value, treatyrdf.TreatyError) and caught.value.problems[0].code
