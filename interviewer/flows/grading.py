"""One grading run: a judge finds, code verifies, arithmetic makes the score. A point nobody could judge is Ungraded."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from interviewer.domain import scoring
from interviewer.domain.assessment import (
    NOT_SURE,
    Assessment,
    Finding,
    PointResult,
    RedFlag,
    Ungraded,
    Verdict,
    verified,
)
from interviewer.domain.coverage import Coverage
from interviewer.domain.evidence import usable
from interviewer.domain.interview import COACH, Interview, Sentence, Usage
from interviewer.domain.scenario import NO_REFERENCE, KeyPoint
from interviewer.domain.signal import judgement
from interviewer.errors import ModelError
from interviewer.flows.capability import BEST_SHAPE, Shape, is_practice_only
from interviewer.flows.judging import ModelJudge, Unfinished
from interviewer.flows.ports import ChatModel, Matcher, Prompts

NOTHING_SAID = "No answer was given, so there is nothing to judge."
NO_VERDICT = "The judge gave no verdict for this point."
TWO_VERDICTS = "The judge gave two different verdicts for this point."
STATES_NOTHING = "not credited: the evidence only lists terms, or belongs to words for whoever grades"
BEFORE_THE_CHANGE = "not credited: it was said before the condition was changed"
DISAGREES = "The built-in coach reads this point differently ({}); look at the evidence yourself."


def grade(
    interview: Interview,
    matcher: Matcher,
    *,
    now: datetime,
    scenario_hash: str = "",
    model: ChatModel | None = None,
    prompts: Prompts | None = None,
    shape: Shape | None = None,
    strict: bool = False,
    stop: threading.Event | None = None,
    progress: Callable[[float], None] = lambda share: None,
    before: Unfinished | None = None,
    keep: Callable[[Unfinished], None] = lambda unfinished: None,
) -> Assessment:
    """Grade the whole interview with the model, or with the coach when there is none.

    Without any answer, or without a reference to grade by, nothing is graded. Points that the model leaves unjudged are
    asked for once more and are then Ungraded. `shape` is by default the one that was measured as the better one. `keep`
    gets what the model has found so far, and a later run that is given it as `before` goes on from there, if nothing
    has changed meanwhile. With `strict` a failing model raises ModelError; otherwise the coach grades instead and a
    warning says so. A grade that is stopped raises ModelError("stopped").
    """
    interview = interview.as_graded()
    sentences = interview.sentences()
    coverage = matcher.match(interview.scenario, sentences)
    warnings: list[str] = []
    usage: tuple[Usage, ...] = ()
    version = ""
    engine = f"{COACH} ({matcher.label})"
    findings: list[Finding | Ungraded]
    judged_by_model = False
    if not interview.scenario.is_scored:
        findings = [Ungraded(key_point=point.id, reason=NO_REFERENCE) for point in interview.scenario.key_points]
    elif not interview.answers:
        findings = [Ungraded(key_point=point.id, reason=NOTHING_SAID) for point in interview.scenario.key_points]
    elif model is not None and prompts is not None:
        judge = ModelJudge(interview, model, prompts, stop)
        try:
            findings = judge.findings(shape or BEST_SHAPE, progress, before, keep)
            engine, usage, version, judged_by_model = model.name, tuple(judge.usage), judge.version, True
        except ModelError as error:
            if strict or error.fault == "stopped":
                raise
            warnings.append(f"The model could not grade: {error} The built-in coach graded instead.")
            findings = coach_findings(coverage)
    else:
        findings = coach_findings(coverage)
    results = []
    for point in interview.scenario.key_points:
        verdict = checked(findings, point, sentences, interview, matcher)
        results.append(scoring.point_result(point, verdict, interview))
        if judged_by_model and _strongly_disagree(verdict, coverage, point):
            warnings.append(f"{point.id}: {DISAGREES.format(coverage.of(point.id).finding)}")
    progress(1.0)
    star = matcher.star(interview.scenario, sentences, coverage) if interview.answers else None
    flags = red_flags(interview, results, matcher)
    return Assessment(
        engine=engine,
        scenario=interview.scenario.id,
        scenario_hash=scenario_hash,
        transcript_hash=transcript_hash(interview),
        prompt_version=version,
        level=interview.level,
        mode=interview.mode,
        points=tuple(results),
        star=star,
        red_flags=flags,
        practice_only=judged_by_model and is_practice_only(engine),
        warnings=tuple(warnings),
        usage=usage,
        at=now,
        **judgement(interview, results, star, flags),
    )


def coach_findings(coverage: Coverage) -> list[Finding | Ungraded]:
    """The coach's matches as findings; what it is not sure about is Ungraded."""
    findings: list[Finding | Ungraded] = []
    for match in coverage.matches:
        if match.finding == "unsure":
            findings.append(Ungraded(key_point=match.key_point, reason=NOT_SURE))
        else:
            findings.append(
                Finding(key_point=match.key_point, kind=match.finding, sentences=match.sentences, reason=match.reason)
            )
    return findings


def transcript_hash(interview: Interview) -> str:
    """Twelve hexadecimal digits over everything that was said, so that a grade can be traced to its transcript."""
    text = "\n".join(f"{turn.seq} {turn.role} {turn.text}" for turn in interview.turns)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def checked(
    findings: Sequence[Finding | Ungraded],
    point: KeyPoint,
    sentences: Sequence[Sentence],
    interview: Interview,
    matcher: Matcher,
) -> Verdict | Ungraded:
    """The one verdict on this point, with the evidence that holds; Ungraded when there is none, or more than one."""
    own = [finding for finding in findings if finding.key_point == point.id]
    for finding in own:
        if isinstance(finding, Ungraded):
            return finding
    given = [finding for finding in own if isinstance(finding, Finding)]
    if not given:
        return Ungraded(key_point=point.id, reason=NO_VERDICT)
    if len({finding.kind for finding in given}) > 1:
        return Ungraded(key_point=point.id, reason=TWO_VERDICTS)
    return stated(given[0], point, sentences, interview, matcher)


def stated(
    finding: Finding, point: KeyPoint, sentences: Sequence[Sentence], interview: Interview, matcher: Matcher
) -> Verdict:
    """The verdict with the evidence that holds. Lists of terms and words for the grader earn nothing with any judge."""
    question = interview.scenario.question
    verdict = verified(finding, point, sentences, question, matcher.is_about)
    if verdict.kind not in ("covered", "partial"):
        return verdict
    able = {sentence.number for sentence in usable(sentences, question)}
    evidence = tuple(item for item in verdict.evidence if item.sentence in able)
    if not evidence:
        return Verdict(key_point=point.id, kind="missed", reason=STATES_NOTHING)
    since = next((turn.seq for turn in interview.turns if turn.move and turn.move.probe == point.id), -1)
    evidence = tuple(item for item in evidence if item.turn > since)
    if not evidence:
        return Verdict(key_point=point.id, kind="missed", reason=BEFORE_THE_CHANGE)
    return verdict.model_copy(update={"evidence": evidence})


def _strongly_disagree(verdict: Verdict | Ungraded, coverage: Coverage, point: KeyPoint) -> bool:
    if isinstance(verdict, Ungraded):
        return False
    other = coverage.of(point.id).finding
    pair = {verdict.kind, other}
    return pair == {"covered", "missed"} or ("contradicted" in pair and "covered" in pair)


def red_flags(interview: Interview, results: Sequence[PointResult], matcher: Matcher) -> tuple[RedFlag, ...]:
    """The red-flag mistakes among the sentences that contradict a point. What was taken back contradicts nothing."""
    found: dict[str, RedFlag] = {}
    for result in results:
        if result.verdict is None or result.verdict.kind != "contradicted":
            continue
        for evidence in result.verdict.evidence:
            mistake = matcher.red_flag(interview.scenario, evidence.text)
            if mistake:
                kept_up = _kept_up(interview, result.key_point, mistake, matcher)
                flag = RedFlag(key_point=result.key_point, mistake=mistake, evidence=evidence, defended=kept_up)
                if mistake not in found or (kept_up and not found[mistake].defended):
                    found[mistake] = flag
    return tuple(found.values())


def _kept_up(interview: Interview, key_point: str, mistake: str, matcher: Matcher) -> bool:
    """Whether the mistake was made both before and after a challenge on this point."""
    challenges = [
        turn.seq
        for turn in interview.turns
        if turn.move and turn.move.type == "challenge" and turn.move.target == key_point
    ]
    if not challenges:
        return False
    made = [s.turn for s in interview.sentences() if matcher.red_flag(interview.scenario, s.text) == mistake]
    return any(min(made) < challenge < max(made) for challenge in challenges)
