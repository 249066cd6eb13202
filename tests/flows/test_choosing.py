"""Choosing what to practise, with the coach and a store that are real."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.scenario_files import Library
from interviewer.domain.job import CHARACTERS
from interviewer.domain.story import as_story
from interviewer.errors import InputError
from interviewer.flows.choosing import job_text, scenarios_of_job, stories_about, suggested
from tests.builders import a_scenario, a_story, an_assessment, an_interview

STREAMING = """# Data engineer, streaming
You build real-time pipelines with Kafka and Flink that count events within seconds.
We offer 30 days of holidays and a competitive salary.
"""
BILLS = "You explain our monthly AWS bill to finance and bring egress charges down. Free fruit and a gym."
JOIN = a_story(tags=())
CART = a_story(
    title="Two carts",
    situation="Two regions accepted writes to the same shopping cart, and the totals diverged.",
    task="No cart may lose an item.",
    action="I introduced version vectors and a merge rule.",
    tags=("Consistency",),
)
HIRING = a_story(
    title="Hiring",
    situation="We had nobody to run the tour.",
    task="Find two guides by May.",
    action="I asked friends to sing.",
    tags=(),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path}/interviews.sqlite3")
    yield database
    database.close()


@pytest.fixture(scope="module")
def by_words_alone(tmp_path_factory: pytest.TempPathFactory) -> Coach:
    return Coach.load(tmp_path_factory.mktemp("no model here"))


@pytest.mark.parametrize(("job", "best"), [(STREAMING, "hard-34"), (BILLS, "hard-35")])
def test_the_scenarios_of_a_job_are_ranked_with_and_without_the_embedded_model(
    coach: Coach, by_words_alone: Coach, library: Library, job: str, best: str
) -> None:
    some = [scenario for id, scenario in library.scenarios.items() if "hard-31" <= id <= "hard-40"]
    for matcher in (coach, by_words_alone):
        matches = scenarios_of_job(job, some, matcher)

        assert matches[0].scenario == best
        assert len(matches) == len(some)
        assert "holidays" not in matches[0].line


def test_a_job_description_that_is_empty_or_endless_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="Paste the job description"):
        job_text(" \n ")
    with pytest.raises(InputError, match="30,001 characters; at most 30,000"):
        job_text("x" * (CHARACTERS + 1))
    assert job_text(f" {'x' * CHARACTERS} ") == "x" * CHARACTERS


def test_the_story_that_fits_a_scenario_is_offered_and_one_about_something_else_is_not(
    coach: Coach, library: Library
) -> None:
    stories = [HIRING, CART, JOIN]

    assert stories_about(library.scenarios["hard-32"], stories, coach)[0] == JOIN
    assert stories_about(library.scenarios["hard-40"], stories, coach) == [CART]
    assert stories_about(as_story(library.scenarios["hard-32"]), stories, coach)[0] == JOIN
    assert all(HIRING not in stories_about(scenario, stories, coach) for scenario in library.scenarios.values())


def test_a_shared_tag_brings_a_story_nearer(coach: Coach, library: Library) -> None:
    scenario = library.scenarios["hard-35"]
    told = a_story(title="A question", situation="Someone asked a question.", task="", action="", tags=())
    untagged = stories_about(scenario, [told], coach)

    tagged = stories_about(scenario, [told.model_copy(update={"tags": ("AWS", "Cost", "networking")})], coach)

    assert untagged == []
    assert len(tagged) == 1


def test_a_blank_story_fits_nothing(coach: Coach, library: Library) -> None:
    blank = a_story(title="", situation="", task="", action="", result="", tags=())

    assert stories_about(library.scenarios["hard-32"], [blank], coach) == []


def test_what_was_begun_today_is_not_suggested_and_what_was_begun_yesterday_is(database: Database) -> None:
    only = a_scenario()
    stored = database.create(an_interview(), owner="ann", engine="coach", scenario_hash="x")
    database.add_assessment(stored.id, an_assessment(), owner="ann")

    history, grades = database.history(owner="ann"), database.grades(owner="ann")
    assert suggested([only], history, grades, stored.created_at - timedelta(hours=1)) is None
    tomorrow = suggested([only], history, grades, stored.created_at + timedelta(hours=1))
    assert tomorrow is not None
    assert tomorrow.kind == "weak"
