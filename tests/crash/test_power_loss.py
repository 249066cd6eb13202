"""After a power failure at any moment, all that was acknowledged is there and the database is sound."""

from __future__ import annotations

import functools
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pytest
import sqlalchemy

from interviewer.adapters import database_connections
from interviewer.adapters.database import Database
from interviewer.errors import InterviewerError, NotFoundError
from tests.builders import a_retry, a_turn, an_assessment, an_interview
from tests.crash.apsw_driver import Driver
from tests.crash.power import Disk, Operation, Recorder, Survival, SyncFolder, Told, recording

ME = "me"
TURNS = 60

Recording = Callable[[str], list[Operation]]


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    """Holds interviews with the given `synchronous` and gives all that reached the files, with what was told when."""

    def record(synchronous: str) -> list[Operation]:
        def change(statement: str) -> str:
            return statement.replace("PRAGMA synchronous = FULL", f"PRAGMA synchronous = {synchronous}")

        with recording(f"recorder-{synchronous}") as recorder, monkeypatch.context() as patched:
            driver = Driver(f"recorder-{synchronous}", change)
            patched.setattr(
                database_connections, "create_engine", functools.partial(sqlalchemy.create_engine, module=driver)
            )
            patched.setattr(database_connections, "sync", lambda folder: recorder.operations.append(SyncFolder()))
            _hold_interviews(Database.open(f"sqlite:///{tmp_path / synchronous / 'interviews.sqlite3'}"), recorder)
        return recorder.operations

    return record


def _hold_interviews(database: Database, recorder: Recorder) -> None:
    def told(*fact: str) -> None:
        recorder.operations.append(Told(*fact))

    ids = []
    for number in range(3):
        stored = database.create(an_interview(), owner=ME, engine="coach", scenario_hash="hash")
        ids.append(stored.id)
        told("said", stored.id, stored.interview.turns[0].text)
        for seq in range(1, TURNS // 3 + 1):
            text = f"{number} {seq} " * 200
            database.add_turn(stored.id, a_turn(seq, text), owner=ME, key=f"{seq}")
            told("said", stored.id, text)
            if seq % 10 == 0:
                with database._connections._engine.execution_options(begins="").connect() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")  # as SQLite does every 1000 pages
        database.add_assessment(stored.id, an_assessment(), owner=ME)
        told("graded", stored.id)
        database.add_retry(stored.id, a_retry(), owner=ME)
        told("tried", stored.id)
    told("deleting", ids[0])
    database.delete(ids[0], owner=ME)
    told("deleted", ids[0])
    database.rate(ids[1], 3, owner=ME)
    told("rated", ids[1])
    database.close()


def _points(operations: list[Operation], random_: random.Random) -> list[int]:
    """Moments to fail at: most right after something was told, some anywhere, some while the database is made."""
    after_told = [place + 1 for place, operation in enumerate(operations) if isinstance(operation, Told)]
    made = after_told[0]
    return [*random_.sample(after_told, 20), *random_.sample(range(len(operations)), 12), *range(0, made, made // 8)]


def _lost(folder: Path, operations: list[Operation], survival: Survival, random_: random.Random) -> list[Told]:
    """What had been told before the power failed and is not there afterwards. Raises when the database is unsound."""
    folder.mkdir()
    for name, content in Disk(operations).survive(survival, random_).items():
        (folder / name).write_bytes(content)
    database = Database.open(f"sqlite:///{folder / 'interviews.sqlite3'}")
    try:
        with database._connections.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        told = [operation for operation in operations if isinstance(operation, Told)]
        deleting = {fact.id for fact in told if fact.what == "deleting"}
        return [
            fact for fact in told if fact.what == "deleted" or fact.id not in deleting if not _holds(database, fact)
        ]
    finally:
        database.close()


def _holds(database: Database, fact: Told) -> bool:
    try:
        whole = database.whole(fact.id, owner=ME)
    except NotFoundError:
        return fact.what == "deleted"
    return {
        "said": [turn.text for turn in whole.stored.interview.turns].count(fact.value) == 1,
        "graded": len(whole.assessments) == 1,
        "tried": len(whole.retries) == 1,
        "rated": whole.stored.self_rating == 3,
        "deleted": False,
    }[fact.what]


def _losing(folder: Path, operations: list[Operation], survival: Survival, synchronous: str) -> int:
    """After how many of the failures something is lost, or the database is unsound."""
    random_ = random.Random(1)
    points = _points(operations, random_)
    losing = 0
    for number, point in enumerate(points):
        try:
            losing += bool(_lost(folder / f"{number}", operations[:point], survival, random_))
        except (InterviewerError, AssertionError):
            losing += 1
    print(f"synchronous={synchronous}, of what was not synced {survival} survives: {losing} of {len(points)} lose")
    return losing


@pytest.mark.parametrize("survival", get_args(Survival))
def test_a_power_failure_loses_nothing_that_was_acknowledged(
    recorded: Recording, tmp_path: Path, survival: Survival
) -> None:
    assert _losing(tmp_path, recorded("FULL"), survival, "FULL") == 0


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_with_less_than_full_syncs_the_same_failures_lose_something(
    recorded: Recording, tmp_path: Path, synchronous: str
) -> None:
    assert _losing(tmp_path, recorded(synchronous), "nothing", synchronous) > 10
