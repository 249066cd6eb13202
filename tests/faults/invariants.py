"""What must hold after any fault, whatever it was."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from interviewer.adapters.database import Database
from interviewer.adapters.database_tables import SCHEMA
from interviewer.domain.assessment import Assessment
from interviewer.domain.interview import Interview
from tests.fakes.http_server import USAGE, FakeServer

ENDED = {"complete", "failed", "stopped", "interrupted"}

_TECHNICAL = re.compile(
    r"[<>{}\n\x00]|\w(?:Error|Exception|Timeout)\b|\b(?:None|Traceback|errno|httpx|openai)\b", re.ASCII
)
_HARMFUL = re.compile("[\x00\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def assert_said_once_and_in_order(interview: Interview, said: Sequence[str]) -> None:
    """Each answer is there once, as it was typed, and nothing is left out or doubled around it."""
    assert [turn.text for turn in interview.answers] == list(said)
    assert [turn.seq for turn in interview.turns] == list(range(len(interview.turns)))


def assert_harmless(store: Database) -> None:
    """Nothing that a model sent has reached the database with characters that steer, hide or break."""
    for table in SCHEMA.sorted_tables:
        for row in rows(store, table.name):
            assert not _HARMFUL.search(" ".join(map(str, row)))


def assert_attempts_have_ended(store: Database) -> None:
    assert {row.status for row in rows(store, "attempt")} <= ENDED


def assert_plain(words: str) -> None:
    """Fit to show: sentences of ours, without markup or the name of an exception."""
    assert words
    assert words[0].isupper()
    assert words.endswith(".")
    assert not re.search(r"\.\W*\.", words)
    assert len(words) < 300
    assert not _TECHNICAL.search(words), words


def assert_nowhere(secret: str, store: Database, files: Path, *texts: str, but: Sequence[str] = ()) -> None:
    """In no column of the database except those named, in no byte of its files if nothing is excepted, in no text."""
    for table in SCHEMA.sorted_tables:
        for row in rows(store, table.name):
            for column, value in row._mapping.items():
                if f"{table.name}.{column}" not in but:
                    assert secret not in str(value), f"{table.name}.{column}"
    if not but:
        for file in files.iterdir() if files.is_dir() else ():
            assert secret.encode() not in file.read_bytes(), file.name
    for text in texts:
        assert secret not in text


def assert_ledger_is_what_was_answered(store: Database, id: str, owner: str, server: FakeServer, before: int) -> None:
    """One entry for the call since the first `before` ones, if anything came; to the token where the server counted."""
    entries = store.calls(owner=owner, id=id)[before:]
    assert len(entries) == (1 if server.answered else 0)
    given = sum(entry.usage.input_tokens for entry in entries)
    made = sum(entry.usage.output_tokens for entry in entries)
    counted = (USAGE["prompt_tokens"] * server.counted, USAGE["completion_tokens"] * server.counted)
    if server.answered == server.counted:
        assert (given, made) == counted
    else:
        assert given > counted[0]
        assert made >= counted[1]


def assert_no_credit_from_nothing(assessment: Assessment) -> None:
    """A score only from verdicts, and credit only with evidence."""
    for point in assessment.points:
        assert (point.credit is None) == (point.verdict is None)
        if point.credit:
            assert point.verdict is not None
            assert point.verdict.evidence


def rows(store: Database, table: str) -> list[Any]:
    with store._connections.reading() as connection:
        return list(connection.execute(SCHEMA.tables[table].select()))
