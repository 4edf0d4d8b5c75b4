"""Rules for nginx: maps for its `http` block, and what stands in the location of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from .documents import FORMS
from .headers import HEADERS, TEXTS, TYPES
from .patterns import levels, ranges, stems
from .profile import Profile


def location(profile: Profile, types: Mapping[str, str] = TYPES) -> str:
    """Return what is included in the location of the site."""
    own = _own(profile)
    by_kind: dict[str, list[str]] = {}
    for ending, kind in types.items():
        by_kind.setdefault(kind, []).append(ending)
    listed = "".join(f"    {kind} {' '.join(endings)};\n" for kind, endings in by_kind.items())
    charsets = " ".join(sorted({TYPES[ending] for ending in TEXTS} - {"text/html"}))
    headers = "".join(f'add_header {name} "{value}" always;\n' for name, value in HEADERS.items())
    offers = ", ".join(kind for kind, _ in FORMS.values())
    return f"""\
# Rules for nginx, written by treatyrdf: each IRI leads to its document. For a site in /srv/www/some/where:
#
#   http {{
#     include /srv/www/some/where/nginx-map.conf;
#     server {{
#       root /srv/www;
#       location /some/where/ {{ set ${own} /some/where/; include /srv/www/some/where/nginx.conf; }}
#     }}
#   }}
types {{
{listed}}}
default_type text/plain;
charset utf-8;
charset_types {charsets};
index index.html;
autoindex off;
absolute_redirect off;
{headers}add_header Vary ${own}_vary always;
error_page 404 ${{{own}}}404.html;
error_page 403 =404 ${{{own}}}404.html;
set ${own}_see ${own}_stem;
if (!-f ${own}_folder${own}_stem.ttl) {{ set ${own}_see ""; }}
if (-f $request_filename) {{ set ${own}_see ""; }}
if (${own}_see) {{ set ${own}_see "${own}_stem.${own}_form"; }}
if (${own}_see ~ "[.]$") {{ return 406 "There is only {offers}.\\n"; }}
if (${own}_see) {{ return 303 ${own}${own}_see; }}
if (-d $request_filename) {{ set ${own}_see ${own}_local; }}
if (${own}_see) {{ return 404; }}
"""


def maps(profile: Profile, sharded: frozenset[str], hidden: frozenset[str] = frozenset()) -> str:
    """Return what is included in `http`: where a request leads, and in which form."""
    own = _own(profile)

    def named(pattern: str) -> str:
        return re.sub(r"\(<(\w+)>", rf"(?<{own}_\1>", pattern)

    def liked(ending: str, kind: str) -> Iterator[tuple[str, str]]:
        yield "", f"{ending}=/1"
        for rank, pattern in reversed(list(ranges(kind))):
            # Each expression has a group of its own: nginx keeps what the last one found.
            group = f"q_{ending}_{rank}"
            yield "~*" + named(pattern.replace("<q>", f"<{group}>")), f"{ending}=${{{own}_{group}}}/{rank}"

    tables: dict[str, tuple[str, Iterable[tuple[str, str]]]] = {
        "local": (f"${own}|$uri", [
            (rf"~^(?<{own}_root>[^|]*)\|\k<{own}_root>(?<{own}_rest>.*)$", f"${own}_rest")]),
        "folder": (f"$request_filename|${own}_local", [
            (rf"~^(?<{own}_path>.*/)(?<{own}_tail>.*)\|\k<{own}_tail>$", f"${own}_path")]),
        "stem": (f"${own}_local", (
            (f"~^{named(pattern)}$", stem.format(key=f"${own}_key", shard=f"${own}_shard"))
            for pattern, stem in stems(sharded, hidden))),
        **{f"like_{ending}": ("$http_accept", liked(ending, kind)) for ending, (kind, _) in FORMS.items()},
        "form": (";".join(f"${own}_like_{ending}" for ending in FORMS), (
            ("~" + named(pattern), f"${own}_found") for pattern in levels())),
        "vary": (f"${own}_see", [("~.", "Accept")]),
    }
    return "# Maps for nginx, written by treatyrdf; nginx.conf says how to use them.\n" + "".join(
        f"map '{source}' ${own}_{name} {{\n    default '';\n"
        + "".join(f"    '{pattern}' '{value}';\n" for pattern, value in rows) + "}\n"
        for name, (source, rows) in tables.items())


def _own(profile: Profile) -> str:
    """Return the variable that holds where the site stands; the names of all others begin with it."""
    return f"trt_{profile.header.id.replace('-', '_')}"
