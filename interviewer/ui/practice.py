"""What the pages about practice share: what is due today, the days of the plan, and the words for both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.plan import DRILL_MINUTES, MINUTES_A_DAY, Day, Plan, TaskKind, schedule
from interviewer.domain.practice import Graded
from interviewer.domain.review import in_words
from interviewer.flows import practising
from interviewer.flows.practising import Due
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line
from interviewer.ui.wiring import counted

ICONS: dict[TaskKind, str] = {
    "reviews": ":material/event_repeat:",
    "new": ":material/forum:",
    "again": ":material/replay:",
    "aloud": ":material/record_voice_over:",
    "rest": ":material/bedtime:",
    "done": ":material/check:",
}


class Desk(NamedTuple):
    """What lies ready: today's date where the person is, their plan, and what is due."""

    today: date
    plan: Plan | None
    due: Due

    @property
    def days_left(self) -> int | None:
        """Days until the interview; None without a date, or after it."""
        if self.plan is None or self.plan.interview_on < self.today:
            return None
        return (self.plan.interview_on - self.today).days


def desk(app: App) -> Desk:
    """What is due now for this person."""
    now, zone = app.clock(), wiring.zone()
    today = now.astimezone(zone).date()
    midnight = datetime.combine(today, time(), zone)
    plan = app.store.plan(owner=app.owner)
    due = practising.due(
        practising.review_cards(app.store, owner=app.owner),
        app.library.scenarios,
        app.store.drills(owner=app.owner, since=midnight),
        now=now,
        zone=zone,
        interview_on=plan.interview_on if plan else None,
    )
    return Desk(today, plan, due)


def days(app: App, ready: Desk, history: Sequence[Graded]) -> tuple[Day, ...]:
    """The days of the plan from today on; empty without a plan."""
    if ready.plan is None:
        return ()
    scenarios = list(app.library.scenarios.values())
    return schedule(ready.plan, ready.today, wiring.zone(), scenarios, history, ready.due.days)


def draw_day(day: Day, today: date, *, reasons: bool) -> None:
    """The day and what to do on it, with or without the reason for each task."""
    with st.container(horizontal=True, gap="small", key=f"day-{day.on.isoformat()}"):
        st.markdown(f"**{_day_name(day.on, today)}**", width=92)
        with st.container(gap=None):
            if not day.tasks:
                st.markdown(":gray[Nothing planned]")
            for task in day.tasks:
                st.markdown(f"{ICONS[task.kind]} {one_line(task.title)}")
                if reasons:
                    minutes = f" About {task.minutes} minutes." if task.minutes else ""
                    st.caption(f"{one_line(task.reason)}{minutes}")


def days_left_in_words(ready: Desk) -> str:
    """ "Your interview is in 12 days, on Sat 5 Dec." """
    if ready.plan is None or ready.days_left is None:
        return ""
    on = ready.plan.interview_on
    if ready.days_left == 0:
        return "Your interview is today. Good luck."
    when = "tomorrow" if ready.days_left == 1 else f"in {ready.days_left} days"
    return f"Your interview is {when}, on {short_date(on)}."


def short_date(day: date) -> str:
    """ "Sat 5 Dec" """
    return f"{day:%a} {day.day} {day:%b}"


def review_minutes(due: Due) -> str:
    """ "5 points, about 10 minutes" """
    return f"{counted(len(due.today), 'point')}, about {counted(len(due.today) * DRILL_MINUTES, 'minute')}"


def comes_back(ready: Desk) -> str:
    """When the next points are due, in words."""
    return in_words(ready.due.next_day, ready.today) if ready.due.next_day else ""


def ask_for_date(app: App, ready: Desk) -> None:
    """The day of the interview and the minutes a day, with the button that makes the plan of them."""
    with st.form("plan", border=False):
        left, right = st.columns(2)
        first = ready.today + timedelta(days=1)
        known = ready.plan.interview_on if ready.plan and ready.days_left else first + timedelta(days=41)
        left.date_input(
            "Day of the interview",
            value=max(first, known),
            min_value=first,
            max_value=ready.today + timedelta(days=366),
            format="YYYY-MM-DD",
            key=state.INTERVIEW_ON,
        )
        right.selectbox(
            "Minutes a day",
            MINUTES_A_DAY,
            index=MINUTES_A_DAY.index(ready.plan.minutes) if ready.plan and ready.plan.minutes in MINUTES_A_DAY else 1,
            key=state.PLAN_MINUTES,
        )
        label = "Change the plan" if ready.days_left else "Make a plan"
        st.form_submit_button(label, icon=":material/calendar_month:", on_click=_save_plan, args=(app, ready))


def _save_plan(app: App, ready: Desk) -> None:
    made_at = ready.plan.made_at if ready.plan and ready.days_left else app.clock()
    plan = Plan(
        interview_on=st.session_state[state.INTERVIEW_ON], minutes=st.session_state[state.PLAN_MINUTES], made_at=made_at
    )
    wiring.attempt(lambda: app.store.save_plan(plan, owner=app.owner))


def _day_name(day: date, today: date) -> str:
    ahead = (day - today).days
    return ("Today", "Tomorrow")[ahead] if ahead in (0, 1) else short_date(day)
