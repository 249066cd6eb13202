"""Drills: one key point at a time, asked from memory, checked at once, and told when it comes back."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import PointResult
from interviewer.domain.plan import DRILL_MINUTES
from interviewer.domain.practice import Drill
from interviewer.domain.progress import trail
from interviewer.domain.review import due_day, in_words
from interviewer.domain.scenario import Scenario
from interviewer.flows import practising
from interviewer.flows.ports import StoredInterview
from interviewer.ui import practice, state, wiring
from interviewer.ui.practice import Desk
from interviewer.ui.report_points import look, sentence, source_link
from interviewer.ui.text import authored, escaped, one_line
from interviewer.ui.wiring import Pages, counted
from interviewer.worker import ANSWER_CHARACTERS, Live

DONT_KNOW = "I don't know."
STEPS_SHOWN = 5


class _Asked(NamedTuple):
    scenario: Scenario
    key_point: str
    question: str


def show(app: App, pages: Pages) -> None:
    with wiring.column(760):
        ready = practice.desk(app)
        _head(ready, pages)
        drill = _current(app)
        if drill is not None:
            _after_the_answer(app, pages, ready, drill)
            return
        asked = _asked(app, ready)
        if asked is not None:
            _ask(app, asked)
        else:
            _nothing_due(app, pages, ready)
        _gone(ready)


def retry_button(pages: Pages, stored: StoredInterview, result: PointResult) -> None:
    """In a report: the way to a drill on this point, unless it was covered or has no question of its own."""
    scenario = stored.interview.scenario
    covered = result.verdict is not None and result.verdict.kind == "covered"
    if covered or not practising.questions(scenario, result.key_point):
        return
    if st.button("Retry this part", key=f"retry-part-{result.key_point}", icon=":material/event_repeat:"):
        state.leave_drill()
        st.switch_page(
            pages.review,
            query_params={
                state.SCENARIO: scenario.id,
                state.POINT: result.key_point,
                state.INTERVIEW: stored.id,
            },
        )


def _head(ready: Desk, pages: Pages) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title("Review", anchor=False, width="content")
        if ready.due.today:
            st.caption(f"{counted(len(ready.due.today), 'point')} due today", width="content")
    report = st.query_params.get(state.INTERVIEW)
    if report:
        st.page_link(
            pages.report,
            label="Back to the report",
            icon=":material/arrow_back:",
            query_params={state.INTERVIEW: report},
        )


def _current(app: App) -> Drill | None:
    """The drill on this page once it has an answer: also one whose check broke off before."""
    drill = app.store.drill(state.drill_key(), owner=app.owner)
    if drill is None and state.POINT not in st.query_params:
        open_ones = [one for one in app.store.drills(owner=app.owner) if not one.is_judged]
        drill = next((one for one in reversed(open_ones) if app.scenario(one.scenario)), None)
        if drill is not None:
            state.show_drill(drill.key)
    return drill


def _asked(app: App, ready: Desk) -> _Asked | None:
    """The point that the URL names, else the first one that is due."""
    wanted = [(st.query_params.get(state.SCENARIO, ""), st.query_params.get(state.POINT, ""))]
    for id, key_point in [*wanted, *((card.scenario, card.key_point) for card in ready.due.today)]:
        scenario = app.scenario(id)
        if scenario is None:
            continue
        before = [one.question for one in app.store.drills(owner=app.owner, scenario=id) if one.key_point == key_point]
        question = practising.question(scenario, key_point, before)
        if question:
            return _Asked(scenario, key_point, question)
    return None


def _ask(app: App, asked: _Asked) -> None:
    key = state.drill_key()
    with st.container(border=True):
        st.caption(f"{one_line(asked.scenario.title)} · from memory, about {counted(DRILL_MINUTES, 'minute')}")
        st.subheader(one_line(asked.question), anchor=False)
        with st.expander("The situation", icon=":material/description:"):
            st.markdown(authored(asked.scenario.question))
        with st.form(f"drill {key}", border=False):
            st.text_area(
                "Your answer",
                key=state.drill_answer(key),
                max_chars=ANSWER_CHARACTERS,
                height=150,
                placeholder="Say it first, then type two to four sentences",
            )
            with st.container(horizontal=True):
                st.form_submit_button("Check my answer", type="primary", on_click=_answer, args=(app, asked, key))
                st.form_submit_button(
                    "I don't know", on_click=_answer, args=(app, asked, key, DONT_KNOW), help="It comes back sooner."
                )


def _answer(app: App, asked: _Asked, key: str, answer: str | None = None) -> None:
    said = Drill(
        key=key,
        scenario=asked.scenario.id,
        key_point=asked.key_point,
        question=asked.question,
        answer=answer or str(st.session_state.get(state.drill_answer(key), "")),
        at=app.clock(),
    )
    _check(app, said, asked.scenario)


def _check(app: App, said: Drill, scenario: Scenario) -> None:
    wiring.attempt(lambda: app.worker.drill(said, scenario, owner=app.owner, model=wiring.model(app, judge=True)))


def _after_the_answer(app: App, pages: Pages, ready: Desk, drill: Drill) -> None:
    scenario = app.scenario(drill.scenario)
    live = app.worker.drill_of(drill.key, owner=app.owner)
    if scenario is None:
        st.markdown("The scenario of this question was removed meanwhile. Your answer is kept.")
        _next(ready, pages)
    elif drill.is_judged:
        _result(app, scenario, drill)
        _next(ready, pages)
    else:
        with st.container(border=True):
            st.markdown(f"**{one_line(drill.question)}**")
            st.markdown(escaped(drill.answer))
            if live and not live.done:
                _watch(live)
                return
            if live:
                st.error(escaped(live.error), icon=":material/error:")
            else:
                st.caption("This answer is kept, and was not checked yet.")
            st.button("Check my answer", type="primary", on_click=_check, args=(app, drill, scenario))


@st.fragment(run_every=0.3)
def _watch(live: Live) -> None:
    if live.done:
        st.rerun()
    st.markdown(f":shimmer[{live.text}]")


def _result(app: App, scenario: Scenario, drill: Drill) -> None:
    """What the answer was worth in the person's own words, what was asked for, and when the point comes back."""
    kind = drill.verdict.kind if drill.verdict else "ungraded"
    label, icon, color = look(kind)
    point = scenario.key_point(drill.key_point)
    with st.container(border=True):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.badge(label, icon=icon, color=color)
            st.caption(f"Comes back {_comes_back(app, drill)}", width="content")
        st.markdown(f"**{one_line(drill.question)}**")
        st.markdown(escaped(drill.answer))
        if drill.verdict and drill.verdict.evidence:
            for evidence in drill.verdict.evidence:
                counts = "Against it" if kind == "contradicted" else "Counts"
                st.markdown(f":small[{counts}: “{one_line(evidence.text)}”]")
        if kind != "covered":
            reason = drill.verdict.reason if drill.verdict else drill.ungraded.reason if drill.ungraded else ""
            st.caption(one_line(sentence(reason)))
        _trail(app, drill)
    with st.container(border=True, gap="xsmall"):
        st.caption("What was asked for" if kind == "covered" else "What was missing")
        st.markdown(one_line(point.text))
        if point.why:
            st.markdown(f"Why it matters: {one_line(point.why)}")
        if point.strong:
            st.markdown(f"A strong answer says: *{one_line(point.strong)}*")
        for source in point.sources:
            st.markdown(f":small[{source_link(scenario, source)}]")


def _trail(app: App, drill: Drill) -> None:
    """How this point went before, so that one sees what has changed."""
    graded = app.store.graded(owner=app.owner, scenario=drill.scenario)
    noted = trail(drill.key_point, graded, app.store.drills(owner=app.owner, scenario=drill.scenario))
    if len(noted) < 2:
        return
    steps = []
    for one in noted[-STEPS_SHOWN:]:
        label, icon, color = look(one.seen)
        steps.append(f":{color}-badge[{icon} {label}] {practice.short_date(one.at.astimezone(wiring.zone()).date())}")
    st.markdown(f":small[This point so far: {' → '.join(steps)}]")


def _comes_back(app: App, drill: Drill) -> str:
    """When the point is asked again, in words."""
    now, zone, plan = app.clock(), wiring.zone(), app.store.plan(owner=app.owner)
    today = now.astimezone(zone).date()
    for card in practising.review_cards(app.store, owner=app.owner):
        if (card.scenario, card.key_point) == (drill.scenario, drill.key_point):
            day = due_day(card, zone, today, plan.interview_on if plan else None)
            return in_words(day, today) if day > today else "tomorrow"
    return "tomorrow"


def _next(ready: Desk, pages: Pages) -> None:
    left = len(ready.due.today)
    with st.container(horizontal=True, vertical_alignment="center"):
        if left:
            st.button("Next question", type="primary", icon=":material/arrow_forward:", on_click=_leave)
            st.caption(f"{left} left today", width="content")
        else:
            st.button("Done for today", type="primary", icon=":material/check:", on_click=_leave)


def _leave() -> None:
    state.leave_drill()
    st.query_params.clear()


def _nothing_due(app: App, pages: Pages, ready: Desk) -> None:
    if ready.due.next_day is None:
        st.markdown("**Nothing to review yet.** The points of your interviews come here.")
        st.markdown(
            "What you missed or half knew comes back the next day, what you knew well after a week or more: each time "
            "shortly before it would be forgotten. It is a single question that you answer from memory in about two "
            "minutes."
        )
        if st.button("Start with an interview", type="primary", icon=":material/forum:"):
            st.switch_page(pages.choose)
        return
    st.markdown("**Nothing more to review today.**")
    number = ready.due.days[ready.due.next_day]
    st.markdown(f"{counted(number, 'point')} will be back {in_words(ready.due.next_day, ready.today)}.")
    if st.button("Practise a scenario", type="primary", icon=":material/forum:"):
        st.switch_page(pages.choose)


def _gone(ready: Desk) -> None:
    if ready.due.gone:
        st.caption(f"{counted(ready.due.gone, 'point')} left out: the scenario is not there any more.")
