"""The decisive moments follow from the evidence: won, lost and recovered, with the words that did it."""

from __future__ import annotations

from interviewer.domain.assessment import Evidence, RedFlag, VerdictKind
from interviewer.domain.interview import Interview, Move
from interviewer.domain.moments import Moment, moments
from interviewer.domain.moves import JUST_CONTRADICTED
from tests.builders import a_grade, an_interview

CAUSE = "The provider retries after a timeout."
ASK_CAUSE = "What could make it arrive two times?"
WRONG = "The provider delivers every event exactly once."


def found(interview: Interview, findings: dict[str, tuple[VerdictKind, int]]) -> list[tuple[str, int, str]]:
    return [(m.turning, m.turn, m.text) for m in moments(interview, a_grade(interview, findings))]


def test_the_answer_that_said_most_unasked_was_won() -> None:
    interview = an_interview(f"{CAUSE} I would keep the event id.")

    assert found(interview, {"cause": ("covered", 1), "key": ("covered", 2)}) == [
        ("won", 1, "Said points 1 and 2 unasked: 60% of the weight.")
    ]


def test_a_moment_quotes_the_sentence_that_weighs_most() -> None:
    interview = an_interview(f"{CAUSE} I would answer at once.")

    moment = moments(interview, a_grade(interview, {"cause": ("covered", 1), "reply": ("covered", 2)}))[0]

    assert moment == Moment("won", 1, 0.5, "Said points 1 and 3 unasked: 50% of the weight.", CAUSE)


def test_a_claim_that_stands_against_a_point_was_lost() -> None:
    assert found(an_interview(WRONG), {"cause": ("contradicted", 1)}) == [
        ("lost", 1, "Spoke against point 1 and did not take it back: 30% of the weight.")
    ]


def test_a_red_flag_says_that_it_caps_the_score() -> None:
    interview = an_interview(WRONG)
    flag = RedFlag(key_point="cause", mistake="m", evidence=Evidence(sentence=1, turn=1, text=WRONG))
    assessment = a_grade(interview, {"cause": ("contradicted", 1)}, red_flags=(flag,))

    assert "it caps the score" in moments(interview, assessment)[0].text


def test_a_follow_up_without_the_point_in_its_answer_was_lost() -> None:
    interview = an_interview("Hm.", ASK_CAUSE, "No idea.")

    assert found(interview, {}) == [
        ("lost", 3, "Asked about point 1, and the answer did not say it: 30% of the weight.")
    ]


def test_a_point_said_when_asked_was_recovered() -> None:
    interview = an_interview("Hm.", ASK_CAUSE, CAUSE)

    assert found(interview, {"cause": ("covered", 2)}) == [
        ("recovered", 3, "Said point 1 when asked: 30% of the weight.")
    ]


def test_a_claim_taken_back_when_it_was_challenged_was_recovered() -> None:
    challenge = Move(
        kind="probe", text="Suppose?", probe="c", type="challenge", target="cause", reason=JUST_CONTRADICTED
    )
    interview = an_interview(WRONG, challenge, CAUSE)

    assert found(interview, {"cause": ("covered", 2)})[0][2].startswith("Took back a claim when it was challenged")


def test_a_point_said_after_a_hint_was_recovered_at_its_reduced_worth() -> None:
    hint = Move(kind="hint", text="Think.", hint_level=2, reason="hint 2 asked for")
    interview = an_interview("Hm.", hint, CAUSE)

    assert found(interview, {"cause": ("covered", 2)}) == [
        ("recovered", 3, "Said point 1 after a hint: 21% of the weight.")
    ]


def test_a_point_said_before_anybody_asked_stays_won() -> None:
    interview = an_interview(CAUSE, ASK_CAUSE, "As I said.")

    assert [turning for turning, _, _ in found(interview, {"cause": ("covered", 1)})] == ["won"]


def test_at_most_two_of_a_kind_are_told_those_that_weigh_most_in_the_order_said() -> None:
    more = Move(kind="invite", text="Anything to add?", reason="for a test")
    interview = an_interview("One.", more, "Two.", more, "Three.")
    every = {"reply": ("covered", 1), "cause": ("covered", 2), "key": ("covered", 3)}

    assert [(turning, turn) for turning, turn, _ in found(interview, every)] == [("won", 3), ("won", 5)]


def test_what_moved_little_is_no_decisive_moment() -> None:
    hint = Move(kind="hint", text="Think.", hint_level=2, reason="hint 2 asked for")

    assert found(an_interview("Hm.", hint, "Reply soon."), {"reply": ("partial", 2)}) == []


def test_an_interview_in_which_nothing_counted_has_no_moments() -> None:
    assert found(an_interview("Hm."), {}) == []
