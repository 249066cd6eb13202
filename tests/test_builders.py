"""The builders give what the other tests take for granted."""

from __future__ import annotations

from interviewer.domain import scenario as rules
from tests.builders import a_scenario, an_assessment, an_interview


def test_the_scenario_is_valid() -> None:
    assert rules.errors(a_scenario()) == []


def test_an_interview_alternates_after_the_opening() -> None:
    interview = an_interview("Retries.", "Why retries?", "Because replies get lost.")

    assert [turn.role for turn in interview.turns] == ["interviewer", "candidate", "interviewer", "candidate"]
    assert [move.kind for move in interview.moves] == ["open", "probe"]
    assert interview.awaits_interviewer


def test_the_score_of_a_grade_adds_up() -> None:
    assert an_assessment().score == 45
    assert an_assessment(None, "covered", "covered", "covered", "covered").score == 100
