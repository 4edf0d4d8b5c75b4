"""Tables and answers in the terminal, readable by a fan."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .answer import Answer

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


def show_answer(given: Answer, labels: Mapping[str, str]) -> None:
    """Print a question, its rows, its grade, and where each claim stands."""
    out = console()
    out.print(Text(given.question.summary, style="bold"))
    if given.rows:
        out.print(_table(given.columns, given.rows))
    else:
        out.print(Text(given.question.headers.get("empty", "Nothing in the data answers this.")))
    grade = Text("grade: ") + Text(given.grade, style=_STYLE[given.grade])
    if given.assumptions:
        grade.append(f" (assuming {', '.join(given.assumptions)})")
    out.print(grade)
    for claim in {c.id: c for group in given.claims for c in group}.values():
        for evidence in claim.evidence:
            works = ([labels.get(w, w) for w in _iris(evidence.citation.works, labels)]
                     if evidence.citation else [])
            where = f"  {evidence.passage.at}  {claim.fact.words.get('says', claim.id)}"
            cited = f" [{', '.join(works)}]" if works else ""
            out.print(Text(_wrapped(where + cited)))
            out.print(Text(f"       {claim.fact.id.position}", style="dim"))
    out.print()


def _iris(works: Sequence[str], labels: Mapping[str, str]) -> list[str]:
    """Return the IRIs of works, found by the end of the IRI."""
    return [next((iri for iri in labels if iri.endswith(f"/{work}")), work) for work in works]


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
