"""What was said is kept before anything else happens, and every reply and grade comes exactly once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import Broken, ScriptedModel
from interviewer.domain.interview import Interview, Turn
from interviewer.errors import ConflictError, InputError, ModelError, NotFoundError, StorageError
from interviewer.flows.asking import Answer, Passage
from interviewer.flows.ports import Message
from interviewer.flows.retrying import RetryOffer
from interviewer.worker import ANSWER_CHARACTERS, Live, Worker
from tests.builders import a_scenario
from tests.conftest import ROOT

ME = "me"
GOOD = "You mentioned a timeout: what could make one event arrive two times?"
ANSWER = "It comes again after a timeout."
PATIENCE = 10.0


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def store(url: str) -> Iterator[Database]:
    database = Database.open(url)
    yield database
    database.close()


@pytest.fixture
def worker(store: Database, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    worker = Worker(store, coach, prompts, now, threads=4)
    yield worker
    worker.close()


def started(worker: Worker, **options: Any) -> str:
    values = {"owner": ME, "mode": "practice", "level": "senior", "max_probes": 6, "engine": "coach", **options}
    return worker.start(a_scenario(), "hash", **values).id


def until(true: Callable[[], Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def loaded(store: Database, id: str) -> Interview:
    return store.load(id, owner=ME).interview


def replied(store: Database, worker: Worker, id: str) -> Interview:
    until(lambda: not worker.reply_of(id, owner=ME) and not loaded(store, id).awaits_interviewer)
    return loaded(store, id)


def answer_and_wait(store: Database, worker: Worker, id: str, text: str = ANSWER, **options: Any) -> Interview:
    worker.answer(id, text, owner=ME, **{"key": f"key-{len(loaded(store, id).turns)}", **options})
    return replied(store, worker, id)


class Gate:
    """A model that waits at the gate before it says anything, and remembers who was there."""

    name = "gate"

    def __init__(self, text: str = GOOD) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.calls = 0
        self._text = text

    def stream(self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None) -> GateReply:
        self.calls += 1
        return GateReply(self, self._text, stop)


class GateReply:
    usage = None

    def __init__(self, gate: Gate, text: str, stop: threading.Event | None) -> None:
        self._gate, self._text, self._stop = gate, text, stop

    def __iter__(self) -> Iterator[str]:
        self._gate.reached.set()
        while not self._gate.open.wait(0.01):
            if self._stop is not None and self._stop.is_set():
                raise ModelError("stopped", "The reply was stopped.")
        yield self._text

    def close(self) -> None:
        pass


class FailingStore:
    """The real store, except that the named calls fail as on a full disk."""

    def __init__(self, store: Database, *names: str) -> None:
        self._store, self.failing = store, set(names)

    def __getattr__(self, name: str) -> Any:
        if name in self.failing:
            raise StorageError("The disk is full, so nothing was saved.")
        return getattr(self._store, name)


# --- answering


def test_an_interview_starts_with_its_question_stored(store: Database, worker: Worker) -> None:
    interview = loaded(store, started(worker))

    assert [turn.text for turn in interview.turns] == [a_scenario().question]
    assert interview.awaits_candidate


def test_an_answer_is_stored_before_the_model_is_called(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, f"  {ANSWER}\n", owner=ME, key="k", model=gate)

    assert loaded(store, id).turns[-1].text == ANSWER, "stored when the call returns, whatever the model does"
    assert gate.reached.wait(PATIENCE)
    assert worker.reply_of(id, owner=ME) is not None
    gate.open.set()

    turn = replied(store, worker, id).turns[-1]
    assert (turn.role, turn.engine) == ("interviewer", "gate")
    assert turn.text.endswith(GOOD)
    assert store.last_attempt(id, owner=ME).status == "complete"


def test_the_same_key_twice_stores_once_and_calls_once(store: Database, worker: Worker) -> None:
    id, model = started(worker), ScriptedModel([GOOD])
    answer_and_wait(store, worker, id, key="k", model=model)
    worker.answer(id, ANSWER, owner=ME, key="k", model=model)
    worker.answer(id, "something else", owner=ME, key="k", model=model)

    assert len(replied(store, worker, id).turns) == 3
    assert len(model.requests) == 1


def test_the_same_key_while_the_interviewer_speaks_is_no_error(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)

    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)

    gate.open.set()
    assert len(replied(store, worker, id).turns) == 3
    assert gate.calls == 1


def test_another_answer_while_the_interviewer_speaks_is_refused_and_not_stored(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)

    with pytest.raises(InputError, match="still speaking"):
        worker.answer(id, "and another", owner=ME, key="k2", model=gate)

    gate.open.set()
    assert len(replied(store, worker, id).turns) == 3


@pytest.mark.parametrize("same_key", [True, False])
@pytest.mark.parametrize("at", [None, 1])
def test_many_threads_that_answer_at_once_store_one_turn_and_call_once(
    at: int | None, same_key: bool, store: Database, worker: Worker
) -> None:
    id, gate = started(worker), Gate()
    barrier = threading.Barrier(4)
    problems: list[Exception] = []

    def send(number: int) -> None:
        barrier.wait()
        try:
            worker.answer(id, ANSWER, owner=ME, key="k" if same_key else f"k{number}", at=at, model=gate)
        except (InputError, ConflictError) as error:
            problems.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gate.open.set()

    interview = replied(store, worker, id)
    assert [turn.role for turn in interview.turns] == ["interviewer", "candidate", "interviewer"]
    assert gate.calls == 1
    assert len(problems) == (0 if same_key else 3)


def test_a_second_tab_that_lags_behind_stores_nothing(store: Database, worker: Worker) -> None:
    id = started(worker)
    answer_and_wait(store, worker, id)

    with pytest.raises(ConflictError):
        worker.answer(id, "from the other tab", owner=ME, key="other", at=1)
    assert len(loaded(store, id).turns) == 3


def test_the_last_answer_sent_again_after_the_end_is_no_error_and_a_new_one_is(store: Database, worker: Worker) -> None:
    id = started(worker)
    answer_and_wait(store, worker, id, "I'm done", key="k")

    worker.answer(id, "I'm done", owner=ME, key="k")
    with pytest.raises(InputError, match="over"):
        worker.answer(id, "one more", owner=ME, key="k2")
    assert len(loaded(store, id).turns) == 3


def test_an_answer_is_not_put_behind_another_that_awaits_its_reply(store: Database, worker: Worker) -> None:
    id = started(worker)
    store.add_turn(id, Turn(seq=1, role="candidate", text=ANSWER, at=now()), owner=ME, key="k")

    for at in (None, 2):
        with pytest.raises(InputError, match="Press Continue"):
            worker.answer(id, "and another", owner=ME, key="k2", at=at)
    assert len(loaded(store, id).turns) == 2


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n"])
def test_nothing_typed_is_refused(text: str, store: Database, worker: Worker) -> None:
    id = started(worker)

    with pytest.raises(InputError, match="Nothing was typed"):
        worker.answer(id, text, owner=ME, key="k")
    assert len(loaded(store, id).turns) == 1


def test_twenty_thousand_characters_are_taken_and_one_more_is_not(store: Database, worker: Worker) -> None:
    id = started(worker)
    with pytest.raises(InputError, match="20,001 characters"):
        worker.answer(id, "a" * (ANSWER_CHARACTERS + 1), owner=ME, key="k1")

    text = "word " * 3_999 + "words"
    assert len(text) == ANSWER_CHARACTERS
    interview = answer_and_wait(store, worker, id, text)

    assert interview.turns[1].text == text
    assert interview.awaits_candidate


@pytest.mark.parametrize(
    "text",
    [
        "NUL \x00 inside",
        "\x00",
        "lone \ud800 surrogate",
        "\udfff",
        "💥 fine",
        "\u202eback",
        "a\u2028b",
        "{{ x }} %s {0}",
    ],
    ids=repr,
)
def test_odd_characters_do_no_harm(text: str, store: Database, worker: Worker) -> None:
    id = started(worker)

    interview = answer_and_wait(store, worker, id, text, model=ScriptedModel([GOOD]))

    assert interview.turns[1].text == text.replace("\x00", "\ufffd").replace("\ud800", "\ufffd").replace(
        "\udfff", "\ufffd"
    )
    assert interview.awaits_candidate
    worker.finish(id, owner=ME)
    until(lambda: store.assessments(id, owner=ME))


def test_another_persons_interview_is_not_found(worker: Worker) -> None:
    id = started(worker)

    for act in (
        lambda: worker.answer(id, ANSWER, owner="other", key="k"),
        lambda: worker.resume(id, owner="other"),
        lambda: worker.hint(id, owner="other"),
        lambda: worker.finish(id, owner="other"),
        lambda: worker.grade(id, owner="other"),
        lambda: worker.dispute(id, 1, "key", "I said it.", [1], owner="other"),
        lambda: worker.retry(id, OFFER, "In a unique column.", owner="other", key="k"),
        lambda: worker.pass_over(id, OFFER, owner="other", key="k"),
    ):
        with pytest.raises(NotFoundError):
            act()


# --- when the model fails


@pytest.mark.parametrize(
    "failing", [Broken("What could make", "interrupted"), ModelError("auth", "The key was refused.")]
)
def test_a_model_that_dies_leaves_the_authored_question_and_says_so(
    failing: Any, store: Database, worker: Worker
) -> None:
    id = started(worker)

    turn = answer_and_wait(store, worker, id, model=ScriptedModel([failing])).turns[-1]

    assert (turn.engine, turn.text) == ("coach", turn.move.text)
    assert "model failed" in turn.note
    attempt = store.last_attempt(id, owner=ME)
    assert attempt.status == "complete"
    assert attempt.error == turn.note


def test_stopping_asks_the_question_as_it_was_written(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)

    worker.stop(id, owner=ME)

    turn = replied(store, worker, id).turns[-1]
    assert (turn.text, turn.note) == (turn.move.text, "stopped")
    assert store.last_attempt(id, owner=ME).status == "stopped"


def test_a_bug_in_a_model_is_told_in_plain_words_and_the_interview_can_go_on(store: Database, worker: Worker) -> None:
    class Buggy(Gate):
        def stream(self, *_: Any, **__: Any) -> GateReply:
            raise ZeroDivisionError("secret detail")

    id = started(worker)
    worker.answer(id, ANSWER, owner=ME, key="k", model=Buggy())
    until(lambda: (store.last_attempt(id, owner=ME) or Pending).status == "failed")

    attempt = store.last_attempt(id, owner=ME)
    assert "Your answer is saved" in attempt.error
    assert "secret" not in attempt.error
    until(lambda: not worker.reply_of(id, owner=ME))
    assert worker.resume(id, owner=ME)
    assert replied(store, worker, id).awaits_candidate


class Pending:
    status = "none yet"


# --- when the store fails


def test_an_answer_that_cannot_be_stored_is_said_at_once(store: Database, coach: Coach, prompts: PromptFiles) -> None:
    failing = FailingStore(store)
    worker = Worker(failing, coach, prompts, now, threads=2)
    id, model = started(worker), ScriptedModel([GOOD])
    failing.failing.add("add_turn")

    with pytest.raises(StorageError, match=r"^The disk is full, so nothing was saved\.$"):
        worker.answer(id, ANSWER, owner=ME, key="k", model=model)

    assert model.requests == []
    worker.close()


@pytest.mark.parametrize("name", ["begin_attempt", "end_attempt", "save_partial"])
def test_a_store_that_fails_during_the_reply_shows_one_clear_message(
    name: str, store: Database, coach: Coach, prompts: PromptFiles
) -> None:
    worker = Worker(FailingStore(store, name), coach, prompts, now, threads=2)
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    live = worker.reply_of(id, owner=ME)
    time.sleep(0.6 if name == "save_partial" else 0)  # so that the partial text is due
    gate.open.set()

    if live is not None:
        assert live.wait(PATIENCE)
        assert live.error.count("The disk is full") == 1
    worker.close()
    assert loaded(store, id).turns[1].text == ANSWER


def test_a_reply_that_could_not_be_stored_can_be_had_again(store: Database, coach: Coach, prompts: PromptFiles) -> None:
    failing = FailingStore(store)
    worker = Worker(failing, coach, prompts, now, threads=2)
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    live = worker.reply_of(id, owner=ME)
    gate.reached.wait(PATIENCE)
    failing.failing.add("add_turn")
    gate.open.set()
    live.wait(PATIENCE)
    assert "disk is full" in live.error

    failing.failing.clear()
    assert worker.resume(id, owner=ME)
    assert replied(store, worker, id).turns[-1].role == "interviewer"
    worker.close()


# --- a process that is gone

_KILLED = """
import sys, time
from tests.test_worker import *
store = Database.open(sys.argv[1])
worker = Worker(store, Coach.load(), PromptFiles(ROOT / "prompts"), now, threads=2)
id, gate = started(worker), Gate()
worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
gate.reached.wait(10)
print(id, flush=True)
time.sleep(60)
"""


def test_a_killed_process_leaves_its_attempt_marked_interrupted_and_the_interview_goes_on(
    url: str, coach: Coach, prompts: PromptFiles
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, url], stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ}
    )
    id = process.stdout.readline().strip()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    store = Database.open(url)
    assert store.last_attempt(id, owner=ME).status == "running"
    assert store.interrupt_running() == 1
    assert store.last_attempt(id, owner=ME).status == "interrupted"
    assert loaded(store, id).turns[-1].text == ANSWER
    assert loaded(store, id).awaits_interviewer

    worker = Worker(store, coach, prompts, now, threads=2)
    assert worker.resume(id, owner=ME, model=ScriptedModel([GOOD]))
    interview = replied(store, worker, id)
    assert [turn.role for turn in interview.turns] == ["interviewer", "candidate", "interviewer"]
    assert not worker.resume(id, owner=ME)
    worker.close()
    store.close()


def test_sending_the_answer_again_after_an_interruption_has_the_reply_made(store: Database, worker: Worker) -> None:
    id = started(worker)
    interview = loaded(store, id)
    store.add_turn(id, Turn(seq=1, role="candidate", text=ANSWER, at=now()), owner=ME, key="k")
    assert len(interview.turns) == 1

    worker.answer(id, ANSWER, owner=ME, key="k")

    assert [turn.role for turn in replied(store, worker, id).turns] == ["interviewer", "candidate", "interviewer"]


def test_resuming_from_many_pages_at_once_makes_one_reply(store: Database, worker: Worker) -> None:
    id, model = started(worker), ScriptedModel([GOOD] * 4)
    store.add_turn(id, Turn(seq=1, role="candidate", text=ANSWER, at=now()), owner=ME, key="k")

    threads = [
        threading.Thread(target=worker.resume, args=(id,), kwargs={"owner": ME, "model": model}) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(replied(store, worker, id).turns) == 3
    assert len(model.requests) == 1


def test_closing_releases_pages_that_still_watch(store: Database, coach: Coach, prompts: PromptFiles) -> None:
    worker = Worker(store, coach, prompts, now, threads=1)
    first, second, gate = started(worker), started(worker), Gate()
    worker.answer(first, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)
    worker.answer(second, ANSWER, owner=ME, key="k", model=gate)
    waiting = worker.reply_of(second, owner=ME)

    worker.close()

    assert waiting.wait(1), "a reply that never began must not keep its page waiting"
    assert loaded(store, second).turns[-1].text == ANSWER


# --- hints, the end, and grades


def test_a_hint_is_given_once_however_often_the_button_is_pressed(store: Database, worker: Worker) -> None:
    id = started(worker)
    assert worker.hint(id, owner=ME) is None, "first an answer"
    answer_and_wait(store, worker, id)

    hint = worker.hint(id, owner=ME)

    assert hint.move.hint_level == 1
    assert worker.hint(id, owner=ME) is None
    assert [turn.move.kind for turn in loaded(store, id).turns if turn.move][-1] == "hint"


def test_no_hint_comes_between_an_answer_and_its_reply(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)

    assert worker.hint(id, owner=ME) is None
    gate.open.set()
    replied(store, worker, id)


def test_the_grade_starts_by_itself_after_the_closing(store: Database, worker: Worker) -> None:
    id = started(worker, max_probes=0)
    answer_and_wait(store, worker, id)
    interview = answer_and_wait(store, worker, id, "Nothing to add, I think it is complete now.")

    assert interview.is_finished
    until(lambda: store.assessments(id, owner=ME))
    assert store.assessments(id, owner=ME)[0].scenario_hash == "hash"
    with pytest.raises(InputError, match="over"):
        worker.answer(id, "more", owner=ME, key="late")


def test_finishing_stops_the_reply_under_way_and_grades(store: Database, worker: Worker) -> None:
    id, gate = started(worker), Gate()
    worker.answer(id, ANSWER, owner=ME, key="k", model=gate)
    gate.reached.wait(PATIENCE)

    worker.finish(id, owner=ME)
    worker.finish(id, owner=ME)

    assert loaded(store, id).ended == "candidate"
    assert [turn.move.kind for turn in loaded(store, id).turns if turn.move].count("close") == 1
    until(lambda: store.assessments(id, owner=ME))


def test_grading_again_keeps_both_grades(store: Database, worker: Worker) -> None:
    id = started(worker)
    answer_and_wait(store, worker, id)
    worker.finish(id, owner=ME)
    until(lambda: store.assessments(id, owner=ME) and not worker.grade_of(id, owner=ME))

    worker.grade(id, owner=ME).wait(PATIENCE)

    first, second = store.assessments(id, owner=ME)
    assert (first.score, first.points) == (second.score, second.points)


def test_a_grade_under_way_is_not_begun_twice(store: Database, worker: Worker) -> None:
    class Slow(Gate):
        def parse(self, *_: Any, **__: Any) -> Any:
            self.calls += 1
            self.reached.set()
            self.open.wait(PATIENCE)
            raise ModelError("busy", "Too many requests.")

    id, slow = started(worker), Slow()
    answer_and_wait(store, worker, id)
    first = worker.grade(id, owner=ME, model=slow)
    slow.reached.wait(PATIENCE)

    assert worker.grade(id, owner=ME, model=slow) is first
    slow.open.set()
    first.wait(PATIENCE)
    assert slow.calls == 1
    assert len(store.assessments(id, owner=ME)) == 1


def test_a_grade_that_cannot_be_stored_says_so_and_can_be_tried_again(
    store: Database, coach: Coach, prompts: PromptFiles
) -> None:
    failing = FailingStore(store, "add_assessment")
    worker = Worker(failing, coach, prompts, now, threads=2)
    id = started(worker)
    answer_and_wait(store, worker, id)

    worker.finish(id, owner=ME)
    live = worker.grade_of(id, owner=ME)
    live.wait(PATIENCE)
    assert live.error == "The disk is full, so nothing was saved."
    assert worker.grade_of(id, owner=ME) is live
    assert store.last_attempt(id, owner=ME).status == "failed"

    failing.failing.clear()
    worker.grade(id, owner=ME).wait(PATIENCE)
    assert len(store.assessments(id, owner=ME)) == 1
    assert worker.grade_of(id, owner=ME) is None
    worker.close()


# --- a grade that breaks off

POINTS = tuple(point.id for point in a_scenario().key_points)
SAID = (
    "The provider retries when our reply is late or lost, so duplicates are normal. "
    "I insert the event id into a unique column in the transaction that books the payment."
)
SMALL = "tiny-1b"


def one(key_point: str, verdict: str = "missed", *sentences: int) -> dict[str, Any]:
    return {"key_point": key_point, "sentences": list(sentences), "reason": "said", "verdict": verdict}


def judged(*findings: str | dict[str, Any]) -> dict[str, Any]:
    """A model's reply about these points; of a point by its name alone nothing was said."""
    return {"findings": [one(finding) if isinstance(finding, str) else finding for finding in findings]}


def finished(store: Database, worker: Worker, said: str = SAID) -> str:
    """An interview of one answer, which the coach has graded."""
    id = started(worker)
    answer_and_wait(store, worker, id, said)
    worker.finish(id, owner=ME)
    until(lambda: store.assessments(id, owner=ME) and not worker.grade_of(id, owner=ME))
    return id


def broken_off(store: Database, worker: Worker) -> str:
    """An interview whose grade by a model broke off with two points left to judge, so that the coach graded."""
    id = finished(store, worker)
    replies = [judged(one("cause", "covered", 1), "key"), ModelError("unreachable", "There is no connection.")]
    worker.grade(id, owner=ME, model=ScriptedModel(replies, name=SMALL)).wait(PATIENCE)
    return id


def test_a_grade_that_broke_off_goes_on_where_it_was(store: Database, worker: Worker) -> None:
    id = broken_off(store, worker)
    attempt = store.last_attempt(id, owner=ME, kind="grade")
    assert (attempt.status, store.assessments(id, owner=ME)[-1].engine[:5]) == ("failed", "coach")
    rest = ScriptedModel([judged("reply", "check")], name=SMALL)

    live = worker.grade(id, owner=ME, model=rest)

    assert live.wait(PATIENCE)
    assert live.error == ""
    grade = store.assessments(id, owner=ME)[-1]
    assert (grade.engine, grade.score, len(rest.requests)) == (SMALL, 30, 1)
    assert store.last_attempt(id, owner=ME, kind="grade").status == "complete"


def test_a_grade_that_broke_off_goes_on_in_the_next_process(
    url: str, store: Database, worker: Worker, coach: Coach, prompts: PromptFiles
) -> None:
    id = broken_off(store, worker)
    worker.close()
    store.close()
    again = Database.open(url)
    again.interrupt_running()
    successor = Worker(again, coach, prompts, now, threads=2)
    rest = ScriptedModel([judged("reply", "check")], name=SMALL)

    assert successor.grade(id, owner=ME, model=rest).wait(PATIENCE)

    assert again.assessments(id, owner=ME)[-1].score == 30
    assert len(rest.requests) == 1
    successor.close()
    again.close()


def test_another_try_or_a_dispute_in_between_does_not_lose_what_a_broken_grade_had_found(
    store: Database, worker: Worker
) -> None:
    id = broken_off(store, worker)
    worker.retry(id, OFFER, "In a unique column.", owner=ME, key="k").wait(PATIENCE)
    worker.dispute(id, 1, "check", "I meant it.", [1], owner=ME).wait(PATIENCE)
    rest = ScriptedModel([judged("reply", "check")], name=SMALL)

    worker.grade(id, owner=ME, model=rest).wait(PATIENCE)

    assert len(rest.requests) == 1


def test_another_model_does_not_go_on_from_what_the_first_had_found(store: Database, worker: Worker) -> None:
    id = broken_off(store, worker)
    other = ScriptedModel([judged(*POINTS)], name="other-1b")

    worker.grade(id, owner=ME, model=other).wait(PATIENCE)

    assert len(other.requests) == 1
    assert store.assessments(id, owner=ME)[-1].score == 0


def test_grading_again_after_a_complete_grade_begins_anew(store: Database, worker: Worker) -> None:
    id = finished(store, worker)
    first, second = (ScriptedModel([judged(*POINTS)], name=SMALL) for _ in range(2))

    worker.grade(id, owner=ME, model=first).wait(PATIENCE)
    worker.grade(id, owner=ME, model=second).wait(PATIENCE)

    assert (len(first.requests), len(second.requests)) == (1, 1)
    assert len(store.assessments(id, owner=ME)) == 3


class Halting(ScriptedModel):
    """Gives its replies, and then holds on until it is stopped or let go."""

    def __init__(self, *replies: Any) -> None:
        super().__init__(replies, name=SMALL)
        self.halted, self.go_on = threading.Event(), threading.Event()
        self._left = len(replies)

    def parse(self, *args: Any, stop: threading.Event, **options: Any) -> Any:
        if not self._left:
            self.halted.set()
            until(lambda: stop.is_set() or self.go_on.is_set())
            raise ModelError("stopped" if stop.is_set() else "quota", "No more comes.")
        self._left -= 1
        return super().parse(*args, stop=stop, **options)


def test_a_grade_that_is_stopped_is_no_grade_and_goes_on_later(
    store: Database, worker: Worker, coach: Coach, prompts: PromptFiles
) -> None:
    id, halting = finished(store, worker), Halting(judged(one("cause", "covered", 1)))
    live = worker.grade(id, owner=ME, model=halting)
    assert halting.halted.wait(PATIENCE)

    worker.close()

    assert live.done
    assert live.error
    assert len(store.assessments(id, owner=ME)) == 1, "only the coach's, from before"
    successor = Worker(store, coach, prompts, now, threads=2)
    rest = ScriptedModel([judged(*POINTS[1:])], name=SMALL)
    successor.grade(id, owner=ME, model=rest).wait(PATIENCE)
    assert store.assessments(id, owner=ME)[-1].score == 30
    successor.close()


# --- disputes, and another try

OFFER = RetryOffer("key", "How does your handler know that it has booked this one before?")


def test_a_dispute_makes_another_version_and_keeps_the_one_before(store: Database, worker: Worker) -> None:
    id = finished(store, worker)
    worker.grade(id, owner=ME, model=ScriptedModel([judged(*POINTS)], name=SMALL)).wait(PATIENCE)
    before = store.assessments(id, owner=ME)

    live = worker.dispute(
        id, 2, "key", "I said it.", [2], owner=ME, model=ScriptedModel([judged(one("key", "covered", 2))])
    )

    assert live.wait(PATIENCE)
    assert (live.error, worker.grade_of(id, owner=ME)) == ("", None)
    *kept, after = store.assessments(id, owner=ME)
    assert kept == before
    assert (before[1].score, after.score) == (0, 30)
    assert [(item.before.credit, item.after.credit) for item in after.disputes] == [(0, 1)]


def test_a_dispute_of_an_old_version_goes_on_from_that_version(store: Database, worker: Worker) -> None:
    id = finished(store, worker)
    worker.grade(id, owner=ME, model=ScriptedModel([judged(*POINTS)], name=SMALL)).wait(PATIENCE)
    coachs, models = store.assessments(id, owner=ME)

    worker.dispute(id, 1, "check", "I meant it.", [1], owner=ME).wait(PATIENCE)
    worker.dispute(id, 2, "check", "I meant it.", [1], owner=ME).wait(PATIENCE)

    _, _, third, fourth = store.assessments(id, owner=ME)
    assert (third.engine, third.points) == (coachs.engine, coachs.points)
    assert (fourth.engine, fourth.points) == (models.engine, models.points)
    assert (len(third.disputes), len(fourth.disputes)) == (1, 1)


def test_a_dispute_that_the_model_fails_on_leaves_the_grade_as_it_was_and_says_why(
    store: Database, worker: Worker
) -> None:
    id = finished(store, worker)
    before = store.assessments(id, owner=ME)

    live = worker.dispute(
        id, 1, "key", "I said it.", [2], owner=ME, model=ScriptedModel([ModelError("quota", "No credit is left.")])
    )

    assert live.wait(PATIENCE)
    assert live.error == "No credit is left."
    assert worker.grade_of(id, owner=ME) is live
    assert store.assessments(id, owner=ME) == before
    assert store.last_attempt(id, owner=ME).status == "failed"


@pytest.mark.parametrize(("argument", "sentences"), [("", [1]), ("I said it.", []), ("a" * 1_001, [1])])
def test_a_dispute_without_reason_or_sentence_is_refused_at_once(
    argument: str, sentences: list[int], store: Database, worker: Worker
) -> None:
    id = finished(store, worker)

    with pytest.raises(InputError):
        worker.dispute(id, 1, "key", argument, sentences, owner=ME)
    assert len(store.assessments(id, owner=ME)) == 1


def test_a_dispute_of_a_sentence_that_was_not_said_tells_so(store: Database, worker: Worker) -> None:
    id = finished(store, worker)

    live = worker.dispute(id, 1, "key", "I said it.", [99], owner=ME)

    assert live.wait(PATIENCE)
    assert "Mark the sentence" in live.error
    assert len(store.assessments(id, owner=ME)) == 1


def test_while_a_grade_is_under_way_a_dispute_or_a_try_is_not_begun(store: Database, worker: Worker) -> None:
    id, halting = finished(store, worker), Halting()
    live = worker.grade(id, owner=ME, model=halting)
    assert halting.halted.wait(PATIENCE)

    assert worker.dispute(id, 1, "key", "I said it.", [2], owner=ME) is live
    assert worker.retry(id, OFFER, "In a unique column.", owner=ME, key="k") is live
    assert worker.grade(id, owner=ME) is live

    halting.go_on.set()
    assert live.wait(PATIENCE)
    assert [len(grade.disputes) for grade in store.assessments(id, owner=ME)] == [0, 0]
    assert store.retries(id, owner=ME) == []


def test_another_try_is_kept_and_moves_no_score(store: Database, worker: Worker) -> None:
    id = finished(store, worker, "I like trains.")
    before = store.assessments(id, owner=ME)
    good = "  Insert the event id into a table with a unique constraint, in the same transaction as the payment.\n"

    live = worker.retry(id, OFFER, good, owner=ME, key="first key")

    assert live.wait(PATIENCE)
    assert live.error == ""
    (retry,) = store.retries(id, owner=ME)
    assert (retry.key_point, retry.answer, retry.verdict.kind) == ("key", good.strip(), "covered")
    assert store.assessments(id, owner=ME) == before
    assert loaded(store, id).answers[-1].text == "I like trains.", "what is tried again is no part of the interview"


def test_one_try_is_kept_once_however_often_it_is_sent(store: Database, worker: Worker) -> None:
    id = finished(store, worker)

    for answer in ("In a unique column.", "Something else."):
        worker.retry(id, OFFER, answer, owner=ME, key="first key").wait(PATIENCE)
    worker.pass_over(id, OFFER, owner=ME, key="first key")

    assert [retry.answer for retry in store.retries(id, owner=ME)] == ["In a unique column."]


def test_passing_over_is_kept_and_judges_nothing(store: Database, worker: Worker) -> None:
    id = finished(store, worker)

    worker.pass_over(id, OFFER, owner=ME, key="first key")

    (retry,) = store.retries(id, owner=ME)
    assert (retry.key_point, retry.question, retry.answer, retry.verdict) == ("key", OFFER.question, "", None)
    assert worker.grade_of(id, owner=ME) is None


def test_a_model_that_fails_leaves_the_try_to_the_coach(store: Database, worker: Worker) -> None:
    id = finished(store, worker)
    failing = ScriptedModel([ModelError("quota", "No credit is left.")])

    live = worker.retry(id, OFFER, "In a unique column.", owner=ME, key="k", model=failing)

    assert live.wait(PATIENCE)
    assert live.error == ""
    assert store.retries(id, owner=ME)[0].engine.startswith("coach")


@pytest.mark.parametrize("answer", ["", " \n", "a" * (ANSWER_CHARACTERS + 1)])
def test_a_try_without_an_answer_or_with_an_endless_one_is_refused_at_once(
    answer: str, store: Database, worker: Worker
) -> None:
    id = finished(store, worker)

    with pytest.raises(InputError):
        worker.retry(id, OFFER, answer, owner=ME, key="k")
    assert store.retries(id, owner=ME) == []


# --- watching


def test_any_number_of_pages_may_watch_and_each_sees_the_end() -> None:
    live = Live(now, ME)
    seen: list[list[str]] = [[], []]
    threads = [threading.Thread(target=lambda into=into: into.extend(live.tail(0.01))) for into in seen]
    for thread in threads:
        thread.start()
    live.show("Understood.")
    live.show("Understood. Why?")
    live.finish()
    for thread in threads:
        thread.join(PATIENCE)

    assert all(texts[-1] == "Understood. Why?" for texts in seen)
    assert list(live.tail()) == ["Understood. Why?"]


def test_a_page_that_watches_is_given_something_while_nothing_happens() -> None:
    live = Live(now, ME)
    watching = live.tail(0.01)

    assert [next(watching) for _ in range(3)] == ["", "", ""]
    watching.close()


def test_an_interview_that_ends_while_the_app_shuts_down_can_be_graded_later(worker: Worker, store: Database) -> None:
    id = started(worker)
    worker.close()

    worker.finish(id, owner=ME)

    assert store.load(id, owner=ME).interview.is_finished
    refused = worker.grade_of(id, owner=ME)
    assert refused is not None
    assert refused.done
    assert refused.error


def test_the_coach_grades_when_it_is_named_as_the_judge_of_a_models_interview(worker: Worker, store: Database) -> None:
    id = started(worker, max_probes=0)
    model = ScriptedModel([])

    for number in (1, 2):  # an answer, and one to the invitation to add something
        worker.answer(id, ANSWER, owner=ME, key=str(number), model=model, judge=None)
        until(lambda: worker.reply_of(id, owner=ME) is None)
    until(lambda: bool(store.assessments(id, owner=ME)))

    assert store.assessments(id, owner=ME)[0].engine.startswith("coach")
    assert model.requests == []


# --- questions about a report


def explained(worker: Worker, store: Database, model: ScriptedModel) -> Live:
    id = started(worker)
    answer_and_wait(store, worker, id)
    passage = Passage("Verdict", "Missed, weight 20, because nothing was said about the queue.")
    live = worker.explain(id, "Why?", Answer("point", (passage,)), owner=ME, model=model)
    assert live.wait(PATIENCE)
    assert worker.explanation_of(id, owner=ME) is live
    return live


def test_a_model_words_what_the_report_says(worker: Worker, store: Database) -> None:
    said = "Missed, because nothing was said about the queue."
    live = explained(worker, store, ScriptedModel([{"quotes": ["nothing was said about the queue"], "answer": said}]))

    assert (live.text, live.error) == (said, "")


def test_a_model_that_makes_something_up_says_nothing_and_the_page_is_told_why(worker: Worker, store: Database) -> None:
    live = explained(worker, store, ScriptedModel([{"quotes": ["you were brilliant"], "answer": "You scored 99."}]))

    assert live.text == ""
    assert "the report's own words stand alone" in live.error


def test_a_question_that_is_being_worded_is_given_up_when_the_app_stops(worker: Worker, store: Database) -> None:
    id = started(worker)
    answer_and_wait(store, worker, id)
    worker.close()

    live = worker.explain(id, "Why?", Answer("score", ()), owner=ME, model=ScriptedModel())

    assert live.done
    assert live.error


def test_nobody_can_ask_about_the_report_of_another(worker: Worker) -> None:
    with pytest.raises(NotFoundError):
        worker.explain(started(worker), "Why?", Answer("score", ()), owner="somebody", model=ScriptedModel())
