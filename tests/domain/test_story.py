"""The behavioural round has points of its own, and nothing of the technical answer."""

from __future__ import annotations

import pytest

from interviewer.domain.scenario import errors
from interviewer.domain.story import as_story, has_story, is_story
from tests.builders import a_scenario

STORY = "Tell me about a time when something was done twice."


def test_a_story_asks_for_a_case_and_has_one_point_for_each_element() -> None:
    story = as_story(a_scenario(story=STORY))

    assert story.question.startswith(STORY)
    assert [point.id for point in story.key_points] == [
        "story.situation",
        "story.task",
        "story.action",
        "story.result",
    ]
    assert sum(point.weight for point in story.key_points) == 100
    assert is_story(story)
    assert not is_story(a_scenario())


def test_a_story_holds_nothing_of_the_technical_answer() -> None:
    technical = a_scenario(story=STORY)
    story = as_story(technical)

    told = story.model_dump_json()
    assert technical.reference not in told or not technical.reference
    for point in technical.key_points:
        assert point.text not in told
    assert story.hints == story.mistakes == story.context == ()


def test_every_follow_up_of_a_story_aims_at_one_of_its_points() -> None:
    story = as_story(a_scenario(story=STORY))

    known = {point.id for point in story.key_points}
    assert {target for probe in story.probes for target in probe.targets} == known
    assert all("point" not in flaw.message for flaw in errors(story) if "unknown" in flaw.message)


def test_a_scenario_without_a_story_has_no_behavioural_round() -> None:
    assert not has_story(a_scenario(story=" "))
    with pytest.raises(ValueError, match="has no story"):
        as_story(a_scenario(story=""))
