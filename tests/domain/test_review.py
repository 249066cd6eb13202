"""Points come back when they are about to be forgotten: by their credit, without chance, and before the interview."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Rating

from interviewer.domain.assessment import Ungraded
from interviewer.domain.review import Rated, ReviewCard, cards, due_day, in_words, mixed, rating, ratings
from tests.builders import NOW, a_drill, a_retry, a_scenario, a_verdict, graded

TODAY = NOW.date()
KEY = a_scenario().key_point("key")


def after(*credits: float, days: int = 0, scenario: str = "webhook-twice") -> ReviewCard:
    """The card of a point that was judged with these credits, each time on the day it was due."""
    judged: list[Rated] = []
    at = NOW + timedelta(days=days)
    for credit in credits:
        judged.append(Rated("key", credit, False, at))
        at = cards(scenario, judged)[0].due
    return cards(scenario, judged)[0]


def interval(card: ReviewCard) -> int:
    return (card.due - card.reviewed_at).days


@pytest.mark.parametrize(
    ("credit", "hinted", "expected"),
    [
        (0.0, False, Rating.Again),
        (0.39, False, Rating.Again),
        (0.4, False, Rating.Hard),
        (0.5, False, Rating.Hard),
        (0.69, True, Rating.Hard),
        (0.7, True, Rating.Good),
        (0.94, False, Rating.Good),
        (0.95, False, Rating.Easy),
        (1.0, False, Rating.Easy),
        (0.95, True, Rating.Good),
        (1.0, True, Rating.Good),
    ],
)
def test_a_credit_says_how_well_the_point_is_known(credit: float, hinted: bool, expected: Rating) -> None:
    assert rating(credit, hinted) == expected


def test_what_was_missed_comes_back_the_next_day_and_what_was_known_much_later() -> None:
    assert interval(after(0.0)) == 1
    assert interval(after(1.0)) >= 7


def test_intervals_grow_while_the_point_is_known_and_fall_when_it_is_not() -> None:
    known = [interval(after(*[1.0] * times)) for times in (1, 2, 3)]

    assert known == sorted(known)
    assert known[-1] <= 180
    assert interval(after(1.0, 1.0, 0.0)) < known[1]


def test_a_point_comes_back_when_nine_of_ten_would_still_know_it() -> None:
    card = after(1.0, 1.0)

    assert card.recall(card.due) == pytest.approx(0.9, abs=0.01)
    assert card.recall(card.reviewed_at) == 1.0


def test_the_next_morning_counts_as_a_day_and_the_same_evening_does_not() -> None:
    def then(hours: float) -> int:
        return interval(
            cards("s", [Rated("key", 0.0, False, NOW), Rated("key", 1.0, False, NOW + timedelta(hours=hours))])[0]
        )

    assert then(13) == then(24) == then(30)
    assert then(13) > then(2)
    evening = cards("s", [Rated("key", 0.0, False, NOW)])[0]
    assert evening.recall(NOW + timedelta(hours=13)) == evening.recall(NOW + timedelta(hours=24)) < 1


def test_the_same_judgements_give_the_same_schedule() -> None:
    judged = ratings([graded(0), graded(3)], [a_drill(1), a_drill(5, "partial")])

    assert cards("webhook-twice", judged) == cards("webhook-twice", judged)
    assert cards("webhook-twice", ratings([graded(3), graded(0)], [a_drill(5, "partial"), a_drill(1)])) == cards(
        "webhook-twice", judged
    )


def test_interviews_tries_and_drills_all_count_in_the_order_of_time() -> None:
    again = a_retry(verdict=a_verdict(KEY, "covered", 1))

    judged = ratings([graded(0, tries=(again,))], [a_drill(2, "missed")])

    assert [(one.key_point, one.credit) for one in judged] == [
        ("cause", 1.0),
        ("key", 0.5),
        ("reply", 0.0),
        ("check", 0.0),
        ("key", 1.0),
        ("key", 0.0),
    ]


def test_what_could_not_be_graded_is_not_rated() -> None:
    unsure = Ungraded(key_point="key", reason="not sure")
    grade = graded(0)
    points = tuple(
        point.model_copy(update={"verdict": None, "ungraded": unsure, "credit": None})
        for point in grade.assessment.points
    )
    ungraded = grade._replace(assessment=grade.assessment.model_copy(update={"points": points}))

    assert ratings([ungraded], [a_drill(1, None), a_drill(2, None, ungraded=unsure)]) == []
    assert ratings([grade._replace(tries=(a_retry(answer=""),))], []) == ratings([grade], [])


def test_a_story_has_no_facts_to_remember() -> None:
    assert ratings([graded(0, mode="story")], []) == []


def test_a_day_ends_at_midnight_where_the_person_is() -> None:
    card = cards("s", [Rated("key", 0.0, False, datetime(2026, 11, 23, 23, 30, tzinfo=UTC))])[0]

    assert due_day(card, UTC, TODAY) == date(2026, 11, 24)
    assert due_day(card, ZoneInfo("Asia/Tokyo"), TODAY) == date(2026, 11, 25)


def test_before_an_interview_every_point_comes_back_in_time() -> None:
    card = after(1.0, 1.0)  # due in two months
    reviewed = card.reviewed_at.date()

    assert due_day(card, UTC, reviewed, reviewed + timedelta(days=20)) == reviewed + timedelta(days=19)
    assert due_day(card, UTC, reviewed, reviewed + timedelta(days=400)) == card.due.date()
    assert due_day(after(0.0), UTC, TODAY, TODAY + timedelta(days=20)) == TODAY + timedelta(days=1)


def test_the_eve_of_an_interview_asks_nothing_twice() -> None:
    assert due_day(after(1.0), UTC, TODAY, TODAY + timedelta(days=1)) == TODAY + timedelta(days=1)


def test_an_interview_that_is_over_changes_nothing() -> None:
    card = after(1.0)

    assert due_day(card, UTC, TODAY, TODAY) == card.due.date()
    assert due_day(card, UTC, TODAY, TODAY - timedelta(days=3)) == card.due.date()


@pytest.mark.parametrize(
    ("names", "previous", "expected"),
    [
        ("aabb", "", "abab"),
        ("aabb", "a", "baba"),
        ("aaab", "", "abaa"),
        ("abcc", "", "acbc"),
        ("abccc", "", "cacbc"),
        ("aaa", "a", "aaa"),
        ("aab", "a", "baa"),
        ("", "a", ""),
    ],
)
def test_no_two_of_one_scenario_follow_each_other_where_it_can_be_avoided(
    names: str, previous: str, expected: str
) -> None:
    due = [after(0.0, scenario=name) for name in names]

    assert "".join(card.scenario for card in mixed(due, after=previous)) == expected


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (-2, "today"),
        (0, "today"),
        (1, "tomorrow"),
        (3, "in 3 days, on Thu 26 Nov"),
        (13, "in 13 days, on Sun 6 Dec"),
        (14, "in 2 weeks, on Mon 7 Dec"),
        (60, "in 9 weeks, on Fri 22 Jan 2027"),
    ],
)
def test_the_next_date_is_told_in_words(ahead: int, words: str) -> None:
    assert in_words(TODAY + timedelta(days=ahead), TODAY) == words


def test_a_point_that_was_just_missed_is_not_expected_to_be_known_tomorrow() -> None:
    missed, covered = (cards("s", [Rated("point", credit, False, NOW)])[0] for credit in (0.0, 1.0))

    tomorrow = NOW + timedelta(days=1)
    assert missed.recall(tomorrow) < 0.9 <= covered.recall(tomorrow)
