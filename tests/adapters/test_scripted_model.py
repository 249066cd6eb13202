"""What the scripted model promises to tests and to the demo."""

from __future__ import annotations

import threading
from typing import Literal

import pytest
from pydantic import BaseModel

from interviewer.adapters.scripted_model import Broken, ScriptedModel, ScriptEnded
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Message

ASKED: list[Message] = [{"role": "user", "content": "I would partition by day. Then I compact the small files."}]


class Verdict(BaseModel):
    status: Literal["covered", "missed"]


def test_replies_come_in_order_and_requests_are_kept() -> None:
    scripted = ScriptedModel(["Why that key?", {"status": "covered"}, Verdict(status="missed")])
    model: ChatModel = scripted

    reply = model.stream(ASKED, max_tokens=100)

    assert list(reply) == ["Why that key", "?"]
    assert reply.usage is not None
    assert reply.usage.estimated
    assert model.parse(ASKED, Verdict, max_tokens=50).value == Verdict(status="covered")
    assert model.parse(ASKED, Verdict, max_tokens=50).value == Verdict(status="missed")
    assert [(request.kind, request.max_tokens) for request in scripted.requests] == [
        ("stream", 100),
        ("parse", 50),
        ("parse", 50),
    ]
    assert scripted.requests[0].messages == ASKED
    assert scripted.requests[1].shape is Verdict


def test_a_prepared_fault_is_raised() -> None:
    model = ScriptedModel([ModelError("busy", "Busy."), ModelError("refused", "Declined.")])

    with pytest.raises(ModelError, match="Busy"):
        list(model.stream(ASKED, max_tokens=9))
    with pytest.raises(ModelError, match="Declined"):
        model.parse(ASKED, Verdict, max_tokens=9)


def test_a_broken_reply_gives_its_text_and_then_the_fault() -> None:
    pieces: list[str] = []
    reply = ScriptedModel([Broken("Why that", "cut_short")], chunk=4).stream(ASKED, max_tokens=9)

    with pytest.raises(ModelError) as caught:
        pieces.extend(reply)

    assert pieces == ["Why ", "that"]
    assert (caught.value.fault, caught.value.partial) == ("cut_short", "Why that")


def test_a_mapping_of_another_shape_is_an_invalid_reply() -> None:
    with pytest.raises(ModelError) as caught:
        ScriptedModel([{"status": "excellent"}]).parse(ASKED, Verdict, max_tokens=9)

    assert caught.value.fault == "invalid"


def test_the_end_of_the_script_says_what_was_asked() -> None:
    with pytest.raises(ScriptEnded, match=r"request 1 \(stream\).*small files"):
        ScriptedModel().stream(ASKED, max_tokens=9)


def test_a_reply_of_the_wrong_kind_is_an_error_of_the_test() -> None:
    with pytest.raises(ScriptEnded, match="for stream"):
        ScriptedModel(["Why?"]).parse(ASKED, Verdict, max_tokens=9)
    with pytest.raises(ScriptEnded, match="for parse"):
        ScriptedModel([{"status": "covered"}]).stream(ASKED, max_tokens=9)


@pytest.mark.parametrize("by_event", [True, False])
def test_stop_ends_a_reply_where_it_stands(by_event: bool) -> None:
    stop, pauses = threading.Event(), 0

    def wait(seconds: float) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == 2:
            stop.set() if by_event else reply.close()

    model = ScriptedModel(["Why that key?"], chunk=4, delay=1.0, wait=wait)
    reply = model.stream(ASKED, max_tokens=9, stop=stop)

    with pytest.raises(ModelError) as caught:
        list(reply)

    assert (caught.value.fault, caught.value.partial) == ("stopped", "Why ")


def test_the_demo_asks_about_what_was_said_last_without_end() -> None:
    demo = ScriptedModel.demo(delay=0)

    replies = ["".join(demo.stream(ASKED, max_tokens=9)) for _ in range(3)]

    assert len(set(replies)) == 1
    assert '"I would partition by day. Then I compact..."' in replies[0]
    assert replies[0].endswith("?")
    assert "".join(demo.stream([], max_tokens=9)).endswith("?")
    with pytest.raises(ModelError, match="cannot judge"):
        demo.parse(ASKED, Verdict, max_tokens=9)
