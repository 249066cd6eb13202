"""The lock file fits the project, and the audit says what it found."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from tests.conftest import ROOT
from tools.audit import UNREACHABLE, verdict

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCKED = {
    requirement.name: requirement
    for requirement in (Requirement(line.rstrip(" \\")) for line in re.findall(r"^\S.*", LOCK, re.M) if line[0] != "#")
    if requirement.marker is None or requirement.marker.evaluate(default_environment())
}
WANTED = [*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)]


@pytest.mark.parametrize("wanted", WANTED)
def test_every_dependency_is_locked_to_a_version_that_the_project_takes(wanted: str) -> None:
    requirement = Requirement(wanted)
    (pinned,) = LOCKED[requirement.name].specifier

    assert pinned.operator == "=="
    assert requirement.specifier.contains(pinned.version)


def test_every_locked_package_has_its_hashes_and_no_host_is_named() -> None:
    packages = re.split(r"\n(?=\S)", LOCK[LOCK.index("alembic") :].strip())

    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in LOCK


def test_a_known_hole_is_named_with_the_version_that_mends_it() -> None:
    hole = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"]}
    holes, closing = verdict(
        {
            "dependencies": [
                {"name": "a", "version": "1.0", "vulns": [hole]},
                {"name": "b", "version": "1.0", "vulns": []},
                {"name": "c", "skip_reason": "not found"},
            ]
        }
    )

    assert holes == ["a 1.0: PYSEC-2026-1, mended in 2.0"]
    assert closing == "2 locked packages audited, 1 could not be: 1 known holes."


@pytest.mark.parametrize("report", [{}, {"dependencies": [{"name": "a", "skip_reason": "not found"}]}])
def test_without_advisories_the_audit_says_so_in_one_line(report: dict[str, object]) -> None:
    assert verdict(report) == ([], UNREACHABLE)
