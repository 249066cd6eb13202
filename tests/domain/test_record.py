"""What is known of somebody's practice so far."""

from __future__ import annotations

from interviewer.domain.record import records
from tests.builders import a_past_grade


def test_a_point_counts_as_weak_by_the_last_time_it_was_graded() -> None:
    first = a_past_grade(days_ago=2, credits={"cause": 0.0, "key": 0.9, "reply": 0.5})
    second = a_past_grade(days_ago=1, credits={"cause": 1.0, "key": 0.4})

    for order in ([first, second], [second, first]):
        record = records(order)["webhook-twice"]

        assert record.weak == ("key", "reply")
        assert record.last == second
        assert record.times == 2


def test_the_best_signal_stays_when_a_later_interview_went_worse() -> None:
    went = ["not enough evidence", "no", "strong yes", "strong no"]
    grades = [a_past_grade(days_ago=9 - day, signal=signal) for day, signal in enumerate(went)]

    assert [records(grades[: day + 1])["webhook-twice"].best for day in range(4)] == [
        "not enough evidence",
        "no",
        "strong yes",
        "strong yes",
    ]


def test_a_behavioural_round_says_nothing_of_the_scenario() -> None:
    assert records([a_past_grade(mode="story", credits={"story.action": 0.5})]) == {}
