"""Slices: a data set cut into many is the same data set."""

from __future__ import annotations

import errno
import gc
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT
from treaties import write_treaties
from treatyrdf import ask, parts, slices
from treatyrdf.build import build, compose, make
from treatyrdf.errors import DataError, RunError
from treatyrdf.findings import check_shapes, report_problems
from treatyrdf.folded import fold, unfold
from treatyrdf.model import Dataset, Fact, Word
from treatyrdf.publish import prepare, publish
from treatyrdf.worked import Made

INF = ROOT / "tests" / "cases" / "inf-treaty"
CHOSEN = "questions: [bounds]\nsite: no\n"


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even small data sets."""
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)


@pytest.fixture
def treaties(tmp_path: Path) -> Path:
    """Return a data set of six treaties that share their parties and a source."""
    write_treaties(tmp_path / "six", 6)
    return tmp_path / "six"


def test_small_is_one_slice() -> None:
    assert publish(ALLIANCE).count == 1


def test_slices_hold_each_claim_and_thing_once(cut_small: None, treaties: Path) -> None:
    published = publish(treaties)
    assert published.count > 2
    assert Counter(c.id for s in published.worked for c in s.claims) == Counter(c.id for c in published.claims)
    assert sorted(t for s in published.slices for t in s.things) == sorted(published.dataset.things)
    assert {s.key for part in published.worked for s in part.states} == {
        n.rpartition("/")[2][:-1] for n, p, o, _ in published.quads if o.endswith("#RelationState>")}
    told = [q for n in range(published.count) for q in published.part(n)]
    assert len(told) == len(set(told)), "nothing is told twice"


def test_no_facts_are_held_but_those_of_the_first_slice(cut_small: None, treaties: Path) -> None:
    """Else the memory of a build would be that of all facts."""
    def held() -> int:
        return sum(isinstance(o, Fact) for o in gc.get_objects())

    gc.collect()
    before = held()
    published = prepare(treaties)
    gc.collect()
    assert held() - before == len(published.opening.facts) < sum(len(s.facts) for s in published.slices) / 5
    assert not published.about.facts and not published.about.things
    assert not any(s.passages for s in published.about.sources.values())


@pytest.mark.parametrize("folder", [ALLIANCE, INF])
def test_what_is_folded_is_unfolded(folder: Path) -> None:
    """With the places of all words, of which errors speak."""
    whole = publish(folder).opening
    again = unfold(fold(whole))
    assert again == whole and [w.position for w in words(again)] == [w.position for w in words(whole)]
    assert [type(w) for w in words(again)] == [type(w) for w in words(whole)] and len([*words(whole)]) > 100


def words(dataset: Dataset) -> Iterator[Word]:
    for fact in (*dataset.facts, *dataset.silences):
        yield from (fact.id, fact.subject, fact.at, *fact.words.values())
        yield from (word for pair in fact.statements for word in pair if word is not None)
    for thing in dataset.things.values():
        yield from (thing.id, thing.type, thing.label)
    for source in dataset.sources.values():
        yield from (p.at for p in source.passages.values())


@pytest.mark.parametrize("folder", [ALLIANCE, INF])
def test_dumps_are_the_same_graph(folder: Path, cut_small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import pyoxigraph as ox

    cut = compose(folder)
    monkeypatch.setattr(slices, "WHOLE", 10**6)
    whole = compose(folder)
    assert cut.keys() == whole.keys()
    differing = {name for name in whole if cut[name] != whole[name]}
    name = json.loads(whole["MANIFEST.json"])["dataset"]
    for file, kind in ((f"{name}.trig", ox.RdfFormat.TRIG), (f"{name}.ttl", ox.RdfFormat.TURTLE),
                       (f"{name}.jsonld", ox.RdfFormat.JSON_LD), (f"{name}-facts.ttl", ox.RdfFormat.TURTLE),
                       (f"{name}-rdf12.ttl", ox.RdfFormat.TURTLE)):
        one, other = ([str(q) for q in ox.parse(files[file], format=kind)] for files in (cut, whole))
        assert sorted(one) == sorted(other), file
    # The order within these four may differ, and so the sums; all else is the same to the byte.
    assert differing <= {f"{name}.trig", f"{name}.ttl", f"{name}.jsonld", f"{name}-facts.ttl",
                         f"{name}-rdf12.ttl", "dataset.ttl", "dataset.jsonld", "service.ttl",
                         "MANIFEST.json", "SHA256SUMS"}


def test_a_finding_in_a_slice_is_found_once(cut_small: None, treaties: Path) -> None:
    shape = treaties / "shape.ttl"
    shape.write_text("""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix trt: <https://w3id.org/treatyrdf/ontology#> .
<urn:party> a sh:NodeShape ; sh:targetClass trt:Polity ; sh:property [ sh:path trt:childOf ; sh:minCount 1 ] .
<urn:signed> a sh:NodeShape ; sh:targetClass trt:Treaty ;
  sh:property [ sh:path trt:signedIn ; sh:class trt:Signing ] ;
  sh:property [ sh:path trt:hasParty ; sh:class trt:Polity ; sh:maxCount 1 ] .
""", encoding="utf-8")
    published = publish(treaties)
    report = check_shapes(published, [shape])
    assert sorted(f.focus.rpartition("/")[2] for f in report.findings) == sorted(
        ["france", "spain", *(f"treaty-{n}" for n in range(1, 7))])
    places = {p.position for p in report_problems(published, report)}
    assert len(places) == 8, "each at a line of its own"


def test_files_of_slices_are_written_and_read(cut_small: None, treaties: Path, tmp_path: Path) -> None:
    with (treaties / "dataset.yaml").open("a", encoding="utf-8") as header:
        header.write(CHOSEN)
    out = tmp_path / "out"
    assert build(treaties, out)
    assert not build(treaties, out), "the same bytes again"
    asked = {p.stem for p in (out / "questions").glob("*.rq")}
    assert asked == {"bounds"} and not (out / "site").exists()
    (tmp_path / "room").mkdir()
    made = make(treaties, None, tmp_path / "room")
    names = {p.name for p in (tmp_path / "room").iterdir()}
    assert names == {n for n, c in made.files.items() if isinstance(c, Path)}, "no part is left behind"


def test_a_full_disk_is_said(cut_small: None, treaties: Path, tmp_path: Path,
                             monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(parts.Part, "written", full)
    with pytest.raises(RunError, match="TRT094 the disk is full; set TMPDIR"):
        build(treaties, tmp_path / "out")


def test_an_interrupt_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "slow.py"
    script.write_text("""
import os, sys, time
from treatyrdf.workers import spread
def slow(number, _value):
    print(os.getpid(), flush=True)
    time.sleep(60)
list(spread(slow, "ab"))
""", encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT / "src")}) as run:
        assert run.stdout is not None
        worker = Path(f"/proc/{int(run.stdout.readline())}/cmdline")
        run.kill()
    for _ in range(100):
        if not worker.exists() or not worker.read_bytes():
            return
        time.sleep(0.05)
    pytest.fail(f"a worker outlived its parent: {worker.read_bytes()!r}")


def test_unknown_question_is_named(treaties: Path) -> None:
    with (treaties / "dataset.yaml").open("a", encoding="utf-8") as header:
        header.write("questions: [bonds]\n")
    with pytest.raises(DataError, match="TRT071 `bonds` is not a question; did you mean `bounds`"):
        compose(treaties)


# --- parts that are kept -------------------------------------------------------------------------


def test_parts_that_are_kept_are_not_made_again(cut_small: None, treaties: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / "made"
    made.mkdir()
    def part(self: parts.Work, made_: Made, *context: tuple, real=parts.Work.of):  # type: ignore[no-untyped-def,type-arg]
        (made / str(len([*made.iterdir()]))).touch()
        return real(self, made_, *context)

    monkeypatch.setattr(parts.Work, "of", part)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    engine = partial(parts.resume_parts, folder=tmp_path / "kept")

    def built(name: str) -> tuple[dict[str, bytes], int]:
        for old in made.iterdir():
            old.unlink()
        build(treaties, tmp_path / name, engine=engine)
        return {p.name: p.read_bytes() for p in (tmp_path / name).iterdir() if p.is_file()}, len([*made.iterdir()])

    build(treaties, tmp_path / "plain")
    plain = {p.name: p.read_bytes() for p in (tmp_path / "plain").iterdir() if p.is_file()}
    count = publish(treaties).count - 1  # the first is made at last, and is not kept
    assert count > 2
    for old in made.iterdir():
        old.unlink()
    assert built("first") == (plain, count + 1) and built("again") == (plain, 1)

    kept = sorted((tmp_path / "kept").glob("*.json"))
    assert len(kept) == count
    kept[0].write_text(kept[0].read_text()[:40])
    next((tmp_path / "kept").glob(f"{kept[1].name[:64]}-*.ttl")).write_text("spoilt")
    assert built("mended") == (plain, 3)

    (tmp_path / "kept" / "mine.txt").write_text("not a part")
    claims = treaties / "claims.yaml"
    claims.write_text(claims.read_text().replace("date: 1901", "date: 1899"))
    changed, again = built("changed")
    assert changed != plain and again == 2
    assert len([*(tmp_path / "kept").glob("*.json")]) == count and (tmp_path / "kept" / "mine.txt").is_file()


def test_a_build_that_was_killed_goes_on(cut_small: None, treaties: Path, tmp_path: Path) -> None:
    def engine(work: parts.Work, slices_: object, most: int = 2):  # type: ignore[no-untyped-def]
        for number, made in enumerate(parts.resume_parts(work, slices_, tmp_path / "kept")):  # type: ignore[arg-type]
            if number == most:
                raise KeyboardInterrupt
            yield made

    with pytest.raises(KeyboardInterrupt):
        build(treaties, tmp_path / "out", engine=engine)
    assert not (tmp_path / "out").exists()
    assert len([*(tmp_path / "kept").glob("*.json")]) >= 2
    build(treaties, tmp_path / "out", engine=partial(parts.resume_parts, folder=tmp_path / "kept"))
    build(treaties, tmp_path / "plain")
    assert {p: (tmp_path / "out" / p).read_bytes() for p in os.listdir(tmp_path / "plain") if p.endswith((".nq", ".ttl", ".jsonld"))} == {
        p: (tmp_path / "plain" / p).read_bytes() for p in os.listdir(tmp_path / "plain") if p.endswith((".nq", ".ttl", ".jsonld"))}


def test_the_store_of_questions_is_closed_before_its_folder_goes(cut_small: None, treaties: Path, tmp_path: Path,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    class Store:
        def __init__(self, seen: frozenset[str] | None, lines: Iterator[bytes], room: Path) -> None:
            self.room, self.inner = room, ask.open_for(seen, lines, room)

        def __del__(self) -> None:
            closed.append(self.room.is_dir())

    monkeypatch.setattr("treatyrdf.build.open_for", Store)
    monkeypatch.setattr("treatyrdf.build.select", lambda question, store: ask.select(question, store.inner))
    build(treaties, tmp_path / "out")
    assert closed == [True]


def test_a_folder_of_parts_that_cannot_be_used(cut_small: None, treaties: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="TRT094") as error:
        build(treaties, tmp_path / "out", engine=partial(parts.resume_parts, folder=tmp_path / "file"))
    assert "--parts" in str(error.value) and not (tmp_path / "out").exists()
