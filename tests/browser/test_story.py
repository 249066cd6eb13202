"""The whole product in a real browser: one long story, and what must never be lost or doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from interviewer.adapters.database import Database
from interviewer.bootstrap import OWNER
from interviewer.domain.interview import Interview
from interviewer.ui.choose_page import CARDS
from tests.browser.running import RunningApp, begin, end, say, send, settled
from tests.fakes.http_server import FakeServer

pytestmark = pytest.mark.browser

A_DAY_LATER = Path(__file__).with_name("a_day_later.py")
CLUSTERED = (
    "Liquid cluster the table on user_id, so each file covers a narrow slice of keys and min/max skips all but a few "
    "files."
)
FIRST = "The table is partitioned by date but the lookup filters on user_id, so every file is opened."
SECOND = "I would cluster the table by user_id, so that each file covers a narrow range of users."
REWORDED = (
    "Understood. Take one data file of your new layout: which rows does it hold, and how would the engine decide, "
    "before it reads anything, whether it has to open it?"
)
JUDGED = {
    "findings": [
        {"key_point": "hard-31.1", "sentences": [1], "reason": "says why nothing is pruned", "verdict": "covered"},
        {"key_point": "hard-31.2", "sentences": [2], "reason": "clusters by the key", "verdict": "covered"},
        {"key_point": "hard-31.3", "sentences": [], "reason": "not said", "verdict": "missed"},
        {"key_point": "hard-31.4", "sentences": [], "reason": "not said", "verdict": "missed"},
        {"key_point": "hard-31.5", "sentences": [], "reason": "not said", "verdict": "missed"},
        {"key_point": "hard-31.6", "sentences": [], "reason": "not said", "verdict": "missed"},
    ]
}


expect.set_options(timeout=20_000)  # a first page on a busy machine takes its time


@pytest.fixture
def model() -> Iterator[FakeServer]:
    """A language model that takes its time: four words a second."""
    with FakeServer(first=0.5, rate=4, reply=REWORDED, json_reply=JUDGED) as server:
        yield server


@pytest.fixture(scope="module")
def with_coach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningApp, Path]]:
    data = tmp_path_factory.mktemp("coach")
    with RunningApp(data, INTERVIEWER_ENGINE="coach") as running:
        yield running, data


@pytest.fixture
def with_model(tmp_path: Path, model: FakeServer) -> Iterator[tuple[RunningApp, Path]]:
    running = RunningApp(tmp_path, OPENAI_BASE_URL=model.base_url, INTERVIEWER_MODEL="practice-model")
    with running:
        yield running, tmp_path


@contextmanager
def a_page(browser: Browser, **options: object) -> Iterator[Page]:
    """A page of its own; the test fails when anything was asked of another host or a script broke."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})  # type: ignore[arg-type]
    page = context.new_page()
    foreign: list[str] = []
    broken: list[str] = []

    def look_at(address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            foreign.append(address)

    page.on("request", lambda request: look_at(request.url))
    page.on("websocket", lambda socket: look_at(socket.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert foreign == []
    assert broken == []


def stored(data: Path, id: str) -> Interview:
    database = Database.open(f"sqlite:///{data / 'interviews.sqlite3'}")
    try:
        return database.load(id, owner=OWNER).interview
    finally:
        database.close()


def test_a_whole_interview_with_a_reload_in_the_middle_of_a_reply(
    browser: Browser, with_model: tuple[RunningApp, Path]
) -> None:
    running, data = with_model
    with a_page(browser) as page:
        page.goto(f"{running.address}/practise")
        expect(page.get_by_role("button", name="Read the brief")).to_have_count(CARDS)
        page.goto(f"{running.address}/practise?search=trillion")
        expect(page.get_by_role("button", name="Read the brief")).to_have_count(1)
        page.get_by_role("button", name="Read the brief").first.click()
        page.get_by_role("button", name="Start interview").click()
        page.wait_for_url("**interview=**")
        id = page.url.rsplit("=", 1)[1]
        settled(page)

        send(page, FIRST)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        expect(page.get_by_text("Understood.")).to_be_visible()  # begun, and not yet whole
        assert len(stored(data, id).turns) == 2
        page.reload()
        expect(page.get_by_role("button", name="End interview")).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=15_000)
        settled(page)
        reply = stored(data, id).turns[2]
        assert len(stored(data, id).turns) == 3
        assert reply.engine == "practice-model"
        expect(page.get_by_text(reply.text, exact=True)).to_have_count(1)

        send(page, SECOND)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=15_000)
        settled(page)
        page.get_by_role("button", name="Hint 1").first.click()
        settled(page)
        assert stored(data, id).turns[-1].move.kind == "hint"  # type: ignore[union-attr]

        end(page)
        page.get_by_text("Rather well").click()
        page.get_by_role("button", name="See the report").click()
        expect(page.get_by_role("heading", name="What carried")).to_be_visible(timeout=20_000)
        quoted = page.locator("[data-testid=stMarkdownContainer]").filter(has_text="Your answer 1").first
        assert FIRST in (quoted.text_content() or "").replace("\u2060", "")
        expect(page.get_by_text("You thought it went: rather well.")).to_be_visible()
        page.get_by_label("Your answer").fill("I would promise the median and serve the tail from a copy in Postgres.")
        page.get_by_role("button", name="Check my answer").click()
        expect(page.get_by_role("heading", name="Your second try")).to_be_visible(timeout=20_000)
        expect(page.get_by_role("heading", name="What was missing")).to_be_visible()

        page.get_by_role("link", name="History").click()
        expect(page.get_by_role("button", name="Open the report")).to_be_visible()


def test_enter_pressed_twice_stores_one_answer(browser: Browser, with_coach: tuple[RunningApp, Path]) -> None:
    running, data = with_coach
    with a_page(browser) as page:
        id = begin(page, running.address)
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(FIRST)
        box.press("Enter")
        box.press("Enter")
        settled(page)
        assert [turn.role for turn in stored(data, id).turns] == ["interviewer", "candidate", "interviewer"]


def test_start_pressed_twice_begins_one_interview(browser: Browser, with_coach: tuple[RunningApp, Path]) -> None:
    running, data = with_coach
    with a_page(browser) as page:
        database = Database.open(f"sqlite:///{data / 'interviews.sqlite3'}")
        before = len(database.history(owner=OWNER))
        page.goto(f"{running.address}/interview?scenario=hard-32")
        page.get_by_role("button", name="Start interview").dblclick()
        page.wait_for_url("**interview=**")
        settled(page)
        assert len(database.history(owner=OWNER)) == before + 1
        database.close()


def test_a_second_tab_neither_doubles_nor_loses_an_answer(
    browser: Browser, with_coach: tuple[RunningApp, Path]
) -> None:
    running, data = with_coach
    with a_page(browser) as first, a_page(browser) as second:
        id = begin(first, running.address)
        second.goto(f"{running.address}/interview?interview={id}")
        second.get_by_role("button", name="End interview").wait_for()
        settled(second)
        say(first, FIRST)
        say(second, SECOND)
        assert [turn.text for turn in stored(data, id).answers] == [FIRST]
        expect(second.get_by_text("went on in another tab")).to_be_visible()
        expect(second.get_by_test_id("stChatInputTextArea")).to_have_value(SECOND)


def test_a_browser_that_was_closed_and_is_opened_again_goes_on_where_it_was(
    browser: Browser, with_model: tuple[RunningApp, Path]
) -> None:
    """Nothing of the first session is left, as after ten minutes: the address alone leads back."""
    running, data = with_model
    with a_page(browser) as page:
        id = begin(page, running.address)
        send(page, FIRST)
        expect(page.get_by_text(FIRST)).to_be_visible()
    with a_page(browser) as later:
        later.goto(f"{running.address}/interview?interview={id}")
        expect(later.get_by_text(FIRST)).to_be_visible()
        expect(later.get_by_test_id("stChatInputTextArea")).to_be_enabled()
        assert [turn.role for turn in stored(data, id).turns] == ["interviewer", "candidate", "interviewer"]


def test_a_killed_server_loses_nothing_and_the_reply_can_be_continued(
    browser: Browser, with_model: tuple[RunningApp, Path]
) -> None:
    running, data = with_model
    with a_page(browser) as page:
        id = begin(page, running.address)
        send(page, FIRST)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        running.kill()
        assert [turn.text for turn in stored(data, id).answers] == [FIRST]
        running.start()
        page.reload()
        expect(page.get_by_text("The last reply was interrupted. Your answer is saved.")).to_be_visible()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=15_000)
        settled(page)
        turns = stored(data, id).turns
        assert [turn.role for turn in turns] == ["interviewer", "candidate", "interviewer"]
        expect(page.get_by_text(turns[-1].text, exact=True)).to_have_count(1)


def test_a_click_elsewhere_does_not_disturb_the_reply(browser: Browser, with_model: tuple[RunningApp, Path]) -> None:
    running, data = with_model
    with a_page(browser) as page:
        id = begin(page, running.address)
        send(page, FIRST)
        expect(page.get_by_role("button", name="Stop")).to_be_visible()
        page.get_by_role("button", name="End interview").click()
        page.get_by_role("button", name="Keep going").click()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=15_000)
        settled(page)
        assert stored(data, id).turns[2].engine == "practice-model"


def test_while_a_busy_model_is_waited_for_the_page_says_how_long(
    browser: Browser, model: FakeServer, with_model: tuple[RunningApp, Path]
) -> None:
    running, data = with_model
    model.scenario = "busy"
    with a_page(browser) as page:
        id = begin(page, running.address)
        send(page, FIRST)
        expect(page.get_by_text(re.compile(r"The model is busy\. It is asked again in \d s\."))).to_be_visible()
        expect(page.get_by_role("button", name="Stop")).to_have_count(0, timeout=20_000)
        settled(page)
        assert stored(data, id).turns[2].engine == "coach"
        expect(page.get_by_test_id("stChatInputTextArea")).to_be_enabled()


def test_stop_has_the_question_asked_as_it_was_written(browser: Browser, with_model: tuple[RunningApp, Path]) -> None:
    running, data = with_model
    with a_page(browser) as page:
        id = begin(page, running.address)
        send(page, FIRST)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("you stopped the model")).to_be_visible(timeout=10_000)
        assert stored(data, id).turns[2].note == "stopped"


def fits(page: Page) -> bool:
    """Whether nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
def test_every_page_is_drawn_without_an_error_and_without_sideways_scrolling(
    browser: Browser, with_coach: tuple[RunningApp, Path], scheme: str, width: int
) -> None:
    running, _ = with_coach
    with a_page(browser, color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        id = begin(page, running.address)
        say(page, FIRST)
        begun = f"interview?interview={id}"
        for path in (
            "",
            "practise",
            "interview?scenario=hard-31",
            begun,
            *"review plan progress history settings".split(),
        ):
            page.goto(f"{running.address}/{path}")
            page.wait_for_selector("h1")
            settled(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            assert fits(page)
        page.goto(f"{running.address}/{begun}")
        end(page)
        page.get_by_role("button", name="See the report").click()
        page.get_by_role("button", name="Show the answers").click()
        expect(page.get_by_role("heading", name="The points")).to_be_visible()
        assert fits(page)
        for path in ("", "progress", "review"):
            page.goto(f"{running.address}/{path}")
            page.wait_for_selector("h1")
            settled(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            assert fits(page)


def test_a_point_that_is_due_tomorrow_is_not_asked_today_and_is_asked_tomorrow(
    browser: Browser, tmp_path: Path
) -> None:
    coach = {"INTERVIEWER_ENGINE": "coach"}
    with RunningApp(tmp_path, **coach) as today, a_page(browser) as page:
        begin(page, today.address)
        say(page, CLUSTERED)
        end(page)
        page.get_by_role("button", name="See the report").wait_for()
        page.goto(f"{today.address}/review?scenario=hard-31&point=hard-31.3")
        page.get_by_label("Your answer").fill("The cache is too small, so I would make it larger.")
        page.get_by_role("button", name="Check my answer").click()
        expect(page.get_by_text("Comes back tomorrow")).to_be_visible(timeout=20_000)
        page.goto(today.address)
        expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
        settled(page)
        expect(page.get_by_role("button", name="Start the review")).to_have_count(0)
    with RunningApp(tmp_path, script=A_DAY_LATER, **coach) as tomorrow, a_page(browser) as page:
        page.goto(tomorrow.address)
        page.get_by_role("button", name="Start the review").click()
        expect(page.get_by_role("button", name="Check my answer")).to_be_visible(timeout=20_000)


def test_a_missed_part_is_tried_again_and_comes_back_on_another_day(
    browser: Browser, with_coach: tuple[RunningApp, Path]
) -> None:
    running, _ = with_coach
    with a_page(browser) as page:
        begin(page, running.address)
        say(page, "I am not sure where to begin here.")
        end(page)
        page.get_by_role("button", name="See the report").click()
        page.get_by_role("button", name="Show the answers").click()
        page.locator("summary", has_text="Missed").nth(1).click()
        page.get_by_role("button", name="Retry this part").first.click()
        page.wait_for_url("**/review**")
        page.get_by_label("Your answer").fill(CLUSTERED)
        page.get_by_role("button", name="Check my answer").click()
        expect(page.get_by_text("Comes back")).to_be_visible(timeout=20_000)
        expect(page.get_by_text(f"Counts: “{CLUSTERED}”")).to_be_visible()
        page.reload()
        page.get_by_role("link", name="Home").first.click()
        expect(page.get_by_role("heading", name="What to do now")).to_be_visible()
