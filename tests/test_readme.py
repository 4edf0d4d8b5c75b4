"""What the README shows is what happens."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SESSION = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
STEPS = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", SESSION, re.MULTILINE)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, so that nothing the README does is left behind."""
    copy = tmp_path_factory.mktemp("readme") / "treatyrdf"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(
        ".git", ".venv", ".peers", "node_modules", "build", ".*_cache", "__pycache__"))
    (copy / ".venv").mkdir()
    return copy


def test_the_readme_has_steps() -> None:
    assert len(STEPS) > 10


def test_every_line_runs_and_prints_what_is_shown(checkout: Path) -> None:
    env = {**os.environ, "COLUMNS": "100"}
    for command, shown in STEPS:
        if command == "make test":
            # This test runs inside it: only what it would run is looked at.
            command = "make -n test"
        # The copy has no .venv of its own: make takes this one and does not remake it.
        command = re.sub(r"^make", f"make -o .venv/ready BIN={BIN}", command)
        done = subprocess.run(["bash", "-ec", command.replace(".venv/bin/", f"{BIN}/")], cwd=checkout,
                              env=env, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        if shown.strip():
            wanted = _lines(shown)
            cut = len(wanted) - 1 if wanted[-1] == "…" else None  # the README may show the beginning only
            assert _lines(done.stdout)[:cut] == wanted[:cut], command
        elif "make" not in command and " load " not in command:
            assert done.stdout + done.stderr, command


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def test_files_it_links_to_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_two_commands_do_everything() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for step in ("ruff check", "mypy", "pytest", "build --check", "ask --all --check"):
        assert step in makefile
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
