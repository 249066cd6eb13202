"""What is true of PostgreSQL alone: restarts, broken connections, locks, and databases that cannot be used."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

from interviewer.adapters import database_connections
from interviewer.adapters.database import Database
from interviewer.domain.review import Rated, cards
from interviewer.errors import StorageError
from tests.adapters.test_database import MARKER, kept, rows
from tests.adapters.test_database_practice import PLAN
from tests.builders import NOW, a_drill, a_retry, a_turn, an_interview
from tests.conftest import ROOT
from tests.fakes.postgres import PostgresServer

AWAY = "The database cannot be reached"


@pytest.fixture
def own_url(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database() as address:
        yield address


@pytest.fixture
def database(own_url: str) -> Iterator[Database]:
    database = Database.open(own_url, wait_seconds=10)
    yield database
    database.close()


def administer(own_url: str, statement: str) -> None:
    with psycopg.connect(own_url, autocommit=True) as connection:
        connection.execute(statement)


def cut_off_once(database: Database, statement: str, *, at: str = "before_cursor_execute") -> None:
    """The server ends the connection, one time, before or after a statement that begins with these words."""
    left = [statement]

    def cut(connection: object, cursor: psycopg.Cursor, words: str, *_: object) -> None:
        if left and words.startswith(left[0]):
            left.clear()
            backend = cursor.connection.info.backend_pid
            administer(cursor.connection.info.dsn, f"SELECT pg_terminate_backend({backend}, 5000)")

    event.listen(database._connections._engine, at, cut)


# The server goes away


def test_a_restart_between_two_turns_is_not_noticed(database: Database, postgres: PostgresServer) -> None:
    stored = kept(database)
    postgres.stop()
    postgres.start()

    database.add_turn(stored.id, a_turn(1), owner="ann", key="k")

    assert len(database.load(stored.id, owner="ann").interview.turns) == 2


@pytest.mark.parametrize("abruptly", [False, True], ids=["restart", "crash"])
def test_a_server_that_is_away_for_a_moment_is_waited_for(
    abruptly: bool, database: Database, postgres: PostgresServer
) -> None:
    stored = kept(database)
    postgres.stop(abruptly=abruptly)
    back = threading.Timer(0.5, postgres.start)
    back.start()

    try:
        database.add_turn(stored.id, a_turn(1), owner="ann", key="k")
    finally:
        back.join()

    assert database.load(stored.id, owner="ann").interview.turns[1] == a_turn(1)


def test_a_server_that_stays_away_is_named_and_the_answer_can_be_sent_again(
    own_url: str, postgres: PostgresServer
) -> None:
    database = Database.open(own_url, wait_seconds=0.2)
    stored = kept(database)
    postgres.stop()
    try:
        with pytest.raises(StorageError, match=AWAY) as raised:
            database.add_turn(stored.id, a_turn(1, MARKER), owner="ann", key="k")
        with pytest.raises(StorageError, match=AWAY):
            database.load(stored.id, owner="ann")
    finally:
        postgres.start()

    assert MARKER not in "".join(traceback.format_exception(raised.value))
    database.add_turn(stored.id, a_turn(1, MARKER), owner="ann", key="k")
    assert len(database.load(stored.id, owner="ann").interview.turns) == 2
    database.close()


@pytest.mark.parametrize(
    ("at", "statement"),
    [("before_cursor_execute", "INSERT INTO turn"), ("after_cursor_execute", "UPDATE interview")],
    ids=["before it was written", "before it was committed"],
)
def test_a_turn_whose_connection_breaks_is_stored_once(at: str, statement: str, database: Database) -> None:
    stored = kept(database)
    cut_off_once(database, statement, at=at)

    database.add_turn(stored.id, a_turn(1), owner="ann", key="k")

    assert [turn.seq for turn in database.load(stored.id, owner="ann").interview.turns] == [0, 1]


def test_a_turn_that_was_stored_before_its_connection_broke_is_not_stored_again(database: Database) -> None:
    stored = kept(database)
    broken = []

    def break_after_commit(connection: psycopg.Connection, *_: object) -> None:
        if not broken:
            broken.append(connection.commit())
            administer(connection.info.dsn, f"SELECT pg_terminate_backend({connection.info.backend_pid}, 5000)")

    def commit(connection: object) -> None:
        break_after_commit(connection.connection.dbapi_connection)

    event.listen(database._connections._engine, "commit", commit)

    database.add_turn(stored.id, a_turn(1), owner="ann", key="k")

    assert broken
    assert [turn.seq for turn in database.load(stored.id, owner="ann").interview.turns] == [0, 1]


def test_how_an_attempt_ended_and_another_try_are_kept_although_the_connection_breaks(database: Database) -> None:
    stored = kept(database)
    attempt = database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)

    cut_off_once(database, "UPDATE attempt")
    database.save_partial(attempt, "Under", owner="ann")
    cut_off_once(database, "UPDATE attempt")
    database.end_attempt(attempt, "complete", owner="ann")
    cut_off_once(database, "INSERT INTO retry")
    database.add_retry(stored.id, a_retry(), owner="ann")

    ended = database.last_attempt(stored.id, owner="ann")
    assert (ended.status, ended.partial) == ("complete", "Under")
    assert database.retries(stored.id, owner="ann") == [a_retry()]


def test_what_was_practised_is_kept_once_though_the_connection_breaks(database: Database) -> None:
    kept(database)
    (card,) = cards("webhook-twice", [Rated("key", 0.0, False, NOW)])

    cut_off_once(database, "INSERT INTO drill")
    database.add_drill(a_drill(0, None), owner="ann")
    cut_off_once(database, "INSERT INTO drill")
    database.judge_drill(a_drill(0), owner="ann")
    cut_off_once(database, "INSERT INTO review_card")
    database.replace_review_cards("webhook-twice", [card], "mark", owner="ann")
    cut_off_once(database, "INSERT INTO plan")
    database.save_plan(PLAN, owner="ann")

    assert database.drills(owner="ann") == [a_drill(0)]
    assert database.review_cards(owner="ann") == [(card, "mark")]
    assert database.plan(owner="ann") == PLAN

    cut_off_once(database, "DELETE FROM plan")
    database.forget_plan(owner="ann")
    assert database.plan(owner="ann") is None


def test_what_has_no_key_is_not_done_twice_by_itself(database: Database) -> None:
    stored = kept(database)
    cut_off_once(database, "INSERT INTO attempt")

    with pytest.raises(StorageError, match=AWAY):
        database.begin_attempt(stored.id, owner="ann", kind="reply", turn=1)

    assert database.last_attempt(stored.id, owner="ann") is None


def test_a_server_that_takes_connections_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()

        with pytest.raises(StorageError, match=AWAY):
            Database.open(f"postgresql://ann@127.0.0.1:{silent.getsockname()[1]}/db", wait_seconds=0.1)

        assert time.monotonic() - began < 8


# Others at the same database


def test_another_program_that_holds_the_interview_is_waited_for_and_then_named(own_url: str) -> None:
    database = Database.open(own_url, wait_seconds=0.2)
    stored = kept(database)
    with psycopg.connect(own_url) as other:
        other.execute("SELECT id FROM interview FOR UPDATE")

        with pytest.raises(StorageError, match="Another program is using the database"):
            database.add_turn(stored.id, a_turn(1), owner="ann", key="k")
        assert database.load(stored.id, owner="ann") == stored

    assert database.add_turn(stored.id, a_turn(1), owner="ann", key="k").seq == 1
    database.close()


_OPENS = """
import sys
from interviewer.adapters.database import Database
import psycopg, sqlalchemy.dialects.postgresql.psycopg
print("ready", flush=True)
sys.stdin.readline()
Database.open(sys.argv[1]).close()
"""


def test_processes_that_start_at_once_on_an_empty_database_make_its_tables_once(own_url: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _OPENS, own_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(3)
    ]
    for process in processes:
        process.stdout.readline()
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()

    problems = [process.communicate(timeout=60)[1] for process in processes]

    assert problems == ["", "", ""]
    database = Database.open(own_url)
    assert database.history(owner="ann") == []
    database.close()


# Databases that cannot be used as they are


def test_a_database_that_turns_read_only_is_named_and_can_still_be_read(own_url: str) -> None:
    database = Database.open(f"{own_url}&options=-cdefault_transaction_read_only%3Doff")
    stored = kept(database)
    database.close()
    database = Database.open(f"{own_url}&options=-cdefault_transaction_read_only%3Don")

    with pytest.raises(StorageError, match="The database is read-only"):
        database.add_turn(stored.id, a_turn(1), owner="ann", key="k")

    assert database.load(stored.id, owner="ann") == stored
    database.close()


def test_a_database_that_cannot_hold_every_character_is_refused(postgres: PostgresServer) -> None:
    with (
        postgres.database("ENCODING LATIN1 TEMPLATE template0") as own_url,
        pytest.raises(StorageError, match="Make one with the encoding UTF8"),
    ):
        Database.open(own_url)


def test_a_database_that_does_not_exist_is_named_without_its_address(own_url: str) -> None:
    with pytest.raises(StorageError, match=AWAY) as raised:
        Database.open(own_url.replace("postgres@/", f"ann:{MARKER}@/no_"))

    assert MARKER not in "".join(traceback.format_exception(raised.value))


def test_the_database_of_another_app_is_refused(own_url: str) -> None:
    administer(own_url, "CREATE TABLE recipe (name TEXT)")

    with pytest.raises(StorageError, match="holds something else"):
        Database.open(own_url)


def test_times_are_the_same_wherever_the_server_says_it_is(own_url: str) -> None:
    administer(own_url, "ALTER ROLE postgres SET timezone = 'Pacific/Auckland'")
    try:
        database = Database.open(own_url)
        stored = kept(database)
        turn = database.add_turn(stored.id, a_turn(1, at=NOW + timedelta(hours=13)), owner="ann", key="k")
        database.close()
    finally:
        administer(own_url, "ALTER ROLE postgres RESET timezone")

    assert turn.at == NOW + timedelta(hours=13)
    assert (turn.at.tzinfo, stored.created_at.tzinfo, stored.interview.started_at) == (UTC, UTC, NOW)


FAILING = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"

def upgrade():
    op.create_table("note", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""


def test_an_upgrade_that_fails_changes_nothing(own_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(own_url)
    stored = kept(database, an_interview("It retries."))
    before = rows(database)
    database.close()
    later = Path(shutil.copytree(database_connections.MIGRATIONS, tmp_path / "migrations"))
    head = max(file.name[:4] for file in later.glob("versions/0*.py"))
    (later / "versions" / "9999_next.py").write_text(FAILING.format(head=head))

    with monkeypatch.context() as next_version:
        next_version.setattr(database_connections, "MIGRATIONS", later)
        with pytest.raises(StorageError, match="gave an error"):
            Database.open(own_url)

    database = Database.open(own_url)
    assert rows(database) == before
    assert database.load(stored.id, owner="ann") == stored
    database.close()
