"""An answer cut into pieces that counted and pieces that did not, and what each follow-up was after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from interviewer.domain.assessment import VerdictKind
from interviewer.domain.carried import Row
from interviewer.domain.interview import Interview, Turn
from interviewer.domain.moves import AFTER
from interviewer.domain.scenario import ProbeType
from interviewer.domain.words import sentences

AIM_WORDS = 10
_NAMES: dict[ProbeType, str] = {
    "clarify": "Clarifying",
    "deepen": "Deepening",
    "challenge": "Challenging",
    "failure-mode": "Failure-mode",
    "trade-off": "Trade-off",
    "quantify": "Quantifying",
    "generalise": "Generalising",
    "experience": "Experience",
}


class Piece(NamedTuple):
    """A verbatim piece of an answer. `kind` and `points` say what it is evidence for; None and () for nothing."""

    text: str
    kind: VerdictKind | None = None
    points: tuple[int, ...] = ()


def pieces(interview: Interview, rows: Sequence[Row], turn: Turn) -> tuple[Piece, ...]:
    """The whole answer in order: every sentence is a piece, and so is what stands between two."""
    kinds: dict[int, VerdictKind] = {}
    points: dict[int, tuple[int, ...]] = {}
    for row in rows:
        for evidence in row.result.verdict.evidence if row.result.verdict else ():
            kinds[evidence.sentence] = row.result.verdict.kind if row.result.verdict else "missed"
            points[evidence.sentence] = (*points.get(evidence.sentence, ()), row.number)
    numbers = [sentence.number for sentence in interview.sentences() if sentence.turn == turn.seq]
    found: list[Piece] = []
    done = 0
    for number, span in zip(numbers, sentences(turn.text), strict=True):
        found += [
            Piece(turn.text[done : span.start]),
            Piece(span.text, kinds.get(number), points.get(number, ())),
        ]
        done = span.end
    return tuple(piece for piece in (*found, Piece(turn.text[done:])) if piece.text)


def carried_in(rows: Sequence[Row], turn: Turn) -> tuple[Row, ...]:
    """The points for or against which this turn holds evidence."""
    return tuple(
        row
        for row in rows
        if row.result.verdict and any(evidence.turn == turn.seq for evidence in row.result.verdict.evidence)
    )


def meant(rows: Sequence[Row], turn: Turn) -> str:
    """What a follow-up was after: its kind, why it came then, and the point it aimed at; "" for any other turn."""
    move = turn.move
    if move is None or not move.probe:
        return ""
    kind = f"{_NAMES[move.type]} question, to have you {AFTER[move.type]}." if move.type else "Follow-up question."
    row = next((row for row in rows if row.point.id == move.target), None)
    aim = f"Aimed at point {row.number}, “{_beginning(row.point.text)}”: " if row else ""
    reason = move.reason if aim else move.reason[:1].upper() + move.reason[1:]
    return f"{kind} {aim}{reason}."


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:AIM_WORDS]).rstrip(" ,;:.") + "…" * (len(words) > AIM_WORDS)
