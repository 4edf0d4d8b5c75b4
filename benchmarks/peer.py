"""What the peers do with triples, run by their own Python; prints seconds and counts as JSON.

peer.py dumps DATA.nt OUT SHAPES.ttl…     one graph, read once: pySHACL, then Turtle and JSON-LD by rdflib
peer.py shacl DATA.nt ABOVE.nt SHAPES.ttl…   pySHACL alone; ABOVE has the subclass triples that shapes need
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from pyshacl import validate
from rdflib import RDF, SH, Graph, URIRef


def read(*paths: str) -> Graph:
    """Return the triples of files."""
    graph = Graph()
    for path in paths:
        graph.parse(path, format="nt" if path.endswith(".nt") else "turtle")
    return graph


def main() -> None:
    """Do one of the two, and print what it took."""
    verb, data, other, *shapes = sys.argv[1:]
    clock = [time.perf_counter()]
    graph = read(data) if verb == "dumps" else read(data, other)
    shapes_graph = read(*shapes)
    clock.append(time.perf_counter())
    _, results, _ = validate(graph, shacl_graph=shapes_graph, inference="none", advanced=False, do_owl_imports=False,
                             meta_shacl=False, js=False)
    clock.append(time.perf_counter())
    if verb == "dumps":
        graph.serialize(Path(other) / "peer.ttl", format="turtle")
        graph.serialize(Path(other) / "peer.jsonld", format="json-ld")
        clock.append(time.perf_counter())
    found = len({(results.value(node, SH.focusNode), shape if isinstance(shape, URIRef) else None)
                 for node in results.subjects(RDF.type, SH.ValidationResult)
                 for shape in results.objects(node, SH.sourceShape)})
    print(json.dumps({"seconds": [b - a for a, b in pairwise(clock)],
                      "findings": found, "triples": len(graph)}))


if __name__ == "__main__":
    main()
