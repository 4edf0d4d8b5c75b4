"""What datasets/environment must answer, counted straight from the tables: nothing of treatyrdf is used.

Run it alone to see the counts: python tests/environment_counts.py FOLDER [ROWS]
"""

from __future__ import annotations

import csv
import re
import sys
from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

Row = dict[str, str]
Span = tuple[int, int]
FILES = {"ieadb": "ieadb-treaties.csv", "geng": "geng-agreements.csv", "huggo": "huggo-environment-members.csv"}
NUMBER = "IEA# (click for add'l info)"
NO_DATE = {"ieadb": {"0000-00-00", "2699-01-01", "2599-01-01", "2899-01-01", "2999-01-01", "3200-01-01"},
           "geng": {"0000-00-00", "9999-00-00", "9999-12-31"}, "huggo": {"NA", "31.12.9999"}}
AS_OF = 2022


def load(folder: Path, limit: int | None = None) -> dict[str, list[Row]]:
    found = {}
    for name, file in FILES.items():
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            found[name] = list(csv.DictReader(lines))[:limit]
    return found


def iso(text: str, table: str) -> str:
    """The date as ISO 8601, coarser where a month or day is 00; empty for none or one that cannot be read."""
    text = text.strip()
    if text in NO_DATE[table]:
        return ""
    turned = re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})", text) if table == "huggo" else None
    if turned:
        text = f"{turned[3]}-{turned[2]}-{turned[1]}"
    parts = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text)
    if not parts or parts[1] == "9999" or parts[1] == "0000":
        return ""
    year, month, day = (int(p) for p in parts.groups())
    if month == 0:
        return parts[1] if day == 0 else ""
    if month > 12 or day > monthrange(year, month)[1]:
        return ""
    return text if day else f"{parts[1]}-{parts[2]}"


def span(text: str) -> Span:
    """First and last day of an ISO date."""
    parts = [int(p) for p in text.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 0
    if len(parts) == 3:
        day = date(*parts).toordinal()
        return day, day
    if month:
        return date(year, month, 1).toordinal(), date(year, month, monthrange(year, month)[1]).toordinal()
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()


def number(text: str, start: str) -> str:
    match = re.fullmatch(start + r"-0*(\d+)", text.strip())
    return match[1] if match else ""


class Counts:
    """Agreements by an id of our own, and what each table tells of them."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        known = {row[NUMBER] for row in tables["ieadb"]}
        self.by_geng: dict[str, str] = {}
        self.by_older: dict[str, set[str]] = defaultdict(set)
        self.dates: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.met = 0
        for row in tables["ieadb"]:
            self._tell(f"iea-{row[NUMBER]}", "ieadb", row["Signature Date"], row["Date IEA entered into force"])
        for row in tables["geng"]:
            iea, own = number(row["IEA"], "IEA"), number(row["GENG"], "GENG")
            self.met += iea in known
            self.by_geng[own] = f"iea-{iea}" if iea in known else f"geng-{own}"
            self.by_older[number(row["GENG.B"], "GENG")].add(self.by_geng[own])
            self._tell(self.by_geng[own], "geng", row["DocSign"], row["DocForce"])
        self.members: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in tables["huggo"]:
            agreement = self.agreement(row, known)
            if agreement:
                self._tell(agreement, "huggo", row["Signature"], row["Force"])
                self.members[row["stateID"], agreement].append(row)

    def agreement(self, row: Row, known: set[str]) -> str:
        iea, geng = number(row["ieaID"], "IEA"), number(row["gengID"], "GENG")
        if iea in known:
            return f"iea-{iea}"
        if geng in self.by_geng:
            return self.by_geng[geng]
        return row["gengID"].lower() if row["gengID"].startswith("MGENG-") else ""

    def _tell(self, agreement: str, table: str, signed: str, force: str) -> None:
        for what, text in (("signing", signed), ("force", force)):
            if found := iso(text, table):
                self.dates[agreement, what][table].add(found)

    def disputed(self) -> list[tuple[str, int]]:
        """Each event of an agreement that is dated to days that do not meet, with the days between."""
        found = []
        for (agreement, what), by_table in self.dates.items():
            spans = [span(d) for dates in by_table.values() for d in dates]
            gap = max(a for a, _ in spans) - min(b for _, b in spans)
            if gap > 0:
                found.append((f"{what}-of-{agreement}", gap))
        return sorted(found)

    def alone(self) -> dict[tuple[str, str], int]:
        """How many events of each kind only one table dates."""
        return Counter((next(iter(tables)), what) for (_, what), tables in self.dates.items() if len(tables) == 1)

    def pairs(self) -> dict[str, Counter[str]]:
        """How GENG and IEADB date the same event: as written, and what that comes to."""
        rows = {row[NUMBER]: row for row in self.tables["ieadb"]}
        found: dict[str, Counter[str]] = {"signing": Counter(), "force": Counter()}
        for row in self.tables["geng"]:
            other = rows.get(number(row["IEA"], "IEA"))
            if other is None:
                continue
            for what, one, two in (("signing", row["DocSign"], other["Signature Date"]),
                                   ("force", row["DocForce"], other["Date IEA entered into force"])):
                a, b = iso(one, "geng"), iso(two, "ieadb")
                found[what]["as written"] += one.strip() != two.strip() and bool(one.strip() and two.strip())
                found[what][self._outcome(a, b)] += 1
        return found

    @staticmethod
    def _outcome(one: str, other: str) -> str:
        if not one or not other:
            return "neither" if not one and not other else "one side unknown"
        if one == other:
            return "equal"
        (a, b), (c, d) = span(one), span(other)
        return "different" if a > d or c > b else "coarser"

    def amendments(self) -> set[tuple[str, str, str]]:
        """Which agreement changes or replaces which: the lists hold the numbers of GENG.B, see `mirrored`."""
        found = set()
        for row in self.tables["geng"]:
            for column in ("Amends", "Supersedes"):
                for part in re.split(r", | \| |\|", row[column]):
                    others = self.by_older.get(number(part, "GENG"), set()) if number(part, "GENG") else set()
                    if len(others) == 1:
                        found.add((self.by_geng[number(row["GENG"], "GENG")], column.lower(), min(others)))
        return found

    def mirrored(self, column: str, other: str, numbers: str) -> tuple[int, int]:
        """Of the links of a column, read as numbers of GENG or GENG.B: how many stand from the other side, of how many."""
        rows = defaultdict(set)
        for row in self.tables["geng"]:
            rows[number(row[numbers], "GENG")].add(row["GENG"])
        rows.pop("", None)

        def links(name: str) -> set[tuple[str, str]]:
            return {(row["GENG"], to) for row in self.tables["geng"] for part in re.findall(r"GENG-\d+", row[name])
                    for to in rows.get(number(part, "GENG"), ())}

        one, two = links(column), links(other)
        return len(one & {(b, a) for a, b in two}), len(one)

    def returned(self) -> set[tuple[str, str, str, str]]:
        """Who left and came back: code, agreement, the two dates."""
        found = set()
        for (state, agreement), rows in self.members.items():
            lefts, backs = ({d for row in rows for c in columns if (d := iso(row[c], "huggo"))} for columns in (
                ("stateWithdrawal", "stateWithdrawal2"), ("stateForce2", "stateForce3")))
            if any(iso(row["stateWithdrawal"], "huggo") and iso(row["stateForce2"], "huggo") for row in rows):
                found |= {(state, agreement, a, b) for a in lefts for b in backs if a <= b}
        return found

    def in_force(self, state: str, year: int) -> dict[str, str]:
        """Where nothing is disputed: the agreements surely in force for a state all through a year."""
        found = {}
        for (code, agreement), rows in self.members.items():
            if code != state or len(rows) != 1 or iso(rows[0]["stateForce2"], "huggo"):
                continue
            row = rows[0]
            begin, end = iso(row["stateForce"], "huggo"), iso(row["stateWithdrawal"], "huggo")
            acts = [d for c in ("stateSignature", "stateRat", "Acceptance", "Accession", "Succession")
                    if (d := iso(row[c], "huggo"))]
            if not begin or (end and end < begin) or any(d > begin for d in acts) or (end and any(d > end for d in acts)):
                continue
            if int(begin[:4]) < year and (int(end[:4]) > year if end else
                                          row["stateWithdrawal"] == "31.12.9999" and year <= AS_OF):
                found[agreement] = "yes"
        return found

    def entangled(self, state: str, agreement: str) -> bool:
        """Whether the one row of a member has a second entry, or acts after its entry or its end."""
        row = self.members[state, agreement][0]
        begin, end = iso(row["stateForce"], "huggo"), iso(row["stateWithdrawal"], "huggo")
        acts = [d for c in ("stateSignature", "stateRat", "Acceptance", "Accession", "Succession")
                if (d := iso(row[c], "huggo"))]
        return bool(iso(row["stateForce2"], "huggo")) or any(d > (begin or end or "9999") for d in acts)

    def latest_year(self) -> int:
        columns = ("stateSignature", "stateRat", "stateForce", "stateForce2", "stateWithdrawal", "Acceptance", "Accession",
                   "Succession", "Consent")
        return max(int(d[:4]) for row in self.tables["huggo"] for c in columns if (d := iso(row[c], "huggo")))


if __name__ == "__main__":
    counts = Counts(load(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None))
    print("rows of GENG that meet one of IEADB:", counts.met)
    for what, pairs in counts.pairs().items():
        print(f"{what}:", dict(pairs))
    print("disputed dates of agreements:", len(counts.disputed()))
    print("dated by one table only:", dict(counts.alone()))
    print("amendments:", len(counts.amendments()), "returned:", len(counts.returned()), "latest year:", counts.latest_year())
    for lists in (("Amends", "Amended.by"), ("Supersedes", "Suspended.by")):
        print(*lists, "stand from both sides:", {n: counts.mirrored(*lists, n) for n in ("GENG", "GENG.B")})
    for state, year in (("FRA", 1975), ("FRA", 1995), ("JPN", 1985), ("USA", 2010)):
        print(state, year, len(counts.in_force(state, year)))
