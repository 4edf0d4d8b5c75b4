"""What validation finds, and the report of it (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

WARNING = "TRT066"
SEVERITIES = {"Violation": ("violation", "TRT065"), "Warning": ("warning", WARNING),
              "Info": ("info", WARNING)}


@dataclass(frozen=True, order=True)
class Finding:
    """One result: the focus node and path it is about, the shape that fired, what to do."""

    focus: str
    path: str
    value: str
    code: str
    severity: str
    shape: str
    message: str
    component: str = ""
    """The constraint component, by its name in SHACL; none of a guard."""


@dataclass(frozen=True)
class Report:
    """All findings on a data set, sorted; it conforms when none is a violation."""

    findings: tuple[Finding, ...]
    triples: int
    shapes: int
    classes: Mapping[str, int] = field(default_factory=dict)
    """How many nodes there are of each class, by its IRI."""

    @property
    def conforms(self) -> bool:
        """Tell whether nothing has to be mended."""
        return not any(f.severity == "violation" for f in self.findings)


def report_json(report: Report) -> str:
    """Return the report as JSON."""
    findings = [{"severity": f.severity, "code": f.code, "focus": f.focus, "path": f.path,
                 "value": f.value, "shape": f.shape, "message": f.message}
                for f in report.findings]
    return json.dumps({"conforms": report.conforms, "triples": report.triples,
                       "findings": findings}, ensure_ascii=False, indent=2) + "\n"


def report_turtle(report: Report) -> str:
    """Return the report as a sh:ValidationReport in Turtle, in the order of the findings."""
    lines = ["@prefix sh: <http://www.w3.org/ns/shacl#> .", "",
             f"[] a sh:ValidationReport ;\n    sh:conforms {str(report.conforms).lower()}"]
    for f in report.findings:
        parts = [f"sh:resultSeverity sh:{f.severity.capitalize()}",
                 f"sh:resultMessage {json.dumps(f.message)}@en"]
        if f.focus.startswith("http"):
            parts.insert(0, f"sh:focusNode <{f.focus}>")
        if f.path.startswith("http"):
            parts.append(f"sh:resultPath <{f.path}>")
        if f.shape.startswith("http"):
            parts.append(f"sh:sourceShape <{f.shape}>")
        inner = " ;\n        ".join(["a sh:ValidationResult", *parts])
        lines[-1] += f" ;\n    sh:result [ {inner} ]"
    return "\n".join(lines) + " .\n"
