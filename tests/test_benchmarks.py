"""The benchmark of scale: what it measures is counted right, is kept, and is judged as the bars say."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from treatyrdf.publish import publish

BENCHMARKS = ROOT / "benchmarks"
MODULES = ("bars", "commands", "generate", "measure", "results", "rml", "room", "runs", "scale", "stages")


@pytest.fixture(scope="module")
def bench() -> Iterator[Namespace]:
    """The modules of the benchmark by their names, which are no one else's afterwards."""
    sys.path.append(str(BENCHMARKS))
    yield Namespace(**{name: importlib.import_module(name) for name in MODULES})
    sys.path.remove(str(BENCHMARKS))
    for name in MODULES:
        del sys.modules[name]


# --- memory -------------------------------------------------------------------------------------

FORKS = """
import os, time
shared = b"a" * (60 << 20)
for _ in range(2):
    if not os.fork():
        own = b"b" * (30 << 20)
        time.sleep(2)
        os._exit(0)
os.wait(), os.wait()
"""


def test_memory_is_that_of_all_processes_with_shared_pages_once(bench: Namespace, tmp_path: Path) -> None:
    peak = bench.measure.run([sys.executable, "-c", FORKS], tmp_path).peak
    assert 120 < peak < 160, "60 MiB that are shared, twice 30 of two processes, and Python"


def test_memory_of_a_short_run_is_not_that_of_the_harness(bench: Namespace, tmp_path: Path) -> None:
    held = b"a" * (200 << 20)
    assert bench.measure.run([sys.executable, "-c", "import time; time.sleep(0.2)"], tmp_path).peak < 50 < len(held)


def test_who_ends_the_benchmark_ends_what_it_measures(tmp_path: Path) -> None:
    code = f"import sys, signal, pathlib; sys.path.append({str(BENCHMARKS)!r}); import measure; " \
           "signal.signal(signal.SIGTERM, signal.default_int_handler); measure.run(['sh', '-c', 'echo $$ > pid; exec sleep 60'], pathlib.Path.cwd())"
    with subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.DEVNULL) as harness:
        wait_until(lambda: (tmp_path / "pid").is_file() and (tmp_path / "pid").read_text())
        harness.terminate()
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text())


def wait_until(true: Callable[[], object]) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


# --- data ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("members", "claims"), [(2, 80.6), (0.55, 40)])
def test_what_is_read_from_the_tables_is_counted(bench: Namespace, members: float, claims: float,
                                                 tmp_path: Path) -> None:
    bench.generate.write_dataset(tmp_path / "data", 20, members)
    published = publish(tmp_path / "data")
    assert len(published.dataset.facts) == bench.generate.facts(20, members)
    worked_out = re.compile(r"(?:state|held|bound)\.")
    assert sum(not worked_out.match(c.id) for c in published.claims) == bench.generate.cited(20, members)
    assert (len(published.claims) - bench.generate.PARTIES) / 20 == pytest.approx(claims, abs=0.5)


# --- runs ---------------------------------------------------------------------------------------


def options(tmp_path: Path, **more: Any) -> Namespace:
    return Namespace(**{"room": tmp_path / "room", "records": tmp_path / "runs.jsonl", "rounds": 2, "long": 1.5,
                        "tables": tmp_path / "tables", **more})


def test_runs_go_on_where_they_were_ended(bench: Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                          capsys: pytest.CaptureFixture[str]) -> None:
    given = bench.runs.Input("made-up", 1)
    short, long, wrong = (bench.commands.Command(name, [sys.executable, "-c", code], tmp_path) for name, code in (
        ("short", "print(1)"), ("long", "import time; time.sleep(1.5)"),
        ("wrong", "raise SystemExit('no such thing')")))
    monkeypatch.setattr(bench.scale, "chosen", lambda *_: [short, long, wrong])

    def go(rounds: int) -> list[str]:
        known = bench.runs.Known(bench.runs.read(tmp_path / "runs.jsonl"))
        before = len(known.records)
        bench.scale.measure(given, known, options(tmp_path, rounds=rounds), "abc")
        return [r.name for r in known.records[before:]]

    assert go(1) == ["short", "long", "wrong"]
    assert go(2) == ["short", "wrong"], "a long one runs once; what failed is tried again"
    known = bench.runs.Known(bench.runs.read(tmp_path / "runs.jsonl"))
    assert [len(known.of(given, name)) for name in ("short", "long", "wrong")] == [2, 1, 0]
    assert known.failure(given, "wrong") == "failed: no such thing"
    assert {r.commit for r in known.records} == {"abc"}
    assert "failed: no such thing" in capsys.readouterr().err


def test_a_plan_is_drawn_from_what_ran_before(bench: Namespace, tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").write_text(
        '{"N": 100, "name": "serdi", "wall": 4, "cpu": 4, "peak": 1, "output": ""}\n'
        '{"N": 300, "name": "serdi", "wall": 8, "cpu": 8, "peak": 1, "output": ""}\n')
    known = bench.runs.Known(bench.runs.read(tmp_path / "runs.jsonl"))
    assert known.expected(bench.runs.Input("made-up", 300), "serdi") == 8
    assert known.expected(bench.runs.Input("made-up", 1_000), "serdi") == 22
    assert known.expected(bench.runs.Input("made-up", 1_000), "morph-kgc") is None


def test_only_what_is_asked_for_runs(bench: Namespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def names(*words: str) -> dict[str, list[str]]:
        monkeypatch.setattr(sys, "argv", ["scale.py", *words, "--tables", str(tmp_path)])
        given = bench.scale.arguments()
        return {str(i): [c.name for c in bench.scale.chosen(i, given)] for i in bench.scale.inputs(given)}

    build, packed = bench.commands.COMPILED, "--compress zstd --split 2GB"
    assert names("1000", "--only", build, "--rows", "--build-args", packed) == {"1,000": [f"{build} {packed}"]}
    assert names("--only", build, "--rows", "50") == {
        size: [build] for size in ("100", "1,000", "10,000", "real tables, 50 rows of each")}
    everything = names()
    assert set(everything) == {"100", "300", "1,000", "10,000", "real tables, 400 rows of each", "real tables"}
    assert everything["10,000"] == [build, "morph-kgc", "serdi"], "pySHACL and rdflib would take too long"
    assert "pySHACL on Core shapes" in everything["300"]
    assert not [name for name in everything["300"] if "SPARQL" in name]


# --- bars ---------------------------------------------------------------------------------------


def known_of(bench: Namespace, walls: dict[tuple[int, str], float], **more: Any) -> Any:
    return bench.runs.Known([
        bench.runs.Record(bench.runs.Input("made-up", n), name, wall, wall, more.get("peaks", {}).get(n, 100.0),
                          '{"seconds": [1, 2, 3]}')
        for (n, name), wall in walls.items()])


def test_bars_are_met_or_missed_at_their_sizes_alone(bench: Namespace) -> None:
    build = bench.commands.COMPILED
    known = known_of(bench, {(n, name): wall for n in (1_000, 10_000) for name, wall in (
        (build, 60), ("morph-kgc", 90), ("serdi", 10))} | {(100_000, build): 720}, peaks={100_000: 1_025.0})
    found = {(f.bar, f.where): f for f in bench.bars.find(known)}
    assert found["morph-kgc", "10,000"].verdict == "met"
    assert found["morph-kgc", "1,000"].verdict == "(set for other sizes; here met)"
    assert found["serdi", "10,000"].verdict == "missed 1.5-fold"
    assert found["pySHACL + rdflib", "10,000"].verdict == "not measured"
    assert found["time", "10,000 to 100,000"].verdict == "missed 1.1-fold"
    assert found["memory", "10,000 to 100,000"].verdict == "missed 7.9-fold"
    assert found["MiB", "100,000"].verdict == "missed 1.0-fold"
    text = bench.results.report(known, "abc")
    assert all((bench.bars.BARS[bar].reason in text) == told for bar, told in (
        ("serdi", True), ("time", True), ("memory", True), ("MiB", True), ("morph-kgc", False), ("Core", False)))


def test_the_chain_of_peers_is_judged_at_the_largest_size_that_it_ran_for(bench: Namespace) -> None:
    build, stack = bench.commands.COMPILED, bench.commands.STACK
    known = known_of(bench, {(n, name): wall for n in (100, 1_000) for name, wall in (
        (build, 10), ("morph-kgc", 20), (stack, n / 10))} | {(10_000, build): 90, (10_000, "morph-kgc"): 30})
    found = {f.where: f.verdict for f in bench.bars.find(known) if f.bar == stack}
    assert found == {"100": "(set for other sizes; here missed 10.0-fold)", "1,000": "missed 2.5-fold",
                     "10,000": "not measured"}
    text = bench.results.report(known, "abc")
    assert bench.bars.BARS[stack].reason in text and "ran up to N = 1,000 (`--slow`), where it held 100 MiB" in text


def test_what_was_not_measured_is_said(bench: Namespace) -> None:
    found = list(bench.bars.find(bench.runs.Known([])))
    assert {f.bar for f in found} == set(bench.bars.BARS)
    assert {f.verdict for f in found} == {"not measured"}


def test_validators_that_find_something_else_are_not_compared(bench: Namespace) -> None:
    given, runs = bench.runs.Input("made-up", 100), bench.runs
    records = [runs.Record(given, bench.commands.validating(name, "Core"),
                           output='{"seconds": %s, "findings": 11}' % seconds)
               for name, seconds in (("pySHACL", "[9, 100]"), ("treatyrdf, compiled", "[7, 1.5, 0.5]"))]
    found = [(f.value, f.verdict) for f in bench.bars.find(runs.Known(records)) if f.bar == "Core"]
    assert found == [(50, "met")], "the index counts, reading does not"
    assert "| 1 | 7.00 | 1.50 | 0.50 | 50.0 | 200 | 12.1 | 11 |" in bench.results.report(runs.Known(records), "abc")
    records[1] = replace(records[1], output='{"seconds": [7, 1.5, 0.5], "findings": 10}')
    verdicts = [f.verdict for f in bench.bars.find(runs.Known(records)) if f.bar == "Core"]
    assert verdicts == ["not comparable: 11 findings, 10 of treatyrdf, compiled"]


# --- stages, and all together -------------------------------------------------------------------


def test_each_stage_has_a_function(bench: Namespace) -> None:
    there = {stage for owner, _, stage, _ in bench.stages.places() if owner}
    assert {stage for *_, stage in bench.stages.STAGES} == there


def test_one_command_measures_and_tells(bench: Namespace, tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text("# Before\n\n<!-- scale: begin -->\nold\n<!-- scale: end -->\n\n## After\n")

    def scale(*more: str) -> str:
        done = subprocess.run([
            sys.executable, BENCHMARKS / "scale.py", "20", "--rounds", "1", "--checks", "--sparql", "--profile",
            "--stages", "20", "--rows", "--only", bench.commands.COMPILED, bench.commands.STAGES, "--room",
            tmp_path / "room", "--records", tmp_path / "runs.jsonl", "--results", results, *more],
            capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert scale().count("MiB") == 2
    text = results.read_text()
    assert text.startswith("# Before\n\n<!-- scale: begin -->\n## Scale") and text.endswith("\n\n## After\n")
    assert "| 20 | 0.01 MB | 1,028 | 784 | 37,180 | 51.4 + 39.2 | 1,859 |" in text
    assert re.search(r"^\| validation \| [0-9.]+, [0-9]+% \|$", text, re.MULTILINE)
    assert str(tmp_path) not in text
    results.write_text("")
    assert scale() == "", "everything has run"
    assert "37,180" in results.read_text()
    assert "stages" not in scale("--plan")
