"""One candidate turn, from stored answer to the interviewer's reply: code decides, a model words it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.coverage import Coverage
from interviewer.domain.intents import ANSWERS, Reading, intent_of
from interviewer.domain.interview import COACH, Interview, Move, Turn, Usage
from interviewer.domain.moves import ACKNOWLEDGEMENTS, next_move
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Matcher, Prompts, Waiting
from interviewer.flows.wording import MAX_TOKENS, QUESTION_CHARACTERS, broken_rule, wording_request

WORDED_MOVES = ("probe",)
AFTER_QUESTION_CHARACTERS = 24


class Worded(NamedTuple):
    """What will be said. `engine` is who worded it, `note` why the authored wording stands in for a model's."""

    text: str
    engine: str
    note: str = ""
    prompt_version: str = ""
    usage: Usage | None = None


def decide(interview: Interview, matcher: Matcher, now: datetime) -> tuple[Move, Coverage]:
    """The next move by rule, and the coverage it rests on."""
    coverage = matcher.match(interview.scenario, interview.sentences())
    return next_move(interview, coverage, _reading(interview, matcher), now), coverage


def _reading(interview: Interview, matcher: Matcher) -> Reading:
    answer = interview.last_answer
    if answer is None:
        return Reading("answer")
    intent = intent_of(answer.text)
    context = matcher.context_for(interview.scenario, answer.text) if intent == "question" else None
    exhibit = matcher.exhibit_for(interview.scenario, answer.text) if intent in ("question", *ANSWERS) else None
    return Reading(intent, context, exhibit)


def word(
    interview: Interview,
    move: Move,
    model: ChatModel | None,
    prompts: Prompts,
    *,
    show: Callable[[str], None],
    waits: Callable[[float], None] = lambda seconds: None,
    stop: threading.Event | None = None,
    strict: bool = False,
) -> Worded:
    """The move in words. `show` gets the whole text so far, and only text that has passed the check.

    `waits` gets the seconds after which a busy model is asked again.

    The lead is ours and is shown with the model's first words; the model's question is held back until it is whole.
    A reply that breaks a rule, or that fails, is replaced by the authored wording, with a note. With `strict` a
    fault of the model is raised as ModelError instead.
    """
    if model is None or not _may_be_worded(interview, move):
        show(move.text)
        return Worded(move.text, COACH)
    request = wording_request(interview, move, prompts)
    said, usage = "", None
    try:
        with closing(model.stream(request.messages, max_tokens=MAX_TOKENS, stop=stop)) as reply:
            try:
                for piece in reply:
                    if isinstance(piece, Waiting):
                        waits(piece.seconds)
                    if not said and piece:
                        show(move.lead)
                    said += piece
                    _, mark, more = said.partition("?")
                    # Most models stop after the question; the end of the stream then says what it took.
                    if len(said) > QUESTION_CHARACTERS or (mark and len(more) > AFTER_QUESTION_CHARACTERS):
                        break
            finally:
                usage = reply.usage
    except ModelError as error:
        if strict and error.fault != "stopped":
            raise
        if "?" not in said:
            show(move.text)
            note = "stopped" if error.fault == "stopped" else f"model failed ({error.fault}): {error}"
            return Worded(move.text, COACH, note, request.version, usage)
    head, mark, _ = said.partition("?")
    question = _without_acknowledgement(" ".join(f"{head}{mark}".split()).strip(' "“”'))
    rule = broken_rule(question, interview, move, request.canary)
    if rule:
        show(move.text)
        return Worded(move.text, COACH, f"model's wording not used: {rule}", request.version, usage)
    text = f"{move.lead} {question}".strip()
    show(text)
    return Worded(text, model.name, "", request.version, usage)


def _may_be_worded(interview: Interview, move: Move) -> bool:
    """A changed condition is said as it is written: it is graded as a point of its own, the same for everybody."""
    changes = {change.id for change in interview.scenario.constraint_changes}
    return move.kind in WORDED_MOVES and move.ask is not None and move.probe not in changes


def _without_acknowledgement(question: str) -> str:
    """The question without an "Understood." of its own: the lead has said that."""
    for words in (said for each in ACKNOWLEDGEMENTS.values() for said in each):
        if question.startswith(f"{words} "):
            return question[len(words) :].lstrip()
    return question


def reply_turn(interview: Interview, move: Move, worded: Worded, now: datetime) -> Turn:
    """The interviewer's turn that follows, ready to be stored."""
    return Turn(
        seq=len(interview.turns),
        role="interviewer",
        text=worded.text,
        at=now,
        move=move,
        engine=worded.engine,
        note=worded.note,
        prompt_version=worded.prompt_version,
        usage=worded.usage,
    )


def candidate_turn(interview: Interview, text: str, now: datetime) -> Turn:
    """The candidate's turn that follows, ready to be stored."""
    return Turn(seq=len(interview.turns), role="candidate", text=text, at=now)
