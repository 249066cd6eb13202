"""The documentation says what is so: settings, commands, modules and tables."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from interviewer.cli import commands
from interviewer.settings import Settings
from tests.faults.table import CASES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_readme_and_every_name_there_is_a_setting() -> None:
    named = set(re.findall(r"`((?:INTERVIEWER|OPENAI)_[A-Z_]+)`", README))

    assert named == {field.alias for field in Settings.model_fields.values()}


def test_the_generated_tables_of_the_readme_are_up_to_date() -> None:
    checked = subprocess.run([sys.executable, ROOT / "tools" / "tables.py", "--check"], capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr


def test_every_path_that_the_readme_points_to_exists() -> None:
    table = README.split("## Where do I change it?")[1].split("\n\n")[1]
    paths = re.findall(r"`([\w/.]+)`", table) + re.findall(r"\]\(([\w/.]+)\)", README)

    missing = [path for path in paths if not (ROOT / path).exists()]

    assert missing == []


def test_every_command_of_the_readme_is_known() -> None:
    said = set(re.findall(r"(?:^|`|\| )interviewer ([a-z]+(?: [a-z]+)?)", README, re.MULTILINE))
    assert len(said) >= 5

    for words in (command.split() for command in said):
        result = CliRunner().invoke(commands, [*words[:1], "--help"])
        assert result.exit_code == 0, f"interviewer {' '.join(words)}: {result.output}"


def test_the_commands_that_need_nothing_run_as_the_readme_says() -> None:
    listed = CliRunner().invoke(commands, ["scenarios", "list"])
    graded = CliRunner().invoke(
        commands, ["grade"], input='{"id": "a", "scenario": "hard-31", "answer": "I would cluster by user_id."}\n'
    )

    assert listed.exit_code == 0
    assert "hard-31" in listed.output
    assert graded.exit_code == 0
    assert json.loads(graded.stdout)["id"] == "a"


def test_make_has_the_targets_that_the_documentation_names() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    text = README + "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))

    named = set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE))
    assert {"run", "test", "check", "lock", "load", "eval"} <= named
    for target in named - {"it", "a", "the", "on", "sure"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"make {target}"


def test_every_threat_is_answered_and_every_test_named_there_exists() -> None:
    page = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    table = page.split("<!-- threats -->")[1].split("<!-- end of threats -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    there = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.M)
    }

    assert [row[0] for row in rows] == [f"T{number}" for number in range(1, 21)]
    assert all(len(row) == 4 and all(row) for row in rows)
    assert set(re.findall(r"`(test_\w+)`", table)) <= there


RELIABILITY = (ROOT / "docs" / "RELIABILITY.md").read_text(encoding="utf-8")


def test_every_test_that_the_promises_name_exists() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", RELIABILITY))

    assert len(named) > 10
    assert [name for name in sorted(named) if not re.search(rf"^ *def {name}\(", sources, re.MULTILINE)] == []


def test_every_fault_has_one_row_with_a_promise_and_a_test_in_order() -> None:
    table = RELIABILITY.split("<!-- faults -->")[1].split("<!-- end of faults -->")[0]
    rows = re.findall(r"^\| F(\d+) \| .+? \| \S.+? \| `test_.+` \|$", table, re.MULTILINE)
    numbers = [int(number) for number in rows]

    assert len(numbers) == table.count("\n| F") - 1, "the heading is no row"
    assert numbers == sorted(set(numbers))
    assert {case.row for case in CASES} == {f"F{number}" for number in numbers if number <= 28}
