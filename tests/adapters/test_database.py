"""What the store promises: nothing acknowledged is lost or doubled, nobody reads another's, and deleted is gone."""

from __future__ import annotations

import inspect
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event

from interviewer.adapters import database_connections
from interviewer.adapters.database import Database
from interviewer.adapters.database_tables import SCHEMA, schema_version, turns
from interviewer.adapters.scenario_files import scenario_hash
from interviewer.domain.budget import Call
from interviewer.domain.interview import Interview, Move, Usage
from interviewer.domain.moves import closing as closing_move
from interviewer.errors import ConflictError, NotFoundError, StorageError
from interviewer.flows.ports import StoredInterview
from tests.builders import NOW, a_retry, a_scenario, a_story, a_turn, an_assessment, an_interview

MARKER = "kingfisher-48151623"


@pytest.fixture
def opened(url: str) -> Iterator[Callable[..., Database]]:
    """Opens the database at `url`, as often as wanted."""
    databases: list[Database] = []

    def opening(**options: Any) -> Database:
        databases.append(Database.open(url, **options))
        return databases[-1]

    yield opening
    for database in databases:
        database.close()


@pytest.fixture
def database(opened: Callable[..., Database]) -> Database:
    return opened()


def kept(database: Database, interview: Interview | None = None, owner: str = "ann") -> StoredInterview:
    begun = interview or an_interview()
    return database.create(begun, owner=owner, engine="coach", scenario_hash=scenario_hash(begun.scenario))


def rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, table by table."""
    with database._connections.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in SCHEMA.sorted_tables
        }


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def every_connection(database: Database, statement: str) -> None:
    """Runs the statement on each connection before it is used, as a fault of the disk or the file would act."""

    def run(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(statement).close()

    event.listen(database._connections._engine, "checkout", run)


# What is kept


def test_a_reopened_database_gives_back_the_same_interview(opened: Callable[..., Database]) -> None:
    interview = an_interview("It retries.", "Why?", "Replies get lost.", mode="mock", level="staff", max_probes=3)
    first = opened()
    stored = kept(first, interview)
    first.close()

    again = opened().load(stored.id, owner="ann")

    assert again == stored
    assert again.interview == interview
    assert scenario_hash(again.interview.scenario) == again.scenario_hash
    assert (again.owner, again.engine) == ("ann", "coach")


def test_a_turn_comes_back_with_its_move_and_what_it_took(database: Database) -> None:
    stored = kept(database, an_interview("It retries."))
    move = Move(kind="hint", text="Think of the reply.", reason="asked for", hint_level=1, quote="It retries")
    usage = Usage(input_tokens=900, cached_tokens=800, output_tokens=41, seconds=1.25, estimated=True)
    turn = a_turn(
        2, move.text, role="interviewer", move=move, engine="a-model", note="cut", prompt_version="0a1b", usage=usage
    )

    assert database.add_turn(stored.id, turn, owner="ann", key="k") == turn
    assert database.load(stored.id, owner="ann").interview.turns[2] == turn


def test_times_come_back_in_utc(database: Database) -> None:
    summer = datetime(2026, 7, 1, 12, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=2)))
    stored = kept(database, an_interview(started_at=summer))

    turn = database.add_turn(stored.id, a_turn(1, at=summer), owner="ann", key="k")

    assert turn.at == stored.interview.started_at == summer
    assert turn.at.tzinfo == stored.interview.started_at.tzinfo == stored.created_at.tzinfo == UTC


@pytest.mark.parametrize(
    "text",
    [
        "تجربة \u202eabc\u202c",
        "👩\u200d💻 e\u0301 \u200b\ufeff",
        "a\r\nb\tc\x1b[31m",
        "'; DROP TABLE turn; --",
        "<|endoftext|>",
        " \n",
        "x" * 1_000_000,
    ],
    ids=["right to left", "joined", "control", "sql", "special token", "blank", "a megabyte"],
)
def test_text_is_kept_to_the_byte(database: Database, text: str) -> None:
    stored = kept(database)

    database.add_turn(stored.id, a_turn(1, text), owner="ann", key="k")

    assert database.load(stored.id, owner="ann").interview.turns[1].text == text


def test_nul_and_lone_surrogates_become_replacement_characters(database: Database) -> None:
    move = Move(kind="repeat", text="m\0", reason="r\ud83d", quote="\udc00q")
    stored = kept(database, an_interview("\ud83d\ude00 a\0b\ud83dc\ude00"), owner="ann\0")
    database.add_turn(stored.id, a_turn(2, role="interviewer", move=move), owner="ann\0", key="k\ud83d")
    attempt = database.begin_attempt(stored.id, owner="ann\0", kind="reply", turn=3)
    database.save_partial(attempt, "p\0", owner="ann\0")

    _, said, repeated = database.load(stored.id, owner="ann\0").interview.turns

    assert said.text == "😀 a\ufffdb\ufffdc\ufffd"
    assert repeated.move == Move(kind="repeat", text="m\ufffd", reason="r\ufffd", quote="\ufffdq")
    assert database.last_attempt(stored.id, owner="ann\0").partial == "p\ufffd"


def test_the_closing_turn_ends_the_interview(database: Database) -> None:
    stored = kept(database, an_interview("It retries."))
    move = closing_move("candidate")

    database.add_turn(stored.id, a_turn(2, move.text, role="interviewer", move=move), owner="ann", key="k")

    assert database.load(stored.id, owner="ann").interview.ended == "candidate"
    assert database.history(owner="ann")[0].ended == "candidate"


def test_an_invitation_to_add_something_does_not_end_it(database: Database) -> None:
    stored = kept(database, an_interview("It retries."))
    move = Move(kind="invite", text="Anything to add?", reason="covered", end="coverage")

    database.add_turn(stored.id, a_turn(2, move.text, role="interviewer", move=move), owner="ann", key="k")

    assert database.load(stored.id, owner="ann").interview.ended is None


def test_a_scenario_that_changes_later_leaves_the_interview_as_it_was(database: Database) -> None:
    stored = kept(database, an_interview(scenario=a_scenario(title="As it was asked")))
    kept(database, an_interview(scenario=a_scenario(title="As it is now")))

    assert database.load(stored.id, owner="ann").interview.scenario.title == "As it was asked"


def test_what_an_incompatible_version_stored_is_reported_and_not_quoted(database: Database) -> None:
    stored = kept(database, an_interview(MARKER))
    with database._connections.writing() as connection:
        connection.execute(turns.update().values(role="chorus"))

    with pytest.raises(StorageError, match="cannot read") as raised:
        database.load(stored.id, owner="ann")

    assert MARKER not in "".join(traceback.format_exception(raised.value))


# Once, and in order


def test_the_same_key_again_changes_nothing(database: Database) -> None:
    stored = kept(database)
    first = database.add_turn(stored.id, a_turn(1, "first"), owner="ann", key="k")
    before = rows(database)

    again = database.add_turn(stored.id, a_turn(1, "second", at=NOW + timedelta(days=1)), owner="ann", key="k")
    later = database.add_turn(stored.id, a_turn(7, "third"), owner="ann", key="k")

    assert again == later == first
    assert rows(database) == before


def test_the_same_key_in_another_interview_is_another_turn(database: Database) -> None:
    one, two = kept(database), kept(database)

    database.add_turn(one.id, a_turn(1, "one"), owner="ann", key="k")

    assert database.add_turn(two.id, a_turn(1, "two"), owner="ann", key="k").text == "two"


def test_a_second_tab_is_told_that_the_interview_went_on(opened: Callable[..., Database]) -> None:
    here, there = opened(), opened()
    stored = kept(here)
    here.add_turn(stored.id, a_turn(1, "here"), owner="ann", key="a")

    with pytest.raises(ConflictError, match=r"went on in another tab\. Reload"):
        there.add_turn(stored.id, a_turn(1, "there"), owner="ann", key="b")

    assert [turn.text for turn in there.load(stored.id, owner="ann").interview.answers] == ["here"]


def test_a_turn_that_would_leave_a_gap_is_refused(database: Database) -> None:
    stored = kept(database)

    with pytest.raises(ValueError, match="turn 2 cannot follow 1 turns"):
        database.add_turn(stored.id, a_turn(2), owner="ann", key="k")


def test_of_eight_tabs_at_once_one_is_first(opened: Callable[..., Database]) -> None:
    databases = [opened(), opened()]
    stored = kept(databases[0])
    together = threading.Barrier(8)

    def submit(tab: int) -> str:
        together.wait()
        try:
            return databases[tab % 2].add_turn(stored.id, a_turn(1, f"tab {tab}"), owner="ann", key=f"{tab}").text
        except ConflictError:
            return "conflict"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(submit, range(8)))

    assert outcomes.count("conflict") == 7
    assert databases[1].load(stored.id, owner="ann").interview.turns[1].text in outcomes


def test_a_double_click_is_one_turn(database: Database) -> None:
    stored = kept(database)
    together = threading.Barrier(8)

    def submit(_: int) -> str:
        together.wait()
        return database.add_turn(stored.id, a_turn(1), owner="ann", key="same").text

    with ThreadPoolExecutor(8) as pool:
        texts = set(pool.map(submit, range(8)))

    assert texts == {a_turn(1).text}
    assert len(database.load(stored.id, owner="ann").interview.turns) == 2


def test_twenty_threads_fill_twenty_interviews(database: Database) -> None:
    interviews = [kept(database, owner=f"owner {number}") for number in range(20)]

    def fill(number: int) -> None:
        for seq in range(1, 11):
            database.add_turn(
                interviews[number].id, a_turn(seq, f"{number}: {seq}"), owner=f"owner {number}", key=f"{seq}"
            )
            assert len(database.load(interviews[number].id, owner=f"owner {number}").interview.turns) == seq + 1

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(fill, range(20)))

    for number, stored in enumerate(interviews):
        turns = database.load(stored.id, owner=f"owner {number}").interview.turns
        assert [turn.text for turn in turns[1:]] == [f"{number}: {seq}" for seq in range(1, 11)]


# The history


def test_the_history_is_newest_first_with_the_newest_score(database: Database) -> None:
    older = kept(database, an_interview("It retries.", "Why?", "Replies get lost."))
    newer = kept(database, an_interview(scenario=a_scenario(id="other", title="Another one")))
    kept(database, owner="bob")
    database.add_assessment(older.id, an_assessment(score=80, signal="yes"), owner="ann")
    database.add_assessment(older.id, an_assessment(score=30, signal="no"), owner="ann")

    first, second = database.history(owner="ann")

    assert (first.id, first.scenario, first.title) == (newer.id, "other", "Another one")
    assert (first.answers, first.score, first.signal) == (0, None, None)
    assert (second.id, second.answers, second.score, second.signal) == (older.id, 2, 30, "no")
    assert second.updated_at > second.created_at
    assert second.created_at.tzinfo == UTC


def test_assessments_keep_every_version(opened: Callable[..., Database]) -> None:
    database = opened()
    stored = kept(database)
    grades = [an_assessment(), an_assessment(None, "missed", score=None, star=None), an_assessment()]

    assert [database.add_assessment(stored.id, grade, owner="ann") for grade in grades] == [1, 2, 3]
    assert opened().assessments(stored.id, owner="ann") == grades
    assert database.assessments(kept(database).id, owner="ann") == []


def test_what_the_candidate_thinks_of_it_is_kept_and_can_be_changed(opened: Callable[..., Database]) -> None:
    database = opened()
    stored = kept(database)
    assert stored.self_rating is None

    for rating in (1, 4, 2):
        database.rate(stored.id, rating, owner="ann")
        assert database.load(stored.id, owner="ann").self_rating == rating
    assert opened().load(stored.id, owner="ann").self_rating == 2
    assert database.load(kept(database).id, owner="ann").self_rating is None


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_a_rating_beyond_the_steps_is_refused(rating: int, database: Database) -> None:
    stored = kept(database)

    with pytest.raises(ValueError, match="1 to 4"):
        database.rate(stored.id, rating, owner="ann")
    assert database.load(stored.id, owner="ann").self_rating is None


def test_tries_come_back_in_the_order_they_were_made(opened: Callable[..., Database]) -> None:
    database = opened()
    stored = kept(database)
    later = a_retry(key="a", at=NOW + timedelta(minutes=20), verdict=an_assessment().point("cause").verdict)
    first = a_retry(key="b", answer="")

    for retry in (later, first):
        database.add_retry(stored.id, retry, owner="ann")

    assert opened().retries(stored.id, owner="ann") == [first, later]
    assert database.retries(kept(database).id, owner="ann") == []


def test_the_same_try_again_changes_nothing(database: Database) -> None:
    stored, other = kept(database), kept(database)
    database.add_retry(stored.id, a_retry(), owner="ann")
    before = rows(database)

    database.add_retry(stored.id, a_retry(answer="Something else."), owner="ann")

    assert rows(database) == before
    database.add_retry(other.id, a_retry(), owner="ann")
    assert len(database.retries(other.id, owner="ann")) == 1, "the same key in another interview is another try"


# Attempts


def test_an_attempt_keeps_what_had_come_and_how_it_ended(database: Database) -> None:
    stored = kept(database, an_interview("It retries."))
    assert database.last_attempt(stored.id, owner="ann") is None

    attempt = database.begin_attempt(stored.id, owner="ann", kind="reply", turn=2)
    running = database.last_attempt(stored.id, owner="ann")
    database.save_partial(attempt, "Under", owner="ann")
    database.save_partial(attempt, "Understood. Wh", owner="ann")
    database.end_attempt(attempt, "failed", error="no answer in time", owner="ann")
    ended = database.last_attempt(stored.id, owner="ann")

    assert (running.status, running.partial, running.error) == ("running", "", "")
    assert (ended.id, ended.interview, ended.kind, ended.turn) == (attempt, stored.id, "reply", 2)
    assert (ended.status, ended.partial, ended.error) == ("failed", "Understood. Wh", "no answer in time")
    assert ended.started_at.tzinfo == UTC


def test_the_last_attempt_is_the_newest_one(database: Database) -> None:
    stored = kept(database)
    database.end_attempt(database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1), "failed", owner="ann")

    newest = database.begin_attempt(stored.id, owner="ann", kind="grade", turn=1)

    assert database.last_attempt(stored.id, owner="ann").id == newest


def test_the_last_attempt_can_be_asked_for_by_kind_and_before_another(database: Database) -> None:
    stored = kept(database)
    kinds = ("grade", "reply", "grade", "reply")
    first, _, third, last = (database.begin_attempt(stored.id, owner="ann", kind=kind, turn=1) for kind in kinds)

    def found(**options: Any) -> int | None:
        attempt = database.last_attempt(stored.id, owner="ann", **options)
        return attempt.id if attempt else None

    assert (found(), found(kind="grade"), found(kind="grade", before=third)) == (last, third, first)
    assert found(kind="grade", before=first) is None


def test_at_start_running_attempts_become_interrupted(opened: Callable[..., Database]) -> None:
    crashed = opened()
    stored = kept(crashed)
    crashed.end_attempt(crashed.begin_attempt(stored.id, owner="ann", kind="reply", turn=1), "complete", owner="ann")
    crashed.save_partial(crashed.begin_attempt(stored.id, owner="ann", kind="reply", turn=1), "half a rep", owner="ann")
    database = opened()

    assert database.interrupt_running() == 1
    assert database.interrupt_running() == 0

    attempt = database.last_attempt(stored.id, owner="ann")
    assert (attempt.status, attempt.partial) == ("interrupted", "half a rep")


def test_an_attempt_whose_end_could_not_be_stored_is_interrupted_when_the_next_one_begins(database: Database) -> None:
    stored, other = kept(database), kept(database)
    lost = database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)
    grade = database.begin_attempt(stored.id, owner="ann", kind="grade", turn=1)
    elsewhere = database.begin_attempt(other.id, owner="ann", kind="reply", turn=1)

    again = database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)

    statuses = {id: status for id, _, _, _, status, *_ in rows(database)["attempt"]}
    assert statuses == {lost: "interrupted", grade: "running", elsewhere: "running", again: "running"}


def test_a_late_reply_to_a_deleted_interview_reaches_nobody(database: Database) -> None:
    deleted = kept(database)
    late = database.begin_attempt(deleted.id, owner="ann", kind="reply", turn=1)
    database.delete(deleted.id, owner="ann")
    other = kept(database, owner="bob")
    database.begin_attempt(other.id, owner="bob", kind="reply", turn=1)

    with pytest.raises(NotFoundError):
        database.save_partial(late, MARKER, owner="ann")
    with pytest.raises(NotFoundError):
        database.end_attempt(late, "complete", owner="ann")

    assert database.last_attempt(other.id, owner="bob").partial == ""


# Owners

# What is of nobody: the file itself, and what shows nothing of anybody. A new function belongs here only with a reason.
WITHOUT_OWNER = {"open", "close", "notes", "interrupt_running", "calls_of_all", "delete_before"}
OF_ATTEMPT = {"save_partial", "end_attempt"}
WITHOUT_ID = {"create", "history", "delete_all", "calls", "grades", "save_story", "stories", "take_in"}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "load": {},
    "add_turn": {"turn": a_turn(1), "key": "k"},
    "begin_attempt": {"kind": "reply", "turn": 1},
    "last_attempt": {},
    "add_assessment": {"assessment": an_assessment()},
    "assessments": {},
    "rate": {"rating": 3},
    "add_call": {"call": Call("model", Usage(input_tokens=10, output_tokens=2), 0.01)},
    "add_retry": {"retry": a_retry()},
    "retries": {},
    "save_scratchpad": {"text": "mine now"},
    "scratchpad": {},
    "whole": {},
    "delete": {},
    "delete_story": {},
}


def public_functions() -> set[str]:
    return {name for name in vars(Database) if not name.startswith("_")}


def test_every_function_takes_the_owner() -> None:
    for name in public_functions() - WITHOUT_OWNER:
        owner = inspect.signature(getattr(Database, name)).parameters.get("owner")
        assert owner, f"{name} does not take the owner"
        assert owner.kind is owner.KEYWORD_ONLY
        assert owner.default is owner.empty


@pytest.mark.parametrize("name", sorted(public_functions() - WITHOUT_OWNER - WITHOUT_ID - OF_ATTEMPT))
def test_the_id_of_another_owner_is_not_found(database: Database, name: str) -> None:
    stored = kept(database, an_interview(MARKER))
    database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)
    database.add_assessment(stored.id, an_assessment(), owner="ann")
    before = rows(database)
    messages = set()

    for id, owner in [(stored.id, "eve"), (stored.id, ""), ("no such id", "eve"), ("\ud83d\0", "ann"), ("%", "ann")]:
        with pytest.raises(NotFoundError) as raised:
            getattr(database, name)(id, owner=owner, **ARGUMENTS[name])
        messages.add(str(raised.value))

    assert len(messages) == 1
    assert rows(database) == before


@pytest.mark.parametrize(("name", "words"), [("save_partial", MARKER), ("end_attempt", "complete")])
def test_the_attempt_of_another_owner_is_not_changed(database: Database, name: str, words: str) -> None:
    stored = kept(database)
    attempt = database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)
    kept(database, owner="eve")
    before = rows(database)

    with pytest.raises(NotFoundError):
        getattr(database, name)(attempt, words, owner="eve")

    assert rows(database) == before


def test_the_calls_of_another_owner_are_not_told_and_only_their_figures_are_in_the_sum_of_all(
    database: Database,
) -> None:
    stored = kept(database)
    call = Call("model", Usage(input_tokens=10, output_tokens=2), 0.01)
    database.add_call(stored.id, call, owner="ann")

    assert database.calls(owner="eve") == database.calls(owner="eve", id=stored.id) == []
    assert database.calls_of_all(since=NOW - timedelta(days=10_000)) == [call]


def test_deleting_gives_no_spent_budget_back(database: Database) -> None:
    first, second = kept(database), kept(database)
    call = Call("model", Usage(input_tokens=10, output_tokens=2), 0.01)
    database.add_call(first.id, call, owner="ann")
    database.add_call(second.id, call, owner="ann")
    database.delete(first.id, owner="ann")
    database.add_call(None, call, owner="ann")

    database.delete_all(owner="ann")

    assert len(database.calls(owner="ann", since=NOW - timedelta(days=10_000))) == 3


def test_a_story_is_kept_over_its_earlier_form_and_the_last_one_changed_comes_first(
    opened: Callable[..., Database],
) -> None:
    database = opened()
    first, second = a_story(), a_story(title="The bill", updated_at=NOW + timedelta(hours=1))
    database.save_story(first, owner="ann")
    database.save_story(second, owner="ann")
    changed = first.model_copy(update={"result": "Down to 3 hours.", "updated_at": NOW + timedelta(hours=2)})

    database.save_story(changed, owner="ann")

    assert opened().stories(owner="ann") == [changed, second]


def test_a_story_is_its_owners_alone(database: Database) -> None:
    story = a_story(title=MARKER)
    database.save_story(story, owner="ann")
    before = rows(database)

    assert database.stories(owner="eve") == []
    with pytest.raises(NotFoundError):
        database.save_story(story.model_copy(update={"title": "Mine now"}), owner="eve")
    with pytest.raises(NotFoundError):
        database.delete_story(story.id, owner="eve")
    assert database.delete_all(owner="eve") == 0
    assert rows(database) == before


def test_a_deleted_story_leaves_no_trace(database: Database, path: Path) -> None:
    for remove in (lambda id: database.delete_story(id, owner="ann"), lambda id: database.delete_all(owner="ann")):
        story = a_story(action=MARKER)
        database.save_story(story, owner="ann")
        assert traces(path)

        remove(story.id)

        assert database.stories(owner="ann") == []
        assert traces(path) == []


def test_a_story_goes_from_the_copy_that_an_upgrade_made(
    opened: Callable[..., Database], path: Path, next_version: Callable[[str], None]
) -> None:
    old = opened()
    story = a_story(action=MARKER)
    old.save_story(story, owner="ann")
    old.close()
    next_version(UPGRADE)
    database = opened()
    assert traces(path)

    database.delete_story(story.id, owner="ann")

    assert traces(path) == []


def test_a_story_that_nobody_touched_for_long_goes_with_the_rest(database: Database) -> None:
    old, fresh = a_story(), a_story(updated_at=NOW + timedelta(days=9))
    for story in (old, fresh):
        database.save_story(story, owner="ann")

    database.delete_before(NOW + timedelta(days=5))

    assert database.stories(owner="ann") == [fresh]


def test_the_grades_of_an_owner_are_the_newest_of_each_interview(database: Database) -> None:
    first, second, bobs = kept(database), kept(database), kept(database, owner="bob")
    kept(database)
    for id, owner, kinds in [
        (first.id, "ann", ("missed", "missed")),
        (first.id, "ann", ("covered", "partial")),
        (second.id, "ann", ("missed", "covered")),
        (bobs.id, "bob", ("covered", "covered")),
    ]:
        database.add_assessment(id, an_assessment(None, *kinds), owner=owner)

    grades = database.grades(owner="ann")

    assert [grade.interview for grade in grades] == [first.id, second.id]
    assert grades[0].credits == {"cause": 1.0, "key": 0.5, "reply": 0.0, "check": 0.0}
    assert (grades[0].scenario, grades[0].mode) == ("webhook-twice", "practice")
    newest = database.assessments(first.id, owner="ann")[-1]
    assert (grades[0].score, grades[0].signal, grades[0].at) == (newest.score, newest.signal, newest.at)


def test_a_point_that_was_not_graded_has_no_credit_of_its_own(database: Database) -> None:
    stored = kept(database)
    graded = an_assessment()
    open_point = graded.points[0].model_copy(update={"credit": None})
    left_open = graded.model_copy(update={"points": (open_point, *graded.points[1:])})
    database.add_assessment(stored.id, left_open, owner="ann")

    assert "cause" not in database.grades(owner="ann")[0].credits


def test_what_an_interview_leans_to_is_kept(database: Database) -> None:
    stored = kept(database, an_interview(leaning=("Kafka", "late-data")))

    assert database.load(stored.id, owner="ann").interview.leaning == ("Kafka", "late-data")


def test_another_owner_has_no_history_and_deletes_nothing(database: Database) -> None:
    kept(database)
    before = rows(database)

    assert database.history(owner="eve") == []
    assert database.delete_all(owner="eve") == 0
    assert rows(database) == before


def test_ids_cannot_be_guessed(database: Database) -> None:
    ids = {kept(database).id for _ in range(20)}

    assert len(ids) == 20
    assert all(len(id) >= 32 for id in ids)


# Deleting


def traces(path: Path) -> list[str]:
    return [file.name for file in sorted(path.parent.iterdir()) if MARKER.encode() in file.read_bytes()]


def a_life(database: Database, owner: str, word: str) -> StoredInterview:
    """An interview in which every text column holds the word, with pages written, rewritten and filled up."""
    stored = kept(database, an_interview(scenario=a_scenario(title=word)), owner=owner)
    for seq in range(1, 9):
        text = f"{word} " * random.Random(seq).randrange(1, 200)
        database.add_turn(stored.id, a_turn(seq, text, note=word), owner=owner, key=f"{word}-{seq}")
        attempt = database.begin_attempt(stored.id, owner=owner, kind="reply", turn=seq)
        for length in range(100, 2000, 400):
            database.save_partial(attempt, (word * 100)[:length], owner=owner)
        database.end_attempt(attempt, "failed", error=word, owner=owner)
    database.add_assessment(stored.id, an_assessment(signal_reason=word), owner=owner)
    database.add_retry(stored.id, a_retry(key=word, answer=word), owner=owner)
    return stored


def test_after_deleting_no_byte_is_left_in_any_file(database: Database, path: Path) -> None:
    a_life(database, "bob", "before")
    stored = a_life(database, "ann", MARKER)
    kept_one = a_life(database, "bob", "after")
    assert traces(path)

    database.delete(stored.id, owner="ann")

    assert traces(path) == []
    assert len(database.load(kept_one.id, owner="bob").interview.turns) == 9


def test_deleting_everything_of_one_owner_leaves_the_others(database: Database, path: Path) -> None:
    lives = [a_life(database, owner, MARKER if owner == "ann" else "other") for owner in ("ann", "bob", "ann")]

    assert database.delete_all(owner="ann") == 2

    assert traces(path) == []
    assert database.history(owner="ann") == []
    assert [line.id for line in database.history(owner="bob")] == [lives[1].id]


def test_a_reader_that_keeps_deleted_text_in_the_files_is_reported(opened: Callable[..., Database], path: Path) -> None:
    database = opened(wait_seconds=0.1)
    stored = kept(database)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turn").fetchone()

        with pytest.raises(StorageError, match="traces may remain"):
            database.delete(stored.id, owner="ann")

    with pytest.raises(NotFoundError):
        database.load(stored.id, owner="ann")


# Faults


def assert_says(raised: pytest.ExceptionInfo[StorageError], words: str) -> None:
    shown = "".join(traceback.format_exception(raised.value))
    assert words in str(raised.value)
    assert MARKER not in shown
    assert "INSERT" not in shown


def test_a_full_disk_is_named_and_nothing_acknowledged_is_lost(database: Database, path: Path) -> None:
    stored = kept(database)
    every_connection(database, "PRAGMA max_page_count = 40")
    acknowledged: list[int] = []

    def add_until_it_fails() -> None:
        for seq in range(1, 1000):
            database.add_turn(stored.id, a_turn(seq, MARKER * 100), owner="ann", key=f"{seq}")
            acknowledged.append(seq)

    with pytest.raises(StorageError) as raised:
        add_until_it_fails()

    assert_says(raised, "The disk is full, so nothing was saved.")
    assert len(acknowledged) > 3
    assert [turn.seq for turn in database.load(stored.id, owner="ann").interview.answers] == acknowledged

    every_connection(database, "PRAGMA max_page_count = 1000000")
    database.add_turn(stored.id, a_turn(acknowledged[-1] + 1), owner="ann", key="after")


def test_another_program_that_writes_is_waited_for_and_then_named(opened: Callable[..., Database], path: Path) -> None:
    database = opened(wait_seconds=0.2)
    stored = kept(database)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageError) as raised:
            database.add_turn(stored.id, a_turn(1, MARKER), owner="ann", key="k")

        assert database.load(stored.id, owner="ann") == stored
        other.execute("COMMIT")

    assert_says(raised, "Another program is using the database")
    assert database.add_turn(stored.id, a_turn(1, MARKER), owner="ann", key="k").seq == 1


def test_a_database_that_turns_read_only_is_named_and_can_still_be_read(database: Database, path: Path) -> None:
    stored = kept(database)
    every_connection(database, "PRAGMA query_only = ON")

    with pytest.raises(StorageError) as raised:
        database.add_turn(stored.id, a_turn(1, MARKER), owner="ann", key="k")

    assert_says(raised, "The database is read-only")
    assert database.load(stored.id, owner="ann") == stored


def test_a_read_only_file_is_refused_at_the_start(opened: Callable[..., Database], path: Path) -> None:
    opened().close()
    path.chmod(0o400)

    with pytest.raises(StorageError, match="The database is read-only"):
        opened()


def test_a_damaged_file_is_refused_at_the_start(opened: Callable[..., Database], path: Path) -> None:
    database = opened()
    a_life(database, "ann", MARKER)
    database.close()
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)

    with pytest.raises(StorageError) as raised:
        opened()

    assert_says(raised, "The database is damaged")


def test_damage_that_happens_later_is_named(database: Database, path: Path) -> None:
    stored = kept(database)
    database._connections._forget_deleted()
    database.close()
    content = path.read_bytes()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (len(content) - 4096))

    with pytest.raises(StorageError) as raised:
        database.load(stored.id, owner="ann")

    assert_says(raised, "The database is damaged")


def test_another_kind_of_file_is_refused_and_left_alone(opened: Callable[..., Database], path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 500)

    with pytest.raises(StorageError, match="not a database"):
        opened()

    assert path.read_text() == "Dear diary, " * 500


def test_the_database_of_another_app_is_refused(opened: Callable[..., Database], path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")

    with pytest.raises(StorageError, match="holds something else"):
        opened()

    assert len(dump(path)) == 3


def test_a_file_that_vanishes_takes_no_more_writes(database: Database, path: Path) -> None:
    stored = kept(database)
    moved = path.rename(path.with_name("elsewhere.sqlite3"))

    with pytest.raises(StorageError, match="moved or deleted"):
        database.add_turn(stored.id, a_turn(1), owner="ann", key="k")
    with pytest.raises(StorageError, match="moved or deleted"):
        database.load(stored.id, owner="ann")

    assert not path.exists()
    moved.rename(path)
    assert database.add_turn(stored.id, a_turn(1), owner="ann", key="k").seq == 1


def test_a_network_file_system_is_refused(
    opened: Callable[..., Database], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/disk / ext4 rw 0 0\nserver:/share {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(database_connections, "MOUNTS", mounts)

    with pytest.raises(StorageError, match="network file system"):
        opened()

    assert not path.parent.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "no address",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://user:secret@host/name",
        "postgresql+no://secret@h/n",
    ],
)
def test_an_address_that_cannot_work_is_refused_without_being_quoted(address: str) -> None:
    with pytest.raises(StorageError, match="database address") as raised:
        Database.open(address)

    assert "secret" not in "".join(traceback.format_exception(raised.value))


# Files and versions


def test_only_the_owner_can_read_the_files(database: Database, path: Path) -> None:
    kept(database)

    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_a_file_that_others_can_read_is_noted(opened: Callable[..., Database], path: Path) -> None:
    assert not any("0600" in note for note in opened().notes)
    path.chmod(0o644)

    assert any("0600" in note for note in opened().notes)


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 54, 0), False),
    ],
)
def test_versions_of_sqlite_with_the_checkpoint_fault_are_known(version: tuple[int, int, int], faulty: bool) -> None:
    assert database_connections.has_wal_reset_fault(version) is faulty


def test_commits_reach_the_disk_before_they_are_acknowledged(database: Database, path: Path) -> None:
    settings = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "trusted_schema": 0}

    with database._connections.reading() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in settings}

    assert found == settings


def shape(connection: Connection) -> dict[str, list[str]]:
    """All that the tables are, with the names that a later migration may go by, and which schema they say they are."""
    found = sqlalchemy.inspect(connection)
    asked = (found.get_columns, found.get_foreign_keys, found.get_unique_constraints, found.get_indexes)
    tables = {
        name: [str(found.get_pk_constraint(name)), *sorted(str(thing) for ask in asked for thing in ask(name))]
        for name in found.get_table_names()
    }
    return {**tables, "version": [connection.execute(schema_version.select()).scalar_one()]}


def test_a_new_database_is_what_the_migrations_would_have_made(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(database_connections.MIGRATIONS))
    with database._connections.reading() as connection:
        new = shape(connection)
    with database._connections.writing() as connection:
        SCHEMA.drop_all(connection)
        schema_version.drop(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    with database._connections.reading() as connection:
        assert shape(connection) == new
        assert compare_metadata(MigrationContext.configure(connection), SCHEMA) == []


def test_one_file_can_be_opened_by_many_at_once(opened: Callable[..., Database]) -> None:
    with ThreadPoolExecutor(8) as pool:
        databases = list(pool.map(lambda _: opened(), range(8)))

    assert len({kept(database).id for database in databases}) == 8
    assert len(databases[0].history(owner="ann")) == 8


def test_several_new_files_can_be_made_at_once(tmp_path: Path) -> None:
    together = threading.Barrier(8)

    def make(number: int) -> int:
        together.wait()
        with closing(Database.open(f"sqlite:///{tmp_path}/{number}/interviews.sqlite3")) as database:
            kept(database)
            return len(database.history(owner="ann"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(make, range(8))) == [1] * 8


NEWEST = max(file.name for file in database_connections.MIGRATIONS.glob("versions/*.py")).split("_")[0]
UPGRADE = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{NEWEST}"

def upgrade():
    op.create_table("note", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("interview", recreate="always") as table:
        table.add_column(sa.Column("colour", sa.Text))
"""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes the app a later version of itself, with the given migration after the newest."""

    def become(migration: str) -> None:
        folder = Path(shutil.copytree(database_connections.MIGRATIONS, tmp_path / "migrations"))
        (folder / "versions" / "next.py").write_text(migration)
        monkeypatch.setattr(database_connections, "MIGRATIONS", folder)

    return become


def test_an_upgrade_keeps_everything_and_a_copy(
    opened: Callable[..., Database], path: Path, next_version: Callable[[str], None]
) -> None:
    old = opened()
    stored = a_life(old, "ann", MARKER)
    before = old.load(stored.id, owner="ann")
    old.close()
    next_version(UPGRADE)

    database = opened()

    copy = path.with_name(f"{path.name}-{NEWEST}.backup")
    assert database.load(stored.id, owner="ann") == before
    assert len(database.assessments(stored.id, owner="ann")) == 1
    assert any("colour" in line for line in dump(path))
    assert not any("colour" in line for line in dump(copy))
    assert sum(line.startswith('INSERT INTO "turn"') for line in dump(copy)) == 9
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    database.delete(stored.id, owner="ann")
    assert traces(path) == []


def test_an_upgrade_that_fails_changes_nothing(
    opened: Callable[..., Database], path: Path, next_version: Callable[[str], None]
) -> None:
    database = opened()
    stored = kept(database)
    database.close()
    before = dump(path)
    next_version(UPGRADE + "    op.execute('INSERT INTO nowhere VALUES (1)')\n")

    with pytest.raises(StorageError, match="gave an error"):
        opened()

    assert dump(path) == before
    database_connections.MIGRATIONS.joinpath("versions", "next.py").unlink()
    assert opened().load(stored.id, owner="ann") == stored


def test_the_database_of_a_newer_version_is_refused_and_left_alone(
    opened: Callable[..., Database], path: Path, next_version: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(database_connections, "MIGRATIONS", database_connections.MIGRATIONS)
        next_version(UPGRADE)
        database = opened()
        kept(database)
        database.close()
    before = dump(path)

    with pytest.raises(StorageError, match=r"newer version of the app .* Install that version"):
        opened()

    assert dump(path) == before


# Killed

KILLS = 10
# Imports once and forks for every round, so that ten kills cost ten forks and not ten starts of Python.
PROGRAM = """
import os, random, signal, sys, time
import psycopg, sqlalchemy.dialects.postgresql.psycopg
from interviewer.adapters.database import Database
from tests.builders import a_turn

url, id, kills = sys.argv[1], sys.argv[2], int(sys.argv[3])

def write(round):
    database = Database.open(url)
    seq = len(database.load(id, owner="ann").interview.turns)
    os.write(ready, b"!")
    while True:
        text = f"{round} {seq}"
        database.add_turn(id, a_turn(seq, text), owner="ann", key=text)
        os.write(1, f"{text}\\n".encode())
        seq += 1

writes, ready = os.pipe()
for round in range(kills):
    child = os.fork()
    if child == 0:
        write(round)
    os.read(writes, 1)
    time.sleep(random.uniform(0.01, 0.2))
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
"""


def test_a_killed_process_loses_and_doubles_nothing_that_it_acknowledged(
    opened: Callable[..., Database], url: str
) -> None:
    database = opened()
    stored = kept(database)
    database.close()
    root = Path(__file__).parents[2]

    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, url, stored.id, str(KILLS)],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr

    acknowledged = result.stdout.split("\n")[:-1]
    turns = opened().load(stored.id, owner="ann").interview.turns[1:]
    texts = [turn.text for turn in turns]
    assert len(acknowledged) > KILLS
    assert [turn.seq for turn in turns] == list(range(1, len(turns) + 1))
    assert set(acknowledged) <= set(texts)
    assert max(Counter(texts).values()) == 1
    assert len(texts) - len(acknowledged) <= KILLS  # at most one turn a kill was kept and not yet acknowledged
