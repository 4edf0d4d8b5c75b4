"""Values -> HTML: templates, the words they use, and how a term becomes a link or a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from .chart import legible
from .documents import document
from .files import web
from .headers import CSP, CSP_QUERY
from .model import Claim
from .names import ONTOLOGY, TRT, XSD, is_iri, parts_of, shorten
from .profile import NOTICE, Profile
from .reasons import denies
from .site import Site
from .values import UNKNOWN
from .views import GRADE_WORDS, short, years

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

Page = tuple[str, str, dict[str, Any]]
"""The stem of a page, its template, and what the template is given."""

_PLAIN = frozenset({XSD + "string", XSD + "integer", XSD + "nonNegativeInteger"})
"""Datatypes that a reader need not be told."""


def render(pages: Iterator[Page], places: Places, profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield each page as file name and HTML, one at a time."""
    environment = _environment()
    header = profile.header
    shared = {
        "home": str(header.title), "grades": GRADE_WORDS,
        "licence": str(header.licence), "licence_name": profile.licence_id or str(header.licence),
        "notice": NOTICE if profile.fictional else "", "landing": profile.landing,
        "title": "", "iri": "", "ld": None, "description": ""}
    words: dict[str, dict[str, Any]] = {}
    for stem, name, values in pages:
        root = "../" * stem.count("/")
        if root not in words:
            words[root] = _words(places, root, environment)
        yield f"{stem}.html", legible(environment.get_template(name).render(
            {**words[root], **shared, "stem": stem, "csp": CSP_QUERY if stem == "sparql" else CSP,
             "pictures": bool(values.get("picture") or values.get("timeline")), **values}))


def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(web() / "templates"), autoescape=True, auto_reload=False,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["data"] = _data
    return environment


def _data(value: Mapping[str, Any]) -> Markup:
    """Return JSON that may stand in a script element: no character of it can end the element."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


@dataclass(frozen=True)
class Places:
    """Where pages stand: which folders are split, which have no pages, and those of the ontology."""

    site: Site
    sharded: frozenset[str]
    hidden: frozenset[str]
    terms: Mapping[str, str]
    """The page of each term of the ontology, by its IRI."""
    lodged: Mapping[str, str]
    """The stem of the page on which a claim without one of its own stands, by the id of the claim."""

    def stem(self, term: str) -> str | None:
        """Return the stem of the page of a term of the data set, None when it has none."""
        stem = document(term[1:-1].removeprefix(self.site.names.base), self.sharded)
        return None if stem is None or stem.partition("/")[0] in self.hidden else stem

    def address(self, term: str) -> str:
        """Return the page of a term below the root of the site, an address elsewhere, or nothing.

        A claim without a page of its own has a place on another.
        """
        where, names = term[1:-1], self.site.names
        if where == ONTOLOGY or where.startswith(TRT):
            return self.terms.get(where, "ontology.html")
        local = where.removeprefix(names.base)
        if local == where:
            return where if is_iri(where) else ""
        folder, _, key = local.partition("/")
        if self.lodged and folder in ("claim", "silence"):
            return f"{self.lodged[key]}.html#{anchor(key)}" if key in self.lodged else ""
        stem = self.stem(term)
        return f"{stem}.html" if stem else ""

    def root(self, term: str) -> str:
        """Return the way from the page of a term to the root of the site."""
        return "../" * (self.stem(term) or "").count("/")

    def href(self, root: str) -> Callable[[str], str | None]:
        """Return the function from a term to its page, seen from a page that reaches the root by `root`."""
        def seen(term: str) -> str | None:
            where = self.address(term)
            return where if "://" in where else f"{root}{where}" if where else None
        return seen


def anchor(claim: str) -> str:
    """Return the id of the element in which a claim without a page stands; no other id has a dot."""
    return f"c.{claim}"


def markup(text: str) -> Markup:
    """Return HTML that is escaped already, so that no template escapes it again."""
    from markupsafe import Markup

    return Markup(text)


def _words(places: Places, root: str, environment: jinja2.Environment) -> dict[str, Any]:
    """Return what templates of one depth call: functions, and the macros of the lines of claims."""
    from markupsafe import Markup, escape

    site, names, seen = places.site, places.site.names, places.href(root)

    @cache
    def href(term: str) -> str:
        return seen(term) or ""

    @cache
    def link(term: str) -> Markup:
        short = None if term in site.labels else shorten(term[1:-1], names.prefixes)
        return _anchor(href(term), short or site.label(term))

    def shown(term: str) -> Markup:
        if term == UNKNOWN:
            return Markup('<em class="unknown-value">unknown</em>')
        if term.startswith("<"):
            return link(term)
        text, language, datatype = parts_of(term)
        if language and language != names.language:
            return Markup('<span lang="{}">{}</span>').format(language, text)
        if datatype and datatype not in _PLAIN:
            kind = datatype.rpartition("#")[2].rpartition("/")[2]
            return Markup('<span title="{}">{}</span>').format(kind, text)
        return escape(text)

    def value(claim: Claim) -> Markup:
        said = claim.object
        return Markup("<em>nothing is said</em>") if said is None else shown(said)

    def stands(claim: Claim, stem: str) -> str:
        return anchor(claim.id) if places.lodged.get(claim.id) == stem else ""

    def locator(term: str, text: str) -> Markup:
        if where := href(term):
            return Markup('<a class="locator" href="{}">{}</a>').format(where, text)
        return Markup('<span class="locator">{}</span>').format(text)

    other = names.language != "en"  # the words of the site itself are English
    words: dict[str, Any] = {
        "stands": stands, "locator": locator,
        "reasons": lambda c: [names.record("claim", p) for p in c.premises[:_REASONS] if p not in c.assumes],
        "assumed": lambda c: [names.record("claim", a) for a in c.assumes[:_REASONS]],
        "tongue": Markup(' lang="{}"').format(names.language) if other else "", "root": root,
        "href": href, "link": link, "shown": shown, "value": value, "label": site.label,
        "grade": site.grade, "says": site.says, "node": site.term, "denied": denies, "number": _number,
        "written": _written(site.dataset.header.id.position.path), "thing_term": names.thing,
        "passage_of": lambda e: names.record("passage", e.passage.key),
        "passage_term": lambda p: names.record("passage", p.key),
        "evidence_of": lambda e: names.record("evidence", e.key),
        "citation_of": lambda e: names.record("citation", e.citation.id),
        "question_term": lambda reply: names.record("question", reply.question.name),
        "citation_term": lambda c: names.record("citation", c.id),
        "short": short, "years": years, "mark": mark, "glyph": glyph}
    for macro in ("place", "fact", "statement"):
        words[macro] = _kept(getattr(environment.get_template(f"{macro}.html").make_module(words), macro))
    return {**words, "parts": environment.get_template("parts.html").make_module(words)}


def _written(header: str) -> Callable[[Claim], str]:
    """Return what tells the line of a claim, by the name of its file below the folder of the data set."""
    folder = header.removesuffix("dataset.yaml")

    def told(claim: Claim) -> str:
        position = claim.fact.id.position
        return f"{position.path.removeprefix(folder)}, line {position.line}"

    return told


def _kept(macro: Callable[..., Markup]) -> Callable[..., Markup]:
    """Return a macro that writes each claim once, for a claim comes up on many pages."""
    known: dict[str, Markup] = {}

    def written(claim: Claim, *more: str) -> Markup:
        if more:
            return macro(claim, *more)
        if claim.id not in known:
            if len(known) > _KEPT:
                known.clear()
            known[claim.id] = macro(claim)
        return known[claim.id]

    return written


_KEPT, _REASONS = 20_000, 5


@cache
def mark(grade: str) -> Markup:
    """Return the sign and the word of a grade."""
    from markupsafe import Markup

    return Markup('<span class="mark {0}"><svg aria-hidden="true"><use href="#m-{0}"/></svg>{0}</span>'
                  ).format(grade)


@cache
def glyph(grade: str) -> Markup:
    """Return the sign of a grade alone."""
    from markupsafe import Markup

    return Markup('<span class="mark {0}"><svg role="img" aria-label="{0}"><use href="#m-{0}"/></svg></span>'
                  ).format(grade)


def _anchor(where: str, text: str) -> Markup:
    from markupsafe import Markup, escape

    if not where:
        return escape(text)
    away = ' rel="noopener noreferrer"' if "://" in where else ""
    return Markup(f'<a href="{escape(where)}"{away}>{escape(text)}</a>')


def _number(claim: Claim) -> str:
    return str(claim.fact.words.get("number", claim.id))
