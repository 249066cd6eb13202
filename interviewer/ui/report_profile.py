"""The shape of a grade at a glance: a radar against the last attempt, next to it bars with how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from interviewer.bootstrap import Beside
from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import Interview
from interviewer.domain.profile import HIGHEST, Standing, profile, shapes, unknown

HEIGHT = 300  # pixels, of both charts
NOW, LAST = "This attempt", "Last attempt"
DARK = "#11161D"  # an outline that keeps a mark apart from the bar beneath it, in light and in dark
MIDDLE_GRAY = "#8793A3"  # reads on white and on the dark background


def draw(interview: Interview, assessment: Assessment, beside: Beside) -> None:
    st.header("By dimension", anchor=False)
    standings = profile(interview, assessment, beside.before)
    if not standings:
        st.markdown("There was not enough evidence for any dimension.")
        return
    shape = shapes(standings)
    if shape:
        left, right = st.columns([5, 7], gap="medium")
        with left, st.container(border=True, height="stretch"):
            _radar(standings, *shape)
        with right, st.container(border=True, height="stretch"):
            _bars(standings)
    else:
        _bars(standings)
    st.caption(_legend(standings, assessment))


def _legend(standings: Sequence[Standing], assessment: Assessment) -> str:
    parts = ["From 1 to 4; 3 is solid for the level."]
    if any(item.high > item.level for item in standings):
        parts.append("The line shows how far the level could reach if what nobody asked about had been said.")
    if any(item.before is not None for item in standings):
        parts.append("The diamond is your last attempt at this scenario.")
    blank = unknown(assessment)
    if blank:
        parts.append(f"Nothing in this interview to judge {', '.join(blank)} by.")
    return " ".join(parts)


def _radar(standings: Sequence[Standing], now: Sequence[float], before: Sequence[float] | None) -> None:
    data: list[dict[str, Any]] = [{"name": NOW, "value": list(now), "areaStyle": {"opacity": 0.2}}]
    if before:
        data.append({"name": LAST, "value": list(before), "symbol": "diamond", "lineStyle": {"type": "dashed"}})
    st.echarts_chart(
        {
            "animation": False,
            "legend": {"bottom": 0, "data": [item["name"] for item in data]},
            "radar": {
                "indicator": [{"name": item.name.capitalize(), "min": 0, "max": HIGHEST} for item in standings],
                "clockwise": True,
                "splitNumber": HIGHEST,
                "radius": "62%",
                "center": ["50%", "46%"],
                "axisNameGap": 8,
            },
            "series": [{"type": "radar", "symbolSize": 7, "data": data}],
        },
        height=HEIGHT,
        alt=f"Radar of {len(standings)} dimensions. " + ". ".join(item.in_words for item in standings) + ".",
    )


def _bars(standings: Sequence[Standing]) -> None:
    values = [
        {
            "dimension": item.name.capitalize(),
            "level": item.level,
            "low": item.low,
            "high": item.high,
            "open": item.high > item.low,
            "before": item.before,
            "label": _label(item),
        }
        for item in standings
    ]
    y_axis = {"title": None, "ticks": False, "domain": False, "labelFontSize": 13, "labelPadding": 8}
    # A layer without marks would be a picture without words to a screen reader.
    layers = [_now()]
    if any(item.high > item.low for item in standings):
        layers.append(_RANGE)
    if any(item.before is not None for item in standings):
        layers.append(_before())
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": HEIGHT,
            "encoding": {"y": {"field": "dimension", "type": "nominal", "sort": None, "axis": y_axis}},
            "layer": [*layers, _LABELS],
        },
        alt="Bars with levels from 1 to 4. " + ". ".join(item.in_words for item in standings) + ".",
    )


_RANGE: dict[str, Any] = {
    "transform": [{"filter": "datum.open"}],
    "mark": {"type": "rule", "strokeWidth": 3, "color": MIDDLE_GRAY, "yOffset": 7},
    "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
}
_LABELS: dict[str, Any] = {
    "mark": {
        "type": "text",
        "align": "left",
        "baseline": "bottom",
        "yOffset": -2,
        "fontSize": 12,
        "color": MIDDLE_GRAY,
    },
    "encoding": {"x": {"datum": 0, "type": "quantitative"}, "text": {"field": "label"}},
}


def _now() -> dict[str, Any]:
    x_axis = {"title": None, "values": [1, 2, 3, 4], "format": "d", "labelFontSize": 13}
    scale = {"domain": [0, HIGHEST]}
    return {
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 12, "yOffset": 7},
        "encoding": {
            "x": {"field": "level", "type": "quantitative", "scale": scale, "axis": x_axis},
            "color": _colour(NOW),
        },
    }


def _before() -> dict[str, Any]:
    diamond = {"type": "point", "shape": "diamond", "filled": True, "size": 90, "opacity": 1}
    return {
        "transform": [{"filter": "isValid(datum.before)"}],
        "mark": {**diamond, "stroke": DARK, "strokeWidth": 1.5, "yOffset": 7},
        "encoding": {"x": {"field": "before", "type": "quantitative"}, "color": _colour(LAST)},
    }


def _colour(attempt: str) -> dict[str, Any]:
    """The same colour as in the radar: the first two of the theme."""
    return {"datum": attempt, "type": "nominal", "scale": {"domain": [NOW, LAST]}, "legend": None}


def _label(item: Standing) -> str:
    level = f"{item.level:.3g}"
    return f"{level} · {item.confidence} confidence" if item.confidence else f"{level} · from the order of the answer"
