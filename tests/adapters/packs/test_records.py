"""Tables, cards, JSON and YAML give the same questions as Markdown does."""

from __future__ import annotations

import json
import time

import pytest

from interviewer.adapters.packs.found import FollowUp
from interviewer.adapters.packs.records import RECORDS, Unreadable
from tests.adapters.packs.conftest import found_in, page_from, page_of


def test_a_table_with_named_columns_is_read_with_its_lines() -> None:
    page = page_of("questions.csv")

    assert [(found.title, found.line, found.difficulty) for found in page.found] == [
        ("Join order", 2, "hard"),
        ("No answer", 4, "easy"),
    ]
    assert page.found[0].question == "Which table should be broadcast, and\nwhen not?"
    assert page.found[0].technologies == ("spark", "sql")
    assert page.found[1].answer == ""
    assert [str(warning) for warning in page.warnings] == ["questions.csv:5: has no question; left out"]


def test_cards_lose_their_markup_and_keep_their_lists() -> None:
    found = found_in("cards.txt")

    assert found["What does a watermark say?"].answer.split("\n") == [
        "It says how late events may still come.",
        "- Later ones are dropped or set aside.",
        "- A higher one waits longer.",
    ]
    assert found["Why are small files slow?"].answer == "Each of them costs a request & a listing."
    assert found["Why are small files slow?"].technologies == ("storage",)


def test_a_card_with_gaps_is_named_with_its_line() -> None:
    assert [str(warning) for warning in page_of("cards.txt").warnings] == [
        "cards.txt:5: is a card with gaps and no question; left out"
    ]


def test_two_columns_without_names_are_question_and_answer() -> None:
    (one, two) = page_from("Why?;Because.\nHow?;So.\n", "deck.csv").found

    assert (one.question, one.answer, two.question, two.line) == ("Why?", "Because.", "How?", 2)


def test_json_is_read_with_lines_lists_and_follow_ups() -> None:
    page = page_of("questions.json")

    assert [found.line for found in page.found] == [4, 7]
    assert page.found[0].answer == "- The same call twice has the effect of one.\n- Retries become harmless."
    assert page.found[0].follow_ups == (FollowUp("How do you test it?", "Call it twice and compare."),)
    assert page.found[0].difficulty == "hard"
    assert [warning.line for warning in page.warnings] == [6]


@pytest.mark.parametrize(
    "value",
    [
        [{"question": "Why?", "answer": "Because."}],
        {"cards": [{"front": "Why?", "back": "Because."}]},
        {"Why?": "Because."},
        {"Q": "Why?", "A": "Because."},
        {"one": {"prompt": "Why?", "solution": "Because."}},
        [["Why?", "Because."]],
        [{"Interview_Question": "Why?", "Reference Answer": "Because."}],
    ],
)
def test_records_may_have_many_shapes(value: object) -> None:
    (found,) = page_from(json.dumps(value), "page.json").found
    (same,) = page_from(json.dumps(value), "page.yaml").found

    assert (found.question, found.answer) == ("Why?", "Because.")
    assert (same.question, same.answer) == ("Why?", "Because.")


def test_a_line_that_is_no_json_stops_no_other() -> None:
    page = page_of("questions.jsonl")

    assert len(page.found) == 2
    assert [str(warning) for warning in page.warnings] == ["questions.jsonl:2: is not a JSON object; left out"]


def test_yaml_is_read_with_its_lines() -> None:
    assert [(found.line, found.technologies) for found in page_of("questions.yaml").found] == [(1, ("SQL",)), (6, ())]


HOSTILE = {
    "deep.json": "[" * 100_000,
    "deeper.json": '{"question": ' * 50_000 + "1" + "}" * 50_000,
    "nested.json": '[{"question": "Why?", "answer": ' + "[" * 900 + "]" * 900 + "}]",
    "broken.json": '{"question": "Why?"',
    "number.json": '[{"question": ' + "9" * 5_000 + "}]",
    "word.json": '"hello"',
    "many.json": json.dumps([{"question": f"Why {n}?"} for n in range(RECORDS + 1)]),
    "bomb.yaml": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60)),
    "tag.yaml": "- question: !!python/object/apply:os.system [ls]\n",
    "deep.yaml": "- " * 20_000,
    "values.yaml": "[" + "1," * 150_000 + "]",
    "quote.csv": 'question,answer\n"Why?,' + "x" * 200_000,
    "rows.csv": "question,answer\n" + "Why?,So.\n" * (RECORDS + 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line_or_read_in_part(name: str) -> None:
    began = time.process_time()
    if name == "nested.json":
        assert page_from(HOSTILE[name], name).found[0].answer == ""
    else:
        with pytest.raises(Unreadable) as refused:
            page_from(HOSTILE[name], name)
        assert len(refused.value.message.splitlines()) == 1
        assert len(refused.value.message) < 300
    assert time.process_time() - began < 2
