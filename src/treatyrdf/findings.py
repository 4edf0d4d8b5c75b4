"""A published data set held against its shapes and promises -> problems at the lines the curator wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .errors import Position, Problem, TreatyError
from .files import shape_files
from .folded import Kept
from .names import TRT, shorten
from .parts import Engine, Work, make_parts, together, tried
from .provenance import claim_term
from .publish import Published
from .results import Report
from .shelf import Part
from .validate import Tester
from .worked import Made


def tester_of(published: Published, shapes: Sequence[Path] | None = None, validator: str | None = None) -> Tester:
    """Return what a data set is held against: pySHACL for a single slice, unless told, the compiled shapes for more."""
    by_size = "compiled" if published.others else "pyshacl"
    return Tester(shapes or shape_files(), published.vocabulary, validator or by_size)


def check_shapes(published: Published, shapes: Sequence[Path] | None = None, validator: str | None = None) -> Report:
    """Return the SHACL report of a data set, guards against a silent yes included."""
    tester = tester_of(published, shapes, validator)
    return report_of(published, tester, parts_of(published, Work(published.maker.make, published.shared, tester)))


def parts_of(published: Published, work: Work, engine: Engine = make_parts) -> Sequence[Part]:
    """Return the parts of all slices: first that of the first, which is made at last, for it tells of the others."""
    others = Kept[Part]()
    try:
        for part in engine(work, published.others):
            others.append(part)
    except TreatyError as error:
        findings = {finding for part in others if part.seen for finding in part.seen.findings}
        told = report_problems(published, Report(tuple(sorted(findings)), 0, 0, {}))
        raise type(error)([*error.problems, *told]) from None
    worked = published.finished(part.told for part in others if part.told) if others else published.worked[0]
    made = Made(published.maker.quads(worked), (), published.maker.told(worked))
    first, = together([tried(published.opening, lambda: work.kept("first", work.of(made)))])
    return others.after(first) if others else [first]


def report_of(published: Published, tester: Tester, parts: Sequence[Part]) -> Report:
    """Return the report of all parts of a data set."""
    absent = {str(name) for name in published.about.header.absent}
    return tester.report((part.seen for part in parts if part.seen), absent)


def report_problems(published: Published, report: Report) -> list[Problem]:
    """Return the findings of a report as problems at the lines the curator wrote."""
    places = _places(published) if report.findings else {}
    whole = published.about.header.id.position
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
    for c in (c for worked in published.sound() for c in worked.claims):
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


def count_problems(published: Published, report: Report) -> list[Problem]:
    """Return what breaks the counts that dataset.yaml promises."""
    problems = []
    for name, (least, most) in published.about.header.counts.items():
        found = report.classes.get(TRT + name, 0)
        if found < least or (most is not None and found > most):
            bound = f"at least {least}" if found < least else f"at most {most}"
            problems.append(Problem(name.position, "TRT067", f"{found} of class {name}, not {bound}",
                                    "mend the data or the count"))
    return problems
