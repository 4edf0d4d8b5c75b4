"""How long the command line takes, as ratios to `python -c "import click"` in the same run.

    python benchmarks/start.py [ROUNDS]

Each round times every command once, in turn, so that a slow spell of the machine hits all of them;
the best round of each counts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


def seconds(command: list[str]) -> float:
    """Return the wall time of one run, which must succeed."""
    before = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - before


def main() -> None:
    """Print a table of medians, best rounds and ratios."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        commands = {
            'python -c "import click"': [PYTHON, "-c", "import click"],
            "treatyrdf --help": [PYTHON, "-m", "treatyrdf", "--help"],
            "treatyrdf build (alliance)": [PYTHON, "-m", "treatyrdf", "build", "--out", out],
            "treatyrdf ask who-proposed": [PYTHON, "-m", "treatyrdf", "ask", "who-proposed"],
        }
        limits = {"treatyrdf --help": 2, "treatyrdf build (alliance)": 20}
        best = dict.fromkeys(commands, float("inf"))
        for _ in range(rounds):
            for name, command in commands.items():
                best[name] = min(best[name], seconds(command))
    peer = best['python -c "import click"']
    print("| command | seconds | ratio | wanted |")
    print("|---|---|---|---|")
    for name, value in best.items():
        wanted = f"< {limits[name]}" if name in limits else ""
        print(f"| `{name}` | {value:.3f} | {value / peer:.1f} | {wanted} |")


if __name__ == "__main__":
    main()
