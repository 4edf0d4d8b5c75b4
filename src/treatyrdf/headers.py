"""What every answer of a site carries: the policy of its pages, its headers, the types of its files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .compression import CODECS
from .dcat import MEDIA

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
       "base-uri 'none'; form-action 'self'")
"""The content security policy of a page, as its meta tag has it (https://www.w3.org/TR/CSP3/)."""
CSP_QUERY = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'") + "; worker-src 'self'"
"""The policy of the page that runs queries."""
HEADERS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": f"{CSP_QUERY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of all answers; the tag in a page narrows this policy."""
TYPES: Mapping[str, str] = {ending: kind for ending, (kind, *_) in MEDIA.items()} | {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "mjs": "text/javascript",
    "csv": "text/csv", "txt": "text/plain", "md": "text/markdown", "map": "application/json",
    "rq": "application/sparql-query", "wasm": "application/wasm", "svg": "image/svg+xml",
    "png": "image/png", "ico": "image/x-icon", "woff2": "font/woff2", "gz": "application/gzip",
    "xml": "application/xml", "cff": "application/yaml",
}
"""Media types of files by their endings; a file without one is text."""
PACKED = {codec.ending[1:]: codec.media for codec in CODECS.values()}
"""Media types of compressed dumps by their endings."""
TEXTS = tuple(sorted(ending for ending, kind in TYPES.items() if kind.startswith("text/")))
"""Endings of files that are told to be UTF-8; the other types say so themselves."""


def types_of(names: Iterable[str]) -> Mapping[str, str]:
    """Return the media types of files by their endings, with those of compressed dumps that are there."""
    endings = {name.rpartition(".")[2] for name in names}
    return {**TYPES, **{ending: kind for ending, kind in PACKED.items() if ending in endings}}
