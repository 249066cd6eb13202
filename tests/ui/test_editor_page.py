"""The editor: what is typed is kept, what is wrong stands at its field, and what is saved can be interviewed with."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from interviewer.adapters.scenario_files import read_scenario
from interviewer.bootstrap import App, resources
from interviewer.ui import editor_page, wiring
from tests.ui.conftest import Open, labels, until, words

NEW = "own-the-slow-job"


def begun(open_page: Open, title: str = "The slow job") -> AppTest:
    """A new scenario with this title, in the editor."""
    test = open_page("editor_page")
    test.text_input(key="editor_new_title").set_value(title)
    press(test, "Begin")
    return test


def press(test: AppTest, label: str, number: int = 0) -> None:
    [button for button in test.button if button.label == label][number].click().run()
    assert not test.exception, test.exception


def part(test: AppTest, name: str) -> AppTest:
    """The same page with another part of the form."""
    return test.button_group(key="part").set_value(name).run()


def field(test: AppTest, label: str, number: int = 0):
    """The field with this label."""
    every = [*test.text_input, *test.text_area, *test.number_input, *test.multiselect, *test.selectbox, *test.checkbox]
    return [each for each in every if each.label == label][number]


def test_a_new_scenario_begins_with_an_example_that_can_be_saved(app: App, data: Path, open_page: Open) -> None:
    test = begun(open_page)

    assert field(test, "Title").value == "The slow job"
    assert "nine hours instead of two" in field(test, "Question").value
    assert "It can be saved." in words(test)
    assert "Is still the example; write your own." in words(test)

    press(test, "Save")

    assert read_scenario(data / "scenarios" / f"{NEW}.md").title == "The slow job"
