"""Where things are, and how a folder is written so that readers see the old one or the new one."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from .content import Content, blocks, equal
from .errors import RunError
from .packing import Dump, find_dump

DEFAULT = "alliance"
MANIFEST, SUMS = "MANIFEST.json", "SHA256SUMS"
SITE = "site/"
"""Folder of the site in a built data set."""
_EXCHANGE = 2
_AT_FDCWD = -100


def packaged(name: str) -> Path:
    """Return a folder that ships with the tool, from the wheel or from the checkout."""
    here = Path(__file__).resolve().parent
    for root in (here / "data", here.parent.parent):
        if (root / name).is_dir():
            return root / name
    raise RunError.of("TRT091", name, "is missing from this installation", "install treatyrdf again")


def dataset_folder(name: str | None) -> Path:
    """Return the folder of a data set: the one named, else the Treaty of Alliance."""
    if name is not None:
        return Path(name)
    here = Path("datasets") / DEFAULT
    return here if (here / "dataset.yaml").is_file() else packaged("datasets") / DEFAULT


def dist_folder(folder: Path, out: Path | None) -> Path:
    """Return where the dumps of a data set stand: `out`, else dist/ with the folder's name."""
    return out or Path("dist") / folder.resolve().name


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; FileNotFoundError is the caller's to explain."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise RunError.of("TRT002", path, (error.strerror or "cannot be read").lower(),
                          "check its permissions") from None


def ontology_files() -> list[Path]:
    """Return the Turtle files of the ontology, sorted."""
    return sorted(packaged("ontology").glob("*.ttl"))


def shape_files() -> list[Path]:
    """Return the shape files, sorted."""
    return sorted(packaged("shapes").glob("*.ttl"))


def read_manifest(folder: Path) -> list[str] | None:
    """Return the names of the files an earlier build wrote there, None when it is not ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return [*(str(entry["file"]) for entry in manifest["files"]), MANIFEST, SUMS]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_dump(folder: Path) -> tuple[Dump, str] | None:
    """Return the N-Quads of a built folder, and the base IRI it was built with; None when it is not ours or whole."""
    try:
        manifest = json.loads(read_file(folder / MANIFEST))
        dump = find_dump({str(entry["file"]): folder / str(entry["file"]) for entry in manifest["files"]},
                         f"{manifest['dataset']}.nq")
        whole = all(isinstance(path, Path) and path.is_file() for path in dump.files.values())
        return (dump, str(manifest["base"])) if whole else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def list_names(folder: Path) -> list[str]:
    """Return the relative name of everything below a folder that is no folder, sorted."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir())


def list_files(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder by its relative name, but for its site."""
    return {name: (folder / name).read_bytes() for name in list_names(folder)
            if not name.startswith(SITE) and (folder / name).is_file()}


def site_names(folder: Path) -> list[str]:
    """Return the names of the files of the site that an earlier build wrote there."""
    try:
        lines = (folder / SITE / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return []
    return [SITE + SUMS, *(SITE + line.partition('  ')[2] for line in lines)]


def web() -> Path:
    """Return the folder of page templates and of what pages load."""
    return Path(__file__).resolve().parent / "web"


def check_target(out: Path) -> None:
    """Refuse to write where files stand that no build made."""
    if not out.exists():
        return
    if not out.is_dir() or out.is_symlink():
        raise RunError.of("TRT092", out, "is not a folder", "name another folder with --out")
    present, ours = list_names(out), read_manifest(out)
    if present and ours is None:
        raise RunError.of("TRT092", out, "holds files that treatyrdf did not write",
                          "name an empty folder with --out")
    foreign = sorted(set(present) - set(ours or ()) - set(site_names(out)))
    if foreign:
        raise RunError.of("TRT092", out / foreign[0], "was not written by treatyrdf",
                          "move it out of the folder: a build replaces the whole folder")


def not_built(dist: Path, folder: Path) -> RunError:
    """Return that a folder holds no built data set, and how to build one there."""
    return RunError.of("TRT096", dist, "holds no built data set", f"run `treatyrdf build {folder}` first")


def locked(out: Path) -> AbstractContextManager[None]:
    """Hold the right to write a folder; a second writer is refused at once."""
    busy = RunError.of("TRT093", out, "is being written by another build", "wait for it to end, then run again")
    return hold(out.parent / f".{out.name}.lock", out, busy, _OUT)


@contextmanager
def hold(lock: Path, folder: Path, busy: RunError, remedy: str) -> Iterator[None]:
    """Hold the lock of a folder; raises `busy` where another has it, or with the remedy when it cannot be made."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    except OSError as error:
        raise cannot_write(folder, error, remedy) from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            current = os.stat(lock).st_ino == os.fstat(handle).st_ino
        except OSError:
            current = False
        if not current:
            raise busy
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)
    finally:
        os.close(handle)


def write_folder(out: Path, files: Iterable[tuple[str, Content]]) -> bool:
    """Make `out` hold exactly `files`, whole or not at all; False when it did already.

    The files are taken one at a time and written beside it, then the two folders change places in one
    step, so a reader, a kill, a full disk or an error among the files never leaves a half-written folder.
    """
    with locked(out):
        check_target(out)
        try:
            for stale in out.parent.glob(f".{out.name}.new-*"):
                shutil.rmtree(stale, ignore_errors=True)
            fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}.new-", dir=out.parent))
            try:
                if _fill(fresh, files, out):
                    return False
                _sync_all(fresh)
                _swap(fresh, out)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        except OSError as error:
            raise cannot_write(out, error, _OUT) from None
    return True


def _fill(folder: Path, files: Iterable[tuple[str, Content]], old: Path) -> bool:
    """Write the files below a folder; tell whether `old` holds exactly the same."""
    folder.chmod(0o755)
    names, same = set(), True
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(content, path)
        names.add(name)
        same = same and equal(content, old / name)
    return same and names == set(list_names(old))


def _put(content: Content, path: Path) -> None:
    """Write a file; one that stands on the same disk already gets a second name."""
    if isinstance(content, Path):
        with suppress(OSError):
            os.link(content, path)
            return
    with path.open("wb") as file:
        file.writelines(blocks(content))


def _sync_all(folder: Path) -> None:
    """Make what stands below a folder survive a crash."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _swap(fresh: Path, out: Path) -> None:
    """Put `fresh` in the place of `out` in one step (renameat2 with RENAME_EXCHANGE on Linux)."""
    if not out.exists():
        fresh.rename(out)
    elif not _exchange(fresh, out):
        old = fresh.with_name(fresh.name + "-old")
        out.rename(old)
        fresh.rename(out)
        old.rename(fresh)
    _sync(out.parent)


def _exchange(one: Path, other: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    return result == 0


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_OUT = "free space or name another folder with --out; what stood there is untouched"
_WHY = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up",
        errno.EFBIG: "a file is larger than the disk or `ulimit -f` allows",
        errno.EISDIR: "is a folder where a file belongs"}
_SHORT = {errno.ENOMEM: ("ran out of memory", "free memory or raise the limit"),
          errno.EAGAIN: ("can start no more processes", "end others or raise `ulimit -u`"),
          errno.EMFILE: ("has too many files open", "raise `ulimit -n`"),
          errno.ENFILE: ("has too many files open", "end other programs")}
"""What is no fault of a folder, and what helps."""


def cannot_write(folder: Path, error: OSError, remedy: str) -> RunError:
    """Return why a folder cannot be written, with the remedy for that, or what else there is too little of."""
    if error.errno in _SHORT:
        what, remedy = _SHORT[error.errno]
        return RunError.of("TRT134", "treatyrdf", what, f"{remedy}, then run again; nothing was changed")
    why = (error.strerror or str(error)).lower()
    return RunError.of("TRT094", folder, _WHY.get(error.errno or 0, f"cannot be written: {why}"), remedy)
