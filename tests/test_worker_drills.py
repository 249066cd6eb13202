"""The answer to a drill is kept before it is judged, is judged once, and can be judged later when that broke off."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.errors import InputError, ModelError, StorageError
from interviewer.flows.ports import ChatModel, Message, Parsed
from interviewer.worker import ANSWER_CHARACTERS, NO_INTERVIEW, STOPPED, Worker
from tests.builders import NOW, a_drill, a_scenario

ME = "me"
SCENARIO = a_scenario()
GOOD = "I insert the event id into a table with a unique constraint, in the same transaction as the payment."
SAID = a_drill(0, None, answer=GOOD)
PATIENCE = 10.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")
    yield database
    database.close()


@pytest.fixture
def worker(store: Database, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    worker = Worker(store, coach, prompts, lambda: NOW, threads=2)
    yield worker
    worker.close()


class Waiting:
    """A judge that says nothing until it is let go, and then that it was stopped."""

    name = "waiting"

    def __init__(self) -> None:
        self.asked, self.go = threading.Event(), threading.Event()

    def stream(self, messages: Sequence[Message], **_: Any) -> Any:
        raise AssertionError("a drill is judged, not worded")

    def parse(self, messages: Sequence[Message], shape: Any, *, max_tokens: int, stop: Any = None) -> Parsed:
        self.asked.set()
        while not self.go.wait(0.01):
            if stop is not None and stop.is_set():
                break
        raise ModelError("stopped", "The check was stopped.")


def test_an_answer_is_judged_and_what_came_of_it_is_kept(worker: Worker, store: Database) -> None:
    live = worker.drill(SAID, SCENARIO, owner=ME)

    assert live is not None
    assert live.wait(PATIENCE)
    assert live.error == ""
    kept = store.drill(SAID.key, owner=ME)
    assert (kept.answer, kept.credit) == (GOOD, 1.0)
    assert worker.drill_of(SAID.key, owner=ME) is None


def test_the_answer_is_kept_before_anybody_judges_it(worker: Worker, store: Database) -> None:
    judge = Waiting()

    worker.drill(SAID, SCENARIO, owner=ME, model=judge)

    assert judge.asked.wait(PATIENCE)
    assert store.drill(SAID.key, owner=ME) == SAID
    assert worker.drill_of(SAID.key, owner=ME).text == "Reading your answer…"
    judge.go.set()


def test_a_second_press_judges_nothing_twice(worker: Worker, store: Database) -> None:
    judge = Waiting()
    first = worker.drill(SAID, SCENARIO, owner=ME, model=judge)

    assert worker.drill(SAID, SCENARIO, owner=ME, model=judge) is first
    judge.go.set()
    assert first.wait(PATIENCE)
    worker.drill(SAID, SCENARIO, owner=ME).wait(PATIENCE)

    judged = store.drill(SAID.key, owner=ME)
    assert worker.drill(SAID.model_copy(update={"answer": "other words"}), SCENARIO, owner=ME) is None
    assert store.drill(SAID.key, owner=ME) == judged
    assert len(store.drills(owner=ME)) == 1


def test_what_broke_off_is_judged_later_with_the_answer_as_it_was(worker: Worker, store: Database) -> None:
    judge = Waiting()
    judge.go.set()
    live = worker.drill(SAID, SCENARIO, owner=ME, model=judge)
    assert live.wait(PATIENCE)
    assert "stopped" in live.error
    assert not store.drill(SAID.key, owner=ME).is_judged
    assert worker.drill_of(SAID.key, owner=ME) is live

    worker.drill(SAID.model_copy(update={"answer": "changed meanwhile"}), SCENARIO, owner=ME).wait(PATIENCE)

    assert (store.drill(SAID.key, owner=ME).answer, store.drill(SAID.key, owner=ME).credit) == (GOOD, 1.0)


def test_a_restart_loses_no_answer(worker: Worker, store: Database, coach: Coach, prompts: PromptFiles) -> None:
    judge = Waiting()
    worker.drill(SAID, SCENARIO, owner=ME, model=judge)
    assert judge.asked.wait(PATIENCE)
    worker.close()
    assert store.drill(SAID.key, owner=ME) == SAID

    later = Worker(store, coach, prompts, lambda: NOW)
    later.drill(SAID, SCENARIO, owner=ME).wait(PATIENCE)
    later.close()

    assert store.drill(SAID.key, owner=ME).credit == 1.0


def test_an_app_that_is_closing_keeps_the_answer_and_says_so(worker: Worker, store: Database) -> None:
    worker.close()

    assert worker.drill(SAID, SCENARIO, owner=ME).error == STOPPED
    assert store.drill(SAID.key, owner=ME) == SAID


@pytest.mark.parametrize("answer", ["", "  \n", "x" * (ANSWER_CHARACTERS + 1)], ids=["empty", "blank", "very long"])
def test_an_answer_that_cannot_be_used_is_refused_and_not_kept(worker: Worker, store: Database, answer: str) -> None:
    with pytest.raises(InputError):
        worker.drill(SAID.model_copy(update={"answer": answer}), SCENARIO, owner=ME)

    assert store.drills(owner=ME) == []


def test_a_result_that_cannot_be_stored_is_told_and_the_answer_stays(
    worker: Worker, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(drill: Any, *, owner: str) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(store, "judge_drill", full)

    live = worker.drill(SAID, SCENARIO, owner=ME)

    assert live.wait(PATIENCE)
    assert live.error == "The disk is full."
    assert store.drill(SAID.key, owner=ME) == SAID


def test_the_drill_of_another_person_is_another_drill(worker: Worker, store: Database) -> None:
    judge = Waiting()
    worker.drill(SAID, SCENARIO, owner=ME, model=judge)
    assert judge.asked.wait(PATIENCE)

    assert worker.drill_of(SAID.key, owner="eve") is None
    worker.drill(SAID, SCENARIO, owner="eve").wait(PATIENCE)

    assert store.drill(SAID.key, owner="eve").is_judged
    assert not store.drill(SAID.key, owner=ME).is_judged
    judge.go.set()


def test_a_model_that_checks_a_drill_is_metered_for_its_owner(
    store: Database, coach: Coach, prompts: PromptFiles
) -> None:
    metered: list[tuple[str, str]] = []

    def meter(model: ChatModel, id: str, owner: str) -> ChatModel:
        metered.append((id, owner))
        return model

    verdict = {"key_point": "key", "sentences": [1], "reason": "said", "verdict": "covered"}
    worker = Worker(store, coach, prompts, lambda: NOW, meter=meter)

    worker.drill(SAID, SCENARIO, owner=ME, model=ScriptedModel([{"findings": [verdict]}])).wait(PATIENCE)
    worker.close()

    assert metered == [(NO_INTERVIEW, ME)]
    assert store.drill(SAID.key, owner=ME).engine == "scripted"
