"""datasets/environment read from its tables tells what an independent count of the same tables finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from environment_counts import Counts, load
from treatyrdf.gather import Tables
from treatyrdf.model import Dataset
from treatyrdf.read import read_dataset

ROOT = Path(__file__).parent.parent
TABLES = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not TABLES.exists(), reason="the shared tables are not beside the project")


@pytest.fixture(scope="module")
def counts() -> Counts:
    return Counts(load(TABLES))


@pytest.fixture(scope="module")
def environment() -> Dataset:
    return read_dataset(ROOT / "datasets" / "environment", Tables(TABLES))


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
