"""When each key point comes back: ratings from credit (R21), intervals by FSRS, and what is due on a day.

The same judgements give the same schedule: nothing here is drawn at random, and nobody reads a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from fsrs import Card, Rating, Scheduler

from interviewer.domain.interview import _Value
from interviewer.domain.practice import Drill, Graded
from interviewer.domain.scoring import WORTH

RETENTION = 0.9  # the predicted share of points still known when they come back
LONGEST_INTERVAL_DAYS = 180
DAY = timedelta(days=1)
# R21: below the first credit a point counts as forgotten, from the last one on, without a hint, as easy.
HARD_FROM, GOOD_FROM, EASY_FROM = 0.4, 0.7, 0.95

# No steps of minutes: a point comes back after a night at the earliest.
_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_INTERVAL_DAYS,
    enable_fuzzing=False,
)


class Rated(NamedTuple):
    """One time that a key point was judged. `credit` is 0 to 1."""

    key_point: str
    credit: float
    hinted: bool
    at: datetime


class ReviewCard(_Value):
    """How well a key point is remembered, as FSRS keeps it (`memory`, JSON), and when it should come back."""

    scenario: str
    key_point: str
    memory: str
    due: datetime

    @property
    def reviewed_at(self) -> datetime:
        """When it was last judged."""
        return Card.from_json(self.memory).last_review or self.due

    def recall(self, now: datetime) -> float:
        """The predicted probability (0 to 1) that it is still known."""
        card = Card.from_json(self.memory)
        return float(_SCHEDULER.get_card_retrievability(card, _after_the_night(card, now.astimezone(UTC))))


def rating(credit: float, hinted: bool = False) -> Rating:
    """What a credit says about memory (R21)."""
    if credit < HARD_FROM:
        return Rating.Again
    if credit < GOOD_FROM:
        return Rating.Hard
    return Rating.Easy if credit >= EASY_FROM and not hinted else Rating.Good


def ratings(graded: Iterable[Graded], drills: Iterable[Drill]) -> list[Rated]:
    """Every judgement in the order of time. Ungraded points are left out, and so are stories, which have no facts."""
    found: list[Rated] = []
    for interview in graded:
        if interview.mode == "story":
            continue
        found += [
            Rated(point.key_point, point.credit, point.hint_level is not None, interview.at)
            for point in interview.assessment.points
            if point.credit is not None
        ]
        found += [
            Rated(again.key_point, WORTH[again.verdict.kind], False, again.at)
            for again in interview.tries
            if again.verdict is not None
        ]
    found += [Rated(drill.key_point, drill.credit, False, drill.at) for drill in drills if drill.credit is not None]
    return sorted(found, key=lambda rated: rated.at)


def cards(scenario: str, judged: Sequence[Rated]) -> tuple[ReviewCard, ...]:
    """One card for each point of this scenario that was ever judged; `judged` is in the order of time."""
    known: dict[str, Card] = {}
    for one in judged:
        at = one.at.astimezone(UTC)
        before = known.get(one.key_point) or Card(card_id=0, due=at)
        known[one.key_point] = _reviewed(before, rating(one.credit, one.hinted), at)
    return tuple(
        ReviewCard(scenario=scenario, key_point=key_point, memory=card.to_json(), due=card.due)
        for key_point, card in sorted(known.items())
    )


def _reviewed(card: Card, rated: Rating, at: datetime) -> Card:
    counted = _after_the_night(card, at)
    after, _ = _SCHEDULER.review_card(card, rated, counted)
    after.due -= counted - at
    after.last_review = at
    return after


def _after_the_night(card: Card, at: datetime) -> datetime:
    """The time as FSRS should see it. It counts whole spans of 24 hours, while people come back the next morning."""
    if card.last_review is None:
        return at
    return max(at, card.last_review + round((at - card.last_review) / DAY) * DAY)


def due_day(card: ReviewCard, zone: tzinfo, today: date, interview_on: date | None = None) -> date:
    """The day on which the point comes back, in this time zone.

    Before an interview it comes back on the day before at the latest, but never twice on one day.
    """
    day = card.due.astimezone(zone).date()
    if interview_on is None or interview_on <= today:
        return day
    night_after = card.reviewed_at.astimezone(zone).date() + timedelta(days=1)
    return min(day, max(night_after, interview_on - timedelta(days=1)))


def mixed(due: Sequence[ReviewCard], after: str = "") -> list[ReviewCard]:
    """The cards so that no two of one scenario follow each other where that can be avoided.

    `after` is the scenario that was asked about last. Among those of one scenario the order stays as it is.
    """
    left = list(due)
    result: list[ReviewCard] = []
    while left:
        waiting = Counter(card.scenario for card in left)
        others = [card for card in left if card.scenario != after] or left
        most = max(waiting[card.scenario] for card in others)
        # A scenario with more cards than all others together has to be begun at once; else the weakest goes first.
        crowded = 2 * most > len(left)
        chosen = next(card for card in others if not crowded or waiting[card.scenario] == most)
        left.remove(chosen)
        result.append(chosen)
        after = chosen.scenario
    return result


def in_words(day: date, today: date) -> str:
    """When that is, to follow "comes back": "tomorrow", "in 3 days, on Thu 26 Nov"."""
    ahead = (day - today).days
    if ahead <= 0:
        return "today"
    if ahead == 1:
        return "tomorrow"
    when = f"in {ahead} days" if ahead < 14 else f"in {round(ahead / 7)} weeks"
    return f"{when}, on {day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
