"""From verdicts to credit and score: the price of hints and probes, the cap of a red flag, losses and strengths.

The proposals in numbers stand here, in signal.py and in hints.HINT_PRICES, so that they can be tuned.
"""

from __future__ import annotations

from collections.abc import Sequence

from interviewer.domain.assessment import Gap, PointResult, RedFlag, Ungraded, Verdict, VerdictKind
from interviewer.domain.hints import HINT_PRICES
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import KeyPoint, Scenario

WORTH: dict[VerdictKind, float] = {"covered": 1.0, "partial": 0.5, "missed": 0.0, "contradicted": 0.0}
PROBED_IN_MOCK = 0.9  # R10: in a mock interview a point reached only after a probe earns a little less
GRADED_AT_LEAST = 0.5  # share of the weight that must be graded before there is a score
RED_FLAG_CAP = 59  # the top of the band in which "solution" is 2 (product rules 2.3 and 2.4)
LOST_BELOW = 0.7  # a point with less credit is a gap
GAPS_AT_MOST = 3  # R18
STRONGEST_AT_MOST = 2


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


def score(points: Sequence[PointResult], red_flags: Sequence[RedFlag] = ()) -> int | None:
    """0 to 100: the credited share of the graded weight. None when less than half of the weight could be graded.

    A red flag holds it at 59 at most.
    """
    total = sum(point.weight for point in points)
    graded = [(point.weight, point.credit) for point in points if point.credit is not None]
    weight = sum(weight for weight, _ in graded)
    if not weight or weight < GRADED_AT_LEAST * total:
        return None
    share = round(100 * sum(weight * credit for weight, credit in graded) / weight)
    return min(share, RED_FLAG_CAP) if red_flags else share


def gaps(scenario: Scenario, points: Sequence[PointResult]) -> tuple[Gap, ...]:
    """At most three: essential points first, then by the weight that was lost."""
    return tuple(
        Gap(
            key_point=point.id,
            missing=point.text,
            why=point.why,
            strong=point.strong or (point.phrasings[0] if point.phrasings else point.text),
            sources=point.sources,
        )
        for point in lost(scenario, points)[:GAPS_AT_MOST]
    )


def lost(scenario: Scenario, points: Sequence[PointResult]) -> list[KeyPoint]:
    """The graded points that earned too little, the worst loss first: essential ones, then by weight lost."""
    found = [
        (scenario.key_point(result.key_point), result.weight * (1 - result.credit))
        for result in points
        if result.credit is not None and result.credit < LOST_BELOW
    ]
    found.sort(key=lambda item: (not item[0].must, -item[1]))
    return [point for point, _ in found]


def strongest(points: Sequence[PointResult]) -> tuple[str, ...]:
    """The ids of the two points that earned most, covered ones only."""
    covered = [point for point in points if point.verdict and point.verdict.kind == "covered"]
    covered.sort(key=lambda point: -point.weight * (point.credit or 0))
    return tuple(point.key_point for point in covered[:STRONGEST_AT_MOST])
