"""The calendar file is read by another program exactly as it was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar

from interviewer.adapters.calendar_file import as_calendar
from interviewer.domain.plan import Day, Plan, Task
from tests.builders import NOW

ON = date(2026, 12, 31)
PLAN = Plan(interview_on=ON, made_at=NOW)
NASTY = "Joins, shuffles; and C:\\temp — “naïve” 10\u202f% 🚀\r\nEND:VEVENT\r\nBEGIN:VALARM" + " very long" * 20


def a_day(title: str = "Two joins", on: date = date(2026, 12, 30), reason: str = "New, easy.") -> Day:
    return Day(on, "hard", (Task("new", 20, title, reason, "hard-32"),))


def events(text: str) -> list[dict[str, object]]:
    return [
        {
            "uid": str(event["UID"]),
            "summary": str(event["SUMMARY"]),
            "details": str(event["DESCRIPTION"]),
            "start": event.decoded("DTSTART"),
            "end": event.decoded("DTEND"),
            "stamp": event.decoded("DTSTAMP"),
        }
        for event in Calendar.from_ical(text).walk("VEVENT")
    ]


def test_each_day_is_an_event_of_the_whole_day_and_so_is_the_interview() -> None:
    day, interview = events(as_calendar(PLAN, [a_day()], NOW))

    assert (day["start"], day["end"]) == (date(2026, 12, 30), ON)
    assert day["summary"] == "Interview practice: Two joins"
    assert day["details"] == "Two joins (20 min): New, easy."
    assert (interview["start"], interview["end"]) == (ON, date(2027, 1, 1))
    assert day["stamp"] == NOW


def test_a_day_without_tasks_is_no_event() -> None:
    assert len(events(as_calendar(PLAN, [Day(date(2026, 12, 30), "hard", ())], NOW))) == 1


def test_titles_with_commas_semicolons_backslashes_and_line_breaks_come_back_as_they_were() -> None:
    day, interview = events(as_calendar(PLAN, [a_day(NASTY)], NOW))

    assert day["summary"] == f"Interview practice: {NASTY}".replace("\r\n", "\n")
    assert interview["summary"] == "Interview"
    unfolded = as_calendar(PLAN, [a_day("a, b; c\\d\ne")], NOW).replace("\r\n ", "")
    assert r"SUMMARY:Interview practice: a\, b\; c\\d\ne" in unfolded


def test_control_characters_are_dropped() -> None:
    text = as_calendar(PLAN, [a_day("a\0b\x1bc\x7fd")], NOW)

    assert events(text)[0]["summary"] == "Interview practice: abcd"


def test_no_line_is_longer_than_75_octets_and_each_ends_as_the_standard_says() -> None:
    text = as_calendar(PLAN, [a_day(NASTY, reason="é" * 500)], NOW)

    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert all("\n" not in line and "\r" not in line for line in lines)


def test_importing_it_again_renews_the_same_events() -> None:
    days = [a_day(on=ON - timedelta(days=ahead)) for ahead in range(1, 9)]

    first, later = (
        [event["uid"] for event in events(as_calendar(PLAN, days, now))] for now in (NOW, NOW + timedelta(days=3))
    )

    assert first == later
    assert len(set(first)) == 9
    other = Plan(interview_on=ON, made_at=NOW + timedelta(seconds=1))
    assert not set(first) & {event["uid"] for event in events(as_calendar(other, days, NOW))}


def test_the_stamp_is_in_utc_wherever_the_app_runs() -> None:
    elsewhere = NOW.astimezone(datetime.now().astimezone().tzinfo)

    assert as_calendar(PLAN, [], elsewhere) == as_calendar(PLAN, [], NOW.astimezone(UTC))
