"""An answer about time in words: what is sure, what is not, and what would follow from what.

`#+ says:` names how a question speaks: `bounds` of its columns `bound` and `year`, `date` of its
columns `answer` and `date`, `state` of its columns `year`, `inForce`, `order` and window.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from string import ascii_lowercase

from .answer import Answer, curated
from .model import Claim
from .values import UNKNOWN
from .when import year_bounds

Window = tuple[int | None, int | None]
By = Mapping[str, Claim]


def sentence(given: Answer, claims: By) -> str:
    """Return the answer in words, empty where the question does not say how it speaks."""
    speak = _SPEAKERS.get(given.question.headers.get("says", ""))
    return speak(given, claims) if speak and given.rows else ""


def temporal_json(given: Answer, claims: By) -> dict[str, object]:
    """Return sentence, value and window of an answer about time; nothing for other answers."""
    headers = given.question.headers
    if "value" not in headers:
        return {}
    values = list(dict.fromkeys(row[headers["value"]] for row in given.rows))
    windows = [w for row in given.rows if (w := window(given, row))]
    one = "unknown" if headers.get("says") in ("bounds", "date") else None
    value = values[0] if len(values) == 1 else one or values
    return {"sentence": sentence(given, claims), "value": value, "window": _joint(windows)}


def row_json(given: Answer, row: Mapping[str, str]) -> dict[str, object]:
    """Return value and window of one row of an answer about time."""
    column = given.question.headers.get("value")
    return {"value": row[column], "window": _pair(window(given, row))} if column else {}


def window(given: Answer, row: Mapping[str, str]) -> Window | None:
    """Return the years between which a row puts what was asked for."""
    names = given.question.headers.get("window", "").split()
    if names:
        return (int(row[names[0]]), int(row[names[1]])) if row[names[0]] and row[names[1]] else None
    if row.get("bound") in ("earliest", "latest", "earliest year", "latest year"):
        year = int(row["year"])
        return (year, None) if row["bound"].startswith("earliest") else (None, year)
    if row.get("date") not in (None, "", "unknown"):
        return year_bounds(row["date"])
    return None


def _joint(windows: Iterable[Window]) -> list[int | None] | None:
    windows = list(windows)
    low = max((a for a, _ in windows if a is not None), default=None)
    high = min((b for _, b in windows if b is not None), default=None)
    return [low, high] if windows else None


def _pair(one: Window | None) -> list[int | None] | None:
    return list(one) if one else None


# --- how questions speak ------------------------------------------------------------------------


def _bounds(given: Answer, claims: By) -> str:
    """Say what is sure, then what each set of assumptions adds, then all of them together."""
    rows = [(window(given, row), needs, _because(group, claims, needs)) for row, needs, group
            in zip(given.rows, given.rests_on, given.claims, strict=True)]
    sure = _joint(w for w, needs, _ in rows if w and not needs)
    said = [] if sure and sure[0] is not None and sure[0] == sure[1] else ["Unknown."]
    firm = [f"{_between(w)}{why}" for w, needs, why in rows if w and not needs]
    said += [f"{_upper('; '.join(firm))}."] if firm else []
    loose = [(w, needs, why) for w, needs, why in rows if w and needs]
    said += [f"If {_clauses(needs, claims)}: {_between(w)}{why}." for w, needs, why in loose]
    joint = _joint(w for w, _, _ in rows if w)
    if len(loose) > 1 and joint and None not in joint:
        said.append(f"All of this granted: {_between((joint[0], joint[1]))}.")
    return " ".join(said)


def _date(given: Answer, claims: By) -> str:
    """Say the values that need nothing, then each that holds only if something is assumed."""
    rows = list(zip(given.rows, given.grades, given.rests_on, given.claims, strict=True))
    sure = [f"{row['answer']}: {_clause(group[0])} ({group[0].fact.at})" for row, grade, needs, group in rows
            if not needs and grade != "possible"]
    said = [f"{_upper('; '.join(sure))}."] if sure else []
    said += [f"If {_clauses(needs, claims)}: {_between(year_bounds(row['date']))}."
             for row, grade, needs, _ in rows if needs and grade != "possible"]
    return " ".join(said)


def _state(given: Answer, claims: By) -> str:
    """Say for each year whether it was in force."""
    several = len({row["relation"] for row in given.rows}) > 1
    said = []
    for row, needs in _joined(zip(given.rows, given.rests_on, strict=True)):
        granted = f", if {_clauses(needs, claims)}" if needs else ""
        states = [word.replace("-", " ") for word in row["order"].split()]
        told = {"yes": f"yes, it was in force{granted}", "no": f"no, it was {' '.join(states)}{granted}",
                "mixed": f"both: first {', then '.join(states)}",
                "unknown": "unknown"}[row["inForce"]]
        if row["inForce"] == "unknown" and row["ifAssumed"]:
            told += f"; {row['ifAssumed']}{granted}"
        elif row["inForce"] == "unknown" and row["windowFrom"]:
            told += f"; it may have begun in any year from {row['windowFrom']} to {row['windowTo']}{granted}"
        said.append(f"{row['relation'] + ', ' if several else ''}{row['year']}: {told}.")
    return _upper("\n".join(said))


def _joined(rows: Iterable[tuple[Mapping[str, str], tuple[str, ...]]],
            ) -> Iterator[tuple[Mapping[str, str], tuple[str, ...]]]:
    """Yield rows, those of several changes in one year as one: in force, suspended, terminated."""
    rest = list(rows)
    while rest:
        row, needs = rest.pop(0)
        follows = [r for r in rest if (r[0]["relation"], r[0]["year"]) == (row["relation"], row["year"])]
        while following := next((r for r in follows if r[0]["order"].split()[:1] == row["order"].split()[-1:]
                                 and r[0]["inForce"] == row["inForce"] == "mixed"), None):
            follows.remove(following)
            rest.remove(following)
            row = {**row, "order": " ".join([row["order"], *following[0]["order"].split()[1:]])}
        yield row, needs


_SPEAKERS: Mapping[str, Callable[[Answer, By], str]] = {"bounds": _bounds, "date": _date, "state": _state}


# --- parts of speech ----------------------------------------------------------------------------


def _between(years: Window) -> str:
    low, high = years
    if low is not None and low == high:
        return f"in {low}"
    if low is not None and high is not None:
        return f"between {low} and {high}"
    return f"in {low} at the earliest" if low is not None else f"in {high} at the latest"


def _clauses(ids: Sequence[str], claims: By) -> str:
    """Return assumptions as clauses after `if`."""
    clauses = [_clause(claims[i]) for i in ids if i in claims]
    if len(clauses) < 2:
        return "".join(clauses)
    marked = [f"({letter}) {clause}" for letter, clause in zip(ascii_lowercase, clauses, strict=False)]
    return f"{', '.join(marked[:-1])} and {marked[-1]}"


def _because(group: Iterable[Claim], claims: By, granted: Sequence[str] = ()) -> str:
    """Return the dated facts behind a row with their passages, but for those that are granted."""
    grounds = {g.fact.id: g for c in group for g in curated(c, claims)
               if "calendar" in g.qualifiers and g.object != UNKNOWN and g.id not in granted}
    told = [f"{_clause(c)} ({c.fact.at})" for c in grounds.values()][:2]
    return f", because {' and '.join(told)}" if told else ""


def _clause(claim: Claim) -> str:
    """Return what a claim says, to stand within a sentence."""
    says = str(claim.fact.words.get("says", claim.id)).rstrip(".")
    first, space, rest = says.partition(" ")
    return f"{first.lower() if first in _SMALL else first}{space}{rest}"


_SMALL = frozenset("A An The To It That This There No So What One Both Then In On When Only If From".split())


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
