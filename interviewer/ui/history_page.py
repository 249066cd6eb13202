"""Every interview of this person: open it, or delete it for good."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import App
from interviewer.flows.ports import Summary
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line
from interviewer.ui.wiring import Pages, counted

AT_ONCE = 30


def show(app: App, pages: Pages) -> None:
    with wiring.column(760):
        st.title("History", anchor=False)
        history = app.store.history(owner=app.owner)
        if not history:
            st.markdown("No interviews yet. Each one you start is kept here, finished or not, with its report.")
            if st.button("Choose a scenario", type="primary", icon=":material/forum:"):
                st.switch_page(pages.choose)
            if app.store.drills(owner=app.owner):
                _delete_all(app, history)
            return
        shown = st.session_state.get(state.SHOWN_HISTORY, AT_ONCE)
        for line in history[:shown]:
            with st.container(border=True, gap="xsmall", key=f"line-{line.id}"):
                _line(app, pages, line)
        if len(history) > shown:
            st.button(
                "Show older ones", on_click=st.session_state.__setitem__, args=(state.SHOWN_HISTORY, shown + AT_ONCE)
            )
        _delete_all(app, history)
        st.caption(f"Kept in {one_line(data_place(app))}")


def data_place(app: App) -> str:
    """Where the interviews lie. An address of a database server is not shown, since it may hold a password."""
    if app.shared:
        return "the database of this server, for you alone"
    if app.settings.database_url:
        return "the database that INTERVIEWER_DATABASE_URL names"
    return str(app.settings.data_dir.expanduser())


def _line(app: App, pages: Pages, line: Summary) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{one_line(line.title)}**", width="content")
        _badge(line)
    terms = f"{line.mode.capitalize()} · {line.level.capitalize()} level"
    st.caption(f"{wiring.when(line.created_at)} · {terms} · {counted(line.answers, 'answer')}")
    if st.session_state.get(state.DELETING) == line.id:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Delete this interview and its grades for good?", width="content")
            st.button("Keep it", key=f"keep-{line.id}", on_click=st.session_state.pop, args=(state.DELETING, None))
            st.button("Delete", key=f"sure-{line.id}", type="primary", on_click=_delete, args=(app, line.id))
        return
    with st.container(horizontal=True):
        label, page = ("Open the report", pages.report) if line.ended else ("Continue", pages.interview)
        if st.button(label, key=f"open-{line.id}"):
            st.switch_page(page, query_params={state.INTERVIEW: line.id})
        st.button(
            "Delete",
            key=f"delete-{line.id}",
            type="tertiary",
            icon=":material/delete:",
            on_click=st.session_state.__setitem__,
            args=(state.DELETING, line.id),
        )


def _badge(line: Summary) -> None:
    if line.ended is None:
        st.badge("Not finished", color="orange")
    elif line.signal is None:
        st.badge("Not graded", color="gray")
    else:
        st.badge(line.signal.capitalize() if line.score is None else f"{line.score} of 100", color="gray")


def _delete(app: App, id: str) -> None:
    st.session_state.pop(state.DELETING, None)
    wiring.attempt(lambda: app.store.delete(id, owner=app.owner))


def _delete_all(app: App, history: Sequence[Summary]) -> None:
    with st.expander("Delete everything", icon=":material/delete_forever:"):
        number = counted(len(history), "interview")
        st.markdown("This cannot be undone. Download the reports you want to keep first.")
        sure = st.checkbox(
            f"Yes, delete {number} with all answers and grades, all drills, and your stories", key=state.SURE
        )
        st.button("Delete everything", disabled=not sure, on_click=_delete_everything, args=(app,))


def _delete_everything(app: App) -> None:
    if wiring.attempt(lambda: app.store.delete_all(owner=app.owner)):
        st.toast("Everything was deleted.")
