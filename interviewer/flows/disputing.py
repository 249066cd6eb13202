"""A disputed verdict, judged again with the argument in view. Only what was said in the interview is evidence."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime

from interviewer.domain import scoring
from interviewer.domain.assessment import Assessment, Dispute, Finding, PointResult, Verdict
from interviewer.domain.interview import COACH, Interview, Sentence, Usage
from interviewer.domain.scenario import KeyPoint
from interviewer.domain.signal import SIGNALS, judgement
from interviewer.errors import InputError
from interviewer.flows.capability import is_practice_only
from interviewer.flows.grading import red_flags, stated
from interviewer.flows.judging import ARGUMENT_CHARACTERS, ModelJudge
from interviewer.flows.ports import ChatModel, Matcher, Prompts

STANDS = "The verdict stands: {}."
MOVED = "The verdict was changed: {}."
NOTHING_POINTED_AT = "Mark the sentence of yours that says it. Without one there is nothing to judge again."
NO_ARGUMENT = "Say in a sentence or two why the verdict is wrong."
WOULD_LOWER = "counting the point in part would lower the whole, so it stays left out"
TOO_LONG = f"Keep the argument under {ARGUMENT_CHARACTERS:,} characters."


def dispute(
    interview: Interview,
    assessment: Assessment,
    key_point: str,
    argument: str,
    sentences: Sequence[int],
    matcher: Matcher,
    *,
    now: datetime,
    model: ChatModel | None = None,
    prompts: Prompts | None = None,
    stop: threading.Event | None = None,
) -> Assessment:
    """The grade after one verdict was judged again: another version, with the dispute and both verdicts in it.

    `sentences` are the numbers of the candidate's own sentences that they point at. The model is asked, or the coach
    looks whether it found the point in these sentences. The verdict only moves in the candidate's favour, and only
    with evidence that holds.
    Raises InputError when the argument or the sentences are missing, KeyError for an unknown point, and ModelError.
    """
    interview = interview.as_graded()
    point = interview.scenario.key_point(key_point)
    said = {sentence.number: sentence for sentence in interview.sentences()}
    pointed = [said[number] for number in dict.fromkeys(sentences) if number in said]
    check_dispute(argument, [sentence.number for sentence in pointed])
    before = assessment.point(key_point)
    usage: list[Usage] = []
    if model is not None and prompts is not None:
        judge = ModelJudge(interview, model, prompts, stop)
        found, engine, usage = judge.finding(key_point, _with_numbers(argument, pointed)), model.name, judge.usage
    else:
        found, engine = _coach_finding(point, pointed, interview, matcher), f"{COACH} ({matcher.label})"
    verdict = stated(found, point, interview.sentences(), interview, matcher)
    after, reason = _decided(before, scoring.point_result(point, verdict, interview), verdict)
    changed = _with_point(assessment, after, interview, matcher)
    if after == before or _is_lower(changed, assessment):
        reason = reason if after == before else STANDS.format(WOULD_LOWER)
        changed, after = assessment, before
    record = Dispute(
        key_point=key_point,
        argument=argument.strip(),
        sentences=tuple(sentence.number for sentence in pointed),
        before=before,
        after=after,
        engine=engine,
        reason=reason,
        at=now,
    )
    return changed.model_copy(
        update={
            "disputes": (*assessment.disputes, record),
            "practice_only": assessment.practice_only or (record.moved and is_practice_only(engine)),
            "usage": (*assessment.usage, *usage),
            "at": now,
        }
    )


def check_dispute(argument: str, sentences: Sequence[int]) -> None:
    """Raises InputError that says what is missing."""
    if not sentences:
        raise InputError(NOTHING_POINTED_AT)
    if not argument.strip():
        raise InputError(NO_ARGUMENT)
    if len(argument) > ARGUMENT_CHARACTERS:
        raise InputError(TOO_LONG)


def _with_numbers(argument: str, pointed: Sequence[Sentence]) -> str:
    return f"It is about sentence {', '.join(str(s.number) for s in pointed)}. {argument.strip()}"


def _coach_finding(point: KeyPoint, pointed: Sequence[Sentence], interview: Interview, matcher: Matcher) -> Finding:
    """What the coach finds in these sentences. Where it is not sure, the candidate's word decides: in part.

    It reads them among all the others, which may take them back or show that they only list terms.
    """
    match = matcher.match(interview.scenario, interview.sentences()).of(point.id)
    own = tuple(sentence.number for sentence in pointed if sentence.number in match.sentences)
    if not own:
        return Finding(key_point=point.id, kind="missed", reason="the sentences you marked do not say it")
    if match.finding == "unsure":
        return Finding(key_point=point.id, kind="partial", sentences=own, reason="meant so, you say")
    return Finding(key_point=point.id, kind=match.finding, sentences=own, reason=match.reason)


def _decided(before: PointResult, after: PointResult, verdict: Verdict) -> tuple[PointResult, str]:
    """The better of the two for the candidate, and why."""
    old = before.verdict
    if old and old.kind == "contradicted" and verdict.kind in ("covered", "partial"):
        last = max((evidence.sentence for evidence in old.evidence), default=0)
        if all(evidence.sentence < last for evidence in verdict.evidence):
            return before, STANDS.format("you contradicted the point after you had said it")
    if (after.credit or 0.0) > (before.credit or 0.0):
        return after, MOVED.format("the sentences that you marked carry it")
    return before, STANDS.format(verdict.reason.rstrip(".") or "nothing new was found")


def _with_point(assessment: Assessment, result: PointResult, interview: Interview, matcher: Matcher) -> Assessment:
    points = tuple(result if point.key_point == result.key_point else point for point in assessment.points)
    flags = red_flags(interview, points, matcher)
    judged = judgement(interview, points, assessment.star, flags)
    return assessment.model_copy(update={"points": points, "red_flags": flags, **judged})


def _is_lower(changed: Assessment, assessment: Assessment) -> bool:
    """Whether the score or the signal is worse: a point that was left out of the score can pull it down."""
    if changed.score is None or assessment.score is None:
        return False
    return changed.score < assessment.score or SIGNALS.index(changed.signal) < SIGNALS.index(assessment.signal)
