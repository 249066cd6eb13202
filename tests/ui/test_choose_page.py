"""Finding a scenario."""

import re
import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App
from interviewer.ui.choose_page import CARDS
from tests.conftest import ROOT
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
    test.multiselect(key="level").set_value(["mid"]).run()
    assert len(titles(test)) == 3
    test.multiselect(key="technology").set_value(["AWS"]).run()
    assert titles(test) == ["A cross-region bill that does not add up"]
    test.multiselect(key="topic").set_value(["streaming"]).run()
    assert titles(test) == []


def test_an_empty_result_offers_what_to_take_out_and_says_how_many_that_brings(open_page: Open) -> None:
    test = open_page("choose_page", search="hive", level="Staff")
    assert "No scenario fits all of this" in words(test)
    labels = [button.label for button in test.button]
    assert "Without Staff: 1 scenario" in labels

    test.button(key="without-levels").click().run()

    assert titles(test) == ["Ten million Hive partitions"]
    assert "level" not in test.query_params


def test_all_filters_can_be_cleared_at_once(open_page: Open) -> None:
    test = open_page("choose_page", search="hive", difficulty="Hard", technology="Spark", progress="Not done")
    assert titles(test) == ["Ten million Hive partitions"]

    next(button for button in test.button if button.label == "Clear").click().run()

    assert len(titles(test)) == 10
    assert dict(test.query_params) == {}


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("level", "Mid", 3),
        ("difficulty", "Easy", 0),
        ("minutes", "Over 20 min", 3),
        ("topic", "CI/CD", 1),
        ("technology", "Snowflake", 1),
        ("progress", "Done", 0),
        ("search", "partitoins", 1),
        ("level", "nobody", 10),
    ],
)
def test_every_filter_is_taken_from_the_url(open_page: Open, name: str, value: str, found: int) -> None:
    assert len(titles(open_page("choose_page", **{name: value}))) == found


def test_a_word_that_no_scenario_has_is_named(open_page: Open) -> None:
    test = open_page("choose_page", search="hive zookeeper")
    assert titles(test) == ["Ten million Hive partitions"]
    assert "No scenario has the word “zookeeper”" in words(test)


def test_a_hundred_scenarios_come_on_pages(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(copies(tmp_path / "scenarios", 100)))
    test = open_page("choose_page")
    assert "100 scenarios" in words(test)
    assert len(titles(test)) == CARDS

    test.pagination(key="page").set_value(9).run()

    assert len(titles(test)) == 100 - 8 * CARDS
    test.text_input(key="search").set_value("spark").run()
    assert test.pagination(key="page").value == 1, "another list begins on its first page"
    assert len(titles(test)) == CARDS


def copies(folder: Path, count: int) -> Path:
    """A folder with so many scenarios: the shipped ones over and over, each under an id of its own."""
    folder.mkdir()
    shipped = sorted((ROOT / "scenarios").glob("hard-*.md"))
    for number in range(count):
        file = shipped[number % len(shipped)]
        text = file.read_text(encoding="utf-8").replace(f"id: {file.stem}\n", f"id: copy-{number}\n", 1)
        (folder / f"copy-{number}.md").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "scenarios" / "exhibits", folder / "exhibits")
    return folder


def test_a_card_shows_the_best_signal_so_far_and_the_weak_points(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)
    assert re.search(r"Best signal: .+ · \d weak points · done once", words(open_page("choose_page")))


def test_what_was_done_can_be_told_from_what_was_not_and_from_weak_spots(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)
    done = ["One user's events out of a trillion"]
    assert titles(open_page("choose_page", progress="Done")) == done
    assert titles(open_page("choose_page", progress="Weak spots")) == done
    assert len(titles(open_page("choose_page", progress="Not done"))) == 9


JOB = "You build real-time pipelines with Kafka and Flink.\nYou explain the AWS bill to finance."
FITTING = {"Unique visitors, twice a second", "A cross-region bill that does not add up"}


def handed_in(test: AppTest, text: str) -> AppTest:
    test.text_area(key="job_text").set_value(text)
    return next(button for button in test.button if button.label == "Sort the scenarios").click().run()


def test_a_job_description_sorts_the_scenarios_and_says_what_it_names(open_page: Open) -> None:
    test = handed_in(open_page("choose_page"), JOB)
    assert set(titles(test)[:2]) == FITTING
    assert "Named in the job: Flink · Kafka" in words(test)

    next(button for button in test.button if button.label == "Forget it").click().run()

    assert set(titles(test)[:2]) != FITTING


def test_a_job_description_is_not_stored_and_an_interview_from_it_leans_to_its_topics(
    app: App, open_page: Open, data: Path
) -> None:
    test = handed_in(open_page("choose_page"), JOB)
    test.button(key="open-hard-34").click().run()
    assert sorted(test.query_params["lean"]) == ["AWS", "Flink", "Kafka"]
    assert "finance" not in str(dict(test.query_params))

    brief = open_page("interview_page", scenario="hard-34", lean="Kafka")
    next(button for button in brief.button if button.label == "Start interview").click().run()

    stored = app.store.load(app.store.history(owner=OWNER)[0].id, owner=OWNER)
    assert stored.interview.leaning == ("Kafka",)
    assert not any(b"explain the AWS bill" in file.read_bytes() for file in data.rglob("*") if file.is_file())


def test_a_topic_to_lean_to_can_be_taken_out(app: App, open_page: Open) -> None:
    brief = open_page("interview_page", scenario="hard-34", lean="Kafka")
    brief.multiselect(key="terms_leaning").set_value([]).run()
    next(button for button in brief.button if button.label == "Start interview").click().run()

    assert app.store.load(app.store.history(owner=OWNER)[0].id, owner=OWNER).interview.leaning == ()


def test_a_text_file_is_read_and_one_that_is_no_text_is_refused(open_page: Open) -> None:
    test = open_page("choose_page")
    test.file_uploader(key="job_file").set_value(("job.md", JOB.encode(), "text/markdown"))
    assert set(titles(handed_in(test, ""))[:2]) == FITTING

    broken = open_page("choose_page")
    broken.file_uploader(key="job_file").set_value(("job.txt", b"\xff\xfe\x00", "text/plain"))
    assert "'job.txt' is not text in UTF-8" in words(handed_in(broken, ""))


def test_an_empty_job_description_says_what_to_do(open_page: Open) -> None:
    assert "Paste the job description" in words(handed_in(open_page("choose_page"), "  "))


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


def test_a_hundred_scenarios_are_narrowed_and_drawn_again_within_200_ms(
    data: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(ROOT / "scenarios"))
    test = open_page("choose_page")
    took = []
    for word in ("spark", "join", "lag", ""):
        begun = time.process_time()
        test.text_input(key="search").set_value(word).run()
        took.append(time.process_time() - begun)

    assert len(titles(test)) == CARDS
    assert min(took) <= 0.2  # of processor time, with the test's own reading of the page
