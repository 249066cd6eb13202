"""Which engine words the questions and grades, and how to connect one for this session."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from interviewer.bootstrap import COACH, App, Connection, ProbeReport, find_local_servers, host_of, own_connection
from interviewer.ui import people, state, wiring
from interviewer.ui.history_page import data_place
from interviewer.ui.text import escaped, one_line
from interviewer.ui.wiring import Pages

PRESETS = {
    "OpenAI": "",
    "Ollama": "http://localhost:11434/v1",
    "vLLM": "http://localhost:8000/v1",
    "llama.cpp": "http://localhost:8080/v1",
    "Other": "",
}
MODELS_SHOWN = 5
FOR_GOOD = """\
OPENAI_API_KEY=…
OPENAI_BASE_URL=http://localhost:11434/v1
INTERVIEWER_MODEL=…"""


class _Typed(NamedTuple):
    model: str
    address: str
    key: str
    judge: str


def show(app: App, pages: Pages) -> None:
    with wiring.column(760):
        st.title("Settings", anchor=False)
        _in_use(app)
        _own_model(app)
        if not app.shared:
            with st.expander("Set it for good", icon=":material/terminal:"):
                st.markdown("Put these into the environment, or into a file named `.env` where you start the app:")
                st.code(FOR_GOOD, language="bash")
        st.header("Your data", anchor=False)
        st.markdown(
            f"Interviews are kept in {one_line(data_place(app))}. "
            "Nothing is sent anywhere but to the model you connect."
        )
        st.page_link(pages.history, label="Delete interviews in the history", icon=":material/history:")
        people.sign_out(app)


def _in_use(app: App) -> None:
    st.header("Engine in use", anchor=False)
    used = wiring.connection(app)
    if used is None:
        st.markdown(
            "**Built-in coach.** It asks the authored questions and grades by words and an embedded model. "
            "It works offline and needs no key."
        )
    else:
        st.markdown(
            f"**{one_line(used.shown)}.** It words the follow-ups and judges the points. "
            "Fixed rules decide what is asked and add up the score."
        )
        if used.judge_model:
            grader = "the built-in coach" if used.judge_model == COACH else used.judge_model
            st.caption(f"Grades come from {one_line(grader)}.")
    with st.container(horizontal=True):
        if used is not None:
            st.button("Back to the built-in coach", on_click=state.choose_engine, args=(state.USE_COACH,))
        default = app.default_connection
        if default is not None and used is not default:
            st.button(f"Use {escaped(default.shown)}", on_click=state.choose_engine, args=(None,))


def _own_model(app: App) -> None:
    st.header("Connect a model", anchor=False)
    st.caption(
        "Any server that speaks the OpenAI protocol. It stays connected until you close this browser tab or reload it."
    )
    address = _listed_address(app) if app.shared else _typed_address(app)
    left, right = st.columns(2)
    left.text_input("Model", key=state.MODEL, max_chars=200, help="As the server calls it.")
    right.text_input(
        "Another model for grading",
        key=state.JUDGE,
        max_chars=200,
        placeholder="The same one",
        help="Type coach to let the built-in coach grade: small models grade badly.",
    )
    st.text_input(
        "Key",
        type="password",
        key=state.KEY,
        max_chars=400,
        help="A server on this machine usually needs none.",
        autocomplete="off",
    )
    st.caption("The key stays in the memory of this browser session. It is not stored, logged or put into the address.")
    typed = _Typed(
        st.session_state[state.MODEL],
        address,
        st.session_state[state.KEY],
        st.session_state[state.JUDGE],
    )
    with st.container(horizontal=True):
        st.button("Use it", type="primary", on_click=_use, args=(app, typed))
        tested = st.button("Test connection", icon=":material/network_check:")
    if tested:
        connection = _connection(app, typed)
        with st.spinner("Asking the model for a few words…"):
            _result(app.probe(connection))


def _typed_address(app: App) -> str:
    """The address of any server; empty for OpenAI's own."""
    _found(app)
    preset = st.radio("Server", list(PRESETS), index=0, horizontal=True, key=state.PRESET, on_change=_fill_address)
    if preset == "OpenAI":
        return ""
    st.text_input("Address", key=state.ADDRESS, placeholder="http://localhost:11434/v1", max_chars=300)
    return str(st.session_state.get(state.ADDRESS, ""))


def _listed_address(app: App) -> str:
    """One of the addresses that this server lets people use; empty for OpenAI's own."""
    names = {"": "OpenAI", **{address: host_of(address) for address in app.settings.allowed_base_urls}}
    chosen: str = st.radio(
        "Server",
        list(names),
        format_func=lambda address: one_line(names[address]),
        index=0,
        horizontal=True,
        key=state.PRESET,
    )
    return chosen


def _found(app: App) -> None:
    """Model servers that run on this machine, each one press away."""
    if not st.button("Look for a model on this machine", icon=":material/search:", type="tertiary"):
        return
    servers = find_local_servers()
    if not servers:
        st.caption("No model server answers on the usual ports (Ollama, LM Studio, llama.cpp, vLLM).")
    for server in servers:
        for name in server.models[:MODELS_SHOWN]:
            st.button(
                f"Use {escaped(name)} ({escaped(server.kind)})",
                key=f"found {server.base_url} {name}",
                on_click=_use,
                args=(
                    app,
                    _Typed(name, server.base_url, "", ""),
                ),
            )


def _fill_address() -> None:
    st.session_state[state.ADDRESS] = PRESETS[st.session_state[state.PRESET]]


def _connection(app: App, typed: _Typed) -> Connection:
    return own_connection(app.settings, typed.model, typed.address, typed.key, typed.judge)


def _use(app: App, typed: _Typed) -> None:
    wiring.attempt(lambda: state.choose_engine(_connection(app, typed)))


def _result(report: ProbeReport) -> None:
    st.markdown(f"**{one_line(report.message)}**")
    first = report.seconds_to_first_token
    rows = {
        "Answers": "Yes" if report.reachable and first is not None else "No",
        "First word after": "–" if first is None else f"{first:.1f} s",
        "Sends words as they come": "Yes" if report.streaming else "No",
        "Keeps to a given form": "Yes" if report.structured == "json_schema enforced" else "Only when checked",
        "Counts tokens": "Yes" if report.usage else "No, they are estimated",
    }
    if report.reachable and first is not None:
        st.table(rows, border="horizontal", hide_header=True)
