"""The section of RESULTS.md about scale: what was run, what it took, and how it stands against the bars."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bars import BARS, find
from commands import BUILD, MORPH, PEER, PROFILE, STACK, STAGES, VALIDATORS, validating
from room import PEERS_WANTED, SHAPES
from runs import REAL, Input, Known

import treatyrdf

MARKS = ("<!-- scale: begin -->", "<!-- scale: end -->")
ELSEWHERE = (" on ", STAGES)
"""What the names of commands have that stand in tables of their own."""
ISSUE = "| what the bars were set with: 10,000 | 30 MB | 400,000 | | 3,540,000 | 40.0 + 0 | 354 | | |"


def report(known: Known, state: str) -> str:
    """Return the section."""
    loads = [r.load for r in known.records] or [0.0]
    parts: list[Iterable[str]] = [
        ["## Scale (`make bench-scale`)"],
        [f"{versions(state)}. Commands in turn; medians, in brackets the fastest and the slowest where one ran more "
         "than once. Memory is the most that a command and all it starts held at once, shared pages counted once. "
         f"Load of the machine before a command: {min(loads):.1f} to {max(loads):.1f}."],
        _counts(known), _times(known, known.made()), _validators(known), _bars(known), _reasons(known), _real(known),
        _stages(known), _profile(known), _commands(known), _notes(known)]
    told = [part for part in map(list, parts) if part and not (len(part) == 2 and part[0].startswith("|"))]
    return "\n\n".join(map("\n".join, told)) + "\n"


def versions(state: str) -> str:
    """Return what was compared, by version."""
    peers = [package.replace("==", " ") for wanted in PEERS_WANTED.values() for package in wanted]
    try:
        serdi = subprocess.run(["serdi", "-v"], capture_output=True, text=True, check=False).stdout.split()[:2]
    except OSError:
        serdi = ["no serdi"]
    return (f"treatyrdf {treatyrdf.__version__} (commit {state}), {', '.join(peers)}, {' '.join(serdi)}, "
            f"Python {platform.python_version()}, {os.cpu_count()} cores")


def _counts(known: Known) -> Iterator[str]:
    yield ("| treaties | tables | claims read from them | claims worked out | quads | claims of a treaty, read + "
           "worked out | quads of a treaty | dumps | triples of morph-kgc |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for given in known.made():
        facts = known.facts(given)
        if "quads" not in facts:
            continue
        read, derived = facts["cited"], facts["claims"] - facts["cited"]
        peer = f"{facts['peer']:,}" if "peer" in facts else ""
        yield (f"| {given} | {_bytes(facts['table bytes'])} | {read:,} | {derived:,} | {facts['quads']:,} "
               f"| {read / given.count:.1f} + {derived / given.count:.1f} | {facts['quads'] / given.count:,.0f} "
               f"| {_bytes(facts['dump bytes'])} | {peer} |")
    yield ISSUE


def _times(known: Known, inputs: Sequence[Input]) -> Iterator[str]:
    yield "| treaties | command | rounds | wall s | CPU s | peak MiB |"
    yield "|---|---|---|---|---|---|"
    for given in inputs:
        for name in known.names(given):
            if not any(word in name for word in ELSEWHERE):
                yield f"| {given} | `{name}` | {_run(known, given, name)} |"


def _run(known: Known, given: Input, name: str) -> str:
    """Return the cells of the runs of a command: how many, seconds, memory."""
    walls = [r.wall for r in known.of(given, name)]
    spread = f" ({_number(min(walls))} to {_number(max(walls))})" if len(walls) > 1 else ""
    return (f"{len(walls)} | {_number(statistics.median(walls))}{spread} | {_number(known.middle(given, name, 'cpu'))} "
            f"| {_number(known.peak(given, name))}")


def _validators(known: Known) -> Iterator[str]:
    yield ("| treaties | shapes | validator | rounds | read s | index s | validate s | faster than pySHACL | without "
           "the index | with reading | findings |")
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for given in known.made():
        for kind in SHAPES:
            peer = known.inner(given, validating(PEER, kind))
            for name in VALIDATORS:
                runs = known.of(given, validating(name, kind))
                found = known.inner(given, validating(name, kind))
                if found:
                    index = _number(found[1]) if len(found) > 2 else "(read)"
                    ratios = [_number(sum(peer[n:]) / sum(found[m:])) if peer else ""
                              for n, m in ((1, 1), (1, -1), (0, 0))]
                    yield (f"| {given} | {kind} | {name} | {len(runs)} | {_number(found[0])} | {index} "
                           f"| {_number(found[-1])} | {' | '.join(ratios)} | {runs[0].told['findings']} |")


def _bars(known: Known) -> Iterator[str]:
    yield "| bar | treaties | wanted | found (wall) | CPU | |"
    yield "|---|---|---|---|---|---|"
    for found in find(known):
        bar = BARS[found.bar]
        limit = f"≥ {bar.least:g}" if bar.least is not None else f"≤ {bar.most:g}"
        yield (f"| {found.told} | {found.where} | {limit} | {_number(found.value)} | {_number(found.cpu)} "
               f"| {found.verdict} |")


def _reasons(known: Known) -> Iterator[str]:
    missed = {found.bar: found.told for found in find(known) if found.judged and found.off and not found.other}
    if missed:
        yield "| missed bar | why | next step |"
        yield "|---|---|---|"
        for name, told in missed.items():
            yield f"| {told} | {BARS[name].reason} | {BARS[name].step} |"


def _real(known: Known) -> Iterator[str]:
    """Yield what builds of the real tables took, and how it grows with their quads."""
    inputs = sorted((i for i in known.inputs if i.kind == REAL), key=lambda i: i.count or float("inf"))
    if not inputs:
        yield "The real tables of `datasets/environment` were not built in this run (`--tables` says where they are)."
        return
    yield ("| real tables of `datasets/environment` | claims | quads | dumps | rounds | wall s | CPU s | peak MiB "
           "| CPU s for a million quads |")
    yield "|---|---|---|---|---|---|---|---|---|"
    for given in inputs:
        facts = known.facts(given)
        for name in known.names(given):
            if name.startswith(BUILD):
                each = (known.middle(given, name, "cpu") or 0) * 1e6 / facts["quads"]
                what = f"first {given.count:,} rows of each" if given.count else "all"
                yield (f"| {what}: {facts['rows']:,} rows | {facts['claims']:,} | {facts['quads']:,} "
                       f"| {_bytes(facts['dump bytes'])} | {_run(known, given, name)} | {_number(each)} |")


def _stages(known: Known) -> Iterator[str]:
    """Yield where the time of a build goes, a column for each size."""
    sizes = [i for i in known.made() if known.of(i, STAGES)]
    if not sizes:
        return
    told = [known.of(i, STAGES)[-1].told for i in sizes]
    yield "| stage, slices one after the other in one process: CPU s, share | " + " | ".join(map(str, sizes)) + " |"
    yield "|---|" + "---|" * len(sizes)
    found = [dict(t["stages"]) for t in told]  # type: ignore[call-overload]
    whole = [[sum(seconds) for seconds in zip(*one.values(), strict=True)] for one in found]
    for stage in sorted({s for one in found for s in one}, key=lambda s: -found[-1].get(s, (0, 0))[1]):
        shares = zip(found, whole, strict=True)
        yield f"| {stage} | " + " | ".join(
            f"{_number(one[stage][1])}, {one[stage][1] / cpu:.0%}" if stage in one else ""
            for one, (_, cpu) in shares) + " |"
    yield "| whole build: CPU s (wall s) | " + " | ".join(
        f"{_number(cpu)} ({_number(wall)})" for wall, cpu in whole) + " |"


def _profile(known: Known) -> Iterator[str]:
    """Yield which functions the stages of a build spend their time in."""
    for given in known.made():
        for record in known.of(given, PROFILE)[-1:]:
            yield f"| stage ({given} treaties) | functions by their own time, in percent of the stage under cProfile |"
            yield "|---|---|"
            for stage, functions in filter(lambda pair: pair[1], record.told["top"]):  # type: ignore[call-overload]
                yield f"| {stage} | {', '.join(f'`{name}` {share:.0%}' for name, share in functions)} |"


def _commands(known: Known) -> Iterator[str]:
    yield "| name | command (in the folder of the input) |"
    yield "|---|---|"
    shown: dict[str, str] = {}
    for record in known.records:
        shown.setdefault(record.name if record.input.kind != REAL else f"{record.name}, {record.input}", record.command)
    for name, command in shown.items():
        yield f"| `{name}` | `{command}` |"


def _notes(known: Known) -> Iterator[str]:
    """Yield what did not run, and what of a peer's time is the same for all sizes."""
    for given, name in dict.fromkeys((r.input, r.name) for r in known.records):
        if why := known.failure(given, name):
            yield f"- {given}: `{name}` did not run: {why}"
    for given in known.made():
        mapped = [float(m[1]) for r in known.of(given, MORPH)
                  if (m := re.search(r"Mappings processed in ([0-9.]+) seconds", r.output))]
        if mapped:
            yield (f"- N = {given}: of the time of morph-kgc {statistics.median(mapped):.1f} s were for reading "
                   "its mapping, whatever the size of the tables.")
        if stack := known.inner(given, STACK):
            yield (f"- N = {given}: pySHACL and rdflib read morph-kgc's triples in {stack[0]:.1f} s, validated "
                   f"in {stack[1]:.1f} s, wrote Turtle and JSON-LD in {stack[2]:.1f} s.")
    if chained := [i for i in known.made() if known.of(i, STACK)]:
        held = _number(known.peak(chained[-1], STACK))
        yield (f"- `{STACK}` ran up to N = {chained[-1]} (`--slow`), where it held {held} MiB; that grows with the "
               "triples.")
    yield (f"- `{BUILD}` without `--validator` takes pySHACL for data of a single slice and the compiled one for more; "
           "there it is the same work and is not run again.")
    yield ("- Each treaty has a title, a signing, an entry into force and two members with three acts each. What the "
           "bars were set with had as many claims that are read and cited, with fewer triples each, and none that are "
           "worked out; `--members 0.55` makes treaties of 40 claims of both kinds together.")
    yield "- The shapes of the project have no SPARQL constraints; those measured are the three of `sparql.ttl`."
    yield ("- Validators work on treatyrdf's triples and a few that are wrong: what they find must be the same. They "
           "read by different parsers, so reading does not count. The index over the triples counts for treatyrdf, as "
           "a build makes it of each slice for its validation; rdflib makes that of pySHACL's graph while it reads. "
           "Terms that are alike are one string before it is timed: of the quads of a build, where not all are, index "
           "and validation took 0.16 s for 100 treaties, of such strings 0.13 s, of a string for each term 0.24 s.")
    yield ("- morph-kgc makes fewer triples, see `rml.py` for what is left out; treatyrdf also writes TriG, RDF 1.2 "
           "and the plain facts, reads all back, and asks one question.")


def _bytes(number: int) -> str:
    return f"{_number(number / 1e9)} GB" if number >= 1e9 else f"{_number(number / 1e6)} MB"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def replace_section(text: str, path: Path) -> None:
    """Put a text between the marks of RESULTS.md."""
    before, _, rest = (path.read_text(encoding="utf-8") if path.exists() else "").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2] or "\n"
    path.write_text(f"{before.rstrip()}\n\n{MARKS[0]}\n{text}{MARKS[1]}{after}", encoding="utf-8")
