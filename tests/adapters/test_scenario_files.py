"""Whatever a scenario file holds, it is a scenario or a list of one-line problems with file, line and field."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from interviewer.adapters.scenario_files import (
    exhibit_path,
    lint_warnings,
    load_folder,
    read_scenario,
    scenario_hash,
)
from interviewer.errors import FileProblem, ScenarioError
from tests.conftest import ROOT

GOOD = """\
---
schema: 1
id: webhook
title: A webhook that delivers twice
difficulty: medium
level: [mid, senior]
topics: [delivery]
time_minutes: 15
status: draft
provenance: {origin: original, licence: MIT}
key_points:
  - id: cause
    weight: 60
    text: The sender delivers at least once.
    facts:
      - {text: It waits five seconds, verified_on: 2025-01-01, volatile: true}
  - id: key
    weight: 40
    text: Record the event id under a unique constraint.
probes:
  - id: p1
    type: clarify
    targets: [cause]
    ask: What could make the event arrive twice?
    strong: Retries.
    weak: The network.
hints:
  - {level: 1, text: Think about the sender.}
  - {level: 2, text: What do both copies have in common?}
  - {level: 3, text: Let the database refuse one., spoiler_terms: [unique constraint]}
exhibits:
  - {id: e1, title: Log, kind: log, file: exhibits/log.txt, asked_by: [log], made: synthetic}
---
## Question
A provider calls your webhook. Some customers are charged twice.

```sql
## not a heading
SELECT 1
```
## Context
- Q: How many events? A: About fifty
  per second.
## Reference answer
The provider only promises to deliver at least once, so a second copy is normal.
## Sources
- https://example.com/webhooks
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exhibits").mkdir()
    (tmp_path / "exhibits" / "log.txt").write_text("a line", encoding="utf-8")
    return tmp_path


def written(folder: Path, text: str | bytes, name: str = "webhook.md") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return path


def replaced(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, f"{old!r} stands {GOOD.count(old)} times"
    return GOOD.replace(old, new)


def problems_of(path: Path) -> list[FileProblem]:
    with pytest.raises(ScenarioError) as raised:
        read_scenario(path)
    return list(raised.value.problems)


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(GOOD.splitlines(), 1) if text in line)


def assert_one_line_each(problems: list[FileProblem]) -> None:
    for problem in problems:
        assert len(str(problem).splitlines()) == 1
        assert len(str(problem)) < 500
        assert "Traceback" not in str(problem)
        assert str(ROOT) not in str(problem)
        assert "pydantic" not in str(problem)


def test_a_good_file_is_read_with_its_sections(folder: Path) -> None:
    scenario = read_scenario(written(folder, GOOD))

    assert scenario.id == "webhook"
    assert scenario.question.startswith("A provider calls")
    assert "## not a heading" in scenario.question
    assert scenario.context[0].answer == "About fifty per second."
    assert scenario.reference.startswith("The provider")
    assert scenario.sources == ("https://example.com/webhooks",)


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_make_no_difference(ending: str, folder: Path) -> None:
    assert read_scenario(written(folder, GOOD.replace("\n", ending))) == read_scenario(written(folder, GOOD, "b.md"))


def test_a_byte_order_mark_makes_no_difference(folder: Path) -> None:
    assert read_scenario(written(folder, "\ufeff" + GOOD)).id == "webhook"


def test_the_same_fields_may_be_written_as_plain_yaml(folder: Path) -> None:
    front = GOOD.split("---\n")[1]
    scenario = read_scenario(written(folder, f"{front}question: What do you do?\nreference: Retry.\n", "webhook.yaml"))

    assert scenario.question == "What do you do?"


@pytest.mark.parametrize(
    ("text", "field", "at", "message"),
    [
        (replaced("title: A", "titel: A"), "titel", "title: A", "unknown field"),
        (replaced("    weight: 60", "    wieght: 60"), "key_points[0].wieght", "    weight: 60", "unknown field"),
        (replaced("    weight: 60", "    weight: 61"), "key_points", "key_points:", "weights sum to 101, not 100"),
        (replaced("    weight: 60", "    weight: many"), "key_points[0].weight", "    weight: 60", "integer"),
        (replaced("    weight: 60", "    weight: -60"), "key_points[0].weight", "    weight: 60", "greater than"),
        (replaced("    weight: 60", f"    weight: {'9' * 5000}"), "key_points[0].weight", "    weight: 60", ""),
        (replaced("    targets: [cause]\n", ""), "probes[0].targets", "- id: p1", "is missing"),
        (replaced("targets: [cause]", "targets: []"), "probes[0].targets", "targets: [cause]", "at least 1"),
        (
            replaced("targets: [cause]", "targets: [x]"),
            "probes[0].targets",
            "targets: [cause]",
            "unknown key point 'x'",
        ),
        (replaced("{level: 1,", "{level: 2,"), "hints", "hints:", "levels are [2, 2, 3]"),
        (replaced("{level: 3,", "{level: 4,"), "hints[2].level", "level: 3", "should be 1, 2 or 3"),
        (
            replaced("Think about the sender.", "Use a unique constraint."),
            "hints[0].text",
            "{level: 1",
            "gives away the spoiler term",
        ),
        (
            replaced("arrive twice?", "break the Unique Constraint?"),
            "probes[0].ask",
            "ask: What",
            "gives away the spoiler term",
        ),
        (
            replaced("Some customers are", "Would a unique-constraint help? Some are"),
            "question",
            "## Question",
            "gives away the spoiler term",
        ),
        (replaced("status: draft", "status: reviewed"), "key_points", "key_points:", "4 to 7"),
        (replaced("status: draft", "status: final"), "status", "status: draft", "should be"),
        (replaced("file: exhibits/log.txt", "file: exhibits/none.txt"), "exhibits[0].file", "file: exh", "no file"),
        (replaced("file: exhibits/log.txt", "file: ../../etc/passwd"), "exhibits[0].file", "file: exh", "no file"),
        (replaced("file: exhibits/log.txt", "file: /etc/passwd"), "exhibits[0].file", "file: exh", "no file"),
        (replaced("file: exhibits/log.txt", 'file: "a\\0b"'), "exhibits[0].file", "file: exh", "no file"),
        (replaced("file: exhibits/log.txt", f"file: {'x' * 5000}"), "exhibits[0].file", "file: exh", "no file"),
        (replaced("file: exhibits/log.txt", 'file: "a\\nb"'), "exhibits[0].file", "file: exh", "no file"),
        (replaced("title: A", "id: webhook\ntitle: A"), "id", "title: A", "stands twice"),
        (replaced("title: A", '"ti\\ntle": x\ntitle: A'), None, "title: A", "unknown field"),
        (replaced("title: A", f"{'k' * 900}: x\ntitle: A"), None, "title: A", "unknown field"),
        (replaced("title: A webhook", "title: !!python/object/apply:os.system [ls]\nx: A"), None, "title: A", "tag"),
        (replaced("title: A webhook", "title: !!str A"), None, "title: A", "tag"),
        (replaced("title: A webhook", f"title: !{'t' * 900} A"), None, "title: A", "tag"),
        (replaced("title: A webhook", "title: &a A"), None, "title: A", "anchor"),
        (replaced("title: A webhook", "title: *a"), None, "title: A", "anchor"),
        (replaced("title: A", "<<: {a: 1}\ntitle: A"), "<<", "title: A", "unknown field"),
        (replaced("title: A", "? [a]\n: b\ntitle: A"), None, "title: A", "not plain text"),
        (replaced("title: A", "\ttitle: A"), None, None, "is not valid YAML"),
        (replaced("title: A", "title: A: b: c\nx"), None, None, "is not valid YAML"),
        (replaced("title: A", "title: \x07A"), None, None, "character"),
        (replaced("title: A", 'title: "\\ud800"\nx: A'), None, None, "is not valid YAML"),
        (replaced("time_minutes: 15", "time_minutes: 12:30"), "time_minutes", "time_minutes", "integer"),
        (replaced("## Sources", "## Question"), "question", "## Sources", "stands twice"),
        (replaced("## Sources", "## Answers"), None, "## Sources", "unknown section"),
        (replaced("## Sources", f"## {'x' * 900}"), None, "## Sources", "unknown section"),
        (replaced("## Reference answer", "##Reference answer"), None, "## Reference", "'## Reference answer'"),
        (replaced("## Reference answer", "### Reference answer"), None, "## Reference", "'## Reference answer'"),
        (replaced("## Reference answer", "# Reference Answer:"), None, "## Reference", "'## Reference answer'"),
        (replaced("SELECT 1\n```", "SELECT 1"), "question", "```sql", "not closed"),
        (replaced("A: About fifty", "about fifty"), "context[0]", "- Q: How", "'- Q: … A: …'"),
        (replaced("- Q: How many events? A: About fifty", "fifty"), "context", "- Q: How", "'- Q: … A: …'"),
        (replaced("---\n## Question", "---\nstray\n## Question"), None, None, "text before the first section"),
    ],
)
def test_every_mistake_is_one_line_with_file_line_and_field(
    text: str, field: str | None, at: str | None, message: str, folder: Path
) -> None:
    began = time.process_time()

    problems = problems_of(written(folder, text))

    assert time.process_time() - began < 1
    assert_one_line_each(problems)
    fitting = [
        problem for problem in problems if message in problem.message and (field is None or problem.field == field)
    ]
    assert fitting, [str(problem) for problem in problems]
    assert fitting[0].file == f"{folder.name}/webhook.md"
    if at is not None:
        assert fitting[0].line == line_of(at)
    assert fitting[0].line > 0


HUGE: dict[str, Callable[[], str | bytes]] = {
    "empty": lambda: "",
    "blank": lambda: "\n\n\n",
    "only dashes": lambda: "---\n---\n",
    "no front matter": lambda: "# A page\n\nSome text.",
    "front matter without end": lambda: GOOD.replace("---\n## Question", "## Question"),
    "a list": lambda: "---\n- a\n- b\n---\n## Question\nx",
    "a word": lambda: "---\nhello\n---\n## Question\nx",
    "two documents": lambda: "a: 1\n---\nb: 2\n",
    "not UTF-8": lambda: GOOD.encode().replace(b"webhook that", b"webhook \xff\xfe that"),
    "UTF-16": lambda: GOOD.encode("utf-16"),
    "lone surrogate": lambda: GOOD.replace("delivers twice", "delivers \ud800 twice"),
    "NUL": lambda: GOOD.replace("delivers twice", "delivers \x00 twice"),
    "binary": lambda: bytes(range(256)) * 900,
    "one megabyte": lambda: GOOD + "x" * 1_000_000,
    "alias bomb": lambda: (
        "---\na0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)) + "---\n"
    ),
    "20,000 brackets": lambda: "---\na: " + "[" * 20_000 + "]" * 20_000 + "\n---\n",
    "20,000 open brackets": lambda: "---\na: " + "[" * 20_000 + "\n---\n",
    "20,000 braces": lambda: "---\na: " + "{a: " * 20_000 + "\n---\n",
    "20,000 nested lists": lambda: "---\n" + "- " * 20_000 + "\n---\n",
    "deep indents": lambda: "---\n" + "".join(f"{' ' * n}a:\n" for n in range(700)) + "---\n",
    "100,000 values": lambda: "---\na: [" + "1," * 100_000 + "]\n---\n",
    "30,000 keys": lambda: "---\n" + "".join(f"k{n}: 1\n" for n in range(20_000)) + "---\n",
    "a quarter megabyte of question": lambda: GOOD.replace("## Context", "word " * 50_000 + "\n## Context"),
    "thousands of spoiler terms": lambda: GOOD.replace(
        "[unique constraint]", "[" + ", ".join(f"term{n}" for n in range(6_000)) + "]"
    ).replace(
        "  - id: p1",
        "".join(
            f"  - {{id: q{n}, type: clarify, targets: [cause], ask: Why {n}?, strong: a, weak: b}}\n"
            for n in range(600)
        )
        + "  - id: p1",
    ),
    "thousands of reference sentences": lambda: GOOD.replace(
        "## Sources", "".join(f"This is the long sentence number {n} of it.\n" for n in range(3_500)) + "## Sources"
    ).replace(
        "  - id: p1",
        "".join(
            f"  - {{id: q{n}, type: clarify, targets: [cause], ask: Why {n}?, strong: a, weak: b}}\n"
            for n in range(600)
        )
        + "  - id: p1",
    ),
    "many context items": lambda: GOOD.replace("## Reference answer", "- Q: " * 40_000 + "\n## Reference answer"),
    "endless context": lambda: GOOD.replace("- Q: How many events? A:", "- Q: " + "A " * 60_000 + "\n  A:"),
    "endless context without an answer": lambda: GOOD.replace("- Q: How many events? A:", "- Q: " + " " * 60_000 + "x"),
    "continued context": lambda: GOOD.replace("  per second.", "  x\n" * 40_000),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_hostile_file_is_answered_within_a_second_and_never_stops_the_others(name: str, folder: Path) -> None:
    suffix = "yaml" if name == "two documents" else "md"
    written(folder, HUGE[name](), f"a-hostile.{suffix}")
    written(folder, GOOD.replace("id: webhook", "id: other"), "b-good.md")
    began = time.process_time()

    library = load_folder(folder)

    assert time.process_time() - began < 1
    assert "other" in library.scenarios
    assert library.problems or name in ("continued context", "many context items", "endless context")
    assert_one_line_each(list(library.problems))


def test_text_that_yaml_would_turn_into_something_else_stays_text(folder: Path) -> None:
    tags = replaced("topics: [delivery]", "topics: [no, 12:30, 1e3, 0x10, 2026-11-23, on, 010]")

    assert read_scenario(written(folder, tags)).topics == ("no", "12:30", "1e3", "0x10", "2026-11-23", "on", "010")


def test_dashes_inside_a_text_do_not_end_the_front_matter(folder: Path) -> None:
    ruled = replaced("    weak: The network.", "    weak: |\n      One.\n      ---\n      Two.")

    assert read_scenario(written(folder, ruled)).probes[0].weak == "One.\n---\nTwo."


def test_a_second_file_with_the_same_id_is_a_problem(folder: Path) -> None:
    written(folder, GOOD, "a.md")
    written(folder, GOOD, "b.md")

    library = load_folder(folder)

    assert list(library.scenarios) == ["webhook"]
    assert [str(problem) for problem in library.problems] == [
        f"{folder.name}/b.md: id: duplicate id 'webhook': another file has it"
    ]


def test_other_files_and_folders_are_left_alone(folder: Path) -> None:
    for name in ("README.md", "readme.md", "notes.txt", ".hidden"):
        written(folder, "nothing", name)
    (folder / "folder.md").mkdir()

    assert load_folder(folder).problems == ()
    assert load_folder(folder / "missing").scenarios == {}


def test_an_exhibit_is_found_inside_the_folder_only(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    (folder / "exhibits" / "link.txt").symlink_to(outside)
    (folder / "exhibits" / "loop.txt").symlink_to(folder / "exhibits" / "loop.txt")
    (folder / "linked").symlink_to(outside.parent)

    assert exhibit_path(folder, "exhibits/log.txt") == (folder / "exhibits" / "log.txt").resolve()
    assert exhibit_path(folder, "exhibits/../exhibits/log.txt") is not None
    for name in (
        "exhibits/link.txt",
        "exhibits/loop.txt",
        "linked/secret.txt",
        str(outside),
        f"../{outside.parent.name}/secret.txt",
        "exhibits",
        ".",
        "",
        "..",
        "exhibits/log.txt\x00.png",
        "x" * 5_000,
        "exhibits/\ud800",
    ):
        assert exhibit_path(folder, name) is None, repr(name)


def test_a_file_that_cannot_be_read_is_a_problem(folder: Path) -> None:
    written(folder, GOOD)
    (folder / "broken.md").symlink_to(folder / "nowhere.md")

    library = load_folder(folder)

    assert list(library.scenarios) == ["webhook"]
    with pytest.raises(ScenarioError, match="cannot be read: No such file"):
        read_scenario(folder / "broken.md")


def test_a_pipe_does_not_hang_the_loading(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    written(folder, GOOD)

    assert list(load_folder(folder).scenarios) == ["webhook"]


def test_the_hash_changes_with_the_scenario_and_only_then(folder: Path) -> None:
    same = scenario_hash(read_scenario(written(folder, GOOD)))

    assert scenario_hash(read_scenario(written(folder, GOOD, "renamed.md"))) == same
    assert scenario_hash(read_scenario(written(folder, replaced("weak: The network.", "weak: Luck.")))) != same
    assert re.fullmatch("[0-9a-f]{12}", same)


def test_an_old_volatile_fact_is_a_warning_with_its_line(folder: Path) -> None:
    path = written(folder, GOOD)

    warning, *_ = lint_warnings(path, read_scenario(path), date(2026, 1, 1))

    assert warning.line == line_of("verified_on")
    assert warning.field == "key_points[0].facts[0].verified_on"


def test_what_stands_in_an_exhibits_file_is_read_with_the_scenario(folder: Path) -> None:
    assert read_scenario(written(folder, GOOD)).exhibits[0].content == "a line"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"", "is empty"), (b" \n", "is empty"), (b"x" * 20_001, "larger than 20 kB"), (b"\xff\xfe", "cannot be read")],
)
def test_an_exhibit_that_cannot_be_shown_is_a_flaw_of_the_scenario(
    folder: Path, content: bytes, complaint: str
) -> None:
    (folder / "exhibits" / "log.txt").write_bytes(content)

    with pytest.raises(ScenarioError, match=complaint):
        read_scenario(written(folder, GOOD))
