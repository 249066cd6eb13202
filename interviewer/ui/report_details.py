"""The further parts of a report: dimensions, STAR, the transcript with its evidence, and the reference answer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from interviewer.bootstrap import App
from interviewer.domain.assessment import Assessment, DimensionLevel, Presence, StarElement, VerdictKind
from interviewer.domain.interview import COACH, Interview, Turn
from interviewer.domain.rewriting import MISSING_PART
from interviewer.domain.words import sentences
from interviewer.ui import state, turns, wiring
from interviewer.ui.report_points import Color, answer_number, sentence
from interviewer.ui.text import authored, escaped, one_line, shortened

STAR_BADGES: dict[Presence, tuple[str, Color]] = {
    "present": ("Present", "green"),
    "thin": ("Thin", "orange"),
    "missing": ("Missing", "gray"),
}
_SHADES: dict[VerdictKind, str] = {"covered": "green", "partial": "orange", "contradicted": "red"}
_VERBS: dict[VerdictKind, str] = {"covered": "Covers", "partial": "Touches", "contradicted": "Contradicts"}
_KINDS = {
    "clarify": "to make it concrete",
    "deepen": "for the mechanism behind it",
    "challenge": "to test an assumption",
    "failure-mode": "for what happens when it fails",
    "trade-off": "for the alternative and its cost",
    "quantify": "for a number",
    "generalise": "for what changes elsewhere",
    "experience": "for your own experience",
}


def dimensions(assessment: Assessment) -> None:
    """Bars on the anchors 1 to 4. A dimension without evidence says so instead of standing at zero."""
    st.header("By dimension", anchor=False)
    known = [item for item in assessment.dimensions if item.level is not None]
    if not known:
        st.markdown("There was not enough evidence for any dimension.")
        return
    values: list[dict[str, Any]] = [
        {"dimension": f"{item.name.capitalize()}: {item.level:.3g}{_doubt(item)}", "level": item.level}
        for item in known
    ]
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": {"step": 34},
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": 14},
            "encoding": {
                "y": {
                    "field": "dimension",
                    "type": "nominal",
                    "sort": None,
                    "axis": {"title": None, "ticks": False, "domain": False, "labelLimit": 260, "labelFontSize": 14},
                },
                "x": {
                    "field": "level",
                    "type": "quantitative",
                    "scale": {"domain": [0, 4]},
                    "axis": {"title": None, "values": [1, 2, 3, 4], "format": "d", "labelFontSize": 13},
                },
            },
        },
        alt="Levels from 1 to 4. " + ", ".join(str(value["dimension"]) for value in values) + ".",
    )
    blank = [item.name for item in assessment.dimensions if item.level is None]
    st.caption(
        "From 1 to 4; 3 is solid for the level. "
        + (f"Nothing in this interview to judge {', '.join(blank)} by." if blank else "")
    )


def _doubt(item: DimensionLevel) -> str:
    return " (little tested)" if item.confidence == "low" and item.name != "communication" else ""


def star(assessment: Assessment) -> None:
    if assessment.star is None:
        return
    st.header("How the answer was built", anchor=False)
    parts: dict[str, StarElement] = {
        "Situation": assessment.star.situation,
        "Task": assessment.star.task,
        "Action": assessment.star.action,
        "Result": assessment.star.result,
    }
    grid = st.grid(2, min_column_width=280)
    for name, element in parts.items():
        with grid.container(border=True, height="stretch", gap="xsmall"):
            label, color = STAR_BADGES[element.status]
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(f"**{name}**", width="content")
                st.badge(label, color=color)
            if element.quote:
                st.markdown(f"“{one_line(shortened(element.quote, 260))}”")
            if element.note:
                st.caption(one_line(element.note))
    st.caption("The shape counts a little towards communication. A good shape never makes up for missing content.")


def rewrite(app: App, id: str, version: int, assessment: Assessment) -> None:
    """The answer in STAR order, in the candidate's words, with marks where something is missing."""
    text = assessment.rewrite
    if text is None:
        return
    with st.expander("Your answer in this order", icon=":material/format_list_numbered:"):
        st.caption("Only what you said yourself. Where something is missing, it says so; fill it with your own facts.")
        for name in ("situation", "task", "action", "result"):
            st.markdown(f"**{name.capitalize()}**  \n{_with_marks(getattr(text, name))}")
        if text.note:
            st.caption(one_line(text.note))
        model = wiring.model(app)
        if model is not None and text.engine == COACH:
            st.button(
                f"Have {escaped(model.name)} smooth the wording",
                icon=":material/edit_note:",
                help="What it adds to your words is found and left out.",
                on_click=_reword,
                args=(app, id, version),
            )


def _reword(app: App, id: str, version: int) -> None:
    model = wiring.model(app)
    if model is not None:
        st.session_state.pop(state.GRADE_VERSION, None)
        wiring.attempt(lambda: app.worker.reword(id, version, owner=app.owner, model=model))


def _with_marks(text: str) -> str:
    parts: list[str] = []
    done = 0
    for match in MISSING_PART.finditer(text):
        parts += [one_line(text[done : match.start()]), f":orange-background[{one_line(match.group())}]"]
        done = match.end()
    return " ".join(part for part in (*parts, one_line(text[done:])) if part)


def transcript(interview: Interview, assessment: Assessment) -> None:
    """Everything said, with the sentences that counted marked and what each follow-up was after."""
    with st.expander("Transcript", icon=":material/forum:"):
        st.caption("Marked sentences are the evidence of the grade.")
        turns.draw(interview.turns, interview.scenario, lambda turn: _turn(interview, assessment, turn))


def reference(interview: Interview) -> None:
    """The answers beside the reference answer. Only for an interview that has ended."""
    if not interview.is_finished or not interview.scenario.reference:
        return
    with st.expander("Compare with the reference answer", icon=":material/compare:"):
        yours, theirs = st.columns(2, gap="large")
        with yours:
            st.subheader("Your answers", anchor=False)
            for answer in interview.answers:
                st.markdown(escaped(answer.text))
        with theirs:
            st.subheader("Reference", anchor=False)
            st.markdown(authored(interview.scenario.reference))


def _turn(interview: Interview, assessment: Assessment, turn: Turn) -> None:
    name, avatar = turns.CANDIDATE if turn.role == "candidate" else turns.INTERVIEWER
    with st.chat_message(name, avatar=avatar):
        if turn.role == "candidate":
            st.caption(f"Answer {answer_number(interview, turn.seq)}")
            _marked(interview, assessment, turn)
            return
        turns.body(turn, interview.scenario)
        if turn.move and turn.move.probe:
            after = f", {_KINDS[turn.move.type]}" if turn.move.type else ""
            st.caption(one_line(f"Asked{after}: {turn.move.reason}."))


def _marked(interview: Interview, assessment: Assessment, turn: Turn) -> None:
    """The answer with its evidence marked, and under it what each mark is evidence for, in words."""
    found: dict[int, VerdictKind] = {}
    notes: list[str] = []
    for result in assessment.points:
        verdict = result.verdict
        here = [evidence for evidence in verdict.evidence if evidence.turn == turn.seq] if verdict else []
        if verdict is None or not here:
            continue
        found.update({evidence.sentence: verdict.kind for evidence in here})
        point = shortened(interview.scenario.key_point(result.key_point).text, 110)
        notes.append(one_line(f"{_VERBS[verdict.kind]}: {sentence(point)}"))
    numbers = [s.number for s in interview.sentences() if s.turn == turn.seq]
    parts: list[str] = []
    done = 0
    for number, span in zip(numbers, sentences(turn.text), strict=True):
        parts.append(_between(turn.text[done : span.start]))
        text = one_line(span.text)
        parts.append(f":{_SHADES[found[number]]}-background[{text}]" if number in found else text)
        done = span.end
    parts.append(_between(turn.text[done:]))
    st.markdown("".join(parts))
    for note in notes:
        st.caption(note)


def _between(gap: str) -> str:
    """What stands between two sentences (marks of lists and headings, spaces, line breaks), as it was typed."""
    return "  \n".join(_spaced(line) for line in gap.split("\n"))


def _spaced(line: str) -> str:
    if not line.strip():
        return line[:1]
    return f"{' ' * line[0].isspace()}{one_line(line)}{' ' * line[-1].isspace()}"
