"""Looks for known holes in the locked dependencies: `python tools/audit.py`. Ends with 1 when it finds one.

Where no advisories can be had within 20 seconds it says so in one line and ends with 0: no network is no finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
SECONDS = 20
UNREACHABLE = "Not audited: the advisories of PyPI cannot be reached from here. Run `make check` again where they can."


def verdict(report: dict[str, Any]) -> tuple[list[str], str]:
    """The holes that pip-audit's report names, one a line, and the closing line."""
    known = [package for package in report.get("dependencies", []) if "vulns" in package]
    if not known:
        return [], UNREACHABLE
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {' or '.join(hole['fix_versions']) or 'none'}"
        for package in known
        for hole in package["vulns"]
    ]
    left_out = len(report["dependencies"]) - len(known)
    more = f", {left_out} could not be" if left_out else ""
    return holes, f"{len(known)} locked packages audited{more}: {len(holes) or 'no'} known holes."


def main() -> None:
    command = [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--requirement", str(LOCK)]
    options = ["--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    try:
        run = subprocess.run([*command, *options], capture_output=True, text=True, timeout=SECONDS)
        report = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        report = {}
    holes, closing = verdict(report)
    print(*holes, closing, sep="\n")
    if holes:
        sys.exit(1)


if __name__ == "__main__":
    main()
