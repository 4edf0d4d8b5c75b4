"""A made-up data set of any number of treaties that share nothing but their parties and a source.

Unlike in `large`, each treaty can stand in a slice of its own.
"""

from __future__ import annotations

import os
from pathlib import Path

from treatyrdf.errors import RunError
from treatyrdf.model import Quad

HEADER = """\
id: six
base: https://example.org/six/
title: Six treaties
description: Made up.
version: 1.0.0
issued: 2026-11-28
licence: https://creativecommons.org/publicdomain/zero/1.0/
creator: nobody
absent: [Citation, Clause, Content, FictionalEntity, PoliticalRelation, Provision, Silence, Work]
"""
FACTS = """\
- {{subject: treaty-{n}, hasParty: [france, spain], signedIn: signing-{n}, at: '{n}'}}
- {{subject: signing-{n}, date: {year}, at: '{n}'}}
- {{subject: force-{n}, changes: treaty-{n}, initiatesState: in-force, date: 2 years after signing-{n}, at: '{n}'}}
"""
KINDS = {"Treaty": "treaty", "Signing": "signing", "EntryIntoForce": "force"}


def write_treaties(folder: Path, count: int, more: str = "") -> None:
    """Write the data set into a new folder, with more lines for its header; the same count gives the same bytes."""
    folder.mkdir(parents=True)
    numbers = range(1, count + 1)
    passages = "".join(f"      '{n}': {{start: {n * 10}, end: {n * 10 + 9}, sha256: '{n:064}'}}\n"
                       for n in range(1, count + 2))
    things = "".join(f"  {kind}:\n" + "".join(f"    {key}-{n}: {key} {n}\n" for n in numbers)
                     for kind, key in KINDS.items())
    files = {
        "dataset": HEADER + more,
        "sources": f"sources:\n  list:\n    label: A list\n    rights: none\n    sha256: '{0:064}'\n"
                   f"    bytes: 99\n    passages:\n{passages}",
        "things": f"things:\n  Polity:\n    france: France\n    spain: Spain\n{things}",
        "claims": f"claims:\n- {{subject: france, prefLabel: France, at: '{count + 1}'}}\n" + "".join(
            FACTS.format(n=n, year=1900 + n % 100) for n in numbers)}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


# --- what can go wrong with a slice, for workers that find these by name ------------------------------


def refuse(_slice: object) -> tuple[Quad, ...]:
    raise RunError.of("TRT090", "six.ttl", "does not read back as the same graph: x", "report this")


def stumble(_slice: object) -> tuple[Quad, ...]:
    raise ValueError("a bug\nin two lines")


def vanish(_slice: object) -> tuple[Quad, ...]:
    os._exit(9)
