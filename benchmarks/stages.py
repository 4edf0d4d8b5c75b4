"""Where the time of a build goes: each stage timed, then profiled, in one process.

    python benchmarks/stages.py DATASET [--validator NAME] [--tables DIR] [--limit ROWS] [--profile] [--top 25] [--json]

Slices are worked on one after the other here, where a build uses all cores. A stage that is called within
another counts to the outer one. With --profile seconds are those under cProfile, which are larger. --json prints
seconds of the clock and of the processor for each stage, and of a profile the three functions that take the most.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import importlib
import io
import json
import pstats
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import wraps
from pathlib import Path
from typing import Any

STAGES = (
    ("publish", "open_dataset", "mapping, names of rows"), ("publish", "read_vocabulary", "read the ontology"),
    ("publish", "check_words", "claims, evidence"), ("worked", "resolve_claims", "claims, evidence"),
    ("worked", "find_conflicts", "conflicts"), ("worked", "settle", "conflicts in time"),
    ("worked", "tighten", "time network"), ("worked", "find_states", "states"), ("worked", "state_claims", "states"),
    ("worked", "span_claims", "what holds when"), ("worked", "mark_assumptions", "assumptions"),
    ("publish", "mark_assumptions", "assumptions"), ("worked", "tally", "tallies"),
    ("publish", "cut", "rows of tables, slices"), ("publish", "fold", "rows of tables, slices"),
    ("worked", "joined", "rows of tables, slices"), ("build", "count", "counts"), ("worked", "Maker.quads", "quads"),
    ("validate", "Tester.__init__", "read the shapes"), ("validate", "Tester.test", "validation"),
    ("dump", "Dumps.pieces", "dumps"), ("dump", "Dumps.whole", "read back"), ("parts", "read_whole", "read back"),
    ("parts", "read_back", "read back"), ("shelf", "Part.written", "parts to disk"),
    ("parts", "bind", "join the parts"), ("build", "bind", "join the parts"), ("build", "report_of", "report"),
    ("build", "open_store", "store of questions"), ("build", "open_for", "store of questions"),
    ("build", "select", "questions"), ("build", "_descriptions", "description"), ("build", "_with_sums", "sums"),
    ("files", "_fill", "files to disk"), ("files", "_sync_all", "files to disk"))
"""The functions of each stage, by the module that calls them. One that is no more there is told of and left out."""
REST = "all else"
TOP = 3
"""Functions of a stage that --json tells."""


class Clock:
    """Seconds of the clock and of the processor, and profiles, by stage."""

    def __init__(self, profiled: bool) -> None:
        """Keep whether to profile."""
        self.seconds: dict[str, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        self.profiles: dict[str, cProfile.Profile] = {}
        self.profiled, self.busy = profiled, False

    def wrap(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return a function that is timed as a part of a stage, unless another is at work."""
        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:
            if self.busy:
                return function(*given, **named)
            self.busy = True
            profile = self.profiles.setdefault(stage, cProfile.Profile()) if self.profiled else None
            before = now()
            if profile:
                profile.enable()
            try:
                return function(*given, **named)
            finally:
                if profile:
                    profile.disable()
                self.add(stage, before)
                self.busy = False
        return timed

    def add(self, stage: str, before: tuple[float, float]) -> None:
        """Add what has passed since."""
        (wall, cpu), (began, used), (done, spent) = self.seconds[stage], before, now()
        self.seconds[stage] = wall + done - began, cpu + spent - used

    def top(self, stage: str) -> list[tuple[str, float]]:
        """Return the functions that take the most time of a stage themselves, with their share of it."""
        stats = pstats.Stats(self.profiles[stage])
        found = {key: own for key, (_, _, own, _, _) in stats.stats.items()  # type: ignore[attr-defined]
                 if "_lsprof" not in key[2]}
        whole = sum(found.values()) or 1.0
        return [(_name(*key), own / whole) for key, own in sorted(found.items(), key=lambda i: -i[1])[:TOP]]


def now() -> tuple[float, float]:
    """Return the seconds of the clock and those of the processor."""
    return time.perf_counter(), time.process_time()


def _name(file: str, _: int, name: str) -> str:
    """Return a function as one would write it."""
    if method := re.search(r"method '?([\w.]+)'?(?: of '([\w.]+)' objects)?", name):
        return f"{method[2]}.{method[1]}" if method[2] else re.sub(r"^builtins\.|^(\w+\.)(?=\1)", "", method[1])
    return f"{Path(file).stem}.{name.strip('<>')}" if file.endswith(".py") else name.strip("<>")


def places() -> Iterator[tuple[Any, str, str, str]]:
    """Yield the owner and the name of the function of each stage, None where there is none; and where it should be."""
    for module, path, stage in STAGES:
        owner: Any = importlib.import_module(f"treatyrdf.{module}")
        *outer, name = path.split(".")
        for step in outer:
            owner = getattr(owner, step, None)
        yield owner if hasattr(owner, name) else None, name, stage, f"{module}.{path}"


def hook(clock: Clock) -> None:
    """Time each stage that this version of the tool has."""
    for owner, name, stage, _ in places():
        if owner:
            setattr(owner, name, clock.wrap(getattr(owner, name), stage))


def one_process(work: Any, slices: Sequence[Any]) -> Iterator[Any]:
    """Work on slices one after the other, as a worker does."""
    unfold = getattr(importlib.import_module("treatyrdf.parts"), "unfold", None)
    gc.collect()
    gc.freeze()
    gc.disable()
    for number, part in enumerate(slices):
        yield work.part(number, unfold(part) if unfold and isinstance(part, bytes) else part)
        gc.collect()
    gc.enable()
    gc.unfreeze()


def stay() -> None:
    """Let this process do what a build gives to others beside its slices, or nobody would count its seconds."""
    parts, build, publish = (importlib.import_module(f"treatyrdf.{name}") for name in ("parts", "build", "publish"))
    if hasattr(parts, "at_once"):
        parts.at_once = lambda make, values: [*map(make, values)]
    if hasattr(build, "aside"):
        build.aside = nullcontext
    if hasattr(publish, "elsewhere"):
        publish.elsewhere = lambda make: make()


def measured(options: argparse.Namespace) -> Clock:
    """Return what the stages of a build take."""
    clock = Clock(options.profile)
    stay()
    hook(clock)
    build, tables = (importlib.import_module(f"treatyrdf.{name}") for name in ("build", "gather"))
    began = now()
    with tempfile.TemporaryDirectory() as folder:
        build.build(options.dataset, Path(folder) / "out", tables=tables.Tables(options.tables, options.limit),
                    validator=options.validator, engine=one_process)
    timed = [sum(pair) for pair in zip(*clock.seconds.values(), strict=True)]
    clock.seconds[REST] = tuple(a - b - c for a, b, c in zip(now(), began, timed, strict=True))
    return clock


def main() -> None:
    """Print a table of stages, and with --profile what each spends its time on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--validator")
    parser.add_argument("--tables", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    clock = measured(options)
    stages = sorted(clock.seconds.items(), key=lambda item: -item[1][1])
    profiled = [stage for stage, _ in stages if stage in clock.profiles]
    gone = [place for owner, _, _, place in places() if not owner]
    if options.json:
        print(json.dumps({"stages": stages, "top": [(s, clock.top(s)) for s in profiled], "gone": gone}))
        return
    whole = sum(cpu for _, (_, cpu) in stages)
    print("| stage | seconds | CPU s | share of CPU |\n|---|---|---|---|")
    for stage, (wall, cpu) in stages:
        print(f"| {stage} | {wall:.1f} | {cpu:.1f} | {cpu / whole:.0%} |")
    print(f"| whole build | {sum(wall for _, (wall, _) in stages):.1f} | {whole:.1f} | |")
    if gone:
        print(f"\nNot in this version: {', '.join(gone)}.")
    for stage in profiled:
        text = io.StringIO()
        pstats.Stats(clock.profiles[stage], stream=text).strip_dirs().sort_stats("cumulative").print_stats(options.top)
        print(f"\n### {stage}\n{text.getvalue().strip()}")


if __name__ == "__main__":
    main()
