"""Values -> HTML: templates, the words they use, and how a term becomes a link or a text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .documents import document
from .files import web
from .headers import CSP, CSP_QUERY
from .model import Claim
from .names import ONTOLOGY, TRT, is_iri, shorten, trt
from .profile import NOTICE, Profile
from .site import Site
from .terms import term_pages
from .values import UNKNOWN
from .views import GRADE_WORDS, brief, short, years

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

Page = tuple[str, str, dict[str, Any]]
"""The stem of a page, its template, and what the template is given."""

_INTEGERS = frozenset({"integer", "nonNegativeInteger"})


def render(pages: Iterator[Page], site: Site, profile: Profile,
           sharded: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield each page as file name and HTML, one at a time."""
    environment = _environment(site, sharded)
    header = site.dataset.header
    shared = {
        "language": str(header.language), "home": str(header.title), "grades": GRADE_WORDS,
        "licence": str(header.licence), "licence_name": profile.licence_id or str(header.licence),
        "notice": NOTICE if profile.fictional else "", "landing": profile.landing,
        "title": "", "iri": "", "ld": None, "description": "", "pictures": False}
    templates: dict[str, jinja2.Template] = {}
    for stem, name, values in pages:
        template = templates.get(name) or templates.setdefault(name, environment.get_template(name))
        yield f"{stem}.html", template.render(
            {**shared, "stem": stem, "root": "../" * stem.count("/"),
             "csp": CSP_QUERY if stem == "sparql" else CSP,
             "pictures": bool(values.get("picture") or values.get("timeline")), **values})


def _environment(site: Site, sharded: frozenset[str]) -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(web() / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters["data"] = _data
    environment.globals.update(_words(site, sharded))
    return environment


def _data(value: Mapping[str, Any]) -> Markup:
    """Return JSON that may stand in a script element: no character of it can end the element."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def address(term: str, site: Site, sharded: frozenset[str]) -> str:
    """Return the page of a term below the root of the site, an address elsewhere, or nothing."""
    where = term[1:-1]
    if where == ONTOLOGY:
        return "ontology.html"
    if where.startswith(TRT):
        return term_pages(site.vocabulary.terms).get(where, "ontology.html")
    local = where.removeprefix(site.names.base)
    if local != where:
        stem = document(local, sharded)
        return f"{stem}.html" if stem else ""
    return where if is_iri(where) else ""


def _words(site: Site, sharded: frozenset[str]) -> dict[str, Any]:
    """Return the functions that templates call."""
    import jinja2
    from markupsafe import Markup, escape

    names = site.names

    @jinja2.pass_context
    def href(context: jinja2.runtime.Context, term: str) -> str:
        where = address(term, site, sharded)
        return where if "://" in where or not where else f"{context['root']}{where}"

    @jinja2.pass_context
    def link(context: jinja2.runtime.Context, term: str) -> Markup:
        return _anchor(href(context, term), site.label(term) if term in site.labels else
                       shorten(term[1:-1], names.prefixes) or term[1:-1])

    @jinja2.pass_context
    def shown(context: jinja2.runtime.Context, term: str) -> Markup:
        if term == UNKNOWN:
            return Markup('<em class="unknown-value">unknown</em>')
        if term.startswith("<"):
            return link(context, term)
        text, language, datatype = parts_of(term)
        if language and language != names.language:
            return Markup('<span lang="{}">{}</span>').format(language, text)
        if datatype and datatype not in _INTEGERS:
            return Markup('<span title="{}">{}</span>').format(datatype, text)
        return escape(text)

    @jinja2.pass_context
    def value(context: jinja2.runtime.Context, claim: Claim) -> Markup:
        return shown(context, claim.object) if claim.object is not None else Markup("<em>nothing is said</em>")

    return {
        "href": href, "link": link, "shown": shown, "value": value, "label": site.label, "grade": site.grade,
        "says": site.says, "node": site.term, "node_of": site.term, "denied": _denied, "number": _number,
        "written": lambda c: str(c.fact.id.position), "thing_term": names.thing,
        "passage_of": lambda e: names.record("passage", e.passage.key),
        "passage_term": lambda p: names.record("passage", p.key),
        "evidence_of": lambda e: names.record("evidence", e.key),
        "citation_of": lambda e: names.record("citation", e.citation.id),
        "citation_term": lambda c: names.record("citation", c.id),
        "short": short, "brief": brief, "years": years, "mark": mark, "glyph": glyph}


def mark(grade: str) -> Markup:
    """Return the sign and the word of a grade."""
    from markupsafe import Markup

    return Markup('<span class="mark {0}"><svg aria-hidden="true"><use href="#m-{0}"/></svg>{0}</span>').format(grade)


def glyph(grade: str) -> Markup:
    """Return the sign of a grade alone."""
    from markupsafe import Markup

    return Markup('<span class="mark {0}"><svg role="img" aria-label="{0}"><use href="#m-{0}"/></svg></span>'
                  ).format(grade)


def _anchor(where: str, text: str) -> Markup:
    from markupsafe import Markup

    if not where:
        return Markup("{}").format(text)
    if "://" in where:
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(where, text)
    return Markup('<a href="{}">{}</a>').format(where, text)


def parts_of(literal: str) -> tuple[str, str, str]:
    """Return the text of a literal term, its language, and the local name of its datatype.

    >>> parts_of('"2344"^^<http://www.w3.org/2001/XMLSchema#integer>')
    ('2344', '', 'integer')
    """
    end = literal.rindex('"') + 1
    text, tail = str(json.loads(literal[:end])), literal[end:]
    if tail.startswith("@"):
        return text, tail[1:], ""
    return text, "", tail[3:-1].rpartition("#")[2].rpartition("/")[2] if tail else ""


def _denied(claim: Claim) -> bool:
    return claim.qualifiers.get("polarity") == trt("Denied")


def _number(claim: Claim) -> str:
    return str(claim.fact.words.get("number", claim.id))
