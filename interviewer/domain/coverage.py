"""What has been shown so far, per key point, with the sentences that showed it."""

from __future__ import annotations

from typing import Literal

from interviewer.domain.interview import Sentence, _Value
from interviewer.domain.scenario import Scenario

MatchKind = Literal["covered", "partial", "missed", "contradicted", "unsure"]

ENOUGH = 0.9  # R5: the interview may stop when this share of the weight is covered


class Match(_Value):
    """How far the candidate's sentences convey one key point.

    `sentences` are the numbers of the evidence, best first; `strength` is the matcher's probability (0 to 1) that
    the point was conveyed; `reason` is one plain sentence.
    """

    key_point: str
    finding: MatchKind
    sentences: tuple[int, ...] = ()
    strength: float = 0.0
    reason: str = ""


class Coverage(_Value):
    """One match per key point of the scenario, in its order."""

    matches: tuple[Match, ...] = ()

    def of(self, key_point: str) -> Match:
        """The match of this key point; a missed one when nothing is known."""
        for match in self.matches:
            if match.key_point == key_point:
                return match
        return Match(key_point=key_point, finding="missed")

    def share(self, scenario: Scenario) -> float:
        """The covered part of the weight, 0 to 1; a partial point counts half."""
        total = sum(point.weight for point in scenario.key_points)
        worth = {"covered": 1.0, "partial": 0.5, "unsure": 0.5}
        gained = sum(point.weight * worth.get(self.of(point.id).finding, 0.0) for point in scenario.key_points)
        return gained / total if total else 0.0

    def touched_in(self, turn: int, sentences: tuple[Sentence, ...]) -> set[str]:
        """The key points for which something in this turn is evidence, for or against."""
        here = {sentence.number for sentence in sentences if sentence.turn == turn}
        return {match.key_point for match in self.matches if here.intersection(match.sentences)}
