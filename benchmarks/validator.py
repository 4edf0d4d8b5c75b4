"""One of this project's validators on N-Triples; prints seconds (to read, index, validate) and findings as JSON.

validator.py NAME DATA.nt SHAPES.ttl…     NAME: pyshacl, compiled, or what `Tester` knows
"""

from __future__ import annotations

import gc
import inspect
import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from treatyrdf.files import ontology_files
from treatyrdf.triples import Triples
from treatyrdf.validate import Tester
from treatyrdf.vocabulary import read_vocabulary


def main() -> None:
    """Validate once, and print what it took."""
    name, data, *shapes = sys.argv[1:]
    known = "validator" in inspect.signature(Tester).parameters
    if not known and name != "pyshacl":
        raise SystemExit(f"no validator is called {name}")
    more = {"validator": name} if known else {}
    clock = [time.perf_counter()]
    tester = Tester([Path(p) for p in shapes], read_vocabulary(ontology_files()), **more)
    if tester.broken:  # such shapes are reported and nothing is validated, which would look fast
        raise SystemExit(f"the shapes are broken: {tester.broken[0].value}")
    lines = Path(data).read_text(encoding="utf-8").splitlines(keepends=True)
    # A term of many triples is one string, as it is one value in rdflib's graph.
    triples = sorted({tuple(map(sys.intern, line[:-3].split(" ", 2))) for line in lines})
    gc.disable()  # as a build does while it works on a slice
    clock.append(time.perf_counter())
    given = Triples(triples)
    clock.append(time.perf_counter())
    seen = tester.test(given)
    clock.append(time.perf_counter())
    print(json.dumps({"seconds": [b - a for a, b in pairwise(clock)],
                      "findings": len({(f.focus, f.shape) for f in seen.findings}), "triples": seen.triples}))


if __name__ == "__main__":
    main()
