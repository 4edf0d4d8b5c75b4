"""The entry point: an interrupt is no accident, not even while the program is still loading."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line; its values hold no cycles, so they are looked for seldom."""
    gc.set_threshold(100_000)
    try:
        from .cli import main as run

        run(prog_name="treatyrdf")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was changed\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
