"""The story bank: cases from the candidate's own work, written part by part, with what is still missing."""

from __future__ import annotations

import re
import uuid
from typing import Any

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import Presence
from interviewer.domain.experience import PART_CHARACTERS, PARTS, TAGS, TITLE_CHARACTERS, Part, Story
from interviewer.domain.job import TAG_CHARACTERS
from interviewer.ui import state, stories, wiring
from interviewer.ui.text import one_line, shortened
from interviewer.ui.wiring import Pages

ASKED: dict[Part, str] = {
    "situation": "Where was it, how large was the system, and what went wrong?",
    "task": "What had to be reached, by when, and which part of it was yours?",
    "action": "What did you do yourself, step by step, and what did you decide against?",
    "result": "What came of it: a number before and after. What would you do differently?",
}
NUMBERS = "Figures that you want at hand: sizes, times, costs, before and after."
COLOURS: dict[Presence, str] = {"present": "green", "thin": "orange", "missing": "gray"}
TEASER_CHARACTERS = 220
FULL = "Nothing is missing."

_ID = re.compile(r"[0-9a-f]{32}")


def show(app: App, pages: Pages) -> None:
    id = str(st.query_params.get(state.STORY, ""))
    kept = app.store.stories(owner=app.owner)
    if _ID.fullmatch(id):
        story = next((story for story in kept if story.id == id), None)
        with wiring.column(1040):
            _edit(app, pages, story or _blank(app, id), is_kept=story is not None)
    else:
        with wiring.column(760):
            _list(app, pages, kept)


def _blank(app: App, id: str) -> Story:
    return Story(id=id, updated_at=app.clock())


def _list(app: App, pages: Pages, kept: list[Story]) -> None:
    st.title("Your stories", anchor=False)
    st.caption("Cases from your own work, ready for “tell me about a time”. Story mode offers the one that fits.")
    if st.button("Write a story", type="primary", icon=":material/edit_note:"):
        st.switch_page(pages.stories, query_params={state.STORY: uuid.uuid4().hex})
    if not kept:
        st.markdown(
            "None yet. Four or five good ones are enough: a failure, a disagreement, something slow that became fast, "
            "a decision you would take again."
        )
    for story in kept:
        with st.container(border=True, gap="small", key=f"story-{story.id}"):
            _line(app, pages, story)


def _line(app: App, pages: Pages, story: Story) -> None:
    st.subheader(one_line(story.shown_title), anchor=False)
    if story.situation.strip():
        st.markdown(one_line(shortened(story.situation, TEASER_CHARACTERS)))
    if story.tags:
        st.caption(one_line(" · ".join(story.tags)))
    lacking = stories.notes(app, story)
    st.caption(f":material/edit: {one_line(lacking[0])}" if lacking else ":material/check: All four parts are there.")
    if st.session_state.get(state.DELETING) == story.id:
        _confirm(app, story)
        return
    with st.container(horizontal=True):
        if st.button("Open", key=f"open-{story.id}"):
            st.switch_page(pages.stories, query_params={state.STORY: story.id})
        _delete_button(story)


def _edit(app: App, pages: Pages, story: Story, *, is_kept: bool) -> None:
    """Every field is kept as soon as it is left, so there is nothing to lose by closing the page."""
    st.page_link(pages.stories, label="All stories", icon=":material/arrow_back:")
    st.title(one_line(story.title or "A new story"), anchor=False)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _fields(app, story)
    with right, st.container(border=True, gap="small"):
        _missing(app, story)
    if not is_kept:
        st.caption("Nothing is kept yet. What you write is saved as you leave a field.")
    elif st.session_state.get(state.DELETING) == story.id:
        _confirm(app, story)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/check: Saved {wiring.when(story.updated_at)}", width="content")
            _delete_button(story)


def _fields(app: App, story: Story) -> None:
    st.text_input("Title", max_chars=TITLE_CHARACTERS, placeholder="The late load", **_kept(app, story, "title"))
    for part in PARTS:
        st.text_area(part.capitalize(), placeholder=ASKED[part], max_chars=PART_CHARACTERS, **_kept(app, story, part))
    st.text_area("Numbers", placeholder=NUMBERS, max_chars=PART_CHARACTERS, height=80, **_kept(app, story, "numbers"))
    st.multiselect(
        "Topics",
        sorted({*app.catalogue.topics, *app.catalogue.technologies, *story.tags}, key=str.casefold),
        accept_new_options=True,
        max_selections=TAGS,
        placeholder="What it is about; add your own",
        **_kept(app, story, "tags"),
    )


def _kept(app: App, story: Story, field: str) -> dict[str, Any]:
    """A widget that shows this field and keeps it as soon as it is left."""
    key = state.of_story(field, story.id)
    value = getattr(story, field)
    st.session_state.setdefault(key, list(value) if field == "tags" else value)
    return {"key": key, "on_change": _save, "args": (app, story.id, field)}


def _save(app: App, id: str, field: str) -> None:
    """Keep this one field: another tab may have changed the others meanwhile."""
    value = st.session_state[state.of_story(field, id)]

    def save() -> None:
        kept = {story.id: story for story in app.store.stories(owner=app.owner)}
        story = kept.get(id) or _blank(app, id)
        changed = {**story.model_dump(), field: _fit(field, value), "updated_at": app.clock()}
        app.store.save_story(Story.model_validate(changed), owner=app.owner)

    wiring.attempt(save)


def _fit(field: str, value: str | list[str]) -> object:
    """The browser keeps to the limits; a request that does not is cut."""
    if isinstance(value, str):
        return value[: TITLE_CHARACTERS if field == "title" else PART_CHARACTERS]
    return [tag.strip()[:TAG_CHARACTERS] for tag in value if tag.strip()][:TAGS]


def _missing(app: App, story: Story) -> None:
    star = app.matcher.told(story)
    st.markdown("**What an interviewer would miss**")
    for part in PARTS:
        element = getattr(star, part)
        st.markdown(f":{COLOURS[element.status]}-badge[{part.capitalize()}] :small[{one_line(element.note or FULL)}]")


def _delete_button(story: Story) -> None:
    st.button(
        "Delete",
        key=f"delete-{story.id}",
        type="tertiary",
        icon=":material/delete:",
        on_click=st.session_state.__setitem__,
        args=(state.DELETING, story.id),
    )


def _confirm(app: App, story: Story) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("Delete this story for good?", width="content")
        st.button("Keep it", key=f"keep-{story.id}", on_click=st.session_state.pop, args=(state.DELETING, None))
        st.button("Delete it", key=f"sure-{story.id}", type="primary", on_click=_delete, args=(app, story.id))


def _delete(app: App, id: str) -> None:
    st.session_state.pop(state.DELETING, None)
    if wiring.attempt(lambda: app.store.delete_story(id, owner=app.owner)):
        st.query_params.pop(state.STORY, None)
