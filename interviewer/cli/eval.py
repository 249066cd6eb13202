"""`interviewer eval asag`: how well the coach marks short answers that have only a reference."""

from __future__ import annotations

from pathlib import Path

import click

FITTED_ON = ("scientsbank", "beetle", "saf_en")


@click.command()
@click.option(
    "--data",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="A .jsonl or .jsonl.gz file of marked answers. May be given several times.",
)
@click.option("--engine", type=click.Choice(["coach"]), default="coach", show_default=True, help="Who marks.")
def asag(files: tuple[Path, ...], engine: str) -> None:
    """Mark short answers by their references alone and print how far people agree.

    A line has dataset, question_id, question, references (or reference), answer, score and max_score.
    """
    from tqdm import tqdm

    from interviewer.adapters.coach.embedder import Embedder, EmbedderUnavailable
    from interviewer.adapters.coach.matcher import FOLDER
    from interviewer.adapters.coach.plain import PlainJudge
    from interviewer.flows.evaluating_short_answers import as_markdown, judge, measure, read_short_answers

    answers = [answer for file in files for answer in read_short_answers(file)]
    try:
        embedder, label = Embedder.load(FOLDER / "model"), "words and embedded MiniLM"
    except EmbedderUnavailable as error:
        embedder, label = None, f"words only: {error.reason}"
    chance = PlainJudge.load(embedder).chance
    judged = list(judge(tqdm(answers, unit=" answers", disable=None), chance))
    click.echo(f"Engine: {engine} ({label}).\n\n{as_markdown(measure(judged))}")
    known = [name for name in FITTED_ON if any(answer.dataset == name for answer in answers)]
    if known:
        click.echo(
            f"\nThe coefficients were fitted on training answers of {', '.join(known)}: on those the figures above are "
            "in-sample and too good. Figures on left-out questions are in docs/EVALUATION.md."
        )
