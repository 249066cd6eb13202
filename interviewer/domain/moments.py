"""Where an interview was won, lost and recovered: by rule, from the evidence of every turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from interviewer.domain.assessment import Assessment, Evidence
from interviewer.domain.carried import Row, Sign, answer_to, numbered, rows
from interviewer.domain.interview import Interview
from interviewer.domain.moves import EARLIER_CONTRADICTED, JUST_CONTRADICTED

Turning = Literal["won", "lost", "recovered"]
How = Literal["said", "contradicted", "red flag", "not answered", "taken back", "hint", "follow-up"]

TURNINGS: dict[Turning, Sign] = {
    "won": Sign("Won", "▲"),
    "lost": Sign("Lost", "▼"),
    "recovered": Sign("Recovered", "↺"),
}
DECISIVE = 0.1  # share of the whole weight; with less a moment decides nothing
OF_EACH_AT_MOST = 2


class Moment(NamedTuple):
    """A turn of the candidate that decided something, why, and the words of it (verbatim; "" when nothing was said)."""

    turning: Turning
    turn: int
    share: float
    text: str
    quote: str


class _Cause(NamedTuple):
    """What one point did to one turn."""

    turning: Turning
    how: How
    turn: int
    weight: float
    number: int
    quote: str


def moments(interview: Interview, assessment: Assessment) -> tuple[Moment, ...]:
    """At most two of each kind, those that moved most, in the order said. `interview` is as it was graded."""
    whole = sum(point.weight for point in assessment.points)
    grouped: defaultdict[tuple[Turning, How, int], list[_Cause]] = defaultdict(list)
    for cause in _causes(interview, assessment):
        grouped[cause.turning, cause.how, cause.turn].append(cause)
    found = [_moment(group, whole) for group in grouped.values()]
    kept = [
        moment
        for turning in TURNINGS
        for moment in sorted((m for m in found if m.turning == turning), key=lambda m: -m.share)[:OF_EACH_AT_MOST]
        if moment.share >= DECISIVE
    ]
    return tuple(sorted(kept, key=lambda moment: moment.turn))


def _causes(interview: Interview, assessment: Assessment) -> Iterator[_Cause]:
    flagged = {flag.evidence.sentence for flag in assessment.red_flags}
    for row in rows(interview, assessment):
        evidence = row.result.verdict.evidence if row.result.verdict else ()
        credit = row.result.credit
        if evidence and credit:
            first = min(evidence, key=lambda item: item.sentence)
            how = _way_back(interview, row, first)
            turning: Turning = "recovered" if how else "won"
            yield _Cause(turning, how or "said", first.turn, row.result.weight * credit, row.number, first.text)
        elif evidence and row.state == "contradicted":
            last = max(evidence, key=lambda item: item.sentence)
            how = "red flag" if last.sentence in flagged else "contradicted"
            yield _Cause("lost", how, last.turn, row.result.weight, row.number, last.text)
        elif row.state == "missed":
            yield from _not_answered(interview, row)


def _way_back(interview: Interview, row: Row, first: Evidence) -> How | None:
    """What led to a point that had not come by itself; None when it had."""
    asked = [
        turn.move
        for turn in interview.turns
        if turn.seq < first.turn and turn.move and turn.move.probe and turn.move.target == row.point.id
    ]
    if any(move.reason.endswith((JUST_CONTRADICTED, EARLIER_CONTRADICTED)) for move in asked):
        return "taken back"
    if row.result.hint_level:
        return "hint"
    return "follow-up" if asked else None


def _not_answered(interview: Interview, row: Row) -> Iterator[_Cause]:
    asked = [turn.seq for turn in interview.turns if turn.move and turn.move.probe and turn.move.target == row.point.id]
    answer = answer_to(interview, asked[-1]) if asked else None
    if answer:
        yield _Cause("lost", "not answered", answer.seq, row.result.weight, row.number, "")


def _moment(causes: Sequence[_Cause], whole: float) -> Moment:
    first = max(causes, key=lambda cause: cause.weight)
    share = sum(cause.weight for cause in causes) / whole
    return Moment(first.turning, first.turn, share, _told(first.how, (c.number for c in causes), share), first.quote)


def _told(how: How, numbers: Iterable[int], share: float) -> str:
    points, worth = numbered(sorted(numbers)), f"{share:.0%} of the weight"
    return {
        "said": f"Said {points} unasked: {worth}.",
        "contradicted": f"Spoke against {points} and did not take it back: {worth}.",
        "red flag": f"A claim that interviewers do not let pass, against {points}: {worth}, and it caps the score.",
        "not answered": f"Asked about {points}, and the answer did not say it: {worth}.",
        "taken back": f"Took back a claim when it was challenged, and said {points}: {worth}.",
        "hint": f"Said {points} after a hint: {worth}.",
        "follow-up": f"Said {points} when asked: {worth}.",
    }[how]
