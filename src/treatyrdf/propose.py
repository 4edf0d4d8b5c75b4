"""What tables look like -> a first mapping, with the grounds of each line, that builds as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .survey import Seen, Surveyed, numbered

EVENTS: Mapping[str, tuple[str, str]] = {
    r"sign": ("Signing", "signing"), r"force|effective": ("EntryIntoForce", "force"),
    r"ratif|(?:^| )rat$": ("Ratification", "ratification"), r"accept|approv": ("Acceptance", "acceptance"),
    r"accession|accede": ("Accession", "accession"), r"succession": ("Succession", "succession"),
    r"withdraw|denounc": ("Withdrawal", "withdrawal"), r"terminat|expir|(?:^| )end(?:ed)?$": ("Termination", "end")}
"""Words of headers -> the class of event that a date is of, and what it is called."""
NAMES = re.compile(r"title|name", re.IGNORECASE)
PARTIES = re.compile(r"\b(state|country|party|member|iso ?3?)(?: ?(?:id|code))?$", re.IGNORECASE)
RELATIONS: Mapping[str, str] = {r"^amends": "amends", r"^supersedes|^replaces": "supersedes"}
STATES = {"EntryIntoForce": ("initiatesState: in-force",),
          "Termination": ("endsState: in-force", "initiatesState: terminated"),
          "Withdrawal": ("endsState: in-force", "initiatesState: terminated")}
UNREAD = "not read yet"


def mapping_yaml(tables: Sequence[Surveyed], folder: str = "") -> str:
    """Return the text of a YAML file with the section `tables` for some tables."""
    return "\n".join(["# A first mapping, made from a look at the tables. Comments say what each line rests on;",
                      f"# what is `{UNREAD}` waits for you. See docs/tables.md for all keys.", "tables:",
                      *(line for table in tables for line in _Proposal(table, _before(table, tables)).lines())]) + "\n"


def _before(surveyed: Surveyed, tables: Sequence[Surveyed]) -> frozenset[str]:
    """Return the tables whose things may be those of another: the ones that lead to fewer tables."""
    def leads(table: Surveyed) -> tuple[int, int]:
        return len({link.table for link in table.links if link.table != table.name}), tables.index(table)

    return frozenset(t.name for t in tables if leads(t) < leads(surveyed))


class _Proposal:
    """The mapping of one table."""

    def __init__(self, surveyed: Surveyed, before: frozenset[str]) -> None:
        self.table = surveyed
        self.names = _names(c.title for c in surveyed.columns)
        self.links = {link.title: link for link in surveyed.links}
        self.columns = surveyed.columns
        self.title = next((c for c in self.columns if NAMES.search(words(c.title)) and not c.dates and c.filled), None)
        self.party = next((c for c in self.columns if PARTIES.search(words(c.title)) and not c.dates
                           and c.filled * 10 >= c.rows * 8 and c.title not in self.links), None)
        self.homes = [link.title for link in surveyed.links if not _relation(link.title) and link.table in before]
        self.membership = bool(self.party and (self.homes or len(surveyed.key) != 1))
        self.events = self._events()
        self.used = self._used()

    def _events(self) -> dict[str, tuple[str, str]]:
        """Return the class and the name of the event that a column dates, by its title; the best of each.

        Days are better than years; of members, a column that names them is better than one that does not.
        """
        found: dict[str, tuple[str, str]] = {}
        of = words(self.party.title).split()[0].lower() if self.party and self.membership else ""
        for column in sorted(self.columns, key=lambda c: (
                of not in words(c.title).lower(), bool(c.dates) and c.dates[0][0].pattern == "yyyy")):
            kind = next((kind for pattern, kind in EVENTS.items()
                         if re.search(pattern, words(column.title), re.IGNORECASE)), None)
            if kind and self.membership and kind[0] == "Termination":
                continue
            if kind and column.dates and kind not in found.values():
                found[column.title] = kind
        return found

    def _used(self) -> set[str]:
        chosen = [self.title, self.party if self.membership else None]
        relations = [link.title for link in self.links.values() if _relation(link.title)]
        return {*(c.title for c in chosen if c), *self.table.key[:1], *self.events, *self.homes, *relations}

    def lines(self) -> Iterator[str]:
        t = self.table
        yield f"  {t.name}:"
        yield f"    file: {_quoted(t.table.shown.rpartition('/')[2])}"
        yield f"    label: {_quoted(t.name)}"
        yield "    rights: say under which licence the table is published"
        yield f"    sha256: {t.table.sha256}"
        yield f"    bytes: {t.table.bytes}"
        common = sorted({m for c in self.columns for m in c.missing if m in ("NA", "N/A", "NULL", "null")})
        if common:
            yield f"    null: [{', '.join(map(_quoted, common))}]"
        yield from self._key(common)
        yield "    columns:"
        for column in self.columns:
            yield from self._column(column, common)
        yield "    things:"
        yield from self._things()

    def _key(self, common: Sequence[str]) -> Iterator[str]:
        t = self.table
        if len(t.key) == 1:
            yield f"    key: [{self.names[t.key[0]]}]   # each of the {len(t.table.rows):,} rows has its own"
        elif t.key:
            told = " and ".join(t.key)
            yield f"    # The rows are told apart by {told} together; a key must be read, so it is left out here."
        else:
            yield "    # No column, and no two of the first, tell the rows apart: several rows may speak of one thing."

    def _column(self, column: Seen, common: Sequence[str]) -> Iterator[str]:
        name = self.names[column.title]
        if column.title not in self.used:
            yield f"      {name}: {{titles: {_quoted(column.title)}, ignore: {_reason(column)}}}   # {_told(column)}"
            return
        parts = [f"titles: {_quoted(column.title)}"]
        link = self.links.get(column.title)
        missing = [m for m in column.missing if m not in common]
        comment = _told(column)
        if column.title in self.events:
            parts.append(f"date: [{', '.join(_quoted(s.pattern) for s, _ in column.dates)}]")
            comment = "; ".join(f"{n:,} of {column.filled:,} are {s.pattern}" for s, n in column.dates)
            if _either(column):
                comment += "; day or month first: nothing decides"
        if missing:
            parts.append(f"null: [{', '.join(map(_quoted, missing))}]")
            comment += "; " + ", ".join(f"{column.missing[m]:,} {m}" for m in missing)
        if link:
            if column.separators:
                parts.append(f"separator: [{', '.join(map(_quoted, column.separators))}]")
            parts += [f"match: '{link.match}'"] * bool(link.match) + [f"link: {link.table}"]
            comment = f"{link.meeting:,} of {link.values:,} values are keys of {link.table}"
        elif column.title in self.table.key[:1] and len(self.table.key) == 1:
            prefix = _prefix(column)
            if prefix is not None:
                parts.append(f"match: '{prefix}0*([0-9]+)'")
        yield f"      {name}: {{{', '.join(parts)}}}   # {comment}"

    # --- things -----------------------------------------------------------------------------

    def _things(self) -> Iterator[str]:
        own = [f"{self.table.name}-$({self.names[k]})" for k in self.table.key[:1] if len(self.table.key) == 1]
        loose = [f"{self.table.name}-$({self.names[c.title]})" for c in self.columns if c.title in self.used]
        ids = [*(f"$({self.names[title]})" for title in self.homes), *own] or loose[:1]
        if self.membership and self.party:
            yield from self._rule("party", [f"$({self.names[self.party.title]})"], "Polity",
                                  f"$({self.names[self.party.title]})", ())
        label = f"$({self.names[self.title.title]})" if self.title else ""
        facts = [f"prefLabel: {label}"] * bool(label)
        joins = {"Signing": "signedIn", "EntryIntoForce": "entersIntoForceIn"}
        if not self.membership:
            facts += [f"{joins[k]}: $({name})" for k, name in self.events.values() if k in joins]
        facts += [f"{_relation(title)}: $({self.names[title]})" for title in self.links if _relation(title)]
        yield from self._rule("agreement", ids, "Treaty", label, facts)
        whole = "agreement"
        if self.membership:
            whole = "membership"
            yield from self._rule(whole, ["$(party)-in-$(agreement)"], "Membership",
                                  "membership of $(party) in $(agreement)",
                                  ("hasParty: $(party)", "membershipOf: $(agreement)"))
        for title, (kind, name) in self.events.items():
            facts = [f"date: $({self.names[title]})"]
            if kind in STATES:
                facts += [f"changes: $({whole})", *STATES[kind]]
            elif self.membership:
                facts.append("stepOf: $(membership)")
            yield from self._rule(name, [f"{name}-of-$({whole})"], kind, f"{name} of $({whole})", facts,
                                  self.names[title])

    def _rule(self, name: str, ids: Sequence[str], kind: str, label: str, facts: Iterable[str],
              where: str = "") -> Iterator[str]:
        yield f"    - as: {name}"
        yield f"      id: {ids[0] if len(ids) == 1 else '[' + ', '.join(ids) + ']'}"
        yield f"      type: {kind}"
        if label:
            yield f"      label: {label}"
        if where:
            yield f"      where: {where}"
        facts = list(facts)
        if facts:
            yield "      facts:"
            yield from (f"      - {fact}" for fact in facts)


def words(title: str) -> str:
    """Return a header as words.

    >>> words("stateForce_iea"), words("DocSign")
    ('state Force iea', 'Doc Sign')
    """
    return " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", title))


def _names(titles: Iterable[str]) -> dict[str, str]:
    """Return a short name for each title, no two alike and none that a rule has."""
    found: dict[str, str] = {}
    taken = {"party", "agreement", "membership", *(name for _, name in EVENTS.values())}
    for title in titles:
        stem = re.sub(r"[^a-z0-9]+", "-", words(title).lower()).strip("-")[:30].strip("-") or "column"
        name, count = stem, 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name)
        found[title] = name
    return found


def _relation(title: str) -> str:
    return next((p for pattern, p in RELATIONS.items() if re.search(pattern, words(title), re.IGNORECASE)), "")


def _told(column: Seen) -> str:
    """Return what a column holds, in a few words."""
    if not column.filled:
        return "always empty"
    shown = [t if len(t) <= 24 else t[:23] + "…" for t in list(column.values)[:2]]
    return f"{column.filled:,} filled, {len(column.values):,} different, such as {', '.join(shown)}".replace("\n", " ")


def _reason(column: Seen) -> str:
    if not column.filled:
        return "always empty"
    return "the same in every row" if len(column.values) == 1 and column.filled == column.rows else UNREAD


def _either(column: Seen) -> bool:
    patterns = [s.pattern for s, n in column.dates if n == column.dates[0][1]]
    return any(sorted(a) == sorted(b) and a != b for a in patterns for b in patterns)


def _prefix(column: Seen) -> str | None:
    """Return the letters before the number of a key that is padded or lettered, None for a plain one."""
    prefix, numbers = numbered(column.values)
    padded = any(t.startswith(prefix + "0") for t in column.values)
    return prefix if numbers and len(numbers) == len(column.values) and (prefix or padded) else None


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z0-9 ._/-]*", text) and not text.endswith(" ") and text.lower() not in (
        "null", "yes", "no", "true", "false", "on", "off")
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


