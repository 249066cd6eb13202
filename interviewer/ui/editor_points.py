"""The key points of a scenario that is written: what a good answer conveys, and how people say it."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.manuscript import KEY, Values, changed_by, new_point, shared_equally, weights_in_sum
from interviewer.domain.scenario import Dimension
from interviewer.ui import editor_fields as fields
from interviewer.ui import editor_proposals as proposals
from interviewer.ui.editor_fields import Form

DIMENSIONS: dict[Dimension, str] = {
    "diagnosis": "Diagnosis",
    "solution": "Solution",
    "depth": "Depth",
    "trade-offs": "Trade-offs",
    "validation": "Validation",
    "communication": "Communication",
}
SHOWN = ("text", "weight", "phrasings", "near_misses", "misconceptions", "terms", "dimension", "why", "strong")
FOLDED = ("near_misses", "misconceptions", "terms", "dimension", "why", "strong", "sources")


def points(form: Form) -> None:
    st.caption("Four to seven claims that a good answer makes. The score is the sum of the weights that were shown.")
    _sum(form)
    fields.messages([each for each in form.problems(("key_points",)) if "weights" not in each.message])
    for place, point in enumerate(form.entries("key_points")):
        with st.container(border=True, gap="small"):
            _point(form, point, place)
    fields.add_button(form, "Add a key point", "key_points", new_point)
    proposals.key_points(form)


def _sum(form: Form) -> None:
    total = weights_in_sum(form.values)
    if not form.entries("key_points"):
        st.markdown("There is no key point yet, so an interview with it is practice without a score.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if total == 100:
            st.markdown(":material/check: The weights sum to **100**.", width="content")
        else:
            lacking = f"{100 - total} are missing" if total < 100 else f"{total - 100} too many"
            said = f"The weights sum to **{total}** instead of 100: {lacking}."
            st.markdown(f":red[:material/error: {said}]", width="content")
        st.button(
            "Share them equally",
            key="editor_equal",
            type="tertiary",
            on_click=fields.apply,
            args=(form, changed_by(shared_equally), *_weights(form)),
        )


def _point(form: Form, point: Values, place: int) -> None:
    key = point[KEY]
    fields.entry_head(form, "key_points", point, place, "Key point")
    others = [each for each in form.problems(("key_points", key), below=None) if not _is_shown(each.field)]
    fields.messages(others)
    fields.area(
        form,
        "What a good answer says",
        ("key_points", key, "text"),
        height=90,
        help="One claim as a full sentence that can be right or wrong: what is done, and why it helps.",
    )
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        fields.number(form, "Weight", ("key_points", key, "weight"), min_value=1, max_value=100, step=5)
    with right:
        fields.tick(
            form,
            "Essential",
            ("key_points", key, "must"),
            help="Without it the answer is no answer: a missed one caps the signal. One or two of them are enough.",
        )
    fields.lines(
        form,
        "How people say it",
        ("key_points", key, "phrasings"),
        help="Two to four ways, one on each line, in the first person and with other words each time. This is what "
        "grades well.",
    )
    is_wrong = any(each.is_error for each in form.problems(("key_points", key), below=FOLDED))
    with st.expander("Wrong claims, near-misses and more", expanded=is_wrong):
        _more(form, key)
    proposals.details(form, point)


def _more(form: Form, key: str) -> None:
    fields.lines(
        form,
        "Wrong claims",
        ("key_points", key, "misconceptions"),
        help="What contradicts the point, as somebody would claim it who is sure of it. One on each line.",
    )
    fields.lines(
        form,
        "Near-misses",
        ("key_points", key, "near_misses"),
        help="The vague version, which earns nothing: “we would monitor it”. One on each line.",
    )
    fields.lines(
        form,
        "Words that belong to it",
        ("key_points", key, "terms"),
        placeholder="retry|again|second time",
        help="Groups of words with | between them, one group on each line: what it is about, and what is said of it.",
    )
    fields.choice(form, "What it shows", ("key_points", key, "dimension"), DIMENSIONS, otherwise="solution")
    fields.text(form, "Why it matters", ("key_points", key, "why"))
    fields.text(form, "A sentence of a strong candidate", ("key_points", key, "strong"))
    fields.lines(form, "Sources of this point", ("key_points", key, "sources"), placeholder="https://…", height=80)


def _is_shown(field: str) -> bool:
    """Whether a message about this field stands at a field of the form."""
    return field.partition("].")[2].partition("[")[0] in (*SHOWN, "sources")


def _weights(form: Form) -> list[tuple[str, str, str]]:
    return [("key_points", point[KEY], "weight") for point in form.entries("key_points")]
