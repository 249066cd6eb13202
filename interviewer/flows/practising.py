"""Drills on single key points: what is due, what is asked, what came of it, and when it comes back."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from interviewer.domain.interview import Interview
from interviewer.domain.practice import Drill
from interviewer.domain.review import ReviewCard, cards, due_day, mixed, ratings
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import ChatModel, Matcher, Prompts, Store
from interviewer.flows.retrying import RetryOffer, retried

RULES = "1"  # counted up when the same judgements shall give another schedule


class Due(NamedTuple):
    """The points to review today, in the order to ask them, and the next day after it that has any.

    `days` counts the points that come back on each day, overdue ones on theirs. `gone` are points whose scenario is
    not there any more: they are left out.
    """

    today: tuple[ReviewCard, ...]
    next_day: date | None
    days: Mapping[date, int]
    gone: int


def review_cards(store: Store, *, owner: str) -> list[ReviewCard]:
    """The schedule as it follows from everything that was judged; what has changed since the last look is renewed."""
    marks = {scenario: f"{RULES} {mark}" for scenario, mark in store.judged_marks(owner=owner).items()}
    kept = store.review_cards(owner=owner)
    current = [card for card, mark in kept if marks.get(card.scenario) == mark]
    known, fresh = {card.scenario for card, _ in kept}, {card.scenario for card in current}
    for scenario in sorted((known | set(marks)) - fresh):
        judged = ratings(store.graded(owner=owner, scenario=scenario), store.drills(owner=owner, scenario=scenario))
        renewed = cards(scenario, judged)
        if renewed or scenario in known:
            store.replace_review_cards(scenario, renewed, marks.get(scenario, ""), owner=owner)
        current += renewed
    return sorted(current, key=lambda card: (card.scenario, card.key_point))


def due(
    schedule: Iterable[ReviewCard],
    scenarios: Mapping[str, Scenario],
    drills_of_today: Sequence[Drill],
    *,
    now: datetime,
    zone: tzinfo,
    interview_on: date | None = None,
) -> Due:
    """What comes back when. Today's points begin with the ones most likely forgotten.

    A point whose answer could not be judged today waits until tomorrow, or it would be asked without end.
    """
    today = now.astimezone(zone).date()
    asked = {(drill.scenario, drill.key_point) for drill in drills_of_today if drill.is_judged}
    ready: list[ReviewCard] = []
    days: dict[date, int] = {}
    gone = 0
    for card in schedule:
        scenario = scenarios.get(card.scenario)
        if scenario is None or not questions(scenario, card.key_point):
            gone += scenario is None
            continue
        day = due_day(card, zone, today, interview_on)
        if day <= today and (card.scenario, card.key_point) in asked:
            day = today + timedelta(days=1)
        days[day] = days.get(day, 0) + 1
        if day <= today:
            ready.append(card)
    ready.sort(key=lambda card: (card.recall(now), card.scenario, card.key_point))
    last = drills_of_today[-1].scenario if drills_of_today else ""
    later = [day for day in days if day > today]
    return Due(tuple(mixed(ready, after=last)), min(later, default=None), days, gone)


def questions(scenario: Scenario, key_point: str) -> tuple[str, ...]:
    """The authored follow-ups on this point that fit somebody who has said nothing yet; empty when it has none.

    Changed conditions are no drills: they make sense only after an answer.
    """
    own = [
        probe
        for probe in scenario.probes
        if key_point in probe.targets
        and probe.when != "covered"
        and any(p.id == key_point for p in scenario.key_points)
    ]
    # Others may name the fix, since they are put to people who have said it.
    first = [probe for probe in own if probe.when in ("missing", "any")]
    chosen = first or own
    return tuple(probe.ask for probe in sorted(chosen, key=lambda probe: probe.targets[0] != key_point))


def question(scenario: Scenario, key_point: str, asked: Collection[str] = ()) -> str | None:
    """The follow-up on this point that was asked least often; None when it has none."""
    own = questions(scenario, key_point)
    times = list(asked)
    return min(own, key=times.count) if own else None


def drilled(
    said: Drill,
    scenario: Scenario,
    matcher: Matcher,
    *,
    now: datetime,
    model: ChatModel | None = None,
    prompts: Prompts | None = None,
    stop: threading.Event | None = None,
) -> Drill:
    """The same drill with what came of it: judged as in an interview, by the same rule of evidence.

    A model that fails leaves it to the coach.
    """
    judged = retried(
        Interview(scenario=scenario, started_at=said.at),
        RetryOffer(said.key_point, said.question),
        said.answer,
        said.key,
        matcher,
        now=now,
        model=model,
        prompts=prompts,
        stop=stop,
    )
    return said.model_copy(update={"verdict": judged.verdict, "ungraded": judged.ungraded, "engine": judged.engine})
