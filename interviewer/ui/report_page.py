"""The report of one interview: the grade while it is made, then what carried, what was missing, and what is next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import OWNER, App, as_json, as_markdown
from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import COACH, Interview
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import StoredInterview
from interviewer.ui import conversation, report_details, report_points, state, wiring
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages
from interviewer.worker import Live

ASIDES = ("context", "assume", "repeat", "withhold")


def show(app: App, pages: Pages) -> None:
    id = st.query_params.get(state.INTERVIEW, "")
    live = app.worker.grade_of(id)
    stored = app.store.load(id, owner=OWNER)
    grades = app.store.assessments(id, owner=OWNER)
    with wiring.column(960):
        if live and not live.done:
            _heading(stored.interview)
            _watch(live, stored.interview)
        elif not stored.interview.is_finished:
            _heading(stored.interview)
            st.markdown("This interview is not finished. The report comes after it.")
            if st.button("Continue the interview", type="primary", icon=":material/play_arrow:"):
                st.switch_page(pages.interview, query_params={state.INTERVIEW: id})
        else:
            if live and live.error:
                st.error(escaped(live.error), icon=":material/error:")
            if grades:
                _report(app, pages, stored, _chosen(grades))
            else:
                _heading(stored.interview)
                st.markdown("There is no grade yet. The whole interview is saved.")
                _grade_button(app, id, "Grade the interview", primary=True)


@st.fragment(run_every=0.5)
def _watch(live: Live, interview: Interview) -> None:
    if live.done:
        st.rerun()
    points = len(interview.scenario.key_points)
    st.progress(live.share, text=f"Reading your answers against {wiring.counted(points, 'point')}…")
    st.caption("You can leave this page. The grade is made all the same.")


def _chosen(grades: Sequence[Assessment]) -> Assessment:
    if len(grades) == 1:
        return grades[0]
    versions = list(range(len(grades), 0, -1))
    version: int = st.selectbox(
        "Grade",
        versions,
        format_func=lambda v: f"Grade {v} of {len(grades)}: {grades[v - 1].engine}, {wiring.when(grades[v - 1].at)}",
        key=state.GRADE_VERSION,
        width=480,
    )
    return grades[version - 1]


def _heading(interview: Interview) -> None:
    st.title(one_line(interview.scenario.title), anchor=False)


def _report(app: App, pages: Pages, stored: StoredInterview, assessment: Assessment) -> None:
    interview = stored.interview
    _heading(interview)
    mode = "Mock" if interview.mode == "mock" else "Practice"
    st.caption(f"{wiring.when(stored.created_at)} · {mode} · {interview.level.capitalize()} level")
    _metrics(interview, assessment)
    _verdict(stored, assessment)
    report_points.strongest(interview, assessment)
    report_points.gaps(interview.scenario, assessment)
    _next_action(pages, interview.scenario)
    report_points.points(interview, assessment)
    report_details.dimensions(assessment)
    report_details.star(assessment)
    report_details.transcript(interview, assessment)
    report_details.reference(interview)
    _footer(app, stored, assessment)


def _metrics(interview: Interview, assessment: Assessment) -> None:
    covered = sum(p.verdict is not None and p.verdict.kind == "covered" for p in assessment.points)
    answered, asked = follow_ups(interview)
    with st.grid(4, min_column_width=150):
        score = "–" if assessment.score is None else f"{assessment.score} of 100"
        st.metric("Score", score, border=True, height="stretch")
        st.metric(f"Signal at {assessment.level} level", assessment.signal.capitalize(), border=True, height="stretch")
        st.metric("Points covered", f"{covered} of {len(assessment.points)}", border=True, height="stretch")
        st.metric("Follow-ups answered", f"{answered} of {asked}", border=True, height="stretch")


def follow_ups(interview: Interview) -> tuple[int, int]:
    """How many of the follow-up questions got an answer, and how many were asked. A question back is no answer."""
    asked = [turn for turn in interview.turns if turn.move and turn.move.probe]
    replies = {turn.seq: turn.move.kind for turn in interview.turns if turn.move}
    answers = [turn.seq for turn in interview.answers if replies.get(turn.seq + 1) not in ASIDES]
    return sum(any(seq > turn.seq for seq in answers) for turn in asked), len(asked)


def _verdict(stored: StoredInterview, assessment: Assessment) -> None:
    with st.container(gap="xsmall"):
        st.markdown(one_line(assessment.signal_reason))
        rated = st.session_state.get(state.self_rating(stored.id))
        if rated:
            st.caption(f"You thought it went: {conversation.RATINGS[rated].lower()}.")
        st.caption(f"Graded by the {_grader(assessment)}. Feedback for practice, not a hiring decision.")
    for warning in assessment.warnings:
        st.warning(escaped(_readable(warning, stored.interview.scenario)), icon=":material/info:")


def _grader(assessment: Assessment) -> str:
    if assessment.engine.startswith(COACH):
        return one_line(wiring.engine_of_turn(assessment.engine)) + ", whose grades are estimates"
    return f"model {one_line(assessment.engine)}"


def _readable(warning: str, scenario: Scenario) -> str:
    """The warning with the words of the point in place of its id."""
    for point in scenario.key_points:
        warning = warning.replace(f"{point.id}: ", f"“{point.text}” ")
    return warning


def _next_action(pages: Pages, scenario: Scenario) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Practise this scenario again", type="primary", icon=":material/replay:"):
            st.switch_page(pages.interview, query_params={state.SCENARIO: scenario.id})
        st.caption("Say the strong sentences in your own words, with numbers from your own work.", width="content")


def _footer(app: App, stored: StoredInterview, assessment: Assessment) -> None:
    name = f"interview-{stored.interview.scenario.id}-{stored.created_at:%Y-%m-%d}"
    with st.container(horizontal=True):
        st.download_button(
            "Download as Markdown",
            as_markdown(stored, assessment),
            f"{name}.md",
            "text/markdown",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Download as JSON",
            as_json(stored, assessment),
            f"{name}.json",
            "application/json",
            on_click="ignore",
            icon=":material/data_object:",
        )
        _grade_button(app, stored.id, "Grade again")


def _grade_button(app: App, id: str, label: str, *, primary: bool = False) -> None:
    st.button(
        label,
        type="primary" if primary else "secondary",
        icon=":material/refresh:",
        on_click=_grade,
        args=(app, id),
        help=f"With: {wiring.engine_in_words(app)}. Earlier grades are kept.",
    )


def _grade(app: App, id: str) -> None:
    st.session_state.pop(state.GRADE_VERSION, None)
    wiring.attempt(lambda: app.worker.grade(id, owner=OWNER, model=wiring.model(app, judge=True)))
