"""Whatever a model's endpoint does, what was said is kept once, one clear state is shown, and the interview goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.database import Database
from interviewer.domain.interview import COACH, Interview
from interviewer.ui.turns import note_in_words
from interviewer.worker import UNFINISHED, Worker
from tests.builders import a_scenario
from tests.faults.endpoint import KEY, MODEL, Endpoint
from tests.faults.invariants import (
    assert_attempts_have_ended,
    assert_harmless,
    assert_ledger_is_what_was_answered,
    assert_no_credit_from_nothing,
    assert_nowhere,
    assert_plain,
    assert_said_once_and_in_order,
)
from tests.faults.table import CASES, NOT_USED, Case

ME = "me"
FIRST = "It comes again after a timeout. \U0001f469\u200d\U0001f4bb"
SECOND = "I insert the event id into a unique column in the transaction that books the payment."
QUESTION = "You mentioned a timeout: what could make one event arrive two times?"
NEXT_QUESTION = "Suppose booking takes eight seconds while the sender waits five: what would you change?"
REFERENCE = "heron-73915"  # stands in the scenario's reference answer and nowhere else
FINDINGS = [
    {"key_point": id, "sentences": [2], "reason": "said", "verdict": "covered" if id == "key" else "missed"}
    for id in ("cause", "key", "reply", "check")
]
PATIENCE_SECONDS = 20.0

TURNS = [case for case in CASES if case.way != "grade"]
GRADES = [case for case in CASES if case.way == "grade"]


@pytest.fixture
def endpoint(case: Case) -> Iterator[Endpoint]:
    with Endpoint(case, reply=QUESTION, json_reply={"findings": FINDINGS}) as endpoint:
        yield endpoint


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG)
    return caplog


def started(worker: Worker) -> str:
    scenario = a_scenario(reference=f"{a_scenario().reference} {REFERENCE}")
    return worker.start(scenario, "hash", owner=ME, mode="practice", level="senior", max_probes=6, engine=MODEL).id


def loaded(store: Database, id: str) -> Interview:
    return store.load(id, owner=ME).interview


def until(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def answered(store: Database, worker: Worker, id: str, text: str, **options: Any) -> Interview:
    """The interview after the reply to this answer."""
    worker.answer(id, text, owner=ME, key=text[:8], **options)
    assert loaded(store, id).answers[-1].text == text, "stored when the call returns"
    until(lambda: not worker.reply_of(id, owner=ME))
    return loaded(store, id)


def assert_nothing_leaks(store: Database, files: Path, *texts: str) -> None:
    assert_nowhere(KEY, store, files, *texts)
    assert_nowhere(REFERENCE, store, files, *texts, but=["interview.scenario_snapshot"])
    assert_harmless(store)


@pytest.mark.parametrize("case", TURNS, ids=str)
def test_an_answer_is_kept_and_the_interview_goes_on(
    case: Case,
    endpoint: Endpoint,
    store: Database,
    worker: Worker,
    tmp_path: Path,
    logged: pytest.LogCaptureFixture,
) -> None:
    id = started(worker)

    interview = answered(store, worker, id, FIRST, model=endpoint.faulty)

    reply = interview.turns[-1]
    attempt = store.last_attempt(id, owner=ME)
    assert_said_once_and_in_order(interview, [FIRST])
    assert interview.awaits_candidate
    assert (attempt.status, attempt.error) == ("complete", reply.note)
    if not case.fault:
        assert (reply.engine, reply.note) == (MODEL, "")
        assert reply.text.endswith(QUESTION)
    else:
        begins = "model's wording not used: " if case.fault == NOT_USED else f"model failed ({case.fault}): "
        assert reply.note.startswith(begins)
        assert (reply.engine, reply.text) == (COACH, reply.move.text)
        assert_plain(f"Shown: {reply.note.removeprefix(begins)}.".replace("..", "."))
        assert_plain(note_in_words(reply))
    assert len(endpoint.server.chats) == case.requests
    assert case.waited[0] - 0.01 <= endpoint.patience.waited <= case.waited[1] + 0.01
    assert_attempts_have_ended(store)
    assert_ledger_is_what_was_answered(store, id, ME, endpoint.server, 0)

    entries = len(store.calls(owner=ME, id=id))
    endpoint.mend(NEXT_QUESTION)
    interview = answered(store, worker, id, SECOND, model=endpoint.mended)

    assert_said_once_and_in_order(interview, [FIRST, SECOND])
    assert (interview.turns[-1].engine, interview.turns[-1].note) == (MODEL, "")
    assert_attempts_have_ended(store)
    assert_ledger_is_what_was_answered(store, id, ME, endpoint.server, entries)
    assert_nothing_leaks(store, tmp_path / "kept", logged.text, reply.note, attempt.error)


@pytest.mark.parametrize("case", GRADES, ids=str)
def test_a_grade_is_had_all_the_same_and_can_be_had_again(
    case: Case,
    endpoint: Endpoint,
    store: Database,
    worker: Worker,
    tmp_path: Path,
    logged: pytest.LogCaptureFixture,
) -> None:
    id = started(worker)
    answered(store, worker, id, f"{FIRST} {SECOND}")

    worker.finish(id, owner=ME, model=endpoint.faulty)
    until(lambda: not worker.grade_of(id, owner=ME))

    (grade,) = store.assessments(id, owner=ME)
    attempt = store.last_attempt(id, owner=ME, kind="grade")
    shown = " ".join((attempt.error, *grade.warnings))
    assert_said_once_and_in_order(loaded(store, id), [f"{FIRST} {SECOND}"])
    assert_no_credit_from_nothing(grade)
    if not case.fault:
        assert (grade.engine, attempt.status, attempt.error) == (MODEL, "complete", "")
        assert grade.score == 30
    else:
        assert grade.engine.startswith(COACH)
        assert (attempt.status, attempt.error) == ("failed", UNFINISHED)
        for words in (attempt.error, *grade.warnings):
            assert_plain(words)
        assert len(grade.warnings) == 1
    assert len(endpoint.server.chats) == case.requests
    assert case.waited[0] - 0.01 <= endpoint.patience.waited <= case.waited[1] + 0.01
    assert_attempts_have_ended(store)
    assert_ledger_is_what_was_answered(store, id, ME, endpoint.server, 0)

    entries = len(store.calls(owner=ME, id=id))
    endpoint.mend(QUESTION)
    again = worker.grade(id, owner=ME, model=endpoint.mended)

    assert again.wait(PATIENCE_SECONDS)
    assert again.error == ""
    assert store.assessments(id, owner=ME)[0] == grade
    assert (store.assessments(id, owner=ME)[1].engine, store.assessments(id, owner=ME)[1].score) == (MODEL, 30)
    assert_attempts_have_ended(store)
    assert_ledger_is_what_was_answered(store, id, ME, endpoint.server, entries)
    assert_nothing_leaks(store, tmp_path / "kept", logged.text, shown)
