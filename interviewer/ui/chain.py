"""Several questions of a topic, one interview after the other: what comes next stands in the URL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from interviewer.bootstrap import COACH, App
from interviewer.domain.job import shared
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import StoredInterview
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line
from interviewer.ui.wiring import Pages

QUESTIONS = (1, 2, 3)


def following(
    scenario: Scenario, others: Iterable[Scenario], count: int, leaning: Sequence[str] = ()
) -> tuple[str, ...]:
    """The ids of `count` other scenarios that share most topics with this one; fewer when fewer share any.

    Those on what the candidate leans to come first.
    """
    able = [
        (-shared(leaning, other), -len(set(scenario.topics) & set(other.topics)), other.id)
        for other in others
        if other.id != scenario.id and set(scenario.topics) & set(other.topics)
    ]
    return tuple(id for _, _, id in sorted(able)[:count])


def go_on(app: App, pages: Pages, stored: StoredInterview) -> bool:
    """The way to the next question of this round; gives whether there is one."""
    started = st.session_state.pop(state.STARTED, None)
    names = [name for name in str(st.query_params.get(state.THEN, "")).split(",") if app.scenario(name)]
    if started:
        st.switch_page(pages.interview, query_params=address(started, names[1:]))
    if not names:
        return False
    scenario = app.scenario(names[0])
    if scenario is None:
        return False
    st.button(
        f"Next question: {one_line(scenario.title)}",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=_start,
        args=(app, stored, scenario, state.start_key(stored.id)),
    )
    return True


def address(interview: str, then: Iterable[str]) -> dict[str, str]:
    """What stands in the URL of an interview and of the questions that follow it."""
    rest = ",".join(then)
    return {state.INTERVIEW: interview, **({state.THEN: rest} if rest else {})}


def _start(app: App, stored: StoredInterview, scenario: Scenario, key: str) -> None:
    """The next interview on the terms of this one. Once, however often the button was pressed."""
    if not state.use_start_key(stored.id, key):
        return
    terms = stored.interview

    def begin() -> None:
        used = wiring.connection(app)
        st.session_state[state.STARTED] = app.worker.start(
            scenario,
            app.scenario_hash(scenario),
            owner=app.owner,
            mode=terms.mode,
            level=terms.level,
            max_probes=terms.max_probes,
            manner=terms.manner,
            leaning=terms.leaning,
            engine=used.model if used else COACH,
        ).id

    wiring.attempt(begin)
