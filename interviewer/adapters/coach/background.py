"""What all talk about data engineering has in common, so that having it in common does not count as being on topic.

The mean vector of the shipped scenarios' sentences, measured by tools/fit_coach.py. Taking it away is known as centring
(Mu and Viswanath, "All-but-the-top", ICLR 2018).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).parent / "background.json"


def read_common(file: Path = FILE) -> npt.NDArray[np.float32]:
    """The mean vector, 384 numbers."""
    return np.array(json.loads(file.read_text(encoding="utf-8"))["common"], dtype=np.float32)


COMMON = read_common()
