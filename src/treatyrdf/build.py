"""The whole flow in order: files -> facts -> claims -> quads -> report -> dumps -> answers.

`compose` makes every file in memory; `build` writes them in one step; `check` only compares.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from . import __version__
from .ask import Question, Rows, column_kinds, open_store, read_questions, rows_csv, select
from .chronology import tighten
from .claims import resolve_claims
from .dcat import dataset_turtle
from .describe import Answer, Description, dataset_quads, describe, measured
from .dump import digest, sum_lines, sums, verify, write_dumps
from .endpoint import questions_turtle, service_turtle
from .errors import DataError, Position, Problem, RunError, suggest
from .files import MANIFEST, SITE, SUMS, list_names, ontology_files, packaged, shape_files, write_folder
from .forms import citation_cff, datapackage, dataset_jsonld
from .graph import deprecated_quads, fact_quads, thing_quads
from .model import Claim, Dataset, Quad
from .names import Names, shorten
from .profile import Profile
from .provenance import claim_quads, claim_term, source_quads
from .read import curated_files, read_dataset
from .reasons import mark_assumptions, withdraw
from .schema import json_schemas
from .spans import span_claims
from .states import find_states, state_claims, state_quads
from .validate import Report, report_json, report_turtle, validate
from .vocabulary import Vocabulary, read_vocabulary
from .website import website


@dataclass(frozen=True)
class Published:
    """A data set carried through the flow up to its quads."""

    dataset: Dataset
    vocabulary: Vocabulary
    names: Names
    claims: tuple[Claim, ...]
    quads: tuple[Quad, ...]


def publish(folder: Path, base: str | None = None, without: frozenset[str] = frozenset()) -> Published:
    """Return the quads of the data set in `folder`, not yet validated.

    With `without` they are those of a what-if: some claims, facts or sources are withdrawn, with all
    that follows from them, and the bounds of time are worked out again.

    Raises DataError with every problem of the curated files, RunError when it cannot be read.
    """
    dataset = read_dataset(folder)
    vocabulary = read_vocabulary(ontology_files())
    header = dataset.header
    names = Names(base or header.base, header.id, header.language)
    claims = withdraw(resolve_claims(dataset, vocabulary, names), without)
    claims, times = tighten(claims, dataset, vocabulary, names)
    states = find_states(claims, times, dataset, vocabulary, names, complete=not without)
    claims = (*claims, *state_claims(states, claims, dataset, vocabulary, names))
    claims = mark_assumptions((*claims, *span_claims(states, claims, dataset, vocabulary, names)))
    quads = {*thing_quads(dataset, vocabulary, names), *state_quads(states, dataset, vocabulary, names),
             *fact_quads(claims, names), *claim_quads(claims, names),
             *deprecated_quads(dataset, claims, names),
             *source_quads(dataset, vocabulary, names), *dataset_quads(header, vocabulary, names)}
    return Published(dataset, vocabulary, names, claims, tuple(sorted(quads)))


def publish_without(published: Published, folder: Path, dropped: frozenset[str]) -> Published:
    """Return the data set as it would be without some claims, facts or sources."""
    known = {c.id for c in published.claims} | {str(c.fact.id) for c in published.claims}
    known |= set(published.dataset.sources)
    for name in sorted(dropped - known):
        raise RunError.of("TRT080", name, "is neither a claim nor a source of the data set",
                          suggest(name, known))
    return publish(folder, published.names.base, dropped)


def check_shapes(published: Published, shapes: Sequence[Path] | None = None) -> Report:
    """Return the SHACL report of a data set, guards against a silent yes included."""
    lines = [f"{s} {p} {o} .\n" for s, p, o, _ in published.quads]
    return validate(lines, shapes or shape_files(), published.vocabulary,
                    {str(name) for name in published.dataset.header.absent})


def report_problems(published: Published, report: Report) -> list[Problem]:
    """Return the findings of a report as problems at the lines the curator wrote."""
    places = _places(published)
    whole = published.dataset.header.id.position
    problems = []
    for f in report.findings:
        keys = ((f.focus, f.path, f.value), (f.focus, f.path), (f.focus,), (f.value,))
        position = next((places[key] for key in keys if key in places), whole)
        what = " ".join(shorten(term, published.names.prefixes) or term
                        for term in (f.focus, f.path, f.value) if term)
        problems.append(Problem(position, f.code, what, f.message))
    return problems


def _places(published: Published) -> dict[tuple[str, ...], Position]:
    """Return where a curator wrote a thing, a record, or the claim behind a triple."""
    names, dataset = published.names, published.dataset
    places: dict[tuple[str, ...], Position] = {}
    for c in published.claims:
        triple = tuple((term or "").strip("<>") for term in (c.subject, c.predicate, c.object))
        for key in ((claim_term(c, names)[1:-1],), triple, triple[:2]):
            places.setdefault(key, c.fact.id.position)
    for word in (*(t.id for t in dataset.things.values()), *(s.id for s in dataset.sources.values())):
        places[names.thing(word)[1:-1],] = word.position
    for source in dataset.sources.values():
        for p in source.passages.values():
            places[names.record("passage", p.key)[1:-1],] = p.at.position
        for citation in source.citations.values():
            places[names.record("citation", citation.id)[1:-1],] = citation.id.position
    return places


def count_problems(published: Published) -> list[Problem]:
    """Return what breaks the counts that dataset.yaml promises."""
    types = [o for _, p, o, _ in published.quads if p.endswith("#type>")]
    problems = []
    for name, (least, most) in published.dataset.header.counts.items():
        found = types.count(f"<{published.vocabulary.classes[name].iri}>") if (
            name in published.vocabulary.classes) else 0
        if found < least or (most is not None and found > most):
            bound = f"at least {least}" if found < least else f"at most {most}"
            problems.append(Problem(name.position, "TRT067", f"{found} of class {name}, not {bound}",
                                    "mend the data or the count"))
    return problems


@dataclass(frozen=True)
class Made:
    """A data set with the files of its dumps, and what its site shows beside them."""

    published: Published
    files: Mapping[str, bytes]
    asked: tuple[tuple[Question, Rows], ...]
    described: Description


def make(folder: Path, base: str | None = None) -> Made:
    """Return every file of dist/<id> but its site; raises DataError when the data are wrong."""
    published = publish(folder, base)
    report = check_shapes(published)
    problems = report_problems(published, report) if not report.conforms else []
    if problems := [*problems, *count_problems(published)]:
        raise DataError(problems)
    return finish(folder, published, report)


def finish(folder: Path, published: Published, report: Report) -> Made:
    """Return every file of dist/<id> but its site, of a data set that was validated."""
    header, names = published.dataset.header, published.names
    context = json.loads((packaged("ontology") / "context.jsonld").read_text(encoding="utf-8"))
    dumps = write_dumps(published.quads, names, context["@context"], header.title)
    verify(dumps, names)
    files = dict(dumps)
    files["report.ttl"], files["report.json"] = report_turtle(report), report_json(report)
    for name, schema in json_schemas(published.vocabulary).items():
        files[f"schema/{name}.schema.json"] = _json(schema)
    for place in ("ontology", "shapes"):
        for path in sorted(packaged(place).iterdir()):
            if path.suffix in {".ttl", ".jsonld"}:
                files[f"{place}/{path.name}"] = path.read_text(encoding="utf-8")
    store = open_store(dumps[f"{header.id}.nq"].encode())
    asked = tuple((q, select(q, store)) for q in read_questions(folder, (header.base, names.base)))
    answers = []
    for question, rows in asked:
        table = f"questions/{question.name}.csv"
        files[f"questions/{question.name}.rq"], files[table] = question.sparql, rows_csv(rows)
        answers.append(Answer(question.name, question.summary, question.tags, question.sparql,
                              tuple(column_kinds(rows)), measured(table, files[table])))
    described, texts = _descriptions(folder, published, report, dumps, answers)
    files |= texts
    encoded = {name: text.encode() for name, text in sorted(files.items())}
    return Made(published, _with_sums(encoded, published), asked, described)


def compose(folder: Path, base: str | None = None) -> dict[str, bytes]:
    """Return every file of dist/<id> but its site, by its name; raises DataError when the data are wrong."""
    return dict(make(folder, base).files)


def produce(folder: Path, base: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Return every file of dist/<id>, one after the other; raises DataError before the first."""
    made = make(folder, base)
    return chain(made.files.items(), site_files(made))


def site_files(made: Made) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the site, and at last their sums."""
    digests = {}
    published = made.published
    for name, content in website(published.dataset, published.vocabulary, published.names, published.claims,
                                 published.quads, made.asked, made.described, made.files):
        digests[name] = digest(content)
        yield SITE + name, content
    yield SITE + SUMS, sum_lines(digests)


def _descriptions(folder: Path, published: Published, report: Report, dumps: Mapping[str, str],
                  answers: Sequence[Answer]) -> tuple[Description, dict[str, str]]:
    """Return the description and every form of it."""
    dataset, names = published.dataset, published.names
    profile = Profile(dataset.header, names)
    sources = [(str(s.label), names.thing(s.id)[1:-1]) for s in dataset.sources.values()]
    package = datapackage(profile, sources, answers)
    described = describe(profile, dataset, published.claims, published.vocabulary, published.quads, report,
                         {**dumps, "datapackage.json": package}, curated_files(folder))
    return described, {
        "dataset.ttl": dataset_turtle(described, published.vocabulary),
        "dataset.jsonld": dataset_jsonld(described), "CITATION.cff": citation_cff(described),
        "datapackage.json": package, "service.ttl": service_turtle(described),
        "questions/questions.ttl": questions_turtle(profile, answers)}


def build(folder: Path, out: Path, base: str | None = None) -> bool:
    """Write dist/<id>; False when it already holds the same bytes."""
    return write_folder(out, produce(folder, base))


def check(folder: Path, out: Path, base: str | None = None) -> list[Problem]:
    """Return how `out` differs from what the sources give now; empty when it does not."""
    problems, made = [], set()
    for name, content in produce(folder, base):
        made.add(name)
        there = (out / name).read_bytes() if (out / name).is_file() else None
        if there is None:
            problems.append(_differs(out, name, "is missing"))
        elif there != content:
            problems.append(_differs(out, name, f"differs: {_difference(there, content)}"))
    problems += [_differs(out, name, "should not be there") for name in list_names(out) if name not in made]
    return sorted(problems, key=lambda p: p.position.path)


def _differs(out: Path, name: str, what: str) -> Problem:
    return Problem(Position(str(out / name)), "TRT095", what, "run `treatyrdf build` and commit the result")


def _difference(old: bytes, new: bytes) -> str:
    lines = difflib.unified_diff(old.decode(errors="replace").splitlines(),
                                 new.decode(errors="replace").splitlines(), "dist", "sources",
                                 lineterm="", n=0)
    changed = [line for line in lines if line[:3] not in ("---", "+++") and line[0] in "+-"]
    more = f" and {len(changed) - 4} lines more" if len(changed) > 4 else ""
    return "\n    ".join(["", *changed[:4]]) + more


def _with_sums(files: Mapping[str, bytes], published: Published) -> dict[str, bytes]:
    """Return the files with MANIFEST.json and SHA256SUMS added."""
    header = published.dataset.header
    entries = [{"file": name, "bytes": len(content), "sha256": digest(content)}
               for name, content in files.items()]
    manifest = {
        "dataset": str(header.id), "version": str(header.version), "base": published.names.base,
        "ontology": published.vocabulary.version, "tool": __version__,
        "quads": len(published.quads),
        # A dump without blank nodes, sorted, is its own canonical form, so its hash is this one.
        "rdfc10-sha256": digest(files[f"{header.id}.nq"]),
        "files": entries}
    text = _json(manifest).encode()
    files = {**files, MANIFEST: text}
    return {**files, SUMS: sums(files)}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
