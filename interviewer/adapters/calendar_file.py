"""The plan as a calendar file (RFC 5545): one all-day event for each day, and the interview itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from interviewer.domain.plan import Day, Plan

PRODUCT = "-//Mock interviewer//Study plan//EN"
OCTETS_A_LINE = 75

_ESCAPED = re.compile(r"[\\;,]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def as_calendar(plan: Plan, days: Sequence[Day], now: datetime) -> str:
    """The calendar of these days. The same plan gives the same UIDs, so that importing it again renews the events."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for day in days:
        titles = [task.title for task in day.tasks]
        if titles:
            details = "\n".join(f"{task.title} ({task.minutes} min): {task.reason}" for task in day.tasks)
            lines += _event(plan, day.on, f"Interview practice: {', '.join(titles)}", details, now)
    lines += _event(plan, plan.interview_on, "Interview", "Good luck.", now)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(plan: Plan, on: date, summary: str, details: str, now: datetime) -> list[str]:
    name = hashlib.sha256(f"{plan.made_at.isoformat()} {on.isoformat()}".encode()).hexdigest()[:24]
    return [
        "BEGIN:VEVENT",
        f"UID:{name}@mock-interviewer",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(details)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    plain = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _ESCAPED.sub(lambda found: f"\\{found.group()}", plain).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, none of which cuts a character; all but the first begin with a blank."""
    piece = ""
    for character in line:
        if len((piece + character).encode()) > OCTETS_A_LINE:
            yield piece
            piece = " "
        piece += character
    yield piece
