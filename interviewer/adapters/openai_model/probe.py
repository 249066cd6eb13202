"""What a server and model can do, found by asking them: the "Test connection" button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from interviewer.adapters.openai_model.profiles import Profile
from interviewer.adapters.openai_model.reply import StreamedReply
from interviewer.adapters.openai_model.shapes import WrongShape, read_shape, response_format
from interviewer.adapters.openai_model.structured import OpenReply, with_instructions
from interviewer.errors import ModelError
from interviewer.flows.ports import Message

Structured = Literal["json_schema enforced", "json_schema accepted, not enforced", "json_object", "prompt only", "none"]

_MAX_TOKENS = 16
_MAX_TOKENS_STRUCTURED = 100
_NAMES_SHOWN = 5

_GREETING: list[Message] = [{"role": "user", "content": "Reply with the one word: ready"}]
_CONTRADICTION: list[Message] = [
    {"role": "user", "content": 'Reply with exactly this JSON object and nothing else: {"colour": "green"}'}
]
_CHOICE: list[Message] = [{"role": "user", "content": 'Which colour has blood? Reply in JSON, as {"colour": "red"}.'}]


class _Paint(BaseModel):
    colour: Literal["red", "blue"]


class _AnyPaint(BaseModel):
    colour: str


@dataclass(frozen=True)
class ProbeReport:
    """What a server and model can do. `message` is fit to show, whether all went well or not.

    `streaming` says that replies come in pieces, `usage` that the server counts tokens. `seconds_to_first_token` is
    None when no text came.
    """

    reachable: bool
    model: str
    streaming: bool
    usage: bool
    structured: Structured
    seconds_to_first_token: float | None
    message: str


def probe(model: str, open_reply: OpenReply, list_models: Callable[[], list[str]], profile: Profile) -> ProbeReport:
    """Ask for a word, then for a choice that the request contradicts: only an enforced schema survives that."""
    reply = open_reply(_GREETING, _MAX_TOKENS, None)
    fault = _fault_of(reply)
    if fault is not None and fault.fault != "cut_short":
        message = str(fault)
        if fault.fault == "not_found" and (names := list_models()):
            message += f" It offers: {', '.join(names[:_NAMES_SHOWN])}{', ...' if len(names) > _NAMES_SHOWN else '.'}"
        reachable = fault.fault not in ("unreachable", "timeout")
        return ProbeReport(reachable, model, reply.streamed, False, "none", reply.first_token_seconds, message)

    try:
        structured = _structured(open_reply, profile)
    except ModelError as error:
        structured, message = "none", f'"{model}" answers, but not in JSON: {error}'
    else:
        message = _in_words(model, structured)
    usage = reply.usage is not None and not reply.usage.estimated
    return ProbeReport(True, model, reply.streamed, usage, structured, reply.first_token_seconds, message)


def _structured(open_reply: OpenReply, profile: Profile) -> Structured:
    try:
        text = "".join(open_reply(_CONTRADICTION, _MAX_TOKENS_STRUCTURED, response_format(_Paint)))
    except ModelError as error:
        if getattr(error, "parameter", None) != "response_format":
            raise
        profile.step_below("json_schema")
    else:
        if _fits(text, _Paint):
            profile.climb()
            return "json_schema enforced"
        # The lower rungs describe the shape in words, which this server needs.
        profile.step_below("json_schema")
        if _fits(text, _AnyPaint):
            return "json_schema accepted, not enforced"
    described = with_instructions(_CHOICE, _Paint)
    try:
        text = "".join(open_reply(described, _MAX_TOKENS_STRUCTURED, {"type": "json_object"}))
    except ModelError as error:
        if getattr(error, "parameter", None) != "response_format":
            raise
        profile.step_below("json_object")
    else:
        if _fits(text, _Paint):
            return "json_object"
    text = "".join(open_reply(described, _MAX_TOKENS_STRUCTURED, None))
    return "prompt only" if _fits(text, _Paint) else "none"


def _fault_of(reply: StreamedReply) -> ModelError | None:
    try:
        "".join(reply)
    except ModelError as error:
        return error
    return None


def _fits(text: str, shape: type[BaseModel]) -> bool:
    try:
        read_shape(text, shape)
    except WrongShape:
        return False
    return True


def _in_words(model: str, structured: Structured) -> str:
    match structured:
        case "json_schema enforced":
            return f'"{model}" answers and keeps to a given form. It can interview and grade.'
        case "none":
            return f'"{model}" answers, but not in a given form. It can interview; it may fail to grade.'
    return f'"{model}" answers; it does not enforce a given form, so every grade is checked and may be asked for twice.'
