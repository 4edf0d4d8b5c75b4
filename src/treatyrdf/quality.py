"""What the build measures of a data set, in DQV (https://www.w3.org/TR/vocab-dqv/).

Each metric can be worked out again from the dump; its definition says how.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .graph import LABEL, TYPE
from .model import Quad
from .names import XSD, Names, curie, english, iri, literal
from .results import Report
from .tally import Tally

_DIMENSIONS = "http://www.w3.org/2016/05/ldqd#"


@dataclass(frozen=True)
class Metric:
    """One thing that is measured: label, definition, quality dimension and datatype of its values."""

    label: str
    definition: str
    dimension: str
    datatype: str


METRICS: Mapping[str, Metric] = {
    "passages": Metric("passages", "Passages of the sources, each with offsets and hash.", "completeness",
                       "integer"),
    "passage-coverage": Metric(
        "passage coverage", "Share of the passages that are the evidence of a claim or a silence.",
        "completeness", "decimal"),
    "claims": Metric("claims", "Nodes of class trt:Claim.", "completeness", "integer"),
    "claims-with-work": Metric(
        "claims that cite a work", "Claims whose evidence has a citation that names a work.",
        "trustworthiness", "integer"),
    "primary-citation": Metric(
        "share with a primary citation", "Claims that cite a work, as a share of all claims.",
        "trustworthiness", "decimal"),
    "silences": Metric("silences", "Nodes of class trt:Silence: what a source says nothing of.",
                       "completeness", "integer"),
    "open-conflicts": Metric(
        "open conflicts", "Nodes of class trt:Conflict that are open: claims that cannot all hold.",
        "consistency", "integer"),
    "conflicts": Metric("conflicts", "Nodes of class trt:Conflict, whatever was decided.", "consistency", "integer"),
    "conforms": Metric("conforms to the shapes", "Whether the dump has no violation of the SHACL shapes.",
                       "syntacticValidity", "boolean"),
    "shapes": Metric("shapes", "Shapes that the dump was held against.", "syntacticValidity", "integer"),
    "claims-of-source": Metric(
        "claims that rest on a source", "Claims and silences with a passage of the source as evidence.",
        "trustworthiness", "integer"),
}


@dataclass(frozen=True)
class Measure:
    """One measurement: the metric's key, the local name of what was measured, the lexical value."""

    metric: str
    of: str
    value: str

    @property
    def key(self) -> str:
        """Return the local name of the measurement."""
        return f"quality.{self.metric}" + ("" if self.of == "dataset" else f".{self.of}")


def measure(tally: Tally, report: Report) -> tuple[Measure, ...]:
    """Return every measurement of a data set and of its sources."""
    found = {
        "passages": str(tally.passages), "passage-coverage": share(tally.covered, tally.passages),
        "claims": str(tally.claims), "claims-with-work": str(tally.cited),
        "primary-citation": share(tally.cited, tally.claims), "silences": str(tally.silences),
        "open-conflicts": str(tally.open), "conflicts": str(tally.conflicts),
        "conforms": str(report.conforms).lower(), "shapes": str(report.shapes)}
    return (*(Measure(key, "dataset", value) for key, value in found.items()),
            *(Measure("claims-of-source", source, str(n)) for source, n in tally.resting.items()))


def share(part: int, whole: int) -> str:
    """Return a share as a canonical xsd:decimal of at most four places; all of nothing is 1.

    >>> share(1, 3), share(21, 21), share(0, 0), share(1, 2)
    ('0.3333', '1.0', '1.0', '0.5')
    """
    tens = 10_000 if part == whole else 10_000 * part // whole
    return f"{tens // 10_000}.{f'{tens % 10_000:04}'.rstrip('0') or '0'}"


def quality_quads(measures: Iterable[Measure], names: Names) -> Iterator[Quad]:
    """Yield the measurements and the metrics they are of."""
    graph = names.graph("dataset")
    measures = tuple(measures)
    for m in measures:
        node, of = names.record("about", m.key), names.thing(m.of)
        metric = METRICS[m.metric]
        yield of, curie("dqv:hasQualityMeasurement"), node, graph
        yield node, TYPE, curie("dqv:QualityMeasurement"), graph
        yield node, curie("dqv:computedOn"), of, graph
        yield node, curie("dqv:isMeasurementOf"), curie(f"trq:{m.metric}"), graph
        yield node, curie("dqv:value"), literal(m.value, datatype=XSD + metric.datatype), graph
    for key in sorted({m.metric for m in measures}):
        node, metric = curie(f"trq:{key}"), METRICS[key]
        yield node, TYPE, curie("dqv:Metric"), graph
        yield node, LABEL, english(metric.label), graph
        yield node, curie("skos:definition"), english(metric.definition), graph
        yield node, curie("dqv:inDimension"), iri(_DIMENSIONS + metric.dimension), graph
        yield node, curie("dqv:expectedDataType"), iri(XSD + metric.datatype), graph
