"""Every shape in which people keep scenarios in Markdown gives the same parts."""

from __future__ import annotations

import time

import pytest

from interviewer.adapters.packs.found import FollowUp
from tests.adapters.packs.conftest import found_in, page_from, page_of


def test_a_question_over_several_lines_keeps_its_labels_and_loses_its_quotation_marks() -> None:
    oven = found_in("easy_bakery_1-5.md")["The Oven Log"]

    assert oven.question.startswith("A bakery writes")
    assert oven.question.endswith("keep them out?")
    assert "\n\n**The Incident:** On Sunday" in oven.question
    assert "\n\n**Question:** How do you" in oven.question
    assert (oven.number, oven.difficulty, oven.technologies) == (1, "easy", ("Postgres", "Airflow"))
    assert (oven.answer, oven.diagnosis, oven.context) == ("", "", "")


def test_context_solution_and_follow_ups_are_told_apart() -> None:
    report = found_in("easy_bakery_1-5.md")["A slow bread report"]

    assert report.context == "The table has 400 million rows. The report needs one day."
    assert "**Why it helps:**" in report.answer
    assert "**Check:**" in report.answer
    assert report.answer.endswith("measure the writes too.")
    assert report.follow_ups[1] == FollowUp("How do you keep the index small?", "A partial index on recent days.")
    assert len(report.follow_ups) == 2


def test_a_heading_inside_a_block_of_code_is_code() -> None:
    assert "Scenario 9: this is no heading" in found_in("easy_bakery_1-5.md")["A slow bread report"].answer
    assert "Scenario 77" in found_in("hard_logistics.md")["Maps in three languages"].answer
    assert {found.number for found in page_of("hard_logistics.md").found} == {1, 2}


def test_what_happens_is_the_diagnosis_and_a_plural_solution_is_the_answer() -> None:
    found = found_in("medium_kitchen_4-10.md")

    assert found["Late orders"].diagnosis.startswith("The hour is closed")
    assert found["Late orders"].answer.count("- ") == 2
    assert "**1. Optimistic lock:**" in found["Two kitchens, one stock"].answer
    assert "```python" in found["Two kitchens, one stock"].answer


def test_a_name_in_brackets_behind_the_solution_is_kept() -> None:
    truck = found_in("hard_logistics.md")["One truck, two routes"]

    assert truck.diagnosis.startswith("There is no order")
    assert truck.answer.startswith("**One writer per truck:**")


def test_a_range_is_a_group_and_no_scenario() -> None:
    found = found_in("medium_kitchen_4-10.md")

    assert found["The wrong oven"].group == "Small kitchen questions"
    assert found["The wrong oven"].question == "A sensor reports the wrong oven. What do you do with its old rows?"
    assert found["The wrong oven"].answer.startswith("Keep the raw rows")
    assert found["Recipes as JSON"].answer.startswith("1. **Columns:**")
    assert [found.number for found in page_of("medium_kitchen_4-10.md").found] == [4, 5, 6, 7, 9, 10]


def test_a_scenario_may_begin_with_a_line_in_bold() -> None:
    hour = found_in("medium_kitchen_4-10.md")["The missing hour"]

    assert hour.question == "Once a year an hour is missing. Why?"
    assert hour.answer == "Local time jumps in spring. Store UTC and convert it for display."


def test_without_a_question_the_context_is_what_is_asked() -> None:
    store = found_in("integrated.md")["The warehouse that froze"]

    assert store.question.endswith("went wrong in the pipeline?")
    assert store.context == ""
    assert store.technologies == ("MQTT", "Kafka", "TimescaleDB")
    assert store.diagnosis.startswith("The sensor sends")
    assert store.answer.startswith("- Check values")
    assert found_in("integrated.md")["The map of the night shift"].answer.startswith("Give each shift")


def test_a_word_outside_the_code_marks_is_kept_and_mentioned() -> None:
    assert found_in("medium_kitchen_4-10.md")["Late orders"].technologies == ("Kafka", "SQL", "Databases")
    assert any("'Databases'" in warning.message for warning in page_of("medium_kitchen_4-10.md").warnings)


def test_an_empty_copy_is_left_out_and_two_titles_with_one_number_are_kept() -> None:
    page = page_of("hard_logistics.md")

    assert [found.title for found in page.found] == ["One truck, two routes", "Maps in three languages", "Tunnels"]
    assert [(warning.line, warning.message) for warning in page.warnings] == [
        (3, "'One truck, two routes' has no question; left out"),
        (18, "unknown section 'Lessons'; its text is kept with the reference"),
        (55, "the number 2 is used twice ('Maps in three languages' and 'Tunnels'); both are kept"),
    ]
    assert page.found[0].extra == "**Lessons**\nWrite down who owns a truck."


def test_of_two_copies_the_one_that_says_more_is_kept() -> None:
    page = page_from(
        "## Scenario 1: A\n**Question:** Why?\n**Answer:** Because.\n\n## Scenario 1: A\n**Question:** Why?\n"
    )

    assert [found.answer for found in page.found] == ["Because."]
    assert [warning.line for warning in page.warnings] == [5]


def test_a_follow_up_without_a_number_has_its_answer_too() -> None:
    (follow_up,) = found_in("hard_logistics.md")["Maps in three languages"].follow_ups

    assert follow_up == (
        "What happens when a tile is missing?",
        "Fall back to the tile of the level above and report the gap.",
    )


def test_words_after_the_last_scenario_are_mentioned_once() -> None:
    page = page_from(
        "# Hard\n## Scenario 40: Last\n**Question:** Why?\n**Answer:** Because.\n\n---\n"
        "**Previous:** [Other](./other.md)\n\n---\n## 🎯 Well done!\n\nAll done.\n- One\n- Two\n"
    )

    assert [found.answer for found in page.found] == ["Because."]
    assert [(warning.line, warning.message) for warning in page.warnings] == [
        (12, "text from here on belongs to no scenario and was left out")
    ]


def test_a_section_behind_a_rule_still_belongs_to_its_scenario() -> None:
    page = page_from(
        '## Scenario 1: A\n### Interview Question\nWhy?\n### Solution\nSo.\n\n---\n### Follow-Up\n1. **"And then?"**\n'
    )

    assert page.found[0].follow_ups == (FollowUp("And then?"),)


def test_text_between_two_scenarios_is_mentioned_with_its_line() -> None:
    page = page_from("## Scenario 1: A\n**Question:** Why?\n\n---\nAn aside.\n\n## Scenario 2: B\n**Question:** How?\n")

    assert [(warning.line, warning.message) for warning in page.warnings] == [
        (5, "text from here on belongs to no scenario and was left out")
    ]


def test_numbers_begin_again_with_each_difficulty() -> None:
    page = page_from(
        "# 🟢 Easy\n## Scenario 1: A\n**Question:** Why?\n# 🔴 Hard\n## Scenario 1: B\n**Question:** How?\n", "all.md"
    )

    assert [(found.difficulty, found.number) for found in page.found] == [("easy", 1), ("hard", 1)]
    assert page.warnings == ()


def test_questions_and_answers_may_be_marked_with_letters() -> None:
    found = found_in("plain_pairs.md")

    assert found["What is a surrogate key?"].answer.startswith("A key without meaning")
    assert found["Why not use the e-mail address as a key?"].answer == (
        "People change it. Then every\ntable that has it must change as well."
    )
    assert len(found) == 2


def test_headings_that_ask_are_questions() -> None:
    found = found_in("headings.md")

    assert list(found) == ["What is a partition?", "How large should a file be?"]
    assert found["How large should a file be?"].answer.endswith("to a gigabyte.")
    assert "Nothing to ask" not in found["What is a partition?"].answer


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ('*"Why?"*', "Why?"),
        ("*“Why?”*", "Why?"),
        ("\"Why 'now'?\"", "Why 'now'?"),
        ('He said "no". Why "no"?', 'He said "no". Why "no"?'),
        ("**Why?**", "Why?"),
        ("**One** and **two**", "**One** and **two**"),
        ("*a* or *b*?", "*a* or *b*?"),
    ],
)
def test_only_the_marks_around_a_question_are_taken_off(written: str, asked: str) -> None:
    assert page_from(f"## Scenario 1: A\n### Interview Question\n{written}\n").found[0].question == asked


def test_a_page_without_questions_says_so() -> None:
    page = page_from("# A page\n\nWith words.")

    assert page.found == ()
    assert "no question" in page.warnings[0].message


@pytest.mark.parametrize(
    "text",
    [
        "*" * 200_000,
        "**" + "a" * 200_000,
        "## Scenario 1: " + "x " * 100_000,
        "## Scenario 1: A\n" + "**Question:** why\n" * 20_000,
        "## Scenario 1: A\n### Follow-Up\n" + '1. **"' * 20_000,
        "```\n" * 50_000,
        "[" * 200_000,
        "## Scenario 1: A\n### Interview Question\n" + '*"open\n' * 20_000,
        "# " * 100_000,
        "Q: " * 60_000,
        "- **a" * 40_000,
    ],
    ids=lambda text: text[:20],
)
def test_a_hostile_page_is_read_within_two_seconds(text: str) -> None:
    began = time.process_time()

    page_from(text)

    assert time.process_time() - began < 2
