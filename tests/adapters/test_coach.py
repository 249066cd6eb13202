"""What the built-in coach credits, what it does not, and what it does without its embedded model."""

from __future__ import annotations

import pytest

from interviewer.adapters.coach.lexicon import numbers
from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.scenario_files import Library
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import sentences
from interviewer.flows.evaluating import as_interview, read_gold
from tests.builders import NOW
from tests.conftest import ROOT

RIGHT = (
    "The filter is on user_id but the table is partitioned by date, so every file may hold the user and the minimum "
    "and maximum per file exclude nothing. I would cluster the table by user_id, so that each file holds a narrow "
    "range of users and skipping leaves a few files."
)


@pytest.fixture
def hard_31(library: Library) -> Scenario:
    return library.scenarios["hard-31"]


@pytest.fixture(scope="module")
def by_words_alone(tmp_path_factory: pytest.TempPathFactory) -> Coach:
    return Coach.load(tmp_path_factory.mktemp("no model here"))


def findings(coach: Coach, scenario: Scenario, answer: str) -> dict[str, str]:
    coverage = coach.match(scenario, as_interview(scenario, answer, NOW).sentences())
    return {match.key_point: match.finding for match in coverage.matches}


def test_right_claims_are_found_with_and_without_the_embedded_model(
    coach: Coach, by_words_alone: Coach, hard_31: Scenario
) -> None:
    for judge in (coach, by_words_alone):
        found = findings(judge, hard_31, RIGHT)
        assert found["hard-31.1"] in ("covered", "partial")
        assert found["hard-31.2"] in ("covered", "partial")
        assert found["hard-31.6"] == "missed"


def test_a_wrong_claim_that_is_only_taken_back_earns_nothing(coach: Coach, hard_31: Scenario) -> None:
    for point in hard_31.key_points:
        for claim in point.misconceptions:
            found = findings(coach, hard_31, f"{claim} Actually no, that is wrong.")
            assert found[point.id] not in ("covered", "partial"), claim


def test_the_right_claim_after_a_wrong_one_counts(coach: Coach, hard_31: Scenario) -> None:
    wrong = hard_31.key_point("hard-31.2").misconceptions[0]

    assert findings(coach, hard_31, f"{wrong} Actually no, that is wrong. {RIGHT}")["hard-31.2"] == "covered"


@pytest.mark.parametrize(
    "denial", ["It is not true that", "I doubt that", "It is wrong that", "It's a myth that", "I do not believe that"]
)
def test_an_accepted_wording_earns_nothing_when_it_is_denied(coach: Coach, hard_31: Scenario, denial: str) -> None:
    for point in hard_31.key_points:
        for wording in point.phrasings:
            said = f"{denial} {wording[0].lower()}{wording[1:]}"
            if len(sentences(said)) == 1:  # a longer one is read as several thoughts; the first of them is denied
                assert findings(coach, hard_31, said)[point.id] not in ("covered", "partial"), said


def test_confident_wrong_answers_earn_hardly_anything(coach: Coach, library: Library) -> None:
    """Over the answers that may be used for tuning; docs/EVALUATION.md has the figures for the others."""
    rows = [
        row
        for folder in ("gold", "fresh")
        for row in read_gold(ROOT / "evaluation" / folder, "dev")
        if row.kind == "confident_wrong"
    ]

    found = [kind for row in rows for kind in findings(coach, library.scenarios[row.scenario], row.answer).values()]

    assert len(found) == 60
    assert sum(kind in ("covered", "partial") for kind in found) <= 0.15 * len(found)  # 0.08 is true


def test_numbers_are_compared_without_the_commas_between_thousands() -> None:
    assert numbers("About 1,000 dollars, 2.5 million rows and p99 under 300.") == {"1000", "2.5", "300"}


def test_a_denied_claim_earns_nothing(coach: Coach, hard_31: Scenario) -> None:
    denied = "I would not cluster the table by user_id, because file skipping with min and max never helps a lookup."

    assert findings(coach, hard_31, denied)["hard-31.2"] not in ("covered", "partial")


def test_the_same_answer_gets_the_same_result_to_the_digit(coach: Coach, hard_31: Scenario) -> None:
    sentences = as_interview(hard_31, RIGHT, NOW).sentences()

    assert coach.match(hard_31, sentences) == coach.match(hard_31, sentences)
    assert Coach.load().match(hard_31, sentences) == coach.match(hard_31, sentences)


def test_without_its_model_the_coach_says_so(by_words_alone: Coach, coach: Coach) -> None:
    assert by_words_alone.label.startswith("words only: ")
    assert coach.label == "words and embedded MiniLM"


def test_a_clarifying_question_finds_its_authored_answer(
    coach: Coach, by_words_alone: Coach, hard_31: Scenario
) -> None:
    for judge in (coach, by_words_alone):
        for context in hard_31.context:
            assert judge.context_for(hard_31, context.question) == context
        assert judge.context_for(hard_31, "What colour is the office carpet?") is None


def test_a_foreseen_wrong_claim_said_alone_contradicts_its_point(coach: Coach, library: Library) -> None:
    """The interviewer can only object to what it hears; no right wording may sound wrong to it."""
    for scenario in library.scenarios.values():
        for point in scenario.key_points:
            wrong = [findings(coach, scenario, text)[point.id] for text in point.misconceptions]
            right = [findings(coach, scenario, text)[point.id] for text in (*point.phrasings, point.strong)]
            assert wrong.count("contradicted") >= len(wrong) - 1, point.id
            assert "contradicted" not in right, point.id


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Could I see the query plan?", "e2"),
        ("I would look at the partition filters in the plan first.", "e2"),
        ("Queries should always have a WHERE clause.", None),
        ("We should get rid of the physical plan altogether.", None),
    ],
)
def test_evidence_is_shown_to_those_who_look_for_it(
    said: str, shown: str | None, coach: Coach, library: Library
) -> None:
    exhibit = coach.exhibit_for(library.scenarios["hard-36"], said)

    assert (exhibit and exhibit.id) == shown


def test_wrong_claims_about_some_points_contradict_hardly_any_other(coach: Coach, library: Library) -> None:
    """Each point that is said to be contradicted wrongly costs a follow-up, and a candidate's trust."""
    others = []
    for scenario in list(library.scenarios.values())[::4]:
        claimed = scenario.key_points[:3]
        found = findings(coach, scenario, " ".join(point.misconceptions[0] for point in claimed))
        others.append(sum(found[point.id] == "contradicted" for point in scenario.key_points[3:]))

    assert sum(others) / len(others) <= 0.4


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("The table is partitioned by date but the lookup filters on user_id, so every file is opened.", True),
        (
            "The table is partitioned by date but the query filters on user_id, so partition pruning works and every "
            "partition stays a candidate.",
            False,
        ),
    ],
)
def test_what_is_said_without_a_not_is_a_denial_only_of_what_the_not_stood_before(
    coach: Coach, hard_31: Scenario, said: str, counts: bool
) -> None:
    """An accepted wording says the same with "so partition pruning does nothing"."""
    assert (findings(coach, hard_31, said)["hard-31.1"] in ("covered", "partial")) is counts
