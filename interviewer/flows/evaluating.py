"""How well an engine grades: its verdicts against labelled answers, by kind of answer, with intervals."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from interviewer.domain.assessment import WORTH, Assessment, Presence, VerdictKind
from interviewer.domain.interview import Interview, Move, Turn, Usage
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError
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
    star: dict[str, ElementLabel]


class Point(NamedTuple):
    """One labelled point and what the engine said; `found` may be "ungraded"."""

    answer: str
    kind: str
    true: str
    found: str


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


def as_interview(scenario: Scenario, answer: str, now: datetime | None = None) -> Interview:
    """A whole interview that consists of the question and this one answer."""
    at = now or datetime.now(UTC)
    opening = Move(kind="open", text=scenario.question, reason="the scenario's question")
    turns = [Turn(seq=0, role="interviewer", text=scenario.question, at=at, move=opening)]
    if answer.strip():
        turns.append(Turn(seq=1, role="candidate", text=answer, at=at))
    return Interview(scenario=scenario, started_at=at, turns=tuple(turns))


def run(
    engine: str,
    rows: Iterable[GoldAnswer],
    scenarios: dict[str, Scenario],
    grade: Callable[[Interview], Assessment],
    progress: Callable[[], None] = lambda: None,
) -> Run:
    """Grade every answer and keep what the tables need."""
    points: list[Point] = []
    scores: list[tuple[str, float, float | None]] = []
    elements: list[tuple[str, str]] = []
    seconds: list[float] = []
    usage: list[Usage] = []
    for row in rows:
        scenario = scenarios[row.scenario]
        began = time.perf_counter()
        assessment = grade(as_interview(scenario, row.answer))
        seconds.append(time.perf_counter() - began)
        usage.extend(assessment.usage)
        for result in assessment.points:
            found = result.verdict.kind if result.verdict else UNGRADED
            points.append(Point(row.id, row.kind, row.labels[result.key_point].verdict, found))
        earned = sum(p.weight * WORTH[row.labels[p.id].verdict] for p in scenario.key_points)
        scores.append((row.id, earned, assessment.score))
        if assessment.star:
            elements += [(label.verdict, getattr(assessment.star, name).status) for name, label in row.star.items()]
        progress()
    return Run(engine, tuple(points), tuple(scores), tuple(elements), tuple(seconds), tuple(usage))


def credited(verdict: str) -> str:
    """The two-way view of a verdict: only covered and partial earn anything; ungraded does not."""
    return "credited" if verdict in CREDITED else "not"


def two_way(points: Sequence[Point]) -> float:
    return macro_f1([credited(p.true) for p in points], [credited(p.found) for p in points])


def headline(run: Run) -> list[tuple[str, str]]:
    """What is measured, and its value with a 95 % interval (bootstrap over whole answers) where one is due."""
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


def as_markdown(run: Run) -> str:
    """The tables of one run."""
    lines = [f"Engine: {run.engine}", "", "| what | value |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in headline(run)]
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
