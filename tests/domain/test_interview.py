"""An interview is a record of turns: what is derived from it follows from what was said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import ValidationError

from interviewer.domain.interview import CHANGE_WEIGHT, THINKING_SECONDS, Interview, Move
from interviewer.domain.moves import closing
from tests.builders import NOW, a_scenario, a_turn, an_interview

HINT = Move(kind="hint", text="Think about what the sender sees.", reason="asked for", hint_level=1)


def test_a_turn_out_of_order_is_refused() -> None:
    interview = an_interview("Retries.")

    with pytest.raises(ValueError, match="turn 5 cannot follow 2 turns"):
        interview.with_turn(a_turn(5))
    with pytest.raises(ValueError, match="turn 1 cannot follow 2 turns"):
        interview.with_turn(a_turn(1))


def test_adding_a_turn_leaves_the_earlier_interview_as_it_was() -> None:
    before = an_interview()

    after = before.with_turn(a_turn(1))

    assert len(before.turns) == 1
    assert len(after.turns) == 2
    with pytest.raises(ValidationError):
        after.turns = ()  # type: ignore[misc]


def test_whose_turn_it_is_follows_from_the_last_turn() -> None:
    nothing_yet = Interview(scenario=a_scenario(), started_at=NOW)

    assert nothing_yet.awaits_interviewer
    assert not nothing_yet.awaits_candidate
    assert an_interview().awaits_candidate
    assert an_interview("Retries.").awaits_interviewer
    finished = an_interview("Retries.", closing("candidate"))
    assert finished.is_finished
    assert not finished.awaits_candidate
    assert not finished.awaits_interviewer


def test_the_end_is_remembered_with_its_reason() -> None:
    assert an_interview("Retries.", closing("stuck")).ended == "stuck"
    assert an_interview("Retries.", "Why?").ended is None


def test_only_a_mock_interview_has_a_deadline() -> None:
    assert an_interview(mode="practice").deadline is None
    assert an_interview(mode="mock").deadline == NOW + timedelta(minutes=15, seconds=THINKING_SECONDS)


def test_sentences_are_numbered_through_the_whole_interview_and_leave_the_interviewer_out() -> None:
    interview = an_interview("One thing. Another thing.", "Why that?", "A third thing.")

    assert [(s.number, s.turn, s.text) for s in interview.sentences()] == [
        (1, 1, "One thing."),
        (2, 1, "Another thing."),
        (3, 3, "A third thing."),
    ]


def test_a_sentence_remembers_everything_said_since_the_last_answer() -> None:
    interview = an_interview("Retries.", "Why that?", HINT, "Because it waits.")

    assert interview.sentences()[-1].heard == f"Why that?\n{HINT.text}"


def test_a_turn_without_a_sentence_does_not_wipe_out_what_was_heard() -> None:
    """A dash sent after a hint must not turn the hint's own words into an answer."""
    interview = an_interview("Retries.", HINT, "---", "And then?", HINT.text)

    assert HINT.text in interview.sentences()[-1].heard


def test_a_hint_or_a_side_remark_is_not_the_question_that_is_open() -> None:
    remark = Move(kind="assume", text="The brief does not say.", reason="asked")

    assert an_interview("Retries.", "Why that?", HINT).last_question.text == "Why that?"
    assert an_interview("What?", remark).last_question.text == a_scenario().question


def test_an_offer_of_a_hint_counts_as_the_probe_it_holds() -> None:
    offer = Move(kind="offer_hint", text="You can take a hint. Or: why?", ask="why?", probe="why-twice", reason="empty")

    assert [move.probe for move in an_interview("Hm.", offer).probes] == ["why-twice"]


@pytest.mark.parametrize("text", ["\x00", "\ud800 lone", "\u202e reversed", "𝕌𝕟𝕚", "'\"<script>", "a\u2028b"])
def test_odd_characters_are_kept_as_they_are(text: str) -> None:
    interview = an_interview(text)

    assert interview.last_answer is not None
    assert interview.last_answer.text == text
    assert "".join("".join(s.text.split()) for s in interview.sentences()) == "".join(text.split())


def test_a_changed_condition_that_was_put_to_the_candidate_is_graded_as_a_point_of_its_own() -> None:
    changed = Move(kind="probe", text="Now?", ask="Now?", probe="no-ids", target="key", reason="a changed condition")
    asked = an_interview("I store the event id.", changed, "A hash of the content.").as_graded()

    point = asked.scenario.key_points[-1]
    assert (point.id, point.weight) == ("no-ids", CHANGE_WEIGHT)
    assert point.text.startswith("Derives one from the content")
    assert asked.as_graded() == asked, "only once"
    assert an_interview("I store the event id.").as_graded().scenario == a_scenario()
