"""Fixtures that several folders share: the real coach and the real scenarios, loaded once; both kinds of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library, load_folder
from tests.fakes.postgres import PostgresServer

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
def ten_scenarios(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the last ten of the hard scenarios: enough for pages, which need not know of new ones."""
    folder = tmp_path_factory.mktemp("ten") / "scenarios"
    (folder / "exhibits").mkdir(parents=True)
    for number in range(31, 41):
        shutil.copy(ROOT / "scenarios" / f"hard-{number}.md", folder)
        for exhibit in (ROOT / "scenarios" / "exhibits").glob(f"hard-{number}-*"):
            shutil.copy(exhibit, folder / "exhibits")
    return folder


@pytest.fixture(scope="session")
def prompts() -> PromptFiles:
    return PromptFiles(ROOT / "prompts")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server for the whole run, started by the first test that needs it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def shared_url(postgres: PostgresServer) -> Iterator[str]:
    """A database for all tests in turn: emptying it takes milliseconds, making one does not."""
    with postgres.database() as url:
        Database.open(url).close()
        yield url


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is tested on both databases is tested on SQLite alone when it is about the file itself."""
    senseless = [item for item in items if _is_about_a_file_that_is_not_there(item)]
    items[:] = [item for item in items if not _is_about_a_file_that_is_not_there(item)]
    config.hook.pytest_deselected(items=senseless)


def _is_about_a_file_that_is_not_there(item: pytest.Item) -> bool:
    asked = item.callspec.params.get("url") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
    return asked == "postgresql" and "path" in item.fixturenames


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file of the test's SQLite database is; a test that asks for it runs on SQLite alone."""
    return tmp_path / "kept" / "interviews.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the test's own database: once in a file, once on a server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'kept' / 'interviews.sqlite3'}"
        return
    address = request.getfixturevalue("shared_url")
    yield address
    with psycopg.connect(address) as connection:
        connection.execute("DELETE FROM interview")
        connection.execute("DELETE FROM model_call")
