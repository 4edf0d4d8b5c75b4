"""Regular expressions for web servers: which form a client likes best, which document an IRI has.

They hold what `negotiate.choose` and `documents.document` do, but for the second decimal of a weight.
PCRE reads them; a group is written `(<name>`, and each server's rules put in its own kind of group.
"""

from __future__ import annotations

from collections.abc import Iterator

from .documents import DATASET, DESCRIBED, RECORDS, SHARD, THING
from .names import LOCATOR

_BEFORE = r"""^(?:[^",]*+(?:"[^"]*+"[^",]*+)*+,)*?\s*"""
_PARAMETERS = r"""\s*(?=[;,]|$)(?:;(?!\s*q\s*=)(?:[^,;"]|"[^"]*")*)*"""
_WEIGHT = r"(?:;\s*q\s*=\s*(<q>[01](?:\.[0-9]{0,3})?)\s*(?=[;,]|$))?"
_TIERS = ("(?:1[0-9.]*)?", *(rf"0\.{n}[0-9]*" for n in range(9, 0, -1)), r"0\.0[0-9]*[1-9][0-9]*")
"""Weights from the greatest to the least: none written is 1, and 0 is not among them."""
_KEY = f"(<key>{LOCATOR.pattern})"
_SPLIT = rf"(<key>(?=[A-Za-z0-9])[A-Za-z0-9_.-]*?(<shard>{SHARD.pattern.removesuffix(chr(92) + 'Z')}))"


def ranges(kind: str) -> Iterator[tuple[int, str]]:
    """Yield the media ranges that admit a type, from the least exact: rank and expression."""
    for rank, name in enumerate(("*/*", kind.partition("/")[0] + "/*", kind), 1):
        yield rank, _BEFORE + name.replace("*", r"\*").replace("+", r"\+") + _PARAMETERS + _WEIGHT


def levels() -> Iterator[str]:
    """Yield how a form may be liked, from the best, as found in `ttl=0.9/3;jsonld=…`: weight and rank.

    The leftmost match is the first of equals; group `found` is its ending.
    """
    for tier in _TIERS:
        for rank in (3, 2, 1):
            yield f"(<found>[a-z]+)={tier}/{rank}(?:;|$)"


def stems(sharded: frozenset[str], hidden: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield the IRIs that have a document, by what stands behind the base: expression, stem.

    The first that matches counts; a stem may hold `{key}` and `{shard}`. The records of `hidden` folders
    have none.
    """
    yield rf"(?:{DATASET}|\.well-known/void|(?:{'|'.join(DESCRIBED)})/.+)", DATASET
    for folder in (f for f in (THING, *RECORDS) if f not in hidden):
        key, stem = (_SPLIT, "{shard}/{key}") if folder in sharded else (_KEY, "{key}")
        yield key if folder == THING else f"{folder}/{key}", f"{folder}/{stem}"
