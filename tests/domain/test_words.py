"""Splitting keeps every word as it was said, and an echo is not an answer."""

from __future__ import annotations

import time

import pytest

from interviewer.domain.words import content_words, echoes, sentences, shared_run, words


def test_sentences_are_verbatim_pieces_in_order() -> None:
    text = "First, I look at the plan.  Then I sort!\n- a list item\n* another one; and more? Yes."

    spans = sentences(text)

    assert [span.text for span in spans] == [
        "First, I look at the plan.",
        "Then I sort!",
        "a list item",
        "another one;",
        "and more?",
        "Yes.",
    ]
    assert all(text[span.start : span.end] == span.text for span in spans)


@pytest.mark.parametrize(
    "text",
    [
        "I would use a lock, e.g. a row lock, and retry.",
        "Reads vs. writes matter here.",
        "Keep p99 below 0.5 seconds.",
        "Use Delta 3.2 or later.",
    ],
)
def test_an_abbreviation_or_a_number_does_not_end_a_sentence(text: str) -> None:
    assert [span.text for span in sentences(text)] == [text]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "---", "• -", ">>> ###", "\t\n \r\n"])
def test_a_text_without_words_has_no_sentences(text: str) -> None:
    assert sentences(text) == []


def test_a_long_spoken_run_is_cut_where_a_new_thought_begins() -> None:
    spoken = (
        " ".join(["we look at the files one by one and read them all"] * 3) + " so then i would sort by the user id"
    )

    spans = sentences(spoken)

    assert len(spans) > 1
    assert " ".join(span.text for span in spans) == spoken


@pytest.mark.parametrize(
    "hostile",
    [
        "word " * 40 + " " * 19_700 + "x",
        "a b " * 20 + "\t" * 19_000 + "b",
        "\n" * 20_000,
        "so " * 6_600,
        ". " * 10_000,
        "." + "'" * 19_990,
        "." * 20_000,
        "; " * 10_000,
        "a" * 20_000,
        "a-" * 10_000,
        "and i " * 3_300,
        "\u200b" * 20_000,
        "e.g. " * 4_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_twenty_thousand_hostile_characters_are_split_within_a_second(hostile: str) -> None:
    began = time.process_time()

    spans = sentences(hostile)
    words(hostile)
    echoes(hostile, hostile)

    assert time.process_time() - began < 1
    assert all(hostile[span.start : span.end] == span.text for span in spans)


def test_product_names_stay_whole_words() -> None:
    assert words("Z-order by user_id; it’s v1.5") == ["z-order", "by", "user_id", "it's", "v1.5"]
    assert content_words("I would go with the Z-order") == ["z-order"]


def test_five_words_in_a_row_are_a_shared_run() -> None:
    assert shared_run("so each file covers a narrow range", "Each file covers a narrow slice")
    assert not shared_run("each file covers a few keys", "each file covers a narrow slice")
    assert not shared_run("a few words", "a few words")


def test_giving_back_what_was_heard_is_an_echo_and_adding_to_it_is_not() -> None:
    heard = "What would the per-file minimum have to look like?"

    assert echoes("The per-file minimum would have to look like that.", heard)
    assert not echoes("The per-file minimum must lie close to the maximum, so sort by key.", heard)
    assert echoes("So that is it.", heard), "without a word that carries meaning there is nothing new"
