"""Small charts in the colours of the theme, each with its figures as alternative text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from interviewer.domain.progress import Measured
from interviewer.ui.practice import short_date
from interviewer.ui.wiring import zone

QUIET: dict[str, Any] = {"title": None, "ticks": False, "domain": False}


def line(values: Sequence[Measured], top: float, what: str, *, bottom: float = 0, height: int = 150) -> None:
    """Values over time, one step an interview, on a scale from `bottom` to `top`. `what` names them for `alt`."""
    rows = [
        {"number": number, "value": round(one.value, 2), "day": short_date(one.at.astimezone(zone()).date())}
        for number, one in enumerate(values, 1)
    ]
    told = ", ".join(f"{row['value']:g} on {row['day']}" for row in rows)
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": height,
            "mark": {"type": "line", "point": {"size": 45, "filled": True}, "strokeWidth": 2},
            "encoding": {
                "x": {"field": "number", "type": "ordinal", "axis": {**QUIET, "labels": False}},
                "y": {
                    "field": "value",
                    "type": "quantitative",
                    "scale": {"domain": [bottom, top]},
                    "axis": {**QUIET, "tickCount": 4, "format": "d"},
                },
                "tooltip": [{"field": "day", "title": "Day"}, {"field": "value", "title": what}],
            },
        },
        alt=f"{what}, oldest first: {told}.",
    )


def bars(rows: Sequence[tuple[str, float]], top: float, what: str) -> None:
    """One bar for each label, in this order."""
    values = [{"label": f"{label}: {value:g}", "value": value} for label, value in rows]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": {"step": 30},
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 12},
            "encoding": {
                "y": {
                    "field": "label",
                    "type": "nominal",
                    "sort": None,
                    "axis": {**QUIET, "labelLimit": 220, "labelFontSize": 13},
                },
                "x": {
                    "field": "value",
                    "type": "quantitative",
                    "scale": {"domain": [0, top]},
                    "axis": {"title": None, "tickCount": 4},
                },
            },
        },
        alt=f"{what}: " + ", ".join(str(row["label"]) for row in values) + ".",
    )


def pairs(rows: Sequence[tuple[str, int, int]], names: tuple[str, str], steps: dict[int, str], what: str) -> None:
    """Two marks a row joined by a line: how far apart two views of the same thing are."""
    values = [
        {"label": f"{number}. {label}", "who": who, "step": step}
        for number, (label, *both) in enumerate(rows, 1)
        for who, step in reversed(list(zip(names, both, strict=True)))  # the second, larger one lies below
    ]
    words = "; ".join(f"{label}: {names[0]} {steps[a]}, {names[1]} {steps[b]}" for label, a, b in rows)
    place = {
        "y": {
            "field": "label",
            "type": "nominal",
            "sort": None,
            "axis": {**QUIET, "labelLimit": 240, "labelFontSize": 13},
        },
        "x": {
            "field": "step",
            "type": "quantitative",
            "scale": {"domain": [1, max(steps)]},
            "axis": {"title": None, "values": list(steps), "format": "d"},
        },
    }
    mark = {"field": "who", "type": "nominal", "sort": list(names), "legend": {"title": None, "orient": "top"}}
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": {"step": 34},
            "layer": [
                {
                    "mark": {"type": "line", "strokeWidth": 2, "opacity": 0.5},
                    "encoding": {**place, "detail": {"field": "label"}},
                },
                {
                    "mark": {"type": "point", "filled": True, "opacity": 1},
                    "encoding": {
                        **place,
                        "color": mark,
                        "shape": mark,
                        "size": {**mark, "scale": {"domain": list(names), "range": [60, 220]}},
                    },
                },
            ],
        },
        alt=f"{what}. {words}.",
    )
