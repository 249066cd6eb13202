"""What a person sees, and what is kept, when the disk, the file, the clock or the process fails."""

from __future__ import annotations

import itertools
import logging
import os
import runpy
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from interviewer.adapters import database_connections
from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.bootstrap import build, steady_clock
from interviewer.cli import commands
from interviewer.domain.interview import Interview
from interviewer.errors import StorageError
from interviewer.settings import Settings
from interviewer.ui import wiring
from interviewer.ui.conversation import scenario_note
from interviewer.worker import STOPPED, Live, Worker
from tests.adapters.test_database import UPGRADE
from tests.builders import NOW, a_scenario, a_turn, an_interview
from tests.conftest import ROOT
from tests.test_worker import ANSWER, GOOD, ME, PATIENCE, FailingStore, Gate, answer_and_wait, loaded, replied, started

IDLE = 200
MARKER = "kingfisher-48151623"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "interviews.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture
def worker(store: Database, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    worker = Worker(store, coach, prompts, lambda: datetime.now(UTC), threads=4)
    yield worker
    worker.close()


def child(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


# The clock


@pytest.mark.parametrize("days", [-1, 1, 365])
def test_setting_the_computers_clock_takes_no_time_from_an_interview_and_gives_it_none(days: int) -> None:
    wall, seconds = NOW, 0.0
    clock = steady_clock(lambda: wall, lambda: seconds)
    begun = clock()

    wall, seconds = NOW + timedelta(days=days), 90.0

    assert clock() - begun == timedelta(seconds=90)


def test_a_mock_interview_goes_on_after_the_clock_jumped_a_day(
    store: Database, coach: Coach, prompts: PromptFiles
) -> None:
    wall, seconds = datetime.now(UTC), 0.0
    worker = Worker(store, coach, prompts, steady_clock(lambda: wall, lambda: seconds), threads=2)
    id = started(worker, mode="mock")
    wall, seconds = wall + timedelta(days=1), 60.0

    interview = answer_and_wait(store, worker, id)

    assert not interview.is_finished
    assert interview.turns[-1].move.kind == "probe"
    worker.close()


def test_after_a_restart_with_the_clock_a_day_back_nothing_is_out_of_order(
    store: Database, coach: Coach, prompts: PromptFiles
) -> None:
    def worker_at(moment: datetime) -> Worker:
        return Worker(store, coach, prompts, lambda: moment, threads=2)

    first, second = worker_at(NOW), worker_at(NOW - timedelta(days=1))
    id = started(first, mode="mock")
    answer_and_wait(store, first, id)
    first.close()

    interview = answer_and_wait(store, second, id, "I store the event id under a unique constraint.")
    second.close()

    assert [turn.seq for turn in interview.turns] == list(range(5))
    assert [turn.role for turn in interview.turns] == ["interviewer", "candidate"] * 2 + ["interviewer"]
    assert not interview.is_finished


def test_a_clock_that_jumps_back_does_not_keep_a_reply_from_being_saved_as_it_comes(
    store: Database, coach: Coach, prompts: PromptFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interviewer.worker.FLUSH_SECONDS", 0.0)
    days = itertools.count()
    worker = Worker(store, coach, prompts, lambda: NOW - timedelta(days=next(days)), threads=2)
    id = started(worker)

    answer_and_wait(store, worker, id, model=ScriptedModel([GOOD]))

    assert store.last_attempt(id, owner=ME).partial
    worker.close()


# The disk and the file


def test_a_writer_that_is_soon_done_is_waited_for_and_nobody_notices(store: Database, path: Path) -> None:
    id = store.create(an_interview(), owner=ME, engine="coach", scenario_hash="hash").id
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.5, lambda: other.execute("COMMIT"))
        timer.start()

        store.add_turn(id, a_turn(1), owner=ME, key="k")

        timer.join()
    assert len(loaded(store, id).turns) == 2


_FULL = """
import resource, signal, sys
from interviewer.adapters.database import Database
from interviewer.errors import StorageError
from tests.builders import a_turn, an_interview
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
database = Database.open(sys.argv[1])
id = database.create(an_interview(), owner="me", engine="coach", scenario_hash="hash").id
print(id)
resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
kept = 0
try:
    for kept in range(10_000):
        database.add_turn(id, a_turn(kept + 1, "It retries. " * 500), owner="me", key=f"{kept}")
except StorageError as error:
    print(error)
print(kept, len(database.load(id, owner="me").interview.answers))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
database.add_turn(id, a_turn(kept + 1), owner="me", key="after")
"""


def test_a_disk_that_takes_no_more_is_named_and_all_that_was_acknowledged_is_there(path: Path) -> None:
    out, err = child(_FULL, f"sqlite:///{path}").communicate(timeout=60)

    assert err == ""
    id, message, counts = out.splitlines()
    assert message.startswith("The disk")
    assert "nothing was saved" in message
    acknowledged, there = map(int, counts.split())
    assert acknowledged == there > 10
    with closing(Database.open(f"sqlite:///{path}")) as database:
        assert len(database.load(id, owner=ME).interview.answers) == acknowledged + 1, (
            "and the one after there was space"
        )


@pytest.mark.parametrize("name", ["add_turn", "begin_attempt"])
def test_no_model_is_called_for_what_cannot_be_saved(
    store: Database, coach: Coach, prompts: PromptFiles, name: str
) -> None:
    failing, model = FailingStore(store), ScriptedModel([GOOD])
    worker = Worker(failing, coach, prompts, lambda: datetime.now(UTC), threads=2)
    id = started(worker)
    failing.failing.add(name)

    try:
        worker.answer(id, ANSWER, owner=ME, key="k", model=model)
    except StorageError:
        assert name == "add_turn"
    live = worker.reply_of(id, owner=ME)
    if live:
        assert live.wait(PATIENCE)
    assert model.requests == []

    failing.failing.clear()
    worker.answer(id, ANSWER, owner=ME, key="k", model=model)
    assert [turn.text for turn in replied(store, worker, id).answers] == [ANSWER]
    worker.close()


# The scenario


@pytest.mark.parametrize(("what", "words"), [("changed", "was changed since"), ("removed", "was removed since")])
def test_an_interview_goes_on_with_the_scenario_it_began_with_and_says_so(
    tmp_path: Path, what: str, words: str
) -> None:
    folder = Path(shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios"))
    settings = Settings(_env_file=None, INTERVIEWER_DATA_DIR=tmp_path / "data", INTERVIEWER_SCENARIOS_DIR=folder)
    file = folder / "hard-31.md"
    app = build(settings)
    scenario = app.scenario("hard-31")
    terms: dict[str, Any] = {"owner": ME, "mode": "practice", "level": "senior", "max_probes": 6, "engine": "coach"}
    id = app.worker.start(scenario, app.scenario_hash(scenario), **terms).id
    assert scenario_note(app, app.store.load(id, owner=ME)) == ""
    app.close()
    text = file.read_text(encoding="utf-8")
    assert scenario.title in text
    file.unlink() if what == "removed" else file.write_text(text.replace(scenario.title, "Something else"), "utf-8")

    app = build(settings)
    app.worker.answer(id, ANSWER, owner=ME, key="k")
    live = app.worker.reply_of(id, owner=ME)
    assert live is None or live.wait(PATIENCE)
    app.worker.finish(id, owner=ME)
    grade = app.worker.grade_of(id, owner=ME)
    assert grade is None or grade.wait(PATIENCE)

    stored = app.store.load(id, owner=ME)
    assert stored.interview.scenario == scenario
    assert app.store.assessments(id, owner=ME)[-1].scenario_hash == stored.scenario_hash
    assert words in scenario_note(app, stored)
    app.close()


# The process


def test_a_reply_that_comes_in_time_is_kept_when_the_app_is_told_to_stop(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    assert gate.reached.wait(PATIENCE)
    threading.Timer(0.2, gate.open.set).start()

    worker.close(drain_seconds=PATIENCE)

    assert loaded(store, id).turns[-1].engine == "gate"
    assert store.last_attempt(id, owner=ME).status == "complete"


def test_after_the_time_to_drain_what_is_under_way_is_stopped_and_nothing_new_begins(
    store: Database, worker: Worker
) -> None:
    id, other, gate = started(worker), started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    assert gate.reached.wait(PATIENCE)
    begun = time.monotonic()

    worker.close(drain_seconds=0.3)
    worker.answer(other, ANSWER, owner=ME, key="k", model=gate)

    assert 0.3 <= time.monotonic() - begun < PATIENCE
    assert store.last_attempt(id, owner=ME).status == "stopped"
    assert loaded(store, id).turns[-1].role == "interviewer"
    assert gate.calls == 1
    assert loaded(store, other).turns[-1].text == ANSWER, "what was said is stored also while the app stops"


def test_a_grade_that_the_stop_cut_off_is_marked_interrupted(store: Database, worker: Worker) -> None:
    id = started(worker)
    reached = threading.Event()

    def work(_stored: object, live: Live, _attempt: int) -> str:
        reached.set()
        assert live.stop.wait(PATIENCE)
        raise StorageError(STOPPED)

    live = worker._begin_judging(id, ME, work)
    assert reached.wait(PATIENCE)

    worker.close(drain_seconds=0.1)

    assert live.done
    assert store.last_attempt(id, owner=ME).status == "interrupted"


def test_the_end_of_the_server_ends_what_was_under_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("interviewer.bootstrap.DRAIN_SECONDS", 0.1)
    monkeypatch.setattr(sys, "argv", [])
    gate = Gate()
    ids: list[str] = []

    def serve(*_: object, **__: object) -> None:
        worker = wiring.the_app().worker
        ids.append(started(worker))
        worker.answer(ids[0], ANSWER, owner=ME, key="k", model=gate)
        assert gate.reached.wait(PATIENCE)
        raise SystemExit(0)

    monkeypatch.setattr(runpy, "run_module", serve)

    assert CliRunner().invoke(commands, ["run"]).exit_code == 0

    with closing(Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")) as database:
        assert database.last_attempt(ids[0], owner=ME).status == "stopped"
        assert [turn.role for turn in loaded(database, ids[0]).turns] == ["interviewer", "candidate", "interviewer"]


def test_two_hundred_idle_interviews_take_no_memory_and_each_goes_on(
    path: Path, store: Database, prompts: PromptFiles, tmp_path: Path
) -> None:
    lexical = Coach.load(tmp_path / "no model")
    worker = Worker(store, lexical, prompts, lambda: datetime.now(UTC), threads=4)
    ids = [started(worker) for _ in range(IDLE)]
    for number, id in enumerate(ids):
        worker.answer(id, f"{number}: {ANSWER}", owner=ME, key="k")
    first: dict[str, Interview] = {id: replied(store, worker, id) for id in ids}
    assert not worker._replies
    assert not worker._grades
    worker.close()

    with closing(Database.open(f"sqlite:///{path}")) as database:
        next_one = Worker(database, lexical, prompts, lambda: datetime.now(UTC), threads=4)
        assert {id: loaded(database, id) for id in ids} == first
        for id in ids[:: IDLE // 10]:
            assert len(answer_and_wait(database, next_one, id).turns) == 5
        next_one.close()


def test_a_reply_that_failed_is_not_remembered_for_ever(store: Database, coach: Coach, prompts: PromptFiles) -> None:
    failing = FailingStore(store)
    worker = Worker(failing, coach, prompts, lambda: datetime.now(UTC), threads=2)
    id = started(worker)
    failing.failing.add("end_attempt")

    worker.answer(id, ANSWER, owner=ME, key="k")
    live = worker.reply_of(id, owner=ME)
    assert live is None or live.wait(PATIENCE)
    worker.close()

    assert not worker._replies


def test_what_is_deleted_is_in_no_file_and_was_in_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    app = build(Settings(_env_file=None, INTERVIEWER_DATA_DIR=tmp_path / "data", INTERVIEWER_MODEL="scripted"))
    scenario = app.scenario("hard-31")
    terms: dict[str, Any] = {"owner": ME, "mode": "practice", "level": "senior", "max_probes": 6, "engine": "coach"}
    id = app.worker.start(scenario, app.scenario_hash(scenario), **terms).id
    model = app.model(app.default_connection)
    app.worker.answer(id, f"{MARKER}. {ANSWER}", owner=ME, key="k", model=model)
    live = app.worker.reply_of(id, owner=ME)
    assert live is None or live.wait(PATIENCE)
    app.worker.finish(id, owner=ME)
    grade = app.worker.grade_of(id, owner=ME)
    assert grade is None or grade.wait(PATIENCE)
    assert app.store.assessments(id, owner=ME)

    app.store.delete(id, owner=ME)

    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert [file.name for file in files if MARKER.encode() in file.read_bytes()] == []
    assert MARKER not in caplog.text
    app.close()


_MIGRATING = """
import sys, time
from pathlib import Path
from interviewer.adapters import database_connections
from interviewer.adapters.database import Database
database_connections.MIGRATIONS = Path(sys.argv[2])
import builtins
builtins.halfway = lambda: (print("halfway", flush=True), time.sleep(60))
Database.open(sys.argv[1])
"""


def test_a_process_killed_in_the_middle_of_an_upgrade_leaves_all_as_it_was_and_a_copy(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{path}"
    with closing(Database.open(url)) as database:
        stored = database.create(an_interview(ANSWER), owner=ME, engine="coach", scenario_hash="hash")
    folder = Path(shutil.copytree(database_connections.MIGRATIONS, tmp_path / "migrations"))
    migration = folder / "versions" / "next.py"
    migration.write_text(UPGRADE + "    import builtins\n    builtins.halfway()\n")
    upgrading = child(_MIGRATING, url, str(folder))
    assert upgrading.stdout.readline() == "halfway\n"

    upgrading.send_signal(signal.SIGKILL)
    upgrading.communicate()

    with closing(Database.open(url)) as database:
        assert database.load(stored.id, owner=ME) == stored
    (beside,) = path.parent.glob(f"{path.name}-*.backup")
    with closing(sqlite3.connect(beside)) as copy:
        assert copy.execute("SELECT count(*) FROM turn").fetchone() == (2,)
    migration.write_text(UPGRADE)
    monkeypatch.setattr(database_connections, "MIGRATIONS", folder)
    with closing(Database.open(url)) as database:
        assert database.load(stored.id, owner=ME) == stored


def test_every_fault_of_the_store_is_one_sentence_for_a_person() -> None:
    def faults(name: str) -> bool:
        return name.isupper() and isinstance(getattr(database_connections, name), str)

    shown = [getattr(database_connections, name) for name in vars(database_connections) if faults(name)]

    assert len(shown) >= 8
    assert all(words[0].isupper() and words.endswith(".") and "\n" not in words for words in shown)
    assert a_scenario().question not in "".join(shown)
