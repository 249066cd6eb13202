"""The points in a report: what carried, what was missing, and each with the candidate's own words."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from interviewer.domain.assessment import Assessment, Evidence, PointResult
from interviewer.domain.hints import HINT_PRICES
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Scenario
from interviewer.ui.text import one_line

Color = Literal["green", "orange", "gray", "red", "violet"]

VERDICTS: dict[str, tuple[str, str, Color]] = {
    "covered": ("Covered", ":material/check:", "green"),
    "partial": ("Partly", ":material/contrast:", "orange"),
    "missed": ("Missed", ":material/close:", "gray"),
    "contradicted": ("Contradicted", ":material/priority_high:", "red"),
    "ungraded": ("Not graded", ":material/question_mark:", "violet"),
}


def strongest(interview: Interview, assessment: Assessment) -> None:
    """At most two moments, in the candidate's own words."""
    st.header("What carried", anchor=False)
    if not assessment.strongest:
        st.markdown("No point was fully covered this time.")
        return
    for key_point in assessment.strongest:
        verdict = assessment.point(key_point).verdict
        if verdict is None:
            continue
        with st.container(gap="xsmall"):
            st.markdown(f"**{one_line(interview.scenario.key_point(key_point).text)}**")
            for evidence in verdict.evidence[:1]:
                quote(interview, evidence)


def gaps(scenario: Scenario, assessment: Assessment) -> None:
    """At most three: what was missing, why it matters here, a strong sentence, where it is written down."""
    if not assessment.gaps:
        return
    st.header("What was missing", anchor=False)
    for gap in assessment.gaps:
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{one_line(gap.missing)}**")
            if gap.why:
                st.markdown(f"Why it matters here: {one_line(gap.why)}")
            st.markdown(f"A strong answer says: *{one_line(gap.strong)}*")
            for source in gap.sources:
                st.markdown(f":small[{source_link(scenario, source)}]")


def quote(interview: Interview, evidence: Evidence) -> None:
    number = answer_number(interview, evidence.turn)
    st.markdown(f"“{one_line(evidence.text)}” :small[:gray[Your\u00a0answer\u00a0{number}]]")


def answer_number(interview: Interview, turn: int) -> int:
    """Which of the candidate's answers this turn is, counting from 1."""
    return sum(answer.seq <= turn for answer in interview.answers)


def source_link(scenario: Scenario, source: str) -> str:
    """The source as a link, with what the scenario says one finds there."""
    host = (urlsplit(source).hostname or source).removeprefix("www.")
    about = next((text.removeprefix(source).strip() for text in scenario.sources if text.startswith(source)), "")
    target = source.replace("<", "%3C").replace(">", "%3E")
    return f"[{one_line(host)}](<{target}>) {one_line(about)}"


def point(interview: Interview, result: PointResult) -> None:
    """One point: its verdict, what it was worth, and the candidate's own words for it."""
    kind = result.verdict.kind if result.verdict else "ungraded"
    label, icon, color = VERDICTS[kind]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.badge(label, icon=icon, color=color)
        st.caption(_worth(result), width="content")
    st.markdown(one_line(interview.scenario.key_point(result.key_point).text))
    if result.verdict is None:
        st.markdown(one_line(result.ungraded.reason if result.ungraded else "No verdict was given."))
        return
    for evidence in result.verdict.evidence:
        quote(interview, evidence)
    if not result.verdict.evidence or kind == "contradicted":
        st.caption(one_line(sentence(result.verdict.reason)))


def _worth(result: PointResult) -> str:
    parts = [f"Weight {result.weight}"]
    if result.credit is None:
        parts.append("left out of the score")
    else:
        parts.append(f"credit {result.credit:.0%}")
    if result.hint_level:
        parts.append(f"after hint {result.hint_level}, which keeps {HINT_PRICES[result.hint_level]:.0%}")
    return " · ".join(parts)


def sentence(reason: str) -> str:
    """The reason with a capital and a full stop."""
    text = reason.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?", "…")) else ".") if text else ""
