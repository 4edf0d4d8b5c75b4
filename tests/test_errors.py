"""Bad input: one clear message each, nothing written, no traceback.

`errors/base` is a good data set; every other folder of `errors/` holds one spoilt file of it and, in
`expected.txt`, exactly what `treatyrdf build` prints. `UPDATE_ERRORS=1 pytest` writes those files:
read them before you commit.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import ROOT, Run
from treatyrdf import files
from treatyrdf.build import build
from treatyrdf.errors import RunError

HERE = Path(__file__).resolve().parent / "errors"
CASES = sorted(p for p in HERE.iterdir() if p.name != "base")
CODES = set(re.findall(r"^\| (TRT\d{3}) ", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE))


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shutil.copytree(HERE / "base", tmp_path / "base")
    return tmp_path / "base"


def test_the_base_builds(base: Path, treatyrdf: Run) -> None:
    done = treatyrdf("build", base, "--out", "out")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_gallery(base: Path, treatyrdf: Run, tmp_path: Path, case: Path) -> None:
    for spoilt in case.iterdir():
        if spoilt.name != "expected.txt":
            shutil.copy(spoilt, base / spoilt.name)
    done = treatyrdf("build", "base", "--out", "out")
    if os.environ.get("UPDATE_ERRORS"):
        (case / "expected.txt").write_text(done.stderr, encoding="utf-8")
    assert done.stderr == (case / "expected.txt").read_text(encoding="utf-8")
    assert done.returncode in (1, 2) and done.stdout == ""
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base"], "something was written"
    problems = [line for line in done.stderr.splitlines() if "TRT" in line]
    assert problems
    for line in problems:
        code = re.search(r"TRT\d{3}", line)
        assert code and code[0] in CODES, line
        assert re.match(r"base/?[\w.-]*(:\d+(:\d+)?)?: TRT\d{3} .+; .+", line), line
        assert all(c.isprintable() for c in line)


def test_every_code_in_the_source_is_documented_and_the_other_way() -> None:
    used = set()
    for path in (ROOT / "src" / "treatyrdf").glob("*.py"):
        used |= set(re.findall(r'"(TRT\d{3})"', path.read_text(encoding="utf-8")))
    assert used == CODES


# --- the folder and the file system -------------------------------------------------------------


def test_a_link_out_of_the_data_set_is_not_followed(base: Path, tmp_path: Path, treatyrdf: Run) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("things: {Polity: {secret: Secret}}\n")
    (base / "more.yaml").symlink_to(secret)
    done = treatyrdf("build", "base", "--out", "out")
    assert done.returncode == 1
    assert done.stderr == ("base/more.yaml: TRT011 is a link out of the data set; copy the file into "
                           "the folder\n")


@pytest.mark.parametrize(("target", "message"), [
    ("nowhere", "nowhere: TRT001 is not a folder; give the folder of a data set\n"),
    ("junk", "junk: TRT001 has no dataset.yaml; make a data set with `treatyrdf new DIR`, or name "
             "another folder\n")])
def test_a_folder_that_is_no_data_set(tmp_path: Path, treatyrdf: Run, target: str, message: str) -> None:
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "photo.jpg").write_bytes(b"\xff\xd8")
    done = treatyrdf("build", target)
    assert (done.returncode, done.stderr) == (2, message)


def test_files_nobody_wrote_with_the_tool_are_never_replaced(base: Path, tmp_path: Path,
                                                             treatyrdf: Run) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("ten years")
    done = treatyrdf("build", "base", "--out", "out")
    assert done.returncode == 2 and "TRT092" in done.stderr
    assert (tmp_path / "out" / "thesis.txt").read_text() == "ten years"
    (tmp_path / "out" / "thesis.txt").unlink()
    assert treatyrdf("build", "base", "--out", "out").returncode == 0
    (tmp_path / "out" / "notes.txt").write_text("mine")
    done = treatyrdf("build", "base", "--out", "out")
    assert done.returncode == 2 and "notes.txt: TRT092" in done.stderr


def test_an_output_below_a_file(base: Path, tmp_path: Path, treatyrdf: Run) -> None:
    (tmp_path / "file").write_text("x")
    done = treatyrdf("build", "base", "--out", "file/out")
    assert done.returncode == 2 and done.stderr.startswith("file/out: TRT094 cannot be written: ")
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root writes anywhere")
def test_an_unwritable_folder(base: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    command = [sys.executable, "-m", "treatyrdf", "build", "base", "--out", "locked/out"]
    if os.geteuid() == 0:
        tmp_path.chmod(0o777)
        for parent in tmp_path.parents:
            if parent != Path("/") and parent.stat().st_uid == 0 and "pytest" in parent.name:
                parent.chmod(0o755)
        other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*other, sys.executable, "-c", "import treatyrdf"], check=False,
                          capture_output=True, cwd=tmp_path).returncode:
            pytest.skip("another user than root cannot run this Python")
        command = [*other, *command]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False,
                          env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 2, done.stderr
    assert done.stderr == ("locked/out: TRT094 cannot be written: permission denied; free space or name "
                           "another folder with --out; what stood there is untouched\n")


def test_a_full_disk_leaves_the_old_output(base: Path, tmp_path: Path,
                                           monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    build(base, out)
    before = files.list_files(out)
    (base / "things.yaml").write_text((base / "things.yaml").read_text().replace("Spain", "España"))
    calls = iter(range(1000))

    def full(_handle: int) -> None:
        if next(calls) == 7:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(RunError, match="the disk is full"):
        build(base, out)
    assert files.list_files(out) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base", "out"]


def test_a_second_build_at_the_same_time_says_so(base: Path, tmp_path: Path, treatyrdf: Run) -> None:
    with files.locked(tmp_path / "out"):
        done = treatyrdf("build", "base", "--out", "out")
    assert done.returncode == 2
    assert done.stderr == ("out: TRT093 is being written by another build; wait for it to end, then run "
                           "again\n")
    assert treatyrdf("build", "base", "--out", "out").returncode == 0


def test_two_builds_at_once_leave_one_whole_output(base: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "treatyrdf", "build", "base", "--out", "out"]
    both = [subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    codes = []
    for process in both:
        _, complaint = process.communicate(timeout=120)
        codes.append(process.returncode)
        assert process.returncode == 0 or "TRT093" in complaint, complaint
    assert 0 in codes
    assert subprocess.run([*command, "--check"], cwd=tmp_path, check=False).returncode == 0


@pytest.mark.parametrize("moment", [0.15, 0.3, 0.45, 0.6, 0.75])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_killed_midway_the_output_is_the_old_or_the_new(base: Path, tmp_path: Path, how: signal.Signals,
                                                        moment: float) -> None:
    out = tmp_path / "out"
    build(base, out)
    old = files.list_files(out)
    (base / "things.yaml").write_text((base / "things.yaml").read_text().replace("Spain", "España"))
    process = subprocess.Popen([sys.executable, "-m", "treatyrdf", "build", "base", "--out", "out"],
                               cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    time.sleep(moment)
    process.send_signal(how)
    _, complaint = process.communicate(timeout=60)
    assert "Traceback" not in complaint or "treatyrdf" not in complaint, complaint
    found = files.list_files(out)
    if found != old:
        assert "España".encode() in found["base.ttl"] and files.read_manifest(out)
    build(base, out)
    assert "España".encode() in (out / "base.ttl").read_bytes()
    assert [p.name for p in tmp_path.iterdir() if ".new-" in p.name] == []
