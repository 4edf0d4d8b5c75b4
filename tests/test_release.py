"""A release is the same bytes everywhere, is made once, and proves itself; every spoilt copy is named."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import ROOT, Run
from test_project import GUARD
from treatyrdf import files
from treatyrdf.errors import RunError, TreatyError
from treatyrdf.files import list_files
from treatyrdf.release import packed
from treatyrdf.verify import verify_folder

DIST = ROOT / "dist" / "alliance"


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def resum(folder: Path) -> None:
    """Write sums that fit, as somebody who wants to deceive would."""
    found = {n: c for n, c in list_files(folder).items() if n != "SHA256SUMS"}
    manifest = json.loads(found["MANIFEST.json"])
    for entry in manifest["files"]:
        entry |= {"bytes": len(found[entry["file"]]), "sha256": digest(found[entry["file"]])}
    found["MANIFEST.json"] = json.dumps(manifest).encode()
    (folder / "MANIFEST.json").write_bytes(found["MANIFEST.json"])
    (folder / "SHA256SUMS").write_text("".join(f"{digest(c)}  {n}\n" for n, c in sorted(found.items())))


@pytest.fixture
def built(small: Path, small_built: Path) -> Path:
    shutil.copytree(small_built / "dist", small.parent / "dist")
    return small


@pytest.fixture
def released(built: Path, small_built: Path) -> Path:
    shutil.copytree(small_built / "releases", built.parent / "releases")
    return built.parent / "releases" / "small-0.1.0"


# --- what a release is ----------------------------------------------------------------------------


def test_it_holds_the_dist_and_what_is_added(released: Path, tool: Callable[[str], str]) -> None:
    made, dist = list_files(released), list_files(released.parent.parent / "dist" / "small")
    assert {n: c for n, c in made.items() if n in dist and n != "SHA256SUMS"} == {
        n: c for n, c in dist.items() if n != "SHA256SUMS"}
    dumps = [n for n in dist if n.startswith("small")]
    assert len(dumps) == 7
    assert set(made) - set(dist) == {*(f"{n}.gz" for n in dumps), "README.md", "ro-crate-metadata.json",
                                     "LICENSES/CC-BY-4.0.txt"}
    for name in dumps:
        assert gzip.decompress(made[f"{name}.gz"]) == made[name]
        magic, method, flags, time, extra, system = struct.unpack("<HBBIBB", made[f"{name}.gz"][:10])
        assert (magic, method, flags, time, extra, system) == (0x8B1F, 8, 0, 0, 2, 255), name
    subprocess.run([tool("sha256sum"), "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=released, check=True)
    assert "Attribution-NonCommercial" not in made["LICENSES/CC-BY-4.0.txt"].decode()
    assert "Section 8" in made["LICENSES/CC-BY-4.0.txt"].decode()


def test_the_crate_is_whole(released: Path) -> None:
    crate = json.loads((released / "ro-crate-metadata.json").read_text())
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {e["@id"]: e for e in crate["@graph"]}
    assert len(entities) == len(crate["@graph"])
    about = entities["ro-crate-metadata.json"]
    assert about["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"} and about["about"] == {"@id": "./"}
    root = entities["./"]
    assert root["@type"] == "Dataset" and {"name", "description", "datePublished", "license"} <= set(root)
    assert root["license"]["@id"] in entities
    parts = [p["@id"] for p in root["hasPart"]]
    assert sorted(parts) == sorted(set(list_files(released)) - {"ro-crate-metadata.json"})
    for part in parts:
        entity = entities[part]
        assert entity["@type"] == "File" and "/" in entity["encodingFormat"]
        if part != "SHA256SUMS":
            assert int(entity["contentSize"]) == (released / part).stat().st_size


def test_the_readme_says_what_it_is(released: Path, tmp_path: Path, treatyrdf: Run) -> None:
    text = (released / "README.md").read_text()
    quads = (released / "small.nq").read_bytes().count(b"\n")
    for word in ("# A fishery agreement of 1951", "Version 0.1.0, issued 2026-11-23", "your name", f"{quads} quads",
                 "https://creativecommons.org/licenses/by/4.0/", "`small-rdf12.ttl`"):
        assert word in text, word
    assert "affiliated" not in text
    assert treatyrdf("release", "--out", tmp_path / "r", cwd=ROOT).returncode == 0
    assert "affiliated" in (tmp_path / "r" / "alliance-0.1.0" / "README.md").read_text()


def test_the_bytes_are_the_same_everywhere(built: Path, treatyrdf: Run) -> None:
    made = []
    for number, env in enumerate(({}, {"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
                                  {"LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"})):
        assert treatyrdf("release", "small", "--out", f"out{number}", **env).returncode == 0
        made.append(list_files(built.parent / f"out{number}" / "small-0.1.0"))
    assert all(one == made[0] for one in made)
    assert packed(b"x" * 5000) == packed(b"x" * 5000)


def test_twice_changes_nothing(released: Path, treatyrdf: Run) -> None:
    before = {p: p.stat().st_mtime_ns for p in released.rglob("*")}
    done = treatyrdf("release", "small")
    assert done.returncode == 0 and done.stderr.startswith("unchanged releases/small-0.1.0")
    assert {p: p.stat().st_mtime_ns for p in released.rglob("*")} == before


def test_another_base_is_kept(built: Path, treatyrdf: Run) -> None:
    assert treatyrdf("build", "small", "--base", "https://example.com/other/").returncode == 0
    assert treatyrdf("release", "small").returncode == 0
    assert treatyrdf("verify", "releases/small-0.1.0").returncode == 0
    crate = json.loads((built.parent / "releases" / "small-0.1.0" / "ro-crate-metadata.json").read_text())
    assert "https://example.com/other/dataset" in json.dumps(crate)


def test_licences_and_notes_of_the_curator_come_along(built: Path, treatyrdf: Run) -> None:
    (built / "LICENSE.txt").write_text("Ask me.\n")
    (built / "CHANGELOG.md").write_text("# Changes\n\n## 0.1.10\n\nNot this one.\n")
    refused = treatyrdf("release", "small")
    assert refused.returncode == 1
    assert refused.stderr == ("small/CHANGELOG.md: TRT128 has no heading for 0.1.0; write `## 0.1.0` and what "
                              "changed\n")
    for heading in ("## 0.1.0", "## [0.1.0] - 2026-11-23", "## 0.1.0 (first)"):
        (built / "CHANGELOG.md").write_text(f"# Changes\n\n{heading}\n\nThe first.\n")
        shutil.rmtree(built.parent / "releases", ignore_errors=True)
        assert treatyrdf("release", "small").returncode == 0, heading
    made = list_files(built.parent / "releases" / "small-0.1.0")
    assert made["LICENSE.txt"] == b"Ask me.\n" and "CHANGELOG.md" in made
    assert "[LICENSE.txt](LICENSE.txt)" in made["README.md"].decode()


# --- when there is none ---------------------------------------------------------------------------


def test_old_dumps_are_not_released(built: Path, treatyrdf: Run) -> None:
    (built / "things.yaml").write_text((built / "things.yaml").read_text().replace("France", "Frankreich"))
    done = treatyrdf("release", "small")
    assert done.returncode == 1 and "TRT095" in done.stderr and not (built.parent / "releases").exists()


def test_without_a_build_there_is_no_release(small: Path, treatyrdf: Run) -> None:
    done = treatyrdf("release", "small")
    assert done.returncode == 2
    assert done.stderr == "dist/small: TRT096 holds no built data set; run `treatyrdf build small` first\n"
    (small.parent / "dist" / "small").mkdir(parents=True)
    (small.parent / "dist" / "small" / "MANIFEST.json").write_text('{"files": []}')
    assert "TRT095" in treatyrdf("release", "small").stderr


def test_a_version_is_released_once(released: Path, built: Path, treatyrdf: Run) -> None:
    before = list_files(released)
    (built / "things.yaml").write_text((built / "things.yaml").read_text().replace("France", "Frankreich"))
    assert treatyrdf("build", "small").returncode == 0
    done = treatyrdf("release", "small")
    assert done.returncode == 1 and "TRT128 holds another release of 0.1.0" in done.stderr
    assert list_files(released) == before


def test_what_stands_in_the_way_is_kept(built: Path, treatyrdf: Run) -> None:
    (built.parent / "releases").mkdir()
    (built.parent / "releases" / "small-0.1.0").write_text("mine")
    done = treatyrdf("release", "small")
    assert done.returncode == 2 and "TRT092" in done.stderr and "Traceback" not in done.stderr
    assert (built.parent / "releases" / "small-0.1.0").read_text() == "mine"
    done = treatyrdf("release", "small", "--out", "small/dataset.yaml")
    assert done.returncode == 2 and "TRT094" in done.stderr


def test_a_full_disk_leaves_no_half_release(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from treatyrdf.cli import main

    calls = iter(range(1000))

    def full(handle: int) -> None:
        if next(calls) == 40:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    monkeypatch.chdir(built.parent)
    done = CliRunner().invoke(main, ["release", "small"])
    assert done.exit_code == 2 and "the disk is full" in done.output
    assert list((built.parent / "releases").iterdir()) == []


# --- proof ----------------------------------------------------------------------------------------


def test_what_was_published_is_proved(released: Path, treatyrdf: Run) -> None:
    for folder in (released, released.parent.parent / "dist" / "small", DIST):
        assert verify_folder(folder).problems == ()
    done = treatyrdf("verify", released)
    assert done.returncode == 0 and "is small 0.1.0 as published" in done.stdout and done.stderr == ""
    value = json.loads(treatyrdf("verify", DIST, "--json").stdout)
    manifest = json.loads((DIST / "MANIFEST.json").read_text())
    assert value["ok"] and value["rdfc10-sha256"] == manifest["rdfc10-sha256"]
    assert (value["quads"], value["graphs"], value["problems"]) == (manifest["quads"], 4, [])
    assert value["questions"] > 50


def append(name: str, content: bytes) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + content)
    return spoil


def cut(name: str, at: int = -100) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes()[:at])
    return spoil


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
    return spoil


def deceitful(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    def both(folder: Path) -> None:
        spoil(folder)
        resum(folder)
    return both


def swap_counts(folder: Path) -> None:
    """Give two graphs each other's count, so that the sum is right."""
    path = folder / "dataset.ttl"
    before, *parts = re.split(r"(?m)^(?=graph:)", path.read_text())
    found = [(n, m[1]) for n, part in enumerate(parts) if (m := re.search(r'void:triples "(\d+)"', part))]
    (one, few), (other, many) = found[:2]
    parts[one] = parts[one].replace(f'void:triples "{few}"', f'void:triples "{many}"')
    parts[other] = parts[other].replace(f'void:triples "{many}"', f'void:triples "{few}"')
    path.write_text(before + "".join(parts))


def put(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content)  # type: ignore[return-value]


CLIQUE = b"".join(b"_:b%d <https://e.org/p> _:b%d .\n" % (a, b) for a in range(12) for b in range(12) if a != b)


@pytest.mark.parametrize(("spoil", "named", "code"), [
    (append("small.ttl", b"\n"), "small.ttl", "TRT124"),
    (cut("small.nq"), "small.nq", "TRT124"),
    (cut("small.nq", 0), "small.nq", "TRT124"),
    (drop("small.trig"), "small.trig", "TRT124"),
    (drop("small.nq"), "small.nq", "TRT124"),
    (drop("MANIFEST.json"), "MANIFEST.json", "TRT124"),
    (drop("SHA256SUMS"), "SHA256SUMS", "TRT124"),
    (cut("SHA256SUMS", 500), "small.ttl", "TRT124"),
    (cut("MANIFEST.json"), "MANIFEST.json", "TRT124"),
    (put("MANIFEST.json", b"[" * 100_000), "MANIFEST.json", "TRT124"),
    (put("MANIFEST.json", b'{"files": [1]}'), "MANIFEST.json", "TRT124"),
    (put("SHA256SUMS", bytes(range(256))), "SHA256SUMS:1", "TRT124"),
    (append("SHA256SUMS", b"0" * 64 + b"  ../../etc/passwd\n"), "../../etc/passwd", "TRT124"),
    (put("virus.exe", b"x"), "virus.exe", "TRT124"),
    (put("small.nt.gz", b"x"), "small.nt.gz", "TRT124"),
    (change("SHA256SUMS", "  small.ttl\n", "  small.ttll\n"), "small.ttll", "TRT124"),
    (deceitful(change("small.nq", '"1951-01-30"', '"1951-01-31"')), "small.nq", "TRT125"),
    (deceitful(append("small.nq", b"<https://e.org/s> <https://e.org/p> <https://e.org/o> .\n")), "small.nq", "TRT125"),
    (deceitful(append("small.nq", CLIQUE)), "small.nq", "TRT125"),
    (deceitful(append("small.nq", b"<https://e.org/s> <https://e.org/p> .\n")), "small.nq:", "TRT098"),
    (deceitful(change("dataset.ttl", "void:triples", "void:entities")), "small.nq", "TRT125"),
    (deceitful(change("dataset.ttl", "void:triples \"", "void:triples \"9")), "small.nq", "TRT125"),
    (deceitful(swap_counts), "small.nq", "TRT125"),
    (deceitful(cut("dataset.ttl")), "dataset.ttl:", "TRT098"),
    (deceitful(cut("small.nq.gz")), "small.nq.gz", "TRT126"),
    (deceitful(put("small.nq.gz", b"x")), "small.nq.gz", "TRT126"),
    (deceitful(append("small.nq.gz", b"x")), "small.nq.gz", "TRT126"),
    (deceitful(put("small.nq.gz", gzip.compress(bytes(200_000_000), 1))), "small.nq.gz", "TRT126"),
    (deceitful(change("questions/parties.csv", "france", "spain")), "questions/parties.csv", "TRT127"),
    (deceitful(change("questions/parties.rq", "ORDER BY", "OODER BY")), "questions/parties.rq:", "TRT072"),
    (deceitful(change("questions/parties.rq", "WHERE {", "WHERE { SERVICE <https://e.org/> {} ")),
     "questions/parties.rq", "TRT073"),
    (deceitful(change("questions/parties.rq", "#+ summary", "# summary")), "questions/parties.rq:", "TRT070"),
])
def test_a_spoilt_copy_is_named(released: Path, treatyrdf: Run, spoil: Callable[[Path], None], named: str,
                                code: str) -> None:
    spoil(released)
    done = treatyrdf("verify", released)
    assert done.returncode == 1 and done.stdout == "", done.stderr
    assert f"{released}/{named}" in done.stderr and f" {code} " in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    value = json.loads(treatyrdf("verify", released, "--json").stdout)
    assert not value["ok"] and code in {p["code"] for p in value["problems"]}


def test_half_a_download_is_named_file_by_file(released: Path) -> None:
    lost = [p for p in sorted(released.rglob("*")) if p.is_file()][20:60]
    for path in lost:
        path.unlink()
    found = {p.position.path for p in verify_folder(released).problems}
    assert {str(p) for p in lost} <= found


@pytest.mark.parametrize("name", ["nothing", "empty", "file"])
def test_what_is_no_release_is_said(tmp_path: Path, treatyrdf: Run, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    done = treatyrdf("verify", name)
    assert done.returncode == 2
    assert done.stderr == (f"{name}: TRT120 holds neither MANIFEST.json nor SHA256SUMS; name a folder of `treatyrdf "
                           "build` or `treatyrdf release`\n")


def test_a_folder_that_cannot_be_read_is_said(released: Path) -> None:
    if os.geteuid() == 0:
        (released / "loop").symlink_to("loop")  # root reads everything but a link to itself
        shutil.copytree(released, released.parent / "copy", symlinks=True)
        assert verify_folder(released.parent / "copy").problems == ()
        return
    (released / "small.nq").chmod(0)
    with pytest.raises(RunError, match="TRT002"):
        verify_folder(released)


def test_no_network(released: Path) -> None:
    for args in (["verify", released], ["compare", released, released], ["release", "small", "--out", "again"]):
        done = subprocess.run([sys.executable, "-c", GUARD, *map(str, args)], cwd=released.parent.parent,
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_wrong_sum_is_not_believed_by_the_library_either(released: Path) -> None:
    (released / "MANIFEST.json").unlink()
    (released / "SHA256SUMS").unlink()
    with pytest.raises(TreatyError, match="TRT120"):
        verify_folder(released)


def test_a_spoilt_site_is_named(built: Path, treatyrdf: Run) -> None:
    dist = built.parent / "dist" / "small"
    assert treatyrdf("verify", dist).returncode == 0
    (dist / "site" / "index.html").write_text("<h1>Nothing</h1>")
    (dist / "site" / "404.html").unlink()
    done = treatyrdf("verify", dist)
    assert done.returncode == 1
    assert f"{dist}/site/index.html: TRT124 has another SHA-256" in done.stderr
    assert f"{dist}/site/404.html: TRT124 is missing" in done.stderr
