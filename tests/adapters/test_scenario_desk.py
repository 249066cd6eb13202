"""The desk at which scenarios are written: nothing typed is lost, and no file is written that was not meant."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.scenario_desk import TOO_LONG, WritingDesk
from interviewer.adapters.scenario_files import Library, read_scenario
from interviewer.domain.manuscript import Manuscript, changed_by, with_value
from interviewer.errors import ConflictError, InputError, ScenarioError

TODAY = date(2026, 11, 23)
ID = "own-a-job"


@pytest.fixture
def desk(tmp_path: Path) -> WritingDesk:
    return WritingDesk(tmp_path / "scenarios", tmp_path / "unsaved")


def typed(desk: WritingDesk, field: str, value: Any) -> Manuscript:
    return desk.change(ID, changed_by(lambda values: with_value(values, (field,), value)))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_nothing_is_in_the_folder_of_scenarios_before_it_is_saved(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    assert files(tmp_path) == [f"unsaved/{ID}.json"]

    desk.save(ID)

    assert files(tmp_path) == [f"scenarios/{ID}.md"]
    assert desk.open(ID) is not None
    assert not desk.is_unsaved(ID)


def test_the_template_is_a_valid_draft_and_only_says_what_a_reviewed_one_has(desk: WritingDesk) -> None:
    checked = desk.check(desk.begin("A job", ()), TODAY)

    assert checked.scenario is not None
    assert checked.scenario.status == "draft"
    assert checked.errors == ()
    assert checked.problems


def test_an_id_is_never_that_of_another_scenario_or_file(desk: WritingDesk, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "own-a-job-2.md").write_text("what else", encoding="utf-8")

    assert desk.begin("A job", {ID}).id == "own-a-job-3"
    assert desk.begin("A job", ()).id == ID
    assert desk.begin("時計", ()).id == "own-scenario"


def test_a_scenario_without_a_title_is_not_begun(desk: WritingDesk) -> None:
    with pytest.raises(InputError, match="title"):
        desk.begin("  ", ())


@pytest.mark.parametrize("id", ["../x", "/etc/passwd", "a/b", "", ".", "..", "x" * 65, "a\x00b", "A"])
def test_no_id_leads_out_of_the_folders(id: str, desk: WritingDesk, tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\nid: ../x\n---\n", encoding="utf-8")
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")

    assert desk.open(id) is None
    desk.discard(id)
    assert files(tmp_path) == ["x.json", "x.md"]


def test_a_copy_has_its_own_exhibits_and_can_be_interviewed_with(
    desk: WritingDesk, library: Library, tmp_path: Path
) -> None:
    source = library.scenarios["hard-31"]
    manuscript = desk.copy(source, library.scenarios)
    scenario, keeps_comments = desk.save(manuscript.id)

    assert keeps_comments
    assert [exhibit.content for exhibit in scenario.exhibits] == [exhibit.content for exhibit in source.exhibits]
    assert all(exhibit.file.startswith(f"exhibits/{scenario.id}/") for exhibit in scenario.exhibits)
    assert read_scenario(tmp_path / "scenarios" / f"{scenario.id}.md") == scenario


def test_a_copy_of_a_copy_works_too(desk: WritingDesk, library: Library) -> None:
    first, _ = desk.save(desk.copy(library.scenarios["hard-31"], ()).id)

    second, _ = desk.save(desk.copy(first, {first.id}).id)

    assert (first.id, second.id) == ("own-hard-31", "own-hard-31-2")
    assert second.key_points[0].id == "own-hard-31-2.1"


def test_what_is_invalid_is_not_written_and_stays_typed(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    typed(desk, "title", "")

    with pytest.raises(ScenarioError):
        desk.save(ID)

    assert files(tmp_path) == [f"unsaved/{ID}.json"]


def test_a_file_that_changed_meanwhile_is_written_over_only_when_that_is_said(
    desk: WritingDesk, tmp_path: Path
) -> None:
    desk.begin("A job", ())
    desk.save(ID)
    path = tmp_path / "scenarios" / f"{ID}.md"
    typed(desk, "title", "Mine")
    theirs = path.read_text(encoding="utf-8").replace("schema: 1\n", "schema: 1\n# theirs\n")
    path.write_text(theirs, encoding="utf-8")

    with pytest.raises(ConflictError):
        desk.save(ID)
    assert path.read_text(encoding="utf-8") == theirs

    desk.save(ID, over=True)

    assert path.read_text(encoding="utf-8") == theirs.replace("title: A job", "title: Mine")


def test_a_file_that_was_removed_meanwhile_is_a_conflict_too(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    desk.save(ID)
    typed(desk, "title", "Mine")
    (tmp_path / "scenarios" / f"{ID}.md").unlink()

    with pytest.raises(ConflictError):
        desk.save(ID)
    assert desk.save(ID, over=True)[0].title == "Mine"


def test_a_file_that_appeared_under_the_name_of_a_new_scenario_is_a_conflict(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / f"{ID}.md").write_text("somebody's", encoding="utf-8")

    with pytest.raises(ConflictError):
        desk.save(ID)


def test_a_link_is_not_written_through(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    desk.save(ID)
    path, outside = tmp_path / "scenarios" / f"{ID}.md", tmp_path / "outside.md"
    path.rename(outside)
    path.symlink_to(outside)
    before = outside.read_bytes()
    typed(desk, "title", "Mine")

    desk.save(ID)

    assert outside.read_bytes() == before
    assert not path.is_symlink()


def test_the_file_of_a_scenario_is_found_whatever_its_name(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    desk.save(ID)
    (tmp_path / "scenarios" / f"{ID}.md").rename(tmp_path / "scenarios" / "another-name.md")
    (tmp_path / "scenarios" / "broken.md").write_bytes(b"\xff\xfe")
    manuscript = desk.open(ID)

    assert manuscript is not None
    assert manuscript.file == "another-name.md"
    typed(desk, "title", "Mine")
    desk.save(ID)
    assert files(tmp_path) == ["scenarios/another-name.md", "scenarios/broken.md"]


def test_the_list_names_what_is_saved_what_is_not_and_what_cannot_be_read(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("B, never saved", ())
    desk.begin("A job", ())
    desk.save(ID)
    typed(desk, "title", "A job, changed")
    desk.begin("C, saved", ())
    desk.save("own-c-saved")
    (tmp_path / "scenarios" / "broken.md").write_bytes(b"\xff\xfe")

    listed = {entry.title: (entry.is_saved, entry.is_changed, bool(entry.problem)) for entry in desk.all()}

    assert listed == {
        "A job, changed": (True, True, False),
        "B, never saved": (False, True, False),
        "broken.md": (True, False, True),
        "C, saved": (True, False, False),
    }


def test_a_draft_that_cannot_be_read_is_said_and_left_where_it_is(desk: WritingDesk, tmp_path: Path) -> None:
    desk.begin("A job", ())
    path = tmp_path / "unsaved" / f"{ID}.json"
    path.write_text("{half", encoding="utf-8")

    with pytest.raises(InputError, match="cannot be read"):
        desk.open(ID)
    with pytest.raises(InputError):
        typed(desk, "title", "x")
    assert [entry.problem for entry in desk.all()] == [
        f"What was typed last cannot be read: '{path.name}' in the folder unsaved."
    ]
    assert path.read_text(encoding="utf-8") == "{half"


def test_a_scenario_that_is_too_long_for_a_file_says_so(desk: WritingDesk) -> None:
    desk.begin("A job", ())
    manuscript = typed(desk, "reference", "A sentence about it. " * 20_000)

    assert [problem.message for problem in desk.check(manuscript, TODAY).problems] == [TOO_LONG]
    with pytest.raises(ScenarioError):
        desk.save(ID)
