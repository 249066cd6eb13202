"""Pictures of every page in light, dark and on a phone: python tools/screenshots.py OUT_DIR"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.running import CHROMIUM, FLAGS, RunningApp, begin, end, say, settled  # noqa: E402

FIRST_ANSWER = (
    "The table is partitioned by date, but the lookup filters on user_id, so no partition is pruned and every file "
    "is opened. I would cluster the table by user_id with liquid clustering, so that each file covers a narrow range "
    "of users and min and max let us skip the rest."
)
SECOND_ANSWER = (
    "I would promise the median, not the tail. For p99 I would add a serving copy in Postgres, indexed by user."
)
RETRY_ANSWER = "I would build the new table beside the old one, send both the same lookups and compare the results."
THIRD_ANSWER = "I am not sure. Probably a lot less than today."


def half_way(page: Page, address: str) -> str:
    """An interview with two answers and a hint; gives its id."""
    id = begin(page, address)
    say(page, FIRST_ANSWER)
    page.get_by_role("button", name="Hint 1").first.click()
    settled(page)
    say(page, SECOND_ANSWER)
    return id


def finished(page: Page, address: str, out: Path) -> str:
    """An interview that was ended and graded, and one point tried again; gives its id."""
    id = half_way(page, address)
    say(page, THIRD_ANSWER)
    end(page)
    page.get_by_text("Rather well").click()
    page.get_by_role("button", name="See the report").click()
    page.get_by_role("heading", name="One more try").wait_for()
    settled(page)
    whole_page(page, out / "retry_light.png")
    page.get_by_label("Your answer").fill(RETRY_ANSWER)
    page.get_by_role("button", name="Check my answer").click()
    page.get_by_role("heading", name="The points").wait_for()
    return id


def whole_page(page: Page, path: Path) -> None:
    """A picture of all that can be scrolled to."""
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    page.wait_for_timeout(400)
    page.screenshot(path=path)
    page.set_viewport_size(size)


def photograph(browser: Browser, address: str, out: Path, name: str, width: int, paths: list[str]) -> None:
    height = 844 if width < 500 else 900
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if name == "dark" else "light"
    )
    page = context.new_page()
    for path in paths:
        page.goto(f"{address}/{path}")
        page.wait_for_selector("h1")
        settled(page)
        label = path.split("?")[0] or "home"
        label = "brief" if label == "interview" and "scenario=" in path else label
        page.screenshot(path=out / f"{label}_{name}.png")
        if label == "report":
            whole_page(page, out / f"{label}_whole_{name}.png")
    context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        RunningApp(Path(data), INTERVIEWER_ENGINE="coach") as running,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        report = f"report?interview={finished(page, running.address, out)}"
        interview = f"interview?interview={half_way(page, running.address)}"
        page.close()
        drill = "review?scenario=hard-31&point=hard-31.3"
        pages = ["", "practise", "interview?scenario=hard-31", interview, report, drill, "plan", "progress", "stories"]
        pages += ["history", "settings", "editor?scenario=hard-31"]
        photograph(browser, running.address, out, "light", 1440, pages)
        photograph(browser, running.address, out, "dark", 1440, pages)
        photograph(browser, running.address, out, "phone", 390, pages)
        browser.close()


if __name__ == "__main__":
    main()
