"""One point at a time: asked, answered from memory, checked with a quote, and told when it comes back."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App
from interviewer.domain.assessment import Ungraded
from interviewer.flows.practising import questions
from tests.builders import a_drill
from tests.ui.conftest import SOLID, Open, interviewed, labels, until, words

POINT = "hard-31.2"
GOOD = (
    "Liquid cluster the table on user_id, so each file covers a narrow slice of keys and min/max skips all but a few."
)


def missed(app: App, scenario: str = "hard-31", key_point: str = POINT) -> None:
    """A point that was missed five days ago, so it is due."""
    at = app.clock() - timedelta(days=5)
    drill = a_drill(0, "missed", key=f"{scenario} {key_point}", scenario=scenario, key_point=key_point, at=at)
    app.store.add_drill(drill, owner=OWNER)


def press(test: AppTest, label: str) -> AppTest:
    return next(button for button in test.button if button.label == label).click().run()


def answered(app: App, test: AppTest, answer: str) -> AppTest:
    before = len(app.store.drills(owner=OWNER))
    test.text_area[0].set_value(answer)
    press(test, "Check my answer")
    until(lambda: len(app.store.drills(owner=OWNER)) > before and app.store.drills(owner=OWNER)[-1].is_judged)
    return test.run()


def test_without_interviews_the_page_says_what_will_be_here(open_page: Open) -> None:
    seen = words(open_page("review_page"))

    assert "Nothing to review yet." in seen
    assert "comes back the next day" in seen
    assert "Start with an interview" in seen


def test_after_an_interview_the_missed_points_are_back_the_next_day(app: App, open_page: Open) -> None:
    interviewed(app, SOLID)

    seen = words(open_page("review_page"))

    assert "Nothing more to review today." in seen
    assert "points will be back tomorrow." in seen


def test_a_due_point_is_asked_without_its_answer(app: App, open_page: Open) -> None:
    missed(app)
    point = app.library.scenarios["hard-31"].key_point(POINT)

    test = open_page("review_page")

    seen = words(test)
    assert any(question in seen for question in questions(app.library.scenarios["hard-31"], POINT))
    assert "1 point due today" in seen
    assert point.text not in seen
    assert point.strong not in seen


def test_a_good_answer_is_credited_with_its_own_words_and_comes_back_later(app: App, open_page: Open) -> None:
    missed(app)

    test = answered(app, open_page("review_page"), f"Well. {GOOD}")

    seen = words(test)
    assert f"Counts: “{GOOD}”" in seen
    assert "Comes back in " in seen
    assert "This point so far: :gray-badge" in seen
    assert "Done for today" in seen
    assert "Nothing more to review today." in words(press(test, "Done for today"))


def test_a_poor_answer_is_told_what_was_missing_and_where_it_is_written(app: App, open_page: Open) -> None:
    missed(app)
    point = app.library.scenarios["hard-31"].key_point(POINT)

    test = answered(app, open_page("review_page"), "I would buy a larger warehouse.")

    seen = words(test)
    assert "What was missing" in seen
    assert point.text in seen
    assert point.why in seen
    assert point.strong in seen
    assert "https://docs.databricks.com/delta/clustering.html" in seen
    assert "Comes back tomorrow" in seen
    assert "Counts:" not in seen


def test_who_does_not_know_sees_the_answer_and_gets_no_credit(app: App, open_page: Open) -> None:
    missed(app)
    test = press(open_page("review_page"), "I don't know")
    until(lambda: app.store.drills(owner=OWNER)[-1].is_judged)

    assert app.store.drills(owner=OWNER)[-1].credit == 0.0
    assert "What was missing" in words(test.run())


def test_an_empty_answer_is_refused_in_words_and_the_question_stays(app: App, open_page: Open) -> None:
    missed(app)

    test = press(open_page("review_page"), "Check my answer")

    assert "Nothing was typed" in words(test)
    assert test.text_area
    assert len(app.store.drills(owner=OWNER)) == 1


def test_questions_of_different_scenarios_take_turns(app: App, open_page: Open) -> None:
    for scenario, point in [("hard-31", "hard-31.1"), ("hard-31", "hard-31.2"), ("hard-32", "hard-32.1")]:
        missed(app, scenario, point)
    asked: list[str] = []
    test = open_page("review_page")

    for _ in range(3):
        answered(app, test, "I am not sure what to say about this one.")
        asked.append(app.store.drills(owner=OWNER)[-1].scenario)
        test.button[0].click().run()

    assert asked == ["hard-31", "hard-32", "hard-31"]


def test_an_answer_whose_check_broke_off_can_be_checked_on_the_next_visit(app: App, open_page: Open) -> None:
    app.store.add_drill(a_drill(0, None, scenario="hard-31", key_point=POINT, answer=GOOD), owner=OWNER)

    test = open_page("review_page")

    assert "This answer is kept, and was not checked yet." in words(test)
    press(test, "Check my answer")
    until(lambda: app.store.drills(owner=OWNER)[-1].is_judged)
    assert f"Counts: “{GOOD}”" in words(test.run())


def test_an_answer_that_could_not_be_judged_says_so_and_waits_until_tomorrow(app: App, open_page: Open) -> None:
    unsure = Ungraded(key_point=POINT, reason="The coach is not sure whether this was said.")
    missed(app)
    drill = a_drill(0, None, scenario="hard-31", key_point=POINT, ungraded=unsure, at=app.clock())
    app.store.add_drill(drill, owner=OWNER)

    assert "1 point will be back tomorrow." in words(open_page("review_page"))


def test_a_scenario_that_is_gone_is_skipped_with_a_word(app: App, open_page: Open) -> None:
    missed(app, "gone", "gone.1")
    missed(app)

    seen = words(open_page("review_page"))

    assert "1 point left out: the scenario is not there any more." in seen
    assert "1 point due today" in seen


def test_what_a_person_typed_is_shown_as_typed(app: App, open_page: Open) -> None:
    missed(app)

    test = answered(app, open_page("review_page"), "![x](http://example.com/x.png) :red[no] <b>bold</b> $5 to $10")

    assert "![x](http://example.com/x.png) :red[no] <b>bold</b> $5 to $10" in words(test)


def test_a_part_of_a_report_can_be_tried_again_by_itself(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID)
    grade = app.store.assessments(id, owner=OWNER)[-1]
    weak = [point.key_point for point in grade.points if point.verdict and point.verdict.kind != "covered"]
    report = open_page("report_page", interview=id)
    assert labels(report).count("Retry this part") == len(weak)

    report.button(key=f"retry-part-{weak[-1]}").click().run()

    assert report.query_params == {"scenario": "hard-31", "point": weak[-1], "interview": id}
    test = open_page("review_page", scenario="hard-31", point=weak[-1], interview=id)
    seen = words(test)
    assert questions(app.library.scenarios["hard-31"], weak[-1])[0] in seen
    assert "Back to the report" in seen


def test_the_report_asks_for_no_part_again_before_the_missed_one_was_tried(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID, past_the_retry=False)

    assert "Retry this part" not in labels(open_page("report_page", interview=id))


def test_an_address_with_an_unknown_point_shows_what_is_due(app: App, open_page: Open) -> None:
    missed(app)

    test = open_page("review_page", scenario="hard-31", point="no such point")

    assert test.text_area


def test_drills_can_be_deleted_when_no_interview_is_left(app: App, open_page: Open) -> None:
    missed(app)
    test = open_page("history_page")

    test.checkbox(key="sure_to_delete_all").check().run()
    press(test, "Delete everything")

    assert app.store.drills(owner=OWNER) == []
