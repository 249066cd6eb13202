"""Which answer carried what: points by answers, and the moments that decided; every mark leads into the transcript."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.domain.carried import MARKS, Mark, Row, answer_number
from interviewer.domain.interview import Interview
from interviewer.domain.moments import TURNINGS, Moment, Turning
from interviewer.ui.report_points import Color, anchor, badge
from interviewer.ui.text import one_line, shortened

_SHADES: dict[Mark, Color] = {"carried": "green", "partly": "orange", "against": "red", "asked": "gray"}
_LOOKS: dict[Turning, tuple[str, Color]] = {
    "won": (":material/trending_up:", "green"),
    "lost": (":material/trending_down:", "red"),
    "recovered": (":material/undo:", "blue"),
}


def heat_map(rows: Sequence[Row]) -> None:
    """One row a point, one column an answer. Each mark is a link to the answer."""
    if not rows or not rows[0].marks:
        return
    st.header("Which answer carried what", anchor=False)
    numbers = range(1, len(rows[0].marks) + 1)
    lines = [
        "| Point | " + " | ".join(f"[{number}](#{anchor(number)})" for number in numbers) + " |",
        "|:--|" + ":-:|" * len(numbers),
        *(_row(row) for row in rows),
    ]
    st.markdown("\n".join(lines))
    used = [mark for mark in MARKS if any(mark in row.marks for row in rows)]
    told = " · ".join(f"{MARKS[mark].symbol} {MARKS[mark].word}" for mark in used)
    st.caption(f"The columns are your answers; a mark leads to what was said. {told}".rstrip())


def _row(row: Row) -> str:
    cells = " | ".join(_cell(number, mark) for number, mark in enumerate(row.marks, 1))
    return f"| {row.number}\u00a0{badge(row)} | {cells} |"


def _cell(number: int, mark: Mark | None) -> str:
    if mark is None:
        return ""
    sign = MARKS[mark]
    return f':{_SHADES[mark]}-badge[[{sign.symbol}](#{anchor(number)} "Answer {number} {sign.word}")]'


def decisive(interview: Interview, found: Sequence[Moment]) -> None:
    """Where it was won, lost and recovered, each with a way to the words."""
    st.header("Decisive moments", anchor="moments")
    if not found:
        st.markdown("No single answer decided this interview.")
        return
    with st.container(border=True):
        for moment in found:
            icon, color = _LOOKS[moment.turning]
            number = answer_number(interview, moment.turn)
            with st.container(gap="xsmall"):
                st.markdown(
                    f":{color}-badge[{icon} {TURNINGS[moment.turning].word}] "
                    f"[Answer\u00a0{number}](#{anchor(number)}) {one_line(moment.text)}"
                )
                if moment.quote:
                    st.caption(f"“{one_line(shortened(moment.quote, 220))}”")
