"""Answers about time in words and in JSON; the timeline; the tree of reasons."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Run
from treatyrdf.ask import read_questions
from treatyrdf.chart import svg
from treatyrdf.publish import Published
from treatyrdf.timeline import rows, text

TEMPORAL = [q.name for q in read_questions(ALLIANCE) if "value" in q.headers]


def said(treatyrdf: Run, *args: str) -> str:
    return " ".join(str(json.loads(treatyrdf("ask", *args, "--json", cwd=ROOT).stdout)["sentence"]).split())


def test_the_window_in_words(treatyrdf: Run) -> None:
    words = said(treatyrdf, "signing-window")
    assert words.startswith("Unknown. In 2372 at the latest, because the alliance was broken in 2372 (4.1). If (a) the "
                            "treaty was not signed before the better relations of 2344 and (b) the treaty belongs to the 24th century: in 2344 at the earliest.")
    assert words.endswith("in 2353 at the latest, because Riker began at Starfleet Academy in 2353 (7.4). All of this granted: between 2344 and 2353.")
    dropped = said(treatyrdf, "signing-window", "--without", "school-is-academy")
    assert "2353" not in dropped and "granted" not in dropped


def test_states_in_words(treatyrdf: Run) -> None:
    words = said(treatyrdf, "in-force", "--year", "2340", "--year", "2350", "--year", "2360", "--year", "2372", "--year", "2374")
    assert "2340: unknown; no, if (a) the treaty was not signed before" in words
    assert "2350: unknown; it may have begun in any year from 2344 to 2353, if (a)" in words
    assert "2360: yes, it was in force, if (a)" in words and "2372: both: first in force, then broken." in words
    assert words.endswith("2374: unknown.")


def test_several_changes_of_one_year_are_told_in_their_order(treatyrdf: Run, tmp_path: Path) -> None:
    case = ROOT / "tests" / "cases" / "inf-treaty"
    assert treatyrdf("build", case, "--out", tmp_path / "inf").returncode == 0
    assert said(treatyrdf, "in-force", "--dataset", str(case), "--out", str(tmp_path / "inf"), "--year", "2019") == (
        "2019: both: first in force, then suspended, then terminated.")


def test_the_year_in_words(treatyrdf: Run) -> None:
    assert said(treatyrdf, "year-signed").startswith("Unknown: when the treaty was signed is not clear (7.1). If (a) ")


@pytest.mark.parametrize("name", TEMPORAL)
def test_json_of_every_temporal_question_has_all_parts(treatyrdf: Run, name: str) -> None:
    value = json.loads(treatyrdf("ask", name, "--json", cwd=ROOT).stdout)
    assert {"value", "window", "grade", "assumptions", "evidence", "sentence"} <= set(value)
    assert value["rows"]
    for row in value["rows"]:
        assert {"value", "window", "grade", "assumptions"} <= set(row)


def test_all_temporal_questions_are_known() -> None:
    assert {"in-force", "signing-window", "year-signed", "formation-bounds", "year-resumed", "bounds", "states", "how-long",
            "came-first", "can-be-signed", "wordings", "dates", "signing", "sequence", "state-changes"} == set(TEMPORAL)


def test_window_and_value_of_the_key_questions(treatyrdf: Run) -> None:
    value = json.loads(treatyrdf("ask", "signing-window", "--json", cwd=ROOT).stdout)
    assert (value["value"], value["window"]) == ("unknown", [2344, 2353])
    value = json.loads(treatyrdf("ask", "in-force", "--year", "2350", "--json", cwd=ROOT).stdout)
    assert (value["value"], value["window"], value["grade"]) == ("unknown", [2344, 2353], "conditional")
    value = json.loads(treatyrdf("ask", "can-be-signed", "--year", "2344", "--year", "2353", "--year", "2354", "--year", "2373", "--json",
                                 cwd=ROOT).stdout)
    assert [(r["year"], r["possible"], r["ifAssumed"], len(r["assumptions"])) for r in value["rows"]] == [
        ("2344", "yes", "", 0), ("2353", "yes", "", 0), ("2354", "yes", "no", 4), ("2373", "no", "", 0)]


# --- pictures -----------------------------------------------------------------------------------


def test_the_timeline_shows_states_and_events(alliance: Published) -> None:
    chart = rows(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    by_label = {row.label: row for row in chart}
    assert by_label["signing of the treaty"].sure == (None, 2372) and by_label["signing of the treaty"].assumed == (2344, 2353)
    states = [(row.band, row.sure, row.assumed) for row in chart if row.band]
    assert states == [("in force", (2372, 2372), (2353, 2372)), ("broken", (2372, 2373), (2372, 2373)), ("in force", (2373, None), (2373, None))]
    drawn = text(chart, 100)
    assert all(len(line) <= 100 for line in drawn.splitlines()) and "█" in drawn and "▒" in drawn and "·" in drawn
    assert text((), 80) == "Nothing is dated.\n"


def test_the_picture_is_well_formed_and_tells_its_reasons(alliance: Published) -> None:
    chart = rows(alliance.claims, alliance.dataset, alliance.vocabulary, alliance.names)
    root = ET.fromstring(svg(chart, "a <title> & more"))
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "a <title> & more"
    tips = [g.findtext(f"{space}title") or "" for g in root.iter(f"{space}g")]
    assert len(tips) == len(chart)
    signing = next(t for t in tips if t.startswith("signing of the treaty"))
    assert "2353 at the latest: " in signing
    assert "  if Riker's school was Starfleet Academy." in signing
    assert "prefers-color-scheme:dark" in svg(chart, "x") and ET.fromstring(svg((), "nothing")) is not None


def test_timeline_as_a_command(treatyrdf: Run) -> None:
    assert treatyrdf("timeline", "--svg").stdout.startswith("<svg ")
    assert "formation of the alliance" in treatyrdf("timeline").stdout


def test_a_bound_is_explained_as_a_tree(treatyrdf: Run) -> None:
    told = treatyrdf("explain", "bound.treaty-signing.latestYear.1").stdout
    lines = told.splitlines()
    assert lines[0] == "signing of the treaty: 2353 at the latest"
    assert "├─ from: So the alliance was formed before Riker's entry." in lines
    assert "│  └─ assuming: Riker's school was Starfleet Academy." in lines
    assert lines[-2].startswith("└─ assuming:") and lines[-1].strip() == "(as told above)"
