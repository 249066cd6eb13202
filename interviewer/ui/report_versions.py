"""The grades of one interview: which one is shown, all of them side by side, and how to get another."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import Assessment
from interviewer.domain.versions import Version, versions
from interviewer.ui import state, wiring
from interviewer.ui.text import one_line


def chosen(grades: Sequence[Assessment]) -> int:
    """The version to show, counting from 1: the newest, unless another one is chosen."""
    if len(grades) == 1:
        return 1
    every = versions(grades)
    version: int = st.selectbox(
        "Grade",
        list(range(len(grades), 0, -1)),
        format_func=lambda v: f"Grade {v} of {len(grades)}: {_whose(every[v - 1])}, {wiring.when(grades[v - 1].at)}",
        key=state.GRADE_VERSION,
        width=480,
    )
    return version


def side_by_side(grades: Sequence[Assessment], shown: int) -> None:
    """Who judged, when, with what score, and what changed. Nothing for a single grade."""
    if len(grades) == 1:
        return
    st.header("All grades of this interview", anchor=False)
    lines = ["| Grade | Judged by | When | Score | Signal | What changed |", "|:--|:--|:--|--:|:--|:--|"]
    for version in versions(grades):
        name = f"**{version.number}**, shown here" if version.number == shown else str(version.number)
        score = "–" if version.score is None else str(version.score)
        cells = (name, one_line(_whose(version)), wiring.when(version.at), score, version.signal.capitalize())
        lines.append(f"| {' | '.join(cells)} | {one_line(_changed(version))} |")
    st.markdown("\n".join(lines))


def _whose(version: Version) -> str:
    """Whose grade it is, or what made this version out of the one before."""
    return version.made or wiring.engine_of_turn(version.engine)


def _changed(version: Version) -> str:
    if version.number == 1:
        return "The first grade"
    return "; ".join(version.changes) or "Nothing in score, signal or points"


def grade_again(app: App, id: str) -> None:
    """Another grade beside this one: by the same judge, or by another one where a model is connected."""
    if wiring.connection(app) is None:
        grade_button(app, id, "Grade again")
        return
    with st.popover("Grade again", icon=":material/refresh:"):
        st.caption("Earlier grades are kept.")
        grade_button(app, id, f"With {wiring.judge_in_words(app)}")
        if wiring.model(app, judge=True) is not None:
            st.button("With the built-in coach", on_click=_grade, args=(app, id, state.USE_COACH))
        st.text_input("Another model at the same address", key=state.OTHER_JUDGE, placeholder="Its name")
        st.button("With this model", on_click=_grade_by_named, args=(app, id))


def grade_button(app: App, id: str, label: str, *, primary: bool = False) -> None:
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
    wiring.attempt(lambda: app.worker.grade(id, owner=app.owner, model=wiring.model(app, judge=judge or True)))
