"""The file to keep: whatever anybody wrote stands in it as text, for a viewer of Markdown and for a terminal."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from markdown_it import MarkdownIt

from interviewer.adapters.reports import as_markdown, plain
from interviewer.flows.ports import StoredInterview
from tests.browser.hostile import PAYLOADS, ended, hostile_grade, hostile_interview, hostile_scenario


@pytest.fixture(scope="module")
def export() -> str:
    interview = ended(hostile_interview(hostile_scenario()))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    stored = StoredInterview("id", "ann", interview, "coach", "hash", now, now)
    return as_markdown(stored, hostile_grade(interview))


def test_nothing_in_the_markdown_file_is_an_image_a_link_or_html(export: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(export)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or []}

    assert not kinds & {"image", "link_open", "html_block", "html_inline"}


def test_the_markdown_file_holds_no_character_that_a_terminal_obeys(export: str) -> None:
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", export) == []


@pytest.mark.parametrize("text", PAYLOADS[:-1])
def test_a_viewer_shows_the_text_as_it_was_written(text: str) -> None:
    (paragraph,) = [token for token in MarkdownIt("commonmark").parse(plain(text)) if token.type == "inline"]
    shown = "".join(child.content for child in paragraph.children or [])

    assert shown == " ".join(text.split())
