"""Writes JSON Lines, and knows which engine a command works with."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from interviewer.bootstrap import Bench

Engine = Literal["coach", "llm"]

engine_option = click.option(
    "--engine",
    type=click.Choice(["coach", "llm"]),
    help="Work with the built-in coach, or insist on the language model. Default: what the settings say.",
)


def bench_for(engine: Engine | None) -> Bench:
    """The parts to work with. Raises SettingsError when `llm` is asked for and no model is set."""
    from interviewer.bootstrap import build_bench
    from interviewer.settings import read_settings

    settings = read_settings()
    return build_bench(settings.model_copy(update={"engine": engine}) if engine else settings)


def write_line(line: str) -> None:
    """One line to stdout as UTF-8 whatever the terminal's own encoding, at once."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()
