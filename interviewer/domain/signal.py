"""From points to a judgement: dimensions on their anchors, the signal by rule, and what would have changed it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from interviewer.domain import scoring
from interviewer.domain.assessment import (
    Change,
    Confidence,
    DimensionLevel,
    PointResult,
    RedFlag,
    Signal,
    Star,
    Verdict,
)
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import NO_REFERENCE, Dimension, Level, Scenario

# Dimension weights by level, product rules 2.2: diagnosis, solution, depth, trade-offs, validation, communication.
DIMENSIONS: tuple[Dimension, ...] = ("diagnosis", "solution", "depth", "trade-offs", "validation", "communication")
DIMENSION_WEIGHTS: dict[Level, tuple[int, ...]] = {
    "mid": (15, 40, 15, 10, 10, 10),
    "senior": (20, 30, 15, 15, 10, 10),
    "staff": (20, 25, 15, 20, 10, 10),
}
# Coverage of the weighted points that a level asks for before "solution" reaches 3 (product rules 2.4).
SOLID_COVERAGE: dict[Level, float] = {"mid": 0.55, "senior": 0.65, "staff": 0.75}
SIGNALS: tuple[Signal, ...] = ("strong no", "no", "yes", "strong yes")  # a signal's place, from 1, is its number
# Shares of the weight that was put to the test: said, or asked for by a follow-up.
CONFIDENT, FAIRLY_CONFIDENT = 0.85, 0.6
LOOKED_FIRST = 0.5  # anchors allow half steps
CONSIDERED = 8  # points among which the fewest that would have changed the signal are looked for


def judgement(
    interview: Interview, points: Sequence[PointResult], star: Star | None, red_flags: Sequence[RedFlag] = ()
) -> dict[str, Any]:
    """Everything in an Assessment that follows from its points, by name: score, dimensions, signal and the rest."""
    scenario, level = interview.scenario, interview.level
    tested = put_to_the_test(interview, points)
    total = scoring.score(points, red_flags) if scenario.is_scored else None
    looked_first = approach(interview, points).before_the_solution
    levels = dimensions(scenario, points, star, level, tested, red_flags, looked_first)
    verdict, why = signal(levels, total, level, red_flags)
    if not scenario.is_scored:
        why = NO_REFERENCE
    return {
        "score": total,
        "dimensions": levels,
        "signal": verdict,
        "signal_reason": why,
        "change": what_would_change(scenario, points, star, level, red_flags, looked_first),
        "confidence": confidence([p for p in points if p.credit is not None], tested, sum(p.weight for p in points)),
        "gaps": scoring.gaps(scenario, points),
        "strongest": scoring.strongest(points),
    }


class Approach(NamedTuple):
    """How the candidate came to the solution: what they asked about, what they looked at, and whether before it."""

    looked: tuple[str, ...]
    asked: int
    before_the_solution: bool

    @property
    def is_blind(self) -> bool:
        """Whether they prescribed without having asked or looked at anything."""
        return not self.looked and not self.asked


def approach(interview: Interview, points: Sequence[PointResult]) -> Approach:
    """What the candidate asked and looked at, against the first turn that carried a point of the solution."""
    cures = {point.id for point in interview.scenario.key_points if point.dimension != "diagnosis"}
    first = min(
        (e.turn for p in points if p.key_point in cures and p.verdict for e in p.verdict.evidence),
        default=len(interview.turns),
    )
    well = [t.seq for t in interview.turns if t.move and t.move.kind in ("context", "exhibit")]
    shown = tuple(move.exhibit for move in interview.moves if move.exhibit)
    asked = sum(move.kind == "context" for move in interview.moves)
    return Approach(shown, asked, any(seq < first for seq in well))


def put_to_the_test(interview: Interview, points: Sequence[PointResult]) -> set[str]:
    """The points about which something was said, or which a follow-up had asked for: only these tell much."""
    asked = {turn.move.target for turn in interview.turns if turn.move and turn.move.probe and turn.move.target}
    return asked | {point.key_point for point in points if point.verdict and point.verdict.evidence}


def confidence(points: Sequence[PointResult], tested: Collection[str], weight: int) -> Confidence:
    """How much the graded points can carry: by the share of `weight` that was put to the test."""
    share = sum(point.weight for point in points if point.key_point in tested) / weight if weight else 0.0
    if share >= CONFIDENT:
        return "high"
    return "medium" if share >= FAIRLY_CONFIDENT else "low"


def dimensions(
    scenario: Scenario,
    points: Sequence[PointResult],
    star: Star | None,
    level: Level,
    tested: Collection[str] = (),
    red_flags: Sequence[RedFlag] = (),
    looked_first: bool = False,
) -> tuple[DimensionLevel, ...]:
    """The six dimensions on the anchors of the product rules 2.3. STAR feeds communication only.

    A contradiction, a missed essential point and a red flag hold the solution at 2. Who asked or looked before
    prescribing gets half a step more for the diagnosis.
    """
    must = {point.id for point in scenario.key_points if point.must}
    result = []
    for name in DIMENSIONS:
        if name == "communication":
            result.append(DimensionLevel(name=name, level=_communication(star), evidence=0 if star is None else 4))
            continue
        own = [p for p in points if name in ("solution", scenario.key_point(p.key_point).dimension)]
        graded = [p for p in own if p.credit is not None]
        weight = sum(point.weight for point in graded)
        if not weight:
            result.append(DimensionLevel(name=name, level=None, evidence=0))
            continue
        share = sum(point.weight * (point.credit or 0) for point in graded) / weight
        anchor = _anchor(share, SOLID_COVERAGE[level])
        wrong = any(point.verdict and point.verdict.kind == "contradicted" for point in graded)
        missing = any(point.key_point in must and not point.credit for point in graded)
        if wrong or (name == "solution" and (missing or red_flags)):
            anchor = min(anchor, 2.0)
        if name == "diagnosis" and looked_first and not wrong:
            anchor = min(4.0, anchor + LOOKED_FIRST)
        sure = confidence(graded, tested, sum(point.weight for point in own))
        result.append(DimensionLevel(name=name, level=anchor, evidence=len(graded), confidence=sure))
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


def signal(
    levels: Sequence[DimensionLevel], total: int | None, level: Level, red_flags: Sequence[RedFlag] = ()
) -> tuple[Signal, str]:
    """The signal and, in one sentence, the rule that gave it or what stood in the way (product rules 2.4)."""
    known = {item.name: item.level for item in levels if item.level is not None}
    if total is None or "solution" not in known:
        return "not enough evidence", "Too little of the answer could be graded for a signal."
    if any(flag.defended for flag in red_flags):
        return "strong no", "A claim that no interviewer lets pass was kept up after it had been challenged."
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


def what_would_change(
    scenario: Scenario,
    points: Sequence[PointResult],
    star: Star | None,
    level: Level,
    red_flags: Sequence[RedFlag] = (),
    looked_first: bool = False,
) -> Change | None:
    """The fewest points that, had they been covered, would have raised the signal; None when none would.

    Among equally few, those whose loss was worst; of more than eight points only the worst eight are looked at. Red
    flags are only counted in when the points alone do not do it: a claim that is taken back contradicts no point.
    """
    now, _ = signal(
        dimensions(scenario, points, star, level, (), red_flags, looked_first),
        scoring.score(points, red_flags),
        level,
        red_flags,
    )
    if now not in SIGNALS[:-1]:
        return None
    short = _short(scenario, points)[:CONSIDERED]
    for flags in (tuple(red_flags), ()) if red_flags else ((),):
        standing = {flag.key_point for flag in flags}
        withdrawn = {flag.key_point for flag in red_flags} - standing
        left = [_as_missed(result) if result.key_point in withdrawn else result for result in points]
        reachable = [id for id in short if id not in standing]
        for size in range(len(reachable) + 1):
            for chosen in combinations(reachable, size):
                better = [_as_covered(result) if result.key_point in chosen else result for result in left]
                levels = dimensions(scenario, better, star, level, (), flags, looked_first)
                then, _ = signal(levels, scoring.score(better, flags), level, flags)
                if then in SIGNALS and SIGNALS.index(then) > SIGNALS.index(now):
                    return Change(signal=then, points=chosen, red_flags=bool(withdrawn))
    return None


def _short(scenario: Scenario, points: Sequence[PointResult]) -> list[str]:
    """The ids of the graded points without full credit, the worst loss first: gaps, then what lost only a little."""
    order = {point.id: place for place, point in enumerate(scoring.lost(scenario, points))}
    short = [
        (order.get(result.key_point, len(order)), -result.weight * (1 - result.credit), result.key_point)
        for result in points
        if result.credit is not None and result.credit < 1
    ]
    return [id for _, _, id in sorted(short)]


def _as_covered(result: PointResult) -> PointResult:
    return result.model_copy(
        update={"credit": 1.0, "verdict": Verdict(key_point=result.key_point, kind="covered"), "ungraded": None}
    )


def _as_missed(result: PointResult) -> PointResult:
    return result.model_copy(update={"credit": 0.0, "verdict": Verdict(key_point=result.key_point, kind="missed")})


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
