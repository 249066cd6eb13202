"""What the interviewer asks and says after the first answer, in a scenario that is written."""

from __future__ import annotations

import streamlit as st

from interviewer.domain.manuscript import KEY, Values, changed_by, new_change, new_probe, with_hints
from interviewer.domain.scenario import ProbeType, Severity, When
from interviewer.ui import editor_fields as fields
from interviewer.ui import editor_proposals as proposals
from interviewer.ui.editor_fields import Form

WHENS: dict[When, str] = {
    "missing": "it was not mentioned",
    "shallow": "it was only touched",
    "covered": "it was shown",
    "contradicted": "the opposite was claimed",
    "any": "whatever was said",
}
TYPES: dict[ProbeType, str] = {
    "clarify": "Clarify",
    "deepen": "Go deeper",
    "challenge": "Challenge",
    "failure-mode": "What if it fails",
    "trade-off": "Weigh it",
    "quantify": "Put a number on it",
    "generalise": "Generalise",
    "experience": "Own experience",
}
SEVERITIES: dict[Severity, str] = {"minor": "Minor", "major": "Major", "red_flag": "Red flag"}
HINTS = {1: "First, a nudge", 2: "Second, where to look", 3: "Third, nearly there"}


def questions(form: Form) -> None:
    st.caption("The interviewer asks one at a time, about what is still open. One for every point that may be missing.")
    fields.messages(form.problems(("probes",)))
    for place, probe in enumerate(form.entries("probes")):
        with st.container(border=True, gap="small"):
            _probe(form, probe, place)
    fields.add_button(form, "Add a follow-up", "probes", new_probe)
    with st.expander("Hints", icon=":material/lightbulb:", expanded=_is_wrong(form, "hints")):
        _hints(form)
    with st.expander(
        "A changed condition", icon=":material/alt_route:", expanded=_is_wrong(form, "constraint_changes")
    ):
        _changes(form)
    with st.expander("Mistakes to look for", icon=":material/warning:", expanded=_is_wrong(form, "mistakes")):
        _mistakes(form)


def _probe(form: Form, probe: Values, place: int) -> None:
    key = probe[KEY]
    fields.entry_head(form, "probes", probe, place, "Follow-up")
    fields.messages(form.problems(("probes", key), below=("id",)))
    fields.text(
        form,
        "Question",
        ("probes", key, "ask"),
        help="One short question that somebody understands who has never heard of the answer.",
    )
    fields.targets(form, "About", ("probes", key, "targets"))
    left, right = st.columns(2)
    with left:
        fields.choice(form, "Asked when", ("probes", key, "when"), WHENS, otherwise="any")
    with right:
        fields.choice(form, "Kind", ("probes", key, "type"), TYPES, otherwise="clarify")
    left, right = st.columns(2)
    with left:
        fields.text(form, "A strong reply", ("probes", key, "strong"), placeholder="Names the cause.")
    with right:
        fields.text(form, "A weak reply", ("probes", key, "weak"), placeholder="Talks around it.")


def _hints(form: Form) -> None:
    st.caption("Three, from a nudge to nearly there. The candidate pays for each, and none names the answer.")
    fields.messages(form.problems(("hints",)))
    hints = form.entries("hints")
    if not hints:
        st.button(
            "Write three hints", icon=":material/add:", on_click=fields.apply, args=(form, changed_by(with_hints))
        )
        proposals.hints(form)
        return
    for hint in hints:
        key = hint[KEY]
        fields.messages(form.problems(("hints", key), below=("level",)))
        fields.text(form, HINTS.get(hint.get("level", 0), "Hint"), ("hints", key, "text"))
        fields.targets(form, "Helps with", ("hints", key, "targets"), help="Empty means with everything.")
    last = hints[-1][KEY]
    fields.lines(
        form,
        "Words that give it away",
        ("hints", last, "spoiler_terms"),
        help="No question, hint or model may say them. One on each line.",
    )
    st.button(
        "Remove the hints",
        type="tertiary",
        icon=":material/close:",
        on_click=fields.apply,
        args=(form, changed_by(lambda values: {**values, "hints": []})),
    )


def _changes(form: Form) -> None:
    st.caption("A new demand for somebody who has covered the ground: “now deletes must be gone within a day”.")
    for place, change in enumerate(form.entries("constraint_changes")):
        with st.container(border=True, gap="small"):
            key = change[KEY]
            fields.entry_head(form, "constraint_changes", change, place, "Condition")
            fields.messages(form.problems(("constraint_changes", key), below=("id",)))
            fields.text(form, "Question", ("constraint_changes", key, "ask"))
            fields.targets(form, "About", ("constraint_changes", key, "targets"))
            fields.text(form, "A strong reply", ("constraint_changes", key, "strong"))
    fields.add_button(form, "Add a condition", "constraint_changes", new_change)


def _mistakes(form: Form) -> None:
    st.caption("What would make you doubt the candidate, whatever else was said.")
    for place, mistake in enumerate(form.entries("mistakes")):
        with st.container(border=True, gap="small"):
            key = mistake[KEY]
            fields.entry_head(form, "mistakes", mistake, place, "Mistake")
            fields.text(form, "They say", ("mistakes", key, "text"))
            fields.choice(form, "How bad", ("mistakes", key, "severity"), SEVERITIES, otherwise="major")
    fields.add_button(form, "Add a mistake", "mistakes", lambda values: {"text": "", "severity": "major"})


def _is_wrong(form: Form, name: str) -> bool:
    return any(each.is_error for each in form.problems((name,), below=None))
