"""Measures in a real browser how long pages take, beside a bare Streamlit chat of the same length.

    python tools/bench_pages.py

Both run with the same Streamlit and the same configuration, in turns, and medians are quoted: single times on a shared
machine mean little. Every request of the browser is watched: none may leave this machine. Exit status 1 when a figure
is outside its bound.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.adapters.scenario_files import load_folder  # noqa: E402
from interviewer.bootstrap import OWNER, App, build  # noqa: E402
from interviewer.flows.simulating import scripted_candidate  # noqa: E402
from interviewer.settings import Settings  # noqa: E402
from tests.browser.running import CHROMIUM, FLAGS, RunningApp, settled  # noqa: E402
from tools.bench_browser import ANSWER, interview_of  # noqa: E402

ROUNDS, STARTS = 5, 3
REDRAW_RATIO, LONG_RATIO, START_RATIO = 1.3, 1.0, 1.2
NOISE = 1.1  # two measurements of the same thing differ by so much on a shared machine; granted to ratios
REPORT_SECONDS, CHOOSE_SECONDS, LOAD_SECONDS, LOAD_AGAIN_SECONDS = 1.0, 0.2, 1.0, 0.3
BARE = f"""
import time
import streamlit as st
st.title("A chat")
for number in range(int(st.query_params.get("turns", "2"))):
    with st.chat_message("user" if number % 2 else "assistant"):
        st.text({ANSWER!r})
st.button("End interview")
st.caption(time.time())
st.chat_input("Your answer")
"""
# Notes when something is clicked, and when the page says something else because of it and is drawn.
WATCH = """() => {
  const state = () => document.querySelector('[data-test-script-state]').dataset.testScriptState;
  const said = () => document.querySelector('[data-testid=stApp]').textContent;
  window.took = null;
  document.addEventListener('click', () => {
    const began = performance.now(), before = said();
    const look = () => {
      if (said() !== before && state() === 'notRunning')
        requestAnimationFrame(() => { window.took = (performance.now() - began) / 1000; });
      else setTimeout(look, 2);
    };
    look();
  }, {capture: true, once: true});
}"""


class Figure(NamedTuple):
    """One line of the table. `kept` says whether the bound holds."""

    what: str
    measured: str
    bound: str
    kept: bool


def in_ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def compared(what: str, seconds: float, other: float, most: float, name: str) -> Figure:
    ratio = seconds / other
    return Figure(
        what,
        f"{in_ms(seconds)}, {ratio:.2f} × {name} ({in_ms(other)})",
        f"{most:.1f} × (up to {most * NOISE:.2f} is noise)",
        ratio <= most * NOISE,
    )


def timed(what: str, seconds: float, most: float) -> Figure:
    return Figure(what, in_ms(seconds), in_ms(most), seconds <= most)


def redraw(page: Page, button: str) -> float:
    page.evaluate(WATCH)
    page.get_by_role("button", name=button).click()
    page.wait_for_function("() => window.took !== null", timeout=30_000)
    settled(page)
    return float(page.evaluate("window.took"))


def redraws(page: Page, bare: str, ours: dict[int, str], address: str) -> dict[str, list[float]]:
    """Seconds of a full redraw: of the bare chat at 50 turns, and of interviews by their number of turns."""
    took: dict[str, list[float]] = {"bare": [], **{str(turns): [] for turns in ours}}
    for _ in range(ROUNDS):
        page.goto(f"{bare}/?turns=50")
        page.get_by_test_id("stChatMessage").nth(49).wait_for()
        settled(page)
        took["bare"] += [redraw(page, "End interview") for _ in range(2)]
        for turns, id in ours.items():
            page.goto(f"{address}/interview?interview={id}")
            page.get_by_role("button", name="End interview").wait_for()
            settled(page)
            took[str(turns)] += [redraw(page, "End interview"), redraw(page, "Keep going")]
    return took


def first_pages(browser: Browser, make: Callable[[], RunningApp], shown: Callable[[Page], None]) -> float:
    """Seconds from starting the server to its first page in a browser that has nothing stored."""
    began = time.perf_counter()
    with make() as running, browser.new_context() as context:
        page = context.new_page()
        page.goto(running.address)
        shown(page)
        return time.perf_counter() - began


def drawn(page: Page, address: str, shown: Callable[[Page], None]) -> float:
    """Seconds to draw a page in a browser that has the app open already: from the address to the end of the script."""
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address)
    shown(page)
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    return time.perf_counter() - began


def loading() -> tuple[float, float]:
    """Seconds of processor time to load all scenarios, at first and again."""
    took = []
    for _ in range(5):
        began = time.process_time()
        load_folder(ROOT / "scenarios")
        took.append(time.process_time() - began)
    return took[0], statistics.median(took[1:])


def graded(app: App) -> tuple[str, int]:
    """A stored interview with its grade, with a candidate who is wrong and is asked often; its id and turns."""
    id = interview_of(app, 1)
    interview = app.store.load(id, owner=OWNER).interview
    speaker = scripted_candidate("wrong", interview.scenario, 1)
    while not interview.is_finished:
        app.worker.answer(id, speaker.answer(interview), owner=OWNER, key=str(len(interview.turns)))
        while live := app.worker.reply_of(id, owner=OWNER):
            live.wait(5)
        interview = app.store.load(id, owner=OWNER).interview
    app.worker.grade(id, owner=OWNER).wait(60)
    return id, len(interview.turns)


def main() -> None:
    first, again = loading()
    figures = [
        Figure(
            "all scenarios loaded, processor time: first, again",
            f"{first * 1000:.0f}, {again * 1000:.0f} ms",
            f"{LOAD_SECONDS * 1000:.0f}, {LOAD_AGAIN_SECONDS * 1000:.0f} ms",
            first <= LOAD_SECONDS and again <= LOAD_AGAIN_SECONDS,
        )
    ]
    hosts: set[str] = set()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "bare.py"
        script.write_text(BARE, encoding="utf-8")
        data = Path(folder) / "data"
        data.mkdir()
        app = build(Settings(INTERVIEWER_DATA_DIR=data, INTERVIEWER_ENGINE="coach", _env_file=None))
        ids = {turns: interview_of(app, turns) for turns in (50, 60, 500)}
        report, turns = graded(app)
        app.close()
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        starts: dict[str, list[float]] = {"bare": [], "ours": []}
        for number in range(STARTS):
            empty = Path(folder) / f"empty-{number}"
            empty.mkdir()
            starts["bare"].append(
                first_pages(
                    browser,
                    lambda: RunningApp(data, script=script),
                    lambda page: page.get_by_test_id("stChatMessage").nth(1).wait_for(),
                )
            )
            starts["ours"].append(
                first_pages(
                    browser,
                    lambda empty=empty: RunningApp(empty, INTERVIEWER_ENGINE="coach"),  # type: ignore[misc]
                    lambda page: page.get_by_role("button", name="Start the interview").wait_for(),
                )
            )
        with RunningApp(data, script=script) as bare, RunningApp(data, INTERVIEWER_ENGINE="coach") as ours:
            page = browser.new_page()
            page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname or ""))
            took = redraws(page, bare.address, ids, ours.address)
            reports, choices, bares = [], [], []
            for _ in range(ROUNDS):
                bares.append(
                    drawn(
                        page, f"{bare.address}/?turns=2", lambda p: p.get_by_test_id("stChatMessage").nth(1).wait_for()
                    )
                )
                reports.append(
                    drawn(
                        page,
                        f"{ours.address}/report?interview={report}",
                        lambda p: p.get_by_role("heading", name="By dimension").wait_for(),
                    )
                )
                page.goto(f"{ours.address}/practise")
                page.get_by_role("button", name="Page 2").wait_for()
                settled(page)
                choices.append(redraw(page, "Page 2"))
        browser.close()
    at = {name: statistics.median(seconds) for name, seconds in took.items()}
    started = {name: statistics.median(seconds) for name, seconds in starts.items()}
    report_seconds, choose_seconds = statistics.median(reports), statistics.median(choices)
    figures += [
        compared("full redraw at 50 turns", at["50"], at["bare"], REDRAW_RATIO, "a bare chat of 50"),
        compared("full redraw at 500 turns", at["500"], at["60"], LONG_RATIO, "60 turns"),
        compared("server start to first page", started["ours"], started["bare"], START_RATIO, "a bare chat"),
        timed(
            f"report of {turns} turns, opened (a bare page of 2: {in_ms(statistics.median(bares))})",
            report_seconds,
            REPORT_SECONDS,
        ),
        timed("another page of the choices, redrawn", choose_seconds, CHOOSE_SECONDS),
        Figure("hosts that the browser asked", ", ".join(sorted(hosts)), "this machine", hosts <= {"127.0.0.1"}),
    ]
    print("| what | measured, median | bound | |")
    print("|---|---|---|---|")
    for figure in figures:
        print(f"| {figure.what} | {figure.measured} | {figure.bound} | {'kept' if figure.kept else 'not kept'} |")
    if not all(figure.kept for figure in figures):
        sys.exit("A figure is outside its bound.")


if __name__ == "__main__":
    main()
