"""A small OpenAI-compatible server on loopback that can fail in every way that real ones do.

The fault is chosen by the model name `fake:<scenario>`, for the next request by `server.queue.append(scenario)`, or
for all by `server.scenario`. Otherwise the prepared reply comes.
From the command line: python -m tests.fakes.http_server --help
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import select
import socket
import struct
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

QUESTION = "You said you would cluster the table. Why that column, and what would make it a bad choice?"
LOGIN_PAGE = b"<!DOCTYPE html><html><body>Please log in to <b>the network</b></body></html>"
HIDDEN = "a\x00b \u202ec\ud83d d\u200d"
USAGE = {
    "prompt_tokens": 1200,
    "completion_tokens": 21,
    "total_tokens": 1221,
    "prompt_tokens_details": {"cached_tokens": 1024},
}


@dataclass(frozen=True)
class Received:
    """One request as it arrived. Header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class FakeServer:
    """Serves in threads of its own from `with` to its end. Everything may be changed between requests.

    `first` is the delay in seconds to the first token, `rate` the tokens per second after it (0: all at once).
    `json_reply` is what a structured request gets; without it, the smallest instance of the schema. `whole` makes it a
    server that does not stream. `answered` counts the requests to which a reply began, `counted` those whose tokens
    were told as well.
    """

    def __init__(
        self,
        *,
        reply: str = QUESTION,
        json_reply: dict[str, Any] | None = None,
        first: float = 0.0,
        rate: float = 0.0,
        port: int = 0,
    ) -> None:
        self.reply = reply
        self.json_reply = json_reply
        self.first = first
        self.rate = rate
        self.scenario = "fine"
        self.whole = False
        self.answered = 0
        self.counted = 0
        self.queue: deque[str] = deque()
        self.requests: list[Received] = []
        self.first_token_at: list[float] = []  # seconds since the epoch, of every streamed reply
        self.hits: Counter[str] = Counter()
        self.client_left = threading.Event()
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", port), _Handler)
        self._http.fake = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    @property
    def chats(self) -> list[Received]:
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client has left, which is what many tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the output of the tests clean."""

    def do_GET(self) -> None:
        self._receive({})
        if self.path.endswith("/models"):
            names = ["practice-model", *(f"fake:{name}" for name in SCENARIOS)]
            Answer(self, {}, 0).json({"object": "list", "data": [{"id": name, "object": "model"} for name in names]})
        else:
            Answer(self, {}, 0).error(404, "no such page")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        self._receive(body)
        fake = self.server.fake
        named = re.fullmatch(r"fake:(\w+)", str(body.get("model")))
        name = fake.queue.popleft() if fake.queue else named[1] if named else fake.scenario
        fake.hits[name] += 1
        answer = Answer(self, body, fake.hits[name])
        try:
            if self.path.endswith("/chat/completions") and name in SCENARIOS:
                SCENARIOS[name](answer)
            else:
                answer.error(404, f"no such page or scenario: {name}")
        except OSError:
            fake.client_left.set()
            self.close_connection = True

    def _receive(self, body: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.fake.requests.append(Received(self.command, self.path, headers, body))


class Answer:
    """What a scenario writes with. `hit` counts the requests for this scenario, from 1."""

    def __init__(self, handler: _Handler, body: dict[str, Any], hit: int) -> None:
        self.body = body
        self.hit = hit
        self.fake = handler.server.fake
        self._handler = handler
        self._counted = False

    @property
    def key(self) -> str:
        return self._handler.headers["authorization"].removeprefix("Bearer ")

    @property
    def prompt(self) -> str:
        """The last message."""
        return str(self.body["messages"][-1]["content"])

    @property
    def wanted_form(self) -> str | None:
        return (self.body.get("response_format") or {}).get("type")

    def send(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        """A whole response. Underscores in header names become hyphens."""
        self._handler.send_response(status)
        self._handler.send_header("content-type", kind)
        self._handler.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.write(content)

    def json(self, value: object) -> None:
        self._count(value)
        self.send(200, json.dumps(value).encode())

    def error(
        self, status: int, message: str, code: str | None = None, param: str | None = None, **headers: str
    ) -> None:
        error = {"message": message, "type": "invalid_request_error", "code": code, "param": param}
        self.send(status, json.dumps({"error": error}).encode(), **headers)

    def begin(self) -> None:
        """The head of a stream."""
        self._handler.send_response(200)
        self._handler.send_header("content-type", "text/event-stream")
        self._handler.send_header("transfer-encoding", "chunked")
        self._handler.end_headers()

    def raw(self, content: bytes) -> None:
        """Bytes of the stream as they are."""
        self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        self._handler.wfile.flush()

    def event(self, value: object) -> None:
        self._count(value)
        self.raw(b"data: " + json.dumps(value).encode() + b"\n\n")

    def chunk(self, finish: str | None = None, **delta: Any) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event({"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]})

    def whole(self, content: str | None, finish: str | None = "stop", **message: Any) -> None:
        """A reply that is not streamed, with its usage."""
        self.fake.counted += 1
        said = {"role": "assistant", "content": content, **message}
        self.json({"id": "c", "choices": [{"index": 0, "message": said, "finish_reason": finish}], "usage": USAGE})

    def half_of_whole(self) -> None:
        """The head and the beginning of a reply that is not streamed."""
        self._handler.send_response(200)
        self._handler.send_header("content-type", "application/json")
        self._handler.send_header("content-length", "5000")
        self._handler.end_headers()
        self._handler.wfile.write(b'{"id": "c", "choices": [{"index": 0, "message": {"content": "You said')
        self._handler.wfile.flush()

    def blank_byte(self) -> None:
        self._handler.wfile.write(b" ")
        self._handler.wfile.flush()

    def usage(self) -> None:
        if (self.body.get("stream_options") or {}).get("include_usage"):
            self.fake.counted += 1
            self.event({"id": "c", "object": "chat.completion.chunk", "choices": [], "usage": USAGE})

    def done(self) -> None:
        self.raw(b"data: [DONE]\n\n")
        self.end()

    def end(self) -> None:
        """The clean end of a stream."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def text(self, text: str, finish: str | None = "stop") -> None:
        """A whole streamed reply with this text, at the server's pace."""
        self.begin()
        self.hold(self.fake.first)
        self.chunk(role="assistant", content="")
        self.fake.first_token_at.append(time.time())
        for word in words(text):
            self.chunk(content=word)
            if self.fake.rate:
                self.hold(1 / self.fake.rate)
        self.chunk(finish=finish)
        self.usage()
        self.done()

    def half(self) -> None:
        """The beginning of a streamed reply."""
        self.begin()
        for word in words(self.structured() if self.wanted_form else self.fake.reply)[:4]:
            self.chunk(content=word)

    def structured(self) -> str:
        """The prepared object, or the smallest that fits the schema."""
        if self.fake.json_reply is not None:
            return json.dumps(self.fake.json_reply)
        schema = (self.body.get("response_format") or {}).get("json_schema", {}).get("schema", {"type": "object"})
        return json.dumps(smallest(schema, schema.get("$defs", {})))

    def obeyed(self) -> str:
        """The object that the prompt shows, in the first line that has one."""
        shown = re.search(r"\{.*?\}", self.prompt)
        return shown[0] if shown else "{}"

    def _count(self, value: object) -> None:
        if isinstance(value, dict) and "choices" in value and not self._counted:
            self._counted = True
            self.fake.answered += 1

    def hold(self, seconds: float = 60.0) -> None:
        """Do nothing for a while; ends early when the client leaves or the server closes."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and not self.fake.closing.is_set():
            readable, _, _ = select.select([self._handler.connection], [], [], min(left, 0.02))
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError

    def close(self) -> None:
        """End the connection where it stands."""
        self._handler.close_connection = True
        self._handler.wfile.flush()
        with contextlib.suppress(OSError):
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End the connection so that the client sees an error and not an end."""
        self._handler.close_connection = True
        self._handler.wfile.flush()
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._handler.connection.close()


Scenario = Callable[[Answer], None]
SCENARIOS: dict[str, Scenario] = {}


def scenario(function: Scenario) -> Scenario:
    SCENARIOS[function.__name__] = function
    return function


def words(text: str) -> list[str]:
    """The text in pieces that join to the same text."""
    return re.findall(r"\s*\S+\s*?", text) if text.strip() else [text]


def smallest(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """The smallest instance of a schema: first of an enum, empty lists, zeros."""
    if "$ref" in schema:
        return smallest(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return smallest(schema["anyOf"][0], definitions)
    if schema.get("type") == "object":
        return {name: smallest(field, definitions) for name, field in schema.get("properties", {}).items()}
    return {"array": [], "string": "", "integer": 0, "number": 0.0, "boolean": False}.get(schema.get("type", ""))


@scenario
def fine(answer: Answer) -> None:
    reply = answer.structured() if answer.wanted_form else answer.fake.reply
    if answer.fake.whole:
        answer.whole(reply)
    else:
        answer.text(reply)


# Refusals before any reply


@scenario
def busy_once(answer: Answer) -> None:
    if answer.hit == 1:
        answer.error(429, "slow down", "rate_limit_exceeded", retry_after="2")
    else:
        fine(answer)


@scenario
def busy(answer: Answer) -> None:
    answer.error(429, "slow down", "rate_limit_exceeded", retry_after="4")


@scenario
def busy_for_long(answer: Answer) -> None:
    answer.error(429, "slow down", "rate_limit_exceeded", retry_after="300")


@scenario
def no_credit(answer: Answer) -> None:
    answer.error(429, "You exceeded your current quota", "insufficient_quota")


@scenario
def server_error_once(answer: Answer) -> None:
    if answer.hit == 1:
        answer.send(500, LOGIN_PAGE, "text/html")
    else:
        fine(answer)


@scenario
def server_error(answer: Answer) -> None:
    answer.send(500, LOGIN_PAGE, "text/html")


@scenario
def bad_gateway(answer: Answer) -> None:
    answer.send(502, LOGIN_PAGE, "text/html")


@scenario
def unavailable(answer: Answer) -> None:
    answer.send(503, LOGIN_PAGE, "text/html")


@scenario
def gateway_timeout(answer: Answer) -> None:
    answer.send(504, b"", "text/plain")


@scenario
def bad_key(answer: Answer) -> None:
    answer.error(401, "Incorrect API key provided: sk-te**********cret.", "invalid_api_key")


@scenario
def bad_key_repeated(answer: Answer) -> None:
    """Some servers put the whole key into their complaint."""
    answer.error(401, f"Incorrect API key provided: {answer.key}.", "invalid_api_key")


@scenario
def forbidden(answer: Answer) -> None:
    answer.error(403, "This key may not use the model")


@scenario
def no_payment(answer: Answer) -> None:
    answer.error(402, "Insufficient Balance")


@scenario
def no_model(answer: Answer) -> None:
    answer.error(404, "The model does not exist", "model_not_found")


@scenario
def too_long(answer: Answer) -> None:
    answer.error(400, "Please reduce the length of the messages", "context_length_exceeded", "messages")


@scenario
def too_long_repeated(answer: Answer) -> None:
    """Some servers put the whole prompt into their complaint."""
    answer.error(400, f"Too long: {json.dumps(answer.body['messages'])}", "context_length_exceeded", "messages")


@scenario
def too_long_in_words(answer: Answer) -> None:
    answer.error(400, "This model's maximum context length is 4096 tokens. However, max_tokens is 800.")


@scenario
def filtered_prompt(answer: Answer) -> None:
    answer.error(400, "The response was filtered", "content_filter", "prompt")


@scenario
def strange_refusal(answer: Answer) -> None:
    answer.error(400, "Role tester is not one of ours")


@scenario
def redirect(answer: Answer) -> None:
    answer.send(307, b"", location="/internal/admin")


@scenario
def endless(answer: Answer) -> None:
    answer.begin()
    while not answer.fake.closing.is_set():
        answer.chunk(content="more and more " * 500)


# Parameters


def _refusing(parameter: str, *, in_words: bool = False) -> Scenario:
    def refuse(answer: Answer) -> None:
        if parameter not in answer.body:
            fine(answer)
        elif in_words:
            answer.error(422, f"Extra inputs are not permitted: {parameter}")
        else:
            other = {"max_tokens": " Use 'max_completion_tokens' instead."}.get(parameter, "")
            answer.error(400, f"Unsupported parameter: '{parameter}'.{other}", "unsupported_parameter", parameter)

    return refuse


for _name in ("max_tokens", "max_completion_tokens", "temperature", "stream_options"):
    SCENARIOS[f"refuses_{_name}"] = _refusing(_name)
    SCENARIOS[f"refuses_{_name}_in_words"] = _refusing(_name, in_words=True)


@scenario
def refuses_both_limits(answer: Answer) -> None:
    for parameter in ("max_tokens", "max_completion_tokens"):
        if parameter in answer.body:
            answer.error(400, f"Unknown parameter: {parameter}")
            return
    fine(answer)


# Connections


@scenario
def dropped(answer: Answer) -> None:
    answer.close()


@scenario
def dropped_once(answer: Answer) -> None:
    if answer.hit == 1:
        answer.reset()
    else:
        fine(answer)


@scenario
def reset(answer: Answer) -> None:
    answer.reset()


@scenario
def silent(answer: Answer) -> None:
    answer.hold()


@scenario
def silent_after_head(answer: Answer) -> None:
    answer.begin()
    answer.hold()


# Bodies


@scenario
def html(answer: Answer) -> None:
    answer.send(200, LOGIN_PAGE, "text/html")


@scenario
def html_as_text(answer: Answer) -> None:
    answer.send(200, LOGIN_PAGE, "text/plain")


@scenario
def broken_json(answer: Answer) -> None:
    answer.send(200, b'{"choices": [{"mess')


@scenario
def not_an_object(answer: Answer) -> None:
    answer.json("hello")


@scenario
def no_choices(answer: Answer) -> None:
    answer.json({"id": "c", "choices": []})


@scenario
def no_choices_in_stream(answer: Answer) -> None:
    answer.begin()
    answer.event({"id": "c", "choices": []})
    answer.done()


@scenario
def not_streamed(answer: Answer) -> None:
    answer.whole(answer.fake.reply)


@scenario
def null_content(answer: Answer) -> None:
    answer.json({"id": "c", "choices": [{"index": 0, "message": {"content": None}, "finish_reason": "stop"}]})


@scenario
def null_content_once(answer: Answer) -> None:
    if answer.hit == 1:
        null_content(answer)
    else:
        fine(answer)


@scenario
def error_in_body(answer: Answer) -> None:
    """An error behind a status that says that all is well."""
    answer.json({"error": {"message": "Provider returned error", "code": 502}})


@scenario
def whole_stalled(answer: Answer) -> None:
    answer.half_of_whole()
    answer.hold()


@scenario
def whole_cut(answer: Answer) -> None:
    answer.half_of_whole()
    answer.close()


@scenario
def whole_cut_by_reset(answer: Answer) -> None:
    answer.half_of_whole()
    answer.hold(0.1)
    answer.reset()


@scenario
def whole_slow(answer: Answer) -> None:
    """A body without end, each byte in good time."""
    answer.half_of_whole()
    while not answer.fake.closing.is_set():
        answer.blank_byte()
        answer.hold(0.02)


@scenario
def whole_unfinished(answer: Answer) -> None:
    answer.whole("You said you", None)


@scenario
def whole_at_limit(answer: Answer) -> None:
    answer.whole("You said you", "length")


@scenario
def whole_filtered(answer: Answer) -> None:
    answer.whole("You said", "content_filter")


@scenario
def whole_refusal(answer: Answer) -> None:
    answer.whole(None, refusal="I cannot help with that.")


# Streams


@scenario
def cut(answer: Answer) -> None:
    answer.half()
    answer.close()


@scenario
def cut_by_reset(answer: Answer) -> None:
    answer.half()
    answer.hold(0.1)  # A reset also discards what the client has not read yet.
    answer.reset()


@scenario
def stalled(answer: Answer) -> None:
    answer.half()
    answer.hold()


@scenario
def unfinished(answer: Answer) -> None:
    answer.half()
    answer.end()


@scenario
def bad_chunk(answer: Answer) -> None:
    answer.half()
    answer.raw(b'data: {"choices": [{"del\n\n')
    answer.done()


@scenario
def chunk_is_text(answer: Answer) -> None:
    answer.half()
    answer.raw(b'data: "hello"\n\n')
    answer.done()


@scenario
def error_event(answer: Answer) -> None:
    answer.half()
    answer.event({"error": {"message": "Provider returned error", "code": 502}})
    answer.done()


@scenario
def busy_event(answer: Answer) -> None:
    answer.begin()
    answer.event({"error": {"message": "Rate limit exceeded", "code": 429}})
    answer.done()


@scenario
def length(answer: Answer) -> None:
    answer.text(answer.fake.reply, "length")


@scenario
def at_limit(answer: Answer) -> None:
    """The limit comes before the question is complete."""
    answer.half()
    answer.chunk(finish="length")
    answer.usage()
    answer.done()


@scenario
def content_filter(answer: Answer) -> None:
    answer.text("I would", "content_filter")


@scenario
def refusal(answer: Answer) -> None:
    answer.begin()
    answer.chunk(role="assistant", content=None, refusal="")
    answer.chunk(refusal="I cannot help with that.")
    answer.chunk(finish="stop")
    answer.done()


@scenario
def blank(answer: Answer) -> None:
    answer.text(" \n ")


@scenario
def blank_once(answer: Answer) -> None:
    if answer.hit == 1:
        blank(answer)
    else:
        fine(answer)


@scenario
def decorated(answer: Answer) -> None:
    """Everything that is allowed beside the text: comments, chunks without choices, unknown fields, no usage."""
    answer.begin()
    answer.raw(b": PROCESSING\n\n")
    answer.event({"choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    for word in words(answer.fake.reply):
        answer.raw(b": ping\n\n")
        answer.chunk(content=word, x_more={"a": 1})
    answer.chunk(finish="stop")
    answer.done()


@scenario
def no_usage(answer: Answer) -> None:
    answer.body.pop("stream_options", None)
    answer.text(answer.fake.reply)


@scenario
def pings(answer: Answer) -> None:
    """Nothing but signs of life, which no read timeout notices."""
    answer.begin()
    while not answer.fake.closing.is_set():
        answer.raw(b": ping\n\n")
        answer.hold(0.02)


@scenario
def slow(answer: Answer) -> None:
    """Words without end, each in good time."""
    answer.begin()
    while not answer.fake.closing.is_set():
        answer.chunk(content="and ")
        answer.hold(0.02)


@scenario
def thinking(answer: Answer) -> None:
    answer.begin()
    for piece in ("\n<th", "ink>secret ", "plan </thi", "nk>\n\n", *words(answer.fake.reply)):
        answer.chunk(content=piece)
    answer.chunk(finish="stop")
    answer.usage()
    answer.done()


@scenario
def reasoning(answer: Answer) -> None:
    answer.begin()
    answer.chunk(reasoning_content="secret plan")
    answer.chunk(content=answer.fake.reply)
    answer.chunk(finish="stop")
    answer.done()


@scenario
def reasons_past_limit(answer: Answer) -> None:
    limit = answer.body.get("max_tokens") or answer.body.get("max_completion_tokens") or 0
    if limit < 4096:
        answer.text("", "length")
    else:
        fine(answer)


@scenario
def harmful(answer: Answer) -> None:
    """A usable reply with harmful characters in one of its words."""
    reply, escaped = answer.structured(), json.dumps(f"said {HIDDEN}")[1:-1]
    text = reply.replace("said", escaped) if answer.wanted_form else answer.fake.reply.replace(" ", f" {HIDDEN} ", 1)
    if answer.fake.whole:
        answer.whole(text)
    else:
        answer.text(text)


@scenario
def hidden_characters(answer: Answer) -> None:
    answer.text(HIDDEN)


# Structured replies


@scenario
def obeys(answer: Answer) -> None:
    """Takes a schema and does what the prompt says."""
    answer.text(answer.obeyed())


@scenario
def refuses_json_schema(answer: Answer) -> None:
    if answer.wanted_form == "json_schema":
        answer.error(400, "This response_format type is unavailable now")
    else:
        answer.text(_in_form(answer))


@scenario
def refuses_json_object(answer: Answer) -> None:
    if answer.wanted_form:
        answer.error(422, "'response_format.type' must be 'text'")
    else:
        answer.text(f"Here it is:\n```json\n{_in_form(answer)}\n```\nAnything else?")


@scenario
def fenced(answer: Answer) -> None:
    answer.text(f"```json\n{answer.structured()}\n```")


@scenario
def invalid_json_once(answer: Answer) -> None:
    answer.text('{"a": ' if answer.hit == 1 else answer.structured())


@scenario
def invalid_json_twice(answer: Answer) -> None:
    answer.text('{"a": ' if answer.hit <= 2 else _in_form(answer))


@scenario
def invalid_json(answer: Answer) -> None:
    answer.text("I would rather talk about it.")


@scenario
def truncated_json_once(answer: Answer) -> None:
    if answer.hit == 1:
        answer.text(answer.structured()[:-4], "length")
    else:
        fine(answer)


@scenario
def truncated_json(answer: Answer) -> None:
    answer.text(answer.structured()[:-4], "length")


@scenario
def rambling_json(answer: Answer) -> None:
    answer.text(f"{answer.structured()} And then, as I was saying,", "length")


@scenario
def blank_json(answer: Answer) -> None:
    if answer.wanted_form:
        blank(answer)
    else:
        answer.text(_in_form(answer))


def _in_form(answer: Answer) -> str:
    return answer.obeyed() if answer.fake.json_reply is None else json.dumps(answer.fake.json_reply)


def main() -> None:
    parser = argparse.ArgumentParser(description="An OpenAI-compatible server with prepared replies and faults.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--reply", default=QUESTION)
    parser.add_argument("--json", type=json.loads, default=None, help="the object that structured requests get")
    parser.add_argument("--first", type=float, default=0.0, help="seconds to the first token")
    parser.add_argument("--rate", type=float, default=0.0, help="tokens per second, 0 for all at once")
    options = parser.parse_args()
    server = FakeServer(
        reply=options.reply, json_reply=options.json, first=options.first, rate=options.rate, port=options.port
    )
    with server, contextlib.suppress(KeyboardInterrupt):
        print(f"READY {server.base_url}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
