"""A made-up data set of N treaties in five tables, and a mapping of the same tables for morph-kgc.

    python benchmarks/generate.py N FOLDER [MEMBERS]

The same N gives the same bytes. FOLDER holds the data set as treatyrdf reads it, its `tables`, and in
`peer` an RML mapping with its configuration. Each treaty has a title, a signing, an entry into force and
two members (or MEMBERS on average), each with a signature, a ratification and an entry; every tenth amends an earlier
one, and a gazette dates the signing of every tenth again, of half of these by another day. Columns that only the
mapping of the peer needs (row numbers and years) stand in the tables, worked out for it.

A treaty of two members has 41 claims that are read and cited, and 39 that are worked out. With 0.55 members on
average it has 40 of both together.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from rml import BASE, write_mapping

PARTIES = 200
MEMBERS = 2.0
FIRST = date(1800, 1, 15)

HEADER = f"""\
id: scale
base: {BASE}
title: {{count}} made-up treaties
description: A made-up data set to measure how the tool fares with many treaties.
version: 1.0.0
issued: 2026-11-28
licence: https://creativecommons.org/publicdomain/zero/1.0/
creator: nobody
keywords: [treaties]
realm: real-world
calendar: gregorian
policy:
  basis: [stated, inferred]
  certainty: [certain]
site: no
questions: [one-title]
absent: [Alliance, PoliticalRelation, Citation, Clause, Content, FictionalEntity, Provision, Silence, Work]
"""

QUESTION = f"""\
#+ summary: What is the first treaty called? One own question stands in for all the shared ones.
#+ method: GET

SELECT ?title ?claim WHERE {{
  ?claim <http://www.w3.org/1999/02/22-rdf-syntax-ns#subject> <{BASE}treaty-1> ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate> <http://www.w3.org/2004/02/skos/core#prefLabel> ;
    <http://www.w3.org/1999/02/22-rdf-syntax-ns#object> ?title .
}}
ORDER BY ?title ?claim
"""

_ROW = "row: {titles: Row, ignore: the number of the row}"
_YEAR = "{name}-year: {{titles: {title}Year, ignore: the year of the date again}}"
_DATE = "{name}: {{titles: {title}, date: [yyyy-MM-dd]}}"

THINGS = {
    "parties": """\
    - as: party
      id: party-$(no)
      type: Polity
      label: $(title)
      facts:
      - prefLabel: $(title)
""",
    "register": """\
    - as: treaty
      id: treaty-$(no)
      type: Treaty
      label: $(title)
      facts:
      - prefLabel: $(title)
      - signedIn: $(signing)
      - entersIntoForceIn: $(force)
    - as: signing
      id: signing-of-$(treaty)
      type: Signing
      label: signing of $(treaty)
      where: signed
      facts:
      - date: $(signed)
    - as: force
      id: force-of-$(treaty)
      type: EntryIntoForce
      label: entry into force of $(treaty)
      where: in-force
      facts:
      - date: $(in-force)
      - changes: $(treaty)
      - initiatesState: in-force
""",
    "members": """\
    - as: membership
      id: $(party)-in-$(treaty)
      type: Membership
      label: membership of $(party) in $(treaty)
      facts:
      - hasParty: $(party)
      - membershipOf: $(treaty)
    - as: signature
      id: signature-$(membership)
      type: Signing
      label: signature by $(party) of $(treaty)
      where: signed
      facts:
      - date: $(signed)
      - stepOf: $(membership)
    - as: ratification
      id: ratification-$(membership)
      type: Ratification
      label: ratification by $(party) of $(treaty)
      where: ratified
      facts:
      - date: $(ratified)
      - stepOf: $(membership)
    - as: entry
      id: entry-$(membership)
      type: EntryIntoForce
      label: entry into force of $(treaty) for $(party)
      where: in-force
      facts:
      - date: $(in-force)
      - changes: $(membership)
      - initiatesState: in-force
""",
    "gazette": """\
    - as: signing
      id: signing-of-$(treaty)
      type: Signing
      label: signing of $(treaty)
      facts:
      - date: $(signed)
""",
    "changes": """\
    - as: later
      id: $(treaty)
      type: Treaty
      label: $(treaty)
      facts:
      - amends: $(amends)
"""}

COLUMNS = {
    "parties": ("no: No", "title: Name"),
    "register": ("no: No", "title: Title"),
    "members": ("treaty: {titles: Treaty, link: register}", "party: {titles: Party, link: parties}"),
    "gazette": ("treaty: {titles: Treaty, link: register}",),
    "changes": ("treaty: {titles: Treaty, link: register}", "amends: {titles: Amends, link: register}")}
DATES = {"register": (("signed", "Signed"), ("in-force", "InForce")),
         "members": (("signed", "Signed"), ("ratified", "Ratified"), ("in-force", "InForce")),
         "gazette": (("signed", "Signed"),)}
KEYS = {"parties": "no", "register": "no", "members": "treaty, party", "gazette": "treaty", "changes": "treaty"}
FACTS = {"parties": 1, "register": 7, "members": 9, "gazette": 1, "changes": 1}
"""Facts of a row of each table; each date that is one of them gives two claims more, its first and its last year."""


def rows(count: int, members: float = MEMBERS) -> dict[str, int]:
    """Return how many rows each table has."""
    return {"parties": PARTIES, "register": count, "members": round(count * members),
            "gazette": len(range(1, count + 1, 10)), "changes": len(range(7, count + 1, 10))}


def facts(count: int, members: float = MEMBERS) -> int:
    """Return how many facts the tables state."""
    return sum(FACTS[name] * number for name, number in rows(count, members).items())


def cited(count: int, members: float = MEMBERS) -> int:
    """Return how many claims are read from the tables; all others are worked out."""
    return sum((FACTS[name] + 2 * len(DATES.get(name, ()))) * number for name, number in rows(count, members).items())


def write_dataset(folder: Path, count: int, members: float = MEMBERS) -> None:
    """Write the data set of `count` treaties with up to two members each, its tables, and the peer's mapping."""
    (folder / "tables").mkdir(parents=True)
    (folder / "questions").mkdir()
    hashes = {name: _write_table(folder / "tables" / f"{name}.csv", head, lines)
              for name, head, lines in _tables(count, members)}
    (folder / "dataset.yaml").write_text(HEADER.format(count=count), encoding="utf-8")
    (folder / "questions" / "one-title.rq").write_text(QUESTION, encoding="utf-8")
    lines = ["tables:"]
    for name, (digest, size) in hashes.items():
        lines += [f"  {name}:", f"    file: {name}.csv", f"    label: The made-up table of {name}",
                  "    rights: Made up", f"    sha256: {digest}", f"    bytes: {size}",
                  f"    key: [{KEYS[name]}]", "    columns:", f"      {_ROW}",
                  *(f"      {column}" for column in COLUMNS[name])]
        for column, title in DATES.get(name, ()):
            lines += [f"      {_DATE.format(name=column, title=title)}",
                      f"      {_YEAR.format(name=column, title=title)}"]
        lines += ["    things:", THINGS[name].rstrip("\n")]
    (folder / "tables.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_mapping(folder / "peer", folder / "tables")


def _tables(count: int, members: float) -> Iterator[tuple[str, Sequence[str], Iterable[Sequence[str]]]]:
    """Yield the name, the header and the rows of each table."""
    yield "parties", ("No", "Name"), ((str(n), f"Republic of {_word(n)}") for n in range(1, PARTIES + 1))
    yield "register", ("No", "Title", *_dated("register")), map(_treaty, range(1, count + 1))
    yield "members", ("Treaty", "Party", *_dated("members")), (
        _member(n, which) for n in range(1, count + 1)
        for which in range(round(n * members) - round((n - 1) * members)))
    yield "gazette", ("Treaty", *_dated("gazette")), (
        (str(n), *_day(_signed(n) + timedelta(days=n // 10 % 2 * 9))) for n in range(1, count + 1, 10))
    yield "changes", ("Treaty", "Amends"), ((str(n), str(n - 5)) for n in range(7, count + 1, 10))


def _dated(name: str) -> Iterator[str]:
    for _, title in DATES[name]:
        yield from (title, f"{title}Year")


def _signed(n: int) -> date:
    """Return the day on which a treaty was signed."""
    return FIRST + timedelta(days=n * 7919 % 78_000)


def _day(day: date) -> tuple[str, str]:
    return day.isoformat(), str(day.year)


def _treaty(n: int) -> Sequence[str]:
    one, other = _parties(n)
    title = f"Treaty of {_word(n + 7_000)} between {_word(one)} and {_word(other)}"
    return str(n), title, *_day(_signed(n)), *_day(_signed(n) + timedelta(days=400 + n % 300))


def _parties(n: int) -> tuple[int, int]:
    """Return the two parties of a treaty; one power is a party to every tenth."""
    one = 1 if n % 10 == 0 else 1 + n * 31 % PARTIES
    return one, 1 + (one + n * 17 % (PARTIES - 1)) % PARTIES


def _member(n: int, which: int) -> Sequence[str]:
    ratified = _signed(n) + timedelta(days=90 + n % 120 + which * 60)
    return (str(n), str(_parties(n)[which]), *_day(_signed(n)), *_day(ratified),
            *_day(_signed(n) + timedelta(days=400 + n % 300 + which * 30)))


def _word(n: int) -> str:
    """Return a name that stands for a number alone."""
    parts = ("ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu")
    return "".join(parts[int(digit)] for digit in f"{n:03}").capitalize() + "land"


def _write_table(path: Path, head: Sequence[str], lines: Iterable[Sequence[str]]) -> tuple[str, int]:
    """Write a table with the number of each row before it; return its hash and size."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("Row", *head))
        writer.writerows((number, *row) for number, row in enumerate(lines, 2))
    content = path.read_bytes()
    return sha256(content).hexdigest(), len(content)


if __name__ == "__main__":
    write_dataset(Path(sys.argv[2]), int(sys.argv[1]), *map(float, sys.argv[3:]))
