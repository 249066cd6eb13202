"""The charts of a report as plain shapes, drawn once: as SVG for a page of HTML, or onto a page of a PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import cos, pi, sin
from typing import Literal, NamedTuple

from interviewer.domain.profile import HIGHEST, LOWEST, Standing, shapes

Ink = Literal["text", "faint", "now", "before"]
Align = Literal["start", "middle", "end"]

WIDTH = 340
RADAR_HEIGHT, ROW_HEIGHT = 250, 38
_RADIUS, _MIDDLE = 80.0, (170.0, 114.0)
_BAR_LEFT, _BAR_RIGHT = 8.0, 332.0


class Line(NamedTuple):
    """A polygon, or an open line with `closed` False. `fill` is the opacity of the inside, 0 for none."""

    points: tuple[tuple[float, float], ...]
    ink: Ink
    width: float = 1.0
    closed: bool = True
    fill: float = 0.0
    dashed: bool = False


class Label(NamedTuple):
    """A text on its base line."""

    at: tuple[float, float]
    text: str
    align: Align = "start"
    size: float = 11.0
    ink: Ink = "text"


class Chart(NamedTuple):
    """Shapes on a plane of `width` by `height` units, and the same said in words."""

    width: float
    height: float
    shapes: tuple[Line | Label, ...]
    words: str


def radar(standings: Sequence[Standing]) -> Chart | None:
    """This attempt against the last one; None where there are too few axes for a shape."""
    found = shapes(standings)
    if found is None:
        return None
    now, before = found
    drawn: list[Line | Label] = [
        Line(_ring([float(level)] * len(now)), "faint", 0.6) for level in range(LOWEST, HIGHEST + 1)
    ]
    drawn += [Line((_MIDDLE, _on_axis(i, len(now), HIGHEST)), "faint", 0.6, closed=False) for i in range(len(now))]
    if before:
        drawn.append(Line(_ring(before), "before", 1.6, dashed=True))
    drawn.append(Line(_ring(now), "now", 2.2, fill=0.18))
    drawn += _axis_names(standings)
    told = f"Radar of {len(now)} dimensions. " + ". ".join(item.in_words for item in standings) + "."
    key = [Label((WIDTH / 2, RADAR_HEIGHT - 6), "— this attempt" + " - - last attempt" * bool(before), "middle", 10)]
    return Chart(WIDTH, RADAR_HEIGHT, (*drawn, *key), told)


def bars(standings: Sequence[Standing]) -> Chart:
    """Each dimension as a bar with its level and confidence, how far it could reach, and the last attempt."""
    drawn: list[Line | Label] = []
    for number, item in enumerate(standings):
        top = number * ROW_HEIGHT
        base = top + 26
        sure = f" · {item.confidence} confidence" if item.confidence else ""
        drawn.append(Label((_BAR_LEFT, top + 15), f"{item.name.capitalize()} {item.level:.3g}{sure}"))
        drawn.append(Line(_box(_BAR_LEFT, base - 5, _BAR_RIGHT, base + 5), "faint", 0.5))
        drawn.append(Line(_box(_BAR_LEFT, base - 5, _across(item.level), base + 5), "now", 0.5, fill=1.0))
        if item.high > item.low:
            drawn.append(
                Line(((_across(item.low), base), (_across(item.high), base)), "before", 2.0, closed=False, dashed=True)
            )
        if item.before is not None:
            drawn.append(Line(_diamond(_across(item.before), base), "before", 1.0, fill=1.0))
    told = "Bars with levels from 1 to 4. " + ". ".join(item.in_words for item in standings) + "."
    return Chart(WIDTH, len(standings) * ROW_HEIGHT + 4, tuple(drawn), told)


def as_svg(chart: Chart) -> str:
    """The chart as an SVG element without script, style sheet or link. Its inks are CSS variables of the page."""
    parts = "".join(_svg_line(shape) if isinstance(shape, Line) else _svg_label(shape) for shape in chart.shapes)
    words = escape(chart.words)
    return (
        f'<svg viewBox="0 0 {chart.width:g} {chart.height:g}" role="img" aria-label="{words}">'
        f"<title>{words}</title>{parts}</svg>"
    )


def _svg_line(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    ink = f"var(--{line.ink})"
    fill = f'fill="{ink}" fill-opacity="{line.fill:g}"' if line.fill else 'fill="none"'
    dashes = ' stroke-dasharray="5 3"' if line.dashed else ""
    name = "polygon" if line.closed else "polyline"
    return f'<{name} points="{points}" {fill} stroke="{ink}" stroke-width="{line.width:g}"{dashes}/>'


def _svg_label(label: Label) -> str:
    x, y = label.at
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{label.size:g}" text-anchor="{label.align}" '
        f'fill="var(--{label.ink})">{escape(label.text)}</text>'
    )


def _axis_names(standings: Sequence[Standing]) -> Iterator[Label]:
    for number, item in enumerate(standings):
        x, y = _on_axis(number, len(standings), HIGHEST + 0.45)
        side = x - _MIDDLE[0]
        align: Align = "middle" if abs(side) < 5 else "start" if side > 0 else "end"
        yield Label((x, y + 4), item.name.capitalize(), align, 10)


def _ring(levels: Sequence[float]) -> tuple[tuple[float, float], ...]:
    return tuple(_on_axis(number, len(levels), level) for number, level in enumerate(levels))


def _on_axis(number: int, axes: int, level: float) -> tuple[float, float]:
    angle = 2 * pi * number / axes - pi / 2
    reach = _RADIUS * level / HIGHEST
    return _MIDDLE[0] + reach * cos(angle), _MIDDLE[1] + reach * sin(angle)


def _across(level: float) -> float:
    return _BAR_LEFT + (_BAR_RIGHT - _BAR_LEFT) * level / HIGHEST


def _box(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def _diamond(x: float, y: float) -> tuple[tuple[float, float], ...]:
    return (x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)
