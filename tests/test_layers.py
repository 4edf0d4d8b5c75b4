"""The layers of the design, read from the imports themselves."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parent.parent / "src" / "treatyrdf"

LAYERS = [
    {"errors", "ledger"},
    {"model", "when"},
    {"names", "tree", "vocabulary", "compression", "content", "packing", "things", "entry", "network", "predicates", "negotiate", "triples", "xsd"},
    {"files"},
    {"folded"},
    # stages: none may import another, but for the parts a stage is made of
    {"read", "claims", "values", "reasons", "chronology", "states", "graph", "provenance", "turtle", "jsonld", "dump", "syntax", "readback", "describe",
     "validate", "ask", "answer", "schema", "coverage", "query", "report", "explain", "show", "new", "constraints", "evidence", "wording", "sentence", "spans", "remote", "load",
     "timeline", "chart", "picture", "drawing", "figures", "layered",
     "edition", "evolution", "rows", "compare", "changes", "verify", "release",
     "headers", "patterns", "apache", "nginx", "hosting", "documents", "service", "engine", "pool", "protocol", "serve",
     "header", "profile", "census", "quality", "dcat", "void", "origin", "forms", "endpoint",
     "reference", "terms", "usage", "shapes", "english", "index", "editor",
     "formats", "tabular", "spelling", "rules", "mapping", "cells", "typed", "sheet", "naming", "gather", "conflicts", "pairs", "survey", "propose",
     "tally", "results", "guards", "judge", "parameters", "components", "joins", "selects", "compiled"},
    {"groups"},
    {"slices", "splitting", "workers"},
    {"worked"},
    {"shelf"},
    {"parts"},
    {"cluster"},
    {"publish"},
    {"findings", "replies"},
    {"site"},
    {"views", "snippet"},
    {"render"},
    {"pages", "fronts"},
    {"website"},
    {"build"},
    {"library"},
    {"terminal"},
    {"apart"},
    {"lookup", "loading", "releasing", "disputing", "mapper"},
    {"online"},
    {"cli"},
    {"__main__"},
]
PARTS = {
    ("tabular", "formats"), ("mapping", "spelling"), ("mapping", "formats"), ("mapping", "rules"), ("rules", "spelling"), ("rules", "formats"), ("cells", "rules"), ("typed", "values"), ("typed", "wording"),  # tables
    ("sheet", "cells"), ("sheet", "formats"), ("sheet", "rules"), ("sheet", "tabular"), ("naming", "cells"), ("naming", "ledger"), ("naming", "rules"), ("naming", "sheet"),
    ("gather", "cells"), ("gather", "naming"), ("gather", "rules"), ("gather", "sheet"), ("gather", "typed"),
    ("read", "gather"), ("read", "mapping"), ("conflicts", "graph"), ("conflicts", "reasons"), ("pairs", "conflicts"), ("pairs", "reasons"), ("pairs", "values"),
    ("survey", "formats"), ("survey", "spelling"), ("survey", "tabular"), ("propose", "survey"),
    ("validate", "compiled"), ("validate", "guards"), ("validate", "judge"), ("validate", "results"), ("guards", "results"), ("judge", "compiled"), ("judge", "guards"), ("judge", "results"),
    ("compiled", "components"), ("compiled", "parameters"), ("compiled", "selects"), ("components", "parameters"), ("selects", "joins"), ("selects", "parameters"), ("joins", "parameters"),   # validate
    ("load", "remote"),                                                      # loading
    ("claims", "values"), ("claims", "reasons"), ("reasons", "values"),      # claims
    ("claims", "evidence"), ("values", "wording"),
    ("chronology", "constraints"), ("constraints", "reasons"), ("constraints", "wording"),
    ("chronology", "reasons"), ("states", "chronology"), ("states", "graph"), ("states", "reasons"),
    ("spans", "states"), ("spans", "reasons"), ("spans", "values"),                           # time
    ("dump", "turtle"), ("readback", "syntax"), ("dump", "jsonld"), ("jsonld", "turtle"), ("documents", "jsonld"), ("describe", "dump"),                                # dump
    ("describe", "graph"), ("describe", "conflicts"), ("tally", "conflicts"), ("quality", "tally"), ("describe", "tally"), ("origin", "tally"), ("provenance", "graph"), ("census", "graph"), ("quality", "graph"),  # the same predicates
    ("read", "header"), ("schema", "header"), ("schema", "mapping"), ("schema", "read"), ("new", "schema"),            # the authoring keys
    # description: one value, made from its parts and written in many forms
    ("profile", "header"), ("quality", "results"),
    ("describe", "profile"), ("describe", "census"), ("describe", "quality"), ("describe", "results"),
    ("void", "describe"), ("void", "census"), ("origin", "describe"), ("origin", "profile"),
    ("dcat", "describe"), ("dcat", "profile"), ("dcat", "quality"), ("dcat", "void"), ("dcat", "origin"), ("dcat", "turtle"),
    ("forms", "describe"), ("forms", "profile"), ("forms", "dcat"), ("forms", "origin"),
    ("endpoint", "describe"), ("endpoint", "profile"), ("endpoint", "dcat"), ("endpoint", "void"), ("endpoint", "turtle"),
    ("answer", "ask"), ("answer", "values"), ("answer", "provenance"), ("query", "ask"),               # ask
    ("explain", "answer"), ("explain", "provenance"), ("show", "answer"),
    ("documents", "dump"), ("documents", "turtle"), ("service", "endpoint"),                           # serve
    ("protocol", "ask"), ("protocol", "engine"), ("protocol", "pool"), ("serve", "headers"),
    ("headers", "dcat"), ("patterns", "documents"), ("hosting", "apache"), ("hosting", "headers"), ("hosting", "nginx"), ("hosting", "profile"),  # hosting
    ("apache", "documents"), ("apache", "headers"), ("apache", "patterns"), ("apache", "profile"),
    ("nginx", "documents"), ("nginx", "headers"), ("nginx", "patterns"), ("nginx", "profile"),
    ("serve", "documents"), ("serve", "engine"), ("serve", "pool"), ("serve", "protocol"), ("serve", "service"),
    ("edition", "ask"), ("evolution", "edition"), ("rows", "edition"), ("rows", "ask"),                # compare
    ("compare", "edition"), ("compare", "evolution"), ("compare", "rows"), ("changes", "compare"), ("changes", "edition"),
    ("verify", "edition"), ("verify", "ask"), ("verify", "dump"), ("release", "dcat"), ("release", "dump"),
    ("reference", "terms"), ("reference", "usage"), ("terms", "usage"), ("usage", "graph"),                      # reference
    ("shapes", "english"), ("shapes", "reference"), ("shapes", "terms"), ("english", "terms"),
    ("sentence", "answer"), ("sentence", "values"), ("timeline", "answer"),
    ("chart", "timeline"), ("drawing", "ask"), ("drawing", "chart"), ("drawing", "figures"), ("drawing", "layered"),
    ("picture", "answer"), ("picture", "ask"), ("picture", "drawing"), ("picture", "figures"),
    ("picture", "provenance"), ("picture", "timeline"),                                                # pictures
    ("editor", "ask"), ("editor", "documents"), ("picture", "reasons"),                                                                                # site
}


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.module for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.level == 1 and node.module}


@pytest.mark.parametrize("path", sorted(SRC.glob("*.py")), ids=lambda p: p.stem)
def test_imports_point_down(path: Path) -> None:
    if path.stem == "__init__":
        return
    rank = next(n for n, layer in enumerate(LAYERS) if path.stem in layer)
    for name in imports(path):
        other = next(n for n, layer in enumerate(LAYERS) if name in layer)
        assert other < rank or (path.stem, name) in PARTS or (other == rank and rank in (1, 2)), (
            f"{path.stem} imports {name}")


def test_no_module_is_long() -> None:
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in SRC.glob("*.py")}
    assert not {name: n for name, n in lengths.items() if n > 300}


def test_heavy_packages_are_imported_where_used() -> None:
    heavy = {"rdflib", "pyshacl", "pyoxigraph", "yaml", "rich", "httpx", "starlette", "uvicorn", "pyspark", "py4j",
             "zstandard"}
    for path in SRC.glob("*.py"):
        if path.stem in {"show", "engine", "protocol", "serve"}:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            assert heavy.isdisjoint(n.split(".")[0] for n in names), path.name
