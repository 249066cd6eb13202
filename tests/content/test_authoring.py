"""The page for authors: its scenario is as good as it asks for, its commands run, its bounds are the real ones."""

from __future__ import annotations

import json
import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.packs import archive, importing, records, sources
from interviewer.adapters.packs.installed import read_manifest
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import parse_scenario
from interviewer.cli import commands
from interviewer.domain import scenario as rules
from interviewer.domain.scenario import KeyPoint, Scenario
from interviewer.domain.words import sentences
from interviewer.flows.evaluating import as_interview
from interviewer.flows.grading import grade
from interviewer.flows.proving import prove
from interviewer.settings import Settings
from tests.builders import NOW
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "AUTHORING.md").read_text(encoding="utf-8")
COMMANDS = [line for line in PAGE.split("```sh\n")[1].split("```")[0].splitlines() if line]


def fenced(name: str) -> str:
    """The block of this kind that stands on the page once."""
    (block,) = re.findall(rf"^(`{{3,}}){name}\n(.*?)^\1$", PAGE, re.MULTILINE | re.DOTALL)
    return str(block[1])


EXAMPLE = fenced("markdown")


@pytest.fixture(scope="module")
def example() -> Scenario:
    return parse_scenario(EXAMPLE, Path("revenue-twice.md"))


def test_the_example_is_reviewed_and_has_neither_an_error_nor_a_warning(example: Scenario) -> None:
    assert example.status == "reviewed"
    assert rules.errors(example) == []
    assert rules.warnings(example, example.verified_on or date.min) == []


def test_it_proves_clean(example: Scenario, coach: Coach, prompts: PromptFiles) -> None:
    assert list(prove(example, coach, prompts, NOW)) == []


def test_each_point_is_found_in_its_strong_sentence_and_in_each_of_its_phrasings(
    example: Scenario, coach: Coach
) -> None:
    for point in example.key_points:
        for said in (point.strong, *point.phrasings):
            assert grade(as_interview(example, said, NOW), coach, now=NOW).point(point.id).credit, said


def test_what_is_wrong_vague_or_denied_earns_nothing(example: Scenario, coach: Coach) -> None:
    for point in example.key_points:
        for said in (*point.misconceptions, *point.near_misses, *denied(point)):
            assert not grade(as_interview(example, said, NOW), coach, now=NOW).point(point.id).credit, said


def denied(point: KeyPoint) -> list[str]:
    wordings = (f"It is not true that {said[0].lower()}{said[1:]}" for said in point.phrasings)
    return [wording for wording in wordings if len(sentences(wording)) == 1]


def test_the_parts_that_the_page_explains_are_fields(example: Scenario) -> None:
    table = PAGE.split("| part |")[1].split("\n\n")[0]
    parts = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)

    assert len(parts) >= 8
    assert set(parts) <= set(Scenario.model_fields) | set(KeyPoint.model_fields)


def test_the_commands_of_the_page_run_as_they_stand_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "revenue-twice.md").write_text(EXAMPLE, encoding="utf-8")
    outputs = {}

    for line in COMMANDS:
        given, _, command = line.rpartition(" | ")
        words = shlex.split(command, comments=True)
        result = CliRunner().invoke(commands, words[1:], input=shlex.split(given)[1] if given else "")
        assert result.exit_code == 0, f"{line}: {result.output}"
        outputs[words[1]] = result.stdout

    assert list(outputs) == ["scenarios", "simulate", "grade"]
    assert json.loads(outputs["grade"])["score"] == 30


def test_every_command_that_the_page_names_is_known() -> None:
    named = set(re.findall(r"interviewer ((?:scenarios|packs) [a-z]+)", PAGE))
    assert len(named) >= 6

    for words in named:
        assert CliRunner().invoke(commands, [*words.split(), "--help"]).exit_code == 0, words


def test_the_manifest_of_the_page_is_one() -> None:
    assert read_manifest(fenced("yaml").encode()).name == "night-shift"


def test_the_bounds_that_the_page_names_are_the_real_ones() -> None:
    text = " ".join(PAGE.split())

    assert f"At most {sources.FILES} files and {sources.TOTAL_BYTES // 1_000_000} MB" in text
    assert f"{sources.FILE_BYTES // 1_000_000} MB and {records.RECORDS:,} questions of each file" in text
    assert f"{importing.SCENARIOS:,} questions in all, and {importing.CHARACTERS:,} characters of each" in text
    assert f"{archive.ENTRIES:,} files of {archive.ENTRY_BYTES // 1024} kB" in text
    assert f"{archive.TOTAL_BYTES // 1_000_000} MB in all" in text
