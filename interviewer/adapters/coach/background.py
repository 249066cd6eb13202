"""What talk about data engineering has in common, so that having that in common counts for little.

Measured over the shipped scenarios by tools/fit_coach.py: the mean of their sentences' vectors (taking it away is known
as centring; Mu and Viswanath, "All-but-the-top", ICLR 2018), and in how many of them each stem stands (inverse document
frequency).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).parent / "background.json"
LEAST_WEIGHT = 0.2  # of a stem that stands in every scenario; one that stands in none has 1


class Background:
    """The mean vector (384 numbers) and how often each stem stands in `documents` documents."""

    def __init__(self, common: npt.NDArray[np.float32], stems: Mapping[str, int], documents: int) -> None:
        self.common, self._stems, self._documents = common, stems, documents

    @classmethod
    def read(cls, file: Path = FILE) -> Background:
        values = json.loads(file.read_text(encoding="utf-8"))
        return cls(np.array(values["common"], dtype=np.float32), values["stems"], values["documents"])

    def weight(self, stem: str) -> float:
        """How much it tells that a text has this stem, LEAST_WEIGHT to 1."""
        share = math.log((self._documents + 1) / (self._stems.get(stem, 0) + 1)) / math.log(self._documents + 1)
        return LEAST_WEIGHT + (1 - LEAST_WEIGHT) * share


BACKGROUND = Background.read()
