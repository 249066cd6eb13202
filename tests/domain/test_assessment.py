"""What the judge claims is checked: only the candidate's own sentence about the point is evidence."""

from __future__ import annotations

import pytest

from interviewer.domain import assessment as rules
from interviewer.domain.assessment import Evidence, Finding, Verdict, VerdictKind
from interviewer.domain.interview import Interview, Move
from interviewer.domain.scenario import KeyPoint
from tests.builders import a_scenario, an_interview

CAUSE, KEY, REPLY, CHECK = a_scenario().key_points


def hint(level: int) -> Move:
    text = a_scenario().hint(level).text
    return Move(kind="hint", text=text, reason="asked for", hint_level=level)


def probe(target: str) -> Move:
    return Move(kind="probe", text="Why?", ask="Why?", probe="why-twice", type="clarify", target=target, reason="")


def verified(finding: Finding, interview: Interview, point: KeyPoint = CAUSE, about: bool = True) -> Verdict:
    return rules.verified(
        finding, point, interview.sentences(), interview.scenario.question, lambda sentence, key_point: about
    )


def finding(kind: VerdictKind, *sentences: int, point: KeyPoint = CAUSE) -> Finding:
    return Finding(key_point=point.id, kind=kind, sentences=sentences)


def test_evidence_is_the_candidates_sentence_verbatim() -> None:
    interview = an_interview("Hello. The provider retries after a lost response.")

    checked = verified(finding("covered", 2), interview)

    assert checked.kind == "covered"
    assert checked.evidence == (Evidence(sentence=2, turn=1, text="The provider retries after a lost response."),)


@pytest.mark.parametrize("numbers", [(), (0,), (-1,), (99,), (2**63,), (2, 99)])
def test_a_sentence_that_was_not_said_is_no_evidence(numbers: tuple[int, ...]) -> None:
    checked = verified(finding("covered", *numbers), an_interview("The provider retries after a lost response."))

    assert (checked.kind, checked.evidence) == ("missed", ())
    assert checked.reason.startswith("not credited")


def test_the_false_evidence_is_left_out_and_the_true_one_stays() -> None:
    checked = verified(finding("covered", 99, 1, 1), an_interview("The provider retries after a lost response."))

    assert [evidence.sentence for evidence in checked.evidence] == [1]


@pytest.mark.parametrize("kind", ["covered", "partial"])
def test_giving_back_what_the_interviewer_had_just_said_earns_nothing(kind: VerdictKind) -> None:
    interview = an_interview("Hm.", hint(1), "I think about what the sender sees when the reply does not reach it.")

    assert verified(finding(kind, 2), interview).kind == "missed"


def test_giving_back_what_the_interviewer_had_said_much_earlier_earns_nothing_either() -> None:
    interview = an_interview(
        "Hm.", hint(3), "Well.", probe("key"), "Hm.", probe("cause"), "So the database must refuse the second copy."
    )

    checked = verified(finding("covered", 4, point=KEY), interview, KEY)

    assert checked.kind == "missed"
    assert "repeats what the interviewer" in checked.reason


def test_what_the_candidate_said_first_stays_evidence_when_the_interviewer_takes_it_up() -> None:
    interview = an_interview("The provider retries after a lost response.", "You said the provider retries. Why?")

    assert verified(finding("covered", 1), interview).kind == "covered"


def test_giving_back_the_question_earns_nothing() -> None:
    interview = an_interview("A payment provider calls your webhook and some customers are charged twice.")

    assert verified(finding("covered", 1), interview).kind == "missed"


def test_a_sentence_about_something_else_is_no_evidence() -> None:
    checked = verified(finding("covered", 1), an_interview("I like trains."), about=False)

    assert (checked.kind, checked.reason) == ("missed", "not credited: the evidence is about something else")


def test_a_contradiction_also_needs_evidence() -> None:
    assert verified(finding("contradicted", 42), an_interview("Something.")).kind == "missed"


def test_a_missed_point_keeps_no_evidence() -> None:
    assert verified(finding("missed", 1), an_interview("Something.")).evidence == ()
