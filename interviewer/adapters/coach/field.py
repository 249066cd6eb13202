"""What is said in the whole field: whether words answer this question, or another one nearly as well or better.

Sentences about data engineering have much in common, so how near one comes to a key point says little by itself: it is
compared with what every other shipped scenario accepts as well. This is known as cohort normalisation (Auckenthaler,
Carey and Lloyd-Thomas, "Score normalization for text-independent speaker verification systems", 2000). tools/field.py
writes the vectors.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from interviewer.domain.scenario import Scenario

FILE = Path(__file__).parent / "field.npz"
REACH = 3  # sentences before and after that belong to the same train of thought
NEAREST = 3  # of them that are compared
THIN = 0.07  # granted to a train of thought of fewer sentences: one alone says less about where it belongs

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]


def accepted(scenario: Scenario) -> list[str]:
    """Every wording that the scenario accepts."""
    return [text for point in scenario.key_points for text in point.accepted]


def digest(scenarios: Mapping[str, Scenario]) -> str:
    """Changes with every text that the field is made of."""
    texts = (text for id in sorted(scenarios) for text in (id, *accepted(scenarios[id])))
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


class Field:
    """The vectors of what the scenarios accept; `made_of` is the digest of the texts."""

    def __init__(self, ids: Sequence[str], firsts: npt.NDArray[np.integer], vectors: Matrix, made_of: str) -> None:
        self.made_of = made_of
        self._ids, self._firsts, self._vectors = tuple(ids), firsts, vectors

    @classmethod
    def read(cls, file: Path = FILE) -> Field:
        with np.load(file, allow_pickle=False) as kept:
            vectors = kept["vectors"].astype(np.float32) * kept["step"]
            return cls(kept["ids"].tolist(), kept["firsts"], vectors, str(kept["made_of"]))

    def margins(self, own: Vector, vectors: Matrix, id: str) -> Vector:
        """How much nearer each sentence, with those around it, comes to its own scenario than to any other: -1 to 1.

        `own` holds each sentence's cosine with the nearest wording of the scenario of this id, which is not among the
        others. Below 0 another scenario is nearer.
        """
        others = [index for index, other in enumerate(self._ids) if other != id]
        cosines = np.maximum.reduceat(vectors @ self._vectors.T, self._firsts, axis=1)[:, others]
        margins = np.zeros(len(own))
        for index in range(len(own)):
            around = slice(max(0, index - REACH), index + REACH + 1)
            near, elsewhere = np.sort(own[around])[-NEAREST:], np.sort(cosines[around], axis=0)[-NEAREST:]
            margins[index] = (
                near.mean() - elsewhere.mean(axis=0).max(initial=-1.0) + (THIN if len(near) < NEAREST else 0.0)
            )
        return margins


def write(file: Path, scenarios: Mapping[str, Scenario], vectors_of: Callable[[Sequence[str]], Matrix]) -> None:
    """Keep the field, its vectors in steps of a 127th of the largest number."""
    ids = sorted(scenarios)
    kept = [vectors_of(accepted(scenarios[id])) for id in ids]
    vectors = np.concatenate(kept)
    step = np.float32(np.abs(vectors).max() / 127)
    np.savez_compressed(
        file,
        ids=np.array(ids),
        firsts=np.cumsum([0, *(len(rows) for rows in kept[:-1])]).astype(np.int32),
        vectors=np.round(vectors / step).astype(np.int8),
        step=step,
        made_of=np.array(digest(scenarios)),
    )


@functools.cache
def shipped() -> Field:
    return Field.read()
