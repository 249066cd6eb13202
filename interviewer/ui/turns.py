"""Draws what was said: each kind of turn so that it can be told from the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from interviewer.domain.budget import GOES_ON
from interviewer.domain.interview import COACH, Turn
from interviewer.domain.scenario import Scenario
from interviewer.ui import exhibits, fences
from interviewer.ui.text import authored, one_line, spoken

INTERVIEWER = ("Interviewer", ":material/psychology:")
CANDIDATE = ("user", ":material/person:")  # this name gives the message a background
SHOWN = 60

_FAULTS = {
    "timeout": "the model did not answer in time",
    "auth": "the model's server refused the key",
    "quota": "the model's account has no credit left",
    "busy": "the model was too busy",
    "not_found": "the model was not found",
    "unreachable": "the model could not be reached",
    "interrupted": "the model's reply broke off",
}


def draw(turns: Sequence[Turn], scenario: Scenario, one: Callable[[Turn], None] | None = None) -> None:
    """All turns in order; in a long interview the earlier ones are folded away, and drawn once they are asked for.

    `one` draws a single turn.
    """
    drawing = one or (lambda turn: draw_turn(turn, scenario))
    earlier, recent = turns[:-SHOWN], turns[-SHOWN:]
    if earlier:
        folded = st.expander(f"Show the first {len(earlier)} messages", key="earlier", on_change="rerun")
        with folded:
            for turn in earlier if folded.open else ():
                drawing(turn)
    for turn in recent:
        drawing(turn)


def draw_turn(turn: Turn, scenario: Scenario) -> None:
    name, avatar = CANDIDATE if turn.role == "candidate" else INTERVIEWER
    with st.chat_message(name, avatar=avatar):
        body(turn, scenario)


def body(turn: Turn, scenario: Scenario) -> None:
    kind = turn.move.kind if turn.move else None
    if turn.role == "candidate":
        fences.draw(turn.text)
        return
    if kind == "hint" and turn.move:
        st.badge(f"Hint {turn.move.hint_level}", icon=":material/lightbulb:", color="orange")
    if kind == "context":
        st.badge("From the brief", icon=":material/description:", color="gray")
    for exhibit in scenario.exhibits:
        if turn.move and turn.move.exhibit == exhibit.id:
            exhibits.draw(exhibit)
    if kind in ("open", "hint", "context"):
        st.markdown(authored(turn.text))
    else:
        st.text(spoken(turn.text))
    note = note_in_words(turn)
    if note:
        st.caption(note)


def note_in_words(turn: Turn) -> str:
    """Why the words are not the model's own, for a caption; "" when there is nothing to say."""
    if not turn.note:
        return ""
    if turn.note == "stopped":
        return "Asked as it was written: you stopped the model."
    if GOES_ON in turn.note:
        return one_line(turn.note.split("): ", 1)[-1])
    if turn.engine == COACH:
        fault = turn.note.split("(", 1)[-1].split(")", 1)[0] if turn.note.startswith("model failed") else ""
        why = _FAULTS.get(fault, "the model's reply could not be used")
        return f"Worded by the built-in coach: {why}."
    return one_line(turn.note)
