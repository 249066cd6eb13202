"""Small builders for tests: a scenario, an interview about it, a grade of it. Say only what the test is about."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from interviewer.domain.assessment import (
    Assessment,
    Evidence,
    PointResult,
    Retry,
    Star,
    StarElement,
    Ungraded,
    Verdict,
    VerdictKind,
)
from interviewer.domain.experience import Story
from interviewer.domain.interview import Interview, Move, Turn
from interviewer.domain.practice import Drill, Graded
from interviewer.domain.record import Grade
from interviewer.domain.scenario import KeyPoint, Scenario
from interviewer.domain.scoring import point_result
from interviewer.domain.signal import judgement

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BETWEEN_TURNS = timedelta(seconds=30)

_SCENARIO: dict[str, Any] = {
    "schema": 1,
    "id": "webhook-twice",
    "title": "A webhook that delivers twice",
    "difficulty": "medium",
    "level": ("mid", "senior", "staff"),
    "topics": ("delivery", "reliability"),
    "technologies": ("PostgreSQL",),
    "time_minutes": 15,
    "status": "reviewed",
    "provenance": {"origin": "original", "licence": "MIT", "reviewed_on": "2026-11-01"},
    "verified_on": "2026-11-01",
    "key_points": (
        {
            "id": "cause",
            "weight": 30,
            "must": True,
            "dimension": "diagnosis",
            "text": "The sender delivers at least once: it sends again whenever our reply comes late or is lost.",
            "phrasings": (
                "The provider retries when it does not get our response in time, so duplicates are normal.",
                "Delivery is at least once, so the same event can arrive again after a timeout.",
            ),
            "near_misses": ("Networks are unreliable.", "The provider has a bug on its side."),
            "misconceptions": ("The provider delivers every event exactly once, so a duplicate must be our own bug.",),
            "terms": ("provider|sender|webhook", "retry|retries|again|at least once", "timeout|late|lost|response"),
            "why": "Whoever takes duplicates for a bug of the sender waits for a fix that never comes.",
            "strong": "The provider only promises at least once, so every lost response comes back as a duplicate.",
        },
        {
            "id": "key",
            "weight": 30,
            "must": True,
            "text": "Record the event id under a unique constraint in the transaction that applies the payment.",
            "phrasings": (
                "Insert the event id into a table with a unique constraint, in the same transaction as the payment.",
                "Use the event id as an idempotency key, so that applying it a second time changes nothing.",
            ),
            "near_misses": ("We should remove the duplicates.", "Make it idempotent."),
            "misconceptions": ("Check in memory whether the event was seen, then apply the payment.",),
            "terms": ("event id|idempotency|key", "unique|constraint|once", "transaction|same|atomic"),
            "why": "Without one transaction a crash between the two writes loses the payment or doubles it.",
            "strong": "The event id goes into a unique column in the very transaction that books the payment.",
        },
        {
            "id": "reply",
            "weight": 20,
            "dimension": "depth",
            "text": "Acknowledge as soon as the event is stored, and do the slow work afterwards from a queue.",
            "phrasings": (
                "Store the event, answer 200 at once, and let a worker do the rest.",
                "Put it on a queue and acknowledge within milliseconds, so the sender has no reason to retry.",
            ),
            "near_misses": ("The handler should be faster.",),
            "misconceptions": ("Answer first and store the event later, once there is time.",),
            "terms": ("acknowledge|200|answer|reply", "queue|worker|later|background"),
            "why": "A slow handler makes the sender give up and send again, so it makes its own duplicates.",
            "strong": "We persist, answer 200, and a worker picks the event up.",
        },
        {
            "id": "check",
            "weight": 20,
            "dimension": "validation",
            "text": "Replay a recorded event many times at once in a test, and reconcile daily with the sender's list.",
            "phrasings": (
                "In a test I send the same event fifty times in parallel and expect exactly one payment.",
                "A daily job compares our payments with the provider's list and alerts on any difference.",
            ),
            "near_misses": ("We would test it.",),
            "misconceptions": ("A unit test of the handler with one event proves that there are no duplicates.",),
            "terms": ("test|replay|reconcile|compare", "parallel|times|daily|list"),
            "why": "The fault shows only under concurrency, which a single call never produces.",
            "strong": "I replay one event fifty times in parallel and expect one row.",
        },
    ),
    "probes": (
        {
            "id": "why-twice",
            "type": "clarify",
            "targets": ("cause",),
            "when": "missing",
            "ask": "What could make the same event arrive two times?",
            "strong": "Names retries after a late or lost reply.",
            "weak": "Blames the network in general.",
        },
        {
            "id": "at-the-same-moment",
            "type": "failure-mode",
            "targets": ("key",),
            "when": "shallow",
            "ask": "What happens when both copies arrive at the same moment?",
            "strong": "One of the two inserts fails, and its transaction does nothing.",
            "weak": "Says that it is unlikely.",
        },
        {
            "id": "where-kept",
            "type": "deepen",
            "targets": ("key",),
            "when": "missing",
            "ask": "How does your handler know that it has booked this one before?",
            "strong": "By a stored identifier that the database keeps from being written again.",
            "weak": "By a list in memory.",
        },
        {
            "id": "slow-handler",
            "type": "quantify",
            "targets": ("reply",),
            "when": "any",
            "ask": "Booking takes eight seconds and the sender waits five. What do you change?",
            "strong": "Separates taking the event from working on it.",
            "weak": "Asks the sender to wait longer.",
        },
        {
            "id": "how-sure",
            "type": "trade-off",
            "targets": ("check",),
            "when": "any",
            "ask": "How would you convince me that it cannot happen again?",
            "strong": "Shows a concurrent test and a regular comparison.",
            "weak": "Would watch it for a while.",
        },
        {
            "id": "exactly-once",
            "type": "challenge",
            "targets": ("cause",),
            "when": "contradicted",
            "ask": "What would the sender have to know in order to send exactly one time?",
            "strong": "Sees that a lost reply looks the same as a lost event.",
            "weak": "Repeats the claim.",
        },
    ),
    "constraint_changes": (
        {
            "id": "no-ids",
            "ask": "Now the sender stops giving its events an identifier. What do you do?",
            "targets": ("key",),
            "strong": "Derives one from the content that cannot legitimately repeat, and says what that risks.",
        },
    ),
    "hints": (
        {"level": 1, "text": "Think about what the sender sees when your reply does not reach it."},
        {"level": 2, "text": "Think about what both copies have in common.", "spoiler_terms": ("unique constraint",)},
        {"level": 3, "text": "Let the database refuse the second copy.", "targets": ("key",)},
    ),
    "mistakes": ({"text": "Answers 200 before anything is stored.", "severity": "red_flag"},),
    "star": {
        "situation": "Customers were charged twice by the payment webhook.",
        "task": "Make a second delivery harmless.",
        "action": "Recorded the event id with the payment and moved the slow work to a queue.",
        "result": "No double charge since, shown by a daily comparison.",
    },
    "question": "A payment provider calls your webhook. Some customers are charged twice. What do you do?",
    "context": (
        {"question": "How many events arrive per second?", "answer": "About fifty, with peaks of five hundred."},
        {"question": "Does every event carry an id?", "answer": "Yes, the provider gives each event an id."},
    ),
    "reference": (
        "The provider only promises to deliver at least once, so a second copy is normal. "
        "Record the event id under a unique constraint in the same transaction as the payment. "
        "Then acknowledge at once and leave the slow work to a queue."
    ),
    "sources": ("https://example.com/webhooks",),
}


def a_scenario(**changes: Any) -> Scenario:
    """A reviewed scenario without errors, with four key points: cause (30), key (30), reply (20) and check (20).

    `changes` replace whole fields, written as in a file or as values. Raises ValidationError for what cannot be read.
    """
    return Scenario.model_validate({**_SCENARIO, **changes})


def a_turn(seq: int, text: str = "I would look at the retries first.", **changes: Any) -> Turn:
    """The candidate's turn number `seq`, thirty seconds after the one before."""
    return Turn(**{"seq": seq, "role": "candidate", "text": text, "at": NOW + seq * BETWEEN_TURNS, **changes})


def an_interview(*said: str | Move, **changes: Any) -> Interview:
    """An interview that begins with the scenario's question; `said` is what follows it.

    Texts alternate, the candidate first. The interviewer's become probes: the scenario's own ids, in order. A Move is
    the interviewer's whenever it comes, and a closing one ends the interview.
    """
    interview = Interview(**{"scenario": a_scenario(), "started_at": NOW, **changes})
    interview = interview.with_turn(_asked(interview, _opening(interview.scenario)))
    for words in said:
        if isinstance(words, Move):
            turn = _asked(interview, words)
        elif interview.turns[-1].role == "candidate":
            turn = _asked(interview, _probe(interview, words))
        else:
            turn = a_turn(len(interview.turns), words)
        interview = interview.with_turn(turn)
    return interview


def an_assessment(interview: Interview | None = None, *kinds: VerdictKind, **changes: Any) -> Assessment:
    """A grade that adds up. `kinds` are the verdicts in the order of the key points; by default cause is covered,
    key in part, and the rest missed. The evidence for all of them is the candidate's first sentence.
    """
    graded = interview or an_interview("The provider retries after a timeout, so I store the event id.")
    scenario = graded.scenario
    first = graded.sentences()[0]
    evidence = (Evidence(sentence=first.number, turn=first.turn, text=first.text),)
    given = (*(kinds or ("covered", "partial")), *(["missed"] * len(scenario.key_points)))
    points = tuple(
        point_result(
            point,
            Verdict(key_point=point.id, kind=kind, evidence=() if kind == "missed" else evidence, reason="for a test"),
            graded,
        )
        for point, kind in zip(scenario.key_points, given, strict=False)
    )
    missing = StarElement(status="missing")
    star = Star(situation=missing, task=missing, action=StarElement(status="present", quote=first.text), result=missing)
    values: dict[str, Any] = {
        "engine": "coach",
        "scenario": scenario.id,
        "level": graded.level,
        "mode": graded.mode,
        "points": points,
        "star": star,
        **judgement(graded, points, star),
        "at": NOW + timedelta(minutes=10),
    }
    return Assessment(**{**values, **changes})


def a_grade(interview: Interview, findings: dict[str, tuple[VerdictKind, int]], **changes: Any) -> Assessment:
    """A grade in which each named point has this verdict, with the sentence of this number as its evidence.

    The other points are missed.
    """
    said = {sentence.number: sentence for sentence in interview.sentences()}
    points = []
    for point in interview.scenario.key_points:
        kind, number = findings.get(point.id, ("missed", 0))
        evidence = (
            () if kind == "missed" else (Evidence(sentence=number, turn=said[number].turn, text=said[number].text),)
        )
        verdict = Verdict(key_point=point.id, kind=kind, evidence=evidence, reason="for a test")
        points.append(point_result(point, verdict, interview))
    star = changes.pop("star", None)
    judged = judgement(interview, points, star, changes.get("red_flags", ()))
    terms = {"scenario": interview.scenario.id, "level": interview.level, "mode": interview.mode}
    return an_assessment(**{**terms, "points": tuple(points), "star": star, **judged, **changes})


def a_verdict(point: KeyPoint, kind: VerdictKind, *turns: int) -> Verdict:
    """A verdict with one sentence of evidence in each of these turns."""
    evidence = tuple(Evidence(sentence=turn, turn=turn, text="said") for turn in turns)
    return Verdict(key_point=point.id, kind=kind, evidence=evidence)


def a_result(point: KeyPoint, credit: float | None, kind: VerdictKind = "covered") -> PointResult:
    """The result of one point with this credit, said in turn 1; None leaves the point ungraded."""
    if credit is None:
        ungraded = Ungraded(key_point=point.id, reason="for a test")
        return PointResult(key_point=point.id, weight=point.weight, verdict=None, ungraded=ungraded, credit=None)
    return PointResult(key_point=point.id, weight=point.weight, verdict=a_verdict(point, kind, 1), credit=credit)


def results(*credits: float | None) -> tuple[PointResult, ...]:
    """The results of the scenario's four points: without credit missed, with any covered."""
    return tuple(
        a_result(point, credit, "covered" if credit else "missed")
        for point, credit in zip(a_scenario().key_points, credits, strict=True)
    )


def a_retry(**changes: Any) -> Retry:
    values: dict[str, Any] = {
        "key": "again-1",
        "key_point": "key",
        "question": "Where is it recorded that an event was applied?",
        "answer": "In a unique column.",
        "engine": "coach",
        "at": NOW + timedelta(minutes=11),
    }
    return Retry(**{**values, **changes})


def a_story(**changes: Any) -> Story:
    """A story with all four parts, under an id of its own."""
    values: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "title": "The nightly load that missed its deadline",
        "situation": "At a retailer with 40 million orders a day the nightly load had begun to miss its deadline.",
        "task": "I was asked to bring it back under four hours within a month.",
        "action": "I measured the stages first, found one skewed key, salted it, and rejected a larger cluster.",
        "result": "The load fell from nine hours to three.",
        "tags": ("joins",),
        "updated_at": NOW,
    }
    return Story(**{**values, **changes})


def a_past_grade(scenario: str = "webhook-twice", *, days_ago: float = 0, **changes: Any) -> Grade:
    """What a graded interview came to: 50 of 100 and "no", with one point covered and one missed."""
    values: dict[str, Any] = {
        "interview": uuid.uuid4().hex,
        "scenario": scenario,
        "mode": "practice",
        "score": 50,
        "signal": "no",
        "credits": {"cause": 1.0, "key": 0.0},
        "at": NOW - timedelta(days=days_ago),
    }
    return Grade(**{**values, **changes})


def _asked(interview: Interview, move: Move) -> Turn:
    return a_turn(len(interview.turns), move.text, role="interviewer", move=move)


def _opening(scenario: Scenario) -> Move:
    return Move(kind="open", text=scenario.question, reason="the scenario's question, the same for everybody")


def _probe(interview: Interview, words: str) -> Move:
    own = interview.scenario.probes[len(interview.probes) % len(interview.scenario.probes)]
    return Move(
        kind="probe", text=words, ask=words, probe=own.id, type=own.type, target=own.targets[0], reason="for a test"
    )


def graded(days: int = 0, scenario: Scenario | None = None, *kinds: VerdictKind, **changes: Any) -> Graded:
    """A graded interview, this many days after NOW. `kinds` are the verdicts in the order of the key points."""
    interview = an_interview("The provider retries after a timeout.", scenario=scenario or a_scenario())
    at = NOW + timedelta(days=days)
    values: dict[str, Any] = {
        "id": f"interview-{days}-{interview.scenario.id}",
        "scenario": interview.scenario.id,
        "title": interview.scenario.title,
        "mode": "practice",
        "level": "senior",
        "at": at,
        "assessment": an_assessment(interview, *kinds, at=at),
    }
    return Graded(**{**values, **changes})


def a_drill(days: int = 0, kind: VerdictKind | None = "covered", **changes: Any) -> Drill:
    """A drill on the point "key", this many days after NOW; without a kind its answer was not judged yet."""
    values: dict[str, Any] = {
        "key": f"drill-{days}",
        "scenario": "webhook-twice",
        "key_point": "key",
        "question": "How does your handler know that it has booked this one before?",
        "answer": "By a unique column.",
        "at": NOW + timedelta(days=days),
    }
    point = changes.get("key_point", "key")
    if kind is not None:
        values |= {"verdict": Verdict(key_point=point, kind=kind, reason="for a test"), "engine": "coach"}
    return Drill(**{**values, **changes})
