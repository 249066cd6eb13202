"""Progress is shown point by point, with words for every chart, and says so where there is too little."""

from __future__ import annotations

from interviewer.bootstrap import OWNER, App
from tests.ui.conftest import SOLID, Open, interviewed, words

MORE = "I would build the clustered table beside the old one, backfill it in slices and compare the results of both."


def test_without_interviews_the_page_says_what_will_be_here(open_page: Open) -> None:
    test = open_page("progress_page")

    assert "Nothing to show yet." in words(test)
    assert "A trend needs 3 interviews" in words(test)


def test_two_interviews_make_no_trend(app: App, open_page: Open) -> None:
    for _ in range(2):
        interviewed(app, SOLID)

    seen = words(open_page("progress_page"))

    assert "2 scored interviews so far. A trend is shown from 3 on." in seen
    assert "2 interviews. No trend before 3." in seen
    assert "going" not in seen


def test_from_the_third_interview_on_each_chart_tells_its_figures_in_words(app: App, open_page: Open) -> None:
    for _ in range(3):
        app.store.rate(interviewed(app, SOLID), 4, owner=OWNER)

    test = open_page("progress_page")

    told = [chart.proto.alt for chart in test.get("vega_lite_chart")]
    assert told[0].startswith("Score of 100, oldest first: ")
    assert any(alt.startswith("Solution, level 1 to 4, oldest first: ") for alt in told)
    assert any(alt.startswith("Share of the points earned, in percent, weakest topic first: ") for alt in told)
    assert any("You Well, Grade" in alt for alt in told)
    assert all(told)
    assert "3 interviews, steady." in words(test)


def test_attempts_at_one_scenario_are_compared_point_by_point(app: App, open_page: Open) -> None:
    interviewed(app, "I am not sure about this.")
    interviewed(app, SOLID, MORE)

    test = open_page("progress_page")

    rows = [element.value for element in test.markdown if "-badge[1 " in element.value]
    assert len(rows) == len(app.library.scenarios["hard-31"].key_points)
    assert all("Missed" in row.split("-badge[2 ")[0] for row in rows)
    assert any("Covered" in row.split("-badge[2 ")[1] for row in rows)
    assert "Against the time before: " in words(test)


def test_how_one_judges_oneself_is_told_from_three_ratings_on(app: App, open_page: Open) -> None:
    for number in range(3):
        app.store.rate(interviewed(app, "I am not sure about this."), 4, owner=OWNER)
        seen = words(open_page("progress_page"))
        assert ("On average you rate yourself 3.0 steps higher than the grade." in seen) == (number == 2)


def test_nobody_is_compared_with_anybody(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)

    seen = words(open_page("progress_page")).casefold()

    assert "percentile" not in seen
    assert "nobody is compared" in seen
