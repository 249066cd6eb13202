"""An import writes scenarios that work at once, invents nothing, and does nothing the second time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from interviewer.adapters.packs.importing import Plan, carry_out, plan_import, write_whole
from interviewer.adapters.packs.sources import files_of
from interviewer.adapters.packs.writing import PREFIX
from interviewer.adapters.scenario_files import load_folder
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError
from tests.adapters.packs.conftest import FIXTURES, Importing

PAGE = """\
# Hard Scenarios
## Scenario 7: Two clocks
**Technologies:** `Kafka`
### Interview Question
*"Two clocks disagree. Which one do you trust?"*
### Solution
- Trust neither: order events by a sequence number that one writer gives.
- Keep both times, because the difference shows which machine drifts.
### Follow-Up
1. **"What if the writer dies?"**
   - Another writer takes over with a higher epoch in the sequence number.
"""


def imported(importing: Importing, **texts: str | bytes) -> Plan:
    plan = importing(**texts)
    carry_out(plan)
    return plan


def only(plan: Plan) -> Scenario:
    (change,) = plan.changes
    return change.scenario


@pytest.mark.parametrize("path", sorted(FIXTURES.iterdir()), ids=lambda path: path.name)
def test_every_fixture_gives_scenarios_that_load_and_a_second_import_changes_nothing(
    path: Path, tmp_path: Path
) -> None:
    first = plan_import(files_of(path), tmp_path)
    carry_out(first)
    library = load_folder(tmp_path)
    stored = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    again = plan_import(files_of(path), tmp_path)
    carry_out(again)

    assert first.problems == again.problems == []
    assert first.count("new") == len(first.changes) == len(library.scenarios) > 0
    assert library.problems == ()
    assert again.count("same") == len(again.changes) == len(first.changes)
    assert stored == {file.name: file.read_bytes() for file in tmp_path.iterdir()}


def test_a_damaged_page_leaves_no_damaged_character_behind(tmp_path: Path) -> None:
    carry_out(plan_import(files_of(FIXTURES / "hard_damaged_51-53.md"), tmp_path))
    carry_out(plan_import(files_of(FIXTURES / "hard_partly_damaged_51-53.md"), tmp_path / "other"))

    for folder in (tmp_path, tmp_path / "other"):
        texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.md")]
        assert len(texts) == 3
        assert not any(sign in text for text in texts for sign in "√‚Ã\ufffd")
        assert any("A café in Zürich sends events → twice. 10 × the usual load — what now?" in text for text in texts)


def test_a_whole_folder_is_imported_at_once(tmp_path: Path) -> None:
    plan = plan_import(files_of(FIXTURES), tmp_path)
    carry_out(plan)

    # The undamaged and the damaged page hold the same three questions, which are imported once.
    assert plan.problems == []
    assert len(load_folder(tmp_path).scenarios) == len(plan.changes) - plan.count("same")
    assert plan.without_reference >= 8


def test_an_answer_becomes_a_draft_with_its_own_words_as_key_points(importing: Importing) -> None:
    scenario = only(importing(hard__md=PAGE))

    assert scenario.status == "draft"
    assert scenario.provenance.drafted_by == ("rule",)
    assert (scenario.provenance.origin, scenario.provenance.licence) == ("hard.md", "unknown: private use")
    assert [point.weight for point in scenario.key_points] == [50, 50]
    assert [point.phrasings for point in scenario.key_points] == [
        ("Trust neither: order events by a sequence number that one writer gives.",),
        ("Keep both times, because the difference shows which machine drifts.",),
    ]
    assert all(point.text in scenario.reference for point in scenario.key_points)
    assert (scenario.difficulty, scenario.level) == ("hard", ("senior", "staff"))


def test_a_follow_up_of_the_source_is_aimed_at_the_point_that_it_is_about(importing: Importing) -> None:
    (probe,) = only(importing(hard__md=PAGE)).probes

    assert probe.ask == "What if the writer dies?"
    assert probe.strong.startswith("Another writer takes over")
    assert probe.targets == ("own-hard-7-two-clocks.1",)


def test_without_an_answer_nothing_is_invented(importing: Importing) -> None:
    plan = importing(hard__md=PAGE.partition("### Solution")[0])
    scenario = only(plan)

    assert scenario.status == "needs_reference"
    assert (scenario.reference, scenario.key_points, scenario.probes, scenario.hints) == ("", (), (), ())
    assert any("has no answer" in warning.message for warning in plan.warnings)


def test_an_answer_of_code_alone_is_kept_and_not_graded_by(importing: Importing) -> None:
    code = PAGE.partition("### Solution")[0] + "### Solution\n```sql\nSELECT 1\n```\n"
    plan = importing(hard__md=code)

    assert only(plan).status == "needs_reference"
    assert "SELECT 1" in only(plan).reference
    assert any("no sentence to draft key points from" in warning.message for warning in plan.warnings)


def test_every_imported_id_has_the_prefix_that_no_shipped_one_has(tmp_path: Path) -> None:
    plan = plan_import(files_of(FIXTURES), tmp_path)

    assert all(change.scenario.id.startswith(PREFIX) for change in plan.changes)
    assert not any(path.stem.startswith(PREFIX) for path in (FIXTURES.parents[2] / "scenarios").iterdir())


def test_what_changed_in_the_source_is_changed_in_its_file(importing: Importing) -> None:
    imported(importing, hard__md=PAGE)
    plan = imported(importing, hard__md=PAGE.replace("Trust neither", "Believe neither"))

    assert plan.count("changed") == 1
    assert only(plan).id == "own-hard-7-two-clocks"
    assert importing(hard__md=PAGE.replace("Trust neither", "Believe neither")).count("same") == 1


def test_lines_that_are_only_wrapped_or_moved_are_no_change(importing: Importing) -> None:
    imported(importing, hard__md=PAGE)
    moved = PAGE.replace("number that", "number\n  that").replace(
        "# Hard Scenarios\n", "# Hard Scenarios\n\nWords.\n\n"
    )

    assert importing(hard__md=moved).count("same") == 1


def test_a_file_that_a_person_has_edited_is_never_overwritten(importing: Importing) -> None:
    path = imported(importing, hard__md=PAGE).changes[0].path
    mine = (
        path.read_text(encoding="utf-8").replace("weight: 50", "weight: 40", 1).replace("weight: 50", "weight: 60", 1)
    )
    path.write_text(mine, encoding="utf-8")

    unchanged = imported(importing, hard__md=PAGE)
    changed = imported(importing, hard__md=PAGE.replace("Trust neither", "Believe neither"))

    assert (unchanged.count("same"), changed.count("edited")) == (1, 1)
    assert any("by you since" in warning.message for warning in changed.warnings)
    assert path.read_text(encoding="utf-8") == mine


def test_the_same_question_from_a_copy_of_the_file_is_not_imported_twice(importing: Importing) -> None:
    imported(importing, hard__md=PAGE)

    assert importing(hard_copy__md=PAGE).count("same") == 1


def test_another_question_under_the_same_title_gets_a_name_of_its_own(importing: Importing) -> None:
    imported(importing, hard__md=PAGE)
    plan = imported(importing, hard_other__md=PAGE.replace("Two clocks disagree", "Three clocks agree"))

    assert only(plan).id == "own-hard-7-two-clocks-2"
    assert plan.count("new") == 1


def test_a_broken_file_in_the_folder_stops_no_import_and_keeps_its_name(importing: Importing, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    broken = tmp_path / "library" / "own-hard-7-two-clocks.md"
    broken.write_text("not a scenario", encoding="utf-8")

    plan = imported(importing, hard__md=PAGE)

    assert only(plan).id == "own-hard-7-two-clocks-2"
    assert broken.read_text(encoding="utf-8") == "not a scenario"


ASKED = b"## Scenario 1: A\n**Question:** Why?\n**Answer:**"
HOSTILE: dict[str, bytes] = {
    "binary": bytes(range(256)) * 100,
    "nul": b"## Scenario 1: A\n\x00**Question:** Why?",
    "utf-16 without an end": b"\xff\xfe#",
    "question of a novel": b"## Scenario 1: A\n### Interview Question\n" + b"word " * 700,
    "answer of a library": ASKED + b" It is a long story." * 20_000,
    "front matter in the answer": ASKED + b" So it is.\n## Question\n---\nid: x\n",
    "open block": ASKED + b" Like this it works.\n```\ncode",
    "blocks in lists": ASKED + b"\n- ```sql\n  ## Question\n  ```\n- It works well.\n",
    "tilde blocks": ASKED + b" It works well.\n~~~\n## Sources\n```\n~~~\n",
    "sections of ours": ASKED + b" It works well.\n#### Sources\n##question\nx\n",
    "yaml in a title": "## Scenario 1: !!python/object 'a': &x *y \u2028 {b}\n**Question:** Why?\n".encode(),
    "a path as a title": b"## Scenario 1: ../../etc/passwd\n**Question:** Why?\n",
    "no letters": "## Scenario 1: 日本\n**Question:** なぜですか?\n".encode(),
    "escape sequences": b"## Scenario 1: \x1b]0;title\x07\n**Question:** Why \x1b[31mred?\n" + b" " * 400,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_gives_one_clear_line_or_a_scenario_that_loads_and_the_rest_is_imported(
    name: str, importing: Importing, tmp_path: Path
) -> None:
    began = time.process_time()

    plan = imported(importing, a__md=HOSTILE[name], b__md=PAGE)

    assert time.process_time() - began < 2
    assert "own-hard-7-two-clocks" in {change.scenario.id for change in plan.changes} | {"own-7-two-clocks"}
    assert len(plan.changes) + len(plan.problems) == 2
    for problem in (*plan.problems, *plan.warnings):
        assert len(str(problem).splitlines()) == 1
        assert len(str(problem)) < 400
    library = load_folder(tmp_path / "library")
    assert library.problems == ()
    assert len(library.scenarios) == len(plan.changes)
    assert {path.parent for path in tmp_path.rglob("*.md")} == {tmp_path / "library"}


def test_a_scenario_file_of_our_own_is_pointed_to_packs(importing: Importing) -> None:
    own = (FIXTURES.parents[2] / "scenarios" / "hard-31.md").read_text(encoding="utf-8")

    plan = importing(x__md=own, y__yaml="schema: 1\nid: x\n")

    assert plan.changes == []
    assert [warning.message for warning in plan.warnings] == [
        "is a scenario already; add its folder with `interviewer packs add`"
    ] * 2


def test_a_file_is_written_whole_and_never_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("mine", encoding="utf-8")
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "a.md").symlink_to(outside)

    write_whole(tmp_path / "library" / "a.md", "new")

    assert outside.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in (tmp_path / "library").iterdir()] == ["a.md"]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="could not be written"):
        write_whole(tmp_path / "file" / "a.md", "new")
