"""A scenario tried out before anybody sits in front of it: three scripted candidates, and the checks of an author."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Literal, NamedTuple

from interviewer.domain.assessment import VerdictKind
from interviewer.domain.interview import Turn
from interviewer.domain.scenario import Scenario
from interviewer.flows.ports import Matcher, Prompts
from interviewer.flows.proving import CHECKS
from interviewer.flows.simulating import DEFAULT_TURNS, Ended, Kind, scripted_candidate, simulate

TRIED: tuple[Kind, ...] = ("strong", "mid", "weak")
TURNS = 2 * DEFAULT_TURNS + 1

Stopped = Callable[[], bool]
Progress = Callable[[float], None]


class Trial(NamedTuple):
    """One interview of a scripted candidate. `score` is None without a grade; a point without a verdict is left out."""

    kind: Kind
    score: int | None
    verdicts: Mapping[str, VerdictKind]
    said: tuple[tuple[Literal["interviewer", "candidate"], str], ...]


class Findings(NamedTuple):
    """What the checks found: the name of the check and a sentence for each."""

    found: tuple[tuple[str, str], ...]


def tried(
    scenario: Scenario,
    matcher: Matcher,
    prompts: Prompts,
    clock: Callable[[], datetime],
    *,
    stopped: Stopped,
    progress: Progress,
) -> tuple[Trial, ...]:
    """A strong, a middling and a weak candidate, interviewed and graded by the coach. Nothing is kept.

    `progress` is told the share that is done, 0 to 1. What `stopped` ends gives the candidates that were through.
    """
    trials: list[Trial] = []
    for place, kind in enumerate(TRIED):
        said: list[tuple[Literal["interviewer", "candidate"], str]] = []
        for event in simulate(scenario, scripted_candidate(kind, scenario), matcher, prompts, clock):
            if stopped():
                return tuple(trials)
            if isinstance(event, Turn):
                said.append((event.role, event.text))
                progress((place + min(len(said) / TURNS, 1)) / len(TRIED))
            elif isinstance(event, Ended):
                judged = ((point.id, event.assessment.point(point.id).verdict) for point in scenario.key_points)
                verdicts = {id: verdict.kind for id, verdict in judged if verdict}
                trials.append(Trial(kind, event.assessment.score, verdicts, tuple(said)))
    return tuple(trials)


def checked(
    scenario: Scenario,
    matcher: Matcher,
    prompts: Prompts,
    clock: Callable[[], datetime],
    *,
    stopped: Stopped,
    progress: Progress,
) -> Findings | None:
    """What every check of an author finds; None when it was stopped."""
    found: list[tuple[str, str]] = []
    for place, (name, check) in enumerate(CHECKS.items()):
        for sentence in check(scenario, matcher, prompts, clock()):
            if stopped():
                return None
            found.append((name, sentence))
        if stopped():
            return None
        progress((place + 1) / len(CHECKS))
    return Findings(tuple(found))
