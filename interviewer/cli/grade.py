"""`interviewer grade`: records on stdin, graded records on stdout."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO

import click

from interviewer.cli.output import Engine, bench_for, engine_option, write_line
from interviewer.errors import InputError


@click.command()
@engine_option
def grade(engine: Engine | None) -> None:
    """Grade answers: JSON Lines on stdin, JSON Lines on stdout.

    A line is {"id", "scenario", "answer"}, or {"id", "scenario", "turns": [{"role", "text"}]}, or, without a scenario,
    {"id", "question", "reference", "answer"}. A line that cannot be graded gives {"line", "error"}, the others are
    graded, and the exit code is then 1.
    """
    stdin = sys.stdin.buffer
    if stdin.isatty():
        raise click.UsageError("Nothing is on stdin. Give it a file: interviewer grade < answers.jsonl")
    from tqdm import tqdm

    from interviewer.flows.batch import Batch, Rejected

    bench = bench_for(engine)
    batch = Batch(
        bench.library.scenarios,
        bench.matcher,
        bench.clock,
        judge=bench.judge,
        prompts=bench.prompts,
        strict=engine == "llm",
    )
    lines = bad = 0
    with tqdm(total=_count(stdin), unit=" lines", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        for result in batch.grade_lines(_lines(stdin)):
            lines += 1
            bad += isinstance(result, Rejected)
            write_line(result.model_dump_json())
            bar.update()
    if bad:
        raise InputError(f"{bad} of {lines} lines could not be graded. Their output lines say why.")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, of which no more than the batch will read is held in memory."""
    from interviewer.flows.batch import LINE_BYTES

    while line := stream.readline(LINE_BYTES + 2):
        rest = line
        while len(rest) == LINE_BYTES + 2 and not rest.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES + 2)
        yield line


def _count(stream: BinaryIO) -> int | None:
    """How many records are to come, when stdin is a file; None for a pipe."""
    try:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return None
    except io.UnsupportedOperation:
        return None
    start = stream.tell()
    count = sum(1 for line in stream if line.strip())
    stream.seek(start)
    return count
