"""A model's endpoint with the fault of a case, and the same endpoint mended."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import Any, Self

from interviewer.adapters.openai_model import OpenAIModel, Profiles
from tests.fakes.http_server import FakeServer
from tests.faults.table import BAD_KEYS, REFUSED, UNANSWERED, Case

KEY = "sk-CANARY-4815162342"
MODEL = "some-model-70b"
SILENT = ("silent", "stalled", "whole_stalled", UNANSWERED)
ENDLESS = ("pings", "slow", "whole_slow")
SHORT, LONG = 0.4, 10.0  # seconds


class Patience:
    """A clock on which pauses pass without being made, and on which an endless reply has soon taken for ever."""

    def __init__(self) -> None:
        self.waited = 0.0
        self.endless: FakeServer | None = None
        self._began = float("inf")

    def wait(self, seconds: float) -> None:
        self.waited += seconds

    def clock(self) -> float:
        now = time.monotonic()
        if self.endless and self.endless.chats:
            self._began = min(self._began, now)
        return now + self.waited + (LONG if now - self._began > SHORT else 0)


class Endpoint:
    """Has its fault from `with` until `mend`, at one address all the time."""

    def __init__(self, case: Case, **replies: Any) -> None:
        self.patience = Patience()
        self._case = case
        self._replies = replies
        self._profiles = Profiles()
        self._open = ExitStack()
        self.server = FakeServer(**replies)
        self.server.scenario, self.server.whole = case.scenario, case.way == "whole"
        if case.scenario in ENDLESS:
            self.patience.endless = self.server
        self._port = int(self.server.base_url.rpartition(":")[2].removesuffix("/v1"))

    def __enter__(self) -> Self:
        self._open.enter_context(self.server)
        if self._case.scenario in (REFUSED, UNANSWERED):
            self._open.close()
        if self._case.scenario == UNANSWERED:
            self._open.enter_context(_full(self._port))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def mend(self, reply: str) -> None:
        """From now on the server answers, with this reply. What it counted begins anew."""
        self._open.close()
        self.patience.endless = None
        self.server = self._open.enter_context(FakeServer(**{**self._replies, "reply": reply}, port=self._port))
        self.server.whole = self._case.way == "whole"

    @property
    def faulty(self) -> OpenAIModel:
        return self._model(
            BAD_KEYS.get(self._case.scenario, KEY),
            timeout=SHORT if self._case.scenario in SILENT else LONG,
            connect_timeout=SHORT if self._case.scenario in SILENT else LONG,
            deadline=LONG,
        )

    @property
    def mended(self) -> OpenAIModel:
        """The same model for a person who has put right what they could: the key, say. What was learned is kept."""
        return self._model(KEY, timeout=LONG, connect_timeout=LONG, deadline=LONG)

    def _model(self, key: str, **patience: float) -> OpenAIModel:
        return OpenAIModel(
            MODEL,
            key,
            f"http://127.0.0.1:{self._port}/v1",
            wait=self.patience.wait,
            clock=self.patience.clock,
            profiles=self._profiles,
            **patience,
        )


def _full(port: int) -> ExitStack:
    """A listener whose queue is full: whoever connects waits in vain."""
    opened = ExitStack()
    opened.enter_context(socket.create_server(("127.0.0.1", port), backlog=0))
    for _ in range(2):
        waiting = opened.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(("127.0.0.1", port))
    return opened
