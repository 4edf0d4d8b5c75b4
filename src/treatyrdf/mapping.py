"""The sections `tables` and `lookups` of the YAML files -> frozen rules, each word with its place.

A rule says which columns tell rows apart, how the text of a column becomes values, and which things and
facts a row gives. Words are those of CSVW (titles, null, separator, dialect) and YARRRML (`$(column)`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .entry import Entry
from .errors import Problems, suggest
from .formats import Dialect
from .model import Word
from .names import LONGEST, SLUG
from .rules import ColumnRule, FactRule, Lookup, TableRule, Template, ThingRule
from .spelling import Spelling, parse_spelling
from .tree import Branch, Row, Tree
from .vocabulary import Property, Vocabulary

TABLE_KEYS = ("file", "label", "rights", "sha256", "bytes", "dialect", "null", "key", "columns", "things")
DIALECT_KEYS = ("delimiter", "quoteChar", "encoding", "header")
COLUMN_KEYS = ("titles", "null", "only", "match", "separator", "lookup", "link", "date", "ignore")
RULE_KEYS = ("as", "id", "type", "label", "where", "unless", "facts")
WORD_KEYS = ("says", "note", "certainty", "basis", "polarity", "claimant", "calendar")
"""What a fact of a table may say beside its properties, as a curated fact may."""
LOOKUP_KEYS = ("file", "from", "to")
_SCHEMES = {"certainty": "CertaintyScheme", "basis": "BasisScheme", "polarity": "PolarityScheme"}
_HOLE = re.compile(r"\$\(([^()]*)\)")


class MappingReader:
    """Reads the two sections, collecting problems on the way."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems) -> None:
        """Keep the words that properties and classes may be."""
        self.vocabulary, self.problems = vocabulary, problems
        self.null: frozenset[str] = frozenset()
        self.named: frozenset[str] = frozenset()

    # --- look-ups ---------------------------------------------------------------------------

    def lookups(self, section: Tree) -> list[Lookup]:
        """Return the look-ups of a section."""
        found = []
        for name, tree in self._entry(section, "`lookups`").tree.items():
            entry = self._entry(tree, f"look-up `{name}`")
            self._slug(name)
            if entry.tree.find("file") is not None and set(entry.tree) <= set(LOOKUP_KEYS):
                entry.needs(LOOKUP_KEYS)
                found.append(Lookup(name, {}, entry.word("file"), entry.word("from"), entry.word("to")))
                continue
            words = {str(key).strip(): value for key, value in entry.tree.items() if isinstance(value, Word)}
            for key in entry.tree:
                entry.word(key)
            found.append(Lookup(name, words))
        return found

    # --- tables -----------------------------------------------------------------------------

    def tables(self, section: Tree) -> list[TableRule]:
        """Return the tables of a section."""
        return [self._table(name, self._entry(tree, f"table `{name}`"))
                for name, tree in self._entry(section, "`tables`").tree.items()]

    def _table(self, name: Word, entry: Entry) -> TableRule:
        self._slug(name)
        entry.known(TABLE_KEYS)
        entry.needs(("file", "label", "rights", "columns", "things"), name.position)
        self.null = frozenset({"", *self._texts(entry, "null")})
        columns = {str(key): self._column(key, tree) for key, tree in entry.entry("columns").tree.items()}
        key = tuple(w for w in entry.words("key") if self._column_known(w, columns))
        rules = entry.tree.find("things")
        branches = [tree for tree in (rules if isinstance(rules, Row) else ()) if isinstance(tree, Branch)]
        self.named = frozenset(str(tree.find("as")) for tree in branches if tree.find("as"))
        things = [self._thing(tree, columns) for tree in (rules if isinstance(rules, Row) else ())]
        self._list(rules, "things")
        return TableRule(name, entry.text("file"), entry.text("label"), entry.text("rights"), entry.word("sha256"),
                         entry.word("bytes"), self._dialect(entry.entry("dialect")), key,
                         columns, tuple(thing for thing in things if thing))

    def _dialect(self, entry: Entry) -> Dialect:
        entry.known(DIALECT_KEYS)
        default = Dialect()
        for key in ("delimiter", "quoteChar"):
            sign = entry.word(key)
            if sign is not None and (len(sign) != 1 or sign in "\r\n"):
                self.problems.add(sign.position, "TRT150", f"`{key}` is not one sign", "write such as \",\" or \";\"")
                return default
        quote = entry.tree.find("quoteChar")
        return Dialect(entry.text("delimiter") or default.delimiter,
                       default.quote if quote is None else str(entry.text("quoteChar")),
                       entry.text("encoding") or default.encoding,
                       entry.flag("header") if entry.word("header") else default.header)

    def _column(self, name: Word, tree: Tree) -> ColumnRule:
        if isinstance(tree, Word) and tree:
            return ColumnRule(name, tree, self.null, None, None, None, None, None, (), None)
        entry = self._entry(tree, f"column `{name}`")
        entry.known(COLUMN_KEYS)
        entry.needs(("titles",), name.position)
        separators = self._texts(entry, "separator")
        separator = "|".join(re.escape(s) for s in sorted(separators, key=len, reverse=True) if s)
        return ColumnRule(name, entry.text("titles"), self.null | self._texts(entry, "null"),
                          self._pattern(entry.word("only")), self._pattern(entry.word("match")),
                          re.compile(separator) if separator else None,
                          entry.word("lookup"), entry.word("link"),
                          tuple(s for w in entry.words("date") if (s := self._spelling(w))), entry.word("ignore"))

    def _pattern(self, word: Word | None) -> re.Pattern[str] | None:
        try:
            return re.compile(word) if word else None
        except re.error as error:
            self.problems.add(word.position if word else self.problems.found[0].position, "TRT150",
                              f"`{word}` is no regular expression: {error}", "mend the pattern")
            return None

    def _spelling(self, word: Word) -> Spelling | None:
        try:
            return parse_spelling(word)
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            self.problems.add(word.position, "TRT150", what, remedy)
            return None

    # --- things and facts -------------------------------------------------------------------

    def _thing(self, tree: Tree, columns: Mapping[str, ColumnRule]) -> ThingRule | None:
        entry = self._entry(tree, "the thing")
        entry.known(RULE_KEYS)
        entry.needs(("id", "type"))
        kind, facts = entry.text("type"), entry.tree.find("facts")
        if kind and kind not in self.vocabulary.classes:
            self.problems.add(kind.position, "TRT032", f"unknown class `{kind}`",
                              suggest(kind, self.vocabulary.classes))
        self._list(facts, "facts")
        rules = [rule for item in (facts if isinstance(facts, Row) else ())
                 for rule in self._facts(self._entry(item, "the fact"), kind, columns)]
        return ThingRule(str(entry.text("as")), self._templates(entry.words("id"), columns), kind,
                         self._templates(entry.words("label"), columns), self._where(entry, columns),
                         self._where(entry, columns, "unless"), tuple(rules))

    def _facts(self, entry: Entry, kind: Word, columns: Mapping[str, ColumnRule]) -> Iterable[FactRule]:
        words = entry.only(WORD_KEYS)
        for key, scheme in _SCHEMES.items():
            known = self.vocabulary.schemes.get(scheme, {})
            if key in words and words[key] not in known:
                self.problems.add(words[key].position, "TRT034", f"unknown word `{words[key]}`",
                                  suggest(words[key], known))
        where, said = self._where(entry, columns), 0
        for key in entry.tree:
            if key in WORD_KEYS or key == "where":
                continue
            said += 1
            if self._property(key, kind) is not None:
                yield FactRule(key, self._templates(entry.words(key), columns), where, words)
        if not said:
            self.problems.add(entry.tree.position, "TRT022", "the fact says nothing",
                              "add a line `property: $(column)`")

    def _property(self, key: Word, kind: Word) -> Property | None:
        prop = self.vocabulary.properties.get(key)
        if prop is None:
            known = [p.name for p in self.vocabulary.properties.values() if self.vocabulary.is_a(kind, p.domains)]
            self.problems.add(key.position, "TRT020", f"unknown property `{key}`",
                              suggest(key, [*known, *WORD_KEYS, "where"]))
        elif kind in self.vocabulary.classes and not self.vocabulary.is_a(kind, prop.domains):
            self.problems.add(key.position, "TRT033", f"`{key}` is said of {' or '.join(prop.domains)}, and the rule "
                              f"makes a thing of class {kind}", "use another property or another class")
            return None
        return prop

    def _where(self, entry: Entry, columns: Mapping[str, ColumnRule], key: str = "where") -> tuple[Word, ...]:
        return tuple(w for w in entry.words(key) if self._column_known(w, columns))

    def _templates(self, words: Iterable[Word], columns: Mapping[str, ColumnRule]) -> tuple[Template, ...]:
        found = []
        for word in words:
            pieces = _HOLE.split(word)
            names = tuple(pieces[1::2])
            if all(self._column_known(Word(name, word.position), columns) for name in names):
                found.append(Template(word, tuple(pieces[::2]), names))
        return tuple(found)

    def _list(self, tree: Tree | None, key: str) -> None:
        if tree not in (None, "") and not isinstance(tree, Row):
            self.problems.add(tree.position, "TRT012", f"`{key}` is not a list", "begin each entry with `- `")

    # --- shared -----------------------------------------------------------------------------

    def _column_known(self, word: Word, columns: Mapping[str, ColumnRule]) -> bool:
        column = columns.get(word)
        if column is None and word in self.named:
            return True
        if column is None:
            self.problems.add(word.position, "TRT149", f"no column is named `{word}`",
                              suggest(word, [*columns, *self.named]))
        elif column.ignore:
            self.problems.add(word.position, "TRT149", f"the column `{word}` is used, and ignored in line "
                              f"{column.ignore.position.line}", "remove one of the two")
        return column is not None and not column.ignore

    def _texts(self, entry: Entry, key: str) -> frozenset[str]:
        """Return the texts of a key that holds one or a list of them; they may be empty."""
        value = entry.tree.find(key)
        items = value if isinstance(value, Row) else [value] if value is not None else []
        for item in items:
            if not isinstance(item, Word):
                self.problems.add(item.position, "TRT012", f"`{key}` holds more than plain texts",
                                  "write a list of texts")
        return frozenset(str(item) if key == "separator" else item.strip() for item in items
                         if isinstance(item, Word))

    def _entry(self, tree: Tree, what: str) -> Entry:
        if isinstance(tree, Branch):
            return Entry(tree, self.problems, what)
        empty = Branch()
        empty.position = tree.position
        if tree != "":
            self.problems.add(tree.position, "TRT012", f"{what} is not a mapping", "write `key: value` lines below it")
        return Entry(empty, self.problems, what)

    def _slug(self, word: Word) -> None:
        if not SLUG.fullmatch(word) or len(word) > LONGEST:
            self.problems.add(word.position, "TRT021", f"`{word[:40]}` is not an id",
                              "use small letters and digits, joined by single dashes")


def read_rules(sections: Iterable[tuple[str, Tree]], vocabulary: Vocabulary,
               problems: Problems) -> tuple[list[TableRule], list[Lookup]]:
    """Return the rules and look-ups of the sections `tables` and `lookups`."""
    reader, rules, lookups = MappingReader(vocabulary, problems), list[TableRule](), list[Lookup]()
    for name, tree in sections:
        if name == "tables":
            rules += reader.tables(tree)
        else:
            lookups += reader.lookups(tree)
    return rules, lookups
