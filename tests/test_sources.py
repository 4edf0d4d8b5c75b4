"""Passages proved against a reader's own copy, and what each of them has become."""

from __future__ import annotations

import json
import re
from pathlib import Path

from conftest import ALLIANCE, ROOT, Run
from treatyrdf.coverage import check_source, coverage, gaps
from treatyrdf.publish import Published

TEXT = {".py", ".ttl", ".yaml", ".yml", ".md", ".rq", ".csv", ".jsonld", ".json", ".toml", ".txt", ".nq",
        ".trig", ".nt", ".cff", ".ru", ".mjs", ""}


def test_the_article_is_where_it_was(treatyrdf: Run, shared: Path) -> None:
    done = treatyrdf("sources", "check", shared / "treaty-of-alliance.txt", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "21 of 21 passages are where they were\n")


def test_moved_changed_and_missing_are_told_apart(alliance: Published, shared: Path) -> None:
    article = alliance.dataset.sources["article"]
    text = (shared / "treaty-of-alliance.txt").read_text(encoding="utf-8")
    assert check_source(article, text, "x") == []
    moved = check_source(article, "\n" + text, "x")
    assert moved[0].code == "TRT050" and len(moved) == 22
    assert all("moved from" in p.what for p in moved[1:])
    assert "passage 1.1 moved from 20 to 21" in {p.what for p in moved}
    changed = {p.what for p in check_source(article, text.replace("2372", "2371"), "x")}
    assert changed == {"is not the copy of `article` that was read", "passage 4.1 changed between 1372 and 1551"}
    cut = [p.what for p in check_source(article, text[:2890], "x")]
    assert "passage 7.5 is missing: the text ends at 2890" in cut and len(cut) == 2
    for problem in moved[1:]:
        assert problem.position.path.endswith("sources.yaml") and problem.position.line > 1


def test_check_needs_a_readable_file_and_a_known_source(treatyrdf: Run) -> None:
    done = treatyrdf("sources", "check", "nowhere.txt", "--dataset", ALLIANCE)
    assert done.returncode == 2 and "nowhere.txt: TRT002" in done.stderr
    done = treatyrdf("sources", "check", ROOT / "README.md", "--source", "artcle", "--dataset", ALLIANCE)
    assert done.returncode == 2 and "did you mean `article`?" in done.stderr


def test_offsets_and_hashes_are_those_of_the_reference(alliance: Published, shared: Path) -> None:
    rows = [line.split("\t") for line in (shared / "sentences.tsv").read_text().splitlines()[1:]]
    passages = alliance.dataset.sources["article"].passages
    assert [(r[0], int(r[1]), int(r[2]), r[6]) for r in rows] == [
        (p.at, p.start, p.end, p.sha256) for p in passages.values()]


def test_coverage_counts_every_sentence(treatyrdf: Run, alliance: Published) -> None:
    done = treatyrdf("sources", "coverage", "--dataset", ALLIANCE, "--json")
    rows = json.loads(done.stdout)
    assert done.returncode == 0 and len(rows) == 21 and all(int(r["claims"]) for r in rows)
    assert done.stderr.startswith("21 of 21 passages accounted for; 0 claims without a passage; 0 gaps")
    assert sum(int(r["claims"]) + int(r["silences"]) for r in rows) == sum(
        not c.computed for c in alliance.claims)


def test_a_bare_sentence_is_found(treatyrdf: Run, small: Path) -> None:
    claims = small / "claims.yaml"
    claims.write_text(re.sub(r"- id: in-force\n(  .*\n)+", "", claims.read_text()))
    done = treatyrdf("sources", "coverage", "--dataset", small)
    assert done.returncode == 1 and "2 of 3 passages accounted for" in done.stderr


def test_a_gap_between_passages_is_found(alliance: Published) -> None:
    source = alliance.dataset.sources["article"]
    assert gaps(source) == []
    passages = {k: v for k, v in source.passages.items() if k != "2.2"}
    from dataclasses import replace

    assert gaps(replace(source, passages=passages)) == [(696, 810)]
    assert all(c.accounted for c in coverage(alliance.dataset, alliance.claims))


# --- licence of the text ------------------------------------------------------------------------


def shingles(text: str, size: int = 8) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {tuple(words[n:n + size]) for n in range(len(words) - size + 1)}


def test_no_eight_words_of_the_article_anywhere(shared: Path) -> None:
    article = shingles((shared / "treaty-of-alliance.txt").read_text(encoding="utf-8"))
    found = []
    for path in ROOT.rglob("*"):
        skip = {".git", ".venv", "node_modules", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
        if path.is_file() and path.suffix in TEXT and not skip & set(path.relative_to(ROOT).parts):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [(str(path.relative_to(ROOT)), " ".join(run))
                      for run in shingles(text) & article]
    assert found == []


def test_the_check_for_the_article_s_words_does_find_them(shared: Path) -> None:
    text = (shared / "treaty-of-alliance.txt").read_text(encoding="utf-8")
    assert shingles(f"see: {text[20:120].upper()}") & shingles(text)


def test_no_dump_holds_source_text(alliance_files: dict[str, bytes]) -> None:
    for name, raw in alliance_files.items():
        assert b"TextQuoteSelector" not in raw and b"oa:exact" not in raw, name
