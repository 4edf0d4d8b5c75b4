"""What the SPARQL page of the site knows: prefixes, words to complete, questions, and where pages are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .ask import Question
from .documents import RECORDS
from .names import ONTOLOGY, PREFIXES, Names, shorten
from .vocabulary import Term, Vocabulary

MOST_THINGS = 5000
"""How many things the editor offers; the list is fetched whole."""

MOST_BYTES = 64 * 1024 * 1024
"""The largest dump that a browser is asked to load."""


def editor_data(questions: Sequence[Question], vocabulary: Vocabulary, names: Names,
                labels: Mapping[str, str], sharded: frozenset[str], size: int,
                hidden: frozenset[str] = frozenset()) -> str:
    """Return the JSON text of `static/sparql-data.json`.

    `labels` are those of IRI terms (`<...>`), `sharded` the folders of pages that are split, `hidden`
    those that have none, and `size` is the length of the N-Quads dump in bytes. Lists of pairs stand
    where keys would be names that a data set chooses.
    """
    things = sorted(_things(names, labels))
    value = {
        "dataset": names.dataset,
        "base": names.base,
        "ontology": ONTOLOGY,
        "shapes": PREFIXES["trsh"].removesuffix("#"),
        "dump": {"path": f"file/{names.dataset}.nq", "bytes": size, "most": MOST_BYTES},
        "paged": sorted(set(RECORDS) - hidden),
        "sharded": sorted(sharded),
        "prefixes": list(names.prefixes.items()),
        "terms": sorted(_terms(vocabulary, names)),
        "things": things[:MOST_THINGS],
        "left_out": max(0, len(things) - MOST_THINGS),
        "questions": [{"name": q.name, "words": q.summary, "sparql": q.sparql} for q in questions],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _terms(vocabulary: Vocabulary, names: Names) -> Iterator[tuple[str, str, str, str]]:
    """Yield prefixed name, label, definition and kind of each word of the ontology."""
    concepts = [term for scheme in vocabulary.schemes.values() for term in scheme.values()]
    kinds: tuple[tuple[str, Iterable[Term]], ...] = (
        ("class", vocabulary.classes.values()), ("property", vocabulary.properties.values()),
        ("concept", concepts))
    for kind, terms in kinds:
        for term in terms:
            short = shorten(term.iri, names.prefixes)
            if short:
                yield short, term.label, term.definition, kind


def _things(names: Names, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield prefixed name and label of each thing: what stands directly below the base."""
    for term, label in labels.items():
        local = term[1:-1].removeprefix(names.base)
        short = shorten(term[1:-1], {names.dataset: names.base})
        if short and "/" not in local:
            yield short, label
