"""What stands between the network and the pages: who may ask at all, and the headers of every answer."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import secrets
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from interviewer.errors import InterviewerError, SettingsError
from interviewer.logs import start_json_lines
from interviewer.settings import Settings, is_loopback, read_settings, refusal_to_serve
from interviewer.ui.people import VISITOR

SCRIPT = Path(__file__).parent / "script.py"
HEALTH = "/_stcore/health"
YEAR = 365 * 24 * 3600
WRONG_SETUP = 2

_log = logging.getLogger(__name__)


def prepared() -> Settings:
    """The settings of this server, with logging begun. Ends the process with code 2 when it must not start so."""
    try:
        settings = read_settings()
    except SettingsError as error:
        sys.stderr.write(f"interviewer: {error}\n")
        sys.exit(WRONG_SETUP)
    refused = refusal_to_serve(settings, config.get_option("server.address") or "")
    if refused:
        sys.stderr.write(f"interviewer: {refused}\n")
        sys.exit(WRONG_SETUP)
    if settings.sharing != "one person":
        config.set_option("server.allowedHosts", list(settings.allowed_hosts) or ["*"])
    start_json_lines(settings.log_level, settings.secrets)
    return settings


def middleware(settings: Settings) -> list[Middleware]:
    return [Middleware(Gate, settings=settings, policy=content_policy())]


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """Runs when the server has started, which is when the libraries' own log handlers are all there."""
    settings = read_settings()
    start_json_lines(settings.log_level, settings.secrets)
    _log.info("started")
    threading.Thread(target=_make_ready, name="make-ready", daemon=True).start()
    yield
    _log.info("stopped")


def _make_ready() -> None:
    """Load what the first visitor needs while their browser loads the page: half of the time until they see it."""
    from interviewer.ui import wiring

    try:
        wiring.made()
    except InterviewerError as error:  # said to every visitor, who has it tried again
        _log.error("not ready", exc_info=error)


def log_script_error(error: Exception) -> None:
    """A bug in a page: its kind and place. What the person typed may stand in its message, which is left out."""
    _log.error("a page failed", exc_info=error)


def content_policy() -> str:
    """What a page may load: everything from this server alone, and no script but Streamlit's own.

    Streamlit writes styles and a small inline script into its page; the script is allowed by its hash. Its charts draw
    in the browser without evaluating text as code.
    """
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' 'wasm-unsafe-eval'", *(f"'sha256-{hash}'" for hash in hashes))),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


class Gate:
    """ASGI middleware: turns away who may not ask, and adds the security headers to what the others get.

    For one person only this machine may ask, under a name of this machine. Behind a trusted proxy only the proxy may.
    No page of another server may open a connection, whatever its visitor is signed in to.
    """

    def __init__(self, app: ASGIApp, settings: Settings, policy: str) -> None:
        self._app, self._settings, self._policy = app, settings, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
        elif not (refused := self.refusal(scope)):
            await self._app(scope, receive, self._with_headers(scope, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = PlainTextResponse(f"{refused}\n", status_code=403)
            await answer(scope, receive, self._with_headers(scope, send))

    def refusal(self, scope: Scope) -> str:
        """Why this request is not answered; "" when it is."""
        client, headers = scope.get("client"), Headers(scope=scope)
        peer = str(client[0]) if client else ""
        host = _host(headers.get("host", ""))
        allowed = self._settings.allowed_hosts
        match self._settings.sharing:
            case "one person":
                if not is_loopback(peer) or not is_loopback(host):
                    return "This app serves the computer it runs on. Open it there, at http://localhost."
            case "trusted proxy":
                if not self._is_proxy(peer):
                    return "This server answers its proxy alone. Open the address that you sign in at."
        if scope["type"] == "websocket" and "origin" in headers:
            origin = headers["origin"].partition("://")[2]
            if origin != headers.get("host") and _host(origin) not in allowed:
                return "A page of another server may not speak for you."
        if self._settings.sharing != "one person" and allowed and host not in allowed and scope["path"] != HEALTH:
            return "This server is not known by this name."
        return ""

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self._settings.proxies)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Frame-Options"] = "DENY"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), payment=()"
                if self._settings.sharing == "anyone" and headers.get("content-type", "").startswith("text/html"):
                    self._tell_apart(scope, headers)
            await send(message)

        return sending

    def _tell_apart(self, scope: Scope, headers: MutableHeaders) -> None:
        """Give a new browser the cookie that makes it a person of its own."""
        asked = Headers(scope=scope)
        if VISITOR in _cookies(asked.get("cookie", "")):
            return
        secure = "; Secure" if "https" in (scope.get("scheme"), asked.get("x-forwarded-proto")) else ""
        value = secrets.token_urlsafe(32)
        headers.append("Set-Cookie", f"{VISITOR}={value}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}")


def _host(header: str) -> str:
    """The name in a Host header without its port; "" when it cannot be one."""
    try:
        parts = urlsplit(f"//{header}")
        return (parts.hostname or "").rstrip(".") if not (parts.username or parts.path) else ""
    except ValueError:
        return ""


def _cookies(header: str) -> set[str]:
    try:
        return set(SimpleCookie(header))
    except CookieError:
        return set()
