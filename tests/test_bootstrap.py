"""Settings become the right collaborators."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from interviewer.adapters.database import Database
from interviewer.bootstrap import OWNER, App, build, build_bench
from interviewer.domain.budget import Call
from interviewer.domain.interview import Turn, Usage
from interviewer.settings import Settings
from tests.builders import an_interview
from tests.fakes.http_server import FakeServer


def settings(folder: Path, **values: str) -> Settings:
    return Settings(_env_file=None, INTERVIEWER_DATA_DIR=folder, **values)


def test_the_coach_can_be_named_as_the_judge_beside_a_model(tmp_path: Path) -> None:
    own = settings(tmp_path, INTERVIEWER_MODEL="some-model", INTERVIEWER_JUDGE_MODEL="coach")
    app = build(own)
    try:
        model = app.model(app.default_connection)
        assert model is not None
        assert model.name == "some-model"
        assert app.model(app.default_connection, judge=True) is None
    finally:
        app.close()
    assert build_bench(own).judge is None


def test_the_same_connection_gives_the_same_model_which_remembers_its_server(tmp_path: Path) -> None:
    app = build(settings(tmp_path, INTERVIEWER_MODEL="some-model"))
    try:
        assert app.model(app.default_connection) is app.model(app.default_connection)
    finally:
        app.close()


def answered(app: App, *answers: str) -> list[Turn]:
    """The interviewer's turns after these answers, worded by the model that the settings name."""
    scenario = app.library.scenarios["hard-31"]
    model = app.model(app.default_connection)
    id = app.worker.start(
        scenario, app.scenario_hash(scenario), owner=OWNER, mode="practice", level="senior", max_probes=6, engine="x"
    ).id
    for number, answer in enumerate(answers):
        app.worker.answer(id, answer, owner=OWNER, key=str(number), model=model)
        while live := app.worker.reply_of(id, owner=OWNER):
            live.wait(5)
    return [turn for turn in app.store.load(id, owner=OWNER).interview.turns if turn.move][1:]


def test_what_every_call_took_is_kept_with_its_interview(tmp_path: Path) -> None:
    with FakeServer(reply="What happens inside the engine before it opens the first data file?") as server:
        app = build(settings(tmp_path, INTERVIEWER_MODEL="some-model", OPENAI_BASE_URL=server.base_url))
        try:
            answered(app, "Nothing is pruned, so every file is opened.", "It lists the partitions.")
            calls = app.store.calls(owner=OWNER)
        finally:
            app.close()
        made = len(server.chats)
    assert made
    assert [(call.model, call.usage.input_tokens, call.dollars) for call in calls] == [("some-model", 1200, 0)] * made


def test_a_ceiling_stops_the_model_before_the_call_that_would_break_it_and_the_interview_goes_on(
    tmp_path: Path,
) -> None:
    with FakeServer() as server:
        limits = {
            "INTERVIEWER_MODEL": "some-model",
            "OPENAI_BASE_URL": server.base_url,
            "INTERVIEWER_DAY_TOKENS": "1500",
        }
        app = build(settings(tmp_path, **limits))
        try:
            turns = answered(app, "Nothing is pruned, so every file is opened.", "I would cluster by user_id.", "Yes.")
        finally:
            app.close()
        assert len(server.chats) == 1
    assert len(turns) == 3
    assert any("The built-in coach goes on." in turn.note for turn in turns[1:])


def test_what_nobody_touched_for_the_days_of_retention_is_deleted_at_the_next_start(tmp_path: Path) -> None:
    own = settings(tmp_path, INTERVIEWER_RETENTION_DAYS="30")
    real = datetime.now(UTC)
    store = Database.open(own.database)
    old = store.create(an_interview("kingfisher-48151623"), owner="ann", engine="coach", scenario_hash="hash")
    touched = store.create(an_interview("It retries."), owner="bob", engine="coach", scenario_hash="hash")
    store.add_call(old.id, Call("some-model", Usage(input_tokens=1)), owner="ann")

    def started(days: int) -> list[str]:
        app = build(own, store=store, clock=lambda: real + timedelta(days=days))
        app.close()
        return [line.id for owner in ("ann", "bob") for line in store.history(owner=owner)]

    assert started(days=29) == [old.id, touched.id]
    with closing(sqlite3.connect(tmp_path / "interviews.sqlite3")) as file, file:
        later = (real + timedelta(days=20)).replace(tzinfo=None).isoformat(" ")
        file.execute("UPDATE interview SET updated_at = ? WHERE id = ?", (later, touched.id))
    assert started(days=31) == [touched.id]
    assert store.calls(owner="ann") == []
    assert not any(b"kingfisher" in file.read_bytes() for file in tmp_path.iterdir())
    assert started(days=51) == []
    store.close()


def test_without_the_setting_nothing_grows_too_old(tmp_path: Path) -> None:
    own = settings(tmp_path)
    store = Database.open(own.database)
    kept = store.create(an_interview("It retries."), owner="ann", engine="coach", scenario_hash="hash")

    build(own, store=store, clock=lambda: datetime(2126, 1, 1, tzinfo=UTC)).close()

    assert store.load(kept.id, owner="ann") == kept
    store.close()
