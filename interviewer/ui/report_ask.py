"""A question about the report, answered from its own text; a connected model may word it, and never adds to it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import EXAMPLES, QUESTION_CHARACTERS, Answer, App, ask
from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import Interview
from interviewer.ui import state, wiring
from interviewer.ui.report_points import answer_link
from interviewer.ui.text import escaped, one_line
from interviewer.worker import Live


class Asked(NamedTuple):
    """The last question about this report and what the report says to it. `wording` is under way or done, or None."""

    interview: str
    question: str
    answer: Answer
    wording: Live | None


def draw(app: App, id: str, interview: Interview, assessment: Assessment) -> None:
    st.header("Ask about this report", anchor="ask")
    with st.form(f"ask {id}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Your question",
            key=state.REPORT_QUESTION,
            max_chars=QUESTION_CHARACTERS,
            placeholder="Why was point 3 missed?",
            label_visibility="collapsed",
        )
        st.form_submit_button("Ask", icon=":material/help:", on_click=_ask, args=(app, id, interview, assessment))
    with st.container(horizontal=True, gap="small"):
        for number, example in enumerate(EXAMPLES):
            st.button(
                example,
                key=f"{state.REPORT_EXAMPLE}{number}",
                type="tertiary",
                on_click=_answer,
                args=(app, id, example, interview, assessment),
            )
    asked: Asked | None = st.session_state.get(state.ASKED)
    if asked is None or asked.interview != id:
        st.caption("Answered from this report alone: your words, the points, and what was authored about them.")
        return
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{one_line(asked.question)}**")
        if asked.wording:
            (_finished if asked.wording.done else _watch)(asked.wording)
        _passages(interview, asked.answer)
        model = wiring.model(app) if asked.answer.topic != "nothing" and asked.wording is None else None
        if model:
            st.button(
                f"Have {escaped(model.name)} put it in words",
                icon=":material/edit_note:",
                help="It is told these lines and nothing else. What it adds to them is found and left out.",
                on_click=_word,
                args=(app, asked),
            )


def _passages(interview: Interview, answer: Answer) -> None:
    for passage in answer.passages:
        words = f"“{one_line(passage.text)}”" if passage.theirs else one_line(passage.text)
        st.markdown(f":gray[{one_line(passage.label)}:] {words}")
    if answer.turn is not None:
        st.markdown(f":small[See {answer_link(interview, answer.turn)}]")


@st.fragment(run_every=0.5)
def _watch(wording: Live) -> None:
    if wording.done:
        st.rerun()
    st.status("The model is wording it", type="compact", state="running")


def _finished(wording: Live) -> None:
    if wording.text:
        st.markdown(escaped(wording.text))
        st.caption("Worded by the model from the lines below, and checked against them.")
    elif wording.error:
        st.caption(escaped(wording.error))


def _ask(app: App, id: str, interview: Interview, assessment: Assessment) -> None:
    question = str(st.session_state.get(state.REPORT_QUESTION, ""))
    wiring.attempt(lambda: _answer(app, id, question, interview, assessment))


def _answer(app: App, id: str, question: str, interview: Interview, assessment: Assessment) -> None:
    answer = ask(question, interview, assessment, app.matcher)
    st.session_state[state.ASKED] = Asked(id, question, answer, None)


def _word(app: App, asked: Asked) -> None:
    model = wiring.model(app)
    if model:

        def begin() -> None:
            wording = app.worker.explain(asked.interview, asked.question, asked.answer, owner=app.owner, model=model)
            st.session_state[state.ASKED] = asked._replace(wording=wording)

        wiring.attempt(begin)
