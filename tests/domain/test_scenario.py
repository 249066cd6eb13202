"""A scenario that loads is a valid scenario: everything else is a finding with its field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from interviewer.domain.scenario import Flaw, Scenario, errors, warnings
from tests.builders import a_scenario


def dumped(**changes: Any) -> dict[str, Any]:
    return {**a_scenario().model_dump(mode="json", by_alias=True), **changes}


def points(**of_the_first: Any) -> tuple[dict[str, Any], ...]:
    first, *others = dumped()["key_points"]
    return ({**first, **of_the_first}, *others)


def probes(**of_the_first: Any) -> tuple[dict[str, Any], ...]:
    first, *others = dumped()["probes"]
    return ({**first, **of_the_first}, *others)


def hints(number: int, **changes: Any) -> tuple[dict[str, Any], ...]:
    return tuple({**hint, **changes} if index == number else hint for index, hint in enumerate(dumped()["hints"]))


def found(**changes: Any) -> list[Flaw]:
    return errors(a_scenario(**changes))


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"key_points": points(weight=31)}, ("key_points",), "weights sum to 101, not 100"),
        ({"key_points": points(id="key")}, ("key_points", 1, "id"), "duplicate id 'key'"),
        ({"probes": probes(targets=("nothing",))}, ("probes", 0, "targets"), "unknown key point 'nothing'"),
        ({"probes": probes(id="where-kept")}, ("probes", 2, "id"), "duplicate id 'where-kept'"),
        ({"hints": hints(0, targets=("nothing",))}, ("hints", 0, "targets"), "unknown key point 'nothing'"),
        ({"hints": hints(0, level=2)}, ("hints",), "levels are [2, 2, 3]; give 1, 2 and 3 in this order"),
        ({"hints": ()}, ("hints",), "levels are missing; give 1, 2 and 3 in this order"),
        ({"level_expectations": {"mid": ["nothing"]}}, ("level_expectations", "mid"), "unknown key point 'nothing'"),
        ({"sources": ()}, ("sources",), "a reviewed scenario names its sources"),
        ({"reference": " \n"}, ("reference",), "a reviewed scenario has a reference answer"),
        ({"star": None}, ("star",), "a reviewed scenario has a STAR frame"),
        ({"probes": probes()[:3]}, ("probes",), "3 probes; a reviewed scenario has at least 4"),
        ({"question": "word " * 181}, ("question",), "181 words; keep it to 180"),
        (
            {"question": "Would a Unique  Constraint help?"},
            ("question",),
            "gives away the spoiler term 'unique constraint'",
        ),
        (
            {"hints": hints(2, text="Use a unique-constraint.")},
            ("hints", 2, "text"),
            "gives away the spoiler term 'unique constraint'",
        ),
        (
            {"hints": hints(2, text="Unique constraints exist.")},
            ("hints", 2, "text"),
            "gives away the spoiler term 'unique constraint'",
        ),
        (
            {"probes": probes(ask="Why a unique constraint?")},
            ("probes", 0, "ask"),
            "gives away the spoiler term 'unique constraint'",
        ),
        (
            {"hints": hints(1, text="Then acknowledge at once, and leave the slow work to a queue!")},
            ("hints", 1, "text"),
            "repeats a sentence of the reference answer",
        ),
    ],
)
def test_what_makes_a_scenario_unfit_is_named_with_its_field(
    changes: dict[str, Any], field: tuple[str | int, ...], message: str
) -> None:
    assert Flaw(field, message) in found(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"key_points": points(wieght=1)},
        {"key_points": points(weight=0)},
        {"key_points": points(weight=101)},
        {"key_points": points(id="Not An Id")},
        {"key_points": points(sources=["ftp://example.com"])},
        {"probes": probes(targets=())},
        {"probes": probes(when="sometimes")},
        {"probes": probes(ask="   ")},
        {"id": "../../etc/passwd"},
        {"schema": 2},
        {"question": ""},
        {"time_minutes": 0},
        {"level": ()},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_field_that_cannot_be_read_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_scenario(**changes)


def test_a_draft_may_be_incomplete_but_not_inconsistent() -> None:
    draft: dict[str, Any] = {"status": "draft", "hints": (), "sources": (), "star": None, "reference": ""}

    assert found(**draft) == []
    assert found(**draft, key_points=points(weight=31)) != []


def test_a_spoiler_term_may_stand_in_a_probe_for_what_was_already_said() -> None:
    assert found(probes=probes(ask="Why is a unique constraint enough?", when="covered")) == []


def test_a_spoiler_term_inside_another_word_gives_nothing_away() -> None:
    spoiled = hints(1, spoiler_terms=["sort"])

    assert found(hints=spoiled, probes=probes(ask="What resorting would this consortium do?")) == []


def test_a_spoiler_term_without_a_word_is_not_found_everywhere() -> None:
    assert found(hints=hints(1, spoiler_terms=["→"])) == []


def test_a_volatile_fact_is_mentioned_once_it_is_half_a_year_old() -> None:
    checked = date(2026, 1, 1)
    fact = {"text": "0.02 USD a GB", "verified_on": checked.isoformat(), "volatile": True}
    scenario = a_scenario(key_points=points(facts=[fact]))

    assert warnings(scenario, checked + timedelta(days=180)) == []
    (finding,) = warnings(scenario, checked + timedelta(days=181))
    assert finding.field == ("key_points", 0, "facts", 0, "verified_on")
    assert "181 days" in finding.message


def test_the_brief_holds_nothing_of_the_answer() -> None:
    scenario = a_scenario()

    shown = scenario.brief.model_dump_json()

    assert scenario.question in scenario.brief.question
    for secret in (scenario.reference, *(p.text for p in scenario.key_points), *(h.text for h in scenario.hints)):
        assert secret not in shown


def test_a_scenario_survives_being_stored() -> None:
    scenario = a_scenario()

    assert Scenario.model_validate_json(scenario.model_dump_json(by_alias=True)) == scenario
