"""Measures how far two graders agree: on verdicts, on scores, and how sure such a figure is."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")


def accuracy(true: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """The share of equal pairs, 0 to 1. Raises ValueError for no pairs or unequal lengths, as all measures here do."""
    _same_length(true, found)
    return sum(a == b for a, b in zip(true, found, strict=True)) / len(true)


def macro_f1(true: Sequence[Hashable], found: Sequence[Hashable], labels: Sequence[Hashable] | None = None) -> float:
    """The mean over the labels of F1, 0 to 1. Without `labels` those that occur; one that never occurs has F1 0."""
    _same_length(true, found)
    pairs = Counter(zip(true, found, strict=True))
    ours, theirs = Counter(found), Counter(true)
    counted = list(dict.fromkeys([*true, *found])) if labels is None else list(labels)
    return sum(2 * pairs[label, label] / max(1, ours[label] + theirs[label]) for label in counted) / len(counted)


def cohen_kappa(true: Sequence[Hashable], found: Sequence[Hashable]) -> float:
    """Agreement beyond chance, -1 to 1; not a number when both use one and the same label throughout."""
    _same_length(true, found)
    size = len(true)
    ours, theirs = Counter(found), Counter(true)
    by_chance = sum(ours[label] * theirs[label] for label in theirs) / size**2
    return _ratio(accuracy(true, found) - by_chance, 1 - by_chance)


def quadratic_weighted_kappa(true: Sequence[int], found: Sequence[int]) -> float:
    """Cohen's kappa for grades on a scale: a miss by two steps weighs four times a miss by one.

    Grades are whole numbers. Not a number when both give one and the same grade throughout.
    """
    _same_length(true, found)
    ours, theirs = Counter(found), Counter(true)
    observed = sum((a - b) ** 2 for a, b in zip(true, found, strict=True)) / len(true)
    by_chance = sum((a - b) ** 2 * m * n for a, m in theirs.items() for b, n in ours.items()) / len(true) ** 2
    return 1 - observed / by_chance if by_chance else math.nan


def pearson(true: Sequence[float], found: Sequence[float]) -> float:
    """The linear correlation, -1 to 1; not a number when one side is constant."""
    _same_length(true, found)
    mean_true, mean_found = sum(true) / len(true), sum(found) / len(found)
    shared = math.fsum((a - mean_true) * (b - mean_found) for a, b in zip(true, found, strict=True))
    spread = math.fsum((a - mean_true) ** 2 for a in true) * math.fsum((b - mean_found) ** 2 for b in found)
    return _ratio(shared, math.sqrt(spread))


def spearman(true: Sequence[float], found: Sequence[float]) -> float:
    """The correlation of the ranks, -1 to 1; equal values share their mean rank."""
    _same_length(true, found)
    return pearson(_ranks(true), _ranks(found))


def rmse(true: Sequence[float], found: Sequence[float]) -> float:
    """The root of the mean squared difference, in the unit of the values."""
    _same_length(true, found)
    return math.sqrt(math.fsum((a - b) ** 2 for a, b in zip(true, found, strict=True)) / len(true))


def interval(
    values_by_group: Sequence[T],
    statistic: Callable[[Sequence[T]], float],
    *,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """The percentile bootstrap interval of a statistic, drawn over whole groups: (low, high).

    A group holds values that hang together, such as the answers to one question. `statistic` is given as many groups
    as there are, some of them several times. Draws for which it is not a number are left out; both ends are not a
    number when that leaves none. The same seed gives the same interval.
    """
    if not values_by_group:
        raise ValueError("an interval needs at least one group")
    draw = random.Random(seed)
    found = (statistic(draw.choices(values_by_group, k=len(values_by_group))) for _ in range(resamples))
    ordered = sorted(value for value in found if not math.isnan(value))
    if not ordered:
        return math.nan, math.nan
    return _quantile(ordered, (1 - level) / 2), _quantile(ordered, (1 + level) / 2)


def _same_length(true: Sequence[object], found: Sequence[object]) -> None:
    if not true or len(true) != len(found):
        raise ValueError(f"agreement needs pairs, and there are {len(true)} and {len(found)} values")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for position in order[start:end]:
            ranks[position] = (start + end + 1) / 2
        start = end
    return ranks


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between the two neighbours."""
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
