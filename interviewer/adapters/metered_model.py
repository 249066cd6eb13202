"""A ChatModel that asks before every call whether it may be paid for, and reports what every call took."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

from pydantic import BaseModel

from interviewer.adapters.openai_model.shapes import instructions
from interviewer.adapters.openai_model.structured import FailedCall
from interviewer.domain.budget import at_most
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Message, Parsed, Reply

CountTokens = Callable[[Sequence[Message]], int]


class MeteredModel:
    """Another ChatModel behind a meter. Safe to share between threads: the callbacks are called one at a time.

    Before a call `may_spend` gets the most that its first request can take and gives "" or the sentence that says why
    not, which becomes ModelError("quota"). After each call that it allowed `spent` is called exactly once, with what
    the call took, faults included: so `may_spend` may reserve and `spent` release. What a failed call took is Usage()
    where it is not known. `room` is the smallest limit that the model gives a reply. Requests that the model repeats
    inside one call, after a fault of the server or a reply in a wrong form, are reported and not asked for.
    """

    def __init__(
        self,
        model: ChatModel,
        count_tokens: CountTokens,
        may_spend: Callable[[Usage], str],
        spent: Callable[[Usage], None],
        *,
        room: Callable[[], int] = lambda: 0,
    ) -> None:
        self._model, self._count_tokens, self._room = model, count_tokens, room
        self._may_spend, self._spent = may_spend, spent
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._model.name

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None
    ) -> MeteredReply:
        return MeteredReply(
            lambda: self._model.stream(messages, max_tokens=max_tokens, stop=stop),
            lambda: self._ask(messages, max_tokens),
            self._report,
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
        self._ask([*messages, described], max_tokens)
        usage = Usage()
        try:
            parsed = self._model.parse(messages, shape, max_tokens=max_tokens, stop=stop)
            usage = parsed.usage
        except FailedCall as error:
            usage = error.usage
            raise
        finally:
            self._report(usage)
        return parsed

    def _ask(self, messages: Sequence[Message], max_tokens: int) -> None:
        most = at_most(self._count_tokens(messages), max(max_tokens, self._room()))
        with self._lock:
            refusal = self._may_spend(most)
        if refusal:
            raise ModelError("quota", refusal)

    def _report(self, usage: Usage) -> None:
        with self._lock:
            self._spent(usage)


class MeteredReply:
    """A Reply that is asked for and requested when iteration begins, and reported when it ends, however it ends."""

    def __init__(
        self, open_reply: Callable[[], Reply], ask: Callable[[], None], report: Callable[[Usage], None]
    ) -> None:
        self._open_reply, self._ask, self._report = open_reply, ask, report
        self._reply: Reply | None = None
        self._closed = False
        self._lock = threading.Lock()

    @property
    def usage(self) -> Usage | None:
        return self._reply.usage if self._reply else None

    def __iter__(self) -> Iterator[str]:
        self._ask()
        try:
            yield from self._opened()
        finally:
            self._report(self.usage or Usage())

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
