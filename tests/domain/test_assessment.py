"""Points add up by arithmetic over verified evidence, and nothing else makes a number."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest

from interviewer.domain import assessment as rules
from interviewer.domain import scoring
from interviewer.domain import signal as signals
from interviewer.domain.assessment import (
    Evidence,
    Finding,
    PointResult,
    Star,
    StarElement,
    Ungraded,
    Verdict,
    VerdictKind,
)
from interviewer.domain.interview import Interview, Move
from interviewer.domain.scenario import KeyPoint, Level
from interviewer.domain.signal import DIMENSIONS
from tests.builders import a_scenario, an_interview

CAUSE, KEY, REPLY, CHECK = a_scenario().key_points
NOT_SAID = StarElement(status="missing")
NO_STAR = Star(situation=NOT_SAID, task=NOT_SAID, action=NOT_SAID, result=NOT_SAID)
PRESENT = StarElement(status="present", quote="said")
FULL_STAR = Star(situation=PRESENT, task=PRESENT, action=PRESENT, result=PRESENT)


def hint(level: int) -> Move:
    text = a_scenario().hint(level).text
    return Move(kind="hint", text=text, reason="asked for", hint_level=level)


def probe(target: str) -> Move:
    return Move(kind="probe", text="Why?", ask="Why?", probe="why-twice", type="clarify", target=target, reason="")


def verified(finding: Finding, interview: Interview, point: KeyPoint = CAUSE, about: bool = True) -> Verdict:
    return rules.verified(
        finding, point, interview.sentences(), interview.scenario.question, lambda sentence, key_point: about
    )


def verdict(kind: VerdictKind, *turns: int, point: KeyPoint = CAUSE) -> Verdict:
    evidence = tuple(Evidence(sentence=turn, turn=turn, text="said") for turn in turns)
    return Verdict(key_point=point.id, kind=kind, evidence=evidence)


def result(point: KeyPoint, credit: float | None, kind: VerdictKind = "covered") -> PointResult:
    if credit is None:
        ungraded = Ungraded(key_point=point.id, reason="for a test")
        return PointResult(key_point=point.id, weight=point.weight, verdict=None, ungraded=ungraded, credit=None)
    return PointResult(
        key_point=point.id, weight=point.weight, verdict=verdict(kind, 1, point=point), credit=credit, hint_level=None
    )


def results(*credits: float | None) -> tuple[PointResult, ...]:
    return tuple(
        result(point, credit, "covered" if credit else "missed")
        for point, credit in zip(a_scenario().key_points, credits, strict=True)
    )


def finding(kind: VerdictKind, *sentences: int, point: KeyPoint = CAUSE) -> Finding:
    return Finding(key_point=point.id, kind=kind, sentences=sentences)


# --- evidence


def test_evidence_is_the_candidates_sentence_verbatim() -> None:
    interview = an_interview("Hello. The provider retries after a lost response.")

    checked = verified(finding("covered", 2), interview)

    assert checked.kind == "covered"
    assert checked.evidence == (Evidence(sentence=2, turn=1, text="The provider retries after a lost response."),)


@pytest.mark.parametrize("numbers", [(), (0,), (-1,), (99,), (2**63,), (2, 99)])
def test_a_sentence_that_was_not_said_is_no_evidence(numbers: tuple[int, ...]) -> None:
    checked = verified(finding("covered", *numbers), an_interview("The provider retries after a lost response."))

    assert (checked.kind, checked.evidence) == ("missed", ())
    assert checked.reason.startswith("not credited")


def test_the_false_evidence_is_left_out_and_the_true_one_stays() -> None:
    checked = verified(finding("covered", 99, 1, 1), an_interview("The provider retries after a lost response."))

    assert [evidence.sentence for evidence in checked.evidence] == [1]


@pytest.mark.parametrize("kind", ["covered", "partial"])
def test_giving_back_what_the_interviewer_had_just_said_earns_nothing(kind: VerdictKind) -> None:
    interview = an_interview("Hm.", hint(1), "I think about what the sender sees when the reply does not reach it.")

    assert verified(finding(kind, 2), interview).kind == "missed"


def test_giving_back_what_the_interviewer_had_said_much_earlier_earns_nothing_either() -> None:
    interview = an_interview(
        "Hm.", hint(3), "Well.", probe("key"), "Hm.", probe("cause"), "So the database must refuse the second copy."
    )

    checked = verified(finding("covered", 4, point=KEY), interview, KEY)

    assert checked.kind == "missed"
    assert "repeats what the interviewer" in checked.reason


def test_what_the_candidate_said_first_stays_evidence_when_the_interviewer_takes_it_up() -> None:
    interview = an_interview("The provider retries after a lost response.", "You said the provider retries. Why?")

    assert verified(finding("covered", 1), interview).kind == "covered"


def test_giving_back_the_question_earns_nothing() -> None:
    interview = an_interview("A payment provider calls your webhook and some customers are charged twice.")

    assert verified(finding("covered", 1), interview).kind == "missed"


def test_a_sentence_about_something_else_is_no_evidence() -> None:
    checked = verified(finding("covered", 1), an_interview("I like trains."), about=False)

    assert (checked.kind, checked.reason) == ("missed", "not credited: the evidence is about something else")


def test_a_contradiction_also_needs_evidence() -> None:
    assert verified(finding("contradicted", 42), an_interview("Something.")).kind == "missed"


def test_a_missed_point_keeps_no_evidence() -> None:
    assert verified(finding("missed", 1), an_interview("Something.")).evidence == ()


# --- credit


@pytest.mark.parametrize(("level", "share"), [(1, 0.9), (2, 0.7), (3, 0.4)])
def test_a_point_reached_after_a_hint_earns_less(level: int, share: float) -> None:
    given = [hint(n) for n in range(1, level + 1)]
    said: list[str | Move] = ["Hm."]
    for move in given:
        said += [move, "Hm."]
    interview = an_interview(*said, probe("key"), "A lock.")
    last = interview.turns[-1].seq

    graded = scoring.point_result(KEY, verdict("covered", last, point=KEY), interview)

    assert (graded.credit, graded.hint_level) == (share, level)
    assert scoring.point_result(KEY, verdict("partial", last, point=KEY), interview).credit == share / 2
    assert scoring.point_result(KEY, verdict("covered", 1, point=KEY), interview).credit == 1.0, "said before the hint"


def test_a_hint_for_another_point_costs_nothing() -> None:
    interview = an_interview("Hm.", hint(3), "It retries.")

    assert scoring.point_result(CAUSE, verdict("covered", 3), interview).credit == 1.0


@pytest.mark.parametrize(("mode", "credit"), [("mock", 0.9), ("practice", 1.0)])
def test_a_point_reached_only_after_a_probe_earns_a_little_less_in_a_mock_interview(mode: Any, credit: float) -> None:
    interview = an_interview("Hm.", probe("cause"), "It retries.", mode=mode)

    assert scoring.point_result(CAUSE, verdict("covered", 3), interview).credit == credit
    assert scoring.point_result(CAUSE, verdict("covered", 1), interview).credit == 1.0
    assert scoring.point_result(KEY, verdict("covered", 3, point=KEY), interview).credit == 1.0, "another point's probe"


@pytest.mark.parametrize("kind", ["missed", "contradicted"])
def test_a_missed_or_contradicted_point_earns_nothing(kind: VerdictKind) -> None:
    assert scoring.point_result(CAUSE, verdict(kind, 1), an_interview("Something.")).credit == 0


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


# --- dimensions, signal, feedback


def levels(credits: tuple[float | None, ...], star: Star | None = FULL_STAR, level: Level = "senior") -> dict[str, Any]:
    return {item.name: item.level for item in signals.dimensions(a_scenario(), results(*credits), star, level)}


def test_a_missing_essential_point_caps_the_solution_at_2() -> None:
    assert levels((1, 0, 1, 1))["solution"] == 2
    assert levels((1, 1, 1, 0))["solution"] == 3


def test_a_contradicted_point_caps_its_dimension_at_2() -> None:
    said = [result(CAUSE, 1), result(KEY, 1), result(REPLY, 0, "contradicted"), result(CHECK, 1)]

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


def test_gaps_are_at_most_three_with_essential_points_first() -> None:
    lost = scoring.gaps(a_scenario(), results(0, 0, 0, 0))

    assert [gap.key_point for gap in lost] == ["cause", "key", "reply"]
    assert [gap.key_point for gap in scoring.gaps(a_scenario(), results(1, 0.5, 0, 0))] == ["key", "reply", "check"]
    assert scoring.gaps(a_scenario(), results(1, 1, None, 0.9)) == ()


def test_the_strongest_are_covered_points_only() -> None:
    said = [result(CAUSE, 0.5, "partial"), result(KEY, 0.4), result(REPLY, 1), result(CHECK, 0, "missed")]

    assert scoring.strongest(said) == ("reply", "key")


def test_the_dimension_weights_of_every_level_sum_to_a_hundred() -> None:
    assert all(sum(weights) == 100 for weights in signals.DIMENSION_WEIGHTS.values())
    assert all(len(weights) == len(DIMENSIONS) for weights in signals.DIMENSION_WEIGHTS.values())
