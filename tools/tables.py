"""Renews the generated tables of the documentation from the code: `python tools/tables.py`, or `--check` to compare."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.cli.evaluate import between  # noqa: E402
from interviewer.settings import Settings  # noqa: E402


def settings_table() -> str:
    """Every setting with its default and description, as the code has them."""
    rows = ["| name | default | what it does |", "|---|---|---|"]
    for field in Settings.model_fields.values():
        rows.append(f"| `{field.alias}` | {_in_words(field.default)} | {field.description} |")
    return "\n".join(rows)


def _in_words(default: object) -> str:
    if isinstance(default, Path):
        return "the system's place for user data"
    if isinstance(default, tuple):
        return ", ".join(default)
    return str(default or "")


def headline() -> str:
    """The rows of the coach's table that the README quotes, from docs/EVALUATION.md."""
    page = (ROOT / "docs" / "EVALUATION.md").read_text(encoding="utf-8")
    table = page.split("<!-- coach table -->")[1].split("<!-- end of coach table -->")[0]
    cells = {
        row[0]: row for line in table.splitlines() if (row := [cell.strip() for cell in line.strip("|").split("|")])
    }
    rows = [
        ("credited or not, macro-F1 (95 % interval)", cells["credited or not, macro-F1"][1]),
        ("correlation with the labelled score", cells["score: correlation with the labelled score"][1]),
        ("points credited to lists of keywords (truly 0 %)", cells["keyword salad"][3]),
        (
            f"points credited to confident wrong answers (truly {cells['confident wrong'][2]})",
            cells["confident wrong"][3],
        ),
        (f"points credited to terse experts (truly {cells['expert terse'][2]})", cells["expert terse"][3]),
    ]
    return "\n".join(["| built-in coach | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    file = ROOT / "README.md"
    text = file.read_text(encoding="utf-8")
    renewed = between(text, "settings table", settings_table())
    renewed = between(renewed, "coach headline", headline())
    if options.check and renewed != text:
        sys.exit("README.md: a generated table is out of date; run python tools/tables.py.")
    file.write_text(renewed, encoding="utf-8")


if __name__ == "__main__":
    main()
