"""The map of the points and the table of answers say which answer carried what."""

from __future__ import annotations

import pytest

from interviewer.domain.assessment import NOT_SURE, PointResult, Ungraded, VerdictKind
from interviewer.domain.carried import PointState, numbered, rows, state_of
from interviewer.domain.interview import Interview, Move
from tests.builders import a_grade, an_interview

CAUSE = "The provider retries after a timeout."
KEY = "I would keep the event id under a unique constraint."
INTERVIEW = an_interview(CAUSE, "What could make it arrive two times?", "I do not know.", "And then?", KEY)


def marks(interview: Interview, findings: dict[str, tuple[VerdictKind, int]]) -> dict[str, tuple[str | None, ...]]:
    return {row.point.id: row.marks for row in rows(interview, a_grade(interview, findings))}


def test_a_mark_stands_where_the_evidence_was_said() -> None:
    found = marks(INTERVIEW, {"cause": ("covered", 1), "key": ("partial", 3), "reply": ("contradicted", 3)})

    assert found["key"] == (None, None, "partly")
    assert found["reply"] == (None, None, "against")
    assert found["check"] == (None, None, None)


def test_an_answer_that_was_asked_for_a_point_and_did_not_say_it_is_marked() -> None:
    assert marks(INTERVIEW, {})["cause"] == (None, "asked", None)
    assert marks(INTERVIEW, {"cause": ("covered", 2)})["cause"] == (None, "carried", None)


def test_a_question_back_is_not_the_answer_to_a_follow_up() -> None:
    fact = Move(kind="context", text="About fifty.", reason="asked: how many?")
    interview = an_interview(CAUSE, "What could make it arrive two times?", "How many events?", fact, "No idea.")

    assert marks(interview, {})["cause"] == (None, None, "asked")


def test_points_are_numbered_in_the_order_of_the_scenario() -> None:
    assert [(row.number, row.point.id) for row in rows(INTERVIEW, a_grade(INTERVIEW, {}))] == [
        (1, "cause"),
        (2, "key"),
        (3, "reply"),
        (4, "check"),
    ]


def test_what_was_credited_after_a_hint_is_a_state_of_its_own() -> None:
    hint = Move(kind="hint", text="Think.", hint_level=2, reason="hint 2 asked for")
    interview = an_interview("No idea.", hint, KEY)

    row = rows(interview, a_grade(interview, {"key": ("covered", 2)}))[1]

    assert row.state == "hinted"
    assert row.words == "Covered after hint 2"


@pytest.mark.parametrize(("reason", "state"), [(NOT_SURE, "unsure"), ("The model could not judge this.", "ungraded")])
def test_a_point_without_a_verdict_says_whether_the_coach_was_unsure(reason: str, state: PointState) -> None:
    ungraded = Ungraded(key_point="key", reason=reason)

    assert state_of(PointResult(key_point="key", weight=30, verdict=None, ungraded=ungraded, credit=None)) == state


def test_numbers_are_listed_as_people_say_them() -> None:
    assert [numbered([2]), numbered([1, 3]), numbered([1, 2, 4])] == ["point 2", "points 1 and 3", "points 1, 2 and 4"]
