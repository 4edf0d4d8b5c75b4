"""Every block of the tutorial is run, in order, and prints what is shown."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

TUTORIAL = ROOT / "docs" / "tutorial.md"
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_every_block_is_of_a_kind_that_is_run() -> None:
    assert len(BLOCKS) >= 14
    assert {kind for kind, _ in BLOCKS} == {"pycon", "console"}


def test_the_tutorial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    session: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False)
    out: list[str] = []
    for number, (kind, text) in enumerate(BLOCKS):
        if kind == "console":
            _console(text)
            continue
        test = doctest.DocTestParser().get_doctest(text, session, f"block {number}", str(TUTORIAL), 0)
        assert test.examples, text
        runner.run(test, out=out.append, clear_globs=False)
        session = test.globs
    assert not runner.failures, "".join(out)
    assert runner.tries > 30


def _console(text: str) -> None:
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        program, *args = command.split()
        assert program == "treatyrdf"
        done = subprocess.run([sys.executable, "-m", "treatyrdf", *args], capture_output=True, text=True,
                              check=False, env=os.environ)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        if shown:
            assert done.stdout.splitlines() == shown.splitlines(), command
