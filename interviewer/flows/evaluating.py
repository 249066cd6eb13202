"""How well an engine grades: its verdicts against labelled answers, by kind of answer, with intervals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain.assessment import Assessment, Presence, VerdictKind
from interviewer.domain.interview import Interview, Move, Turn, Usage
from interviewer.domain.scenario import Scenario
from interviewer.domain.scoring import WORTH
from interviewer.errors import InputError, ModelError
from interviewer.flows.agreement import accuracy, cohen_kappa, interval, macro_f1, pearson

Split = Literal["dev", "report", "all"]
VERDICTS: tuple[VerdictKind, ...] = ("covered", "partial", "missed", "contradicted")
CREDITED = ("covered", "partial")
UNGRADED = "ungraded"
KINDS = (
    "expert",
    "expert_terse",
    "solid",
    "junior",
    "confident_wrong",
    "spoken",
    "non_native",
    "keyword_salad",
    "star_story",
    "echo",
    "padded_weak",
    "one_contradiction",
    "corrected",
    "injection",
)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PointLabel(_Row):
    """A labeller's verdict on one key point, with the words that earn or contradict it ("" when missed)."""

    verdict: VerdictKind
    quote: str


class ElementLabel(_Row):
    verdict: Presence
    quote: str


class GoldAnswer(_Row):
    """A labelled answer. `split` is fixed in the file: half for tuning, half only for reporting."""

    id: str
    scenario: str
    kind: str
    split: Literal["dev", "report"]
    answer: str
    labels: dict[str, PointLabel]
    star: dict[str, ElementLabel] = {}


class SecondLabels(_Row):
    """Another labeller's verdicts on the points of one answer."""

    id: str
    labels: dict[str, VerdictKind]


class Point(NamedTuple):
    """One labelled point and what the engine said; `found` may be "ungraded"."""

    answer: str
    kind: str
    true: str
    found: str


class Graded(_Row):
    """One answer's grade, and how long it took; None with the error when the model failed on it."""

    answer: str
    seconds: float
    assessment: Assessment | None
    error: str = ""


class Run(NamedTuple):
    """One engine over all answers: a point each, a pair of scores an answer (labelled, ours or None), and the cost."""

    engine: str
    points: tuple[Point, ...]
    scores: tuple[tuple[str, float, float | None], ...]
    elements: tuple[tuple[str, str], ...]
    seconds: tuple[float, ...]
    usage: tuple[Usage, ...]


def read_gold(folder: Path, split: Split) -> list[GoldAnswer]:
    """The labelled answers of `folder` (*.jsonl), in order. Raises InputError that names file and line."""
    rows = []
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        raise InputError(f"There are no labelled answers (*.jsonl) in '{folder}'. Run this from the repository.")
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                rows.append(GoldAnswer.model_validate_json(line))
            except ValidationError as error:
                raise InputError(f"{path.name}:{number}: {error.errors()[0]['msg']}.") from error
    return [row for row in rows if split in ("all", row.split)]


def read_labels(file: Path) -> list[SecondLabels]:
    """A second labelling, one answer a line. Raises InputError that names file and line."""
    rows = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            rows.append(SecondLabels.model_validate_json(line))
        except ValidationError as error:
            raise InputError(f"{file.name}:{number}: {error.errors()[0]['msg']}.") from error
    return rows


def agreeing(rows: Iterable[GoldAnswer], second: Iterable[SecondLabels]) -> tuple[Point, ...]:
    """Every point that both labelled: the first labeller's verdict as `true`, the second's as `found`."""
    first = {row.id: row for row in rows}
    return tuple(
        Point(item.id, first[item.id].kind, first[item.id].labels[id].verdict, verdict)
        for item in second
        if item.id in first
        for id, verdict in item.labels.items()
        if id in first[item.id].labels
    )


def agreement_in_words(points: Sequence[Point]) -> str:
    """Answers, points, and the agreement over four verdicts and over credited or not. Raises InputError for none."""
    if not points:
        raise InputError("The two files have no labelled answer in common.")
    true, found = [p.true for p in points], [p.found for p in points]
    two = [credited(verdict) for verdict in true], [credited(verdict) for verdict in found]
    return (
        f"{len({p.answer for p in points})} answers, {len(points)} points: "
        f"{accuracy(true, found):.1%} the same verdict, Cohen's kappa {cohen_kappa(true, found):.2f} over four "
        f"verdicts and {cohen_kappa(*two):.2f} for credited or not."
    )


def as_interview(scenario: Scenario, answer: str, now: datetime | None = None) -> Interview:
    """A whole interview that consists of the question and this one answer."""
    at = now or datetime.now(UTC)
    opening = Move(kind="open", text=scenario.question, reason="the scenario's question")
    turns = [Turn(seq=0, role="interviewer", text=scenario.question, at=at, move=opening)]
    if answer.strip():
        turns.append(Turn(seq=1, role="candidate", text=answer, at=at))
    return Interview(scenario=scenario, started_at=at, turns=tuple(turns))


def graded(
    rows: Iterable[GoldAnswer],
    scenarios: dict[str, Scenario],
    grade: Callable[[Interview], Assessment],
    kept: Sequence[Graded] = (),
) -> Iterator[Graded]:
    """Every answer with its grade, in order. One that was graded before (`kept`) is not graded again.

    A model that fails on an answer leaves it without a grade; one that cannot be reached at all raises ModelError.
    """
    known = {item.answer: item for item in kept}
    for row in rows:
        yield known.get(row.id) or _graded(row, scenarios[row.scenario], grade)


def _graded(row: GoldAnswer, scenario: Scenario, grade: Callable[[Interview], Assessment]) -> Graded:
    began = time.perf_counter()
    try:
        assessment = grade(as_interview(scenario, row.answer))
    except ModelError as error:
        if error.is_lasting:
            raise
        return Graded(answer=row.id, seconds=time.perf_counter() - began, assessment=None, error=str(error))
    return Graded(answer=row.id, seconds=time.perf_counter() - began, assessment=assessment)


def collected(engine: str, rows: Sequence[GoldAnswer], scenarios: dict[str, Scenario], items: Iterable[Graded]) -> Run:
    """What the tables need, out of the grades. An answer without a grade counts as left ungraded, point by point."""
    wanted = {row.id for row in rows}
    found = {item.answer: item for item in items if item.answer in wanted}
    points: list[Point] = []
    scores: list[tuple[str, float, float | None]] = []
    elements: list[tuple[str, str]] = []
    for row in rows:
        assessment = found[row.id].assessment
        verdicts = {p.key_point: p.verdict.kind for p in assessment.points if p.verdict} if assessment else {}
        for id, label in row.labels.items():
            points.append(Point(row.id, row.kind, label.verdict, verdicts.get(id, UNGRADED)))
        weights = {point.id: point.weight for point in scenarios[row.scenario].key_points}
        earned = sum(weights[id] * WORTH[label.verdict] for id, label in row.labels.items())
        scores.append((row.id, earned, assessment.score if assessment else None))
        if assessment and assessment.star:
            elements += [(label.verdict, getattr(assessment.star, name).status) for name, label in row.star.items()]
    usage = tuple(usage for item in found.values() if item.assessment for usage in item.assessment.usage)
    seconds = tuple(item.seconds for item in found.values())
    return Run(engine, tuple(points), tuple(scores), tuple(elements), seconds, usage)


def read_kept(file: Path) -> list[Graded]:
    """The grades that an earlier run kept; none when there is no such file. Raises InputError with the line."""
    if not file.exists():
        return []
    items = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            items.append(Graded.model_validate_json(line))
        except ValidationError as error:
            raise InputError(f"{file.name}:{number}: {error.errors()[0]['msg']}.") from error
    return items


def credited(verdict: str) -> str:
    """The two-way view of a verdict: only covered and partial earn anything; ungraded does not."""
    return "credited" if verdict in CREDITED else "not"


def two_way(points: Sequence[Point]) -> float:
    return macro_f1([credited(p.true) for p in points], [credited(p.found) for p in points])


def headline(run: Run, price: tuple[float, float] | None = None) -> list[tuple[str, str]]:
    """What is measured, and its value with a 95 % interval (bootstrap over whole answers) where one is due.

    `price` is that of a million tokens in and out, in whatever currency; without it there is no cost.
    """
    points = run.points
    by_answer: dict[str, list[Point]] = {}
    for point in points:
        by_answer.setdefault(point.answer, []).append(point)
    groups = list(by_answer.values())

    def ranged(statistic: Callable[[Sequence[Point]], float]) -> str:
        low, high = interval(groups, lambda drawn: statistic([point for group in drawn for point in group]))
        return f"{statistic(points):.3f} ({low:.3f} to {high:.3f})"

    true, found = [p.true for p in points], [p.found for p in points]
    pairs = [(gold, ours) for _, gold, ours in run.scores if ours is not None]
    differences = [ours - gold for gold, ours in pairs]
    rows = [
        ("answers, points", f"{len(run.scores)}, {len(points)}"),
        ("credited or not, macro-F1", ranged(two_way)),
        ("four verdicts, accuracy", ranged(lambda some: accuracy([p.true for p in some], [p.found for p in some]))),
        ("four verdicts, macro-F1", f"{macro_f1(true, found, labels=VERDICTS):.3f}"),
        ("four verdicts, Cohen's kappa", f"{cohen_kappa(true, found):.3f}"),
        ("left ungraded", f"{sum(f == UNGRADED for f in found) / len(found):.1%}"),
        ("score: correlation with the labelled score", f"{pearson(*zip(*pairs, strict=True)):.3f}" if pairs else "-"),
        (
            "score: mean difference, mean absolute",
            f"{mean(differences):+.1f}, {mean(map(abs, differences)):.1f}" if pairs else "-",
        ),
        ("STAR elements, agreement", f"{mean(a == b for a, b in run.elements):.3f}" if run.elements else "-"),
        ("seconds an answer, median", f"{median(run.seconds):.2f}"),
    ]
    if run.usage:
        tokens = sum(u.input_tokens for u in run.usage), sum(u.output_tokens for u in run.usage)
        rows.append(
            ("tokens an answer, in and out", f"{tokens[0] / len(run.scores):.0f}, {tokens[1] / len(run.scores):.0f}")
        )
        if price:
            cost = sum(count * each for count, each in zip(tokens, price, strict=True)) / 1e6
            rows.append(("cost of a hundred answers", f"{100 * cost / len(run.scores):.2f}"))
    return rows


def by_kind(run: Run) -> list[tuple[str, int, float, float, float, float, float]]:
    """Per kind: name, points, truly credited, credited by the engine, over-credit, under-credit, agreement (shares)."""
    rows = []
    for kind in (*KINDS, *sorted({p.kind for p in run.points} - set(KINDS))):
        points = [
            (credited(p.true) == "credited", credited(p.found) == "credited") for p in run.points if p.kind == kind
        ]
        if points:
            size = len(points)
            rows.append(
                (
                    kind,
                    size,
                    sum(true for true, _ in points) / size,
                    sum(found for _, found in points) / size,
                    sum(found and not true for true, found in points) / size,
                    sum(true and not found for true, found in points) / size,
                    sum(true == found for true, found in points) / size,
                )
            )
    return rows


def calibration(run: Run) -> list[tuple[str, int, float, float]]:
    """Per band of our score: the band, answers in it, our mean score, the labelled mean score."""
    bands = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 101))
    rows = []
    for low, high in bands:
        pairs = [(ours, gold) for _, gold, ours in run.scores if ours is not None and low <= ours < high]
        if pairs:
            name = f"{low} to {min(high, 100)}"
            rows.append((name, len(pairs), mean(ours for ours, _ in pairs), mean(gold for _, gold in pairs)))
    return rows


def spread(runs: Sequence[Run]) -> float:
    """The mean range of an answer's score over repeated runs, in points of 100; 0 when every run agrees."""
    scores: dict[str, list[float]] = {}
    for one in runs:
        for id, _, ours in one.scores:
            if ours is not None:
                scores.setdefault(id, []).append(ours)
    return mean(max(values) - min(values) for values in scores.values()) if scores else 0.0


def common(rows: Sequence[GoldAnswer], kept: Sequence[Sequence[Graded]]) -> list[GoldAnswer]:
    """The answers that every one of these runs has graded."""
    ids = [{item.answer for item in items} for items in kept]
    return [row for row in rows if all(row.id in known for known in ids)]


def side_by_side(runs: Sequence[Run]) -> str:
    """The runs as columns of one table: all figures, then what each kind of answer was credited with."""
    names = " | ".join(run.engine for run in runs)
    columns = [dict(headline(run)) for run in runs]
    lines = [f"| what | {names} |", f"|---|{'---|' * len(runs)}"]
    rows = dict.fromkeys(name for column in columns for name in column)
    lines += [f"| {name} | {' | '.join(column.get(name, '-') for column in columns)} |" for name in rows]
    kinds = [{kind: (size, true, found) for kind, size, true, found, *_ in by_kind(run)} for run in runs]
    for kind, (size, true, _) in kinds[0].items():
        shares = " | ".join(f"{column[kind][2]:.0%}" for column in kinds)
        lines.append(f"| credited to {kind.replace('_', ' ')} ({size} points, truly {true:.0%}) | {shares} |")
    return "\n".join(lines)


def as_markdown(run: Run, price: tuple[float, float] | None = None) -> str:
    """The tables of one run; `price` as in `headline`."""
    lines = [f"Engine: {run.engine}", "", "| what | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in headline(run, price)]
    lines += [
        "",
        "| kind of answer | points | truly credited | credited | over-credit | under-credit | agreement |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, size, *shares in by_kind(run):
        lines.append(f"| {kind.replace('_', ' ')} | {size} | " + " | ".join(f"{share:.0%}" for share in shares) + " |")
    lines += ["", "| our score | answers | our mean | labelled mean |", "|---|---|---|---|"]
    lines += [f"| {band} | {size} | {ours:.0f} | {gold:.0f} |" for band, size, ours, gold in calibration(run)]
    return "\n".join(lines)
