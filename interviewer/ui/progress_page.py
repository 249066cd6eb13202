"""How it goes over time: scores, dimensions, topics, a scenario point by point, one's own view beside the grade's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import streamlit as st

from interviewer.bootstrap import RATINGS, App
from interviewer.domain import progress
from interviewer.domain.practice import Graded
from interviewer.domain.progress import TREND_AT_LEAST, Direction, Measured, PointLine, Seen
from interviewer.domain.scenario import Scenario
from interviewer.domain.tags import in_words
from interviewer.flows import practising
from interviewer.ui import charts, state, wiring
from interviewer.ui.practice import short_date
from interviewer.ui.report_points import look
from interviewer.ui.text import one_line, shortened, visible
from interviewer.ui.wiring import Pages, counted

FIRM = 0.9  # predicted recall from which a point counts as known
ATTEMPTS_SHOWN = 4
TOPICS_SHOWN = 12
OWN_VIEWS_SHOWN = 8
DIRECTIONS: dict[Direction, str] = {
    "up": "going up",
    "down": "going down",
    "steady": "steady",
    "unclear": "without a clear direction",
}


def show(app: App, pages: Pages) -> None:
    with wiring.column(960):
        st.title("Progress", anchor=False)
        history = app.store.graded(owner=app.owner)
        if not history:
            st.markdown(
                "**Nothing to show yet.** After the first graded interview you see here how each point, topic and "
                f"dimension develops. A trend needs {TREND_AT_LEAST} interviews, because a single one is noisy."
            )
            if st.button("Start with an interview", type="primary", icon=":material/forum:"):
                st.switch_page(pages.choose)
            return
        _figures(app, history)
        _scores(history)
        _dimensions(history)
        _topics(app, history)
        _points(app, history)
        _own_view(history)
        st.caption("Your own interviews only, for practice. Nobody is compared with anybody.")


def _figures(app: App, history: Sequence[Graded]) -> None:
    now = app.clock()
    cards = [
        card
        for card in practising.review_cards(app.store, owner=app.owner)
        if (scenario := app.scenario(card.scenario)) and practising.questions(scenario, card.key_point)
    ]
    firm = sum(card.recall(now + timedelta(days=1)) >= FIRM for card in cards)
    drills = sum(drill.is_judged for drill in app.store.drills(owner=app.owner))
    with st.grid(3, min_column_width=150):
        st.metric("Interviews graded", len(history), border=True, height="stretch")
        st.metric("Points drilled", drills, border=True, height="stretch")
        st.metric(
            "Points likely known",
            f"{firm} of {len(cards)}",
            border=True,
            height="stretch",
            help="By the schedule of the reviews: those you will still know tomorrow with a chance of 90 % or more.",
        )


def _scores(history: Sequence[Graded]) -> None:
    st.header("Scores", anchor=False)
    values = progress.scores(history)
    if not _too_few(values, "scored interview"):
        charts.line(values, 100, "Score of 100")
        st.caption(f"{counted(len(values), 'interview')}, {DIRECTIONS[progress.direction(values) or 'unclear']}.")


def _too_few(values: Sequence[Measured], what: str) -> bool:
    """Say so instead of drawing a trend that would be noise; gives whether it was said."""
    if len(values) >= TREND_AT_LEAST:
        return False
    st.markdown(f"{counted(len(values), what)} so far. A trend is shown from {TREND_AT_LEAST} on.")
    return True


def _dimensions(history: Sequence[Graded]) -> None:
    st.header("By dimension", anchor=False)
    grid = st.grid(3, min_column_width=250)
    for name, values in progress.dimensions(history).items():
        with grid.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{name.capitalize()}**")
            if not values:
                st.caption("Not judged yet.")
            elif len(values) < TREND_AT_LEAST:
                st.markdown(f"{round(values[-1].value, 1):g} of 4")
                st.caption(f"{counted(len(values), 'interview')}. No trend before {TREND_AT_LEAST}.")
            else:
                charts.line(values, 4, f"{name.capitalize()}, level 1 to 4", bottom=1, height=110)
                st.caption(f"{values[-1].value:g} last time, {DIRECTIONS[progress.direction(values) or 'unclear']}.")
    st.caption("From 1 to 4; 3 is solid for the level.")


def _topics(app: App, history: Sequence[Graded]) -> None:
    lines = progress.topics(history, app.library.scenarios)
    st.header("By topic", anchor=False)
    gone = sum(app.scenario(interview.scenario) is None for interview in history)
    if lines:
        shown = lines[:TOPICS_SHOWN]
        means = [
            (in_words(line.topic), round(100 * sum(one.value for one in line.shares) / len(line.shares)))
            for line in shown
        ]
        charts.bars(means, 100, "Share of the points earned, in percent, weakest topic first")
        moved = [
            f"{line.topic.replace('-', ' ')} is {DIRECTIONS[way]}"
            for line in lines
            if (way := progress.direction(line.shares)) in ("up", "down")
        ]
        st.caption(
            "Percent of the points earned in all interviews on the topic, the weakest first."
            + (f" {'; '.join(moved).capitalize()}." if moved else "")
        )
    if gone:
        st.caption(f"{counted(gone, 'interview')} left out: the scenario is not there any more.")


def _points(app: App, history: Sequence[Graded]) -> None:
    st.header("Point by point", anchor=False)
    tried = {interview.scenario: interview.title for interview in history if app.scenario(interview.scenario)}
    if not tried:
        st.markdown("The scenarios that you practised are not there any more.")
        return
    # The newest first, but after those that were tried more than once, since those can be compared.
    attempts = Counter(interview.scenario for interview in history)
    last = {interview.scenario: interview.at for interview in history}
    in_order = sorted(tried, key=lambda id: (attempts[id] > 1, last[id]), reverse=True)
    chosen: str = st.selectbox(
        "Scenario", in_order, format_func=lambda id: visible(tried[id]), key=state.COMPARED, width=480
    )
    scenario = app.scenario(chosen)
    if scenario is not None:
        _compared(app, scenario, history)


def _compared(app: App, scenario: Scenario, history: Sequence[Graded]) -> None:
    own = [one for one in history if one.scenario == scenario.id and one.mode != "story"]
    lines = progress.points(scenario, history, app.store.drills(owner=app.owner, scenario=scenario.id))
    shown = list(enumerate(own, 1))[-ATTEMPTS_SHOWN:]
    st.caption(one_line(" · ".join(_attempt(number, one) for number, one in shown)))
    for line in lines:
        text, found = st.columns([3, 2], vertical_alignment="center", gap="small")
        text.markdown(one_line(shortened(line.text, 130)))
        marks = [_mark(f"{number}", line.attempts[number - 1]) for number, _ in shown]
        found.markdown(" ".join([*marks, _mark("since", line.since)]).strip())
    _change(lines)


def _attempt(number: int, one: Graded) -> str:
    score = "not scored" if one.assessment.score is None else f"{one.assessment.score} of 100"
    return f"{number}: {short_date(one.at.astimezone(wiring.zone()).date())}, {score}"


def _mark(when: str, seen: Seen | None) -> str:
    if seen is None:
        return ""
    label, icon, color = look(seen)
    return f":{color}-badge[{when} {icon} {label}]"


def _change(lines: Sequence[PointLine]) -> None:
    """What the last attempt gained and lost against the one before."""
    if not lines or len(lines[0].attempts) < 2:
        st.caption("Practise this scenario again, and the attempts stand here side by side.")
        return
    covered = [(line.attempts[-2] == "covered", line.attempts[-1] == "covered") for line in lines]
    won, lost = covered.count((False, True)), covered.count((True, False))
    changed = f"{counted(won, 'point')} gained, {lost} lost" if won or lost else "the same points covered"
    st.caption(f"Against the time before: {changed}.")


def _own_view(history: Sequence[Graded]) -> None:
    views = progress.own_views(history)
    st.header("Your own view", anchor=False)
    if not views:
        st.markdown("Say how it went before you see a grade; here your view then stands beside the grade's.")
        return
    shown = views[-OWN_VIEWS_SHOWN:]
    charts.pairs(
        [(shortened(view.title, 34), view.own, view.grade) for view in shown],
        ("You", "Grade"),
        RATINGS,
        "Your own rating beside the grade's, from 1 (badly) to 4 (well)",
    )
    if len(views) < TREND_AT_LEAST:
        st.caption(f"From 1 (badly) to 4 (well). What it says about your judgement shows from {TREND_AT_LEAST} on.")
        return
    mean = sum(view.gap for view in views) / len(views)
    if abs(mean) < 0.5:
        told = "On the whole you judge yourself as the grades do."
    else:
        told = f"On average you rate yourself {abs(mean):.1f} steps {'higher' if mean > 0 else 'lower'} than the grade."
    st.caption(f"From 1 (badly) to 4 (well). {told}")
