"""Kills a process that holds interviews, again and again, and counts what it had acknowledged and what is still there.

A warm process imports everything once and forks for every round, so a kill costs a fork and not a start of Python.
The child holds interviews through the Worker and writes one line into a pipe after each thing it was told is stored.
Half of the kills come after a random time, half right after a line. `python -m tests.crash.killing --kills 200`
prints the counts as JSON; `--too-soon` has the child write its lines before the commit, and must show losses.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from interviewer import worker as worker_module
from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.flows.ports import Whole
from interviewer.worker import Worker
from tests.builders import a_retry, a_scenario, an_interview
from tests.conftest import ROOT

ME = "me"
ANSWERS = 3
LONGEST = 0.25  # seconds until the kill, counted from the fork
MOST_LINES = 8  # until the kill that follows a line
PATIENCE = 20.0

Tell = Callable[..., None]


class Fact(NamedTuple):
    """One line of the child: what it was told is stored."""

    what: str
    id: str
    value: str = ""


class Count(NamedTuple):
    kills: int
    acknowledged: int
    lost: int
    doubled: int
    kept_unacknowledged: int
    interrupted: int
    finished: int
    unfinished: int
    damaged: int
    seconds: float


# The child


def hold_interviews(url: str, coach: Coach, prompts: PromptFiles, tell: Tell, *, too_soon: bool, last: bool) -> None:
    """Go on where the process before was killed; without end, or with `last` until every interview is graded."""
    worker_module.FLUSH_SECONDS = 0.005
    database = Database.open(url)
    database.interrupt_running()
    worker = Worker(database, coach, prompts, lambda: datetime.now(UTC), threads=2)
    _send_again(database, worker)
    while True:
        open_ones = [  # the rating comes last
            line.id
            for line in database.history(owner=ME)
            if line.ended is None or database.load(line.id, owner=ME).self_rating is None
        ]
        if not open_ones and last:
            break
        id = open_ones[0] if open_ones else _started(worker, tell)
        _one_step(database, worker, id, tell, too_soon)
    worker.close()
    database.close()


def _send_again(database: Database, worker: Worker) -> None:
    """Send every last answer once more, as a person does who saw no sign of it. It must change nothing."""
    for line in database.history(owner=ME):
        answer = database.load(line.id, owner=ME).interview.last_answer
        if answer and line.ended is None:
            worker.answer(line.id, answer.text, owner=ME, key=f"answer {answer.seq}")
            _wait(lambda id=line.id: not worker.reply_of(id, owner=ME))


def _started(worker: Worker, tell: Tell) -> str:
    stored = worker.start(a_scenario(), "hash", owner=ME, mode="practice", level="senior", max_probes=6, engine="coach")
    tell("started", stored.id)
    return stored.id


def _one_step(database: Database, worker: Worker, id: str, tell: Tell, too_soon: bool) -> None:
    interview = database.load(id, owner=ME).interview
    model = ScriptedModel.demo(delay=0.0005)
    if interview.is_finished:
        assert worker.grade(id, owner=ME).wait(PATIENCE)
        tell("graded", id, str(len(database.assessments(id, owner=ME))))
        database.add_retry(id, a_retry(key=f"retry {id}"), owner=ME)
        tell("tried", id, f"retry {id}")
        database.rate(id, 3, owner=ME)
        tell("rated", id)
    elif interview.awaits_interviewer:
        worker.resume(id, owner=ME, model=model)
        _wait(lambda: not worker.reply_of(id, owner=ME))
        tell("replied", id, str(len(interview.turns)))
    elif len(interview.answers) < ANSWERS:
        # The process is in the text: what the next one says in the same place does not hide that this one's is lost.
        text = (
            f"{id} {len(interview.turns)} {os.getpid()}: it comes again after a timeout, so I would store the event id."
        )
        if too_soon:
            tell("said", id, text)
        worker.answer(id, text, owner=ME, key=f"answer {len(interview.turns)}", model=model)
        if not too_soon:
            tell("said", id, text)
        _wait(lambda: not worker.reply_of(id, owner=ME))
        tell("replied", id, str(len(interview.turns) + 1))
    else:
        worker.finish(id, owner=ME)
        tell("closed", id)
        _wait(lambda: not worker.grade_of(id, owner=ME))  # which the closing has begun


def _wait(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the worker did not come to an end")
        time.sleep(0.001)


# The one who kills


def run(folder: Path, kills: int, seed: int, *, too_soon: bool = False) -> Count:
    """Kill so many children one after the other, and count. Raises AssertionError when a child dies by itself."""
    begun = time.monotonic()
    random_ = random.Random(seed)
    path = folder / "interviews.sqlite3"
    url = f"sqlite:///{path}"
    coach, prompts = Coach.load(folder / "no model"), PromptFiles(ROOT / "prompts")
    coach.match(a_scenario(), an_interview("It retries.").sentences())  # read once for all children
    facts: list[Fact] = []
    interrupted = damaged = 0
    for round_ in range(kills):
        after_lines = random_.randint(1, MOST_LINES) if round_ % 2 or too_soon else None
        seconds = random_.uniform(0, LONGEST)
        child, pipe = _forked(url, coach, prompts, too_soon=too_soon, last=False)
        _killed(child, pipe, after_lines, seconds, facts)
        if path.exists():
            interrupted += _marked(url)
            damaged += not _is_sound(path)
    child, pipe = _forked(url, coach, prompts, too_soon=too_soon, last=True)
    with os.fdopen(pipe, "rb") as lines:
        facts += [Fact(*json.loads(line)) for line in lines]
    assert os.waitpid(child, 0)[1] == 0, "the interviews could not be finished after the kills"
    return _counted(url, facts)._replace(
        kills=kills, interrupted=interrupted, damaged=damaged, seconds=round(time.monotonic() - begun, 1)
    )


def _forked(url: str, coach: Coach, prompts: PromptFiles, *, too_soon: bool, last: bool) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    code = 1
    try:
        os.close(reading)

        def tell(*fact: str) -> None:
            os.write(writing, (json.dumps(fact) + "\n").encode())

        hold_interviews(url, coach, prompts, tell, too_soon=too_soon, last=last)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _killed(child: int, pipe: int, after_lines: int | None, seconds: float, facts: list[Fact]) -> None:
    with os.fdopen(pipe, "rb") as lines:
        if after_lines is None:
            time.sleep(seconds)
        else:
            facts += [Fact(*json.loads(lines.readline())) for _ in range(after_lines)]
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        assert os.WIFSIGNALED(status), "the child ended by itself"
        facts += [Fact(*json.loads(line)) for line in lines if line.endswith(b"\n")]


def _marked(url: str) -> int:
    """What the next process does first: the attempts that were running are marked, once and for all."""
    with closing(Database.open(url)) as database:
        number = database.interrupt_running()
        assert database.interrupt_running() == 0
    return number


def _is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def _counted(url: str, facts: list[Fact]) -> Count:
    with closing(Database.open(url)) as database:
        history = database.history(owner=ME)
        wholes = {line.id: database.whole(line.id, owner=ME) for line in history}
    lost = [fact for fact in facts if not _is_there(fact, wholes.get(fact.id))]
    said = Counter(
        turn.text.partition(":")[0].rpartition(" ")[0]
        for whole in wholes.values()
        for turn in whole.stored.interview.answers
    )
    closings = Counter(
        whole.stored.id
        for whole in wholes.values()
        for turn in whole.stored.interview.turns
        if turn.move and turn.move.kind == "close"
    )
    told = {(fact.id, fact.value) for fact in facts if fact.what == "said"}
    return Count(
        kills=0,
        acknowledged=len(facts),
        lost=len(lost),
        doubled=sum(count - 1 for count in (*said.values(), *closings.values())),
        kept_unacknowledged=sum(
            (id, turn.text) not in told for id, whole in wholes.items() for turn in whole.stored.interview.answers
        ),
        interrupted=0,
        finished=sum(bool(line.ended and line.signal) for line in history),
        unfinished=sum(not (line.ended and line.signal) for line in history),
        damaged=0,
        seconds=0.0,
    )


def _is_there(fact: Fact, whole: Whole | None) -> bool:
    if whole is None:
        return False
    interview = whole.stored.interview
    if fact.what == "said":
        return [turn.text for turn in interview.answers].count(fact.value) == 1
    if fact.what == "replied":
        return len(interview.turns) > int(fact.value) and interview.turns[int(fact.value)].role == "interviewer"
    if fact.what == "closed":
        return interview.is_finished
    if fact.what == "graded":
        return len(whole.assessments) >= int(fact.value)
    if fact.what == "tried":
        return [retry.key for retry in whole.retries].count(fact.value) == 1
    if fact.what == "rated":
        return whole.stored.self_rating == 3
    return fact.what == "started"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--too-soon", action="store_true", help="acknowledge before the commit: must show losses")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        count = run(Path(folder), options.kills, options.seed, too_soon=options.too_soon)
    print(json.dumps(count._asdict()))


if __name__ == "__main__":
    main()
