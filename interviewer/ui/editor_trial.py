"""A scenario that is written, tried out: three scripted candidates, the checks of an author, and the status."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

import streamlit as st

from interviewer.domain.assessment import VerdictKind
from interviewer.domain.manuscript import Manuscript, with_value
from interviewer.flows import trying
from interviewer.flows.ports import ChatModel
from interviewer.flows.simulating import Kind
from interviewer.flows.trying import Findings, Trial
from interviewer.ui import editor_fields as fields
from interviewer.ui import state, wiring
from interviewer.ui.editor_fields import Form
from interviewer.ui.report_points import look
from interviewer.ui.text import authored, escaped, one_line
from interviewer.worker import Task

NAMES: dict[Kind, str] = {"strong": "Strong", "mid": "Middling", "weak": "Weak"}
CHECKS: Mapping[str, str] = {
    "complete": "What is not there yet",
    "asks": "Follow-ups",
    "spoilers": "Words that give it away",
    "context": "Answers when the candidate asks back",
    "secrecy": "What the interviewer says",
    "reference": "The reference answer",
    "nothing": "Answers that should earn nothing",
    "wordings": "Denied wordings",
    "order": "Strong, middling and weak",
}
STATUSES = {"draft": "Draft", "reviewed": "Reviewed"}
NOT_YET = "Mend what is marked in red first; then it can be tried."
What = Literal["try", "check"]


def trial(form: Form) -> None:
    _status(form)
    st.header("Try it", anchor=False)
    st.caption(
        "Three scripted candidates are interviewed by the built-in coach. The strong one should score high, the weak "
        "one next to nothing. Nothing is kept."
    )
    _section(form, "try", "Try it", "play_arrow")
    st.header("Check it", anchor=False)
    st.caption("Looks for what makes a scenario grade badly or give its answer away.")
    _section(form, "check", "Check it", "fact_check")


def _status(form: Form) -> None:
    now = "reviewed" if form.values.get("status") == "reviewed" else "draft"
    key = state.of_manuscript("status", form.manuscript.id, form.manuscript.base)
    st.session_state.setdefault(key, now)
    st.radio(
        "Status",
        list(STATUSES),
        format_func=STATUSES.__getitem__,
        horizontal=True,
        key=key,
        on_change=_set_status,
        args=(form, key),
    )
    st.caption(
        "Reviewed says that you checked it against its sources today; then every part has to be there."
        if now == "reviewed"
        else "A draft says in the interview that it is one. Set it to reviewed when you have checked it."
    )


def _set_status(form: Form, key: str) -> None:
    status, today = st.session_state[key], form.app.clock().astimezone(wiring.zone()).date().isoformat()

    def change(manuscript: Manuscript) -> Manuscript:
        values = with_value(manuscript.values, ("status",), status)
        if status == "reviewed":
            values = with_value(values, ("verified_on",), today)
            values = with_value(values, ("provenance", "reviewed_on"), today)
        return manuscript.model_copy(update={"values": values})

    fields.apply(form, change)


def _section(form: Form, what: What, label: str, icon: str) -> None:
    app, name = form.app, _name(form, what)
    task = app.worker.task_of(name, owner=app.owner)
    if task and not task.done:
        _watch(task)
        st.button(
            "Cancel", key=f"cancel-{what}", on_click=app.worker.forget_task, args=(name,), kwargs={"owner": app.owner}
        )
        return
    if form.checked.scenario is None:
        st.caption(NOT_YET)
    st.button(
        label,
        key=f"editor-{what}",
        icon=f":material/{icon}:",
        disabled=form.checked.scenario is None,
        on_click=_begin,
        args=(form, what),
    )
    if task is None:
        return
    if task.error:
        st.markdown(f":red[:material/error: {escaped(task.error)}]")
    if task.text != _digest(form):
        st.caption(":material/history: You have changed the scenario since; this is what was found before.")
    if isinstance(task.result, Findings):
        _findings(form, task.result)
    elif isinstance(task.result, tuple) and task.result:
        _trials(form, task.result)


@st.fragment(run_every=0.5)
def _watch(task: Task) -> None:
    if task.done:
        st.rerun()
    st.progress(task.share, text="Working on it. You can leave this page and come back.")


def _begin(form: Form, what: What) -> None:
    app, scenario = form.app, form.checked.scenario
    if scenario is None:
        return

    def work(task: Task, _: ChatModel | None) -> object:
        task.show(_digest(form))
        run = trying.tried if what == "try" else trying.checked
        return run(scenario, app.matcher, app.prompts, app.clock, stopped=task.stop.is_set, progress=task.progress)

    app.worker.begin(_name(form, what), work, owner=app.owner)


def _trials(form: Form, trials: tuple[Trial, ...]) -> None:
    with st.container(horizontal=True):
        for each in trials:
            st.metric(NAMES[each.kind], "–" if each.score is None else each.score, border=True)
    points = form.entries("key_points")
    for place, point in enumerate(points, 1):
        verdicts = [each.verdicts.get(str(point.get("id"))) for each in trials]
        said = one_line(str(point.get("text") or "Not written yet"))
        st.markdown(f"{place}. {said}  \n{_in_words(trials, verdicts)}")
    by_kind = {each.kind: each for each in trials}
    shown = st.radio(
        "Read the interview",
        list(by_kind),
        format_func=NAMES.__getitem__,
        index=0,
        horizontal=True,
        key=state.TRANSCRIPT,
    )
    chosen = by_kind.get(shown, trials[0])
    with st.container(border=True):
        for role, text in chosen.said:
            st.caption("Interviewer" if role == "interviewer" else f"{NAMES[chosen.kind]} candidate")
            st.markdown(authored(text))


def _in_words(trials: tuple[Trial, ...], verdicts: list[VerdictKind | None]) -> str:
    parts = []
    for each, verdict in zip(trials, verdicts, strict=True):
        label, _, color = look(verdict or "ungraded")
        parts.append(f":{color}-badge[{NAMES[each.kind]}: {label.lower()}]")
    return " ".join(parts)


def _findings(form: Form, findings: Findings) -> None:
    if not findings.found:
        st.markdown(":material/check: Nothing was found. It grades as it should.")
        return
    for name in dict.fromkeys(name for name, _ in findings.found):
        lines = [
            f"- {one_line(fields.sentence(_by_number(form, text)))}" for found, text in findings.found if found == name
        ]
        st.markdown("\n".join([f"**{CHECKS.get(name, name)}**", "", *lines]))


def _by_number(form: Form, finding: str) -> str:
    """The finding with the numbers that key points and follow-ups have in the form, in place of their ids."""
    for name, word in (("key_points", "key point"), ("probes", "follow-up")):
        for place, entry in enumerate(form.entries(name), 1):
            id = rf"(?:{word} )?(?<![\w.-]){re.escape(str(entry.get('id')))}(?![\w-]|\.\w)"
            finding = re.sub(id, f"{word} {place}", finding)
    return finding


def _name(form: Form, what: What) -> str:
    return f"{what} {form.manuscript.id}"


def _digest(form: Form) -> str:
    return hashlib.sha256(form.checked.text.encode()).hexdigest()
