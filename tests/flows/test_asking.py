"""A question about a report is answered from that report alone, and a model may word it but add nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import Broken, Prepared, ScriptedModel
from interviewer.domain.assessment import Star, StarElement
from interviewer.errors import InputError, ModelError
from interviewer.flows.asking import EXAMPLES, Answer, ask, reworded
from tests.builders import a_grade, a_scenario, an_interview

CAUSE = "The provider retries after a timeout."
INTERVIEW = an_interview(CAUSE, "What happens when both copies arrive?", "I do not know.")
THIN = StarElement(status="thin", quote=CAUSE, note="Put numbers on the situation.")
STAR = Star(situation=THIN, task=THIN, action=THIN, result=StarElement(status="missing", note="Say how you check."))
GRADE = a_grade(INTERVIEW, {"cause": ("covered", 1)}, star=STAR)
REPLY = a_scenario().key_point("reply")


def asked(question: str, coach: Coach) -> Answer:
    return ask(question, INTERVIEW, GRADE, coach)


@pytest.mark.parametrize(
    ("question", "point"),
    [
        ("Why was point 3 missed?", "reply"),
        ("What about #2?", "key"),
        ("the second point, why?", "key"),
        ("what was wrong with the last point", "check"),
        ("Should I have acknowledged first and worked from a queue?", "reply"),
        ("Why did you not count what I said about retries and late replies?", "cause"),
        ("Which point cost me most?", "key"),
    ],
)
def test_the_question_finds_its_point(coach: Coach, question: str, point: str) -> None:
    assert asked(question, coach).key_point == point


def test_a_missed_point_is_answered_with_the_verdict_what_would_count_and_what_to_do(coach: Coach) -> None:
    answer = asked("Why was point 3 missed?", coach)

    assert {passage.label: passage.text for passage in answer.passages} == {
        "Point 3": REPLY.text,
        "Verdict": "Missed, weight 20, credit 0%.",
        "Why": "For a test.",
        "What would count": REPLY.strong,
        "Why it matters here": REPLY.why,
        "What to do next": (
            "Answer this aloud, without looking: Booking takes eight seconds and the sender waits five. What do you "
            "change?"
        ),
    }


def test_a_covered_point_is_answered_with_ones_own_words(coach: Coach) -> None:
    answer = asked("point 1", coach)

    assert [(p.label, p.text) for p in answer.passages if p.theirs] == [("You said in answer 1", CAUSE)]
    assert answer.turn == 1


@pytest.mark.parametrize(
    ("question", "topic", "words"),
    [
        ("Why this score?", "score", "30 of 100"),
        ("how sure are you of the verdict?", "score", "confidence"),
        ("What about diagnosis?", "dimension", "Diagnosis 4"),
        ("trade-offs?", "dimension", "nothing in this interview"),
        ("How was the structure of my answer?", "story", "Say how you check."),
        ("Did the hints cost me anything?", "hints", "cost nothing"),
        ("Where did I lose it?", "moments", "Won in answer 1"),
        ("What should I practise next?", "next", "Record the event id"),
    ],
)
def test_other_questions_find_their_part_of_the_report(coach: Coach, question: str, topic: str, words: str) -> None:
    answer = asked(question, coach)

    assert answer.topic == topic
    assert words in answer.text


@pytest.mark.parametrize("question", ["What is the weather in Paris?", "Who are you?", "What is 2 + 2?", "point 9"])
def test_what_the_report_does_not_hold_is_not_answered(coach: Coach, question: str) -> None:
    assert asked(question, coach).topic == "nothing"


def test_every_example_has_an_answer_with_and_without_the_embedded_model(coach: Coach, tmp_path: Path) -> None:
    words_only = Coach.load(tmp_path)

    for question in EXAMPLES:
        assert ask(question, INTERVIEW, GRADE, coach).topic != "nothing"
        assert ask(question, INTERVIEW, GRADE, words_only).topic != "nothing"


def test_without_the_embedded_model_a_point_is_found_by_its_words(tmp_path: Path) -> None:
    answer = ask("What about the queue and the acknowledgement?", INTERVIEW, GRADE, Coach.load(tmp_path))

    assert answer.key_point == "reply"


@pytest.mark.parametrize("question", ["", "  \n", "why " * 100])
def test_an_empty_or_very_long_question_is_refused(coach: Coach, question: str) -> None:
    with pytest.raises(InputError):
        asked(question, coach)


# --- in the words of a model

FAITHFUL = {
    "quotes": ["Missed, weight 20, credit 0%."],
    "answer": "Point 3 was missed: acknowledge as soon as the event is stored, and do the slow work from a queue.",
}


def worded(coach: Coach, prompts: PromptFiles, reply: Prepared) -> str:
    answer = asked("Why was point 3 missed?", coach)
    return reworded("Why was point 3 missed?", answer, INTERVIEW, ScriptedModel([reply]), prompts)


def test_a_wording_that_rests_on_the_report_is_shown(coach: Coach, prompts: PromptFiles) -> None:
    assert worded(coach, prompts, FAITHFUL) == FAITHFUL["answer"]


@pytest.mark.parametrize(
    "change",
    [
        {"quotes": []},
        {"quotes": ["Covered, weight 20, credit 100%."]},
        {"quotes": ["Missed"]},
        {"answer": ""},
        {"answer": "Point 3 was missed, but with Kafka you would have scored 95 of 100."},
        {"answer": "The capital of France is Paris, and the weather there is lovely all year round."},
        {"answer": "Point 3 was missed, see https://example.com for the slow work from a queue."},
        {"answer": "Acknowledge as soon as the event is stored. " * 30},
    ],
)
def test_a_wording_with_anything_else_in_it_is_not_shown(
    coach: Coach, prompts: PromptFiles, change: dict[str, Any]
) -> None:
    with pytest.raises(ModelError):
        worded(coach, prompts, {**FAITHFUL, **change})


def test_a_model_that_fails_leaves_the_reports_own_words(coach: Coach, prompts: PromptFiles) -> None:
    with pytest.raises(ModelError):
        worded(coach, prompts, Broken("", "timeout"))


def test_only_the_passages_and_the_question_go_to_the_model(coach: Coach, prompts: PromptFiles) -> None:
    model = ScriptedModel([FAITHFUL])
    answer = asked("Why was point 3 missed?", coach)

    reworded("Why was point 3 missed?", answer, INTERVIEW, model, prompts)
    sent = "".join(message["content"] for message in model.requests[0].messages)

    assert REPLY.text in sent
    assert INTERVIEW.scenario.reference not in sent
    assert INTERVIEW.scenario.key_point("check").text not in sent
