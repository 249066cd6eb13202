"""Choosing in a real browser: what the address holds, what a reload keeps, and what fits on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.running import RunningApp, settled

pytestmark = pytest.mark.browser

JOB = "You build real-time pipelines with Kafka and Flink.\nYou explain the AWS bill to finance."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, ten_scenarios: Path) -> Iterator[str]:
    own = {"INTERVIEWER_ENGINE": "coach", "INTERVIEWER_SCENARIOS_DIR": str(ten_scenarios)}
    with RunningApp(tmp_path_factory.mktemp("data"), **own) as running:
        yield running.address


@pytest.fixture(params=[1440, 390], ids=["screen", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def pick(page: Page, label: str, option: str) -> None:
    """Choose from one of the lists."""
    settled(page)
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    settled(page)
    page.keyboard.press("Escape")


def cards(page: Page) -> list[str]:
    settled(page)
    return page.locator("h3").all_inner_texts()


def test_every_choice_is_in_the_address_and_a_reload_keeps_it(page: Page, address: str) -> None:
    page.goto(f"{address}/practise")
    page.get_by_label("Search").fill("spark")
    page.get_by_label("Search").press("Enter")
    pick(page, "Level", "Senior")
    page.get_by_text("More filters").click()
    pick(page, "Length", "Over 20 min")
    page.wait_for_url("**minutes=Over**")
    found = cards(page)

    assert len(found) == 2
    assert all(part in page.url for part in ("search=spark", "level=Senior", "minutes=Over"))
    assert fits(page)
    page.reload()
    page.wait_for_selector("h3")
    assert cards(page) == found


def test_a_dead_end_shows_the_way_out(page: Page, address: str) -> None:
    page.goto(f"{address}/practise?search=hive&level=Staff")
    page.get_by_role("button", name="Without Staff: 1 scenario").click()

    expect(page.get_by_role("heading", name="Ten million Hive partitions")).to_be_visible()
    settled(page)
    assert "level" not in page.url
    assert fits(page)


def test_an_interview_from_a_job_description_leans_to_what_it_names(page: Page, address: str) -> None:
    page.goto(f"{address}/practise")
    page.get_by_text("Match a job description").click()
    page.get_by_label("Job description").fill(JOB)
    page.get_by_role("button", name="Sort the scenarios").click()
    page.get_by_text("Sorted for your job description").wait_for()
    settled(page)
    assert fits(page)

    page.get_by_role("button", name="Read the brief").first.click()

    page.get_by_text("Leans to").wait_for()
    assert "lean=Kafka" in page.url
    assert "finance" not in page.url
    assert fits(page)


def test_a_story_is_there_after_a_reload(page: Page, address: str) -> None:
    page.goto(f"{address}/stories")
    page.get_by_role("button", name="Write a story").click()
    page.get_by_label("Title").fill("The late load")
    page.get_by_label("Action").fill("We salted the key.")
    page.get_by_label("Result").click()
    page.get_by_text("You said what the team did").wait_for()
    settled(page)
    assert fits(page)

    page.reload()

    expect(page.get_by_label("Title")).to_have_value("The late load")
    expect(page.get_by_label("Action")).to_have_value("We salted the key.")
    page.get_by_role("link", name="All stories").click()
    expect(page.get_by_role("heading", name="Your stories")).to_be_visible()
    expect(page.get_by_role("heading", name="The late load").first).to_be_visible()
