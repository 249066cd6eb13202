"""What the coach looks at: numbers that compare each sentence of the candidate with a key point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from interviewer.adapters.coach.embedder import Embedder
from interviewer.adapters.coach.field import shipped
from interviewer.adapters.coach.lexicon import (
    Lexical,
    TermGroup,
    corrects,
    lexical,
    negates,
    numbers,
    overlap,
    polarity_clash,
    rarity,
    recall,
    rejects,
    statement_share,
    term_group,
    terms_share,
)
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import KeyPoint, Scenario
from interviewer.domain.words import FUNCTION_WORDS, sentences, words

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]

MOST_NUMBERS = 2  # of a window that count
UNKNOWN_MARGIN = 0.1  # assumed where a point has no near-miss, misconception or neighbour to compare with

# Names of the features, in the order of the vector. The shipped coefficients name them too.
WINDOW = (
    "similarity",  # cosine with the nearest accepted wording
    "similarity_two",  # mean over the two nearest
    "over_near_miss",  # similarity minus the cosine with the nearest near-miss
    "over_misconception",  # similarity minus the cosine with the nearest misconception
    "over_other_points",  # similarity minus the cosine with the nearest wording of another point
    "recall",  # weighted share of an accepted wording's stems that are in the window
    "recall_over_misconception",  # that, minus the same for the misconceptions
    "recall_over_near_miss",  # ... and for the near-misses
    "terms",  # share of the point's term groups of which a word is in the window
    "clash",  # share of the stems shared with the nearest wording that only one of the two denies
    "clash_misconception",  # the same for the nearest misconception
    "statement",  # how much the window reads as a statement
    "length",  # words, log scale
    "rejecting",  # it speaks against something
    "pair",  # it is two sentences
    "glue",  # share of function words
    "below_best",  # how far its similarity lies below the best sentence's
    "denied",  # share of its stems that are denied
    "before",  # similarity of the sentence before
    "after",  # similarity of the sentence after
    "correcting",  # it takes something back
    "over_question",  # similarity minus the cosine with the nearest sentence of the question
    "from_question",  # share of its stems that stand in the question
    "numbers_shared",  # its numbers that stand in an accepted wording, at most two
    "numbers_misconception",  # its numbers that stand in misconceptions only, at most two
)
POINT = (
    "support",  # log-odds that the best window conveys the point
    "support_second",  # ... and the second best sentence
    "against",  # log-odds that the worst window contradicts it
    "against_in_support",  # in the best window: contradicting over conveying, log-odds
    "nearness",  # similarity plus recall of the best window: an absolute floor, where the rest is relative
    "recall_all",  # weighted share of the point's own stems anywhere in the answer
    "terms_all",  # share of its term groups anywhere in the answer
    "others_against",  # mean of `against` over the other points
    "others_support",  # mean of `support` over the other points
)


class Wordings(NamedTuple):
    """Texts of one kind with their vectors and words."""

    texts: tuple[str, ...]
    vectors: Matrix
    lexicals: tuple[Lexical, ...]


class PointView(NamedTuple):
    """A key point, ready for comparison."""

    point: KeyPoint
    accepted: Wordings
    near: Wordings
    wrong: Wordings
    question: Wordings
    groups: tuple[TermGroup, ...]
    weights: dict[str, float]


class Window(NamedTuple):
    """One sentence, or two neighbours of one turn, with vector and words. `numbers` are the sentences' numbers."""

    numbers: tuple[int, ...]
    text: str
    vector: npt.NDArray[np.float32]
    words: Lexical


class Comparison(NamedTuple):
    """One key point against everything said: a row of WINDOW features per window, and two numbers on the whole.

    `margins` say of each window how much nearer it comes to this scenario than to any other, `wrong_elsewhere` how near
    to the misconceptions of the other points (a cosine).
    """

    view: PointView
    windows: Sequence[Window]
    features: Vector
    recall_all: float
    terms_all: float
    margins: Vector
    wrong_elsewhere: Vector

    def negated(self, window: Window) -> bool:
        """Whether the window denies an accepted wording, and says none of them as it stands just as well.

        Of two wordings of one point one may say "the files are skipped" and the other "the files are not read".
        """
        accepted = self.view.accepted.lexicals
        denied = max((overlap(window.words, of) for of in accepted if negates(window.words, of)), default=0.0)
        said = max((overlap(window.words, of) for of in accepted if of.negators == window.words.negators), default=0.0)
        return denied > said


def point_views(scenario: Scenario, embedder: Embedder | None) -> tuple[PointView, ...]:
    """The scenario's points with vectors; zero vectors when there is no embedder."""
    points = scenario.key_points
    weights = rarity([" ".join(p.accepted) for p in points])
    asked = lexical(scenario.question).stems
    demoted = {s: (w * 0.4 if s in asked else w) for s, w in weights.items()}
    question = wordings([span.text for span in sentences(scenario.question)], embedder)
    return tuple(
        PointView(
            p,
            wordings(p.accepted, embedder),
            wordings(p.near_misses, embedder),
            wordings(p.misconceptions, embedder),
            question,
            tuple(term_group(group) for group in p.terms),
            demoted,
        )
        for p in points
    )


def wordings(texts: Sequence[str], embedder: Embedder | None) -> Wordings:
    return Wordings(tuple(texts), vectors_of(texts, embedder), tuple(lexical(text) for text in texts))


def vectors_of(texts: Sequence[str], embedder: Embedder | None) -> Matrix:
    if embedder is None:
        return np.zeros((len(texts), 1), dtype=np.float32)
    return embedder.embed(texts)


def windows_of(said: Sequence[Sentence], embedder: Embedder | None) -> list[Window]:
    """Every sentence and every pair of neighbours in one turn: a thought may span two sentences.

    A pair's vector is the unit sum of its two sentences' vectors, so that nothing is embedded twice.
    """
    vectors = vectors_of([sentence.text for sentence in said], embedder)
    singles = [
        Window((sentence.number,), sentence.text, vectors[index], lexical(sentence.text))
        for index, sentence in enumerate(said)
    ]
    pairs = []
    for (first, second), (one, other) in zip(pairwise(said), pairwise(singles), strict=True):
        if first.turn == second.turn:
            text = f"{one.text} {other.text}"
            total = one.vector + other.vector
            norm = float(np.linalg.norm(total)) or 1.0
            pairs.append(Window((*one.numbers, *other.numbers), text, total / norm, lexical(text)))
    return singles + pairs


def compare(
    id: str, views: Sequence[PointView], said: Sequence[Sentence], embedder: Embedder | None
) -> list[Comparison]:
    """Every point of the scenario of this id against the candidate's sentences, in the order of `views`.

    Empty when nothing was said.
    """
    windows = windows_of(said, embedder)
    if not windows or not views:
        return []
    vectors = np.stack([window.vector for window in windows])
    shared = _own_features(windows, said)
    answer = lexical("\n".join(sentence.text for sentence in said))
    features = [
        _window_features(view, [v for v in views if v is not view], windows, vectors, shared, len(said))
        for view in views
    ]
    margins = np.zeros(len(windows))
    wrong = np.array([_nearest(vectors, view.wrong, margins) for view in views])
    if embedder is not None:
        nearest = np.max([rows[:, WINDOW.index("similarity")] for rows in features], axis=0)[: len(said)]
        margins = _margins(windows, said, shipped().margins(nearest, vectors[: len(said)], id))
    return [
        Comparison(
            view,
            windows,
            rows,
            recall(answer, _all_stems(view), view.weights),
            terms_share(answer.stems, view.groups),
            margins,
            np.delete(wrong, row, axis=0).max(axis=0, initial=-1.0),
        )
        for row, (view, rows) in enumerate(zip(views, features, strict=True))
    ]


def _margins(windows: Sequence[Window], said: Sequence[Sentence], of_sentences: Vector) -> Vector:
    """Of each window the lower of its sentences' margins."""
    of_number = {sentence.number: float(margin) for sentence, margin in zip(said, of_sentences, strict=True)}
    return np.array([min(of_number[number] for number in window.numbers) for window in windows])


def _own_features(windows: Sequence[Window], said: Sequence[Sentence]) -> list[dict[str, float]]:
    """What does not depend on the point."""
    position = {sentence.number: index for index, sentence in enumerate(said)}
    own = []
    for window in windows:
        found = words(window.text)
        own.append(
            {
                "statement": statement_share(window.text),
                "length": math.log1p(len(window.text.split())),
                "rejecting": float(rejects(window.text)),
                "pair": float(len(window.numbers) > 1),
                "glue": sum(word in FUNCTION_WORDS for word in found) / max(1, len(found)),
                "denied": len(window.words.denied) / max(1, len(window.words.stems)),
                "correcting": float(corrects(window.text)),
                "first": position[window.numbers[0]],
                "last": position[window.numbers[-1]],
            }
        )
    return own


def _window_features(
    view: PointView,
    others: Sequence[PointView],
    windows: Sequence[Window],
    vectors: Matrix,
    shared: Sequence[dict[str, float]],
    sentence_count: int,
) -> Vector:
    near_accepted = vectors @ view.accepted.vectors.T
    ordered = np.sort(near_accepted, axis=1)
    similarity = ordered[:, -1]
    near_miss, wrong = _nearest(vectors, view.near, similarity), _nearest(vectors, view.wrong, similarity)
    asked = _nearest(vectors, view.question, similarity)
    asked_stems = frozenset().union(*(wording.stems for wording in view.question.lexicals))
    elsewhere = np.max([_nearest(vectors, other.accepted, similarity) for other in others], axis=0, initial=-1.0)
    singles = similarity[:sentence_count]
    right, wrong_only = _numbers_of(view.accepted), _numbers_of(view.wrong) - _numbers_of(view.accepted)
    rows = np.zeros((len(windows), len(WINDOW)))
    for index, (window, own) in enumerate(zip(windows, shared, strict=True)):
        of_wording = best_recall(window.words, view.accepted, view.weights)
        first, last = int(own["first"]), int(own["last"])
        said = numbers(window.text)
        values = {
            **own,
            "similarity": similarity[index],
            "similarity_two": ordered[index, -2:].mean(),
            "over_near_miss": similarity[index] - near_miss[index],
            "over_misconception": similarity[index] - wrong[index],
            "over_other_points": similarity[index] - elsewhere[index] if others else UNKNOWN_MARGIN,
            "recall": of_wording,
            "recall_over_misconception": of_wording - best_recall(window.words, view.wrong, view.weights),
            "recall_over_near_miss": of_wording - best_recall(window.words, view.near, view.weights),
            "terms": terms_share(window.words.stems, view.groups),
            "clash": _clash(window, view.accepted, near_accepted[index]),
            "clash_misconception": _clash(window, view.wrong, view.wrong.vectors @ window.vector),
            "over_question": similarity[index] - asked[index],
            "from_question": len(window.words.stems & asked_stems) / max(1, len(window.words.stems)),
            "numbers_shared": min(MOST_NUMBERS, len(said & right)),
            "numbers_misconception": min(MOST_NUMBERS, len(said & wrong_only)),
            "below_best": singles.max() - similarity[index],
            "before": singles[first - 1] if first > 0 else 0.0,
            "after": singles[last + 1] if last + 1 < sentence_count else 0.0,
        }
        rows[index] = [values[name] for name in WINDOW]
    return rows


def _nearest(vectors: Matrix, wordings: Wordings, similarity: Vector) -> Vector:
    """The highest cosine of each window with any wording; a fixed margin below `similarity` when there are none."""
    return (vectors @ wordings.vectors.T).max(axis=1) if wordings.texts else similarity - UNKNOWN_MARGIN


def _numbers_of(wordings: Wordings) -> frozenset[str]:
    return frozenset().union(*(numbers(text) for text in wordings.texts))


def _clash(window: Window, wordings: Wordings, cosines: npt.NDArray[np.floating]) -> float:
    return polarity_clash(window.words, wordings.lexicals[int(np.argmax(cosines))]) if wordings.texts else 0.0


def _all_stems(view: PointView) -> Lexical:
    return Lexical(frozenset().union(*(wording.stems for wording in view.accepted.lexicals)), frozenset())


def best_recall(text: Lexical, wordings: Wordings, weights: dict[str, float]) -> float:
    """The highest weighted recall of any of the wordings in the text; 0 when there are none."""
    return max((recall(text, other, weights) for other in wordings.lexicals), default=0.0)
