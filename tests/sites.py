"""Sites for the tests: the RDF documents and the rules of a built data set, with stubs for its pages."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from treatyrdf.documents import Statements, document, documents, gather, shards
from treatyrdf.hosting import rules
from treatyrdf.model import Word
from treatyrdf.profile import Profile
from treatyrdf.publish import publish

PAGES = ("index", "404", "sparql", "things", "search", "ontology", "dataset", "shapes", "ontology/Claim")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


def call(url: str, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str) -> Answer:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read())
    finally:
        connection.close()


@dataclass(frozen=True)
class Made:
    """What a site is made from."""

    profile: Profile
    statements: Statements
    dist: Path

    def moved(self, landing: str) -> Profile:
        """The profile with another landing page."""
        header = self.profile.header
        word = Word(landing, header.id.position)
        return Profile(replace(header, listing=replace(header.listing, landing=word)), self.profile.names)


def make(folder: Path, dist: Path) -> Made:
    published = publish(folder)
    names, header = published.names, published.dataset.header
    files = {p.relative_to(dist).as_posix(): p.read_bytes() for p in dist.rglob("*.*") if p.is_file()}
    return Made(Profile(header, names), gather(published.quads, files, names, header.licence), dist)


def write_site(made: Made, site: Path, sharded: frozenset[str] | None = None, landing: str = "") -> None:
    """Write a site; `sharded` are the folders to split, as if they were large."""
    sharded = shards(made.statements.locals()) if sharded is None else sharded
    stems = {stem for local in made.statements.locals() if (stem := document(local, sharded))}
    pages = {f"{stem}.html": f"<!DOCTYPE html><title>{stem}</title>" for stem in (*PAGES, *sorted(stems))}
    own = rules(made.moved(landing) if landing else made.profile, sharded)
    for name, text in (*documents(made.statements, sharded), *pages.items(), *own.items()):
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for place, files in (("file", made.dist.glob("*.*")), ("ontology", made.dist.glob("ontology/*")),
                         ("shapes", made.dist.glob("shapes/*"))):
        (site / place).mkdir(exist_ok=True)
        for file in sorted(files):
            if file.name != "MANIFEST.json":
                shutil.copy(file, site / place / file.name)
    (site / "file" / "NOTES").write_text("words")
    vendor = site / "static" / "vendor"
    vendor.mkdir(parents=True)
    (site / "static" / "site.css").write_text("body { color: #000 }\n" * 100)
    (site / "static" / "site.js").write_text("'use strict';\n" * 100)
    (vendor / "engine.wasm").write_bytes(b"\0asm\1\0\0\0" + bytes(2000))
