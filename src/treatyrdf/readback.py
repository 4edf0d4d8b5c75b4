"""The dumps of a slice, read back with a parser that is not ours: they say what its quads say, no more and no less.

A slice says few things of many subjects: of a hundred thousand statements fewer than a fifth differ in more than the
subject. So a document is cut into nodes and these into lines; each subject and each line is parsed once, behind the
head of the document. Both are whole tokens, so they are read alike wherever they stand, and what the lines of a node
say together can be compared with the quads. The same holds for lines of N-Quads, which are four terms each. A data
set of a single slice is read whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, count, groupby, islice
from operator import itemgetter

from .errors import RunError
from .model import Quad
from .names import Names, curie
from .syntax import JSONLD, RDF12, TRIG, TURTLE, Form, UnlikeError

_REIFIES = f"{curie('rdf:reifies')} <<( "
_STATEMENT = tuple(curie(f"rdf:{name}") for name in ("subject", "predicate", "object"))

Node = tuple[str, frozenset[int]]
"""A subject, and the numbers of what is said of it."""
Graphs = Mapping[str, Mapping[str, frozenset[int]]]
"""The nodes of each graph; where a document has no named graphs, of the one without a name."""


def read_back(dumps: Mapping[str, str], quads: Sequence[Quad], names: Names) -> None:
    """Compare every dump of a slice with its quads, which are sorted; raises RunError on a difference."""
    name, facts, pairs = names.dataset, names.graph("facts"), Pairs()
    graphs = pairs.graphs(quads)
    union, known = {"": _union(graphs)}, Known()
    for file, form, expected in ((f"{name}.ttl", TURTLE, union), (f"{name}-rdf12.ttl", RDF12, union),
                                 (f"{name}.trig", TRIG, graphs), (f"{name}.jsonld", JSONLD, union),
                                 (f"{name}-facts.ttl", TURTLE, {"": graphs.get(facts, {})})):
        try:
            found, learned = known.read(dumps[file], form, pairs)
        except (SyntaxError, UnlikeError) as error:
            raise _differs(file, f": {error}") from None
        if found != expected:
            raise _differs(file, f" as the same graph: {min(pairs.told(found) ^ pairs.told(expected))}")
        known = known if known.context else learned
    _read_terms(f"{name}.nq", quads)
    _read_lines(f"{name}.nq", dumps[f"{name}.nq"], [*map(" ".join, quads)])
    _read_lines(f"{name}-facts.nt", dumps[f"{name}-facts.nt"],
                [f"{s} {p} {o}" for s, p, o, graph in quads if graph == facts])


def read_whole(dumps: Mapping[str, str], quads: Sequence[Quad], names: Names) -> None:
    """Parse every dump as it stands and compare it with the quads of a slice; raises RunError on a difference.

    It is slower than `read_back` and supposes nothing of how the dumps are written: it judges that.
    """
    name, graph = names.dataset, names.graph("facts")
    all_, union = {" ".join(quad) for quad in quads}, {" ".join(quad[:3]) for quad in quads}
    facts = {" ".join(quad[:3]) for quad in quads if quad[3] == graph}
    for file, form, expected in ((f"{name}.ttl", "TURTLE", union), (f"{name}-rdf12.ttl", "TURTLE", union),
                                 (f"{name}.trig", "TRIG", all_), (f"{name}.jsonld", "JSON_LD", union),
                                 (f"{name}-facts.ttl", "TURTLE", facts), (f"{name}.nq", "N_QUADS", all_),
                                 (f"{name}-facts.nt", "N_TRIPLES", facts)):
        try:
            found = {*_parsed(dumps[file], form)}
        except SyntaxError as error:
            raise _differs(file, f": {error}") from None
        if file.endswith("-rdf12.ttl"):
            found = {triple for line in found for triple in _unquoted(line)}
        if found != expected:
            raise _differs(file, f" as the same graph: {min(found ^ expected)}")


def _unquoted(line: str) -> Iterator[str]:
    """Yield a triple, or in place of one with rdf:reifies the three that it stands for."""
    node, reifies, quoted = line.partition(f" {_REIFIES}")
    if reifies:
        terms = quoted.removesuffix(" )>>").split(" ", 2)
        yield from (f"{node} {predicate} {term}" for predicate, term in zip(_STATEMENT, terms, strict=True))
    else:
        yield line


def _union(graphs: Graphs) -> Mapping[str, frozenset[int]]:
    """Return what graphs say together."""
    found: dict[str, frozenset[int]] = {}
    for said in graphs.values():
        for subject, numbers in said.items():
            found[subject] = found[subject] | numbers if subject in found else numbers
    return found


def _differs(file: str, how: str) -> RunError:
    return RunError.of("TRT090", file, f"does not read back{how}", "report this; nothing was written")


def _read_lines(file: str, text: str, lines: Sequence[str]) -> None:
    """Compare a text with the lines that it should have."""
    if text != _ended(lines):
        odd = {*text.split("\n")} ^ {*_ended(lines).split("\n")}
        raise _differs(file, f" as the same graph: {min(odd, default='its lines are not in order')}")


def _read_terms(file: str, quads: Sequence[Quad]) -> None:
    """Parse every term once; of whole terms with spaces between each is read alike in every line."""
    names = {*chain.from_iterable(map(itemgetter(0, 1, 3), quads))}
    lines = [f"<urn:of> <urn:term> {term}" for term in dict.fromkeys(chain.from_iterable(quads))]
    try:
        found = _parsed(_ended(lines), "N_QUADS")
    except SyntaxError as error:
        raise _differs(file, f": {error}") from None
    if found != lines or not all(name[0] == "<" for name in names):
        odd = {*found} ^ {*lines} or {name for name in names if name[0] != "<"}
        raise _differs(file, f" as the same graph: {min(odd)}")


def _ended(lines: Sequence[str]) -> str:
    return " .\n".join([*lines, ""])


def _parsed(text: str, form: str) -> list[str]:
    """Return statements as lines of N-Quads without their ends; only LF ends a line, U+2028 does not."""
    import pyoxigraph as ox

    found = ox.serialize(ox.parse(text.encode(), format=getattr(ox.RdfFormat, form)), format=ox.RdfFormat.N_QUADS)
    return (found or b"").decode().split(" .\n")[:-1]


class Pairs(defaultdict[str, int]):
    """The numbers of predicates with a value."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__(count().__next__)

    def graphs(self, quads: Sequence[Quad]) -> Graphs:
        """Return what sorted quads say."""
        found: dict[str, dict[str, frozenset[int]]] = {}
        for subject, rows in groupby(quads, itemgetter(0)):
            about = [*rows]
            graphs = {*map(itemgetter(3), about)}
            for graph in graphs:
                own = about if len(graphs) == 1 else [quad for quad in about if quad[3] == graph]
                said = map(" ".join, map(itemgetter(1, 2), own))
                found.setdefault(graph, {})[subject] = frozenset(map(self.__getitem__, said))
        return found

    def told(self, graphs: Graphs) -> set[str]:
        """Return what graphs say as text."""
        texts = {number: pair for pair, number in self.items()}
        return {f"{subject} {texts[n]} {graph}".rstrip() for graph, said in graphs.items()
                for subject, numbers in said.items() for n in numbers}

    def quoted(self, statement: str) -> tuple[int, ...]:
        """Return the number of a statement, or those of the three that a quoted one stands for."""
        if not statement.startswith(_REIFIES):
            return (self[statement],)
        terms = statement.removeprefix(_REIFIES).removesuffix(" )>>").split(" ", 2)
        return tuple(self[f"{predicate} {term}"] for predicate, term in zip(_STATEMENT, terms, strict=True))


@dataclass(frozen=True)
class Known:
    """What was read in a document; it is known in the next one where nothing else can be meant."""

    context: Mapping[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    """The subjects and names of graphs."""
    lines: dict[str, tuple[int, ...]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def read(self, text: str, form: Form, pairs: Pairs) -> tuple[Graphs, Known]:
        """Return what a document says, and all that is known then."""
        head, graphs = form.cut(text)
        context = form.context(head)
        before = self if self.context and self.context.items() <= context.items() else Known()
        known = Known(context, {**before.terms}, {**before.lines}, {**before.nodes})
        new = {n: form.lines(n) for _, nodes in graphs for n in nodes if n not in before.nodes}
        lines = [*chain.from_iterable(map(itemgetter(1), new.values()))]
        known._learn(form, pairs, head, [name for name, _ in graphs], map(itemgetter(0), new.values()), lines)
        form.check(new.values(), known.lines)
        numbers = known.lines.__getitem__
        for node, (subject, told) in new.items():
            known.nodes[node] = known.terms[subject], frozenset(chain.from_iterable(map(numbers, told)))
        said = {known.terms.get(name, ""): dict(map(known.nodes.__getitem__, nodes)) for name, nodes in graphs}
        if sum(map(len, said.values())) != sum(len(nodes) for _, nodes in graphs):
            raise UnlikeError("something has two nodes")
        if sum(map(len, map(numbers, lines))) != sum(len(known.nodes[node][1]) for node in new):
            raise UnlikeError("something is said twice")
        return said, known

    def _learn(self, form: Form, pairs: Pairs, head: str, names: Sequence[str],
               subjects: Iterable[str], lines: Iterable[str]) -> None:
        """Parse graph names, subjects and lines that are new, any line behind any subject; keep what each means."""
        subjects = [subject for subject in dict.fromkeys(subjects) if subject not in self.terms]
        lines = [line for line in dict.fromkeys(lines) if line not in self.lines]
        if not all(map(form.line.fullmatch, lines)) or not all(map(form.subject.fullmatch, subjects)):
            odd = (text for form_, texts in ((form.line, lines), (form.subject, subjects))
                   for text in texts if not form_.fullmatch(text))
            raise UnlikeError(f"this is not one statement: {next(odd)}")
        some = [*lines[:1], *islice(self.lines, 1)][:1]
        subjects += [form.written(f"urn:line:{n}") for n in range(len(subjects), len(lines))]
        lines += some * (len(subjects) - len(lines))
        first = [(form.written("urn:line"), line) for line in some]
        graphs = [(name, first if place else [*first, *zip(subjects, lines, strict=True)])
                  for place, name in enumerate(names)]
        entries = [(name, *entry) for name, entries in graphs for entry in entries]
        found = [*_told(_parsed(form.made(head, graphs), form.format), form, pairs)]
        if len(found) != len(entries):
            raise UnlikeError(f"{len(entries)} statements are read as {len(found)}")
        for (name, subject, line), (term, graph, told) in zip(entries, found, strict=True):
            self.terms[name], self.terms[subject], self.lines[line] = graph, term, told


def _told(lines: Iterable[str], form: Form, pairs: Pairs) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Yield each subject, its graph, and the numbers of what is said of it there."""
    rows = [line.split(" ", 1) for line in lines]
    if form.named:
        rows = [[f"{subject} {graph}", said] for subject, rest in rows for said, _, graph in [rest.rpartition(" ")]]
    for named, group in groupby(rows, itemgetter(0)):
        subject, _, graph = named.partition(" ")
        said = map(itemgetter(1), group)
        yield subject, graph, tuple(chain.from_iterable(map(pairs.quoted, said)) if form.reified else
                                    map(pairs.__getitem__, said))
