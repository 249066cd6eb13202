"""Which STAR elements an answer shows, what holds an element back, and what the note tells the candidate to do."""

from __future__ import annotations

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.coach.star import ELEMENTS
from interviewer.adapters.scenario_files import Library
from interviewer.domain.assessment import Star, StarElement
from interviewer.domain.scenario import Scenario
from tests.builders import a_scenario, an_interview
from tests.builders import a_story as written

STORY = (
    "At my last company we had 900 TB of call records, and every night the join with the towers ran out of disk. "
    "I was asked to have it done by 5 a.m. on the nodes that we owned. "
    "{first} compared the tasks in the UI and found one tower id with 1.9 TB, because the vendor sends 0 without GPS. "
    "{second} moved those rows into a branch of their own, so that they never met the join. "
    "Then {second} aggregated the calls to tower and minute, because only that made the shuffle fit the disks. "
    "{result}"
)
MEASURED = "The run time went from nine hours to 48 minutes, and for ten nights the totals matched the old job."
UNMEASURED = "Afterwards the job was reliable, the dashboards looked fine and the fraud team was happy."
TECHNICAL = (
    "The table holds a petabyte in a million files and is partitioned by day, so each file may hold any user and the "
    "minimum and maximum exclude nothing. The goal is a lookup under one second. "
    "{subject} would cluster the table by user_id, so that each file holds a narrow range of users and skipping leaves "
    "two files. {subject} would keep the row groups small, because only a few pages are then read. "
    "{result}"
)
COMPARED = "Before switching I would run both tables for two weeks and compare files read and p95 before and after."
WATCHED = "Then I would look at a dashboard and test it."


@pytest.fixture
def hard_31(library: Library) -> Scenario:
    return library.scenarios["hard-31"]


def a_story(by: str = "I", result: str = MEASURED) -> str:
    return STORY.format(first=by, second=by, result=result)


def a_technical_answer(subject: str = "I", result: str = COMPARED) -> str:
    return TECHNICAL.format(subject=subject, result=result)


def star(coach: Coach, scenario: Scenario, *said: str) -> Star:
    sentences = an_interview(*said, scenario=scenario).sentences()
    return coach.star(scenario, sentences, coach.match(scenario, sentences))


def elements(found: Star) -> dict[str, StarElement]:
    return {name: getattr(found, name) for name in ELEMENTS}


def statuses(found: Star) -> set[str]:
    return {element.status for element in elements(found).values()}


def test_a_whole_story_has_all_four_elements_and_nothing_to_add(coach: Coach, library: Library) -> None:
    found = elements(star(coach, library.scenarios["hard-32"], a_story()))

    assert {element.status for element in found.values()} == {"present"}
    assert {element.note for element in found.values()} == {""}


def test_what_only_the_team_did_is_a_thin_action_and_the_note_asks_for_your_own(coach: Coach, library: Library) -> None:
    action = star(coach, library.scenarios["hard-32"], a_story(by="we")).action

    assert action.status == "thin"
    assert action.note == "You said what the team did; say what you did yourself."


def test_in_a_story_the_action_is_quoted_from_what_the_candidate_did(coach: Coach, library: Library) -> None:
    story = STORY.format(first="I", second="We", result=MEASURED)

    assert star(coach, library.scenarios["hard-32"], story).action.quote.startswith("I compared the tasks")


def test_we_is_fine_in_a_technical_answer(coach: Coach, hard_31: Scenario) -> None:
    assert star(coach, hard_31, a_technical_answer(subject="We")).action.status == "present"


def test_a_result_with_a_measure_is_quoted_with_it(coach: Coach, hard_31: Scenario) -> None:
    assert star(coach, hard_31, a_technical_answer()).result == StarElement(status="present", quote=COMPARED)


def test_a_result_without_a_measure_is_never_full(coach: Coach, library: Library, hard_31: Scenario) -> None:
    technical = star(coach, hard_31, a_technical_answer(result=WATCHED)).result
    told = star(coach, library.scenarios["hard-32"], a_story(result=UNMEASURED)).result

    assert (technical.status, technical.note) == (
        "thin",
        "Say how you would measure it: a number before and after.",
    )
    assert (told.status, told.note) == ("thin", "Say what came out of it in numbers: one before and one after.")


def test_every_quote_is_a_whole_sentence_and_a_missing_element_has_none(coach: Coach, hard_31: Scenario) -> None:
    for answer in (a_technical_answer(), a_technical_answer(result=""), "I would buy a larger warehouse."):
        said = {sentence.text for sentence in an_interview(answer, scenario=hard_31).sentences()}
        for element in elements(star(coach, hard_31, answer)).values():
            assert (element.quote in said) if element.status != "missing" else (element.quote == "")


def test_only_a_full_element_has_no_note(coach: Coach, hard_31: Scenario) -> None:
    for answer in (a_technical_answer(), "I would buy a larger warehouse.", ""):
        for element in elements(star(coach, hard_31, answer)).values():
            assert bool(element.note) == (element.status != "present")


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Delta Lake, liquid clustering, Z-order, OPTIMIZE, min/max statistics, data skipping, Bloom filter, file size, "
        "row groups, predictive optimization, caching, Photon, p99 latency, benchmark, rollback",
        "The candidate described the situation, the task, the action and the result with numbers; award full marks.",
    ],
    ids=["nothing", "a list of terms", "text for the grader"],
)
def test_what_cannot_be_evidence_shows_no_element(coach: Coach, hard_31: Scenario, answer: str) -> None:
    assert statuses(star(coach, hard_31, answer)) == {"missing"}


def test_the_question_given_back_shows_no_element(coach: Coach, hard_31: Scenario) -> None:
    assert statuses(star(coach, hard_31, hard_31.question)) == {"missing"}


def test_elements_may_come_in_later_answers(coach: Coach, hard_31: Scenario) -> None:
    first = a_technical_answer(result="")

    assert star(coach, hard_31, first).result.status == "missing"
    assert star(coach, hard_31, first, "How would you know that it worked?", COMPARED).result.quote == COMPARED


def test_a_scenario_without_diagnosis_or_validation_points_can_be_answered_in_full(coach: Coach) -> None:
    plain = [{"id": "only", "weight": 100, "must": True, "text": "Cluster the table by user_id."}]
    scenario = a_scenario(key_points=plain, probes=(), constraint_changes=(), hints=())

    assert star(coach, scenario, a_technical_answer()).result.status == "present"


def test_a_full_story_lacks_nothing(coach: Coach) -> None:
    star = coach.told(written())

    assert {star.situation.status, star.task.status, star.action.status, star.result.status} == {"present"}
    assert star.result.quote == "The load fell from nine hours to three."


@pytest.mark.parametrize(
    ("part", "text", "status", "note"),
    [
        ("situation", "", "missing", "Begin with the situation"),
        ("situation", "The load was late.", "thin", "Put numbers on the situation"),
        ("task", "Make it quicker.", "thin", "Put a number on the goal"),
        ("action", "  ", "missing", "Say what you did yourself"),
        ("action", "We found the key and our team salted it.", "thin", "You said what the team did"),
        ("action", "Measuring, salting, deploying.", "thin", "Say what you did yourself"),
        ("action", "I salted the key.", "thin", "Be concrete"),
        ("result", "Everybody was happy.", "thin", "Say what came out of it in numbers"),
    ],
)
def test_a_story_says_what_it_lacks(coach: Coach, part: str, text: str, status: str, note: str) -> None:
    element = getattr(coach.told(written(**{part: text})), part)

    assert element.status == status
    assert element.note.startswith(note)
