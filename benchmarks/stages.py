"""Where the time of a build goes: each stage timed, then profiled, in one process.

    python benchmarks/stages.py DATASET [--validator NAME] [--profile] [--top 25]

Slices are worked on one after the other here, where a build uses all cores. A stage that is called within
another counts to the outer one. With --profile seconds are those under cProfile, which are larger.
"""

from __future__ import annotations

import argparse
import cProfile
import importlib
import inspect
import io
import pstats
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

STAGES = (
    ("publish", "read_dataset", "read tables and mapping"), ("publish", "read_vocabulary", "read the ontology"),
    ("publish", "resolve_claims", "claims, evidence"), ("publish", "find_conflicts", "conflicts"),
    ("publish", "settle", "conflicts in time"), ("publish", "tighten", "time network"),
    ("publish", "find_states", "states"), ("publish", "state_claims", "states"),
    ("publish", "span_claims", "what holds when"), ("publish", "mark_assumptions", "assumptions"),
    ("publish", "cut", "slices"), ("publish", "Published.part", "quads"),
    ("validate", "Tester.__init__", "read the shapes"), ("validate", "Tester.test", "validation"),
    ("dump", "Dumps.pieces", "dumps"), ("dump", "Dumps.whole", "read back"), ("parts", "read_back", "read back"),
    ("parts", "bind", "join the parts"), ("build", "report_of", "report"),
    ("build", "open_store", "store of questions"),
    ("build", "select", "questions"), ("build", "_descriptions", "description"), ("build", "_with_sums", "sums"),
    ("files", "_fill", "files to disk"), ("files", "_sync_all", "files to disk"))
REST = "all else"


class Clock:
    """Seconds and profiles by stage."""

    def __init__(self, profiled: bool) -> None:
        """Keep whether to profile."""
        self.seconds: dict[str, float] = defaultdict(float)
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
            before = time.perf_counter()
            if profile:
                profile.enable()
            try:
                return function(*given, **named)
            finally:
                if profile:
                    profile.disable()
                self.seconds[stage] += time.perf_counter() - before
                self.busy = False
        return timed


def hook(clock: Clock) -> None:
    """Time each stage that this version of the tool has."""
    for module, path, stage in STAGES:
        owner: Any = importlib.import_module(f"treatyrdf.{module}")
        *outer, name = path.split(".")
        for step in outer:
            owner = getattr(owner, step, None)
        if hasattr(owner, name):
            setattr(owner, name, clock.wrap(getattr(owner, name), stage))


def one_process() -> None:
    """Let slices be worked on one after the other in this process."""
    build = importlib.import_module("treatyrdf.build")

    def make_parts(work: Any) -> Iterator[Any]:
        return map(work.part, range(work.slices))

    build.make_parts = make_parts  # type: ignore[attr-defined]


def main() -> None:
    """Print a table of stages, and with --profile what each spends its time on."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--validator")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--top", type=int, default=25)
    options = parser.parse_args()
    clock = Clock(options.profile)
    hook(clock)
    one_process()
    build = importlib.import_module("treatyrdf.build").build
    more = {"validator": options.validator} if "validator" in inspect.signature(build).parameters else {}
    if options.validator not in (None, "pyshacl") and not more:
        raise SystemExit(f"no validator is called {options.validator}")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        build(options.dataset, Path(folder) / "out", **{k: v for k, v in more.items() if v})
    whole = time.perf_counter() - began
    clock.seconds[REST] = whole - sum(clock.seconds.values())
    print("| stage | seconds | share |\n|---|---|---|")
    for stage, seconds in sorted(clock.seconds.items(), key=lambda item: -item[1]):
        print(f"| {stage} | {seconds:.1f} | {seconds / whole:.0%} |")
    print(f"| whole build | {whole:.1f} | |")
    for stage, profile in sorted(clock.profiles.items(), key=lambda item: -clock.seconds[item[0]]):
        text = io.StringIO()
        pstats.Stats(profile, stream=text).strip_dirs().sort_stats("cumulative").print_stats(options.top)
        print(f"\n### {stage}\n{text.getvalue().strip()}")


if __name__ == "__main__":
    main()
