"""Measures the field that answers are compared with, and writes interviewer/adapters/coach/field.npz.

python tools/field.py    # after any change of a shipped scenario; half a minute
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.adapters.coach.embedder import Embedder  # noqa: E402
from interviewer.adapters.coach.field import FILE, write  # noqa: E402
from interviewer.adapters.coach.matcher import FOLDER  # noqa: E402
from interviewer.adapters.scenario_files import load_folder  # noqa: E402


def main() -> None:
    scenarios = load_folder(ROOT / "scenarios").scenarios
    write(FILE, scenarios, Embedder.load(FOLDER / "model").embed)
    print(f"{FILE.relative_to(ROOT)}: {len(scenarios)} scenarios, {FILE.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
