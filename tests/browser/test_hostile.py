"""Forty hostile texts in every place where people, files and models put words: in the browser all of it stays text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Page, expect

from interviewer.adapters.database import Database
from interviewer.adapters.reports import as_markdown
from interviewer.adapters.scenario_files import load_folder
from interviewer.bootstrap import OWNER
from tests.browser.hostile import (
    HOST,
    PAYLOADS,
    ended,
    hostile_grade,
    hostile_interview,
    hostile_scenario,
    written,
)
from tests.browser.running import RunningApp, settled
from tests.builders import a_retry

pytestmark = pytest.mark.browser

# What no text may bring into the page: elements that load or run something, and attributes that run something.
INJECTED = """() => {
    const found = [];
    for (const element of document.querySelectorAll('body *')) {
        const name = element.tagName.toLowerCase();
        if (['script', 'iframe', 'object', 'embed', 'base', 'meta', 'link', 'video', 'audio'].includes(name))
            found.push(element.outerHTML.slice(0, 200));
        if (name === 'form' && element.getAttribute('action')) found.push(element.outerHTML.slice(0, 200));
        for (const {name: attribute, value} of element.attributes) {
            if (attribute.startsWith('on') || attribute === 'srcdoc') found.push(`${name} ${attribute}=${value}`);
            if (['src', 'href', 'xlink:href', 'action', 'formaction', 'data'].includes(attribute)) {
                const scheme = new URL(value, document.baseURI).protocol;
                const here = new URL(value, document.baseURI).host === location.host;
                const loads = name !== 'a' && !here && !['data:', 'blob:'].includes(scheme);
                const runs = name === 'a' && !['http:', 'https:', 'mailto:'].includes(scheme);
                if (loads || runs) found.push(`${name} ${attribute}=${value}`);
            }
            if (attribute === 'style' && value.includes('attacker')) found.push(`${name} style=${value}`);
        }
    }
    return found;
}"""


class Watched:
    """A page whose dialogs, requests to other hosts and complaints about the policy are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.alarms: list[str] = []
        page.on("dialog", self._dialog)
        page.on("request", lambda request: self._look_at(request.url))
        page.on("popup", lambda popup: self.alarms.append(f"popup {popup.url}"))
        page.on("framenavigated", lambda frame: self._look_at(frame.url))
        page.on("console", lambda message: self._hear(message.text))

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_selector("h1")
        settled(self.page)
        self.check()

    def check(self) -> None:
        """Open whatever is folded, and look for what does not belong there."""
        self.page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
        settled(self.page)
        assert self.page.evaluate(INJECTED) == []
        assert self.alarms == []
        expect(self.page.get_by_test_id("stException")).to_have_count(0)

    def _dialog(self, dialog: object) -> None:
        self.alarms.append(f"dialog {dialog.message}")  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    def _look_at(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self.alarms.append(f"request {address}")

    def _hear(self, words: str) -> None:
        if "Content Security Policy" in words or HOST in words:
            self.alarms.append(f"console {words}")


def test_forty_hostile_texts_stay_text_wherever_they_stand(tmp_path: Path, visitor: Callable[..., Page]) -> None:
    assert len(set(PAYLOADS)) == 40
    scenarios, data = tmp_path / "scenarios", tmp_path / "data"
    scenarios.mkdir()
    scenario = hostile_scenario()
    written(scenarios, scenario)
    assert load_folder(scenarios).problems == ()

    going, over = hostile_interview(scenario), ended(hostile_interview(scenario))
    grade = hostile_grade(over)
    store = Database.open(f"sqlite:///{data / 'interviews.sqlite3'}")
    open_id = store.create(going, owner=OWNER, engine=PAYLOADS[2], scenario_hash="hash").id
    stored = store.create(over, owner=OWNER, engine=PAYLOADS[21], scenario_hash="hash")
    store.add_assessment(stored.id, grade, owner=OWNER)
    failed = store.begin_attempt(open_id, owner=OWNER, kind="reply", turn=1)
    store.end_attempt(failed, "failed", owner=OWNER, error=" ".join(PAYLOADS))
    store.add_retry(
        stored.id, a_retry(question=" ".join(PAYLOADS), answer="\n\n".join(PAYLOADS), engine="m"), owner=OWNER
    )
    store.close()

    environment = {
        "INTERVIEWER_SCENARIOS_DIR": str(scenarios),
        "INTERVIEWER_MODEL": f"scripted{PAYLOADS[2]}{PAYLOADS[21]}",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
    }
    with RunningApp(data, **environment) as running:
        page = Watched(visitor(viewport={"width": 1280, "height": 900}))
        for path in (
            "",
            f"interview?scenario={scenario.id}",
            f"interview?interview={open_id}",
            f"interview?interview={stored.id}",
            f"report?interview={stored.id}",
            "practise",
            f"practise?search={PAYLOADS[2]}",
            f"review?scenario={scenario.id}&point={scenario.key_points[0].id}",
            "progress",
            "plan",
            f"editor?scenario={scenario.id}",
            "stories",
            "history",
            "settings",
        ):
            page.open(f"{running.address}/{path}")
        page.open(f"{running.address}/report?interview={stored.id}")
        shown = "".join(page.page.get_by_test_id("stMain").text_content().split())  # type: ignore[union-attr]
        for text in PAYLOADS[:-1]:
            assert "".join(text.split()) in shown.replace("\u2060", ""), text

        export = as_markdown(stored, grade)
        for viewer in (MarkdownIt("commonmark", {"html": True}), MarkdownIt("gfm-like", {"html": True})):
            page.page.set_content(viewer.render(export))
            page.page.wait_for_timeout(300)
            assert page.page.evaluate(INJECTED) == []
            assert page.alarms == []
