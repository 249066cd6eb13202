"""Who looks at this page. Nothing of anybody is drawn before that is known."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING

import streamlit as st

from interviewer.settings import OWNER, Settings

if TYPE_CHECKING:
    from interviewer.bootstrap import App

VISITOR = "interviewer_visitor"  # the cookie that tells one browser from another where nobody signs in
SIGNED_IN_SECONDS = 24 * 3600
NAME_CHARACTERS = 256

_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}")
_LOOPBACK = "127.0.0.1"


def owner_of_page(settings: Settings) -> str | None:
    """The stable name of this person in the store; None when nobody can be told."""
    match settings.sharing:
        case "one person":
            return OWNER
        case "sign-in":
            return signed_in(st.user.to_dict(), time.time())
        case "trusted proxy":
            names = st.context.headers.get_all(settings.trusted_header or "")
            # Streamlit gives no address for a connection from this machine.
            return named_by_proxy(settings, st.context.ip_address or _LOOPBACK, names)
        case "anyone":
            return visitor(st.context.cookies.get(VISITOR, ""))


def signed_in(user: Mapping[str, object], now: float) -> str | None:
    """The person of an identity token; None when there is none, or when it is older than a day."""
    issuer, subject, issued = user.get("iss"), user.get("sub"), user.get("iat")
    if user.get("is_logged_in") is not True or not isinstance(issued, int | float):
        return None
    if not issuer or not subject or now - issued > SIGNED_IN_SECONDS:
        return None
    return f"oidc {issuer} {subject}"


def named_by_proxy(settings: Settings, peer: str, names: list[str]) -> str | None:
    """The person whom the header names; None unless it came from the proxy, once, with one name in it."""
    if not any(ip_address(peer.partition("%")[0]) in network for network in settings.proxies) or len(names) != 1:
        return None
    name = names[0].strip()
    return f"proxy {name}" if name and len(name) <= NAME_CHARACTERS and name.isprintable() else None


def visitor(cookie: str) -> str | None:
    """The person of a browser's cookie. The store gets its hash: whoever reads the store cannot make the cookie."""
    return f"visitor {hashlib.sha256(cookie.encode()).hexdigest()}" if _COOKIE.fullmatch(cookie) else None


def let_in(settings: Settings) -> None:
    """Go on for a person who is known; for anybody else draw the way in, and nothing more."""
    if owner_of_page(settings) is not None:
        return
    st.title("Practise a technical interview", anchor=False)
    match settings.sharing:
        case "sign-in":
            st.markdown("Your interviews are kept for you alone, so this server has to know who you are.")
            st.button("Sign in", type="primary", icon=":material/login:", on_click=st.login)
        case "trusted proxy":
            st.markdown("**You are not signed in.** Open this page at the address that you sign in at, and reload it.")
        case _:
            st.markdown("**Your browser sent no cookie.** It is what tells you from others here. Allow it, and reload.")
    st.stop()


def sign_out(app: App) -> None:
    """The way out, where people sign in here."""
    if app.settings.sharing == "sign-in":
        st.button("Sign out", icon=":material/logout:", on_click=st.logout)
