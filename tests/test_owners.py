"""What belongs to one person is nothing to another: every function of the store and the worker, found by looking."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.domain.interview import Turn
from interviewer.errors import NotFoundError
from interviewer.flows.asking import Answer
from interviewer.flows.ports import Store
from interviewer.flows.retrying import RetryOffer
from interviewer.worker import Worker
from tests.builders import a_scenario

# What is of nobody. A new function belongs here only with a reason.
OF_NOBODY: dict[type, dict[str, str]] = {
    Store: {
        "interrupt_running": "says how many attempts a process that is gone had under way",
        "delete_before": "clears away what nobody touched for long, at the start of the server",
        "calls_of_all": "gives figures for the ceilings of all people, without saying whose",
    },
    Worker: {"close": "stops what is under way in this process"},
}
SAID = "It comes again after a timeout."
OFFER = RetryOffer(key_point="key", question="Where is it recorded?")
CALLS: dict[str, Callable[[Worker, str, str], object]] = {
    "answer": lambda worker, id, owner: worker.answer(id, "mine now", owner=owner, key="k"),
    "resume": lambda worker, id, owner: worker.resume(id, owner=owner),
    "hint": lambda worker, id, owner: worker.hint(id, owner=owner),
    "finish": lambda worker, id, owner: worker.finish(id, owner=owner),
    "stop": lambda worker, id, owner: worker.stop(id, owner=owner),
    "grade": lambda worker, id, owner: worker.grade(id, owner=owner),
    "dispute": lambda worker, id, owner: worker.dispute(id, 1, "key", "I said it.", [1], owner=owner),
    "retry": lambda worker, id, owner: worker.retry(id, OFFER, "again", owner=owner, key="k"),
    "reword": lambda worker, id, owner: worker.reword(id, 1, owner=owner, model=ScriptedModel()),
    "pass_over": lambda worker, id, owner: worker.pass_over(id, OFFER, owner=owner, key="k"),
    "explain": lambda worker, id, owner: worker.explain(
        id, "Why?", Answer("point", ()), owner=owner, model=ScriptedModel()
    ),
    "explanation_of": lambda worker, id, owner: worker.explanation_of(id, owner=owner),
    "reply_of": lambda worker, id, owner: worker.reply_of(id, owner=owner),
    "grade_of": lambda worker, id, owner: worker.grade_of(id, owner=owner),
}


def public(kind: type) -> set[str]:
    return {name for name, value in vars(kind).items() if inspect.isfunction(value) and not name.startswith("_")}


@pytest.mark.parametrize("kind", [Store, Worker])
def test_every_function_takes_the_owner_by_name_and_without_a_default(kind: type) -> None:
    for name in public(kind) - set(OF_NOBODY[kind]):
        owner = inspect.signature(getattr(kind, name)).parameters.get("owner")
        assert owner, f"{kind.__name__}.{name} does not take the owner"
        assert (owner.kind, owner.default) == (owner.KEYWORD_ONLY, owner.empty), name


def test_every_function_of_the_worker_is_tried_below() -> None:
    without_interview = {"start", "drill", "drill_of"}  # a drill's key is the owner's own: tests/test_worker_drills.py
    tasks = {"begin", "task_of", "forget_task"}  # and so is a task's name: tests/test_worker_tasks.py
    assert set(CALLS) == public(Worker) - set(OF_NOBODY[Worker]) - without_interview - tasks


class Slow(ScriptedModel):
    """Takes long enough over a reply that somebody else can look at it."""

    def __init__(self) -> None:
        super().__init__(["You mentioned a timeout: what could make one event arrive two times?"] * 9, delay=0.2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def worker(store: Database, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    worker = Worker(store, coach, prompts, lambda: datetime.now(UTC), threads=4)
    yield worker
    worker.close()


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_interview_of_another_person_is_not_found_while_its_reply_is_under_way(
    name: str, worker: Worker, store: Database
) -> None:
    id = started(worker)
    worker.answer(id, SAID, owner="ann", key="k", model=Slow())
    live = worker.reply_of(id, owner="ann")
    assert live is not None

    assert nothing_or_not_found(lambda: CALLS[name](worker, id, "eve"))

    assert not live.stop.is_set()
    assert live.wait(10)
    assert [turn.text for turn in store.load(id, owner="ann").interview.answers] == [SAID]
    assert store.retries(id, owner="ann") == []


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_graded_interview_of_another_person_is_not_found(name: str, worker: Worker, store: Database) -> None:
    id = started(worker)
    worker.finish(id, owner="ann")
    until(lambda: bool(store.assessments(id, owner="ann")))
    before = turns(store, id)

    assert nothing_or_not_found(lambda: CALLS[name](worker, id, "eve"))

    assert turns(store, id) == before
    assert len(store.assessments(id, owner="ann")) == 1


def started(worker: Worker) -> str:
    return worker.start(
        a_scenario(), "hash", owner="ann", mode="practice", level="senior", max_probes=6, engine="coach"
    ).id


def turns(store: Database, id: str) -> tuple[Turn, ...]:
    return store.load(id, owner="ann").interview.turns


def nothing_or_not_found(call: Callable[[], Any]) -> bool:
    try:
        return call() is None
    except NotFoundError:
        return True


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
