"""Finding a scenario among many: what is typed, what is filtered, in which order, and what to do with nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from interviewer.domain.finding import Catalogue, Standing, Wanted, length
from interviewer.domain.record import Record, records
from interviewer.domain.scenario import Scenario
from tests.builders import a_past_grade, a_scenario

HIVE = a_scenario(
    id="hive", title="Ten million partitions", question="The planner takes minutes.", technologies=("Hive", "S3"),
    topics=("metadata", "query-performance"), difficulty="hard", level=("senior",), time_minutes=25,
)  # fmt: skip
LAKE = a_scenario(
    id="lake", title="One user's events", question="A lookup takes ten minutes.", technologies=("Delta Lake", "Spark"),
    topics=("storage-layout",), difficulty="medium", level=("mid", "senior"), time_minutes=15,
)  # fmt: skip
SHIP = a_scenario(
    id="ship", title="Shipping Spark changes", question="Releases break the lake of a bank.", technologies=("Spark",),
    topics=("ci-cd",), difficulty="easy", level=("mid",), time_minutes=20,
)  # fmt: skip
ALL = (HIVE, LAKE, SHIP)


def ids(wanted: Wanted, known: dict[str, Record] | None = None, scenarios: Sequence[Scenario] = ALL) -> list[str]:
    return [scenario.id for scenario in Catalogue(scenarios).find(wanted, known or {}).scenarios]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hive", ["hive"]),
        ("HIVE  s3", ["hive"]),
        ("deltalake", ["lake"]),
        ("delta-lake", ["lake"]),
        ("CI/CD", ["ship"]),
        ("partition", ["hive"]),
        ("meta", ["hive"]),
        ("the event", ["lake"]),
        ("performence", ["hive"]),
        ("sparc", ["lake", "ship"]),
        ("shippign", ["ship"]),
        ("hvie", ["hive"]),
        ("looking up", []),
        ("zookeeper", []),
    ],
)
def test_a_search_forgives_case_hyphens_plurals_halves_and_slips(typed: str, found: list[str]) -> None:
    assert sorted(ids(Wanted(typed))) == found


def test_a_word_in_the_title_counts_more_than_one_in_the_question() -> None:
    assert ids(Wanted("spark")) == ["ship", "lake"]
    assert ids(Wanted("lake")) == ["lake", "ship"]


def test_a_word_that_nobody_has_is_named_and_the_others_still_find() -> None:
    found = Catalogue(ALL).find(Wanted("how to tune hive zookeeper"), {})

    assert [scenario.id for scenario in found.scenarios] == ["hive"]
    assert found.unknown == ("tune", "zookeeper")


def test_where_no_scenario_has_all_words_those_with_most_are_found() -> None:
    assert ids(Wanted("spark lookup metadata")) == ["lake"]


def test_signs_alone_are_no_search() -> None:
    assert len(ids(Wanted("?!"))) == 3


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(levels=("mid",)), {"lake", "ship"}),
        (Wanted(levels=("mid", "senior")), {"hive", "lake", "ship"}),
        (Wanted(difficulties=("hard", "easy")), {"hive", "ship"}),
        (Wanted(lengths=("short",)), {"lake"}),
        (Wanted(lengths=("medium", "long")), {"hive", "ship"}),
        (Wanted(topics=("ci-cd", "metadata")), {"hive", "ship"}),
        (Wanted(technologies=("Spark",), levels=("senior",)), {"lake"}),
        (Wanted("spark", difficulties=("hard",)), set()),
    ],
)
def test_one_value_of_each_filter_is_enough_and_all_filters_must_hold(wanted: Wanted, found: set[str]) -> None:
    assert set(ids(wanted)) == found


def test_every_length_of_a_scenario_has_its_filter() -> None:
    assert {length(minutes) for minutes in range(1, 121)} == {"short", "medium", "long"}


@pytest.mark.parametrize(
    ("standing", "found"), [("new", ["ship"]), ("done", ["hive", "lake"]), ("weak", ["hive"])]
)  # fmt: skip
def test_scenarios_are_filtered_by_what_was_done_and_missed(standing: Standing, found: list[str]) -> None:
    known = records([a_past_grade("hive", credits={"cause": 0.5}), a_past_grade("lake", credits={"cause": 0.9})])

    assert ids(Wanted(standings=(standing,)), known) == found


def test_without_a_search_new_ones_come_first_then_weak_ones_and_easy_before_hard() -> None:
    more = (*ALL, a_scenario(id="easy", difficulty="easy"), a_scenario(id="also", difficulty="hard"))
    known = records([a_past_grade("hive", credits={"cause": 0.1}), a_past_grade("ship", credits={"cause": 1.0})])

    assert ids(Wanted(), known, more) == ["easy", "lake", "also", "hive", "ship"]


def test_an_empty_result_says_which_filter_to_remove_and_what_that_brings() -> None:
    wanted = Wanted("spark", difficulties=("hard",), levels=("mid",))

    assert Catalogue(ALL).removable(wanted, {}) == {"difficulties": 2}
    assert Catalogue(ALL).find(wanted.without("difficulties"), {}).scenarios == (SHIP, LAKE)
    assert Catalogue(ALL).removable(Wanted("zookeeper", topics=("ci-cd",)), {}) == {"words": 1}


def test_where_no_single_filter_is_in_the_way_those_that_find_something_alone_are_named() -> None:
    wanted = Wanted("hive", difficulties=("easy",), levels=("mid",), lengths=("short",))

    assert Catalogue(ALL).removable(wanted, {}) == {}
    assert Catalogue(ALL).alone(wanted, {}) == {"words": 1, "difficulties": 1, "lengths": 1, "levels": 2}
    assert Catalogue(ALL).find(wanted.only("lengths"), {}).scenarios == (LAKE,)


def test_a_hundred_scenarios_are_searched_at_once() -> None:
    catalogue = Catalogue(a_scenario(id=f"copy-{n}", title=f"{HIVE.title} number{n}") for n in range(100))

    started = time.perf_counter()
    catalogue.removable(Wanted("partitoins nubmer77 zookeper", levels=("mid",)), {})

    assert time.perf_counter() - started < 0.5
