"""Quads -> the bytes of every dump: N-Quads (normative), TriG, Turtle, N-Triples, JSON-LD, RDF 1.2."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b

from .content import Files, digest
from .jsonld import Json, JsonLd
from .model import Quad
from .names import Names
from .turtle import Piece, Pieces, Writer, head


def nquads(quads: Iterable[Quad]) -> str:
    """Return sorted N-Quads lines; without blank nodes that is the RDFC-1.0 canonical form.

    https://www.w3.org/TR/rdf-canon/#canonical-quads
    """
    return "".join(nquad_lines(sorted(set(quads))))


def nquad_lines(quads: Iterable[Quad]) -> Iterator[str]:
    """Yield the N-Quads line of each quad."""
    return (f"{s} {p} {o} {g} .\n" for s, p, o, g in quads)


def fingerprint(lines: Iterable[bytes]) -> int:
    """Return a number that is the same for the same lines in any order."""
    return sum(int.from_bytes(blake2b(line, digest_size=16).digest()) for line in lines)


def ntriples(quads: Iterable[Quad]) -> str:
    """Return sorted N-Triples lines of the union of all graphs."""
    return "".join(sorted({f"{s} {p} {o} .\n" for s, p, o, _ in quads}))


class Dumps:
    """The files that hold a data set, each written slice by slice."""

    def __init__(self, names: Names, context: Json, title: str) -> None:
        """Keep what all slices share; `context` is the one of JSON-LD."""
        self.names, self.title, self.json = names, title, JsonLd(names, context)
        self.writer = Writer(names.prefixes, names.base)
        name = names.dataset
        self.sorted = frozenset({f"{name}.nq", f"{name}-facts.nt"})
        """Files whose lines are sorted and told once, over all slices."""
        self.titles = {f"{name}.trig": "named graphs", f"{name}.ttl": "facts, claims and sources",
                       f"{name}-facts.ttl": "the plain facts", f"{name}-rdf12.ttl": "RDF 1.2"}

    def pieces(self, quads: Sequence[Quad]) -> dict[str, Piece]:
        """Return what a slice, its quads sorted, gives to each file, by the name of the file."""
        facts, name = self.names.graph("facts"), self.names.dataset
        self.writer.shrink()
        written = Pieces(quads, self.writer)
        return {
            f"{name}.nq": (frozenset(), " .\n".join([*map(" ".join, quads), ""])),
            f"{name}.trig": written.trig(),
            f"{name}.ttl": written.union.piece(),
            f"{name}.jsonld": self.json.piece(written.union.nodes),
            f"{name}-facts.ttl": written.graph(facts),
            f"{name}-facts.nt": (frozenset(), "".join([f"{s} {p} {o} .\n" for s, p, o, g in quads if g == facts])),
            f"{name}-rdf12.ttl": written.rdf12.piece(),
        }

    def frame(self, file: str, used: Iterable[str]) -> tuple[str, str, str]:
        """Return what comes before, between and after the pieces of a file."""
        if file in self.titles:
            return head(f"{self.title}: {self.titles[file]}", self.names.prefixes, used), "", ""
        return self.json.frame(used) if file.endswith(".jsonld") else ("", "", "")

    def whole(self, pieces: Mapping[str, Piece]) -> dict[str, str]:
        """Return the files of a single slice."""
        frames = {file: self.frame(file, used) for file, (used, _) in pieces.items()}
        return {file: f"{frames[file][0]}{text}{frames[file][2]}" for file, (_, text) in pieces.items()}


def write_dumps(quads: Sequence[Quad], names: Names, context: Json, title: str) -> dict[str, str]:
    """Return the text of every dump by its file name."""
    dumps = Dumps(names, context, title)
    return dumps.whole(dumps.pieces(sorted({*quads})))


def sums(files: Files) -> bytes:
    """Return the lines of SHA256SUMS for files by their content."""
    return sum_lines({name: digest(content) for name, content in files.items()})


def sum_lines(digests: Mapping[str, str]) -> bytes:
    """Return the lines of SHA256SUMS for files by their sums, as `sha256sum --check` reads them."""
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()
