"""Practice on what nobody has reviewed: a draft says that it is one, and without a reference there is no score."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.domain import scenario as rules
from interviewer.domain.coverage import Coverage, Match
from interviewer.domain.intents import Reading
from interviewer.domain.interview import Interview
from interviewer.domain.moves import FREE_QUESTIONS, QUESTION_WORDS, next_move
from interviewer.domain.scenario import NO_REFERENCE, Scenario
from interviewer.domain.story import as_story
from interviewer.flows.grading import grade
from interviewer.flows.retrying import retry_offer
from tests.builders import NOW, a_scenario, a_turn, an_assessment, an_interview

ANSWER = "The provider retries after a timeout, so I store the event id under a unique constraint."
WITH_ORIGIN = {"origin": "page.md", "licence": "unknown: private use"}


def without_reference(**changes: Any) -> Scenario:
    """A scenario as an import leaves it when the source gives no answer."""
    bare: dict[str, Any] = {
        "status": "needs_reference",
        "key_points": (),
        "probes": (),
        "constraint_changes": (),
        "hints": (),
        "star": None,
        "reference": "",
        "sources": (),
    }
    return a_scenario(**{**bare, **changes})


def a_draft(**changes: Any) -> Scenario:
    return a_scenario(**{"status": "draft", "provenance": {**WITH_ORIGIN, "drafted_by": ("rule",)}, **changes})


def played(scenario: Scenario, answers: int, **changes: Any) -> Interview:
    """The interview after so many answers, each with a little about the cause."""
    interview = an_interview(scenario=scenario, **changes)
    for _ in range(answers):
        interview = interview.with_turn(a_turn(len(interview.turns), ANSWER))
        said = tuple(sentence.number for sentence in interview.sentences())
        coverage = Coverage(matches=(Match(key_point="cause", finding="partial", sentences=said),))
        move = next_move(interview, coverage, Reading("answer"), NOW)
        interview = interview.with_turn(a_turn(len(interview.turns), move.text, role="interviewer", move=move))
    return interview


# --- what is said of a scenario


def test_a_reviewed_scenario_needs_no_caution() -> None:
    assert (a_scenario().caution, a_scenario().is_scored) == ("", True)


def test_a_draft_says_who_drafted_it_and_that_nobody_has_reviewed_it() -> None:
    by_both = a_draft(provenance={**WITH_ORIGIN, "drafted_by": ("rule", "some-model")})

    assert a_draft().caution.startswith("This scenario is a draft: its key points were drafted by a rule, and nobody")
    assert "drafted by a rule and some-model, and nobody has reviewed them" in by_both.caution
    assert a_draft().is_scored


def test_without_a_reference_it_says_that_there_is_no_score() -> None:
    assert without_reference().caution == NO_REFERENCE
    assert "no reference, so no score" in NO_REFERENCE


def test_what_a_draft_lacks_is_a_warning_and_what_makes_it_unfit_an_error() -> None:
    bare = a_draft(probes=(), hints=(), star=None, sources=())

    assert rules.errors(bare) == []
    assert {flaw.field[0] for flaw in rules.warnings(bare, date(2026, 11, 23))} == {
        "probes",
        "hints",
        "star",
        "sources",
    }
    assert [flaw.field[0] for flaw in rules.errors(bare.model_copy(update={"status": "reviewed"}))] == [
        "probes",
        "sources",
        "star",
        "hints",
    ]
    heavy = a_draft(key_points=({"id": "a", "weight": 99, "text": "One."},), probes=(), constraint_changes=(), hints=())
    assert [flaw.message for flaw in rules.errors(heavy)] == ["weights sum to 99, not 100"]


def test_without_a_reference_the_one_warning_says_so() -> None:
    (warning,) = rules.warnings(without_reference(), date(2026, 11, 23))

    assert "never scored" in warning.message
    assert rules.errors(without_reference()) == []


# --- the interview


def test_without_planned_follow_ups_the_questions_fit_any_answer_and_none_comes_twice() -> None:
    interview = played(without_reference(), 20, max_probes=20)
    asked = [turn.move.ask for turn in interview.turns if turn.move and turn.move.probe]

    assert asked == list(FREE_QUESTIONS.values())
    assert all(move.target is None for move in interview.probes)
    assert interview.is_finished


def test_free_questions_are_short_single_questions() -> None:
    for ask in FREE_QUESTIONS.values():
        assert ask.count("?") == 1
        assert ask.endswith("?")
        assert len(ask.split()) < QUESTION_WORDS


def test_the_number_of_follow_ups_is_kept_without_a_reference_too() -> None:
    assert len(played(without_reference(), 20, max_probes=2).probes) == 2


def test_a_draft_asks_what_is_planned_first_and_a_reviewed_scenario_nothing_else() -> None:
    one = a_scenario().probes[-2:-1]
    draft = [move.probe for move in played(a_draft(probes=one), 20, max_probes=20).probes]
    reviewed = [move.probe for move in played(a_scenario(), 20, max_probes=20).probes]

    assert draft[0] == one[0].id
    assert [probe for probe in draft if str(probe).startswith("free-")] == [f"free-{kind}" for kind in FREE_QUESTIONS]
    assert not [probe for probe in reviewed if str(probe).startswith("free-")]


# --- the grade


@pytest.mark.parametrize(
    "scenario",
    [without_reference(), a_scenario(status="needs_reference")],
    ids=["nothing to grade by", "key points that somebody left there"],
)
def test_without_a_reference_no_score_is_given_and_no_model_is_asked(
    scenario: Scenario, coach: Coach, prompts: PromptFiles
) -> None:
    silent = ScriptedModel([])
    interview = an_interview(ANSWER, scenario=scenario)

    assessment = grade(interview, coach, now=NOW, model=silent, prompts=prompts)

    assert silent.requests == []
    assert assessment.score is None
    assert assessment.signal == "not enough evidence"
    assert assessment.signal_reason == NO_REFERENCE
    assert all(point.credit is None for point in assessment.points)
    assert {point.ungraded.reason for point in assessment.points if point.ungraded} <= {NO_REFERENCE}
    assert retry_offer(interview, assessment) is None


def test_even_points_that_were_credited_give_no_score_without_a_reference() -> None:
    interview = an_interview(ANSWER, scenario=a_scenario(status="needs_reference"))

    assert an_assessment(interview, "covered", "covered", "covered", "covered").score is None


def test_a_draft_is_graded(coach: Coach) -> None:
    assert grade(an_interview(ANSWER, scenario=a_draft()), coach, now=NOW).score


def test_a_story_about_a_scenario_without_a_reference_is_graded_by_the_story(coach: Coach) -> None:
    story = as_story(without_reference(story="Tell me about a time when something came twice."))
    told = "Last year payments came twice. I was asked to stop it. I added a unique column. Since then none came twice."

    assert story.caution == ""
    assert grade(an_interview(told, scenario=story), coach, now=NOW).score is not None
