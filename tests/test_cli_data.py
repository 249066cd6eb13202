"""What a person does with what was stored, from a terminal: every refusal is one line and the exit code 2."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from interviewer.adapters.database import Database
from interviewer.adapters.reports import FORMULA_STARTS
from interviewer.bootstrap import OWNER
from interviewer.cli import commands
from interviewer.settings import Settings
from tests.builders import a_scenario, an_assessment, an_interview


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "interviews.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


def call(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(commands, arguments, input=given)


def kept(database: Database, *said: str, title: str = "A title", owner: str = OWNER) -> str:
    interview = an_interview(*said, scenario=a_scenario(title=title))
    return database.create(interview, owner=owner, engine="coach", scenario_hash="hash").id


def ids(database: Database) -> set[str]:
    return {line.id for line in database.history(owner=OWNER)}


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("interviewer: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_export_and_import_move_everything_to_another_folder(
    database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    one, two = kept(database, "It retries. 👩\u200d💻"), kept(database)
    database.add_assessment(one, an_assessment(), owner=OWNER)
    exported = call("export")
    assert exported.exit_code == 0, exported.stderr
    Path("all.jsonl").write_bytes(exported.stdout_bytes)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path / "elsewhere"))

    assert call("import", "all.jsonl").stdout == "2 interviews: 2 added.\n"
    assert call("import", "all.jsonl").stdout == "2 interviews: 2 here already.\n"
    assert call("export").stdout_bytes == exported.stdout_bytes
    assert call("export", two).stdout.count('"record":"interview"') == 1


def test_a_backup_says_which_scenarios_it_does_not_hold(database: Database, path: Path) -> None:
    kept(database, "It retries.")

    assert "Scenarios" not in call("backup", "without.sqlite3").stdout
    (path.parent / "scenarios").mkdir()
    (path.parent / "scenarios" / "mine.md").write_text("---\n", encoding="utf-8")
    (path.parent / "packs").mkdir()

    assert "copy scenarios in the data folder, too" in call("backup", "with.sqlite3").stdout


def test_what_was_imported_belongs_to_who_imported_it(database: Database) -> None:
    Path("ann.jsonl").write_bytes(call("export", "--owner", "ann").stdout_bytes)
    kept(database, "It retries.", owner="ann")
    Path("ann.jsonl").write_bytes(call("export", "--owner", "ann").stdout_bytes)

    call("import", "ann.jsonl")

    assert len(ids(database)) == 1
    assert ids(database) != {line.id for line in database.history(owner="ann")}


def test_markdown_has_every_answer_with_or_without_a_grade(database: Database) -> None:
    graded, _ = kept(database, "It retries.\n```\n# not a heading"), kept(database, "Replies get lost.")
    database.add_assessment(graded, an_assessment(), owner=OWNER)

    everything = call("export", "--format", "markdown").stdout
    one = call("export", "--format", "markdown", graded).stdout

    assert "It retries." in everything
    assert "Replies get lost." in everything
    assert "- Not graded" in everything
    assert "Not graded" not in one.split("## The points")[0]
    assert "````text\nIt retries.\n```\n# not a heading\n````" in one


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_of_the_csv_is_taken_for_a_formula(database: Database, start: str) -> None:
    engine = f'{start}HYPERLINK("http://evil.example","a,b")'
    database.create(an_interview("It retries."), owner=OWNER, engine=engine, scenario_hash="hash")

    written = call("export", "--format", "csv").stdout_bytes.decode()
    (row,) = csv.DictReader(io.StringIO(written, newline=""))

    assert row["engine"] == f"'{engine}"
    assert row["answers"] == "1"
    assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())


def test_an_interview_that_cannot_be_read_does_not_keep_the_others_from_being_exported(
    database: Database, path: Path
) -> None:
    spoiled, good = kept(database, "It retries."), kept(database, "Replies get lost.")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE turn SET role = 'chorus' WHERE interview_id = ?", (spoiled,))

    result = call("export")

    assert result.exit_code == 1
    assert "1 of 2 interviews could not be read" in result.stderr
    Path("file.jsonl").write_bytes(result.stdout_bytes)
    assert good in result.stdout
    assert call("import", "file.jsonl").stdout == "1 interviews: 1 here already.\n"


def test_an_export_of_an_unknown_id_is_refused(database: Database) -> None:
    kept(database)
    assert "There is no interview 'nobody'" in refused(call("export", "nobody"))


@pytest.mark.parametrize("ending", [b"", b"{}\n"])
def test_an_import_that_broke_off_changes_nothing(database: Database, ending: bytes) -> None:
    kept(database, "It retries.")
    kept(database)
    content = call("export").stdout_bytes
    database.delete_all(owner=OWNER)
    Path("file.jsonl").write_bytes(content[: content.rindex(b'{"count"')] + ending)

    assert "not complete" in refused(call("import", "file.jsonl"))
    assert ids(database) == set()


def test_delete_takes_one_or_all_and_asks_first(database: Database) -> None:
    one, two, three = kept(database), kept(database), kept(database)

    assert call("delete", one, given="n\n").exit_code == 1
    assert ids(database) == {one, two, three}
    assert call("delete", one, given="y\n").exit_code == 0
    assert ids(database) == {two, three}
    assert call("delete", "--all", "--yes").stdout == "2 interviews were deleted.\n"
    assert ids(database) == set()


@pytest.mark.parametrize("arguments", [[], ["some-id", "--all"]])
def test_delete_needs_to_know_what(database: Database, arguments: list[str]) -> None:
    one = kept(database)
    assert "--all" in refused(call("delete", *arguments, "--yes"))
    assert ids(database) == {one}


def test_deleting_what_is_not_there_is_refused(database: Database) -> None:
    assert "no such interview" in refused(call("delete", "nobody", "--yes"))


def test_a_backup_is_restored_once_the_app_is_stopped(database: Database) -> None:
    one = kept(database)
    assert call("backup", "copy.sqlite3").exit_code == 0
    kept(database)

    assert "app is running" in refused(call("restore", "copy.sqlite3"))
    database.close()
    restored = call("restore", "copy.sqlite3")

    assert restored.exit_code == 0
    assert "before-restore" in restored.stdout
    assert json.loads(call("export").stdout.splitlines()[1])["id"] == one


def test_a_backup_is_not_written_over_and_a_missing_one_not_restored(database: Database) -> None:
    call("backup", "copy.sqlite3")
    assert "exists already" in refused(call("backup", "copy.sqlite3"))
    assert "no file" in refused(call("restore", "nothing.sqlite3"))


def test_a_database_server_is_backed_up_with_its_own_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_DATABASE_URL", "postgresql://user:secret@host/name")
    for command in ("backup", "restore"):
        message = refused(call(command, "copy.sqlite3"))
        assert "pg_dump" in message
        assert "secret" not in message
