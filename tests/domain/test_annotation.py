"""An answer is cut at its evidence without losing a character, and a follow-up says what it was after."""

from __future__ import annotations

from interviewer.domain.annotation import Piece, carried_in, meant, pieces
from interviewer.domain.carried import rows
from tests.builders import a_grade, an_interview

ANSWER = "# Plan\n- The provider retries after a timeout.\n\nI would keep the event id;  and more."
INTERVIEW = an_interview(ANSWER, "What could make it arrive two times?", "No idea.")
TABLE = rows(INTERVIEW, a_grade(INTERVIEW, {"cause": ("covered", 2), "key": ("contradicted", 2)}))


def test_the_pieces_are_the_whole_answer_to_the_letter() -> None:
    assert "".join(piece.text for piece in pieces(INTERVIEW, TABLE, INTERVIEW.turns[1])) == ANSWER


def test_a_piece_of_evidence_names_every_point_it_bears_on() -> None:
    counted = [piece for piece in pieces(INTERVIEW, TABLE, INTERVIEW.turns[1]) if piece.kind]

    assert counted == [Piece("The provider retries after a timeout.", "contradicted", (1, 2))]
    assert [row.number for row in carried_in(TABLE, INTERVIEW.turns[1])] == [1, 2]
    assert carried_in(TABLE, INTERVIEW.turns[3]) == ()


def test_a_follow_up_says_its_kind_its_point_and_its_reason() -> None:
    assert meant(TABLE, INTERVIEW.turns[2]) == (
        "Clarifying question, to have you make it concrete. Aimed at point 1, “The sender delivers at least once: it "
        "sends again whenever…”: for a test."
    )
    assert meant(TABLE, INTERVIEW.turns[0]) == ""
    assert meant(TABLE, INTERVIEW.turns[1]) == ""
