"""A text from a table and a property -> why it cannot be a value of it, if it cannot."""

from __future__ import annotations

from collections.abc import Mapping

from .errors import suggest, with_article
from .model import Thing
from .names import is_iri
from .values import LEXICAL
from .vocabulary import Property, Vocabulary
from .when import year_bounds
from .wording import read_date

Fault = tuple[str, str, str]
"""A code, what is wrong, and what to do."""


def fault_of(prop: Property, text: str, things: Mapping[str, Thing], vocabulary: Vocabulary) -> Fault | None:
    """Return why a property cannot take a text, None when it can."""
    if prop.kind == "thing":
        return _thing(prop, text, things, vocabulary)
    if prop.kind in ("concept", "class"):
        known = vocabulary.classes if prop.kind == "class" else vocabulary.schemes[prop.scheme]
        return None if text in known else ("TRT155", f"`{text[:60]}` is no {prop.label}",
                                           f"{suggest(text, known)}; or translate it with a `lookup`")
    if prop.kind == "edtf":
        try:
            date = read_date(text)
            if isinstance(date, str):
                year_bounds(date)
        except ValueError as error:
            return "TRT153", str(error).partition("; ")[0], "say how dates are spelt with `date`"
        return None
    if prop.kind == "iri":
        return None if is_iri(text) else ("TRT153", f"`{text[:60]}` is not an http(s) IRI", "pick it out with `match`")
    if prop.kind in LEXICAL and not LEXICAL[prop.kind][0].fullmatch(text):
        return "TRT153", f"`{text[:60]}` is not {LEXICAL[prop.kind][1]}", "pick it out with `match`"
    return None


def _thing(prop: Property, text: str, things: Mapping[str, Thing], vocabulary: Vocabulary) -> Fault | None:
    if text not in things:
        return "TRT154", f"no thing has the id `{text[:60]}`", "make it by a rule, or add it to `things`"
    if vocabulary.is_a(things[text].type, prop.ranges):
        return None
    return ("TRT154", f"`{text[:60]}` is {with_article(things[text].type)}, and `{prop.name}` wants "
            f"{' or '.join(prop.ranges)}", "use another property")
