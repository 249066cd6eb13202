"""Who may ask the server at all, and what every answer carries."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from interviewer.settings import Settings, refusal_to_serve
from interviewer.ui.people import VISITOR, named_by_proxy, signed_in, visitor
from interviewer.ui.server import Gate, content_policy
from tests.conftest import ROOT

HOME = ("127.0.0.1", 50_000)
OUTSIDE = ("203.0.113.9", 50_000)
NOW = 1_800_000_000.0
ANN = {"is_logged_in": True, "iss": "https://id.example.com", "sub": "ann", "iat": NOW - 60}


def settings(**values: str) -> Settings:
    return Settings(_env_file=None, **values)


class Asked:
    """What one request to a server with these settings got."""

    def __init__(
        self,
        own: Settings,
        *,
        client: tuple[str, int] | None = HOME,
        kind: str = "http",
        path: str = "/",
        headers: dict[str, str] | None = None,
    ) -> None:
        self.reached = False
        self.sent: list[dict[str, Any]] = []
        given = {"host": "localhost:8501", **(headers or {})}
        scope = {
            "type": kind,
            "path": path,
            "method": "GET",
            "scheme": "http",
            "client": client,
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        asyncio.run(Gate(self._page, own, content_policy())(scope, self._receive, self._send))

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    async def _page(self, scope: Any, receive: Any, send: Any) -> None:
        self.reached = True
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"page"})

    async def _receive(self) -> dict[str, Any]:
        return {"type": "http.request"}

    async def _send(self, message: Any) -> None:
        self.sent.append(message)


# One person


@pytest.mark.parametrize("kind", ["http", "websocket"])
@pytest.mark.parametrize("client", [OUTSIDE, ("10.0.0.7", 1), ("::ffff:10.0.0.7", 1), None])
def test_on_ones_own_machine_nobody_else_gets_an_answer(client: tuple[str, int] | None, kind: str) -> None:
    asked = Asked(settings(), client=client, kind=kind)

    assert not asked.reached
    assert asked.sent[0].get("status", 403) == 403
    assert asked.sent[0].get("code", 1008) == 1008


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost"])
def test_on_ones_own_machine_one_gets_in_under_each_of_its_names(client: str, host: str) -> None:
    assert Asked(settings(), client=(client, 1), headers={"host": host}).reached


@pytest.mark.parametrize("host", ["evil.example.com", "localhost.evil.example.com", "", "localhost@evil.example.com"])
def test_a_foreign_page_whose_name_leads_here_gets_nothing(host: str) -> None:
    assert not Asked(settings(), headers={"host": host}).reached
    assert not Asked(settings(), headers={"host": host}, kind="websocket").reached


@pytest.mark.parametrize("origin", ["http://evil.example.com", "null", "https://localhost:8502", "http://[::1"])
def test_a_page_of_another_server_opens_no_connection(origin: str) -> None:
    own = settings(INTERVIEWER_ALLOW_ANYONE="1")

    for way in (settings(), own):
        assert not Asked(way, headers={"origin": origin}, kind="websocket").reached
        assert Asked(way, headers={"origin": "http://localhost:8501"}, kind="websocket").reached


# Shared servers

BEHIND_PROXY = {"INTERVIEWER_TRUSTED_HEADER": "X-Forwarded-User", "INTERVIEWER_PROXY_ADDRESSES": "10.1.0.0/16"}


def test_behind_a_proxy_only_the_proxy_is_answered() -> None:
    own = settings(**BEHIND_PROXY)

    assert Asked(own, client=("10.1.2.3", 1), headers={"host": "practice.example.com"}).reached
    assert not Asked(own, client=OUTSIDE, headers={"X-Forwarded-User": "ann"}).reached
    assert not Asked(own, client=HOME, headers={"X-Forwarded-For": "10.1.2.3"}, kind="websocket").reached


def test_a_shared_server_answers_under_its_names_alone() -> None:
    own = settings(INTERVIEWER_LOGIN="1", INTERVIEWER_ALLOWED_HOSTS="practice.example.com, other.example.com")

    assert Asked(own, client=OUTSIDE, headers={"host": "practice.example.com:443"}).reached
    assert not Asked(own, client=OUTSIDE, headers={"host": "evil.example.com"}).reached
    assert Asked(own, client=OUTSIDE, headers={"host": "10.0.0.1"}, path="/_stcore/health").reached


def test_where_nobody_signs_in_each_browser_gets_a_cookie_of_its_own_that_no_script_can_read() -> None:
    own = settings(INTERVIEWER_ALLOW_ANYONE="1")
    first, second = (Asked(own, client=OUTSIDE).headers["set-cookie"] for _ in range(2))

    assert first != second
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(first.split("; "))
    value = first.split(";")[0].partition("=")[2]
    assert visitor(value)
    assert "set-cookie" not in Asked(own, client=OUTSIDE, headers={"cookie": f"{VISITOR}={value}"}).headers
    assert "Secure" in Asked(own, client=OUTSIDE, headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert "set-cookie" not in Asked(settings()).headers


# Headers


@pytest.mark.parametrize("client", [HOME, OUTSIDE])
def test_every_answer_carries_the_security_headers(client: tuple[str, int]) -> None:
    headers = Asked(settings(), client=client).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"] == content_policy()


def test_the_policy_names_no_other_host_and_lets_no_page_frame_this_one() -> None:
    policy = dict(part.split(" ", 1) for part in content_policy().split("; "))

    sources = {source for value in policy.values() for source in value.split()}
    assert all(source.startswith("'") or source in ("data:", "blob:") for source in sources)
    assert policy["frame-ancestors"] == "'none'"
    assert policy["img-src"] == "'self' data: blob:"
    assert "unsafe" not in policy["script-src"].replace("'wasm-unsafe-eval'", "")
    assert re.search(r"'sha256-[\w+/]{43}='", policy["script-src"])


# Who it is


def test_the_proxys_header_names_the_person() -> None:
    own = settings(**BEHIND_PROXY)

    assert named_by_proxy(own, "10.1.2.3", ["ann@example.com"]) == "proxy ann@example.com"
    assert named_by_proxy(own, "10.1.2.3", ["ann"]) != named_by_proxy(own, "10.1.2.3", ["bob"])


@pytest.mark.parametrize(
    ("peer", "names"),
    [
        ("203.0.113.9", ["ann"]),
        ("127.0.0.1", ["ann"]),
        ("10.1.2.3", []),
        ("10.1.2.3", [""]),
        ("10.1.2.3", ["  "]),
        ("10.1.2.3", ["eve", "ann"]),
        ("10.1.2.3", ["a" * 257]),
        ("10.1.2.3", ["ann\x00"]),
    ],
)
def test_a_header_from_elsewhere_or_one_that_names_nobody_is_not_believed(peer: str, names: list[str]) -> None:
    assert named_by_proxy(settings(**BEHIND_PROXY), peer, names) is None


def test_who_signed_in_is_known_by_issuer_and_subject() -> None:
    assert signed_in(ANN, NOW) == "oidc https://id.example.com ann"
    assert signed_in({**ANN, "iss": "https://other.example.com"}, NOW) != signed_in(ANN, NOW)
    assert signed_in({**ANN, "email": "new@example.com"}, NOW) == signed_in(ANN, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"is_logged_in": False},
        {"is_logged_in": "yes"},
        {"sub": ""},
        {"sub": None},
        {"iss": None},
        {"iat": None},
        {"iat": NOW - 24 * 3600 - 1},
    ],
)
def test_without_a_fresh_identity_nobody_is_signed_in(changes: dict[str, object]) -> None:
    assert signed_in({**ANN, **changes}, NOW) is None


@pytest.mark.parametrize("cookie", ["", "x", "x" * 42, "x" * 44, "x" * 42 + "\n", "../" + "x" * 40])
def test_a_cookie_that_is_not_ours_is_nobody(cookie: str) -> None:
    assert visitor(cookie) is None


def test_the_store_is_not_told_the_cookie() -> None:
    cookie = "x" * 43

    assert cookie not in str(visitor(cookie))


# Starting

OPEN = ["0.0.0.0", "::", "192.168.1.5", "practice.example.com", ""]


@pytest.mark.parametrize("address", OPEN)
def test_an_address_that_others_reach_needs_a_way_to_tell_people_apart(address: str) -> None:
    key = {"OPENAI_API_KEY": "sk-12345678"}
    refused = refusal_to_serve(settings(**key), address)

    assert "INTERVIEWER_LOGIN=1" in refused
    assert "\n" not in refused
    assert "sk-12345678" not in refused
    for way in ({"INTERVIEWER_LOGIN": "1"}, BEHIND_PROXY, {"INTERVIEWER_ALLOW_ANYONE": "1"}):
        assert refusal_to_serve(settings(**key, **way), address) == ""


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_this_machine_needs_nothing(address: str) -> None:
    assert refusal_to_serve(settings(OPENAI_API_KEY="sk-12345678"), address) == ""


@pytest.mark.parametrize(
    "command",
    [
        ["-c", "from interviewer.cli import main; main()", "run", "--address", "0.0.0.0"],
        ["-m", "streamlit", "run", "app.py", "--server.address", "0.0.0.0"],
    ],
    ids=["interviewer run", "streamlit run"],
)
def test_an_open_address_with_a_key_and_without_login_ends_with_code_2_and_one_line(
    command: list[str], tmp_path: Path
) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path),
        "INTERVIEWER_DATA_DIR": str(tmp_path),
        "OPENAI_API_KEY": "sk-CANARY-do-not-show",
    }
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 2
    assert len(ended.stderr.splitlines()) == 1
    assert "INTERVIEWER_LOGIN=1" in ended.stderr
    assert "CANARY" not in ended.stderr + ended.stdout
    assert list(tmp_path.iterdir()) == []
