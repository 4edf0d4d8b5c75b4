"""The folder of a data set -> a Dataset, with the file, line and column of every word.

Each `*.yaml` file may hold any of the sections `sources`, `things`, `claims` and `silences`;
`dataset.yaml` describes the whole. Unknown keys are errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from .entry import Entry
from .errors import DataError, Position, Problems, RunError, suggest
from .files import ontology_files
from .gather import Gathered, Tables, gather
from .header import bad_slug, read_header
from .mapping import read_rules
from .model import Citation, Dataset, Explained, Fact, Header, Passage, Reasoning, Source, Standing, Thing, Word
from .names import LOCATOR, LONGEST, SLUG
from .things import Things
from .tree import Branch, Row, Tree, parse, read_text
from .vocabulary import read_vocabulary

SOURCE_KEYS = ("label", "rights", "sha256", "bytes", "passages", "citations")
PASSAGE_KEYS = ("start", "end", "sha256")
CITATION_KEYS = ("at", "scope", "works", "start", "end")
THING_KEYS = ("label", "unnamed", "note")
FACT_KEYS = ("id", "number", "says", "note", "subject", "at", "cites", "basis", "polarity",
             "certainty", "realm", "claimant", "calendar", "premises", "rule", "assumes")
SILENCE_KEYS = ("id", "number", "says", "note", "about", "unknown", "at", "cites", "claimant")
EXPLAINED_KEYS = ("about", "claims", "because", "holds")
SECTIONS = ("sources", "things", "claims", "silences", "tables", "lookups", "conflicts")


def read_dataset(folder: Path, tables: Tables | None = None) -> Dataset:
    """Return the data set in `folder` with all that its tables give.

    Raises DataError with every problem found, or RunError.
    """
    return open_dataset(folder, tables).whole()


def open_dataset(folder: Path, tables: Tables | None = None) -> Gathered:
    """Return the data set in `folder`, whose tables lie where `tables` says and are read row by row.

    Raises DataError with every problem found, or RunError.
    """
    if not folder.is_dir():
        raise RunError.of("TRT001", folder, "is not a folder", "give the folder of a data set")
    if not (folder / "dataset.yaml").is_file():
        raise RunError.of("TRT001", folder, "has no dataset.yaml",
                          "make a data set with `treatyrdf new DIR`, or name another folder")
    return _Reader(folder, tables or Tables()).read()


def yaml_files(folder: Path) -> list[Path]:
    """Return the YAML files of a data set in the order of their names."""
    return sorted(p for p in folder.iterdir() if p.suffix in {".yaml", ".yml"})


def curated_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file that people wrote and a build reads, by its relative name."""
    questions = folder / "questions"
    paths = [*yaml_files(folder), *(sorted(questions.glob("*.rq")) if questions.is_dir() else [])]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in paths}


class _Reader:
    """Reads one folder, collecting problems on the way."""

    def __init__(self, folder: Path, tables: Tables) -> None:
        self.folder, self.tables = folder, tables
        self.mapping: list[tuple[str, Tree]] = []
        self.problems = Problems()
        self.sources: dict[str, Source] = {}
        self.things: dict[str, Thing] = {}
        self.facts: list[Fact] = []
        self.silences: list[Fact] = []
        self.explained: list[Explained] = []

    def read(self) -> Gathered:
        header: Header | None = None
        for path in yaml_files(self.folder):
            tree = self._tree(path)
            if path.name == "dataset.yaml":
                header = read_header(tree, self.problems, str(path))
            else:
                self._sections(tree)
        self.problems.stop()
        if header is None:
            raise RunError.of("TRT001", self.folder, "has no dataset.yaml", "write one")
        dataset = Dataset(header, self.sources, self.things, tuple(self.facts), tuple(self.silences),
                          tuple(self.explained))
        if self.mapping:
            return self._with_tables(dataset)
        things = Things(dataset.things.values())
        return Gathered(replace(dataset, things=things), things, iter(()), lambda: None)

    def _with_tables(self, dataset: Dataset) -> Gathered:
        """Return the data set with what its tables give."""
        vocabulary = read_vocabulary(ontology_files())
        rules, lookups = read_rules(self.mapping, vocabulary, self.problems)
        self.problems.stop()
        gathered = gather(dataset, rules, lookups, self.folder, self.tables, vocabulary, self.problems)
        self.problems.stop()
        limit, dataset = self.tables.limit, gathered.dataset
        if limit is None:
            return gathered
        title = Word(f"{dataset.header.title} (first {limit} rows of each table only)", dataset.header.title.position)
        return gathered._replace(dataset=replace(dataset, header=replace(dataset.header, title=title)))

    def _tree(self, path: Path) -> Branch:
        """Return the top mapping of a file, empty (with the problem noted) when it has none."""
        shown = str(path)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            self.problems.add(Position(shown), "TRT011", "is a link out of the data set",
                              "copy the file into the folder")
            return Branch()
        try:
            tree = parse(read_text(path, shown), shown)
        except DataError as error:
            self.problems.found.extend(error.problems)
            return Branch()
        if tree is None:
            return Branch()
        if not isinstance(tree, Branch):
            self.problems.add(tree.position, "TRT012", "the file is not a mapping",
                              f"begin with one of the keys: {', '.join(SECTIONS)}")
            return Branch()
        return tree

    # --- the other files --------------------------------------------------------------------

    def _sections(self, tree: Branch) -> None:
        readers: Mapping[str, Callable[[Tree], None]] = {
            "sources": self._sources, "things": self._things,
            "claims": lambda t: self._facts(t, self._fact, self.facts),
            "silences": lambda t: self._facts(t, self._silence, self.silences),
            "conflicts": self._explained,
            "tables": lambda t: self.mapping.append(("tables", t)),
            "lookups": lambda t: self.mapping.append(("lookups", t))}
        for key, section in tree.items():
            if key not in readers:
                self.problems.add(key.position, "TRT020", f"unknown section `{key}`",
                                  suggest(key, SECTIONS))
            elif section != "":
                readers[key](section)

    def _sources(self, section: Tree) -> None:
        for key, entry in self._entries(section, "source", SOURCE_KEYS, ("label", "rights", "sha256")):
            if not self._fresh(key, self.sources):
                continue
            passages: dict[str, Passage] = {}
            for at, p in self._entries(entry.branch("passages"), "passage", PASSAGE_KEYS,
                                       ("start", "end", "sha256"), LOCATOR):
                start, end = p.number("start") or 0, p.number("end") or 0
                if end <= start:
                    self.problems.add(at.position, "TRT024", f"passage {at} ends before it begins",
                                      "write `start` smaller than `end`")
                passages[at] = Passage(key, at, start, end, p.text("sha256"))
            citations: dict[str, Citation] = {}
            for name, c in self._entries(entry.branch("citations"), "citation",
                                         CITATION_KEYS, ("at", "scope", "works")):
                at = c.text("at")
                if at not in passages:
                    self.problems.add(at.position, "TRT031", f"no passage `{at}` in {key}",
                                      suggest(at, passages))
                    continue
                citations[name] = Citation(name, passages[at], c.text("scope"), c.words("works"),
                                           c.number("start"), c.number("end"))
            self.sources[key] = Source(key, entry.text("label"), entry.text("rights"),
                                       entry.text("sha256"), entry.number("bytes") or 0,
                                       passages, citations)

    def _things(self, section: Tree) -> None:
        for kind, group in self._branch(section, "a class").items():
            for key, value in self._branch(group, f"things of class {kind}").items():
                if not self._slug(key) or not self._fresh(key, self.things):
                    continue
                if isinstance(value, Word):
                    self.things[key] = Thing(key, kind, value)
                    continue
                entry = Entry(self._branch(value, f"thing `{key}`"), self.problems, f"thing `{key}`")
                entry.known(THING_KEYS)
                entry.needs(("label",), key.position)
                self.things[key] = Thing(key, kind, entry.text("label"), entry.flag("unnamed"),
                                         entry.word("note"))

    def _facts(self, section: Tree, make: Callable[[Entry], Fact | None], into: list[Fact]) -> None:
        if not isinstance(section, Row):
            self.problems.add(section.position, "TRT012", "not a list", "begin each entry with `- `")
            return
        for item in section:
            if not isinstance(item, Branch):
                self.problems.add(item.position, "TRT012", "not a fact",
                                  "write `- subject: …` and a property below it")
                continue
            fact = make(Entry(item, self.problems, "the fact"))
            if fact is not None:
                into.append(fact)

    def _fact(self, entry: Entry) -> Fact | None:
        entry.needs(("subject", "at"))
        statements = tuple((key, value) for key in entry.tree if key not in FACT_KEYS
                           for value in entry.words(key))
        subject, at = entry.word("subject"), entry.word("at")
        if not statements:
            self.problems.add(entry.tree.position, "TRT022", "the fact says nothing",
                              "add a line `property: value`")
        if not (subject and at and statements):
            return None
        return Fact(
            id=self._fact_id(entry, subject, *statements[0]), subject=subject,
            statements=statements, at=at, cites=entry.words("cites"),
            standing=Standing(entry.word("basis"), entry.word("polarity"), entry.word("certainty"),
                              entry.word("realm"), entry.words("claimant"), entry.word("calendar")),
            reasoning=Reasoning(entry.words("premises"), entry.word("rule"), entry.words("assumes")),
            words=entry.only(("number", "says", "note")))

    def _silence(self, entry: Entry) -> Fact | None:
        entry.known(SILENCE_KEYS)
        entry.needs(("about", "unknown", "at"))
        subject, at, unknown = entry.word("about"), entry.word("at"), entry.words("unknown")
        if not (subject and at and unknown):
            return None
        return Fact(
            id=self._fact_id(entry, subject, unknown[0], None), subject=subject,
            statements=tuple((key, None) for key in unknown), at=at, cites=entry.words("cites"),
            standing=Standing(claimant=entry.words("claimant")),
            words=entry.only(("number", "says", "note")))

    def _explained(self, section: Tree) -> None:
        """Keep what a curator says of conflicts."""
        for item in section if isinstance(section, Row) else [section]:
            entry = Entry(self._branch(item, "the conflict"), self.problems, "the conflict")
            entry.known(EXPLAINED_KEYS)
            entry.needs(("because",))
            if not entry.word("about") and not entry.words("claims"):
                entry.needs(("about",))
            self.explained.append(Explained(entry.text("about"), entry.words("claims"), entry.text("because"),
                                            entry.words("holds")))

    # --- shared -----------------------------------------------------------------------------

    def _fact_id(self, entry: Entry, subject: Word, key: Word, value: Word | None) -> Word:
        given = entry.word("id")
        if given:
            self._slug(given)
            return given
        parts = [subject, key, *([value] if value is not None else [])]
        text = "".join(c.lower() if c.isascii() and c.isalnum() else "-" for c in "-".join(parts))
        made = "-".join(filter(None, text.split("-")))
        if len(made) > LONGEST:
            self.problems.add(entry.tree.position, "TRT021", f"`{made[:40]}…` is too long for an id",
                              "write an `id` of your own")
        return Word(made, entry.tree.position)

    def _entries(self, section: Tree, kind: str, keys: Iterable[str], needed: Iterable[str],
                 pattern: object = None) -> Iterable[tuple[Word, Entry]]:
        for key, value in self._branch(section, f"a {kind}").items():
            if pattern is None:
                self._slug(key)
            elif not LOCATOR.fullmatch(key) or len(key) > LONGEST:
                self.problems.add(key.position, "TRT021", f"`{key[:40]}` is not a locator",
                                  f"use letters, digits, dots, dashes and underscores, {LONGEST} at most")
            entry = Entry(self._branch(value, f"{kind} `{key}`"), self.problems, f"{kind} `{key}`")
            entry.known(keys)
            entry.needs(needed, key.position)
            yield key, entry

    def _branch(self, tree: Tree, what: str) -> Branch:
        if isinstance(tree, Branch):
            return tree
        if tree != "":
            self.problems.add(tree.position, "TRT012", f"{what} is not a mapping",
                              "write `key: value` lines below it")
        empty = Branch()
        empty.position = tree.position
        return empty

    def _slug(self, word: Word) -> bool:
        if SLUG.fullmatch(word) and len(word) <= LONGEST:
            return True
        bad_slug(word, self.problems)
        return False

    def _fresh(self, key: Word, known: Mapping[str, object]) -> bool:
        if key not in known:
            return True
        first = next(k for k in known if k == key)
        self.problems.add(key.position, "TRT023", f"the id `{key}` is taken in "
                          f"{getattr(first, 'position', '')}", "choose another id")
        return False
