"""What a build costs on this machine and on Spark: seconds of processors and of the clock, memory, bytes.

    python benchmarks/engines.py [TREATIES…]

Each size and engine runs in a process of its own. `publish` is everything up to the slices and `rest` everything
after them but the site, both in the one process that drives; `making` is the work on the slices, whose time by the
clock is `clock`. All other seconds are those of processors. `sent` and `back` are what a cluster is sent and gives
back, compressed. Memory is the most that the driving process held (without Java).
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from treaties import write_treaties  # noqa: E402
from treatyrdf import cluster  # noqa: E402
from treatyrdf.build import finish, write_parts  # noqa: E402
from treatyrdf.content import size  # noqa: E402
from treatyrdf.files import shape_files  # noqa: E402
from treatyrdf.findings import report_of  # noqa: E402
from treatyrdf.folded import fold  # noqa: E402
from treatyrdf.parts import Engine, make_parts  # noqa: E402
from treatyrdf.publish import prepare  # noqa: E402
from treatyrdf.validate import Tester  # noqa: E402

SIZES = (2_400, 4_800)
ENGINES: dict[str, Engine] = {"local": make_parts, "spark": partial(cluster.spread_parts, master="local[2]")}
COLUMNS = ("engine", "treaties", "claims", "quads", "slices", "clock", "publish", "making", "rest", "memory", "sent",
           "back", "dumps")


def measure(treaties: int, engine: str, folder: Path) -> dict[str, object]:
    """Return the costs of one build."""
    write_treaties(folder / "data", treaties, "questions: [bounds]\nsite: no\n")
    (folder / "room").mkdir()
    lap = time.process_time()
    published = prepare(folder / "data")
    reading = time.process_time() - lap
    tester = Tester(shape_files(), published.vocabulary, "compiled")
    lap, clock = time.process_time(), time.perf_counter()
    seen: dict[int, float] = {}
    Thread(target=watch, args=(seen,), daemon=True).start()
    parts, dumps = write_parts(published, tester, folder / "room", ENGINES[engine])
    clock = time.perf_counter() - clock
    driving = time.process_time() - lap
    lap = time.process_time()
    made = finish(folder / "data", published, parts, report_of(published, tester, parts), dumps)
    rest = time.process_time() - lap
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sent = sum(map(len, published.others))
    whole = sum(size(content) for content in dumps.values())
    back = len(fold([content.read_bytes() for content in dumps.values() if isinstance(content, Path)]))
    if engine == "spark":
        java = cluster._gateway().proc
        java.stdin.close()
        java.wait()
    workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = {"clock": clock, "publish": reading, "rest": rest,
               "making": driving + workers.ru_utime + workers.ru_stime + sum(seen.values())}
    claims = sum(part.told.tally.claims for part in parts if part.told)
    return {"engine": engine, "treaties": treaties, "claims": claims,
            "quads": json.loads(bytes(made.files["MANIFEST.json"]))["quads"], "slices": published.count,
            **{k: f"{v:.1f}" for k, v in seconds.items()}, "memory": f"{memory / 1024:.0f} MB",
            "sent": f"{sent / 1e6:.1f} MB", "back": f"{back / 1e6:.1f} MB", "dumps": f"{whole / 1e6:.0f} MB"}


def watch(seen: dict[int, float]) -> None:
    """Keep the seconds of the Python processes of Spark, which nobody waits for (Linux only)."""
    while True:
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                if "pyspark.daemon" in (path / "cmdline").read_text():
                    fields = (path / "stat").read_text().rpartition(")")[2].split()
                    seen[int(path.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        time.sleep(0.5)


def main(sizes: list[int]) -> None:
    """Print the table."""
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS), flush=True)
    for count in sizes:
        for engine in ENGINES:
            done = subprocess.run([sys.executable, __file__, "--one", str(count), engine], check=True,
                                  stdout=subprocess.PIPE, text=True)
            found = json.loads(done.stdout)
            print("| " + " | ".join(str(found[c]) for c in COLUMNS) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as room:
            print(json.dumps(measure(int(sys.argv[2]), sys.argv[3], Path(room))))
        sys.exit()
    main([int(n) for n in sys.argv[1:]] or list(SIZES))
