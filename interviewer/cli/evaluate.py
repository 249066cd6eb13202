"""`interviewer eval`: how well an engine grades, measured on labelled answers."""

from __future__ import annotations

from pathlib import Path

import click

from interviewer.cli.output import Engine, bench_for, engine_option
from interviewer.errors import InputError

GOLD = Path("evaluation/gold")
SPLITS = ("report", "dev", "all")
SHAPES = {"rubric": "one call for all points", "points": "one call a point"}
FITTED_ON = ("scientsbank", "beetle", "saf_en")


@click.group(name="eval")
def evaluate() -> None:
    """Measure an engine on labelled answers."""


@evaluate.command()
@engine_option
@click.option(
    "--split", type=click.Choice(SPLITS), default="report", show_default=True, help="Which half of the answers."
)
@click.option(
    "--gold", type=click.Path(path_type=Path), default=GOLD, show_default=True, help="Folder of labelled answers."
)
@click.option("--repeats", type=click.IntRange(1, 10), default=1, show_default=True, help="Runs, to see the spread.")
@click.option(
    "--shape",
    type=click.Choice(("rubric", "points")),
    default="rubric",
    show_default=True,
    help="A model's calls: one for the whole rubric, or one a point.",
)
@click.option("--price", type=(float, float), default=None, help="Price of a million tokens in, and out, for the cost.")
@click.option(
    "--keep", type=click.Path(path_type=Path), default=None, help="File for the grades; a run that broke off goes on."
)
@click.option("--write", type=click.Path(path_type=Path), default=None, help="Renew the table in this Markdown file.")
def grading(
    engine: Engine | None,
    split: str,
    gold: Path,
    repeats: int,
    shape: str,
    price: tuple[float, float] | None,
    keep: Path | None,
    write: Path | None,
) -> None:
    """Grade every labelled answer and print the tables: agreement, by kind of answer, and calibration."""
    from tqdm import tqdm

    from interviewer.domain.assessment import Assessment
    from interviewer.domain.interview import Interview
    from interviewer.flows import evaluating
    from interviewer.flows.grading import grade

    bench = bench_for(engine)
    rows = evaluating.read_gold(gold, split)  # type: ignore[arg-type]
    name = f"{bench.judge.name}, {SHAPES[shape]}" if bench.judge else f"built-in coach ({bench.matcher.label})"

    def judge(interview: Interview) -> Assessment:
        return grade(
            interview,
            bench.matcher,
            now=bench.clock(),
            model=bench.judge,
            prompts=bench.prompts,
            shape=shape,  # type: ignore[arg-type]
            strict=True,
        )

    runs = []
    for number in range(1, repeats + 1):
        file = keep.with_suffix(f".{number}{keep.suffix}") if keep and repeats > 1 else keep
        items = []
        before = evaluating.read_kept(file) if file else []
        for item in tqdm(
            evaluating.graded(rows, bench.library.scenarios, judge, before),
            total=len(rows),
            unit="answer",
            disable=None,
        ):
            items.append(item)
            if file and item not in before:
                with file.open("a", encoding="utf-8") as kept:
                    kept.write(item.model_dump_json() + "\n")
        runs.append(evaluating.collected(name, rows, bench.library.scenarios, items))
    command = f"interviewer eval grading --split {split}" + (f" --engine llm --shape {shape}" if bench.judge else "")
    text = f"Split: {split}. Command: `{command}`.\n\n{evaluating.as_markdown(runs[0], price)}"
    if repeats > 1:
        text += f"\n\nSpread over {repeats} runs: {evaluating.spread(runs):.1f} points of 100 on average."
    click.echo(text)
    if write:
        renew(write, f"model table, {SHAPES[shape]}" if bench.judge else "coach table", f"\n{text}\n")


@evaluate.command()
@click.option(
    "--gold", type=click.Path(path_type=Path), default=GOLD, show_default=True, help="Folder of labelled answers."
)
@click.option(
    "--second",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The same answers labelled again: a .jsonl file with id and labels.",
)
def agreement(gold: Path, second: Path) -> None:
    """Print how far two labellings of the same answers agree."""
    from interviewer.flows import evaluating

    rows = evaluating.read_gold(gold, "all")
    click.echo(evaluating.agreement_in_words(evaluating.agreeing(rows, evaluating.read_labels(second))))


@evaluate.command()
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
            "in-sample and too good. Figures on left-out questions are in docs/evaluation/short_answers.md."
        )


def renew(file: Path, name: str, content: str) -> None:
    """Put the content between the file's markers `<!-- name -->` and `<!-- end of name -->`."""
    try:
        file.write_text(between(file.read_text(encoding="utf-8"), name, content), encoding="utf-8")
    except ValueError as error:
        raise InputError(f"'{file}': {error}") from error


def between(text: str, name: str, content: str) -> str:
    """The text with the content between its markers. Raises ValueError when they are not there."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    if begin not in text or end not in text:
        raise ValueError(f"there is no place for it; put '{begin}' and '{end}' on lines of their own.")
    head, rest = text.split(begin, 1)
    _, tail = rest.split(end, 1)
    return f"{head}{begin}\n{content}\n{end}{tail}"
