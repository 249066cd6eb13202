"""From features to findings: two small logistic models with frozen coefficients, and the rules around them.

The first says of every window (a sentence, or two neighbours) whether it conveys or contradicts the point; the second
makes one verdict a point out of the best windows and the whole answer. tools/fit_coach.py fits both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from interviewer.adapters.coach.features import POINT, WINDOW, Comparison, Window
from interviewer.adapters.coach.lexicon import corrects
from interviewer.domain.coverage import Match, MatchKind
from interviewer.domain.interview import Sentence

Rows = npt.NDArray[np.float64]

NEVER = -6.0  # log-odds that stand for "no such window"
CORRECTION_REACH = 3  # sentences after a wrong one in which it can be taken back
# A sentence that is this much nearer to a near-miss or a misconception than to any accepted wording is not evidence,
# whatever else was said around it.
NEARER_MISS, NEARER_WRONG = -0.12, -0.25
# ... nor is one that, with those around it, comes this much nearer to what another scenario accepts. Of the sentences
# of tuning answers that come nearest to their own scenario 1 in 200 lies below, of those of foreign references 98 %.
ELSEWHERE = -0.16
# A wrong claim contradicts the point whose misconception it is, and not one to whose misconceptions it comes this much
# less near than to another's.
WRONG_ELSEWHERE = 0.2
CONVEYS, CONTRADICTS = "conveys", "contradicts"

_SIMILARITY, _RECALL = WINDOW.index("similarity"), WINDOW.index("recall")
_SUPPORT, _AGAINST = POINT.index("support"), POINT.index("against")
_OVER_NEAR_MISS = WINDOW.index("over_near_miss")
_OVER_MISCONCEPTION = WINDOW.index("over_misconception")


class Logistic:
    """A multinomial logistic model on standardised features; `features` names the columns it uses."""

    def __init__(self, values: Mapping[str, Any], columns: Sequence[str]) -> None:
        self.classes: tuple[str, ...] = tuple(values["classes"])
        self._columns = [columns.index(name) for name in values["features"]]
        self._mean = np.array(values["mean"], dtype=np.float64)
        self._scale = np.array(values["scale"], dtype=np.float64)
        self._coefficients = np.array(values["coefficients"], dtype=np.float64)
        self._intercept = np.array(values["intercept"], dtype=np.float64)

    def probabilities(self, rows: Rows) -> dict[str, Rows]:
        """Class -> one probability a row. `rows` is n x all columns."""
        scaled = (rows[:, self._columns] - self._mean) / self._scale
        logits = scaled @ self._coefficients.T + self._intercept
        exponent = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = exponent / exponent.sum(axis=1, keepdims=True)
        return {name: shares[:, index] for index, name in enumerate(self.classes)}


class Weighed(NamedTuple):
    """A comparison after the first model: the window that conveys the point best (if any may), and the one against."""

    support: Window | None
    against: Window
    features: Rows


class Judgement:
    """Both models and the cuts. Holds no state; the same input gives the same result, to the digit."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._window = Logistic(values["window"], WINDOW)
        self._point = Logistic(values["point"], POINT)
        self._cuts: dict[str, float] = dict(values["cuts"])

    def matches(self, compared: Sequence[Comparison], sentences: Sequence[Sentence]) -> Iterator[Match]:
        """One match a key point, in the order of `compared`."""
        weighed = weigh(compared, self._window, self._cuts["nearness"])
        chances = self._point.probabilities(np.stack([item.features for item in weighed]))
        by_number = {sentence.number: sentence for sentence in sentences}
        for index, (item, comparison) in enumerate(zip(weighed, compared, strict=True)):
            own = {name: float(values[index]) for name, values in chances.items()}
            finding, window, reason = self._finding(item, own, by_number)
            yield Match(
                key_point=comparison.view.point.id,
                finding=finding,
                sentences=window.numbers if window else (),
                strength=round(own["covered"] + own["partial"], 4),
                reason=reason,
            )

    def _finding(
        self, item: Weighed, chances: Mapping[str, float], sentences: Mapping[int, Sentence]
    ) -> tuple[MatchKind, Window | None, str]:
        covered, credit, wrong = chances["covered"], chances["covered"] + chances["partial"], chances["contradicted"]
        support = item.support
        # One plain wrong claim, with nothing else said, leaves the second model without a pattern to go by.
        plainly = item.features[_AGAINST] >= max(self._cuts["plainly"], item.features[_SUPPORT])
        if plainly or (wrong >= self._cuts["contradicted"] and wrong > credit):
            if not taken_back(item.against, sentences):
                return "contradicted", item.against, "what was said contradicts this point"
            # A claim that was taken back counts neither against the point nor for it: the rest has to carry it.
            covered, credit = covered / (1 - wrong), credit / (1 - wrong)
            if support and set(support.numbers) & set(item.against.numbers):
                support = None
        # However good the rest of the answer is, a point that no sentence comes near was not made.
        if support is None or item.features[_SUPPORT] < self._cuts["support"] or credit < self._cuts["unsure"]:
            return "missed", None, ""
        if credit < self._cuts["credit"]:
            return "unsure", support, "this may or may not have been meant"
        if covered >= self._cuts["covered"] * credit:
            return "covered", support, "said in substance"
        return "partial", support, "said in part"


def weigh(compared: Sequence[Comparison], model: Logistic, nearness: float) -> list[Weighed]:
    """The best windows of every point, and the POINT features that follow from them.

    A window whose similarity and recall together are below `nearness` is about something else, whatever the model says:
    answers to another scenario live there.
    """
    first = [_weigh_windows(comparison, model, nearness) for comparison in compared]
    rows = np.array([row for _, _, row in first])
    weighed = []
    for index, (support, against, row) in enumerate(first):
        rest = np.delete(rows, index, axis=0)
        others = (rest[:, 2].mean(), rest[:, 0].mean()) if len(rest) else (0.0, 0.0)
        comparison = compared[index]
        features = np.array([*row, comparison.recall_all, comparison.terms_all, *others], dtype=np.float64)
        weighed.append(Weighed(support, against, features))
    return weighed


def _weigh_windows(
    comparison: Comparison, model: Logistic, nearness: float
) -> tuple[Window | None, Window, tuple[float, ...]]:
    chances = model.probabilities(comparison.features)
    conveys, contradicts = log_odds(chances[CONVEYS]), log_odds(chances[CONTRADICTS])
    misses = comparison.features[:, _OVER_NEAR_MISS] <= NEARER_MISS
    wrongs = comparison.features[:, _OVER_MISCONCEPTION] <= NEARER_WRONG
    far = comparison.features[:, _SIMILARITY] + comparison.features[:, _RECALL] < nearness
    foreign = comparison.margins < ELSEWHERE
    wrong_here = comparison.features[:, _SIMILARITY] - comparison.features[:, _OVER_MISCONCEPTION]
    against = np.where(comparison.wrong_elsewhere - wrong_here > WRONG_ELSEWHERE, NEVER, contradicts)
    barred = misses | wrongs | far | foreign | _retracted(comparison.windows) | _negated(comparison)
    conveys = np.where(barred, NEVER, conveys)
    best, worst = int(np.argmax(conveys)), int(np.argmax(against))
    singles = sorted(
        (value for value, window in zip(conveys, comparison.windows, strict=True) if len(window.numbers) == 1),
        reverse=True,
    )
    row = (
        float(conveys[best]),
        float(singles[1]) if len(singles) > 1 else NEVER,
        float(against[worst]),
        float(contradicts[best] - conveys[best]),
        float(comparison.features[best, _SIMILARITY] + comparison.features[best, _RECALL]),
    )
    support = None if barred[best] else comparison.windows[best]
    return support, comparison.windows[worst], row


def _retracted(windows: Sequence[Window]) -> npt.NDArray[np.bool_]:
    """Which windows hold a sentence that the very next one takes back ("actually no"): it is no evidence any more."""
    singles = {window.numbers[0]: window.text for window in windows if len(window.numbers) == 1}
    gone = {number - 1 for number, text in singles.items() if corrects(text)}
    return np.array([not gone.isdisjoint(window.numbers) for window in windows])


def _negated(comparison: Comparison) -> npt.NDArray[np.bool_]:
    """Which windows deny the point, or hold a sentence that does."""
    denying = {w.numbers[0] for w in comparison.windows if len(w.numbers) == 1 and comparison.negated(w)}
    return np.array([not denying.isdisjoint(window.numbers) for window in comparison.windows])


def log_odds(chance: Rows) -> Rows:
    """The log-odds of a probability, kept within about 9 of 0."""
    kept = np.clip(chance, 1e-4, 1 - 1e-4)
    return np.asarray(np.log(kept / (1 - kept)))


def taken_back(window: Window, sentences: Mapping[int, Sentence]) -> bool:
    """Whether the window, or one of the next three sentences, takes back what it says."""
    last = max(window.numbers)
    return any(corrects(sentences[n].text) for n in range(last, last + CORRECTION_REACH + 1) if n in sentences)
