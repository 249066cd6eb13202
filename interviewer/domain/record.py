"""What somebody has done so far with each scenario: how often, how well, and which points are still weak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.assessment import Signal
from interviewer.domain.interview import Mode

WEAK_BELOW = 0.7  # credit of a key point: less is asked again soon (R21)
SIGNAL_STEPS: tuple[Signal, ...] = ("not enough evidence", "strong no", "no", "yes", "strong yes")


class Grade(NamedTuple):
    """What the newest grade of an interview comes to. `credits` are 0 to 1 by key point, without the ungraded ones."""

    interview: str
    scenario: str
    mode: Mode
    score: int | None
    signal: Signal
    credits: Mapping[str, float]
    at: datetime


class Record(NamedTuple):
    """All grades on one scenario. `credits` has the newest credit of every key point that was ever graded."""

    times: int
    best: Signal
    last: Grade
    credits: Mapping[str, float]

    @property
    def weak(self) -> tuple[str, ...]:
        """The key points that carried too little when they were graded last."""
        return tuple(point for point, credit in self.credits.items() if credit < WEAK_BELOW)


def records(grades: Iterable[Grade]) -> dict[str, Record]:
    """By scenario. A behavioural round is about somebody's own case, so it says nothing of the scenario."""
    found: dict[str, Record] = {}
    for grade in sorted(grades, key=lambda each: each.at):
        if grade.mode == "story":
            continue
        before = found.get(grade.scenario)
        if before is None:
            found[grade.scenario] = Record(1, grade.signal, grade, dict(grade.credits))
        else:
            best = max(before.best, grade.signal, key=SIGNAL_STEPS.index)
            found[grade.scenario] = Record(before.times + 1, best, grade, {**before.credits, **grade.credits})
    return found
