"""A ChatModel that reserves what a call may take before it is made, and settles what it took."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from interviewer.adapters.openai_model.shapes import instructions
from interviewer.adapters.openai_model.structured import FailedCall
from interviewer.domain.budget import at_most
from interviewer.domain.interview import Usage
from interviewer.flows.ports import ChatModel, Message, Parsed, Reply
from interviewer.flows.spending import Reserve, Settle

CountTokens = Callable[[Sequence[Message]], int]


class MeteredModel:
    """Another ChatModel behind a meter. Safe to share between threads as far as `reserve` is.

    Before a call `reserve` gets the most that its first request can take. It raises ModelError("quota") with the
    sentence that says why not, or gives what is to be called exactly once, when the call has ended in whatever way,
    with what it took. What a failed call took is Usage() where it is not known. `room` is the smallest limit that the
    model gives a reply. Requests that the model repeats inside one call, after a fault of the server or a reply in a
    wrong form, are settled and not reserved.
    """

    def __init__(
        self, model: ChatModel, count_tokens: CountTokens, reserve: Reserve, *, room: Callable[[], int] = lambda: 0
    ) -> None:
        self._model, self._count_tokens, self._room = model, count_tokens, room
        self._reserve = reserve

    @property
    def name(self) -> str:
        return self._model.name

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None
    ) -> MeteredReply:
        return MeteredReply(
            lambda: self._model.stream(messages, max_tokens=max_tokens, stop=stop),
            lambda: self._reserved(messages, max_tokens),
        )

    def parse(
        self,
        messages: Sequence[Message],
        shape: type[BaseModel],
        *,
        max_tokens: int,
        stop: threading.Event | None = None,
    ) -> Parsed:
        described = Message(role="system", content=instructions(shape))
        settle = self._reserved([*messages, described], max_tokens)
        usage = Usage()
        try:
            parsed = self._model.parse(messages, shape, max_tokens=max_tokens, stop=stop)
            usage = parsed.usage
        except FailedCall as error:
            usage = error.usage
            raise
        finally:
            settle(usage)
        return parsed

    def _reserved(self, messages: Sequence[Message], max_tokens: int) -> Settle:
        return self._reserve(at_most(self._count_tokens(messages), max(max_tokens, self._room())))


class MeteredReply:
    """A Reply that is reserved and requested when iteration begins, and settled when it ends, however it ends."""

    def __init__(self, open_reply: Callable[[], Reply], reserve: Callable[[], Settle]) -> None:
        self._open_reply, self._reserve = open_reply, reserve
        self._reply: Reply | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def usage(self) -> Usage | None:
        return self._reply.usage if self._reply else None

    def __iter__(self) -> Iterator[str]:
        settle = self._reserve()
        try:
            yield from self._opened()
        finally:
            settle(self.usage or Usage())

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._reply:
                self._reply.close()

    def _opened(self) -> Reply:
        reply = self._open_reply()
        with self._lock:
            self._reply = reply
            if self._closed:
                reply.close()
        return reply
