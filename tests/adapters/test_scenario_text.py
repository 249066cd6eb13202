"""A scenario that is saved again changes no more of its file than what was changed in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.scenario_files import SECTIONS, read_values
from interviewer.adapters.scenario_text import fresh, revised
from interviewer.bootstrap import resources
from interviewer.domain.manuscript import keyed, plain
from interviewer.errors import InputError, ScenarioError

PATH = Path("own-clocks.md")
SHIPPED = sorted((resources() / "scenarios").glob("*.md"))
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

# what counts
key_points:
  # the first one matters most
  - id: own-clocks.1
    weight: 50  # half of it
    text: >
      Trust neither clock:
      order by a sequence number.
    phrasings:
      - I would order by a sequence.   # said often
      - Neither of them is right.
  # the second one
  - {id: own-clocks.2, weight: 50, text: Keep both times, phrasings: []}
# probes come later
---
## Question
Two clocks disagree.  Which one do you trust?

## Context
- Q: How far apart
  are they? A: A second.

## Reference answer
Neither. <!-- say why -->
"""


def change(values: dict[str, Any], name: str) -> None:
    """The change of this name, in place."""
    points = values["key_points"]
    match name:
        case "title":
            values["title"] = "Three clocks: a farce"
        case "weights":
            points[0]["weight"], points[1]["weight"] = 60, 40
        case "long text":
            points[0]["text"] = "Order by a sequence number that one writer gives. " * 4
        case "phrasing":
            points[0]["phrasings"][1] = "Both are wrong."
        case "another phrasing":
            points[0]["phrasings"].append("A counter decides.")
        case "no phrasings":
            points[0]["phrasings"] = []
        case "order":
            points.reverse()
        case "first gone":
            del points[0]
        case "another point":
            points.append({"id": "own-clocks.3", "weight": 1, "text": "New: it is"})
        case "new field":
            points[0]["why"] = "Time lies."
        case "new list":
            values["probes"] = [{"id": "p1", "type": "clarify", "targets": ["own-clocks.1"], "ask": "Why?"}]
        case "question":
            values["question"] = "Three clocks disagree.\n\nAnd now?"
        case "no context":
            del values["context"]
        case "sources":
            values["sources"] = ["https://a.b says so", "a book"]
        case "field gone":
            del values["provenance"]["licence"]


CHANGES = (
    "title",
    "weights",
    "long text",
    "phrasing",
    "another phrasing",
    "no phrasings",
    "order",
    "first gone",
    "another point",
    "new field",
    "new list",
    "question",
    "no context",
    "sources",
    "field gone",
)


def changed(*names: str, text: str = FILE) -> tuple[str, dict[str, Any]]:
    """The text after these changes, and the values that it should hold."""
    values = plain(keyed(read_values(text, PATH)))
    for name in names:
        change(values, name)
    result = revised(text, values, PATH)
    assert result.keeps_comments
    return result.text, values


def gone(before: str, after: str) -> list[str]:
    return [line[2:] for line in ndiff(before.splitlines(), after.splitlines()) if line.startswith("- ")]


def come(before: str, after: str) -> list[str]:
    return [line[2:] for line in ndiff(before.splitlines(), after.splitlines()) if line.startswith("+ ")]


def test_without_a_change_not_a_byte_is_another() -> None:
    assert changed()[0] == FILE


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_stays_as_it_is_and_its_values_make_a_new_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    values = plain(keyed(read_values(text, path)))

    assert revised(text, values, path).text == text
    assert plain(keyed(read_values(fresh(values), path))) == values


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_in_the_file_and_every_comment_that_is_not_about_it_too(name: str) -> None:
    text, values = changed(name)

    assert plain(keyed(read_values(text, PATH))) == plain(values)
    about = {
        "first gone": {"# the first one matters most", "# half of it", "# said often"},
        "no phrasings": {"# said often"},
    }
    for comment in ("# mine", "# what counts", "# the first one matters most", "# half of it", "# said often"):
        assert comment in text or comment in about.get(name, ())
    assert "# the second one" in text


def test_all_changes_together_hold_too() -> None:
    names = [name for name in CHANGES if name not in ("no phrasings", "first gone")]
    text, values = changed(*names)

    assert plain(keyed(read_values(text, PATH))) == plain(values)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("title", ["title: Two clocks"], ["title: 'Three clocks: a farce'"]),
        ("phrasing", ["      - Neither of them is right."], ["      - Both are wrong."]),
        ("another phrasing", [], ["      - A counter decides."]),
        ("new field", [], ["    why: Time lies."]),
        ("sources", [], ["", "## Sources", "- https://a.b says so", "- a book"]),
    ],
)
def test_a_small_change_is_a_small_difference(name: str, before: list[str], after: list[str]) -> None:
    text, _ = changed(name)

    assert gone(FILE, text) == before
    assert come(FILE, text) == after


def test_a_weight_keeps_the_comment_on_its_line() -> None:
    assert "    weight: 60  # half of it\n" in changed("weights")[0]


def test_a_moved_point_takes_its_comment_along() -> None:
    text, _ = changed("order")

    assert text.index("# the second one") < text.index("own-clocks.2") < text.index("# the first one matters most")


def test_a_file_of_yaml_alone_is_changed_in_its_places() -> None:
    text = "schema: 1\nid: own-x  # mine\ntitle: One\nquestion: |\n  What?\n\n  Why?\n"
    values = {**read_values(text, Path("own-x.yaml")), "title": "Two", "question": "What now?"}

    result = revised(text, values, Path("own-x.yaml")).text

    assert "id: own-x  # mine\ntitle: Two\n" in result
    assert read_values(result, Path("own-x.yaml")) == values


def test_a_file_that_cannot_be_changed_in_places_is_written_anew_and_says_so() -> None:
    front = {name: value for name, value in read_values(FILE, PATH).items() if name not in SECTIONS}
    text = f"---\n# on one line\n{json.dumps(front)}\n---\n" + FILE.partition("\n---\n")[2]
    values = plain(keyed(read_values(text, PATH)))
    values["key_points"][0]["text"] = "Another one."

    result = revised(text, values, PATH)

    assert not result.keeps_comments
    assert plain(keyed(read_values(result.text, PATH))) == values


@pytest.mark.parametrize(
    "front",
    ["- a list\n", "only words\n", "~\n", "1: a\ntitle: One\n", "? [a]\n: b\n", "true: a\n", "# nothing\n", "a: [\n"],
)
def test_a_front_of_an_unusual_form_is_written_anew(front: str) -> None:
    values = plain(keyed(read_values(FILE, PATH)))

    result = revised(f"---\n{front}---\n" + FILE.partition("\n---\n")[2], values, PATH)

    assert plain(keyed(read_values(result.text, PATH))) == values


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "yaml in a title": lambda values: values.update(title="a: [b, {c: !!python/object d}] # e"),
    "a number": lambda values: values.update(title="2026"),
    "a date": lambda values: values.update(title="2026-11-23"),
    "a word for no": lambda values: values.update(title="no"),
    "three dashes": lambda values: values["key_points"][0].update(text="---\n---\nstatus: reviewed"),
    "tabs and quotes": lambda values: values["key_points"][0].update(text='\t"it\'s" \\ | > & * ! %'),
    "control characters": lambda values: values["key_points"][0].update(text="a\x07b\u2028c\u0085d"),
    "other scripts": lambda values: values.update(title="時計が二つ 🕰 àéî"),
    "a list of one dash": lambda values: values["key_points"][0].update(phrasings=["-", "- a", "? b", "# c"]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_typed_is_read_back_as_it_was_typed_whatever_it_looks_like(name: str) -> None:
    values = plain(keyed(read_values(FILE, PATH)))
    HOSTILE[name](values)

    for text in (fresh(values), revised(FILE, values, PATH).text):
        assert plain(keyed(read_values(text, PATH))) == plain(copy.deepcopy(values))


def test_a_text_that_would_be_read_as_something_else_is_refused() -> None:
    values = plain(keyed(read_values(FILE, PATH)))

    with pytest.raises((InputError, ScenarioError)):
        revised(FILE, {**values, "question": "What?\n## Sources\n- a lie"}, PATH)
    with pytest.raises((InputError, ScenarioError)):
        fresh({**values, "reference": "```\nnever closed"})
