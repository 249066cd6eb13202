"""Progress is told from three interviews on, point by point, without comparing anybody with anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interviewer.domain.progress import Measured, dimensions, direction, own_views, points, scores, topics, trail
from tests.builders import NOW, a_drill, a_retry, a_scenario, a_verdict, graded

SCENARIO = a_scenario()


def values(*numbers: float) -> list[Measured]:
    return [Measured(NOW + timedelta(days=day), number) for day, number in enumerate(numbers)]


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((), None),
        ((50,), None),
        ((10, 90), None),
        ((10, 20, 30), "up"),
        ((30, 20, 10), "down"),
        ((50, 50, 50), "steady"),
        ((2.5, 1, 2.5, 2.5, 2.5), "steady"),
        ((20, 90, 30), "unclear"),
        ((70, 20, 90, 80, 35, 90), "unclear"),
        ((20, 40, 30, 60, 70), "up"),
    ],
)
def test_a_direction_needs_three_interviews_that_agree(numbers: tuple[float, ...], expected: str | None) -> None:
    assert direction(values(*numbers)) == expected


def test_scores_stand_in_the_order_of_time_and_missing_ones_are_left_out() -> None:
    unscored = graded(1)
    unscored = unscored._replace(assessment=unscored.assessment.model_copy(update={"score": None}))

    found = scores([graded(2, None, *["covered"] * 4), unscored, graded(0)])

    assert [(one.at, one.value) for one in found] == [(NOW, 45), (NOW + timedelta(days=2), 100)]


def test_a_dimension_that_was_never_judged_has_no_values() -> None:
    found = dimensions([graded(0), graded(1)])

    assert len(found["diagnosis"]) == 2
    assert found["trade-offs"] == ()


def test_topics_stand_with_the_weakest_first() -> None:
    strong = a_scenario(id="strong", topics=("cost", "delivery"))

    lines = topics(
        [graded(0, SCENARIO, "missed", "missed"), graded(1, strong, *["covered"] * 4)],
        {SCENARIO.id: SCENARIO, strong.id: strong},
    )

    assert [line.topic for line in lines] == ["reliability", "delivery", "cost"]
    assert [one.value for one in lines[1].shares] == [0.0, 1.0]


def test_a_scenario_that_is_gone_has_no_topics() -> None:
    assert topics([graded(0)], {}) == ()


def test_attempts_at_one_scenario_stand_side_by_side() -> None:
    first, second = graded(0), graded(5, None, "covered", "covered", "contradicted")

    lines = points(SCENARIO, [second, first, graded(1, a_scenario(id="other")), graded(2, mode="story")], [])

    assert [(line.key_point, line.attempts) for line in lines] == [
        ("cause", ("covered", "covered")),
        ("key", ("partial", "covered")),
        ("reply", ("missed", "contradicted")),
        ("check", ("missed", "missed")),
    ]


def test_what_came_after_the_last_attempt_stands_beside_it() -> None:
    again = a_retry(key_point="reply", verdict=a_verdict(SCENARIO.key_point("reply"), "covered", 1))
    history = [graded(0), graded(5, tries=(again.model_copy(update={"at": NOW + timedelta(days=5, minutes=5)}),))]
    drills = [
        a_drill(1, "covered", key_point="check"),
        a_drill(6, "missed"),
        a_drill(7, "partial"),
        a_drill(8, None, key_point="cause"),
    ]

    lines = {line.key_point: line.since for line in points(SCENARIO, history, drills)}

    assert lines == {"cause": None, "key": "partial", "reply": "covered", "check": None}


def test_everything_found_about_a_point_stands_in_the_order_of_time() -> None:
    again = a_retry(verdict=a_verdict(SCENARIO.key_point("key"), "covered", 1))
    history = [graded(5, None, "covered", "covered"), graded(0, tries=(again,)), graded(1, mode="story")]
    drills = [a_drill(2, "missed"), a_drill(3, None), a_drill(4, "covered", key_point="cause")]

    assert [(one.seen, one.in_interview) for one in trail("key", history, drills)] == [
        ("partial", True),
        ("covered", False),
        ("missed", False),
        ("covered", True),
    ]


def test_a_point_that_an_older_version_did_not_have_is_blank_there() -> None:
    old = graded(0)
    short = old._replace(assessment=old.assessment.model_copy(update={"points": old.assessment.points[:1]}))

    assert points(SCENARIO, [short], [])[1].attempts == (None,)


def test_the_own_view_stands_beside_the_grade_with_the_gap_between_them() -> None:
    rated = graded(0, None, *["missed"] * 4, self_rating=3)

    (view,) = own_views([rated, graded(1)])

    assert (view.own, view.grade, view.gap) == (3, 1, 2)
