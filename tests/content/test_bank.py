"""Every shipped scenario interviews and grades as it should, and no two of them are the same."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library, lint_warnings, load_folder, read_scenario, scenario_paths
from interviewer.domain.scenario import Scenario
from interviewer.domain.tags import TECHNOLOGIES, TOPICS
from interviewer.domain.words import runs
from interviewer.flows.proving import CHECKS, FOREIGN_SCORE, score_of
from tests.builders import NOW
from tests.conftest import ROOT
from tests.domain.test_moves import random_interview

LIBRARY = load_folder(ROOT / "scenarios")
IDS = sorted(LIBRARY.scenarios)
SAME_QUESTION = 0.85  # cosine of two questions; the nearest pair that asks for different things has 0.78
SHARE_OF_ONE_TECHNOLOGY = 1 / 3


def foreign(scenario: Scenario, coach: Coach, prompts: PromptFiles, now: datetime) -> Iterator[str]:
    """The reference answer to a question of another topic earns little."""
    others = [other for other in LIBRARY.scenarios.values() if not set(scenario.topics) & set(other.topics)]
    other = random.Random(scenario.id).choice(others)
    if (score := score_of(scenario, coach, other.reference, now)) > FOREIGN_SCORE:
        yield f"the reference of {other.id} scores {score}"


HOLDS = {**CHECKS, "foreign": foreign}


@pytest.mark.parametrize("check", sorted(HOLDS))  # of one scenario after the other: what was embedded is still known
@pytest.mark.parametrize("id", IDS)
def test_it_holds(check: str, id: str, coach: Coach, prompts: PromptFiles) -> None:
    assert list(HOLDS[check](LIBRARY.scenarios[id], coach, prompts, NOW)) == []


def test_a_scenario_is_named_like_its_file_and_no_fact_was_old_when_it_was_reviewed() -> None:
    for path in scenario_paths(ROOT / "scenarios"):
        scenario = read_scenario(path)
        reviewed = scenario.provenance.reviewed_on or scenario.verified_on

        assert scenario.id == path.stem
        assert reviewed
        assert [str(warning) for warning in lint_warnings(path, scenario, reviewed)] == []


@pytest.mark.parametrize("id", IDS)
def test_random_interviews_about_it_keep_the_rules(id: str) -> None:
    rng = random.Random(id)

    for mode, budget in (("practice", 2), ("practice", 20), ("mock", 6)):
        assert random_interview(rng, LIBRARY.scenarios[id], mode, budget).is_finished


@pytest.mark.parametrize("id", IDS)
def test_no_question_or_hint_says_five_words_in_a_row_of_what_it_asks_for(id: str) -> None:
    scenario = LIBRARY.scenarios[id]
    told = [scenario.reference]
    for point in scenario.key_points:
        told += point.accepted
    answers = set[tuple[str, ...]]().union(*map(runs, told)) - runs(scenario.question)

    asked = [probe.ask for probe in scenario.probes] + [change.ask for change in scenario.constraint_changes]
    asked += [hint.text for hint in scenario.hints]

    assert [ask for ask in asked if runs(ask) & answers] == []


@pytest.mark.parametrize("id", IDS)
def test_a_hint_asks_one_question_at_most(id: str) -> None:
    assert [hint.text for hint in LIBRARY.scenarios[id].hints if hint.text.count("?") > 1] == []


def test_there_are_a_hundred_and_their_levels_are_balanced(library: Library) -> None:
    count = Counter(scenario.difficulty for scenario in library.scenarios.values())

    assert not library.problems
    assert count == {"easy": 20, "medium": 40, "hard": 40}


def test_each_has_what_an_interview_can_make_use_of(library: Library) -> None:
    for scenario in library.scenarios.values():
        assert scenario.constraint_changes, scenario.id
        assert scenario.exhibits, scenario.id
        assert scenario.mistakes, scenario.id
        assert scenario.story, scenario.id
        assert len(scenario.context) >= 4, scenario.id
        assert len({probe.type for probe in scenario.probes}) >= 3, scenario.id


def test_no_two_questions_are_nearly_the_same(library: Library, coach: Coach) -> None:
    questions = [library.scenarios[id].question for id in IDS]

    near = coach.alike(questions, questions)

    found = [(a, b) for i, a in enumerate(IDS) for j, b in enumerate(IDS[:i]) if near[i][j] >= SAME_QUESTION]
    assert found == []


def test_the_tags_are_those_of_the_list_and_no_technology_is_everywhere(library: Library) -> None:
    scenarios = library.scenarios.values()

    assert {topic for scenario in scenarios for topic in scenario.topics} <= set(TOPICS)
    assert {name for scenario in scenarios for name in scenario.technologies} <= set(TECHNOLOGIES)
    used = Counter(name for scenario in scenarios for name in scenario.technologies)
    assert used.most_common(1)[0][1] <= SHARE_OF_ONE_TECHNOLOGY * len(library.scenarios)


def test_each_was_read_a_second_time_and_says_what_was_found(library: Library) -> None:
    unread = [
        id
        for id, scenario in library.scenarios.items()
        if not (scenario.review and scenario.review.read_again_on and scenario.review.found)
    ]
    assert unread == []


def test_all_of_them_are_read_within_a_second_at_the_start_and_in_a_third_of_one_again() -> None:
    program = (
        "import time; from pathlib import Path; from interviewer.adapters.scenario_files import load_folder\n"
        "took = []\n"
        "for _ in range(4):\n"
        "    begun = time.process_time(); load_folder(Path('scenarios')); took.append(time.process_time() - begun)\n"
        "print(took[0], min(took[1:]))"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    first, again = map(float, run.stdout.split())

    assert first <= 1.0
    assert again <= 0.3
