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


def a_scenario_file(id: str = "two-clocks", *, origin: str = "original") -> str:
    """A draft with one key point, in our own format."""
    return f"""\
---
schema: 1
id: {id}
title: Two clocks
difficulty: hard
level: [senior]
topics: [time]
time_minutes: 20
status: draft
provenance: {{origin: {origin}, licence: MIT}}
key_points:
  - id: {id}.1
    weight: 100
    text: Trust neither clock, order by a sequence number that one writer gives.
    phrasings: [I would order the events by a sequence number that one writer hands out.]
---
## Question
Two clocks disagree. Which one do you trust?

## Reference answer
Trust neither clock, order by a sequence number that one writer gives.
"""


def a_pack(folder: Path, *, name: str = "clocks", version: str = "1.0", scenario: str = "") -> Path:
    """A folder with a manifest and one scenario, named by its id."""
    text = scenario or a_scenario_file()
    id = text.split("id: ")[1].split("\n")[0]
    (folder / "scenarios").mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        f"schema: 1\nname: {name}\ntitle: Clocks\nversion: '{version}'\nlicence: MIT\n", encoding="utf-8"
    )
    (folder / "scenarios" / f"{id}.md").write_text(text, encoding="utf-8")
    return folder
