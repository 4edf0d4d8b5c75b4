"""Where a data set comes from: its sources with their rights, the build that made it, the years it covers."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from . import __version__
from .describe import Description, typed
from .model import Quad
from .names import ONTOLOGY, XSD, curie, english, integer, iri, literal, natural, trt
from .tally import Years


def origin_quads(described: Description) -> Iterator[Quad]:
    """Yield sources, provenance and years."""
    names = described.profile.names
    for source in described.sources:
        yield from typed(names.thing(source.id), "trt:Source", ("rdfs:label", names.text(source.label)),
                         ("dcterms:rights", names.record("about", f"rights.{source.id}")))
        yield from typed(names.record("about", f"rights.{source.id}"), "dcterms:RightsStatement",
                         ("rdfs:label", names.text(source.rights)))
    yield from _provenance(described)
    yield from _periods(described)


def _periods(described: Description) -> Iterator[Quad]:
    """Yield the years covered: those of a story world are never dcterms:temporal."""
    names = described.profile.names
    node = names.thing("dataset")
    real, stories = described.years
    if real:
        period = names.record("about", "period")
        yield from typed(period, "dcterms:PeriodOfTime", ("dcat:startDate", _year(real[0])),
                         ("dcat:endDate", _year(real[1])))
        for subject in (node, iri(described.profile.version_iri)):
            yield subject, curie("dcterms:temporal"), period, ""
    for calendar, span in stories.items():
        period = names.record("about", f"years.{local(calendar)}")
        yield from typed(period, "trt:FictionalEntity", ("rdfs:label", english(story_years(calendar, span))),
                         ("dcterms:conformsTo", calendar))
        for key, year in zip(("earliestYear", "latestYear"), span, strict=True):
            yield period, trt(key), integer(year), ""
        yield node, curie("dcterms:coverage"), period, ""


def local(calendar: str) -> str:
    """Return the last part of a term's IRI.

    >>> local("<https://example.org/x/story-years>")
    'story-years'
    """
    return calendar.strip("<>").rpartition("/")[2]


def story_years(calendar: str, span: Years) -> str:
    """Return in words what years of a story world are covered."""
    return f"years {span[0]} to {span[1]} of the calendar {local(calendar)} in a story world, not real time"


def _year(year: int) -> str:
    return literal(f"{'-' if year < 0 else ''}{abs(year):04}", datatype=XSD + "gYear")


def _provenance(described: Description) -> Iterator[Quad]:
    """Yield the build: what it used, and the tool that did it."""
    names = described.profile.names
    activity, tool = names.record("about", "build"), iri(f"https://w3id.org/treatyrdf/tool/{__version__}")
    for node in (names.thing("dataset"), iri(described.profile.version_iri)):
        yield node, curie("prov:wasGeneratedBy"), activity, ""
    used = {names.record("curated", quote(file.name)): file for file in described.curated}
    yield from typed(activity, "prov:Activity", ("rdfs:label", english("treatyrdf build")),
                     ("prov:wasAssociatedWith", tool),
                     ("prov:used", iri(f"{ONTOLOGY}/{described.ontology}")),
                     *(("prov:used", node) for node in used))
    yield from typed(tool, "prov:SoftwareAgent", ("rdfs:label", english(f"treatyrdf {__version__}")),
                     ("schema:softwareVersion", literal(__version__)))
    for node, file in used.items():
        yield from typed(node, "prov:Entity", ("rdfs:label", literal(file.name)),
                         ("dcat:byteSize", natural(file.bytes)), ("trt:sha256", literal(file.sha256)))
