"""The points in a report: what carried, what was missing, and each with the candidate's own words."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote as quote_url
from urllib.parse import urlsplit

import streamlit as st

from interviewer.domain.assessment import Assessment, Evidence
from interviewer.domain.carried import STATES, PointState, Row, answer_number
from interviewer.domain.hints import HINT_PRICES
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Scenario
from interviewer.ui.text import one_line, shortened

Color = Literal["green", "orange", "gray", "red", "violet", "blue"]

LABEL_CHARACTERS = 110
LOOKS: dict[PointState, tuple[str, Color]] = {
    "covered": (":material/check:", "green"),
    "hinted": (":material/lightbulb:", "blue"),
    "partial": (":material/contrast:", "orange"),
    "missed": (":material/close:", "gray"),
    "contradicted": (":material/priority_high:", "red"),
    "unsure": (":material/question_mark:", "violet"),
    "ungraded": (":material/remove:", "violet"),
}


def look(state: PointState) -> tuple[str, str, Color]:
    """How a point that stands so is shown: a word, an icon and a colour."""
    icon, color = LOOKS[state]
    return STATES[state].word, icon, color


def strongest(interview: Interview, assessment: Assessment, *, linked: bool) -> None:
    """At most two moments, in the candidate's own words; `linked` where the transcript is on the page."""
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
                quote(interview, evidence, linked=linked)


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


def quote(interview: Interview, evidence: Evidence, *, linked: bool = True) -> None:
    """The candidate's words and the answer they stand in; `linked` where the transcript is on the page."""
    st.markdown(f"“{one_line(evidence.text)}” :small[{answer_link(interview, evidence.turn, linked=linked)}]")


def answer_link(interview: Interview, turn: int, *, linked: bool = True) -> str:
    """ "Your answer 3", as a link into the transcript."""
    number = answer_number(interview, turn)
    name = f"Your\u00a0answer\u00a0{number}"
    return f"[{name}](#{anchor(number)})" if linked else f":gray[{name}]"


def anchor(number: int) -> str:
    """The place of this answer in the transcript, counting from 1."""
    return f"answer-{number}"


def source_link(scenario: Scenario, source: str) -> str:
    """The source as a link, with what the scenario says one finds there."""
    if not source.startswith(("https://", "http://")):
        return one_line(source)
    host = (urlsplit(source).hostname or source).removeprefix("www.")
    about = next((text.removeprefix(source).strip() for text in scenario.sources if text.startswith(source)), "")
    target = quote_url(source, safe=":/?#[]@!$&'()*+,;=%~")
    return f"[{one_line(host)}](<{target}>) {one_line(about)}"


def badge(row: Row) -> str:
    """The state as a symbol with a word, for Markdown."""
    icon, color = LOOKS[row.state]
    return f":{color}-badge[{icon} {row.words}]"


def line(row: Row) -> str:
    """One row of the map: state, weight and the beginning of the point."""
    return (
        f"{badge(row)} :gray[{row.number} · weight {row.result.weight}] "
        f"{one_line(shortened(row.point.text, LABEL_CHARACTERS))}"
    )


def detail(interview: Interview, row: Row) -> None:
    """One point: what it was worth, and the candidate's own words for it."""
    st.markdown(f"**{one_line(row.point.text)}**")
    st.caption(_worth(row))
    verdict = row.result.verdict
    if verdict is None:
        st.markdown(one_line(row.result.ungraded.reason if row.result.ungraded else "No verdict was given."))
        return
    for evidence in verdict.evidence:
        quote(interview, evidence)
    if not verdict.evidence or verdict.kind == "contradicted":
        st.caption(one_line(sentence(verdict.reason)))


def _worth(row: Row) -> str:
    result = row.result
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
