"""Two people on one server, without login and with it: neither sees the other, and nobody comes in unknown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.running import RunningApp, begin, say, settled
from tests.fakes.identity import FakeIdentityProvider

pytestmark = pytest.mark.browser

SAID = "The table is partitioned by date but the lookup filters on user_id, so every file is opened."


def nothing_is_seen(page: Page, address: str, id: str) -> None:
    for name in ("interview", "report"):
        page.goto(f"{address}/{name}?interview={id}")
        expect(page.get_by_text("There is no such interview.")).to_be_visible(timeout=20_000)
        expect(page.get_by_text(SAID)).to_have_count(0)
    page.goto(f"{address}/history")
    expect(page.get_by_text("No interviews yet.")).to_be_visible(timeout=20_000)


def test_two_browsers_share_a_server_and_nothing_else(tmp_path: Path, visitor: Callable[..., Page]) -> None:
    environment = {"INTERVIEWER_ENGINE": "coach", "INTERVIEWER_ALLOW_ANYONE": "1"}
    with RunningApp(tmp_path, **environment) as running:
        ann, eve = visitor(), visitor()
        id = begin(ann, running.address)
        say(ann, SAID)

        nothing_is_seen(eve, running.address, id)

        ann.reload()
        expect(ann.get_by_text(SAID)).to_be_visible(timeout=20_000)
        ann.context.clear_cookies()
        ann.goto(f"{running.address}/history")
        settled(ann)
        expect(ann.get_by_text("No interviews yet.")).to_be_visible(timeout=20_000)


def test_behind_a_proxy_each_person_it_names_has_their_own_interviews(
    tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    environment = {"INTERVIEWER_ENGINE": "coach", "INTERVIEWER_TRUSTED_HEADER": "X-Forwarded-User"}
    with RunningApp(tmp_path, **environment) as running:
        # A request of the browser with this header stands for one that the proxy, on this machine too, passed on.
        ann, eve = (visitor(extra_http_headers={"X-Forwarded-User": name}) for name in ("ann", "eve"))
        unknown = visitor()
        id = begin(ann, running.address)

        nothing_is_seen(eve, running.address, id)
        unknown.goto(f"{running.address}/interview?interview={id}")
        expect(unknown.get_by_text("You are not signed in.")).to_be_visible(timeout=20_000)
        ann.goto(f"{running.address}/history")
        expect(ann.get_by_role("button", name="Continue")).to_be_visible(timeout=20_000)


def test_people_who_sign_in_find_their_own_again_and_nobody_else_does(
    tmp_path: Path, visitor: Callable[..., Page]
) -> None:
    secrets = tmp_path / "secrets.toml"
    environment = {
        "INTERVIEWER_ENGINE": "coach",
        "INTERVIEWER_LOGIN": "1",
        "STREAMLIT_SECRETS_FILES": str(secrets),
    }
    running = RunningApp(tmp_path / "data", **environment)
    with FakeIdentityProvider("ann") as provider:
        secrets.write_text(provider.secrets(running.address), encoding="utf-8")
        with running:
            ann, eve, late = (visitor() for _ in range(3))

            ann.goto(f"{running.address}/history")
            expect(ann.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
            expect(ann.get_by_text("History")).to_have_count(0)
            sign_in(ann)
            id = begin(ann, running.address)
            say(ann, SAID)

            provider.person = "eve"
            eve.goto(f"{running.address}/interview?interview={id}")
            sign_in(eve)
            nothing_is_seen(eve, running.address, id)
            eve.goto(f"{running.address}/settings")
            eve.get_by_role("button", name="Sign out").click()
            expect(eve.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)

            provider.person = "ann"
            sign_in(eve)
            eve.goto(f"{running.address}/interview?interview={id}")
            expect(eve.get_by_text(SAID)).to_be_visible(timeout=20_000)

            provider.issued = 25 * 3600
            late.goto(running.address)
            sign_in(late, known=False)


def sign_in(page: Page, *, known: bool = True) -> None:
    page.get_by_role("button", name="Sign in").click(timeout=20_000)
    page.wait_for_timeout(1000)
    settled(page)
    shown = expect(page.get_by_role("button", name="Sign in"))
    shown.to_have_count(0 if known else 1, timeout=20_000)
