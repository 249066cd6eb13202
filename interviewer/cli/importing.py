"""`interviewer scenarios import`: other people's questions and answers become scenarios of your own."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from interviewer.errors import FileProblem, InputError

if TYPE_CHECKING:
    from interviewer.adapters.packs.importing import Change, Plan


@click.command("import")
@click.argument("path")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to. Default: scenarios/ in the data folder, which the app loads beside the shipped ones.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be written or changed, and write nothing.")
@click.pass_context
def import_(ctx: click.Context, path: str, into: Path | None, dry_run: bool) -> None:
    """Read questions from PATH (a file, a folder, or - for stdin) and write them as scenarios.

    Markdown collections, CSV, JSON, JSON Lines, YAML and card exports are read. Nothing is invented: without an answer
    a scenario can be practised and is not scored; with one, its key points are a draft by rule. The same import again
    changes nothing, and a file that you have edited is never overwritten. Warnings go to stderr as file:line: message;
    the exit code is 1 when something could not be imported.
    """
    from interviewer.adapters.packs.importing import carry_out, plan_import
    from interviewer.adapters.packs.sources import File, files_of
    from interviewer.bootstrap import own_scenarios
    from interviewer.settings import read_settings

    folder = into or own_scenarios(read_settings())
    plan = plan_import([File("stdin", _stdin())] if path == "-" else files_of(Path(path)), folder)
    for change in plan.changes:
        for line in _difference(change) if dry_run else _told(change):
            click.echo(line)
    _report(plan, dry_run=dry_run)
    if not dry_run:
        carry_out(plan)
    if plan.problems:
        ctx.exit(1)


def _stdin() -> bytes:
    from interviewer.adapters.packs.sources import FILE_BYTES

    data = sys.stdin.buffer.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise InputError(f"More than {FILE_BYTES:,} bytes on stdin. Import a file or a folder in parts.")
    return data


def _told(change: Change) -> Iterator[str]:
    if change.kind in ("new", "changed"):
        yield f"{change.kind:<7}  {change.scenario.id}  {change.scenario.title}"


def _difference(change: Change) -> Iterator[str]:
    """What would change in this file, as a unified diff; for an edited one what the source has that it has not."""
    if change.kind == "same":
        return
    name = change.path.name
    before = "/dev/null" if change.kind == "new" else name
    lines = difflib.unified_diff(change.before.splitlines(), change.text.splitlines(), before, name, lineterm="", n=2)
    if change.kind == "edited":
        yield f"# {name} was edited by you and would be left as it is; the source would make it:"
    yield from lines


def _report(plan: Plan, *, dry_run: bool) -> None:
    for problem in plan.problems:
        click.echo(_place(problem), err=True)
    for warning in plan.warnings:
        click.echo(_place(warning, "warning: "), err=True)
    scored = len(plan.changes) - plan.without_reference
    would = "would be " * dry_run
    click.echo(
        f"files: {plan.files}, questions: {len(plan.changes)} ({scored} with an answer, {plan.without_reference} "
        f"without), {would}written: {plan.count('new')} new and {plan.count('changed')} changed, unchanged: "
        f"{plan.count('same')}, edited by you and left: {plan.count('edited')}, not importable: {len(plan.problems)}, "
        f"warnings: {len(plan.warnings)}",
        err=True,
    )


def _place(problem: FileProblem, kind: str = "") -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {kind}{f'{problem.field}: ' if problem.field else ''}{problem.message}"
