"""The grades of one interview side by side: who judged, what came out, and what changed since the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.assessment import Assessment, Signal
from interviewer.domain.carried import STATES, state_of


class Version(NamedTuple):
    """One grade, counting from 1. `made` says what made it out of the one before; "" for a grade of its own."""

    number: int
    at: datetime
    engine: str
    made: str
    score: int | None
    signal: Signal
    changes: tuple[str, ...]


def versions(grades: Sequence[Assessment]) -> tuple[Version, ...]:
    """All grades, oldest first."""
    return tuple(
        Version(
            number=number,
            at=grade.at,
            engine=grade.engine,
            made=_made(grade, before),
            score=grade.score,
            signal=grade.signal,
            changes=changes(before, grade) if before else (),
        )
        for number, (before, grade) in enumerate(zip([None, *grades], grades, strict=False), 1)
    )


def changes(before: Assessment, after: Assessment) -> tuple[str, ...]:
    """What another grade says differently, point by point; empty when it says the same."""
    told = []
    if before.score != after.score:
        told.append(f"Score {_score(before)} → {_score(after)}")
    if before.signal != after.signal:
        told.append(f"Signal {before.signal} → {after.signal}")
    old = {point.key_point: point for point in before.points}
    for number, point in enumerate(after.points, 1):
        was = old.get(point.key_point)
        if was and state_of(was) != state_of(point):
            told.append(f"Point {number}: {STATES[state_of(was)].word} → {STATES[state_of(point)].word}")
        elif was and was.credit != point.credit:
            told.append(f"Point {number}: credit {_credit(was.credit)} → {_credit(point.credit)}")
    return tuple(told)


def _made(grade: Assessment, before: Assessment | None) -> str:
    if before and len(grade.disputes) > len(before.disputes):
        return "after your dispute"
    if before and grade.points == before.points and grade.rewrite != before.rewrite:
        return "with the answer reworded"
    return ""


def _score(assessment: Assessment) -> str:
    return "–" if assessment.score is None else str(assessment.score)


def _credit(credit: float | None) -> str:
    return "–" if credit is None else f"{credit:.0%}"
