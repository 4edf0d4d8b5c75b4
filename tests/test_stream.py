"""Tables are read row by row, and what is read waits folded: the same as when all is held at once."""

from __future__ import annotations

import gc
import heapq
import os
import signal
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ALLIANCE, ROOT
from treaties import write_treaties
from treatyrdf import cells, census, folded, gather, publish, slices, splitting, workers
from treatyrdf.census import count
from treatyrdf.errors import DataError, Position, Problems, RunError
from treatyrdf.folded import Folded, Kept, dealt
from treatyrdf.formats import Dialect
from treatyrdf.gather import Tables
from treatyrdf.model import Dataset, Fact, Thing, Word
from treatyrdf.publish import prepare
from treatyrdf.read import open_dataset, read_dataset
from treatyrdf.splitting import merge
from treatyrdf.tabular import read_table
from treatyrdf.things import Ids, Things

sys.path.insert(0, str(ROOT / "benchmarks"))

from generate import write_dataset

ENVIRONMENT = ROOT / "datasets" / "environment"
HEADER = (ROOT / "datasets" / "environment" / "dataset.yaml").read_text(encoding="utf-8")
HERE = Position("made-up.csv", 2, 1)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold as little at once as can be."""
    for module, name, least in ((folded, "BLOCK", 2), (folded, "SPAN", 1), (cells, "_KEPT", 1), (gather, "_KEPT", 1)):
        monkeypatch.setattr(module, name, least)


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even small data sets."""
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 5)


# --- what waits -----------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9), max_size=60), st.integers(1, 4), st.integers(1, 4))
def test_dealt_as_if_all_were_held(places: list[int], block: int, span: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folded, "BLOCK", block)
        patch.setattr(folded, "SPAN", span)
        waiting = Folded[str]()
        for n in range(len(places)):
            waiting.add(f"value {n}")
        found = [*dealt(zip(places, waiting.taken(), strict=True), 10)]
    assert found == [[f"value {n}" for n, place in enumerate(places) if place == wanted] for wanted in range(10)]
    assert not [*waiting.taken()], "what was taken is forgotten"


def test_what_is_kept_folded_is_a_sequence() -> None:
    kept = Kept(["a", "b", "c"])
    kept.append("d")
    assert [*kept.after("z")] == ["z", "a", "b", "c", "d"]
    assert [*kept] == ["a", "b", "c", "d"] and (kept[-1], kept[1:3], len(kept)) == ("d", ["b", "c"], 4)


@given(st.lists(st.binary(max_size=9)), st.integers(0, 30))
def test_pieces_in_memory_and_in_a_file(pieces: list[bytes], memory: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folded, "_MEMORY", memory)
        found = folded.Pieces(pieces)
        assert [*found] == pieces and len(found) == len(pieces) and found[1:-1] == pieces[1:-1]
        found.append(b"one more")
        assert found[-1] == b"one more" and found[0] == [*pieces, b"one more"][0]
        with pytest.raises(IndexError):
            found[len(found)]


def test_pieces_are_read_by_several_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "_MEMORY", 0)
    kept = Kept(f"value {n} " * 2000 for n in range(50))
    found = workers.at_once(lambda _: [value[:9].split()[1] for _ in range(20) for value in kept], range(8))
    assert found == [[str(n) for _ in range(20) for n in range(50)]] * 8


def test_no_room_for_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folded, "_MEMORY", 0)
    monkeypatch.setattr(folded, "TemporaryFile", lambda **_: open("/dev/full", "wb", buffering=0))
    with pytest.raises(RunError, match=r"TRT094 .*set TMPDIR to a folder on a larger disk"):
        folded.Pieces([b"a"])


def test_many_ids() -> None:
    ids = Ids()
    assert [ids.add(f"thing-{n}") for n in range(5000)] == [*range(5000)]
    assert [ids.find(f"thing-{n}") for n in range(5001)] == [*range(5000), -1] and len(ids) == 5000


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@given(st.dictionaries(WORDS, st.tuples(st.sampled_from(["Treaty", "Polity"]), WORDS, st.booleans(), st.booleans(),
                                        st.integers(1, 9))))
def test_things_are_what_they_were(told: dict[str, tuple[str, str, bool, bool, int]]) -> None:
    plain = {}
    for id_, (kind, label, unnamed, noted, line) in told.items():
        at = Position("made-up.csv", line, 3)
        plain[id_] = Thing(Word(id_, at), Word(kind, HERE), Word(label, at if line % 2 else HERE), unnamed,
                           Word("noted", at) if noted else None)
    things = Things(plain.values())
    assert things == plain and [*things] == [*plain] and len(things) == len(plain)
    for id_, thing in plain.items():
        found = things[id_]
        assert [w.position for w in (found.id, found.type, found.label)] == [
            w.position for w in (thing.id, thing.type, thing.label)]
        assert things.label(id_) == thing.label and things.type_of(things.ids.find(id_)) == thing.type
    assert [things.ids.find(id_) for id_ in plain] == [*range(len(plain))] and things.ids.find("nobody") == -1
    assert things.types == {t.type for t in plain.values()} and "nobody" not in things
    with pytest.raises(KeyError):
        things["nobody"]


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), [
    ("a.csv", 'n,t\r\n1,"two\r\nlines"\r\n2,\r\n\r\n\r\n'), ("a.tsv", "n\tt\n1\ttwo\n2\t\n"),
    ("a.jsonl", '{"n": 1, "t": "two"}\n\n{"n": 2}\n')])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_rows_can_be_read_again(tmp_path: Path, name: str, text: str, mark: str) -> None:
    (tmp_path / name).write_bytes((mark + text).encode())
    problems = Problems()
    table = read_table(tmp_path / name, name, Dialect(), problems)
    assert table is not None and not problems.found and table.titles == ("n", "t")
    assert [*table.rows] == [*table.rows] and len(table.rows) == len([*table.rows]) == 2
    assert [row[0] for _, row in table.rows] == ["1", "2"]


def wide(folder: Path, rows: str, mapping: str) -> Path:
    folder.mkdir()
    (folder / "dataset.yaml").write_text(HEADER, encoding="utf-8")
    (folder / "tables").mkdir()
    (folder / "tables" / "list.csv").write_text(rows, encoding="utf-8")
    (folder / "tables.yaml").write_text(mapping, encoding="utf-8")
    return folder


MAPPING = """tables:
  list:
    file: list.csv
    label: A made-up list
    rights: Made up
    key: [row]
    columns: {{row: Row, no: No, {short}: "{title}"}}
    things:
    - as: agreement
      id: {id}
      type: Treaty
      label: agreement $(no)
      facts: [{{prefLabel: $({short})}}]
    - {{id: row-$(row), type: Signing, label: row $(row), facts: [{{actBy: unknown}}]}}
"""
ROWS = "Row,No,{title}\n" + "".join(f"{n},{n % 3},name {n % 6}\n" for n in range(30))


def test_rows_of_one_thing_that_stand_apart(tmp_path: Path, small: None) -> None:
    """The same statement is one fact, and each fact has an id of its own, however far apart the rows are."""
    mapping = MAPPING.format(short="name", title="Name", id="agreement-$(no)").partition("    - {id: row")[0]
    read = read_dataset(wide(tmp_path / "d", ROWS.format(title="Name"), mapping))
    assert [str(f.id) for f in read.facts] == [
        *(f"agreement-{n}.prefLabel.list.name" for n in range(3)),
        *(f"agreement-{n}.prefLabel.list.name.2" for n in range(3))]
    assert [str(f.at) for f in read.facts] == [f"list#{n}.3" for n in range(2, 8)]


def test_ids_that_are_too_long_to_tell_all(tmp_path: Path, small: None) -> None:
    long = "A title so long that an id has no room for it and two like it are cut off alike as here"
    id_ = "agreement-with-an-id-that-is-quite-long-as-some-are-$(no)"
    mapping = MAPPING.format(short="name", title=long, id=id_).partition("    - {id: row")[0]
    read = read_dataset(wide(tmp_path / "d", ROWS.format(title=long), mapping))
    ids = [str(f.id) for f in read.facts]
    assert len(ids) == len({*ids}) == 6 and max(map(len, ids)) <= 120


LATER = """tables:
  notes:
    file: notes.csv
    label: Made-up notes
    rights: Made up
    key: [no]
    columns:
      no: No
      about: {titles: About, link: list}
    things:
    - id: note-$(no)
      type: Treaty
      label: note on $(about)
      facts: [{amends: $(about)}]
  list:
    file: list.csv
    label: A made-up list
    rights: Made up
    key: [no]
    columns: {no: No}
    things: [{id: agreement-$(no), type: Treaty, label: agreement $(no), facts: [{prefLabel: $(no)}]}]
"""


def test_a_label_that_links_to_a_later_table(tmp_path: Path) -> None:
    """What a label could not find yet, the facts find."""
    folder = wide(tmp_path / "d", "No\n1\n2\n", LATER)
    (folder / "tables" / "notes.csv").write_text("No,About\n1,2\n2,2\n", encoding="utf-8")
    read = read_dataset(folder)
    assert [str(f.statements[0][1]) for f in read.facts if f.statements[0][0] == "amends"] == ["agreement-2"] * 2
    assert read.ledger is not None and not read.ledger.remarks and read.ledger.balanced


def live(kind: type) -> int:
    return sum(isinstance(o, kind) for o in gc.get_objects())


def test_nothing_of_a_row_is_held_after_it(tmp_path: Path) -> None:
    write_dataset(tmp_path / "d", 60)
    gc.collect()
    before, seen = live(Fact), 0
    gathered = open_dataset(tmp_path / "d")
    for number, row in enumerate(gathered.said):
        seen += len(row.facts)
        if number % 50 == 49:
            assert live(Fact) - before <= 2 * len(row.facts) + 20
    assert seen > 1000 and live(gather._About) == 0
    ledger = gathered.ledger()
    assert ledger is not None and ledger.balanced


def test_memory_of_reading_hardly_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in ((slices, "WHOLE", 0), (folded, "BLOCK", 100), (folded, "SPAN", 1),
                                (cells, "_KEPT", 50), (gather, "_KEPT", 50)):
        monkeypatch.setattr(module, name, value)
    peaks = []
    for number in (50, 200, 400):
        write_dataset(tmp_path / str(number), number)
        if number > 50:  # the first is read for what is loaded once
            tracemalloc.start()
        prepare(tmp_path / str(number))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    grown = (peaks[2] - peaks[1]) / 200
    assert grown < 12_000, "bytes for a treaty with its 11 things and 25 facts; as values they take 70,000"


# --- slices ---------------------------------------------------------------------------------------


def told(dataset: Dataset) -> Iterator[object]:
    """Yield all that a slice holds, with the places of its words."""
    for fact in (*dataset.facts, *dataset.silences):
        yield fact, [w.position for w in (fact.id, fact.subject, fact.at, *fact.words.values())]
    yield from ((thing, thing.id.position) for thing in dataset.things.values())
    for source in dataset.sources.values():
        yield sorted((p.key, p.sha256, p.at.position) for p in source.passages.values())
        yield sorted((c.id, c.passage.key) for c in source.citations.values())


@pytest.mark.parametrize("name", ["alliance", "inf-treaty", "six", "environment"])
def test_slices_do_not_depend_on_what_is_held_at_once(
        name: str, tmp_path: Path, cut_small: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, tables = {"alliance": ALLIANCE, "inf-treaty": ROOT / "tests" / "cases" / name, "six": tmp_path / name,
                      "environment": ENVIRONMENT}[name], Tables()
    if name == "six":
        write_treaties(folder, 6)
    if name == "environment":
        tables = Tables(request.getfixturevalue("shared").parent / "data", 60)
    usual = prepare(folder, tables=tables)
    for module, what, least in ((folded, "BLOCK", 2), (folded, "SPAN", 1), (cells, "_KEPT", 1), (gather, "_KEPT", 1)):
        monkeypatch.setattr(module, what, least)
    little = prepare(folder, tables=tables)
    assert usual.count == little.count > 1
    for one, other in zip(usual.slices, little.slices, strict=True):
        assert [*told(one)] == [*told(other)]
    assert [*told(usual.maker.shared or usual.opening)] == [*told(little.maker.shared or little.opening)]
    assert [*told(usual.dataset)] == [*told(little.dataset)] and not usual.dataset.facts


# --- what is merged and counted -------------------------------------------------------------------


RUNS = st.lists(st.lists(st.sampled_from([b"a\n", b"aa\n", b"b\n", b"bc\n", b"c\n", b"d d\n", "é\n".encode()]),
                         max_size=9).map(sorted), max_size=6)


@settings(max_examples=200)
@given(RUNS, st.integers(1, 5))
def test_merged_as_by_the_library(runs: list[list[bytes]], held: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "_HELD", held)
        found = [line for lines in merge([b"".join(run) for run in runs]) for line in lines]
    assert found == [*heapq.merge(*runs)]


def test_counted_alike_in_memory_and_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [*(ROOT / "dist" / "alliance" / "alliance.nq").read_bytes().splitlines(keepends=True)]
    usual = count(lines, "https://w3id.org/treatyrdf/data/")
    kept = []
    monkeypatch.setattr(census, "Pieces", lambda: kept.append(folded.Pieces()) or kept[-1])
    for module, name, least in ((census, "_SOME", 7), (census, "_FULL", 2), (folded, "_MEMORY", 64)):
        monkeypatch.setattr(module, name, least)
    assert count(lines, "https://w3id.org/treatyrdf/data/") == usual
    assert len(kept) == 1 and kept[0]._file, "it was on the disk"


# --- read by another process ----------------------------------------------------------------------


def test_what_another_process_yields() -> None:
    def numbers() -> Iterator[tuple[int, int]]:
        yield from ((n, os.getpid()) for n in range(workers._SOME * 2 + 1))

    found = [*workers.elsewhere(numbers)]
    assert [n for n, _ in found] == [*range(workers._SOME * 2 + 1)]
    assert {pid for _, pid in found} != {os.getpid()} and len({pid for _, pid in found}) == 1
    assert [*workers.elsewhere(lambda: iter(()))] == []


def test_a_process_that_is_lost_costs_time_only() -> None:
    here = os.getpid()

    def lost() -> Iterator[int]:
        for n in range(workers._SOME + 20):
            if n == workers._SOME + 10 and os.getpid() != here:
                os.kill(os.getpid(), signal.SIGKILL)
            yield n

    assert [*workers.elsewhere(lost)] == [*range(workers._SOME + 20)]


@pytest.mark.parametrize("error", [ValueError("odd"), OSError(28, "No space left on device")])
def test_what_another_process_raises(error: Exception) -> None:
    def bad() -> Iterator[int]:
        yield from range(workers._SOME + 1)
        raise error

    with pytest.raises(type(error), match=str(error).partition("]")[2].strip() or str(error)):
        [*workers.elsewhere(bad)]


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(workers, "_start", refused)
    assert [*workers.elsewhere(lambda: iter([os.getpid()]))] == [os.getpid()]


def test_a_large_table_is_read_by_another_process(
        tmp_path: Path, cut_small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    write_dataset(tmp_path / "d", 20)
    here = prepare(tmp_path / "d")
    monkeypatch.setattr(publish, "_LARGE", 0)
    asked = []
    monkeypatch.setattr(publish, "elsewhere", lambda make: asked.append(make) or workers.elsewhere(make))
    there = prepare(tmp_path / "d")
    assert asked and here.about == there.about and here.count == there.count > 1
    for one, other in zip(here.slices, there.slices, strict=True):
        assert [*told(one)] == [*told(other)]
    assert set(map(id, there.maker.shared.facts if there.maker.shared else ())) <= set(map(id, there.opening.facts))
    prepare(tmp_path / "d", tables=Tables(limit=5))
    assert len(asked) == 1, "a few rows leave no memory behind"
    with (tmp_path / "d" / "tables" / "register.csv").open("a", encoding="utf-8") as table:
        table.write("too,short\n")
    with pytest.raises(DataError, match="TRT143 the row has 2 cells"):
        prepare(tmp_path / "d")
