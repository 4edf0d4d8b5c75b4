"""A made-up data set of any size as a curator would write it: treaties, what is said of them, and hubs.

One power is a party to every treaty, all powers were at one congress, one source tells of everything, and
one work is cited for every second treaty.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

EACH = 5
"""Things of a treaty: it, its signing, its entry into force, a clause, and one of a power, person or work."""
SOURCES = ("register", "gazette", "yearbook")

_HEADER = """\
id: large
base: https://example.org/large/
title: {things} things about treaties
description: A made-up data set to see how the tool fares with many things.
version: 1.0.0
issued: 2026-11-25
licence: https://creativecommons.org/publicdomain/zero/1.0/
creator: nobody
keywords: [treaties]
realm: real-world
policy:
  basis: [stated, inferred]
  certainty: [certain]
"""

_FIRST = """\
#+ summary: Who signed the first treaty? In place of {name}, which grows with the square of the data.
#+ method: GET

SELECT ?who ?claim WHERE {{
  ?claim <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <https://example.org/large/signing-00000> ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <https://w3id.org/treatyrdf/ontology#signedBy> ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> ?who .
}}
ORDER BY ?who ?claim
"""


def write_dataset(folder: Path, things: int) -> None:
    """Write a data set of about `things` things; the same number gives the same bytes."""
    folder.mkdir(parents=True)
    count = max(things // EACH, 1)
    files = {"dataset": [_HEADER.format(things=things)], "sources": _sources(count), "things": _things(count),
             "claims": _claims(count)}
    (folder / "questions").mkdir()
    for name in ("came-first", "single-work"):
        (folder / "questions" / f"{name}.rq").write_text(_FIRST.format(name=name), encoding="utf-8")
    for name, lines in files.items():
        with (folder / f"{name}.yaml").open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)


def rare(n: int) -> str:
    """Return a word that stands in the label of one treaty alone."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{n:05}") + "burg"


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _sources(count: int) -> Iterator[str]:
    """Yield the sources: the first has a passage for each treaty, the others for some."""
    yield "sources:"
    for step, name in enumerate(SOURCES, 1):
        yield f"  {name}:\n    label: The {name} of treaties\n    rights: Made up\n    sha256: {_hash(name)}"
        yield f"    bytes: {count * 100}\n    passages:"
        for n in range(0, count, step):
            yield f'      "{n + 1}.1": {{start: {n * 100}, end: {n * 100 + 90}, sha256: {_hash(f"{name} {n}")}}}'
        if name == SOURCES[0]:
            yield "    citations:"
            for n in range(0, count, 2):
                yield (f'      note-{n:05}: {{at: "{n + 1}.1", scope: sentence, start: {n * 100 + 70}, '
                       f"end: {n * 100 + 90}, works: [series, {_other(n - n % 10 + 8)}]}}")


def _other(n: int) -> str:
    """Return the fifth thing of a treaty: of ten, seven powers, one person and two works."""
    return f"{'power' if n % 10 < 7 else 'person' if n % 10 == 7 else 'work'}-{n:05}"


def _things(count: int) -> Iterator[str]:
    yield "things:"
    kinds = (("Treaty", "treaty", "Treaty {n} of {rare}"), ("Signing", "signing", "Signing of treaty {n}"),
             ("EntryIntoForce", "force", "Entry into force of treaty {n}"),
             ("Clause", "clause", "First clause of treaty {n}"))
    for kind, stem, label in kinds:
        yield f"  {kind}:"
        for n in range(count):
            yield f"    {stem}-{n:05}: {label.format(n=n, rare=rare(n))}"
    others = [_other(n) for n in range(count)]
    for kind, stem, extra in (("Polity", "power", {"hub": "The Power of all Treaties"}),
                              ("Person", "person", {"clerk": "The Clerk"}),
                              ("Work", "work", {"series": "Series of all Treaties",
                                                **{_other(n + 8): f"Volume {n}" for n in range(0, count, 10)}}),
                              ("Negotiation", "congress", {"congress": "The Congress of all Treaties"})):
        yield f"  {kind}:"
        named = {name: f"{kind} {name.partition('-')[2]}" for name in others if name.startswith(f"{stem}-")}
        for name, label in (named | extra).items():
            yield f"    {name}: {label}"


def _claims(count: int) -> Iterator[str]:
    yield "claims:"
    for n in range(count):
        yield from _claims_of(n)
    yield "silences:"
    for n in range(0, count, 7):
        yield (f"- {{id: place-{n:05}, says: The place of signing {n} is not given., about: signing-{n:05}, "
               f'unknown: location, at: "register#{n + 1}.1"}}')


def _claims_of(n: int) -> Iterator[str]:
    """Yield what is said of one treaty; some of it in doubt, reported, denied, or by rivals."""
    year = 1800 + n % 200
    other = _other(n if n % 10 < 7 else n - n % 10)
    cites = f"cites: note-{n:05}" if n % 2 == 0 else "cites: none"
    here = f'at: "register#{n + 1}.1", {cites}'
    treaty, signing, force = f"treaty-{n:05}", f"signing-{n:05}", f"force-{n:05}"
    yield (f"- {{id: parties-{n:05}, says: Two powers are parties to treaty {n}., subject: {treaty}, "
           f"hasParty: [hub, {other}], signedIn: {signing}, {here}}}")
    yield (f"- {{id: made-{n:05}, says: A power of treaty {n} was at the congress., subject: congress, "
           f"hasParticipant: {other}, {here}}}")
    yield (f"- {{id: signed-{n:05}, says: Treaty {n} was signed in {year}., subject: {signing}, "
           f"signedBy: [hub, {other}], date: {year}-03-04, {here}}}")
    yield (f"- {{id: in-force-{n:05}, says: Treaty {n} entered into force., subject: {force}, "
           f"changes: {treaty}, initiatesState: in-force, date: {year + 1}-05-06, {here}}}")
    yield (f"- {{id: named-{n:05}, says: Clause 1 of treaty {n} has a name., subject: clause-{n:05}, "
           f"altLabel: Article One of {n}, {here}}}")
    if n % 6 == 0:
        yield (f"- {{id: rival-{n:05}, says: The gazette dates signing {n} a year later., subject: {signing}, "
               f'date: {year + 1}-03-04, certainty: possible, at: "gazette#{n + 1}.1", cites: none}}')
    if n % 8 == 0:
        yield (f"- {{id: clerk-{n:05}, says: The clerk is said to have led signing {n}., subject: {signing}, "
               f"conductedBy: clerk, basis: reported, claimant: clerk, {here}}}")
    if n % 20 == 0:
        yield (f"- {{id: assumed-{n:05}, says: Signing {n} was an act of the hub., subject: {signing}, "
               f"directedAt: hub, basis: supposed, {here}}}")
        yield (f"- {{id: follows-{n:05}, says: So the hub stands behind signing {n}., subject: {signing}, "
               f"broughtAboutBy: hub, basis: inferred, claimant: dataset, premises: made-{n:05}, "
               f"rule: presupposition, assumes: assumed-{n:05}, {here}}}")
