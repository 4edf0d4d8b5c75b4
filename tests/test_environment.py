"""datasets/environment read from its tables tells what an independent count of the same tables finds."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from environment_counts import Counts, load
from treatyrdf import slices
from treatyrdf.build import build
from treatyrdf.gather import Tables
from treatyrdf.model import Dataset
from treatyrdf.read import read_dataset

ROOT = Path(__file__).parent.parent
TABLES = ROOT.parent / "shared" / "data"
FOLDER = ROOT / "datasets" / "environment"
BASE = "https://w3id.org/treatyrdf/environment/"
TRT = "https://w3id.org/treatyrdf/ontology#"
pytestmark = pytest.mark.skipif(not TABLES.exists() and not os.environ.get("CI"),
                                reason="the shared tables are not beside the project")


@pytest.fixture(scope="module")
def counts() -> Counts:
    return Counts(load(TABLES))


@pytest.fixture(scope="module")
def environment() -> Dataset:
    return read_dataset(FOLDER, Tables(TABLES))


def _values(dataset: Dataset, property_: str) -> set[tuple[str, str]]:
    """Subject and known value of every fact of a property."""
    return {(str(f.subject), str(value)) for f in dataset.facts for name, value in f.statements
            if name == property_ and value != "unknown"}


@pytest.mark.parametrize("property_", ["amends", "supersedes"])
def test_links_of_agreements(environment: Dataset, counts: Counts, property_: str) -> None:
    told = {(a, b) for a, what, b in counts.amendments() if what == property_}
    assert told and _values(environment, property_) == told


def test_lists_of_agreements_use_the_older_numbers(counts: Counts) -> None:
    assert counts.mirrored("Amends", "Amended.by", "GENG") == (0, 328)
    assert counts.mirrored("Amends", "Amended.by", "GENG.B") == (252, 262)
    assert counts.mirrored("Supersedes", "Suspended.by", "GENG.B") == (65, 67)


def test_counts_that_are_known(counts: Counts) -> None:
    pairs = counts.pairs()
    assert counts.met == 1832
    assert (pairs["signing"]["as written"], pairs["force"]["as written"]) == (140, 91)
    assert (pairs["signing"]["different"], pairs["force"]["different"]) == (132, 78)


def test_dates_of_agreements(environment: Dataset, counts: Counts) -> None:
    told = {(f"{what}-of-{agreement}", date) for (agreement, what), tables in counts.dates.items()
            for dates in tables.values() for date in dates}
    found = {(a, b) for a, b in _values(environment, "date") if a.startswith(("signing-of-", "force-of-"))}
    assert found == told


def test_ledger_is_balanced(environment: Dataset) -> None:
    assert environment.ledger is not None
    cells = 5728 * 15 + 2733 * 67 + 7377 * 36
    assert sum(sum(a.counts.values()) for a in environment.ledger.accounts) == cells
    assert environment.ledger.balanced
    assert {kind: sum(a.counts[kind] for a in environment.ledger.accounts) for kind in ("unused", "beyond")} == {
        "unused": 0, "beyond": 0}


# --- the questions ------------------------------------------------------------------------------


def rows(text: str) -> list[dict[str, str]]:
    return [{key: value.removeprefix(BASE).removeprefix(TRT) for key, value in row.items()}
            for row in csv.DictReader(io.StringIO(text))]


def answered(name: str) -> list[dict[str, str]]:
    return rows((FOLDER / "answers" / f"{name}.csv").read_text(encoding="utf-8"))


def parties(environment: Dataset) -> Mapping[str, str]:
    """The thing of each code of the membership table, from the look-up that people wrote."""
    import yaml

    return dict(yaml.safe_load((FOLDER / "states.yaml").read_text(encoding="utf-8"))["lookups"]["parties"])


def amendments(told: list[dict[str, str]]) -> set[tuple[str, str, str]]:
    return {(r["agreement"], r["relation"], r["other"]) for r in told}


def disputes(told: list[dict[str, str]], counts: Counts) -> dict[str, int]:
    of_agreements = {f"{what}-of-{agreement}" for agreement, what in counts.dates}
    return {r["event"]: int(r["days"]) for r in told if r["event"] in of_agreements}


def alone(told: list[dict[str, str]]) -> dict[tuple[str, str], int]:
    what = {"signedIn": "signing", "entersIntoForceIn": "force"}
    return {(r["source"], what[r["what"]]): int(r["dates"]) for r in told}


def test_amendments_are_those_counted(counts: Counts) -> None:
    assert amendments(answered("amendments")) == counts.amendments()


def test_disputed_dates_are_those_counted(counts: Counts) -> None:
    assert disputes(answered("disputed-dates"), counts) == dict(counts.disputed())


def test_dates_that_one_table_gives_alone_are_those_counted(counts: Counts) -> None:
    assert alone(answered("alone")) == dict(counts.alone())


def test_who_left_and_came_back_is_as_counted(counts: Counts, environment: Dataset) -> None:
    of = parties(environment)
    told = {(r["party"], r["agreement"], r["left"], r["returned"]) for r in answered("withdrew-and-returned")}
    assert told == {(of[state], agreement, left, back) for state, agreement, left, back in counts.returned()}


def test_what_was_in_force_for_a_state_is_as_counted(counts: Counts, environment: Dataset) -> None:
    of = parties(environment)
    codes = {of[code]: code for code in ("FRA", "JPN", "USA")}
    told: dict[tuple[str, int], dict[str, str]] = {}
    for r in answered("in-force-for-state"):
        told.setdefault((codes[r["party"]], int(r["year"])), {})[r["agreement"]] = r["inForce"]
    assert set(told) == {("FRA", 1975), ("FRA", 1995), ("JPN", 1985), ("USA", 2010)}
    for (state, year), found in told.items():
        sure = {agreement for agreement, answer in found.items() if answer == "yes"}
        plain = set(counts.in_force(state, year))
        assert plain <= sure, (state, year, plain - sure)
        # What is answered beside the plain rows comes from members that several rows or dates tell of.
        assert all(len(counts.members[state, a]) > 1 or counts.entangled(state, a) for a in sure - plain), sure - plain
    assert counts.latest_year() - 1 == 2022, "31.12.9999 tells of no withdrawal to the end of the year before the latest date"


def test_a_part_of_the_tables_builds_and_answers_as_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "WHOLE", 5000)
    monkeypatch.setattr(slices, "ENOUGH", 2000)
    assert build(FOLDER, tmp_path / "out", tables=Tables(TABLES, 400))
    part = Counts(load(TABLES, 400))
    told = {name: rows((tmp_path / "out" / "questions" / f"{name}.csv").read_text(encoding="utf-8"))
            for name in ("amendments", "disputed-dates", "alone")}
    assert amendments(told["amendments"]) == part.amendments()
    assert disputes(told["disputed-dates"], part) == dict(part.disputed()) != {}
    assert alone(told["alone"]) == dict(part.alone())
