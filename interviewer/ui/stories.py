"""Stories where they are wanted: on the brief of a behavioural round, and beside its conversation."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.experience import PARTS, Story
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Scenario
from interviewer.flows.choosing import stories_about
from interviewer.ui import state
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages, counted


def offer(app: App, pages: Pages, scenario: Scenario) -> None:
    """The story that fits what the scenario asks for, or the way to write one."""
    fitting = stories_about(scenario, app.store.stories(owner=app.owner), app.matcher)
    if not fitting:
        st.page_link(pages.stories, label="Write down a story of yours for this", icon=":material/edit_note:")
        return
    best = fitting[0]
    st.markdown(f"You have a story on this: **{one_line(best.shown_title)}**")
    lacking = notes(app, best)
    if lacking:
        st.caption(one_line(lacking[0]))
    st.page_link(
        pages.stories,
        label="Read it again",
        icon=":material/auto_stories:",
        query_params={state.STORY: best.id},
    )


def beside(app: App, interview: Interview) -> None:
    """The story that fits, and the others to choose from, while a behavioural round goes on."""
    if interview.mode != "story" or interview.is_finished:
        return
    stories = app.store.stories(owner=app.owner)
    fitting = stories_about(interview.scenario, stories, app.matcher)
    ordered = [*fitting, *(story for story in stories if story not in fitting)]
    if not ordered:
        return
    by_id = {story.id: story for story in ordered}
    with st.expander("Your stories", icon=":material/auto_stories:", expanded=bool(fitting)):
        told = st.selectbox(
            "Story",
            list(by_id),
            index=0 if fitting else None,
            format_func=lambda id: by_id[id].shown_title,
            placeholder=f"Choose one of {counted(len(ordered), 'story', 'stories')}",
            label_visibility="collapsed",
            key=state.TOLD,
        )
        if told:
            _read(by_id[told])


def notes(app: App, story: Story) -> list[str]:
    """What would make the story full, part by part; empty when nothing is missing."""
    star = app.matcher.told(story)
    return [note for part in PARTS if (note := getattr(star, part).note)]


def _read(story: Story) -> None:
    for name in (*PARTS, "numbers"):
        text = getattr(story, name).strip()
        if text:
            st.caption(name.capitalize())
            st.markdown(escaped(text))
