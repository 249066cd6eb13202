"""One grading run: a judge finds, code verifies, arithmetic makes the score. A point nobody could judge is Ungraded."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Literal

from pydantic import BaseModel, ConfigDict

from interviewer.domain import assessment as rules
from interviewer.domain.assessment import Assessment, Finding, Ungraded, Verdict, VerdictKind
from interviewer.domain.coverage import Coverage
from interviewer.domain.interview import COACH, Interview, Sentence, Usage
from interviewer.domain.scenario import KeyPoint
from interviewer.domain.words import neutral
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Matcher, Message, Prompts

Shape = Literal["rubric", "points"]  # the whole rubric in one call, or one call a point

TOKENS_PER_POINT = 120
ASKED_CHARACTERS = 400
EVIDENCE_AT_MOST = 3
NOT_SURE = "The coach is not sure whether this was said, so it is left out of the score."
NOTHING_SAID = "No answer was given, so there is nothing to judge."
NO_VERDICT = "The judge gave no verdict for this point."
TWO_VERDICTS = "The judge gave two different verdicts for this point."
DISAGREES = "The built-in coach reads this point differently ({}); look at the evidence yourself."


class _JudgedPoint(BaseModel):
    model_config = ConfigDict(extra="forbid")

    key_point: str
    sentences: list[int]
    reason: str
    verdict: VerdictKind


class Judged(BaseModel):
    """What a model is asked for: evidence first, then the reason, the verdict last, so that it follows from them."""

    model_config = ConfigDict(extra="forbid")

    findings: list[_JudgedPoint]


def grade(
    interview: Interview,
    matcher: Matcher,
    *,
    now: datetime,
    scenario_hash: str = "",
    model: ChatModel | None = None,
    prompts: Prompts | None = None,
    shape: Shape = "rubric",
    strict: bool = False,
    stop: threading.Event | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Assessment:
    """Grade the whole interview with the model, or with the coach when there is none.

    Without any answer nothing is graded. Points that the model leaves unjudged are Ungraded. With `strict` a failing
    model raises ModelError; otherwise the coach grades instead and a warning says so.
    """
    sentences = interview.sentences()
    coverage = matcher.match(interview.scenario, sentences)
    warnings: list[str] = []
    usage: tuple[Usage, ...] = ()
    version = ""
    engine = f"{COACH} ({matcher.label})"
    findings: list[Finding | Ungraded]
    if not interview.answers:
        findings = [Ungraded(key_point=point.id, reason=NOTHING_SAID) for point in interview.scenario.key_points]
    elif model is not None and prompts is not None:
        judge = _ModelJudge(interview, sentences, model, prompts, shape, stop, progress)
        try:
            findings = judge.findings()
            engine, usage, version = model.name, tuple(judge.usage), judge.version
        except ModelError as error:
            if strict:
                raise
            warnings.append(f"The model could not grade ({error}). The built-in coach graded instead.")
            findings = coach_findings(coverage)
    else:
        findings = coach_findings(coverage)
    judged_by_model = engine == (model.name if model else None)
    results = []
    for point in interview.scenario.key_points:
        verdict = _checked(findings, point, sentences, interview, matcher)
        results.append(rules.point_result(point, verdict, interview))
        if judged_by_model and _strongly_disagree(verdict, coverage, point):
            warnings.append(f"{point.id}: {DISAGREES.format(coverage.of(point.id).finding)}")
    progress(1.0)
    return _assessment(interview, results, matcher, coverage, engine, version, scenario_hash, warnings, usage, now)


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


def _checked(
    findings: Sequence[Finding | Ungraded],
    point: KeyPoint,
    sentences: Sequence[Sentence],
    interview: Interview,
    matcher: Matcher,
) -> Verdict | Ungraded:
    own = [finding for finding in findings if finding.key_point == point.id]
    for finding in own:
        if isinstance(finding, Ungraded):
            return finding
    given = [finding for finding in own if isinstance(finding, Finding)]
    if not given:
        return Ungraded(key_point=point.id, reason=NO_VERDICT)
    if len({finding.kind for finding in given}) > 1:
        return Ungraded(key_point=point.id, reason=TWO_VERDICTS)
    return rules.verified(given[0], point, sentences, interview.scenario.question, matcher.is_about)


def _strongly_disagree(verdict: Verdict | Ungraded, coverage: Coverage, point: KeyPoint) -> bool:
    if isinstance(verdict, Ungraded):
        return False
    other = coverage.of(point.id).finding
    pair = {verdict.kind, other}
    return pair == {"covered", "missed"} or ("contradicted" in pair and "covered" in pair)


def _assessment(
    interview: Interview,
    results: list[rules.PointResult],
    matcher: Matcher,
    coverage: Coverage,
    engine: str,
    version: str,
    scenario_hash: str,
    warnings: list[str],
    usage: tuple[Usage, ...],
    now: datetime,
) -> Assessment:
    star = matcher.star(interview.scenario, interview.sentences(), coverage) if interview.answers else None
    total = rules.score(results)
    levels = rules.dimensions(interview.scenario, results, star, interview.level)
    verdict, why = rules.signal(levels, total, interview.level)
    return Assessment(
        engine=engine,
        scenario=interview.scenario.id,
        scenario_hash=scenario_hash,
        transcript_hash=transcript_hash(interview),
        prompt_version=version,
        level=interview.level,
        mode=interview.mode,
        points=tuple(results),
        score=total,
        star=star,
        dimensions=levels,
        signal=verdict,
        signal_reason=why,
        gaps=rules.gaps(interview.scenario, results),
        strongest=rules.strongest(results),
        warnings=tuple(warnings),
        usage=usage,
        at=now,
    )


class _ModelJudge:
    """A model that gives sentence numbers and verdicts; it never sees weights, the score, or earlier verdicts."""

    def __init__(
        self,
        interview: Interview,
        sentences: Sequence[Sentence],
        model: ChatModel,
        prompts: Prompts,
        shape: Shape,
        stop: threading.Event | None,
        progress: Callable[[float], None],
    ) -> None:
        self._interview, self._sentences, self._model, self._prompts = interview, sentences, model, prompts
        self._shape, self._stop, self._progress = shape, stop, progress
        self._mark = f"=== {secrets.token_hex(4)} ==="  # one for all calls: what comes before the points can be cached
        self.usage: list[Usage] = []
        self.version = ""

    def findings(self) -> list[Finding | Ungraded]:
        """What was found, in any order and perhaps not for every point. Raises ModelError when every call failed."""
        points = [point.id for point in self._interview.scenario.key_points]
        groups = [points] if self._shape == "rubric" else [[point] for point in points]
        found: list[Finding | Ungraded] = []
        failure: ModelError | None = None
        for number, group in enumerate(groups):
            self._progress(number / len(groups))
            try:
                found.extend(self._ask(group))
            except ModelError as error:
                if error.is_lasting or error.fault == "stopped":
                    raise
                failure = error
                found.extend(
                    Ungraded(key_point=point, reason=f"The model could not judge this: {error}") for point in group
                )
        if failure and all(isinstance(item, Ungraded) for item in found):
            raise failure
        return found

    def _ask(self, points: list[str]) -> Iterable[Finding]:
        system = self._prompts.render("grader", {"scenario": self._interview.scenario})
        user = self._prompts.render(
            "grade_points", {"groups": list(self._groups()), "mark": self._mark, "points": points}
        )
        self.version = f"{system.version}+{user.version}"
        messages: list[Message] = [
            {"role": "system", "content": system.text},
            {"role": "user", "content": user.text},
        ]
        reply = self._model.parse(messages, Judged, max_tokens=100 + TOKENS_PER_POINT * len(points), stop=self._stop)
        self.usage.append(reply.usage)
        if not isinstance(reply.value, Judged):
            raise ModelError("invalid", "The model did not reply in the form that was asked for.")
        said = {sentence.number for sentence in self._sentences}
        for item in reply.value.findings:
            if item.key_point in points:
                yield Finding(
                    key_point=item.key_point,
                    kind=item.verdict,
                    sentences=tuple(sorted(item.sentences, key=lambda number: number not in said)[:EVIDENCE_AT_MOST]),
                    reason=" ".join(item.reason.split())[:300],
                )

    def _groups(self) -> Iterator[dict[str, object]]:
        for _, group in groupby(self._sentences, key=lambda sentence: sentence.turn):
            said = list(group)
            yield {
                "asked": neutral(said[0].heard)[:ASKED_CHARACTERS],
                "sentences": [{"number": s.number, "text": neutral(s.text)} for s in said],
            }
