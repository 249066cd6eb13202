"""What is added to a scenario file leaves every other character of it as it was."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.scenario_edits import edited
from interviewer.adapters.scenario_files import parse_scenario
from interviewer.errors import InputError
from interviewer.flows.authoring import Edit

FILE = """\
---
schema: 1
id: own-clocks   # mine
title: Two clocks
difficulty: hard
level: [senior]
topics: [time]
time_minutes: 20
status: draft
provenance: {origin: notes, licence: MIT}
key_points:
  # the first one matters most
  - id: own-clocks.1
    weight: 50
    text: >
      Trust neither clock:
      order by a sequence number.
    phrasings:
      - I would order by a sequence.   # said often
  - {id: own-clocks.2, weight: 50, text: Keep both times, phrasings: []}
# probes come later
---
## Question
Two clocks disagree. Which one do you trust?
"""


def added(text: str, result: str) -> list[str]:
    """The lines that are new; fails when any other line has changed or gone."""
    difference = list(ndiff(text.splitlines(), result.splitlines()))
    assert not [line for line in difference if line.startswith("- ")]
    return [line[2:] for line in difference if line.startswith("+ ")]


def test_a_value_joins_a_list_behind_its_last_entry() -> None:
    result = edited(FILE, [Edit(("key_points", 0, "phrasings"), 'Neither: "order" by number')])

    assert added(FILE, result) == ['      - "Neither: \\"order\\" by number"']
    assert parse_scenario(result, Path("x.md")).key_points[0].phrasings[1] == 'Neither: "order" by number'


def test_a_list_that_is_not_there_begins_behind_the_last_field() -> None:
    result = edited(FILE, [Edit(("key_points", 0, "misconceptions"), "The newest wins.")])

    assert added(FILE, result) == ["    misconceptions:", '      - "The newest wins."']


def test_fields_in_braces_are_added_to_inside_them() -> None:
    result = edited(
        FILE,
        [Edit(("key_points", 1, "phrasings"), "Both times stay."), Edit(("key_points", 1, "near_misses"), "Times.")],
    )

    point = parse_scenario(result, Path("x.md")).key_points[1]
    assert (point.phrasings, point.near_misses) == (("Both times stay.",), ("Times.",))
    assert "# said often" in result


def test_a_whole_part_is_added_at_the_end() -> None:
    probe: dict[str, Any] = {"id": "p1", "type": "deepen", "targets": ["own-clocks.1"], "when": "any", "ask": "Why?"}
    result = edited(FILE, [Edit(("probes",), probe), Edit(("probes",), {**probe, "id": "p2"})])

    assert [probe.id for probe in parse_scenario(result, Path("x.md")).probes] == ["p1", "p2"]
    assert len(added(FILE, result)) == 3


def test_a_drafted_value_gives_way_and_the_comment_beside_it_stays() -> None:
    result = edited(
        FILE,
        [
            Edit(("key_points", 0, "weight"), 30, sets=True),
            Edit(("key_points", 1, "weight"), 70, sets=True),
            Edit(("status",), "needs_reference", sets=True),
        ],
    )

    assert [point.weight for point in parse_scenario(result, Path("x.md")).key_points] == [30, 70]
    assert "id: own-clocks   # mine" in result
    assert "status: needs_reference\n" in result


def test_a_file_of_plain_yaml_can_be_added_to_as_well() -> None:
    plain = FILE.split("---\n")[1] + "question: Which one?\n"
    result = edited(plain, [Edit(("hints",), {"level": 1, "text": "Think."})])

    assert result.startswith(plain)
    assert result.endswith('hints:\n  - {"level": 1, "text": "Think."}\n')


def test_text_without_a_last_line_end_is_added_to() -> None:
    plain = (FILE.split("---\n")[1] + "question: Which one?").rstrip()

    assert edited(plain, [Edit(("hints",), {"level": 1, "text": "Think."})]).count("question: Which one?\nhints:") == 1


@pytest.mark.parametrize(
    "edit",
    [
        Edit(("key_points", 7, "phrasings"), "x"),
        Edit(("title",), "x"),
        Edit(("nothing", "there"), "x"),
        Edit(("key_points",), "x", sets=True),
        Edit(("key_points", 0, "text"), "x", sets=True),
        Edit(("key_points", 0, "phrasings"), "\ud800"),
    ],
    ids=str,
)
def test_what_has_no_place_is_refused_and_not_forced_in(edit: Edit) -> None:
    with pytest.raises((InputError, UnicodeEncodeError)):
        edited(FILE, [edit])


def test_any_shipped_scenario_can_be_added_to() -> None:
    folder = Path(__file__).parents[2] / "scenarios"
    for path in sorted(folder.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        before = parse_scenario(text, path)
        for index, point in enumerate(before.key_points):
            result = edited(text, [Edit(("key_points", index, "near_misses"), "Something: near")])
            after = parse_scenario(result, path)
            assert after.key_points[index].near_misses == (*point.near_misses, "Something: near")
            assert len(added(text, result)) <= 2
