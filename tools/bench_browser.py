"""Measures in a real browser when the first words of a reply stand on the page, after the model's own first token.

    python tools/bench_browser.py

Interviews of 2 and of 50 turns are opened in Chromium; the model is a server on this machine that waits before it
speaks, and notes when it did. Server, page and this program share one clock. Medians of several answers are quoted.
Exit status 1 when a figure is outside its bound.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from interviewer.bootstrap import OWNER, App, build  # noqa: E402
from interviewer.domain.interview import Interview, Move, Turn  # noqa: E402
from interviewer.settings import Settings  # noqa: E402
from tests.browser.running import CHROMIUM, FLAGS, RunningApp, send, settled  # noqa: E402
from tests.fakes.http_server import FakeServer  # noqa: E402

BOUND_SECONDS = 0.150
ROUNDS = 7
SCENARIO = "hard-31"
ANSWER = "The files are laid out by date and I filter by user, so nothing is pruned and every file is opened."
THINKS_SECONDS = 1.0
# The time at which the last message first holds words of the interviewer that are no placeholder.
WATCH = """() => {
  const count = () => document.querySelectorAll('[data-testid=stChatMessage]').length;
  const before = count();
  window.firstWords = null;
  new MutationObserver((_, observer) => {
    const all = document.querySelectorAll('[data-testid=stChatMessage]');
    if (all.length < before + 2) return;
    const text = all[all.length - 1].innerText.trim();
    if (text && !text.includes('Thinking')) { window.firstWords = Date.now() / 1000; observer.disconnect(); }
  }).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def interview_of(app: App, turns: int) -> str:
    """A stored interview in which so many turns were taken, all of them answers and questions that are not counted."""
    scenario = app.library.scenarios[SCENARIO]
    id = app.worker.start(
        scenario, app.scenario_hash(scenario), owner=OWNER, mode="practice", level="senior", max_probes=10, engine="x"
    ).id
    interview = app.store.load(id, owner=OWNER).interview
    while len(interview.turns) < turns - 1:
        for turn in (_asked(interview), _assumed(interview.with_turn(_asked(interview)))):
            interview = interview.with_turn(app.store.add_turn(id, turn, owner=OWNER, key=str(turn.seq)))
    return id


def _asked(interview: Interview) -> Turn:
    text = f"Which of the {len(interview.turns)} tables do you mean?"
    return Turn(seq=len(interview.turns), role="candidate", text=text, at=datetime.now(UTC))


def _assumed(interview: Interview) -> Turn:
    move = Move(kind="assume", text="The brief does not say. Assume what you need.", reason="for the measurement")
    return Turn(seq=len(interview.turns), role="interviewer", text=move.text, at=datetime.now(UTC), move=move)


def first_words(page: Page, address: str, id: str, server: FakeServer) -> float:
    """Seconds from the model's first token to the first words on the page, for one answer."""
    page.goto(f"{address}/interview?interview={id}")
    page.get_by_test_id("stChatMessage").first.wait_for()
    settled(page)
    spoken = len(server.first_token_at)
    page.evaluate(WATCH)
    send(page, ANSWER)
    page.wait_for_function("() => window.firstWords !== null", timeout=30_000)
    seconds = float(page.evaluate("window.firstWords")) - server.first_token_at[spoken]
    settled(page)
    return seconds


def main() -> None:
    measured: dict[int, list[float]] = {2: [], 50: []}
    with tempfile.TemporaryDirectory() as folder, FakeServer(first=THINKS_SECONDS, rate=30) as server:
        own = {"INTERVIEWER_MODEL": "bench", "OPENAI_BASE_URL": server.base_url}
        app = build(Settings(INTERVIEWER_DATA_DIR=Path(folder), INTERVIEWER_ENGINE="coach", _env_file=None))
        ids = [(turns, interview_of(app, turns)) for _ in range(ROUNDS) for turns in measured]
        app.close()
        with RunningApp(Path(folder), **own) as running, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
            page = browser.new_page()
            for turns, id in ids:
                measured[turns].append(first_words(page, running.address, id, server))
            browser.close()
    print("| first words on the page, after the model's first token | median | worst | bound |")
    print("|---|---|---|---|")
    for turns, seconds in measured.items():
        print(
            f"| interview of {turns} turns ({len(seconds)} answers) | {statistics.median(seconds) * 1000:.0f} ms "
            f"| {max(seconds) * 1000:.0f} ms | {BOUND_SECONDS * 1000:.0f} ms |"
        )
    if max(map(statistics.median, measured.values())) > BOUND_SECONDS:
        sys.exit("A figure is outside its bound.")


if __name__ == "__main__":
    main()
