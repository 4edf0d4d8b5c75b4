"""Rules for Apache 2.4: for a host of the site, and for one that only redirects, such as w3id.org."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .documents import DATASET, FORMS, TERMS
from .headers import HEADERS, TEXTS, TYPES
from .names import ONTOLOGY
from .patterns import levels, ranges, stems
from .profile import Profile

_PARENT = ONTOLOGY.rpartition("/")[0] + "/"
_ELSEWHERE = "https://site.example/"
_SITE = "%{ENV:TRT_SITE}"
_PLAIN = re.compile(r"https?://[A-Za-z0-9._~:/-]+")


def htaccess(sharded: frozenset[str], hidden: frozenset[str] = frozenset(), types: Mapping[str, str] = TYPES) -> str:
    """Return the rules of the site, which go with it wherever it is put."""
    return _text(
        "# Rules for Apache 2.4 (AllowOverride All), written by treatyrdf: each IRI leads to its document.",
        "Options -Indexes -MultiViews",
        "DirectoryIndex index.html",
        *(f"AddType {kind} .{ending}" for ending, kind in types.items()),
        f"AddCharset utf-8 {' '.join(f'.{ending}' for ending in TEXTS)}",
        "<FilesMatch '^[^.]+$'>",
        "ForceType 'text/plain; charset=utf-8'",
        "</FilesMatch>",
        "ErrorDocument 404 /%{reqenv:TRT_ROOT}404.html",
        *_always(HEADERS),
        "<IfModule mod_rewrite.c>",
        "RewriteEngine On",
        "# Where this folder stands, as an address and on the disk.",
        r"RewriteCond %{REQUEST_URI}::$0 '^/((?:.*/)?)(.*)::\2$'",
        "RewriteRule ^.*$ - [E=TRT_ROOT:%1]",
        r"RewriteCond %{REQUEST_FILENAME}::$0 '^(.*/)(.*)::\2$'",
        "RewriteRule ^.*$ - [E=TRT_FOLDER:%1]",
        "# A file is itself.",
        "RewriteRule ^$ - [L]",
        "RewriteCond %{REQUEST_FILENAME} -f",
        "RewriteRule ^ - [L]",
        *_stems(sharded, hidden),
        f"RewriteCond %{{ENV:TRT_STEM}} !^{DATASET}$",
        "RewriteCond %{ENV:TRT_FOLDER}%{ENV:TRT_STEM}.ttl !-f",
        "RewriteRule ^ - [R=404,L]",
        *_form(),
        "RewriteRule ^ /%{ENV:TRT_ROOT}%{ENV:TRT_STEM}.%{ENV:TRT_FORM} [R=303,L]",
        "</IfModule>")


def redirects(profile: Profile, sharded: frozenset[str], hidden: frozenset[str] = frozenset()) -> str:
    """Return the rules of a host that only redirects: IRIs below the base, documents elsewhere.

    Where the base stands beside the ontology, they hold the rules of the ontology's IRIs too.
    """
    base = profile.names.base
    beside = base.startswith(_PARENT)
    prefix = re.escape(base.removeprefix(_PARENT)).replace("'", r"\x27") if beside else ""
    return _text(
        f"# Rules for Apache 2.4, written by treatyrdf: each IRI below {base} leads to its document.",
        "Options +FollowSymLinks -MultiViews",
        *_always(("Access-Control-Allow-Origin",)),
        "RewriteEngine On",
        "# Where the documents stand.",
        f"RewriteRule ^ - [E=TRT_SITE:{_site(profile)}]",
        "# Pages, documents and files.",
        f"RewriteRule '^{prefix}(|.+[.](?:{'|'.join(FORMS)})|(?:file|static)/.+)$' {_SITE}$1 [R=303,L]",
        *([rf"RewriteRule '^((?:{TERMS}|shapes)(?:[.]\w+|/[A-Za-z].*))$' {_SITE}$1 [R=303,L]",
           f"RewriteRule '^shapes/?$' {_SITE}shapes.html [R=303,L]"] if beside else []),
        *_stems(sharded, hidden, prefix),
        *([f"RewriteRule '^{TERMS}(?:/[0-9][^/]*)?/?$' - [E=TRT_STEM:{TERMS}]",
           f"RewriteRule '^quality$' - [E=TRT_STEM:{DATASET}]"] if beside else []),
        "# What else may be asked there is the site's to answer.",
        "RewriteCond %{ENV:TRT_STEM} ^$",
        f"RewriteRule '^{prefix}(.*)$' {_SITE}$1 [R=303,L]",
        "RewriteCond %{ENV:TRT_STEM} ^$",
        "RewriteRule ^ - [L]",
        *_form(),
        f"RewriteRule ^ {_SITE}%{{ENV:TRT_STEM}}.%{{ENV:TRT_FORM}} [R=303,L]")


def readme(profile: Profile) -> str:
    """Return how to use the redirecting rules."""
    base = profile.names.base
    place = _PARENT if base.startswith(_PARENT) else base
    return f"""# Redirects of {base}

`.htaccess` leads each IRI below {base} to its document at
{_site(profile)}, in the form that the client asks for. Put it where Apache answers
{place}; for w3id.org, propose this folder to perma-id/w3id.org.

Where the site stands is said in one line, that of `TRT_SITE`: `landing` in dataset.yaml, if it is given.

Maintainer: {profile.publisher}, {profile.contact}
"""


def _site(profile: Profile) -> str:
    """Return where the documents stand: below the landing page, or an example to be replaced.

    It is replaced too where the address has signs that mean something to the rules.
    """
    landing = profile.landing
    if landing == profile.names.base or not _PLAIN.fullmatch(landing):
        return _ELSEWHERE
    return landing.rstrip("/") + "/"


def _always(names: Iterable[str]) -> Iterator[str]:
    """Yield rules for every answer: some headers, and what is said to a client that accepts no form."""
    yield f'ErrorDocument 406 "There is only {", ".join(kind for kind, _ in FORMS.values())}."'
    yield "<IfModule mod_headers.c>"
    for name in names:
        yield f'Header always set {name} "{HEADERS[name]}"'
    yield "Header always merge Vary Accept \"expr=%{REQUEST_STATUS} in {'303', '406'}\""
    yield "</IfModule>"


def _stems(sharded: frozenset[str], hidden: frozenset[str], prefix: str = "") -> Iterator[str]:
    """Yield rules that set TRT_STEM; the last one that matches counts."""
    yield "# The document of an IRI, if it can have one."
    for pattern, stem in reversed(list(stems(sharded, hidden))):
        yield f"RewriteRule '^{prefix}{_plain(pattern)}$' - [E=TRT_STEM:{stem.format(key='$1', shard='$2')}]"


def _form() -> Iterator[str]:
    """Yield rules that set TRT_FORM to the ending of the form that the client likes best, or refuse."""
    yield "# The form: how each is liked (its weight, and how exactly it is named), then which one most."
    for ending, (kind, _) in FORMS.items():
        name = f"TRT_{ending.upper()}"
        yield r"RewriteCond %{HTTP:Accept} '^\s*$'"
        yield f"RewriteRule ^ - [E={name}:{ending}=/1]"
        for rank, pattern in ranges(kind):
            yield f"RewriteCond %{{HTTP:Accept}} '{_plain(pattern)}' [NC]"
            yield f"RewriteRule ^ - [E={name}:{ending}=%1/{rank}]"
    yield f"RewriteRule ^ - [E=TRT_LIKED:{';'.join(f'%{{ENV:TRT_{ending.upper()}}}' for ending in FORMS)}]"
    for pattern in reversed(list(levels())):
        yield f"RewriteCond %{{ENV:TRT_LIKED}} '{_plain(pattern)}'"
        yield "RewriteRule ^ - [E=TRT_FORM:%1]"
    yield "RewriteCond %{ENV:TRT_FORM} ^$"
    yield "RewriteRule ^ - [R=406,L]"


def _plain(pattern: str) -> str:
    """Return an expression with groups that have numbers alone."""
    return re.sub(r"\(<\w+>", "(", pattern)


def _text(*lines: str) -> str:
    return "\n".join(lines) + "\n"
