"""What all commands share: options, refusals and exit codes, tables."""

from __future__ import annotations

import json
import logging
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .compression import CODECS
from .errors import Position, Problem, RunError, TreatyError, suggest
from .names import is_base

if TYPE_CHECKING:
    from .parts import Engine, Work
    from .shelf import Part

_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?(|B|KB|MB|GB|TB)")
_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
MOST = 500
"""Problems that are printed."""


class Group(click.Group):
    """A group that says what was probably meant, and exits 2 on any wrong usage."""

    def resolve_command(self, ctx: click.Context,
                        args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command, or fail with the nearest name."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            ctx.fail(f"there is no command `{args[0]}`; {suggest(args[0], self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)


def checked(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn refusals into messages on stderr and an exit code."""
    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        try:
            with progress():
                code = command(*args, **options)
        except TreatyError as error:
            code = _refused(error, error.problems)
        except (MemoryError, ImportError) as error:
            if isinstance(error, ImportError) and "map segment" not in str(error):  # of a library, for want of memory
                raise
            code = _refused(error, [Problem(Position("treatyrdf"), "TRT134", "ran out of memory",
                                            "free memory or raise the limit, then run again; nothing was changed")])
        except (KeyboardInterrupt, RuntimeError) as error:
            # Python 3.11 wraps an interrupt that comes while a class is made.
            end = error if isinstance(error, KeyboardInterrupt) else error.__cause__
            if not isinstance(end, KeyboardInterrupt):
                raise
            click.echo("interrupted; nothing was changed", err=True)
            _refused(end, ())
            code = 128 + (end.args[0] if end.args else signal.SIGINT)
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        raise SystemExit(code or 0)
    return wrapped


def _refused(error: BaseException, problems: Iterable[Problem]) -> int:
    """Print problems and what was noted with an error; return its exit code."""
    complain(problems)
    for note in getattr(error, "__notes__", ()):
        click.echo(note, err=True)
    return error.exit_code if isinstance(error, TreatyError) else RunError.exit_code


@contextmanager
def progress() -> Iterator[None]:
    """Show in one line of a terminal how far long work has come; nothing where stderr is no terminal."""
    log, started = logging.getLogger("treatyrdf"), time.monotonic()
    if not sys.stderr.isatty():
        yield
        return

    def show(record: logging.LogRecord) -> bool:
        if time.monotonic() - started > 1:
            sys.stderr.write(f"\r\x1b[K{record.getMessage()}")
            sys.stderr.flush()
        return False

    level = log.level
    log.addFilter(show)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeFilter(show)
        log.setLevel(level)
        sys.stderr.write("\r\x1b[K")


def complain(problems: Iterable[Problem]) -> None:
    """Print problems, the first of very many, and how many there are when there are several."""
    problems = list(problems)
    for problem in problems[:MOST]:
        click.echo(printable(str(problem)), err=True)
    if len(problems) > MOST:
        click.echo(f"{len(problems)} problems, of which these are the first {MOST}; see all of a data set with "
                   "`treatyrdf validate --format json`", err=True)
    elif len(problems) > 1:
        click.echo(f"{len(problems)} problems", err=True)


def printable(text: str) -> str:
    """Return a text whose control characters are shown, not sent to the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\u{ord(c):04x}" for c in text)


def _none(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    return "" if value == "none" else value


def _base(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not is_base(value):
        raise click.BadParameter("write an http(s) IRI that ends in a slash")
    return value


def _size(_ctx: click.Context, _param: click.Parameter, value: str | None) -> int:
    found = _SIZE.fullmatch((value or "0").strip().upper())
    size = round(float(found[1]) * _UNITS[found[2]]) if found else 0
    if value is not None and size < 1:
        raise click.BadParameter("write a number of bytes, or a size such as 500MB or 2GB")
    return size


DATASET = click.argument("dataset", required=False, type=click.Path())
OF = click.option("--dataset", "dataset", type=click.Path(), help="Folder of the data set.")
OUT = click.option("--out", type=click.Path(path_type=Path), help="Folder of the dumps.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
VALIDATOR = click.option("--validator", type=click.Choice(["pyshacl", "compiled"]),
                         help="What holds the data against the shapes; compiled for a large data set if left out.")
COMPRESS = click.option("--compress", type=click.Choice(["none", *CODECS]), default="none", callback=_none,
                        help="Compress the dumps.")
SPLIT = click.option("--split", metavar="SIZE", callback=_size,
                     help="Cut dumps that are larger into documents of at most SIZE, such as 500MB.")
BASE = click.option("--base", callback=_base, help="Base IRI instead of the data set's own.")


def show_ledger(dist: Path) -> None:
    """Say on stderr what became of the cells of the tables of a built data set, if it has any."""
    import csv

    if not (dist / "ledger.csv").is_file():
        return
    with (dist / "ledger.csv").open(encoding="utf-8", newline="") as file:
        columns = list(csv.DictReader(file))
    for table in dict.fromkeys(column["table"] for column in columns):
        own = [column for column in columns if column["table"] == table]
        kinds = list(own[0])[4:]
        counts = {kind: sum(int(column[kind]) for column in own) for kind in kinds}
        rows = int(own[0]["rows"])
        told = " + ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
        click.echo(f"table {table}: {rows:,} rows x {len(own)} columns = {told}", err=True)
    with (dist / "remarks.csv").open(encoding="utf-8", newline="") as file:
        remarks = sum(1 for _ in csv.DictReader(file))
    if remarks:
        click.echo(f"{remarks:,} remarks on cells that no rule reads: see {dist / 'remarks.csv'}", err=True)


def tables_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where tables lie and how many rows are read; they come as `tables`."""
    @click.option("--tables", "folder_of_tables", type=click.Path(path_type=Path),
                  help="Folder of the data set's tables.")
    @click.option("--limit", type=click.IntRange(min=1), help="Read only so many rows of each table.")
    @wraps(command)
    def wrapped(*args: Any, folder_of_tables: Path | None, limit: int | None, **options: Any) -> Any:
        from .gather import Tables

        return command(*args, tables=Tables(folder_of_tables, limit), **options)
    return wrapped


def _local(_master: str | None, parts: Path | None) -> Engine:
    from .parts import make_parts, resume_parts

    return partial(resume_parts, folder=parts) if parts else make_parts


def _spark(master: str | None, _parts: Path | None) -> Engine:
    from .cluster import spread_parts

    return partial(spread_parts, master=master)


ENGINES = {"local": _local, "spark": _spark}


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where the slices of a data set are worked on; they come as `engine`."""
    @click.option("--engine", "name", type=click.Choice(list(ENGINES)), default="local",
                  help="Work on this machine, or on a Spark cluster.")
    @click.option("--master", help="Address of the cluster, instead of the one in Spark's own settings.")
    @click.option("--parts", type=click.Path(file_okay=False, path_type=Path),
                  help="Keep the parts of a large data set here; what is there and still right is not made again.")
    @wraps(command)
    def wrapped(*args: Any, name: str, master: str | None, parts: Path | None, **options: Any) -> Any:
        if master is not None and name != "spark":
            raise click.UsageError("--master is for --engine spark")
        if parts is not None and name == "spark":
            raise click.UsageError("--parts is for --engine local: Spark makes lost parts again itself")
        from .shelf import held

        engine, cut = ENGINES[name](master, parts), list[bool]()

        def watched(work: Work, slices: Sequence[bytes]) -> Iterator[Part]:
            cut.append(bool(slices))
            return engine(work, slices)

        try:
            with held(parts) if parts else nullcontext():
                return command(*args, engine=watched, **options)
        except (KeyboardInterrupt, MemoryError, RunError) as error:
            if any(cut) and name == "local":
                error.add_note(go_on(parts))
            raise
    return wrapped


def go_on(parts: Path | None) -> str:
    """Return how a build of several slices that was ended is gone on with."""
    return (f"what was made is kept: the same command goes on from the parts in {parts}" if parts else
            "nothing that was made is kept; with `--parts DIR` a build of a large data set goes on from where it ended")


def show_rows(columns: list[str], rows: list[dict[str, str]], as_json: bool = False,
              as_csv: bool = False) -> None:
    """Print rows as a table, as JSON or as CSV."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif as_csv:
        from .ask import csv_text

        click.echo(csv_text(columns, [[row[c] for c in columns] for row in rows]), nl=False)
    else:
        from .show import show_table

        show_table(columns, rows)
