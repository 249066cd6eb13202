"""The brief of a scenario and the terms of the interview about it."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import COACH, App
from interviewer.domain import job
from interviewer.domain.interview import THINKING_SECONDS, Manner, Mode
from interviewer.domain.scenario import Level, Scenario
from interviewer.domain.story import has_story
from interviewer.domain.tags import in_words
from interviewer.ui import chain, state, stories, wiring
from interviewer.ui.text import authored, escaped, one_line, visible
from interviewer.ui.wiring import Pages

LENGTHS = {3: "Short", 6: "Standard", 10: "Long"}
MODES: dict[Mode, str] = {"practice": "Practice", "mock": "Mock", "private": "Private", "story": "Story"}
MODE_NOTES: dict[Mode, str] = {
    "practice": "Hints on request at a price, no clock. Leave and come back whenever you like.",
    "mock": "{minutes} minutes on the clock after {seconds} seconds to think, no hints, no feedback until the end.",
    "private": "Compose each answer at leisure in a large field, with hints and no clock.",
    "story": "A real case from your own work, asked for your part and the measured result.",
}
MANNERS: dict[Manner, str] = {"neutral": "Neutral", "warm": "Warm", "demanding": "Demanding"}


class _Terms(NamedTuple):
    mode: Mode
    level: Level
    max_probes: int
    manner: Manner
    leaning: tuple[str, ...]
    then: tuple[str, ...]


def show(app: App, pages: Pages, scenario: Scenario) -> None:
    started = st.session_state.pop(state.STARTED, None)
    if started:
        # Before anything is drawn: the button keeps the key it was pressed with, so that a second press is recognised.
        id, then = started
        st.switch_page(pages.interview, query_params=chain.address(id, then))
    with wiring.column(1040):
        st.page_link(pages.choose, label="All scenarios", icon=":material/arrow_back:")
        st.title(one_line(scenario.title), anchor=False)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _question(scenario)
            if scenario.id in app.library.own and not app.shared:
                st.page_link(
                    pages.editor, label="Edit", icon=":material/edit:", query_params={state.SCENARIO: scenario.id}
                )
        with right, st.container(border=True):
            terms = _terms(app, pages, scenario)
            st.button(
                "Start interview",
                type="primary",
                icon=":material/play_arrow:",
                width="stretch",
                on_click=_start,
                args=(app, scenario, terms, state.start_key(scenario.id)),
            )
            wiring.engine_link(app, pages)


def _question(scenario: Scenario) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(scenario.difficulty.capitalize(), color="gray")
        st.badge(f"{scenario.time_minutes} min", color="gray", icon=":material/schedule:")
        for topic in scenario.topics:
            st.badge(one_line(in_words(topic)), color="gray")
    if scenario.caution:
        st.info(escaped(scenario.caution), icon=":material/edit_note:")
    st.markdown(authored(scenario.question))
    if scenario.technologies:
        st.caption(one_line(" · ".join(scenario.technologies)))
    st.caption(
        "You may ask about the setting during the interview. Think before you answer: only what you send counts."
    )


def _terms(app: App, pages: Pages, scenario: Scenario) -> _Terms:
    mode: Mode = st.radio(
        "Mode",
        [mode for mode in MODES if mode != "story" or has_story(scenario)],
        format_func=MODES.__getitem__,
        index=0,
        horizontal=True,
        key=state.MODE,
    )
    st.caption(MODE_NOTES[mode].format(minutes=scenario.time_minutes, seconds=THINKING_SECONDS))
    if mode == "story" and scenario.story:
        st.markdown(f"*{one_line(scenario.story)}*")
        stories.offer(app, pages, scenario)
    level: Level = st.radio(
        "Target level",
        list(scenario.level),
        format_func=str.capitalize,
        index=scenario.level.index("senior") if "senior" in scenario.level else 0,
        horizontal=True,
        key=state.TARGET_LEVEL,
    )
    st.caption("Sets what is expected of you, not what is asked.")
    length: int = st.radio(
        "Length", list(LENGTHS), format_func=LENGTHS.__getitem__, index=1, horizontal=True, key=state.LENGTH
    )
    st.caption(f"Up to {length} follow-ups after your first answer.")
    manner: Manner = st.radio(
        "Manner", list(MANNERS), format_func=MANNERS.__getitem__, index=0, horizontal=True, key=state.MANNER
    )
    st.caption("The tone only. Questions and scores are the same.")
    leaning = () if mode == "story" else _leaning()
    return _Terms(mode, level, length, manner, leaning, _then(app, scenario, leaning))


def _leaning() -> tuple[str, ...]:
    """The topics to lean to: those in the URL, without the ones that the person takes out."""
    named = [tag[: job.TAG_CHARACTERS].strip() for tag in st.query_params.get_all(state.LEAN)]
    tags = list(dict.fromkeys(filter(None, named)))[: job.LEANING]
    if not tags:
        return ()
    kept: list[str] = st.multiselect(
        "Leans to",
        tags,
        default=tags,
        format_func=lambda tag: visible(in_words(tag)),
        key=state.LEANING,
    )
    st.caption("From the job description: where two follow-ups matter equally, the one on these comes first.")
    return tuple(kept)


def _then(app: App, scenario: Scenario, leaning: tuple[str, ...]) -> tuple[str, ...]:
    """The questions that follow this one, when the person wants a round of several on the topic."""
    others = list(app.library.scenarios.values())
    most = len(chain.following(scenario, others, max(chain.QUESTIONS) - 1)) + 1
    if most == 1:
        return ()
    count: int = st.radio(
        "Questions",
        [number for number in chain.QUESTIONS if number <= most],
        index=0,
        horizontal=True,
        key=state.QUESTIONS,
    )
    then = chain.following(scenario, others, count - 1, leaning)
    titles = [one_line(app.library.scenarios[id].title) for id in then]
    st.caption(f"Then: {' · '.join(titles)}." if titles else "One question; choose more for a round on this topic.")
    return then


def _start(app: App, scenario: Scenario, terms: _Terms, key: str) -> None:
    """Begin once, however often the button was pressed before the page changed."""
    if not state.use_start_key(scenario.id, key):
        return

    def begin() -> None:
        used = wiring.connection(app)
        stored = app.worker.start(
            scenario,
            app.scenario_hash(scenario),
            owner=app.owner,
            mode=terms.mode,
            level=terms.level,
            max_probes=terms.max_probes,
            manner=terms.manner,
            leaning=terms.leaning,
            engine=used.model if used else COACH,
        )
        st.session_state[state.STARTED] = (stored.id, terms.then)

    wiring.attempt(begin)
