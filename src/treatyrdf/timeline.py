"""Events and states on a line of years: what is sure, what is open, what holds only if assumed.

The rows are values; `text` draws them for a terminal, and `chart` as a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .answer import curated
from .model import Claim, Dataset
from .names import Names, local, number, trt
from .vocabulary import Vocabulary

_ENDS = {"earliestYear": "at the earliest", "latestYear": "at the latest",
         "latestBeginYear": "is when it had begun at the latest",
         "earliestEndYear": "is when it can have ended at the earliest"}
Years = tuple[int | None, int | None]


@dataclass(frozen=True)
class Row:
    """One line of the chart: sure bounds, tighter ones if something is assumed, and why."""

    term: str
    """The event or state."""
    label: str
    sure: Years
    assumed: Years
    why: tuple[str, ...]
    band: str = ""
    """The word of a state (`in force`), empty for an event."""

    @property
    def ends(self) -> tuple[int, ...]:
        """Return every year the row knows."""
        return tuple(y for y in (*self.sure, *self.assumed) if y is not None)

    @property
    def years(self) -> str:
        """Return what is sure in short, or else in brackets what holds if something is assumed."""
        return in_years(self.sure) or f"({in_years(self.assumed)})"

    @property
    def says(self) -> str:
        """Return the row in words, for those who cannot see the picture."""
        granted = f", {in_years(self.assumed)} if something is assumed" if self.assumed != self.sure else ""
        return f"{self.label}: {in_years(self.sure) or 'nothing is sure'}{granted}"


def in_years(years: Years) -> str:
    """Return bounds as a reader writes them, empty when they leave nothing.

    >>> in_years((2344, 2353)), in_years((2372, 2372)), in_years((None, 2372)), in_years((2373, None))
    ('2344–2353', '2372', 'by 2372', 'from 2373')
    """
    low, high = years
    if low is None or high is None:
        return f"by {high}" if high is not None else f"from {low}" if low is not None else ""
    return "" if low > high else str(low) if low == high else f"{low}–{high}"


def rows(claims: Iterable[Claim], dataset: Dataset, vocabulary: Vocabulary, names: Names) -> tuple[Row, ...]:
    """Return states and dated events, in the order in which they begin at the latest."""
    claims = tuple(claims)
    by_id = {c.id: c for c in claims}
    bounds: dict[str, list[Claim]] = {}
    for claim in claims:
        if "TightestBound" in claim.kinds:
            bounds.setdefault(claim.subject, []).append(claim)
    labels = {names.thing(t.id): str(t.label) for t in dataset.things.values()}
    events = [Row(term, labels[term], _years(found, False), _years(found, True),
                  _why(found, by_id, labels, names)) for term, found in bounds.items()]
    states = _states(claims, by_id, labels, vocabulary, names)
    return (*(r for r in states if r.ends), *sorted((e for e in events if e.ends), key=_place))


def _place(row: Row) -> tuple[int, int, str]:
    ends = row.ends
    return max(ends), min(ends), row.label


def _years(found: Sequence[Claim], assumed: bool) -> Years:
    """Return the tightest bounds that need nothing, or the tightest of all."""
    low = _chosen((c for c in found if c.predicate == trt("earliestYear")), assumed)
    high = _chosen((c for c in found if c.predicate == trt("latestYear")), assumed)
    return max(low, default=None), min(high, default=None)


def _why(found: Iterable[Claim], by_id: Mapping[str, Claim], labels: Mapping[str, str],
         names: Names) -> tuple[str, ...]:
    """Return a line for each bound: the year, what it rests on, and where that stands."""
    lines = []
    for claim in found:
        end = _ENDS[local(claim.predicate)]
        grounds = curated(claim, by_id)
        places = sorted({str(e.passage.at) for g in grounds for e in g.evidence})
        works = sorted({labels[names.thing(w)] for g in grounds for e in g.evidence if e.citation
                        for w in e.citation.works})
        cited = f" [{'; '.join(works)}]" if works else ""
        lines.append(f"{number(claim.object)} {end}: {', '.join(places)}{cited}")
        lines += [f"  if {by_id[a].fact.words.get('says', a)}" for a in claim.rests_on]
    return tuple(lines)


def _states(claims: Sequence[Claim], by_id: Mapping[str, Claim], labels: Mapping[str, str],
            vocabulary: Vocabulary, names: Names) -> Iterator[Row]:
    """Yield a row for each state: from its latest begin to its earliest end it surely lasted."""
    told: dict[str, dict[str, list[Claim]]] = {}
    for claim in claims:
        if claim.subject.startswith(names.record("state", "")[:-1]):
            told.setdefault(claim.subject, {}).setdefault(claim.predicate, []).append(claim)
    words = vocabulary.labels("StateScheme")
    for node, about in told.items():
        [state], [of] = about[trt("state")], about[trt("stateOf")]
        begins, ends = about.get(trt("latestBeginYear"), []), about.get(trt("earliestEndYear"), [])
        if not begins or state.object == trt("NotYetInForce"):
            continue
        sure, assumed = ((min(_chosen(begins, loose), default=None), max(_chosen(ends, loose), default=None))
                         for loose in (False, True))
        word = words[str(state.object)]
        yield Row(node, f"{labels[str(of.object)]}: {word}", sure, assumed,
                  _why((*begins, *ends), by_id, labels, names), word)


def _chosen(found: Iterable[Claim], loose: bool) -> list[int]:
    return [number(c.object) for c in found if loose or not c.rests_on]


# --- terminal -----------------------------------------------------------------------------------


def text(chart: Sequence[Row], width: int = 100) -> str:
    """Return the chart in characters: sure, open, and only if something is assumed."""
    if not chart:
        return "Nothing is dated.\n"
    first, last = span(chart)
    room = max(len(r.label) for r in chart)
    columns = max(width - room - 2, 20)
    lines = []
    for row in chart:
        cells = []
        for n in range(columns):
            year = first + (last - first) * n / (columns - 1)
            cells.append(_cell(row, year, (last - first) / (columns - 1) / 2))
        lines.append(f"{row.label:>{room}}  {''.join(cells)}".rstrip())
    step = max(1, round((last - first) * 12 / columns / 5) * 5)
    axis = [" "] * columns
    for year in range(-(-first // step) * step, last + 1, step):
        at = round((year - first) * (columns - 1) / (last - first))
        if at + len(str(year)) <= columns:
            axis[at:at + len(str(year))] = str(year)
    lines.append(" " * (room + 2) + "".join(axis).rstrip())
    legend = "█ sure  ▒ only if something is assumed  · possible, nothing nearer is known"
    return "\n".join([*lines, "", legend]) + "\n"


def span(chart: Sequence[Row]) -> tuple[int, int]:
    """Return the first and the last year of the axis, some years wider than what is known."""
    years = [y for row in chart for y in row.ends]
    return min(years) - 2, max(years) + 2


def _cell(row: Row, year: float, half: float) -> str:
    """Return the sign for a stretch of years around `year`."""
    def within(ends: Years) -> bool:
        low, high = ends
        return (low is None or year + half >= low) and (high is None or year - half <= high)

    known = row.sure[0] is not None and row.sure[1] is not None
    if known and within(row.sure):
        return "█"
    if row.assumed != row.sure and within(row.assumed):
        return "▒"
    return "·" if not known and within(row.sure) else " "
