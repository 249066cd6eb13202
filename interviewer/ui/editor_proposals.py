"""What a connected model proposes for a scenario that is written: each is taken or left by hand, nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.manuscript import KEY, Manuscript, Values, may_have_more_points
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError
from interviewer.flows import authoring
from interviewer.flows.authoring import Edit, Proposal
from interviewer.flows.ports import ChatModel
from interviewer.ui import editor_fields as fields
from interviewer.ui import wiring
from interviewer.ui.editor_fields import Form
from interviewer.ui.text import escaped
from interviewer.worker import Task

MEND_FIRST = "A proposal fits a scenario that could be saved. Mend what is marked in red first."
REVIEWED = "This scenario is reviewed. Set it to draft under “Try it” before a model adds to it."
NOTHING = "The model had nothing to propose that fits."
GONE = "The key point that this proposal is about was removed."

Ask = Callable[[Scenario, ChatModel], list[Proposal]]


class _Place(NamedTuple):
    """Where proposals are made: the name of the task, the id of the key point or "", and the button's words."""

    name: str
    point: str
    label: str


def key_points(form: Form) -> None:
    """Further key points, while there are few of them and nobody has weighed them."""
    scenario = form.checked.scenario
    if scenario is None or may_have_more_points(scenario):
        place = _Place(f"propose {form.manuscript.id}", "", "Propose key points")
        _offer(form, place, lambda scenario, model: authoring.point_proposals(scenario, model, form.app.prompts))


def details(form: Form, point: Values) -> None:
    """Wordings, wrong claims and a follow-up for one key point."""
    id = str(point.get("id"))
    place = _Place(f"propose {form.manuscript.id} {id}", id, "Propose wordings, wrong claims and a follow-up")

    def ask(scenario: Scenario, model: ChatModel) -> list[Proposal]:
        return authoring.detail_proposals(scenario, scenario.key_point(id), model, form.app.prompts)

    _offer(form, place, ask)


def hints(form: Form) -> None:
    place = _Place(f"propose {form.manuscript.id} hints", "", "Propose three hints")
    _offer(form, place, lambda scenario, model: authoring.hint_proposals(scenario, model, form.app.prompts))


def _offer(form: Form, place: _Place, ask: Ask) -> None:
    if wiring.connection(form.app) is None:
        return
    task = form.app.worker.task_of(place.name, owner=form.app.owner)
    if task and not task.done:
        _watch(task)
        return
    left: list[Proposal] = task.result if task and isinstance(task.result, list) else []
    for number, proposal in enumerate(left):
        _proposal(form, place, number, proposal)
    if left:
        return
    st.button(
        place.label,
        key=f"editor {place.name}",
        icon=":material/auto_awesome:",
        type="tertiary",
        on_click=_begin,
        args=(form, place, ask),
    )
    if task and task.error:
        st.markdown(f":red[:material/error: {escaped(task.error)}]")
    elif task and task.text:
        st.caption(escaped(task.text))


@st.fragment(run_every=0.5)
def _watch(task: Task) -> None:
    if task.done:
        st.rerun()
    st.markdown(":shimmer[The model is thinking. You can go on writing meanwhile.]")


def _proposal(form: Form, place: _Place, number: int, proposal: Proposal) -> None:
    with st.container(border=True, gap="xsmall"):
        st.caption(
            f":material/auto_awesome: The model proposes: {proposal.kind}. It does not know whether it is right."
        )
        for line in proposal.lines:
            st.markdown(escaped(line))
        with st.container(horizontal=True):
            key = f"editor {place.name} {number}"
            st.button("Accept", key=f"{key} yes", on_click=_accept, args=(form, place, proposal))
            st.button(
                "Reject",
                key=f"{key} no",
                type="tertiary",
                on_click=_decided,
                args=(form.app, place, proposal, "Rejected."),
            )


def _begin(form: Form, place: _Place, ask: Ask) -> None:
    def begin() -> None:
        scenario = _fit(form.app, form.manuscript.id)

        def work(task: Task, model: ChatModel | None) -> list[Proposal]:
            if model is None:
                raise InputError("No model is connected. Connect one in the settings.")
            found = ask(scenario, model)
            task.show("" if found else NOTHING)
            return found

        form.app.worker.begin(place.name, work, owner=form.app.owner, model=wiring.model(form.app))

    wiring.attempt(begin)


def _accept(form: Form, place: _Place, proposal: Proposal) -> None:
    def accept() -> None:
        app, id = form.app, form.manuscript.id
        scenario = _fit(app, id)
        edits = _edits(scenario, place, proposal)
        model = wiring.model(app)
        edits += authoring.signed(scenario, model.name) if model else ()
        app.desk.change(id, lambda manuscript: _with(manuscript, edits))

    if wiring.attempt(accept):
        _decided(form.app, place, proposal, "Accepted.")
        for point in form.entries("key_points"):
            for name in ("weight", "phrasings", "misconceptions"):
                fields.forget(form, ("key_points", point[KEY], name))


def _decided(app: App, place: _Place, proposal: Proposal, said: str) -> None:
    task = app.worker.task_of(place.name, owner=app.owner)
    if task and isinstance(task.result, list) and proposal in task.result:
        task.result = [other for other in task.result if other is not proposal]
        task.show(said)


def _fit(app: App, id: str) -> Scenario:
    """The scenario as it stands now. Raises InputError when a model may not add to it."""
    manuscript = app.desk.open(id)
    scenario = app.desk.check(manuscript, app.clock().date()).scenario if manuscript else None
    if scenario is None:
        raise InputError(MEND_FIRST)
    if scenario.status == "reviewed":
        raise InputError(REVIEWED)
    return scenario


def _edits(scenario: Scenario, place: _Place, proposal: Proposal) -> list[Edit]:
    """The edits of a proposal, at the place where its key point stands now."""
    if proposal.kind == "key point":
        return authoring.with_points(scenario, [proposal])
    ids = [point.id for point in scenario.key_points]
    if place.point and place.point not in ids:
        raise InputError(GONE)
    moved: list[Edit] = []
    for edit in proposal.edits:
        inside = edit.field[0] == "key_points"
        moved.append(edit._replace(field=("key_points", ids.index(place.point), *edit.field[2:])) if inside else edit)
    return moved


def _with(manuscript: Manuscript, edits: Sequence[Edit]) -> Manuscript:
    return manuscript.model_copy(update={"values": authoring.applied(manuscript.values, edits)})
