"""How the site grows: files, bytes, seconds and memory for data sets of made-up treaties.

    python benchmarks/site.py [THINGS…]

Each size runs in a process of its own, without SHACL, and writes its files one at a time as a build does,
but for the wait for the disk. Memory is what the process holds before the site is begun, and the most it
holds while the site is written (Linux only).
"""

from __future__ import annotations

import ctypes
import gc
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from large import write_dataset  # noqa: E402
from treatyrdf.build import finish, site_files, write_parts  # noqa: E402
from treatyrdf.files import SITE  # noqa: E402
from treatyrdf.publish import publish  # noqa: E402
from treatyrdf.results import Report  # noqa: E402

SIZES = (1_000, 3_000, 5_000, 20_000)
STAGES = (("search", lambda n: n.startswith("static/search/")), ("pages", lambda n: n.endswith(".html")),
          ("copies", lambda n: n.startswith(("file/", "static/", "ontology/", "shapes/"))),
          ("documents", lambda n: n.endswith((".ttl", ".jsonld", ".nt"))), ("rules", lambda n: True))
"""What a file of the site is made by: the first that holds."""
PICTURE = re.compile(rb'<svg (?!class="sprite).*?</svg>', re.DOTALL)
COLUMNS = ("things", "claims", "quads", "files", "MB", "largest page", "largest document")
TIMES = ("publish", "finish", "indexes", "pages", "documents", "search", "rules", "copies", "writing")


@dataclass
class Tally:
    """What was written, and how long it took."""

    files: int = 0
    bytes: int = 0
    largest: dict[str, tuple[int, str]] = field(default_factory=lambda: defaultdict(lambda: (0, "")))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    clock: float = field(default_factory=time.perf_counter)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[stage] += now - self.clock
        self.clock = now


def megabytes(key: str) -> float:
    """Return a figure of the process from the kernel: VmRSS, held now, or VmHWM, the most ever held."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(key):
            return int(line.split()[1]) / 1024
    raise KeyError(key)


def run(things: int) -> None:
    """Print the rows of one size."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, out = Path(temporary) / "large", Path(temporary) / "site"
        write_dataset(folder, things)
        tally = Tally()
        published = publish(folder)
        tally.lap("publish")
        parts, dumps = write_parts(published)
        made = finish(folder, published, parts, Report((), 0, 0), dumps)
        tally.lap("finish")
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)
        before = megabytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the most ever held begins anew
        write_site(site_files(made), out, tally)
        peak = megabytes("VmHWM")
    largest = (tally.largest[stage] for stage in ("pages", "documents"))
    row = [len(published.dataset.things), len(published.claims), len(published.quads), tally.files,
           f"{tally.bytes / 1e6:.0f}", *(f"{size / 1e3:.0f} kB {name}" for size, name in largest)]
    seconds = [*(f"{tally.seconds[t]:.1f}" for t in TIMES), f"{before:.0f}", f"{peak - before:.0f}"]
    print("\t".join(map(str, [*row, *seconds])))


def write_site(files: Iterable[tuple[str, bytes]], out: Path, tally: Tally) -> None:
    """Write the files of a site, and count them by what made them."""
    first = True
    for whole, content in files:
        name = whole.removeprefix(SITE)
        stage = next(word for word, holds in STAGES if holds(name))
        tally.lap("indexes" if first else stage)
        first = False
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        tally.files += 1
        tally.bytes += len(content)
        size = len(PICTURE.sub(b"", content)) if stage == "pages" else len(content)
        tally.largest[stage] = max(tally.largest[stage], (size, name))
        tally.lap("writing")


def main() -> None:
    """Print two tables: what was made, and what it took."""
    sizes = [int(a) for a in sys.argv[1:]] or SIZES
    rows = [subprocess.run([sys.executable, __file__, "--one", str(n)], check=True, capture_output=True,
                           text=True).stdout.strip().split("\t") for n in sizes]
    cut = len(COLUMNS)
    tables = ((COLUMNS, [row[:cut] for row in rows]),
              (("things", *TIMES, "MB before", "MB more"), [[row[0], *row[cut:]] for row in rows]))
    for head, cells in tables:
        print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
        print("".join("| " + " | ".join(row) + " |\n" for row in cells))


if __name__ == "__main__":
    run(int(sys.argv[2])) if sys.argv[1:2] == ["--one"] else main()
