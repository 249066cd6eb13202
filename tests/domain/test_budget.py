"""Ceilings: what may still be called, and the sentence for what may not."""

from __future__ import annotations

import pytest

from interviewer.domain.budget import Budget, Call, Ceiling, at_most, in_dollars, refusal
from interviewer.domain.interview import Usage


def a_call(tokens: int, dollars: float | None = None, *, said: int = 0) -> Call:
    return Call("some-model", Usage(input_tokens=tokens - said, output_tokens=said), dollars)


def in_interview(tokens: int | None = None, dollars: float | None = None) -> Budget:
    return Budget(interview=Ceiling(tokens, dollars))


def test_without_a_ceiling_every_call_may_be_made() -> None:
    used = [a_call(10**9, 10**6)]

    assert refusal(a_call(10**9), used, used, Budget()) == ""


@pytest.mark.parametrize(("planned", "allowed"), [(200, True), (201, False)])
def test_a_call_may_reach_the_ceiling_and_not_go_over_it(planned: int, allowed: bool) -> None:
    used = [a_call(30_000), a_call(9_800, said=800)]

    assert (refusal(a_call(planned), used, [], in_interview(tokens=40_000)) == "") == allowed


def test_the_sentence_names_what_was_used_and_who_goes_on() -> None:
    used = [a_call(39_000, said=300), a_call(800)]

    assert refusal(a_call(900), used, used, in_interview(tokens=40_000)) == (
        "This interview has used 39,800 of its 40,000 tokens. The built-in coach goes on."
    )


def test_far_from_the_ceiling_the_sentence_says_why_the_next_call_does_not_fit() -> None:
    assert refusal(a_call(12_000), [a_call(30_000)], [], in_interview(tokens=40_000)) == (
        "This interview has used 30,000 of its 40,000 tokens, and the next reply may take 12,000. "
        "The built-in coach goes on."
    )


def test_cached_tokens_count_once() -> None:
    used = [Call("some-model", Usage(input_tokens=900, cached_tokens=800))]

    assert refusal(a_call(100), used, [], in_interview(tokens=1_000)) == ""


def test_the_day_has_a_ceiling_of_its_own_over_all_interviews() -> None:
    budget = Budget(interview=Ceiling(tokens=40_000), day=Ceiling(tokens=100_000))

    assert refusal(a_call(500), [a_call(1_000)], [a_call(98_000), a_call(1_000)], budget) == ""
    assert refusal(a_call(5_000), [a_call(1_000)], [a_call(98_000), a_call(1_000)], budget) == (
        "Today's interviews have used 99,000 of their 100,000 tokens. The built-in coach goes on."
    )


def test_money_is_limited_like_tokens() -> None:
    budget = in_interview(dollars=0.50)
    used = [a_call(1, 0.30), a_call(1, 0.19)]

    assert refusal(a_call(1, 0.005), used, [], budget) == ""
    assert refusal(a_call(1, 0.02), used, [], budget) == (
        "This interview has used $0.49 of its $0.50. The built-in coach goes on."
    )
    assert refusal(a_call(1, 0.30), [a_call(1, 0.30)], [], budget) == (
        "This interview has used $0.30 of its $0.50, and the next reply may cost $0.30. The built-in coach goes on."
    )


def test_what_costs_nothing_never_meets_a_limit_in_money() -> None:
    assert refusal(a_call(10**6, 0.0), [a_call(10**6, 0.0)], [], in_interview(dollars=0.0)) == ""


def test_a_limit_in_money_is_not_kept_by_guessing_a_price() -> None:
    sentence = refusal(a_call(1), [], [], in_interview(dollars=0.50))

    assert sentence == (
        'The price of "some-model" is not known, so the limit of $0.50 cannot be kept. The built-in coach goes on.'
    )
    assert refusal(a_call(1, 0.01), [a_call(1)], [], in_interview(dollars=0.50)) == sentence


def test_an_unknown_price_does_not_matter_to_a_limit_in_tokens() -> None:
    assert refusal(a_call(10), [a_call(10)], [], in_interview(tokens=20)) == ""


def test_an_estimate_counts_every_token_that_may_be_said_and_nothing_as_cached() -> None:
    assert at_most(700, 120) == Usage(input_tokens=700, output_tokens=120, estimated=True)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0.0, "$0.00"),
        (0.00004, "less than $0.0001"),
        (0.0042, "$0.0042"),
        (0.5, "$0.50"),
        (1234.5, "$1,234.50"),
    ],
)
def test_amounts_are_shown_as_exactly_as_they_need(amount: float, shown: str) -> None:
    assert in_dollars(amount) == shown
