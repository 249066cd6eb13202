"""The six dimensions of a grade side by side: how high, how sure, and how high last time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from interviewer.domain import signal
from interviewer.domain.assessment import Assessment, Confidence, DimensionLevel, PointResult
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Dimension

LOWEST, HIGHEST = 1, 4
AXES_AT_LEAST = 3  # with fewer there is no shape to look at


class Standing(NamedTuple):
    """One dimension on the anchors 1 to 4.

    `low` and `high` are where it would stand if nothing, or everything, of what was left open had been said. `before`
    is the level of the last attempt; None without one. `confidence` is None where it does not rest on points.
    """

    name: Dimension
    level: float
    low: float
    high: float
    confidence: Confidence | None
    before: float | None = None

    @property
    def in_words(self) -> str:
        """Level, confidence and the last attempt, as one line without colour or shape."""
        parts = [f"{self.name.capitalize()} {self.level:.3g}"]
        if self.confidence:
            parts.append(f"{self.confidence} confidence")
        if self.high > self.level:
            parts.append(f"up to {self.high:.3g} if the open points had been said")
        if self.before is not None:
            parts.append(f"{self.before:.3g} last time")
        return ", ".join(parts)


def profile(interview: Interview, assessment: Assessment, before: Assessment | None = None) -> tuple[Standing, ...]:
    """The dimensions that there was something to judge by, in their fixed order. `interview` is as it was graded."""
    tested = signal.put_to_the_test(interview, assessment.points)
    lows = _levels(interview, assessment, lambda point: 0.0 if point.credit is None else point.credit)
    highs = _levels(interview, assessment, lambda point: _at_best(point, point.key_point in tested))
    last = {item.name: item.level for item in before.dimensions} if before else {}
    return tuple(
        Standing(
            name=item.name,
            level=item.level,
            low=min(item.level, lows.get(item.name) or item.level),
            high=max(item.level, highs.get(item.name) or item.level),
            confidence=None if item.name == "communication" else item.confidence,
            before=last.get(item.name),
        )
        for item in assessment.dimensions
        if item.level is not None
    )


def shapes(standings: Sequence[Standing]) -> tuple[tuple[float, ...], tuple[float, ...] | None] | None:
    """This attempt and the last one on the same axes; no last one where it lacks an axis. None with too few axes."""
    if len(standings) < AXES_AT_LEAST:
        return None
    before = tuple(item.before for item in standings if item.before is not None)
    return tuple(item.level for item in standings), before if len(before) == len(standings) else None


def unknown(assessment: Assessment) -> tuple[str, ...]:
    """The dimensions without anything to judge them by."""
    return tuple(item.name for item in assessment.dimensions if item.level is None)


def _at_best(point: PointResult, was_tested: bool) -> float:
    return point.credit if was_tested and point.credit is not None else 1.0


def _levels(
    interview: Interview, assessment: Assessment, credit: Callable[[PointResult], float]
) -> dict[Dimension, float | None]:
    points = [point.model_copy(update={"credit": credit(point)}) for point in assessment.points]
    found: tuple[DimensionLevel, ...] = signal.dimensions(
        interview.scenario,
        points,
        assessment.star,
        assessment.level,
        red_flags=assessment.red_flags,
        looked_first=signal.approach(interview, assessment.points).before_the_solution,
    )
    return {item.name: item.level for item in found}
