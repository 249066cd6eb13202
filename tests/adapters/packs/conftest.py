"""The collections of fixtures, as the import reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from interviewer.adapters.packs.found import Found, Page
from interviewer.adapters.packs.importing import Plan, plan_import, read_page
from interviewer.adapters.packs.sources import File, files_of

FIXTURES = Path(__file__).parents[2] / "fixtures" / "packs"

Importing = Callable[..., Plan]


def page_of(name: str) -> Page:
    """What is found in one of the fixtures."""
    file = next(iter(files_of(FIXTURES / name)))
    assert isinstance(file, File)
    return read_page(file)


def page_from(text: str | bytes, name: str = "page.md") -> Page:
    return read_page(File(name, text.encode() if isinstance(text, str) else text))


def found_in(name: str) -> dict[str, Found]:
    """The questions of a fixture by their titles, or by themselves where they have none."""
    return {found.title or found.question: found for found in page_of(name).found}


@pytest.fixture
def importing(tmp_path: Path) -> Importing:
    """Plans an import of texts by their file names into the folder "library"."""

    def planned(**texts: str | bytes) -> Plan:
        files = [
            File(name.replace("__", "."), text if isinstance(text, bytes) else text.encode())
            for name, text in texts.items()
        ]
        return plan_import(files, tmp_path / "library")

    return planned
