"""What the coach gives to good answers to another question.

    python tools/foreign.py          # for each scenario five others
    python tools/foreign.py --all    # every scenario under every other one; a quarter of an hour

Every scenario is answered with the reference answers of three scenarios that share no topic with it, and with those of
the two that come nearest to its own. All of them should earn next to nothing; the nearest may share a point or two.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.adapters.coach.matcher import Coach  # noqa: E402
from interviewer.adapters.scenario_files import load_folder  # noqa: E402
from interviewer.flows.proving import FOREIGN_SCORE, score_of  # noqa: E402

FAR, NEAR = 3, 2


def main() -> None:
    everything = sys.argv[1:] == ["--all"]
    scenarios = list(load_folder(ROOT / "scenarios").scenarios.values())
    coach, now = Coach.load(), datetime.now(UTC)
    references = [scenario.reference for scenario in scenarios]
    alike = np.array(coach.alike(references, references))
    np.fill_diagonal(alike, -1.0)
    scores: dict[str, list[int]] = defaultdict(list)
    for index, scenario in enumerate(scenarios):
        far = [other for other in scenarios if not set(other.topics) & set(scenario.topics)]
        chosen = {
            "no topic shared": far if everything else random.Random(scenario.id).sample(far, FAR),
            "the nearest": [scenarios[place] for place in np.argsort(-alike[index])[:NEAR]],
        }
        if everything:
            chosen["any other"] = [other for other in scenarios if other is not scenario]
        for kind, others in chosen.items():
            scores[kind] += [score_of(scenario, coach, other.reference, now) for other in others]
    print(f"| reference answer of another scenario | pairs | mean score | above {FOREIGN_SCORE} |")
    print("|---|---|---|---|")
    for kind, values in scores.items():
        above = np.mean(np.array(values) > FOREIGN_SCORE)
        print(f"| {kind} | {len(values)} | {np.mean(values):.1f} | {above:.1%} |")


if __name__ == "__main__":
    main()
