"""What belongs to no interview is done beside the interviews: metered, stopped when asked, its faults told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel
from interviewer.worker import STOPPED, Task, Worker

ME = "me"


@pytest.fixture
def worker(tmp_path: Path, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    def metered(model: ChatModel, id: str | None, owner: str) -> ChatModel:
        return ScriptedModel(name=f"{model.name} for {owner} in {id}")

    store = Database.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    worker = Worker(store, coach, prompts, lambda: datetime.now(UTC), threads=2, meter=metered)
    yield worker
    worker.close()
    store.close()


def done(worker: Worker, work: Callable[[Task, ChatModel | None], object], **options: ChatModel) -> Task:
    task = worker.begin("a task", work, owner=ME, **options)
    assert task.wait(10)
    return task


def test_what_came_of_a_task_is_kept_for_whoever_began_it(worker: Worker) -> None:
    task = done(worker, lambda task, model: (model, 42))

    assert task.result == (None, 42)
    assert worker.task_of("a task", owner=ME) is task
    assert worker.task_of("a task", owner="somebody else") is None


def test_a_task_gets_its_model_behind_the_meter(worker: Worker) -> None:
    task = done(worker, lambda task, model: model and model.name, model=ScriptedModel(name="some-model"))

    assert task.result == "some-model for me in None"


def test_a_fault_is_told_and_a_bug_in_plain_words(worker: Worker) -> None:
    def refused(task: Task, model: ChatModel | None) -> object:
        raise ModelError("quota", "Nothing is left for today.")

    def broken(task: Task, model: ChatModel | None) -> object:
        raise ZeroDivisionError("secret")

    assert done(worker, refused).error == "Nothing is left for today."
    assert done(worker, broken).error == "Something went wrong on our side. Try again."


def test_the_same_task_again_stops_the_one_under_way(worker: Worker) -> None:
    first = worker.begin("a task", lambda task, model: task.stop.wait(10), owner=ME)
    second = done(worker, lambda task, model: "again")

    assert first.wait(10)
    assert first.stop.is_set()
    assert worker.task_of("a task", owner=ME) is second


def test_a_task_that_is_forgotten_is_stopped(worker: Worker) -> None:
    task = worker.begin("a task", lambda task, model: task.stop.wait(10), owner=ME)

    worker.forget_task("a task", owner=ME)

    assert task.wait(10)
    assert worker.task_of("a task", owner=ME) is None


def test_a_task_of_the_same_name_is_another_one_for_another_person(worker: Worker) -> None:
    mine = worker.begin("a task", lambda task, model: task.stop.wait(10), owner=ME)
    theirs = worker.begin("a task", lambda task, model: "theirs", owner="somebody else")
    assert theirs.wait(10)

    worker.forget_task("a task", owner="somebody else")

    assert not mine.stop.is_set()
    assert worker.task_of("a task", owner=ME) is mine


def test_stopping_the_app_stops_a_task_and_begins_no_other(worker: Worker) -> None:
    begun = threading.Event()

    def work(task: Task, model: ChatModel | None) -> object:
        begun.set()
        return task.stop.wait(10)

    task = worker.begin("a task", work, owner=ME)
    assert begun.wait(10)
    worker.close()

    assert task.done
    assert worker.begin("another", work, owner=ME).error == STOPPED
