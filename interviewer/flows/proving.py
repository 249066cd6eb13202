"""Whether a scenario interviews and grades as it should: what an author can know before anybody sits the interview."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import ConstraintChange, Probe, Scenario
from interviewer.domain.words import names, sentences
from interviewer.flows.evaluating import as_interview
from interviewer.flows.grading import grade
from interviewer.flows.ports import Matcher, Prompts
from interviewer.flows.simulating import Ended, Kind, scripted_candidate, simulate

REFERENCE_SCORE = 85
NOTHING_SCORE = 10
ECHO_SCORE = 5
FOREIGN_SCORE = 25
STEP_SCORE = 15
ASK_WORDS = 39
OFF_TOPIC = (
    "I really enjoy hiking in the mountains on weekends. My favourite food is pasta, and last summer we went to Italy "
    "with the whole family. The weather was great, and the children learned to swim."
)

# A check gives a sentence for each thing that is wrong, and nothing when all is well.
Check = Callable[[Scenario, Matcher, Prompts, datetime], Iterator[str]]


def prove(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[tuple[str, str]]:
    """What is wrong with it: the name of the check that found it and a sentence. Nothing when it can be relied on.

    It is expected to be valid, which `interviewer scenarios lint` says.
    """
    for name, check in CHECKS.items():
        for finding in check(scenario, matcher, prompts, now):
            yield name, finding


def score_of(scenario: Scenario, matcher: Matcher, answer: str, now: datetime) -> int:
    """The score of one answer to the question, 0 to 100; an answer that could not be graded counts as nothing."""
    return grade(as_interview(scenario, answer, now), matcher, now=now).score or 0


def _reference(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    assessment = grade(as_interview(scenario, scenario.reference, now), matcher, now=now)
    score = assessment.score or 0
    if score < REFERENCE_SCORE:
        verdicts = ((point.id, assessment.point(point.id).verdict) for point in scenario.key_points)
        open_ = [f"{id} {verdict.kind if verdict else 'unjudged'}" for id, verdict in verdicts]
        missed = ", ".join(item for item in open_ if not item.endswith("covered"))
        yield f"the reference answer scores {score}, not {REFERENCE_SCORE} or more ({missed})"


def _nothing(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    words = scenario.reference.split()
    step = 37 if len(words) % 37 else 41
    rubric = sorted({word for point in scenario.key_points for group in point.terms for word in group.split("|")})
    attempts = {
        "an empty answer": ("", NOTHING_SCORE),
        "an answer about something else": (OFF_TOPIC, NOTHING_SCORE),
        "the words of the rubric in a row": (" ".join(rubric), NOTHING_SCORE),
        "every other word of the rubric": (", ".join(rubric[::2]), NOTHING_SCORE),
        "the reference answer's words in another order": (
            " ".join(words[(index * step) % len(words)] for index in range(len(words))),
            NOTHING_SCORE,
        ),
        "the first misconception of every point": (
            " ".join(point.misconceptions[0] for point in scenario.key_points if point.misconceptions),
            NOTHING_SCORE,
        ),
        "the question repeated": (scenario.question, ECHO_SCORE),
    }
    for what, (answer, most) in attempts.items():
        if (score := score_of(scenario, matcher, answer, now)) > most:
            yield f"{what} scores {score}, not {most} or less"


def _wordings(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    for point in scenario.key_points:
        for wording in point.phrasings:
            denied = f"It is not true that {wording[0].lower()}{wording[1:]}"
            # A longer one is read as several thoughts, and only the first of them is denied.
            if len(sentences(denied)) == 1 and _credits(scenario, matcher, denied, now, point.id):
                yield f"{point.id} is credited although it is denied: {denied}"


def _credits(scenario: Scenario, matcher: Matcher, answer: str, now: datetime, id: str) -> float:
    return grade(as_interview(scenario, answer, now), matcher, now=now).point(id).credit or 0.0


def _order(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    kinds: tuple[Kind, ...] = ("strong", "mid", "weak")
    strong, mid, weak = (_simulated(kind, scenario, matcher, prompts, now) for kind in kinds)
    if strong - mid < STEP_SCORE or mid - weak < STEP_SCORE:
        yield (
            f"a strong, a middling and a weak candidate score {strong}, {mid} and {weak}; "
            f"there should be {STEP_SCORE} points between"
        )


def _simulated(kind: Kind, scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> int:
    for event in simulate(scenario, scripted_candidate(kind, scenario), matcher, prompts, lambda: now):
        if isinstance(event, Ended):
            return event.assessment.score or 0
    raise AssertionError("a simulated interview ends")


def _secrecy(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    """What the interviewer says, judged as if a candidate had said it, shows no point in full."""
    said = {f"hint {hint.level}": hint.text for hint in scenario.hints}
    said |= {f"context answer {number}": item.answer for number, item in enumerate(scenario.context, 1)}
    said |= {f"follow-up {probe.id}": probe.ask for probe in scenario.probes}
    said |= {f"changed condition {change.id}": change.ask for change in scenario.constraint_changes}
    for name, text in said.items():
        heard = [Sentence(number, 1, part.text, part.text) for number, part in enumerate(sentences(text), 1)]
        found = matcher.match(scenario, heard)
        for point in scenario.key_points:
            if found.of(point.id).finding == "covered":
                yield f"{name} says what {point.id} asks for: {text}"


def _asks(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    parts: tuple[Probe | ConstraintChange, ...] = (*scenario.probes, *scenario.constraint_changes)
    for part in parts:
        if part.ask.count("?") != 1 or not part.ask.endswith("?"):
            yield f"{part.id} is not one question that ends with its question mark: {part.ask}"
        if len(part.ask.split()) > ASK_WORDS:
            yield f"{part.id} has {len(part.ask.split())} words; more than {ASK_WORDS} are hard to follow"
    if len({part.ask for part in parts}) < len(parts):
        yield "two follow-ups ask the same"
    probed = {target for probe in scenario.probes if probe.when in ("missing", "any") for target in probe.targets}
    for point in scenario.key_points:
        if point.id not in probed:
            yield f"{point.id} has no probe for when it is missing"
    if len({probe.type for probe in scenario.probes}) < 3:
        yield "the probes are of fewer than three types"


def _spoilers(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    terms = [term for hint in scenario.hints for term in hint.spoiler_terms]
    if not terms:
        yield "no hint has spoiler terms, so nobody checks what a model says"
    early = [scenario.question, *(hint.text for hint in scenario.hints)]
    early += [probe.ask for probe in scenario.probes if probe.when in ("missing", "any")]
    for term in terms:
        for text in early:
            if names(text, term):
                yield f"the spoiler term '{term}' stands in: {text}"


def _context(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    for item in scenario.context:
        found = matcher.context_for(scenario, item.question)
        if found != item:
            yield f"the clarifying question '{item.question}' finds {'another' if found else 'no'} answer"


def _completeness(scenario: Scenario, matcher: Matcher, prompts: Prompts, now: datetime) -> Iterator[str]:
    for point in scenario.key_points:
        if not (point.why and point.strong):
            yield f"{point.id} does not say why it matters, or what a strong sentence about it is"
        if not (point.near_misses and point.terms):
            yield f"{point.id} has no near-misses or no terms"
    if not any(point.must for point in scenario.key_points):
        yield "no key point is essential"
    everything = tuple(point.id for point in scenario.key_points)
    expected = scenario.level_expectations
    mid, senior, staff = (
        set(everything if level == "all" else level) for level in (expected.mid, expected.senior, expected.staff)
    )
    if not mid <= senior <= staff:
        yield "a higher level expects less than a lower one"


CHECKS: Mapping[str, Check] = {
    "complete": _completeness,
    "asks": _asks,
    "spoilers": _spoilers,
    "context": _context,
    "secrecy": _secrecy,
    "reference": _reference,
    "nothing": _nothing,
    "wordings": _wordings,
    "order": _order,
}
