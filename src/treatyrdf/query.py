"""Any SPARQL query on the dump or on RDF files, with results in every usual form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .ask import plain, run
from .errors import DataError, Position, Problem, RunError
from .packing import document, stream

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Table:
    """Rows of text under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def dicts(self) -> list[dict[str, str]]:
        """Return each row by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def load(files: Sequence[Path], *dumps: bytes) -> ox.Store:
    """Return a store with N-Quads dumps and RDF files of any format loaded."""
    import pyoxigraph as ox

    store = ox.Store()
    for dump in dumps:
        store.bulk_load(dump, ox.RdfFormat.N_QUADS)
    for file in files:
        told = document(file.name)
        kind = ox.RdfFormat.from_extension(told.dump.rpartition(".")[2])
        if kind is None:
            raise RunError.of("TRT097", file, "has no ending of an RDF format",
                              "name a .ttl, .nt, .nq, .trig, .jsonld or .rdf file, or such a .gz or .zst")
        try:
            if told.compress:
                store.load(stream(file, file), format=kind)
            else:
                store.load(path=str(file), format=kind)
        except SyntaxError as error:
            here = Position(str(file), error.lineno or 0, error.offset or 0)
            raise DataError([Problem(here, "TRT098", f"not RDF: {error.msg}",
                                     "mend the file")]) from None
        except OSError as error:
            raise RunError.of("TRT002", file, (error.strerror or "cannot be read").lower(),
                              "check the name and permissions") from None
    return store


def run_query(sparql: str, store: ox.Store, shown: str, style: str) -> str | Table:
    """Return the result of a query: a Table for rows, else text in the wished form.

    All graphs are queried as one. Raises DataError when the form does not fit the query.
    """
    import pyoxigraph as ox

    result: Any = run(sparql, store, shown, union=True)
    if isinstance(result, ox.QueryTriples):
        if style not in ("table", "turtle"):
            raise _unfit(shown, style, "a graph", "--format turtle")
        made = ox.serialize(sorted(result, key=str), format=ox.RdfFormat.TURTLE)
        return (made or b"").decode()
    forms = {"json": ox.QueryResultsFormat.JSON, "csv": ox.QueryResultsFormat.CSV,
             "tsv": ox.QueryResultsFormat.TSV}
    if style in forms:
        if isinstance(result, ox.QueryBoolean) and style != "json":
            raise _unfit(shown, style, "yes or no", "--format json")
        made = result.serialize(format=forms[style])
        return (made or b"").decode().replace("\r\n", "\n")
    if style == "turtle":
        raise _unfit(shown, style, "rows", "--format csv")
    if isinstance(result, ox.QueryBoolean):
        return "yes" if result else "no"
    columns = tuple(v.value for v in result.variables)
    return Table(columns, tuple(tuple(plain(row[c]) for c in columns) for row in result))


def _unfit(shown: str, style: str, what: str, remedy: str) -> DataError:
    return DataError([Problem(Position(shown), "TRT077", f"gives {what}, which {style} cannot hold",
                              f"use {remedy}")])
