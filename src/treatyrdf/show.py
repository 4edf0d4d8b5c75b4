"""Tables and answers in the terminal, readable by a fan."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .answer import Answer, change
from .names import Names

_STYLE = {"stated": "green", "inferred": "cyan", "reported": "cyan", "possible": "yellow",
          "conditional": "yellow", "unknown": "magenta"}


def console() -> Console:
    """Return a console that never cuts what goes into a pipe."""
    terminal = sys.stdout.isatty()
    return Console(width=None if terminal else 200, highlight=False, soft_wrap=not terminal)


def show_table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    """Print rows under their columns; a row a line, tabs between, when piped."""
    if not sys.stdout.isatty():
        lines = ["\t".join(columns), *("\t".join(_clean(r[c]) for c in columns) for r in rows)]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    console().print(_table(columns, rows))


def show_answer(given: Answer, names: Names, labels: Mapping[str, str], sentence: str = "") -> None:
    """Print a question, its answer in words, its rows with their grades, and where each claim stands."""
    out = console()
    out.print(Text(given.question.summary, style="bold"))
    if sentence:
        out.print(Text("\n".join(textwrap.fill(line, 98) for line in sentence.splitlines())))
        out.print()
    if given.rows:
        mixed = len(set(given.grades)) > 1 and "grade" not in given.columns
        rows = [{**row, "grade": grade} if mixed else row
                for row, grade in zip(given.rows, given.grades, strict=True)]
        out.print(_table((*given.columns, *(["grade"] if mixed else [])), rows))
    else:
        out.print(Text(given.question.headers.get("empty", "Nothing in the data answers this.")))
    out.print(Text("grade: ") + Text(given.grade, style=_STYLE[given.grade]))
    for assumed in () if sentence else given.assumptions:
        text = labels.get(names.record("claim", assumed)[1:-1], assumed)
        out.print(Text(_wrapped(f"assuming: {text}"), style="yellow"))
    stands = {(c.fact.id, e.key): (c, e) for c in given.grounds for e in c.evidence}
    for claim, evidence in stands.values():
        works = evidence.citation.works if evidence.citation else ()
        cited = "; ".join(labels.get(names.thing(w)[1:-1], w) for w in works)
        where = f"{evidence.passage.at}  {claim.fact.words.get('says', claim.id)}"
        out.print(Text(_wrapped(where + (f" [{cited}]" if cited else ""))))
        out.print(Text(f"       {claim.fact.id.position}", style="dim"))
    out.print()


def show_change(old: Answer, new: Answer, dropped: Sequence[str]) -> None:
    """Print what an answer lost and gained when claims were withdrawn."""
    out = console()
    lost, gained = change(old, new)
    out.print(Text(f"without {', '.join(dropped)}" + ("" if lost or gained else ": nothing changes")))
    for sign, rows in (("-", lost), ("+", gained)):
        for row in rows:
            out.print(Text(_wrapped(f"{sign} " + "; ".join(f"{k} {v}" for k, v in row.items() if v))))
    out.print()


def _table(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_clean(row[c])) for c in columns))
    return table


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, 96, subsequent_indent="       ", initial_indent="  "))


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
