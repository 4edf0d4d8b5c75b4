"""Links between tables: by the key of a table, or by another column of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from treatyrdf.errors import DataError
from treatyrdf.gather import Tables
from treatyrdf.model import Dataset
from treatyrdf.read import read_dataset

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))

from generate import write_dataset

HEADER = Path(__file__).parent.parent / "datasets" / "environment" / "dataset.yaml"
MAPPING = """tables:
  list:
    file: list.csv
    label: a list of agreements
    rights: CC0
    key: [number]
    columns:
      number: Number
      older: Older
      amends: {{titles: Amends, link: {link}}}
    things:
    - id: agreement-$(number)
      type: Treaty
      label: agreement $(number)
      facts:
      - amends: $(amends)
"""
ROWS = "Number,Older,Amends\n1,7,\n2,8,7\n3,9,9\n4,9,1\n"


def _read(folder: Path, link: str, limit: int | None = None) -> Dataset:
    (folder / "dataset.yaml").write_text(HEADER.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "tables.yaml").write_text(MAPPING.format(link=link), encoding="utf-8")
    (folder / "list.csv").write_text(ROWS, encoding="utf-8")
    return read_dataset(folder, Tables(folder, limit))


def test_a_link_to_a_column_finds_the_row_that_holds_the_text(tmp_path: Path) -> None:
    read = _read(tmp_path, "list.older")
    assert [[str(w) for w in (f.subject, *f.statements[0])] for f in read.facts] == [
        ["agreement-2", "amends", "agreement-1"],
        ["agreement-3", "amends", "unknown"], ["agreement-4", "amends", "unknown"]]
    assert read.ledger is not None and read.ledger.balanced
    assert [(r.row, r.code, r.what) for r in read.ledger.remarks] == [
        (4, "TRT154", "`9` leads to several rows of `list.older`"),
        (5, "TRT154", "`1` leads to no row of `list.older`")]


def test_a_link_to_a_row_beyond_the_limit_is_no_remark(tmp_path: Path) -> None:
    read = _read(tmp_path, "list.older", 2)
    assert read.ledger is not None and not read.ledger.remarks


@pytest.mark.parametrize("link", ["list.oldest", "lost"])
def test_a_link_that_leads_nowhere_is_a_problem(tmp_path: Path, link: str) -> None:
    with pytest.raises(DataError, match=f"TRT149 `{link}` is no table with a key of one column"):
        _read(tmp_path, link)


def test_a_key_that_links_to_a_row_beyond_the_limit(tmp_path: Path) -> None:
    write_dataset(tmp_path / "d", 20)
    few = read_dataset(tmp_path / "d", Tables(limit=3))
    assert {str(f.subject) for f in few.facts if f.at.startswith("gazette#")} == {"signing-of-treaty-1"}
    assert few.ledger is not None and few.ledger.balanced and few.ledger.totals["gazette"]["beyond"]
