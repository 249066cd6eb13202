"""`interviewer backup`, `restore`, `export`, `import` and `delete`: what a person does with what was stored."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, ParamSpec

import click

from interviewer.errors import InputError, InterviewerError, NotFoundError, StorageError

if TYPE_CHECKING:
    from interviewer.adapters.database import Database
    from interviewer.flows.ports import TakenIn, Whole

WAIT_SECONDS = 5.0
TAKEN_IN: dict[TakenIn, str] = {
    "added": "added",
    "extended": "completed",
    "unchanged": "here already",
    "differs": "left as it is, since it went on differently here",
}


class _Refused(click.ClickException):
    """One of our errors: it was not done."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"interviewer: {' '.join(self.message.split())}", err=True)


class _Incomplete(_Refused):
    """It was done, but not for everything."""

    exit_code = 1


P = ParamSpec("P")


def _or_refused(command: Callable[P, None]) -> Callable[P, None]:
    """Turns our errors into one line and the exit code 2."""

    @wraps(command)
    def refusing(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except InterviewerError as error:
            raise _Refused(str(error)) from None

    return refusing


owner_option = click.option(
    "--owner", default="local", show_default=True, help="Whose interviews. Matters only where people log in."
)
a_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=a_file)
@_or_refused
def backup(file: Path) -> None:
    """Copy everything that was said and graded into a new FILE. The app may be running.

    Scenarios that you wrote or added are files in the data folder, and are not in it.
    """
    from interviewer.adapters import database_copies
    from interviewer.bootstrap import own_scenarios, packs_folder, unsaved_scenarios
    from interviewer.settings import read_settings

    settings = read_settings()
    database_copies.backup(settings.database, file)
    click.echo(f"Everything that was said is in {file}. Keep it where only you can read it.")
    folders = [own_scenarios(settings), unsaved_scenarios(settings), packs_folder(settings)]
    beside = [folder.name for folder in folders if folder.is_dir() and any(folder.iterdir())]
    if beside:
        click.echo(f"Scenarios are files of their own: copy {' and '.join(beside)} in the data folder, too.")


@click.command()
@click.argument("file", type=a_file)
@_or_refused
def restore(file: Path) -> None:
    """Put the backup FILE in the place of what is stored, which is kept as a copy. Stop the app first."""
    from interviewer.adapters import database_copies
    from interviewer.settings import read_settings

    kept = database_copies.restore(read_settings().database, file, wait_seconds=WAIT_SECONDS)
    click.echo(f"{file} was restored.{f' What was there before is in {kept}.' if kept else ''}")


@click.command()
@click.argument("id", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "markdown", "csv"]),
    default="jsonl",
    show_default=True,
    help="jsonl can be imported again, markdown is to read, csv is the history for a spreadsheet.",
)
@owner_option
@_or_refused
def export(id: str | None, form: Literal["jsonl", "markdown", "csv"], owner: str) -> None:
    """Write everything, or the one interview named ID, to the standard output.

    Everything is the interviews and, as jsonl, stories, drills and the study plan too.

    When some cannot be read, the others are written and the exit code is 1.
    """
    from interviewer.adapters.interview_files import export_lines
    from interviewer.adapters.reports import as_csv, as_markdown
    from interviewer.flows.moving import kept_besides

    with _opened() as database:
        history = [line for line in database.history(owner=owner) if id in (None, line.id)]
        if id is not None and not history:
            raise InputError(f"There is no interview '{id}'. `interviewer export --format csv` lists the ids.")
        if form == "csv":
            _write(as_csv(history).encode())
            return
        unreadable: list[str] = []
        wholes = _readable(database, [line.id for line in history], owner, unreadable)
        if form == "jsonl":
            for line in export_lines(wholes, kept_besides(database, owner=owner) if id is None else ()):
                _write(line)
        else:
            for number, whole in enumerate(wholes):
                report = as_markdown(whole.stored, whole.assessments[-1] if whole.assessments else None)
                _write(f"{'---' + chr(10) * 2 if number else ''}{report}\n".encode())
    if unreadable:
        raise _Incomplete(
            f"{len(unreadable)} of {len(history)} interviews could not be read and are missing: {unreadable[0]}"
        )


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@owner_option
@_or_refused
def import_(file: Path, owner: str) -> None:
    """Take in what is in FILE, which `interviewer export` made; it becomes yours.

    What is here already is not doubled. A file that is damaged or incomplete changes nothing.
    """
    from interviewer.adapters.interview_files import read_export
    from interviewer.flows import moving
    from interviewer.flows.ports import Whole

    done: dict[str, Counter[TakenIn]] = {"interviews": Counter(), "stories, drills and plans": Counter()}
    interviews, others = done.values()
    with _opened() as database:
        for one in read_export(file):
            if isinstance(one, Whole):
                interviews[database.take_in(one, owner=owner)] += 1
            else:
                others[moving.take_in(database, one, owner=owner)] += 1
    for name, count in done.items():
        told = [f"{count[kind]} {words}" for kind, words in TAKEN_IN.items() if count[kind]]
        if told:
            click.echo(f"{count.total()} {name}: {', '.join(told)}.")
    if not any(done.values()):
        click.echo("There is nothing in this file.")


@click.command()
@click.argument("id", required=False)
@click.option("--all", "everything", is_flag=True, help="Delete every interview.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@owner_option
@_or_refused
def delete(id: str | None, everything: bool, yes: bool, owner: str) -> None:
    """Delete the interview named ID, or with --all every one, for good: also from the copies that the app made.

    Backups and exports that you made yourself are yours to delete.
    """
    if everything == (id is not None):
        raise InputError("Name one interview by its id, or say --all.")
    if not yes:
        click.confirm("This cannot be undone. Delete?", abort=True)
    with _opened() as database:
        if id is None:
            click.echo(f"{database.delete_all(owner=owner)} interviews were deleted.")
        else:
            database.delete(id, owner=owner)
            click.echo("The interview was deleted.")


@contextmanager
def _opened() -> Iterator[Database]:
    from interviewer.adapters.database import Database
    from interviewer.settings import read_settings

    database = Database.open(read_settings().database, wait_seconds=WAIT_SECONDS)
    try:
        yield database
    finally:
        database.close()


def _readable(database: Database, ids: list[str], owner: str, unreadable: list[str]) -> Iterator[Whole]:
    for id in ids:
        try:
            yield database.whole(id, owner=owner)
        except NotFoundError:
            continue  # deleted since the list was made
        except StorageError as error:
            unreadable.append(str(error))


def _write(written: bytes) -> None:
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
