"""What somebody looks for, on the page and in the URL."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from interviewer.domain import tags
from interviewer.domain.finding import DIFFICULTIES, Catalogue, Filter, Length, Standing, Wanted
from interviewer.domain.record import Record
from interviewer.domain.scenario import Difficulty, Level
from interviewer.ui import state
from interviewer.ui.text import one_line, visible
from interviewer.ui.wiring import counted

LEVELS: tuple[Level, ...] = ("mid", "senior", "staff")
LENGTHS: dict[Length, str] = {"short": "Up to 15 min", "medium": "16 to 20 min", "long": "Over 20 min"}
STANDINGS: dict[Standing, str] = {"new": "Not done", "done": "Done", "weak": "Weak spots"}
SEARCH_CHARACTERS = 100

_KEYS: dict[Filter, str] = {
    "words": state.SEARCH,
    "levels": state.LEVEL,
    "difficulties": state.DIFFICULTY,
    "lengths": state.MINUTES,
    "standings": state.STANDING,
    "topics": state.TOPIC,
    "technologies": state.TECHNOLOGY,
}


def wanted(catalogue: Catalogue) -> Wanted:
    """The search and the filters. All of it is in the URL."""
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    words = left.text_input(
        "Search",
        key=state.SEARCH,
        bind="query-params",
        on_change=first_page,
        icon=":material/search:",
        placeholder="A word from the title, the problem or the technology",
        max_chars=SEARCH_CHARACTERS,
    )
    levels = right.multiselect(
        "Level",
        LEVELS,
        placeholder="Any",
        key=state.LEVEL,
        bind="query-params",
        on_change=first_page,
        format_func=str.capitalize,
    )
    folded = [state.DIFFICULTY, state.MINUTES, state.STANDING, state.TOPIC, state.TECHNOLOGY]
    is_set = any(st.session_state.get(key) or key in st.query_params for key in folded)
    with st.expander("More filters", icon=":material/filter_list:", expanded=is_set):
        difficulties, lengths, standings = _of_the_work()
        left, right = st.columns(2)
        topics = left.multiselect(
            "Topic",
            catalogue.topics,
            key=state.TOPIC,
            bind="query-params",
            on_change=first_page,
            format_func=lambda topic: visible(tags.in_words(topic)),
            placeholder="Any",
        )
        technologies = right.multiselect(
            "Technology",
            catalogue.technologies,
            key=state.TECHNOLOGY,
            bind="query-params",
            on_change=first_page,
            format_func=visible,
            placeholder="Any",
        )
    return Wanted(
        (words or "")[:SEARCH_CHARACTERS],
        tuple(levels),
        difficulties,
        lengths,
        standings,
        tuple(topics),
        tuple(technologies),
    )


def _of_the_work() -> tuple[tuple[Difficulty, ...], tuple[Length, ...], tuple[Standing, ...]]:
    left, middle, right = st.columns(3)
    difficulties = left.multiselect(
        "Difficulty",
        DIFFICULTIES,
        placeholder="Any",
        key=state.DIFFICULTY,
        bind="query-params",
        on_change=first_page,
        format_func=str.capitalize,
    )
    lengths = middle.multiselect(
        "Length",
        list(LENGTHS),
        placeholder="Any",
        key=state.MINUTES,
        bind="query-params",
        on_change=first_page,
        format_func=LENGTHS.__getitem__,
    )
    standings = right.multiselect(
        "Your progress",
        list(STANDINGS),
        placeholder="Any",
        key=state.STANDING,
        bind="query-params",
        on_change=first_page,
        format_func=STANDINGS.__getitem__,
        help="Weak spots: scenarios with a point that earned less than 70 % when it was graded last.",
    )
    return tuple(difficulties), tuple(lengths), tuple(standings)


def in_words(name: Filter, asked: Wanted) -> str:
    """What one filter is set to, fit to show."""
    if name == "words":
        return f"“{one_line(asked.words)}”"
    values: dict[Filter, list[str]] = {
        "levels": [level.capitalize() for level in asked.levels],
        "difficulties": [difficulty.capitalize() for difficulty in asked.difficulties],
        "lengths": [LENGTHS[length] for length in asked.lengths],
        "standings": [STANDINGS[standing] for standing in asked.standings],
        "topics": [tags.in_words(topic) for topic in asked.topics],
        "technologies": list(asked.technologies),
    }
    return one_line(" or ".join(values[name]))


def nothing_found(catalogue: Catalogue, asked: Wanted, known: Mapping[str, Record]) -> None:
    """Say what to do: take out a filter without which something is found, else keep one that finds something."""
    st.markdown("**No scenario fits all of this.**")
    removable = catalogue.removable(asked, known)
    alone = {} if removable else catalogue.alone(asked, known)
    with st.container(horizontal=True, gap="small"):
        for name, count in removable.items():
            label = f"Without {in_words(name, asked)}: {counted(count, 'scenario')}"
            st.button(label, key=f"without-{name}", icon=":material/close:", on_click=_remove, args=(name,))
        for name, count in alone.items():
            label = f"Only {in_words(name, asked)}: {counted(count, 'scenario')}"
            others = [other for other in asked.filters if other != name]
            st.button(label, key=f"only-{name}", icon=":material/filter_list:", on_click=_remove, args=others)
        st.button("Show all scenarios", on_click=clear)


def clear() -> None:
    _remove(*_KEYS)


def _remove(*names: Filter) -> None:
    for name in names:
        st.session_state[_KEYS[name]] = "" if name == "words" else []
    first_page()


def first_page() -> None:
    """Another choice gives another list, which is read from its beginning."""
    st.session_state[state.PAGE] = 1
