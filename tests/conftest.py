"""Shared fixtures: the data sets under test, built once a session."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from treatyrdf.build import build, compose
from treatyrdf.files import write_folder
from treatyrdf.new import make_dataset
from treatyrdf.publish import Published, publish

ROOT = Path(__file__).resolve().parent.parent
ALLIANCE = ROOT / "datasets" / "alliance"
SHARED = ROOT.parent / "shared" / "reference"

CHROMIUM = "/usr/bin/chromium"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def alliance() -> Published:
    return publish(ALLIANCE)


@pytest.fixture(scope="session")
def alliance_files() -> dict[str, bytes]:
    return compose(ALLIANCE)


@pytest.fixture(scope="session")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built data set with its site, deep in a web root."""
    dist = tmp_path_factory.mktemp("hosted") / "some" / "where" / "alliance"
    build(ALLIANCE, dist)
    return dist


def build_data(folder: Path, out: Path) -> None:
    """Write the built data set without its site, which many tests do not look at."""
    write_folder(out, compose(folder).items())


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the data set that `treatyrdf new` makes, its dist and its release, made once."""
    top = tmp_path_factory.mktemp("once")
    make_dataset(top / "small")
    build(top / "small", top / "dist" / "small")
    subprocess.run([sys.executable, "-m", "treatyrdf", "release", "small"], cwd=top, check=True, capture_output=True)
    return top


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A fresh copy of the data set that `treatyrdf new` makes."""
    make_dataset(tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def treatyrdf(tmp_path: Path) -> Run:
    """Run the command line in a process of its own; nothing it prints is a terminal."""
    def run(*args: str | Path, cwd: Path = tmp_path, stdin: str = "",
            **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "treatyrdf", *map(str, args)], cwd=cwd,
                              input=stdin, capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, **env})
    return run


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference material; users do not have it, CI does."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail("shared/reference is missing in CI")
        pytest.skip("shared/reference is not beside this checkout")
    return SHARED


@pytest.fixture(scope="session")
def checker() -> Callable[..., Path]:
    """Install a checker apart from everything else, whatever it needs; in CI a failure to do so is one."""
    def install(name: str, version: str, *options: str) -> Path:
        folder = ROOT / "build" / "checkers" / f"{name}-{version}"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder.parent / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # several workers, one installation
            if not any(folder.iterdir()):
                done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--target", folder,
                                       *options, f"{name}=={version}"], capture_output=True, text=True, check=False)
                if done.returncode:
                    shutil.rmtree(folder)
                    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{name}: {done.stderr[-300:]}")
        return folder
    return install


@pytest.fixture(scope="session")
def tool() -> Callable[[str], str]:
    """Return the path of a program; in CI a missing one is a failure."""
    def find(name: str) -> str:
        path = shutil.which(name) or shutil.which(name, path=f"{Path(sys.executable).parent}:/usr/sbin")
        if path is None:
            if os.environ.get("CI"):
                pytest.fail(f"{name} is missing in CI: .ci/run installs it")
            pytest.skip(f"{name} is not installed")
        return path
    return find


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed: .ci/run installs it")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()
