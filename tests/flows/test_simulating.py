"""Whole interviews with scripted candidates: they end, they repeat themselves by seed, and better ones score higher."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import load_folder
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.bootstrap import resources
from interviewer.domain.interview import Interview, Turn
from interviewer.domain.scenario import Scenario
from interviewer.errors import ModelError
from interviewer.flows.simulating import KINDS, Called, Candidate, Ended, Event, Kind, scripted_candidate, simulate
from tests.builders import NOW, a_scenario

PROMPTS = PromptFiles(resources() / "prompts")
SHIPPED = load_folder(resources() / "scenarios").scenarios


class Says:
    """A candidate with one thing to say."""

    def __init__(self, text: str) -> None:
        self._text = text

    def answer(self, interview: Interview) -> str:
        return self._text


def run(
    coach: Coach,
    candidate: Candidate | Kind,
    scenario: Scenario | None = None,
    *,
    turns: int = 8,
    seed: int = 0,
    model: ScriptedModel | None = None,
    judge: ScriptedModel | None = None,
    strict: bool = False,
) -> list[Event]:
    chosen = scenario or a_scenario()
    who = scripted_candidate(candidate, chosen, seed) if isinstance(candidate, str) else candidate
    return list(
        simulate(chosen, who, coach, PROMPTS, lambda: NOW, turns=turns, model=model, judge=judge, strict=strict)
    )


def said(events: Sequence[Event], role: str = "candidate") -> list[str]:
    return [event.text for event in events if isinstance(event, Turn) and event.role == role]


def end(events: Sequence[Event]) -> Ended:
    last = events[-1]
    assert isinstance(last, Ended)
    return last


@pytest.mark.parametrize("id", ["easy-07", "hard-36"])
def test_better_candidates_score_higher(coach: Coach, id: str) -> None:
    score = {kind: end(run(coach, kind, SHIPPED[id])).assessment.score or 0 for kind in KINDS}
    assert score["strong"] >= score["mid"] >= score["weak"]
    assert score["strong"] > max(score["weak"], score["wrong"])
    assert score["silent"] <= 10
    assert score["hostile"] <= 10


@pytest.mark.parametrize("kind", KINDS)
def test_every_quote_was_said_by_the_candidate_in_that_turn(coach: Coach, kind: Kind) -> None:
    events = run(coach, kind, SHIPPED["hard-31"])
    spoken = {event.seq: event.text for event in events if isinstance(event, Turn) and event.role == "candidate"}
    for point in end(events).assessment.points:
        for evidence in point.verdict.evidence if point.verdict else ():
            assert evidence.text in spoken[evidence.turn]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_interview(coach: Coach, kind: Kind) -> None:
    assert run(coach, kind, seed=3) == run(coach, kind, seed=3)


def test_another_seed_gives_another_candidate(coach: Coach) -> None:
    assert len({tuple(said(run(coach, "strong", seed=seed))) for seed in range(5)}) > 1


@pytest.mark.parametrize("turns", [1, 2, 5])
@pytest.mark.parametrize(
    "text", ["Can you repeat the question?", "Tell me the answer.", "How many are there?", "Blue."]
)
def test_an_interview_ends_whatever_is_said(coach: Coach, text: str, turns: int) -> None:
    events = run(coach, Says(text), turns=turns)
    assert 1 <= len(said(events)) <= turns
    closing = [event for event in events if isinstance(event, Turn)][-1]
    assert closing.move
    assert closing.move.kind == "close"
    assert end(events).reason == closing.move.end


def test_more_turns_make_a_longer_interview(coach: Coach) -> None:
    assert len(said(run(coach, "wrong", turns=4))) < len(said(run(coach, "wrong", turns=8)))


def test_a_strong_candidate_gives_half_at_once_and_the_rest_when_asked(coach: Coach) -> None:
    scenario = a_scenario()
    first, *others = said(run(coach, "strong", scenario))
    at_once = [point for point in scenario.key_points if point.strong in first]
    assert len(at_once) == 2
    later = " ".join(others)
    assert all(point.strong in later for point in scenario.key_points if point not in at_once)


@pytest.mark.parametrize("kind", ["silent", "hostile"])
def test_some_candidates_say_nothing_of_substance(coach: Coach, kind: Kind) -> None:
    scenario = a_scenario()
    own = [text for point in scenario.key_points for text in (point.text, point.strong, *point.phrasings)]
    everything = " ".join(said(run(coach, kind, scenario)))
    assert not any(text in everything for text in own)


@pytest.mark.parametrize("kind", KINDS)
def test_a_bare_draft_can_be_simulated(coach: Coach, kind: Kind) -> None:
    bare = a_scenario(
        status="draft", key_points=(), probes=(), hints=(), constraint_changes=(), mistakes=(), context=(), star=None
    )
    ended = end(run(coach, kind, bare))
    assert ended.assessment.score is None
    assert ended.coverage == 0


def test_calls_of_the_model_are_reported_beside_what_it_worded(coach: Coach) -> None:
    model = ScriptedModel(["What could lead to the same event arriving two times?"])
    events = run(coach, Says("I would look at the logs of the handler."), turns=3, model=model)
    asked = [event for event in events if isinstance(event, Turn) and event.engine == "scripted"]
    (call,) = [event for event in events if isinstance(event, Called)]
    assert len(asked) == 1
    assert asked[0].text.endswith("What could lead to the same event arriving two times?")
    assert call.purpose == "question"
    assert call.usage.output_tokens > 0


def test_a_graded_interview_reports_the_call_of_the_judge(coach: Coach) -> None:
    events = run(coach, Says("It is a bug."), turns=1, judge=ScriptedModel([{"findings": []}]))
    assert [event.purpose for event in events if isinstance(event, Called)] == ["grade"]
    assert end(events).assessment.score is None


def test_a_strict_run_ends_with_the_fault_of_the_model(coach: Coach) -> None:
    model = ScriptedModel([ModelError("busy", "The server is overloaded.")])
    with pytest.raises(ModelError, match="overloaded"):
        run(coach, Says("I would look at the logs."), turns=3, model=model, strict=True)


def test_a_strict_run_ends_with_the_fault_of_the_judge(coach: Coach) -> None:
    judge = ScriptedModel([ModelError("busy", "The server is overloaded.")])
    with pytest.raises(ModelError, match="overloaded"):
        run(coach, Says("I would look at the logs."), turns=1, judge=judge, strict=True)
