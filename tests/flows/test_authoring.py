"""A model proposes what a draft lacks; what is wrong with a proposal is not shown, and nothing written is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.domain.scenario import Scenario
from interviewer.errors import InputError, ModelError
from interviewer.flows.authoring import (
    Edit,
    Proposal,
    check_draftable,
    detail_proposals,
    hint_proposals,
    point_proposals,
    signed,
    with_points,
)
from tests.builders import a_scenario

CAUSE = "The sender delivers at least once: it sends again whenever our reply comes late or is lost."
GOOD_PROBE = {
    "type": "clarify",
    "ask": "What could make it come two times?",
    "strong": "Names retries after a lost reply.",
    "weak": "Blames the network.",
}
GOOD_DETAILS: dict[str, Any] = {
    "phrasings": ["It comes again when nobody answers in time.", "They retry until we answer."],
    "misconceptions": ["The sender guarantees exactly one delivery."],
    "probe": GOOD_PROBE,
}
GOOD_HINTS = {
    "nudge": "Think about what the sender sees.",
    "pointer": "Compare both copies.",
    "near_answer": "Let something else refuse the second copy.",
}


def a_draft(*points: dict[str, Any], **changes: Any) -> Scenario:
    """A draft with these key points, by default one, and with nothing else that a model could add to."""
    given = points or ({"id": "cause", "weight": 100, "text": CAUSE, "phrasings": (CAUSE,)},)
    bare: dict[str, Any] = {
        "status": "draft",
        "key_points": given,
        "probes": (),
        "constraint_changes": (),
        "hints": (),
        "level_expectations": {},
    }
    return a_scenario(**{**bare, **changes})


def proposed_points(scenario: Scenario, prompts: PromptFiles, *texts: str) -> list[str]:
    reply = {"points": [{"text": text, "dimension": "solution"} for text in texts]}
    return [line for made in point_proposals(scenario, ScriptedModel([reply]), prompts) for line in made.lines]


def proposed_details(scenario: Scenario, prompts: PromptFiles, **changes: Any) -> list[Proposal]:
    model = ScriptedModel([{**GOOD_DETAILS, **changes}])
    return detail_proposals(scenario, scenario.key_points[0], model, prompts)


def kinds(proposals: list[Proposal]) -> list[str]:
    return [proposal.kind for proposal in proposals]


# --- key points


def test_new_key_points_are_proposed_one_by_one(prompts: PromptFiles) -> None:
    found = proposed_points(a_draft(), prompts, "Record the event id once.", "Reply before the slow work.")

    assert found == ["Record the event id once.", "Reply before the slow work."]


def test_a_point_that_stands_there_or_is_empty_or_endless_is_not_proposed(prompts: PromptFiles) -> None:
    endless = "and so it goes with events " * 10

    assert proposed_points(a_draft(), prompts, CAUSE.upper(), "  ", "...", endless, "Reply early.", "Reply early") == [
        "Reply early."
    ]


def test_no_more_than_seven_points_come_together(prompts: PromptFiles) -> None:
    many = [f"Apply measure number {number}." for number in range(20)]

    assert len(proposed_points(a_draft(), prompts, *many)) == 6


def test_a_model_is_not_asked_for_points_where_there_are_four_or_a_person_has_weighed_them(
    prompts: PromptFiles,
) -> None:
    silent = ScriptedModel([])
    four = [{"id": f"p{n}", "weight": 25, "text": f"Point {n} matters.", "phrasings": ()} for n in range(4)]
    weighed = [{"id": f"p{n}", "weight": weight, "text": f"Point {n} matters."} for n, weight in enumerate((80, 20))]

    assert point_proposals(a_draft(*four), silent, prompts) == []
    assert point_proposals(a_draft(*weighed), silent, prompts) == []
    assert silent.requests == []


def test_accepted_points_get_ids_that_are_free_and_all_weights_are_equal_again(prompts: PromptFiles) -> None:
    scenario = a_draft({"id": "webhook-twice.2", "weight": 100, "text": CAUSE})
    reply = {"points": [{"text": text, "dimension": "depth"} for text in ("Reply early.", "Compare daily.")]}
    taken = point_proposals(scenario, ScriptedModel([reply]), prompts)

    first, second, third = with_points(scenario, taken)

    assert first == Edit(("key_points", 0, "weight"), 34, sets=True)
    assert [(edit.value["id"], edit.value["weight"], edit.sets) for edit in (second, third)] == [
        ("webhook-twice.1", 33, False),
        ("webhook-twice.3", 33, False),
    ]
    assert second.value["phrasings"] == ["Reply early."]


def test_a_scenario_without_a_reference_becomes_a_draft_only_with_an_accepted_point(prompts: PromptFiles) -> None:
    scenario = a_draft(status="needs_reference", key_points=(), reference="")
    reply = {"points": [{"text": "Reply early.", "dimension": "solution"}]}
    taken = point_proposals(scenario, ScriptedModel([reply]), prompts)

    assert with_points(scenario, taken)[-1] == Edit(("status",), "draft", sets=True)


def test_the_only_values_that_are_ever_set_are_weights_by_rule_and_the_status(prompts: PromptFiles) -> None:
    scenario = a_draft()
    reply = {"points": [{"text": "Reply early.", "dimension": "solution"}]}
    edits = with_points(scenario, point_proposals(scenario, ScriptedModel([reply]), prompts))
    edits += [edit for proposal in proposed_details(scenario, prompts) for edit in proposal.edits]
    edits += [edit for made in hint_proposals(scenario, ScriptedModel([GOOD_HINTS]), prompts) for edit in made.edits]
    edits += signed(scenario, "some-model")

    assert {edit.field[-1] for edit in edits if edit.sets} == {"weight"}
    assert len(edits) > 8


# --- phrasings, misconceptions, follow-ups


def test_what_a_key_point_lacks_is_proposed_in_parts_that_say_what_they_are_about(prompts: PromptFiles) -> None:
    proposals = proposed_details(a_draft(), prompts)

    assert kinds(proposals) == ["phrasing", "phrasing", "misconception", "probe"]
    assert {proposal.about for proposal in proposals} == {CAUSE}
    assert proposals[0].edits == (Edit(("key_points", 0, "phrasings"), GOOD_DETAILS["phrasings"][0]),)
    assert proposals[-1].edits[0].value["targets"] == ["cause"]
    assert proposals[-1].edits[0].value["id"] == "p1"


def test_there_are_four_phrasings_at_most(prompts: PromptFiles) -> None:
    point = {"id": "cause", "weight": 100, "text": CAUSE, "phrasings": ("It retries.", "It repeats.", "It comes back.")}

    assert (
        kinds(proposed_details(a_draft(point), prompts, phrasings=["Aha events.", "Oho events."])).count("phrasing")
        == 1
    )


def test_a_phrasing_that_is_there_in_other_letters_is_not_proposed(prompts: PromptFiles) -> None:
    assert "phrasing" not in kinds(proposed_details(a_draft(), prompts, phrasings=[CAUSE.lower().rstrip(".")]))


@pytest.mark.parametrize(
    "change",
    [
        {"ask": "Tell me more."},
        {"ask": "Why? And how?"},
        {"ask": "What about " + "this and " * 40 + "that?"},
        {"ask": "Could it be that it sends again whenever our reply comes late?"},
        {"strong": ""},
        {"weak": "..."},
    ],
    ids=str,
)
def test_a_follow_up_that_is_no_single_short_question_or_gives_the_answer_away_is_not_proposed(
    change: dict[str, str], prompts: PromptFiles
) -> None:
    assert "probe" not in kinds(proposed_details(a_draft(), prompts, probe={**GOOD_PROBE, **change}))


def test_a_point_that_has_a_follow_up_gets_no_second_one(prompts: PromptFiles) -> None:
    probe = {**GOOD_PROBE, "id": "mine", "targets": ("cause",), "when": "missing", "ask": "Why twice?"}

    assert "probe" not in kinds(proposed_details(a_draft(probes=(probe,)), prompts))


def test_the_id_of_a_follow_up_is_free(prompts: PromptFiles) -> None:
    probe = {**GOOD_PROBE, "id": "p1", "targets": ("cause",), "when": "covered", "ask": "Why twice?"}

    made = proposed_details(a_draft(probes=(probe,)), prompts)[-1]

    assert made.edits[0].value["id"] == "p2"


def test_a_complete_point_is_not_sent_to_the_model(prompts: PromptFiles) -> None:
    silent = ScriptedModel([])
    complete = (
        a_scenario(status="draft")
        .key_points[0]
        .model_copy(update={"phrasings": ("A.", "B.", "C.", "D."), "misconceptions": ("E.", "F.", "G.")})
    )
    scenario = a_scenario(status="draft").model_copy(update={"key_points": (complete,)})

    assert detail_proposals(scenario, complete, silent, prompts) == []
    assert silent.requests == []


# --- hints


def test_three_hints_come_together(prompts: PromptFiles) -> None:
    (proposal,) = hint_proposals(a_draft(), ScriptedModel([GOOD_HINTS]), prompts)

    assert proposal.lines == tuple(GOOD_HINTS.values())
    assert [edit.value["level"] for edit in proposal.edits] == [1, 2, 3]


def test_hints_that_hold_the_answer_are_not_proposed(prompts: PromptFiles) -> None:
    told = {**GOOD_HINTS, "near_answer": "Note that it sends again whenever our reply comes late."}

    assert hint_proposals(a_draft(), ScriptedModel([told]), prompts) == []


def test_a_scenario_with_hints_or_without_points_is_not_sent_to_the_model(prompts: PromptFiles) -> None:
    silent = ScriptedModel([])

    assert hint_proposals(a_draft(hints=({"level": 1, "text": "Mine."},)), silent, prompts) == []
    assert hint_proposals(a_draft(key_points=()), silent, prompts) == []
    assert silent.requests == []


# --- the rest


def test_a_reviewed_scenario_is_left_alone() -> None:
    check_draftable(a_draft())
    with pytest.raises(InputError, match="is reviewed"):
        check_draftable(a_scenario())


def test_the_scenario_names_each_model_once() -> None:
    scenario = a_draft(provenance={"origin": "notes", "licence": "MIT", "drafted_by": ("rule", "some-model")})

    assert list(signed(scenario, "some-model")) == []
    assert list(signed(scenario, "other")) == [Edit(("provenance", "drafted_by"), "other")]


def test_a_reply_in_another_form_is_an_error_and_no_proposal(prompts: PromptFiles) -> None:
    with pytest.raises(ModelError):
        point_proposals(a_draft(), ScriptedModel([{"points": "many"}]), prompts)


def test_what_a_model_writes_cannot_hold_controls_or_lines(prompts: PromptFiles) -> None:
    (line,) = proposed_points(a_draft(), prompts, "Reply \x1b[31mearly\n---\nstatus: reviewed")

    assert line.isprintable()
