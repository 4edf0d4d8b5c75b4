"""The search of a static site: words -> pages, in scripts of which a browser loads only what it asks for.

Entries are numbered by kind, weight and title, so that a smaller number stands higher. Three sorts of
script call `treatyrdfSearch` with arrays, which work from a file, too, and hold no key of a stranger:

- `index.js`: "manifest", names of the shards, first entry of each block, [kind, entries] in order,
  words that are too common;
- `<hex>.js`: "shard", its name, [word, postings…]: words that begin with some characters, whose code
  points make the name. A posting is 4 × entry + place, each less the one before it; a place says
  whether the word stands beside the title (0), in it (1), first in it (2) or alone (3);
- `block-<n>.js`: "block", n, [title, href] of each entry.

`search.js` reads them; it cuts words as `words` does, and both must change together.
"""

from __future__ import annotations

import json
import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

KINDS = ("thing", "question", "claim", "term", "passage")
BLOCK, BLOCK_ROOM = 500, 90_000
SHARD_ROOM = 40_000
"""Characters of a shard before it is split by the next character of its words."""
COMMON = 10_000
"""Entries that a word leads to at most: it is not looked for beyond them when other words are given."""
LENGTH = 32
"""Characters of a word that count."""
FOLDER = "static/search"

_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


@dataclass(frozen=True)
class Entry:
    """A page to be found: `kind` is one of KINDS, `href` is relative to the root of the site.

    `extra` are words beside the title that lead to it; more `weight` puts it higher in its kind.
    """

    title: str
    kind: str
    href: str
    extra: str = ""
    weight: int = 0


def words(text: str) -> list[str]:
    """Return the words of a text without case and marks; a character of Chinese or kana is a word.

    >>> words("Straße Qo’noS, K'Ehleyr & Čapek — 條約 ΣΑΣ")
    ['strasse', 'qo', 'nos', 'k', 'ehleyr', 'capek', '條', '約', 'σασ']
    """
    plain = _plain(_plain(text).upper().lower().replace("ς", "σ"))
    return [word[:LENGTH] for word in _WORD.findall(plain)]


def _plain(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M")


def search_files(entries: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the scripts of the search as (file name below the site, text)."""
    ordered = sorted(entries, key=lambda e: (KINDS.index(e.kind), -e.weight, words(e.title), e.title, e.href))
    postings = _postings(ordered)
    common = sorted(word for word, found in postings.items() if len(found) > COMMON)
    starts = []
    for number, (start, rows) in enumerate(_blocks(ordered)):
        starts.append(start)
        yield f"{FOLDER}/block-{number}.js", _call("block", number, rows)
    shards = []
    for name, some in _shards(sorted(postings), postings, 1):
        shards.append(name)
        yield f"{FOLDER}/{name}.js", _call("shard", name, some)
    kinds = [[kind, len(list(group))] for kind, group in groupby(entry.kind for entry in ordered)]
    yield f"{FOLDER}/index.js", _call("manifest", shards, starts, kinds, common)


def _postings(entries: Sequence[Entry]) -> Mapping[str, array[int]]:
    """Return where each word stands, best place only."""
    found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for number, entry in enumerate(entries):
        places = dict.fromkeys(words(entry.extra), 0)
        title = words(entry.title)
        places |= dict.fromkeys(title, 1)
        if title:
            places[title[0]] = 3 if len(title) == 1 else 2
        for word, place in places.items():
            found[word].append(4 * number + place)
    return found


def _blocks(entries: Sequence[Entry]) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Yield the first number of each block with its titles and addresses."""
    rows: list[tuple[str, str]] = []
    start = room = 0
    for number, entry in enumerate(entries):
        size = len(entry.title.encode()) + len(entry.href.encode()) + 8
        if rows and (len(rows) == BLOCK or room + size > BLOCK_ROOM):
            yield start, rows
            rows, start, room = [], number, 0
        rows.append((entry.title, entry.href))
        room += size
    if rows:
        yield start, rows


def _shards(sorted_words: Sequence[str], postings: Mapping[str, array[int]],
            depth: int) -> Iterator[tuple[str, list[list[str | int]]]]:
    """Yield shards of words that begin alike, split further while they are too large."""
    for start, group in groupby(sorted_words, key=lambda word: word[:depth]):
        some = list(group)
        rows: list[list[str | int]] = [[word, *_steps(postings[word][:COMMON])] for word in some]
        if len(some) > 1 and sum(len(str(row)) for row in rows) > SHARD_ROOM:
            yield from _shards(some, postings, depth + 1)
        else:
            yield "-".join(f"{ord(c):x}" for c in start), rows


def _steps(numbers: Sequence[int]) -> Iterator[int]:
    """Yield each number less the one before it.

    >>> [*_steps([4, 9, 11])]
    [4, 5, 2]
    """
    before = 0
    for number in numbers:
        yield number - before
        before = number


def _call(*arguments: object) -> str:
    return f"treatyrdfSearch({json.dumps(arguments, ensure_ascii=False, separators=(',', ':'))[1:-1]});\n"
