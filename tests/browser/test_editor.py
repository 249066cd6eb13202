"""Somebody writes a first scenario of their own, and sits an interview with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from interviewer.adapters.scenario_files import read_scenario
from tests.browser.running import RunningApp, say, settled

pytestmark = pytest.mark.browser

QUESTION = "The report of yesterday shows no sales at all, and the shop was open. How do you find out why?"
CLAIM = "Looks first whether the rows arrived, before anybody changes the report."
SAID = "I check first whether yesterday's rows arrived in the table at all."


@pytest.fixture
def app(tmp_path: Path) -> Iterator[tuple[RunningApp, Path]]:
    with RunningApp(tmp_path, INTERVIEWER_ENGINE="coach") as running:
        yield running, tmp_path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def write(page: Page, label: str, text: str, number: int = 0) -> None:
    """Type into a field and leave it, as a person does."""
    field = (
        page.get_by_role("textbox", name=label, exact=True).or_(page.get_by_role("spinbutton", name=label)).nth(number)
    )
    field.fill(text)
    field.press("Tab")
    settled(page)


def turn_to(page: Page, part: str) -> None:
    page.get_by_text(part, exact=True).first.click()
    settled(page)


def test_a_first_scenario_from_the_first_word_to_an_interview_with_it(app: tuple[RunningApp, Path], page: Page) -> None:
    running, data = app
    page.goto(f"{running.address}/practise")
    page.get_by_role("link", name="Write a scenario").click()
    page.get_by_label("What is it about?").fill("A day without sales")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("heading", name="A day without sales").first.wait_for()
    settled(page)

    write(page, "Question", QUESTION)
    expect(page.get_by_text("This is still the example")).to_have_count(4)  # of the other fields, in the list beside
    turn_to(page, "Key points")
    write(page, "What a good answer says", CLAIM)
    write(page, "How people say it", f"{SAID}\nBefore I touch the report I look whether data came in.")
    write(page, "Weight", "60")
    expect(page.get_by_text("The weights sum to 120 instead of 100: 20 too many.")).to_be_visible()

    # A reload loses nothing, and shows the same part.
    page.reload()
    settled(page)
    expect(page.get_by_role("textbox", name="What a good answer says").first).to_have_value(CLAIM)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It was not saved. Mend this first:")).to_be_visible()
    assert not (data / "scenarios").exists()

    settled(page)
    page.get_by_role("button", name="Share them equally").click()
    expect(page.get_by_text("The weights sum to 100.")).to_be_visible()
    turn_to(page, "Try it")
    page.get_by_role("button", name="Try it", exact=True).click()
    page.get_by_text("Read the interview").wait_for()
    settled(page)
    expect(page.get_by_test_id("stMetricLabel")).to_have_text(["Strong", "Middling", "Weak"])

    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Interview with it").and_(page.locator(":enabled")).click()
    page.get_by_role("button", name="Start interview").click()
    settled(page)
    say(page, SAID)
    expect(page.get_by_text(SAID)).to_be_visible()
    saved = read_scenario(data / "scenarios" / "own-a-day-without-sales.md")
    assert (saved.question, saved.key_points[0].text) == (QUESTION, CLAIM)


def test_text_that_was_not_left_yet_is_saved_too(app: tuple[RunningApp, Path], page: Page) -> None:
    """Nobody leaves a field before pressing Save: the click does both."""
    running, data = app
    page.goto(f"{running.address}/editor")
    page.get_by_label("What is it about?").fill("A day without sales")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("textbox", name="Question", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("button", name="Interview with it")).to_be_enabled()
    assert read_scenario(data / "scenarios" / "own-a-day-without-sales.md").question == QUESTION


def test_the_editor_is_worked_with_the_keyboard_alone(app: tuple[RunningApp, Path], page: Page) -> None:
    running, data = app
    page.goto(f"{running.address}/editor")
    title = page.get_by_label("What is it about?")
    title.wait_for()
    settled(page)
    title.focus()
    page.keyboard.type("Keys only")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Begin")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Keys only").first.wait_for()
    settled(page)

    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="Interview with it")).to_be_enabled()
    assert (data / "scenarios" / "own-keys-only.md").is_file()
