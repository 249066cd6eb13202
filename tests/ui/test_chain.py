"""A round of several questions on one topic."""

from __future__ import annotations

from interviewer.bootstrap import OWNER, App
from interviewer.ui.chain import address, following
from tests.builders import a_scenario
from tests.ui.conftest import SOLID, Open, interviewed, words


def test_what_follows_shares_most_topics_and_is_never_the_same_again() -> None:
    this = a_scenario(id="this", topics=("spark", "joins", "skew"))
    near = a_scenario(id="near", topics=("spark", "joins"))
    far = a_scenario(id="far", topics=("spark",))
    other = a_scenario(id="other", topics=("cost",))

    assert following(this, (other, far, near, this), 2) == ("near", "far")
    assert following(this, (other, far, near, this), 1) == ("near",)
    assert following(this, (other, this), 2) == ()


def test_of_several_that_could_follow_those_on_what_is_leaned_to_come_first() -> None:
    this = a_scenario(id="this", topics=("spark", "joins"))
    near = a_scenario(id="near", topics=("spark", "joins"), technologies=())
    leaned = a_scenario(id="leaned", topics=("spark",), technologies=("Kafka",))
    other = a_scenario(id="other", topics=("cost",), technologies=("Kafka",))

    assert following(this, (near, leaned, other), 3, ("kafka",)) == ("leaned", "near")
    assert following(this, (near, leaned, other), 3) == ("near", "leaned")


def test_the_questions_that_follow_stand_in_the_url() -> None:
    assert address("abc", ("two", "three")) == {"interview": "abc", "then": "two,three"}
    assert address("abc", ()) == {"interview": "abc"}


def test_a_finished_interview_goes_on_to_the_next_question_on_the_same_terms(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID)
    test = open_page("interview_page", interview=id, then="hard-32,hard-36")
    next_one = next(button for button in test.button if button.label.startswith("Next question"))
    next_one.click().run()
    lines = app.store.history(owner=OWNER)
    assert [line.scenario for line in lines] == ["hard-32", "hard-31"]
    assert lines[0].mode == "practice"


def test_a_name_in_the_url_that_is_no_scenario_is_passed_over(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID)
    assert "Next question" not in words(open_page("interview_page", interview=id, then="none-such,<b>"))
