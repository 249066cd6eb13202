"""One missed point asked again before the report shows the answers, and what came of it."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App, RetryOffer, retry_offer
from interviewer.domain.assessment import Assessment, Retry
from interviewer.domain.carried import STATES, PointState
from interviewer.flows.ports import StoredInterview
from interviewer.ui import state, wiring
from interviewer.ui.report_points import LOOKS, sentence
from interviewer.ui.text import escaped, one_line


def offer(stored: StoredInterview, assessment: Assessment, tries: list[Retry]) -> RetryOffer | None:
    """The point to try again first; None when one was tried or passed over already, or nothing was missed."""
    return None if tries else retry_offer(stored.interview, assessment)


def ask(app: App, stored: StoredInterview, offered: RetryOffer) -> None:
    """The question, an input, and a way past it. The answers stay hidden until one of them is used."""
    st.header("One more try before you see the answers", anchor=False)
    with st.container(border=True):
        st.markdown(one_line(offered.question))
        st.caption("It counts for practice and leaves the score as it is. The gaps and the reference come right after.")
        with st.form(f"retry {stored.id}", border=False):
            st.text_area(
                "Your answer",
                key=state.RETRY_ANSWER,
                height=130,
                label_visibility="collapsed",
                placeholder="Two or three sentences are enough",
            )
            with st.container(horizontal=True):
                st.form_submit_button(
                    "Check my answer", type="primary", on_click=_check, args=(app, stored.id, offered)
                )
                st.form_submit_button("Show the answers", on_click=_pass_over, args=(app, stored.id, offered))


def outcome(stored: StoredInterview, retry: Retry) -> None:
    """What a try was worth, in the candidate's own words. Nothing for one that was passed over."""
    if not retry.answer:
        return
    kind: PointState = retry.verdict.kind if retry.verdict else "ungraded"
    icon, color = LOOKS[kind]
    st.header("Your second try", anchor=False)
    with st.container(border=True, gap="xsmall"):
        st.badge(STATES[kind].word, icon=icon, color=color)
        st.markdown(f"**{one_line(retry.question)}**")
        st.markdown(escaped(retry.answer))
        if retry.verdict and kind in ("covered", "partial"):
            for evidence in retry.verdict.evidence:
                st.caption(f"Counts: “{one_line(evidence.text)}”")
        else:
            reason = retry.verdict.reason if retry.verdict else retry.ungraded.reason if retry.ungraded else ""
            st.caption(one_line(sentence(reason)))
        st.caption(f"What was asked for: {one_line(stored.interview.scenario.key_point(retry.key_point).text)}")


def _key(offered: RetryOffer) -> str:
    return f"first {offered.key_point}"


def _check(app: App, id: str, offered: RetryOffer) -> None:
    answer = str(st.session_state.get(state.RETRY_ANSWER, ""))
    wiring.attempt(
        lambda: app.worker.retry(
            id, offered, answer, owner=app.owner, key=_key(offered), model=wiring.model(app, judge=True)
        )
    )


def _pass_over(app: App, id: str, offered: RetryOffer) -> None:
    wiring.attempt(lambda: app.worker.pass_over(id, offered, owner=app.owner, key=_key(offered)))
