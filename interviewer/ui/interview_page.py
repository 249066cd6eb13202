"""One address for an interview: its brief before it starts, the conversation once it has."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App
from interviewer.ui import brief, conversation, state
from interviewer.ui.wiring import Pages


def show(app: App, pages: Pages) -> None:
    interview = st.query_params.get(state.INTERVIEW)
    scenario = app.scenario(st.query_params.get(state.SCENARIO, ""))
    if interview:
        conversation.show(app, pages, interview)
    elif scenario:
        brief.show(app, pages, scenario)
    else:
        st.markdown("**There is no such scenario here.** It may have been renamed or removed.")
        st.page_link(pages.choose, label="See all scenarios", icon=":material/arrow_back:")
