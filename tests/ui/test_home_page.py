"""The first page says what to do now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App
from interviewer.domain.plan import Plan
from tests.builders import a_drill
from tests.ui.conftest import APP, SOLID, Open, interviewed, labels, words


def test_the_app_opens_on_the_home_page(data: Path) -> None:
    test = AppTest.from_file(str(APP), default_timeout=20).run()

    assert not test.exception
    assert [title.value for title in test.title] == ["Practise a technical interview"]


def test_a_newcomer_is_in_an_interview_with_one_press(app: App, open_page: Open) -> None:
    test = open_page("home_page")
    assert labels(test)[0] == "Start the interview"

    test.button[0].click().run()

    assert [title.value for title in test.title] == ["interview"]
    (begun,) = app.store.history(owner=OWNER)
    assert test.query_params["interview"] == begun.id
    assert begun.mode == "practice"


def test_a_double_press_starts_one_interview(app: App, open_page: Open) -> None:
    test = open_page("home_page")
    start = test.button[0]

    start.click().run()
    start.click().run()

    assert len(app.store.history(owner=OWNER)) == 1


def test_an_unfinished_interview_is_what_comes_first(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID, end=False)

    test = open_page("home_page")

    assert labels(test)[0] == "Continue the interview"
    assert "1 answer so far" in words(test)
    test.button[0].click().run()
    assert test.query_params["interview"] == id


def test_points_that_are_due_are_offered_with_the_time_they_take(app: App, open_page: Open) -> None:
    long_ago = app.clock() - timedelta(days=5)
    app.store.add_drill(a_drill(0, "missed", scenario="hard-32", key_point="hard-32.1", at=long_ago), owner=OWNER)
    interviewed(app, SOLID)

    test = open_page("home_page")

    assert labels(test)[0] == "Start the review"
    assert "1 point, about 2 minutes" in words(test)
    test.button[0].click().run()
    assert [title.value for title in test.title] == ["review"]


def test_the_next_scenario_is_suggested_with_its_reason_and_never_twice_a_day(app: App, open_page: Open) -> None:
    first = words(open_page("home_page"))
    assert app.library.scenarios["hard-31"].title in first

    interviewed(app, SOLID)

    after = words(open_page("home_page"))
    assert "Next scenario" in after
    assert app.library.scenarios["hard-31"].title not in after
    assert "of the points so far" in after
    assert "Nothing to review today. The next points come back tomorrow." in after


def test_without_a_date_the_page_asks_for_one_and_makes_the_plan(app: App, open_page: Open) -> None:
    interviewed(app, SOLID, end=False)
    test = open_page("home_page")
    assert "Is there a date?" in words(test)

    today = app.clock().date()
    test.date_input[0].set_value(today + timedelta(days=9))
    next(button for button in test.button if button.label == "Make a plan").click().run()

    assert app.store.plan(owner=OWNER).interview_on == today + timedelta(days=9)
    seen = words(test)
    assert "Your interview is in 9 days" in seen
    assert "This week" in seen
    assert "On your plan for today." in seen


def test_the_plan_of_an_interview_that_is_over_makes_room_for_the_next(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)
    now = app.clock()
    app.store.save_plan(
        Plan(interview_on=now.date() - timedelta(days=1), made_at=now - timedelta(days=20)), owner=OWNER
    )

    assert "Is there a date?" in words(open_page("home_page"))


def test_no_trend_is_shown_before_the_third_interview(app: App, open_page: Open) -> None:
    for _ in range(2):
        interviewed(app, SOLID)
    test = open_page("home_page")
    assert "2 graded interviews so far. From 3 on, a trend is shown" in words(test)
    assert not test.get("vega_lite_chart")

    interviewed(app, SOLID)

    test = open_page("home_page")
    (chart,) = test.get("vega_lite_chart")
    assert chart.proto.alt.startswith("Score of 100, oldest first: ")


def test_an_old_address_with_filters_still_leads_to_the_scenarios(open_page: Open) -> None:
    test = open_page("home_page", search="hive", level="Mid")

    assert [title.value for title in test.title] == ["choose"]
    assert test.query_params == {"search": "hive", "level": "Mid"}
