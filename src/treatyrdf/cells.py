"""The text of a cell -> its values, by the rule of its column.

The steps, in order: only, null, separator, match, lookup, date, link. A text that a step cannot read
stays as it is, not known, with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from .errors import suggest
from .rules import ColumnRule

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Value:
    """One value of a cell, and the words that stand there; one that is not known has no text of its own."""

    text: str
    wording: str
    known: bool = True


@dataclass(frozen=True)
class Reading:
    """What a cell says: its values, and why some are not known (code, what is wrong, remedy)."""

    values: tuple[Value, ...] = ()
    faults: tuple[tuple[str, str, str], ...] = ()
    beyond: bool = False
    """It links to a row that was not read because of the limit."""


NOTHING = Reading()
_KEPT = 10_000
"""Texts of a column whose readings are kept."""
SEVERAL = ""
"""What a text leads to that several rows have: not one of them."""


class Column:
    """Reads the cells of one column; a text that was read lately is not read again."""

    def __init__(self, rule: ColumnRule, lookup: Mapping[str, str] | None, links: Mapping[str, str] | None,
                 hidden: Set[str] = frozenset()) -> None:
        """Keep the rule, its look-up, the ids of things by the key it links to, and keys beyond the limit."""
        self.rule, self.lookup, self.links, self.hidden = rule, lookup, links, hidden
        self.seen: dict[str, Reading] = {}

    def read(self, cell: str) -> Reading:
        """Return what a cell says."""
        found = self.seen.get(cell)
        if found is None:
            if len(self.seen) >= _KEPT:
                self.seen.clear()
            found = self.seen[cell] = self._read(cell.strip())
        return found

    def forget(self) -> None:
        """Read every text anew, since there are more things to link to."""
        self.seen.clear()

    def _read(self, text: str) -> Reading:
        rule = self.rule
        if text in rule.null or (rule.only and not rule.only.fullmatch(text)):
            return NOTHING
        parts = rule.separator.split(text) if rule.separator else [text]
        values, faults, beyond = [], [], False
        for part in (p.strip() for p in parts):
            if part in rule.null:
                continue
            value = self._value(part)
            if isinstance(value, Value):
                values.append(value)
            elif value is None:
                beyond = True
            else:
                values.append(Value(UNKNOWN, part, False))
                faults.append(value)
        return Reading(tuple(values), tuple(faults), beyond)

    def _value(self, part: str) -> Value | tuple[str, str, str] | None:
        """Return a value, None for a link beyond the limit, or why it cannot be read."""
        rule, text, name = self.rule, part, self.rule.name
        if rule.match:
            match = rule.match.fullmatch(text)
            if match is None:
                return ("TRT153", f"`{_short(part)}` is not what `{name}` matches",
                        "mend `match`, or list the text under `null`")
            text = match[1] if rule.match.groups and match[1] is not None else match[0]
        if self.lookup is not None:
            if text not in self.lookup:
                hint = suggest(text, self.lookup) if len(self.lookup) < 1000 else ""
                return ("TRT155", f"`{_short(part)}` is not in the look-up `{rule.lookup}`",
                        (f"{hint} If it is new, " if hint.endswith("?") else "") + "add it to the look-up")
            text = self.lookup[text]
        if rule.date:
            read = next((date for spelling in rule.date if (date := spelling.read(text))), None)
            if read is None:
                return ("TRT153", f"`{_short(part)}` is no date of the form "
                        f"{' or '.join(s.pattern for s in rule.date)}",
                        "add its spelling to `date`, or list the text under `null`")
            text = read
        if self.links is not None:
            if text not in self.links:
                return None if text in self.hidden else (
                    "TRT154", f"`{_short(part)}` leads to no row of `{rule.link}`",
                    "look for the row, or list the text under `null`")
            if self.links[text] == SEVERAL:
                return ("TRT154", f"`{_short(part)}` leads to several rows of `{rule.link}`",
                        "link by a column that tells them apart")
            text = self.links[text]
        return Value(text, part)


def _short(text: str) -> str:
    """Return a text that fits into a message."""
    return text if len(text) <= 60 else text[:59] + "…"
