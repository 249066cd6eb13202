"""Owns every model call: a bounded pool that outlives page reruns, writes to the store, and lets pages watch."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal

from interviewer.domain.assessment import Assessment
from interviewer.domain.hints import hint_move
from interviewer.domain.interview import Interview, Manner, Mode, Move, Turn
from interviewer.domain.moves import closing
from interviewer.domain.practice import Drill
from interviewer.domain.scenario import Level, Scenario
from interviewer.domain.story import as_story
from interviewer.errors import ConflictError, InputError, InterviewerError
from interviewer.flows import grading
from interviewer.flows.asking import Answer, reworded
from interviewer.flows.disputing import check_dispute, dispute
from interviewer.flows.interviewing import candidate_turn, decide, reply_turn, word
from interviewer.flows.judging import Unfinished
from interviewer.flows.ports import AttemptStatus, ChatModel, Matcher, Prompts, Store, StoredInterview
from interviewer.flows.practising import drilled
from interviewer.flows.retrying import RetryOffer, passed_over, retried
from interviewer.flows.rewriting import rewrite

ANSWER_CHARACTERS = 20_000
THREADS = 32
FLUSH_SECONDS = 0.5

OVER = "This interview is over. Start a new one to go on practising."
SPEAKING = "The interviewer is still speaking. Send it again in a moment."
UNANSWERED = "The interviewer has not replied to your last answer yet. Press Continue first."
UNFINISHED = "The model did not judge every point."
STOPPED = "The app was stopped. What you said is saved; press Continue."

NO_INTERVIEW = None  # what the meter is told of calls that belong to none
SAME: Literal["same"] = "same"
Judge = ChatModel | Literal["same"] | None

_log = logging.getLogger(__name__)


class Live:
    """A reply or a grade under way. Pages watch it; only the worker changes it.

    `again_at` is the time.monotonic() at which a busy model is asked again, as long as there is no text.
    """

    def __init__(self, clock: Callable[[], datetime], owner: str) -> None:
        self.owner = owner
        self.started_at = clock()
        self.stop = threading.Event()
        self.text = ""
        self.again_at: float | None = None
        self.share = 0.0
        self.error = ""
        self._done = False
        self._changed = threading.Condition()

    @property
    def done(self) -> bool:
        return self._done

    def show(self, text: str) -> None:
        with self._changed:
            self.text = text
            self._changed.notify_all()

    def waits(self, seconds: float) -> None:
        self.again_at = time.monotonic() + seconds

    def progress(self, share: float) -> None:
        self.share = share

    def finish(self, error: str = "") -> None:
        with self._changed:
            self.error, self._done = error, True
            self._changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until it is done, at most this long; gives whether it is."""
        with self._changed:
            self._changed.wait_for(lambda: self._done, timeout=seconds)
        return self._done

    def tail(self, patience: float = 0.25) -> Iterator[str]:
        """The text so far, each time it has changed, until it is done. Any number of pages may watch.

        Something is given at least every `patience` seconds, so that a page that went away is noticed.
        """
        seen = None
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._done or self.text != seen, timeout=patience)  # noqa: B023 - it waits right here
                text, done = self.text, self._done
            seen = text
            yield text
            if done:
                return


class Task(Live):
    """Something that belongs to no interview. `result` is what came of it, as soon as it is done without an error."""

    result: object = None


# Judges something: the interview as stored, what pages watch, the number of the attempt. Gives what was left open.
Judging = Callable[[StoredInterview, Live, int], str]


# Puts a model behind the meter of this interview and owner, which may refuse a call and keeps what each one took.
Meter = Callable[[ChatModel, str | None, str], ChatModel]


class Worker:
    """Runs interviews. What reads or writes the store takes the owner, and commits what was said before it returns."""

    def __init__(
        self,
        store: Store,
        matcher: Matcher,
        prompts: Prompts,
        clock: Callable[[], datetime],
        *,
        threads: int = THREADS,
        meter: Meter = lambda model, id, owner: model,
    ) -> None:
        self._store, self._matcher, self._prompts, self._clock = store, matcher, prompts, clock
        self._meter = meter
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="interview")
        self._replies: dict[str, Live] = {}
        self._grades: dict[str, Live] = {}
        self._explanations: dict[str, Live] = {}
        self._tasks: dict[tuple[str, str], Task] = {}
        self._lock = threading.Lock()
        self._closing = False

    def start(
        self,
        scenario: Scenario,
        scenario_hash: str,
        *,
        owner: str,
        mode: Mode,
        level: Level,
        max_probes: int,
        engine: str,
        manner: Manner = "neutral",
        leaning: Sequence[str] = (),
    ) -> StoredInterview:
        """A new interview with its opening question, stored. In the mode "story" it is the behavioural round."""
        now = self._clock()
        interview = Interview(
            scenario=as_story(scenario) if mode == "story" else scenario,
            mode=mode,
            level=level,
            manner=manner,
            leaning=tuple(leaning),
            max_probes=max_probes,
            started_at=now,
        )
        move, _ = decide(interview, self._matcher, now)
        opening = Turn(seq=0, role="interviewer", text=move.text, at=now, move=move)
        return self._store.create(interview.with_turn(opening), owner=owner, engine=engine, scenario_hash=scenario_hash)

    def answer(
        self,
        id: str,
        text: str,
        *,
        owner: str,
        key: str,
        at: int | None = None,
        model: ChatModel | None = None,
        judge: Judge = SAME,
    ) -> None:
        """Commit the candidate's turn, once for this key, then have the reply made.

        When the reply closes the interview, `judge` grades it: None is the built-in coach, SAME whoever words it.
        `at` is the number of turns that the person had before them while typing: when the interview has gone on
        since, in a second tab, ConflictError is raised. Raises InputError when the text is empty or too long, and
        when it is not the candidate's turn; the same answer sent again is no error.
        """
        said = _sendable(text)
        interview = self._store.load(id, owner=owner).interview
        turn = candidate_turn(interview, said, self._clock())
        if at is not None:
            turn = turn.model_copy(update={"seq": at})
        if turn.seq < len(interview.turns) or interview.awaits_candidate:
            self._store.add_turn(id, turn, owner=owner, key=key)
        else:
            self._send_again(id, interview, turn, owner, key)
        self.resume(id, owner=owner, model=model, judge=judge)

    def resume(self, id: str, *, owner: str, model: ChatModel | None = None, judge: Judge = SAME) -> bool:
        """Have the missing reply made after an interruption. Gives False when none is missing."""
        stored = self._store.load(id, owner=owner)
        if not stored.interview.awaits_interviewer or self.reply_of(id, owner=owner):
            return False
        self._begin_reply(id, owner, model, model if judge == SAME else judge)
        return True

    def hint(self, id: str, *, owner: str) -> Turn | None:
        """Give the next hint, if one may be given now."""
        stored = self._store.load(id, owner=owner)
        move = hint_move(stored.interview, self._clock())
        if move is None or self.reply_of(id, owner=owner):
            return None
        turn = self._said(stored.interview, move)
        return self._store.add_turn(id, turn, owner=owner, key=f"hint-{move.hint_level}")

    def finish(self, id: str, *, owner: str, model: ChatModel | None = None) -> None:
        """End the interview at the candidate's wish and begin the grade. A reply under way is stopped first."""
        live = self.reply_of(id, owner=owner)
        if live:
            live.stop.set()
            live.wait(5)
        stored = self._store.load(id, owner=owner)
        if not stored.interview.is_finished:
            self._store.add_turn(id, self._said(stored.interview, closing("candidate")), owner=owner, key="close")
        self.grade(id, owner=owner, model=model)

    def stop(self, id: str, *, owner: str) -> None:
        """Stop the model's request; the question is then asked as it was written."""
        live = self.reply_of(id, owner=owner)
        if live:
            live.stop.set()

    def grade(self, id: str, *, owner: str, model: ChatModel | None = None) -> Live:
        """Begin a grade beside the earlier ones; what is being judged already when there is something.

        A grade by the same model that broke off goes on where it was.
        """

        def work(stored: StoredInterview, live: Live, attempt: int) -> str:
            before = self._unfinished(stored.id, owner, attempt)
            assessment = grading.grade(
                stored.interview,
                self._matcher,
                now=self._clock(),
                scenario_hash=stored.scenario_hash,
                model=self._metered(model, id, owner),
                prompts=self._prompts,
                stop=live.stop,
                progress=live.progress,
                before=before,
                keep=lambda unfinished: self._store.save_partial(attempt, unfinished.model_dump_json(), owner=owner),
            )
            text, _ = rewrite(stored.interview, assessment, None, self._prompts)
            self._store.add_assessment(stored.id, assessment.model_copy(update={"rewrite": text}), owner=owner)
            return UNFINISHED if model and _left_open(assessment, model) else ""

        return self._begin_judging(id, owner, work)

    def dispute(
        self,
        id: str,
        version: int,
        key_point: str,
        argument: str,
        sentences: Sequence[int],
        *,
        owner: str,
        model: ChatModel | None = None,
    ) -> Live:
        """Have one verdict of this version of the grade judged again; the result is another version.

        Raises InputError when the argument is missing or no sentence was marked.
        """
        check_dispute(argument, sentences)

        def work(stored: StoredInterview, live: Live, attempt: int) -> str:
            assessment = self._store.assessments(stored.id, owner=owner)[version - 1]
            decided = dispute(
                stored.interview,
                assessment,
                key_point,
                argument,
                sentences,
                self._matcher,
                now=self._clock(),
                model=self._metered(model, id, owner),
                prompts=self._prompts,
                stop=live.stop,
            )
            self._store.add_assessment(stored.id, decided, owner=owner)
            return ""

        return self._begin_judging(id, owner, work, "Judging this point again…")

    def retry(
        self, id: str, offer: RetryOffer, answer: str, *, owner: str, key: str, model: ChatModel | None = None
    ) -> Live:
        """Have another try at one point judged. Raises InputError without an answer, or with a very long one."""
        said = _sendable(answer)

        def work(stored: StoredInterview, live: Live, attempt: int) -> str:
            retry = retried(
                stored.interview,
                offer,
                said,
                key,
                self._matcher,
                now=self._clock(),
                model=self._metered(model, id, owner),
                prompts=self._prompts,
                stop=live.stop,
            )
            self._store.add_retry(stored.id, retry, owner=owner)
            return ""

        return self._begin_judging(id, owner, work, "Reading your answer…")

    def reword(self, id: str, version: int, *, owner: str, model: ChatModel) -> Live:
        """Have a model word the answer in STAR order: another version of the grade, with the same verdicts."""

        def work(stored: StoredInterview, live: Live, attempt: int) -> str:
            assessment = self._store.assessments(stored.id, owner=owner)[version - 1]
            metered = self._metered(model, id, owner)
            text, usage = rewrite(stored.interview, assessment, metered, self._prompts, stop=live.stop)
            spent = (*assessment.usage, usage) if usage else assessment.usage
            changes = {"rewrite": text, "usage": spent, "at": self._clock()}
            self._store.add_assessment(stored.id, assessment.model_copy(update=changes), owner=owner)
            return ""

        return self._begin_judging(id, owner, work, "Putting your answer in order…")

    def explain(self, id: str, question: str, answer: Answer, *, owner: str, model: ChatModel) -> Live:
        """Have a model word what the report says to a question; an earlier question of this interview is given up.

        Afterwards `text` is the wording, or "" with the reason in `error`: then the report's own words stand alone.
        """
        interview = self._store.load(id, owner=owner).interview
        metered = self._meter(model, id, owner)

        def work(live: Live) -> None:
            try:
                live.show(reworded(question, answer, interview, metered, self._prompts, stop=live.stop))
                live.finish()
            except InterviewerError as error:
                live.finish(str(error))
            except Exception:
                _log.exception("an explanation failed")
                live.finish("Something went wrong on our side, so the report's own words stand alone.")

        with self._lock:
            if earlier := self._explanations.get(id):
                earlier.stop.set()
            live = self._explanations[id] = Live(self._clock, owner)
            if self._closing:
                live.finish(STOPPED)
            else:
                self._pool.submit(work, live)
        return live

    def explanation_of(self, id: str, *, owner: str) -> Live | None:
        """The wording under way or the last one made since the app was started, if there is one of this owner."""
        live = self._explanations.get(id)
        return live if live and live.owner == owner else None

    def pass_over(self, id: str, offer: RetryOffer, *, owner: str, key: str) -> None:
        """Keep that the person did not want to try this point again."""
        self._store.add_retry(id, passed_over(offer, key, self._clock()), owner=owner)

    def drill(self, said: Drill, scenario: Scenario, *, owner: str, model: ChatModel | None = None) -> Live | None:
        """Keep the answer to a drill, then have it judged. None when it is judged already.

        The same key again keeps nothing twice; an answer that was never judged is judged now. Raises InputError
        without an answer, or with a very long one.
        """
        said = said.model_copy(update={"answer": _sendable(said.answer)})
        name = _drill_name(said.key, owner)
        with self._lock:
            live = self._grades.get(name)
            if live and not live.done:
                return live
            kept = self._store.drill(said.key, owner=owner)
            if kept and kept.is_judged:
                return None
            if kept is None:
                self._store.add_drill(said, owner=owner)
            live = self._grades[name] = Live(self._clock, owner)
            live.text = "Reading your answer…"
            if self._closing:
                live.finish(STOPPED)
            else:
                self._pool.submit(self._judge_drill, kept or said, scenario, owner, model, live)
        return live

    def drill_of(self, key: str, *, owner: str) -> Live | None:
        """The drill being judged, or the last try at it that failed."""
        return self.grade_of(_drill_name(key, owner), owner=owner)

    def begin(
        self, name: str, work: Callable[[Task, ChatModel | None], object], *, owner: str, model: ChatModel | None = None
    ) -> Task:
        """Have something done that belongs to no interview; one of this name that is under way is stopped.

        `work` gets the model behind the meter, and looks at `stop` of the task now and then.
        """
        metered = self._metered(model, NO_INTERVIEW, owner)

        def run(task: Task) -> None:
            try:
                task.result = work(task, metered)
                task.finish()
            except InterviewerError as error:
                task.finish(str(error))
            except Exception:
                _log.exception("a task failed")
                task.finish("Something went wrong on our side. Try again.")

        with self._lock:
            if earlier := self._tasks.get((owner, name)):
                earlier.stop.set()
            task = self._tasks[owner, name] = Task(self._clock, owner)
            if self._closing:
                task.finish(STOPPED)
            else:
                self._pool.submit(run, task)
        return task

    def task_of(self, name: str, *, owner: str) -> Task | None:
        """The task of this name under way, or the last one since the app was started."""
        return self._tasks.get((owner, name))

    def forget_task(self, name: str, *, owner: str) -> None:
        """Stop the task of this name and forget what came of it."""
        with self._lock:
            if task := self._tasks.pop((owner, name), None):
                task.stop.set()

    def reply_of(self, id: str, *, owner: str) -> Live | None:
        """The reply under way, if there is one of this owner."""
        live = self._replies.get(id)
        return live if live and live.owner == owner and not live.done else None

    def grade_of(self, id: str, *, owner: str) -> Live | None:
        """The grade under way, or the last one that failed, if there is one of this owner."""
        live = self._grades.get(id)
        return live if live and live.owner == owner and (not live.done or live.error) else None

    def close(self, drain_seconds: float = 0.0) -> None:
        """Begin nothing more, give what is under way so long to end by itself, then stop it and wait.

        What is missing afterwards can be resumed or graded later.
        """
        with self._lock:  # nothing new is begun while it is held
            self._closing = True
        under_way = [live for live in self._all() if not live.done]
        deadline = time.monotonic() + drain_seconds
        for live in under_way:
            live.wait(max(deadline - time.monotonic(), 0))
        for live in under_way:
            live.stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
        for live in under_way:
            if not live.done:
                live.finish(STOPPED)

    def _all(self) -> list[Live]:
        return [*self._replies.values(), *self._grades.values(), *self._explanations.values(), *self._tasks.values()]

    def _send_again(self, id: str, interview: Interview, turn: Turn, owner: str, key: str) -> None:
        """The last answer's place is taken, so only the key it was stored under gets through. Raises InputError."""
        refusal = InputError(
            OVER if interview.is_finished else SPEAKING if self.reply_of(id, owner=owner) else UNANSWERED
        )
        if interview.last_answer is None:
            raise refusal
        try:
            again = turn.model_copy(update={"seq": interview.last_answer.seq})
            self._store.add_turn(id, again, owner=owner, key=key)
        except ConflictError:
            raise refusal from None

    def _said(self, interview: Interview, move: Move) -> Turn:
        return Turn(seq=len(interview.turns), role="interviewer", text=move.text, at=self._clock(), move=move)

    def _begin_reply(self, id: str, owner: str, model: ChatModel | None, judge: ChatModel | None) -> None:
        with self._lock:
            if self.reply_of(id, owner=owner):
                return
            live = self._replies[id] = Live(self._clock, owner)
            if self._closing:
                live.finish(STOPPED)
            else:
                self._pool.submit(self._reply, id, owner, model, judge, live)

    def _reply(self, id: str, owner: str, model: ChatModel | None, judge: ChatModel | None, live: Live) -> None:
        attempt: int | None = None
        try:
            stored = self._store.load(id, owner=owner)
            interview = stored.interview
            if not interview.awaits_interviewer:
                live.finish()
                return
            attempt = self._store.begin_attempt(id, owner=owner, kind="reply", turn=len(interview.turns))
            move, _ = decide(interview, self._matcher, self._clock())
            metered = self._metered(model, id, owner)
            show = self._showing(live, attempt)
            worded = word(interview, move, metered, self._prompts, show=show, waits=live.waits, stop=live.stop)
            turn = reply_turn(interview, move, worded, self._clock())
            self._store.add_turn(id, turn, owner=owner, key=f"reply-{turn.seq}")
            status: AttemptStatus = "stopped" if worded.note == "stopped" else "complete"
            self._store.end_attempt(attempt, status, owner=owner, error=worded.note)
            self._forget(self._replies, id, live)
            live.finish()
            if move.kind == "close":
                self.grade(id, owner=owner, model=judge)
        except InterviewerError as error:
            self._fail(live, attempt, str(error))
        except Exception:
            # The thread is the last one who can tell: without this the page would wait for ever.
            _log.exception("a reply failed")
            self._fail(live, attempt, "Something went wrong on our side. Your answer is saved; press Continue.")
        finally:
            self._forget(self._replies, id, live)

    def _showing(self, live: Live, attempt: int) -> Callable[[str], None]:
        saved = time.monotonic()

        def show(text: str) -> None:
            nonlocal saved
            live.show(text)
            if time.monotonic() - saved >= FLUSH_SECONDS:
                self._store.save_partial(attempt, text, owner=live.owner)
                saved = time.monotonic()

        return show

    def _begin_judging(self, id: str, owner: str, work: Judging, doing: str = "") -> Live:
        self._store.load(id, owner=owner)
        with self._lock:
            live = self._grades.get(id)
            if live and not live.done:
                return live
            live = self._grades[id] = Live(self._clock, owner)
            live.text = doing
            if self._closing:
                live.finish(STOPPED)
            else:
                self._pool.submit(self._judge, id, owner, live, work)
        return live

    def _judge(self, id: str, owner: str, live: Live, work: Judging) -> None:
        attempt: int | None = None
        try:
            stored = self._store.load(id, owner=owner)
            attempt = self._store.begin_attempt(id, owner=owner, kind="grade", turn=len(stored.interview.turns))
            open_end = work(stored, live, attempt)
            self._store.end_attempt(attempt, "failed" if open_end else "complete", owner=owner, error=open_end)
            self._forget(self._grades, id, live)
            live.finish()
        except InterviewerError as error:
            self._fail(live, attempt, str(error))
        except Exception:
            _log.exception("a grade failed")
            self._fail(live, attempt, "Something went wrong on our side. Everything said is saved; grade again.")

    def _judge_drill(self, said: Drill, scenario: Scenario, owner: str, model: ChatModel | None, live: Live) -> None:
        try:
            judged = drilled(
                said,
                scenario,
                self._matcher,
                now=self._clock(),
                model=self._metered(model, NO_INTERVIEW, owner),
                prompts=self._prompts,
                stop=live.stop,
            )
            self._store.judge_drill(judged, owner=owner)
            self._forget(self._grades, _drill_name(said.key, owner), live)
            live.finish()
        except InterviewerError as error:
            live.finish(str(error))
        except Exception:
            _log.exception("a drill failed")
            live.finish("Something went wrong on our side. Your answer is saved; check it again.")

    def _metered(self, model: ChatModel | None, id: str | None, owner: str) -> ChatModel | None:
        return model and self._meter(model, id, owner)

    def _unfinished(self, id: str, owner: str, attempt: int) -> Unfinished | None:
        """What the grade before this one had found when it broke off. Disputes and tries in between found nothing."""
        last = self._store.last_attempt(id, owner=owner, kind="grade", before=attempt)
        while last is not None and not last.partial:
            last = self._store.last_attempt(id, owner=owner, kind="grade", before=last.id)
        if last is None or last.status == "complete":
            return None
        try:
            return Unfinished.model_validate_json(last.partial)
        except ValueError:
            return None  # kept by another version of the app: the grade begins anew

    def _forget(self, under_way: dict[str, Live], id: str, live: Live) -> None:
        with self._lock:
            if under_way.get(id) is live:
                del under_way[id]

    def _fail(self, live: Live, attempt: int | None, message: str) -> None:
        try:
            if attempt is not None:
                stopped = self._closing and live.stop.is_set()
                status: AttemptStatus = "interrupted" if stopped else "failed"
                self._store.end_attempt(attempt, status, owner=live.owner, error=message)
        except InterviewerError as error:
            message = message if str(error) in message else f"{message} {error}"
        finally:
            live.finish(message)


def _drill_name(key: str, owner: str) -> str:
    return f"drill {owner} {key}"


def _sendable(text: str) -> str:
    """The answer as it is kept. Raises InputError when there is none, or when it is very long."""
    said = text.strip()
    if not said:
        raise InputError("Nothing was typed. Write an answer, or say that you want to skip.")
    if len(said) > ANSWER_CHARACTERS:
        raise InputError(
            f"The answer has {len(said):,} characters; at most {ANSWER_CHARACTERS:,} can be sent at once. "
            "Shorten it and send it again."
        )
    return said


def _left_open(assessment: Assessment, model: ChatModel) -> bool:
    """Whether the coach stepped in for the model, or a point has no verdict: grading again then goes on from there."""
    return assessment.engine != model.name or any(point.ungraded for point in assessment.points)
