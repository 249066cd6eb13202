"""The faults of a model's endpoint: one row of the table in docs/RELIABILITY.md each, in every way it can arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Way = Literal["streamed", "whole", "grade"]
WAYS: tuple[Way, ...] = ("streamed", "whole", "grade")


@dataclass(frozen=True)
class Case:
    """One fault in one way. `scenario` names what the fake server does, or what stands in its place.

    `fault` is the name of the ModelError that comes of it, "" when the reply is had all the same, or NOT_USED.
    `requests` is how often the server is asked, `waited` between how many seconds the pauses take.
    """

    row: str
    what: str
    way: Way
    scenario: str
    fault: str
    requests: int = 1
    waited: tuple[float, float] = (0, 0)

    def __str__(self) -> str:
        return f"{self.row} {self.what}, {self.way}"


NOT_USED = "not used"  # the reply came and is complete, but may not be shown
REFUSED, UNANSWERED = "refused connection", "unanswered connection"
BAD_KEYS = {"key with a line break": "sk-CANARY\n0815", "key with an accent": "sk-CANARYé0815"}
BACKOFF = (0.75 * 1.5, 1.5)  # two pauses, the second twice the first, each up to a quarter shorter


def _everywhere(
    row: str, what: str, scenario: str, fault: str, requests: int = 1, waited: tuple[float, float] = (0, 0)
) -> Iterator[Case]:
    """A fault before the first byte of a reply: the same in every way."""
    for way in WAYS:
        yield Case(row, what, way, scenario, fault, requests, waited)


def _by_way(row: str, what: str, fault: str, requests: int = 1, **scenarios: str) -> Iterator[Case]:
    """A fault inside a reply: another one on the wire in each way."""
    for way in WAYS:
        if way in scenarios:
            yield Case(row, what, way, scenarios[way], fault, requests, (0, 0))


CASES: tuple[Case, ...] = (
    *_everywhere("F1", "busy, wait 2 s", "busy_once", "", 2, (2, 2)),
    *_everywhere("F2", "busy all the time", "busy", "busy", 3, (8, 8)),
    *_everywhere("F3", "busy for 5 minutes", "busy_for_long", "busy"),
    *_everywhere("F4", "no credit", "no_credit", "quota"),
    *_everywhere("F5", "error 500 once", "server_error_once", "", 2, (0.375, 0.5)),
    *_everywhere("F5", "error 500 with a page", "server_error", "busy", 3, BACKOFF),
    *_everywhere("F5", "error 503 with a page", "unavailable", "busy", 3, BACKOFF),
    *_everywhere("F6", "connection refused", REFUSED, "unreachable", 0, BACKOFF),
    *_everywhere("F7", "no answer to the connection", UNANSWERED, "unreachable", 0, BACKOFF),
    *_everywhere("F7", "no answer to the request", "silent", "timeout", 3, BACKOFF),
    *_everywhere("F8", "reset before the reply", "reset", "unreachable", 3, BACKOFF),
    *_everywhere("F8", "closed before the reply", "dropped", "unreachable", 3, BACKOFF),
    *_by_way("F9", "silence in the reply", "interrupted", streamed="stalled", grade="stalled"),
    Case("F9", "silence in the reply", "whole", "whole_stalled", "timeout", 3, BACKOFF),
    *_by_way("F10", "closed in the reply", "interrupted", streamed="cut", grade="cut"),
    *_by_way("F10", "reset in the reply", "interrupted", streamed="cut_by_reset", grade="cut_by_reset"),
    Case("F10", "closed in the reply", "whole", "whole_cut", "unreachable", 3, BACKOFF),
    Case("F10", "reset in the reply", "whole", "whole_cut_by_reset", "unreachable", 3, BACKOFF),
    *_by_way(
        "F11", "an end without a reason", "interrupted", streamed="unfinished", whole="whole_unfinished",
        grade="unfinished",
    ),
    *_by_way("F12", "a malformed event", "interrupted", streamed="bad_chunk", grade="bad_chunk"),
    Case("F12", "a malformed body", "whole", "broken_json", "invalid"),
    *_by_way("F13", "an error in the reply", "interrupted", streamed="error_event", grade="error_event"),
    Case("F13", "an error in the reply", "whole", "error_in_body", "invalid"),
    *_by_way("F14", "the length limit", "cut_short", streamed="at_limit", whole="whole_at_limit"),
    *_by_way(
        "F15", "the content filter", "filtered", streamed="content_filter", whole="whole_filtered",
        grade="content_filter",
    ),
    *_everywhere("F15", "the filter of the prompt", "filtered_prompt", "filtered"),
    *_by_way("F16", "a refusal", "refused", streamed="refusal", whole="whole_refusal", grade="refusal"),
    *_by_way("F17", "an empty reply once", "", 2, streamed="blank_once", whole="null_content_once", grade="blank_once"),
    *_by_way("F17", "empty replies", "empty", 2, streamed="blank", whole="null_content"),
    *_by_way(
        "F18", "no choices", "invalid", streamed="no_choices_in_stream", whole="no_choices",
        grade="no_choices_in_stream",
    ),
    *_everywhere("F19", "a web page", "html", "invalid"),
    *_everywhere("F19", "a web page as text", "html_as_text", "invalid"),
    Case("F20", "a truncated grade once", "grade", "truncated_json_once", "", 2),
    Case("F20", "truncated grades", "grade", "truncated_json", "cut_short", 2),
    Case("F21", "an invalid grade once", "grade", "invalid_json_once", "", 2),
    Case("F21", "invalid grades", "grade", "invalid_json", "invalid", 6),
    Case("F22", "empty grades", "grade", "blank", "invalid", 6),
    *_everywhere("F23", "a prompt that is too long", "too_long_repeated", "too_long"),
    *_everywhere("F24", "a key that is not accepted", "bad_key_repeated", "auth"),
    *_everywhere("F25", "no such model", "no_model", "not_found"),
    *_by_way("F26", "signs of life only", "timeout", streamed="pings", grade="pings"),
    *_by_way("F26", "words without end", "timeout", streamed="slow", grade="slow"),
    Case("F26", "bytes without end", "whole", "whole_slow", "timeout"),
    *(case for key in BAD_KEYS for case in _everywhere("F27", f"a {key}", key, "auth", 0)),
    *_by_way("F28", "harmful characters", NOT_USED, streamed="harmful", whole="harmful"),
    Case("F28", "harmful characters", "grade", "harmful", ""),
)  # fmt: skip
