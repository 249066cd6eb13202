"""A second attempt in a real browser: disputing a verdict, keeping the report, comparing with the first attempt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running import RunningApp, begin, end, say, settled

pytestmark = pytest.mark.browser

WHY = "The table is partitioned by date but the lookup filters on user_id, so every file is opened."
FIX = "I would cluster the table by user_id, so that each file covers a narrow range of users."


def test_a_second_attempt_is_disputed_kept_as_a_page_and_compared_with_the_first(
    tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    with RunningApp(tmp_path, INTERVIEWER_ENGINE="coach") as running:
        page = visitor(viewport={"width": 1280, "height": 900})
        begin(page, running.address)
        say(page, "I am not sure where to begin here.")
        end(page)
        begin(page, running.address)
        say(page, f"{WHY} {FIX}")
        end(page)
        page.get_by_role("button", name="See the report").click()
        page.get_by_role("button", name="Show the answers").click()
        settled(page)

        page.locator("summary", has_text="Missed").first.click()
        settled(page)
        page.get_by_role("button", name="I disagree").first.click()
        settled(page)
        page.get_by_label("Which of your sentences say it?").first.click()
        page.get_by_role("option").first.click()
        settled(page)
        page.get_by_label("Why?").first.fill("I meant the statistics of the files.")
        page.get_by_role("button", name="Judge it again").first.click()
        expect(page.get_by_text("You disputed this: “I meant the statistics of the files.”").first).to_be_attached()
        settled(page)

        page.get_by_role("button", name="Download", exact=True).click()
        settled(page)
        with page.expect_download() as download:
            page.get_by_role("button", name="Web page").click()
        kept = tmp_path / "report.html"
        download.value.save_as(kept)
        opened = visitor()
        opened.goto(kept.as_uri())
        said = (opened.locator("body").text_content() or "").replace("\u2060", "")
        assert WHY in said
        assert FIX in said

        page.goto(f"{running.address}/progress")
        settled(page)
        expect(page.get_by_text("Against the time before:")).to_be_visible()
