"""The ChatModel of the port on top of an OpenAI-compatible server."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from interviewer.adapters.openai_model.addresses import Guard
from interviewer.adapters.openai_model.probe import ProbeReport, probe
from interviewer.adapters.openai_model.profiles import Profiles
from interviewer.adapters.openai_model.reply import Ask, Pace, StreamedReply
from interviewer.adapters.openai_model.structured import StructuredCall
from interviewer.adapters.openai_model.wire import Wire
from interviewer.flows.ports import Message, Parsed

if TYPE_CHECKING:
    import httpx2

_TALKING = 0.3
_JUDGING = 0.0


class OpenAIModel:
    """A language model behind an OpenAI-compatible address. One instance serves every user and thread at once.

    `base_url` None means OpenAI itself; for Azure it is `{endpoint}/openai/v1/` and `model` the deployment, or the
    address of a deployment with its api-version. A server that wants no key may be given an empty one. `timeout` is
    the longest silence in seconds, `deadline` the longest call in all, tries and pauses included. What the server
    refuses is remembered in `profiles`, by address and model, for every instance that is given the same ones. `guard`
    says which machines may be connected to; without one, every machine. Nothing is imported, opened or checked before
    the first request.
    """

    def __init__(
        self,
        model: str,
        api_key: str,
        base_url: str | None = None,
        *,
        timeout: float = 30.0,
        connect_timeout: float = 5.0,
        deadline: float = 120.0,
        attempts: int = 3,
        http_client: httpx2.Client | None = None,
        wait: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        count_tokens: Callable[[Sequence[Message]], int] | None = None,
        profiles: Profiles | None = None,
        guard: Guard | None = None,
    ) -> None:
        self._wire = Wire(
            model,
            api_key,
            base_url,
            timeout=timeout,
            connect_timeout=connect_timeout,
            http_client=http_client,
            guard=guard,
        )
        self._pace = Pace(attempts, deadline, wait, clock)
        self._count_tokens = count_tokens
        self._profile = (profiles or Profiles()).of(base_url, model)

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name!r} at {self._wire.host})"

    @property
    def name(self) -> str:
        return self._wire.model

    @property
    def base_url(self) -> str:
        """The address that requests go to, without the path of a call."""
        return self._wire.base_url

    @property
    def room(self) -> int:
        """The smallest limit that a reply is given, whatever was asked for: a model that reasons needs some."""
        return self._profile.room

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None
    ) -> StreamedReply:
        return self._open(Ask(messages, max_tokens, _TALKING, stop=stop, quick=True))

    def parse(
        self,
        messages: Sequence[Message],
        shape: type[BaseModel],
        *,
        max_tokens: int,
        stop: threading.Event | None = None,
    ) -> Parsed:
        """A reply of the given shape, whose `rung` is "json_schema", "json_object" or "prompt".

        Raises ModelError("invalid") when no rung gave one, with the last reply as its `partial`. A fault after which
        something was spent is a FailedCall, whose `usage` says how much.
        """
        return StructuredCall(self._asker(stop), self._profile, messages, shape, max_tokens).run()

    def probe(self) -> ProbeReport:
        """What this server and model can do. Takes two to four short requests; a fault is told in the message."""
        return probe(self.name, self._asker(None), self._wire.models, self._profile)

    def _asker(
        self, stop: threading.Event | None
    ) -> Callable[[Sequence[Message], int, dict[str, Any] | None], StreamedReply]:
        """Opens replies that share one deadline."""
        until = self._pace.clock() + self._pace.deadline
        return lambda messages, max_tokens, response_format: self._open(
            Ask(messages, max_tokens, _JUDGING, response_format, stop, until)
        )

    def _open(self, ask: Ask) -> StreamedReply:
        return StreamedReply(self._wire, self._profile, self._pace, ask, self._count_tokens)
