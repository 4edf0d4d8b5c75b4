"""The project as a whole: public names, versions, package, first contact, no network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

import treatyrdf
from conftest import ALLIANCE, ROOT, Run
from treatyrdf.files import ontology_files
from treatyrdf.vocabulary import read_vocabulary

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_public_names_are_sorted_and_there() -> None:
    assert treatyrdf.__all__ == sorted(treatyrdf.__all__)
    for name in treatyrdf.__all__:
        assert getattr(treatyrdf, name) is not None
    with pytest.raises(AttributeError):
        _ = treatyrdf.nothing


def test_versions_agree() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert cff["version"] == treatyrdf.__version__
    assert f"## {treatyrdf.__version__} " in (ROOT / "CHANGELOG.md").read_text()
    ontology = read_vocabulary(ontology_files()).version
    assert (ROOT / "ontology" / "treaty.ttl").read_text().count(f'/ontology/{ontology}>') == 1
    manifest = json.loads((ROOT / "dist" / "alliance" / "MANIFEST.json").read_text())
    assert (manifest["tool"], manifest["ontology"]) == (treatyrdf.__version__, ontology)


def test_licences_and_the_notice_are_there() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    data = (ROOT / "LICENSE-DATA").read_text()
    assert "CC BY 4.0" in data or "Attribution 4.0" in data
    assert "not affiliated" in (ROOT / "README.md").read_text().lower().replace("\n", " ")


def test_pins_name_no_address() -> None:
    for line in (ROOT / "constraints.txt").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9.]+", line), line


def test_every_dependency_is_pinned() -> None:
    pinned = {line.partition("==")[0].lower().replace("_", "-")
              for line in (ROOT / "constraints.txt").read_text().splitlines()}
    named = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["dev"]]
    for requirement in named:
        name = re.split(r"[<>=]", requirement)[0].strip().lower().replace("_", "-")
        assert name in pinned, name


# --- the wheel ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(out), str(ROOT)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_is_complete(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("ontology", "shapes", "LICENSES", "questions", "datasets/alliance", "datasets/alliance/answers"):
        for path in (ROOT / folder).iterdir():
            if path.is_file():
                assert f"treatyrdf/data/{path.relative_to(ROOT)}" in names, path
    for path in (ROOT / "src" / "treatyrdf").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert f"treatyrdf/{path.relative_to(ROOT / 'src' / 'treatyrdf')}" in names, path
    assert not [n for n in names if n.startswith(("tests", "dist", "benchmarks"))]


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    # Its dependencies are those of this environment; the tool itself comes from the wheel alone.
    venv.create(tmp_path / "env", with_pip=False)
    site = next((tmp_path / "env" / "lib").glob("python3*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    here = next(p for p in sys.path if (Path(p) / "pyshacl").is_dir())
    (site / "z-dependencies.pth").write_text(here + "\n")
    python = tmp_path / "env" / "bin" / "python"
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([python, "-m", "treatyrdf", *args], cwd=tmp_path, env=env, capture_output=True,
                              text=True, check=False)

    where = subprocess.run([python, "-c", "import treatyrdf; print(treatyrdf.__file__)"], cwd=tmp_path, env=env,
                           capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) in where
    built = run("build")
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "dist" / "alliance" / "alliance.nq").read_bytes() == (
        ROOT / "dist" / "alliance" / "alliance.nq").read_bytes()
    assert "Spock" in run("ask", "who-proposed").stdout
    told = subprocess.run([python, "-c", "import treatyrdf as t\nprint(len(t.store()) == len(t.dataset()) > 5000, "
                           "t.answer_to('who-proposed').rows[0]['proposer'])"], cwd=tmp_path, env=env,
                          capture_output=True, text=True, check=True).stdout
    assert told == "True Spock\n"
    assert run("release").returncode == 0
    assert run("verify", "releases/alliance-0.1.0").returncode == 0
    assert run("new", "mine").returncode == 0
    assert run("build", "mine").returncode == 0


# --- no network, no clock -----------------------------------------------------------------------

GUARD = """
import sys
def guard(event, args):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request",
                         "http.client", "socket.gethostby")):
        raise RuntimeError(f"network: {event} {args}")
sys.addaudithook(guard)
import time
time.time = lambda: 4102444800.0  # a clock that is wrong changes nothing
sys.argv = ["treatyrdf", *sys.argv[1:]]
from treatyrdf.cli import main
main()
"""


@pytest.mark.parametrize("command", ["build", "validate", "ask"])
def test_no_network_and_no_clock(tmp_path: Path, command: str) -> None:
    import shutil

    shutil.copytree(ROOT / "dist", tmp_path / "dist")
    args = {"build": ["build", str(ALLIANCE), "--out", "dist/x"], "validate": ["validate", str(ALLIANCE)],
            "ask": ["ask", "sides", "--dataset", str(ALLIANCE)]}[command]
    done = subprocess.run([sys.executable, "-c", GUARD, *args], cwd=tmp_path, capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0, done.stderr
    if command == "build":
        for sums in ("SHA256SUMS", "site/SHA256SUMS"):
            one, other = ((tmp_path / "dist" / name / sums).read_text() for name in ("x", "alliance"))
            assert one == other
    source = "".join(p.read_text() for p in (ROOT / "src" / "treatyrdf").glob("*.py"))
    assert not re.search(r"\.now\(|\.today\(|time\.time|random|uuid", source)


def test_the_guard_does_guard() -> None:
    done = subprocess.run([sys.executable, "-c", GUARD.partition("sys.argv = ")[0]
                           + "import urllib.request as u\nu.urlopen('http://localhost:9')"],
                          capture_output=True, text=True, check=False)
    assert "network:" in done.stderr


# --- first contact ------------------------------------------------------------------------------


def test_new_builds_validates_and_answers_at_once(treatyrdf: Run, tmp_path: Path) -> None:
    assert treatyrdf("new", "my-treaty").returncode == 0
    validated = treatyrdf("validate", "my-treaty")
    assert validated.returncode == 0 and "valid" in validated.stderr
    built = treatyrdf("build", "my-treaty")
    assert built.returncode == 0, built.stderr
    checked = treatyrdf("ask", "--all", "--check", "--dataset", "my-treaty")
    assert checked.returncode == 0, checked.stderr
    assert re.fullmatch(r"(\d+) of \1 questions give the expected rows\n", checked.stderr)
    for name in ("parties", "signing", "state-changes", "unknowns", "denials"):
        answered = json.loads(treatyrdf("ask", name, "--json", "--dataset", "my-treaty").stdout)
        assert answered["rows"] and answered["evidence"], name
    assert treatyrdf("sources", "check", "my-treaty/source.txt", "--dataset", "my-treaty").returncode == 0
    assert treatyrdf("sources", "coverage", "--dataset", "my-treaty").returncode == 0


def test_new_has_no_word_of_fiction(treatyrdf: Run, tmp_path: Path) -> None:
    treatyrdf("new", "my-treaty")
    treatyrdf("build", "my-treaty")
    text = (tmp_path / "dist" / "my-treaty" / "my-treaty.nq").read_text()
    assert not re.search(r"Fiction|InUniverse|Klingon|Federation|Episode|WorkSet", text)


def test_new_refuses_a_folder_in_use_and_a_bad_name(treatyrdf: Run, tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "x").write_text("x")
    assert "used: TRT092" in treatyrdf("new", "used").stderr
    assert "TRT021" in treatyrdf("new", "My Treaty").stderr
    assert [p.name for p in (tmp_path / "used").iterdir()] == ["x"]


@pytest.mark.parametrize("path", sorted(ALLIANCE.glob("*.yaml")), ids=lambda p: p.stem)
def test_editors_find_the_schema(path: Path) -> None:
    first = path.read_text().splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
    assert named and (path.parent / named[1]).resolve().is_file()
