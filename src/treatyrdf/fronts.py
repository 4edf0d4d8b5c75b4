"""The pages that lead to others: the first page, lists, pictures of the whole, the data set itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from . import drawing, picture
from .chart import figure
from .coverage import coverage
from .packing import load_command
from .quality import METRICS, Measure
from .render import Page, Places, markup
from .site import Site
from .timeline import rows
from .values import UNKNOWN
from .views import Part, by_class, by_passage, by_tag, featured, in_order, paged, rivals, tally

_ROWS, _EDGES, _SHOWN = 60, 250, 100


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


def claim_pages(places: Places) -> Iterator[tuple[str, Part]]:
    """Yield the pages of the list of all claims, shorter ones where they show evidence too."""
    return paged("claims", in_order(places.site.claims), 50 if places.hidden else 100)


@dataclass(frozen=True)
class Fronts:
    """The pages at the root of a site."""

    places: Places
    about: About
    links: picture.Links

    @property
    def site(self) -> Site:
        """Return the data set."""
        return self.places.site

    def pages(self) -> Iterator[Page]:
        """Yield the pages at the root."""
        site, header = self.site, self.site.dataset.header
        chart = rows(site.claims, site.dataset, site.vocabulary, site.names)
        drawn = chart[:_ROWS]
        title = str(header.title)
        whole = picture.whole(self.links, chart, title)
        timeline = markup(figure(drawn, "Timeline", "p-timeline", self.places.href("")))
        yield "index", "index.html", {
            "title": title, "description": str(header.description), "numbers": self._numbers(),
            "tally": tally(site), "featured": featured(site), "replies": site.replies,
            "timeline": timeline, "silences": in_order(site.silences()), "load": self._load(),
            "cite": f"{header.creator}: {title}. Version {header.version}, {str(header.issued)[:4]}. "
                    f"{self.about.landing}", "ld": self.about.ld}
        yield "timeline", "timeline.html", {"title": "Timeline", "timeline": timeline, "chart": drawn,
                                            "left_out": len(chart) - len(drawn)}
        yield "relations", "relations.html", {
            "title": "Relations", "picture": markup(drawing.svg(whole, "p-relations", self.places.href(""))),
            "edges": whole.edges[:_EDGES], "left_out": whole.left_out}
        yield "dataset", "dataset.html", self._dataset()
        yield "questions", "questions.html", {"title": "Questions", "tags": by_tag(site),
                                              "replies": site.replies}
        yield "404", "404.html", {"title": "There is no such page"}
        yield from self._lists()

    def _lists(self) -> Iterator[Page]:
        """Yield the lists, cut into pages of bounded size."""
        site = self.site
        things = [(word, t) for word, found in by_class(site) for t in found]
        for stem, part in paged("things", things, 500):
            groups = groupby(part.items, key=lambda item: item[0])
            yield stem, "things.html", {
                "title": "Things", "total": len(things),
                "page": part.with_items([(word, [t for _, t in found]) for word, found in groups])}
        works = [t for t in site.dataset.things.values() if site.vocabulary.is_a(t.type, ("Work",))]
        unknown = in_order(c for c in site.claims if c.object == UNKNOWN)
        for stem, part in claim_pages(self.places):
            yield stem, "claims.html", {"title": "Claims", "page": part, "total": len(site.claims)}
        for name, title, items, size, weight, more in (
                ("assumptions", "Assumptions", [(c, in_order(site.needing.get(c.id, ())))
                                                for c in in_order(site.assumptions())], 120,
                 lambda item: 1 + min(100, len(item[1])), {}),
                ("conflicts", "Conflicts", list(rivals(site)), 120, lambda r: 2 + min(50, len(r.claims)), {}),
                ("coverage", "Coverage", by_passage(site), 300, lambda item: 1 + min(60, len(item[1])),
                 self._covered()),
                ("unknowns", "What the source does not say", in_order(site.silences()), 100, lambda _: 1,
                 {"unknown": unknown[:_SHOWN // 2], "more": len(unknown[_SHOWN // 2:])}),
                ("sources", "Sources", self._sources(), 400, lambda item: 3 + len(item[1]),
                 {"works": works[:_EDGES], "more_works": len(works[_EDGES:])})):
            for stem, part in paged(name, items, size, weight):
                yield stem, f"{name}.html", {"title": title, "page": part, **more}

    def _covered(self) -> dict[str, Any]:
        covered = coverage(self.site.dataset, self.site.claims)
        return {"done": sum(c.accounted for c in covered), "total": len(covered)}

    def _sources(self) -> list[Any]:
        found = [(source, by_passage(self.site, source)) for source in self.site.dataset.sources.values()]
        return [(source, passages[:_SHOWN], len(passages[_SHOWN:])) for source, passages in found]

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
                f"{load_command((file for file, *_ in self.about.files), f'{name}.nq', 'store')}\n"
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

