"""A plan of study up to the day of an interview: easy, then medium, then hard, with reviews and speaking aloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple

from pydantic import Field

from interviewer.domain.interview import _Value
from interviewer.domain.practice import Graded
from interviewer.domain.scenario import Difficulty, Scenario

DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
MINUTES_A_DAY = (20, 40, 60, 90)
DRILL_MINUTES = 2
ALOUD_MINUTES = 5
AGAIN_AFTER_DAYS = 3  # a scenario is not asked again before the answers of the last time have faded
ALOUD_EVERY_DAYS = 3
REVIEWS_AT_MOST = 0.5  # share of a day's minutes; what does not fit waits for the next day
WELL: tuple[str, ...] = ("yes", "strong yes")

TaskKind = Literal["reviews", "new", "again", "aloud", "rest", "done"]


class Plan(_Value):
    """What a person wants to be ready for: the day of the interview and the minutes a day that they have.

    `made_at` is when the plan began; the days since then are part of it.
    """

    interview_on: date
    minutes: int = Field(default=40, ge=10, le=240)
    made_at: datetime


class Task(NamedTuple):
    """One thing to do on a day. `reason` says why now; a scenario is named by its id ("" for none)."""

    kind: TaskKind
    minutes: int
    title: str
    reason: str
    scenario: str = ""


class Day(NamedTuple):
    """A day of the plan. `phase` is the difficulty it belongs to, or "last" for the day before the interview."""

    on: date
    phase: Difficulty | Literal["last"]
    tasks: tuple[Task, ...]


class Phase(NamedTuple):
    """A stretch of the plan, both days included."""

    difficulty: Difficulty
    first: date
    last: date


def phases(first: date, interview_on: date, scenarios: Iterable[Scenario]) -> tuple[Phase, ...]:
    """The days before the last one in equal parts: easy, medium, hard, as far as there are scenarios of each."""
    there = {scenario.difficulty for scenario in scenarios}
    wanted = [difficulty for difficulty in DIFFICULTIES if difficulty in there]
    days = (interview_on - first).days - 1
    # With fewer days than difficulties the hard ones are what is left to do.
    wanted = wanted[-days:] if 0 < days < len(wanted) else wanted
    if days <= 0 or not wanted:
        return ()
    cuts = [round(number * days / len(wanted)) for number in range(len(wanted) + 1)]
    return tuple(
        Phase(difficulty, first + timedelta(days=cuts[number]), first + timedelta(days=cuts[number + 1] - 1))
        for number, difficulty in enumerate(wanted)
    )


def schedule(
    plan: Plan,
    today: date,
    zone: tzinfo,
    scenarios: Sequence[Scenario],
    history: Sequence[Graded],
    due: Mapping[date, int],
) -> tuple[Day, ...]:
    """Every day from today to the one before the interview, in this time zone; `due` counts the reviews of each day.

    What went well is not asked again; what did not comes back after some days, and weak topics come first. No scenario
    stands twice on a day, and what was done today counts for today. Without days left, empty.
    """
    if plan.interview_on <= today:
        return ()
    parts = phases(min(first_day(plan, zone), today), plan.interview_on, scenarios)
    study = _Study(plan, today, zone, scenarios, history)
    days = [today + timedelta(days=ahead) for ahead in range((plan.interview_on - today).days)]
    overdue = sum(count for day, count in due.items() if day < today)
    reviews = {day: due.get(day, 0) + (overdue if day == today else 0) for day in days}
    return (
        *(study.day(day, _phase_of(day, parts), reviews[day]) for day in days[:-1]),
        study.last_day(days[-1], reviews[days[-1]]),
    )


def first_day(plan: Plan, zone: tzinfo) -> date:
    """The day on which the plan began."""
    return plan.made_at.astimezone(zone).date()


def weak_topics(history: Iterable[Graded], scenarios: Iterable[Scenario]) -> dict[str, float]:
    """The share of the weight that was lost in the interviews on each topic, 0 to 1."""
    topics = {scenario.id: scenario.topics for scenario in scenarios}
    lost: dict[str, list[float]] = {}
    for interview in history:
        share = share_earned(interview)
        for topic in topics.get(interview.scenario, ()) if share is not None else ():
            lost.setdefault(topic, []).append(1 - (share or 0.0))
    return {topic: sum(shares) / len(shares) for topic, shares in lost.items()}


def share_earned(interview: Graded) -> float | None:
    """The credited share of the graded weight, 0 to 1; None when nothing was graded."""
    graded = [(point.weight, point.credit) for point in interview.assessment.points if point.credit is not None]
    weight = sum(weight for weight, _ in graded)
    return sum(weight * credit for weight, credit in graded) / weight if weight else None


def _phase_of(day: date, parts: Sequence[Phase]) -> Difficulty:
    found = [part.difficulty for part in parts if part.first <= day]
    return found[-1] if found else DIFFICULTIES[-1]


class _Study:
    """Deals the scenarios out over the days, each one once, until only speaking aloud is left."""

    def __init__(
        self, plan: Plan, today: date, zone: tzinfo, scenarios: Sequence[Scenario], history: Sequence[Graded]
    ) -> None:
        self._minutes = plan.minutes
        self._weak = weak_topics(history, scenarios)
        self._last = {interview.scenario: interview for interview in sorted(history, key=lambda done: done.at)}
        self._day_of = {id: interview.at.astimezone(zone).date() for id, interview in self._last.items()}
        self._done = [scenario for scenario in scenarios if self._day_of.get(scenario.id) == today]
        self._left = [scenario for scenario in scenarios if not self._went_well(scenario)]
        self._told = [scenario for scenario in scenarios if scenario.id in self._last]  # what can be explained aloud
        self._waiting = 0
        self._days = 0

    def day(self, day: date, phase: Difficulty, reviews: int) -> Day:
        """What to do on this day. Days are asked for in their order."""
        self._days += 1
        tasks = [Task("done", 0, scenario.title, "Done today.", scenario.id) for scenario in self._done]
        room = self._minutes - sum(scenario.time_minutes for scenario in self._done)
        begun, self._done = bool(tasks), []
        tasks += self._reviews(reviews)
        room -= sum(task.minutes for task in tasks)
        told = list(self._told)
        while (scenario := self._next(day, phase)) and (scenario.time_minutes <= room or not begun):
            self._left.remove(scenario)
            self._told.append(scenario)
            tasks.append(self._task(scenario))
            room -= scenario.time_minutes
            begun = True
        if told and (not self._left or self._days % ALOUD_EVERY_DAYS == 0):
            tasks.append(self._aloud(told[0]))
        return Day(day, phase, tuple(tasks))

    def last_day(self, day: date, reviews: int) -> Day:
        rest = Task("rest", ALOUD_MINUTES, "Say two answers aloud, then stop", "Sleep does more now than a problem.")
        return Day(day, "last", (*self._reviews(reviews), rest))

    def _reviews(self, due: int) -> tuple[Task, ...]:
        self._waiting += due
        count = min(self._waiting, int(REVIEWS_AT_MOST * self._minutes / DRILL_MINUTES))
        self._waiting -= count
        if not count:
            return ()
        title = f"Review {count} point{'' if count == 1 else 's'}"
        return (Task("reviews", count * DRILL_MINUTES, title, "Before they are forgotten."),)

    def _went_well(self, scenario: Scenario) -> bool:
        last = self._last.get(scenario.id)
        return last is not None and last.assessment.signal in WELL

    def _next(self, day: date, phase: Difficulty) -> Scenario | None:
        """The one to do next on this day: of this phase if any is left, else of the nearest one."""
        rested = [scenario for scenario in self._left if self._has_faded(scenario, day)]
        at = DIFFICULTIES.index(phase)
        rested.sort(
            key=lambda scenario: (
                abs(DIFFICULTIES.index(scenario.difficulty) - at),
                scenario.id not in self._last,
                -self._weakness(scenario),
            )
        )
        return rested[0] if rested else None

    def _has_faded(self, scenario: Scenario, day: date) -> bool:
        last = self._day_of.get(scenario.id)
        return last is None or (day - last).days >= AGAIN_AFTER_DAYS

    def _weakness(self, scenario: Scenario) -> float:
        return max((self._weak.get(topic, 0.0) for topic in scenario.topics), default=0.0)

    def _task(self, scenario: Scenario) -> Task:
        last = self._last.get(scenario.id)
        if last is not None:
            score = last.assessment.score
            result = "it was not graded" if score is None else f"{score} of 100"
            return Task("again", scenario.time_minutes, scenario.title, f"Once more: {result} last time.", scenario.id)
        weakest = max(scenario.topics, key=lambda topic: self._weak.get(topic, 0.0))
        if self._weak.get(weakest, 0.0) > 0.5:
            reason = f"New, on a weak topic: {weakest.replace('-', ' ')}."
        else:
            reason = f"New, {scenario.difficulty}."
        return Task("new", scenario.time_minutes, scenario.title, reason, scenario.id)

    def _aloud(self, scenario: Scenario) -> Task:
        self._told.remove(scenario)
        self._told.append(scenario)
        return Task(
            "aloud", ALOUD_MINUTES, f"Explain aloud: {scenario.title}", "From memory, without notes.", scenario.id
        )
