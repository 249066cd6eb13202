"""The dimensions say how high, how far they could reach, and how high they were last time."""

from __future__ import annotations

from interviewer.domain.assessment import NOT_SURE, Assessment, PointResult, Ungraded
from interviewer.domain.interview import Interview
from interviewer.domain.profile import Standing, profile, shapes, unknown
from interviewer.domain.scenario import Dimension
from tests.builders import a_grade, an_interview

SAID = "The provider retries after a timeout."
INTERVIEW = an_interview(SAID)
ASKED_FOR_THE_KEY = an_interview(SAID, "What could make it arrive two times?", "No idea.")


def standing(
    name: Dimension, interview: Interview, assessment: Assessment, before: Assessment | None = None
) -> Standing:
    return next(item for item in profile(interview, assessment, before) if item.name == name)


def test_a_point_that_nobody_asked_about_leaves_the_level_open_upwards() -> None:
    assessment = a_grade(INTERVIEW, {"cause": ("covered", 1)})

    depth = standing("depth", INTERVIEW, assessment)

    assert (depth.level, depth.high) == (1.0, 4.0)


def test_a_point_that_was_asked_for_and_not_said_leaves_nothing_open() -> None:
    assessment = a_grade(ASKED_FOR_THE_KEY, {})

    diagnosis = standing("diagnosis", ASKED_FOR_THE_KEY, assessment)

    assert (diagnosis.low, diagnosis.level, diagnosis.high) == (1.0, 1.0, 1.0)


def test_a_point_that_could_not_be_judged_leaves_the_level_open_both_ways() -> None:
    assessment = a_grade(INTERVIEW, {"cause": ("covered", 1), "key": ("covered", 1), "reply": ("covered", 1)})
    unsure = PointResult(
        key_point="key", weight=30, verdict=None, ungraded=Ungraded(key_point="key", reason=NOT_SURE), credit=None
    )
    points = tuple(unsure if point.key_point == "key" else point for point in assessment.points)

    solution = standing("solution", INTERVIEW, assessment.model_copy(update={"points": points}))

    assert solution.low < solution.level <= solution.high


def test_the_last_attempt_stands_beside_this_one() -> None:
    now, before = a_grade(INTERVIEW, {"cause": ("covered", 1)}), a_grade(INTERVIEW, {})

    diagnosis = standing("diagnosis", INTERVIEW, now, before)

    assert (diagnosis.level, diagnosis.before) == (4.0, 1.0)
    assert diagnosis.in_words == "Diagnosis 4, high confidence, 1 last time"


def test_a_dimension_without_anything_to_judge_it_by_is_left_out_and_named() -> None:
    assessment = a_grade(INTERVIEW, {"cause": ("covered", 1)})

    assert "communication" not in [item.name for item in profile(INTERVIEW, assessment)]
    assert unknown(assessment) == ("trade-offs", "communication")


def test_a_radar_needs_three_axes_and_the_last_attempt_all_of_them() -> None:
    now = [Standing(name, 3.0, 3.0, 3.0, "high", 2.0) for name in ("diagnosis", "solution", "depth")]

    assert shapes(now) == ((3.0, 3.0, 3.0), (2.0, 2.0, 2.0))
    assert shapes([*now[:2], now[2]._replace(before=None)]) == ((3.0, 3.0, 3.0), None)
    assert shapes(now[:2]) is None
