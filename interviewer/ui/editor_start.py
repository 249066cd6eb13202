"""Where writing begins: a new scenario, a copy of another one, or one of one's own."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App, Own
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError
from interviewer.ui import state, wiring
from interviewer.ui.text import escaped, one_line, visible
from interviewer.ui.wiring import Pages

TITLE_CHARACTERS = 120


def show(app: App, pages: Pages) -> None:
    st.page_link(pages.choose, label="All scenarios", icon=":material/arrow_back:")
    st.title("Write a scenario", anchor=False)
    st.caption(
        "A question of your own, what a good answer says, and what to ask back. No model and no special format needed."
    )
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True):
        st.subheader("A new one", anchor=False)
        st.text_input(
            "What is it about?",
            key=state.NEW_TITLE,
            max_chars=TITLE_CHARACTERS,
            placeholder="The nightly job that got slow",
        )
        st.caption("You begin with a short example in every field and write over it.")
        st.button("Begin", type="primary", icon=":material/edit_note:", on_click=_begin, args=(app,))
    with right, st.container(border=True):
        st.subheader("A copy of another one", anchor=False)
        scenarios = app.library.scenarios
        st.selectbox(
            "Scenario",
            list(scenarios),
            index=None,
            format_func=lambda id: visible(scenarios[id].title),
            placeholder="Choose one",
            key=state.COPIED,
        )
        st.caption("Shipped scenarios stay as they are. You will see the answers of the one that you copy.")
        st.button("Make my own copy", icon=":material/content_copy:", on_click=_copy_chosen, args=(app,))
    _own(app, pages)


def offer_copy(app: App, pages: Pages, scenario: Scenario) -> None:
    """What is shown in place of the form for a scenario that belongs to somebody else."""
    st.page_link(pages.choose, label="All scenarios", icon=":material/arrow_back:")
    st.title(one_line(scenario.title), anchor=False)
    st.markdown("This scenario is shipped or from a pack, so it stays as it is. You can change a copy of it.")
    st.caption("You will see its answers.")
    st.button(
        "Make my own copy", type="primary", icon=":material/content_copy:", on_click=_copy, args=(app, scenario.id)
    )


def _own(app: App, pages: Pages) -> None:
    own = app.desk.all()
    if not own:
        return
    st.header("Yours", anchor=False)
    for entry in own:
        with st.container(border=True, gap="xsmall"):
            _line(pages, entry)


def _line(pages: Pages, entry: Own) -> None:
    if entry.problem:
        st.markdown(f"**{one_line(entry.title)}**")
        st.markdown(f":red[:material/error: {escaped(entry.problem)}]")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{one_line(entry.title)}**", width="stretch")
        if entry.is_changed:
            st.badge("Not saved" if not entry.is_saved else "Changes not saved", color="orange")
        if st.button("Edit", key=f"edit-{entry.id}", icon=":material/edit:"):
            st.switch_page(pages.editor, query_params={state.SCENARIO: entry.id})


def _begin(app: App) -> None:
    def begin() -> None:
        manuscript = app.desk.begin(st.session_state[state.NEW_TITLE], app.library.scenarios)
        st.query_params[state.SCENARIO] = manuscript.id

    wiring.attempt(begin)


def _copy_chosen(app: App) -> None:
    _copy(app, st.session_state[state.COPIED])


def _copy(app: App, id: str | None) -> None:
    def copy() -> None:
        scenario = app.scenario(id or "")
        if scenario is None:
            raise InputError("Choose the scenario to copy first.")
        st.query_params[state.SCENARIO] = app.desk.copy(scenario, app.library.scenarios).id

    wiring.attempt(copy)
