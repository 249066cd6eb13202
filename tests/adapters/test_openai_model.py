"""What the model adapter promises: the real SDK against a local server with faults, or on a mock transport."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
from pydantic import BaseModel, Field

from interviewer.adapters.openai_model import OpenAIModel, ProbeReport, Profiles, find_local_servers
from interviewer.adapters.openai_model.reply import StreamedReply
from interviewer.adapters.openai_model.text import VisibleText
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError
from interviewer.flows.ports import Message, Waiting
from tests.fakes.http_server import QUESTION, SCENARIOS, USAGE, FakeServer

KEY = "sk-test-0123456789-secret"
BEGINNING = "You said you would"
ASKED: list[Message] = [
    {"role": "system", "content": "You are an interviewer."},
    {"role": "user", "content": "I would cluster the table."},
]


class Evidence(BaseModel):
    sentence: int = Field(ge=0, description="number of the sentence")


class Judgement(BaseModel):
    evidence: list[Evidence] = Field(default_factory=list, max_length=3)
    status: Literal["covered", "partial", "missed"] = "missed"


JUDGEMENT = {"evidence": [{"sentence": 2}], "status": "partial"}
# What a server that follows the prompt and not the schema gives.
ASKED_FOR_JUDGEMENT: list[Message] = [{"role": "user", "content": 'Reply {"evidence": [], "status": "excellent"}'}]

NEED_A_TIMEOUT = ("silent", "silent_after_head", "stalled")

Make = Callable[..., OpenAIModel]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def make(server: FakeServer, waits: list[float]) -> Make:
    """Builds a model at the local server that notes its pauses instead of making them."""

    def make(scenario: str = "fine", **options: Any) -> OpenAIModel:
        timeout = 0.15 if scenario in NEED_A_TIMEOUT else 5.0
        options = {"timeout": timeout, "wait": waits.append, **options}
        return OpenAIModel(f"fake:{scenario}", KEY, server.base_url, **options)

    return make


def on_transport(
    handler: Callable[[httpx2.Request], httpx2.Response], base_url: str | None = None, **options: Any
) -> OpenAIModel:
    client = httpx2.Client(transport=httpx2.MockTransport(handler))
    return OpenAIModel(options.pop("model", "m"), options.pop("key", KEY), base_url, http_client=client, **options)


def stream_of(*pieces: str, finish: str = "stop") -> httpx2.Response:
    choices = [{"delta": {"content": piece}} for piece in pieces] + [{"delta": {}, "finish_reason": finish}]
    events = [f"data: {json.dumps({'choices': [choice]})}\n\n" for choice in choices]
    return httpx2.Response(
        200, headers={"content-type": "text/event-stream"}, text="".join([*events, "data: [DONE]\n\n"])
    )


def read(model: OpenAIModel, messages: Sequence[Message] = ASKED) -> str:
    return "".join(model.stream(messages, max_tokens=200))


def fault_of(call: Callable[[], object]) -> ModelError:
    with pytest.raises(ModelError) as caught:
        call()
    return caught.value


def test_a_reply_comes_in_pieces_and_as_it_was_written(make: Make) -> None:
    reply = make().stream(ASKED, max_tokens=200)

    pieces = list(reply)

    assert len(pieces) > 10
    assert "".join(pieces) == QUESTION


def test_the_request_is_made_when_reading_begins(make: Make, server: FakeServer) -> None:
    reply = make().stream(ASKED, max_tokens=200)
    assert server.requests == []

    list(reply)

    [request] = server.chats
    assert request.body["messages"] == ASKED
    assert request.body["max_tokens"] == 200
    assert request.body["temperature"] == 0.3
    assert request.body["stream_options"] == {"include_usage": True}
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_a_reply_can_be_read_only_once(make: Make) -> None:
    reply = make().stream(ASKED, max_tokens=200)
    list(reply)

    with pytest.raises(RuntimeError, match="only once"):
        list(reply)


# Faults

BEFORE_ANY_TEXT = {
    "busy": ("busy", 3),
    "busy_for_long": ("busy", 1),
    "busy_event": ("busy", 3),
    "no_credit": ("quota", 1),
    "no_payment": ("quota", 1),
    "server_error": ("busy", 3),
    "bad_gateway": ("busy", 3),
    "unavailable": ("busy", 3),
    "gateway_timeout": ("timeout", 3),
    "bad_key": ("auth", 1),
    "forbidden": ("auth", 1),
    "no_model": ("not_found", 1),
    "too_long": ("too_long", 1),
    "too_long_in_words": ("too_long", 1),
    "filtered_prompt": ("filtered", 1),
    "strange_refusal": ("unsupported", 1),
    "dropped": ("unreachable", 3),
    "reset": ("unreachable", 3),
    "silent": ("timeout", 3),
    "silent_after_head": ("timeout", 3),
    "html": ("invalid", 1),
    "html_as_text": ("invalid", 1),
    "broken_json": ("invalid", 1),
    "not_an_object": ("invalid", 1),
    "no_choices": ("invalid", 1),
    "no_choices_in_stream": ("invalid", 1),
    "null_content": ("empty", 2),
    "blank": ("empty", 2),
    "refusal": ("refused", 1),
}
AFTER_SOME_TEXT = {
    "cut": ("interrupted", BEGINNING),
    "cut_by_reset": ("interrupted", BEGINNING),
    "stalled": ("interrupted", BEGINNING),
    "unfinished": ("interrupted", BEGINNING),
    "bad_chunk": ("interrupted", BEGINNING),
    "chunk_is_text": ("interrupted", BEGINNING),
    "error_event": ("interrupted", BEGINNING),
    "length": ("cut_short", QUESTION),
    "content_filter": ("filtered", "I would"),
}


@pytest.mark.parametrize("scenario", BEFORE_ANY_TEXT)
def test_a_fault_before_any_text_has_its_name_and_number_of_tries(
    make: Make, server: FakeServer, scenario: str
) -> None:
    fault, tries = BEFORE_ANY_TEXT[scenario]

    error = fault_of(lambda: read(make(scenario)))

    assert (error.fault, server.hits[scenario]) == (fault, tries)
    assert error.partial == ""


@pytest.mark.parametrize("scenario", AFTER_SOME_TEXT)
def test_a_fault_after_some_text_keeps_the_text_and_is_not_tried_again(
    make: Make, server: FakeServer, scenario: str
) -> None:
    fault, partial = AFTER_SOME_TEXT[scenario]

    error = fault_of(lambda: read(make(scenario)))

    assert (error.fault, error.partial) == (fault, partial)
    assert server.hits[scenario] == 1


@pytest.mark.parametrize("scenario", sorted(set(BEFORE_ANY_TEXT) | set(AFTER_SOME_TEXT)))
def test_what_is_shown_of_a_fault_is_a_sentence_of_ours(
    make: Make, caplog: pytest.LogCaptureFixture, scenario: str
) -> None:
    caplog.set_level(logging.DEBUG)

    error = fault_of(lambda: read(make(scenario, timeout=0.05)))

    shown = f"{error} {error.partial}"
    assert not any(secret in shown + caplog.text for secret in (KEY, "sk-te*"))
    assert not any(raw in shown for raw in ("<html", "{", "Traceback", "httpx", "openai"))
    assert str(error)[0].isupper() or str(error).startswith("127.0.0.1")
    assert str(error).endswith(".")
    assert error.__cause__ is None


@pytest.mark.parametrize("scenario", ["busy_once", "server_error_once", "dropped_once", "blank_once"])
def test_a_passing_fault_is_not_noticed(make: Make, server: FakeServer, scenario: str) -> None:
    assert read(make(scenario)) == QUESTION
    assert server.hits[scenario] == 2


@pytest.mark.parametrize("scenario", ["decorated", "not_streamed", "reasoning"])
def test_what_servers_add_to_a_reply_does_no_harm(make: Make, scenario: str) -> None:
    assert read(make(scenario)) == QUESTION


def test_a_refused_connection_names_the_host(waits: list[float]) -> None:
    with FakeServer() as gone:
        address = gone.base_url

    error = fault_of(lambda: read(OpenAIModel("m", KEY, address, wait=waits.append)))

    assert error.fault == "unreachable"
    assert "127.0.0.1" in str(error)
    assert len(waits) > 1


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/v1", "127.0.0.1:9/v1", "http://[::1/v1"])
def test_an_address_that_cannot_be_one_is_not_tried_again(address: str, waits: list[float]) -> None:
    error = fault_of(lambda: read(OpenAIModel("m", KEY, address, wait=waits.append)))

    assert error.fault == "not_found"
    assert waits == []


def test_a_redirect_is_not_followed(make: Make, server: FakeServer) -> None:
    error = fault_of(lambda: read(make("redirect")))

    assert error.fault == "not_found"
    assert [request.path for request in server.requests] == ["/v1/chat/completions"]


def test_reading_a_reply_without_its_end_still_ends_the_request(make: Make, server: FakeServer) -> None:
    pieces = iter(make("slow").stream(ASKED, max_tokens=200))
    next(pieces)

    pieces.close()  # type: ignore[attr-defined]

    assert server.client_left.wait(2)


# Patience


def test_the_server_says_how_long_to_wait(make: Make, waits: list[float]) -> None:
    read(make("busy_once"))

    assert sum(waits) == pytest.approx(2)


def test_who_reads_the_reply_hears_of_each_wait_before_it_begins(make: Make, waits: list[float]) -> None:
    reply = make("busy_once").stream(ASKED, max_tokens=200)

    first = next(iter(reply))

    assert isinstance(first, Waiting)
    assert (str(first), first.seconds, waits) == ("", 2.0, [])


def test_without_a_word_from_the_server_the_pauses_double(make: Make, waits: list[float]) -> None:
    fault_of(lambda: read(make("server_error")))

    assert 0.75 * 1.5 <= sum(waits) <= 1.5


def test_a_longer_wait_than_the_deadline_allows_is_not_begun(make: Make, waits: list[float]) -> None:
    error = fault_of(lambda: read(make("busy_for_long")))

    assert error.retry_after == 300
    assert "5 minutes" in str(error)
    assert waits == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
    ],
)
def test_every_form_of_retry_after_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    model = on_transport(lambda request: httpx2.Response(429, headers=headers, json={}), attempts=1)

    assert fault_of(lambda: read(model)).retry_after == seconds


def test_tries_and_pauses_share_one_deadline(make: Make, server: FakeServer) -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    model = make("busy", attempts=100, deadline=10.0, wait=wait, clock=lambda: now[0])

    assert fault_of(lambda: read(model)).fault == "busy"
    assert server.hits["busy"] == 3
    assert now[0] == pytest.approx(8)


def test_a_reply_without_an_end_is_cut_off_before_it_fills_the_memory(make: Make, server: FakeServer) -> None:
    error = fault_of(lambda: read(make("endless")))

    assert error.fault == "cut_short"
    assert len(error.partial) < 1_000_000
    assert server.client_left.wait(20)  # a busy machine takes its time


@pytest.mark.parametrize(("scenario", "begins"), [("slow", "and and"), ("pings", ""), ("silent", "")])
def test_a_server_that_only_shows_signs_of_life_meets_the_deadline(
    make: Make, server: FakeServer, scenario: str, begins: str
) -> None:
    started = time.monotonic()

    error = fault_of(lambda: read(make(scenario, timeout=5.0, deadline=0.3)))

    assert error.fault == "timeout"
    assert error.partial.startswith(begins)
    assert 0.3 <= time.monotonic() - started < 1
    assert server.client_left.wait(2)


# Stopping


@pytest.mark.parametrize("scenario", ["slow", "stalled", "pings", "silent", "silent_after_head"])
@pytest.mark.parametrize("by_event", [True, False])
def test_stop_ends_the_request_from_another_thread(
    make: Make, server: FakeServer, scenario: str, by_event: bool
) -> None:
    stop = threading.Event()
    reply = make(scenario, timeout=10.0).stream(ASKED, max_tokens=200, stop=stop)
    stopper = threading.Timer(0.15, stop.set if by_event else reply.close)
    stopper.start()
    started = time.monotonic()

    error = fault_of(lambda: "".join(reply))

    assert error.fault == "stopped"
    assert time.monotonic() - started < 1
    assert bool(error.partial) == (scenario in ("slow", "stalled"))
    assert server.client_left.wait(2), "the server still thinks that somebody listens"
    stopper.join()


def test_stop_ends_a_pause(make: Make, server: FakeServer) -> None:
    stop = threading.Event()
    model = make("busy", wait=lambda seconds: stop.set())

    error = fault_of(lambda: "".join(model.stream(ASKED, max_tokens=200, stop=stop)))

    assert error.fault == "stopped"
    assert server.hits["busy"] == 1


def test_after_stop_nothing_is_sent(make: Make, server: FakeServer) -> None:
    stop = threading.Event()
    stop.set()

    assert fault_of(lambda: "".join(make().stream(ASKED, max_tokens=9, stop=stop))).fault == "stopped"
    assert fault_of(lambda: make().parse(ASKED, Judgement, max_tokens=9, stop=stop)).fault == "stopped"
    assert server.requests == []


# The key


@pytest.mark.parametrize("key", ["sk-a\nb", "sk-ü", "sk a", "k" * 301, "\x00"])
def test_a_key_that_cannot_be_one_is_never_sent(server: FakeServer, key: str) -> None:
    error = fault_of(lambda: read(OpenAIModel("m", key, server.base_url)))

    assert error.fault == "auth"
    assert key not in str(error)
    assert server.requests == []


def test_blanks_around_a_key_are_not_part_of_it(server: FakeServer) -> None:
    read(OpenAIModel("m", f" {KEY}\n", server.base_url))

    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_local_server_needs_no_key_but_openai_does(server: FakeServer) -> None:
    assert read(OpenAIModel("m", "", server.base_url)) == QUESTION
    assert fault_of(lambda: read(OpenAIModel("m", ""))).fault == "auth"


def test_the_key_is_in_no_description_of_the_model(make: Make) -> None:
    model = make()

    assert repr(model) == "OpenAIModel('fake:fine' at 127.0.0.1)"
    assert KEY not in f"{model} {model.stream(ASKED, max_tokens=1)!r}"


def test_the_environment_adds_nothing_to_a_request(monkeypatch: pytest.MonkeyPatch, server: FakeServer) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "from-the-environment")

    read(OpenAIModel("m", "", server.base_url))

    assert "from-the-environment" not in str(server.chats[0])


# Parameters


@pytest.mark.parametrize(
    ("base_url", "model", "parameter"),
    [
        (None, "gpt-4.1", "max_completion_tokens"),
        ("https://api.openai.com/v1/", "gpt-4.1", "max_completion_tokens"),
        ("https://models.example/v1", "gpt-5.6-mini", "max_completion_tokens"),
        ("https://models.example/v1", "openai/o3", "max_completion_tokens"),
        ("https://models.example/v1", "qwen2.5", "max_tokens"),
        ("https://api.openai.com.example/v1", "qwen2.5", "max_tokens"),
    ],
)
def test_the_limit_has_the_name_that_the_server_knows(base_url: str | None, model: str, parameter: str) -> None:
    sent: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return stream_of("fine")

    read(on_transport(handle, base_url, model=model))

    names = set(json.loads(sent[0].content))
    assert names & {"max_tokens", "max_completion_tokens"} == {parameter}
    assert sent[0].url.path == "/v1/chat/completions"


def test_an_azure_address_is_used_as_it_is() -> None:
    sent: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return stream_of("fine")

    read(on_transport(handle, "https://mine.example/openai/v1/", model="my-deployment"))

    assert str(sent[0].url) == "https://mine.example/openai/v1/chat/completions"


@pytest.mark.parametrize("in_words", ["", "_in_words"])
@pytest.mark.parametrize("parameter", ["max_tokens", "temperature", "stream_options"])
def test_a_refused_parameter_is_left_out_from_then_on(
    make: Make, server: FakeServer, parameter: str, in_words: str
) -> None:
    model = make(f"refuses_{parameter}{in_words}")

    assert read(model) == read(model) == QUESTION

    assert [parameter in request.body for request in server.chats] == [True, False, False]
    assert ("max_completion_tokens" in server.chats[-1].body) == (parameter == "max_tokens")


def test_a_server_that_knows_neither_limit_gets_none(make: Make, server: FakeServer) -> None:
    assert read(make("refuses_both_limits")) == QUESTION
    assert not {"max_tokens", "max_completion_tokens"} & set(server.chats[-1].body)


def test_a_model_that_reasons_past_the_limit_gets_more_room(make: Make, server: FakeServer) -> None:
    model = make("reasons_past_limit")

    assert read(model) == read(model) == QUESTION
    assert [request.body["max_tokens"] for request in server.chats] == [200, 4096, 4096]


# Text


@pytest.mark.parametrize("size", range(1, 12))
def test_reasoning_before_the_reply_is_not_shown_however_it_is_cut(size: int) -> None:
    text = "\n<think>a < b </thin> plan</think>\n\n<thinking>more</thinking> a <think> b </think> c"
    visible = VisibleText()

    shown = [visible.feed(text[start : start + size]) for start in range(0, len(text), size)]

    assert "".join([*shown, visible.end()]) == "a <think> b </think> c"


@pytest.mark.parametrize(("text", "shown"), [("<thi", "<thi"), ("<think>no end", ""), (" \n", ""), ("<b>", "<b>")])
def test_what_only_looks_like_reasoning_is_shown_at_the_end(text: str, shown: str) -> None:
    visible = VisibleText()

    assert visible.feed(text) + visible.end() == shown


def test_reasoning_over_the_wire_is_not_shown(make: Make) -> None:
    assert read(make("thinking")) == QUESTION


def test_harmful_characters_are_replaced_and_joiners_kept(make: Make) -> None:
    assert read(make("hidden_characters")) == "a�b �c� d\u200d"


def test_half_an_emoji_in_an_answer_can_be_sent(make: Make, server: FakeServer) -> None:
    assert read(make(), [{"role": "user", "content": "half \ud83d"}]) == QUESTION
    assert server.chats[0].body["messages"][0]["content"] == "half �"


# Usage


def test_usage_is_what_the_server_counted(make: Make) -> None:
    reply = make().stream(ASKED, max_tokens=200)
    assert reply.usage is None

    list(reply)

    assert reply.usage is not None
    assert reply.usage.model_copy(update={"seconds": 0.0}) == Usage(
        input_tokens=1200, cached_tokens=1024, output_tokens=21
    )
    assert reply.usage.seconds > 0


def test_without_a_count_from_the_server_usage_is_estimated(make: Make) -> None:
    def count(messages: Sequence[Message]) -> int:
        return sum(100 + len(message["content"].split()) for message in messages)

    reply = make("no_usage", count_tokens=count).stream(ASKED, max_tokens=200)
    list(reply)

    assert reply.usage is not None
    assert reply.usage.estimated
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (209, len(QUESTION.split()))


def test_a_broken_reply_has_a_usage_and_a_refused_one_has_none(make: Make) -> None:
    def usage_after(scenario: str) -> Usage | None:
        reply: StreamedReply = make(scenario).stream(ASKED, max_tokens=200)
        fault_of(lambda: "".join(reply))
        return reply.usage

    cut, refused = usage_after("cut"), usage_after("bad_key")

    assert cut is not None
    assert (cut.estimated, cut.output_tokens) == (True, 5)
    assert refused is not None
    assert refused.input_tokens == 0


def test_usage_holds_both_tries(make: Make) -> None:
    reply = make("blank_once").stream(ASKED, max_tokens=200)
    list(reply)

    assert reply.usage is not None
    assert reply.usage.output_tokens == 2 * USAGE["completion_tokens"]  # type: ignore[operator]


def test_the_time_to_the_first_text_is_known(make: Make, server: FakeServer) -> None:
    server.first, server.rate = 0.1, 100
    reply = make().stream(ASKED, max_tokens=200)
    assert reply.first_token_seconds is None

    list(reply)

    assert reply.usage is not None
    assert reply.first_token_seconds is not None
    assert 0.1 <= reply.first_token_seconds < reply.usage.seconds - 0.05


# Structured replies


def test_a_structured_reply_is_asked_for_with_a_strict_schema(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT

    value, usage, rung = make().parse(ASKED, Judgement, max_tokens=100)

    assert value == Judgement.model_validate(JUDGEMENT)
    assert (usage.output_tokens, rung) == (21, "json_schema")
    body = server.chats[0].body
    assert body["messages"] == ASKED
    assert body["temperature"] == 0
    assert body["stream"] is True
    assert body["response_format"]["json_schema"] == {
        "name": "Judgement",
        "strict": True,
        "schema": {
            "$defs": {
                "Evidence": {
                    "type": "object",
                    "properties": {"sentence": {"type": "integer", "description": "number of the sentence"}},
                    "required": ["sentence"],
                    "additionalProperties": False,
                }
            },
            "type": "object",
            "properties": {
                "evidence": {"type": "array", "items": {"$ref": "#/$defs/Evidence"}},
                "status": {"type": "string", "enum": ["covered", "partial", "missed"]},
            },
            "required": ["evidence", "status"],
            "additionalProperties": False,
        },
    }


LADDER = {
    "refuses_json_schema": ("json_object", ["json_schema", "json_object", "json_object"]),
    "refuses_json_object": ("prompt", ["json_schema", "json_object", None, None]),
    "invalid_json_twice": ("json_object", ["json_schema", "json_schema", "json_object", "json_object"]),
    "blank_json": ("prompt", ["json_schema"] * 2 + ["json_object"] * 2 + [None, None]),
    "fenced": ("json_schema", ["json_schema", "json_schema"]),
    "thinking_json": ("json_schema", ["json_schema", "json_schema"]),
}


@pytest.mark.parametrize("scenario", LADDER)
def test_the_rung_that_worked_is_remembered(make: Make, server: FakeServer, scenario: str) -> None:
    server.json_reply = JUDGEMENT
    if scenario == "thinking_json":
        server.reply, scenario_name = f"{{}} perhaps?</think>\n{json.dumps(JUDGEMENT)}", "thinking"
    else:
        scenario_name = scenario
    model = make(scenario_name)
    rung, forms = LADDER[scenario]

    parsed = [model.parse(ASKED, Judgement, max_tokens=100) for _ in range(2)]

    assert [(p.value, p.rung) for p in parsed] == [(Judgement.model_validate(JUDGEMENT), rung)] * 2
    assert [(request.body.get("response_format") or {}).get("type") for request in server.chats] == forms


def test_below_the_first_rung_the_shape_is_described_in_the_system_message(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT
    make("refuses_json_schema").parse(ASKED, Judgement, max_tokens=100)

    system, user = server.chats[-1].body["messages"]

    assert user == ASKED[1]
    assert system["content"].startswith("You are an interviewer.\n\nReply with one JSON object")
    assert '{"evidence": [{"sentence": "integer"}], "status": "covered | partial | missed"}' in system["content"]


def test_an_invalid_reply_is_sent_back_once_with_the_reason(make: Make, server: FakeServer) -> None:
    server.json_reply = {"evidence": [{"sentence": -1}], "status": "excellent"}

    error = fault_of(lambda: make().parse(ASKED, Judgement, max_tokens=100))

    assert error.fault == "invalid"
    assert len(server.chats) == 6
    again = server.chats[1].body["messages"]
    assert again[:2] == ASKED
    assert again[2] == {"role": "assistant", "content": json.dumps(server.json_reply)}
    assert "status: Input should be 'covered', 'partial' or 'missed'" in again[3]["content"]
    assert "evidence.0.sentence: Input should be greater than or equal to 0" in again[3]["content"]


def test_a_corrected_reply_is_taken_and_both_are_counted(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT

    parsed = make("invalid_json_once").parse(ASKED, Judgement, max_tokens=100)

    assert parsed.rung == "json_schema"
    assert parsed.usage.output_tokens == 42


def test_a_model_that_never_replies_in_the_shape_is_an_error(make: Make) -> None:
    error = fault_of(lambda: make("invalid_json").parse(ASKED, Judgement, max_tokens=100))

    assert (error.fault, error.partial) == ("invalid", "I would rather talk about it.")


def test_a_truncated_object_gets_twice_the_room_once(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT

    assert make("truncated_json_once").parse(ASKED, Judgement, max_tokens=100).rung == "json_schema"
    assert fault_of(lambda: make("truncated_json").parse(ASKED, Judgement, max_tokens=100)).fault == "cut_short"
    assert [request.body["max_tokens"] for request in server.chats] == [100, 200, 100, 200]


def test_words_after_a_whole_object_are_not_waited_for(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT

    make("rambling_json").parse(ASKED, Judgement, max_tokens=100)

    assert len(server.chats) == 1


@pytest.mark.parametrize(
    ("scenario", "fault"), [("refusal", "refused"), ("content_filter", "filtered"), ("cut", "interrupted")]
)
def test_other_faults_of_a_structured_reply_are_not_laddered(
    make: Make, server: FakeServer, scenario: str, fault: str
) -> None:
    assert fault_of(lambda: make(scenario).parse(ASKED, Judgement, max_tokens=100)).fault == fault
    assert server.hits[scenario] == 1


def test_all_rungs_share_one_deadline(make: Make, server: FakeServer) -> None:
    now = [0.0]

    def tick() -> float:
        now[0] += 1.0
        return now[0]

    error = fault_of(lambda: make("invalid_json", clock=tick, deadline=60.0).parse(ASKED, Judgement, max_tokens=100))

    assert error.fault == "timeout"
    assert server.hits["invalid_json"] < 6


@pytest.mark.parametrize(
    "reply",
    [
        'Set {x} is empty. {"evidence": [], "status": "missed"} or {"evidence": [], "status": "covered"}',
        '```json\n{"evidence": [], "status": "missed"}\n```',
        '{"status": "missed", "evidence": []}',
    ],
)
def test_the_first_object_in_the_text_counts(reply: str) -> None:
    model = on_transport(lambda request: stream_of(reply))

    assert model.parse(ASKED, Judgement, max_tokens=100).value == Judgement(evidence=[], status="missed")


@pytest.mark.parametrize("reply", ['{"evidence": [{"sentence": 1}, {"sent', "[" * 5000, '{"a":' * 5000, "null", "{}}"])
def test_no_part_of_a_broken_object_is_taken_for_a_reply(reply: str) -> None:
    class Loose(BaseModel):
        sentence: int

    model = on_transport(lambda request: stream_of(reply))

    assert fault_of(lambda: model.parse(ASKED, Loose, max_tokens=100)).fault == "invalid"


def test_harmful_characters_inside_an_object_are_replaced() -> None:
    class Words(BaseModel):
        text: str

    model = on_transport(lambda request: stream_of('{"text": "a\\u0000b \\ud83d\\ude00 \\ud83d"}'))

    assert model.parse(ASKED, Words, max_tokens=9).value == Words(text="a�b 😀 �")


def test_threads_share_one_model_and_what_it_learned(make: Make, server: FakeServer) -> None:
    server.json_reply = JUDGEMENT
    model = make("refuses_json_schema")
    rungs: list[str] = []
    threads = [
        threading.Thread(target=lambda: rungs.append(model.parse(ASKED, Judgement, max_tokens=100).rung))
        for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert rungs == ["json_object"] * 8


# Testing the connection


@pytest.mark.parametrize(
    ("scenario", "structured"),
    [
        ("fine", "json_schema enforced"),
        ("obeys", "json_schema accepted, not enforced"),
        ("refuses_json_schema", "json_object"),
        ("refuses_json_object", "prompt only"),
        ("invalid_json", "none"),
    ],
)
def test_the_probe_finds_how_far_a_form_is_kept(make: Make, scenario: str, structured: str) -> None:
    report = make(scenario).probe()

    assert report.structured == structured
    assert report.reachable
    assert report.usage
    assert report.streaming
    assert report.seconds_to_first_token is not None
    assert scenario in report.message


def test_after_the_probe_a_server_that_enforces_nothing_is_told_the_shape(make: Make, server: FakeServer) -> None:
    model = make("obeys")
    model.probe()

    error = fault_of(lambda: model.parse(ASKED_FOR_JUDGEMENT, Judgement, max_tokens=100))

    assert error.fault == "invalid"
    assert not any("Judgement" in str(request.body.get("response_format")) for request in server.chats)


@pytest.mark.parametrize(
    ("scenario", "reachable", "words"),
    [
        ("bad_key", True, "did not accept the key"),
        ("no_model", True, "It offers: practice-model"),
        ("html", True, "not a model's reply"),
        ("silent", False, "did not answer in time"),
        ("refusal", True, "declined"),
    ],
)
def test_the_probe_tells_a_fault_in_its_message(make: Make, scenario: str, reachable: bool, words: str) -> None:
    report = make(scenario).probe()

    assert (report.reachable, report.structured, report.model) == (reachable, "none", f"fake:{scenario}")
    assert words in report.message


def test_the_probe_sees_what_is_missing(make: Make) -> None:
    assert make("not_streamed").probe().streaming is False
    assert make("decorated").probe().usage is False


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_probe_never_raises(make: Make, scenario: str) -> None:
    report = make(scenario, timeout=0.05, deadline=0.15).probe()

    assert isinstance(report, ProbeReport)
    assert KEY not in repr(report)


def test_nothing_is_imported_before_the_first_request() -> None:
    program = (
        "import sys\n"
        "from interviewer.adapters.openai_model import OpenAIModel\n"
        "OpenAIModel('m', 'k').stream([], max_tokens=1)\n"
        "assert not {'openai', 'httpx2'} & set(sys.modules)\n"
    )

    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parents[2], timeout=30)


# The first guess


def requests_of(base_url: str | None, model: str, **options: Any) -> list[httpx2.Request]:
    """What is sent for a reply that somebody waits for and for a structured one."""
    sent: list[httpx2.Request] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return stream_of(json.dumps(JUDGEMENT))

    asked = on_transport(handle, base_url, model=model, **options)
    read(asked)
    asked.parse(ASKED, Judgement, max_tokens=300)
    return sent


GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"
OPENROUTER = "https://openrouter.ai/api/v1"
COMPLETION, PLAIN = "max_completion_tokens", "max_tokens"

# address, model -> name of the limit, the limit of 200, effort, whether a temperature is sent, first form
GUESSES = [
    (None, "gpt-4.1", COMPLETION, 200, None, True, "json_schema"),
    (None, "gpt-5-mini", COMPLETION, 4096, "low", False, "json_schema"),
    (None, "o3", COMPLETION, 4096, "low", False, "json_schema"),
    (None, "gpt-6.1-sol", COMPLETION, 4096, "low", False, "json_schema"),
    (None, "gpt-5-pro", COMPLETION, 4096, None, False, "json_schema"),
    (None, "gpt-5-chat-latest", COMPLETION, 200, None, True, "json_schema"),
    ("https://mine.openai.azure.com/openai/v1/", "gpt-5-mini", COMPLETION, 4096, "low", False, "json_schema"),
    ("https://mine.openai.azure.com/openai/v1/", "my-deployment", PLAIN, 200, None, True, "json_schema"),
    ("https://api.deepseek.com", "deepseek-flash", PLAIN, 4096, "low", True, "json_object"),
    (GEMINI, "gemini-3.8-flash", PLAIN, 4096, "low", True, "json_schema"),
    (GEMINI, "gemini-2.5-flash-lite", PLAIN, 200, None, True, "json_schema"),
    (OPENROUTER, "openai/gpt-5-mini", PLAIN, 4096, "low", False, "json_schema"),
    (OPENROUTER, "meta-llama/llama-3.3-70b-instruct", PLAIN, 200, None, True, "json_schema"),
    ("https://api.groq.com/openai/v1", "openai/gpt-oss-120b", PLAIN, 4096, "low", True, "json_schema"),
    ("https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", PLAIN, 200, None, True, "json_schema"),
    ("http://localhost:11434/v1", "gpt-oss:20b", PLAIN, 4096, "low", True, "json_schema"),
    ("http://localhost:11434/v1", "qwen2.5", PLAIN, 200, None, True, "json_schema"),
    ("http://localhost:8000/v1", "openai/gpt-oss-20b", PLAIN, 200, None, True, "json_schema"),
    ("http://localhost:8080/v1", "qwen2.5", PLAIN, 200, None, True, "json_schema"),
    ("http://localhost:1234/v1", "qwen2.5", PLAIN, 200, None, True, "json_schema"),
    ("https://models.example/v1", "gpt-oss-20b", PLAIN, 200, None, True, "json_schema"),
]


@pytest.mark.parametrize(("base_url", "model", "limit", "room", "effort", "temperature", "form"), GUESSES)
def test_the_first_request_already_suits_the_provider(
    base_url: str | None, model: str, limit: str, room: int, effort: str | None, temperature: bool, form: str
) -> None:
    talking, judging = (json.loads(request.content) for request in requests_of(base_url, model))

    assert {name for name in talking if name in (COMPLETION, PLAIN)} == {limit}
    assert talking[limit] == room
    assert talking.get("reasoning_effort") == effort
    assert ("temperature" in talking, "temperature" in judging) == (temperature, temperature)
    assert judging["response_format"]["type"] == form
    assert "reasoning_effort" not in judging, "a judge thinks as long as it wants"


def refusing(parameter: str, message: str, named: str | None = None) -> Callable[[httpx2.Request], httpx2.Response]:
    def handle(request: httpx2.Request) -> httpx2.Response:
        if parameter in json.loads(request.content):
            return httpx2.Response(400, json={"error": {"message": message, "param": named, "code": None}})
        return stream_of("fine")

    return handle


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("Unsupported value: 'low' is not supported with this model.", "reasoning_effort"),
        ("Invalid reasoning_effort: low. Valid values are: high, none", None),
        ("Unrecognized request argument supplied: reasoning_effort", None),
    ],
)
def test_a_wrong_guess_costs_one_request_and_is_not_made_again(message: str, named: str | None) -> None:
    sent: list[dict[str, Any]] = []
    refuse = refusing("reasoning_effort", message, named)

    def handle(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return refuse(request)

    model = on_transport(handle, model="gpt-5-mini")

    assert read(model) == read(model) == "fine"
    assert ["reasoning_effort" in body for body in sent] == [True, False, False]


def test_what_one_instance_learned_another_with_the_same_profiles_knows(server: FakeServer) -> None:
    profiles = Profiles()

    for _ in range(2):
        read(OpenAIModel("fake:refuses_temperature", KEY, server.base_url, profiles=profiles))
    read(OpenAIModel("fake:refuses_temperature", KEY, server.base_url))

    assert ["temperature" in request.body for request in server.chats] == [True, False, False, True, False]


def test_another_model_at_the_same_address_has_a_profile_of_its_own(server: FakeServer) -> None:
    profiles = Profiles()

    read(OpenAIModel("fake:refuses_temperature", KEY, server.base_url, profiles=profiles))
    read(OpenAIModel("some-model", KEY, server.base_url, profiles=profiles))

    assert "temperature" in server.chats[-1].body


def test_a_form_that_lm_studio_refuses_is_skipped_on_the_way_down() -> None:
    forms: list[str | None] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        form = json.loads(request.content).get("response_format", {}).get("type")
        forms.append(form)
        if form:
            return httpx2.Response(400, json={"error": "Failed to compile the json_schema"})
        return stream_of(json.dumps(JUDGEMENT))

    parsed = on_transport(handle, "http://localhost:1234/v1").parse(ASKED, Judgement, max_tokens=100)

    assert (parsed.rung, forms) == ("prompt", ["json_schema", None])


def test_a_probe_that_sees_an_enforced_form_overrules_the_guess() -> None:
    forms: list[str] = []

    def handle(request: httpx2.Request) -> httpx2.Response:
        form = json.loads(request.content).get("response_format", {})
        forms.append(form.get("type", ""))
        wanted = form.get("json_schema", {}).get("name")
        return stream_of(json.dumps(JUDGEMENT) if wanted == "Judgement" else '{"colour": "red"}')

    model = on_transport(handle, "https://api.deepseek.com", model="deepseek-flash")

    assert model.probe().structured == "json_schema enforced"
    assert model.parse(ASKED, Judgement, max_tokens=100).rung == "json_schema"


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
        ("https://openrouter.ai", "https://openrouter.ai/api/v1/chat/completions"),
        ("https://mine.openai.azure.com/", "https://mine.openai.azure.com/openai/v1/chat/completions"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("https://models.example", "https://models.example/chat/completions"),
    ],
)
def test_an_address_without_the_usual_path_gets_it_where_the_server_is_known(base_url: str, url: str) -> None:
    assert str(requests_of(base_url, "some-model")[0].url) == url


@pytest.mark.parametrize(
    ("query", "version"), [("", "2024-10-21"), ("?api-version=2025-04-01-preview", "2025-04-01-preview")]
)
def test_a_deployment_of_azure_is_asked_with_its_version_and_its_kind_of_key(query: str, version: str) -> None:
    address = f"https://mine.openai.azure.com/openai/deployments/my-gpt/chat/completions{query}"

    request = requests_of(address, "my-gpt")[0]

    assert request.url.path == "/openai/deployments/my-gpt/chat/completions"
    assert request.url.params["api-version"] == version
    assert request.headers["api-key"] == KEY


def test_the_key_has_its_usual_name_everywhere_else() -> None:
    for address in (None, "https://mine.openai.azure.com/openai/v1"):
        request = requests_of(address, "m")[0]

        assert "api-key" not in request.headers
        assert request.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "message",
    [
        "The input token count (134123) exceeds the maximum number of tokens allowed (131072).",
        "request (5012 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "This endpoint's maximum context length is 8192 tokens.",
    ],
)
def test_a_prompt_that_is_too_long_is_known_by_every_provider_s_words(message: str) -> None:
    model = on_transport(lambda request: httpx2.Response(400, json={"error": {"message": message}}))

    assert fault_of(lambda: read(model)).fault == "too_long"


# Servers on this machine


def port_of(server: FakeServer) -> int:
    return int(server.base_url.rpartition(":")[2].removesuffix("/v1"))


def free_port() -> int:
    with FakeServer() as gone:
        return port_of(gone)


def test_a_running_local_server_is_found_with_its_models(server: FakeServer) -> None:
    [found] = find_local_servers(2.0, {free_port(): "LM Studio", port_of(server): "Ollama"})

    assert (found.base_url, found.kind) == (server.base_url, "Ollama")
    assert found.models[0] == "practice-model"
    assert [(request.method, request.path) for request in server.requests] == [("GET", "/v1/models")]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\n\r\n<html>",
        b'HTTP/1.1 200 OK\r\n\r\n{"data": {"a": 1}}',
        b'HTTP/1.1 401 Unauthorized\r\n\r\n{"data": []}',
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
def test_what_answers_otherwise_is_no_model_server(answer: bytes) -> None:
    with saying(answer) as port:
        assert find_local_servers(2.0, {port: "Ollama"}) == []


def test_who_says_nothing_is_not_waited_for() -> None:
    with ExitStack() as stack:
        ports = {stack.enter_context(saying(b"")): "Ollama" for _ in range(5)}
        started = time.monotonic()

        assert find_local_servers(0.3, ports) == []
        assert time.monotonic() - started < 1


@pytest.mark.parametrize(("owner", "kind"), [("llamacpp", "llama.cpp"), ("vllm", "vLLM"), ("library", "Ollama")])
def test_a_server_that_names_itself_is_believed_over_its_port(owner: str, kind: str) -> None:
    listed = json.dumps({"data": [{"id": "some-model", "owned_by": owner}, {"no": "id"}, 3]})
    with saying(f"HTTP/1.1 200 OK\r\n\r\n{listed}".encode()) as port:
        [found] = find_local_servers(2.0, {port: "Ollama"})

    assert (found.kind, found.models) == (kind, ("some-model",))


@contextmanager
def saying(answer: bytes) -> Iterator[int]:
    """A port of this machine where somebody gives this answer to whatever is said; with b"" none at all."""
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as held:

        def serve() -> None:
            connection, _ = listening.accept()
            if answer:
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)
            else:
                held.enter_context(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(1)
