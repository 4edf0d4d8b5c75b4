"""Builds of several slices that end badly: it is said, nothing is half-written, and the next build goes on."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from treaties import write_treaties
from treatyrdf import build as building
from treatyrdf import parts, slices
from treatyrdf.apart import _pass_on
from treatyrdf.build import build
from treatyrdf.errors import DataError, Position, Problem, RunError
from treatyrdf.files import list_files
from treatyrdf.model import Dataset
from treatyrdf.publish import publish
from treatyrdf.shelf import held
from treatyrdf.workers import aside, at_once, spread

COUNT = 12
"""Treaties; each gives a slice."""
SCRIPT = """
import errno, os, signal, sys, time
from treatyrdf import build, parts, slices
from treatyrdf.cli import main
slices.WHOLE, slices.ENOUGH = 0, 3
os.cpu_count = lambda: 2
made = parts.Work.of
{hook}
main(prog_name="treatyrdf")
"""
SLOW = "parts.Work.of = lambda *all: (time.sleep(0.3), made(*all))[1]"
DEADLY = "parts.Work.of = lambda *all: os.kill(os.getpid(), signal.SIGKILL)"
KEPT = "what was made is kept: the same command goes on from the parts in kept"
LOST = "nothing that was made is kept; with `--parts DIR` a build of a large data set goes on from where it ended"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(autouse=True)
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even small data sets, and give work to as many processes on any machine."""
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_treaties(tmp_path / "data", COUNT, "questions: [bounds]\nsite: no\n")
    (tmp_path / "temporary").mkdir()
    return tmp_path / "data"


@pytest.fixture
def start(data: Path, tmp_path: Path) -> Iterator[Start]:
    """Start builds in sessions of their own, with a hook, and limits on what they may use; end what is left of them."""
    started = []

    def begin(*args: str, hook: str = "", **limits: int) -> subprocess.Popen[str]:
        def limit() -> None:
            for name, most in limits.items():
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))

        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT.format(hook=hook), "build", "data", "--out", "out", *args], cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=limit,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "TMPDIR": str(tmp_path / "temporary")})
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def ended(process: subprocess.Popen[str], folder: Path) -> tuple[int, list[str]]:
    """Return the exit code and what was said; nothing is left behind: no process, no temporary file, half a folder."""
    out, told = process.communicate(timeout=120)
    assert out == "" and "Traceback" not in told, told
    with pytest.raises(ProcessLookupError):
        until(lambda: os.killpg(process.pid, 0), "a process is left")
    assert not [*(folder / "temporary").iterdir()]
    assert {p.name for p in folder.iterdir()} <= {"data", "temporary", "kept", "out", "full"}
    return process.returncode, told.splitlines()


def until(there: Callable[[], object], why: str) -> None:
    end = time.monotonic() + 60
    while not there():
        assert time.monotonic() < end, why
        time.sleep(0.02)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kept(folder: Path) -> int:
    return len([*folder.glob("*.json")])


def goes_on(start: Start, folder: Path) -> None:
    """Build again, and hold what comes out against a build that nothing befell."""
    process = start("--parts", "kept")
    code, told = ended(process, folder)
    assert code == 0, told
    plain(folder)


def plain(folder: Path) -> None:
    build(folder / "data", folder / "out2")
    assert list_files(folder / "out") == list_files(folder / "out2")
    shutil.rmtree(folder / "out2")


# --- a slice among many ---------------------------------------------------------------------------


def test_all_findings_of_all_slices_are_told(data: Path, tmp_path: Path) -> None:
    sources = data / "sources.yaml"
    text = sources.read_text()
    for n in (9, 3, 5):
        text = text.replace(f"'{n:064}'", f"bad{n}")
    sources.write_text(text)
    with pytest.raises(DataError) as error:
        build(data, tmp_path / "out")
    assert [str(p).partition("; ")[0].removeprefix(f"{data}/") for p in error.value.problems] == [
        f"sources.yaml:{n + 7}:7: TRT065 passage:list.{n} trt:sha256 bad{n}" for n in (3, 5, 9)]


def test_every_slice_that_cannot_be_made_is_told_and_the_rest_is_kept(data: Path, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    real = parts.Work.part

    def part(work: parts.Work, number: int, slice_: Dataset) -> Any:
        if number == 1:
            raise ValueError("a bug\nin two lines")
        if number == 3:
            raise RunError.of("TRT090", "six.ttl", "does not read back as the same graph: x", "report this")
        if number == 5:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(work, number, slice_)

    monkeypatch.setattr(parts.Work, "part", part)
    (data / "sources.yaml").write_text((data / "sources.yaml").read_text().replace(f"'{9:064}'", "bad"))
    engine = partial(parts.resume_parts, folder=tmp_path / "kept")
    with pytest.raises(RunError) as error:
        build(data, tmp_path / "out", engine=engine)
    found = [str(p).removeprefix(f"{data}/") for p in error.value.problems]
    assert [line.partition("; ")[0] for line in found] == [
        "sources.yaml:16:7: TRT065 passage:list.9 trt:sha256 bad",
        "things.yaml:7:5: TRT137 the slice of treaty-2, signing-2, force-2 cannot be made: ValueError: a bug in two lines",
        "things.yaml:11:5: TRT134 the slice of treaty-6, signing-6, force-6 lost its process, as when memory runs out",
        "six.ttl: TRT090 does not read back as the same graph: x"]
    assert not (tmp_path / "out").exists()
    count = publish(data).count
    assert count == COUNT + 1 and kept(tmp_path / "kept") == COUNT - 3

    (data / "sources.yaml").write_text((data / "sources.yaml").read_text().replace("sha256: bad", f"sha256: '{9:064}'"))
    monkeypatch.setattr(parts.Work, "part", real)
    build(data, tmp_path / "out", engine=engine)
    plain(tmp_path)


def test_a_single_slice_is_told_too(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(slices, "WHOLE", 10**6)
    monkeypatch.setattr(parts.Work, "of", stumble)
    with pytest.raises(RunError, match="TRT137 the slice of france, spain, treaty-1 and 35 more cannot be made: Recursion"):
        build(data, tmp_path / "out")


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(path.read_bytes().replace(b"1", b"2", 1)),
    lambda path: path.write_bytes(path.read_bytes()[:-9]),
    lambda path: path.write_bytes(b""),
    lambda path: path.unlink(),
    lambda path: (path.unlink(), path.symlink_to("/nowhere/at/all")),
    lambda path: (path.unlink(), os.mkfifo(path)),
    lambda path: path.chmod(0),
], ids=["changed", "cut", "empty", "missing", "link", "pipe", "unreadable"])
@pytest.mark.parametrize("file", ["six.trig", "json"])
def test_a_spoilt_part_is_made_again(data: Path, tmp_path: Path, spoil: Callable[[Path], object], file: str) -> None:
    engine = partial(parts.resume_parts, folder=tmp_path / "kept")
    build(data, tmp_path / "out", engine=engine)
    path = sorted((tmp_path / "kept").glob(f"*[.-]{file}"))[5]
    before = path.read_bytes()
    spoil(path)
    assert not build(data, tmp_path / "out", engine=engine), "the same bytes"
    assert path.is_file() and path.read_bytes() == before


def test_a_folder_in_the_place_of_a_part_is_said(data: Path, tmp_path: Path) -> None:
    engine = partial(parts.resume_parts, folder=tmp_path / "kept")
    build(data, tmp_path / "out", engine=engine)
    path = next((tmp_path / "kept").glob("*-six.ttl"))
    path.unlink()
    path.mkdir()
    with pytest.raises(RunError, match=f"{path.name}: TRT094 is a folder where a file belongs; .* --parts"):
        build(data, tmp_path / "out", engine=engine)


# --- a process that is lost -----------------------------------------------------------------------


def test_a_lost_process_costs_time_only(start: Start, tmp_path: Path) -> None:
    process = start(hook=SLOW)
    until(lambda: len(children(process.pid)) == 1 and len(children(children(process.pid)[0])) == 2, "no process works")
    os.kill(children(children(process.pid)[0])[1], signal.SIGKILL)
    assert process.poll() is None
    code, told = ended(process, tmp_path)
    assert code == 0, told
    plain(tmp_path)


@pytest.mark.parametrize(("args", "hint"), [((), LOST), (("--parts", "kept"), KEPT)])
def test_processes_that_are_lost_again_and_again(start: Start, tmp_path: Path, args: tuple[str, ...], hint: str) -> None:
    code, told = ended(start(*args, hook=DEADLY), tmp_path)
    assert code == 2 and told[-1] == hint
    assert [line.partition(" the slice of")[0].rpartition(" ")[2] for line in told[:-2]] == ["TRT134"] * len(told[:-2])
    assert "data/things.yaml:6:5: TRT134 the slice of treaty-1, signing-1, force-1 lost its process" in "\n".join(told)
    goes_on(start, tmp_path)


@pytest.mark.parametrize(("how", "name"), [("os.abort()", "SIGABRT"), ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL")])
def test_a_build_that_is_lost_itself(start: Start, tmp_path: Path, how: str, name: str) -> None:
    """So ends a program whose library in another language wants more memory than there is."""
    code, told = ended(start("--parts", "kept", hook=f"build.open_for = lambda *_: {how}"), tmp_path)
    assert (code, told) == (2, [f"treatyrdf: TRT134 was ended by {name}, as when memory runs out; free memory or raise "
                                "the limit, then run again; nothing was changed", KEPT])
    assert kept(tmp_path / "kept") == COUNT
    goes_on(start, tmp_path)


def test_whoever_waits_is_killed_and_nothing_outlives_it(start: Start, tmp_path: Path) -> None:
    process = start("--parts", "kept", hook=SLOW)
    until(lambda: kept(tmp_path / "kept") > 1, "no part was made")
    process.kill()
    code, told = ended(process, tmp_path)
    assert (code, told[-1]) == (-signal.SIGKILL, KEPT)
    goes_on(start, tmp_path)


def test_numbers_are_spread() -> None:
    assert [*spread(lambda n, value: n * value, range(20))] == [(n, n * n) for n in range(20)]
    assert [*spread(lambda n, _: None if n == 7 else os._exit(1) if n == 3 else n, range(9))] == [
        (n, None if n in (3, 7) else n) for n in range(9)]
    assert [n for n, found in spread(lambda n, _: os._exit(1), range(9)) if found is None] == [0, 1, 2]


def test_what_is_made_at_once() -> None:
    """What one raises is raised; one that is lost is made by whoever waits for it, if nobody else does."""
    assert at_once(lambda n: n if n else os._exit(1), [2, 0, 3]) == [2, None, 3]
    with pytest.raises(DataError) as error:
        at_once(lambda n: refuse() if n == 1 else n, range(3))
    assert error.value.problems[0].code == "TRT000"
    here = os.getpid()
    with aside(os.getpid) as other:
        assert other() != here
    with aside(lambda: here if os.getpid() == here else os._exit(1)) as lost:  # type: ignore[func-returns-value]
        assert lost() == here
    with aside(refuse) as refused, pytest.raises(DataError):
        refused()
    with pytest.raises(KeyboardInterrupt), aside(lambda: time.sleep(600)):
        raise KeyboardInterrupt
    until(lambda: not children(here), "a process is left")


def refuse() -> None:
    raise DataError([Problem(Position("x"), "TRT000", "is wrong", "mend it")])


# --- what runs out --------------------------------------------------------------------------------


@pytest.mark.parametrize("megabytes", [40, 60, 90, 120, 170])
def test_memory_runs_out(start: Start, tmp_path: Path, megabytes: int) -> None:
    code, told = ended(start("--parts", "kept", AS=megabytes << 20), tmp_path)
    if code:
        assert code == 2 and not (tmp_path / "out").exists()
        assert any("TRT134" in line and "memory" in line for line in told[-3:]), told
        goes_on(start, tmp_path)
    else:
        assert megabytes > 80
        plain(tmp_path)


def test_files_run_out(start: Start, tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, told = ended(start("--parts", "kept", NOFILE=10), tmp_path)
    assert code == 2 and told[0] == ("treatyrdf: TRT134 has too many files open; raise `ulimit -n`, then run again; "
                                     "nothing was changed")
    few = parts._few
    counts = []
    monkeypatch.setattr(parts, "_OPEN", 3)
    monkeypatch.setattr(parts, "_few", lambda *args: (counts.append(len(args[0])), few(*args))[1])
    monkeypatch.setattr(parts, "at_once", lambda make, values: [*map(make, values)])
    build(data, tmp_path / "out")
    assert counts == [13, 5, 2, 13, 5, 2], "two files of sorted lines, in rounds"
    monkeypatch.setattr(parts, "_few", lambda contents, *_: contents)
    plain(tmp_path)


@pytest.mark.parametrize("forks", [0, 1, 2])
def test_processes_run_out(start: Start, tmp_path: Path, forks: int) -> None:
    hook = f"""
fork, left = os.fork, [{forks}]
def limited():
    left[0] -= 1
    if left[0] < 0:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return fork()
os.fork = limited
"""
    code, told = ended(start(hook=hook), tmp_path)
    if forks == 2:
        assert code == 0, "one to work is enough"
    else:
        assert code == 2 and told[0] == ("treatyrdf: TRT134 can start no more processes; end others or raise "
                                         "`ulimit -u`, then run again; nothing was changed")


def test_a_disk_that_is_full_among_the_parts(start: Start, tmp_path: Path) -> None:
    code, told = ended(start("--parts", "kept", FSIZE=65_000), tmp_path)
    assert code == 2 and told[0].startswith("kept: TRT094 a file is larger than the disk or `ulimit -f` allows; ")
    assert told[0].endswith("; free space or name another folder with --parts; nothing was changed") and told[1] == KEPT
    assert [*(tmp_path / "kept").glob("*.new")], "what was cut off is not taken for whole"
    goes_on(start, tmp_path)
    assert not [*(tmp_path / "kept").glob("*.new")]


def test_a_disk_that_is_full_after_them(start: Start, tmp_path: Path) -> None:
    code, told = ended(start("--parts", "kept", FSIZE=400_000), tmp_path)
    assert code == 2 and told[0].startswith(str(tmp_path / "temporary")) and "; set TMPDIR to a folder" in told[0]
    assert told[1] == KEPT and kept(tmp_path / "kept") == COUNT
    goes_on(start, tmp_path)


def test_a_disk_that_is_really_full(start: Start, tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        code, told = ended(start("--parts", "full/kept"), tmp_path)
        assert code == 2 and "full/kept: TRT094 the disk is full; free space or name another folder with --parts" in told[0]
        assert kept(full / "kept")
        subprocess.run(["mount", "-o", "remount,size=8m", full], check=True)
        assert ended(start("--parts", "full/kept"), tmp_path)[0] == 0
        plain(tmp_path)
        before = list_files(tmp_path / "out")
        subprocess.run(["mount", "-o", "remount,size=3m", full], check=True)
        code, told = ended(start("--out", "full/out"), tmp_path)
        assert code == 2 and told[0] == ("full/out: TRT094 the disk is full; free space or name another folder with --out; "
                                         "what stood there is untouched")
        assert [p.name for p in full.iterdir()] == ["kept"] and list_files(tmp_path / "out") == before
    finally:
        subprocess.run(["umount", full], check=True)


# --- what ends a build ----------------------------------------------------------------------------


@pytest.mark.parametrize("whole", [True, False], ids=["group", "one"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize(("args", "hint"), [((), LOST), (("--parts", "kept"), KEPT)], ids=["lost", "kept"])
def test_an_interrupt_among_the_slices(start: Start, tmp_path: Path, how: signal.Signals, whole: bool,
                                       args: tuple[str, ...], hint: str) -> None:
    process = start(*args, hook=SLOW)
    until(lambda: [*tmp_path.glob("kept/*.json" if args else "temporary/*/*/0-six.nq")], "no part was made")
    began = time.monotonic()
    (os.killpg if whole else os.kill)(process.pid, how)
    code, told = ended(process, tmp_path)
    assert (code, told) == (128 + how, ["interrupted; nothing was changed", hint])
    assert time.monotonic() - began < 10 and not (tmp_path / "out").exists()
    if args and not whole:
        goes_on(start, tmp_path)


def test_a_signal_that_comes_when_the_process_has_just_ended_keeps_its_exit_code() -> None:
    process = get_context("fork").Process(target=sys.exit, args=(143,))
    process.start()
    assert process.pid and os.waitpid(process.pid, 0)[1] == 143 << 8, "taken, and not yet noted"
    _pass_on(process, signal.SIGTERM, None)  # an error would be taken for one of waiting


# --- folders --------------------------------------------------------------------------------------


def test_two_builds_do_not_share_a_folder_of_parts(start: Start, tmp_path: Path) -> None:
    with held(tmp_path / "kept"):
        code, told = ended(start("--parts", "kept"), tmp_path)
    assert (code, told) == (2, ["kept: TRT093 is being used by another build; wait for it to end, or name another "
                                "folder with --parts"])
    first = start("--parts", "kept", hook=SLOW)
    until(lambda: kept(tmp_path / "kept"), "no part was made")
    assert ended_code(start("--parts", "kept", "--out", "other")) == 2
    assert ended(first, tmp_path)[0] == 0
    plain(tmp_path)


def ended_code(process: subprocess.Popen[str]) -> int:
    process.communicate(timeout=60)
    return process.returncode


def test_files_in_the_way_are_seen_before_the_work(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("ten years")
    monkeypatch.setattr(building, "make", lambda *_: pytest.fail("it was built"))
    with pytest.raises(RunError, match="TRT092"):
        build(data, tmp_path / "out")


@pytest.mark.parametrize(("parts_", "words"), [
    ("data/things.yaml", "'data/things.yaml' is a file"), ("data/things.yaml/below", "TRT094 cannot be written: not a directory")])
def test_a_file_is_no_folder_of_parts(start: Start, tmp_path: Path, parts_: str, words: str) -> None:
    code, told = ended(start("--parts", parts_), tmp_path)
    assert code == 2 and words in "\n".join(told)
