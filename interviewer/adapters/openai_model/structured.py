"""A structured reply from any server: from an enforced schema down to a plain request, validated on every rung."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from interviewer.adapters.openai_model.profiles import Profile, Rung
from interviewer.adapters.openai_model.reply import StreamedReply, total
from interviewer.adapters.openai_model.shapes import WrongShape, instructions, read_shape, response_format
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError
from interviewer.flows.ports import Message, Parsed

# (messages, max_tokens, response_format) -> the reply
OpenReply = Callable[[Sequence[Message], int, dict[str, Any] | None], StreamedReply]

_QUOTED_CHARACTERS = 4000


class FailedCall(ModelError):
    """A fault after tokens were spent: `usage` is what the tries took."""

    def __init__(self, error: ModelError, usage: Usage) -> None:
        super().__init__(error.fault, str(error), retry_after=error.retry_after, partial=error.partial)
        self.usage = usage


class StructuredCall:
    """One call of `parse`. Each rung gets one question and one request to correct the reply."""

    def __init__(
        self,
        open_reply: OpenReply,
        profile: Profile,
        messages: Sequence[Message],
        shape: type[BaseModel],
        max_tokens: int,
    ) -> None:
        self._open_reply = open_reply
        self._profile = profile
        self._messages = messages
        self._shape = shape
        self._max_tokens = max_tokens
        self._doubled = False
        self._last = ""
        self._usages: list[Usage] = []

    def run(self) -> Parsed:
        try:
            return self._climb_down()
        except ModelError as error:
            usage = total(self._usages)
            if not usage.input_tokens + usage.output_tokens:
                raise
            raise FailedCall(error, usage) from None

    def _climb_down(self) -> Parsed:
        for rung in self._profile.rungs:
            try:
                value = self._ask_on(rung)
            except ModelError as error:
                if getattr(error, "parameter", None) != "response_format":
                    raise
                self._profile.step_below(rung)
                continue
            if value is not None:
                self._profile.step_to(rung)
                return Parsed(value, total(self._usages), rung)
        raise ModelError("invalid", "The model did not reply in the form that was asked for.", partial=self._last)

    def _ask_on(self, rung: Rung) -> BaseModel | None:
        """The validated reply, or None when two in a row were of no use."""
        wanted = {"json_schema": response_format(self._shape), "json_object": {"type": "json_object"}}.get(rung)
        messages = list(self._messages) if rung == "json_schema" else with_instructions(self._messages, self._shape)
        for _ in range(2):
            text = self._text(messages, wanted)
            if not text:
                return None
            try:
                return read_shape(text, self._shape)
            except WrongShape as problem:
                self._last = text
                messages = [*messages, *self._correction(text, problem)]
        return None

    def _text(self, messages: Sequence[Message], wanted: dict[str, Any] | None) -> str:
        """The reply's text; "" when the model sent blanks twice."""
        reply = self._open_reply(messages, self._max_tokens, wanted)
        try:
            return "".join(reply)
        except ModelError as error:
            if error.fault == "empty":
                return ""
            if error.fault != "cut_short":
                raise
            if self._is_complete(error.partial):
                return error.partial
            if self._doubled:
                raise
        finally:
            if reply.usage is not None:
                self._usages.append(reply.usage)
        self._doubled = True
        self._max_tokens *= 2
        return self._text(messages, wanted)

    def _is_complete(self, text: str) -> bool:
        """Whether the object was whole before the model went on talking."""
        try:
            read_shape(text, self._shape)
        except WrongShape:
            return False
        return True

    def _correction(self, text: str, problem: WrongShape) -> list[Message]:
        return [
            {"role": "assistant", "content": text[:_QUOTED_CHARACTERS]},
            {"role": "user", "content": f"That reply cannot be used:\n{problem}\n{instructions(self._shape)}"},
        ]


def with_instructions(messages: Sequence[Message], shape: type[BaseModel]) -> list[Message]:
    """The messages with the shape described at the end of the first system message, where a server can cache it."""
    told = instructions(shape)
    if messages and messages[0]["role"] == "system":
        return [{"role": "system", "content": f"{messages[0]['content']}\n\n{told}"}, *messages[1:]]
    return [{"role": "system", "content": told}, *messages]
