"""Finding a scenario."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import App
from tests.ui.conftest import SOLID, Open, interviewed, words


def titles(test: AppTest) -> list[str]:
    return [heading.value.replace("\\", "").replace("\u2060", "") for heading in test.subheader]


def test_the_page_has_ten_scenarios_and_says_which_engine_is_in_use(open_page: Open) -> None:
    test = open_page("choose_page")
    assert len(titles(test)) == 10
    assert "Built-in coach, no model connected" in words(test)


def test_a_word_narrows_the_list_to_the_scenarios_that_mention_it(open_page: Open) -> None:
    test = open_page("choose_page")
    test.text_input(key="search").set_value("hive").run()
    assert titles(test) == ["Ten million Hive partitions"]


def test_level_topic_and_technology_narrow_the_list(open_page: Open) -> None:
    test = open_page("choose_page")
    test.button_group(key="level").set_value(["mid"]).run()
    assert len(titles(test)) == 3
    test.button_group(key="technology").set_value(["AWS"]).run()
    assert titles(test) == ["A cross-region bill that does not add up"]
    test.button_group(key="topic").set_value(["streaming"]).run()
    assert titles(test) == []
    assert "Remove a filter" in words(test)


def test_filters_are_taken_from_the_url(open_page: Open) -> None:
    assert len(titles(open_page("choose_page", level="Mid"))) == 3


def test_an_unfinished_interview_can_be_continued(app: App, open_page: Open) -> None:
    interviewed(app, SOLID, end=False)
    assert "Continue the interview" in words(open_page("choose_page"))


def test_a_card_shows_how_it_went_last_time(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)
    assert "Last time: " in words(open_page("choose_page"))


def test_a_scenario_file_that_cannot_be_read_is_named(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "broken.md").write_text("---\nschema: 1\n---\n")
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(folder))
    test = open_page("choose_page")
    assert test.expander[-1].label == "1 scenario file could not be read"
    assert "broken.md" in words(test)
