"""A language model as judge: sentence numbers and verdicts only, asked in one call or one a point, and resumable."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from interviewer.domain.assessment import Finding, Ungraded, VerdictKind
from interviewer.domain.interview import Interview, Sentence, Usage
from interviewer.domain.words import neutral
from interviewer.errors import ModelError
from interviewer.flows.capability import Shape
from interviewer.flows.ports import ChatModel, Message, Prompts, RenderedPrompt

TOKENS_PER_POINT = 120
ASKED_CHARACTERS = 400
ARGUMENT_CHARACTERS = 1_000
EVIDENCE_AT_MOST = 3


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


class Unfinished(BaseModel):
    """What a model had found when its grade broke off. `basis` names everything that the findings rest on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    basis: str
    findings: tuple[Finding, ...] = ()


class ModelJudge:
    """Judges the points of one interview. The model never sees weights, the score, or earlier verdicts."""

    def __init__(
        self, interview: Interview, model: ChatModel, prompts: Prompts, stop: threading.Event | None = None
    ) -> None:
        self._interview, self._model, self._prompts, self._stop = interview, model, prompts, stop
        self._sentences = interview.sentences()
        self._mark = f"=== {secrets.token_hex(4)} ==="  # one for all calls: what comes before the points can be cached
        self._system = prompts.render("grader", {"scenario": interview.scenario})
        self.usage: list[Usage] = []
        self.version = f"{self._system.version}+{self._render([], '').version}"

    @property
    def basis(self) -> str:
        """Twelve hexadecimal digits over the model, the prompts, the rubric and what was said."""
        said = "\n".join(f"{s.number} {s.text} {s.heard}" for s in self._sentences)
        whole = f"{self._model.name}\n{self.version}\n{self._system.text}\n{said}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def findings(
        self,
        shape: Shape,
        progress: Callable[[float], None],
        before: Unfinished | None,
        keep: Callable[[Unfinished], None],
    ) -> list[Finding | Ungraded]:
        """What was found, in any order and perhaps not for every point. Raises ModelError when every call failed."""
        found = _undivided(before.findings) if before and before.basis == self.basis else []
        known = {finding.key_point for finding in found}
        wanted = [point.id for point in self._interview.scenario.key_points if point.id not in known]
        groups = [wanted] if shape == "rubric" and wanted else [[point] for point in wanted]
        failed: dict[str, ModelError] = {}
        for number, group in enumerate(groups):
            progress((len(known) + number) / (len(known) + len(groups)))
            try:
                found.extend(self._ask(group))
            except ModelError as error:
                if error.is_lasting or error.fault == "stopped":
                    raise
                failed.update(dict.fromkeys(group, error))
            keep(Unfinished(basis=self.basis, findings=tuple(found)))
        found.extend(self._asked_again([point for point in wanted if point not in failed], found))
        if failed and not found:
            raise next(iter(failed.values()))
        lost = [Ungraded(key_point=id, reason=f"The model could not judge this: {why}") for id, why in failed.items()]
        return [*found, *lost]

    def finding(self, key_point: str, argument: str = "") -> Finding:
        """The finding on one point, with the candidate's argument in view if there is one. Raises ModelError."""
        found = self._ask([key_point], argument)
        if not found:
            raise ModelError("invalid", "The model gave no verdict on this point.")
        if not _undivided(found):
            raise ModelError("invalid", "The model gave two different verdicts on this point.")
        return found[0]

    def _asked_again(self, points: Sequence[str], found: Sequence[Finding]) -> list[Finding]:
        """The points that a reply left out, asked for once more. A failure leaves them out for good."""
        left_out = [point for point in points if all(finding.key_point != point for finding in found)]
        if not left_out or len(left_out) == len(points):
            return []
        try:
            return self._ask(left_out)
        except ModelError as error:
            if error.is_lasting or error.fault == "stopped":
                raise
            return []

    def _ask(self, points: Sequence[str], argument: str = "") -> list[Finding]:
        messages: list[Message] = [
            {"role": "system", "content": self._system.text},
            {"role": "user", "content": self._render(points, argument).text},
        ]
        reply = self._model.parse(messages, Judged, max_tokens=100 + TOKENS_PER_POINT * len(points), stop=self._stop)
        self.usage.append(reply.usage)
        if not isinstance(reply.value, Judged):
            raise ModelError("invalid", "The model did not reply in the form that was asked for.")
        said = {sentence.number for sentence in self._sentences}
        return [
            Finding(
                key_point=item.key_point,
                kind=item.verdict,
                sentences=_evidence(item.sentences, said),
                reason=" ".join(item.reason.split())[:300],
            )
            for item in reply.value.findings
            if item.key_point in points
        ]

    def _render(self, points: Sequence[str], argument: str) -> RenderedPrompt:
        return self._prompts.render(
            "grade_points",
            {
                "groups": list(_groups(self._sentences)),
                "mark": self._mark,
                "points": list(points),
                "argument": neutral(argument)[:ARGUMENT_CHARACTERS],
            },
        )


def _undivided(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those of points that got two different verdicts: these are asked about again."""
    given = {(finding.key_point, finding.kind) for finding in findings}
    kinds = Counter(key_point for key_point, _ in given)
    return [finding for finding in findings if kinds[finding.key_point] == 1]


def _evidence(numbers: Sequence[int], said: Collection[int]) -> tuple[int, ...]:
    """At most three different numbers, those that were said first."""
    return tuple(sorted(dict.fromkeys(numbers), key=lambda number: number not in said)[:EVIDENCE_AT_MOST])


def _groups(sentences: Sequence[Sentence]) -> Iterator[dict[str, object]]:
    for _, group in groupby(sentences, key=lambda sentence: sentence.turn):
        said = list(group)
        yield {
            "asked": neutral(said[0].heard)[:ASKED_CHARACTERS],
            "sentences": [{"number": s.number, "text": neutral(s.text)} for s in said],
        }
