"""One streamed reply: tries until the first word has come, passes on what may be shown, and knows how it ended."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from interviewer.adapters.openai_model.profiles import Profile
from interviewer.adapters.openai_model.text import VisibleText, clean
from interviewer.adapters.openai_model.wire import Tokens, Wire
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError, ModelFault
from interviewer.flows.ports import Message, Waiting

_LOG = logging.getLogger(__name__)

# After these the same request may succeed, as long as nobody has seen a part of the reply.
_PASSING: frozenset[ModelFault] = frozenset({"busy", "unreachable", "timeout", "interrupted"})
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0
REPLY_CHARACTERS = 200_000  # many times what any reply here may have, thoughts included
_STEP_SECONDS = 0.25

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Ask:
    """What is asked for. `until` is the clock's reading at which the whole call must have ended.

    `quick` is for a reply that somebody waits for: a model that reasons is asked to do little of it.
    """

    messages: Sequence[Message]
    max_tokens: int
    temperature: float
    response_format: dict[str, Any] | None = None
    stop: threading.Event | None = None
    until: float | None = None
    quick: bool = False


@dataclass(frozen=True)
class Pace:
    """How patient a call is. `deadline` is in seconds for the whole call, tries and pauses included."""

    attempts: int
    deadline: float
    wait: Callable[[float], None]
    clock: Callable[[], float]


class StreamedReply:
    """A Reply of the port. The request is made when iteration begins; it can be iterated once.

    Afterwards `usage` is known, whatever became of the reply: the sum over every try that got as far as a first chunk.
    `first_token_seconds` is the time from the start to the first visible text, pauses and earlier tries included; None
    before it. `streamed` says that the server really sent the reply in pieces.
    """

    def __init__(
        self,
        wire: Wire,
        profile: Profile,
        pace: Pace,
        ask: Ask,
        count_tokens: Callable[[Sequence[Message]], int] | None,
    ) -> None:
        self.first_token_seconds: float | None = None
        self.streamed = False
        self._wire = wire
        self._profile = profile
        self._pace = pace
        self._ask = ask
        self._count_tokens = count_tokens or _rough_count
        self._closed = threading.Event()
        self._usage: Usage | None = None
        self._began: float | None = None
        self._until = 0.0
        self._shown: list[str] = []
        self._spent: list[Usage] = []
        self._blanks = 0

    @property
    def usage(self) -> Usage | None:
        return self._usage

    def close(self) -> None:
        """Stop the request, from any thread. Iterating ends with ModelError("stopped") within 50 ms."""
        self._closed.set()

    def __iter__(self) -> Iterator[str]:
        if self._began is not None:
            raise RuntimeError("a streamed reply can be read only once")
        self._began = self._pace.clock()
        self._until = self._ask.until if self._ask.until is not None else self._began + self._pace.deadline
        return self._read(self._began)

    def _read(self, began: float) -> Iterator[str]:
        try:
            yield from self._try_until_it_comes(began)
        except ModelError as error:
            error.partial = "".join(self._shown)
            raise
        finally:
            seconds = self._pace.clock() - began
            self._usage = total(self._spent).model_copy(update={"seconds": seconds})

    def _try_until_it_comes(self, began: float) -> Iterator[str]:
        failures = 0
        while True:
            ask = self._ask
            request = self._profile.parameters(ask.max_tokens, ask.temperature, ask.response_format, quick=ask.quick)
            try:
                yield from self._try_once(request, began)
                return
            except ModelError as error:
                refused = getattr(error, "parameter", None)
                if refused in request and refused != "response_format":
                    # The next request lacks it, so this cannot go on for ever.
                    self._profile.leave_out(refused)
                    continue
                failures += 1
                pause = self._pause_after(error, failures)
                if pause is None:
                    raise
                _LOG.info("%s: %s, trying again in %.1f s", self._wire.host, error.fault, pause)
            yield Waiting(pause)
            self._rest(pause)

    def _try_once(self, request: dict[str, Any], began: float) -> Iterator[str]:
        self._check()
        visible = VisibleText()
        produced: list[str] = []
        length = 0
        tokens: Tokens | None = None
        finish, refusal = None, False
        exchange = self._wire.send({"messages": _sendable(self._ask.messages), **request})
        try:
            for piece in exchange.pieces(self._check):
                tokens = piece.tokens or tokens
                produced += (piece.reasoning, piece.text)
                length += len(piece.reasoning) + len(piece.text)
                if length > REPLY_CHARACTERS:
                    raise ModelError("cut_short", "The model's reply has no end and was cut off. Use another model.")
                finish = piece.finish or finish
                refusal = refusal or bool(piece.refusal)
                yield from self._show(visible.feed(piece.text), began)
            yield from self._show(visible.end(), began)
        finally:
            exchange.cut()
            self.streamed = exchange.streamed
            if produced:
                self._spent.append(self._measure(tokens, "".join(produced)))
        self._judge(finish, refusal)

    def _show(self, text: str, began: float) -> Iterator[str]:
        if not text:
            return
        if self.first_token_seconds is None:
            self.first_token_seconds = self._pace.clock() - began
        self._shown.append(text)
        yield text

    def _judge(self, finish: str | None, refusal: bool) -> None:
        """Raise the fault of a reply that ended, unless it ended well."""
        blank = not "".join(self._shown).strip()
        if refusal:
            raise ModelError("refused", "The model declined to answer. Try other words.")
        match finish:
            case None | "error":
                raise ModelError("interrupted", "The reply broke off before it was complete. Try again.")
            case "content_filter" | "safety":
                raise ModelError("filtered", "The provider's content filter stopped the reply. Try other words.")
            case "length" if blank:
                self._profile.give_room_for_reasoning()
                raise ModelError("empty", "The model used up the length limit before its first word. Try again.")
            case "length":
                raise ModelError("cut_short", "The reply reached the length limit and is cut off.")
        if blank:
            raise ModelError("empty", "The model sent an empty reply. Try again.")

    def _pause_after(self, error: ModelError, failures: int) -> float | None:
        """Seconds to wait before the next try. None when there is to be none."""
        if self._shown or failures >= self._pace.attempts:
            return None
        if error.fault == "empty":
            self._blanks += 1
            return 0.0 if self._blanks == 1 else None
        if error.fault not in _PASSING:
            return None
        backoff = min(_FIRST_PAUSE_SECONDS * 2 ** (failures - 1), _LONGEST_PAUSE_SECONDS)
        pause = error.retry_after or backoff * random.uniform(0.75, 1.0)
        return pause if self._pace.clock() + pause < self._until else None

    def _rest(self, seconds: float) -> None:
        while seconds > 0:
            self._check()
            step = min(seconds, _STEP_SECONDS)
            self._pace.wait(step)
            seconds -= step

    def _check(self) -> None:
        if self._closed.is_set() or (self._ask.stop is not None and self._ask.stop.is_set()):
            raise ModelError("stopped", "The reply was stopped.")
        if self._pace.clock() >= self._until:
            raise ModelError(
                "timeout",
                f"The reply took longer than {self._pace.deadline:g} seconds. Try again or use a faster model.",
            )

    def _measure(self, tokens: Tokens | None, produced: str) -> Usage:
        if tokens is not None:
            return Usage(input_tokens=tokens.input, cached_tokens=tokens.cached, output_tokens=tokens.output)
        nothing, said = (Message(role="assistant", content=text) for text in ("", clean(produced)))
        return Usage(
            input_tokens=self._count_tokens(self._ask.messages),
            output_tokens=self._count_tokens([said]) - self._count_tokens([nothing]),
            estimated=True,
        )


def total(usages: Sequence[Usage]) -> Usage:
    """What several requests took together; nothing at all for none."""
    return Usage(
        input_tokens=sum(usage.input_tokens for usage in usages),
        cached_tokens=sum(usage.cached_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        seconds=sum(usage.seconds for usage in usages),
        estimated=any(usage.estimated for usage in usages),
    )


def _sendable(messages: Sequence[Message]) -> list[Message]:
    # Half an emoji in what a candidate pasted would otherwise fail to encode.
    return [Message(role=message["role"], content=clean(message["content"])) for message in messages]


def _rough_count(messages: Sequence[Message]) -> int:
    return sum(-(-len(message["content"]) // _CHARACTERS_PER_TOKEN) for message in messages)
