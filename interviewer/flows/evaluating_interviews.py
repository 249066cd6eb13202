"""How well an interviewer interviews: held against scripted candidates, and measured by rules that code can check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from interviewer.domain.coverage import Coverage
from interviewer.domain.hints import HintOffer, hint_move, hint_offer
from interviewer.domain.interview import COACH, EndReason, Interview, Move, Turn
from interviewer.domain.scenario import Scenario
from interviewer.errors import ModelError
from interviewer.flows.candidates import Candidate, Said, candidate
from interviewer.flows.interview_criteria import CRITERIA, FREE_FORM, Criterion, Held, finding, title
from interviewer.flows.interviewing import Worded, candidate_turn, decide, reply_turn, word
from interviewer.flows.ports import ChatModel, Matcher, Message, Prompts

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
REPLY_SECONDS = 3
READING_SECONDS = 20  # of a hint
ANSWERS_AT_MOST = 40  # an interviewer that has not closed by then does not close
FREE_ANSWERS_AT_MOST = 12
PLAIN_TOKENS = 160  # what a person would say in a minute
QUOTED_CHARACTERS = 180
FAILURES_SHOWN = 3  # of each criterion

PLAIN_PROMPT = (
    "You are an interviewer for a senior data engineering position, and you have just asked the candidate the question "
    "below. Interview the candidate about it: ask one follow-up at a time, about what is missing, unclear or wrong in "
    "the last answer. After six follow-ups, or earlier if there is nothing left to ask, thank the candidate and say "
    "that the interview is over."
)
_FAREWELLS = ("interview is over", "interview is now over", "concludes", "end of the interview", "end of our interview")


class Reply(NamedTuple):
    """The interviewer's turn, and what had been shown by then if it keeps count of that."""

    turn: Turn
    coverage: Coverage | None = None


class Interviewer(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def criteria(self) -> Sequence[Criterion]:
        """What it can be held to."""
        ...

    @property
    def answers_at_most(self) -> int: ...

    def reply(self, interview: Interview, now: datetime) -> Reply:
        """What it says next. Raises ModelError when there is nothing to be said instead."""
        ...


class Guided:
    """The interviewer of this product: moves by rule, worded by a model or as they are authored."""

    criteria: Sequence[Criterion] = CRITERIA
    answers_at_most = ANSWERS_AT_MOST

    def __init__(self, matcher: Matcher, prompts: Prompts, model: ChatModel | None = None) -> None:
        self._matcher, self._prompts, self._model = matcher, prompts, model
        self.name = f"our rules, worded by {model.name}" if model else f"built-in coach ({matcher.label})"

    def reply(self, interview: Interview, now: datetime) -> Reply:
        move, coverage = decide(interview, self._matcher, now)
        worded = word(interview, move, self._model, self._prompts, show=_unseen)
        return Reply(reply_turn(interview, move, worded, now), coverage)


class Plain:
    """A model with one paragraph of instructions and the whole transcript: what most mock interviewers are."""

    criteria: Sequence[Criterion] = FREE_FORM
    answers_at_most = FREE_ANSWERS_AT_MOST

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.name = f"{model.name} with a plain prompt"

    def reply(self, interview: Interview, now: datetime) -> Reply:
        if not interview.turns:
            move = Move(kind="open", text=interview.scenario.question, reason="the scenario's question")
            return Reply(reply_turn(interview, move, Worded(move.text, COACH), now))
        text = ""
        with closing(self._model.stream(_transcript(interview), max_tokens=PLAIN_TOKENS)) as reply:
            try:
                for piece in reply:
                    text += piece
            except ModelError as error:
                if error.fault != "cut_short":
                    raise  # what is cut off at the limit was still said
        text = text.strip()
        move = _free_move(interview, text)
        return Reply(reply_turn(interview, move, Worded(text, self._model.name, usage=reply.usage), now))


def hold(scenario: Scenario, candidate: Candidate, interviewer: Interviewer) -> Held:
    """A whole interview, by a clock that only the candidate's and the interviewer's pace moves on."""
    level = "senior" if "senior" in scenario.level else scenario.level[0]
    interview = Interview(scenario=scenario, level=level, mode=candidate.mode, started_at=START)
    said: dict[int, Said] = {}
    coverage: dict[int, Coverage] = {}
    offers: dict[int, HintOffer] = {}
    now = START
    while True:
        reply = interviewer.reply(interview, now)
        interview = interview.with_turn(reply.turn)
        if reply.coverage is not None:
            coverage[reply.turn.seq] = reply.coverage
        if interview.ended or len(interview.answers) >= interviewer.answers_at_most:
            return Held(candidate.name, interview, said, coverage, offers)
        answer = candidate.says(interview)
        while answer.act == "takes_hint":
            now += timedelta(seconds=READING_SECONDS)
            interview = _with_hint(interview, now, offers) if coverage else interview
            answer = candidate.says(interview)
        now += timedelta(seconds=candidate.seconds)
        turn = candidate_turn(interview, answer.text, now)
        said[turn.seq] = answer
        interview = interview.with_turn(turn)
        now += timedelta(seconds=REPLY_SECONDS)


def hold_once(scenario: Scenario, name: str, interviewer: Interviewer, seed: int = 0) -> Held:
    """The interview with the candidate of this name."""
    return hold(scenario, candidate(name, scenario, seed), interviewer)


def hold_twice(scenario: Scenario, name: str, interviewer: Interviewer, seed: int = 0) -> Held:
    """The interview, with the same one held again beside it."""
    first, second = (hold_once(scenario, name, interviewer, seed) for _ in range(2))
    return first._replace(again=second.interview)


class Failure(NamedTuple):
    held: Held
    turn: int


class Measured(NamedTuple):
    """One criterion over many interviews: in how many it applied and held throughout, and where it did not."""

    criterion: Criterion
    applicable: int
    passed: int
    failures: tuple[Failure, ...]

    @property
    def share(self) -> float:
        return self.passed / self.applicable if self.applicable else 0.0


def measure(interviews: Sequence[Held], criteria: Iterable[Criterion]) -> list[Measured]:
    """Every criterion over all the interviews."""
    return [_measured(criterion, interviews) for criterion in criteria]


def as_markdown(engine: str, interviews: Sequence[Held], measured: Sequence[Measured]) -> str:
    """The table of the criteria with totals, how interviews ended, and the worst failures in the speaker's words."""
    applicable, passed = sum(m.applicable for m in measured), sum(m.passed for m in measured)
    lines = [
        f"Engine: {engine}. Interviews: {len(interviews)}. Criteria held: {passed} of {applicable}"
        f" ({_share(passed, applicable)}).",
        f"Ended by: {_endings(interviews)}.",
        *_wordings(interviews),
        "",
        "| criterion | interviews | held | share |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {title(m.criterion)} | {m.applicable} | {m.passed} | {_share(m.passed, m.applicable)} |" for m in measured
    ]
    lines.append(f"| **all** | {applicable} | {passed} | {_share(passed, applicable)} |")
    failed = sorted((m for m in measured if m.failures), key=lambda m: m.share)
    if failed:
        lines += ["", "Where it did not hold, the worst first:", ""]
        lines += [_shown(m.criterion, failure) for m in failed for failure in m.failures[:FAILURES_SHOWN]]
    return "\n".join(lines)


def transcript(held: Held) -> str:
    """The interview to be read: who said what, and why."""
    lines = [f"# {held.interview.scenario.id}, {held.candidate} candidate", ""]
    for turn in held.interview.turns:
        if turn.move is None:
            lines += [f"{turn.seq}. **Candidate** ({held.said[turn.seq].act}): {turn.text}", ""]
            continue
        about = ", ".join(filter(None, [turn.move.kind, turn.move.type, turn.move.target, turn.move.reason, turn.note]))
        lines += [f"{turn.seq}. **Interviewer**: {turn.text}", f"   *{about}*", ""]
    return "\n".join(lines)


def _unseen(text: str) -> None:
    """Nobody watches these replies grow."""


def _with_hint(interview: Interview, now: datetime, offers: dict[int, HintOffer]) -> Interview:
    """The interview after the button for a hint was pressed: unchanged when none may be had now."""
    offer, move = hint_offer(interview, now), hint_move(interview, now)
    if offer is None or move is None:
        return interview
    turn = reply_turn(interview, move, Worded(move.text, COACH), now)
    offers[turn.seq] = offer
    return interview.with_turn(turn)


def _transcript(interview: Interview) -> list[Message]:
    messages: list[Message] = [{"role": "system", "content": PLAIN_PROMPT}]
    for turn in interview.turns:
        messages.append({"role": "assistant" if turn.role == "interviewer" else "user", "content": turn.text})
    return messages


def _free_move(interview: Interview, text: str) -> Move:
    """A free-form reply as a move: a farewell without a question ends the interview, anything else asks."""
    if "?" not in text and any(words in text.casefold() for words in _FAREWELLS):
        end: EndReason = "budget"
        return Move(kind="close", text=text, reason="it said so", end=end)
    return Move(kind="probe", text=text, probe=f"free-{len(interview.probes) + 1}", reason="free form")


def _measured(criterion: Criterion, interviews: Sequence[Held]) -> Measured:
    found = [(held, finding(criterion, held)) for held in interviews]
    failures = tuple(Failure(held, f.turn) for held, f in found if f.turn is not None)
    return Measured(criterion, sum(f.applicable for _, f in found), sum(f.passed for _, f in found), failures)


def _endings(interviews: Sequence[Held]) -> str:
    ends = Counter(held.interview.ended or "not at all" for held in interviews)
    return ", ".join(f"{reason} {count}" for reason, count in ends.most_common())


def _wordings(interviews: Sequence[Held]) -> list[str]:
    """How often a model's wording was used, and why not otherwise; nothing where no model was asked."""
    asked = [turn for held in interviews for turn in held.interview.turns if turn.usage is not None or turn.note]
    if not asked:
        return []
    notes = Counter(turn.note for turn in asked if turn.note)
    kept = sum(not turn.note for turn in asked)
    because = "".join(f"; {note}: {count}" for note, count in notes.most_common())
    return [f"Replies asked of the model: {len(asked)}, used as worded: {kept}{because}."]


def _share(passed: int, applicable: int) -> str:
    return f"{passed / applicable:.1%}" if applicable else "-"


def _shown(criterion: Criterion, failure: Failure) -> str:
    held, interview = failure.held, failure.held.interview
    text = " ".join(interview.turns[min(failure.turn, len(interview.turns) - 1)].text.split())
    cut = text if len(text) <= QUOTED_CHARACTERS else f"{text[:QUOTED_CHARACTERS]}…"
    return f"- {title(criterion)}: {interview.scenario.id}, {held.candidate}, turn {failure.turn}: {cut!r}"
