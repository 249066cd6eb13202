"""Find a scenario: by words, by filters, or by what a job asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.finding import Found, Wanted
from interviewer.domain.record import Record, records
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import Summary
from interviewer.ui import choose_filters, choose_job, state, wiring
from interviewer.ui.choose_job import Job
from interviewer.ui.text import one_line, shortened, without_markup
from interviewer.ui.wiring import Pages, counted

TEASER_CHARACTERS = 130
CARDS = 12  # on one page of the list: what a screen or two can show


def show(app: App, pages: Pages) -> None:
    history, grades = app.store.history(owner=app.owner), app.store.grades(owner=app.owner)
    known = records(grades)
    with wiring.column(1120):
        with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
            with st.container(gap="xsmall", width="content"):
                st.title("Practise a technical interview", anchor=False)
                st.caption(
                    "Pick a problem, talk it through, answer the follow-ups, and see what carried and what was missing."
                )
            with st.container(horizontal=True, width="content"):
                if not app.shared:
                    st.page_link(pages.editor, label="Write a scenario", icon=":material/edit_note:")
                wiring.engine_link(app, pages)
        wanted = choose_filters.wanted(app.catalogue)
        job = choose_job.asked(app)
        found = app.catalogue.find(wanted, known)
        _list(app, pages, _sorted_for(job, found), wanted, known, history, job)
        _problems(app)


def _sorted_for(job: Job | None, found: Found) -> Found:
    if job is None:
        return found
    order = {id: place for place, id in enumerate(job.matches)}
    return found._replace(scenarios=tuple(sorted(found.scenarios, key=lambda scenario: order[scenario.id])))


def _list(
    app: App,
    pages: Pages,
    found: Found,
    wanted: Wanted,
    known: Mapping[str, Record],
    history: Sequence[Summary],
    job: Job | None,
) -> None:
    if not found.scenarios:
        if app.catalogue.scenarios:
            choose_filters.nothing_found(app.catalogue, wanted, known)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_count(app, found, wanted), width="content")
        if wanted.filters:
            st.button("Clear", type="tertiary", icon=":material/close:", on_click=choose_filters.clear)
    cards = st.container()
    number = 1
    if len(found.scenarios) > CARDS:
        number = st.pagination(-(-len(found.scenarios) // CARDS), key=state.PAGE, bind="query-params")
    ungraded = {line.scenario for line in history if line.ended and line.signal is None}
    with cards, st.grid(3, min_column_width=290) as grid:
        for scenario in found.scenarios[(number - 1) * CARDS : number * CARDS]:
            with grid.container(border=True, height="stretch", key=f"card-{scenario.id}", gap="small"):
                standing = _standing(known.get(scenario.id), scenario.id in ungraded)
                _card(scenario, standing, job, pages)


def _count(app: App, found: Found, wanted: Wanted) -> str:
    total = len(app.catalogue.scenarios)
    said = counted(total, "scenario") if not wanted.filters else f"{len(found.scenarios)} of {total} scenarios"
    chosen = [choose_filters.in_words(name, wanted) for name in wanted.filters]
    unknown = [f"No scenario has the word {' or '.join(f'“{one_line(word)}”' for word in found.unknown)}"]
    return " · ".join([said, *chosen, *(unknown if found.unknown else [])])


def _card(scenario: Scenario, standing: str, job: Job | None, pages: Pages) -> None:
    st.subheader(one_line(scenario.title), anchor=False)
    st.markdown(one_line(shortened(without_markup(scenario.question), TEASER_CHARACTERS)))
    st.space("stretch")
    levels = " / ".join(level.capitalize() for level in scenario.level)
    st.markdown(
        f":gray-badge[{scenario.difficulty.capitalize()}] :gray-badge[{levels}] "
        f":gray-badge[:material/schedule: {scenario.time_minutes} min]"
    )
    reason = choose_job.reason(job.matches[scenario.id]) if job else ""
    st.caption("  \n".join(filter(None, [one_line(" · ".join(scenario.technologies)), standing, reason])))
    if st.button("Read the brief", key=f"open-{scenario.id}", width="stretch"):
        lean = {state.LEAN: list(job.leaning)} if job and job.leaning else {}
        st.switch_page(pages.interview, query_params={state.SCENARIO: scenario.id, **lean})


def _standing(record: Record | None, ungraded: bool) -> str:
    """How it went so far, in words; "" when it was never done."""
    if record is None:
        return "Done, not graded yet" if ungraded else ""
    weak = counted(len(record.weak), "weak point") if record.weak else ""
    times = "done once" if record.times == 1 else f"done {record.times} times"
    return " · ".join(filter(None, [f"Best signal: {record.best}", weak, times]))


def _problems(app: App) -> None:
    problems = app.library.problems
    if not problems:
        return
    files = counted(len({problem.file for problem in problems}), "scenario file")
    with st.expander(f"{files} could not be read", icon=":material/info:"):
        for problem in problems:
            st.text(str(problem))
