"""Prepared replies in place of a language model: for tests, and for a demo without key or network."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from interviewer.domain.interview import Usage
from interviewer.errors import ModelError, ModelFault
from interviewer.flows.ports import Message, Parsed

_QUOTED_WORDS = 8
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Broken:
    """A reply that streams `text` and then fails."""

    text: str
    fault: ModelFault = "interrupted"


# A str is for `stream`, a BaseModel or mapping for `parse`; the others are for both.
Prepared = str | BaseModel | Mapping[str, Any] | ModelError | Broken


class Request(NamedTuple):
    """What the model was asked."""

    kind: Literal["stream", "parse"]
    messages: list[Message]
    shape: type[BaseModel] | None
    max_tokens: int


class ScriptEnded(AssertionError):
    """The model was asked for more, or for something else, than its script holds."""


class ScriptedModel:
    """A ChatModel that gives `replies` in order and keeps what it was asked in `requests`.

    Replies come in pieces of `chunk` characters, `delay` seconds before each. Safe to share between threads.
    """

    def __init__(
        self,
        replies: Iterable[Prepared] = (),
        *,
        name: str = "scripted",
        chunk: int = 12,
        delay: float = 0.0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests: list[Request] = []
        self._name = name
        self._replies: Iterator[Prepared] = iter(replies)
        self._chunk = chunk
        self._delay = delay
        self._wait = wait
        self._lock = threading.Lock()

    @classmethod
    def demo(cls, *, delay: float = 0.02) -> ScriptedModel:
        """One that never ends: it asks the last question it was told, or else about what was said last.

        It cannot judge: parse is "unsupported".
        """
        return _Demo(name="demo", delay=delay)

    @property
    def name(self) -> str:
        return self._name

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None
    ) -> ScriptedReply:
        prepared = self._next(Request("stream", list(messages), None, max_tokens))
        if isinstance(prepared, BaseModel | Mapping):
            raise ScriptEnded(f"stream was called, but the next reply of the script is for parse: {prepared!r}")
        return ScriptedReply(prepared, messages, self._chunk, self._delay, self._wait, stop)

    def parse(
        self,
        messages: Sequence[Message],
        shape: type[BaseModel],
        *,
        max_tokens: int,
        stop: threading.Event | None = None,
    ) -> Parsed:
        """The next reply as `shape`. A mapping that does not fit is ModelError("invalid"), as with a real model."""
        prepared = self._next(Request("parse", list(messages), shape, max_tokens))
        if stop is not None and stop.is_set():
            raise ModelError("stopped", "The reply was stopped.")
        match prepared:
            case ModelError():
                raise prepared
            case Broken(text, fault):
                raise ModelError(fault, "The prepared reply breaks off here.", partial=text)
            case str():
                raise ScriptEnded(f"parse was called, but the next reply of the script is for stream: {prepared!r}")
        content = prepared.model_dump_json() if isinstance(prepared, BaseModel) else prepared
        try:
            value = shape.model_validate_json(content) if isinstance(content, str) else shape.model_validate(content)
        except ValidationError as error:
            raise ModelError("invalid", "The model did not reply in the form that was asked for.") from error
        return Parsed(value, _usage(messages, value.model_dump_json()), "scripted")

    def _next(self, request: Request) -> Prepared:
        with self._lock:
            self.requests.append(request)
            try:
                return next(self._replies)
            except StopIteration:
                last = request.messages[-1]["content"] if request.messages else ""
                raise ScriptEnded(
                    f"The script has no reply left for request {len(self.requests)} ({request.kind}): {last[-200:]!r}"
                ) from None


class ScriptedReply:
    """A Reply of the port, with the prepared text."""

    def __init__(
        self,
        prepared: str | ModelError | Broken,
        messages: Sequence[Message],
        chunk: int,
        delay: float,
        wait: Callable[[float], None],
        stop: threading.Event | None,
    ) -> None:
        self._prepared = prepared
        self._messages = messages
        self._chunk = chunk
        self._delay = delay
        self._wait = wait
        self._stop = stop
        self._closed = threading.Event()
        self._usage: Usage | None = None

    @property
    def usage(self) -> Usage | None:
        return self._usage

    def close(self) -> None:
        self._closed.set()

    def __iter__(self) -> Iterator[str]:
        if isinstance(self._prepared, ModelError):
            raise self._prepared
        text = self._prepared.text if isinstance(self._prepared, Broken) else self._prepared
        said = ""
        try:
            for start in range(0, len(text), self._chunk):
                if self._delay:
                    self._wait(self._delay)
                if self._closed.is_set() or (self._stop is not None and self._stop.is_set()):
                    raise ModelError("stopped", "The reply was stopped.", partial=said)
                piece = text[start : start + self._chunk]
                said += piece
                yield piece
            if isinstance(self._prepared, Broken):
                raise ModelError(self._prepared.fault, "The prepared reply breaks off here.", partial=said)
        finally:
            self._usage = _usage(self._messages, said)


class _Demo(ScriptedModel):
    def _next(self, request: Request) -> Prepared:
        if request.kind == "parse":
            return ModelError("unsupported", "The demo model cannot judge. Choose the built-in coach or a real model.")
        said = next((m["content"] for m in reversed(request.messages) if m["role"] == "user"), "")
        asked = [paragraph.strip() for paragraph in said.split("\n\n") if paragraph.strip().endswith("?")]
        if asked:
            # What an interviewer is told ends with the planned question: saying just that keeps every rule.
            return asked[-1].splitlines()[-1]
        words = re.findall(r"\S+", said)
        if not words:
            return "Thank you. Could you tell me more about how you would begin, and why?"
        quoted = " ".join(words[:_QUOTED_WORDS]).rstrip(".,;:!?")
        more = "..." if len(words) > _QUOTED_WORDS else ""
        return f'Thank you. You said "{quoted}{more}". Why would you do it that way, and what could go wrong?'


def _usage(messages: Sequence[Message], said: str) -> Usage:
    given = sum(len(message["content"]) for message in messages)
    return Usage(
        input_tokens=-(-given // _CHARACTERS_PER_TOKEN),
        output_tokens=-(-len(said) // _CHARACTERS_PER_TOKEN),
        estimated=True,
    )
