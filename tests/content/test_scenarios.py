"""Every shipped scenario is fit to interview with."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.scenario_files import lint_warnings, load_folder, read_scenario, scenario_paths
from interviewer.domain import scenario as rules
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import names
from tests.conftest import ROOT
from tests.domain.test_moves import random_interview

PATHS = scenario_paths(ROOT / "scenarios")
QUESTION_WORDS = 39


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


@pytest.fixture
def scenario(path: Path) -> Scenario:
    return read_scenario(path)


def asks(scenario: Scenario) -> list[str]:
    return [part.ask for part in (*scenario.probes, *scenario.constraint_changes)]


def test_the_folder_loads_without_a_problem() -> None:
    library = load_folder(ROOT / "scenarios")

    assert [str(problem) for problem in library.problems] == []
    assert len(library.scenarios) == len(PATHS) >= 10


def test_a_scenario_is_valid_and_named_like_its_file(path: Path, scenario: Scenario) -> None:
    assert rules.errors(scenario) == []
    assert scenario.id == path.stem


def test_no_fact_was_already_old_when_the_scenario_was_reviewed(path: Path, scenario: Scenario) -> None:
    reviewed = scenario.provenance.reviewed_on or scenario.verified_on or date(2026, 11, 23)

    assert [str(warning) for warning in lint_warnings(path, scenario, reviewed)] == []


def test_every_key_point_has_a_probe_for_when_it_is_missing(scenario: Scenario) -> None:
    probed = {target for probe in scenario.probes if probe.when in ("missing", "any") for target in probe.targets}

    assert [point.id for point in scenario.key_points if point.id not in probed] == []


def test_every_key_point_says_why_it_matters_and_what_a_strong_sentence_is(scenario: Scenario) -> None:
    assert [point.id for point in scenario.key_points if not (point.why and point.strong)] == []


def test_every_ask_is_one_short_question(scenario: Scenario) -> None:
    assert [ask for ask in asks(scenario) if ask.count("?") != 1 or not ask.endswith("?")] == []
    assert [ask for ask in asks(scenario) if len(ask.split()) > QUESTION_WORDS] == []
    assert len(set(asks(scenario))) == len(asks(scenario))


def test_no_hint_or_question_names_the_fix(scenario: Scenario) -> None:
    terms = [term for hint in scenario.hints for term in hint.spoiler_terms]
    early = [scenario.question, *(hint.text for hint in scenario.hints)]
    early += [probe.ask for probe in scenario.probes if probe.when in ("missing", "any")]

    assert terms, "without spoiler terms nobody checks what the model says"
    assert [(term, text) for term in terms for text in early if names(text, term)] == []


def test_the_third_hint_is_the_last_and_helps_with_something(scenario: Scenario) -> None:
    known = {point.id for point in scenario.key_points}

    assert [hint.level for hint in scenario.hints] == [1, 2, 3]
    assert all(set(hint.targets) <= known for hint in scenario.hints)


def test_an_essential_point_exists_and_the_level_expectations_grow(scenario: Scenario) -> None:
    everything = [point.id for point in scenario.key_points]
    mid, senior, staff = (
        set(everything if expected == "all" else expected)
        for expected in (
            scenario.level_expectations.mid,
            scenario.level_expectations.senior,
            scenario.level_expectations.staff,
        )
    )

    assert any(point.must for point in scenario.key_points)
    assert mid <= senior <= staff


def test_every_clarifying_question_finds_its_own_answer(scenario: Scenario, coach: Coach) -> None:
    for item in scenario.context:
        found = coach.context_for(scenario, item.question)

        assert found == item


def test_random_interviews_about_it_keep_the_rules(scenario: Scenario) -> None:
    rng = random.Random(scenario.id)

    for mode in ("practice", "mock"):
        for budget in (2, 6, 20):
            assert random_interview(rng, scenario, mode, budget).is_finished
