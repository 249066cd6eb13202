"""`interviewer eval`: how well an engine grades, measured on labelled answers."""

from __future__ import annotations

from pathlib import Path

import click

from interviewer.cli.output import Engine, bench_for, engine_option
from interviewer.errors import InputError

GOLD = (Path("evaluation/gold"), Path("evaluation/fresh"))
SPLITS = ("report", "dev", "all")
SHAPES = {"rubric": "one call for all points", "points": "one call a point"}
FITTED_ON = ("scientsbank", "beetle", "saf_en")
ENGINES = {"coach": "coach", "llm": "model", "plain": "plain"}  # and what their table is called


@click.group(name="eval")
def evaluate() -> None:
    """Measure an engine on labelled answers."""


@evaluate.command()
@engine_option
@click.option(
    "--split", type=click.Choice(SPLITS), default="report", show_default=True, help="Which half of the answers."
)
@click.option(
    "--gold", type=click.Path(path_type=Path), default=GOLD, multiple=True, help="Folder of labelled answers."
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
@click.option(
    "--place", default="coach table", show_default=True, help="Where in the file: between <!-- PLACE --> and its end."
)
def grading(
    engine: Engine | None,
    split: str,
    gold: tuple[Path, ...],
    repeats: int,
    shape: str,
    price: tuple[float, float] | None,
    keep: Path | None,
    write: Path | None,
    place: str,
) -> None:
    """Grade every labelled answer and print the tables: agreement, by kind of answer, and calibration."""
    from tqdm import tqdm

    from interviewer.domain.assessment import Assessment
    from interviewer.domain.interview import Interview
    from interviewer.flows import evaluating
    from interviewer.flows.grading import grade

    bench = bench_for(engine)
    if bench.judge and write:
        raise InputError("--write renews the coach's table. For a model use --keep, then `interviewer eval compare`.")
    rows = [row for folder in gold for row in evaluating.read_gold(folder, split)]  # type: ignore[arg-type]
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
    if gold != GOLD:
        command += "".join(f" --gold {folder}" for folder in gold)
    text = f"Split: {split}. Command: `{command}`.\n\n{evaluating.as_markdown(runs[0], price)}"
    if repeats > 1:
        text += f"\n\nSpread over {repeats} runs: {evaluating.spread(runs):.1f} points of 100 on average."
    click.echo(text)
    if write:
        renew(write, place, f"\n{text}\n")


@evaluate.command()
@click.argument("kept", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--gold", type=click.Path(path_type=Path), default=GOLD, multiple=True, help="Folder of labelled answers."
)
@click.option("--write", type=click.Path(path_type=Path), default=None, help="Renew the table in this Markdown file.")
@click.option(
    "--place", default="side by side", show_default=True, help="Where in the file: between <!-- PLACE --> and its end."
)
def compare(kept: tuple[Path, ...], gold: tuple[Path, ...], write: Path | None, place: str) -> None:
    """Print runs side by side, on the answers that all of them graded.

    KEPT are files that `interviewer eval grading --keep` wrote; each is a column, named after its file.
    """
    from interviewer.flows import evaluating

    bench = bench_for("coach")
    items = [evaluating.read_kept(file) for file in kept]
    rows = evaluating.common([row for folder in gold for row in evaluating.read_gold(folder, "all")], items)
    if not rows:
        raise InputError("These files have no graded answer in common.")
    runs = [
        evaluating.collected(file.stem.replace("_", " "), rows, bench.library.scenarios, found)
        for file, found in zip(kept, items, strict=True)
    ]
    text = evaluating.side_by_side(runs)
    click.echo(text)
    if write:
        renew(write, place, f"\n{text}\n")


@evaluate.command()
@click.option(
    "--gold", type=click.Path(path_type=Path), default=GOLD, multiple=True, help="Folder of labelled answers."
)
@click.option(
    "--second",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="The same answers labelled again: a .jsonl file with id and labels.",
)
def agreement(gold: tuple[Path, ...], second: Path) -> None:
    """Print how far two labellings of the same answers agree."""
    from interviewer.flows import evaluating

    rows = [row for folder in gold for row in evaluating.read_gold(folder, "all")]
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


@evaluate.command()
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="coach",
    show_default=True,
    help="The coach, a model that words the coach's questions, or a model with a plain prompt for comparison.",
)
@click.option("--scenario", "ids", metavar="ID", multiple=True, help="Only this scenario. May be given several times.")
@click.option(
    "--candidate", "names", metavar="NAME", multiple=True, help="Only this candidate. May be given several times."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same candidates.")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="Folder for the transcripts.")
@click.option("--write", type=click.Path(path_type=Path), default=None, help="Renew the table in this Markdown file.")
def interviewing(
    engine: str, ids: tuple[str, ...], names: tuple[str, ...], seed: int, keep: Path | None, write: Path | None
) -> None:
    """Interview scripted candidates and print how far each rule of good interviewing was kept."""
    from tqdm import tqdm

    from interviewer.flows import evaluating_interviews as interviews
    from interviewer.flows.candidates import CANDIDATES

    bench = bench_for("coach" if engine == "coach" else "llm")
    chosen = [*(ids or bench.library.scenarios)]
    for given, known, what in ((chosen, bench.library.scenarios, "scenario"), (names, CANDIDATES, "candidate")):
        if unknown := next((name for name in given if name not in known), None):
            raise InputError(f"There is no {what} '{unknown}'. There are: {', '.join(known)}.")
    interviewer: interviews.Interviewer
    if engine == "plain" and bench.model:
        interviewer = interviews.Plain(bench.model)
    else:
        interviewer = interviews.Guided(bench.matcher, bench.prompts, bench.model)
    pairs = [(bench.library.scenarios[id], name) for id in chosen for name in names or CANDIDATES]
    held = []
    for scenario, name in tqdm(pairs, unit=" interviews", disable=None):
        # A model says it differently every time, and each time costs.
        hold = interviews.hold_twice if engine == "coach" else interviews.hold_once
        held.append(hold(scenario, name, interviewer, seed))
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            file = keep / f"{engine}-{scenario.id}-{name}.md"
            file.write_text(interviews.transcript(held[-1]), encoding="utf-8")
    command = f"interviewer eval interviewing --engine {engine}"
    command += "".join([*(f" --scenario {id}" for id in ids), *(f" --candidate {name}" for name in names)])
    table = interviews.as_markdown(interviewer.name, held, interviews.measure(held, interviewer.criteria))
    text = f"Command: `{command}`.\n\n{table}"
    click.echo(text)
    if write:
        renew(write, f"interviewing {ENGINES[engine]}", f"\n{text}\n")


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
