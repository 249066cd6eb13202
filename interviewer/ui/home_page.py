"""What to do now, in one glance: go on, review, or take the next scenario; the week ahead; how it goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import COACH, App
from interviewer.domain.plan import Day
from interviewer.domain.practice import Graded
from interviewer.domain.progress import TREND_AT_LEAST, Direction, direction, scores
from interviewer.domain.scenario import Level, Scenario
from interviewer.domain.suggestion import Suggestion
from interviewer.flows.choosing import suggested
from interviewer.flows.ports import Summary
from interviewer.ui import charts, practice, state, wiring
from interviewer.ui.practice import Desk
from interviewer.ui.text import one_line, shortened, without_markup
from interviewer.ui.wiring import Pages, counted

WEEK = 7
TEASER_CHARACTERS = 170
FOLLOW_UPS = 6
FILTERS = (state.SEARCH, state.LEVEL, state.TOPIC, state.TECHNOLOGY)
DIRECTIONS: dict[Direction, str] = {
    "up": "Scores are going up.",
    "down": "Scores are going down.",
    "steady": "Scores stay where they are.",
    "unclear": "Scores go up and down, without a clear direction.",
}


def show(app: App, pages: Pages) -> None:
    _old_addresses(pages)
    begun = st.session_state.pop(state.BEGUN, None)
    if begun:
        st.switch_page(pages.interview, query_params={state.INTERVIEW: begun})
    history = app.store.history(owner=app.owner)
    if not history:
        with wiring.column(760):
            _welcome(app, pages)
        return
    with wiring.column(960):
        ready, graded = practice.desk(app), app.store.graded(owner=app.owner)
        days = practice.days(app, ready, graded)
        st.title("What to do now", anchor=False)
        _now(app, pages, ready, history, _planned(app, days) or _suggested(app, ready, history, graded))
        _week(app, pages, ready, days[:WEEK])
        _trend(pages, graded)


def _old_addresses(pages: Pages) -> None:
    """The list of scenarios once stood here: an address with its filters still leads to them."""
    kept = {name: st.query_params.get_all(name) for name in FILTERS if name in st.query_params}
    if kept:
        st.switch_page(pages.choose, query_params=kept)


def _suggested(app: App, ready: Desk, history: Sequence[Summary], graded: Sequence[Graded]) -> Suggestion | None:
    due = Counter(card.scenario for card in ready.due.today)
    grades = [one.grade for one in graded]
    return suggested(app.catalogue.scenarios, history, grades, wiring.midnight(app), due)


def _welcome(app: App, pages: Pages) -> None:
    st.title("Practise a technical interview", anchor=False)
    first = suggested(app.catalogue.scenarios, [], [], wiring.midnight(app))
    if first is None:
        st.markdown("There are no scenarios here. Put some into the scenarios folder, then reload the page.")
        return
    scenario = app.library.scenarios[first.scenario]
    st.markdown("You get a problem, you talk it through, you are asked why, and you see what carried.")
    with st.container(border=True):
        st.subheader(one_line(scenario.title), anchor=False)
        st.markdown(one_line(shortened(without_markup(scenario.question), TEASER_CHARACTERS)))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Start the interview",
                type="primary",
                icon=":material/play_arrow:",
                on_click=_start,
                args=(app, scenario, state.start_key(scenario.id)),
            )
            if st.button("Choose another one", icon=":material/forum:"):
                st.switch_page(pages.choose)
        st.caption(f"{scenario.difficulty.capitalize()} · {scenario.time_minutes} minutes · hints on request, no clock")
    wiring.engine_link(app, pages)


def _start(app: App, scenario: Scenario, key: str) -> None:
    """Begin on the usual terms. Once, however often the button was pressed before the page changed."""
    if not state.use_start_key(scenario.id, key):
        return
    level: Level = "senior" if "senior" in scenario.level else scenario.level[0]

    def begin() -> None:
        used = wiring.connection(app)
        st.session_state[state.BEGUN] = app.worker.start(
            scenario,
            app.scenario_hash(scenario),
            owner=app.owner,
            mode="practice",
            level=level,
            max_probes=FOLLOW_UPS,
            engine=used.model if used else COACH,
        ).id

    wiring.attempt(begin)


def _now(app: App, pages: Pages, ready: Desk, history: Sequence[Summary], following: Suggestion | None) -> None:
    """The things that can be done right now; the first one is the one to do."""
    left = next((line for line in history if line.ended is None), None)
    cards = [left is not None, bool(ready.due.today), following is not None]
    grid = st.grid(max(1, sum(cards)), min_column_width=270)
    primary = cards.index(True) if any(cards) else -1
    if left is not None:
        with grid.container(border=True, height="stretch"):
            _card_head(
                "Go on", left.title, f"{counted(left.answers, 'answer')} so far" if left.answers else "No answer yet"
            )
            if _card_button("Continue the interview", "play_arrow", primary == 0):
                st.switch_page(pages.interview, query_params={state.INTERVIEW: left.id})
    if ready.due.today:
        with grid.container(border=True, height="stretch"):
            _card_head("Review", practice.review_minutes(ready.due), "Asked again before you forget them.")
            if _card_button("Start the review", "event_repeat", primary == 1):
                state.leave_drill()
                st.switch_page(pages.review)
    if following is not None:
        with grid.container(border=True, height="stretch"):
            _card_head("Next scenario", app.library.scenarios[following.scenario].title, following.reason)
            if _card_button("Read the brief", "forum", primary == 2):
                st.switch_page(pages.interview, query_params={state.SCENARIO: following.scenario})
    if not any(cards):
        st.markdown("You have begun every scenario today, and nothing is due for review.")
        if st.button("Practise one again", type="primary", icon=":material/replay:"):
            st.switch_page(pages.choose)
    elif not ready.due.today and ready.due.next_day:
        st.caption(f"Nothing to review today. The next points come back {practice.comes_back(ready)}.")


def _card_head(kind: str, title: str, note: str) -> None:
    st.caption(kind)
    st.subheader(one_line(title), anchor=False)
    st.markdown(one_line(note))
    st.space("stretch")


def _card_button(label: str, icon: str, primary: bool) -> bool:
    return st.button(label, icon=f":material/{icon}:", type="primary" if primary else "secondary", width="stretch")


def _planned(app: App, days: Sequence[Day]) -> Suggestion | None:
    """The scenario that the plan has for today."""
    for task in days[0].tasks if days else ():
        if task.scenario in app.library.scenarios and task.kind in ("new", "again"):
            return Suggestion(
                task.scenario, "again" if task.kind == "again" else "new", f"On your plan for today. {task.reason}"
            )
    return None


def _week(app: App, pages: Pages, ready: Desk, days: Sequence[Day]) -> None:
    if ready.days_left is None:
        st.header("Is there a date?", anchor=False)
        with st.container(border=True):
            st.markdown(
                "With the day of your interview there is a plan: easy first, then hard, and reviews in between."
            )
            practice.ask_for_date(app, ready)
        return
    st.header("This week", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(practice.days_left_in_words(ready), width="content")
        st.page_link(pages.plan, label="The whole plan", icon=":material/calendar_month:")
    if days:
        with st.container(border=True, gap="small"):
            for day in days:
                practice.draw_day(day, ready.today, reasons=False)


def _trend(pages: Pages, graded: Sequence[Graded]) -> None:
    st.header("How it goes", anchor=False)
    values = scores(graded)
    if len(values) < TREND_AT_LEAST:
        st.markdown(
            f"{counted(len(values), 'graded interview')} so far. From {TREND_AT_LEAST} on, a trend is shown: one "
            "alone says little."
        )
        return
    charts.line(values, 100, "Score of 100", height=130)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(DIRECTIONS[direction(values) or "unclear"], width="content")
        st.page_link(pages.progress, label="By dimension, topic and point", icon=":material/monitoring:")
