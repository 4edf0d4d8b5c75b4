"""The command line: what it prints where, and its exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Run

DIST = ROOT / "dist" / "alliance"
HERE = {"cwd": ROOT}
COMMANDS = ("ask", "assumptions", "build", "explain", "new", "query", "schema", "sources", "validate")


def test_help_is_short_and_each_command_shows_an_example(treatyrdf: Run) -> None:
    shown = treatyrdf("--help")
    assert shown.returncode == 0
    for name in COMMANDS:
        line = next(li for li in shown.stdout.splitlines() if li.startswith(f"  {name} "))
        assert len(line) < 80 and not line.endswith("...")
        helped = treatyrdf(name, "--help")
        assert helped.returncode == 0
        assert name == "sources" or f"Example: treatyrdf {name}" in " ".join(helped.stdout.split()) or (
            "Example: echo" in helped.stdout)


@pytest.mark.parametrize(("args", "hint"), [
    (["bild"], "did you mean `build`?"), (["build", "--outt", "x"], "--out"), (["ask", "--csv", "--jso"], "--json"),
    (["build", "--base", "example"], "slash"), (["sources", "chek"], "did you mean `check`?"), (["schema", "x"], "facts"),
    (["query", "-", "--format", "xml"], "turtle"), (["explain"], "WHAT")])
def test_wrong_usage_exits_2_with_a_hint(treatyrdf: Run, args: list[str], hint: str) -> None:
    done = treatyrdf(*args)
    assert done.returncode == 2 and done.stdout == ""
    assert hint in done.stderr


def test_build_says_what_it_did_on_stderr(treatyrdf: Run) -> None:
    first, second = (treatyrdf("build", ALLIANCE, "--out", "out") for _ in range(2))
    assert (first.returncode, first.stdout) == (0, "") and first.stderr.startswith("wrote out: ")
    assert second.stderr.startswith("unchanged out: ")
    checked = treatyrdf("build", ALLIANCE, "--out", "out", "--check")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_build_check_names_what_differs(treatyrdf: Run, tmp_path: Path) -> None:
    treatyrdf("build", ALLIANCE, "--out", "out")
    (tmp_path / "out" / "alliance-facts.nt").write_text("")
    done = treatyrdf("build", ALLIANCE, "--out", "out", "--check")
    assert done.returncode == 1 and "alliance-facts.nt: TRT095 differs" in done.stderr


def test_validate_in_three_forms(treatyrdf: Run, small: Path) -> None:
    assert treatyrdf("validate", small).returncode == 0
    claims = small / "claims.yaml"
    claims.write_text(claims.read_text().replace("hasParty", "hasPartty"))
    text = treatyrdf("validate", small)
    assert text.returncode == 1 and "TRT020" in text.stderr and text.stdout == ""
    values = json.loads(treatyrdf("validate", small, "--format", "json").stdout)
    assert [v["code"] for v in values] == ["TRT020"] and values[0]["file"].endswith("claims.yaml")
    sarif = json.loads(treatyrdf("validate", small, "--format", "sarif").stdout)
    result = sarif["runs"][0]["results"][0]
    assert sarif["version"] == "2.1.0" and result["ruleId"] == "TRT020"
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == values[0]["line"]


def test_a_warning_is_shown_and_does_not_fail(treatyrdf: Run, small: Path) -> None:
    things, header = small / "things.yaml", small / "dataset.yaml"
    things.write_text(things.read_text() + "  Alliance:\n    pact: A pact nobody has joined\n")
    header.write_text(header.read_text().replace("PoliticalRelation, ", ""))
    done = treatyrdf("validate", small)
    assert done.returncode == 0 and "TRT066" in done.stderr and "hasParty" in done.stderr
    assert treatyrdf("build", small, "--out", "out").returncode == 0


# --- ask ----------------------------------------------------------------------------------------


def test_ask_lists_the_questions(treatyrdf: Run) -> None:
    rows = json.loads(treatyrdf("ask", "--json", **HERE).stdout)
    assert len(rows) >= 30 and {"question", "text"} == set(rows[0])
    plain = treatyrdf("ask", **HERE).stdout.splitlines()
    assert plain[0] == "question\ttext" and len(plain) == len(rows) + 1


def test_ask_in_three_forms(treatyrdf: Run) -> None:
    shown = treatyrdf("ask", "source-of-proposal", **HERE).stdout
    assert 'VOY: "Alliances"' in shown and "grade: stated" in shown and "claims.yaml:" in shown
    value = json.loads(treatyrdf("ask", "source-of-proposal", "--json", **HERE).stdout)
    assert value["rows"][0]["work"] == 'VOY: "Alliances"' and value["grade"] == "stated"
    rows = list(csv.reader(io.StringIO(treatyrdf("ask", "source-of-proposal", "--csv", **HERE).stdout)))
    assert rows == list(csv.reader(
        (ALLIANCE / "answers" / "source-of-proposal.csv").read_text().splitlines()))
    every = json.loads(treatyrdf("ask", "--all", "--json", **HERE).stdout)
    assert len(every) >= 30


def test_an_empty_answer_says_so(treatyrdf: Run) -> None:
    shown = treatyrdf("ask", "same-as", **HERE).stdout
    assert "No. Nothing is." in shown and "grade: unknown" in shown


def test_ask_before_build_and_after_a_change(treatyrdf: Run, small: Path) -> None:
    done = treatyrdf("ask", "parties", "--dataset", small)
    assert done.returncode == 2 and "TRT096" in done.stderr and "treatyrdf build" in done.stderr
    treatyrdf("build", small)
    assert treatyrdf("ask", "parties", "--dataset", small).returncode == 0
    things = small / "things.yaml"
    things.write_text(things.read_text().replace(": France", ": French Republic"))
    done = treatyrdf("ask", "parties", "--dataset", small)
    assert done.returncode == 2 and "TRT095" in done.stderr


def test_ask_follows_another_base(treatyrdf: Run) -> None:
    treatyrdf("build", ALLIANCE, "--base", "https://data.example.net/x/", "--out", "out")
    done = treatyrdf("ask", "--all", "--check", "--dataset", ALLIANCE, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "Spock" in treatyrdf("ask", "who-proposed", "--dataset", ALLIANCE, "--out", "out").stdout


def test_ask_check_shows_rows_that_differ(treatyrdf: Run, small: Path) -> None:
    treatyrdf("build", small)
    answer = small / "answers" / "parties.csv"
    answer.write_text(answer.read_text().replace("france", "spain"))
    done = treatyrdf("ask", "--all", "--check", "--dataset", small)
    assert done.returncode == 1 and "TRT076" in done.stderr and "spain" in done.stderr


def test_an_unknown_question(treatyrdf: Run) -> None:
    done = treatyrdf("ask", "who-propose", **HERE)
    assert done.returncode == 2
    assert done.stderr == "who-propose: TRT071 is not a question; did you mean `who-proposed`?\n"


# --- query --------------------------------------------------------------------------------------

ONE = "SELECT ?s WHERE { ?s a <https://w3id.org/treatyrdf/ontology#Alliance> }"


@pytest.mark.parametrize(("sparql", "style", "wanted"), [
    (ONE, "table", "s\nhttps://w3id.org/treatyrdf/alliance/federation-klingon-alliance\n"),
    (ONE, "csv", "s\nhttps://w3id.org/treatyrdf/alliance/federation-klingon-alliance\n"),
    (ONE, "tsv", "?s\n<https://w3id.org/treatyrdf/alliance/federation-klingon-alliance>\n"),
    ("ASK { ?s ?p ?o }", "table", "yes\n"), ("ASK { <x:y> ?p ?o }", "table", "no\n"),
    ("ASK { ?s ?p ?o }", "json", '{"head":{},"boolean":true}\n')])
def test_query_in_many_forms(treatyrdf: Run, sparql: str, style: str, wanted: str) -> None:
    done = treatyrdf("query", "-", "--format", style, stdin=sparql, **HERE)
    assert (done.returncode, done.stdout) == (0, wanted), done.stderr


def test_query_of_a_graph_is_turtle(treatyrdf: Run) -> None:
    done = treatyrdf("query", "-", stdin="CONSTRUCT { ?s a ?t } WHERE { ?s a ?t } LIMIT 3", **HERE)
    assert done.returncode == 0 and done.stdout.count(" .") >= 1


def test_query_on_given_files(treatyrdf: Run, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<https://e.org/a> <https://e.org/b> 1 .")
    (tmp_path / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert treatyrdf("query", "q.rq", "x.ttl").stdout == "n\n1\n"
    done = treatyrdf("query", "q.rq", DIST / "alliance.trig", DIST / "alliance.jsonld")
    assert int(done.stdout.split()[1]) > 4000


@pytest.mark.parametrize(("sparql", "style", "code"), [
    ("SELEC", "table", "TRT072"), ("SELECT * { SERVICE <https://e.org/> { ?s ?p ?o } }", "table", "TRT073"),
    ("ASK { }", "csv", "TRT077"), ("SELECT * { }", "turtle", "TRT077"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv", "TRT077"),
    ("INSERT DATA { <a:b> <a:c> 1 }", "table", "TRT072")])
def test_bad_queries(treatyrdf: Run, sparql: str, style: str, code: str) -> None:
    done = treatyrdf("query", "-", "--format", style, stdin=sparql, **HERE)
    assert done.returncode == 1 and f": {code} " in done.stderr and done.stdout == ""


def test_bad_files_for_a_query(treatyrdf: Run, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<https://e.org/a> <b")
    (tmp_path / "x.doc").write_text("x")
    for file, code in (("x.ttl", "TRT098"), ("x.doc", "TRT097"), ("gone.ttl", "TRT002")):
        done = treatyrdf("query", "-", file, stdin=ONE)
        assert done.returncode in (1, 2) and code in done.stderr
    assert "TRT002" in treatyrdf("query", "gone.rq", **HERE).stderr


# --- explain ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["spock-proposes-alliance", "F016", "claim:spock-proposes-alliance",
                                  "https://w3id.org/treatyrdf/alliance/claim/spock-proposes-alliance",
                                  "alliance:alliance-proposal trt:proposedBy alliance:spock",
                                  "alliance-proposal trt:proposedBy spock",
                                  "<https://w3id.org/treatyrdf/alliance/alliance-proposal> "
                                  "<https://w3id.org/treatyrdf/ontology#proposedBy> "
                                  "<https://w3id.org/treatyrdf/alliance/spock> .", "alliance-proposal"])
def test_explain_leads_back_to_the_line(treatyrdf: Run, what: str) -> None:
    shown = treatyrdf("explain", what, **HERE).stdout
    assert "passage 1.2, citing voy-alliances" in shown
    line = (ALLIANCE / "claims.yaml").read_text().splitlines().index("- id: spock-proposes-alliance") + 1
    assert f"datasets/alliance/claims.yaml:{line}:7" in shown
    value = json.loads(treatyrdf("explain", what, "--json", **HERE).stdout)
    assert any(v["claim"] == "spock-proposes-alliance" and v["asserted"] for v in value)


def test_every_published_triple_can_be_explained(treatyrdf: Run) -> None:
    from treatyrdf.explain import explain_text, find_claims
    from treatyrdf.publish import publish

    published = publish(ALLIANCE)
    by_id = {c.id: c for c in published.claims}
    names = published.names
    own = ("#type>", "#label>", "#comment>")
    for s, p, o, g in published.quads:
        if g == names.graph("facts") and not p.endswith(own):
            found = find_claims(f"{s} {p} {o} .", published.claims, names)
            assert any(c.asserted for c in found)
    for claim in published.claims:
        assert "written at" in explain_text(claim, by_id, names)


def test_explain_what_is_not_there(treatyrdf: Run) -> None:
    done = treatyrdf("explain", "spok", **HERE)
    assert done.returncode == 2 and "TRT080" in done.stderr and "did you mean `spock`?" in done.stderr


# --- streams ------------------------------------------------------------------------------------


def test_a_closed_pipe_is_no_accident() -> None:
    done = subprocess.run(f"{sys.executable} -m treatyrdf ask --all | head -1", shell=True, cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and done.stdout


def test_no_colour_when_piped_or_asked(treatyrdf: Run) -> None:
    assert "\x1b" not in treatyrdf("ask", "sides", **HERE).stdout


def test_very_many_problems_are_capped_in_print_and_whole_in_json(treatyrdf: Run, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    treatyrdf("new", str(folder))
    with (folder / "claims.yaml").open("a", encoding="utf-8") as file:
        file.writelines(f"- {{subject: nobody-{n}, date: 1900, at: '1'}}\n" for n in range(600))
    done = treatyrdf("build", str(folder), "--out", str(tmp_path / "out"))
    assert done.returncode == 1 and done.stderr.count(": TRT") == 500
    assert "are the first 500; see all of a data set with `treatyrdf validate --format json`" in done.stderr
    whole = treatyrdf("validate", str(folder), "--format", "json")
    assert len(json.loads(whole.stdout)) >= 600
