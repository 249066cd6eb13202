"""The meter: nothing is sent that may not be spent, and whatever was sent is reported once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

import pytest
from pydantic import BaseModel

from interviewer.adapters.metered_model import MeteredModel
from interviewer.adapters.openai_model import OpenAIModel
from interviewer.adapters.scripted_model import Broken, ScriptedModel
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Message
from interviewer.flows.spending import Settle
from tests.fakes.http_server import QUESTION, FakeServer

ASKED: list[Message] = [{"role": "user", "content": "I would cluster the table."}]
SENTENCE = "This interview has used 39,800 of its 40,000 tokens. The built-in coach goes on."


class Verdict(BaseModel):
    verdict: str


def words(messages: Sequence[Message]) -> int:
    return sum(len(message["content"].split()) for message in messages)


class Meter:
    """Keeps what it is asked and told."""

    def __init__(self, *answers: str) -> None:
        self.asked: list[Usage] = []
        self.told: list[Usage] = []
        self._answers = iter(answers)

    def reserve(self, most: Usage) -> Settle:
        self.asked.append(most)
        refused = next(self._answers, "")
        if refused:
            raise ModelError("quota", refused)
        return self.told.append

    def metered(self, model: ChatModel, room: Callable[[], int] = lambda: 0) -> MeteredModel:
        return MeteredModel(model, words, self.reserve, room=room)


def fault_of(call: Callable[[], object]) -> ModelError:
    with pytest.raises(ModelError) as caught:
        call()
    return caught.value


def test_it_passes_on_name_replies_and_objects() -> None:
    model = Meter().metered(ScriptedModel(["Why that column?", {"verdict": "covered"}], name="some-model"))

    assert model.name == "some-model"
    assert "".join(model.stream(ASKED, max_tokens=9)) == "Why that column?"
    assert model.parse(ASKED, Verdict, max_tokens=9).value == Verdict(verdict="covered")


def test_the_question_is_the_counted_input_and_every_token_that_may_be_said() -> None:
    meter = Meter()
    model = meter.metered(ScriptedModel(["Why?", {"verdict": "covered"}]), room=lambda: 4096)

    list(model.stream(ASKED, max_tokens=120))
    model.parse(ASKED, Verdict, max_tokens=5000)

    streamed, parsed = meter.asked
    assert streamed == Usage(input_tokens=words(ASKED), output_tokens=4096, estimated=True)
    assert parsed.output_tokens == 5000
    assert parsed.input_tokens > words(ASKED), "the form of the reply is sent as well"


@pytest.mark.parametrize("kind", ["stream", "parse"])
def test_what_may_not_be_spent_is_not_sent(kind: str) -> None:
    meter, inner = Meter(SENTENCE), ScriptedModel()
    model = meter.metered(inner)

    error = fault_of(
        (lambda: list(model.stream(ASKED, max_tokens=9)))
        if kind == "stream"
        else (lambda: model.parse(ASKED, Verdict, max_tokens=9))
    )

    assert (error.fault, str(error)) == ("quota", SENTENCE)
    assert error.is_lasting
    assert (meter.told, inner.requests) == ([], [])


def test_a_refused_reply_never_reaches_the_server() -> None:
    with FakeServer() as server:
        model = Meter(SENTENCE).metered(OpenAIModel("m", "", server.base_url))

        fault_of(lambda: list(model.stream(ASKED, max_tokens=9)))

        assert server.requests == []


def test_nothing_is_asked_before_a_reply_is_read() -> None:
    meter = Meter()

    reply = meter.metered(ScriptedModel(["Why?"])).stream(ASKED, max_tokens=9)

    assert (meter.asked, reply.usage) == ([], None)


def test_a_whole_reply_is_reported_once() -> None:
    meter = Meter()
    reply = meter.metered(ScriptedModel(["Why that column?"])).stream(ASKED, max_tokens=9)

    list(reply)

    assert meter.told == [reply.usage]
    assert meter.told[0].output_tokens > 0


def test_a_reply_that_breaks_off_is_reported() -> None:
    meter = Meter()
    model = meter.metered(ScriptedModel([Broken("Why that col")]))

    error = fault_of(lambda: list(model.stream(ASKED, max_tokens=9)))

    assert (error.fault, error.partial) == ("interrupted", "Why that col")
    assert [usage.output_tokens for usage in meter.told] == [3]


def test_a_reply_that_nobody_reads_to_its_end_is_reported() -> None:
    meter = Meter()
    reply = meter.metered(ScriptedModel(["Why that column, and what else?"])).stream(ASKED, max_tokens=9)

    with closing(reply):
        for _ in reply:
            break

    assert len(meter.told) == 1
    assert meter.told[0].output_tokens > 0


def test_what_a_failed_call_took_is_reported_when_it_is_known() -> None:
    with FakeServer() as server:
        meter = Meter()
        invalid, refused = (
            meter.metered(OpenAIModel(f"fake:{name}", "", server.base_url)) for name in ("invalid_json", "bad_key")
        )

        assert fault_of(lambda: invalid.parse(ASKED, Verdict, max_tokens=50)).fault == "invalid"
        assert fault_of(lambda: refused.parse(ASKED, Verdict, max_tokens=50)).fault == "auth"
        assert fault_of(lambda: list(refused.stream(ASKED, max_tokens=50))).fault == "auth"

    took, *nothing = meter.told
    assert took.input_tokens == 6 * 1200, "three rungs, each asked and corrected once"
    assert [usage.input_tokens + usage.output_tokens for usage in nothing] == [0, 0]


def test_every_allowed_call_is_reported_even_when_the_model_itself_is_at_fault() -> None:
    meter = Meter()

    with pytest.raises(AssertionError):
        meter.metered(ScriptedModel()).parse(ASKED, Verdict, max_tokens=9)

    assert (len(meter.asked), meter.told) == (1, [Usage()])


def test_close_stops_the_reply_behind_it() -> None:
    reply = Meter().metered(ScriptedModel([QUESTION])).stream(ASKED, max_tokens=9)

    reply.close()

    assert fault_of(lambda: list(reply)).fault == "stopped"
