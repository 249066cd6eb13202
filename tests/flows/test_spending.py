"""Ceilings hold when many calls begin at once, and what a call took is kept whatever became of its interview."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewer.adapters.database import Database
from interviewer.bootstrap import App, build
from interviewer.domain.budget import Budget, Call, Ceiling
from interviewer.domain.interview import Usage
from interviewer.errors import ModelError
from interviewer.flows.spending import Spending
from interviewer.settings import Settings
from tests.builders import an_interview
from tests.fakes.http_server import FakeServer

SAID = "The table is partitioned by date but the lookup filters on user_id, so every file is opened."
AT_ONCE = 50
BUDGET_FOR_THREE = {
    "the calls of a person": {"INTERVIEWER_DAY_REQUESTS": 3},
    "the calls of all people": {"INTERVIEWER_TOTAL_DAY_REQUESTS": 3},
}


def price(usage: Usage) -> Call:
    return Call("some-model", usage, (usage.input_tokens + usage.output_tokens) / 1000)


def tokens(number: int) -> Usage:
    return Usage(input_tokens=number)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(f"sqlite:///{tmp_path / 'interviews.sqlite3'}")
    yield database
    database.close()


def interview_of(store: Database, owner: str) -> str:
    return store.create(an_interview(), owner=owner, engine="some-model", scenario_hash="hash").id


def spending(store: Database, **ceilings: Ceiling) -> Spending:
    return Spending(store, Budget(**ceilings), lambda: datetime.now(UTC))


def all_at_once(number: int, work: Callable[[int], object]) -> None:
    together = threading.Barrier(number)

    def one(index: int) -> None:
        together.wait()
        work(index)

    threads = [threading.Thread(target=one, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("ceiling", sorted(BUDGET_FOR_THREE))
def test_of_fifty_answers_sent_at_once_a_budget_for_three_lets_three_reach_the_model(
    ceiling: str, tmp_path: Path
) -> None:
    with FakeServer(first=0.2) as server:
        app = build(
            Settings(
                _env_file=None,
                INTERVIEWER_DATA_DIR=tmp_path,
                OPENAI_BASE_URL=server.base_url,
                INTERVIEWER_MODEL="practice-model",
                **BUDGET_FOR_THREE[ceiling],
            )
        )
        people = ["ann"] * AT_ONCE if "person" in ceiling else [f"person {number}" for number in range(AT_ONCE)]
        begun = [(started(app, owner), owner) for owner in people]

        def answer(index: int) -> None:
            id, owner = begun[index]
            model = app.model(app.default_connection)
            app.worker.answer(id, SAID, owner=owner, key="k", model=model)

        all_at_once(AT_ONCE, answer)
        until(lambda: all(len(turns(app, id, owner)) == 3 for id, owner in begun))
        app.close()

        replies = [turns(app, id, owner)[2] for id, owner in begun]
        assert len(server.chats) == 3
        assert sum("built-in coach goes on" in reply.note for reply in replies) == AT_ONCE - 3


@pytest.mark.parametrize(
    "ceiling", [Ceiling(tokens=300), Ceiling(dollars=0.35), Ceiling(requests=3)], ids=["tokens", "dollars", "requests"]
)
@pytest.mark.parametrize("of", ["interview", "day", "total"])
def test_reservations_made_at_once_never_go_over_a_ceiling_together(of: str, ceiling: Ceiling, store: Database) -> None:
    id, ledger = interview_of(store, "ann"), spending(store, **{of: ceiling})
    granted: list[object] = []
    refused: list[str] = []

    def reserve(_: int) -> None:
        try:
            granted.append(ledger.reserve(tokens(100), price, owner="ann", interview=id))
        except ModelError as error:
            refused.append(error.fault)

    all_at_once(20, reserve)

    assert len(granted) == 3
    assert refused == ["quota"] * 17


def test_what_a_call_did_not_take_may_be_spent_by_the_next_one(store: Database) -> None:
    id, ledger = interview_of(store, "ann"), spending(store, day=Ceiling(tokens=1000))

    ledger.reserve(tokens(900), price, owner="ann", interview=id)(tokens(100))
    ledger.reserve(tokens(900), price, owner="ann", interview=id)(tokens(100))

    with pytest.raises(ModelError, match="Today's interviews have used 200 of their 1,000 tokens"):
        ledger.reserve(tokens(900), price, owner="ann", interview=id)


def test_one_persons_budget_is_not_spent_by_another(store: Database) -> None:
    ids = {owner: interview_of(store, owner) for owner in ("ann", "bob")}
    ledger = spending(store, day=Ceiling(requests=1))

    ledger.reserve(tokens(1), price, owner="ann", interview=ids["ann"])(tokens(1))
    ledger.reserve(tokens(1), price, owner="bob", interview=ids["bob"])(tokens(1))

    with pytest.raises(ModelError):
        ledger.reserve(tokens(1), price, owner="ann", interview=ids["ann"])


def test_the_limit_of_all_people_does_not_tell_what_the_others_used(store: Database) -> None:
    ids = {owner: interview_of(store, owner) for owner in ("ann", "bob")}
    ledger = spending(store, total=Ceiling(tokens=1234))
    ledger.reserve(tokens(1200), price, owner="ann", interview=ids["ann"])(tokens(1200))

    with pytest.raises(ModelError) as refused:
        ledger.reserve(tokens(100), price, owner="bob", interview=ids["bob"])

    assert str(refused.value) == "The limit of this server for today is reached. The built-in coach goes on."


def test_a_call_whose_interview_is_deleted_meanwhile_is_paid_all_the_same(store: Database) -> None:
    id, ledger = interview_of(store, "ann"), spending(store, day=Ceiling(requests=1))
    settle = ledger.reserve(tokens(100), price, owner="ann", interview=id)
    store.delete(id, owner="ann")

    settle(tokens(100))

    with pytest.raises(ModelError):
        ledger.reserve(tokens(1), price, owner="ann", interview=interview_of(store, "ann"))


def started(app: App, owner: str) -> str:
    scenario = app.scenario("hard-31")
    assert scenario is not None
    return app.worker.start(
        scenario, "hash", owner=owner, mode="practice", level="senior", max_probes=3, engine="practice-model"
    ).id


def turns(app: App, id: str, owner: str) -> tuple[object, ...]:
    return app.store.load(id, owner=owner).interview.turns


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
