"""Two browsers on one server without login: each is a person of its own, and neither sees the other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.running import CHROMIUM, FLAGS, RunningApp, begin, say, settled

pytestmark = pytest.mark.browser

SAID = "The table is partitioned by date but the lookup filters on user_id, so every file is opened."


def test_two_browsers_share_a_server_and_nothing_else(tmp_path: Path) -> None:
    if not CHROMIUM.exists():
        message = f"no browser at {CHROMIUM}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    environment = {"INTERVIEWER_ENGINE": "coach", "INTERVIEWER_ALLOW_ANYONE": "1"}
    with RunningApp(tmp_path, **environment) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        ann, eve = browser.new_context().new_page(), browser.new_context().new_page()
        id = begin(ann, running.address)
        say(ann, SAID)

        for page in ("interview", "report"):
            eve.goto(f"{running.address}/{page}?interview={id}")
            expect(eve.get_by_text("There is no such interview.")).to_be_visible(timeout=20_000)
            expect(eve.get_by_text(SAID)).to_have_count(0)
        eve.goto(f"{running.address}/history")
        expect(eve.get_by_text("No interviews yet.")).to_be_visible(timeout=20_000)

        ann.reload()
        expect(ann.get_by_text(SAID)).to_be_visible(timeout=20_000)
        ann.context.clear_cookies()
        ann.goto(f"{running.address}/history")
        settled(ann)
        expect(ann.get_by_text("No interviews yet.")).to_be_visible(timeout=20_000)
        browser.close()
