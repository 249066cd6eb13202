"""What is due is asked from memory, judged like an interview, and comes back by what came of it."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.domain.assessment import Ungraded
from interviewer.domain.practice import Drill
from interviewer.domain.review import Rated, ReviewCard, cards
from interviewer.domain.scenario import Scenario
from interviewer.errors import ModelError
from interviewer.flows.practising import Due, drilled, due, question, questions, review_cards
from tests.builders import NOW, a_drill, a_scenario, an_assessment, an_interview

SCENARIO = a_scenario()
KNOWN = {SCENARIO.id: SCENARIO, "other": a_scenario(id="other")}
GOOD = "I insert the event id into a table with a unique constraint, in the same transaction as the payment."


def card(key_point: str = "key", scenario: str = SCENARIO.id, days: int = -1, credit: float = 0.0) -> ReviewCard:
    """The card of a point that was judged this many days after NOW."""
    return cards(scenario, [Rated(key_point, credit, False, NOW + timedelta(days=days))])[0]


def due_now(*schedule: ReviewCard, drills: tuple[Drill, ...] = (), **changes: object) -> Due:
    return due(schedule, KNOWN, drills, now=NOW, zone=UTC, **changes)


def names(found: Due) -> list[str]:
    return [f"{card.scenario} {card.key_point}" for card in found.today]


# --- what is due


def test_a_point_is_due_on_its_day_and_not_before() -> None:
    found = due_now(card(), card("cause", days=0))

    assert names(found) == ["webhook-twice key"]
    assert found.next_day == NOW.date() + timedelta(days=1)
    assert found.days == {NOW.date(): 1, NOW.date() + timedelta(days=1): 1}


def test_the_point_most_likely_forgotten_is_asked_first() -> None:
    assert names(due_now(card("cause", days=-1), card("key", days=-9))) == ["webhook-twice key", "webhook-twice cause"]


def test_scenarios_take_turns() -> None:
    found = due_now(card("cause", days=-9), card("key", days=-8), card("cause", "other"), card("key", "other"))

    assert [name.split()[0] for name in names(found)] == ["webhook-twice", "other", "webhook-twice", "other"]


def test_the_scenario_that_was_asked_last_does_not_come_next() -> None:
    found = due_now(card("cause", days=-9), card("key", "other"), drills=(a_drill(0, key_point="reply"),))

    assert names(found)[0] == "other key"


def test_what_could_not_be_judged_today_waits_until_tomorrow() -> None:
    unsure = a_drill(0, None, ungraded=Ungraded(key_point="key", reason="not sure"))

    found = due_now(card(), drills=(unsure,))

    assert names(found) == []
    assert found.next_day == NOW.date() + timedelta(days=1)


def test_a_scenario_that_is_gone_is_left_out_and_counted() -> None:
    found = due_now(card(), card(scenario="gone"), card("no-such-point"))

    assert names(found) == ["webhook-twice key"]
    assert found.gone == 1


def test_before_an_interview_everything_comes_back_in_time() -> None:
    far = card("cause", days=-5, credit=1.0)

    assert names(due_now(far)) == []
    assert names(due_now(far, interview_on=NOW.date() + timedelta(days=1))) == ["webhook-twice cause"]


# --- what is asked


def test_a_drill_asks_a_follow_up_for_somebody_who_has_said_nothing_yet() -> None:
    assert questions(SCENARIO, "key") == ("How does your handler know that it has booked this one before?",)
    assert questions(SCENARIO, "no-ids") == ()


def test_a_point_with_several_questions_is_asked_another_one_each_time(library: Library) -> None:
    scenario = library.scenarios["hard-37"]
    point = next(point.id for point in scenario.key_points if len(questions(scenario, point.id)) > 1)
    asked: list[str] = []

    for _ in range(4):
        asked.append(question(scenario, point, asked) or "")

    assert asked[0] != asked[1]
    assert asked[:2] == asked[2:]


def test_every_point_of_the_shipped_scenarios_can_be_drilled(library: Library) -> None:
    missing = [
        point.id
        for scenario in library.scenarios.values()
        for point in scenario.key_points
        if not questions(scenario, point.id)
    ]

    assert missing == []


def test_no_question_gives_its_answer_away(library: Library) -> None:
    for scenario in library.scenarios.values():
        for point in scenario.key_points:
            for ask in questions(scenario, point.id):
                assert point.text not in ask
                assert not any(phrase in ask for phrase in point.phrasings)


# --- how it is judged


def said(answer: str) -> Drill:
    return a_drill(0, None, answer=answer, question=questions(SCENARIO, "key")[0])


def test_a_drill_is_credited_only_with_words_that_were_said(coach: Coach) -> None:
    good = drilled(said(f"Well. {GOOD}"), SCENARIO, coach, now=NOW)
    poor = drilled(said("We should remove the duplicates."), SCENARIO, coach, now=NOW)

    assert good.credit == 1.0
    assert [evidence.text for evidence in good.verdict.evidence] == [GOOD]
    assert poor.credit == 0.0
    assert (good.key, good.answer, good.at) == ("drill-0", f"Well. {GOOD}", NOW)


def test_who_does_not_know_earns_nothing(coach: Coach) -> None:
    assert drilled(said("I don't know."), SCENARIO, coach, now=NOW).credit == 0.0


def test_a_models_claim_without_a_quote_earns_nothing(coach: Coach, prompts: PromptFiles) -> None:
    claims = {"findings": [{"key_point": "key", "sentences": [9], "reason": "said", "verdict": "covered"}]}

    judged = drilled(said("I like trains."), SCENARIO, coach, now=NOW, model=ScriptedModel([claims]), prompts=prompts)

    assert (judged.credit, judged.engine) == (0.0, "scripted")


def test_a_model_that_fails_leaves_the_drill_to_the_coach(coach: Coach, prompts: PromptFiles) -> None:
    model = ScriptedModel([ModelError("auth", "The key was refused.")])

    judged = drilled(said(GOOD), SCENARIO, coach, now=NOW, model=model, prompts=prompts)

    assert judged == drilled(said(GOOD), SCENARIO, coach, now=NOW)


# --- the schedule follows from the record


@pytest.fixture
def store(tmp_path: Path) -> Database:
    return Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")


def interviewed(store: Database, scenario: Scenario = SCENARIO, *kinds: str) -> str:
    interview = an_interview("The provider retries after a timeout.", scenario=scenario)
    id = store.create(interview, owner="ann", engine="coach", scenario_hash="h").id
    store.add_assessment(id, an_assessment(interview, *kinds), owner="ann")
    return id


def days(store: Database, owner: str = "ann") -> dict[str, int]:
    return {card.key_point: (card.due - card.reviewed_at).days for card in review_cards(store, owner=owner)}


def test_every_graded_point_of_an_interview_enters_the_schedule(store: Database) -> None:
    interviewed(store)

    assert days(store) == {"cause": 8, "check": 1, "key": 1, "reply": 1}
    assert days(store, "eve") == {}


def test_a_drill_moves_its_point_alone(store: Database) -> None:
    interviewed(store)
    before = days(store)

    store.add_drill(a_drill(1), owner="ann")

    after = days(store)
    assert after["key"] > before["key"]
    assert {**after, "key": 0} == {**before, "key": 0}


def test_an_answer_that_was_not_judged_moves_nothing(store: Database) -> None:
    interviewed(store)
    before = days(store)

    store.add_drill(a_drill(1, None), owner="ann")

    assert days(store) == before


def test_a_second_grade_of_the_same_interview_replaces_the_first_instead_of_counting_twice(store: Database) -> None:
    id = interviewed(store, SCENARIO, "missed", "missed")
    assert days(store)["cause"] == 1

    store.add_assessment(id, an_assessment(None, "covered", "missed"), owner="ann")

    assert days(store) == {"cause": 8, "check": 1, "key": 1, "reply": 1}


def test_a_deleted_interview_leaves_the_schedule(store: Database) -> None:
    id = interviewed(store)
    other = interviewed(store, KNOWN["other"])
    assert len(review_cards(store, owner="ann")) == 8

    store.delete(id, owner="ann")

    assert {card.scenario for card in review_cards(store, owner="ann")} == {"other"}
    store.delete(other, owner="ann")
    assert review_cards(store, owner="ann") == []
    assert store.review_cards(owner="ann") == []


def test_what_has_not_changed_is_not_computed_again(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    interviewed(store)
    interviewed(store, KNOWN["other"])
    first = review_cards(store, owner="ann")
    read: list[str] = []
    graded = store.graded
    monkeypatch.setattr(store, "graded", lambda **how: read.append(how["scenario"]) or graded(**how))

    assert review_cards(store, owner="ann") == first
    assert read == []
    store.add_drill(a_drill(1, scenario="other"), owner="ann")
    review_cards(store, owner="ann")
    assert read == ["other"]
