"""What a person has done so far: graded interviews with the tries that followed, and drills on single points."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from interviewer.domain.assessment import Assessment, Retry, Ungraded, Verdict
from interviewer.domain.interview import Mode, _Value
from interviewer.domain.record import Grade
from interviewer.domain.scenario import Level
from interviewer.domain.scoring import WORTH


class Graded(NamedTuple):
    """A graded interview. `assessment` is its newest grade, `at` the time of its first one.

    `tries` are the points asked again right after the grade; `self_rating` is what the person thought of it, 1 to 4.
    """

    id: str
    scenario: str
    title: str
    mode: Mode
    level: Level
    at: datetime
    assessment: Assessment
    tries: tuple[Retry, ...] = ()
    self_rating: int | None = None

    @property
    def grade(self) -> Grade:
        """What its newest grade comes to."""
        newest = self.assessment
        credits = {point.key_point: point.credit for point in newest.points if point.credit is not None}
        return Grade(self.id, self.scenario, self.mode, newest.score, newest.signal, credits, newest.at)


class Drill(_Value):
    """One key point asked by itself and answered from memory. `key` is unique for its owner.

    Without a verdict and without a reason why there is none, the answer is kept and has not been judged yet.
    """

    key: str
    scenario: str
    key_point: str
    question: str
    answer: str
    verdict: Verdict | None = None
    ungraded: Ungraded | None = None
    engine: str = ""
    at: datetime

    @property
    def is_judged(self) -> bool:
        return self.verdict is not None or self.ungraded is not None

    @property
    def credit(self) -> float | None:
        """0 to 1; None when it was not graded."""
        return None if self.verdict is None else WORTH[self.verdict.kind]
