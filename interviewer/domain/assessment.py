"""How points add up: verdicts with evidence, the check of that evidence, and the arithmetic. There is no default score.

The proposals in numbers (shares of credit, cut-offs) stand here and in hints.HINT_PRICES, so that they can be tuned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from interviewer.domain.evidence import addresses_the_grader
from interviewer.domain.hints import HINT_PRICES
from interviewer.domain.interview import Interview, Mode, Sentence, Usage, _Value
from interviewer.domain.scenario import Dimension, KeyPoint, Level, Scenario
from interviewer.domain.words import echoes

VerdictKind = Literal["covered", "partial", "missed", "contradicted"]
Presence = Literal["present", "thin", "missing"]
Signal = Literal["strong yes", "yes", "no", "strong no", "not enough evidence"]

WORTH: dict[VerdictKind, float] = {"covered": 1.0, "partial": 0.5, "missed": 0.0, "contradicted": 0.0}
PROBED_IN_MOCK = 0.9  # R10: in a mock interview a point reached only after a probe earns a little less
GRADED_AT_LEAST = 0.5  # share of the weight that must be graded before there is a score
GAPS_AT_MOST = 3  # R18
STRONGEST_AT_MOST = 2

# Dimension weights by level, product rules 2.2: diagnosis, solution, depth, trade-offs, validation, communication.
DIMENSIONS: tuple[Dimension, ...] = ("diagnosis", "solution", "depth", "trade-offs", "validation", "communication")
DIMENSION_WEIGHTS: dict[Level, tuple[int, ...]] = {
    "mid": (15, 40, 15, 10, 10, 10),
    "senior": (20, 30, 15, 15, 10, 10),
    "staff": (20, 25, 15, 20, 10, 10),
}
# Coverage of the weighted points that a level asks for before "solution" reaches 3 (product rules 2.4).
SOLID_COVERAGE: dict[Level, float] = {"mid": 0.55, "senior": 0.65, "staff": 0.75}


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
    situation: StarElement
    task: StarElement
    action: StarElement
    result: StarElement


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


class Assessment(_Value):
    """One grading run. `score` is 0 to 100 over the graded points, or None when too little could be graded."""

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
    dimensions: tuple[DimensionLevel, ...]
    signal: Signal
    signal_reason: str
    gaps: tuple[Gap, ...]
    strongest: tuple[str, ...]
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


def point_result(point: KeyPoint, verdict: Verdict | Ungraded, interview: Interview) -> PointResult:
    """The verdict's worth after the price of hints and probes (R10)."""
    if isinstance(verdict, Ungraded):
        return PointResult(key_point=point.id, weight=point.weight, verdict=None, ungraded=verdict, credit=None)
    hint = hint_before(interview, point, verdict)
    price = HINT_PRICES[hint] if hint else _probe_price(interview, point, verdict)
    return PointResult(
        key_point=point.id,
        weight=point.weight,
        verdict=verdict,
        credit=round(WORTH[verdict.kind] * price, 3),
        hint_level=hint,
    )


def hint_before(interview: Interview, point: KeyPoint, verdict: Verdict) -> int | None:
    """The highest hint that helped with this point and was given before all of its evidence; None without one."""
    if verdict.kind not in ("covered", "partial") or not verdict.evidence:
        return None
    first = min(evidence.turn for evidence in verdict.evidence)
    levels = [
        turn.move.hint_level
        for turn in interview.turns
        if turn.seq < first and turn.move and turn.move.kind == "hint" and turn.move.hint_level
        if _helps(interview.scenario, turn.move.hint_level, point)
    ]
    return max(levels, default=None)


def _helps(scenario: Scenario, level: int, point: KeyPoint) -> bool:
    hint = scenario.hint(level)
    return hint is not None and (not hint.targets or point.id in hint.targets)


def _probe_price(interview: Interview, point: KeyPoint, verdict: Verdict) -> float:
    if interview.mode != "mock" or not verdict.evidence:
        return 1.0
    first = min(evidence.turn for evidence in verdict.evidence)
    probed = any(t.seq < first and t.move and t.move.probe and t.move.target == point.id for t in interview.turns)
    return PROBED_IN_MOCK if probed else 1.0


def score(points: Sequence[PointResult]) -> int | None:
    """0 to 100: the credited share of the graded weight. None when less than half of the weight could be graded."""
    total = sum(point.weight for point in points)
    graded = [(point.weight, point.credit) for point in points if point.credit is not None]
    weight = sum(weight for weight, _ in graded)
    if not weight or weight < GRADED_AT_LEAST * total:
        return None
    return round(100 * sum(weight * credit for weight, credit in graded) / weight)


def gaps(scenario: Scenario, points: Sequence[PointResult]) -> tuple[Gap, ...]:
    """At most three: essential points first, then by the weight that was lost."""
    lost = [
        (scenario.key_point(result.key_point), result.weight * (1 - result.credit))
        for result in points
        if result.credit is not None and result.credit < 0.7
    ]
    lost.sort(key=lambda item: (not item[0].must, -item[1]))
    return tuple(
        Gap(
            key_point=point.id,
            missing=point.text,
            why=point.why,
            strong=point.strong or (point.phrasings[0] if point.phrasings else point.text),
            sources=point.sources,
        )
        for point, _ in lost[:GAPS_AT_MOST]
    )


def strongest(points: Sequence[PointResult]) -> tuple[str, ...]:
    """The ids of the two points that earned most, covered ones only."""
    covered = [point for point in points if point.verdict and point.verdict.kind == "covered"]
    covered.sort(key=lambda point: -point.weight * (point.credit or 0))
    return tuple(point.key_point for point in covered[:STRONGEST_AT_MOST])


def dimensions(
    scenario: Scenario, points: Sequence[PointResult], star: Star | None, level: Level
) -> tuple[DimensionLevel, ...]:
    """The six dimensions on the anchors of the product rules 2.3. STAR feeds communication only."""
    must = {point.id for point in scenario.key_points if point.must}
    graded = [point for point in points if point.credit is not None]
    result = []
    for name in DIMENSIONS:
        if name == "communication":
            result.append(DimensionLevel(name=name, level=_communication(star), evidence=0 if star is None else 4))
            continue
        own = graded if name == "solution" else [p for p in graded if scenario.key_point(p.key_point).dimension == name]
        weight = sum(point.weight for point in own)
        if not weight:
            result.append(DimensionLevel(name=name, level=None, evidence=0))
            continue
        share = sum(point.weight * (point.credit or 0) for point in own) / weight
        anchor = _anchor(share, SOLID_COVERAGE[level])
        wrong = any(point.verdict and point.verdict.kind == "contradicted" for point in own)
        missing = any(point.key_point in must and not point.credit for point in own)
        if wrong or (name == "solution" and missing):
            anchor = min(anchor, 2.0)
        result.append(DimensionLevel(name=name, level=anchor, evidence=len(own)))
    return tuple(result)


def _anchor(share: float, solid: float) -> float:
    if share >= 0.85:
        return 4.0
    if share >= solid:
        return 3.0
    return 2.0 if share >= 0.35 else 1.0


def _communication(star: Star | None) -> float | None:
    if star is None:
        return None
    value = {"present": 1.0, "thin": 0.5, "missing": 0.0}
    parts = (star.situation, star.task, star.action, star.result)
    return 1.0 + 3.0 * sum(value[part.status] for part in parts) / len(parts)


def signal(levels: Sequence[DimensionLevel], total: int | None, level: Level) -> tuple[Signal, str]:
    """The signal and, in one sentence, the rule that gave it or what stood in the way (product rules 2.4)."""
    known = {item.name: item.level for item in levels if item.level is not None}
    if total is None or "solution" not in known:
        return "not enough evidence", "Too little of the answer could be graded for a signal."
    weights = dict(zip(DIMENSIONS, DIMENSION_WEIGHTS[level], strict=True))
    mean = sum(weights[name] * value for name, value in known.items()) / sum(weights[name] for name in known)
    if mean < 1.8:
        return "strong no", f"The weighted mean of the dimensions is {mean:.1f}; below 1.8 is a strong no."
    low = [name for name in _needed(level, known) if known[name] < 3]
    if mean >= 2.8 and not low:
        if mean >= 3.5 and min(known.values()) >= 3:
            return "strong yes", f"The weighted mean is {mean:.1f} of 4 and no dimension is below 3."
        return "yes", f"The weighted mean is {mean:.1f} of 4; a strong yes needs 3.5 with no dimension below 3."
    wanting = [f"{name} at 3 (now {known[name]:.1f})" for name in low]
    if mean < 2.8:
        wanting.append(f"a weighted mean of 2.8 (now {mean:.1f})")
    return "no", f"A yes at {level} level would have needed {_listed(wanting)}."


def _needed(level: Level, known: dict[Dimension, float]) -> list[Dimension]:
    """The dimensions that must reach 3 at this level, as far as the scenario has points for them."""
    needed: list[Dimension] = ["diagnosis", "solution"]
    if level == "staff":
        needed += ["trade-offs", "validation"]
    elif level == "senior":
        either: list[Dimension] = [name for name in ("depth", "trade-offs") if name in known]
        if either and all(known[name] < 3 for name in either):
            needed.append(max(either, key=lambda name: known[name]))
    return [name for name in needed if name in known]


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
