"""How a build grows with the data, and against its peers, in one run on the same input.

    python benchmarks/scale.py [N …] [--only NAME …] [--skip NAME …] [--rounds 3] [--again]
    python benchmarks/scale.py --plan       what would run, and how long it may take
    python benchmarks/scale.py --report     RESULTS.md from what has run, and nothing is run

N made-up treaties (100, 1,000 and 10,000) are built and given to the peers, which are installed into
benchmarks/.peers; serdi is that of the machine. Commands take turns; one that takes a minute (--long) runs once.
Each run goes into runs.jsonl there as it ends, so that the same command goes on where it was ended, and what was
found goes into RESULTS.md between its two marks: the runs of this commit. Slow peers have options of their own. The
real tables of datasets/environment are built where they are found (--tables). Needs Linux.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from commands import BUILD, MORPH, PROFILE, STACK, STAGES, Command, commands
from generate import MEMBERS
from results import replace_section, report
from room import PEERS, Place, install, write_shapes
from runs import MADE, REAL, ROOT, Input, Known, Record, commit, keep, read

import treatyrdf


def inputs(options: argparse.Namespace) -> list[Input]:
    """Return all inputs, the small ones first."""
    counts = {*options.sizes, *options.checks, *options.sparql, *options.stages, *options.profile}
    real = options.rows if options.tables.is_dir() else []
    found = [*(Input(MADE, count, options.members) for count in sorted(counts)), *(Input(REAL, rows) for rows in real)]
    return [given for given in found if chosen(given, options)]


def chosen(given: Input, options: argparse.Namespace) -> list[Command]:
    """Return the commands of an input that were asked for; a build is not, where others of them alone would need it."""
    found = [command for command in commands(Place(options.room, given), options)
             if (not options.only or any(part in command.name for part in options.only))
             and not any(part in command.name for part in options.skip)]
    wanted = given.kind == REAL or given.count in options.sizes
    return found if wanted or not all(command.name.startswith(BUILD) for command in found) else []


def rounds(name: str, walls: Sequence[float], options: argparse.Namespace) -> int:
    """Return how often a command is to run, by what its runs took; stages are told of one run."""
    once = name in (STAGES, PROFILE) or (walls and walls[0] >= options.long)
    return 1 if once else options.rounds


def measure(given: Input, known: Known, options: argparse.Namespace, state: str) -> None:
    """Run each command in turn until all have run as often as they are to; one that fails is not tried again."""
    Place(options.room, given).prepare(state)
    failed = set[str]()

    def due(command: Command) -> bool:
        walls = [r.wall for r in known.of(given, command.name)]
        return command.name not in failed and len(walls) < rounds(command.name, walls, options)

    while waiting := [command for command in chosen(given, options) if due(command)]:
        for command in waiting:
            print(f"{given}: {command.name} …", end=" ", flush=True, file=sys.stderr)
            record = measured(given, command, options, state)
            print(record.failed or f"{record.wall:.1f} s, {record.peak:.0f} MiB", file=sys.stderr)
            if record.failed:
                failed.add(command.name)
            known.records.append(record)
            keep(options.records, record)
    Place(options.room, given).tidy()


def measured(given: Input, command: Command, options: argparse.Namespace, state: str) -> Record:
    """Return what one run took, or why it failed."""
    load, shown = os.getloadavg()[0], command.shown(options)
    try:
        found = command.run()
        made = command.count()
    except (OSError, RuntimeError) as error:
        why = str(error).strip().splitlines()[-1][:200]
        return Record(given, command.name, command=shown, commit=state, load=load, failed=f"failed: {why}")
    return Record(given, command.name, found.wall, found.cpu, found.peak, found.output, shown, state, load, made)


def plan(known: Known, before: Known, options: argparse.Namespace) -> str:
    """Return what is still to run, with the seconds that it may take by what ran before."""
    lines, whole = ["| input | command | rounds | s each | s |", "|---|---|---|---|---|"], 0.0
    for given in inputs(options):
        for command in chosen(given, options):
            each = before.expected(given, command.name)
            left = rounds(command.name, [each or 0], options) - len(known.of(given, command.name))
            if left > 0:
                whole += left * (each or 0)
                lines.append(f"| {given} | `{command.name}` | {left} | "
                             + (f"{each:.0f} | {left * each:.0f} |" if each else "? | ? |"))
    return "\n".join([*lines, f"| | all that is known of | | | {whole:.0f} |"])


def main() -> None:
    """Measure each input, and write what was found after each."""
    options = arguments()
    if not Path(treatyrdf.__file__).is_relative_to(ROOT):
        raise SystemExit("the treatyrdf that is imported is not the one of this checkout, whose commit would be told")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended; the same command goes on from here"))
    PEERS.mkdir(exist_ok=True)
    before = Known(read(options.records))
    state = options.commit if options.report and options.commit else commit()
    known = Known(r for r in before.records if r.commit == state and not options.again)
    if options.plan:
        print(plan(known, before, options))
        return
    if not options.report:
        install({command.words[0] for given in inputs(options) for command in chosen(given, options)})
        options.room.mkdir(parents=True, exist_ok=True)
        write_shapes(options.room)
        if options.rows and not options.tables.is_dir():
            print("the real tables are not there (--tables), so their builds are skipped", file=sys.stderr)
        for given in inputs(options):
            measure(given, known, options, state)
            replace_section(report(known, state), options.results)
    replace_section(report(known, state), options.results)


def arguments() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("sizes", type=int, nargs="*", default=[100, 1_000, 10_000], metavar="N")
    add("--members", type=float, default=MEMBERS, help="members of a treaty on average; 0.55 makes 40 claims of each")
    add("--rounds", type=int, default=3, help="runs of each command that is not long")
    add("--long", type=float, default=60, metavar="SECONDS", help="what takes so long runs once")
    add("--slow", type=int, default=1_000, help=f"largest N for {STACK} on the triples of {MORPH}")
    add("--checks", type=int, nargs="*", default=[100, 300], metavar="N", help="N for validators on Core shapes")
    add("--sparql", type=int, nargs="*", default=[100], metavar="N", help="N for validators on SPARQL constraints")
    add("--stages", type=int, nargs="*", default=[1_000], metavar="N", help="N for the seconds of each stage")
    add("--profile", type=int, nargs="*", default=[100], metavar="N", help="N for the functions of each stage")
    add("--tables", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the real tables")
    add("--rows", "--limit", type=int, nargs="*", default=[400, 0], metavar="ROWS",
        help="rows of each real table, 0 for all; without a number the real tables are not built")
    add("--build-args", type=str.split, default=[], metavar="WORDS", help="more options of each build, in one argument")
    add("--only", nargs="*", default=[], metavar="NAME", help="parts of the names of commands to run")
    add("--skip", nargs="*", default=[], metavar="NAME", help="parts of the names of commands not to run")
    add("--again", action="store_true", help="run all, whatever has run")
    add("--plan", action="store_true", help="say what would run")
    add("--report", action="store_true", help="write RESULTS.md and run nothing")
    add("--commit", default="", help="report what was found of another commit")
    add("--room", type=Path, default=PEERS / "room", help="where the data are written")
    add("--records", type=Path, default=PEERS / "runs.jsonl", help="where each run is kept")
    add("--results", type=Path, default=ROOT / "benchmarks" / "RESULTS.md", help="what is written")
    options = parser.parse_args()
    options.room, options.tables = options.room.resolve(), options.tables.resolve()
    return options


if __name__ == "__main__":
    main()
