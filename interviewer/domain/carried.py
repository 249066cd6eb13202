"""Which answer carried which key point: the map of the points, and the table of points by answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from interviewer.domain.assessment import NOT_SURE, Assessment, PointResult
from interviewer.domain.interview import Interview, Turn
from interviewer.domain.moves import ASIDES
from interviewer.domain.scenario import KeyPoint

PointState = Literal["covered", "hinted", "partial", "missed", "contradicted", "unsure", "ungraded"]
Mark = Literal["carried", "partly", "against", "asked"]


class Sign(NamedTuple):
    """How something is shown without colour: a word and a symbol."""

    word: str
    symbol: str


STATES: dict[PointState, Sign] = {
    "covered": Sign("Covered", "✓"),
    "hinted": Sign("Hinted", "☼"),
    "partial": Sign("Partly", "◐"),
    "missed": Sign("Missed", "✕"),
    "contradicted": Sign("Contradicted", "!"),
    "unsure": Sign("Not sure", "?"),
    "ungraded": Sign("Not graded", "–"),
}
MARKS: dict[Mark, Sign] = {
    "carried": Sign("carried it", "✓"),
    "partly": Sign("touched it", "◐"),
    "against": Sign("spoke against it", "!"),
    "asked": Sign("was asked for it and did not say it", "○"),
}


class Row(NamedTuple):
    """One key point: its number in the report, counting from 1, its state, and a mark for every answer or None."""

    number: int
    point: KeyPoint
    result: PointResult
    state: PointState
    marks: tuple[Mark | None, ...]

    @property
    def words(self) -> str:
        """The state in words, with the hint that helped."""
        if self.state != "hinted":
            return STATES[self.state].word
        partly = self.result.verdict is not None and self.result.verdict.kind == "partial"
        return f"{STATES['partial' if partly else 'covered'].word} after hint {self.result.hint_level}"


def rows(interview: Interview, assessment: Assessment) -> tuple[Row, ...]:
    """The points in the order of the scenario. `interview` is as it was graded."""
    return tuple(
        Row(
            number=number,
            point=interview.scenario.key_point(result.key_point),
            result=result,
            state=state_of(result),
            marks=tuple(_mark(interview, result, answer) for answer in interview.answers),
        )
        for number, result in enumerate(assessment.points, 1)
    )


def state_of(result: PointResult) -> PointState:
    """The state of a point in one word: what was credited only after a hint is a state of its own."""
    if result.verdict is None:
        return "unsure" if result.ungraded and result.ungraded.reason == NOT_SURE else "ungraded"
    if result.hint_level and result.verdict.kind in ("covered", "partial"):
        return "hinted"
    return result.verdict.kind


def answer_number(interview: Interview, turn: int) -> int:
    """Which of the candidate's answers this turn is, counting from 1."""
    return sum(answer.seq <= turn for answer in interview.answers)


def answer_to(interview: Interview, question: int) -> Turn | None:
    """The answer to what was asked in this turn; a question back, or a wish to see something, is none."""
    replies = {turn.seq - 1: turn.move.kind for turn in interview.turns if turn.move}
    later = [answer for answer in interview.answers if answer.seq > question]
    return next((answer for answer in later if replies.get(answer.seq) not in (*ASIDES, "exhibit")), None)


def numbered(numbers: Sequence[int]) -> str:
    """ "point 2", "points 1 and 3", "points 1, 2 and 4"."""
    if len(numbers) == 1:
        return f"point {numbers[0]}"
    return f"points {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _mark(interview: Interview, result: PointResult, answer: Turn) -> Mark | None:
    verdict = result.verdict
    if verdict and any(evidence.turn == answer.seq for evidence in verdict.evidence):
        if verdict.kind == "contradicted":
            return "against"
        return "partly" if verdict.kind == "partial" else "carried"
    return "asked" if _was_asked(interview, result.key_point, answer) else None


def _was_asked(interview: Interview, key_point: str, answer: Turn) -> bool:
    return any(
        turn.move and turn.move.probe and turn.move.target == key_point and answer_to(interview, turn.seq) == answer
        for turn in interview.turns
    )
