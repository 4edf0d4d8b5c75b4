"""The pages of single things: of each thing, claim, passage, question and record.

A page is a value: its stem, its template and what the template is given. They are yielded one at a time,
so memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from . import drawing, picture, snippet
from .model import Claim, Passage, Quad, Source, Thing
from .names import Names, trt
from .reasons import denies
from .render import Page, Places, markup
from .replies import Reply
from .site import Site
from .values import UNKNOWN
from .views import Said, by_passage, fair, in_order, kind, said_of, words_of

_SHOWN = 100
"""Claims that a record lists before it refers to the data."""
_ROOM, _FEW = 80, 40
"""Claims about a thing that its page has room for, and when evidence stands there too; the same of others."""
_BESIDE = 20
"""Assumptions of an answer, states of a thing, citations in a passage that are shown."""
_QUALIFIERS = ("basis", "certainty", "polarity", "realm", "calendar", "period")


def about_of(term: str, places: Places) -> Said:
    """Return what the page of a thing says of it."""
    return said_of(term, places.site, _FEW if places.hidden else _ROOM)


@dataclass(frozen=True)
class Pages:
    """The pages of a data set; `records` are the statements of each record, by its term."""

    places: Places
    records: Mapping[str, Sequence[Quad]]
    links: picture.Links

    @property
    def site(self) -> Site:
        """Return the data set."""
        return self.places.site

    @cached_property
    def citing(self) -> Mapping[str, Sequence[str]]:
        """Return the terms of the citations of each work."""
        found: dict[str, list[str]] = {}
        for source in self.site.dataset.sources.values():
            for citation in source.citations.values():
                for work in citation.works:
                    found.setdefault(str(work), []).append(self.site.names.record("citation", citation.id))
        return found

    def pages(self) -> Iterator[Page]:
        """Yield the page of everything that has an IRI and a page of its own."""
        for term, template, values in self._documents():
            stem = self.places.stem(term)
            if stem is not None:
                yield stem, template, {"iri": term[1:-1], **values()}

    def _documents(self) -> Iterator[tuple[str, str, Callable[[], dict[str, Any]]]]:
        """Yield term, template and what gives the values, which is asked only for pages that are made."""
        site, names = self.site, self.site.names
        for thing in site.dataset.things.values():
            yield names.thing(thing.id), "thing.html", partial(self._thing, thing)
        for source in site.dataset.sources.values():
            yield names.thing(source.id), "source.html", partial(self._source, source)
        for claim in site.claims:
            yield site.term(claim), "claim.html", partial(self._claim, claim)
        for before, p, after in _with_neighbours(list(site.passages())):
            yield names.record("passage", p.key), "passage.html", partial(self._passage, before, p, after)
        for reply in site.replies:
            yield names.record("question", reply.question.name), "question.html", partial(self._reply, reply)
        for term in sorted(t for t in self.records if _own(t, names)):
            if _is_state(term, names):
                yield term, "thing.html", partial(self._state, term)
            else:
                yield term, "record.html", partial(self._record, term)

    def _source(self, source: Source) -> dict[str, Any]:
        passages = by_passage(self.site, source)
        return {"title": str(source.label), "source": source,
                "about": about_of(self.site.names.thing(source.id), self.places),
                "passages": passages[:_SHOWN], "more": max(0, len(passages) - _SHOWN),
                "ld": snippet.source(source, self.site.names)}

    def _passage(self, before: Passage | None, p: Passage, after: Passage | None) -> dict[str, Any]:
        site, names = self.site, self.site.names
        claims = in_order(site.standing.get(p.key, ()))
        taken, worked = ([c for c in claims if c.computed is computed] for computed in (False, True))
        share = fair((len(taken), len(worked)), 2 * _ROOM)
        return {"title": site.label(names.record("passage", p.key)), "p": p,
                "citations": site.citations.get(p.key, ())[:_BESIDE],
                "claims": taken[:share], "worked": worked[:share],
                "more": len(taken[share:]) + len(worked[share:]),
                "before": names.record("passage", before.key) if before else "",
                "after": names.record("passage", after.key) if after else ""}

    def _reply(self, reply: Reply) -> dict[str, Any]:
        return {"title": reply.question.summary, "reply": reply,
                "assumed": [self.site.by_id[a] for a in reply.assumptions[:_BESIDE]],
                "more": len(reply.assumptions[_BESIDE:]),
                "ld": snippet.question(reply, self.site.names)}

    def _thing(self, thing: Thing) -> dict[str, Any]:
        site, names = self.site, self.site.names
        term = names.thing(thing.id)
        about = about_of(term, self.places)
        towards = in_order(site.towards.get(term, ()))
        naming = [c for c in towards if not _is_state(c.subject, names)]
        states = sorted({c.subject for c in towards
                         if c.predicate == trt("stateOf") and _is_state(c.subject, names)})
        cited = in_order({c.id: c for citation in self.citing.get(str(thing.id), ())
                          for c in site.backed.get(citation, ())}.values())
        share = fair((len(naming), len(cited)), _ROOM)
        return {"title": str(thing.label), "unnamed": thing.unnamed, "note": thing.note,
                "kind": kind(term, site), "kind_term": trt(thing.type), "about": about,
                "towards": naming[:share], "more": len(naming[share:]),
                "cited": cited[:share], "more_cited": len(cited[share:]),
                "states": states[:_BESIDE], "more_states": len(states[_BESIDE:]),
                "picture": self._ego(term), "ld": snippet.thing(thing, site),
                "description": f"{thing.label}: {kind(term, site)}"}

    def _state(self, term: str) -> dict[str, Any]:
        site = self.site
        towards = in_order(site.towards.get(term, ()))
        return {"title": site.label(term), "unnamed": False, "note": None, "kind": "State",
                "kind_term": trt("RelationState"), "about": about_of(term, self.places),
                "more": len(towards[_ROOM:]), "cited": (), "more_cited": 0, "states": (), "more_states": 0,
                "towards": towards[:_ROOM], "picture": ""}

    def _claim(self, claim: Claim) -> dict[str, Any]:
        site = self.site
        reasons = site.reasons(claim)
        drawn = ""
        if len(claim.premises) + len(claim.assumes) > 1 or any(r.reasons for r in reasons.reasons):
            found = picture.reasons(claim, site.by_id, site.names)
            href = self.places.href(self.places.root(site.term(claim)))
            drawn = markup(drawing.svg(found, "p-reasons", href))
        return {"title": site.says(claim), "claim": claim, "reasons": reasons, "picture": drawn,
                "standing": [(w, claim.qualifiers[w]) for w in _QUALIFIERS if w in claim.qualifiers],
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
            (denies(claim), "It is denied."),
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
        return {"title": site.labels.get(term, key), "kind": folder if key else "Record",
                "rows": [(p, [o for _, _, o, _ in found]) for p, found in groupby(about, key=lambda q: q[1])],
                "claims": in_order(claims)[:_SHOWN], "more": max(0, len(claims) - _SHOWN)}

    def _ego(self, term: str) -> Any:
        found = picture.ego(term, self.links)
        if len(found.nodes) < 2:
            return ""
        return markup(drawing.svg(found, "p-around", self.places.href(self.places.root(term))))


def _own(term: str, names: Names) -> bool:
    """Tell whether a term is of a record that no page above is of."""
    local = term[1:-1].removeprefix(names.base)
    return local == "policy" or local.partition("/")[0] in ("evidence", "citation", "attribution", "state", "conflict")


def _is_state(term: str, names: Names) -> bool:
    return term.startswith(names.record("state", "")[:-1])


def _with_neighbours(items: Sequence[Any]) -> Iterator[tuple[Any, Any, Any]]:
    padded = [None, *items, None]
    return zip(padded, items, padded[2:], strict=False)
