"""Shipped scenarios, the person's own and those of packs stand side by side, and none takes the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from interviewer.adapters.packs import library
from interviewer.adapters.packs.installed import install, read_pack
from interviewer.adapters.packs.library import Shelf, pack_library, whole_library
from interviewer.adapters.scenario_files import Library
from interviewer.bootstrap import build, library_of
from interviewer.settings import Settings
from tests.adapters.packs.conftest import a_pack, a_scenario_file


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return with_scenarios(tmp_path / "shipped", "hard-1")


def with_scenarios(folder: Path, *ids: str) -> Path:
    folder.mkdir(exist_ok=True)
    for id in ids:
        (folder / f"{id}.md").write_text(a_scenario_file(id, origin=folder.name), encoding="utf-8")
    return folder


def whole(tmp_path: Path) -> Library:
    return whole_library(tmp_path / "shipped", tmp_path / "own", tmp_path / "packs")


def added(tmp_path: Path, name: str, id: str) -> None:
    install(read_pack(a_pack(tmp_path / name, name=name, scenario=a_scenario_file(id))), tmp_path / "packs")


def test_all_three_are_loaded_in_the_order_of_their_ids_each_with_its_hash(shipped: Path, tmp_path: Path) -> None:
    with_scenarios(tmp_path / "own", "own-a")
    added(tmp_path, "clocks", "hard-1")

    found = whole(tmp_path)

    assert list(found.scenarios) == ["clocks.hard-1", "hard-1", "own-a"]
    assert (found.problems, found.folder) == ((), shipped)
    assert set(found.hashes) == set(found.scenarios)
    assert len(set(found.hashes.values())) == 3


def test_a_scenario_of_a_pack_bears_the_packs_name(tmp_path: Path) -> None:
    pack = install(read_pack(a_pack(tmp_path / "clocks", version="1.2")), tmp_path / "packs")

    (scenario,) = pack_library(pack).scenarios.values()

    assert scenario.id == "clocks.two-clocks"
    assert scenario.provenance.origin == "pack clocks 1.2: original"


def test_two_packs_may_hold_scenarios_of_the_same_name(shipped: Path, tmp_path: Path) -> None:
    added(tmp_path, "a", "two-clocks")
    added(tmp_path, "b", "two-clocks")

    assert set(whole(tmp_path).scenarios) == {"hard-1", "a.two-clocks", "b.two-clocks"}
    assert whole(tmp_path).problems == ()


def test_a_clash_is_told_and_the_shipped_one_stays(shipped: Path, tmp_path: Path) -> None:
    with_scenarios(tmp_path / "own", "hard-1", "own-a")

    found = whole(tmp_path)

    assert found.scenarios["hard-1"].provenance.origin == "shipped"
    assert set(found.scenarios) == {"hard-1", "own-a"}
    assert [str(problem) for problem in found.problems] == [
        "own: 'Two clocks': id: the id 'hard-1' is taken by another scenario; left out"
    ]


def test_a_broken_file_anywhere_is_a_problem_with_its_place_and_stops_nothing(shipped: Path, tmp_path: Path) -> None:
    with_scenarios(tmp_path / "own", "own-a")
    (tmp_path / "own" / "bad.md").write_text("nothing", encoding="utf-8")
    added(tmp_path, "clocks", "two-clocks")
    (tmp_path / "packs" / "clocks" / "scenarios" / "bad.md").write_text("nothing", encoding="utf-8")
    (tmp_path / "packs" / "empty").mkdir()

    found = whole(tmp_path)

    assert set(found.scenarios) == {"hard-1", "own-a", "clocks.two-clocks"}
    assert [problem.file for problem in found.problems] == [
        "own/bad.md",
        "clocks/scenarios/bad.md",
        "empty/pack.yaml",
    ]


def test_the_shipped_folder_named_once_more_as_ones_own_is_no_clash(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()

    found = whole_library(shipped, tmp_path / "own" / ".." / "shipped", tmp_path / "packs")

    assert (list(found.scenarios), found.problems) == (["hard-1"], ())


def test_an_exhibit_outside_the_pack_is_not_read(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("mine", encoding="utf-8")
    exhibit = "{id: e1, title: T, kind: table, file: ../../../secret.csv, asked_by: [x], made: m}"
    text = a_scenario_file().replace("key_points:", f"exhibits:\n  - {exhibit}\nkey_points:")
    install(read_pack(a_pack(tmp_path / "clocks", scenario=text)), tmp_path / "packs")

    found = whole(tmp_path)

    assert set(found.scenarios) == {"hard-1"}
    assert "no file '../../../secret.csv' beside the scenario" in str(found.problems[0])


def test_an_id_that_is_too_long_with_its_prefix_is_told(shipped: Path, tmp_path: Path) -> None:
    added(tmp_path, "a-very-long-name-of-pack", "x" * 50)

    assert set(whole(tmp_path).scenarios) == {"hard-1"}
    assert "longer than 64 characters" in str(whole(tmp_path).problems[0])


def test_a_folder_of_endless_files_is_not_loaded_at_all(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_scenarios(tmp_path / "own", "own-a", "own-b", "own-c")
    monkeypatch.setattr(library, "SCENARIOS_AT_MOST", 2)

    assert set(whole(tmp_path).scenarios) == {"hard-1"}
    assert "own: holds 3 scenario files; at most 2 are loaded" in str(whole(tmp_path).problems[0])


def test_the_app_loads_what_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, INTERVIEWER_DATA_DIR=tmp_path)
    with_scenarios(tmp_path / "scenarios", "own-a")
    added(tmp_path, "clocks", "two-clocks")

    app = build(settings)
    try:
        assert {"hard-31", "own-a", "clocks.two-clocks"} <= set(app.library.scenarios)
    finally:
        app.close()
    assert library_of(settings).hashes == app.library.hashes


def test_the_library_says_which_scenarios_are_ones_own(shipped: Path, tmp_path: Path) -> None:
    with_scenarios(tmp_path / "own", "own-a", "hard-1")
    added(tmp_path, "clocks", "hard-2")

    assert whole(tmp_path).own == {"own-a"}


def test_a_shelf_shows_a_new_scenario_once_it_was_read_again_and_takes_nothing_from_whoever_reads(
    shipped: Path, tmp_path: Path
) -> None:
    shelf = Shelf(lambda: whole(tmp_path))
    before = shelf.now
    with_scenarios(tmp_path / "own", "own-a")
    assert "own-a" not in shelf.now.library.scenarios

    shelf.read_again()

    assert "own-a" in shelf.now.library.scenarios
    assert "own-a" in [scenario.id for scenario in shelf.now.catalogue.scenarios]
    assert "own-a" not in before.library.scenarios
