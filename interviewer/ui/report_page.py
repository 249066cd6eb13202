"""The report of one interview: the grade while it is made, then what carried, what was missing, and what is next."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import App, Beside, beside
from interviewer.domain.assessment import Assessment
from interviewer.domain.carried import Row, rows
from interviewer.domain.interview import Interview
from interviewer.domain.moments import moments
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import StoredInterview
from interviewer.ui import (
    report_ask,
    report_disputes,
    report_exports,
    report_map,
    report_points,
    report_profile,
    report_retry,
    report_story,
    report_transcript,
    report_verdict,
    report_versions,
    review_page,
    state,
    wiring,
)
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages
from interviewer.worker import Live

PLACES = {
    "Decisive moments": "moments",
    "Points": "points",
    "Ask": "ask",
    "Download": "files",
    "Transcript": "transcript",
}


def show(app: App, pages: Pages) -> None:
    id = st.query_params.get(state.INTERVIEW, "")
    live = app.worker.grade_of(id, owner=app.owner)
    stored = app.store.load(id, owner=app.owner)
    is_graded = bool(app.store.assessments(id, owner=app.owner))
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
            if is_graded:
                _report(app, pages, stored)
            else:
                _heading(stored.interview)
                st.markdown("There is no grade yet. The whole interview is saved.")
                report_versions.grade_button(app, id, "Grade the interview", primary=True)


@st.fragment(run_every=0.5)
def _watch(live: Live, interview: Interview) -> None:
    if live.done:
        st.rerun()
    points = len(interview.scenario.key_points)
    st.progress(live.share, text=live.text or f"Reading your answers against {wiring.counted(points, 'point')}…")
    st.caption("You can leave this page. It is done all the same.")


def _heading(interview: Interview) -> None:
    st.title(one_line(interview.scenario.title), anchor=False)


def _report(app: App, pages: Pages, stored: StoredInterview) -> None:
    interview = stored.interview.as_graded()
    stored = stored._replace(interview=interview)
    others = beside(app.store, stored)
    _heading(interview)
    st.caption(
        f"{wiring.when(stored.created_at)} · {interview.mode.capitalize()} · {interview.level.capitalize()} level"
    )
    version = report_versions.chosen(others.grades)
    assessment = others.grades[version - 1]
    again = report_retry.offer(stored, assessment, list(others.retries))
    if not again:
        st.markdown(f":small[{' · '.join(f'[{name}](#{place})' for name, place in PLACES.items())}]")
    report_verdict.metrics(interview, assessment)
    report_verdict.verdict(stored, assessment, hidden=again is not None)
    report_profile.draw(interview, assessment, others)
    report_points.strongest(interview, assessment, linked=again is None)
    if again:
        report_retry.ask(app, stored, again)
        report_story.star(assessment)
        report_versions.grade_again(app, stored.id)
    else:
        _answers(app, pages, stored, version, others)


def _answers(app: App, pages: Pages, stored: StoredInterview, version: int, others: Beside) -> None:
    """What may be shown only once one missed point was tried again or passed over."""
    interview, assessment = stored.interview, others.grades[version - 1]
    table = rows(interview, assessment)
    for retry in others.retries:
        report_retry.outcome(stored, retry)
    report_points.gaps(interview.scenario, assessment)
    _next_action(pages, interview.scenario)
    report_map.decisive(interview, moments(interview, assessment))
    _points(app, pages, stored, version, assessment, table)
    report_map.heat_map(table)
    report_story.star(assessment)
    report_story.rewrite(app, stored.id, version, assessment)
    report_transcript.reference(interview, table)
    report_ask.draw(app, stored.id, interview, assessment)
    report_versions.side_by_side(others.grades, version)
    st.header("Keep it", anchor=PLACES["Download"])
    with st.container(horizontal=True):
        report_exports.draw(stored, assessment, others)
        report_versions.grade_again(app, stored.id)
    report_transcript.transcript(interview, table)


def _points(
    app: App, pages: Pages, stored: StoredInterview, version: int, assessment: Assessment, table: Sequence[Row]
) -> None:
    """The map of the points: one row a point, open for its words and for a dispute."""
    st.header("The points", anchor=PLACES["Points"])
    with st.container(gap="xsmall"):
        for row in table:
            with st.expander(report_points.line(row)):
                report_points.detail(stored.interview, row)
                review_page.retry_button(pages, stored, row.result)
                report_disputes.record(assessment, row.point.id)
                report_disputes.button(app, stored.interview, stored.id, version, row.result)


def _next_action(pages: Pages, scenario: Scenario) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Practise this scenario again", type="primary", icon=":material/replay:"):
            st.switch_page(pages.interview, query_params={state.SCENARIO: scenario.id})
        st.caption("Say the strong sentences in your own words, with numbers from your own work.", width="content")
