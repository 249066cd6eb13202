"""A report stands beside the other grades of its interview and the last attempt at its scenario."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.database import Database
from interviewer.domain.moves import closing
from interviewer.flows.ports import StoredInterview
from interviewer.flows.reporting import beside, last_attempt
from tests.builders import a_grade, an_interview

SAID = "The provider retries after a timeout."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")
    yield database
    database.close()


def kept(store: Database, *scores: int | None, owner: str = "me", **terms: Any) -> StoredInterview:
    """A finished interview with a grade for each of these scores."""
    interview = an_interview(SAID, closing("candidate"), **terms)
    stored = store.create(interview, owner=owner, engine="coach", scenario_hash="hash")
    for score in scores:
        store.add_assessment(stored.id, a_grade(interview, {}, score=score), owner=owner)
    return stored


def test_the_newest_grade_of_the_last_attempt_before_this_one_is_compared(store: Database) -> None:
    kept(store, 10)
    kept(store, 20, 30)
    this = kept(store, 40)
    kept(store, 50)

    before = last_attempt(store, this)

    assert before is not None
    assert before.score == 30


def test_there_is_no_last_attempt_in_another_round_another_persons_or_one_without_a_score(store: Database) -> None:
    kept(store, 10, mode="story")
    kept(store, 20, owner="somebody else")
    kept(store, None)
    kept(store)

    assert last_attempt(store, kept(store, 40)) is None


def test_all_grades_of_the_interview_stand_side_by_side(store: Database) -> None:
    found = beside(store, kept(store, 10, 20))

    assert [grade.score for grade in found.grades] == [10, 20]
    assert found.retries == ()
