"""How it goes over time: by dimension, by topic, by key point, and one's own judgement beside the grade's.

Single interviews are noisy (R16): a direction is named from three on, and nobody is compared with anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Literal, NamedTuple

from interviewer.domain.assessment import Retry, VerdictKind
from interviewer.domain.plan import share_earned
from interviewer.domain.practice import Drill, Graded
from interviewer.domain.scenario import Dimension, Scenario
from interviewer.domain.signal import DIMENSIONS, SIGNALS

TREND_AT_LEAST = 3
AGREEING = 0.5  # how many more pairs of interviews must go one way than the other, as a share of all pairs

Direction = Literal["up", "down", "steady", "unclear"]
Seen = VerdictKind | Literal["ungraded"]


class Measured(NamedTuple):
    """A value at a time."""

    at: datetime
    value: float


class TopicLine(NamedTuple):
    """The shares earned (0 to 1) in the interviews on one topic, oldest first."""

    topic: str
    shares: tuple[Measured, ...]


class PointLine(NamedTuple):
    """What was found about one key point in each attempt at its scenario, oldest first; None where it did not count.

    `since` is the newest verdict of a try or a drill after the last attempt; None without one.
    """

    key_point: str
    text: str
    attempts: tuple[Seen | None, ...]
    since: Seen | None = None


class Noted(NamedTuple):
    """A verdict on a key point at a time, found in an interview or by itself afterwards."""

    at: datetime
    seen: Seen
    in_interview: bool


class OwnView(NamedTuple):
    """One's own rating of an interview (1 to 4) beside the grade's on the same scale."""

    at: datetime
    title: str
    own: int
    grade: int

    @property
    def gap(self) -> int:
        """Above 0: rated higher than graded."""
        return self.own - self.grade


def scores(history: Iterable[Graded]) -> tuple[Measured, ...]:
    """The scores, 0 to 100, oldest first; interviews without one are left out."""
    return _in_time(Measured(one.at, one.assessment.score) for one in history if one.assessment.score is not None)


def dimensions(history: Iterable[Graded]) -> dict[Dimension, tuple[Measured, ...]]:
    """The levels, 1 to 4, of each dimension, oldest first. A dimension that was never judged is empty."""
    found: dict[Dimension, list[Measured]] = {name: [] for name in DIMENSIONS}
    for interview in history:
        for item in interview.assessment.dimensions:
            if item.level is not None:
                found[item.name].append(Measured(interview.at, item.level))
    return {name: _in_time(values) for name, values in found.items()}


def topics(history: Iterable[Graded], scenarios: Mapping[str, Scenario]) -> tuple[TopicLine, ...]:
    """The topics that were practised, the weakest first. Scenarios that are gone have none."""
    found: dict[str, list[Measured]] = {}
    for interview in history:
        scenario, share = scenarios.get(interview.scenario), share_earned(interview)
        for topic in scenario.topics if scenario and share is not None else ():
            found.setdefault(topic, []).append(Measured(interview.at, share or 0.0))
    lines = [TopicLine(topic, _in_time(shares)) for topic, shares in found.items()]
    return tuple(sorted(lines, key=lambda line: (_mean(line.shares), line.topic)))


def points(scenario: Scenario, history: Iterable[Graded], drills: Iterable[Drill]) -> tuple[PointLine, ...]:
    """The key points of this scenario, attempt by attempt. Stories about it are left out."""
    attempts = sorted(
        (one for one in history if one.scenario == scenario.id and one.mode != "story"), key=lambda one: one.at
    )
    last = attempts[-1].at if attempts else None
    own = [drill for drill in drills if drill.scenario == scenario.id]
    since: dict[str, Seen] = {}
    for point in scenario.key_points:
        for noted in trail(point.id, attempts, own):
            if not noted.in_interview and (last is None or noted.at >= last):
                since[point.id] = noted.seen
    return tuple(
        PointLine(
            point.id,
            point.text,
            tuple(_seen(attempt, point.id) for attempt in attempts),
            since.get(point.id),
        )
        for point in scenario.key_points
    )


def trail(key_point: str, history: Iterable[Graded], drills: Iterable[Drill]) -> tuple[Noted, ...]:
    """Every verdict on this key point, oldest first: in interviews, tries and drills. Stories are left out."""
    noted: list[Noted] = []
    for interview in history:
        seen = _seen(interview, key_point) if interview.mode != "story" else None
        if seen is not None:
            noted.append(Noted(interview.at, seen, True))
        noted += [_noted(one) for one in interview.tries if one.key_point == key_point and one.answer]
    noted += [_noted(one) for one in drills if one.key_point == key_point and one.is_judged]
    return tuple(sorted(noted, key=lambda one: one.at))


def _noted(one: Retry | Drill) -> Noted:
    return Noted(one.at, one.verdict.kind if one.verdict else "ungraded", False)


def own_views(history: Iterable[Graded]) -> tuple[OwnView, ...]:
    """The interviews that the person rated before they saw a grade with a signal, oldest first."""
    return tuple(
        OwnView(one.at, one.title, one.self_rating, SIGNALS.index(one.assessment.signal) + 1)
        for one in sorted(history, key=lambda one: one.at)
        if one.self_rating is not None and one.assessment.signal in SIGNALS
    )


def direction(values: Sequence[Measured]) -> Direction | None:
    """Where it goes, by Kendall's rank correlation with time; None with fewer than three values.

    A single good or bad interview does not make a direction: most pairs of an earlier and a later one must agree.
    Steady is what has the same value in most pairs.
    """
    if len(values) < TREND_AT_LEAST:
        return None
    pairs = list(combinations((one.value for one in values), 2))
    agreeing = sum((later > earlier) - (later < earlier) for earlier, later in pairs) / len(pairs)
    same = sum(later == earlier for earlier, later in pairs) / len(pairs)
    if abs(agreeing) < AGREEING:
        return "steady" if same > AGREEING else "unclear"
    return "up" if agreeing > 0 else "down"


def _seen(attempt: Graded, key_point: str) -> Seen | None:
    for point in attempt.assessment.points:
        if point.key_point == key_point:
            return point.verdict.kind if point.verdict else "ungraded"
    return None


def _mean(values: Sequence[Measured]) -> float:
    return sum(one.value for one in values) / len(values)


def _in_time(values: Iterable[Measured]) -> tuple[Measured, ...]:
    return tuple(sorted(values, key=lambda one: one.at))
