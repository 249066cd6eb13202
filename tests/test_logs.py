"""A log line is one JSON object: no key, no words of a person, nothing that a terminal obeys."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from interviewer.logs import start_json_lines

SECRET = "the-key-of-this-server"
SAID = "I would cluster the table by user_id."


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged in a test. Afterwards every logger is as it was."""
    before = logging.root.handlers[:], logging.root.level
    written = io.StringIO()
    start_json_lines("INFO", [SECRET], written)
    yield written
    logging.root.handlers[:], level = before
    logging.root.setLevel(level)


def lines(log: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def ours() -> logging.Logger:
    return logging.getLogger("interviewer.somewhere")


def test_a_line_says_when_how_bad_where_and_what(log: io.StringIO) -> None:
    ours().info("started on port %s", 8501)

    (line,) = lines(log)
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "interviewer.somewhere", "started on port 8501")
    assert str(line["at"]).endswith("+00:00")


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\nb", "\x1b[31mred\x1b[0m", "\u202etxt.exe", "\x00", "a\u2028b", "\x9b31m"]
)
def test_nothing_in_a_text_begins_a_new_line_or_reaches_the_terminal(text: str, log: io.StringIO) -> None:
    ours().warning("the model is called %s", text)

    assert log.getvalue().count("\n") == 1
    assert all(32 <= ord(character) < 127 for character in log.getvalue().rstrip("\n"))
    assert lines(log)[0]["message"] == f"the model is called {text}"


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        "sk-CANARY0123456789",
        "sk-proj-CANARY_0123456789",
        "Bearer CANARY.0123-456",
        "eyJhbGciOiJI.CANARY.c2ln",
        "postgresql://ann:CANARY@db.example.com/x",
        "https://host/v1?api-key=CANARY",
        "CANARY@example.com",
    ],
)
def test_keys_tokens_passwords_and_addresses_are_hidden(secret: str, log: io.StringIO) -> None:
    ours().error("refused: %s, really", secret)

    assert SECRET not in log.getvalue()
    assert "CANARY" not in log.getvalue()
    assert "really" in str(lines(log)[0]["message"])


def test_an_error_is_told_by_its_kind_and_place_and_not_by_what_it_quotes(log: io.StringIO) -> None:
    try:
        raise ValueError(f"input_value={SAID!r}")
    except ValueError:
        ours().exception("a reply failed")

    (line,) = lines(log)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["through"])
    assert SAID not in log.getvalue()


def test_libraries_speak_through_the_same_handler_and_only_of_trouble(log: io.StringIO) -> None:
    library = logging.getLogger("streamlit.somewhere")
    library.addHandler(logging.StreamHandler(io.StringIO()))
    start_json_lines("DEBUG", [], log)

    library.info("GET /?interview=secret-id")
    library.warning("trouble")

    assert library.handlers == []
    assert [line["message"] for line in lines(log)] == ["trouble"]
