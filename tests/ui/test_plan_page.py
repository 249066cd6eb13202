"""The plan is made from a date, shown by week, and goes into a calendar."""

from __future__ import annotations

from datetime import timedelta

from icalendar import Calendar

from interviewer.bootstrap import OWNER, App, as_calendar
from interviewer.domain.plan import Plan
from tests.ui.conftest import Open, labels, words


def planned(app: App, days: int) -> None:
    now = app.clock()
    app.store.save_plan(Plan(interview_on=now.date() + timedelta(days=days), made_at=now), owner=OWNER)


def test_without_a_plan_the_page_says_what_it_would_do(open_page: Open) -> None:
    test = open_page("plan_page")

    assert "The plan goes from easy to hard up to that day" in words(test)
    assert labels(test) == ["Make a plan"]


def test_every_day_up_to_the_interview_is_there(app: App, open_page: Open) -> None:
    planned(app, 20)

    test = open_page("plan_page")

    seen = words(test)
    assert "Your interview is in 20 days" in seen
    assert len(test.expander) == 3
    assert seen.count("Today") == seen.count("Tomorrow") == 1
    assert "Say two answers aloud, then stop" in seen


def test_the_plan_follows_a_change_of_the_date(app: App, open_page: Open) -> None:
    planned(app, 20)
    before = app.store.plan(owner=OWNER)
    test = open_page("plan_page")

    test.date_input[0].set_value(app.clock().date() + timedelta(days=5))
    test.selectbox[0].set_value(90)
    test.button[0].click().run()

    after = app.store.plan(owner=OWNER)
    assert (after.interview_on - app.clock().date()).days == 5
    assert (after.minutes, after.made_at) == (90, before.made_at)
    assert "Your interview is in 5 days" in words(test)


def test_the_day_of_the_interview_has_no_tasks(app: App, open_page: Open) -> None:
    planned(app, 0)

    test = open_page("plan_page")

    assert "Your interview is today. Good luck." in words(test)
    assert not test.expander


def test_the_plan_can_be_dropped(app: App, open_page: Open) -> None:
    planned(app, 20)
    test = open_page("plan_page")

    next(button for button in test.button if button.label == "Drop the plan").click().run()

    assert app.store.plan(owner=OWNER) is None


def test_the_calendar_file_holds_the_days_of_the_plan(app: App, open_page: Open) -> None:
    planned(app, 20)
    test = open_page("plan_page")

    (download,) = test.get("download_button")

    assert download.proto.label == "Add to my calendar"
    stored = app.store.plan(owner=OWNER)
    assert stored is not None
    assert len(Calendar.from_ical(as_calendar(stored, [], app.clock())).walk("VEVENT")) == 1
