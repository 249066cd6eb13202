"""What is suggested next, and that the reason is true (R22)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from interviewer.domain.record import Grade, records
from interviewer.domain.scenario import Scenario
from interviewer.domain.suggestion import Suggestion, suggestion, topic_means
from tests.builders import NOW, a_past_grade, a_scenario

GOOD = {"cause": 1.0, "key": 1.0, "reply": 1.0, "check": 1.0}
BAD = {"cause": 0.0, "key": 0.5, "reply": 0.0, "check": 0.0}


def about(id: str, *topics: str, difficulty: str = "medium") -> Scenario:
    return a_scenario(id=id, topics=topics, difficulty=difficulty)


def suggested(
    scenarios: list[Scenario], grades: list[Grade], due: dict[str, int] | None = None, today: tuple[str, ...] = ()
) -> Suggestion:
    found = suggestion(scenarios, grades, due or {}, today)
    assert found is not None
    return found


def test_the_first_suggestion_is_the_easiest_scenario() -> None:
    found = suggested([about("a", "x", "y", difficulty="hard"), about("b", "x", difficulty="easy")], [])

    assert (found.scenario, found.kind) == ("b", "new")
    assert "15 minutes" in found.reason


def test_weak_topics_lead_to_a_scenario_that_was_not_done_on_the_same_topic() -> None:
    scenarios = [about("done", "cost"), about("also-cost", "cost"), about("other", "streaming")]

    found = suggested(scenarios, [a_past_grade("done", credits=BAD)])

    assert (found.scenario, found.kind) == ("also-cost", "weak")
    assert found.reason == "Your answers on cost have earned 15 % of the points so far."


def test_a_scenario_that_was_mastered_is_not_suggested_for_its_topics() -> None:
    scenarios = [about("a-mastered", "cost"), about("failed", "cost")]
    long_ago = a_past_grade("a-mastered", credits=GOOD, days_ago=9)

    found = suggested(scenarios, [long_ago, *[a_past_grade("failed", credits=BAD)] * 4])

    assert (found.scenario, found.kind) == ("failed", "weak")


def test_the_scenario_with_most_points_due_comes_in_a_slot_for_reviews() -> None:
    scenarios = [about("a", "x"), about("b", "y"), about("c", "z")]

    found = suggested(scenarios, [a_past_grade("a", credits=GOOD)], {"b": 1, "c": 3})

    assert found == Suggestion("c", "due", "3 points of it are due for a review.")
    assert suggested(scenarios, [a_past_grade("a")], {"b": 1}).reason == "One point of it is due for a review."


def test_a_new_one_leads_to_topics_that_never_came_up() -> None:
    scenarios = [about("a", "cost"), about("b", "cost", "networking"), about("c", "query-performance", "streaming")]

    found = suggested(scenarios, [a_past_grade("a", credits=GOOD)])

    assert found == Suggestion("c", "new", "New ground: query performance and streaming has not come up yet.")


def test_of_ten_suggestions_six_are_weak_three_due_and_one_new() -> None:
    scenarios = [about(f"s{number}", "cost") for number in range(40)]
    grades: list[Grade] = []
    kinds = Counter[str]()

    for number in range(10):
        found = suggested(scenarios, [a_past_grade("s39", credits=BAD), *grades], {"s38": 2}, ("s39",))
        kinds[found.kind] += 1
        grades.append(a_past_grade(f"s{number}", credits=BAD))

    assert kinds == {"weak": 6, "due": 3, "new": 1}


def test_the_same_scenario_never_comes_twice_a_day() -> None:
    scenarios = [about("a", "x"), about("b", "x")]
    grades = [a_past_grade("a", credits=BAD)]

    assert suggested(scenarios, grades, {"a": 5}, ("a",)).scenario == "b"
    assert suggestion(scenarios, grades, {"a": 5}, ("a", "b")) is None


def test_when_all_is_done_and_nothing_is_weak_the_one_done_longest_ago_comes_again() -> None:
    scenarios = [about("a", "x"), about("b", "x")]
    grades = [a_past_grade("a", credits=GOOD, days_ago=9), a_past_grade("b", credits=GOOD, days_ago=2)]

    found = suggested(scenarios, grades)

    assert (found.scenario, found.kind) == ("a", "again")


def test_a_grade_of_a_scenario_that_is_gone_does_not_matter() -> None:
    assert suggested([about("a", "x")], [a_past_grade("gone", credits=BAD)]).scenario == "a"


def test_heavy_points_weigh_more_in_the_mean_of_a_topic() -> None:
    grade = a_past_grade("a", credits={"cause": 1.0, "check": 0.0}, at=NOW - timedelta(days=1))

    means = topic_means([about("a", "x", "y")], records([grade]))

    assert means == {"x": 0.6, "y": 0.6}
