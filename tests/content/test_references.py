"""Every shipped scenario grades its own reference well, and what is no answer at all with next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.scenario_files import Library, load_folder
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import sentences
from interviewer.flows.evaluating import as_interview
from interviewer.flows.grading import grade
from tests.builders import NOW

ROOT = Path(__file__).resolve().parents[2]
IDS = sorted(load_folder(ROOT / "scenarios").scenarios)
OFF_TOPIC = (
    "I really enjoy hiking in the mountains on weekends. My favourite food is pasta, and last summer we went to Italy "
    "with the whole family. The weather was great, and the children learned to swim."
)


@pytest.fixture(params=IDS)
def scenario(request: pytest.FixtureRequest, library: Library) -> Scenario:
    return library.scenarios[request.param]


def score(scenario: Scenario, coach: Coach, answer: str) -> int:
    """The score of one answer; an answer that could not be graded counts as nothing."""
    return grade(as_interview(scenario, answer, NOW), coach, now=NOW).score or 0


def rubric_words(scenario: Scenario) -> list[str]:
    return sorted({word for point in scenario.key_points for group in point.terms for word in group.split("|")})


def test_the_reference_answer_scores_at_least_85(scenario: Scenario, coach: Coach) -> None:
    assert score(scenario, coach, scenario.reference) >= 85


def test_nothing_or_something_else_scores_at_most_10(scenario: Scenario, coach: Coach) -> None:
    assert score(scenario, coach, "") <= 10
    assert score(scenario, coach, OFF_TOPIC) <= 10


def test_a_list_of_the_rubrics_own_words_scores_at_most_10(scenario: Scenario, coach: Coach) -> None:
    found = rubric_words(scenario)

    assert score(scenario, coach, " ".join(found)) <= 10
    assert score(scenario, coach, ", ".join(found[::2])) <= 10


def test_the_references_words_in_another_order_score_at_most_10(scenario: Scenario, coach: Coach) -> None:
    words = scenario.reference.split()
    mixed = [words[(index * 37) % len(words)] for index in range(len(words))] if len(words) % 37 else words[::-1]

    assert score(scenario, coach, " ".join(mixed)) <= 10


def test_repeating_the_question_scores_at_most_5(scenario: Scenario, coach: Coach) -> None:
    assert score(scenario, coach, scenario.question) <= 5


def test_the_misconceptions_of_every_point_score_at_most_10(scenario: Scenario, coach: Coach) -> None:
    said = " ".join(point.misconceptions[0] for point in scenario.key_points)

    assert score(scenario, coach, said) <= 10


def test_denying_an_accepted_wording_earns_nothing(scenario: Scenario, coach: Coach) -> None:
    for point in scenario.key_points:
        for wording in point.phrasings:
            denied = f"It is not true that {wording[0].lower()}{wording[1:]}"
            # A longer one is read as several thoughts, and only the first of them is denied.
            if len(sentences(denied)) == 1:
                assessment = grade(as_interview(scenario, denied, NOW), coach, now=NOW)
                assert not assessment.point(point.id).credit, denied
