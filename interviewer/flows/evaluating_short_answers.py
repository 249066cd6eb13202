"""How well an engine marks short answers to a question with a reference, measured on answers marked by people."""

from __future__ import annotations

import gzip
import math
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from interviewer.errors import InputError
from interviewer.flows.agreement import accuracy, macro_f1, pearson, quadratic_weighted_kappa, rmse, spearman

RIGHT = 0.5  # a mark, or a chance, from here on counts as right
MANY_EMPTY = 0.05  # share of answers that say nothing from which a set is measured without them too
KAPPA_STEPS = 1000  # marks are compared as whole numbers of this many to the full mark

# question, references, answer -> the probability (0 to 1) that the answer is right; 0 for one that says nothing
Chance = Callable[[str, Sequence[str], str], float]


class ShortAnswer(BaseModel):
    """One marked answer. Other fields of its line are ignored."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    question_id: str
    question: str
    reference: str = ""
    references: tuple[str, ...] = ()
    answer: str
    score: float = Field(ge=0)
    max_score: float = Field(gt=0)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not any(text.strip() for text in self.accepted):
            raise ValueError("there is no reference")
        if self.score > self.max_score:
            raise ValueError("score is above max_score")
        return self

    @property
    def accepted(self) -> tuple[str, ...]:
        """The references, or the single one."""
        return self.references or (self.reference,)

    @property
    def mark(self) -> float:
        """The score as a share of the highest, 0 to 1."""
        return self.score / self.max_score


class Judged(NamedTuple):
    """A marked answer and what the engine made of it."""

    answer: ShortAnswer
    chance: float
    seconds: float


class Figures(NamedTuple):
    """The agreement on one set. `rmse` is on a scale of 0 to 1; a correlation is nan when one side is constant."""

    name: str
    answers: int
    questions: int
    pearson: float
    spearman: float
    rmse: float
    quadratic_kappa: float
    macro_f1: float
    accuracy: float
    milliseconds: float


def read_short_answers(file: Path) -> list[ShortAnswer]:
    """The answers of a .jsonl or .jsonl.gz file. Raises InputError that names the file and the line."""
    try:
        text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
        lines = text.decode("utf-8-sig").splitlines()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"'{file}' cannot be read: {error}") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(ShortAnswer.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field = ".".join(map(str, first["loc"])) or "line"
            raise InputError(f"'{file}', line {number}: {field}: {first['msg']}.") from None
    if not found:
        raise InputError(f"'{file}' has no answers.")
    return found


def judge(
    answers: Iterable[ShortAnswer], chance: Chance, seconds: Callable[[], float] = time.perf_counter
) -> Iterable[Judged]:
    """Every answer with the engine's chance and the time it took, one after the other."""
    for answer in answers:
        start = seconds()
        value = chance(answer.question, answer.accepted, answer.answer)
        yield Judged(answer, value, seconds() - start)


def measure(judged: Iterable[Judged]) -> list[Figures]:
    """The figures of each data set, in the order of their coming.

    A set in which more than one answer of twenty says nothing is measured a second time without those: they are easy.
    """
    sets: dict[str, list[Judged]] = {}
    for item in judged:
        sets.setdefault(item.answer.dataset, []).append(item)
    measured = []
    for name, items in sets.items():
        measured.append(figures(name, items))
        said = [item for item in items if item.chance > 0]
        if said and len(said) < (1 - MANY_EMPTY) * len(items):
            measured.append(figures(f"{name}, empty ones left out", said))
    return measured


def figures(name: str, judged: Sequence[Judged]) -> Figures:
    """The agreement on these answers. For the weighted kappa a chance becomes the nearest mark that the set has."""
    marks, chances = [item.answer.mark for item in judged], [item.chance for item in judged]
    steps = sorted(set(marks))
    binned = [min(steps, key=lambda step: abs(step - chance)) for chance in chances]
    right, found = [mark >= RIGHT for mark in marks], [chance >= RIGHT for chance in chances]
    return Figures(
        name=name,
        answers=len(judged),
        questions=len({item.answer.question_id for item in judged}),
        pearson=pearson(marks, chances),
        spearman=spearman(marks, chances),
        rmse=rmse(marks, chances),
        quadratic_kappa=quadratic_weighted_kappa(_whole(marks), _whole(binned)),
        macro_f1=macro_f1(right, found),
        accuracy=accuracy(right, found),
        milliseconds=1000 * mean(item.seconds for item in judged),
    )


def as_markdown(measured: Iterable[Figures]) -> str:
    """A table, one line a set."""
    lines = [
        "| set | answers | questions | Pearson | Spearman | RMSE (0 to 1) | weighted kappa | right or not, macro-F1 | "
        "accuracy | ms an answer |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in measured:
        shares = (row.pearson, row.spearman, row.rmse, row.quadratic_kappa, row.macro_f1, row.accuracy)
        values = " | ".join("-" if math.isnan(value) else f"{value:.3f}" for value in shares)
        lines.append(f"| {row.name} | {row.answers} | {row.questions} | {values} | {row.milliseconds:.1f} |")
    return "\n".join(lines)


def _whole(marks: Iterable[float]) -> list[int]:
    return [round(KAPPA_STEPS * mark) for mark in marks]
