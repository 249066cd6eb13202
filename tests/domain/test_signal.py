"""Dimensions, signal and what would have changed it follow from the points by rule."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import Any, get_args

import pytest

from interviewer.domain import scoring
from interviewer.domain import signal as signals
from interviewer.domain.assessment import Change, Evidence, PointResult, RedFlag, Signal, Star, StarElement
from interviewer.domain.interview import Move
from interviewer.domain.scenario import KeyPoint, Level
from interviewer.domain.signal import DIMENSIONS, SIGNALS
from tests.builders import a_result, a_scenario, an_interview, results

CAUSE, KEY, REPLY, CHECK = a_scenario().key_points
NOT_SAID = StarElement(status="missing")
NO_STAR = Star(situation=NOT_SAID, task=NOT_SAID, action=NOT_SAID, result=NOT_SAID)
PRESENT = StarElement(status="present", quote="said")
FULL_STAR = Star(situation=PRESENT, task=PRESENT, action=PRESENT, result=PRESENT)


# --- dimensions and signal


def levels(credits: tuple[float | None, ...], star: Star | None = FULL_STAR, level: Level = "senior") -> dict[str, Any]:
    return {item.name: item.level for item in signals.dimensions(a_scenario(), results(*credits), star, level)}


def test_a_missing_essential_point_caps_the_solution_at_2() -> None:
    assert levels((1, 0, 1, 1))["solution"] == 2
    assert levels((1, 1, 1, 0))["solution"] == 3


def test_a_contradicted_point_caps_its_dimension_at_2() -> None:
    said = [a_result(CAUSE, 1), a_result(KEY, 1), a_result(REPLY, 0, "contradicted"), a_result(CHECK, 1)]

    capped = {item.name: item.level for item in signals.dimensions(a_scenario(), said, FULL_STAR, "senior")}

    assert capped["solution"] == 2
    assert capped["depth"] == 1


def test_a_dimension_without_a_graded_point_has_no_level() -> None:
    assert levels((None, 1, 1, 1))["diagnosis"] is None
    assert levels((1, 1, 1, 1))["trade-offs"] is None


def test_structure_feeds_communication_and_nothing_else() -> None:
    with_star, without = levels((1, 0.5, 0, 0)), levels((1, 0.5, 0, 0), NO_STAR)

    assert (with_star.pop("communication"), without.pop("communication")) == (4, 1)
    assert with_star == without
    assert levels((1, 1, 1, 1), None)["communication"] is None


def signal(
    credits: tuple[float | None, ...], star: Star | None = FULL_STAR, level: Level = "senior"
) -> tuple[str, str]:
    return signals.signal(
        signals.dimensions(a_scenario(), results(*credits), star, level), scoring.score(results(*credits)), level
    )


def test_a_perfect_structure_with_wrong_content_does_not_pass() -> None:
    for level in get_args(Level):
        assert signal((0, 0, 0, 0), FULL_STAR, level)[0] == "strong no"


def test_a_complete_answer_is_a_strong_yes() -> None:
    assert signal((1, 1, 1, 1))[0] == "strong yes"


def test_without_a_score_there_is_no_signal() -> None:
    assert signal((1, None, None, None))[0] == "not enough evidence"
    assert signal((None, None, None, None))[0] == "not enough evidence"


@pytest.mark.parametrize("level", get_args(Level))
def test_every_signal_names_the_rule_that_gave_it(level: Level) -> None:
    for credits in itertools.product((None, 0.0, 0.5, 1.0), repeat=4):
        for star in (None, NO_STAR, FULL_STAR):
            name, reason = signal(credits, star, level)

            assert reason.endswith(".")
            if name in ("yes", "strong yes"):
                assert credits[0] is None or credits[0] >= signals.SOLID_COVERAGE[level]
                assert credits[1] != 0, "an essential point is missing"


def test_the_dimension_weights_of_every_level_sum_to_a_hundred() -> None:
    assert all(sum(weights) == 100 for weights in signals.DIMENSION_WEIGHTS.values())
    assert all(len(weights) == len(DIMENSIONS) for weights in signals.DIMENSION_WEIGHTS.values())


# --- red flags


def flag(point: KeyPoint, defended: bool = False) -> RedFlag:
    evidence = Evidence(sentence=1, turn=1, text="I answer 200 before anything is stored.")
    return RedFlag(key_point=point.id, mistake=f"The mistake about {point.id}.", evidence=evidence, defended=defended)


def signal_of(
    points: Sequence[PointResult], level: Level, star: Star | None = FULL_STAR, red_flags: Sequence[RedFlag] = ()
) -> Signal:
    found = signals.dimensions(a_scenario(), points, star, level, (), red_flags)
    return signals.signal(found, scoring.score(points, red_flags), level, red_flags)[0]


def test_a_red_flag_holds_the_solution_at_2_and_leaves_the_other_dimensions_alone() -> None:
    points = results(1, 1, 0.9, 1)
    plain, flagged = (
        {item.name: item.level for item in signals.dimensions(a_scenario(), points, FULL_STAR, "mid", (), flags)}
        for flags in ((), (flag(REPLY),))
    )

    assert (plain.pop("solution"), flagged.pop("solution")) == (4, 2)
    assert plain == flagged


@pytest.mark.parametrize("level", get_args(Level))
def test_with_a_red_flag_there_is_no_yes(level: Level) -> None:
    for credits in itertools.product((None, 0.0, 0.5, 1.0), repeat=4):
        assert signal_of(results(*credits), level, FULL_STAR, [flag(REPLY)]) not in ("yes", "strong yes")


@pytest.mark.parametrize("level", get_args(Level))
def test_a_red_flag_that_was_kept_up_is_a_strong_no_whatever_else_was_said(level: Level) -> None:
    for credits in itertools.product((None, 0.0, 1.0), repeat=4):
        given = signal_of(results(*credits), level, FULL_STAR, [flag(REPLY, defended=True), flag(KEY)])

        assert given == ("not enough evidence" if scoring.score(results(*credits)) is None else "strong no")


# --- what would have changed the signal


def change(points: Sequence[PointResult], level: Level, star: Star | None, flags: Sequence[RedFlag]) -> Change | None:
    return signals.what_would_change(a_scenario(), points, star, level, flags)


def changed(points: Sequence[PointResult], ids: Collection[str], flags: Sequence[RedFlag] = ()) -> list[PointResult]:
    """The points as they would have been: these covered, and no contradiction left where a claim is taken back."""
    taken_back = {flag.key_point for flag in flags}
    return [
        a_result(a_scenario().key_point(point.key_point), 1)
        if point.key_point in ids
        else a_result(a_scenario().key_point(point.key_point), 0, "missed")
        if point.key_point in taken_back
        else point
        for point in points
    ]


def is_better(then: Signal, now: Signal) -> bool:
    return then in SIGNALS and SIGNALS.index(then) > SIGNALS.index(now)


CREDITS = list(itertools.product((None, 0.0, 0.5, 1.0), repeat=4))


@pytest.mark.parametrize("star", [FULL_STAR, NO_STAR, None], ids=["full story", "no story", "nothing said"])
@pytest.mark.parametrize("level", get_args(Level))
def test_what_would_have_changed_the_signal_would_have_changed_it_and_nothing_less_would(
    level: Level, star: Star | None
) -> None:
    for credits in CREDITS:
        points = results(*credits)
        now, told = signal_of(points, level, star), change(points, level, star, ())
        if told is None:
            reachable = [p.key_point for p in points if p.credit is not None]
            assert now not in SIGNALS or not is_better(signal_of(changed(points, reachable), level, star), now)
            continue

        assert not told.red_flags
        assert is_better(told.signal, now)
        assert signal_of(changed(points, told.points), level, star) == told.signal
        for fewer in itertools.combinations(
            [p.key_point for p in points if p.credit is not None], len(told.points) - 1
        ):
            assert not is_better(signal_of(changed(points, fewer), level, star), now), "fewer points would have done"


@pytest.mark.parametrize("defended", [False, True])
@pytest.mark.parametrize("level", get_args(Level))
def test_taking_back_a_red_flag_is_named_only_when_the_points_alone_do_not_do_it(level: Level, defended: bool) -> None:
    flags = [flag(REPLY, defended)]
    for cause, key, check in itertools.product((None, 0.0, 0.4, 1.0), repeat=3):
        points = [
            a_result(CAUSE, cause),
            a_result(KEY, key),
            a_result(REPLY, 0, "contradicted"),
            a_result(CHECK, check),
        ]
        now, told = signal_of(points, level, FULL_STAR, flags), change(points, level, FULL_STAR, flags)
        if told is None:
            continue
        others = [p.key_point for p in points if p.credit is not None and p.key_point != "reply"]
        without = signal_of(changed(points, others), level, FULL_STAR, flags)
        left = () if told.red_flags else flags
        withdrawn = flags if told.red_flags else ()

        assert told.red_flags != is_better(without, now)
        assert signal_of(changed(points, told.points, withdrawn), level, FULL_STAR, left) == told.signal


def test_taking_back_a_claim_can_be_enough_without_any_further_point() -> None:
    points = [a_result(CAUSE, 1), a_result(KEY, 1), a_result(REPLY, 0, "contradicted"), a_result(CHECK, 1)]

    told = change(points, "mid", FULL_STAR, [flag(REPLY)])

    assert told == Change(signal="yes", points=(), red_flags=True)


@pytest.mark.parametrize(("credits", "level"), [((1, 0, 1, 0.9), "senior"), ((0.8, 0.75, 1, 0.8), "mid")])
def test_among_equally_few_points_the_worst_loss_is_named(credits: tuple[float, ...], level: Level) -> None:
    told = change(results(*credits), level, FULL_STAR, ())

    assert told is not None
    assert told.points == ("key",)


def test_nothing_would_change_a_strong_yes_or_a_grade_without_a_score() -> None:
    assert signal_of(results(1, 1, 1, 1), "senior") == "strong yes"
    assert change(results(1, 1, 1, 1), "senior", FULL_STAR, ()) is None
    assert change(results(1, None, None, None), "senior", FULL_STAR, ()) is None
    assert change(results(None, None, None, None), "senior", FULL_STAR, [flag(REPLY)]) is None


def test_a_scenario_with_very_many_points_does_not_hold_the_grade_up() -> None:
    point = CAUSE.model_copy(update={"weight": 4, "must": False, "dimension": "solution"})
    many = tuple(point.model_copy(update={"id": f"point-{number}"}) for number in range(25))
    scenario = a_scenario().model_copy(update={"key_points": many})

    told = signals.what_would_change(scenario, [a_result(each, 0, "missed") for each in many], NO_STAR, "staff")

    assert told is None or len(told.points) <= signals.CONSIDERED


# --- confidence


def confidence_of(credits: tuple[float | None, ...], tested: Collection[str]) -> str:
    points = results(*credits)
    return signals.confidence([p for p in points if p.credit is not None], tested, sum(p.weight for p in points))


@pytest.mark.parametrize(
    ("tested", "expected"),
    [
        ((), "low"),
        (("cause",), "low"),
        (("reply", "check"), "low"),
        (("cause", "key"), "medium"),
        (("cause", "key", "reply"), "medium"),
        (("cause", "key", "reply", "check"), "high"),
        (("cause", "key", "another"), "medium"),
    ],
)
def test_confidence_is_the_share_of_the_weight_that_was_put_to_the_test(tested: tuple[str, ...], expected: str) -> None:
    assert confidence_of((1, 1, 1, 1), tested) == expected


def test_a_point_that_was_not_graded_lowers_the_confidence() -> None:
    everything = ("cause", "key", "reply", "check")

    assert confidence_of((1, 1, 1, None), everything) == "medium"
    assert confidence_of((None, None, 1, 1), everything) == "low"
    assert confidence_of((None, None, None, None), everything) == "low"


def test_what_was_said_or_asked_about_was_put_to_the_test_and_what_was_only_missed_was_not() -> None:
    probe = Move(kind="probe", text="Why?", ask="Why?", probe="how-sure", type="trade-off", target="check", reason="")
    hint = Move(kind="hint", text="Think.", reason="asked for", hint_level=1, target="reply")
    interview = an_interview("It retries.", probe, "Hm.", hint, "Hm.")
    said = a_result(CAUSE, 1)
    unsaid = [a_result(point, 0, "missed").model_copy(update={"verdict": None}) for point in (KEY, REPLY, CHECK)]

    assert signals.put_to_the_test(interview, [said, *unsaid]) == {"cause", "check"}


def test_a_dimension_is_as_sure_as_its_own_points_were_put_to_the_test() -> None:
    found = signals.dimensions(a_scenario(), results(1, 1, None, 1), FULL_STAR, "senior", ("cause", "key"))
    sure = {item.name: item.confidence for item in found if item.name != "communication"}

    assert sure == {
        "diagnosis": "high",
        "solution": "medium",
        "depth": "low",
        "trade-offs": "low",
        "validation": "low",
    }
