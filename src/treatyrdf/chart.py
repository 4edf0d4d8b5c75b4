"""The timeline as SVG: a file of its own with its style, or a figure of a page with links.

Solid is sure, fading is open on one side, hatched holds only if something is assumed. Both outputs draw
the same shapes. A figure has classes but no style, its ids begin with the name it is given, and it is
laid out in per cent of its width, so that its text keeps its size on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .timeline import Row, span

Href = Callable[[str], "str | None"]
"""The address of the page about a term, None for what has no page."""

_Bar = Callable[[str, "int | None", "int | None"], str]
_LEGEND = (("p-sure", "sure"), ("p-open", "open on one side"), ("p-if", "only if something is assumed"),
           ("p-held", "in force"), ("p-gone", "not in force"))
_FILLS = {"p-open": "rise", "p-open p-later": "fall", "p-open p-on": "on", "p-open p-off": "off",
          "p-if": "hatch", "p-gone": "stripes"}
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_FADES = (("rise", "p-clear", "p-half"), ("fall", "p-half", "p-clear"), ("on", "p-on", "p-on p-clear"),
          ("off", "p-off", "p-off p-clear"))
_UNSAFE = frozenset(chr(n) for n in (
    *range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0), *range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0),
    *(plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))))


def _defs(ident: str) -> str:
    """Return the fades, patterns and signs that the shapes refer to."""
    fades = (f'<linearGradient id="{ident}-{name}"><stop class="{left}" offset="0"/>'
             f'<stop class="{right}" offset="1"/></linearGradient>' for name, left, right in _FADES)
    pattern = f'<pattern id="{ident}-{{}}" width="{{}}" height="{{}}" patternUnits="userSpaceOnUse"'
    return "".join((
        "<defs>", *fades,
        pattern.format("hatch", 7, 7) + ' patternTransform="rotate(45)">'
        '<path class="p-hatch" d="M0 0V7"/></pattern>',
        pattern.format("stripes", 4, 4) + '><path class="p-stripes" d="M0 2H4"/></pattern>',
        f'<path id="{ident}-year" class="p-year" d="M0 -10l10 10l-10 10l-10 -10z"/></defs>'))


def escaped(text: str) -> str:
    """Return text for XML and HTML."""
    return escape(legible(text))


def legible(text: str) -> str:
    """Return a text in which what XML and HTML cannot hold is replaced.

    See https://www.w3.org/TR/xml/#charsets and https://html.spec.whatwg.org/#preprocessing-the-input-stream.
    """
    if _UNSAFE.isdisjoint(text):
        return text
    return "".join("\ufffd" if c in _UNSAFE else c for c in text)


def shortened(text: str, most: int) -> str:
    """Return at most `most` characters of a text, with a sign where some are missing."""
    return text if len(text) <= most else text[:most - 1].rstrip() + "…"


@dataclass(frozen=True)
class _Scale:
    """Where years stand: from `left` on, `wide` in all, in units of the user or per cent."""

    first: int
    last: int
    left: float
    wide: float
    unit: str = ""

    def at(self, year: float) -> str:
        return self._told(self.left + (year - self.first) * self._year)

    def long(self, years: float) -> str:
        return self._told(max(years * self._year, self.wide / 250))

    def ticks(self, most: int) -> range:
        """Return round years, at most `most` of them."""
        step = next((s for s in _STEPS if (self.last - self.first) / s <= most), 10 ** 4)
        return range(-(-self.first // step) * step, self.last + 1, step)

    @property
    def _year(self) -> float:
        return self.wide / (self.last + 1 - self.first)

    def _told(self, place: float) -> str:
        return f"{round(place, 1)}{self.unit}"


def _bars(row: Row, top: int, scale: _Scale, ident: str) -> list[str]:
    """Return the shapes of one row; a year is drawn as wide as it is."""
    def bar(kind: str, low: int | None, after: int | None) -> str:
        begin = scale.first if low is None else low
        end = scale.last + 1 if after is None else after
        return _box(kind, ident, scale.at(begin), top, scale.long(end - begin))

    low, high = row.sure
    if row.band:
        return [*_granted(row, bar), *_lasting(row, bar)]
    if low is not None and low == high:
        mark = f'<use href="#{ident}-year" x="{scale.at(low + 0.5)}" y="{top + 8}"/>'
        return [bar("p-span", low, low + 1), mark]
    if low is not None and high is not None:
        return [bar("p-sure", low, high + 1)]
    open_ = [bar("p-open", None, high + 1)] if high is not None else (
        [bar("p-open p-later", low, None)] if low is not None else [])
    return [*open_, *_granted(row, bar)]


def _lasting(row: Row, bar: _Bar) -> list[str]:
    """Return the stretch in which a state surely lasted; its end may be open."""
    low, high = row.sure
    word = "on" if row.band == "in force" else "off"
    if low is None or (high is not None and high < low):
        return []
    solid = "p-held" if word == "on" else "p-gone"
    return [bar(solid, low, high + 1) if high is not None else bar(f"p-open p-{word}", low, None)]


def _granted(row: Row, bar: _Bar) -> list[str]:
    """Return what holds only if something is assumed."""
    low, high = row.assumed
    empty = low is not None and high is not None and low > high
    return [] if row.assumed == row.sure or empty else [bar("p-if", low, None if high is None else high + 1)]


def _box(kind: str, ident: str, x: str, y: int, wide: str) -> str:
    fill = f' fill="url(#{ident}-{_FILLS[kind]})"' if kind in _FILLS else ""
    return f'<rect class="{kind}"{fill} x="{x}" y="{y}" width="{wide}" height="16" rx="2"/>'


def _key(drawn: str, ident: str, places: Sequence[tuple[str, int]]) -> list[str]:
    """Return the legend of the kinds of shapes that were drawn."""
    kinds = [(kind, word) for kind, word in _LEGEND if f'class="{kind}' in drawn
             or (kind == "p-sure" and "#" + ident + "-year" in drawn)]
    return [f'<svg x="{x}" y="{y}" width="260" height="18">{_box(kind, ident, "0", 1, "26")}'
            f'<text class="p-axis" x="34" y="14">{word}</text></svg>'
            for (kind, word), (x, y) in zip(kinds, places, strict=False)]


def _tip(row: Row) -> str:
    return f"<title>{escaped(chr(10).join((row.label, *row.why)))}</title>"


# --- a figure of a page -------------------------------------------------------------------------


def figure(chart: Sequence[Row], title: str, ident: str, href: Href) -> str:
    """Return the chart as inline SVG for a page, "" when nothing is dated.

    It is as wide as what holds it, 320 px or more. `ident` begins its ids; `href` gives the address of
    a row's page.
    """
    if not chart:
        return ""
    scale = _Scale(*span(chart), 0, 100, "%")
    foot = 34 + 46 * len(chart)
    grid = [f'<line class="p-grid" x1="{x}" x2="{x}" y1="26" y2="{foot}"/>'
            f'<text class="p-axis" x="{x}" y="18" text-anchor="middle">{year}</text>'
            for year in scale.ticks(5) for x in (scale.at(year),)]
    parts = [part for place, row in enumerate(chart)
             for part in _linked(row, 34 + 46 * place, scale, ident, href)]
    places = [("0", foot + 18 + 24 * n) for n in range(len(_LEGEND))]
    legend = _key("".join(parts), ident, places)
    return "\n".join([
        f'<svg class="picture p-timeline" width="100%" height="{foot + 24 + 24 * len(legend)}" role="group" '
        f'aria-label="{escaped(title)}">', _defs(ident), *grid, *parts, *legend, "</svg>", ""])


def _linked(row: Row, top: int, scale: _Scale, ident: str, href: Href) -> list[str]:
    """Return a row as a link that tells it in words, and its label, shortened, above its shapes.

    The label lies over the link and lets the pointer through: inside, it would have to be its name.
    """
    address = href(row.term)
    tag, link = ("g", 'role="group"') if address is None else ("a", f'href="{escaped(address)}"')
    word = f": {row.band}" if row.band else ""
    room = (46 if word else 44) - len(row.years + word)
    label = shortened(row.label.removesuffix(word), max(room, 8)) + word
    return [f'<{tag} class="p-row" {link} aria-label="{escaped(row.says)}">{_tip(row)}',
            f'<rect class="p-hit" y="{top}" width="100%" height="44" rx="4"/>',
            *_bars(row, top + 23, scale, ident), f"</{tag}>",
            f'<text class="p-label" x="6" y="{top + 16}" aria-hidden="true">{escaped(label)} '
            f'<tspan class="p-years" dx="4">{row.years}</tspan></text>']


# --- a file of its own --------------------------------------------------------------------------

_STYLE = """
:root{color-scheme:light dark;--ink:#1f2933;--muted:#52606d;--rule:#d9e2ec;--paper:#fff}
:root{--sure:#2b6cb0;--held:#2f855a;--gone:#c05621}
@media(prefers-color-scheme:dark){:root{--ink:#f0f4f8;--muted:#9fb3c8;--rule:#334e68;--paper:#102a43}
:root{--sure:#63b3ed;--held:#68d391;--gone:#f6ad55}}
text{font:14px system-ui,sans-serif;fill:var(--ink)}
.p-axis{font-size:12px;fill:var(--muted)}.p-title{font-size:20px;font-weight:600}
.p-page{fill:var(--paper)}.p-grid{stroke:var(--rule)}
.p-sure,.p-year{fill:var(--sure)}.p-span{fill:var(--sure);opacity:.25}
.p-held{fill:var(--held)}.p-gone{stroke:var(--gone)}
.p-half{stop-color:var(--sure);stop-opacity:.55}.p-clear{stop-color:var(--sure);stop-opacity:0}
.p-on{stop-color:var(--held)}.p-off{stop-color:var(--gone)}
.p-hatch{stroke:var(--sure);stroke-width:2.5}.p-stripes{stroke:var(--gone);stroke-width:2}
.p-if{stroke:var(--sure);stroke-dasharray:4 3}
"""
_HEIGHT, _TOP, _LEFT, _RIGHT = 30, 74, 380, 30


def svg(chart: Sequence[Row], title: str, width: int = 1200) -> str:
    """Return the chart as an SVG file that follows the reader's light or dark theme."""
    scale = _Scale(*(span(chart) if chart else (0, 1)), _LEFT, width - _LEFT - _RIGHT)
    gap = _HEIGHT // 2 if len({bool(row.band) for row in chart}) > 1 else 0
    height = _TOP + _HEIGHT * len(chart) + gap + 64
    parts = []
    for place, row in enumerate(chart):
        top = _TOP + _HEIGHT * place + (0 if row.band else gap)
        parts += [f"<g>{_tip(row)}", f'<text x="{_LEFT - 14}" y="{top + 20}" text-anchor="end">'
                  f'{escaped(shortened(row.label, 52))}</text>', *_bars(row, top + 7, scale, "chart"), "</g>"]
    grid = [f'<path class="p-grid" d="M{scale.at(year)} {_TOP - 8}V{height - 52}"/>'
            f'<text class="p-axis" x="{scale.at(year)}" y="{_TOP - 14}">{year}</text>'
            for year in scale.ticks(12)]
    places = [(str(24 + 230 * n), height - 34) for n in range(len(_LEGEND))]
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escaped(title)}</title><style>{_STYLE}</style>", _defs("chart"),
        f'<rect class="p-page" width="{width}" height="{height}"/>',
        f'<text class="p-title" x="24" y="38">{escaped(title)}</text>',
        *grid, *parts, *_key("".join(parts), "chart", places), "</svg>", ""])
