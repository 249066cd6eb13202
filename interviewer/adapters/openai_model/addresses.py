"""Which machines may be talked to at an address that a person typed: every address behind the name is looked at."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from interviewer.errors import InputError

if TYPE_CHECKING:
    import httpx2

Resolve = Callable[[str, int], Sequence[str]]

PORTS = {"http": 80, "https": 443}
NO_ADDRESS = "This address cannot be read. Type it as https://server/v1, without a user name or a password."
NOT_PUBLIC = "This address leads to a machine that is not on the public internet. Nothing was sent to it."
NOT_FOUND = "There is no server of this name. Check the address."
HTTPS_ONLY = "Only https is taken here, so that nobody on the way can read along. Type https:// in front."

_NAT64 = IPv6Network("64:ff9b::/96")


def resolved(host: str, port: int) -> list[str]:
    """Every address of this host. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Guard:
    """Lets through the machines of the public internet, and with `loopback` this one.

    A name is looked up at every connection, all of its addresses are checked, and the connection goes to one that was
    checked: a name that changes its mind between two questions gains nothing.
    """

    def __init__(self, *, loopback: bool, resolve: Resolve = resolved) -> None:
        self.loopback = loopback
        self._resolve = resolve

    def check(self, base_url: str) -> None:
        """Raises InputError when nothing may be sent to this address."""
        try:
            parts = urlsplit(base_url)
            usual = PORTS[parts.scheme]
            host, port = parts.hostname or "", parts.port or usual
        except (ValueError, KeyError):
            raise InputError(NO_ADDRESS) from None
        if not host or parts.username or parts.password or any(ord(character) < 33 for character in base_url):
            raise InputError(NO_ADDRESS)
        addresses = self.addresses(host, port)
        if parts.scheme == "http" and not all(_is_loopback(address) for address in addresses):
            raise InputError(HTTPS_ONLY)

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of this host. Raises InputError unless every one of them may be talked to."""
        try:
            found = self._resolve(host.strip("[]"), port)
        except (OSError, UnicodeError):
            raise InputError(NOT_FOUND) from None
        if not found:
            raise InputError(NOT_FOUND)
        if not all(self._may_be_talked_to(address) for address in found):
            raise InputError(NOT_PUBLIC)
        return found

    def _may_be_talked_to(self, address: str) -> bool:
        return is_public(address) or (self.loopback and _is_loopback(address))


def is_public(address: str) -> bool:
    """Whether this address belongs to one machine on the public internet, whatever it is wrapped in."""
    return all(inner.is_global and not inner.is_multicast for inner in _unwrapped(address))


def _is_loopback(address: str) -> bool:
    return all(inner.is_loopback for inner in _unwrapped(address))


def _unwrapped(address: str) -> list[IPv4Address | IPv6Address]:
    """The address, or the IPv4 addresses that an IPv6 address carries to a translator or the end of a tunnel."""
    outer = ip_address(address.partition("%")[0])
    if isinstance(outer, IPv4Address):
        return [outer]
    if outer.ipv4_mapped:
        return [outer.ipv4_mapped]
    if outer.sixtofour:
        return [outer.sixtofour]
    if outer.teredo:
        return [outer, *outer.teredo]
    if outer in _NAT64:
        return [IPv4Address(int(outer) & 0xFFFFFFFF)]
    return [outer]


def guarded(guard: Guard, inner: httpx2.BaseTransport) -> httpx2.BaseTransport:
    """A transport that connects only to addresses which the guard lets through, looked up for each request.

    The name of the host still stands in the request and is what the server's certificate must be for.
    """
    import httpx2

    class Guarded(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            host, port = request.url.host, request.url.port or PORTS[request.url.scheme]
            try:
                addresses = guard.addresses(host, port)
            except InputError as error:
                raise httpx2.ConnectError(str(error)) from None
            request.extensions["sni_hostname"] = host
            failure = httpx2.ConnectError(NOT_FOUND)
            for address in addresses:
                request.url = request.url.copy_with(host=address)
                try:
                    return inner.handle_request(request)
                except httpx2.ConnectError as error:
                    failure = error
            raise failure

        def close(self) -> None:
            inner.close()

    return Guarded()
