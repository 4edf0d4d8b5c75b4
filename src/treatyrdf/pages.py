"""The pages of the site: one for each thing, claim, passage and question, and those that lead to them.

A page is a value: its stem, its template and what the template is given. They are yielded one at a time,
so memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from . import drawing, picture, snippet
from .chart import figure
from .coverage import coverage
from .documents import document
from .model import Claim, Quad, Thing
from .names import Names, trt
from .quality import METRICS, Measure
from .render import Page, address
from .site import Site
from .timeline import rows
from .values import UNKNOWN
from .views import (
    by_class,
    by_passage,
    by_property,
    by_tag,
    featured,
    in_order,
    kind,
    paged,
    rivals,
    said_of,
    tally,
    words_of,
)

_SHOWN = 100
"""Claims that a page lists before it refers to the data."""


@dataclass(frozen=True)
class About:
    """What the site says of the data set as a whole."""

    facts: Sequence[tuple[str, str, str]]
    """A word, what is shown, and its address or nothing."""
    files: Sequence[tuple[str, str, int]]
    """Name, what it holds, bytes."""
    measures: Sequence[Measure]
    left_out: Sequence[str]
    landing: str
    ld: Mapping[str, Any]


def pages(site: Site, records: Mapping[str, Sequence[Quad]], about: About, sharded: frozenset[str],
          hidden: frozenset[str] = frozenset()) -> Iterator[Page]:
    """Yield every page; `records` are the statements of each record, by its term.

    Folders that are `hidden` get no pages of their own.
    """
    view = _View(site, records, about, sharded)
    yield from view.fronts()
    for stem, page in view.documents():
        if stem.partition("/")[0] not in hidden:
            yield stem, *page


@dataclass(frozen=True)
class _View:
    """Everything a page may need."""

    site: Site
    records: Mapping[str, Sequence[Quad]]
    about: About
    sharded: frozenset[str]

    @cached_property
    def links(self) -> picture.Links:
        """Return what is joined to what, made once for all pictures."""
        return picture.links_of(self.site.claims, self.site.dataset, self.site.vocabulary, self.site.names)

    @cached_property
    def citing(self) -> Mapping[str, Sequence[str]]:
        """Return the terms of the citations of each work."""
        found: dict[str, list[str]] = {}
        for source in self.site.dataset.sources.values():
            for citation in source.citations.values():
                for work in citation.works:
                    found.setdefault(str(work), []).append(self.site.names.record("citation", citation.id))
        return found

    # --- pages that lead to others --------------------------------------------------------------

    def fronts(self) -> Iterator[Page]:
        """Yield the pages at the root."""
        site, header = self.site, self.site.dataset.header
        chart = rows(site.claims, site.dataset, site.vocabulary, site.names)
        drawn = chart[:_ROWS]
        whole = picture.whole(site.claims, site.dataset, site.vocabulary, site.names)
        title = str(header.title)
        timeline = self._picture(figure(drawn, "Timeline", "timeline", self.href("")))
        yield "index", "index.html", {
            "title": title, "description": str(header.description), "numbers": self._numbers(),
            "tally": tally(site), "featured": featured(site), "replies": site.replies,
            "timeline": timeline, "silences": in_order(site.silences()), "load": self._load(),
            "cite": f"{header.creator}: {title}. Version {header.version}, {str(header.issued)[:4]}. "
                    f"{self.about.landing}", "ld": self.about.ld}
        yield "timeline", "timeline.html", {"title": "Timeline", "timeline": timeline, "chart": drawn,
                                            "left_out": len(chart) - len(drawn)}
        yield "relations", "relations.html", {
            "title": "Relations", "picture": self._picture(drawing.svg(whole, "relations", self.href(""))),
            "edges": whole.edges[:_EDGES], "left_out": whole.left_out}
        yield "dataset", "dataset.html", self._dataset()
        yield "questions", "questions.html", {"title": "Questions", "tags": by_tag(site), "replies": site.replies}
        yield "404", "404.html", {"title": "There is no such page"}
        yield from self._lists()

    def _lists(self) -> Iterator[Page]:
        """Yield the lists, cut into pages of bounded size."""
        site = self.site
        things = [(word, t) for word, found in by_class(site) for t in found]
        for stem, part in paged("things", things, 800):
            grouped = [(word, [t for _, t in found]) for word, found in groupby(part.items, key=lambda i: i[0])]
            yield stem, "things.html", {"title": "Things", "total": len(things), "page": part.with_items(grouped)}
        for name, title, items, size, more in (
                ("claims", "Claims", in_order(site.claims), 100, {"total": len(site.claims)}),
                ("assumptions", "Assumptions", [(c, in_order(site.needing.get(c.id, ())))
                                                for c in in_order(site.assumptions())], 40, {}),
                ("conflicts", "Conflicts", list(rivals(site)), 60, {}),
                ("coverage", "Coverage", by_passage(site), 60, self._covered()),
                ("unknowns", "What the source does not say", in_order(site.silences()), 120,
                 {"unknown": in_order(c for c in site.claims if c.object == UNKNOWN)[:_SHOWN]}),
                ("sources", "Sources", self._sources(), 40,
                 {"works": [t for t in site.dataset.things.values() if t.type == "Work"]})):
            for stem, part in paged(name, items, size):
                yield stem, f"{name}.html", {"title": title, "page": part, **more}

    def _covered(self) -> dict[str, Any]:
        covered = coverage(self.site.dataset, self.site.claims)
        return {"done": sum(c.accounted for c in covered), "total": len(covered)}

    def _sources(self) -> list[Any]:
        standing = by_passage(self.site)
        return [(source, [(p, c) for p, c in standing if p.source == source.id][:_SHOWN])
                for source in self.site.dataset.sources.values()]

    def _numbers(self) -> list[tuple[int, str, str]]:
        site = self.site
        silences = len(site.silences())
        return [(len(site.claims) - silences, "claims", "claims"), (silences, "silences", "unknowns"),
                (len(site.dataset.things), "things", "things"),
                (sum(1 for _ in site.passages()), "passages", "sources"),
                (len(site.replies), "questions answered", "questions")]

    def _load(self) -> str:
        name = self.site.dataset.header.id
        return (f"# any store that reads N-Quads, TriG, Turtle or JSON-LD\n"
                f"oxigraph load --location store --file {name}.nq\n"
                f"oxigraph serve --location store\n\n"
                f"# graph by graph, and compared afterwards\n"
                f"treatyrdf load http://localhost:7878")

    def _dataset(self) -> dict[str, Any]:
        header, about = self.site.dataset.header, self.about
        return {"title": f"About the data: {header.title}", "description": str(header.description),
                "iri": self.site.names.thing("dataset")[1:-1], "about": about.facts, "files": about.files,
                "basis": " or ".join(header.basis), "certainty": " or ".join(header.certainty),
                "load": self._load(), "left_out": about.left_out, "ld": about.ld,
                "quality": [(METRICS[m.metric], m.value) for m in about.measures if m.of == "dataset"]}

    # --- pages of one thing ---------------------------------------------------------------------

    def documents(self) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
        """Yield the page of everything that has an IRI, by its stem."""
        site, names = self.site, self.site.names
        for thing in site.dataset.things.values():
            yield self._one(names.thing(thing.id), "thing.html", self._thing(thing))
        for source in site.dataset.sources.values():
            said, _, _ = said_of(names.thing(source.id), site)
            yield self._one(names.thing(source.id), "source.html", {
                "title": str(source.label), "source": source, "said": said,
                "passages": [(p, c) for p, c in by_passage(site) if p.source == source.id][:_SHOWN],
                "ld": snippet.source(source, names)})
        for claim in site.claims:
            yield self._one(site.term(claim), "claim.html", self._claim(claim))
        for before, p, after in _with_neighbours(list(site.passages())):
            claims = in_order(site.standing.get(p.key, ()))
            term = names.record("passage", p.key)
            yield self._one(term, "passage.html", {
                "title": site.label(term), "p": p, "citations": site.citations(p),
                "claims": [c for c in claims if not c.computed], "worked": [c for c in claims if c.computed],
                "before": names.record("passage", before.key) if before else "",
                "after": names.record("passage", after.key) if after else ""})
        for reply in site.replies:
            yield self._one(names.record("question", reply.question.name), "question.html", {
                "title": reply.question.summary, "reply": reply,
                "assumed": [site.by_id[a] for a in reply.assumptions],
                "ld": snippet.question(reply, names)})
        for term in sorted(t for t in self.records if _own(t, names)):
            if site.names.record("state", "")[:-1] not in term:
                yield self._one(term, "record.html", self._record(term))
            else:
                yield self._one(term, "thing.html", self._state(term))

    def _one(self, term: str, template: str, values: dict[str, Any]) -> tuple[str, tuple[str, dict[str, Any]]]:
        stem = document(term[1:-1].removeprefix(self.site.names.base), self.sharded)
        assert stem is not None, term
        return stem, (template, {"iri": term[1:-1], **values})

    def _thing(self, thing: Thing) -> dict[str, Any]:
        site, names = self.site, self.site.names
        term = names.thing(thing.id)
        said, worked, silences = said_of(term, site)
        towards = in_order(site.towards.get(term, ()))
        cited = in_order({c.id: c for citation in self.citing.get(str(thing.id), ())
                          for c in site.backed.get(citation, ())}.values())
        return {"title": str(thing.label), "thing": thing, "kind": kind(term, site),
                "kind_term": trt(thing.type), "said": said, "worked": worked, "silences": in_order(silences),
                "towards": [c for c in towards if not _of_state(c, names)][:_SHOWN],
                "more": max(0, len(towards) - _SHOWN), "cited": cited[:_SHOWN],
                "states": sorted({c.subject for c in towards if _of_state(c, names)
                                  and c.predicate == trt("stateOf")}),
                "picture": self._ego(term), "ld": snippet.thing(thing, site),
                "description": f"{thing.label}: {kind(term, site)}"}

    def _state(self, term: str) -> dict[str, Any]:
        site = self.site
        said, worked, silences = said_of(term, site)
        return {"title": site.label(term), "thing": _State(), "kind": "State", "kind_term": trt("RelationState"),
                "said": said, "worked": worked, "silences": silences, "more": 0, "cited": (), "states": (),
                "towards": in_order(site.towards.get(term, ())), "picture": ""}

    def _claim(self, claim: Claim) -> dict[str, Any]:
        site = self.site
        reasons = site.reasons(claim)
        drawn = ""
        if len(claim.premises) + len(claim.assumes) > 1 or any(r.reasons for r in reasons.reasons):
            found = picture.reasons(claim, site.by_id, site.names)
            drawn = self._picture(drawing.svg(found, "reasons", self.href(self._root(site.term(claim)))))
        return {"title": site.says(claim), "claim": claim, "reasons": reasons, "picture": drawn,
                "standing": [(word, claim.qualifiers[word]) for word in _QUALIFIERS if word in claim.qualifiers],
                "why_not": "" if claim.asserted else self._why_not(claim),
                "resting": in_order(site.resting.get(claim.id, ()))[:_SHOWN],
                "used": site.used.get(claim.id, ()), "ld": snippet.claim(claim, site)}

    def _why_not(self, claim: Claim) -> str:
        """Return the first reason for which the policy keeps a claim from being a plain triple."""
        header = self.site.dataset.header
        basis, certainty = (words_of(claim.qualifiers.get(k)) for k in ("basis", "certainty"))
        tests = (
            (claim.object is None, "The source is silent."),
            (claim.object == UNKNOWN, "The value is unknown."),
            (words_of(claim.qualifiers.get("polarity")) == "denied", "It is denied."),
            ("TimedClaim" in claim.kinds, "It holds for some years only."),
            (basis not in header.basis, f"Its basis is {basis}."),
            (certainty not in header.certainty, f"Its certainty is {certainty}."),
            (bool(claim.rests_on), "It takes something for granted."),
            (len(claim.holders) > 1, "The source only reports it."),
            (True, "A claim it rests on is not firm."))
        return next(words for true, words in tests if true)

    def _record(self, term: str) -> dict[str, Any]:
        site = self.site
        folder, _, key = term[1:-1].removeprefix(site.names.base).partition("/")
        about = sorted(self.records[term], key=lambda q: (site.label(q[1]), q[1], q[2]))
        claims = site.backed.get(term, ())
        return {"title": site.label(term) if term in site.labels else key, "kind": folder if key else "Record",
                "rows": [(p, [o for _, _, o, _ in found]) for p, found in groupby(about, key=lambda q: q[1])],
                "claims": in_order(claims)[:_SHOWN], "more": max(0, len(claims) - _SHOWN), "records": []}

    # --- addresses and pictures -----------------------------------------------------------------

    def _root(self, term: str) -> str:
        stem = document(term[1:-1].removeprefix(self.site.names.base), self.sharded) or ""
        return "../" * stem.count("/")

    def href(self, root: str) -> Callable[[str], str | None]:
        """Return the function from a term to its page, seen from a page at some depth."""
        def seen(term: str) -> str | None:
            where = address(term, self.site, self.sharded)
            return where if "://" in where else f"{root}{where}" if where else None
        return seen

    def _picture(self, svg: str) -> Any:
        from markupsafe import Markup

        return Markup(svg)

    def _ego(self, term: str) -> Any:
        found = picture.ego(term, self.links)
        if len(found.nodes) < 2:
            return ""
        return self._picture(drawing.svg(found, "around", self.href(self._root(term))))


_ROWS, _EDGES = 60, 250
_QUALIFIERS = ("basis", "certainty", "polarity", "realm", "calendar", "period")


@dataclass(frozen=True)
class _State:
    """A state has neither note nor name of its own."""

    unnamed: bool = False
    note: None = None


def _own(term: str, names: Names) -> bool:
    """Tell whether a term is of a record that no page above is of."""
    local = term[1:-1].removeprefix(names.base)
    return local == "policy" or local.partition("/")[0] in ("evidence", "citation", "attribution", "state")


def _of_state(claim: Claim, names: Names) -> bool:
    return claim.subject.startswith(names.record("state", "")[:-1])


def _with_neighbours(items: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    padded = [None, *items, None]
    return zip(padded, items, padded[2:], strict=False)
