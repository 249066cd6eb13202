"""What the store promises about practice: drills are only added, everything is one owner's, and deleted is gone."""

from __future__ import annotations

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from interviewer.adapters.database import Database
from interviewer.adapters.database_practice import PracticeTables
from interviewer.domain.budget import Call
from interviewer.domain.interview import Usage
from interviewer.domain.plan import Plan
from interviewer.domain.review import Rated, cards
from interviewer.errors import NotFoundError, StorageError
from tests.builders import NOW, a_drill, a_retry, a_scenario, an_assessment, an_interview

MARKER = "kingfisher-48151623"
PLAN = Plan(interview_on=date(2026, 12, 24), minutes=40, made_at=NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "interviews.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{path}")
    yield database
    database.close()


def an_id(database: Database, owner: str = "ann", **changes: Any) -> str:
    interview = an_interview("The provider retries after a timeout.", **changes)
    return database.create(interview, owner=owner, engine="coach", scenario_hash="h").id


def everything(database: Database, owner: str = "ann") -> str:
    """One of each kind of record; gives the id of the interview."""
    id = an_id(database, owner)
    database.add_assessment(id, an_assessment(), owner=owner)
    database.add_retry(id, a_retry(answer=MARKER), owner=owner)
    database.add_drill(a_drill(0, answer=MARKER), owner=owner)
    card = cards("webhook-twice", [Rated("key", 0.0, False, NOW)])
    database.replace_review_cards("webhook-twice", card, "mark", owner=owner)
    database.save_plan(PLAN, owner=owner)
    return id


def test_every_function_about_practice_takes_the_owner() -> None:
    for name in vars(PracticeTables):
        if not name.startswith("_"):
            owner = inspect.signature(getattr(Database, name)).parameters["owner"]
            assert owner.kind is owner.KEYWORD_ONLY, name
            assert owner.default is owner.empty, name


@pytest.mark.parametrize(
    ("look", "empty"),
    [
        (lambda store, owner: store.graded(owner=owner), []),
        (lambda store, owner: store.graded(owner=owner, scenario="webhook-twice"), []),
        (lambda store, owner: store.drills(owner=owner), []),
        (lambda store, owner: store.drill("drill-0", owner=owner), None),
        (lambda store, owner: store.judged_marks(owner=owner), {}),
        (lambda store, owner: store.review_cards(owner=owner), []),
        (lambda store, owner: store.plan(owner=owner), None),
    ],
    ids=["graded", "graded of a scenario", "drills", "drill", "marks", "cards", "plan"],
)
def test_nobody_sees_what_another_has_practised(
    database: Database, look: Callable[[Database, str], object], empty: object
) -> None:
    everything(database)

    assert look(database, "ann") != empty
    for other in ("eve", "", "%", "ann\0"):
        assert look(database, other) == empty


def test_another_owner_changes_nothing_of_mine(database: Database) -> None:
    everything(database)
    mine = database.drill("drill-0", owner="ann")

    database.add_drill(a_drill(0, answer="other words"), owner="eve")
    database.replace_review_cards("webhook-twice", [], "m", owner="eve")
    database.save_plan(PLAN.model_copy(update={"minutes": 20}), owner="eve")
    database.forget_plan(owner="eve")
    database.delete_all(owner="eve")

    assert database.drill("drill-0", owner="ann") == mine
    assert len(database.review_cards(owner="ann")) == 1
    assert database.plan(owner="ann") == PLAN


def test_a_graded_interview_comes_with_its_newest_grade_its_tries_and_the_own_view(database: Database) -> None:
    id = an_id(database)
    database.add_assessment(id, an_assessment(), owner="ann")
    newest = an_assessment(None, *["covered"] * 4, at=NOW + timedelta(days=9))
    database.add_assessment(id, newest, owner="ann")
    database.add_retry(id, a_retry(), owner="ann")
    database.rate(id, 4, owner="ann")
    an_id(database)  # not graded

    (found,) = database.graded(owner="ann")

    assert (found.id, found.scenario, found.mode, found.level) == (id, "webhook-twice", "practice", "senior")
    assert found.assessment == newest
    assert found.at == an_assessment().at  # when it was graded first
    assert found.tries == (a_retry(),)
    assert found.self_rating == 4


def test_graded_interviews_stand_in_the_order_of_time_and_can_be_those_of_one_scenario(database: Database) -> None:
    for days, scenario in [(3, a_scenario()), (1, a_scenario(id="other")), (2, a_scenario())]:
        id = an_id(database, scenario=scenario)
        database.add_assessment(id, an_assessment(at=NOW + timedelta(days=days)), owner="ann")

    assert [(one.at - NOW).days for one in database.graded(owner="ann")] == [1, 2, 3]
    assert [(one.at - NOW).days for one in database.graded(owner="ann", scenario="webhook-twice")] == [2, 3]


def test_what_came_of_a_drill_is_kept_beside_the_answer(database: Database, path: Path) -> None:
    answered, judged = a_drill(0, None), a_drill(0)
    database.add_drill(answered, owner="ann")
    assert database.drill("drill-0", owner="ann") == answered

    database.judge_drill(judged, owner="ann")

    assert database.drills(owner="ann") == [judged]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM drill").fetchone() == (2,)


def test_a_drill_judged_the_same_again_is_not_another_judgement(database: Database) -> None:
    database.add_drill(a_drill(0, None), owner="ann")
    database.judge_drill(a_drill(0), owner="ann")
    before = database.judged_marks(owner="ann")

    database.judge_drill(a_drill(0), owner="ann")

    assert database.judged_marks(owner="ann") == before


def test_a_graded_interview_and_its_light_grade_say_the_same(database: Database) -> None:
    for kinds in (("missed", "covered"), ("partial", "contradicted"), ("missed", "missed")):
        id = an_id(database)
        database.add_assessment(id, an_assessment(None, "missed", "missed"), owner="ann")
        database.add_assessment(id, an_assessment(None, *kinds), owner="ann")

    ours = [one.grade for one in database.graded(owner="ann")]
    assert sorted(ours) == sorted(database.grades(owner="ann"))


def test_the_same_answer_sent_again_is_kept_once(database: Database) -> None:
    for answer in ("By a unique column.", "By a unique column.", "By something else."):
        database.add_drill(a_drill(0, None, answer=answer), owner="ann")

    (kept,) = database.drills(owner="ann")
    assert kept.answer == "By a unique column."


def test_what_came_of_a_drill_that_was_deleted_meanwhile_reaches_nobody(database: Database, path: Path) -> None:
    database.add_drill(a_drill(0, None, answer=MARKER), owner="ann")
    database.delete_all(owner="ann")

    for owner in ("ann", "eve"):
        with pytest.raises(NotFoundError, match="deleted meanwhile"):
            database.judge_drill(a_drill(0, answer=MARKER), owner=owner)

    assert database.drills(owner="ann") == []
    assert not any(MARKER.encode() in file.read_bytes() for file in path.parent.iterdir())


def test_drills_can_be_those_of_a_scenario_or_since_a_moment(database: Database) -> None:
    for days in (3, 1, 2):
        database.add_drill(a_drill(days), owner="ann")
    database.add_drill(a_drill(4, scenario="other"), owner="ann")

    assert [drill.key for drill in database.drills(owner="ann")] == ["drill-1", "drill-2", "drill-3", "drill-4"]
    assert [drill.key for drill in database.drills(owner="ann", scenario="other")] == ["drill-4"]
    since = database.drills(owner="ann", scenario="webhook-twice", since=NOW + timedelta(days=2))
    assert [drill.key for drill in since] == ["drill-2", "drill-3"]


@pytest.mark.parametrize("text", ["a\0b", "\ud83d", "é🚀\u202e", "<|endoftext|>", "a\r\nb\n"])
def test_an_answer_is_kept_as_it_was_typed(database: Database, text: str) -> None:
    database.add_drill(a_drill(0, answer=text), owner="ann")

    kept = text.replace("\0", "\ufffd").replace("\ud83d", "\ufffd")
    assert database.drill("drill-0", owner="ann").answer == kept


def test_a_mark_changes_whenever_something_judged_comes_or_goes(database: Database) -> None:
    def mark() -> str:
        return database.judged_marks(owner="ann").get("webhook-twice", "")

    marks = [mark()]
    first, second = an_id(database), an_id(database)
    assert mark() == marks[0]
    for change in (
        lambda: database.add_assessment(first, an_assessment(), owner="ann"),
        lambda: database.add_assessment(second, an_assessment(), owner="ann"),
        lambda: database.add_assessment(second, an_assessment(), owner="ann"),
        lambda: database.add_retry(first, a_retry(), owner="ann"),
        lambda: database.add_drill(a_drill(), owner="ann"),
        lambda: database.delete(first, owner="ann"),
        lambda: database.delete(second, owner="ann"),
    ):
        change()
        marks.append(mark())

    assert len(set(marks)) == len(marks)


def test_cards_of_one_scenario_are_replaced_together(database: Database) -> None:
    both = cards("webhook-twice", [Rated("key", 0.0, False, NOW), Rated("cause", 1.0, False, NOW)])
    database.replace_review_cards("other", cards("other", [Rated("x", 0.5, False, NOW)]), "m", owner="ann")
    database.replace_review_cards("webhook-twice", both, "first", owner="ann")

    database.replace_review_cards("webhook-twice", both[:1], "second", owner="ann")

    found = database.review_cards(owner="ann")
    assert [(card.scenario, card.key_point, mark) for card, mark in found] == [
        ("other", "x", "m"),
        ("webhook-twice", "cause", "second"),
    ]
    assert found[1][0] == both[0]


def test_a_plan_is_replaced_and_can_be_dropped(database: Database) -> None:
    database.save_plan(PLAN, owner="ann")
    changed = PLAN.model_copy(update={"interview_on": date(2027, 1, 2), "minutes": 90})
    database.save_plan(changed, owner="ann")
    assert database.plan(owner="ann") == changed

    database.forget_plan(owner="ann")
    database.forget_plan(owner="ann")

    assert database.plan(owner="ann") is None


def test_deleting_everything_takes_drills_cards_and_the_plan_along(database: Database, path: Path) -> None:
    everything(database)

    assert database.delete_all(owner="ann") == 1

    for table in ("drill", "review_card", "plan", "retry"):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
    assert not any(MARKER.encode() in file.read_bytes() for file in path.parent.iterdir())


def test_a_call_for_a_drill_belongs_to_no_interview_and_counts_for_the_day(database: Database) -> None:
    database.add_call(None, Call("model", Usage(input_tokens=7), 0.1), owner="ann")

    assert [call.usage.input_tokens for call in database.calls(owner="ann")] == [7]
    assert database.calls(owner="ann", id=an_id(database)) == []


def test_a_drill_of_a_later_version_is_said_to_be_unreadable(database: Database, path: Path) -> None:
    database.add_drill(a_drill(0, answer=MARKER), owner="ann")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE drill SET body = replace(body, '\"answer\"', '\"said\"')")
        connection.commit()

    with pytest.raises(StorageError, match="Update the app") as raised:
        database.drills(owner="ann")

    assert MARKER not in str(raised.value)
    assert raised.value.__cause__ is None
