"""Draws what the interviewer slides over the table: a table, a chart, or text as it is."""

from __future__ import annotations

import csv
import io

import streamlit as st

from interviewer.domain.scenario import Exhibit
from interviewer.ui.text import one_line, visible

ROWS_SHOWN = 12
PIXELS_PER_ROW = 35


def draw(exhibit: Exhibit) -> None:
    with st.container(border=True, gap="xsmall"):
        st.badge(one_line(exhibit.title), icon=":material/table_chart:", color="blue")
        rows = table(exhibit.content) if exhibit.kind in ("table", "chart") else []
        if exhibit.kind == "chart" and len(rows) > 1:
            _chart(rows)
        elif rows:
            shown = min(len(rows), ROWS_SHOWN)
            st.dataframe(rows, hide_index=True, height=PIXELS_PER_ROW * (shown + 1) + 3)
        else:
            st.code(visible(exhibit.content), language=None, wrap_lines=False)
        made = one_line(exhibit.made)
        st.caption(made[:1].upper() + made[1:])


def table(content: str) -> list[dict[str, str | float]]:
    """The rows of a CSV text by column; what reads as a number is one."""
    reader = csv.DictReader(io.StringIO(content))
    return [
        {visible(str(name)): _value(cell) for name, cell in row.items() if name is not None}
        for row in reader
        if any((cell or "") for cell in row.values() if isinstance(cell, str))
    ]


def _value(cell: object) -> str | float:
    text = visible(str(cell or "")).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text and "e" not in text.lower() else number


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _chart(rows: list[dict[str, str | float]]) -> None:
    """The first column along the bottom, every other one a line."""
    first, *series = list(rows[0])
    points = [
        {"x": row[first], "value": row[name], "series": _spaced(name)}
        for row in rows
        for name in series
        if isinstance(row.get(name), int | float)
    ]
    numeric = all(isinstance(row[first], int | float) for row in rows)
    st.vega_lite_chart(
        {
            "data": {"values": points},
            "height": 320,
            "mark": {"type": "line", "point": len(rows) <= 40},
            "encoding": {
                "x": {
                    "field": "x",
                    "type": "quantitative" if numeric else "ordinal",
                    "sort": None,
                    "axis": {"title": _spaced(first)},
                },
                "y": {
                    "field": "value",
                    "type": "quantitative",
                    "axis": {"title": _spaced(series[0]) if len(series) == 1 else None},
                },
                "color": {
                    "field": "series",
                    "type": "nominal",
                    "legend": {"title": None, "orient": "bottom", "labelLimit": 300},
                }
                if len(series) > 1
                else {"value": "#2b5c8f"},
            },
        },
        alt=f"{', '.join(map(_spaced, series))} over {_spaced(first)}: {len(rows)} values.",
    )
