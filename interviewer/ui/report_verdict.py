"""The head of a report: figures, the rule behind the signal, how sure it is, and what would have changed it."""

from __future__ import annotations

import streamlit as st

from interviewer.bootstrap import RATINGS
from interviewer.domain.assessment import Assessment, Change, Confidence
from interviewer.domain.carried import answer_number
from interviewer.domain.interview import COACH, Interview
from interviewer.domain.scenario import Scenario
from interviewer.domain.signal import SIGNALS, approach
from interviewer.flows.ports import StoredInterview
from interviewer.ui import wiring
from interviewer.ui.text import escaped, one_line, shortened

ASIDES = ("context", "assume", "repeat", "withhold", "steer")
CONFIDENCE: dict[Confidence, str] = {
    "high": "High confidence: nearly every point was spoken to or asked about.",
    "medium": "Medium confidence: some points were neither said nor asked about.",
    "low": "Low confidence: many points were neither said nor asked about. Take the score as a rough estimate.",
}
NUMBERS = ("no", "one more point", "two more points", "three more points", "four more points", "five more points")


def metrics(interview: Interview, assessment: Assessment) -> None:
    covered = sum(p.verdict is not None and p.verdict.kind == "covered" for p in assessment.points)
    answered, asked = follow_ups(interview)
    with st.grid(4, min_column_width=150):
        score = "–" if assessment.score is None else f"{assessment.score} of 100"
        st.metric("Score", score, border=True, height="stretch")
        st.metric(f"Signal at {assessment.level} level", assessment.signal.capitalize(), border=True, height="stretch")
        st.metric("Points covered", f"{covered} of {len(assessment.points)}", border=True, height="stretch")
        st.metric("Follow-ups answered", f"{answered} of {asked}", border=True, height="stretch")


def follow_ups(interview: Interview) -> tuple[int, int]:
    """How many of the follow-up questions got an answer, and how many were asked. A question back is no answer."""
    asked = [turn for turn in interview.turns if turn.move and turn.move.probe]
    replies = {turn.seq: turn.move.kind for turn in interview.turns if turn.move}
    answers = [turn.seq for turn in interview.answers if replies.get(turn.seq + 1) not in ASIDES]
    return sum(any(seq > turn.seq for seq in answers) for turn in asked), len(asked)


def verdict(stored: StoredInterview, assessment: Assessment, *, hidden: bool) -> None:
    """The rule that gave the signal. `hidden` keeps the words of the points back: one is about to be tried again."""
    caution = stored.interview.scenario.caution
    if caution and caution != assessment.signal_reason:
        st.info(escaped(caution), icon=":material/edit_note:")
    with st.container(gap="xsmall"):
        st.markdown(one_line(assessment.signal_reason))
        if assessment.change:
            st.markdown(one_line(change_in_words(stored.interview.scenario, assessment.change, hidden=hidden)))
        if assessment.score is not None:
            st.caption(CONFIDENCE[assessment.confidence])
        if stored.self_rating:
            st.caption(self_rating_in_words(stored.self_rating, assessment))
        st.caption(f"Graded by the {_grader(assessment)}. Feedback for practice, not a hiring decision.")
    _approach(stored.interview, assessment)
    _red_flags(stored.interview, assessment)
    if assessment.practice_only:
        st.warning(
            "Practice only: a model of this size often credits what was not said. Grade again with the built-in coach "
            "or a larger model before you rely on it.",
            icon=":material/info:",
        )
    for warning in assessment.warnings:
        if not (hidden and _about_a_point(warning, stored.interview.scenario)):
            st.warning(escaped(_readable(warning, stored.interview.scenario)), icon=":material/info:")


def change_in_words(scenario: Scenario, change: Change, *, hidden: bool) -> str:
    """What would have changed the signal, as one sentence."""
    parts = []
    if change.points and hidden:
        count = (
            NUMBERS[len(change.points)] if len(change.points) < len(NUMBERS) else f"{len(change.points)} more points"
        )
        parts.append(f"{count} fully covered")
    elif change.points:
        parts.append(" and ".join(f"“{shortened(scenario.key_point(id).text, 90)}”" for id in change.points))
    if change.red_flags:
        parts.append("taking back the claim marked below")
    told = " and ".join(parts)
    return f"It would have been a {change.signal} with {told}."


def self_rating_in_words(rating: int, assessment: Assessment) -> str:
    """The candidate's own view beside the grade's, and the gap between them in steps of the same scale."""
    said = f"You thought it went: {RATINGS[rating].lower()}."
    if assessment.signal not in SIGNALS:
        return said
    gap = rating - (SIGNALS.index(assessment.signal) + 1)
    if not gap:
        return f"{said} The grade agrees."
    side = "higher" if gap > 0 else "lower"
    return f"{said} That is {wiring.counted(abs(gap), 'step')} {side} than the grade."


def _approach(interview: Interview, assessment: Assessment) -> None:
    """Whether they looked before they prescribed; only where there was something to look at."""
    if not interview.scenario.exhibits or assessment.score is None:
        return
    way = approach(interview, assessment.points)
    if way.is_blind:
        titles = ", ".join(exhibit.title.rstrip(".") for exhibit in interview.scenario.exhibits)
        st.caption(one_line(f"You prescribed without asking or looking. Ready on request were: {titles}."))
    elif way.looked:
        titles = ", ".join(exhibit.title.rstrip(".") for exhibit in interview.exhibits)
        first = "before you prescribed, which counts for the diagnosis" if way.before_the_solution else "afterwards"
        st.caption(one_line(f"You looked at {titles} {first}."))


def _red_flags(interview: Interview, assessment: Assessment) -> None:
    for flag in assessment.red_flags:
        number = answer_number(interview, flag.evidence.turn)
        kept = " You kept it up when it was challenged." if flag.defended else ""
        st.error(
            f"A claim that interviewers do not let pass, in answer {number}: “{one_line(flag.evidence.text)}”{kept} "
            "It holds the score at 59 and the solution at 2.",
            icon=":material/flag:",
        )


def _grader(assessment: Assessment) -> str:
    if assessment.engine.startswith(COACH):
        return one_line(wiring.engine_of_turn(assessment.engine)) + ", whose grades are estimates"
    return f"model {one_line(assessment.engine)}"


def _about_a_point(warning: str, scenario: Scenario) -> bool:
    return any(warning.startswith(f"{point.id}: ") for point in scenario.key_points)


def _readable(warning: str, scenario: Scenario) -> str:
    """The warning with the words of the point in place of its id."""
    for point in scenario.key_points:
        warning = warning.replace(f"{point.id}: ", f"“{point.text}” ")
    return warning
