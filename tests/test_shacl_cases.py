"""SHACL engines give what the specification says for every construct; where one departs is written down.

Each `shacl/<case>.ttl` holds shapes and data; `shacl/<case>.json` lists the results that
https://www.w3.org/TR/shacl/ asks for: [focus, path, value, component, severity, shape], and where they
matter the messages. IRIs stand in <>, literals as in N-Triples, blank nodes as _:, paths as in SPARQL.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from treatyrdf.validate import _fill

HERE = Path(__file__).resolve().parent / "shacl"
SCRIPTS = HERE.parent / "engines"
CASES = sorted(HERE.glob("*.ttl"))
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"

Results = list[list[Any]]

# --- the engines ----------------------------------------------------------------------------------


def written(term: Any) -> str:
    """Return an rdflib term as the expected results write it."""
    from rdflib import BNode, Literal

    if term is None:
        return ""
    if isinstance(term, BNode):
        return "_:"
    if not isinstance(term, Literal):
        return f"<{term}>"
    text = str(term).replace("\\", "\\\\").replace('"', '\\"')
    text = '"%s"' % text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if term.language:
        return f"{text}@{term.language.lower()}"
    plain = term.datatype is None or str(term.datatype) == XSD_STRING
    return text if plain else f"{text}^^<{term.datatype}>"


def path_of(graph: Any, node: Any) -> str:
    """Return a SHACL path of an rdflib graph as a SPARQL path."""
    from rdflib import RDF, SH, URIRef
    from rdflib.collection import Collection

    def atom(node: Any) -> str:
        text = path_of(graph, node)
        return text if isinstance(node, URIRef) or (node, SH.alternativePath, None) in graph else f"({text})"

    if node is None:
        return ""
    if isinstance(node, URIRef):
        return f"<{node}>"
    if (inverse := graph.value(node, SH.inversePath)) is not None:
        return f"^{atom(inverse)}"
    if (either := graph.value(node, SH.alternativePath)) is not None:
        return "(%s)" % "|".join(path_of(graph, n) for n in Collection(graph, either))
    for word, sign in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        if (inner := graph.value(node, word)) is not None:
            return atom(inner) + sign
    steps = [*Collection(graph, node)]
    return "/".join(f"({path_of(graph, n)})" if (n, RDF.first, None) in graph else path_of(graph, n) for n in steps)


def pyshacl(case: Path) -> Results:
    """Validate as treatyrdf.validate does."""
    from pyshacl import validate
    from rdflib import SH, Graph, URIRef

    data, shapes = Graph(), Graph()
    for graph in (data, shapes):
        _fill(graph, case.read_text(encoding="utf-8"))
    try:
        _, report, message = validate(data, shacl_graph=shapes, inference="none", advanced=False,
                                      do_owl_imports=False, meta_shacl=False, js=False)
    except Exception as error:  # noqa: BLE001 -- an engine that fails departs, however it does
        return [["error", str(error)]]
    if not isinstance(report, Graph):
        return [["error", message]]
    found: Results = []
    for result in report.objects(None, SH.result):
        one = {w: report.value(result, SH[w]) for w in (
            "focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")}
        shape = one["sourceShape"]
        found.append([written(one["focusNode"]), path_of(report, one["resultPath"]), written(one["value"]),
                      str(one["sourceConstraintComponent"]).removeprefix(str(SH)),
                      str(one["resultSeverity"]).removeprefix(str(SH)),
                      written(shape) if isinstance(shape, URIRef) else "",
                      sorted(map(written, report.objects(result, SH.resultMessage)))])
    return sorted(found)


@cache
def of_shacl_engine() -> dict[str, Results]:
    """Return what shacl-engine finds in every case, in one process."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        if os.environ.get("CI"):
            pytest.fail("node and npm are missing in CI: .ci/run installs them")
        pytest.skip("node and npm are not installed")
    with (SCRIPTS / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several workers, one installation
        if not (SCRIPTS / "node_modules" / "shacl-engine").is_dir():
            subprocess.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"],
                           cwd=SCRIPTS, check=True, capture_output=True, timeout=600)
    done = subprocess.run([node, "shacl.mjs", *map(str, CASES)], cwd=SCRIPTS, check=False,
                          capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return {Path(file).stem: sorted(found) for file, found in json.loads(done.stdout).items()}


def shacl_engine(case: Path) -> Results:
    return of_shacl_engine()[case.stem]


ENGINES: dict[str, Callable[[Path], Results]] = {"pySHACL": pyshacl, "shacl-engine": shacl_engine}
"""Each takes a case and returns sorted results: six columns, and a seventh with messages or not."""

# --- where they depart ----------------------------------------------------------------------------

DEPARTURES: dict[tuple[str, str], str] = {
}
"""(case, engine) -> what the engine does instead, and the section that says otherwise."""

# --- the tests ------------------------------------------------------------------------------------


def expected(case: Path) -> Results:
    results: Results = json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))
    return results


def differences(case: Path, engine: str) -> tuple[Results, Results]:
    """Return the results that are missing and those that are too many."""
    wanted = expected(case)
    columns = max((len(row) for row in wanted), default=6)
    found = [row[:columns] for row in ENGINES[engine](case)]
    one, other = (Counter(json.dumps(row, ensure_ascii=False) for row in rows) for rows in (wanted, found))
    missing, many = ([json.loads(row) for row in sorted(rows.elements())] for rows in (one - other, other - one))
    return missing, many


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.stem)
def test_the_results_are_those_of_the_specification(case: Path, engine: str) -> None:
    missing, many = differences(case, engine)
    departure = DEPARTURES.get((case.stem, engine))
    if departure is None:
        assert (missing, many) == ([], [])
    else:
        assert missing or many, f"departs no more: {departure}"


def test_every_case_is_whole() -> None:
    assert {c.stem for c in CASES} == {c.stem for c in HERE.glob("*.json")}
    for case in CASES:
        first, *_ = case.read_text(encoding="utf-8").splitlines()
        assert first.startswith("# SHACL "), case.name
        rows = expected(case)
        assert rows == sorted(rows), case.name
        assert {len(row) for row in rows} <= {6} or {len(row) for row in rows} == {7}, case.name


def test_departures_name_cases_engines_and_sections() -> None:
    stems = {c.stem for c in CASES}
    for (case, engine), what in DEPARTURES.items():
        assert case in stems and engine in ENGINES
        assert "§" in what, what
