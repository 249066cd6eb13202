"""Hints: when one may be had, and what it costs (R8 to R10)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from interviewer.domain.interview import Interview, Move

HINT_PRICES = {1: 0.9, 2: 0.7, 3: 0.4}  # R10: share of a point's credit that remains
WITH_HINTS = ("practice", "private", "story")
HINT_READING_SECONDS = 15  # R9: the next hint is not offered while this one is being read
SILENCE_SECONDS = 75  # R9: after so long without a word a hint is offered, never forced


class HintOffer(NamedTuple):
    """The next hint: its level, the share of credit that remains after it, and why it must wait ("" for now)."""

    level: int
    price: float
    wait: str = ""


def hint_offer(interview: Interview, now: datetime) -> HintOffer | None:
    """The hint that may be asked for now; None when there is no further one or the mode has none (R8 to R10)."""
    level = len(interview.hints) + 1
    if interview.mode not in WITH_HINTS or interview.is_finished or interview.scenario.hint(level) is None:
        return None
    if not interview.answers:
        return HintOffer(level, HINT_PRICES[level], "Give a first answer, then a hint can build on it.")
    if interview.awaits_interviewer:
        return HintOffer(level, HINT_PRICES[level], "Wait for the interviewer's reply first.")
    hinted = [turn for turn in interview.turns if turn.move and turn.move.kind == "hint"]
    if hinted:
        last = hinted[-1]
        if not any(answer.seq > last.seq for answer in interview.answers):
            return HintOffer(level, HINT_PRICES[level], "Try an answer with the last hint first.")
        if (now - last.at).total_seconds() < HINT_READING_SECONDS:
            return HintOffer(level, HINT_PRICES[level], "Take a moment with the last hint.")
    return HintOffer(level, HINT_PRICES[level])


def silent_for_long(interview: Interview, now: datetime) -> bool:
    """Whether the last question has waited so long for an answer that a hint may be pointed to."""
    if not interview.awaits_candidate or not interview.answers:
        return False
    return (now - interview.turns[-1].at).total_seconds() >= SILENCE_SECONDS


def hint_move(interview: Interview, now: datetime) -> Move | None:
    """The move that gives the next hint, or None when none may be given now."""
    offer = hint_offer(interview, now)
    hint = interview.scenario.hint(offer.level) if offer and not offer.wait else None
    if offer is None or hint is None:
        return None
    return Move(
        kind="hint",
        text=hint.text,
        hint_level=offer.level,
        reason=f"hint {offer.level} asked for; points it helps with now earn {offer.price:.0%}",
    )
