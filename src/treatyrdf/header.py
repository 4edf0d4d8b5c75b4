"""dataset.yaml -> a Header: what a data set says of itself, and how catalogues list it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .entry import Entry
from .errors import Position, Problems, suggest
from .model import Header, Listing, Word
from .names import LANGUAGE, SLUG, is_base, is_iri
from .tree import Branch

REQUIRED = ("id", "base", "title", "description", "version", "issued", "licence", "creator")
ADDRESSES = ("contact", "landing", "download", "endpoint")
LISTING = ("publisher", *ADDRESSES, "keywords", "themes", "availability", "previous")
CONFLICTS = ("keep", "stop")
AVAILABLE = ("temporary", "experimental", "available", "stable")
KEYS = (*REQUIRED, "language", "realm", "calendar", "policy", "absent", "counts", "deprecated", "questions",
        "site", "prefer", "conflicts", *LISTING)

THEMES: Mapping[str, str] = {
    "AGRI": "Agriculture, fisheries, forestry and food", "ECON": "Economy and finance",
    "EDUC": "Education, culture and sport", "ENER": "Energy", "ENVI": "Environment",
    "GOVE": "Government and public sector", "HEAL": "Health", "INTR": "International issues",
    "JUST": "Justice, legal system and public safety", "REGI": "Regions and cities",
    "SOCI": "Population and society", "TECH": "Science and technology", "TRAN": "Transport"}
"""The data themes of European catalogues, which DCAT-AP wants, with their English labels."""


def read_header(tree: Branch, problems: Problems, shown: str) -> Header | None:
    """Return the header, or None with every problem of the file noted."""
    before = len(problems.found)
    here = tree.position = getattr(tree, "position", Position(shown, 1, 1))
    entry = Entry(tree, problems, "dataset.yaml")
    entry.known(KEYS)
    entry.needs(REQUIRED)
    identifier, base, licence = entry.word("id"), entry.word("base"), entry.word("licence")
    _check(entry)
    policy = entry.entry("policy", ("basis", "certainty"))
    counts = {key: entry.entry("counts").entry(key, ("min", "max"))
              for key in entry.entry("counts").tree}
    deprecated = entry.entry("deprecated")
    listing = _listing(entry)
    if len(problems.found) > before or not (identifier and base and licence):
        return None
    return Header(
        id=identifier, base=str(base), licence=licence,
        title=entry.text("title"), description=entry.text("description"),
        version=entry.text("version"), issued=entry.text("issued"),
        creator=entry.text("creator"), language=entry.word("language") or Word("en", here),
        realm=entry.word("realm") or Word("real-world", here),
        calendar=entry.word("calendar") or Word("gregorian", here),
        basis=policy.words("basis") or (Word("stated", here), Word("inferred", here)),
        certainty=policy.words("certainty") or (Word("certain", here),),
        absent=entry.words("absent"), questions=entry.words("questions"),
        prefer=entry.words("prefer"), conflicts=entry.word("conflicts"),
        site=not entry.word("site") or entry.flag("site"),
        counts={key: (e.number("min") or 0, e.number("max")) for key, e in counts.items()},
        deprecated={key: deprecated.words(key) for key in deprecated.tree},
        listing=listing)


def bad_slug(word: Word, problems: Problems) -> None:
    """Note that a word cannot be an id."""
    problems.add(word.position, "TRT021", f"`{word[:40]}` is not an id",
                 "use small letters, digits and single dashes")


def _check(entry: Entry) -> None:
    """Note an id, a base, a licence or a date that is none."""
    add = entry.problems.add
    identifier, base = entry.word("id"), entry.word("base")
    if identifier and not SLUG.fullmatch(identifier):
        bad_slug(identifier, entry.problems)
    if base and not is_base(base):
        add(base.position, "TRT013", f"`{base}` is not a base IRI",
            "write an http(s) IRI that ends in a slash")
    language = entry.word("language")
    if language and not LANGUAGE.fullmatch(language):
        add(language.position, "TRT034", f"`{language[:40]}` is not the tag of a language",
            "write one such as en or pt-BR")
    conflicts = entry.word("conflicts")
    if conflicts and conflicts not in CONFLICTS:
        add(conflicts.position, "TRT048", f"`{conflicts}` is not what becomes of conflicts",
            suggest(conflicts, CONFLICTS))
    licence, issued = entry.word("licence"), entry.word("issued")
    if licence and not is_iri(licence):
        add(licence.position, "TRT013", f"`{licence}` is not an IRI", "write the address of the licence")
    if issued and not _is_day(issued):
        add(issued.position, "TRT037", f"`{issued}` is not a day",
            "write year-month-day, such as 2026-11-23")


def _listing(entry: Entry) -> Listing:
    """Return how the data set is listed; notes addresses, themes and versions that are none."""
    add = entry.problems.add
    for key, word in entry.only(ADDRESSES).items():
        if not is_iri(word):
            add(word.position, "TRT013", f"`{word}` is not an IRI",
                f"write the address of the {key} page, such as https://example.org/")
    themes, availability, previous = entry.words("themes"), entry.word("availability"), entry.word("previous")
    for theme in themes:
        if theme not in THEMES:
            add(theme.position, "TRT130", f"`{theme}` is not a theme", suggest(theme, THEMES))
    if availability and availability not in AVAILABLE:
        add(availability.position, "TRT132", f"`{availability}` is not how long files stay available",
            suggest(availability, AVAILABLE))
    if previous is not None and previous == entry.text("version"):
        add(previous.position, "TRT131", f"the version before {previous} cannot be {previous}",
            "write the version that this one replaces, or leave `previous` out")
    return Listing(
        publisher=entry.word("publisher"), contact=entry.word("contact"), landing=entry.word("landing"),
        download=entry.word("download"), endpoint=entry.word("endpoint"),
        keywords=entry.words("keywords"), themes=themes, availability=availability,
        previous=previous)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
