"""A scenario that is written, as the candidate will see it, as the interviewer knows it, and as its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from interviewer.domain import tags
from interviewer.ui import state
from interviewer.ui.editor_fields import Form
from interviewer.ui.editor_questions import HINTS, WHENS
from interviewer.ui.text import authored, escaped, one_line

VIEWS = {"candidate": "Candidate", "interviewer": "Interviewer", "file": "File"}


def preview(form: Form) -> None:
    st.markdown("**Preview**")
    view = st.radio(
        "Seen by",
        list(VIEWS),
        format_func=VIEWS.__getitem__,
        index=0,
        horizontal=True,
        key=state.PREVIEW,
        label_visibility="collapsed",
    )
    with st.container(border=True):
        if view == "file":
            _file(form)
        elif view == "interviewer":
            _interviewer(form)
        else:
            _candidate(form)


def _candidate(form: Form) -> None:
    """The brief. It holds together with whatever is typed so far."""
    values = form.values
    st.subheader(one_line(_said(values.get("title"), "Without a title")), anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(one_line(str(values.get("difficulty", "")).capitalize() or "Medium"), color="gray")
        st.badge(one_line(f"{values.get('time_minutes', 0)} min"), color="gray", icon=":material/schedule:")
        for topic in values.get("topics") or ():
            st.badge(one_line(tags.in_words(str(topic))), color="gray")
    scenario = form.checked.scenario
    if scenario and scenario.caution:
        st.info(escaped(scenario.caution), icon=":material/edit_note:")
    st.markdown(authored(_said(values.get("question"), "The question is not written yet.")))
    if values.get("technologies"):
        st.caption(one_line(" · ".join(map(str, values["technologies"]))))


def _interviewer(form: Form) -> None:
    """What is expected, and what is asked about it."""
    points = form.entries("key_points")
    numbers = {point.get("id"): place for place, point in enumerate(points, 1)}
    if not points:
        st.markdown("There are no key points yet.")
    for place, point in enumerate(points, 1):
        essential = " · essential" if point.get("must") else ""
        st.markdown(f"**{place} · {point.get('weight', 0)} %{essential}**")
        st.markdown(one_line(_said(point.get("text"), "Not written yet.")))
        _list("Said like", point.get("phrasings"))
        _list("Comes near, earns nothing", point.get("near_misses"))
        _list("Contradicts it", point.get("misconceptions"))
        for probe in form.entries("probes"):
            if point.get("id") in (probe.get("targets") or ()):
                when = WHENS.get(probe.get("when", "any"), WHENS["any"])
                st.markdown(f":small[Asks when {when}:] {one_line(_said(probe.get('ask'), '…'))}")
    for change in form.entries("constraint_changes"):
        about = ", ".join(str(numbers[id]) for id in change.get("targets") or () if id in numbers)
        st.markdown(f":small[Then changes the condition ({about}):] {one_line(_said(change.get('ask'), '…'))}")
    for hint in form.entries("hints"):
        name = HINTS.get(hint.get("level", 0), "Hint")
        st.markdown(f":small[{name}:] {one_line(_said(hint.get('text'), '…'))}")
    for item in form.entries("context"):
        asked, answer = one_line(_said(item.get("question"), "…")), one_line(_said(item.get("answer"), "…"))
        st.markdown(f":small[When asked “{asked}”:] {answer}")


def _file(form: Form) -> None:
    st.caption(f"What is written into {one_line(form.manuscript.file)}.")
    st.code(
        form.checked.text or "This cannot be written yet; see what is marked in red.", language="yaml", wrap_lines=True
    )


def _list(title: str, items: Iterable[object] | None) -> None:
    lines = [f"- {one_line(str(item))}" for item in items or ()]
    if lines:
        st.markdown("\n".join([f":small[{title}]", "", *lines]))


def _said(text: Any, otherwise: str) -> str:
    return str(text or "").strip() or otherwise
