"""How the answer was built: the four STAR elements with quotes, what is missing, and the answer in that order."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import Assessment, Presence, StarElement
from interviewer.domain.interview import COACH
from interviewer.domain.rewriting import MISSING_PART
from interviewer.ui import state, wiring
from interviewer.ui.report_points import Color
from interviewer.ui.text import escaped, one_line, shortened

STAR_BADGES: dict[Presence, tuple[str, Color]] = {
    "present": ("Present", "green"),
    "thin": ("Thin", "orange"),
    "missing": ("Missing", "gray"),
}


def star(assessment: Assessment) -> None:
    if assessment.star is None:
        return
    st.header("How the answer was built", anchor=False)
    parts: dict[str, StarElement] = {
        "Situation": assessment.star.situation,
        "Task": assessment.star.task,
        "Action": assessment.star.action,
        "Result": assessment.star.result,
    }
    grid = st.grid(2, min_column_width=280)
    for name, element in parts.items():
        with grid.container(border=True, height="stretch", gap="xsmall"):
            label, color = STAR_BADGES[element.status]
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(f"**{name}**", width="content")
                st.badge(label, color=color)
            if element.quote:
                st.markdown(f"“{one_line(shortened(element.quote, 260))}”")
            if element.note:
                st.caption(one_line(element.note))
    st.caption("The shape counts a little towards communication. A good shape never makes up for missing content.")


def rewrite(app: App, id: str, version: int, assessment: Assessment) -> None:
    """The answer in STAR order, in the candidate's words, with marks where something is missing."""
    text = assessment.rewrite
    if text is None:
        return
    with st.expander("Your answer in this order", icon=":material/format_list_numbered:"):
        st.caption("Only what you said yourself. Where something is missing, it says so; fill it with your own facts.")
        for name in ("situation", "task", "action", "result"):
            st.markdown(f"**{name.capitalize()}**  \n{_with_marks(getattr(text, name))}")
        if text.note:
            st.caption(one_line(text.note))
        model = wiring.model(app)
        if model is not None and text.engine == COACH:
            st.button(
                f"Have {escaped(model.name)} smooth the wording",
                icon=":material/edit_note:",
                help="What it adds to your words is found and left out.",
                on_click=_reword,
                args=(app, id, version),
            )


def _reword(app: App, id: str, version: int) -> None:
    model = wiring.model(app)
    if model is not None:
        st.session_state.pop(state.GRADE_VERSION, None)
        wiring.attempt(lambda: app.worker.reword(id, version, owner=app.owner, model=model))


def _with_marks(text: str) -> str:
    parts: list[str] = []
    done = 0
    for match in MISSING_PART.finditer(text):
        parts += [one_line(text[done : match.start()]), f":orange-background[{one_line(match.group())}]"]
        done = match.end()
    return " ".join(part for part in (*parts, one_line(text[done:])) if part)
