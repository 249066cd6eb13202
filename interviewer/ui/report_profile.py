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
    names = {"field": "dimension", "type": "nominal", "sort": None}
    scale = {"domain": [0, HIGHEST]}
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "config": {"aria": False},  # what `alt` says is all of it; an empty layer would be a picture without words
            "height": HEIGHT,
            "encoding": {
                "y": {
                    **names,
                    "axis": {"title": None, "ticks": False, "domain": False, "labelFontSize": 13, "labelPadding": 8},
                }
            },
            "layer": [
                {
                    "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 12, "yOffset": 7},
                    "encoding": {
                        "x": {
                            "field": "level",
                            "type": "quantitative",
                            "scale": scale,
                            "axis": {"title": None, "values": [1, 2, 3, 4], "format": "d", "labelFontSize": 13},
                        },
                        "color": _colour(NOW),
                    },
                },
                {
                    "transform": [{"filter": "datum.open"}],
                    "mark": {"type": "rule", "strokeWidth": 3, "color": MIDDLE_GRAY, "yOffset": 7},
                    "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}},
                },
                {
                    "transform": [{"filter": "isValid(datum.before)"}],
                    "mark": {
                        "type": "point",
                        "shape": "diamond",
                        "filled": True,
                        "size": 90,
                        "opacity": 1,
                        "stroke": DARK,
                        "strokeWidth": 1.5,
                        "yOffset": 7,
                    },
                    "encoding": {"x": {"field": "before", "type": "quantitative"}, "color": _colour(LAST)},
                },
                {
                    "mark": {
                        "type": "text",
                        "align": "left",
                        "baseline": "bottom",
                        "yOffset": -2,
                        "fontSize": 12,
                        "color": MIDDLE_GRAY,
                    },
                    "encoding": {"x": {"datum": 0, "type": "quantitative"}, "text": {"field": "label"}},
                },
            ],
        },
        alt="Bars with levels from 1 to 4. " + ". ".join(item.in_words for item in standings) + ".",
    )


def _colour(attempt: str) -> dict[str, Any]:
    """The same colour as in the radar: the first two of the theme."""
    return {"datum": attempt, "type": "nominal", "scale": {"domain": [NOW, LAST]}, "legend": None}


def _label(item: Standing) -> str:
    level = f"{item.level:.3g}"
    return f"{level} · {item.confidence} confidence" if item.confidence else f"{level} · from the order of the answer"
