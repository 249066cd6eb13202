"""A scenario is tried with scripted candidates before anybody sits in front of it, and can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library
from interviewer.flows.trying import Findings, checked, tried

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def run(library: Library, coach: Coach, prompts: PromptFiles) -> Callable[..., Any]:
    """Runs a trial or the checks on a shipped scenario; gives the result and the shares that were told."""

    def running(flow: Callable[..., Any], stop_after: int = 10_000) -> tuple[Any, list[float]]:
        shares: list[float] = []
        result = flow(
            library.scenarios["hard-31"],
            coach,
            prompts,
            lambda: NOW,
            stopped=lambda: len(shares) >= stop_after,
            progress=shares.append,
        )
        return result, shares

    return running


def test_a_strong_candidate_scores_more_than_a_middling_and_a_weak_one(run: Callable[..., Any]) -> None:
    trials, shares = run(tried)

    strong, mid, weak = (trial.score for trial in trials)
    assert strong > mid > weak
    assert [trial.kind for trial in trials] == ["strong", "mid", "weak"]
    assert trials[0].said[0][0] == "interviewer"
    assert set(trials[0].verdicts) == {f"hard-31.{number}" for number in range(1, 7)}
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_what_was_stopped_gives_the_candidates_that_were_through(run: Callable[..., Any]) -> None:
    _, shares = run(tried)
    first = sum(share <= 1 / 3 for share in shares)

    assert [trial.kind for trial in run(tried, stop_after=first + 1)[0]] == ["strong"]
    assert run(tried, stop_after=1)[0] == ()


def test_the_checks_of_an_author_are_run_to_their_end_or_stopped(run: Callable[..., Any]) -> None:
    found, shares = run(checked)

    assert isinstance(found, Findings)
    assert shares[-1] == 1
    assert run(checked, stop_after=2)[0] is None
