"""From anything published back to claim, evidence, passage, works, and the curator's line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .answer import evidence_json, grade_of
from .errors import RunError, suggest
from .model import Claim
from .names import Names, local, shorten
from .provenance import claim_term

_TERM = re.compile(r'<[^>]*>|"(?:\\.|[^"\\])*"(?:@[\w-]+|\^\^\S+)?|[^\s"<>]+')


def find_claims(asked: str, claims: tuple[Claim, ...], names: Names) -> list[Claim]:
    """Return the claims that a thing, claim, number or triple stands for.

    `asked` may be an id, a number such as F016, an IRI, a prefixed name, or a triple of such.
    Raises RunError, with the nearest names, when nothing is meant by it.
    """
    terms = [_full(word, names) for word in _TERM.findall(asked.strip().removesuffix(" ."))]
    if len(terms) == 3:
        found = [c for c in claims if (c.subject, c.predicate) == (terms[0], terms[1])
                 and terms[2] in (c.object, _lexical(c.object))]
    else:
        wanted = _full(asked.strip(), names)
        found = [c for c in claims if claim_term(c, names) == wanted or c.id == asked
                 or c.fact.id == asked or c.fact.words.get("number") == asked]
        found = found or [c for c in claims if wanted in (c.subject, c.object)]
    if not found:
        known = {c.id for c in claims} | {str(c.fact.subject) for c in claims}
        raise RunError.of("TRT080", asked, "is neither a thing, a claim nor a triple of the data set",
                          suggest(asked, known))
    return found


def _full(word: str, names: Names) -> str:
    """Return the term a person meant: a thing's id, a prefixed name or an IRI."""
    if word.startswith(("<", '"')):
        return word
    if re.match(r"https?://", word):
        return f"<{word}>"
    prefix, colon, local = word.partition(":")
    if word == "a":
        return names.prefixes["rdf"].join("<>")[:-1] + "type>"
    if colon and prefix in names.prefixes:
        return f"<{names.prefixes[prefix]}{local}>"
    return names.thing(word)


def _lexical(term: str | None) -> str:
    """Return a literal as a person would type it, in quotes."""
    return (term or "").rpartition('"')[0] + '"'


def statement(claim: Claim, names: Names) -> str:
    """Return a claim's triple in prefixed names."""
    terms = (claim.subject, claim.predicate, claim.object or "(nothing is said)")
    return " ".join(_short(term, names) for term in terms)


def _short(term: str, names: Names) -> str:
    if term.startswith("<"):
        return shorten(term[1:-1], names.prefixes) or term
    text, mark, datatype = term.partition("^^")
    return text + mark + _short(datatype, names) if mark else term


def explain_text(claim: Claim, by_id: Mapping[str, Claim], names: Names) -> str:
    """Return a claim with its evidence and, as a tree below it, the claims it rests on."""
    return "\n".join(_tree(claim, by_id, names, "", "", set()))


def _tree(claim: Claim, by_id: Mapping[str, Claim], names: Names, first: str, pad: str,
          told: set[str]) -> Iterator[str]:
    """Yield the lines of a claim and its reasons; what was told above is only named again."""
    yield first + claim.fact.words.get("says", claim.id)
    if claim.id in told:
        yield f"{pad}  (as told above)"
        return
    told.add(claim.id)
    branches = [*(("from", p) for p in claim.premises if p not in claim.assumes),
                *(("assuming", a) for a in claim.assumes)]
    bar = "│ " if branches else "  "
    for line in _lines(claim, by_id, names):
        yield f"{pad}{bar}{line}"
    for number, (kind, id_) in enumerate(branches, 1):
        last = number == len(branches)
        yield from _tree(by_id[id_], by_id, names, f"{pad}{'└─' if last else '├─'} {kind}: ",
                         f"{pad}{'  ' if last else '│ '} ", told)


def _lines(claim: Claim, by_id: Mapping[str, Claim], names: Names) -> Iterator[str]:
    yield statement(claim, names)
    yield (f"grade {grade_of(claim, by_id)} ({_standing(claim)}); held by {' > '.join(claim.holders)}; "
           f"{'asserted as a plain triple' if claim.asserted else 'kept as a claim only'}")
    for entry in evidence_json(claim) if not claim.computed else ():
        works = f", citing {', '.join(entry['works'])}" if entry["works"] else ", no work cited"
        yield f"passage {entry['locator']}{works}"
    rule = f" by the rule {local(claim.rule)}" if claim.rule else ""
    yield f"worked out{rule}" if claim.computed else (
        f"written at {claim.fact.id.position}{rule and ',' + rule}")


def explain_json(claim: Claim, by_id: Mapping[str, Claim], names: Names) -> dict[str, Any]:
    """Return the same as a value for programs."""
    return {"claim": claim.id, "number": claim.fact.words.get("number"),
            "says": claim.fact.words.get("says"), "triple": statement(claim, names),
            "grade": grade_of(claim, by_id), "asserted": claim.asserted,
            "holders": list(claim.holders), "premises": list(claim.premises),
            "assumptions": list(claim.rests_on), "evidence": evidence_json(claim)}


def _standing(claim: Claim) -> str:
    """Return basis, polarity, certainty and realm in words."""
    if claim.object is None:
        return "a silence"
    terms = (local(claim.qualifiers[name])
             for name in ("basis", "polarity", "certainty", "realm"))
    return ", ".join(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", term).lower() for term in terms)
