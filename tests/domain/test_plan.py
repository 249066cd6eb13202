"""The plan goes from easy to hard up to the day of the interview, and follows the results on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest

from interviewer.domain.plan import Day, Plan, Task, phases, schedule, weak_topics
from interviewer.domain.practice import Graded
from interviewer.domain.scenario import Difficulty, Scenario
from tests.builders import NOW, a_scenario, graded

TODAY = NOW.date()


def some(count: int, difficulty: Difficulty, **changes: object) -> list[Scenario]:
    return [
        a_scenario(id=f"{difficulty}-{number}", title=f"{difficulty} {number}", difficulty=difficulty, **changes)
        for number in range(1, count + 1)
    ]


SEED = [*some(20, "easy"), *some(40, "medium"), *some(40, "hard")]


def planned(
    days: int,
    scenarios: Sequence[Scenario] = tuple(SEED),
    history: Sequence[Graded] = (),
    due: dict[date, int] | None = None,
    minutes: int = 40,
    begun: int = 0,
    today: date = TODAY,
) -> tuple[Day, ...]:
    plan = Plan(interview_on=TODAY + timedelta(days=days), minutes=minutes, made_at=NOW - timedelta(days=begun))
    return schedule(plan, today, UTC, scenarios, history, due or {})


def tasks(days: Sequence[Day], *kinds: str) -> list[Task]:
    return [task for day in days for task in day.tasks if task.kind in kinds]


def test_six_weeks_are_two_of_easy_two_of_medium_and_two_of_hard() -> None:
    parts = phases(TODAY, TODAY + timedelta(days=43), SEED)

    assert [part.difficulty for part in parts] == ["easy", "medium", "hard"]
    assert [(part.last - part.first).days + 1 for part in parts] == [14, 14, 14]
    assert parts[0].first == TODAY
    assert parts[-1].last == TODAY + timedelta(days=41)
    assert all(after.first == before.last + timedelta(days=1) for before, after in pairwise(parts))


def test_the_plan_holds_every_day_up_to_the_one_before_the_interview() -> None:
    days = planned(42)

    assert [day.on for day in days] == [TODAY + timedelta(days=ahead) for ahead in range(42)]
    assert days[-1].phase == "last"
    assert not tasks(days[-1:], "new", "again")


def test_each_stretch_asks_what_it_is_for() -> None:
    days = planned(43, minutes=20)

    for day in days[:-1]:
        assert {task.scenario.split("-")[0] for task in day.tasks if task.kind == "new"} == {day.phase}


def test_who_is_through_with_a_stretch_begins_the_next_one() -> None:
    days = planned(43, minutes=90)

    asked = [task.scenario.split("-")[0] for day in days if day.phase == "easy" for task in day.tasks if task.scenario]
    assert asked.count("easy") >= 20
    assert asked.count("medium") > 0


def test_no_scenario_is_asked_twice_and_none_twice_on_a_day() -> None:
    asked = [task.scenario for task in tasks(planned(60, minutes=90), "new")]

    assert len(asked) == len(set(asked))
    assert len(asked) > 60


def test_a_difficulty_without_scenarios_has_no_stretch() -> None:
    assert [part.difficulty for part in phases(TODAY, TODAY + timedelta(days=20), some(3, "hard"))] == ["hard"]


@pytest.mark.parametrize(
    ("days", "expected"), [(1, []), (2, ["hard"]), (3, ["medium", "hard"]), (4, ["easy", "medium", "hard"])]
)
def test_with_few_days_left_the_hard_ones_remain(days: int, expected: list[str]) -> None:
    assert [part.difficulty for part in phases(TODAY, TODAY + timedelta(days=days), SEED)] == expected


@pytest.mark.parametrize("days", [0, -5])
def test_after_the_interview_there_is_nothing_to_plan(days: int) -> None:
    assert planned(days) == ()


def test_the_eve_of_the_interview_is_for_reviews_and_speaking() -> None:
    (day,) = planned(1, due={TODAY: 2})

    assert [task.kind for task in day.tasks] == ["reviews", "rest"]


def test_without_any_scenario_there_are_still_days() -> None:
    assert len(planned(5, scenarios=())) == 5


def test_speaking_aloud_comes_up_again_and_again() -> None:
    days = planned(42)

    weeks = [days[start : start + 7] for start in range(0, 42, 7)]
    assert all(tasks(week, "aloud", "rest") for week in weeks)
    assert all(task.title.startswith("Explain aloud: ") for task in tasks(days, "aloud"))


def test_when_all_is_done_well_explaining_aloud_is_left() -> None:
    both = some(2, "hard")
    history = [graded(-9, scenario, *["covered"] * 4) for scenario in both]
    assert all(done.assessment.signal in ("yes", "strong yes") for done in history)

    days = planned(6, both, history)

    assert not tasks(days, "new", "again")
    assert len(tasks(days, "aloud")) == 5


def test_what_went_badly_comes_back_first_but_not_at_once() -> None:
    three = some(3, "hard")
    history = [graded(-1, three[0], *["missed"] * 4)]

    days = planned(10, three, history, minutes=15)

    again = [day.on for day in days for task in day.tasks if task.kind == "again"]
    assert again == [TODAY + timedelta(days=2)]
    assert tasks(days, "again")[0].reason == "Once more: 0 of 100 last time."
    assert {task.scenario for task in days[0].tasks if task.kind == "new"} == {"hard-2"}


def test_a_weak_topic_comes_before_the_others() -> None:
    known = a_scenario(id="old", topics=("joins",))
    weak = a_scenario(id="weak", title="Weak", topics=("joins",))
    other = a_scenario(id="other", topics=("cost",))
    history = [graded(0, known, *["missed"] * 4)]

    first = tasks(planned(9, [known, other, weak], history, today=TODAY + timedelta(days=1)), "new")[0]

    assert (first.scenario, first.reason) == ("weak", "New, on a weak topic: joins.")
    assert weak_topics(history, [known, weak, other]) == {"joins": 1.0}


def test_what_was_done_today_counts_for_today() -> None:
    history = [graded(0, SEED[0], *["covered"] * 4)]

    today = planned(30, history=history, minutes=20)[0]

    assert [(task.kind, task.scenario) for task in today.tasks] == [("done", "easy-1")]


def test_reviews_stand_on_their_day_and_overdue_ones_on_today() -> None:
    due = {TODAY - timedelta(days=3): 2, TODAY: 1, TODAY + timedelta(days=2): 4}

    days = planned(9, due=due)

    assert [[task.title for task in day.tasks if task.kind == "reviews"] for day in days[:3]] == [
        ["Review 3 points"],
        [],
        ["Review 4 points"],
    ]


def test_more_reviews_than_half_a_day_holds_wait_for_the_next() -> None:
    days = planned(9, due={TODAY: 27}, minutes=40)

    counts = [task.title for task in tasks(days, "reviews")]
    assert counts == ["Review 10 points", "Review 10 points", "Review 7 points"]


def test_a_day_keeps_to_the_minutes_that_there_are() -> None:
    days = planned(30, some(99, "hard", time_minutes=20), due={TODAY: 5}, minutes=60)

    for day in days:
        assert sum(task.minutes for task in day.tasks if task.kind != "aloud") <= 60


def test_a_stretch_stays_where_it_was_while_the_days_go_by() -> None:
    later = TODAY + timedelta(days=10)

    assert planned(43, today=later)[0].phase == "easy"
    assert planned(43, today=TODAY + timedelta(days=14))[0].phase == "medium"
    assert planned(43, begun=14)[0].phase == "easy"
