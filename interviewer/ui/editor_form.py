"""The question and the answer of a scenario that is written."""

from __future__ import annotations

import streamlit as st

from interviewer.domain import tags
from interviewer.domain.manuscript import KEY, Values
from interviewer.domain.scenario import Difficulty, Level
from interviewer.ui import editor_fields as fields
from interviewer.ui.editor_fields import Form
from interviewer.ui.text import visible

TITLE_CHARACTERS, QUESTION_CHARACTERS, REFERENCE_CHARACTERS = 120, 6_000, 20_000
LEVELS: tuple[Level, ...] = ("mid", "senior", "staff")
DIFFICULTIES: dict[Difficulty, str] = {"easy": "Easy", "medium": "Medium", "hard": "Hard"}
STAR = {
    "situation": "Where it was, how large, and what went wrong.",
    "task": "What had to be reached, and by when.",
    "action": "What was done, step by step.",
    "result": "What came of it, in numbers.",
}


def question(form: Form) -> None:
    fields.text(form, "Title", ("title",), max_chars=TITLE_CHARACTERS)
    fields.area(
        form,
        "Question",
        ("question",),
        height=200,
        max_chars=QUESTION_CHARACTERS,
        help="What the interviewer says first: the situation with numbers, and one question. At most 180 words.",
    )
    left, right = st.columns(2)
    with left:
        fields.choice(form, "Difficulty", ("difficulty",), DIFFICULTIES, otherwise="medium")
    with right:
        fields.number(form, "Minutes", ("time_minutes",), min_value=1, max_value=120)
    fields.several(form, "Levels", ("level",), LEVELS, str.capitalize, help="For whom it is asked.")
    fields.several(
        form,
        "Topics",
        ("topics",),
        sorted({*tags.TOPICS, *form.app.catalogue.topics}),
        lambda tag: visible(tags.in_words(tag)),
        accept_new_options=True,
        placeholder="What it is about; add your own",
    )
    fields.several(
        form,
        "Technologies",
        ("technologies",),
        sorted({*tags.TECHNOLOGIES, *form.app.catalogue.technologies}, key=str.casefold),
        accept_new_options=True,
        placeholder="None in particular",
    )
    with st.expander("Answers when the candidate asks back", icon=":material/help:"):
        st.caption("Facts that you give only when somebody asks for them.")
        for place, entry in enumerate(form.entries("context")):
            with st.container(border=True, gap="small"):
                fields.entry_head(form, "context", entry, place, "Fact")
                fields.text(form, "They ask", ("context", entry[KEY], "question"))
                fields.text(form, "You answer", ("context", entry[KEY], "answer"))
        fields.add_button(form, "Add a fact", "context", _new_fact)


def answer(form: Form) -> None:
    fields.area(
        form,
        "Reference answer",
        ("reference",),
        height=320,
        max_chars=REFERENCE_CHARACTERS,
        help="How you would answer, in spoken sentences, about three minutes, with every key point in it. It is shown "
        "after the interview only.",
    )
    fields.lines(
        form,
        "Sources",
        ("sources",),
        placeholder="https://… what it says (checked 2026-11-23)",
        help="Where somebody can check what you claim. One on each line.",
    )
    with st.expander("The answer as a story (STAR)", icon=":material/auto_stories:"):
        st.caption("What a good answer holds when it is told as a case from one's own work.")
        fields.messages(form.problems(("star",)))
        for name, hint in STAR.items():
            fields.area(form, name.capitalize(), ("star", name), height=80, placeholder=hint)
        fields.text(
            form, "Question in Story mode", ("story",), placeholder="Tell me about a time when a job got slower…"
        )


def _new_fact(values: Values) -> Values:
    return {"question": "", "answer": ""}
