"""Points add up by arithmetic over verdicts, at the price of hints and probes, and nothing else makes a number."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from interviewer.domain import scoring
from interviewer.domain.assessment import Evidence, RedFlag, Ungraded, VerdictKind
from interviewer.domain.interview import Move
from tests.builders import a_result, a_scenario, a_verdict, an_interview, results

CAUSE, KEY, REPLY, CHECK = a_scenario().key_points


def hint(level: int) -> Move:
    text = a_scenario().hint(level).text
    return Move(kind="hint", text=text, reason="asked for", hint_level=level)


def probe(target: str) -> Move:
    return Move(kind="probe", text="Why?", ask="Why?", probe="why-twice", type="clarify", target=target, reason="")


# --- credit


@pytest.mark.parametrize(("level", "share"), [(1, 0.9), (2, 0.7), (3, 0.4)])
def test_a_point_reached_after_a_hint_earns_less(level: int, share: float) -> None:
    given = [hint(n) for n in range(1, level + 1)]
    said: list[str | Move] = ["Hm."]
    for move in given:
        said += [move, "Hm."]
    interview = an_interview(*said, probe("key"), "A lock.")
    last = interview.turns[-1].seq

    graded = scoring.point_result(KEY, a_verdict(KEY, "covered", last), interview)

    assert (graded.credit, graded.hint_level) == (share, level)
    assert scoring.point_result(KEY, a_verdict(KEY, "partial", last), interview).credit == share / 2
    assert scoring.point_result(KEY, a_verdict(KEY, "covered", 1), interview).credit == 1.0, "said before the hint"


def test_a_hint_for_another_point_costs_nothing() -> None:
    interview = an_interview("Hm.", hint(3), "It retries.")

    assert scoring.point_result(CAUSE, a_verdict(CAUSE, "covered", 3), interview).credit == 1.0


@pytest.mark.parametrize(("mode", "credit"), [("mock", 0.9), ("practice", 1.0)])
def test_a_point_reached_only_after_a_probe_earns_a_little_less_in_a_mock_interview(mode: Any, credit: float) -> None:
    interview = an_interview("Hm.", probe("cause"), "It retries.", mode=mode)

    assert scoring.point_result(CAUSE, a_verdict(CAUSE, "covered", 3), interview).credit == credit
    assert scoring.point_result(CAUSE, a_verdict(CAUSE, "covered", 1), interview).credit == 1.0
    assert scoring.point_result(KEY, a_verdict(KEY, "covered", 3), interview).credit == 1.0, "another point's probe"


@pytest.mark.parametrize("kind", ["missed", "contradicted"])
def test_a_missed_or_contradicted_point_earns_nothing(kind: VerdictKind) -> None:
    assert scoring.point_result(CAUSE, a_verdict(CAUSE, kind, 1), an_interview("Something.")).credit == 0


def test_an_ungraded_point_has_no_credit_at_all() -> None:
    graded = scoring.point_result(CAUSE, Ungraded(key_point="cause", reason="unsure"), an_interview("Something."))

    assert graded.credit is None
    assert graded.verdict is None


# --- score


def test_the_score_is_the_credited_share_of_the_weight() -> None:
    assert scoring.score(results(1, 1, 1, 1)) == 100
    assert scoring.score(results(0, 0, 0, 0)) == 0
    assert scoring.score(results(1, 0.5, 0.4, 0)) == 30 + 15 + 8


def test_ungraded_weight_is_left_out() -> None:
    assert scoring.score(results(1, 0, None, None)) == 50
    assert scoring.score(results(1, 1, 1, None)) == 100


def test_there_is_no_score_when_less_than_half_of_the_weight_was_graded() -> None:
    assert scoring.score(results(1, None, None, None)) is None
    assert scoring.score(results(None, None, None, None)) is None
    assert scoring.score(()) is None
    assert scoring.score(results(1, None, 1, None)) == 100, "exactly half is enough"


def test_every_combination_of_credits_stays_between_0_and_100_and_more_credit_never_lowers_it() -> None:
    for credits in itertools.product((None, 0.0, 0.4, 1.0), repeat=4):
        total = scoring.score(results(*credits))
        if total is None:
            continue
        assert 0 <= total <= 100
        for index, credit in enumerate(credits):
            if credit is not None and credit < 1:
                better = scoring.score(results(*credits[:index], 1.0, *credits[index + 1 :]))
                assert better is not None
                assert better >= total


# --- red flags


FLAG = RedFlag(
    key_point="reply",
    mistake="Answers 200 before anything is stored.",
    evidence=Evidence(sentence=1, turn=1, text="I answer 200 before anything is stored."),
)


def test_a_red_flag_holds_the_score_at_59() -> None:
    assert scoring.score(results(1, 1, 0, 1)) == 80
    assert scoring.score(results(1, 1, 0, 1), [FLAG]) == 59


def test_a_red_flag_lowers_nothing_that_is_below_59_and_makes_no_score_where_there_is_none() -> None:
    for credits in itertools.product((None, 0.0, 0.5, 1.0), repeat=4):
        plain, flagged = scoring.score(results(*credits)), scoring.score(results(*credits), [FLAG, FLAG])

        assert flagged == (None if plain is None else min(plain, 59))


# --- gaps and strengths


def test_gaps_are_at_most_three_with_essential_points_first() -> None:
    lost = scoring.gaps(a_scenario(), results(0, 0, 0, 0))

    assert [gap.key_point for gap in lost] == ["cause", "key", "reply"]
    assert [gap.key_point for gap in scoring.gaps(a_scenario(), results(1, 0.5, 0, 0))] == ["key", "reply", "check"]
    assert scoring.gaps(a_scenario(), results(1, 1, None, 0.9)) == ()


def test_the_strongest_are_covered_points_only() -> None:
    said = [a_result(CAUSE, 0.5, "partial"), a_result(KEY, 0.4), a_result(REPLY, 1), a_result(CHECK, 0, "missed")]

    assert scoring.strongest(said) == ("reply", "key")
