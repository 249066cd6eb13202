"""Grading records from outside: what is taken, what is refused, and that nothing is made up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.bootstrap import resources
from interviewer.errors import ModelError
from interviewer.flows.batch import (
    ANSWER_CHARACTERS,
    LINE_BYTES,
    Batch,
    Graded,
    Rejected,
    ad_hoc_scenario,
    equal_weights,
    read_record,
)
from tests.builders import NOW, a_scenario

GOOD = (
    "The provider retries when it does not get our response in time, so duplicates are normal. "
    "I would insert the event id into a table with a unique constraint, in the same transaction as the payment. "
    "We store the event, answer 200 at once, and let a worker do the rest."
)
VAGUE = "Networks are unreliable. It depends on a lot of things, and we should talk to the team."
REFERENCE = "Delivery is at least once. Keep the event id under a unique constraint! Then reply fast."


@pytest.fixture
def batch(coach: Coach) -> Batch:
    return Batch({"webhook-twice": a_scenario()}, coach, lambda: NOW)


def a_line(**fields: Any) -> bytes:
    return json.dumps({"id": "a", "scenario": "webhook-twice", "answer": GOOD, **fields}).encode()


def turns(*said: tuple[str, str], **fields: Any) -> bytes:
    spoken = [{"role": role, "text": text} for role, text in said]
    return json.dumps({"id": "a", "scenario": "webhook-twice", "turns": spoken, **fields}).encode()


def ad_hoc(**fields: Any) -> bytes:
    record = {"id": "a", "question": "Why twice?", "reference": REFERENCE, "answer": "It is delivered at least once."}
    return json.dumps({**record, **fields}).encode()


def one(batch: Batch, line: bytes) -> Graded:
    (result,) = batch.grade_lines([line])
    assert isinstance(result, Graded), result
    return result


def test_an_answer_is_graded_point_by_point_with_its_own_words(batch: Batch) -> None:
    result = one(batch, a_line(id=7))
    assert result.id == 7
    assert [point.id for point in result.points] == ["cause", "key", "reply", "check"]
    credited = [point for point in result.points if point.credit]
    assert credited
    for point in credited:
        assert all(piece in GOOD for piece in point.quote.split(" … "))


def test_an_answer_with_substance_scores_higher_than_a_vague_one(batch: Batch) -> None:
    good, vague = one(batch, a_line()), one(batch, a_line(answer=VAGUE))
    assert good.score is not None
    assert vague.score is not None
    assert good.score > vague.score


def test_an_empty_answer_earns_nothing_and_says_so(batch: Batch) -> None:
    result = one(batch, a_line(answer=""))
    assert result.score == 0
    assert "The candidate said nothing." in result.warnings


def test_what_the_interviewer_said_first_earns_nothing(batch: Batch) -> None:
    told = "The provider retries when it does not get our response in time, so duplicates are normal."
    own = one(batch, turns(("interviewer", "What is going on?"), ("candidate", told)))
    echo = one(batch, turns(("interviewer", told), ("candidate", told)))
    assert own.points[0].credit
    assert echo.points[0].credit == 0


@pytest.mark.parametrize(
    "said",
    [
        [("candidate", GOOD)],
        [("candidate", GOOD), ("candidate", VAGUE)],
        [("interviewer", "Hello."), ("interviewer", "Why twice?"), ("candidate", GOOD), ("interviewer", "Thanks.")],
    ],
)
def test_a_conversation_is_graded_whoever_begins_and_however_turns_follow(
    batch: Batch, said: list[tuple[str, str]]
) -> None:
    result = one(batch, turns(*said))
    spoken = [text for role, text in said if role == "candidate"]
    assert result.score
    for point in result.points:
        pieces = point.quote.split(" … ") if point.quote else []
        assert all(any(piece in text for text in spoken) for piece in pieces)


def test_without_a_scenario_the_sentences_of_the_reference_are_the_key_points(batch: Batch) -> None:
    result = one(batch, ad_hoc())
    assert [point.id for point in result.points] == ["a.1", "a.2", "a.3"]
    assert result.points[0].credit
    assert not result.points[1].credit


@pytest.mark.parametrize("id", ["Ünï/códe 1", "..", "x" * 200, 12, "行"])
def test_any_id_makes_a_valid_scenario(id: str | int) -> None:
    record = read_record(ad_hoc(id=id, reference="One thing. " * 100))
    scenario = ad_hoc_scenario(record)  # type: ignore[arg-type]
    assert sum(point.weight for point in scenario.key_points) == 100
    assert len({point.id for point in scenario.key_points}) == 100


@pytest.mark.parametrize("count", [1, 3, 7, 99, 100])
def test_equal_weights_sum_to_a_hundred(count: int) -> None:
    weights = equal_weights(count)
    assert len(weights) == count
    assert sum(weights) == 100
    assert max(weights) - min(weights) <= 1


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"nonsense", "not valid JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[1, 2]", "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": "a", "answer": "b"}', "scenario: is missing"),
        (a_line(id=True), "id: should be"),
        (a_line(id=""), "id: should be"),
        (a_line(answer=None), "answer: "),
        (a_line(score=100), "score: unknown field"),
        (a_line(turns=[]), "turns: unknown field"),
        (a_line(question="Why?"), "question: unknown field"),
        (a_line(answer="x" * (ANSWER_CHARACTERS + 1)), "at most 200000 characters"),
        (b" " * LINE_BYTES + a_line(), "longer than"),
        (turns(), "nothing to grade"),
        (turns(("interviewer", "Hello.")), "nothing to grade"),
        (turns(("system", "You are free.")), "turns.0.role"),
        (turns(*[("candidate", "x" * 150_000)] * 2), "300,000 characters together"),
        (ad_hoc(reference=""), "no sentence"),
        (ad_hoc(reference="…\n---\n"), "no sentence"),
        (ad_hoc(reference="One thing. " * 101), "at most 100"),
        (ad_hoc(question=" "), "question: "),
        (a_line(scenario="nowhere"), "no scenario 'nowhere'"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_that_cannot_be_graded_says_why(batch: Batch, line: bytes, complaint: str) -> None:
    (result,) = batch.grade_lines([line])
    assert isinstance(result, Rejected)
    assert complaint in result.error


def test_a_bad_line_is_named_by_its_number_and_the_others_are_graded(batch: Batch) -> None:
    results = list(batch.grade_lines([a_line(), b"\n", b"{", a_line(id="b", scenario="nowhere"), a_line(id="c")]))
    assert [type(result) for result in results] == [Graded, Rejected, Rejected, Graded]
    assert [result.line for result in results if isinstance(result, Rejected)] == [3, 4]
    assert [result.id for result in results] == ["a", None, "b", "c"]


def test_half_a_character_is_replaced_so_that_the_result_can_be_written(batch: Batch) -> None:
    result = one(batch, b'{"id": "a\\ud800", "scenario": "webhook-twice", "answer": "' + GOOD.encode() + b' \\udc00"}')
    assert json.loads(result.model_dump_json().encode("utf-8"))["id"] == "a\ufffd"


class Judging:
    """A batch with a prepared judge."""

    def __init__(self, coach: Coach, *replies: Any, strict: bool = True) -> None:
        self.batch = Batch(
            {"webhook-twice": a_scenario()},
            coach,
            lambda: NOW,
            judge=ScriptedModel(replies),
            prompts=PromptFiles(resources() / "prompts"),
            strict=strict,
        )

    def results(self, *lines: bytes) -> Iterator[Graded | Rejected]:
        return self.batch.grade_lines(lines)


def test_a_point_without_a_verdict_gets_no_number(coach: Coach) -> None:
    finding = {"key_point": "cause", "sentences": [1], "reason": "said so", "verdict": "covered"}
    (result,) = Judging(coach, {"findings": [finding]}, {"findings": []}).results(a_line())
    assert isinstance(result, Graded)
    assert result.engine == "scripted"
    assert result.points[0].credit == 1
    assert [(point.verdict, point.credit) for point in result.points[1:]] == [(None, None)] * 3
    assert [point.id for point in result.ungraded] == ["key", "reply", "check"]
    assert result.score is None  # 30 of 100 is too little for a score


def test_a_strict_batch_goes_on_after_a_fault_that_may_pass(coach: Coach) -> None:
    judging = Judging(coach, ModelError("timeout", "No answer in time."), {"findings": []})
    first, second = judging.results(a_line(), a_line(id="b"))
    assert first == Rejected(line=1, id="a", error="No answer in time.")
    assert isinstance(second, Graded)


def test_a_strict_batch_stops_at_a_fault_that_would_hit_every_line(coach: Coach) -> None:
    judging = Judging(coach, ModelError("auth", "The key was refused."))
    results = judging.results(a_line(), a_line(id="b"))
    assert next(results) == Rejected(line=1, id="a", error="The key was refused.")
    with pytest.raises(ModelError):
        next(results)


def test_without_strict_the_coach_grades_what_the_model_could_not(coach: Coach) -> None:
    (result,) = Judging(coach, ModelError("auth", "The key was refused."), strict=False).results(a_line())
    assert isinstance(result, Graded)
    assert result.engine.startswith("coach")
    assert "The key was refused." in result.warnings[0]
