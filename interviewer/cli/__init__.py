"""The same flows from a terminal: JSON Lines in and out, plain messages and exit codes."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from interviewer.cli.data import backup, delete, export, import_, restore
from interviewer.cli.doctor import doctor
from interviewer.cli.evaluate import evaluate
from interviewer.cli.grade import grade
from interviewer.cli.packs import packs
from interviewer.cli.run import run
from interviewer.cli.scenarios import scenarios
from interviewer.cli.simulate import simulate
from interviewer.errors import InterviewerError

INTERRUPTED = 130  # what a shell reports for a program ended by Ctrl-C


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Run the command: our errors in one line, a reader that went away quietly, Ctrl-C as shells expect it."""
        try:
            return super().invoke(ctx)
        except InterviewerError as error:
            click.echo(f"interviewer: {' '.join(str(error).split())}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # What is still buffered would fail once more when Python flushes it at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="interviewer")
def commands() -> None:
    """A mock technical interviewer that asks why, and grades with your own words as evidence.

    Settings come from the environment or a .env file; `interviewer doctor` shows them.
    """


for command in (run, grade, simulate, evaluate, scenarios, packs, doctor, backup, restore, export, import_, delete):
    commands.add_command(command)


def main() -> None:
    """The entry point. Ends the process: 0 when all went well, 1 for an error, 2 for wrong usage, 130 for Ctrl-C."""
    commands(prog_name="interviewer")
