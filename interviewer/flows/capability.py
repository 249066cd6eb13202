"""What may be expected of a model, as far as its name tells: small ones judge badly, and the report says so."""

from __future__ import annotations

import re
from typing import Literal

Shape = Literal["rubric", "points"]  # the whole rubric in one call, or one call a point

# Below this many billion parameters a judge's verdicts are no better than guesses (docs/EVALUATION.md).
RELIABLE_FROM = 7.0

# "llama-3.2-3b-instruct", "qwen2.5:1.5b", "gemma-3-270m", "Mixtral-8x7B", "gemma-3n-E2B": a number and b or m, not
# inside a word. "1m" and "10m" are lengths of the context.
_PARAMETERS = re.compile(r"(?<![a-z0-9.])e?(?:(\d+)x)?(?:(\d+(?:\.\d+)?)b|(\d{3})m)(?![a-z0-9])", re.IGNORECASE)


def parameters(name: str) -> float | None:
    """The number of parameters in billions that the model's name states; None when it states none."""
    found = _PARAMETERS.search(name)
    if found is None:
        return None
    experts, billions, millions = found.groups()
    return int(experts or 1) * (float(billions) if billions else int(millions) / 1000)


def is_practice_only(name: str) -> bool:
    """Whether the model says of itself that it is too small to be relied on as a judge."""
    size = parameters(name)
    return size is not None and size < RELIABLE_FROM


BEST_SHAPE: Shape = "rubric"  # of the two, for the small model that was measured (docs/EVALUATION.md)
