"""The plan up to an interview: its day, its stretches from easy to hard, every week, and a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st

from interviewer.bootstrap import App, as_calendar
from interviewer.domain.plan import Day, first_day, phases
from interviewer.ui import practice, wiring
from interviewer.ui.practice import Desk, short_date
from interviewer.ui.wiring import Pages, counted

WHAT_FOR = {
    "easy": "The foundations. Say why, not only what.",
    "medium": "Finding the fault and making it faster. Answer the follow-ups too.",
    "hard": "Designing under constraints, and what to give up. Speak aloud, with the clock.",
}


def show(app: App, pages: Pages) -> None:
    with wiring.column(760):
        st.page_link(pages.home, label="Home", icon=":material/arrow_back:")
        st.title("Study plan", anchor=False)
        ready = practice.desk(app)
        st.markdown(
            practice.days_left_in_words(ready)
            or "Say when your interview is. The plan goes from easy to hard up to that day, and follows your results."
        )
        with st.container(border=True):
            practice.ask_for_date(app, ready)
        days = practice.days(app, ready, app.store.graded(owner=app.owner))
        if ready.plan is None or not days:
            return
        _stretches(app, ready)
        _weeks(days, ready)
        with st.container(horizontal=True):
            st.download_button(
                "Add to my calendar",
                as_calendar(ready.plan, days, app.clock()),
                "study-plan.ics",
                "text/calendar",
                on_click="ignore",
                icon=":material/event:",
                help="A file that calendar programs read. Importing it again renews the same events.",
            )
            st.button("Drop the plan", type="tertiary", icon=":material/delete:", on_click=_drop, args=(app,))


def _stretches(app: App, ready: Desk) -> None:
    if ready.plan is None:
        return
    parts = phases(
        min(first_day(ready.plan, wiring.zone()), ready.today), ready.plan.interview_on, app.library.scenarios.values()
    )
    st.header("From easy to hard", anchor=False)
    grid = st.grid(max(1, len(parts)), min_column_width=210)
    for part in parts:
        with grid.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{part.difficulty.capitalize()}**")
            st.caption(f"{short_date(part.first)} to {short_date(part.last)}")
            st.markdown(WHAT_FOR[part.difficulty])


def _weeks(days: Sequence[Day], ready: Desk) -> None:
    st.header("Week by week", anchor=False)
    for number, group in groupby(days, key=lambda day: (day.on - ready.today).days // 7):
        week = list(group)
        title = "The next seven days" if number == 0 else f"From {short_date(week[0].on)}"
        minutes = sum(task.minutes for day in week for task in day.tasks)
        with st.expander(f"{title} · {_length(minutes)}", expanded=number == 0):
            for day in week:
                practice.draw_day(day, ready.today, reasons=True)
    st.caption("What goes well is not asked again; what you miss comes back. So the later weeks will change.")


def _length(minutes: int) -> str:
    return counted(minutes, "minute") if minutes < 90 else counted(round(minutes / 60), "hour")


def _drop(app: App) -> None:
    wiring.attempt(lambda: app.store.forget_plan(owner=app.owner))
