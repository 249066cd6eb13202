"""The editor: a scenario of one's own as a form, with what it will look like beside it."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.manuscript import Manuscript, Problem
from interviewer.errors import InputError, ScenarioError
from interviewer.ui import (
    editor_form,
    editor_points,
    editor_preview,
    editor_questions,
    editor_start,
    editor_trial,
    state,
    wiring,
)
from interviewer.ui.editor_fields import Form, sentence
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages, counted

CLOSED = (
    "Scenarios are written here only where one person uses the app: on this server the library belongs to everybody, "
    "and whoever runs it looks after it."
)
PARTS: dict[str, tuple[str, Callable[[Form], None]]] = {
    "question": ("Question", editor_form.question),
    "answer": ("Answer", editor_form.answer),
    "points": ("Key points", editor_points.points),
    "questions": ("Follow-ups", editor_questions.questions),
    "try": ("Try it", editor_trial.trial),
}
IN_PART = {
    "question": ("title", "question", "difficulty", "time_minutes", "level", "topics", "technologies", "context"),
    "answer": ("reference", "sources", "star", "story"),
    "points": ("key_points",),
    "questions": ("probes", "constraint_changes", "hints", "mistakes"),
}
ELSEWHERE = "The rest of the file"


def show(app: App, pages: Pages) -> None:
    if app.shared:
        with wiring.column(760):
            st.title("Write a scenario", anchor=False)
            st.markdown(CLOSED)
            st.page_link(pages.choose, label="All scenarios", icon=":material/arrow_back:")
        return
    id = str(st.query_params.get(state.SCENARIO, ""))
    manuscript = _opened(app, id) if id else None
    if manuscript:
        with wiring.column(1280):
            _edit(Form(app, manuscript, app.desk.check(manuscript, app.clock().date())), pages)
    else:
        with wiring.column(960):
            _without(app, pages, id)


def _opened(app: App, id: str) -> Manuscript | None:
    try:
        return app.desk.open(id)
    except ScenarioError as error:
        raise InputError(f"This file cannot be edited here. {error}. Mend it in a text editor.") from error


def _without(app: App, pages: Pages, id: str) -> None:
    scenario = app.scenario(id)
    if scenario:
        editor_start.offer_copy(app, pages, scenario)
        return
    if id:
        st.markdown("**There is no such scenario of yours.** It may have been renamed or removed.")
    editor_start.show(app, pages)


def _edit(form: Form, pages: Pages) -> None:
    if st.session_state.pop(state.READY, "") == form.manuscript.id:
        # Remembered by the press itself, which may come while the page that saved is still being drawn.
        st.switch_page(pages.interview, query_params={state.SCENARIO: form.manuscript.id})
    st.page_link(pages.editor, label="All that you write", icon=":material/arrow_back:")
    st.title(one_line(str(form.values.get("title") or "Without a title")), anchor=False)
    _actions(form)
    _refused()
    _conflict(form)
    left, right = st.columns([3, 2], gap="large")
    with left:
        part = st.radio(
            "Part",
            list(PARTS),
            format_func=lambda name: PARTS[name][0],
            index=0,
            horizontal=True,
            key=state.PART,
            bind="query-params",
            label_visibility="collapsed",
        )
        PARTS[part][1](form)
    with right:
        _open(form)
        editor_preview.preview(form)


def _actions(form: Form) -> None:
    """Always the same buttons in the same places, so that none moves away under a click."""
    app, id = form.app, form.manuscript.id
    is_unsaved = app.desk.is_unsaved(id)
    saved = st.session_state.pop(state.SAVED, "")
    if is_unsaved:
        told = ":material/edit: Not saved yet. What you type is kept until you save, even when you close this page."
    else:
        told = f":material/check: {one_line(saved or f'Saved as {form.manuscript.file}.')}"
    st.caption(told)
    with st.container(horizontal=True):
        st.button("Save", type="primary", icon=":material/save:", on_click=_save, args=(app, id))
        ready = not is_unsaved and id in app.library.own
        st.button(
            "Interview with it",
            icon=":material/play_arrow:",
            disabled=not ready,
            on_click=st.session_state.__setitem__,
            args=(state.READY, id),
        )
        if st.session_state.get(state.DELETING) == id:
            st.button("Keep what I typed", on_click=st.session_state.pop, args=(state.DELETING, None))
            st.button("Throw it away", on_click=_discard, args=(app, id))
        else:
            st.button(
                "Throw changes away" if form.manuscript.base is not None else "Throw away",
                type="tertiary",
                icon=":material/delete:",
                disabled=not is_unsaved,
                on_click=st.session_state.__setitem__,
                args=(state.DELETING, id),
            )


def _refused() -> None:
    problems: tuple[str, ...] = st.session_state.pop(state.REFUSED, ())
    if problems:
        lines = [f"- {escaped(problem)}" for problem in problems]
        st.error("\n".join(["It was not saved. Mend this first:", "", *lines]), icon=":material/error:")


def _conflict(form: Form) -> None:
    """The file is not what it was when it was opened: both are there, and the person says which one stays."""
    app, manuscript = form.app, form.manuscript
    now = app.desk.on_disk(manuscript)
    if now == manuscript.base or not app.desk.is_unsaved(manuscript.id):
        return
    with st.container(border=True):
        st.markdown(
            "**The file changed on disk since you opened it**, perhaps in a text editor. Save would put your version "
            "in its place."
        )
        if now is not None:
            mine = app.desk.written(manuscript, now).text
            difference = difflib.unified_diff(now.splitlines(), mine.splitlines(), "on disk", "yours", lineterm="", n=1)
            with st.expander("What would change on disk"):
                st.code("\n".join(difference), language="diff", wrap_lines=True)
        with st.container(horizontal=True):
            st.button("Save mine over it", on_click=_save, args=(app, manuscript.id), kwargs={"over": True})
            st.button("Take the file, drop what I typed", on_click=_discard, args=(app, manuscript.id))


def _open(form: Form) -> None:
    """What has to be mended, and what would make it better, by the part in which it stands."""
    errors = form.checked.errors
    better = [problem for problem in form.checked.problems if not problem.is_error]
    if errors:
        st.markdown(f":red[:material/error: **{counted(len(errors), 'thing')} to mend before it can be saved**]")
        _list(errors)
    elif not better:
        st.markdown(":material/check: Everything is there.")
    else:
        st.markdown(":material/check: It can be saved.")
    if better:
        with st.expander(f"What would make it better ({len(better)})", key="editor_better"):
            _list(better)


def _list(problems: tuple[Problem, ...] | list[Problem]) -> None:
    st.markdown("\n".join(f"- {one_line(_in_words(problem))}" for problem in problems))


def _in_words(problem: Problem) -> str:
    """The part and the entry, then what is wrong."""
    first, _, rest = problem.field.partition("[")
    name = first.partition(".")[0]
    part = next((PARTS[part][0] for part, names in IN_PART.items() if name in names), ELSEWHERE)
    number = f" {int(place) + 1}" if (place := rest.partition("]")[0]).isdigit() else ""
    field = (rest.partition("].")[2] or ("" if number else first)).partition("[")[0].replace("_", " ")
    where = f"{part}{number}, {field}" if field and field.lower() != part.lower() else f"{part}{number}"
    return f"{where}: {sentence(problem.message)}"


def _save(app: App, id: str, *, over: bool = False) -> None:
    """Write the file and have everybody see it. What cannot be saved stays as it was typed."""

    def save() -> None:
        try:
            scenario, keeps_comments = app.desk.save(id, over=over)
        except ScenarioError:
            manuscript = app.desk.open(id)
            errors = app.desk.check(manuscript, app.clock().date()).errors if manuscript else ()
            st.session_state[state.REFUSED] = tuple(map(_in_words, errors))
            return
        app.shelf.read_again()
        note = "" if keeps_comments else " The comments in the file could not be kept."
        if scenario.id not in app.shelf.now.library.own:
            note += " The library did not take it up; the page Practise says why."
        st.session_state[state.SAVED] = f"Saved.{note}"

    wiring.attempt(save)


def _discard(app: App, id: str) -> None:
    st.session_state.pop(state.DELETING, None)
    app.desk.discard(id)
    if app.desk.open(id) is None:
        st.query_params.pop(state.SCENARIO, None)
