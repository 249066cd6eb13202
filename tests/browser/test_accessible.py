"""No page has a serious fault that axe-core can find, in light and dark, on a screen and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.running import RunningApp, begin, end, say, settled

pytestmark = pytest.mark.browser

ANSWER = (
    "The table is partitioned by date, but the lookup filters on user_id, so no partition is pruned. I would cluster "
    "the table by user_id, so that each file covers a narrow range of users and min and max let us skip the rest."
)
GRAVE = {"serious", "critical"}
PAGES = ("", "practise", "interview?scenario=hard-31", "review?scenario=hard-31&point=hard-31.3", "plan", "progress")
MORE_PAGES = ("stories", "history", "settings", "editor", "editor?scenario=hard-31")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with RunningApp(tmp_path_factory.mktemp("data"), INTERVIEWER_ENGINE="coach") as running:
        yield running


@pytest.fixture(scope="module")
def of_interviews(app: RunningApp, browser: Browser) -> tuple[str, ...]:
    """The addresses of an interview half way, of a report that asks for one more try, and of a whole report."""
    page = browser.new_page()
    half = begin(page, app.address)
    say(page, ANSWER)
    reports = []
    for way_on in (None, "Show the answers"):
        reports.append(begin(page, app.address))
        say(page, ANSWER)
        end(page)
        page.get_by_role("button", name="See the report").click()
        page.get_by_role("heading", name="One more try").wait_for()
        if way_on:
            page.get_by_role("button", name=way_on).click()
            page.get_by_role("heading", name="The points").wait_for()
    page.close()
    return (f"interview?interview={half}", *(f"report?interview={id}" for id in reports))


@pytest.fixture(scope="module")
def of_editor(app: RunningApp, browser: Browser) -> tuple[str, ...]:
    """The addresses of a scenario that is written, with something wrong in it, one for each part of the form."""
    page = browser.new_page()
    page.goto(f"{app.address}/editor")
    page.get_by_label("What is it about?").fill("A slow job")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("textbox", name="Title", exact=True).fill("")
    page.get_by_role("textbox", name="Title", exact=True).press("Tab")
    page.get_by_text("This is still empty.").first.wait_for()
    page.close()
    parts = ("Question", "Answer", "Key+points", "Follow-ups", "Try+it")
    return tuple(f"editor?scenario=own-a-slow-job&part={part}" for part in parts)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_no_page_has_a_serious_fault(
    app: RunningApp,
    browser: Browser,
    of_interviews: tuple[str, ...],
    of_editor: tuple[str, ...],
    scheme: str,
    width: int,
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()

    addresses = (*PAGES, *MORE_PAGES, *of_interviews, *of_editor)
    found = {path: faults(page, f"{app.address}/{path}") for path in addresses}

    context.close()
    assert {path: each for path, each in found.items() if each} == {}


def faults(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.wait_for_selector("h1")
    settled(page)
    page.wait_for_timeout(700)  # what fades in has no contrast yet
    violations = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {node['target'][0]}: {node['html'][:160]}"
        for fault in violations
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]
