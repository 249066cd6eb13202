"""The transcript with what counted in it, and the answers beside the reference, point by point."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.domain.annotation import carried_in, meant, pieces
from interviewer.domain.assessment import VerdictKind
from interviewer.domain.carried import Row, answer_number
from interviewer.domain.interview import Interview, Turn
from interviewer.ui import turns
from interviewer.ui.report_points import anchor, badge, quote
from interviewer.ui.text import authored, one_line, shortened

_SHADES: dict[VerdictKind, str] = {"covered": "green", "partial": "orange", "contradicted": "red"}
_VERBS: dict[VerdictKind, str] = {"covered": "Covers", "partial": "Touches", "contradicted": "Contradicts"}


def transcript(interview: Interview, rows: Sequence[Row]) -> None:
    """Everything said, with the sentences that counted marked and what each follow-up was after."""
    st.header("Transcript", anchor="transcript")
    st.caption("Marked sentences are the evidence of the grade; the number after the mark is that of the point.")
    for turn in interview.turns:
        _turn(interview, rows, turn)


def reference(interview: Interview, rows: Sequence[Row]) -> None:
    """Each point as the reference says it beside one's own words for it. Only for an interview that has ended."""
    if not interview.is_finished:
        return
    with st.expander("Compare with the reference, point by point", icon=":material/compare:"):
        for row in rows:
            with st.container(border=True, gap="xsmall"):
                st.markdown(f"{badge(row)} :gray[Point {row.number}]")
                yours, theirs = st.columns(2, gap="medium")
                with yours:
                    st.caption("You said")
                    evidence = row.result.verdict.evidence if row.result.verdict else ()
                    for item in evidence:
                        quote(interview, item)
                    if not evidence:
                        st.markdown(":gray[Nothing on this point.]")
                with theirs:
                    st.caption("A strong answer says")
                    st.markdown(one_line(row.point.strong or row.point.text))
        if interview.scenario.reference:
            st.subheader("The reference answer as a whole", anchor=False)
            st.markdown(authored(interview.scenario.reference))


def _turn(interview: Interview, rows: Sequence[Row], turn: Turn) -> None:
    name, avatar = turns.CANDIDATE if turn.role == "candidate" else turns.INTERVIEWER
    with st.chat_message(name, avatar=avatar):
        if turn.role == "candidate":
            number = answer_number(interview, turn.seq)
            st.subheader(f"Answer {number}", anchor=anchor(number))
            _marked(interview, rows, turn)
            return
        turns.body(turn, interview.scenario)
        if aim := meant(rows, turn):
            st.caption(one_line(aim))


def _marked(interview: Interview, rows: Sequence[Row], turn: Turn) -> None:
    """The answer with its evidence marked, and under it what each mark is evidence for, in words."""
    parts: list[str] = []
    for piece in pieces(interview, rows, turn):
        if piece.kind is None:
            parts.append(_between(piece.text))
        else:
            numbers = ", ".join(map(str, piece.points))
            parts.append(f":{_SHADES[piece.kind]}-background[{one_line(piece.text)}] :small[:gray[{numbers}]]")
    st.markdown("".join(parts))
    for row in carried_in(rows, turn):
        verb = _VERBS[row.result.verdict.kind] if row.result.verdict else ""
        st.caption(one_line(f"{verb} point {row.number}: {shortened(row.point.text, 110)}"))


def _between(gap: str) -> str:
    """What stands between two sentences (marks of lists and headings, spaces, line breaks), as it was typed."""
    return "  \n".join(_spaced(line) for line in gap.split("\n"))


def _spaced(line: str) -> str:
    if not line.strip():
        return line[:1]
    return f"{' ' * line[0].isspace()}{one_line(line)}{' ' * line[-1].isspace()}"
