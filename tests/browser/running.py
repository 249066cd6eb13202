"""The app started as people start it, and the browser that looks at it. Loopback only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Self

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 30


class RunningApp:
    """`streamlit run app.py`, or another script, on a free port with this data folder, from `with` to its end."""

    def __init__(self, data: Path, *, script: Path = Path("app.py"), **environment: str) -> None:
        self._script = script
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "INTERVIEWER_"))}
        self._environment = {**ours, "INTERVIEWER_DATA_DIR": str(data), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the app is not running")
        return self._process.pid

    def start(self) -> None:
        command = [sys.executable, "-m", "streamlit", "run", str(self._script), "--server.port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError("the app did not start")
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill the server in the middle of what it does, as a power cut would."""
        self._end(signal.SIGKILL)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        self._process = None

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, OSError):
            return False
        return True


def settled(page: Page) -> None:
    """Wait until the script has run and nothing is being drawn."""
    page.wait_for_timeout(200)
    page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=30_000)
    page.wait_for_timeout(300)


def begin(page: Page, address: str, scenario: str = "hard-31") -> str:
    """Start an interview from its brief; gives its id."""
    page.goto(f"{address}/interview?scenario={scenario}")
    page.get_by_role("button", name="Start interview").click()
    page.wait_for_url("**interview=**")
    settled(page)
    return page.url.rsplit("=", 1)[1]


def send(page: Page, text: str) -> None:
    """Type an answer and send it; does not wait for the reply."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(text)
    box.press("Enter")


def say(page: Page, text: str) -> None:
    send(page, text)
    settled(page)


def end(page: Page) -> None:
    """End the interview and have it graded; waits in between, as nobody clicks what has just appeared."""
    page.get_by_role("button", name="End interview").click()
    settled(page)
    page.get_by_role("button", name="End and grade").click()
