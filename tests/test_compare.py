"""What changed between two editions: every kind of change is told, and nothing is passed over."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from conftest import ALLIANCE, ROOT, Run, build_data
from treatyrdf import compare as comparing
from treatyrdf.changes import comparison_json, comparison_markdown, comparison_text
from treatyrdf.compare import Comparison, compare
from treatyrdf.edition import read_edition
from treatyrdf.errors import RunError, TreatyError

DIST = ROOT / "dist" / "alliance"


def edited(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """Return the dist of a data set after some edits, each file, old text and new text."""
    for name, old, new in edits:
        text = (folder / name).read_text()
        assert old in text, old
        (folder / name).write_text(text.replace(old, new, 1))
    out = folder.parent / "new"
    build_data(folder, out)
    return out


def told(found: Comparison, kind: str = "") -> set[tuple[str, str, str, str]]:
    return {(c.name, c.what, c.old, c.new) for c in found.changes if kind in ("", c.kind)}


RAISED = ("dataset.yaml", "version: 0.1.0", "version: 0.2.0")


@pytest.fixture
def old(small: Path) -> Path:
    build_data(small, small.parent / "old")
    return small.parent / "old"


@pytest.fixture
def alliance_copy(tmp_path: Path) -> Path:
    shutil.copytree(ALLIANCE, tmp_path / "alliance")
    return tmp_path / "alliance"


# --- nothing changed ------------------------------------------------------------------------------


def test_the_same_twice_is_nothing(treatyrdf: Run) -> None:
    for other in (DIST, DIST / "alliance.nq"):
        done = treatyrdf("compare", DIST, other)
        assert (done.returncode, done.stdout, done.stderr) == (0, "nothing changed\n", "")


def test_a_release_is_its_dist(small_built: Path) -> None:
    dist, release = small_built / "dist" / "small", small_built / "releases" / "small-0.1.0"
    assert compare(read_edition(dist), read_edition(release)).changes == ()


def test_the_order_of_lines_is_no_change(old: Path) -> None:
    lines = (old / "small.nq").read_bytes().splitlines(keepends=True)
    (old.parent / "other.nq").write_bytes(b"".join(reversed(lines)))
    assert compare(read_edition(old), read_edition(old.parent / "other.nq")).changes == ()


# --- each kind of change --------------------------------------------------------------------------


@pytest.mark.parametrize(("edit", "wanted"), [
    (("claims.yaml", "  certainty: possible ", "  certainty: probable "),
     ("withdrawal-date", "certainty raised", "possible", "probable")),
    (("claims.yaml", "  certainty: possible ", "  certainty: unknown "),
     ("withdrawal-date", "certainty lowered", "possible", "unknown")),
    (("claims.yaml", "  certainty: possible ", "  certainty: certain "),
     ("withdrawal-date", "became asserted", "", "")),
    (("claims.yaml", "subject: signing\n", "subject: signing\n  certainty: probable\n"),
     ("signed.signedBy.2", "no longer asserted", "", "")),
    (("claims.yaml", "- id: withdrawal-date\n", "- id: withdrawal-date\n  basis: reported\n"),
     ("withdrawal-date", "basis changed", "stated", "reported")),
    (("claims.yaml", 'says: The agreement was signed on 30 January 1951.', "says: It was signed."),
     ("signed", "words changed", "The agreement was signed on 30 January 1951.", "It was signed.")),
    (("claims.yaml", "says: The agreement was signed", "note: In London.\n  says: The agreement was signed"),
     ("signed", "note added", "", "In London.")),
    (("claims.yaml", "  date: 1951-01-30\n  at: \"1.1\"", "  date: 1951-01-30\n  at: \"1.2\""),
     ("signed", "passage changed", "passage/note.1.1", "passage/note.1.2")),
    (("claims.yaml", "signedBy: [united-kingdom, france]", "signedBy: [france, united-kingdom]"),
     ("signed", "statement changed", "signing signedBy united-kingdom", "signing signedBy france")),
    (("claims.yaml", "silences:\n", "- id: uk-is-a-party\n  subject: fishery-agreement\n"
      "  hasParty: united-kingdom\n  says: One more.\n  at: \"1.1\"\nsilences:\n"),
     ("uk-is-a-party", "added", "", "One more.")),
    (("things.yaml", "    france: France", "    france: French Republic"),
     ("france", "words changed", "France", "French Republic")),
    (("things.yaml", "    france: France", "    france: France\n    spain: Spain"), ("spain", "added", "", "Spain")),
    (("sources.yaml", "start: 118, end: 163", "start: 118, end: 162"), ("note.1.2", "end changed", "163", "162")),
    (("dataset.yaml", "creator: your name", "creator: somebody"),
     ("dataset", "creator changed", "your name", "somebody")),
])
def test_a_change_is_told(small: Path, old: Path, edit: tuple[str, str, str],
                          wanted: tuple[str, str, str, str]) -> None:
    found = compare(read_edition(old), read_edition(edited(small, RAISED, edit)))
    assert wanted in told(found)
    assert ("dataset", "version changed", "0.1.0", "0.2.0") in told(found, "data set")
    assert found.problems == ()


def test_a_date_changes_bounds_and_answers(small: Path, old: Path) -> None:
    edit = ("claims.yaml", "date: 1951-09-24", 'date: "[1951..1953]"')
    new = edited(small, RAISED, ("things.yaml", "France", "France"), edit)
    name = "Entry into force of the agreement: latest year"
    assert (name, "loosened", "1951", "1953") in told(compare(read_edition(old), read_edition(new)), "bound")
    back = compare(read_edition(new), read_edition(old))
    assert (name, "tightened", "1953", "1951") in told(back, "bound")
    assert any(name == "dates" for name, *_ in told(back, "answer"))


def test_bounds_under_assumptions_works_and_answers(alliance_copy: Path) -> None:
    new = edited(alliance_copy, RAISED, ("claims.yaml", "  latestYear: 2353\n", "  latestYear: 2352\n"),
                 ("sources.yaml", "works: [voy-alliances]", "works: [voy-alliances, tng-sarek]"))
    found = compare(read_edition(DIST), read_edition(new))
    assert ("formation of the alliance: latest year, if formed-before-entry-needed, riker-credits-sarek, "
            "riker-learned-at-school.topic, school-is-academy", "tightened", "2353", "2352") in told(found, "bound")
    assert ("spock-proposes-alliance", "cited work added", "", 'TNG: "Sarek"') in told(found, "claim")
    windows = [c for c in found.changes if c.name == "in-force" and c.old == "windowTo 2353"]
    assert windows and {c.new for c in windows} == {"windowTo 2352"}
    assert found.problems == ()


def test_every_changed_statement_shows(small: Path, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparing, "row_changes", lambda *_: ())
    lines = (old / "small.nq").read_bytes().splitlines(keepends=True)
    whole, cut = read_edition(old / "small.nq"), old.parent / "cut.nq"
    assert len(lines) > 500
    for number in range(len(lines)):
        cut.write_bytes(b"".join(lines[:number] + lines[number + 1:]))
        try:
            found = compare(whole, read_edition(cut))
        except RunError as error:
            assert error.problems[0].code == "TRT120" and b"ns/dcat#Dataset" in lines[number]
            continue
        assert found.changes, lines[number]


def test_files_beside_the_dump_are_compared(old: Path) -> None:
    new = old.parent / "copy"
    shutil.copytree(old, new)
    (new / "shapes" / "claim.ttl").unlink()
    (new / "questions" / "parties.rq").write_text(
        (new / "questions" / "parties.rq").read_text().replace("ORDER BY", "LIMIT 1 #"))
    found = compare(read_edition(old), read_edition(new))
    assert {c.name for c in found.changes if c.kind == "answer"} == {"parties"}
    assert told(found, "file") == {("questions/parties.rq", "changed", "", ""), ("shapes/claim.ttl", "removed", "", "")}
    assert found.problems == ()


# --- what an edition must not do ------------------------------------------------------------------

GONE = ("claims.yaml", "- id: fishing-rules\n", "- id: rules-of-fishing\n")


def test_an_iri_gone_is_an_error_and_a_deprecated_one_is_not(small: Path, old: Path, treatyrdf: Run) -> None:
    new = edited(small, RAISED, GONE)
    done = treatyrdf("compare", old, new)
    assert done.returncode == 1
    assert done.stderr == (f"{new}: TRT121 the IRI https://example.org/small/silence/fishing-rules is gone; write "
                           "`silence/fishing-rules: its-replacement` (or none) under `deprecated` in dataset.yaml\n")
    assert "- silence fishing-rules: The source does not say what either side may do." in done.stdout
    entry = "silence/fishing-rules: silence/rules-of-fishing"
    new = edited(small, ("dataset.yaml", "absent:", f"deprecated:\n  {entry}\nabsent:"))
    found = compare(read_edition(old), read_edition(new))
    assert found.problems == () and found.gone == ()
    assert ("fishing-rules", "removed", "The source does not say what either side may do.",
            "silence/rules-of-fishing") in told(found)
    # The mark itself may go one edition later.
    later = edited(small, ("dataset.yaml", entry, "claim/never-was: none"))
    assert compare(read_edition(new), read_edition(later)).gone == ()


def test_a_computed_claim_may_go(small: Path, old: Path) -> None:
    edit = ("claims.yaml", "  initiatesState: in-force\n", "")
    new = edited(small, RAISED, edit, ("dataset.yaml", "absent: [", "deprecated: {claim/in-force.initiatesState: "
                                       "none}\nabsent: [initiatesState, "))
    found = compare(read_edition(old), read_edition(new))
    assert any(c.name.startswith("state.") and c.what == "removed" for c in found.changes)
    assert found.gone == ()


def test_other_data_need_another_version(small: Path, old: Path, treatyrdf: Run) -> None:
    new = edited(small, ("things.yaml", "France", "French Republic"))
    done = treatyrdf("compare", old, new)
    assert done.returncode == 1
    assert "TRT122 the data changed, and the version is still 0.1.0" in done.stderr


@pytest.mark.parametrize(("entry", "message"), [
    ("france: none", "`france` is deprecated and still there"),
    ("claim/parties: none", "`claim/parties` is deprecated and still there"),
    ("dataset: none", "`dataset` is deprecated and still there"),
    ("spain: portugal", "`spain` is replaced by `portugal`, which is not there"),
    ("spain: [france, portugal]", "`spain` is replaced by `portugal`, which is not there"),
    ("../spain: none", "`../spain` is not the name of a thing or claim"),
    ("passage/x: none", "`passage/x` is not the name of a thing or claim"),
])
def test_a_wrong_deprecation_is_refused(small: Path, treatyrdf: Run, entry: str, message: str) -> None:
    with (small / "dataset.yaml").open("a") as file:
        file.write(f"deprecated:\n  {entry}\n")
    done = treatyrdf("build", "small")
    assert done.returncode == 1 and "dataset.yaml:" in done.stderr
    assert f"TRT129 {message}" in done.stderr and "Traceback" not in done.stderr


# --- the ontology ---------------------------------------------------------------------------------

NEW = 'trt:Novelty a owl:Class ;\n    rdfs:label "novelty"@en .\n'
OLD = '\ntrt:Oldie a owl:Class ;\n    rdfs:label "oldie"@en{} .\n'
NARROWER = "trt:proposedBy rdfs:domain trt:Novelty .\n"


@pytest.mark.parametrize(("before", "after", "version", "bump", "codes"), [
    ("", "trt:Treaty skos:scopeNote \"more\"@en .\n", "0.1.1", "patch", []),
    ("", "trt:Treaty skos:scopeNote \"more\"@en .\n", "0.1.0", "patch", ["TRT123"]),
    ("", NEW, "0.2.0", "minor", []),
    ("", NEW, "0.1.1", "minor", ["TRT123"]),
    (NEW, NEW + NARROWER, "0.2.0", "major", []),
    (NEW, NEW + NARROWER, "0.1.9", "major", ["TRT123"]),
    (NEW + NARROWER, NEW, "0.2.0", "minor", []),
    (NEW, NEW + NARROWER.replace("domain", "range"), "0.1.9", "major", ["TRT123"]),
    (NEW + NARROWER.replace("domain", "range"), NEW, "0.2.0", "minor", []),
    (NEW, NEW + "trt:Novelty rdfs:subClassOf trt:Treaty .\n", "0.2.0", "major", []),
    (NEW, NEW + "trt:Novelty a owl:FunctionalProperty .\n", "nonsense", "major", ["TRT123"]),
    (OLD.format(""), "", "0.2.0", "major", ["TRT121"]),
    (OLD.format(" ; owl:deprecated true"), "", "0.2.0", "major", []),
    (OLD.format(""), OLD.format(" ; owl:deprecated true"), "0.2.0", "minor", []),
    (NEW + "trt:Novelty rdfs:subClassOf [ owl:onProperty trt:proposedBy ; owl:someValuesFrom trt:Treaty ] .\n",
     "trt:Novelty rdfs:subClassOf [ owl:someValuesFrom trt:Treaty ; owl:onProperty trt:proposedBy ] .\n" + NEW,
     "0.1.0", "none", []),
    (NEW + "trt:Novelty rdfs:subClassOf [ owl:onProperty trt:proposedBy ] .\n",
     NEW + "trt:Novelty rdfs:subClassOf [ owl:onProperty trt:aim ] .\n", "0.2.0", "major", []),
])
def test_the_bump_an_ontology_needs(old: Path, before: str, after: str, version: str, bump: str,
                                    codes: list[str]) -> None:
    new = old.parent / "copy"
    shutil.copytree(old, new)
    for folder, text in ((old, before), (new, after)):
        with (folder / "ontology" / "treaty.ttl").open("a") as file:
            file.write("\n" + text)
    words = (new / "ontology" / "treaty.ttl").read_text()
    (new / "ontology" / "treaty.ttl").write_text(words.replace('versionInfo "0.1.0"', f'versionInfo "{version}"'))
    found = compare(read_edition(old), read_edition(new))
    assert found.evolution and found.evolution.needed == bump
    assert [p.code for p in found.problems] == codes
    assert bool(found.evolution.changes) == (bump != "none")


def test_from_one_on_the_first_number_counts(old: Path) -> None:
    new = old.parent / "copy"
    shutil.copytree(old, new)
    for folder, version in ((old, "1.4.2"), (new, "1.5.0")):
        path = folder / "ontology" / "treaty.ttl"
        path.write_text(path.read_text().replace('versionInfo "0.1.0"', f'versionInfo "{version}"'))
    with (old / "ontology" / "treaty.ttl").open("a") as file:
        file.write(OLD.format(" ; owl:deprecated true"))
    found = compare(read_edition(old), read_edition(new))
    assert found.evolution and found.evolution.least == "2.0.0"
    assert [p.code for p in found.problems] == ["TRT123"]


# --- text, Markdown and JSON ----------------------------------------------------------------------


def test_three_forms_tell_the_same(small: Path, old: Path, treatyrdf: Run) -> None:
    evil = "<script>alert(1)</script> `x` *y* [z](https://example.org/)"
    new = edited(small, RAISED, ("things.yaml", "    france: France", f'    france: "{evil}"'), GONE)
    found = compare(read_edition(old), read_edition(new))
    text, markdown, value = comparison_text(found), comparison_markdown(found), comparison_json(found)
    assert len(value["changes"]) == len(found.changes)
    assert text.splitlines()[0] == f"0.1.0 -> 0.2.0: {len(found.changes)} changes"
    for change in value["changes"]:
        if change["kind"] != "answer":
            assert change["name"] in text
    assert len(re.findall(r"^- ", markdown, re.MULTILINE)) == (
        len(re.findall(r"^  [-+~] ", text, re.MULTILINE)) + len(found.problems))
    assert "<script>" in text and not re.search(r"(?<!\\)[<`*\[]", markdown.replace("## ", ""))
    assert value["gone"] == ["https://example.org/small/silence/fishing-rules"]
    shown = treatyrdf("compare", old, new)
    assert "\x1b" not in shown.stdout
    assert json.loads(treatyrdf("compare", old, new, "--json").stdout) == value
    assert treatyrdf("compare", old, new, "--markdown").stdout == markdown
    assert treatyrdf("compare", old, new, PYTHONHASHSEED="5").stdout == shown.stdout


# --- bad input ------------------------------------------------------------------------------------


def _junk(place: Path) -> None:
    place.mkdir()
    (place / "notes.txt").write_text("x")


def _garbled(place: Path) -> None:
    place.mkdir()
    (place / "MANIFEST.json").write_text("{")


def _without_dump(place: Path) -> None:
    shutil.copytree(DIST, place)
    (place / "alliance.nq").unlink()


def _two_dumps(place: Path) -> None:
    shutil.copytree(DIST, place)
    shutil.copy(place / "alliance.nq", place / "other.nq")


def _cut(place: Path) -> None:
    shutil.copytree(DIST, place)
    (place / "alliance.nq").write_bytes((place / "alliance.nq").read_bytes()[:100_000])


def _ontology_cut(place: Path) -> None:
    shutil.copytree(DIST, place)
    (place / "ontology" / "treaty.ttl").write_text("@prefix trt: <")


def _binary(place: Path) -> None:
    shutil.copytree(DIST, place)
    (place / "alliance.nq").write_bytes(bytes(range(256)))


@pytest.mark.parametrize(("make", "code"), [
    (lambda place: None, "TRT120"), (_junk, "TRT120"), (_garbled, "TRT120"), (_without_dump, "TRT120"),
    (_two_dumps, "TRT120"), (_cut, "TRT098"), (_ontology_cut, "TRT098"), (_binary, "TRT098")])
def test_what_is_no_edition_is_refused(tmp_path: Path, treatyrdf: Run, make, code: str) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "bad")
    for pair in ((tmp_path / "bad", DIST), (DIST, tmp_path / "bad")):
        done = treatyrdf("compare", *pair)
        assert done.returncode in (1, 2) and f": {code} " in done.stderr, done.stderr
        assert done.stdout == "" and "Traceback" not in done.stderr


@pytest.mark.parametrize(("name", "content"), [
    ("empty.nq", b""), ("other.nq", b"<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n"),
    ("blank.nq", b"_:a <https://e.org/p> _:b .\n"), ("notes.txt", b"x")])
def test_a_file_that_is_no_dump_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TreatyError, match="TRT120"):
        read_edition(tmp_path / name)


def test_two_data_sets_are_not_compared(old: Path) -> None:
    with pytest.raises(RunError, match="TRT120 is another data set"):
        compare(read_edition(DIST), read_edition(old))
