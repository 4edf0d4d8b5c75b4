"""Every question runs alone in any SPARQL 1.1 store and gives the expected rows there."""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import ALLIANCE, ROOT
from treatyrdf.ask import Question, answer_csv, check_answers, open_store, read_questions
from treatyrdf.build import compose
from treatyrdf.errors import DataError, RunError

QUESTIONS = read_questions(ALLIANCE)
ENGINES = Path(__file__).resolve().parent / "engines"
EACH = pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
Files = dict[str, bytes]


def expected(question: Question) -> list[list[str]]:
    text = (ALLIANCE / "answers" / f"{question.name}.csv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text)))


def rows_of(text: str) -> list[list[str]]:
    return [row or [""] for row in csv.reader(io.StringIO(text))]


def test_there_are_enough_questions_and_each_explains_itself() -> None:
    assert len(QUESTIONS) >= 30
    for question in QUESTIONS:
        assert question.summary.endswith("?"), question.name
        assert re.search(r"^ORDER BY ", question.sparql, re.MULTILINE), question.name
        assert re.search(r"^#\+ method: GET$", question.sparql, re.MULTILINE), question.name


def test_every_row_comes_with_evidence() -> None:
    for question in QUESTIONS:
        columns, *rows = expected(question)
        evidence = [n for n, c in enumerate(columns) if c.startswith(("claim", "silence"))]
        if question.name in {"same-as", "citations"}:
            continue  # no rows; and citations are evidence themselves
        assert evidence, question.name
        for row in rows:
            assert any(row[n] for n in evidence), (question.name, row)


def test_no_answers_without_a_question() -> None:
    assert {p.stem for p in (ALLIANCE / "answers").glob("*.csv")} == {q.name for q in QUESTIONS}


@EACH
def test_the_build_gives_the_expected_rows_in_order(alliance_files: Files, question: Question) -> None:
    text = (ALLIANCE / "answers" / f"{question.name}.csv").read_bytes()
    assert alliance_files[f"questions/{question.name}.csv"] == text


@pytest.fixture(scope="module")
def stores(alliance_files: Files) -> dict[str, ox.Store]:
    triples = ox.Store()
    triples.load(alliance_files["alliance.ttl"], format=ox.RdfFormat.TURTLE)
    return {"quads": open_store(alliance_files["alliance.nq"]), "triples": triples}


@EACH
@pytest.mark.parametrize(("data", "union"), [("quads", False), ("quads", True), ("triples", False)])
def test_pyoxigraph_with_any_default_graph(stores: dict[str, ox.Store], question: Question,
                                           data: str, union: bool) -> None:
    result = stores[data].query(question.sparql, use_default_graph_as_union=union)
    found = rows_of(result.serialize(format=ox.QueryResultsFormat.CSV).decode())  # type: ignore[union-attr]
    assert found == [row or [""] for row in expected(question)]


@pytest.fixture(scope="module")
def rdflib_data(alliance_files: Files):  # type: ignore[no-untyped-def]
    import rdflib

    quads = rdflib.Dataset().parse(data=alliance_files["alliance.nq"].decode(), format="nquads")
    triples = rdflib.Dataset()
    triples.default_graph.parse(data=alliance_files["alliance.ttl"].decode(), format="turtle")
    return {"quads": quads, "triples": triples}


@EACH
@pytest.mark.parametrize("data", ["quads", "triples"])
def test_rdflib(rdflib_data, question: Question, data: str) -> None:  # type: ignore[no-untyped-def]
    result = rdflib_data[data].query(question.sparql)
    columns = [str(v) for v in result.vars]
    found = [["" if cell is None else str(cell) for cell in row] for row in result]
    wanted = expected(question)
    assert columns == wanted[0]
    assert sorted(found) == sorted(wanted[1:])


# --- a real server over HTTP --------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(alliance_files: Files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("oxigraph", path=f"{Path(os.sys.executable).parent}:{os.environ['PATH']}")  # type: ignore[attr-defined]
    assert program, "the package oxigraph brings the server"
    folder = tmp_path_factory.mktemp("server")
    (folder / "alliance.nq").write_bytes(alliance_files["alliance.nq"])
    subprocess.run([program, "load", "--location", folder / "store", "--file", folder / "alliance.nq"],
                   check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "serve-read-only", "--location", folder / "store",
                                "--bind", f"127.0.0.1:{port}"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/query"
    try:
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@EACH
def test_the_oxigraph_server_over_http(server: str, question: Question) -> None:
    for union in ("", "?union-default-graph"):
        request = urllib.request.Request(server + union, data=question.sparql.encode(), headers={
            "Content-Type": "application/sparql-query", "Accept": "text/csv"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            assert rows_of(reply.read().decode()) == [r or [""] for r in expected(question)]


# --- a third engine -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def comunica(alliance_files: Files, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        if os.environ.get("CI"):
            pytest.fail("node and npm are missing in CI: .ci/run installs them")
        pytest.skip("node and npm are not installed")
    folder = ENGINES
    with (folder / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers, one installation
        if not (folder / "node_modules" / "@comunica").is_dir():
            subprocess.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"],
                           cwd=folder, check=True, capture_output=True, timeout=600)
    data = tmp_path_factory.mktemp("comunica") / "alliance.nq"
    data.write_bytes(alliance_files["alliance.nq"])
    request = {"file": str(data), "queries": {q.name: q.sparql for q in QUESTIONS}}
    done = subprocess.run([node, "comunica.mjs"], cwd=folder, input=json.dumps(request), check=False,
                          capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    answers: dict[str, dict[str, list]] = json.loads(done.stdout)
    return answers


@EACH
def test_comunica(comunica: dict[str, dict[str, list]], question: Question) -> None:
    columns, *rows = expected(question)
    found = comunica[question.name]
    order = [found["columns"].index(c) for c in columns] if found["rows"] else []
    assert sorted([row[n] for n in order] for row in found["rows"]) == sorted(rows)


# --- what goes wrong ----------------------------------------------------------------------------


def test_answers_that_differ_are_named(small: Path) -> None:
    store = open_store(compose(small)["small.nq"])
    questions = read_questions(small)
    assert check_answers(questions, small, store) == []
    parties = small / "answers" / "parties.csv"
    parties.write_text(parties.read_text().replace("france", "spain"))
    (small / "answers" / "works.csv").unlink()
    found = {p.code: p for p in check_answers(questions, small, store)}
    assert set(found) == {"TRT075", "TRT076"}
    assert "spain" in found["TRT076"].what and "france" in found["TRT076"].what


@pytest.mark.parametrize(("text", "code"), [
    ("SELECT * { ?s ?p ?o }", "TRT070"), ("#+ summary: x?\nSELEC *", "TRT072"),
    ("#+ summary: x?\nASK { }", "TRT074"),
    ("#+ summary: x?\nSELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }", "TRT073")])
def test_a_bad_question_is_refused(small: Path, text: str, code: str) -> None:
    (small / "questions").mkdir(exist_ok=True)
    (small / "questions" / "bad.rq").write_text(text)
    with pytest.raises((DataError, RunError)) as refused:
        compose(small)
    assert [p.code for p in refused.value.problems] == [code]
    assert "bad.rq" in str(refused.value)


def test_the_word_service_in_a_text_is_no_service() -> None:
    question = Question("x", "x?", {}, 'SELECT ("SERVICE" AS ?x) { } # SERVICE', ROOT / "x.rq")
    assert answer_csv(question, ox.Store()) == "x\nSERVICE\n"


