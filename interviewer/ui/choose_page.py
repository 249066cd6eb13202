"""The first page: find a scenario, or go on with the interview that was left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.scenario import Level, Scenario
from interviewer.flows.ports import Summary
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line, shortened, visible, without_markup
from interviewer.ui.wiring import Pages, counted

TEASER_CHARACTERS = 150
LEVELS: tuple[Level, ...] = ("mid", "senior", "staff")


def show(app: App, pages: Pages) -> None:
    history = app.store.history(owner=app.owner)
    with wiring.column(1120):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            with st.container(gap="xsmall"):
                st.title("Practise a technical interview", anchor=False)
                st.caption(
                    "Pick a problem, talk it through, answer the follow-ups, and see what carried and what was missing."
                )
            wiring.engine_link(app, pages)
        _continue(history, pages)
        _cards(_filtered(list(app.library.scenarios.values())), history, pages)
        _problems(app)


def _continue(history: Sequence[Summary], pages: Pages) -> None:
    left = next((line for line in history if line.ended is None), None)
    if left is None:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.markdown(f"**{one_line(left.title)}**")
            st.caption(f"Not finished · {counted(left.answers, 'answer')} · {wiring.when(left.updated_at)}")
        if st.button("Continue the interview", type="primary", icon=":material/play_arrow:"):
            st.switch_page(pages.interview, query_params={state.INTERVIEW: left.id})


def _filtered(scenarios: list[Scenario]) -> list[Scenario]:
    """The scenarios that fit what was searched for and chosen. All of it is in the URL."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    words = left.text_input(
        "Search",
        key=state.SEARCH,
        bind="query-params",
        icon=":material/search:",
        placeholder="A word from the title, the problem or the technology",
        max_chars=100,
    )
    levels = right.pills(
        "Level", LEVELS, selection_mode="multi", key=state.LEVEL, bind="query-params", format_func=str.capitalize
    )
    with st.expander("Topics and technologies", icon=":material/filter_list:"):
        topics = st.pills(
            "Topic",
            _all(s.topics for s in scenarios),
            selection_mode="multi",
            key=state.TOPIC,
            bind="query-params",
            format_func=lambda topic: _label(topic.replace("-", " ")),
        )
        technologies = st.pills(
            "Technology",
            _all(s.technologies for s in scenarios),
            selection_mode="multi",
            key=state.TECHNOLOGY,
            bind="query-params",
            format_func=_label,
        )
    return [
        scenario
        for scenario in scenarios
        if _mentions(scenario, words or "")
        and (not levels or set(levels) & set(scenario.level))
        and (not topics or set(topics) & set(scenario.topics))
        and (not technologies or set(technologies) & set(scenario.technologies))
    ]


def _all(tags: Iterable[tuple[str, ...]]) -> list[str]:
    return sorted({tag for group in tags for tag in group}, key=str.casefold)


def _label(tag: str) -> str:
    """A tag of a file, which stands in the address too: what could be markup is left out."""
    return "".join(character for character in visible(tag) if character.isalnum() or character in " .+#-/&'")


def _mentions(scenario: Scenario, words: str) -> bool:
    text = " ".join((scenario.title, scenario.question, *scenario.topics, *scenario.technologies)).casefold()
    return all(word in text for word in words.casefold().split())


def _cards(scenarios: Sequence[Scenario], history: Sequence[Summary], pages: Pages) -> None:
    if not scenarios:
        st.markdown("**No scenario fits.** Remove a filter or try another word.")
        return
    grid = st.grid(3, min_column_width=290)
    for scenario in scenarios:
        with grid.container(border=True, height="stretch", key=f"card-{scenario.id}"):
            _card(
                scenario, next((line for line in history if line.scenario == scenario.id and line.ended), None), pages
            )


def _card(scenario: Scenario, last: Summary | None, pages: Pages) -> None:
    st.subheader(one_line(scenario.title), anchor=False)
    st.markdown(one_line(shortened(without_markup(scenario.question), TEASER_CHARACTERS)))
    st.space("stretch")
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(scenario.difficulty.capitalize(), color="gray")
        st.badge(" / ".join(level.capitalize() for level in scenario.level), color="gray")
        st.badge(f"{scenario.time_minutes} min", color="gray", icon=":material/schedule:")
    if scenario.technologies:
        st.caption(one_line(" · ".join(scenario.technologies)))
    if last is not None:
        st.caption(f"Last time: {_result(last)}")
    if st.button("Read the brief", key=f"open-{scenario.id}", width="stretch"):
        st.switch_page(pages.interview, query_params={state.SCENARIO: scenario.id})


def _result(line: Summary) -> str:
    if line.signal is None:
        return "not graded yet"
    return line.signal if line.score is None else f"{line.score} of 100, {line.signal}"


def _problems(app: App) -> None:
    problems = app.library.problems
    if not problems:
        return
    files = counted(len({problem.file for problem in problems}), "scenario file")
    with st.expander(f"{files} could not be read", icon=":material/info:"):
        for problem in problems:
            st.text(str(problem))
