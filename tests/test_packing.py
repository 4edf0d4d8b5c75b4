"""Dumps that are compressed, cut into documents, or both: the same data set, and every reader knows it."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard
from click.testing import CliRunner

import stores
import test_describe as describing
from conftest import ALLIANCE, ROOT, Run
from treaties import write_treaties
from treatyrdf import packing, parts, slices
from treatyrdf.build import build, check, compose, make
from treatyrdf.cli import main
from treatyrdf.compression import CODECS
from treatyrdf.content import whole
from treatyrdf.errors import RunError
from treatyrdf.packing import Dump, Packing, document, find_dump, packed, standing, stream, unpacked
from treatyrdf.shelf import Part
from treatyrdf.splitting import UNITS, Frame, split
from treatyrdf.verify import verify_folder

MOST = 100_000
FORMS = {"gzip": Packing("gzip"), "zstd": Packing("zstd"), "split": Packing(split=MOST),
         "gzip-split": Packing("gzip", MOST), "zstd-split": Packing("zstd", MOST)}
KINDS = {"nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES,
         "jsonld": ox.RdfFormat.JSON_LD}
DUMPS = [".nq", ".trig", ".ttl", ".jsonld", "-facts.ttl", "-facts.nt", "-rdf12.ttl"]


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data set that `treatyrdf new` makes, built in every form."""
    from treatyrdf.new import make_dataset

    top = tmp_path_factory.mktemp("forms")
    make_dataset(top / "small")
    build(top / "small", top / "plain" / "small")
    for name, form in FORMS.items():
        build(top / "small", top / name / "small", packing=Packing(form.compress, form.split and 9_000))
    return top


@pytest.fixture(scope="module", params=FORMS)
def form(request: pytest.FixtureRequest, forms: Path) -> Path:
    return forms / str(request.param) / "small"


@pytest.fixture
def copied(forms: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a copy of one form and of its data set, to be spoilt."""
    def copy(name: str) -> Path:
        shutil.copytree(forms / "small", tmp_path / "small")
        return Path(shutil.copytree(forms / name / "small", tmp_path / "dist" / "small"))
    return copy


@pytest.fixture
def cut_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 20)


def same(packed_files: dict[str, bytes], plain: dict[str, bytes], dataset: str, form: Packing) -> None:
    """Hold every dump against the plain one: each document parses alone, and all together are the same."""
    for ending in DUMPS:
        name = dataset + ending
        names = standing(packed_files, name)
        assert names and (name in packed_files) == (not form.compress and len(names) == 1)
        texts = [b"".join(unpacked(packed_files[n], n)) for n in names]
        assert len(texts) > 1 or not form.split or len(texts[0]) <= form.split
        assert all(document(n) == document(name)._replace(number=k if len(names) > 1 else 0, compress=form.compress)
                   for k, n in enumerate(names, 1)), names
        kind = KINDS[name.rpartition(".")[2]]
        for text in texts[:-1] if form.split else ():
            assert form.split * 0.7 < len(text) <= form.split, "each is filled, none is too large"
        found = [str(q) for text in texts for q in ox.parse(text, format=kind)]
        assert sorted(found) == sorted(map(str, ox.parse(plain[name], format=kind))), name
        if kind in (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES) or len(texts) == 1:
            assert b"".join(texts) == plain[name]


@pytest.mark.parametrize("form", FORMS)
def test_the_alliance_is_the_same(form: str, alliance_files: dict[str, bytes]) -> None:
    files = {name: whole(content) for name, content in make(ALLIANCE, packing=FORMS[form]).files.items()}
    same(files, alliance_files, "alliance", FORMS[form])
    assert len(standing(files, "alliance.nq")) == (13 if FORMS[form].split else 1)
    told, before = json.loads(files["MANIFEST.json"]), json.loads(alliance_files["MANIFEST.json"])
    assert told["rdfc10-sha256"] == before["rdfc10-sha256"] and told["quads"] == before["quads"]
    assert {e["of"] for e in told["files"] if "of" in e} == {
        "alliance" + e for e in DUMPS if FORMS[form].compress or len(alliance_files["alliance" + e]) > MOST}
    others = {"dataset.ttl", "dataset.jsonld", "MANIFEST.json", "SHA256SUMS"}
    for name in alliance_files.keys() - {f"alliance{e}" for e in DUMPS} - others:
        assert files[name] == alliance_files[name], f"{name} is what it was"


def test_parts_are_compressed_as_well(cut_small: None, tmp_path: Path) -> None:
    """Else a build would need room for all dumps as they are when unpacked."""
    write_treaties(tmp_path / "six", 6, "questions: [bounds]\nsite: no\n")
    (tmp_path / "room").mkdir()
    seen: dict[str, int] = {}

    def engine(work: parts.Work, slices_: Sequence[bytes]) -> Iterator[Part]:
        for part in parts.make_parts(work, slices_):
            for _, path in part.pieces.values():
                text = b"".join(unpacked(Path(path), path))
                assert document(str(path)).compress == (work.packing.compress if text else "")
                assert not text or Path(path).stat().st_size < len(text) or not work.packing.compress
                seen[work.packing.compress] = seen.get(work.packing.compress, 0) + 1
            yield part

    for form in ("", "gzip", "zstd"):
        make(tmp_path / "six", None, tmp_path / "room", engine=engine, packing=Packing(form))
    assert len(seen) == 3 and min(seen.values()) >= 7


@pytest.mark.parametrize("form", ["", "gzip", "zstd"])
def test_lines_that_are_merged_in_rounds_are_compressed_too(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_OPEN", 2)
    wanted = Packing(form)
    pieces: list[bytes | Path] = [tmp_path / f"{n}-x.nq{wanted.ending}" for n in range(7)]
    for n, piece in enumerate(pieces):
        assert isinstance(piece, Path)
        piece.write_bytes(b"".join(packed((b"<x:%d> .\n" % (m * 7 + n + 100) for m in range(9)), form, quick=True)))
    merged = parts._few(pieces, tmp_path / "x.nq", wanted)
    assert {*tmp_path.iterdir()} == {*merged} and len(merged) == 2, "what was merged is gone"
    assert all(document(str(path)).compress == form for path in merged)
    (name, text), = split("x.nq", merged, Frame(b"", b"", b""), 0, in_order=True)
    assert (name, b"".join(text)) == ("x.nq", b"".join(b"<x:%d> .\n" % n for n in range(100, 163)))


@pytest.mark.parametrize("form", FORMS)
def test_several_slices_are_the_same(form: str, cut_small: None, tmp_path: Path) -> None:
    write_treaties(tmp_path / "six", 6, "questions: [bounds]\nsite: no\n")
    wanted = Packing(FORMS[form].compress, FORMS[form].split and 12_000)
    build(tmp_path / "six", tmp_path / "plain")
    assert build(tmp_path / "six", tmp_path / "out", packing=wanted)
    assert not build(tmp_path / "six", tmp_path / "out", packing=wanted), "the same bytes again"
    assert check(tmp_path / "six", tmp_path / "out", packing=wanted) == []
    assert {p.code for p in check(tmp_path / "six", tmp_path / "out")} == {"TRT095"}
    found, plain = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir() if p.is_file()} for name in ("out", "plain"))
    same(found, plain, "six", wanted)
    proof = verify_folder(tmp_path / "out")
    assert not proof.problems and proof.proved["quads"] == plain["six.nq"].count(b"\n")
    (tmp_path / "room").mkdir()
    files = make(tmp_path / "six", None, tmp_path / "room", packing=wanted).files
    assert {p.name for p in (tmp_path / "room").iterdir()} == {n for n, c in files.items() if isinstance(c, Path)}


def test_what_is_compressed_is_what_others_unpack(forms: Path) -> None:
    plain = (forms / "plain" / "small" / "small.nq").read_bytes()
    raw = (forms / "gzip" / "small" / "small.nq.gz").read_bytes()
    assert gzip.decompress(raw) == plain
    assert raw[3:8] == bytes(5) and raw[9] == 255, "no name, no time, no system"
    zstd = (forms / "zstd" / "small" / "small.nq.zst").read_bytes()
    assert zstandard.ZstdDecompressor().decompressobj().decompress(zstd) == plain
    assert zstandard.get_frame_parameters(zstd).has_checksum


def test_the_command_line_builds_and_checks(forms: Path, tmp_path: Path, treatyrdf: Run) -> None:
    options = ("--compress", "gzip", "--split", "9 kB")
    done = treatyrdf("build", forms / "small", "--out", "out", *options)
    assert done.returncode == 0, done.stderr
    other = forms / "gzip-split" / "small"
    names = [p.relative_to(other) for p in other.rglob("*") if p.is_file()]
    assert {n: (tmp_path / "out" / n).read_bytes() for n in names} == {n: (other / n).read_bytes() for n in names}
    assert treatyrdf("build", forms / "small", "--out", "out", "--check", *options).returncode == 0
    plain = treatyrdf("build", forms / "small", "--out", "out", "--check")
    assert plain.returncode == 1 and "out/small.nq: TRT095 is missing" in plain.stderr


# --- readers --------------------------------------------------------------------------------------


def test_it_is_proved(form: Path, treatyrdf: Run) -> None:
    done = treatyrdf("verify", form)
    assert done.returncode == 0 and "4 graphs" in done.stdout, done.stderr


def test_it_is_asked(form: Path, forms: Path, treatyrdf: Run) -> None:
    def asked(dist: Path) -> list[str]:
        return [treatyrdf(*args, "--dataset", forms / "small", "--out", dist, stdin=stdin).stdout for args, stdin in (
            (("ask", "parties", "--csv"), ""), (("query", "-", "--format", "csv"), "SELECT * { ?s a ?o } ORDER BY ?s ?o"))]

    found = asked(form)
    assert found == asked(forms / "plain" / "small") and all(found)


def test_conflicts_are_known(form: Path, forms: Path, treatyrdf: Run) -> None:
    done = treatyrdf("conflicts", forms / "small", "--since", form, "--fail-on", "new")
    assert done.returncode == 0, done.stderr


def test_it_is_the_same_edition(form: Path, forms: Path, treatyrdf: Run) -> None:
    for pair in ((forms / "plain" / "small", form), (form, forms / "plain" / "small")):
        done = treatyrdf("compare", *pair, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["changes"] == []


@pytest.mark.parametrize("name", ["gzip/small/small.nq.gz", "zstd/small/small.nq.zst"])
def test_a_compressed_dump_alone_is_read(name: str, forms: Path, treatyrdf: Run) -> None:
    done = treatyrdf("compare", forms / "plain" / "small" / "small.nq", forms / name)
    assert done.returncode == 0, done.stderr
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    found = [treatyrdf("query", "-", forms / file, "--format", "csv", stdin=count).stdout for file in (name, "plain/small/small.nq")]
    assert found[0] == found[1] != ""


def test_it_is_loaded(forms: Path, tmp_path: Path, tool, treatyrdf: Run) -> None:  # type: ignore[no-untyped-def]
    with stores.oxigraph(tmp_path, tool) as url:
        first = treatyrdf("load", url, forms / "small", "--out", forms / "plain" / "small")
        assert first.returncode == 0, first.stderr
        for name in FORMS:
            done = treatyrdf("load", url, forms / "small", "--out", forms / name / "small", "--json")
            assert done.returncode == 0, done.stderr
            assert {g["state"] for g in json.loads(done.stdout)["graphs"]} == {"same"}


@pytest.mark.parametrize("name", ["plain", *FORMS])
def test_the_command_that_the_site_tells_loads_it(name: str, forms: Path, tmp_path: Path) -> None:
    folder = forms / name / "small"
    page = (folder / "site" / "dataset.html").read_text()
    line = next(row for row in page.splitlines() if "oxigraph load" in row)
    command = line.rpartition(">")[2].replace("--location store", f"--location {tmp_path}/store")
    program = str(Path(sys.executable).with_name("oxigraph"))
    subprocess.run(["bash", "-ec", command.replace("oxigraph", program)], cwd=folder, check=True, capture_output=True)
    dumped = subprocess.run([program, "dump", "--location", tmp_path / "store", "--format", "nq"], check=True, capture_output=True)
    plain = (forms / "plain" / "small" / "small.nq").read_bytes()
    assert sorted(dumped.stdout.splitlines()) == sorted(plain.splitlines())


def test_it_is_served(forms: Path) -> None:
    from treatyrdf.gather import Tables
    from treatyrdf.online import _served
    from treatyrdf.serve import _file

    for name in FORMS:
        served = _served(forms / "small", forms / name / "small", 10, 1000, Tables())
        assert served.pool.dump == (forms / "plain" / "small" / "small.nq").read_bytes()
        for file in served.files:
            compress = document(file.removeprefix("file/")).compress
            if not compress:
                continue
            assert _file(served, file).media_type == f"application/{compress}"


# --- what is said of it ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
def test_each_file_is_a_distribution(name: str, forms: Path, checker: Callable[..., Path]) -> None:
    folder = forms / name / "small"
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    plain = {f"small.{e}": (forms / "plain" / "small" / f"small.{e}").read_bytes() for e in ("nq", "ttl")}
    case = describing.Case(files | plain, "small")
    dcat, spdx, void = describing.DCAT, describing.SPDX, describing.VOID
    seen = set()
    for node in case.graph.objects(case.node, dcat.distribution):
        file = str(case.graph.value(node, describing.DCT.title))
        seen.add(file)
        sums = case.one(case.graph.value(node, spdx.checksum), spdx.checksumValue)
        assert (int(case.one(node, dcat.byteSize)), sums) == (len(files[file]), sha256(files[file]).hexdigest())
        assert case.one(node, dcat.downloadURL).endswith(f"/file/{file}") and f"site/file/{file}" in files
        media = "https://www.iana.org/assignments/media-types/"
        formats = [str(o) for o in case.graph.objects(node, dcat.compressFormat)]
        compress = document(file).compress
        assert formats == ([f"{media}application/{compress}"] if compress else [])
        kind = case.one(node, dcat.mediaType).removeprefix(media)
        listed = next(d for d in case.json["distribution"] if d["name"] == file)
        assert listed["encodingFormat"] == ([kind, f"application/{compress}"] if compress else kind)
    assert seen == {f for f in files if f.startswith("small") and "/" not in f} | {"datapackage.json"}
    assert {str(u).rpartition("/")[2] for u in case.graph.objects(case.node, void.dataDump)} == seen - {"datapackage.json"}
    if name == "zstd-split":
        describing.test_dcat_ap_3(case, checker)
        describing.test_what_dcat_ap_recommends_is_there(case)


def test_the_links_of_the_site_lead_to_files(form: Path) -> None:
    site = form / "site"
    data = json.loads((site / "static" / "sparql-data.json").read_text())["dump"]
    assert (site / data["path"]).stat().st_size == data["bytes"] <= data["most"], "a browser reads it whole and plain"
    links = {link for page in ("dataset", "sparql", "index") for link in re.findall(r'href="((?:file|static)/[^"]+)"', (site / f"{page}.html").read_text())}
    assert links and not [link for link in links if not (site / link).is_file()]
    zstd = any(name.suffix == ".zst" for name in form.iterdir())
    for rules in (".htaccess", "nginx.conf"):
        assert ("application/zstd" in (site / rules).read_text()) == zstd


def test_a_site_of_a_dump_too_large_for_a_browser_has_no_plain_one(forms: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("treatyrdf.website.MOST_BYTES", 1000)
    build(forms / "small", tmp_path / "out", packing=Packing("gzip"))
    site = tmp_path / "out" / "site"
    assert not (site / "file" / "small.nq").exists() and (site / "file" / "small.nq.gz").exists()
    page = (site / "sparql.html").read_text()
    assert 'href="dataset.html">whole dump' in page and "small.nq" not in page


@pytest.mark.parametrize("name", ["gzip", "zstd-split", "split"])
def test_it_is_released(name: str, copied: Callable[[str], Path], tmp_path: Path, treatyrdf: Run) -> None:
    dist = copied(name)
    done = treatyrdf("release", "small")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "releases" / "small-0.1.0"
    names = {p.name for p in folder.iterdir() if p.is_file()}
    dumps = {p.name for p in dist.iterdir() if p.name.startswith("small")}
    assert {n for n in names if n.startswith("small")} == dumps | {f"{n}.gz" for n in dumps if not FORMS[name].compress}
    assert treatyrdf("verify", folder).returncode == 0
    assert treatyrdf("compare", folder, dist).returncode == 0
    readme = (folder / "README.md").read_text()
    assert all(f"`{n}`" in readme for n in dumps) and ("stands here as `.gz`" in readme) == (name == "split")
    assert "--file small.nq" not in readme and "another form" not in readme
    crate = json.loads((folder / "ro-crate-metadata.json").read_text())["@graph"]
    assert {p["encodingFormat"] for p in crate if p["@id"] in dumps} <= {
        {"gzip": "application/gzip", "zstd": "application/zstd"}.get(FORMS[name].compress, p["encodingFormat"]) for p in crate if "encodingFormat" in p}


# --- what is wrong --------------------------------------------------------------------------------


def cut(content: bytes) -> bytes:
    return content[:len(content) // 2]


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "is cut off": cut, "is damaged, or no {}": lambda c: b"x" * 99, "goes on after its end": lambda c: c + b"x",
    "is damaged": lambda c: c[:-2] + bytes(b ^ 1 for b in c[-2:])}


@pytest.mark.parametrize("message", SPOILT)
@pytest.mark.parametrize("compress", CODECS)
def test_damaged_bytes_are_no_dump(compress: str, message: str) -> None:
    content = SPOILT[message](b"".join(packed([b"<urn:a> <urn:b> <urn:c> <urn:d> .\n" * 9999], compress)))
    name = f"a.nq{CODECS[compress].ending}"
    with pytest.raises(RunError, match=f"^{name}: TRT170 {message.format(compress)}.*; download it again"):
        Dump({name: content}).whole()


@pytest.mark.parametrize(("name", "file"), [("gzip", "small.nq.gz"), ("zstd", "small.nq.zst"), ("gzip-split", "small.0002.nq.gz")])
def test_a_damaged_dump_is_named_by_every_reader(copied: Callable[[str], Path], treatyrdf: Run, name: str, file: str) -> None:
    dist = copied(name)
    (dist / file).write_bytes(cut((dist / file).read_bytes()))
    for command in (["ask", "parties", "--dataset", "small"], ["query", "-", "--dataset", "small"], ["verify", dist],
                    ["compare", dist, dist], ["load", "http://127.0.0.1:1", "small"], ["conflicts", "small"],
                    ["query", "-", dist / file]):
        done = treatyrdf(*command, stdin="ASK {}")
        assert done.returncode in (1, 2) and f"{file}: TRT170 is cut off" in done.stderr, (command, done.stderr)
        assert "Traceback" not in done.stderr and done.stdout == ""


@pytest.mark.parametrize("gone", ["small.0001.nq.gz", "small.0003.nq.gz"])
def test_a_document_that_is_missing_is_missed(copied: Callable[[str], Path], treatyrdf: Run, gone: str) -> None:
    dist = copied("gzip-split")
    (dist / gone).unlink()
    for command, code in ((["ask", "parties", "--dataset", "small"], "TRT096"), (["verify", dist], "TRT124"),
                          (["compare", dist, dist], "TRT120"), (["load", "http://127.0.0.1:1", "small"], "TRT096")):
        done = treatyrdf(*command)
        assert done.returncode in (1, 2) and f" {code} " in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_deceitful_change_is_found(copied: Callable[[str], Path], treatyrdf: Run) -> None:
    from test_release import resum

    dist = copied("zstd-split")
    path, text = next((p, text) for p in sorted(dist.glob("small.*.nq.zst")) if b"france" in (text := b"".join(unpacked(p, p))))
    path.write_bytes(b"".join(packed([text.replace(b"france", b"spain")], "zstd")))
    resum(dist)
    done = treatyrdf("verify", dist)
    assert done.returncode == 1 and "TRT125 has the RDFC-1.0 hash" in done.stderr
    (dist / "small.trig.zst" if (dist / "small.trig.zst").exists() else dist / "small.0001.trig.zst").write_bytes(b"x" * 99)
    resum(dist)
    assert "trig.zst: TRT170 is damaged" in treatyrdf("verify", dist).stderr


@pytest.mark.parametrize("size", ["0", "", "-1", "MB", "5 apples", "1e6", "0.1", "0.0001kB", "5MiB", "٣MB", "nan", "inf", "9" * 400, "1,5GB"])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    done = CliRunner().invoke(main, ["build", "nowhere", f"--split={size}"])
    assert done.exit_code == 2 and "or a size such as 500MB or 2GB" in done.stderr


@pytest.mark.parametrize(("text", "size"), [("1", 1), ("500MB", 500_000_000), ("2GB", 2 * 10**9), ("2.3 gb", 2_300_000_000), ("7kB", 7000), ("1TB", 10**12)])
def test_sizes_are_decimal(text: str, size: int) -> None:
    from treatyrdf.terminal import _size

    assert _size(None, None, text) == size  # type: ignore[arg-type]


def test_an_unknown_compression_is_refused() -> None:
    assert CliRunner().invoke(main, ["build", "nowhere", "--compress", "rar"]).exit_code == 2


def test_without_the_package_it_is_said_before_any_work(treatyrdf: Run, tmp_path: Path, copied: Callable[[str], Path]) -> None:
    dist = copied("zstd")
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "zstandard.py").write_text("raise ModuleNotFoundError('zstandard')")
    path = f"{tmp_path / 'none'}:{ROOT / 'src'}"
    for command in (["build", "nowhere", "--compress", "zstd"], ["ask", "parties", "--dataset", "small"], ["verify", dist]):
        done = treatyrdf(*command, PYTHONPATH=path)
        assert done.returncode in (1, 2) and "TRT171 the package zstandard is not installed; run `pip install 'treatyrdf[zstd]'`" in done.stderr
        assert "Traceback" not in done.stderr
    assert treatyrdf("build", "small", "--out", "out", "--compress", "gzip", PYTHONPATH=path).returncode == 0


def test_too_many_documents_are_refused(treatyrdf: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forms: Path) -> None:
    monkeypatch.setattr(packing, "MOST", 3)
    with pytest.raises(RunError, match=r"small.nq: TRT172 would be more than 3 documents; give a larger --split"):
        build(forms / "small", tmp_path / "out", packing=Packing(split=9_000))
    assert list(tmp_path.iterdir()) == []


# --- how it is cut --------------------------------------------------------------------------------


def test_a_unit_is_never_cut(alliance_files: dict[str, bytes]) -> None:
    """Each line, subject or node alone in a document: every one can be read, and they are all."""
    for name, unit in (("alliance-facts.nt", b"\n"), ("alliance-facts.ttl", b" .\n")):
        text = alliance_files[name]
        head = text[:text.index(b"\n\n") + 1] if name.endswith("ttl") else b""
        made = [(n, b"".join(t)) for n, t in split(name, [text.removeprefix(head)], Frame(head, b"", b""), 1, False)]
        assert [n for n, _ in made] == [f"{name.rpartition('.')[0]}.{k:04}.{name.rpartition('.')[2]}" for k in range(1, len(made) + 1)]
        assert all(t.endswith(unit) for _, t in made) and len(made) > 50
        kind = KINDS[name.rpartition(".")[2]]
        assert sorted(str(q) for _, t in made for q in ox.parse(t, format=kind)) == sorted(map(str, ox.parse(text, format=kind)))


@pytest.mark.parametrize("sizes", [1, 3000, 20_000])
def test_graphs_are_opened_again(sizes: int, cut_small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_treaties(tmp_path / "six", 3)
    monkeypatch.setattr(packing, "MOST", 99_999)
    plain = compose(tmp_path / "six")
    files = make(tmp_path / "six", packing=Packing(split=sizes)).files
    for name in ("six.trig", "six.jsonld", "six-rdf12.ttl"):
        kind = KINDS[name.rpartition(".")[2]]
        found = [str(q) for n in standing(files, name) for q in ox.parse(whole(files[n]), format=kind)]
        assert sorted(found) == sorted(map(str, ox.parse(plain[name], format=kind)))


def test_a_dump_without_anything_stays_one_file() -> None:
    assert [(n, b"".join(t)) for n, t in split("a.ttl", [], Frame(b"# a\n", b"", b""), 1, False)] == [("a.ttl", b"# a\n")]


def test_hostile_words_are_not_cut() -> None:
    """What looks like the end of a unit inside of a text is on one line with it."""
    ttl = b"\n# ---- things ----\n\n<urn:a> <urn:p> \"}\\n\\n { # .\" ,\n    \" }, \" .\n\n<urn:b> <urn:p> \"x {\" .\n"
    assert [u.text for u in UNITS["ttl"](ttl.splitlines(keepends=True))] == [ttl[:ttl.index(b"\n\n<urn:b>") + 0 + 1], ttl[ttl.index(b"\n\n<urn:b>") + 1:]]
    trig = b"\n<urn:g> {" + ttl + b"}\n"
    units = [*UNITS["trig"](trig.splitlines(keepends=True))]
    assert len(units) == 2 and {u.graph for u in units} == {b"<urn:g> {\n"}
    nodes = b' {\n  "id": "urn:a",\n  "p": " },\\n { }"\n },\n {\n  "id": "urn:b"\n }'
    assert [json.loads(u.text) for u in UNITS["jsonld"](nodes.splitlines(keepends=True))] == [{"id": "urn:a", "p": " },\n { }"}, {"id": "urn:b"}]


def test_twins_are_not_read_twice() -> None:
    files = {"a.nq": b"1\n", "a.nq.gz": b"x", "a-facts.nt": b"", "a.trig": b""}
    assert find_dump(files, "a.nq").whole() == b"1\n" and find_dump(files, "a.nq").plain
    with pytest.raises(KeyError):
        find_dump(files, "b.nq")


# --- memory ---------------------------------------------------------------------------------------


def _many(count: int) -> Iterator[bytes]:
    return (b"<urn:s:%d> <urn:p> \"%s\" <urn:g> .\n" % (n, b"%d " % (n * 7919) * 60) for n in range(count))


@pytest.mark.parametrize("compress", ["", "gzip", "zstd"])
def test_memory_does_not_grow(compress: str, tmp_path: Path) -> None:
    for number in (0, 1):
        with (tmp_path / f"part-{number}").open("wb") as file:
            file.writelines(sorted(_many(30_000)))
    parts = [tmp_path / "part-0", tmp_path / "part-1"]
    total = sum(p.stat().st_size for p in parts)
    form = Packing(compress, 5_000_000)
    tracemalloc.start()
    for name, text in split("a.nq", parts, Frame(b"", b"", b""), form.split, True):
        with (tmp_path / (name + form.ending)).open("wb") as file:
            file.writelines(packed(text, compress))
    dump = Dump({n: tmp_path / n for n in standing((p.name for p in tmp_path.iterdir()), "a.nq")})
    assert len(dump.files) > 3 and dump.size() == total
    assert sum(1 for _ in dump.lines()) == 60_000
    assert tracemalloc.get_traced_memory()[1] < 12_000_000 < total
    tracemalloc.stop()


def test_a_stream_is_read_in_any_steps() -> None:
    content = b"".join(packed([b"ab\n" * 100_000], "gzip"))
    with stream(content, "a.gz") as file:
        assert file.read(5) == b"ab\nab" and len(file.read()) == 299_995
