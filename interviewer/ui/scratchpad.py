"""Room beside the conversation for notes, code and a diagram, which can go along with the next answer."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import App
from interviewer.ui import fences, state, wiring

DIAGRAM = "```mermaid\nflowchart LR\n    source[Source] --> job[Job] --> table[Table]\n```"
CODE = "```sql\nSELECT 1\n```"
ATTACHED = "From my scratchpad:"


def draw(app: App, id: str, *, open_for_answers: bool) -> None:
    """Kept as it is typed, for this interview; nothing of it counts until it goes along with an answer."""
    key = state.scratchpad(id)
    if key not in st.session_state:
        st.session_state[key] = app.store.scratchpad(id, owner=app.owner)
    with st.expander("Scratchpad", icon=":material/edit_note:", expanded=bool(st.session_state[key])):
        st.text_area(
            "Notes, code, a diagram",
            key=key,
            height=160,
            placeholder="Only you see this until you send it along",
            on_change=_keep,
            args=(app, id),
            disabled=not open_for_answers,
        )
        if open_for_answers:
            with st.container(horizontal=True, gap="small"):
                _adding("Diagram", "account_tree", DIAGRAM, app, id)
                _adding("Code", "code", CODE, app, id)
        if st.session_state[key].strip():
            if open_for_answers:
                st.toggle("Send it along with my next answer", key=state.attach(id))
            if "```" in st.session_state[key]:
                st.caption("How it will look")
                fences.draw(st.session_state[key])


def with_answer(id: str, text: str) -> str:
    """The answer with what is on the scratchpad, if it shall go along. An empty answer stays empty."""
    noted = str(st.session_state.get(state.scratchpad(id), "")).strip()
    if not (noted and text.strip() and st.session_state.get(state.attach(id))):
        return text
    return f"{text.rstrip()}\n\n{ATTACHED}\n{noted}"


def sent(id: str) -> None:
    """Once it went along it stays on the pad, and does not go along again by itself."""
    if st.session_state.get(state.attach(id)):
        st.session_state[state.attach(id)] = False


def _adding(label: str, icon: str, block: str, app: App, id: str) -> None:
    st.button(label, icon=f":material/{icon}:", type="tertiary", on_click=_add, args=(app, id, block))


def _add(app: App, id: str, block: str) -> None:
    key = state.scratchpad(id)
    st.session_state[key] = "\n\n".join(filter(None, [str(st.session_state.get(key, "")).rstrip(), block]))
    _keep(app, id)


def _keep(app: App, id: str) -> None:
    text = str(st.session_state.get(state.scratchpad(id), ""))
    wiring.attempt(lambda: app.store.save_scratchpad(id, text, owner=app.owner))
