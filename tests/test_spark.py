"""Spark makes what this machine makes, to the byte; what goes wrong in a cluster is said, or mended by it."""

from __future__ import annotations

import importlib.util
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Run
from stores import free_port
from treaties import write_treaties
from treatyrdf import slices
from treatyrdf.errors import Position, Problem, RunError
from treatyrdf.files import list_files
from treatyrdf.model import Word
from treatyrdf.publish import publish

COUNT = 24
"""Treaties; with slices cut as small as here, each gives one."""
PATHS = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests")))
SMALL = """
from treatyrdf import slices
from treatyrdf.cli import main
slices.WHOLE, slices.ENOUGH = 0, 3
main(prog_name="treatyrdf")
"""
WRONG = """
import sys
from pathlib import Path
import treaties
from treatyrdf import folded, slices
from treatyrdf.publish import publish
from treatyrdf.cluster import spread_parts
from treatyrdf.parts import Work
from treatyrdf.terminal import checked
@checked
def run():
    list(spread_parts(Work(getattr(treaties, name), ()), cut, "local[2]"))
slices.WHOLE, slices.ENOUGH = 0, 3
treaties.write_treaties(Path("data"), 2)
cut = [*map(folded.fold, publish(Path("data")).slices)]
for name in ("refuse", "stumble", "vanish"):
    try:
        run()
    except SystemExit as end:
        print(name, end.code, file=sys.stderr)
"""

Build = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def spark() -> Path:
    """Return where Spark is; in CI it must be there."""
    found = importlib.util.find_spec("pyspark")
    if found is None or not found.origin or not shutil.which("java"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pyspark or Java is not installed")
    return Path(found.origin).parent


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Start a build of many small slices."""
    write_treaties(tmp_path / "data", COUNT, "questions: [bounds]\nsite: no\n")

    def start(name: str, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", SMALL, "build", "data", "--out", name, *args], cwd=tmp_path,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                env={**os.environ, "PYTHONPATH": PATHS})
    return start


def done(process: subprocess.Popen[str], folder: Path) -> dict[str, bytes]:
    out, told = process.communicate(timeout=300)
    assert (process.returncode, out) == (0, ""), told
    assert "Traceback" not in told and len(told.splitlines()) == 2, told
    return list_files(folder)


@pytest.fixture
def wanted(build: Build, tmp_path: Path) -> dict[str, bytes]:
    """What the build on this machine gives."""
    return done(build("local"), tmp_path / "local")


@contextmanager
def cluster(spark: Path, folder: Path) -> Iterator[str]:
    """Give the address of a cluster of two workers, and stop what was started."""
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    here = "org.apache.spark.deploy."
    with ExitStack() as stack:
        def start(name: str, *args: str) -> Path:
            (folder / name).mkdir(parents=True)
            log = stack.enter_context((folder / name / "log").open("w"))
            process = subprocess.Popen(
                [spark / "bin" / "spark-class", *args], stdout=log, stderr=log, cwd=folder / name,
                env={**os.environ, "PYTHONPATH": PATHS, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(spark),
                     "SPARK_LOCAL_DIRS": str(folder / name / "disk"), "SPARK_DAEMON_MEMORY": "256m"})
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            return folder / name / "log"

        def waits(log: Path, words: str) -> None:
            until(lambda: words in log.read_text(), log.read_text)

        waits(start("master", f"{here}master.Master", "--host", "127.0.0.1", "--port", str(port),
                    "--webui-port", "0"), "I have been elected leader")
        logs = [start(name, f"{here}worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g",
                      "--webui-port", "0", "--work-dir", str(folder / name / "work"), address)
                for name in ("one", "two")]
        for log in logs:
            waits(log, "Successfully registered with master")
        yield address


def until(there: Callable[[], object], told: Callable[[], str]) -> None:
    end = time.monotonic() + 120
    while not there():
        assert time.monotonic() < end, told()[-2000:]
        time.sleep(0.05)


def executors(folder: Path) -> Iterator[int]:
    """Yield the processes that work for a worker of the cluster."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if "CoarseGrainedExecutorBackend" in (path / "cmdline").read_text() and (path / "cwd").readlink().is_relative_to(folder):
                yield int(path.name)
        except OSError:
            continue


# --- the same bytes -------------------------------------------------------------------------------


def test_two_cores_give_the_same_bytes(spark: Path, build: Build, wanted: dict[str, bytes], tmp_path: Path) -> None:
    assert done(build("spark", "--engine", "spark", "--master", "local[2]"), tmp_path / "spark") == wanted


def test_a_cluster_gives_the_same_bytes_even_with_losses(spark: Path, build: Build, wanted: dict[str, bytes], tmp_path: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    with cluster(spark, tmp_path / "cluster") as master:
        one = tmp_path / "cluster" / "one"
        assert done(build("whole", "--engine", "spark", "--master", master), tmp_path / "whole") == wanted
        assert len(list((one / "work").glob("*/0"))) + len(list((one / "work").glob("*/1"))) == 1

        process = build("lost", "--engine", "spark", "--master", master)
        until(lambda: len(list((one / "disk").rglob("rdd_*"))) > 1, lambda: "no part was made")
        [executor] = executors(one)
        os.kill(executor, signal.SIGKILL)
        assert process.poll() is None, "it was not over yet"
        assert done(process, tmp_path / "lost") == wanted
        assert list((one / "work").glob("*/2")), "the worker began another executor"


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_refusal_comes_back_as_itself_and_the_rest_is_said(spark: Path, tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", WRONG], cwd=tmp_path, capture_output=True, text=True, check=False,
                         env={**os.environ, "PYTHONPATH": PATHS}, timeout=120)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr
    refused, one, *stumbled, many, two, vanished, three = run.stderr.splitlines()
    assert refused == "six.ttl: TRT090 does not read back as the same graph: x; report this"
    assert [(line.partition(" cannot be made: ValueError: a bug in two lines; ")[0]) for line in stumbled] == [
        "data/things.yaml:3:5: TRT137 the slice of france, spain",
        "data/things.yaml:6:5: TRT137 the slice of treaty-1, signing-1, force-1",
        "data/things.yaml:7:5: TRT137 the slice of treaty-2, signing-2, force-2"] and many == "3 problems"
    assert vanished.startswith("--engine: TRT158 Spark could not do it: ") and "exited" in vanished
    assert (one, two, three) == ("refuse 2", "stumble 2", "vanish 2")


@pytest.mark.parametrize(("args", "env", "words"), [
    (("--engine", "spark", "--master", "nowhere"), {}, "--engine: TRT158 Spark could not do it: Could not parse Master URL"),
    (("--engine", "spark"), {"PATH": "/nowhere", "JAVA_HOME": ""}, "--engine: TRT157 Spark needs Java, which is not installed; install"),
    (("--master", "local[2]"), {}, "Error: --master is for --engine spark"),
])
def test_what_is_missing_is_said(spark: Path, treatyrdf: Run, tmp_path: Path, args: tuple[str, ...], env: dict[str, str], words: str) -> None:
    run = treatyrdf("build", ALLIANCE, "--out", "out", *args, **env)
    assert (run.returncode, run.stdout) == (2, "")
    assert words in run.stderr and "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_missing_package_is_said(spark: Path, tmp_path: Path) -> None:
    script = f"import sys\nsys.modules['pyspark'] = None\n{SMALL}"
    run = subprocess.run([sys.executable, "-c", script, "build", ALLIANCE, "--out", "out", "--engine", "spark"], cwd=tmp_path,
                         capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": PATHS})
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("--engine: TRT157 the package pyspark is not installed; install it with `pip install")


# --- what travels ---------------------------------------------------------------------------------


def test_words_and_refusals_travel() -> None:
    word = pickle.loads(pickle.dumps(Word("hub", Position("claims.yaml", 3, 4))))
    assert (word, word.position) == ("hub", Position("claims.yaml", 3, 4))
    error = RunError([Problem(Position("a"), "TRT090", "is wrong", "mend it"), Problem(Position("b"), "TRT090", "too", "mend")])
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), again.problems, str(again)) == (RunError, error.problems, str(error))


def test_what_all_slices_share_holds_none_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)
    sizes = []
    for count in (20, 40):
        write_treaties(tmp_path / str(count), count)
        sizes.append(len(pickle.dumps(publish(tmp_path / str(count)).maker)))
    assert abs(sizes[0] - sizes[1]) < 10
