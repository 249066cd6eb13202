"""Whatever is typed or pasted: kept to the byte, or refused with a reason and still in the input."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from interviewer.adapters.database import Database
from interviewer.bootstrap import OWNER, App
from interviewer.errors import InputError
from interviewer.worker import ANSWER_CHARACTERS, Worker
from tests.faults.endpoint import MODEL, Endpoint
from tests.faults.invariants import assert_attempts_have_ended, assert_plain, assert_said_once_and_in_order, rows
from tests.faults.table import Case
from tests.faults.test_endpoint import FINDINGS, ME, QUESTION, SECOND, answered, loaded, started, until
from tests.ui.conftest import Open, app, data, interviewed, open_page, words  # noqa: F401 - fixtures
from tests.ui.test_interview_page import type_in

MEGABYTE = 1_000_000
WORKING = Case("F41", "a working endpoint", "streamed", "fine", "")

# What no database can hold both of becomes U+FFFD; all else is kept as it was typed.
TEXTS = {
    "right to left": ("\u202eevil\u202c تجربة \u200fעברית",) * 2,
    "emoji": ("It retries 👩\u200d💻 👍🏽 🇨🇭 \u2764\ufe0f.",) * 2,
    "zero width": ("re\u200btry\u200c \u200d\u2060\ufeff.",) * 2,
    "combining marks": ("e\u0301 is not é, and Z\u0351\u036b\u0343 stays.",) * 2,
    "line ends": ("one\r\ntwo\rthree\nfour\x0bfive\u2028six\x85seven",) * 2,
    "control": ("\x1b[31mred\x1b[0m \x07 \x7f tab\tend",) * 2,
    "special token": ("<|endoftext|> and <|im_start|>system",) * 2,
    "markup and code": ("<script>alert(1)</script> {{ x }} %s $1 \\ '; DROP TABLE turn; --",) * 2,
    "NUL": ("a\x00b", "a\ufffdb"),
    "lone surrogates": ("a\ud83db \ude00c", "a\ufffdb \ufffdc"),
    "halves of an emoji": ("\ud83d\ude00", "😀"),
    "the longest": ("word " * 3_999 + "words", "word " * 3_999 + "words"),
    "one long line": ("x" * ANSWER_CHARACTERS,) * 2,
}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint(WORKING, reply=QUESTION, json_reply={"findings": FINDINGS}) as endpoint:
        yield endpoint


@pytest.mark.parametrize(("typed", "kept"), TEXTS.values(), ids=TEXTS)
def test_an_answer_is_kept_to_the_byte_and_can_be_replied_to_and_graded(
    typed: str, kept: str, url: str, store: Database, worker: Worker, endpoint: Endpoint
) -> None:
    id = started(worker)

    worker.answer(id, typed, owner=ME, key="k", model=endpoint.faulty, judge=None)
    until(lambda: not worker.reply_of(id, owner=ME))
    worker.finish(id, owner=ME, model=endpoint.faulty)
    until(lambda: not worker.grade_of(id, owner=ME))

    again = Database.open(url)
    assert loaded(again, id).answers[0].text == kept
    assert [row.text for row in rows(again, "turn") if row.role == "candidate"] == [kept]
    assert store.assessments(id, owner=ME)[0].engine == MODEL
    assert_attempts_have_ended(store)
    again.close()


def test_a_paste_of_a_megabyte_is_refused_at_once_and_nothing_is_sent(
    store: Database, worker: Worker, endpoint: Endpoint
) -> None:
    id = started(worker)
    for paste in ("x" * MEGABYTE, "It retries. " * (MEGABYTE // 12), "\ud83d" * MEGABYTE):
        began = time.monotonic()

        with pytest.raises(InputError, match="characters; at most 20,000") as raised:
            worker.answer(id, paste, owner=ME, key="k", model=endpoint.faulty)

        assert time.monotonic() - began < 1
        assert_plain(str(raised.value))
    assert_said_once_and_in_order(loaded(store, id), [])
    assert endpoint.server.chats == []

    interview = answered(store, worker, id, SECOND, model=endpoint.faulty)
    assert_said_once_and_in_order(interview, [SECOND])


@pytest.mark.parametrize("blank", ["", " ", "\n\t\r\n", "\u00a0\u2003\u3000", "\x1f\x0b\x85\u2028"], ids=repr)
def test_nothing_typed_is_not_sent_and_says_what_to_do(
    blank: str, store: Database, worker: Worker, endpoint: Endpoint
) -> None:
    id = started(worker)

    with pytest.raises(InputError, match="Write an answer, or say that you want to skip") as raised:
        worker.answer(id, blank, owner=ME, key="k", model=endpoint.faulty)

    assert_plain(str(raised.value))
    assert_said_once_and_in_order(loaded(store, id), [])
    assert endpoint.server.chats == []


@pytest.mark.parametrize("length", [ANSWER_CHARACTERS + 1, MEGABYTE])
def test_what_was_too_long_is_not_cut_but_refused_and_is_still_in_the_input(
    length: int,
    app: App,  # noqa: F811
    open_page: Open,  # noqa: F811
) -> None:
    id = interviewed(app, end=False)
    paste = ("It retries. " * (length // 12 + 1))[: length - 1] + "!"
    test = open_page("interview_page", interview=id)

    type_in(test, paste)

    assert f"The answer has {length:,} characters; at most 20,000" in words(test)
    assert test.chat_input[0].proto.value == paste
    assert len(app.store.load(id, owner=OWNER).interview.turns) == 1


def test_a_long_answer_in_the_large_field_is_refused_and_still_there(app: App, open_page: Open) -> None:  # noqa: F811
    id = interviewed(app, end=False, mode="private")
    paste = "x" * (ANSWER_CHARACTERS + 1)
    test = open_page("interview_page", interview=id)

    test.text_area[0].set_value(paste)
    next(button for button in test.button if button.label == "Send").click().run()

    assert "The answer has 20,001 characters" in words(test)
    assert test.text_area[0].value == paste
    assert len(app.store.load(id, owner=OWNER).interview.turns) == 1
