"""One missed point asked again before the reference is shown (R20). What comes of it is told, and moves no score."""

from __future__ import annotations

import threading
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.assessment import Assessment, Retry, Ungraded
from interviewer.domain.interview import COACH, Interview, Move, Turn
from interviewer.errors import InputError, ModelError
from interviewer.flows.grading import checked, coach_findings
from interviewer.flows.judging import ModelJudge
from interviewer.flows.ports import ChatModel, Matcher, Prompts

NOTHING_TYPED = "Nothing was typed. Write an answer, or pass over it and see the report."


class RetryOffer(NamedTuple):
    """The point that is worth another try, and the question for it."""

    key_point: str
    question: str


def retry_offer(interview: Interview, assessment: Assessment, tried: Collection[str] = ()) -> RetryOffer | None:
    """The worst gap that has a follow-up of its own and was not tried again yet; None when there is none."""
    for gap in assessment.gaps:
        question = question_for(interview, gap.key_point)
        if gap.key_point not in tried and question:
            return RetryOffer(gap.key_point, question)
    return None


def question_for(interview: Interview, key_point: str) -> str | None:
    """An authored follow-up on this point that fits somebody who missed it, rather one that was not asked yet."""
    asked = {move.probe for move in interview.probes}
    changes = [change.ask for change in interview.scenario.constraint_changes if change.id == key_point]
    if changes:
        return changes[0]
    own = [probe for probe in interview.scenario.probes if key_point in probe.targets and probe.when != "covered"]
    own.sort(key=lambda probe: (probe.id in asked, probe.targets[0] != key_point))
    return own[0].ask if own else None


def retried(
    interview: Interview,
    offer: RetryOffer,
    answer: str,
    key: str,
    matcher: Matcher,
    *,
    now: datetime,
    model: ChatModel | None = None,
    prompts: Prompts | None = None,
    stop: threading.Event | None = None,
) -> Retry:
    """The answer to the question of this offer, judged for its point alone.

    A model that fails leaves it to the coach. Raises InputError without an answer.
    """
    interview = interview.as_graded()
    said = answer.strip()
    if not said:
        raise InputError(NOTHING_TYPED)
    again = _as_interview(interview, offer, said, now)
    point = interview.scenario.key_point(offer.key_point)
    findings, engine = coach_findings(matcher.match(again.scenario, again.sentences())), f"{COACH} ({matcher.label})"
    if model is not None and prompts is not None:
        try:
            findings, engine = [ModelJudge(again, model, prompts, stop).finding(point.id)], model.name
        except ModelError as error:
            if error.fault == "stopped":
                raise
    verdict = checked(findings, point, again.sentences(), again, matcher)
    return Retry(
        key=key,
        key_point=point.id,
        question=offer.question,
        answer=said,
        verdict=None if isinstance(verdict, Ungraded) else verdict,
        ungraded=verdict if isinstance(verdict, Ungraded) else None,
        engine=engine,
        at=now,
    )


def passed_over(offer: RetryOffer, key: str, now: datetime) -> Retry:
    """The record that the person did not want to try this point again."""
    return Retry(key=key, key_point=offer.key_point, question=offer.question, answer="", at=now)


def _as_interview(interview: Interview, offer: RetryOffer, answer: str, now: datetime) -> Interview:
    asked = Move(kind="probe", text=offer.question, ask=offer.question, target=offer.key_point, reason="asked again")
    turns = (
        Turn(seq=0, role="interviewer", text=offer.question, at=now, move=asked),
        Turn(seq=1, role="candidate", text=answer, at=now),
    )
    return interview.model_copy(update={"turns": turns, "mode": "practice"})
