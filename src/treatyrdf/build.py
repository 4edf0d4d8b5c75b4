"""The whole flow in order: files -> facts -> claims -> quads -> report -> dumps -> answers.

`compose` makes every file in memory; `build` writes them in one step; `check` only compares.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from . import __version__
from .ask import Question, Rows, column_kinds, csv_text, open_for, open_store, read_questions, rows_csv, select
from .census import Statistics, count
from .content import Content, Files, digest, equal, size, whole
from .dcat import dataset_turtle
from .describe import Answer, Description, describe, measured
from .dump import Dumps, sum_lines
from .endpoint import questions_turtle, service_turtle
from .errors import DataError, Position, Problem
from .files import MANIFEST, SITE, SUMS, cannot_write, check_target, list_names, packaged, write_folder
from .findings import count_problems, parts_of, report_of, report_problems, tester_of
from .forms import citation_cff, datapackage, dataset_jsonld
from .gather import Tables
from .ledger import LEDGER_COLUMNS, REMARK_COLUMNS, ledger_rows, remark_rows
from .packing import WHOLE, Dump, Packing, document, find_dump
from .parts import Engine, Work, bind, make_parts
from .predicates import predicates_of
from .profile import Profile
from .publish import Published, prepare
from .read import curated_files
from .results import Report, report_json, report_turtle
from .schema import json_schemas
from .shelf import Part
from .tally import Tally
from .validate import Tester
from .website import website
from .workers import aside

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Made:
    """A data set with the files of its dumps, and what its site shows beside them."""

    published: Published
    files: Files
    asked: tuple[tuple[Question, Rows], ...]
    described: Description


def make(folder: Path, base: str | None = None, room: Path | None = None, tables: Tables | None = None,
         validator: str | None = None, engine: Engine = make_parts, packing: Packing = WHOLE) -> Made:
    """Return every file of dist/<id> but its site; raises DataError when the data are wrong.

    The dumps of a data set of several slices are written into the folder `room`; without it all are
    kept in memory. The validator is `pyshacl` or `compiled`, None for the one that fits the size.
    """
    published = prepare(folder, base, tables=tables)
    _questions(folder, published)
    tester = tester_of(published, validator=validator)
    parts, dumps = write_parts(published, tester, room, engine, packing)
    report = report_of(published, tester, parts)
    problems = report_problems(published, report) if not report.conforms else []
    if problems := [*problems, *count_problems(published, report)]:
        raise DataError(problems)
    return finish(folder, published, parts, report, dumps, packing)


def write_parts(published: Published, tester: Tester | None = None, room: Path | None = None,
                engine: Engine = make_parts, packing: Packing = WHOLE) -> tuple[Sequence[Part], Files]:
    """Return the parts of every slice, and the dumps that they make."""
    context = json.loads((packaged("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    dumps = Dumps(published.names, context["@context"], published.about.header.title)
    room = room if published.others else None
    work = Work(published.maker.make, published.shared, tester, dumps, room, packing=packing)
    parts = parts_of(published, work, engine)
    return parts, bind(parts, dumps, room, packing)


def finish(folder: Path, published: Published, parts: Sequence[Part], report: Report, dumps: Files,
           packing: Packing = WHOLE) -> Made:
    """Return every file of dist/<id> but its site, of a data set that was validated."""
    header = published.about.header
    texts = {"report.ttl": report_turtle(report), "report.json": report_json(report)}
    for name, schema in json_schemas(published.vocabulary).items():
        texts[f"schema/{name}.schema.json"] = _json(schema)
    for place in ("ontology", "shapes"):
        for path in sorted(packaged(place).iterdir()):
            if path.suffix in {".ttl", ".jsonld"}:
                texts[f"{place}/{path.name}"] = path.read_text(encoding="utf-8")
    if published.about.ledger is not None:
        texts["ledger.csv"] = csv_text(LEDGER_COLUMNS, ledger_rows(published.about.ledger))
        texts["remarks.csv"] = csv_text(REMARK_COLUMNS, remark_rows(published.about.ledger))
    dump = find_dump(dumps, f"{header.id}.nq")
    counting = partial(count, dump.lines(), published.names.base)
    with aside(counting) if published.others else nullcontext(counting) as counted:
        asked = _asked(_questions(folder, published), dump)
        statistics = counted()
    answers = []
    for question, rows in asked:
        table = f"questions/{question.name}.csv"
        texts[f"questions/{question.name}.rq"], texts[table] = question.sparql, rows_csv(rows)
        answers.append(Answer(question.name, question.summary, question.tags, question.sparql,
                              tuple(column_kinds(rows)), measured(table, texts[table].encode())))
    first, *tallies = [part.told.tally for part in parts if part.told]
    described, more = _descriptions(folder, published, sum(tallies, first), statistics, report, dumps,
                                   answers)
    files = {**dumps, **{name: text.encode() for name, text in (texts | more).items()}}
    return Made(published, _with_sums(dict(sorted(files.items())), published, described, packing), asked, described)


def _asked(questions: Sequence[Question], dump: Dump) -> tuple[tuple[Question, Rows], ...]:
    """Return the rows of each question: asked in memory, or on the disk where the dump is there."""
    place = next((content.parent for content in dump.files.values() if isinstance(content, Path)), None)
    if place is None:
        return _rows(questions, open_store(dump))
    seen = predicates_of(q.sparql for q in questions)
    with TemporaryDirectory(prefix="store-", dir=place, ignore_cleanup_errors=True) as room:
        return _rows(questions, open_for(seen, dump.lines(), Path(room)))


def _rows(questions: Sequence[Question], store: ox.Store) -> tuple[tuple[Question, Rows], ...]:
    """Return the rows of each question; nothing else names the store, which so is closed before its folder goes."""
    return tuple((q, select(q, store)) for q in questions)


def _questions(folder: Path, published: Published) -> list[Question]:
    header = published.about.header
    return read_questions(folder, (header.base, published.names.base), header.questions)


def compose(folder: Path, base: str | None = None, tables: Tables | None = None) -> dict[str, bytes]:
    """Return every file of dist/<id> but its site, by its name; raises DataError when the data are wrong."""
    return {name: whole(content) for name, content in make(folder, base, tables=tables).files.items()}


@contextmanager
def produced(folder: Path, base: str | None = None, tables: Tables | None = None,
             validator: str | None = None, engine: Engine = make_parts,
             packing: Packing = WHOLE) -> Iterator[Iterator[tuple[str, Content]]]:
    """Give every file of dist/<id>, one after the other; raises DataError before the first."""
    with TemporaryDirectory(prefix="treatyrdf-", ignore_cleanup_errors=True) as room:
        try:
            made = make(folder, base, Path(room), tables, validator, engine, packing)
        except OSError as error:
            raise cannot_write(Path(room), error,
                               "set TMPDIR to a folder on a larger disk; nothing was changed") from None
        yield chain(made.files.items(), site_files(made))


def site_files(made: Made) -> Iterator[tuple[str, Content]]:
    """Yield the files of the site, and at last their sums; none where the data set wants no site."""
    digests = {}
    published = made.published
    if not published.about.header.site:
        return
    for name, content in website(published.dataset, published.vocabulary, published.names, published.claims,
                                 published.quads, made.asked, made.described, made.files):
        digests[name] = digest(content)
        yield SITE + name, content
    yield SITE + SUMS, sum_lines(digests)


def _descriptions(folder: Path, published: Published, tally: Tally, statistics: Mapping[str, Statistics],
                  report: Report, dumps: Files, answers: Sequence[Answer]) -> tuple[Description, dict[str, str]]:
    """Return the description and every form of it."""
    dataset, names = published.about, published.names
    profile = Profile(dataset.header, names)
    sources = [(str(s.label), names.thing(s.id)[1:-1]) for s in dataset.sources.values()]
    package = datapackage(profile, sources, answers)
    described = describe(profile, dataset, tally, published.vocabulary, statistics, report,
                         {**dumps, "datapackage.json": package.encode()}, curated_files(folder))
    return described, {
        "dataset.ttl": dataset_turtle(described, published.vocabulary),
        "dataset.jsonld": dataset_jsonld(described), "CITATION.cff": citation_cff(described),
        "datapackage.json": package, "service.ttl": service_turtle(described),
        "questions/questions.ttl": questions_turtle(profile, answers)}


def build(folder: Path, out: Path, base: str | None = None, tables: Tables | None = None,
          validator: str | None = None, engine: Engine = make_parts, packing: Packing = WHOLE) -> bool:
    """Write dist/<id>; False when it already holds the same bytes."""
    check_target(out)
    with produced(folder, base, tables, validator, engine, packing) as files:
        return write_folder(out, files)


def check(folder: Path, out: Path, base: str | None = None, tables: Tables | None = None,
          validator: str | None = None, engine: Engine = make_parts, packing: Packing = WHOLE) -> list[Problem]:
    """Return how `out` differs from what the sources give now; empty when it does not."""
    problems, made = [], set()
    with produced(folder, base, tables, validator, engine, packing) as files:
        for name, content in files:
            made.add(name)
            if not (out / name).is_file():
                problems.append(_differs(out, name, "is missing"))
            elif not equal(content, out / name):
                problems.append(_differs(out, name, f"differs: {_difference(out / name, content)}"))
    problems += [_differs(out, name, "should not be there") for name in list_names(out) if name not in made]
    return sorted(problems, key=lambda p: p.position.path)


def _differs(out: Path, name: str, what: str) -> Problem:
    return Problem(Position(str(out / name)), "TRT095", what, "run `treatyrdf build` and commit the result")


def _difference(old: Path, new: Content) -> str:
    if max(size(old), size(new)) > _COMPARED:
        return "these files are too large to show where"
    lines = difflib.unified_diff(whole(old).decode(errors="replace").splitlines(),
                                 whole(new).decode(errors="replace").splitlines(), "dist", "sources",
                                 lineterm="", n=0)
    changed = [line for line in lines if line[:3] not in ("---", "+++") and line[0] in "+-"]
    more = f" and {len(changed) - 4} lines more" if len(changed) > 4 else ""
    return "\n    ".join(["", *changed[:4]]) + more


_COMPARED = 20_000_000
"""Bytes up to which files are compared line by line."""


def _with_sums(files: Files, published: Published, described: Description, packing: Packing) -> Files:
    """Return the files with MANIFEST.json and SHA256SUMS added."""
    header, known = published.about.header, {file.name: file.sha256 for file in described.files}
    digests = {name: known.get(name) or digest(content) for name, content in files.items()}
    entries = [{"file": name, **({} if (dump := document(name).dump) == name else {"of": dump}),
                "bytes": size(content), "sha256": digests[name]} for name, content in files.items()]
    whole = find_dump(files, f"{header.id}.nq")
    manifest = {
        "dataset": str(header.id), "version": str(header.version), "base": published.names.base,
        "ontology": published.vocabulary.version, "tool": __version__,
        "quads": sum(s.triples for graph, s in described.statistics.items() if graph),
        # A dump without blank nodes, sorted, is its own canonical form, so its hash is this one.
        "rdfc10-sha256": digests[f"{header.id}.nq"] if whole.plain else whole.digest(), **packing.told(),
        "files": entries}
    text = _json(manifest).encode()
    return {**files, MANIFEST: text, SUMS: sum_lines({**digests, MANIFEST: digest(text)})}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
