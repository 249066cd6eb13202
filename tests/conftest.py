"""Fixtures that several folders share: the real coach and the real scenarios, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library, load_folder

ROOT = Path(__file__).parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=200, help="How often the crash tests kill a process.")


@pytest.fixture(scope="session")
def coach() -> Coach:
    return Coach.load()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_folder(ROOT / "scenarios")


@pytest.fixture(scope="session")
def prompts() -> PromptFiles:
    return PromptFiles(ROOT / "prompts")
