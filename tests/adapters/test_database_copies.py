"""A backup holds everything and can be put back; what was there before is never thrown away."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from interviewer.adapters import database_connections
from interviewer.adapters.database import Database
from interviewer.adapters.database_copies import backup, restore
from interviewer.errors import InputError, StorageError
from tests.adapters.test_database import UPGRADE
from tests.builders import a_turn, an_interview

MARKER = "kingfisher-48151623"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "interviews.sqlite3"


@pytest.fixture
def url(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture
def opened(url: str) -> Iterator[Callable[[], Database]]:
    databases: list[Database] = []

    def opening() -> Database:
        databases.append(Database.open(url))
        return databases[-1]

    yield opening
    for database in databases:
        database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.sqlite3"


def said(database: Database, text: str) -> str:
    return database.create(an_interview(text), owner="ann", engine="coach", scenario_hash="hash").id


def texts(database: Database) -> set[str]:
    ids = [line.id for line in database.history(owner="ann")]
    return {turn.text for id in ids for turn in database.load(id, owner="ann").interview.answers}


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(content)


def kept_before(path: Path) -> Path:
    return path.with_name(f"{path.name}-before-restore.backup")


def test_a_backup_of_a_running_app_holds_all_that_was_acknowledged_and_can_be_restored(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    running = opened()
    said(running, "one")
    said(running, "two")

    backup(url, file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [other.name for other in file.parent.iterdir()] in (["kept", file.name], [file.name, "kept"])
    said(running, "three")
    running.close()
    kept = restore(url, file, wait_seconds=1)

    assert texts(opened()) == {"one", "two"}
    assert kept == kept_before(path)
    assert stat.S_IMODE(kept.stat().st_mode) == stat.S_IMODE(path.stat().st_mode) == 0o600
    with closing(Database.open(f"sqlite:///{kept}")) as before:
        assert texts(before) == {"one", "two", "three"}


def test_a_backup_can_be_made_while_the_app_is_stopped(opened: Callable[[], Database], url: str, file: Path) -> None:
    database = opened()
    said(database, "one")
    database.close()

    backup(url, file)

    with closing(Database.open(f"sqlite:///{file}")) as copy:
        assert texts(copy) == {"one"}


def test_a_backup_is_never_written_over(opened: Callable[[], Database], url: str, file: Path) -> None:
    opened()
    file.write_text("precious")

    with pytest.raises(InputError, match="exists already"):
        backup(url, file)

    assert file.read_text() == "precious"


def test_without_a_database_there_is_nothing_to_back_up_and_none_is_made(url: str, file: Path, path: Path) -> None:
    with pytest.raises(StorageError, match="no database yet"):
        backup(url, file)

    assert not file.exists()
    assert not path.exists()


def test_a_damaged_database_gives_no_backup(opened: Callable[[], Database], url: str, file: Path, path: Path) -> None:
    database = opened()
    for number in range(20):
        said(database, f"{number} " * 500)
    database.close()
    damage(path)

    with pytest.raises(StorageError, match="damaged"):
        backup(url, file)

    assert [other.name for other in file.parent.iterdir()] == ["kept"]


def test_a_backup_on_a_new_machine_needs_no_database_there(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    database = opened()
    said(database, "one")
    backup(url, file)
    database.close()
    shutil.rmtree(path.parent)

    assert restore(url, file, wait_seconds=1) is None

    assert texts(opened()) == {"one"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_restored_under_a_running_app(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    running = opened()
    id = said(running, "one")
    backup(url, file)
    running.add_turn(id, a_turn(2, "two", role="interviewer"), owner="ann", key="k")

    with pytest.raises(StorageError, match=r"app is running.*Stop it"):
        restore(url, file, wait_seconds=1)

    assert len(running.load(id, owner="ann").interview.turns) == 3
    assert not kept_before(path).exists()
    running.add_turn(id, a_turn(3), owner="ann", key="l")


def test_a_damaged_backup_is_refused_and_changes_nothing(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    database = opened()
    for number in range(20):
        said(database, f"{number} " * 500)
    backup(url, file)
    before = texts(database)
    database.close()
    for spoil in (damage, lambda spoiled: spoiled.write_bytes(spoiled.read_bytes()[:9000])):
        spoil(file)
        with pytest.raises(StorageError, match=r"backup\.sqlite3 cannot be restored, and nothing was changed"):
            restore(url, file, wait_seconds=1)

    assert [other.name for other in path.parent.iterdir()] == [path.name]
    assert texts(opened()) == before


@pytest.mark.parametrize("content", [b"Dear diary, " * 500, b"SQLite format 3\0" + b"\0" * 4080])
def test_another_kind_of_file_is_not_restored(
    opened: Callable[[], Database], url: str, file: Path, content: bytes
) -> None:
    database = opened()
    said(database, "one")
    database.close()
    file.write_bytes(content)

    with pytest.raises(StorageError, match="cannot be restored"):
        restore(url, file, wait_seconds=1)

    assert texts(opened()) == {"one"}


def test_the_database_of_another_app_is_not_restored(url: str, file: Path, path: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")

    with pytest.raises(StorageError, match="holds something else"):
        restore(url, file, wait_seconds=1)

    assert not path.exists()


def test_a_backup_of_a_newer_version_is_refused(
    opened: Callable[[], Database], url: str, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = opened()
    said(database, "one")
    database.close()
    with monkeypatch.context() as later:
        folder = Path(shutil.copytree(database_connections.MIGRATIONS, tmp_path / "migrations"))
        (folder / "versions" / "next.py").write_text(UPGRADE)
        later.setattr(database_connections, "MIGRATIONS", folder)
        Database.open(f"sqlite:///{file}").close()

    with pytest.raises(StorageError, match="newer version of the app"):
        restore(url, file, wait_seconds=1)

    assert texts(opened()) == {"one"}


def test_a_damaged_database_is_replaced_and_its_bytes_are_kept(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    database = opened()
    for number in range(20):
        said(database, f"{number} " * 500)
    backup(url, file)
    database.close()
    damage(path)
    spoiled = path.read_bytes()

    kept = restore(url, file, wait_seconds=1)

    assert kept
    assert kept.read_bytes()[100:] == spoiled[100:]  # the header counts how often the file was opened
    assert len(texts(opened())) == 20


def test_every_restore_keeps_a_copy_of_its_own(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    database = opened()
    said(database, "one")
    backup(url, file)
    database.close()

    first, second, third = (restore(url, file, wait_seconds=1) for _ in range(3))

    assert len({first, second, third}) == 3
    assert texts(opened()) == {"one"}


def test_what_is_deleted_goes_from_the_copies_too_and_the_rest_of_them_stays(
    opened: Callable[[], Database], url: str, file: Path, path: Path
) -> None:
    database = opened()
    deleted = said(database, f"{MARKER} " * 300)
    backup(url, file)
    said(database, "only in the copy")
    database.close()
    kept = restore(url, file, wait_seconds=1)
    assert kept
    assert MARKER.encode() in kept.read_bytes()
    now = opened()

    now.delete(deleted, owner="ann")

    assert not any(MARKER.encode() in other.read_bytes() for other in path.parent.iterdir())
    with closing(Database.open(f"sqlite:///{kept}")) as before:
        assert texts(before) == {"only in the copy"}


def test_a_damaged_copy_goes_as_a_whole_when_something_is_deleted(
    opened: Callable[[], Database], url: str, path: Path
) -> None:
    database = opened()
    id = said(database, "one")
    copy = kept_before(path)
    copy.write_bytes(b"SQLite format 3\0" + MARKER.encode() * 1000)

    database.delete(id, owner="ann")

    assert not copy.exists()


def test_a_backup_into_a_folder_that_is_not_there_says_so(
    opened: Callable[[], Database], url: str, tmp_path: Path
) -> None:
    opened()

    with pytest.raises(StorageError, match="No such file or directory"):
        backup(url, tmp_path / "nowhere" / "backup.sqlite3")
