"""What the candidate wants is read by plain rules; in doubt it is an answer."""

from __future__ import annotations

import time

import pytest

from interviewer.domain.intents import intent_of


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Skip", "skip"),
        ("let's skip this one please", "skip"),
        ("Pass.", "skip"),
        ("next question", "skip"),
        ("I don't know", "dont_know"),
        ("I don’t know.", "dont_know"),
        ("no idea, sorry", "dont_know"),
        ("idk", "dont_know"),
        ("...", "dont_know"),
        ("Could you repeat the question?", "repeat"),
        ("sorry, can you rephrase that", "repeat"),
        ("Give me the answer", "give_answer"),
        ("what is the right answer?", "give_answer"),
        ("show me the rubric", "give_answer"),
        ("I'm done.", "finish"),
        ("end the interview", "finish"),
        ("How many users are there?", "question"),
        ("Ok, is the data compressed?", "question"),
    ],
)
def test_a_short_wish_is_read_as_what_it_is(text: str, intent: str) -> None:
    assert intent_of(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "I would skip the files whose range cannot contain the user.",
        "First I stop the stream, then I repeat the load from the last good offset.",
        "I don't know the exact figure, but the min and max ranges overlap, so nothing is pruned.",
        "We pass the key to the reader and end the transaction.",
        "Is it slow? Yes, because every file's range covers all the users, so I would cluster by the user id.",
        "The next step is to move on to a serving store, because object storage has a long tail.",
        "Finish time matters less than freshness here.",
        "Tell the product owner that p99 stays above one second.",
        "",
        "\x00",
        "\ud800",
        "你好",
    ],
)
def test_an_answer_that_only_mentions_such_words_stays_an_answer(text: str) -> None:
    assert intent_of(text) in ("answer", "dont_know") if not text.strip() else intent_of(text) == "answer"


@pytest.mark.parametrize(
    "hostile",
    [
        "ok " * 6_000,
        "so " * 13 + "x",
        "please, " * 13 + "!",
        "a" * 20_000 + "?",
        "what " * 44 + "?",
        "can you " * 7,
        "?" * 20_000,
        "so,  " * 4_000,
        "i think i guess " * 3,
        "skip " + "it " * 12 + "x",
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_hostile_text_is_read_within_a_second(hostile: str) -> None:
    began = time.perf_counter()

    intent_of(hostile)

    assert time.perf_counter() - began < 1
