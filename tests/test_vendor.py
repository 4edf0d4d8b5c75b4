"""What the site uses of others: recorded, unchanged, licensed, and made again byte by byte."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from conftest import ROOT

SOURCE = ROOT / "vendor"
MADE = ROOT / "src" / "treatyrdf" / "web" / "static" / "vendor"
RECORD = json.loads((MADE / "vendor.json").read_text(encoding="utf-8"))["files"]
PINS = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))


def test_each_file_is_the_recorded_one() -> None:
    assert {f["file"] for f in RECORD} == {p.name for p in MADE.iterdir()} - {"vendor.json"}
    for file in RECORD:
        assert hashlib.sha256((MADE / file["file"]).read_bytes()).hexdigest() == file["sha256"], file["file"]


def test_each_package_is_pinned_and_its_licence_is_there() -> None:
    licences = (MADE / "LICENSES.txt").read_text(encoding="utf-8")
    packages = {(p["name"], p["version"], p["licence"]) for file in RECORD for p in file["packages"]}
    assert len(packages) > 10
    for name, version, licence in packages:
        assert PINS["dependencies"][name] == version
        assert f"{name} {version} ({licence})\n" in licences
        assert "MIT" in licence
    for version in {**PINS["dependencies"], **PINS["devDependencies"]}.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


def test_no_lock_and_no_address_of_a_registry() -> None:
    for path in SOURCE.glob("*.*"):
        assert "lock" not in path.name
        assert "registry" not in path.read_text(encoding="utf-8"), path.name


def test_the_same_bytes_are_made_anew(tool: Callable[[str], str], tmp_path: Path) -> None:
    node, npm = tool("node"), tool("npm")
    for path in SOURCE.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    subprocess.run([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], cwd=tmp_path,
                   check=True, capture_output=True, timeout=600)
    subprocess.run([node, "build.mjs", "out"], cwd=tmp_path, check=True, capture_output=True, timeout=300)
    made = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert made == {path.name: path.read_bytes() for path in MADE.iterdir()}
