"""The newcomer's path of docs/tables.md: each command runs, on two small tables."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from treatyrdf.mapping import COLUMN_KEYS, DIALECT_KEYS, LOOKUP_KEYS, RULE_KEYS, TABLE_KEYS, WORD_KEYS

DOC = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
STEPS = re.findall(r"^\$ (.*\n(?:(?!\$ ).*\n)*)", "\n".join(re.findall(r"```console\n(.*?)```", DOC, re.DOTALL)) + "\n",
                   re.MULTILINE)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[str, str]]]:
    """Walk the path; return where, and what each command printed."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "tests" / "tables", folder / "tables")
    bin_ = Path(sys.executable).parent
    printed = []
    for step in STEPS:
        done = subprocess.run(["bash", "-ec", step], cwd=folder, capture_output=True, text=True, timeout=300,
                              env={**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "COLUMNS": "120"}, check=False)
        assert done.returncode == 0, f"{step}\n{done.stderr}"
        printed.append((step, done.stdout + done.stderr))
    return folder, printed


def of(path: tuple[Path, list[tuple[str, str]]], start: str) -> str:
    return next(text for step, text in path[1] if step.startswith(start))


def test_the_path_is_walked(path: tuple[Path, list[tuple[str, str]]]) -> None:
    assert len(STEPS) > 9
    built = of(path, "treatyrdf build rivers --tables tables\n")
    assert "valid against the shapes" in built
    assert "table agreements: 6 rows x 6 columns = 17 used + 6 key + 11 null + 2 remarked" in built
    assert "RIV-9" in of(path, "cat dist/rivers/remarks.csv") and "autumn 1965" in of(path, "cat dist/rivers/remarks.csv")


def test_the_limit_is_seen(path: tuple[Path, list[tuple[str, str]]]) -> None:
    limited = of(path, "treatyrdf build rivers --tables tables --limit 5")
    assert "5 rows x 6 columns" in limited and "first 5 rows of each table only" in limited


def test_conflicts_are_found(path: tuple[Path, list[tuple[str, str]]]) -> None:
    told = of(path, "treatyrdf conflicts rivers --tables tables\n")
    assert "signing of Convention on the Delta: date (different dates, open, 7 days apart)" in told
    assert "(impossible order, open, " in told
    assert "agreements and members on Signing: 4 dated by both: 2 equal, 1 coarser, 1 different" in told
    rows = (path[0] / "conflicts.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 4


def test_every_key_is_in_the_reference() -> None:
    told = set(re.findall(r"`([A-Za-z0-9]+)`", DOC))
    for keys in (TABLE_KEYS, DIALECT_KEYS, COLUMN_KEYS, RULE_KEYS, WORD_KEYS):
        assert set(keys) <= told, set(keys) - told
    assert all(f"{key}:" in DOC for key in LOOKUP_KEYS)
