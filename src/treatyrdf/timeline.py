"""Events and states on a line of years: what is sure, what is open, what holds only if assumed.

The rows are values; `text` draws them for a terminal, `svg` as a picture that follows the reader's
light or dark theme, with reasons and citations on hover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

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


def rows(claims: Iterable[Claim], dataset: Dataset, vocabulary: Vocabulary, names: Names) -> tuple[Row, ...]:
    """Return states and dated events, in the order in which they begin at the latest."""
    claims = tuple(claims)
    by_id = {c.id: c for c in claims}
    bounds: dict[str, list[Claim]] = {}
    for claim in claims:
        if "TightestBound" in claim.kinds:
            bounds.setdefault(claim.subject, []).append(claim)
    labels = {names.thing(t.id): str(t.label) for t in dataset.things.values()}
    events = [Row(labels[term], _years(found, False), _years(found, True), _why(found, by_id, labels, names))
              for term, found in bounds.items()]
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
    for about in told.values():
        [state], [of] = about[trt("state")], about[trt("stateOf")]
        begins, ends = about.get(trt("latestBeginYear"), []), about.get(trt("earliestEndYear"), [])
        if not begins or state.object == trt("NotYetInForce"):
            continue
        sure, assumed = ((min(_chosen(begins, loose), default=None), max(_chosen(ends, loose), default=None))
                         for loose in (False, True))
        word = words[str(state.object)]
        yield Row(f"{labels[str(of.object)]}: {word}", sure, assumed,
                  _why((*begins, *ends), by_id, labels, names), word)


def _chosen(found: Iterable[Claim], loose: bool) -> list[int]:
    return [number(c.object) for c in found if loose or not c.rests_on]


# --- terminal -----------------------------------------------------------------------------------


def text(chart: Sequence[Row], width: int = 100) -> str:
    """Return the chart in characters: sure, open, and only if something is assumed."""
    if not chart:
        return "Nothing is dated.\n"
    first, last = _span(chart)
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


def _span(chart: Sequence[Row]) -> tuple[int, int]:
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


# --- picture ------------------------------------------------------------------------------------

_STYLE = """
:root{color-scheme:light dark}
text{font:14px system-ui,sans-serif;fill:#1f2933}
.axis{font-size:12px;fill:#52606d}.title{font-size:20px;font-weight:600}
.grid{stroke:#d9e2ec}.sure{fill:#2b6cb0}.held{fill:#2f855a}.gone{fill:#c05621}
.year{fill:#2b6cb0;opacity:.25}.open{fill:url(#fade)}.fade0{stop-color:#2b6cb0;stop-opacity:0}.fade1{stop-color:#2b6cb0;stop-opacity:.55}
.later{fill:url(#later)}.after{fill:url(#after)}.on{stop-color:#2f855a}.off{stop-color:#2f855a;stop-opacity:0}
.if{fill:url(#hatch);stroke:#2b6cb0;stroke-dasharray:4 3}.line{stroke:#2b6cb0;stroke-width:2.5}
.page{fill:#fff}
@media(prefers-color-scheme:dark){
text{fill:#f0f4f8}.axis{fill:#9fb3c8}.grid{stroke:#334e68}.page{fill:#102a43}
.sure{fill:#63b3ed}.fade0,.fade1{stop-color:#63b3ed}.line,.if{stroke:#63b3ed}}
"""
_HEIGHT, _TOP, _LEFT, _RIGHT = 30, 74, 380, 30


def svg(chart: Sequence[Row], title: str, width: int = 1200) -> str:
    """Return the chart as SVG 1.1: solid is sure, fading is open, hatched holds if assumed."""
    first, last = _span(chart) if chart else (0, 1)
    gap = _HEIGHT // 2 if len({bool(row.band) for row in chart}) > 1 else 0
    height = _TOP + _HEIGHT * len(chart) + gap + 64

    def x(year: float) -> float:
        return round(_LEFT + (year - first) * (width - _LEFT - _RIGHT) / (last + 1 - first), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        '<defs><linearGradient id="fade"><stop class="fade0" offset="0"/><stop class="fade1" offset="1"/>'
        '</linearGradient><linearGradient id="after"><stop class="on" offset="0"/>'
        '<stop class="off" offset="1"/></linearGradient><linearGradient id="later"><stop class="fade1" '
        'offset="0"/><stop class="fade0" offset="1"/></linearGradient>'
        '<pattern id="hatch" width="7" height="7" '
        'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="line" d="M0 0V7"/>'
        '</pattern></defs>',
        f'<rect class="page" width="{width}" height="{height}"/>',
        f'<text class="title" x="24" y="38">{escape(title)}</text>']
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10 ** 9) if (last - first) / s <= 12)
    for year in range(-(-first // step) * step, last + 1, step):
        parts.append(f'<path class="grid" d="M{x(year)} {_TOP - 8}V{height - 52}"/>'
                     f'<text class="axis" x="{x(year)}" y="{_TOP - 14}">{year}</text>')
    for place, row in enumerate(chart):
        parts += _drawn(row, _TOP + _HEIGHT * place + (0 if row.band else gap), x, first, last)
    legend = (("sure", "sure"), ("open", "open on one side"), ("if", "only if something is assumed"),
              ("held", "in force"), ("gone", "not in force"))
    at = 24
    for kind, word in legend:
        parts.append(f'<rect class="{kind}" x="{at}" y="{height - 32}" width="26" height="14" rx="3"/>'
                     f'<text class="axis" x="{at + 34}" y="{height - 20}">{word}</text>')
        at += 70 + 7 * len(word)
    return "\n".join([*parts, "</svg>", ""])


def _drawn(row: Row, top: int, x: Callable[[float], float], first: int, last: int) -> list[str]:
    """Return the shapes of one row; a year is drawn as wide as it is."""
    def box(kind: str, low: float, high: float) -> str:
        wide = round(max(x(high) - x(low), 3), 1)
        return f'<rect class="{kind}" x="{x(low)}" y="{top + 6}" width="{wide}" height="18" rx="3"/>'

    middle = top + 20
    shapes = [f'<g><title>{escape(chr(10).join((row.label, *row.why)))}</title>',
              f'<text x="{_LEFT - 14}" y="{middle}" text-anchor="end">{escape(row.label)}</text>']
    low, high = row.sure
    tight_low, tight_high = row.assumed
    if row.band:
        kind = "held" if row.band == "in force" else "gone"
        if tight_low is not None and low is not None and tight_low < low:
            shapes.append(box("if", tight_low, low))
        begin = low if low is not None else first
        if high is not None:
            shapes.append(box(kind, begin, high + 1))
        else:
            shapes.append(box("after", begin, last + 1))
    elif low is not None and low == high:
        middle_x = round((x(low) + x(low + 1)) / 2, 1)
        shapes += [box("year", low, high + 1),
                   f'<path class="sure" d="M{middle_x} {top + 4}l11 11l-11 11l-11 -11z"/>']
    elif low is not None and high is not None:
        shapes.append(box("sure", low, high + 1))
    else:
        if high is not None:
            shapes.append(box("open", first, high + 1))
        elif low is not None:
            shapes.append(box("later", low, last + 1))
        if row.assumed != row.sure:
            left = tight_low if tight_low is not None else first
            shapes.append(box("if", left, (tight_high if tight_high is not None else last) + 1))
    return [*shapes, "</g>"]
