"""A verdict that the candidate does not agree with: what they point at, and what came of it."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import Assessment, Dispute, PointResult
from interviewer.domain.interview import Interview
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line, shortened

FULL = 1.0


def button(app: App, interview: Interview, id: str, version: int, result: PointResult) -> None:
    """The way to dispute this verdict. There is none for a point that has its full credit."""
    if result.credit == FULL or not interview.answers:
        return
    name = f"{version} {result.key_point}"
    said = {sentence.number: sentence.text for sentence in interview.sentences()}
    with (
        st.popover("I disagree", icon=":material/gavel:", type="tertiary"),
        st.form(f"dispute {name}", border=False),
    ):
        st.caption(
            "The point is judged again with your reason in view. Only what you said in the interview is evidence, and "
            "a dispute never lowers the score."
        )
        st.multiselect(
            "Which of your sentences say it?",
            list(said),
            format_func=lambda number: shortened(said[number], 90),
            key=state.dispute_sentences(name),
            max_selections=3,
            placeholder="Choose one to three",
        )
        st.text_area(
            "Why?",
            key=state.dispute_argument(name),
            height=90,
            placeholder="What you meant by it, in a sentence or two",
        )
        st.form_submit_button(
            "Judge it again", type="primary", on_click=_judge_again, args=(app, id, version, result.key_point)
        )


def record(assessment: Assessment, key_point: str) -> None:
    """The disputes about this point, each with its outcome."""
    for dispute in assessment.disputes:
        if dispute.key_point == key_point:
            _outcome(dispute)


def _outcome(dispute: Dispute) -> None:
    with st.container(gap="xsmall"):
        icon = ":material/check:" if dispute.moved else ":material/gavel:"
        st.caption(f"{icon} You disputed this: “{one_line(dispute.argument)}”")
        st.caption(one_line(f"{dispute.reason} Judged again by: {wiring.engine_of_turn(dispute.engine)}."))


def _judge_again(app: App, id: str, version: int, key_point: str) -> None:
    name = f"{version} {key_point}"
    st.session_state.pop(state.GRADE_VERSION, None)
    wiring.attempt(
        lambda: app.worker.dispute(
            id,
            version,
            key_point,
            str(st.session_state.get(state.dispute_argument(name), "")),
            list(st.session_state.get(state.dispute_sentences(name), [])),
            owner=app.owner,
            model=wiring.model(app, judge=True),
        )
    )
