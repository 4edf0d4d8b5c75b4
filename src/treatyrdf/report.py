"""Problems as values for programs: JSON, and SARIF 2.1.0 for editors and CI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import __version__
from .errors import Problem


def problems_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems as plain objects."""
    return [{"file": p.position.path, "line": p.position.line, "column": p.position.column,
             "code": p.code, "problem": p.what, "remedy": p.remedy} for p in problems]


def problems_sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """Return problems as a SARIF log (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""
    results = []
    for p in problems:
        place: dict[str, Any] = {"artifactLocation": {"uri": p.position.path}}
        if p.position.line:
            place["region"] = {"startLine": p.position.line,
                               "startColumn": max(p.position.column, 1)}
        results.append({"ruleId": p.code, "level": "error",
                        "message": {"text": f"{p.what}; {p.remedy}"},
                        "locations": [{"physicalLocation": place}]})
    driver = {"name": "treatyrdf", "version": __version__,
              "rules": [{"id": code} for code in sorted({p.code for p in problems})]}
    return {"version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "runs": [{"tool": {"driver": driver}, "results": results}]}
