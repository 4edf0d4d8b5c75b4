"""How a build grows with the data, and against its peers, in one run on the same input.

    python benchmarks/scale.py [N …] [--rounds 3] [--members 2] [--slow 1000] [--checks 100]
        [--only NAME …]

Peers are installed into benchmarks/.peers, serdi is that of the machine. Commands run in alternating rounds;
medians count. pySHACL and rdflib follow morph-kgc for N up to --slow only, and validators alone run for N up to
--checks: pySHACL with SPARQL constraints takes minutes for 100 treaties. What is found goes into RESULTS.md
between its two marks, each run as it ends into benchmarks/.peers/runs.jsonl. Needs Linux.
"""

from __future__ import annotations

import argparse
import inspect
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from generate import MEMBERS, write_dataset
from measure import Run, run
from rml import BASE

import treatyrdf
from treatyrdf.build import build
from treatyrdf.files import ontology_files, shape_files
from treatyrdf.names import RDF, RDFS, TRT
from treatyrdf.vocabulary import read_vocabulary

HERE = Path(__file__).resolve().parent
PEERS, RESULTS = HERE / ".peers", HERE / "RESULTS.md"
MARKS = ("<!-- scale: begin -->", "<!-- scale: end -->")
PEERS_WANTED = {"morph": ("morph-kgc==2.10.0",), "shacl": ("pyshacl==0.40.1", "rdflib==7.6.0")}
"""What is installed into each environment: the newest versions at the time of writing."""
MORPH_PYTHON, SHACL_PYTHON = (PEERS / name / "bin" / "python" for name in PEERS_WANTED)
BENCH = "https://example.org/bench#"
FAULTS = f"""\
<{BASE}wrong> <{TRT}earliestYear> "1901"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{BASE}wrong> <{TRT}latestYear> "1900"^^<http://www.w3.org/2001/XMLSchema#integer> .
<{BASE}claim/wrong> <{RDF}type> <{TRT}AssertedClaim> .
<{BASE}claim/wrong> <{RDF}subject> <{BASE}wrong> .
<{BASE}claim/wrong> <{RDF}predicate> <{TRT}date> .
<{BASE}claim/wrong> <{RDF}object> <{BASE}wrong> .
"""
"""Triples that break shapes of both kinds, so that a validator that finds nothing is found out."""

BUILD, MORPH, STACK, SERDI = "treatyrdf build", "morph-kgc", "pySHACL + rdflib", "serdi"
COMPILED = f"{BUILD} --validator compiled"
MIDDLE = 10_000
"""The number of treaties that bars against peers are set for, and from which growth is measured."""
VALIDATORS = {"pySHACL": "", "treatyrdf, pyshacl": "pyshacl", "treatyrdf, compiled": "compiled"}
"""Names of validators in the tables, and what `validator.py` calls them; without such a name it is the peer."""
SHAPES = ("Core", "SPARQL")


@dataclass
class Size:
    """One number of treaties: its files, and what was found."""

    count: int
    folder: Path
    runs: dict[str, list[Run]] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    """Why a command did not run."""

    def middle(self, name: str, figure: str = "wall") -> float | None:
        """Return the median of what the runs of a command took."""
        found = self.runs.get(name)
        return statistics.median(getattr(r, figure) for r in found) if found else None

    def inner(self, name: str) -> list[float] | None:
        """Return the medians of the seconds that a command printed of itself: to read, to validate."""
        found = [json.loads(r.output.splitlines()[-1])["seconds"] for r in self.runs.get(name, ())]
        return [statistics.median(steps) for steps in zip(*found, strict=True)] if found else None

    def findings(self, name: str) -> int | None:
        """Return how many nodes a validator found wrong by how many shapes."""
        found = self.runs.get(name)
        return json.loads(found[0].output.splitlines()[-1])["findings"] if found else None


# --- what is there ------------------------------------------------------------------------------


def install() -> None:
    """Install each peer into an environment of its own, once: one keeps the other from its newest version."""
    for name, wanted in PEERS_WANTED.items():
        ready = PEERS / name / "ready.txt"
        if ready.is_file() and ready.read_text(encoding="utf-8") == " ".join(wanted):
            continue
        venv.create(PEERS / name, with_pip=True, clear=True)
        subprocess.run([PEERS / name / "bin" / "python", "-m", "pip", "install", "--quiet",
                        "--disable-pip-version-check", *wanted], check=True)
        ready.write_text(" ".join(wanted), encoding="utf-8")


def versions() -> str:
    """Return what was compared, by version."""
    peers = [package for wanted in PEERS_WANTED.values() for package in wanted]
    serdi = subprocess.run(["serdi", "-v"], capture_output=True, text=True, check=False).stdout.split("\n")[0]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=Path(treatyrdf.__file__).parent,
                            capture_output=True, text=True, check=False).stdout.strip()
    return (f"treatyrdf {treatyrdf.__version__} (commit {commit or 'unknown'}), "
            f"{', '.join(p.replace('==', ' ') for p in peers)}, "
            f"{' '.join(serdi.split()[:2])}, Python {platform.python_version()}, {os.cpu_count()} cores")


def write_shapes(folder: Path) -> dict[str, list[Path]]:
    """Write the shapes without SPARQL constraints, and those with nothing else; return both by name."""
    from rdflib import RDF, SH, BNode, Graph

    everything, parts = Graph(), {name: Graph() for name in SHAPES}
    for path in shape_files():
        everything.parse(path)
    everything.parse(HERE / "sparql.ttl")
    kept = {RDF.type, SH.sparql, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.path,
            SH.severity, SH.message, SH.deactivated, SH.declare}
    constrained = {*everything.subjects(SH.sparql), *everything.subjects(SH.declare)}
    waiting, seen = [t for s in constrained for t in everything.triples((s, None, None)) if t[1] in kept], set()
    for triple in waiting:
        parts["SPARQL"].add(triple)
        if isinstance(triple[2], BNode) and triple[2] not in seen:
            seen.add(triple[2])
            waiting += everything.triples((triple[2], None, None))
    for triple in everything:
        if triple[1] not in {SH.sparql, SH.declare} and not str(triple[0]).startswith(BENCH):
            parts["Core"].add(triple)
    found = {}
    for name, graph in parts.items():
        found[name] = [folder / f"shapes-{name.lower()}.ttl"]
        graph.serialize(found[name][0], format="turtle")
    return found


# --- one size -----------------------------------------------------------------------------------


def prepare(count: int, members: int, room: Path) -> Size:
    """Write the input of one size, new each time."""
    size = Size(count, room / str(count))
    shutil.rmtree(size.folder, ignore_errors=True)
    write_dataset(size.folder / "data", count, members)
    return size


def commands(size: Size, options: argparse.Namespace,
             shapes: dict[str, list[Path]]) -> dict[str, Callable[[], Run]]:
    """Return what runs in each round, in an order in which each finds what it needs."""
    data, out, count = size.folder / "data", size.folder / "out", size.count
    checked = count <= options.checks
    triples, faulty = size.folder / "scale.nt", size.folder / "faulty.nt"
    peer = data / "peer" / "peer.nt"

    def ours(*more: str) -> Run:
        shutil.rmtree(out, ignore_errors=True)
        found = run([sys.executable, "-m", "treatyrdf", "build", str(data), "--out", str(out), *more], size.folder)
        if not triples.exists():
            with (out / "scale.nq").open(encoding="utf-8") as quads, triples.open("w", encoding="utf-8") as file:
                file.writelines(line[:line.rindex(" <")] + " .\n" for line in quads)
            if checked:
                shutil.copyfile(triples, faulty)
                with faulty.open("a", encoding="utf-8") as file:
                    file.write(FAULTS)
        return found

    def morph() -> Run:
        return run([str(MORPH_PYTHON), "-m", "morph_kgc", "peer/config.ini"], data)

    def stack() -> Run:
        return run([str(SHACL_PYTHON), str(HERE / "peer.py"), "dumps", str(peer), str(size.folder),
                    *map(str, shapes["Core"])], size.folder)

    def serdi() -> Run:
        return run(["serdi", "-i", "ntriples", "-o", "ntriples", str(triples)], size.folder,
                   size.folder / "serdi.nt")

    def validator(name: str, kind: str) -> Run:
        files = [str(p) for p in shapes[kind]]
        if called := VALIDATORS[name]:
            return run([sys.executable, str(HERE / "validator.py"), called, str(faulty), *files], size.folder)
        return run([str(SHACL_PYTHON), str(HERE / "peer.py"), "shacl", str(faulty), str(options.room / "above.nt"),
                    *files], size.folder)

    found: dict[str, Callable[[], Run]] = {BUILD: ours}
    if "validator" in inspect.signature(build).parameters:
        found[COMPILED] = lambda: ours("--validator", "compiled")
    found |= {MORPH: morph, SERDI: serdi}
    if count <= options.slow:
        found[STACK] = stack
    if checked:
        for kind in SHAPES:
            found |= {_validating(name, kind): lambda name=name, kind=kind: validator(name, kind)
                      for name in VALIDATORS}
    return found


def _validating(name: str, kind: str) -> str:
    return f"{name} on {kind} shapes"


def measure(size: Size, rounds: int, chosen: dict[str, Callable[[], Run]]) -> None:
    """Run each command once a round, in turn; one that fails is noted and not tried again."""
    for number in range(rounds):
        for name, command in chosen.items():
            if name in size.missing:
                continue
            print(f"N = {size.count}, round {number + 1} of {rounds}: {name} …", end=" ", flush=True, file=sys.stderr)
            try:
                found = command()
            except (OSError, RuntimeError) as error:
                size.missing[name] = str(error).strip().splitlines()[-1][:200]
                print("failed:", size.missing[name], file=sys.stderr)
                continue
            size.runs.setdefault(name, []).append(found)
            print(f"{found.wall:.1f} s, {found.peak:.0f} MiB", file=sys.stderr)
            with (PEERS / "runs.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps({"N": size.count, "name": name, **asdict(found)}) + "\n")
    for name, path in (("ours", size.folder / "scale.nt"), ("peer", size.folder / "data" / "peer" / "peer.nt")):
        if path.exists():
            with path.open("rb") as file:
                size.facts[name] = sum(1 for _ in file)
    if (size.folder / "scale.nt").exists():
        size.facts |= _claims(size.folder / "scale.nt")


def _claims(path: Path) -> dict[str, int]:
    """Return how many claims there are, and how many of them are those of the tables."""
    mark = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#subject>"
    with path.open(encoding="utf-8") as file:
        names = [line.split(" ", 1)[0] for line in file if mark in line]
    worked_out = re.compile(r"/claim/(?:state|held|bound)\.")
    return {"claims": len(names), "of tables": sum(not worked_out.search(name) for name in names)}


# --- what is told -------------------------------------------------------------------------------


def report(sizes: Sequence[Size], options: argparse.Namespace) -> str:
    """Return the section of RESULTS.md."""
    sizes_told = " ".join(map(str, options.sizes))
    lines = [f"## Scale (`python benchmarks/scale.py {sizes_told} --rounds {options.rounds}`)", "",
             f"{versions()}. Commands in turn; medians, in brackets the fastest and the "
             "slowest. Memory is the most that a command and all it starts hold at once, shared pages counted once.",
             f"Load of the machine at the end: {os.getloadavg()[1]:.1f} (five minutes).", "",
             *_counts(sizes), "", *_times(sizes), "", *_validators(sizes), "", *_bars(sizes), "", *_notes(sizes)]
    return "\n".join(lines).rstrip() + "\n"


def _counts(sizes: Sequence[Size]) -> Iterator[str]:
    yield "| treaties | claims | of them read from tables | triples of treatyrdf | triples of morph-kgc |"
    yield "|---|---|---|---|---|"
    for size in sizes:
        cells = [f"{size.facts[k]:,}" if k in size.facts else "" for k in ("claims", "of tables", "ours", "peer")]
        yield f"| {size.count:,} | {' | '.join(cells)} |"


def _times(sizes: Sequence[Size]) -> Iterator[str]:
    yield "| treaties | command | wall s | CPU s | peak MiB |"
    yield "|---|---|---|---|---|"
    for size in sizes:
        for name, runs in size.runs.items():
            if " on " in name:
                continue
            walls = [r.wall for r in runs]
            yield (f"| {size.count:,} | `{name}` | {_number(statistics.median(walls))} ({_number(min(walls))} to "
                   f"{_number(max(walls))}) | {_number(size.middle(name, 'cpu'))} | "
                   f"{_number(max(r.peak for r in runs))} |")


def _validators(sizes: Sequence[Size]) -> Iterator[str]:
    yield "| treaties | shapes | validator | read s | validate s | faster than pySHACL (with reading) | findings |"
    yield "|---|---|---|---|---|---|---|"
    for size in sizes:
        for kind in SHAPES:
            peer = size.inner(_validating("pySHACL", kind))
            for name in VALIDATORS:
                found = size.inner(_validating(name, kind))
                if found is None:
                    continue
                count = size.findings(_validating(name, kind))
                ratio = f"{peer[1] / found[1]:.1f} ({sum(peer) / sum(found):.1f})" if peer else ""
                yield (f"| {size.count:,} | {kind} | {name} | {_number(found[0])} | {_number(found[1])} | {ratio} "
                       f"| {count} |")


def _bars(sizes: Sequence[Size]) -> Iterator[str]:
    yield "| bar | treaties | wanted | found (wall) | CPU | |"
    yield "|---|---|---|---|---|---|"
    for size in sizes:
        for name in (BUILD, COMPILED):
            if name not in size.runs:
                continue
            for told, wanted, above, below in (
                    (f"{MORPH} / `{name}`", (1.0, None), (MORPH,), (name,)),
                    (f"{MORPH} + {STACK} / `{name}`", (30.0, None), (MORPH, STACK), (name,)),
                    (f"`{name}` / {SERDI}", (None, 4.0), (name,), (SERDI,))):
                ratios = [_ratio(size, above, below, figure) for figure in ("wall", "cpu")]
                yield _bar(told, f"{size.count:,}", wanted, ratios, size.count == MIDDLE)
        for kind, least in zip(SHAPES, (50.0, 300.0), strict=True):
            peer = size.inner(_validating("pySHACL", kind))
            for name in list(VALIDATORS)[1:]:
                own = size.inner(_validating(name, kind))
                same = size.findings(_validating("pySHACL", kind)) == size.findings(_validating(name, kind))
                if peer and own and not same:
                    yield f"| pySHACL / {name}, {kind} | {size.count:,} | | | | not comparable: other findings |"
                elif peer and own:
                    yield _bar(f"pySHACL / {name}, {kind}", f"{size.count:,}", (least, None), [peer[1] / own[1], None])
    yield from _growth(sizes)


def _growth(sizes: Sequence[Size]) -> Iterator[str]:
    """Yield how builds with one validator grow tenfold; without a name a build takes another one for more data."""
    by_count = {size.count: size for size in sizes}
    for small, large in ((s, by_count[10 * n]) for n, s in by_count.items() if 10 * n in by_count):
        name = COMPILED if COMPILED in small.runs else BUILD
        if name not in small.runs or name not in large.runs:
            continue
        span, judged = f"{small.count:,} to {large.count:,}", small.count == MIDDLE
        yield _bar(f"time of `{name}`", span, (None, 11.0), [
            (large.middle(name, f) or 0) / (small.middle(name, f) or 1) for f in ("wall", "cpu")], judged)
        peaks = [max(r.peak for r in s.runs[name]) for s in (small, large)]
        yield _bar(f"memory of `{name}`", span, (None, 1.3), [peaks[1] / peaks[0], None], judged)
        yield _bar(f"MiB of `{name}`", f"{large.count:,}", (None, 1024.0), [peaks[1], None], judged)


def _ratio(size: Size, above: Iterable[str], below: Iterable[str], figure: str) -> float | None:
    """Return the ratio of the sums of medians, None when one of the commands did not run."""
    one, other = ([size.middle(name, figure) for name in names] for names in (above, below))
    if None in one or None in other:
        return None
    return sum(filter(None, one)) / sum(filter(None, other))


def _bar(told: str, where: str, wanted: tuple[float | None, float | None], found: Sequence[float | None],
         judged: bool = True) -> str:
    """Return the row of a bar; where the sizes are not those that it is set for, it tells how far off it is there."""
    least, most = wanted
    limit = f"≥ {least:g}" if least is not None else f"≤ {most:g}"
    value, cpu = found
    if value is None:
        verdict = "not measured"
    elif (least is None or value >= least) and (most is None or value <= most):
        verdict = "met"
    else:
        verdict = f"missed {(least / value) if least is not None else value / (most or 1):.1f}-fold"
    if not judged and value is not None:
        verdict = f"(set for other sizes; here {verdict})"
    return f"| {told} | {where} | {limit} | {_number(value)} | {_number(cpu)} | {verdict} |"


def _notes(sizes: Sequence[Size]) -> Iterator[str]:
    """Yield what did not run, and what of a peer's time is the same for all sizes."""
    for size in sizes:
        for name, why in size.missing.items():
            yield f"- N = {size.count:,}: `{name}` did not run: {why}"
        mapped = [float(m[1]) for r in size.runs.get(MORPH, ())
                  if (m := re.search(r"Mappings processed in ([0-9.]+) seconds", r.output))]
        if mapped:
            yield (f"- N = {size.count:,}: of the time of morph-kgc {statistics.median(mapped):.1f} s were for reading "
                   "its mapping, whatever the size of the tables.")
        if stack := size.inner(STACK):
            yield (f"- N = {size.count:,}: pySHACL and rdflib read morph-kgc's triples in {stack[0]:.1f} s, validated "
                   f"in {stack[1]:.1f} s, wrote Turtle and JSON-LD in {stack[2]:.1f} s.")
    yield (f"- `{BUILD}` without `--validator` takes pySHACL for small data and the compiled one for large: beyond "
           "20,000 claims both rows of a build are the same work, and their difference is that of two runs.")
    yield ("- The shapes of the project have no SPARQL constraints; those measured are the three of `sparql.ttl`.")
    yield ("- Validators work on treatyrdf's triples and a few that are wrong: what they find must be the same. "
           "treatyrdf reads by another parser than pySHACL's rdflib, so only the time to validate counts. Reading ends "
           "when the triples are indexed, as those of rdflib's graph are, and with the shapes compiled.")
    yield ("- morph-kgc makes fewer triples, see `rml.py` for what is left out; treatyrdf also writes TriG, RDF 1.2 "
           "and the plain facts, reads all back, and asks one question.")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def replace_section(text: str) -> None:
    """Put a text between the marks of RESULTS.md."""
    before, _, rest = RESULTS.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2] or "\n"
    RESULTS.write_text(f"{before.rstrip()}\n\n{MARKS[0]}\n{text}{MARKS[1]}{after}", encoding="utf-8")


def main() -> None:
    """Measure each size, and write what was found after each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sizes", type=int, nargs="*", default=[100, 1_000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--members", type=int, choices=(1, 2), default=MEMBERS, help="members of each treaty")
    parser.add_argument("--slow", type=int, default=1_000,
                        help="largest N for pySHACL and rdflib on the triples of morph-kgc")
    parser.add_argument("--checks", type=int, default=100, help="largest N for validators alone")
    parser.add_argument("--only", nargs="*", default=[], help="parts of the names of commands to run")
    parser.add_argument("--room", type=Path, default=PEERS / "room", help="where the data are written")
    options = parser.parse_args()
    PEERS.mkdir(exist_ok=True)
    install()
    options.room.mkdir(parents=True, exist_ok=True)
    shapes = write_shapes(options.room)
    (options.room / "above.nt").write_text("".join(
        f"<{TRT}{name}> <{RDFS}subClassOf> <{TRT}{other}> .\n"
        for name, above in read_vocabulary(ontology_files()).ancestors.items() for other in sorted(above - {name})),
        encoding="utf-8")
    sizes: list[Size] = []
    for count in sorted(options.sizes):
        sizes.append(size := prepare(count, options.members, options.room))
        chosen = {name: command for name, command in
                  commands(size, options, shapes).items()
                  if not options.only or any(part in name for part in options.only)}
        measure(size, options.rounds, chosen)
        replace_section(report(sizes, options))
        for path in (size.folder / "out", size.folder / "serdi.nt"):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
