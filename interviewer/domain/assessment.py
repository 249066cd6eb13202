"""What a grade consists of: verdicts with evidence, and the check of that evidence. There is no default score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from interviewer.domain.evidence import addresses_the_grader
from interviewer.domain.interview import Mode, Sentence, Usage, _Value
from interviewer.domain.scenario import Dimension, KeyPoint, Level
from interviewer.domain.words import echoes

VerdictKind = Literal["covered", "partial", "missed", "contradicted"]
Presence = Literal["present", "thin", "missing"]
Signal = Literal["strong yes", "yes", "no", "strong no", "not enough evidence"]
Confidence = Literal["low", "medium", "high"]


NOT_SURE = "The coach is not sure whether this was said, so it is left out of the score."


class Evidence(_Value):
    """A sentence that the candidate said: its number, the turn it stands in, and its words, verbatim."""

    sentence: int
    turn: int
    text: str


class Verdict(_Value):
    """What a judge found about one key point. A credited or contradicted point always carries evidence."""

    key_point: str
    kind: VerdictKind
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""


class Ungraded(_Value):
    """A point that could not be judged. It is shown, and left out of the score."""

    key_point: str
    reason: str


class Finding(_Value):
    """A judge's claim before it is checked: sentence numbers only, so that evidence is verbatim by construction."""

    key_point: str
    kind: VerdictKind
    sentences: tuple[int, ...] = ()
    reason: str = ""


class PointResult(_Value):
    """One key point in the report. `credit` is 0 to 1 after the price of hints; None when it was not graded."""

    key_point: str
    weight: int
    verdict: Verdict | None
    ungraded: Ungraded | None = None
    credit: float | None
    hint_level: int | None = None


class StarElement(_Value):
    """Whether one STAR element is there, with the words that show it ("" when missing), and what would make it full."""

    status: Presence
    quote: str = ""
    note: str = ""


class Star(_Value):
    """The four STAR elements of the answers."""

    situation: StarElement
    task: StarElement
    action: StarElement
    result: StarElement


class Rewrite(_Value):
    """The answer in STAR order, for display. `note` says why a model's wording was not used; "" when it was."""

    situation: str
    task: str
    action: str
    result: str
    engine: str
    note: str = ""


class Gap(_Value):
    """What was missing, why it matters in this scenario, a strong sentence, and where it is written down."""

    key_point: str
    missing: str
    why: str
    strong: str
    sources: tuple[str, ...] = ()


class DimensionLevel(_Value):
    """A dimension on the anchors 1 to 4; None without anything to judge it by. `evidence` counts graded points."""

    name: Dimension
    level: float | None
    evidence: int
    confidence: Confidence = "low"


class RedFlag(_Value):
    """A claim that no interviewer would let pass, not taken back. `defended`: kept up after it was challenged."""

    key_point: str
    mistake: str
    evidence: Evidence
    defended: bool = False


class Change(_Value):
    """The least that would have changed the signal: these points covered and, if said, the red flags taken back."""

    signal: Signal
    points: tuple[str, ...]
    red_flags: bool = False


class Dispute(_Value):
    """A verdict that was judged again with the candidate's argument in view. The argument itself is no evidence."""

    key_point: str
    argument: str
    sentences: tuple[int, ...] = ()
    before: PointResult
    after: PointResult
    engine: str
    reason: str
    at: datetime

    @property
    def moved(self) -> bool:
        """Whether the verdict or its credit changed."""
        return self.before != self.after


class Retry(_Value):
    """One point asked again after the grade. It moves no score. An empty answer says that the try was passed over.

    `key` is unique within the interview, so that one try is kept once.
    """

    key: str
    key_point: str
    question: str
    answer: str
    verdict: Verdict | None = None
    ungraded: Ungraded | None = None
    engine: str = ""
    at: datetime


class Assessment(_Value):
    """One grading run. `score` is 0 to 100 over the graded points, or None when too little could be graded.

    `practice_only` says that a model judged that is too small to be relied on.
    """

    engine: str
    scenario: str
    scenario_hash: str = ""
    transcript_hash: str = ""
    prompt_version: str = ""
    level: Level
    mode: Mode
    points: tuple[PointResult, ...]
    score: int | None
    star: Star | None
    red_flags: tuple[RedFlag, ...] = ()
    dimensions: tuple[DimensionLevel, ...]
    signal: Signal
    signal_reason: str
    change: Change | None = None
    confidence: Confidence = "low"
    practice_only: bool = False
    gaps: tuple[Gap, ...]
    strongest: tuple[str, ...]
    rewrite: Rewrite | None = None
    disputes: tuple[Dispute, ...] = ()
    warnings: tuple[str, ...] = ()
    usage: tuple[Usage, ...] = ()
    at: datetime

    def point(self, key_point: str) -> PointResult:
        """The result for this key point. Raises KeyError when the scenario has none of this id."""
        for point in self.points:
            if point.key_point == key_point:
                return point
        raise KeyError(key_point)


IsAbout = Callable[[str, KeyPoint], bool]


def verified(
    finding: Finding, point: KeyPoint, sentences: Sequence[Sentence], question: str, is_about: IsAbout
) -> Verdict:
    """The finding with only the evidence that holds; without any, nothing is credited.

    Evidence holds when the sentence exists, was the candidate's, is about this point, does not address the grader,
    and does not merely give back the question or what the interviewer had said before it.
    """
    by_number = {sentence.number: sentence for sentence in sentences}
    if finding.kind == "missed":
        return Verdict(key_point=point.id, kind="missed", reason=finding.reason or "not said")
    kept: list[Evidence] = []
    complaint = "no sentence was given as evidence"
    for number in dict.fromkeys(finding.sentences):
        sentence = by_number.get(number)
        if sentence is None:
            complaint = "the evidence pointed to a sentence that was not said"
        elif finding.kind != "contradicted" and any(
            echoes(sentence.text, heard) for heard in (question, *_heard_before(sentence, sentences))
        ):
            complaint = "the evidence only repeats what the interviewer had said"
        elif addresses_the_grader(sentence.text):
            complaint = "the evidence speaks to whoever grades"
        elif not is_about(sentence.text, point):
            complaint = "the evidence is about something else"
        else:
            kept.append(Evidence(sentence=number, turn=sentence.turn, text=sentence.text))
    if not kept:
        return Verdict(key_point=point.id, kind="missed", reason=f"not credited: {complaint}")
    return Verdict(key_point=point.id, kind=finding.kind, evidence=tuple(kept), reason=finding.reason)


def _heard_before(sentence: Sentence, sentences: Sequence[Sentence]) -> set[str]:
    return {other.heard for other in sentences if other.turn <= sentence.turn}
