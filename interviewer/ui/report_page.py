"""The report of one interview: the grade while it is made, then what carried, what was missing, and what is next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import OWNER, App, as_json, as_markdown
from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import StoredInterview
from interviewer.ui import (
    report_details,
    report_disputes,
    report_points,
    report_retry,
    report_verdict,
    review_page,
    state,
    wiring,
)
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages
from interviewer.worker import Live


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
                _report(app, pages, stored, grades)
            else:
                _heading(stored.interview)
                st.markdown("There is no grade yet. The whole interview is saved.")
                _grade_button(app, id, "Grade the interview", primary=True)


@st.fragment(run_every=0.5)
def _watch(live: Live, interview: Interview) -> None:
    if live.done:
        st.rerun()
    points = len(interview.scenario.key_points)
    st.progress(live.share, text=live.text or f"Reading your answers against {wiring.counted(points, 'point')}…")
    st.caption("You can leave this page. It is done all the same.")


def _chosen(grades: Sequence[Assessment]) -> int:
    """The version to show, counting from 1: the newest, unless another one is chosen."""
    if len(grades) == 1:
        return 1
    version: int = st.selectbox(
        "Grade",
        list(range(len(grades), 0, -1)),
        format_func=lambda v: f"Grade {v} of {len(grades)}: {_kind(grades, v)}, {wiring.when(grades[v - 1].at)}",
        key=state.GRADE_VERSION,
        width=480,
    )
    return version


def _kind(grades: Sequence[Assessment], version: int) -> str:
    """Whose grade it is, or what made this version out of the one before."""
    this, before = grades[version - 1], grades[version - 2] if version > 1 else None
    if before and len(this.disputes) > len(before.disputes):
        return "after your dispute"
    if before and this.points == before.points and this.rewrite != before.rewrite:
        return "with the answer reworded"
    return wiring.engine_of_turn(this.engine)


def _heading(interview: Interview) -> None:
    st.title(one_line(interview.scenario.title), anchor=False)


def _report(app: App, pages: Pages, stored: StoredInterview, grades: Sequence[Assessment]) -> None:
    interview = stored.interview.as_graded()
    stored = stored._replace(interview=interview)
    _heading(interview)
    st.caption(
        f"{wiring.when(stored.created_at)} · {interview.mode.capitalize()} · {interview.level.capitalize()} level"
    )
    version = _chosen(grades)
    assessment = grades[version - 1]
    tries = app.store.retries(stored.id, owner=OWNER)
    again = report_retry.offer(stored, assessment, tries)
    report_verdict.metrics(interview, assessment)
    report_verdict.verdict(stored, assessment, hidden=again is not None)
    report_points.strongest(interview, assessment)
    if again:
        report_retry.ask(app, stored, again)
    else:
        for retry in tries:
            report_retry.outcome(stored, retry)
        report_points.gaps(interview.scenario, assessment)
        _next_action(pages, interview.scenario)
        _points(app, pages, stored, version, assessment)
    report_details.dimensions(assessment)
    report_details.star(assessment)
    if not again:
        report_details.rewrite(app, stored.id, version, assessment)
        report_details.transcript(interview, assessment)
        report_details.reference(interview)
    _footer(app, stored, assessment)


def _points(app: App, pages: Pages, stored: StoredInterview, version: int, assessment: Assessment) -> None:
    st.header("The points", anchor=False)
    for result in assessment.points:
        with st.container(border=True, gap="xsmall"):
            report_points.point(stored.interview, result)
            review_page.retry_button(pages, stored, result)
            report_disputes.record(assessment, result.key_point)
            report_disputes.button(app, stored.interview, stored.id, version, result)


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
        _grade_again(app, stored.id)


def _grade_again(app: App, id: str) -> None:
    """Another grade beside this one: by the same judge, or by another one where a model is connected."""
    if wiring.connection(app) is None:
        _grade_button(app, id, "Grade again")
        return
    with st.popover("Grade again", icon=":material/refresh:"):
        st.caption("Earlier grades are kept.")
        _grade_button(app, id, f"With {wiring.judge_in_words(app)}")
        if wiring.model(app, judge=True) is not None:
            st.button("With the built-in coach", on_click=_grade, args=(app, id, state.USE_COACH))
        st.text_input("Another model at the same address", key=state.OTHER_JUDGE, placeholder="Its name")
        st.button("With this model", on_click=_grade_by_named, args=(app, id))


def _grade_button(app: App, id: str, label: str, *, primary: bool = False) -> None:
    st.button(
        label,
        type="primary" if primary else "secondary",
        icon=":material/refresh:",
        on_click=_grade,
        args=(app, id),
        help=f"With {wiring.judge_in_words(app)}. Earlier grades are kept.",
    )


def _grade_by_named(app: App, id: str) -> None:
    name = str(st.session_state.get(state.OTHER_JUDGE, "")).strip()
    if name:
        _grade(app, id, name)


def _grade(app: App, id: str, judge: str | None = None) -> None:
    st.session_state.pop(state.GRADE_VERSION, None)
    wiring.attempt(lambda: app.worker.grade(id, owner=OWNER, model=wiring.model(app, judge=judge or True)))
