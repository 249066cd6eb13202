"""An Interview is a frozen record of turns; everything else about it is derived from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from interviewer.domain.scenario import Exhibit, KeyPoint, Level, ProbeType, Scenario
from interviewer.domain.words import sentences

Role = Literal["interviewer", "candidate"]
Mode = Literal["practice", "mock", "private", "story"]
Manner = Literal["neutral", "warm", "demanding"]
MoveKind = Literal[
    "open",  # the scenario's question
    "probe",  # one authored follow-up
    "context",  # a fact of the setting that the candidate asked for
    "exhibit",  # evidence that the candidate asked to see
    "assume",  # the setting does not say; the candidate may choose
    "repeat",  # the last question again
    "withhold",  # the candidate asked for the answer
    "steer",  # back to the question after something that was no answer
    "offer_hint",  # after two empty answers
    "hint",  # a hint that was asked for
    "invite",  # anything to add?
    "close",  # the end
]
EndReason = Literal["coverage", "budget", "time", "stuck", "candidate"]

COACH = "coach"
THINKING_SECONDS = 90  # R2: before the first answer the clock of a mock interview stands still for so long
CHANGE_WEIGHT = 10  # of a changed condition that was put to the candidate, beside the 100 of the key points


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Move(_Value):
    """What the interviewer does next, and why.

    `text` is the authored wording, complete without any model. For a question it is `lead` (an acknowledgement or the
    candidate's own phrase) and `ask` (the bare question); a model may reword `ask` and nothing else.
    """

    kind: MoveKind
    text: str
    reason: str
    lead: str = ""
    ask: str | None = None
    probe: str | None = None
    type: ProbeType | None = None
    target: str | None = None
    quote: str | None = None
    exhibit: str | None = None
    hint_level: int | None = None
    end: EndReason | None = None


class Usage(_Value):
    """What one model call took. Tokens are the server's count, or ours when it gave none (`estimated`)."""

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    estimated: bool = False


class Turn(_Value):
    """One thing said. `seq` counts from 0 and orders the interview; `at` is for display only."""

    seq: int
    role: Role
    text: str
    at: datetime
    move: Move | None = None
    engine: str = COACH
    note: str = ""
    prompt_version: str = ""
    usage: Usage | None = None


class Sentence(NamedTuple):
    """A numbered sentence of the candidate. Numbers count from 1 through the whole interview."""

    number: int
    turn: int
    text: str
    heard: str


class Interview(_Value):
    """The scenario, the terms, and everything said so far. `manner` is a matter of tone and of nothing else.

    `leaning` are topics that the candidate wants to hear about first: they decide between equals and nothing else.
    """

    scenario: Scenario
    mode: Mode = "practice"
    level: Level = "senior"
    manner: Manner = "neutral"
    leaning: tuple[str, ...] = ()
    max_probes: int = 6
    started_at: datetime
    ended: EndReason | None = None
    turns: tuple[Turn, ...] = ()

    def with_turn(self, turn: Turn) -> Interview:
        """The interview after `turn`. Raises ValueError when the turn is not the next one."""
        if turn.seq != len(self.turns):
            raise ValueError(f"turn {turn.seq} cannot follow {len(self.turns)} turns")
        ended = turn.move.end if turn.move and turn.move.kind == "close" else self.ended
        return self.model_copy(update={"turns": (*self.turns, turn), "ended": ended})

    @property
    def is_finished(self) -> bool:
        return self.ended is not None

    @property
    def moves(self) -> tuple[Move, ...]:
        return tuple(turn.move for turn in self.turns if turn.move is not None)

    @property
    def answers(self) -> tuple[Turn, ...]:
        return tuple(turn for turn in self.turns if turn.role == "candidate")

    @property
    def last_answer(self) -> Turn | None:
        return self.answers[-1] if self.answers else None

    @property
    def awaits_candidate(self) -> bool:
        return bool(self.turns) and self.turns[-1].role == "interviewer" and not self.is_finished

    @property
    def awaits_interviewer(self) -> bool:
        return not self.is_finished and (not self.turns or self.turns[-1].role == "candidate")

    @property
    def probes(self) -> tuple[Move, ...]:
        """The follow-up questions asked so far, with or without the offer of a hint."""
        return tuple(move for move in self.moves if move.probe is not None)

    @property
    def hints(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.kind == "hint")

    @property
    def last_question(self) -> Turn | None:
        """The interviewer's turn that the candidate is answering: hints and side remarks are not questions."""
        asked = ("open", "probe", "offer_hint", "exhibit", "invite")
        return next((t for t in reversed(self.turns) if t.move and t.move.kind in asked), None)

    @property
    def deadline(self) -> datetime | None:
        """When the clock runs out: only in a mock interview. The time for thinking comes on top."""
        if self.mode != "mock":
            return None
        return self.started_at + timedelta(minutes=self.scenario.time_minutes, seconds=THINKING_SECONDS)

    @property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """What the candidate has looked at, in that order."""
        shown = [move.exhibit for move in self.moves if move.exhibit]
        return tuple(exhibit for id in shown for exhibit in self.scenario.exhibits if exhibit.id == id)

    def as_graded(self) -> Interview:
        """The same interview with every changed condition that was put to the candidate as a key point of its own."""
        asked = {move.probe for move in self.probes}
        changes = tuple(
            KeyPoint(
                id=change.id,
                weight=CHANGE_WEIGHT,
                text=change.strong,
                dimension="trade-offs",
                strong=change.strong,
                why=f"It answers the changed condition: {change.ask}",
            )
            for change in self.scenario.constraint_changes
            if change.id in asked
        )
        known = {point.id for point in self.scenario.key_points}
        points = (*self.scenario.key_points, *(change for change in changes if change.id not in known))
        return self.model_copy(update={"scenario": self.scenario.model_copy(update={"key_points": points})})

    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of the candidate, numbered, with what the interviewer had said just before it."""
        return tuple(self._numbered())

    def _numbered(self) -> Iterator[Sentence]:
        number = 0
        heard: list[str] = []
        for turn in self.turns:
            if turn.role == "interviewer":
                heard.append(turn.text)
                continue
            spans = sentences(turn.text)
            for span in spans:
                number += 1
                yield Sentence(number, turn.seq, span.text, "\n".join(heard))
            if spans:
                heard = []
