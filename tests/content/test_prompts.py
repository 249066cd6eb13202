"""Every prompt renders with every scenario, and says only what it may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library
from interviewer.domain.interview import Interview
from interviewer.domain.scenario import Scenario
from tests.builders import an_interview
from tests.conftest import ROOT

FOLDER = ROOT / "prompts"
FILES = sorted(FOLDER.glob("*.md"))


def values(name: str, scenario: Scenario, interview: Interview) -> dict[str, object]:
    group = {"asked": scenario.question, "sentences": [{"number": 1, "text": "It retries."}]}
    return {
        "interviewer": {"canary": "ref-0123456789ab"},
        "follow_up": {
            "title": scenario.title,
            "asked": interview.turns[0].text,
            "answer": "It retries.",
            "ask": scenario.probes[0].ask,
            "manner": "neutral",
        },
        "grader": {"scenario": scenario},
        "grade_points": {
            "groups": [group],
            "mark": "=== 0 ===",
            "points": [point.id for point in scenario.key_points],
            "argument": "I said that it retries.",
        },
        "rewrite": {
            "question": scenario.question,
            "mark": "=== 0 ===",
            "sentences": [{"number": 1, "text": "It retries."}],
            "elements": [{"name": "action", "words": 110, "sentences": [1]}],
        },
        "report_question": {
            "mark": "=== 0 ===",
            "passages": [{"label": "Point 1", "text": scenario.key_points[0].text}],
            "question": "Why this score?",
            "words": 110,
        },
        "draft_points": {"scenario": scenario, "count": 5},
        "draft_details": {"scenario": scenario, "point": scenario.key_points[0]},
        "draft_hints": {"scenario": scenario},
    }[name]


def templates(text: str) -> set[str]:
    """What a template engine would take for its own."""
    return set(re.findall(r"\{[{%#].*?[}%#]\}|\{[{%#]|[}%#]\}", text))


def test_every_prompt_is_known_to_these_tests() -> None:
    known = {"interviewer", "follow_up", "grader", "grade_points", "rewrite", "report_question"}
    assert {path.stem for path in FILES} == known | {"draft_points", "draft_details", "draft_hints"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_prompt_renders_with_every_scenario(path: Path, prompts: PromptFiles, library: Library) -> None:
    versions = set()
    for scenario in library.scenarios.values():
        rendered = prompts.render(path.stem, values(path.stem, scenario, an_interview(scenario=scenario)))

        assert rendered.text
        assert templates(rendered.text) <= templates(scenario.model_dump_json())  # those of one about dbt are its own
        assert "None" not in rendered.text
        assert "Undefined" not in rendered.text
        assert "\n\n\n" not in rendered.text
        versions.add(rendered.version)
    assert len(versions) == 1


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_prompt_begins_with_a_comment_about_its_inputs(path: Path) -> None:
    comment, end, body = path.read_text(encoding="utf-8").partition("#}")

    assert comment.startswith("{#")
    assert "Inputs:" in comment
    assert end
    assert body.strip()


def test_the_interviewers_prompts_name_no_part_of_the_rubric() -> None:
    for name in ("interviewer", "follow_up"):
        body = (FOLDER / f"{name}.md").read_text(encoding="utf-8").partition("#}")[2]

        assert "scenario" not in re.sub(r"\{\{ question \}\}", "", body)
        assert "reference" not in body.lower().replace("reference mark", "")
        assert "key point" not in body.lower()


def test_the_graders_prompts_hold_no_weights_and_no_score(prompts: PromptFiles, library: Library) -> None:
    for scenario in library.scenarios.values():
        text = prompts.render("grader", {"scenario": scenario}).text
        for point in scenario.key_points:
            assert f"[{point.id}] {point.text}" in text
            assert point.strong not in text
        assert not re.search(r"\bweight\s*[:=]?\s*\d", text)
        assert all(hint.text not in text for hint in scenario.hints)
