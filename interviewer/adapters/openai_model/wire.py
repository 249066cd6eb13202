"""One streamed request at a time through the SDK, in a thread of its own, so that nobody is bound to wait for it."""

from __future__ import annotations

import contextlib
import functools
import json
import queue
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from interviewer.adapters.openai_model.addresses import Guard, guarded
from interviewer.adapters.openai_model.profiles import completed, host_of, server_kind
from interviewer.errors import ModelError

if TYPE_CHECKING:
    import httpx2
    import openai

NO_KEY = "none"
# The newest dated version that is generally available, for a deployment's address that names none.
_AZURE_VERSION = "2024-10-21"

_POLL_SECONDS = 0.05
_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # struct linger: on, zero seconds
_KEY = re.compile(r"[\x21-\x7e]{1,300}")

Receive = Callable[["Exchange"], Generator["Piece", None, None]]


class Tokens(NamedTuple):
    """What the server counted."""

    input: int
    cached: int
    output: int


class Piece(NamedTuple):
    """What one chunk of a reply adds. `finish` is the server's reason for the end, in the last piece only."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    finish: str | None = None
    tokens: Tokens | None = None


class Exchange:
    """A running request. Reading its pieces can be given up at any moment, even before the server has answered."""

    def __init__(self, receive: Receive) -> None:
        self.streamed = False
        self._inbox: queue.SimpleQueue[Piece | Exception | None] = queue.SimpleQueue()
        self._cut = threading.Event()
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        threading.Thread(target=self._run, args=(receive,), name="model-request", daemon=True).start()

    def pieces(self, check: Callable[[], None]) -> Iterator[Piece]:
        """The pieces as they come. `check` is called at least every 50 ms and ends the waiting by raising."""
        while True:
            check()
            try:
                item = self._inbox.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, Exception):
                raise item
            yield item

    def cut(self) -> None:
        """End the request on the server's side as well. Harmless when it has ended."""
        with self._lock:
            self._cut.set()
            if self._socket is not None:
                # Closing would not wake a thread that is reading. Called on the plain class, because an SSL
                # socket would first drop the state which that thread is using.
                with contextlib.suppress(OSError):
                    # Closing then resets the connection. A server in the middle of a write that we no longer make
                    # room for would otherwise notice only when the system forgets the connection, in a minute.
                    self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def uses(self, connection: socket.socket) -> None:
        with self._lock:
            self._socket = connection
        if self._cut.is_set():
            self.cut()

    def _run(self, receive: Receive) -> None:
        try:
            with contextlib.closing(receive(self)) as pieces:
                for piece in pieces:
                    self._inbox.put(piece)
                    if self._cut.is_set():
                        break
        except Exception as error:  # raised again in the thread that reads the pieces
            self._inbox.put(error)
        else:
            self._inbox.put(None)
        with self._lock:
            # Its number may soon belong to another connection.
            self._socket = None


_current: ContextVar[Exchange] = ContextVar("_current")


class Wire:
    """The way to one model on one server. Opens nothing before the first request. Safe to share between threads."""

    def __init__(
        self,
        model: str,
        api_key: str,
        base_url: str | None,
        *,
        timeout: float,
        connect_timeout: float,
        http_client: httpx2.Client | None,
        guard: Guard | None = None,
    ) -> None:
        self.model = model
        address, _, query = completed(base_url).partition("?")
        self.base_url = address.rstrip("/").removesuffix("/chat/completions")
        self.host = host_of(self.base_url) or "The model server"
        self._query = dict(parse_qsl(query))
        self._is_dated = server_kind(self.base_url) == "azure" and "/openai/deployments/" in self.base_url
        if self._is_dated:
            self._query.setdefault("api-version", _AZURE_VERSION)
        self._key = api_key.strip() or ("" if server_kind(base_url) == "openai" else NO_KEY)
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._http_client = http_client
        self._guard = guard
        self._sdk: openai.OpenAI | None = None
        self._lock = threading.Lock()

    def send(self, request: dict[str, Any]) -> Exchange:
        """Start a chat request with these parameters. Raises ModelError("auth") when the key cannot be one."""
        if not self._key:
            raise ModelError("auth", "There is no key for the model server. Enter it in the settings.")
        if not _KEY.fullmatch(self._key):
            raise ModelError("auth", "The key has a character that no key has, or is too long. Copy it again.")
        return Exchange(lambda exchange: self._receive(exchange, request))

    def models(self) -> list[str]:
        """The names of the models that the server lists; empty when it does not say."""
        import httpx2
        import openai

        try:
            page = self._client().models.list(timeout=self._connect_timeout)
            return [str(model.id) for model in page.data or []]
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, AttributeError):
            # A list is a courtesy, and some servers answer here with anything at all.
            return []

    def _receive(self, exchange: Exchange, request: dict[str, Any]) -> Generator[Piece, None, None]:
        import httpx2
        import openai

        from interviewer.adapters.openai_model.faults import invalid, translate

        _current.set(exchange)
        answered = came = False
        try:
            create: Callable[..., Any] = self._client().chat.completions.create
            with create(model=self.model, stream=True, **request) as stream:
                kind = stream.response.headers.get("content-type", "").lower()
                if "html" in kind:
                    raise invalid(self.host)
                exchange.streamed = "json" not in kind
                chunks = stream if exchange.streamed else [_whole(stream.response.read())]
                for chunk in chunks:
                    piece = _piece(chunk)
                    if piece is None:
                        raise ValueError("the server sent a chunk that is no object")
                    answered = answered or bool(getattr(chunk, "choices", None))
                    came = came or bool(piece.text.strip())
                    yield piece
                if not answered:
                    raise invalid(self.host)
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise translate(error, host=self.host, model=self.model, sent=request, broke_off=came) from None

    def _client(self) -> openai.OpenAI:
        import httpx2
        import openai

        with self._lock:
            if self._sdk is None:
                timeout = httpx2.Timeout(self._timeout, connect=self._connect_timeout)
                # One connection per request is what lets `cut` know the socket before the server has answered.
                limits = httpx2.Limits(max_keepalive_connections=0)
                transport = httpx2.HTTPTransport(verify=_certificates(), limits=limits) if self._guard else None
                client = self._http_client or httpx2.Client(
                    verify=_certificates(),
                    timeout=timeout,
                    # A prompt must not travel on to an address that nobody chose.
                    follow_redirects=False,
                    limits=limits,
                    transport=guarded(self._guard, transport) if self._guard and transport else None,
                    event_hooks={"request": [_note_connection]},
                )
                self._sdk = openai.OpenAI(
                    api_key=self._key,
                    base_url=self.base_url,
                    timeout=timeout,
                    max_retries=0,
                    http_client=client,
                    default_query=self._query,
                    # Azure's dated addresses know the key by another name than the rest of the world.
                    default_headers={"api-key": self._key} if self._is_dated else None,
                )
                # The SDK takes these from the environment, for any server.
                self._sdk.organization = self._sdk.project = None
            return self._sdk


@functools.cache
def _certificates() -> ssl.SSLContext:
    """One for all models: reading the certificates takes longer than the rest of a request's preparation."""
    import httpx2

    return httpx2.create_ssl_context()


def _note_connection(request: httpx2.Request) -> None:
    exchange = _current.get(None)
    if exchange is None:
        return

    def trace(event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            exchange.uses(info["return_value"].get_extra_info("socket"))

    request.extensions["trace"] = trace


def _whole(body: bytes) -> Any:
    """The reply of a server that does not stream, as one chunk."""
    from openai.types.chat import ChatCompletion

    content = json.loads(body)
    if not isinstance(content, dict) or "choices" not in content:
        raise ValueError("the body is no chat completion")
    return ChatCompletion.construct(**content)


def _piece(chunk: Any) -> Piece | None:
    """The chunk's part in the reply. None when it is not even an object."""
    if chunk is None or isinstance(chunk, str | int | float | list | dict):
        return None
    tokens = _tokens(getattr(chunk, "usage", None))
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list) or not choices:
        # The usage comes with no choices, and so does the filter's opinion of the prompt on Azure.
        return Piece(tokens=tokens)
    choice = choices[0]
    part = getattr(choice, "delta", None) or getattr(choice, "message", None)
    return Piece(
        text=_string(part, "content"),
        reasoning=_string(part, "reasoning_content") or _string(part, "reasoning"),
        refusal=_string(part, "refusal"),
        finish=_string(choice, "finish_reason") or None,
        tokens=tokens,
    )


def _tokens(usage: Any) -> Tokens | None:
    given, made = _number(usage, "prompt_tokens"), _number(usage, "completion_tokens")
    if not given and not made:
        return None
    details = getattr(usage, "prompt_tokens_details", None)
    return Tokens(given, _number(details, "cached_tokens") or _number(usage, "prompt_cache_hit_tokens"), made)


def _string(holder: Any, name: str) -> str:
    value = getattr(holder, name, None)
    return value if isinstance(value, str) else ""


def _number(holder: Any, name: str) -> int:
    value = getattr(holder, name, None)
    return value if isinstance(value, int) and value > 0 else 0
