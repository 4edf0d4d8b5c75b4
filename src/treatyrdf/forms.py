"""The same description for others: schema.org JSON-LD, CITATION.cff and a data package of the answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .compression import CODECS
from .dcat import MEDIA, content
from .describe import Answer, Description
from .origin import story_years
from .packing import document
from .profile import NOTICE, Profile

Json = dict[str, Any]
_LINKS = ("url", "license", "contentUrl", "isBasedOn", "includedInDataCatalog", "sameAs")
_FIELDS: Mapping[str, Json] = {"iri": {"type": "string", "format": "uri"}, "integer": {"type": "integer"},
                               "boolean": {"type": "boolean"}, "string": {"type": "string"}}


def dataset_jsonld(described: Description) -> str:
    """Return a schema.org Dataset as dataset searches want it, with its context inside.

    https://developers.google.com/search/docs/appearance/structured-data/dataset
    """
    profile = described.profile
    header, names = profile.header, profile.names
    agent = {"@type": "Organization", "name": str(header.creator)}
    value: Json = {
        "@context": {"@vocab": "https://schema.org/", **{key: {"@type": "@id"} for key in _LINKS}},
        "@id": profile.iri, "@type": "Dataset", "name": str(header.title), "description": _long(described),
        "url": profile.landing, "identifier": profile.version_iri, "version": str(header.version),
        "datePublished": str(header.issued), "dateModified": str(header.issued),
        "inLanguage": str(header.language), "license": str(header.licence), "isAccessibleForFree": True,
        "keywords": list(profile.keywords), "creator": agent,
        "publisher": {"@type": "Organization", "name": profile.publisher, "url": profile.contact},
        "includedInDataCatalog": {"@id": names.record("about", "catalog")[1:-1], "@type": "DataCatalog",
                                  "name": str(header.title), "url": profile.landing},
        "isBasedOn": [{"@id": names.thing(s.id)[1:-1], "@type": "CreativeWork", "name": str(s.label),
                       "copyrightNotice": str(s.rights)} for s in described.sources],
        "size": {"@type": "QuantitativeValue", "value": described.statistics[""].triples,
                 "unitText": "triples"},
        "variableMeasured": [*_measures(described), *_stories(described)],
        "distribution": [{
            "@id": names.record("file", f.name)[1:-1], "@type": "DataDownload", "name": f.name,
            "description": content(f.name), "contentUrl": profile.download(f.name),
            "encodingFormat": _formats(f.name), "contentSize": f"{f.bytes} B",
            "sha256": f.sha256} for f in described.files]}
    if profile.fictional:
        value["usageInfo"] = {"@type": "CreativeWork", "text": NOTICE}
    if real := described.years[0]:
        value["temporalCoverage"] = f"{_iso(real[0])}/{_iso(real[1])}"
    return _json(value)


def citation_cff(described: Description) -> str:
    """Return CITATION.cff 1.2.0 (https://citation-file-format.github.io/)."""
    import yaml

    profile = described.profile
    header = profile.header
    licence = ({"license": profile.licence_id} if profile.licence_id else
               {"license-url": str(header.licence)})
    value = {
        "cff-version": "1.2.0", "message": "If you use this data set, please cite it as below.",
        "type": "dataset", "title": str(header.title), "abstract": str(header.description),
        "authors": [{"name": str(header.creator)}], "version": str(header.version),
        "date-released": str(header.issued), **licence, "keywords": list(profile.keywords),
        "url": profile.landing,
        "identifiers": [{"type": "url", "value": profile.version_iri, "description": "this version"},
                        {"type": "url", "value": profile.iri, "description": "whatever version"}]}
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=100)
    return text


def datapackage(profile: Profile, sources: Sequence[tuple[str, str]], answers: Sequence[Answer]) -> str:
    """Return a data package of the CSV answers; `sources` are labels and IRIs.

    https://specs.frictionlessdata.io/tabular-data-package/
    """
    header = profile.header
    licence = {"name": profile.licence_id} if profile.licence_id else {}
    return _json({
        "profile": "tabular-data-package", "name": str(header.id), "id": profile.version_iri,
        "title": str(header.title), "description": str(header.description), "version": str(header.version),
        "created": f"{header.issued}T00:00:00Z", "homepage": profile.landing,
        "keywords": list(profile.keywords), "licenses": [{**licence, "path": str(header.licence)}],
        "contributors": [{"title": str(header.creator), "role": "author"},
                         {"title": profile.publisher, "role": "publisher"}],
        "sources": [{"title": label, "path": address} for label, address in sources],
        "resources": [{
            "profile": "tabular-data-resource", "name": a.name, "path": a.file.name, "title": a.question,
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": a.file.bytes,
            "hash": f"sha256:{a.file.sha256}",
            "schema": {"fields": [{"name": name, **_FIELDS[kind]} for name, kind in a.columns]}}
            for a in answers]})


def _formats(name: str) -> str | list[str]:
    """Return the media type of a file; of a compressed one, that of what it holds and its own."""
    told = document(name)
    media = MEDIA[told.dump.rpartition(".")[2]][0]
    return [media, CODECS[told.compress].media] if told.compress else media


def _long(described: Description) -> str:
    """Return a description of at least 50 and at most 5000 characters, as dataset searches want it."""
    words = str(described.profile.header.description)
    if len(words) < 50:
        words += f" {described.profile.header.title}: cited facts, with provenance for every statement."
    return words if len(words) <= 5000 else words[:4999] + "…"


def _measures(described: Description) -> Iterator[Json]:
    for m in described.quality:
        if m.of == "dataset":
            yield {"@type": "PropertyValue", "name": m.metric, "value": m.value}


def _stories(described: Description) -> Iterator[Json]:
    """Yield the years of a story world; dataset searches must not take them for real ones."""
    for calendar, span in described.years[1].items():
        yield {"@type": "PropertyValue", "name": "years in the story world", "minValue": span[0],
               "maxValue": span[1], "description": story_years(calendar, span)}


def _iso(year: int) -> str:
    return f"{'-' if year < 0 else ''}{abs(year):04}"


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
