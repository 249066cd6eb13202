"""A process that is killed at any moment loses nothing that it had acknowledged, and the next one goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from tests.conftest import ROOT

OF_THE_CONTROL = 30


def counted(*arguments: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.crash.killing", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert ended.returncode == 0, ended.stderr
    print(ended.stdout)
    return json.loads(ended.stdout)


def test_kills_at_random_moments_lose_nothing_double_nothing_and_every_interview_is_finished(kills: int) -> None:
    count = counted("--kills", str(kills))

    assert count["acknowledged"] > kills
    assert (count["lost"], count["doubled"], count["damaged"], count["unfinished"]) == (0, 0, 0, 0)
    assert count["kept_unacknowledged"] <= kills, "at most one answer a kill is on the disk and not yet acknowledged"
    assert count["finished"] > 0
    assert count["interrupted"] > 0, "no reply or grade was ever under way, so the kills came at the wrong moments"


def test_the_kills_find_what_was_acknowledged_too_soon() -> None:
    assert counted("--kills", str(OF_THE_CONTROL), "--too-soon")["lost"] > 0
