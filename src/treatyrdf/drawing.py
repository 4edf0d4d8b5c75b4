"""A picture of nodes and lines between them as inline SVG for a page.

A line tells how firmly it is held by its stroke and a node its kind by its shape, so that neither needs
colour. The SVG has classes but no style; nodes are links, and what a line says is its title.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from .ask import GRADES
from .chart import Href, escaped, shortened
from .figures import Node, Picture
from .layered import Layout, arrange

Point = tuple[float, float]


@dataclass(frozen=True)
class _Form:
    """The size of a node, the gap between columns, and how much of a label is written."""

    wide: int
    tall: int
    gap: int
    chars: int
    lines: int


_FORMS = {"whole": _Form(152, 46, 62, 20, 3), "ego": _Form(200, 48, 84, 28, 2),
          "reasons": _Form(230, 70, 50, 32, 3)}
_TOP, _EDGE = 34, 12
_POINTED = "M{c} 0H{r}L{w} {m}L{r} {h}H{c}L0 {m}Z"
_SHAPES = {
    "agent": "M{m} 0H{p}A{m} {m} 0 0 1 {p} {h}H{m}A{m} {m} 0 0 1 {m} 0Z",
    "relation": "M0 0H{w}V{h}H0ZM3 3H{j}V{i}H3Z",
    "provision": "M0 0H{r}L{w} {c}V{h}H0ZM{r} 0V{c}H{w}",
    "effort": "M0 0H{r}L{w} {m}L{r} {h}H0Z",
    "event": _POINTED,
    "place": "M{c} 0H{r}L{w} {c}V{l}L{r} {h}H{c}L0 {l}V{c}Z",
    "other": "M0 0H{w}V{h}H0Z",
    "claim": "M4 0H{k}Q{w} 0 {w} 4V{n}Q{w} {h} {k} {h}H4Q0 {h} 0 {n}V4Q0 0 4 0Z",
}
_GLYPHS = {
    "stated": '<circle class="p-full" r="4.5"/>',
    "reported": '<circle class="p-bare" r="4.5"/><circle class="p-full" r="1.8"/>',
    "inferred": '<path class="p-full" d="M0 -5.5L5.5 0L0 5.5L-5.5 0Z"/>',
    "possible": '<circle class="p-bare p-dots" r="4.5"/>',
    "conditional": '<circle class="p-bare" r="4.5"/><path class="p-full" d="M0 -4.5A4.5 4.5 0 0 1 0 4.5Z"/>',
    "unknown": '<text class="p-what" y="5" text-anchor="middle">?</text>',
}


def svg(picture: Picture, ident: str, href: Href) -> str:
    """Return the picture as inline SVG with the id `ident`, "" when there is nothing to draw.

    `href` gives the address of the page about a term, or None: then the node is no link.
    """
    if not picture.nodes:
        return ""
    form = _FORMS[picture.form]
    columns = [[n for n, node in enumerate(picture.nodes) if node.column == at]
               for at in range(len(picture.columns))]
    dated = [n for n, node in enumerate(picture.nodes) if node.kind == "event" and node.detail]
    layout = arrange(columns, picture.ends, form.tall, first=dated if picture.form == "whole" else ())
    wide = _left(len(columns) - (0 if _arcs(picture) else 1), form) + _EDGE + (
        0 if _arcs(picture) else form.wide)
    foot = _TOP + round(layout.height) + (22 if picture.left_out else 0)
    signs = [g for g in GRADES if any(e.grade == g for e in picture.edges)]
    signs += ["denied"] * any(e.denied for e in picture.edges)
    parts = [f'<svg class="picture p-{picture.form}" id="{escaped(ident)}" width="{wide}" '
             f'height="{foot + 34}" viewBox="0 0 {wide} {foot + 34}" role="group" '
             f'aria-label="{escaped(picture.title)}">',
             *_heads(picture, form, foot), '<g aria-hidden="true">', *_lines(picture, layout, form), "</g>"]
    for n, node in enumerate(picture.nodes):
        x, y = _left(node.column, form), round(_TOP + layout.middles[n] - form.tall / 2, 1)
        parts += _box(node, n, (x, y), form, href)
    return "\n".join([*parts, *_legend(signs, foot + 20), "</svg>", ""])


def _left(column: int, form: _Form) -> int:
    return _EDGE + column * (form.wide + form.gap)


def _arcs(picture: Picture) -> bool:
    """Tell whether lines join nodes of the last column, which takes room at its right."""
    last = len(picture.columns) - 1
    return any(picture.nodes[a].column == picture.nodes[b].column == last for a, b in picture.ends)


def _heads(picture: Picture, form: _Form, foot: int) -> Iterator[str]:
    """Yield the heads of the columns, and at their feet what they leave out."""
    for at, (title, more) in enumerate(zip(picture.columns, picture.more, strict=True)):
        x = _left(at, form) + form.wide // 2
        yield f'<text class="p-head" x="{x}" y="18" text-anchor="middle">{escaped(title)}</text>'
        if more:
            yield f'<text class="p-more" x="{x}" y="{foot - 6}" text-anchor="middle">and {more:,} more</text>'


# --- lines --------------------------------------------------------------------------------------


def _lines(picture: Picture, layout: Layout, form: _Form) -> Iterator[str]:
    """Yield every line with what it says; a denied one is crossed out."""
    ports = _ports(picture, layout, form)
    labels = {node.term: node.label for node in picture.nodes}
    for (one, other), edge in picture.ends.items():
        ends = ports[one, other, 0], ports[one, other, 1]
        columns = picture.nodes[one].column, picture.nodes[other].column
        path, tip, middle = _path(ends, columns, layout.bends[one, other], form)
        kind = f"{edge.grade}{' asserted' if edge.asserted else ''}"
        cross = _cross(middle) if edge.denied else ""
        says = [f"{labels[edge.source]} → {labels[edge.target]}",
                *(f"{'not: ' if s.denied else ''}{s.label} ({s.grade})" for s in edge.said)]
        yield (f'<g class="p-link {kind}" data-ends="{one} {other}">'
               f'<title>{escaped(chr(10).join(says))}</title>{_stroke(path, edge.grade)}'
               f'<path class="p-tip" d="{tip}"/>{cross}</g>')


def _ports(picture: Picture, layout: Layout, form: _Form) -> dict[tuple[int, int, int], Point]:
    """Return where each line (two ends) leaves its first node (0) and meets its second (1).

    The lines at one side of a node are spread in the order in which they come from above.
    """
    sides: dict[tuple[int, bool], list[tuple[float, int, tuple[int, int, int]]]] = {}
    for count, (one, other) in enumerate(picture.ends):
        for which, (here, there) in enumerate(((one, other), (other, one))):
            right = picture.nodes[there].column >= picture.nodes[here].column
            bends = layout.bends[one, other]
            near = layout.middles[there] if not bends else bends[0 if right else -1]
            sides.setdefault((here, right), []).append((round(near, 1), count, (one, other, which)))
    found = {}
    for (node, right), lines in sides.items():
        step = min(5.0, 0.64 * form.tall / max(len(lines) - 1, 1))
        x = _left(picture.nodes[node].column, form) + (form.wide if right else 0)
        for place, (_, _, key) in enumerate(sorted(lines)):
            y = _TOP + layout.middles[node] + step * (place - (len(lines) - 1) / 2)
            found[key] = (float(x), round(y, 1))
    return found


def _path(ends: tuple[Point, Point], columns: tuple[int, int], bends: Sequence[float],
          form: _Form) -> tuple[str, str, Point]:
    """Return a line, its tip and its middle; it runs level through the columns that it passes."""
    (x, y), (to_x, to_y) = ends
    if columns[0] == columns[1]:
        out = x + min(form.gap * 1.15, 20 + abs(to_y - y) / 5)
        return (_drawn("M", (x, y), "C", (out, y), (out, to_y), (to_x + 5, to_y)), _tip(to_x, to_y, 1),
                (x + (out - x) * 0.75, (y + to_y) / 2))
    way = 1 if columns[0] < columns[1] else -1
    between = range(min(columns) + 1, max(columns))
    level = [(_left(c, form), _TOP + bend) for c, bend in zip(between, bends, strict=True)]
    stops = [(x, y)]
    for left, at in level[::way]:
        stops += [(float(left + form.wide * (way < 0)), at), (float(left + form.wide * (way > 0)), at)]
    stops.append((to_x - 5 * way, to_y))
    parts = [_drawn("M", stops[0])]
    for n in range(0, len(stops), 2):
        (a, b), (c, d) = stops[n], stops[n + 1]
        half = (a + c) / 2
        parts.append(_drawn("C", (half, b), (half, d), (c, d)))
        parts += [_drawn("L", stop) for stop in stops[n + 2:n + 3]]
    (a, b), (c, d) = stops[:2]
    return "".join(parts), _tip(to_x, to_y, -way), ((a + c) / 2, (b + d) / 2)


def _drawn(*parts: str | Point) -> str:
    """Return commands of a path with their points, in tenths of a unit."""
    return " ".join(p if isinstance(p, str) else f"{round(p[0], 1):g} {round(p[1], 1):g}" for p in parts)


def _tip(x: float, y: float, way: int) -> str:
    return f"M{x:g} {y:g}l{7 * way} -3.5v7z"


# --- nodes --------------------------------------------------------------------------------------


def _box(node: Node, number: int, at: Point, form: _Form, href: Href) -> Iterator[str]:
    """Yield a node: a link when it has a page; its text is shortened, the title has it whole."""
    address = href(node.term)
    tag, link = ("g", 'role="group"') if address is None else ("a", f'href="{escaped(address)}"')
    told = escaped(": ".join(t for t in (node.label, node.detail, node.grade) if t))
    kind = f"{node.kind} {node.grade}".rstrip()
    yield (f'<{tag} class="p-node {kind}" data-node="{number}" {link} '
           f'transform="translate({at[0]:g} {at[1]:g})"><title>{told}</title><path class="p-box" d="{_outline(node.kind, form)}"/>')
    yield from _claim_text(node, form) if node.kind == "claim" else _text(node, form)
    yield f"</{tag}>"


def _outline(kind: str, form: _Form) -> str:
    w, h, c = form.wide, form.tall, 9
    sizes = {"w": w, "h": h, "m": h / 2, "p": w - h / 2, "c": c, "r": w - c, "i": h - 3, "j": w - 3,
             "l": h - c, "k": w - 4, "n": h - 4}
    return _SHAPES[kind].format(**{k: f"{v:g}" for k, v in sizes.items()})


def _text(node: Node, form: _Form) -> Iterator[str]:
    """Yield the label in the middle, and above it what the node is to the thing shown."""
    detail = bool(node.detail)
    lines = _wrapped(node.label, form, min(form.lines, (form.tall - 4) // 14 - detail))
    y = form.tall / 2 + 4 - 7 * (len(lines) - 1 + detail)
    x = form.wide // 2
    if detail:
        yield (f'<text class="p-detail" x="{x}" y="{y:g}" text-anchor="middle">'
               f'{escaped(shortened(node.detail, form.chars))}</text>')
    for n, line in enumerate(lines, detail):
        yield f'<text x="{x}" y="{y + 14 * n:g}" text-anchor="middle">{escaped(line)}</text>'


def _claim_text(node: Node, form: _Form) -> Iterator[str]:
    """Yield the sign of a claim's grade, where it stands, and below what it says."""
    yield f'<g transform="translate(15 14)">{_GLYPHS[node.grade]}</g>'
    yield f'<text class="p-detail" x="28" y="18">{escaped(shortened(node.detail or node.grade, 32))}</text>'
    for n, line in enumerate(_wrapped(node.label, form, form.lines)):
        yield f'<text x="10" y="{34 + 14 * n}">{escaped(line)}</text>'


def _wrapped(text: str, form: _Form, most: int) -> list[str]:
    """Return the lines of a label, the last with a sign where more would follow."""
    lines = wrap(text, form.chars) or [""]
    kept = lines[:most]
    return kept if len(lines) == len(kept) else [*kept[:-1], shortened(kept[-1] + " …", form.chars)]


def _legend(signs: Sequence[str], y: int) -> Iterator[str]:
    """Yield a line of each grade with its word; what is unknown or denied has a sign."""
    for n, word in enumerate(signs):
        x = _EDGE + 120 * n
        sign = {"unknown": f'<g transform="translate({x + 19} {y})">{_GLYPHS["unknown"]}</g>',
                "denied": _cross((x + 19, y))}.get(word) or _stroke(f"M{x} {y}H{x + 38}", word)
        yield f'<g class="p-key {word}">{sign}<text class="p-axis" x="{x + 46}" y="{y + 4}">{word}</text></g>'


def _stroke(path: str, grade: str) -> str:
    """Return a line in the stroke of its grade; what is reported is drawn double."""
    double = f'<path class="p-gap" d="{path}"/>' if grade == "reported" else ""
    return f'<path class="p-line" d="{path}"/>{double}'


def _cross(at: Point) -> str:
    return f'<path class="p-not" d="M{at[0] - 4:.6g} {at[1] - 4:.6g}l8 8m0 -8l-8 8"/>'
