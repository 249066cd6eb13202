"""What went wrong on the wire, as ModelErrors whose messages hold nothing a server sent: no key, no HTML, no prompt."""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Collection, Mapping
from typing import Any

import httpx2
import openai

from interviewer.errors import ModelError

# The limit of the reply has two names; a server's complaint about one often recommends the other.
PARAMETERS = ("max_completion_tokens", "max_tokens", "temperature", "stream_options", "reasoning_effort")

_NO_CREDIT = (
    "insufficient_quota",
    "billing_hard_limit",
    "insufficient balance",
    "insufficient funds",
    "credit balance",
)
_TOO_LONG = (
    "context_length_exceeded",
    "exceed_context_size",
    "context length",
    "context window",
    "context size",
    "maximum context",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "maximum number of tokens allowed",
)
_FILTERED = ("content_filter", "content management policy", "responsibleaipolicyviolation")
_BUSY = ("rate_limit", "rate limit", "overloaded", "server_error", "unavailable", "too many requests", "internal")
_ABOUT_SHAPE = ("response_format", "json_schema", "json_object", "schema", "json", "grammar", "structured output")
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|does not support|unknown|unrecognized|unexpected|not permitted|not allowed|extra"
    r"|invalid[ _]parameter|invalid[ _]argument|deprecated|must be|valid values"
)


class Refused(ModelError):
    """The server does not take `parameter`. Without it, the same request may succeed."""

    def __init__(self, parameter: str) -> None:
        super().__init__("unsupported", f'The model server does not take the parameter "{parameter}".')
        self.parameter = parameter


def translate(error: Exception, *, host: str, model: str, sent: Collection[str], broke_off: bool) -> ModelError:
    """The ModelError for an error of the SDK, of the HTTP library, or of reading what the server sent.

    `sent` names the parameters of the request. `broke_off` says that a part of the reply had arrived.
    """
    if isinstance(error, openai.APIStatusError):
        return _from_status(error, host, model, sent)
    if type(error) is openai.APIError:
        return _from_event(error, host, model, broke_off)
    if broke_off:
        return interrupted()
    if isinstance(error, openai.APIConnectionError) and error.__cause__ is not None:
        # The SDK's own classes do not tell a refused connection from an address that cannot be one.
        error = error.__cause__ if isinstance(error.__cause__, Exception) else error
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError() | httpx2.ProxyError():
            return ModelError("unreachable", f"Cannot reach {host}. Check the address and the network connection.")
        case httpx2.TimeoutException() | openai.APITimeoutError():
            return ModelError("timeout", f"{host} did not answer in time. Try again.")
        case httpx2.UnsupportedProtocol() | httpx2.InvalidURL() | httpx2.LocalProtocolError():
            return ModelError("not_found", "The model server's address cannot be used. It must begin with https:// .")
        case httpx2.TransportError() | openai.APIConnectionError():
            return ModelError("unreachable", f"{host} closed the connection without an answer. Try again.")
    return invalid(host)


def interrupted() -> ModelError:
    return ModelError("interrupted", "The reply broke off before it was complete. Try again.")


def invalid(host: str) -> ModelError:
    return ModelError(
        "invalid", f"{host} answered with something that is not a model's reply. Check the address in the settings."
    )


def spoken(seconds: float) -> str:
    """A waiting time in words."""
    if seconds < 90:
        return f"{math.ceil(seconds)} seconds" if seconds > 1 else "a second"
    return f"{math.ceil(seconds / 60)} minutes"


def _from_status(error: openai.APIStatusError, host: str, model: str, sent: Collection[str]) -> ModelError:
    status = error.status_code
    details = _details(error.body)
    known = _known(details, host, model)
    if status == 429 and (known is None or known.fault != "quota"):
        return _busy(_retry_after(error.response.headers))
    if status in (400, 404, 413, 422) and known is not None and known.fault in ("too_long", "filtered"):
        return known
    if status in (400, 404, 422) and (parameter := _refused_parameter(details, sent)):
        return Refused(parameter)
    match status:
        case 401:
            return _auth(host)
        case 402:
            return _quota()
        case 403:
            return ModelError("auth", f'{host} refused access. Check that your key may use the model "{model}".')
        case 404:
            return _not_found(host, model)
        case 408 | 504:
            return ModelError("timeout", f"{host} did not answer in time (error {status}). Try again.")
        case 413:
            return _too_long(model)
        case 429 if known is not None:
            return known
        case _ if 300 <= status < 400:
            return ModelError(
                "not_found", f"{host} points to another address, which is not followed. Correct the address."
            )
        case _ if status >= 500:
            return ModelError(
                "busy",
                f"{host} has a problem (error {status}). Try again in a moment.",
                retry_after=_retry_after(error.response.headers),
            )
    return ModelError("unsupported", f"{host} refused the request (error {status}). Check the model and the address.")


def _from_event(error: openai.APIError, host: str, model: str, broke_off: bool) -> ModelError:
    """An error that came inside a stream, after the status said that all is well."""
    details = _details(error.body)
    known = _known(details, host, model)
    if known is not None and (not broke_off or known.fault != "busy"):
        return known
    return interrupted()


def _known(details: str, host: str, model: str) -> ModelError | None:
    """The fault that the server's own words name, if we know them."""
    for words, make in (
        (_NO_CREDIT, _quota),
        (_TOO_LONG, lambda: _too_long(model)),
        (_FILTERED, filtered),
        (("invalid_api_key", "invalid api key"), lambda: _auth(host)),
        (("model_not_found",), lambda: _not_found(host, model)),
        (_BUSY, lambda: _busy(None)),
    ):
        if any(word in details for word in words):
            return make()
    return None


def _refused_parameter(details: str, sent: Collection[str]) -> str | None:
    named = re.search(r"^param=(\w+)", details)
    about_shape = any(word in details for word in _ABOUT_SHAPE)
    if "response_format" in sent and (about_shape or (named and named[1] == "response_format")):
        return "response_format"
    if not _NOT_TAKEN.search(details):
        return None
    if named and named[1] in PARAMETERS and named[1] in sent:
        return named[1]
    return next((name for name in PARAMETERS if name in sent and re.search(rf"\b{name}\b", details)), None)


def _details(body: object) -> str:
    """What the server says about its error, in lower case: to look for known words, never to show."""
    if isinstance(body, list) and body:
        body = body[0]
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping | str):
        body = body["error"]
    if isinstance(body, Mapping):
        fields: Mapping[Any, Any] = body
        named = [str(fields.get(key) or "") for key in ("param", "code", "type", "message", "detail")]
        return f"param={' '.join(named)}"[:4000].lower()
    return str(body or "")[:4000].lower()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks to wait, from any of the forms in use."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            moment = email.utils.parsedate_tz(value)
            if moment is None:
                continue
            seconds = email.utils.mktime_tz(moment) - time.time()
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    return None


def _auth(host: str) -> ModelError:
    return ModelError("auth", f"{host} did not accept the key. Check the key in the settings.")


def _quota() -> ModelError:
    return ModelError("quota", "No credit is left with the model's provider. Add credit there or choose another model.")


def _busy(retry_after: float | None) -> ModelError:
    when = f"in {spoken(retry_after)}" if retry_after else "in a moment"
    return ModelError("busy", f"The model server is busy. Try again {when}.", retry_after=retry_after)


def _not_found(host: str, model: str) -> ModelError:
    return ModelError("not_found", f'{host} has no model "{model}" at this address. Check both in the settings.')


def _too_long(model: str) -> ModelError:
    return ModelError("too_long", f'The interview has grown longer than the model "{model}" can read at once.')


def filtered() -> ModelError:
    return ModelError("filtered", "The provider's content filter stopped the reply. Try other words.")
