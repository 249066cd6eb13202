"""Notes beside the conversation: kept as they are typed, and sent only when somebody says so."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App
from interviewer.ui.fences import Piece, pieces
from interviewer.ui.scratchpad import ATTACHED
from tests.ui.conftest import SOLID, Open, interviewed, words
from tests.ui.test_interview_page import stored, type_in

DIAGRAM = "```mermaid\nflowchart LR\n    events --> dedup[One row an event id]\n```"


def note(test: AppTest, id: str, text: str) -> AppTest:
    return test.text_area(key=f"scratchpad {id}").set_value(text).run()


def test_what_is_noted_is_there_again_after_a_reload_and_was_not_sent(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    note(open_page("interview_page", interview=id), id, "p99 is the question")

    again = open_page("interview_page", interview=id)

    assert again.text_area(key=f"scratchpad {id}").value == "p99 is the question"
    type_in(again, SOLID)
    assert stored(app, id).answers[-1].text == SOLID


def test_notes_go_along_with_one_answer_when_that_is_wanted(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = note(open_page("interview_page", interview=id), id, DIAGRAM)
    test.toggle(key=f"attach {id}").set_value(True).run()

    type_in(test, SOLID)

    assert stored(app, id).answers[-1].text == f"{SOLID}\n\n{ATTACHED}\n{DIAGRAM}"
    assert test.toggle(key=f"attach {id}").value is False
    assert test.text_area(key=f"scratchpad {id}").value == DIAGRAM


def test_an_empty_answer_is_refused_with_notes_too(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = note(open_page("interview_page", interview=id), id, "only a note")
    test.toggle(key=f"attach {id}").set_value(True).run()

    type_in(test, "   ")

    assert not stored(app, id).answers


def test_a_block_is_added_below_what_is_noted_already(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = note(open_page("interview_page", interview=id), id, "first")

    next(button for button in test.button if button.label == "Diagram").click().run()

    text = app.store.scratchpad(id, owner=OWNER)
    assert text.startswith("first\n\n```mermaid\n")
    assert test.text_area(key=f"scratchpad {id}").value == text


def test_far_too_much_is_not_kept_and_says_so(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)

    test = note(open_page("interview_page", interview=id), id, "x" * 20_001)

    assert "this is more, so it was not kept" in words(test)
    assert app.store.scratchpad(id, owner=OWNER) == ""


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("just words", [Piece("just words")]),
        ("before\n```sql\nSELECT 1\n```\nafter", [Piece("before"), Piece("SELECT 1", "sql"), Piece("after")]),
        ("```\nplain\n```", [Piece("plain", "")]),
        ("```mermaid\nflowchart LR", [Piece("flowchart LR", "mermaid")]),
        ("a `code` and ``` in a line", [Piece("a `code` and ``` in a line")]),
        ("```python\n\n```", []),
    ],
)
def test_fences_are_found_and_nothing_else_is(typed: str, found: list[Piece]) -> None:
    assert pieces(typed) == found
