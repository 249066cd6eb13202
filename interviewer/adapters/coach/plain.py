"""Judges an answer by nothing but the question and one or several reference answers: how likely it is right."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from interviewer.adapters.coach.embedder import Embedder
from interviewer.adapters.coach.lexicon import Lexical, lexical, polarity_clash, stem, stems_of
from interviewer.domain.coverage import Match
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import KeyPoint, Scenario
from interviewer.domain.words import content_words, sentences, words

Vector = npt.NDArray[np.float64]

WEIGHTS_FILE = Path(__file__).parent / "plain_weights.json"
PARTIAL, COVERED = 0.4, 0.6  # a chance between the two is a partial point
EVIDENCE_COSINE = 0.3  # a sentence without a word of the reference is evidence only above this similarity
KNOWN_WEIGHT = 0.4  # what a word counts that the question gave already
LONG_WORD, LONG_WEIGHT = 7, 1.5  # long words are rare ones
SHORTLIST = 8  # sentences, the nearest ones, that are judged one by one for a point
MOST_WORDS = 400  # different words of a text that are compared one by one with another's
SPREAD = 3.0  # standard deviations beyond which a feature says no more
QUESTION_CHARACTERS = 240  # of a long question the end is the ask; the embedder reads 128 tokens of both

# Names of the features, in the order of the vector. All compare with the nearest reference unless said otherwise.
BY_WORDS = (
    "recall",  # share of its stems that are in the answer
    "precision",  # share of the answer's stems that are in it
    "f1",
    "recall_weighted",  # recall by weight: little for the question's words, more for long ones
    "recall_new",  # recall of the stems that the question does not have
    "precision_new",
    "f1_new",
    "best_recall_new",  # the same two, highest over the references
    "best_f1",
    "grams",  # share of its character 4-grams, recall
    "grams_precision",
    "pairs",  # share of its word pairs
    "pairs_precision",
    "clash",  # share of the shared stems that only one of the two denies
    "denial_differs",  # one of the two denies something, the other does not
    "denies",
    "length_ratio",  # words, log
    "length_gap",  # ... without its sign
    "short",  # words as a share of its words, at most 1
    "length",  # words, log
    "added",  # share of stems that are in no reference and not in the question
    "known",  # share of stems that are in any reference
    "echo",  # share of stems that are in the question
    "new",  # stems that are not in the question, log
    "f1_mean",  # mean over the references
    "references",  # how many there are, log
)
BY_VECTORS = (
    "cosine",
    "best_sentence",  # highest over the answer's sentences
    "beyond_question",  # cosine of what is left of both without the question's direction
    "coverage",  # mean over its sentences of the highest cosine with a sentence of the answer
    "in_context",  # cosine of question and answer together with question and reference
    "soft_recall",  # as recall_weighted, with the nearest word of the answer by cosine
    "soft_new",  # its mean over the words that the question does not have
    "soft_least",  # ... and its lowest
    "soft_precision",
    "soft_precision_new",
    "best_cosine",  # highest over the references
    "cosine_mean",
    "to_question",
    "over_question",  # best_cosine minus to_question
)
ALL = BY_WORDS + BY_VECTORS

_NOTHING = re.compile(
    r"\W*(?:(?:no|empty|blank) (?:response|submission|answer|idea)|n/a|idk|dunno|tell (?:me )?(?:the )?answer|"
    r"(?:sorry )?i (?:do ?n['’]?o?t|dint|have no) (?:really )?(?:know|understand|idea|remember)"
    r"(?: (?:it|this|that))?)\W*",
    re.IGNORECASE,
)


class Features(NamedTuple):
    """One answer in numbers: `values` in the order of ALL, or of BY_WORDS without an embedder.

    `product` is the elementwise product of two vectors, question with answer and question with the nearest reference,
    of the embedder's length; empty without an embedder. Coefficients on it make a similarity that was learned.
    """

    values: Vector
    product: Vector


class _Text(NamedTuple):
    text: str
    stems: frozenset[str]
    words: tuple[str, ...]
    grams: Counter[str]
    lexical: Lexical


class PlainJudge:
    """A logistic model with frozen coefficients. Safe to share between threads; the same input gives the same result.

    tools/fit_plain.py fits it. Its chances hold where as many answers are right as wrong.
    """

    def __init__(self, embedder: Embedder | None, values: Mapping[str, Any]) -> None:
        names = BY_WORDS if embedder is None else ALL
        self._embedder = embedder
        self._columns = [names.index(name) for name in values["features"]]
        self._mean, self._scale, self._coefficients, self._product = (
            np.array(values[name], dtype=np.float64) for name in ("mean", "scale", "coefficients", "product")
        )
        self._intercept = float(values["intercept"])

    @classmethod
    def load(cls, embedder: Embedder | None) -> PlainJudge:
        """With the shipped coefficients, of which there is a set of their own for words without an embedder."""
        values = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
        return cls(embedder, values["lexical" if embedder is None else "embedded"])

    def chance(self, question: str, references: Sequence[str], answer: str) -> float:
        """The probability (0 to 1) that the answer is right; 0 when it says nothing.

        Each of the `references` is a right answer on its own. Raises ValueError when there is none with a word.
        """
        given = [reference for reference in references if content_words(reference)]
        if not given:
            raise ValueError("an answer cannot be judged without a reference")
        if says_nothing(answer):
            return 0.0
        found = features(question, given, answer, self._embedder)
        scaled = np.clip((found.values[self._columns] - self._mean) / self._scale, -SPREAD, SPREAD)
        logit = self._intercept + float(scaled @ self._coefficients)
        if len(self._product):
            logit += float(found.product @ self._product)
        return 1 / (1 + math.exp(-logit))

    def matches(self, scenario: Scenario, said: Sequence[Sentence]) -> Iterator[Match]:
        """One match a key point, each point's text being a reference. `said` holds what may be evidence.

        A scenario's only point is judged by the whole answer; of several, each by the sentence, or the two neighbours,
        that come nearest to it. Nothing is credited without a sentence that is about the point.
        """
        alone = len(scenario.key_points) == 1
        near, about = self._nearness([point.text for point in scenario.key_points], scenario.question, said)
        for column, point in enumerate(scenario.key_points):
            ranked = sorted(np.flatnonzero(about[:, column]), key=lambda row: -near[row, column])
            yield self._match(scenario.question, point, said, [int(row) for row in ranked[:SHORTLIST]], whole=alone)

    def _match(
        self, question: str, point: KeyPoint, said: Sequence[Sentence], shortlist: Sequence[int], *, whole: bool
    ) -> Match:
        """`shortlist` holds the positions in `said` of the sentences that may be evidence for this point."""

        def chance(parts: Sequence[Sentence]) -> float:
            return self.chance(question, [point.text], " ".join(part.text for part in parts))

        if not shortlist:
            return Match(key_point=point.id, finding="missed")
        chances = {position: chance(said[position : position + 1]) for position in shortlist}
        best = max(shortlist, key=chances.__getitem__)
        numbers: tuple[int, ...] = (said[best].number,)
        strength = chance(said) if whole else chances[best]
        for one, other in () if whole else pairwise(said[max(0, best - 1) : best + 2]):
            if one.turn == other.turn and (both := chance((one, other))) > strength:
                strength, numbers = both, (one.number, other.number)
        found = {"key_point": point.id, "strength": round(strength, 4)}
        if strength >= COVERED:
            return Match(**found, finding="covered", sentences=numbers, reason="said in substance")
        if strength >= PARTIAL:
            return Match(**found, finding="partial", sentences=numbers, reason="said in part")
        return Match(**found, finding="missed")

    def _nearness(
        self, references: Sequence[str], question: str, said: Sequence[Sentence]
    ) -> tuple[Vector, npt.NDArray[np.bool_]]:
        """How near each sentence is to each reference, and whether it is about it (both n sentences x n references).

        It is when it has a word of the reference that the question does not have, or is similar as a whole.
        """
        asked = frozenset(stems_of(question))
        ours = [frozenset(stems_of(sentence.text)) for sentence in said]
        theirs = [frozenset(stems_of(reference)) for reference in references]
        shape = (len(said), len(references))
        near = np.array([_f1(one, other) for one in ours for other in theirs]).reshape(shape)
        shares = np.array([bool(one & (other - asked)) for one in ours for other in theirs], dtype=bool).reshape(shape)
        if self._embedder is None:
            return near, shares | (near > 0)
        cosines = _embed(self._embedder, [sentence.text for sentence in said]) @ _embed(self._embedder, references).T
        return near + cosines, shares | (cosines >= EVIDENCE_COSINE)


def is_plain(scenario: Scenario) -> bool:
    """Whether the key points have nothing but their text: no other wordings, no misconceptions, no near-misses."""
    return bool(scenario.key_points) and not any(
        point.phrasings or point.misconceptions or point.near_misses or point.strong or point.terms
        for point in scenario.key_points
    )


def says_nothing(answer: str) -> bool:
    """Whether the answer is blank, has no word that carries meaning, or only says that there is none."""
    return not content_words(answer) or bool(_NOTHING.fullmatch(answer))


def features(question: str, references: Sequence[str], answer: str, embedder: Embedder | None) -> Features:
    """What the model looks at. `references` holds at least one text with a word."""
    asked, said = frozenset(stems_of(question)), _text(answer)
    texts = [_text(reference) for reference in references]
    f1 = [_f1(text.stems, said.stems) for text in texts]
    new = [_share(text.stems - asked, said.stems) for text in texts]
    if embedder is None:
        nearest = _nearest([a + b for a, b in zip(f1, (_overlap(t.grams, said.grams) for t in texts), strict=True)])
        return Features(np.array(_word_features(asked, texts, nearest, said, f1, new)), np.zeros(0))
    by_vectors, product, nearest = _vector_features(question, texts, said, f1, embedder)
    return Features(np.array([*_word_features(asked, texts, nearest, said, f1, new), *by_vectors]), product)


def _word_features(
    asked: frozenset[str], texts: Sequence[_Text], nearest: int, said: _Text, f1: Sequence[float], new: Sequence[float]
) -> list[float]:
    near, every = texts[nearest], frozenset().union(*(text.stems for text in texts))
    weight = _weights(near, asked)
    ratio = math.log((len(said.words) + 1) / (len(near.words) + 1))
    of_near, of_said = Counter(pairwise(near.words)), Counter(pairwise(said.words))
    values = {
        "recall": _share(near.stems, said.stems),
        "precision": _share(said.stems, near.stems),
        "f1": f1[nearest],
        "recall_weighted": sum(w for s, w in weight.items() if s in said.stems) / (sum(weight.values()) or 1.0),
        "recall_new": new[nearest],
        "precision_new": _share(said.stems - asked, near.stems),
        "f1_new": _f1(near.stems - asked, said.stems - asked),
        "best_recall_new": max(new),
        "best_f1": max(f1),
        "grams": _overlap(near.grams, said.grams),
        "grams_precision": _overlap(said.grams, near.grams),
        "pairs": _overlap(of_near, of_said),
        "pairs_precision": _overlap(of_said, of_near),
        "clash": polarity_clash(said.lexical, near.lexical),
        "denial_differs": float(bool(said.lexical.denied) != bool(near.lexical.denied)),
        "denies": float(bool(said.lexical.denied)),
        "length_ratio": ratio,
        "length_gap": abs(ratio),
        "short": min(1.0, math.exp(ratio)),
        "length": math.log1p(len(said.words)),
        "added": len(said.stems - asked - every) / max(1, len(said.stems)),
        "known": _share(said.stems, every),
        "echo": _share(said.stems, asked),
        "new": math.log1p(len(said.stems - asked)),
        "f1_mean": sum(f1) / len(f1),
        "references": math.log(len(texts)),
    }
    return [values[name] for name in BY_WORDS]


def _vector_features(
    question: str, texts: Sequence[_Text], said: _Text, f1: Sequence[float], embedder: Embedder
) -> tuple[list[float], Vector, int]:
    """The features, the product, and which reference is the nearest."""
    cosines = _embed(embedder, [text.text for text in texts]) @ _embed(embedder, [said.text])[0]
    nearest = _nearest([cosine + overlap for cosine, overlap in zip(cosines, f1, strict=True)])
    near, ask = texts[nearest], _ask(question)
    asked, own, other, own_asked, other_asked = _embed(
        embedder, [question, said.text, near.text, f"{ask} {said.text}", f"{ask} {near.text}"]
    )
    parts = _embed(embedder, [span.text for span in sentences(said.text)])
    their_parts = _embed(embedder, [span.text for span in sentences(near.text)])
    known = frozenset(stems_of(question))
    our_words, their_words = (list(dict.fromkeys(content_words(text.text)))[:MOST_WORDS] for text in (said, near))
    near_words = _embed(embedder, our_words) @ _embed(embedder, their_words).T  # answer x reference
    weight = np.array([_weight(word, known) for word in their_words])
    of_theirs, of_ours = near_words.max(axis=0), near_words.max(axis=1)
    new_theirs = of_theirs[[stem(word) not in known for word in their_words]]
    new_ours = of_ours[[stem(word) not in known for word in our_words]]
    values = {
        "cosine": cosines[nearest],
        "best_sentence": (parts @ other).max(),
        "beyond_question": _unit(own - (own @ asked) * asked) @ _unit(other - (other @ asked) * asked),
        "coverage": (parts @ their_parts.T).max(axis=0).mean(),
        "in_context": own_asked @ other_asked,
        "soft_recall": of_theirs @ weight / weight.sum(),
        "soft_new": new_theirs.mean() if len(new_theirs) else of_theirs.mean(),
        "soft_least": new_theirs.min() if len(new_theirs) else of_theirs.min(),
        "soft_precision": of_ours.mean(),
        "soft_precision_new": new_ours.mean() if len(new_ours) else 0.0,
        "best_cosine": cosines.max(),
        "cosine_mean": cosines.mean(),
        "to_question": own @ asked,
        "over_question": cosines.max() - own @ asked,
    }
    return [float(values[name]) for name in BY_VECTORS], own_asked * other_asked, nearest


def _text(text: str) -> _Text:
    found = words(text)
    padded = f" {' '.join(found)} "
    grams = Counter(padded[start : start + 4] for start in range(len(padded) - 3))
    return _Text(text, frozenset(stems_of(text)), tuple(found), grams, lexical(text))


def _weights(text: _Text, asked: frozenset[str]) -> dict[str, float]:
    return {stem(word): _weight(word, asked) for word in content_words(text.text)}


def _weight(word: str, asked: frozenset[str]) -> float:
    return (KNOWN_WEIGHT if stem(word) in asked else 1.0) * (LONG_WEIGHT if len(word) >= LONG_WORD else 1.0)


def _ask(question: str) -> str:
    """The last sentences of the question, as many as fit; the last one in any case."""
    kept = ""
    for span in reversed(sentences(question)):
        if kept and len(span.text) + len(kept) > QUESTION_CHARACTERS:
            break
        kept = f"{span.text} {kept}".strip()
    return kept


def _embed(embedder: Embedder, texts: Sequence[str]) -> Vector:
    return embedder.embed(texts).astype(np.float64)


def _nearest(ranks: Sequence[float]) -> int:
    return max(range(len(ranks)), key=ranks.__getitem__)


def _share(of: frozenset[str], there: frozenset[str]) -> float:
    return len(of & there) / len(of) if of else 0.0


def _f1(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / max(1, len(one) + len(other))


def _overlap(of: Counter[Any], there: Counter[Any]) -> float:
    return (of & there).total() / max(1, of.total())


def _unit(vector: Vector) -> Vector:
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm > 1e-9 else vector
