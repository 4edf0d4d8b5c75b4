"""The vocabulary -> JSON Schemas, so that editors complete and check the curated files.

https://json-schema.org/draft/2020-12; every scalar is text, as the reader takes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .header import ADDRESSES, AVAILABLE, CONFLICTS, REQUIRED, THEMES
from .mapping import COLUMN_KEYS, DIALECT_KEYS, RULE_KEYS, TABLE_KEYS, WORD_KEYS
from .names import LOCATOR, ONTOLOGY, SLUG
from .read import EXPLAINED_KEYS, FACT_KEYS, SILENCE_KEYS
from .vocabulary import Property, Vocabulary

Json = dict[str, Any]

_TEXT: Json = {"type": ["string", "number", "boolean"]}
_SLUG: Json = {"type": "string", "pattern": f"^{SLUG.pattern}$"}
_SLUGS: Json = {"anyOf": [_SLUG, {"type": "array", "items": _SLUG, "minItems": 1}]}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}, "minItems": 1}
_COUNT: Json = {"type": "integer", "minimum": 0}
_SHA: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

_ABOUT: Mapping[str, str] = {
    "id": "A short name for the fact; made from subject, property and value when left out.",
    "number": "The curator's own number for the fact.",
    "says": "The fact in your own words.",
    "note": "Anything a reader of the data should know.",
    "subject": "The thing the fact is about.",
    "about": "The thing the source is silent about.",
    "unknown": "The properties the source says nothing on.",
    "at": "The passage that says it, by its locator.",
    "cites": "The citations in the source that cover it, or none.",
    "claimant": "Who holds it, outermost first, below the source; `dataset` for your own inference.",
    "premises": "Ids of the claims it follows from.",
    "assumes": "Ids of the claims it takes for granted.",
    "basis": "How the source holds it.", "polarity": "Whether it is affirmed or denied.",
    "certainty": "How sure the holder is.", "realm": "What world the fact belongs to.",
    "calendar": "The calendar its dates are counted in, where it is not that of the data set.",
    "rule": "Why the premises lead to it.",
}


def json_schemas(vocabulary: Vocabulary) -> dict[str, Json]:
    """Return two schemas: `dataset` for dataset.yaml, `facts` for every other curated file."""
    parts = {"sources": _sources(vocabulary), "things": _things(vocabulary),
             "claims": {"type": "array", "items": _claim(vocabulary)},
             "silences": {"type": "array", "items": _silence(vocabulary)}, **_mapping(vocabulary)}
    made = {"dataset": _dataset(vocabulary), "facts": _object(parts, [])}
    return {name: {"$schema": "https://json-schema.org/draft/2020-12/schema",
                   "$id": f"{ONTOLOGY}/schema/{name}", "title": f"treatyrdf: {name}", **schema}
            for name, schema in made.items()}


def _words(vocabulary: Vocabulary, scheme: str) -> Json:
    return {"oneOf": [{"const": name, "description": term.definition}
                      for name, term in vocabulary.schemes.get(scheme, {}).items()]}


def _value(vocabulary: Vocabulary, prop: Property) -> Json:
    one: Json = {"thing": _SLUG, "concept": _words(vocabulary, prop.scheme),
                 "class": {"enum": sorted(vocabulary.classes)}, "edtf": _TEXT,
                 "integer": {"type": ["integer", "string"]}}.get(prop.kind, _TEXT)
    if prop.kind in ("concept", "class"):
        one = {"anyOf": [one, {"const": "unknown"}]}
    return {"description": prop.definition, "anyOf": [one, {"type": "array", "items": one}]}


def _keys(vocabulary: Vocabulary, names: tuple[str, ...]) -> Json:
    special: Mapping[str, Json] = {
        "id": _SLUG, "subject": _SLUG, "about": _SLUG, "cites": _SLUGS, "claimant": _SLUGS,
        "premises": {"type": ["string", "array"]}, "assumes": {"type": ["string", "array"]},
        "unknown": {"type": ["string", "array"]},
        "basis": _words(vocabulary, "BasisScheme"), "rule": _words(vocabulary, "RuleScheme"),
        "polarity": _words(vocabulary, "PolarityScheme"),
        "certainty": _words(vocabulary, "CertaintyScheme"),
        "realm": _words(vocabulary, "RealmScheme"), "calendar": _SLUG}
    return {name: {"description": _ABOUT[name], **special.get(name, _TEXT)} for name in names}


def _claim(vocabulary: Vocabulary) -> Json:
    properties = {name: _value(vocabulary, prop)
                  for name, prop in sorted(vocabulary.properties.items())}
    return {"type": "object", "required": ["subject", "at"], "additionalProperties": False,
            "properties": {**_keys(vocabulary, FACT_KEYS),
                           **{n: p for n, p in properties.items() if n not in FACT_KEYS}}}


def _silence(vocabulary: Vocabulary) -> Json:
    return {"type": "object", "required": ["about", "unknown", "at"],
            "additionalProperties": False, "properties": _keys(vocabulary, SILENCE_KEYS)}


def _things(vocabulary: Vocabulary) -> Json:
    long = {"type": "object", "required": ["label"], "additionalProperties": False,
            "properties": {"label": _TEXT, "note": _TEXT, "unnamed": {"enum": ["yes", "no"]}}}
    group = {"type": "object", "propertyNames": _SLUG,
             "additionalProperties": {"anyOf": [_TEXT, long]}}
    return {"type": "object", "additionalProperties": False,
            "properties": {name: {"description": term.definition, **group}
                           for name, term in sorted(vocabulary.classes.items())}}


def _sources(vocabulary: Vocabulary) -> Json:
    passage = _object({"start": _COUNT, "end": _COUNT, "sha256": _SHA}, ["start", "end", "sha256"])
    citation = _object({"at": _TEXT, "scope": _words(vocabulary, "CiteScopeScheme"),
                        "works": _SLUGS, "start": _COUNT, "end": _COUNT}, ["at", "scope", "works"])
    source = _object({"label": _TEXT, "rights": _TEXT, "sha256": _SHA, "bytes": _COUNT,
                      "passages": {"type": "object", "additionalProperties": passage,
                                   "propertyNames": {"pattern": f"^{LOCATOR.pattern}$"}},
                      "citations": {"type": "object", "additionalProperties": citation,
                                    "propertyNames": _SLUG}}, ["label", "rights", "sha256"])
    return {"type": "object", "propertyNames": _SLUG, "additionalProperties": source}


def _mapping(vocabulary: Vocabulary) -> Json:
    """Return the sections by which tables are read, and conflicts explained."""
    texts: Json = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    said: Json = {"type": ["string", "number", "boolean", "array"]}
    column = {"anyOf": [_TEXT, _object({**dict.fromkeys(COLUMN_KEYS, _TEXT), "null": texts, "separator": texts,
                                        "date": texts}, ["titles"])]}
    fact = {"type": "object", "additionalProperties": False,
            "properties": {**dict.fromkeys((*sorted(vocabulary.properties), *WORD_KEYS), said), "where": texts}}
    rule = _object({**dict.fromkeys(RULE_KEYS, texts), "type": {"enum": sorted(vocabulary.classes)},
                    "facts": {"type": "array", "items": fact}}, ["id", "type"])
    table = _object({**dict.fromkeys(TABLE_KEYS, _TEXT), "sha256": _SHA, "null": texts, "key": texts,
                     "dialect": _object(dict.fromkeys(DIALECT_KEYS, _TEXT), []),
                     "columns": {"type": "object", "additionalProperties": column},
                     "things": {"type": "array", "items": rule}}, ["file", "label", "rights", "columns", "things"])
    words = {"type": "object", "additionalProperties": _TEXT}
    return {"tables": {"type": "object", "propertyNames": _SLUG, "additionalProperties": table},
            "lookups": {"type": "object", "propertyNames": _SLUG, "additionalProperties": words},
            "conflicts": {"type": "array", "items": _object(dict.fromkeys(EXPLAINED_KEYS, texts), ["because"])}}


def _dataset(vocabulary: Vocabulary) -> Json:
    count = _object({"min": _COUNT, "max": _COUNT}, [])
    names = {"type": "array", "items": {"enum": sorted({*vocabulary.classes, *vocabulary.properties})}}

    def words(scheme: str) -> Json:
        return {"type": "array", "items": _words(vocabulary, scheme)}

    return _object({
        "id": _SLUG, "base": {"type": "string", "pattern": "^https?://.*/$"}, "title": _TEXT,
        "description": _TEXT, "language": _TEXT, "version": _TEXT, "issued": _TEXT,
        "licence": _TEXT, "creator": _TEXT, "realm": _words(vocabulary, "RealmScheme"),
        "calendar": _SLUG, "policy": _object({"basis": words("BasisScheme"),
                           "certainty": words("CertaintyScheme")}, []),
        "deprecated": {"type": "object", "additionalProperties": {"anyOf": [_TEXT, _TEXTS]}},
        "absent": names, "questions": _SLUGS, "prefer": _SLUGS, "conflicts": {"enum": list(CONFLICTS)},
        "site": {"enum": ["yes", "no", True, False]},
        "publisher": _TEXT, "previous": _TEXT,
        **{key: {"type": "string", "pattern": "^https?://"} for key in ADDRESSES},
        "availability": {"enum": list(AVAILABLE)}, "keywords": {"type": "array", "items": _TEXT},
        "themes": {"type": "array", "items": {"oneOf": [{"const": code, "description": label}
                                                        for code, label in THEMES.items()]}},
        "counts": {"type": "object", "additionalProperties": count,
                   "propertyNames": {"enum": sorted(vocabulary.classes)}}},
        list(REQUIRED))


def _object(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "properties": properties, "required": required,
            "additionalProperties": False}
