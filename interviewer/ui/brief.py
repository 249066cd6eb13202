"""The brief of a scenario and the terms of the interview about it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import COACH, OWNER, App
from interviewer.domain.interview import Mode
from interviewer.domain.scenario import Level, Scenario
from interviewer.ui import state, wiring
from interviewer.ui.text import authored, one_line
from interviewer.ui.wiring import Pages

LENGTHS = {3: "Short", 6: "Standard", 10: "Long"}
MODES: dict[Mode, str] = {"practice": "Practice", "mock": "Mock"}


class _Terms(NamedTuple):
    mode: Mode
    level: Level
    max_probes: int


def show(app: App, pages: Pages, scenario: Scenario) -> None:
    started = st.session_state.pop(state.STARTED, None)
    if started:
        # Before anything is drawn: the button keeps the key it was pressed with, so that a second press is recognised.
        st.switch_page(pages.interview, query_params={state.INTERVIEW: started})
    with wiring.column(1040):
        st.page_link(pages.choose, label="All scenarios", icon=":material/arrow_back:")
        st.title(one_line(scenario.title), anchor=False)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _question(scenario)
        with right, st.container(border=True):
            terms = _terms(scenario)
            st.button(
                "Start interview",
                type="primary",
                icon=":material/play_arrow:",
                width="stretch",
                on_click=_start,
                args=(app, scenario, terms, state.start_key(scenario.id)),
            )
            wiring.engine_link(app, pages)


def _question(scenario: Scenario) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(scenario.difficulty.capitalize(), color="gray")
        st.badge(f"{scenario.time_minutes} min", color="gray", icon=":material/schedule:")
        for topic in scenario.topics:
            st.badge(topic.replace("-", " "), color="gray")
    st.markdown(authored(scenario.question))
    if scenario.technologies:
        st.caption(one_line(" · ".join(scenario.technologies)))
    st.caption(
        "You may ask about the setting during the interview. Think before you answer: only what you send counts."
    )


def _terms(scenario: Scenario) -> _Terms:
    mode: Mode = st.segmented_control(
        "Mode", list(MODES), format_func=MODES.__getitem__, default="practice", required=True, key=state.MODE
    )
    if mode == "mock":
        st.caption(f"{scenario.time_minutes} minutes on the clock, no hints.")
    else:
        st.caption("Hints on request at a price, no clock.")
    level: Level = st.segmented_control(
        "Target level",
        list(scenario.level),
        format_func=str.capitalize,
        default="senior" if "senior" in scenario.level else scenario.level[0],
        required=True,
        key=state.TARGET_LEVEL,
    )
    st.caption("Sets what is expected of you, not what is asked.")
    length: int = st.segmented_control(
        "Length", list(LENGTHS), format_func=LENGTHS.__getitem__, default=6, required=True, key=state.LENGTH
    )
    st.caption(f"Up to {length} follow-ups after your first answer.")
    return _Terms(mode, level, length)


def _start(app: App, scenario: Scenario, terms: _Terms, key: str) -> None:
    """Begin once, however often the button was pressed before the page changed."""
    if not state.use_start_key(scenario.id, key):
        return

    def begin() -> None:
        used = wiring.connection(app)
        stored = app.worker.start(
            scenario,
            app.scenario_hash(scenario),
            owner=OWNER,
            mode=terms.mode,
            level=terms.level,
            max_probes=terms.max_probes,
            engine=used.model if used else COACH,
        )
        st.session_state[state.STARTED] = stored.id

    wiring.attempt(begin)
