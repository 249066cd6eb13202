"""Questions about a report, answered from this report alone: which point, why, what would count, what to do next."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from interviewer.domain.assessment import Assessment, StarElement
from interviewer.domain.carried import Row, answer_number, numbered, rows
from interviewer.domain.interview import Interview
from interviewer.domain.invention import invented, known_names, said_share
from interviewer.domain.moments import TURNINGS, moments
from interviewer.domain.profile import profile, unknown
from interviewer.domain.scoring import lost
from interviewer.domain.signal import DIMENSIONS
from interviewer.domain.words import content_words, neutral
from interviewer.errors import InputError, ModelError
from interviewer.flows.ports import ChatModel, Matcher, Prompts
from interviewer.flows.retrying import question_for

QUESTION_CHARACTERS = 300
ABOUT_AT_LEAST = 0.32  # likeness of a question with a point it asks about
TELLING_LETTERS = 6  # shorter words stand in many questions that are about something else
MAX_TOKENS = 350
WORDS_AT_MOST = 110
GROUNDED_SHARE = 0.6  # of the content words of a model's answer that stand in the report's own text
NOTHING_ASKED = "Nothing was asked. Type a question about this report."
TOO_LONG = f"Keep the question under {QUESTION_CHARACTERS} characters."
NOT_HERE = (
    "This report has nothing on that. Ask about a point, the score, a dimension, the order of your answer, "
    "or what to practise next."
)
EXAMPLES = (
    "Why this score?",
    "Which point cost me most, and why?",
    "What would have counted for point 1?",
    "What should I practise next?",
)

Topic = Literal["point", "score", "dimension", "story", "hints", "moments", "next", "nothing"]

_POINT = re.compile(r"\bpoint\s*(?:number\s*|no\.?\s*|#\s*)?(\d{1,2})\b|#(\d{1,2})\b", re.IGNORECASE)
_ORDINAL = re.compile(r"\b(first|second|third|fourth|fifth|sixth|seventh|last) point\b", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_TOPICS: dict[Topic, re.Pattern[str]] = {
    "hints": re.compile(r"\bhints?\b", re.IGNORECASE),
    "story": re.compile(
        r"\bstar\b|\b(?:order|shape) of my\b|\b(?:the|my) (?:situation|task|action|result)\b|\bstructur", re.IGNORECASE
    ),
    "moments": re.compile(r"\bmoments?\b|\bturning\b|\b(?:lose|lost|win|won|recover(?:ed)?)\b", re.IGNORECASE),
    "next": re.compile(
        r"\bnext\b|\bpracti[sc]e\b|\bimprove\b|\bbetter\b|\b(?:learn|study|read|work on)\b", re.IGNORECASE
    ),
    "score": re.compile(
        r"\bscore\b|\bsignal\b|\bverdict\b|\bgrade\b|\bpass(?:ed)?\b|\bconfiden|\bof 100\b", re.IGNORECASE
    ),
}
_WORST = re.compile(r"\b(?:most|worst|biggest|main|largest)\b", re.IGNORECASE)


class Passage(NamedTuple):
    """A piece of the report: what it is, and its words. `theirs` says that they are the candidate's own."""

    label: str
    text: str
    theirs: bool = False


class Answer(NamedTuple):
    """What the report says to a question. `key_point` is the point it is about; `turn` one to look at; else None."""

    topic: Topic
    passages: tuple[Passage, ...]
    key_point: str | None = None
    turn: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(f"{passage.label}: {passage.text}" for passage in self.passages)


class Reworded(BaseModel):
    """What a model is asked for: the passages it rests on first, then its answer."""

    model_config = ConfigDict(extra="forbid")

    quotes: list[str]
    answer: str


def ask(question: str, interview: Interview, assessment: Assessment, matcher: Matcher) -> Answer:
    """The part of the report that answers the question; without any, what can be asked. `interview` is as graded.

    Raises InputError without a question, or with a very long one.
    """
    asked = " ".join(question.split())
    if not asked:
        raise InputError(NOTHING_ASKED)
    if len(asked) > QUESTION_CHARACTERS:
        raise InputError(TOO_LONG)
    every = rows(interview, assessment)
    named = _named(asked, every)
    if named:
        return _about_point(interview, named)
    dimension = next((name for name in DIMENSIONS if re.search(rf"\b{name}\b", asked, re.IGNORECASE)), None)
    topic = next((topic for topic, pattern in _TOPICS.items() if pattern.search(asked)), None)
    if dimension and topic in (None, "score"):
        return _about_dimension(dimension, interview, assessment, every)
    if _WORST.search(asked) and topic in (None, "score", "moments") and not re.search(r"\bscore\b", asked, re.I):
        worst = _worst(interview, assessment, every)
        if worst:
            return _about_point(interview, worst)
    if topic == "score":
        return Answer("score", tuple(_score(assessment, interview, every)))
    if topic == "hints":
        return Answer("hints", tuple(_hints(every)))
    if topic == "moments":
        return Answer("moments", tuple(_moments(interview, assessment)))
    if topic == "story" and assessment.star:
        return Answer("story", tuple(_story(assessment)))
    if topic == "next":
        return _next(interview, assessment, every)
    near = _nearest(asked, every, matcher)
    return _about_point(interview, near) if near else Answer("nothing", (Passage("Not in this report", NOT_HERE),))


def reworded(
    question: str,
    answer: Answer,
    interview: Interview,
    model: ChatModel,
    prompts: Prompts,
    *,
    stop: threading.Event | None = None,
) -> str:
    """The answer in the model's words. Only the passages go in, and only words that rest on them come out.

    Raises ModelError when the model fails or says anything that the passages do not hold; they then stand alone.
    """
    prompt = prompts.render(
        "report_question",
        {
            "mark": f"=== {secrets.token_hex(4)} ===",
            "passages": [{"label": p.label, "text": neutral(p.text)} for p in answer.passages],
            "question": neutral(question)[:QUESTION_CHARACTERS],
            "words": WORDS_AT_MOST,
        },
    )
    reply = model.parse([{"role": "user", "content": prompt.text}], Reworded, max_tokens=MAX_TOKENS, stop=stop)
    if not isinstance(reply.value, Reworded):
        raise ModelError("invalid", "The model did not reply in the form that was asked for.")
    text = " ".join(neutral(reply.value.answer).split())
    fault = ungrounded(text, reply.value.quotes, answer, interview)
    if fault:
        raise ModelError("invalid", f"The model's wording {fault}, so the report's own words stand alone.")
    return text


def ungrounded(text: str, quotes: Sequence[str], answer: Answer, interview: Interview) -> str | None:
    """What is wrong with a model's answer, as the end of a sentence; None when it rests on the passages alone."""
    whole = _plain(answer.text)
    held = [_plain(neutral(quote)).strip(" \"'“”.…") for quote in quotes]
    if not text or not any(len(quote.split()) >= 3 for quote in held):
        return "quoted nothing from the report"
    if any(quote not in whole for quote in held if quote):
        return "quoted what the report does not say"
    if len(text.split()) > WORDS_AT_MOST * 1.25 or re.search(r"https?:|www\.|[<>\[\]`|]", text):
        return "was not plain, short text"
    if invented(text, answer.text, known_names(interview.scenario)):
        return "held something that is not in the report"
    return "was too far from the report" if said_share(text, answer.text) < GROUNDED_SHARE else None


def _named(asked: str, every: Sequence[Row]) -> Row | None:
    number = _POINT.search(asked)
    if number:
        wanted = int(number.group(1) or number.group(2))
        return next((row for row in every if row.number == wanted), None)
    ordinal = _ORDINAL.search(asked)
    if not ordinal:
        return None
    word = ordinal.group(1).lower()
    place = len(every) - 1 if word == "last" else _ORDINALS.index(word)
    return every[place] if place < len(every) else None


def _nearest(asked: str, every: Sequence[Row], matcher: Matcher) -> Row | None:
    """The point that comes nearest in meaning, or else the only one with a telling word of the question."""
    wanted = {word for word in content_words(asked) if len(word) >= TELLING_LETTERS}
    texts = [(row, text) for row in every for text in row.point.accepted]
    if not content_words(asked) or not texts:
        return None
    likeness = matcher.likeness(asked, [text for _, text in texts])
    best = max(range(len(texts)), key=likeness.__getitem__)
    if likeness[best] >= ABOUT_AT_LEAST:
        return texts[best][0]
    named = {row.number: row for row, text in texts if wanted.intersection(content_words(text))}
    return next(iter(named.values())) if len(named) == 1 else None


def _worst(interview: Interview, assessment: Assessment, every: Sequence[Row]) -> Row | None:
    first = next(iter(lost(interview.scenario, assessment.points)), None)
    return next((row for row in every if first and row.point.id == first.id), None)


def _about_point(interview: Interview, row: Row) -> Answer:
    return Answer("point", tuple(_of_point(interview, row)), row.point.id, _turn(row))


def _turn(row: Row) -> int | None:
    return row.result.verdict.evidence[0].turn if row.result.verdict and row.result.verdict.evidence else None


def _of_point(interview: Interview, row: Row) -> Iterator[Passage]:
    credit = "left out of the score" if row.result.credit is None else f"credit {row.result.credit:.0%}"
    yield Passage(f"Point {row.number}", row.point.text)
    yield Passage("Verdict", f"{row.words}, weight {row.result.weight}, {credit}.")
    verdict = row.result.verdict
    reason = verdict.reason if verdict else row.result.ungraded.reason if row.result.ungraded else ""
    if reason:
        yield Passage("Why", f"{reason[:1].upper()}{reason[1:].rstrip('.')}.")
    for evidence in verdict.evidence if verdict else ():
        yield Passage(f"You said in answer {answer_number(interview, evidence.turn)}", evidence.text, theirs=True)
    if row.state != "covered":
        yield Passage("What would count", row.point.strong or row.point.text)
        if row.point.why:
            yield Passage("Why it matters here", row.point.why)
        again = question_for(interview, row.point.id)
        if again:
            yield Passage("What to do next", f"Answer this aloud, without looking: {again}")


def _score(assessment: Assessment, interview: Interview, every: Sequence[Row]) -> Iterator[Passage]:
    score = "No score" if assessment.score is None else f"{assessment.score} of 100"
    yield Passage("Score", f"{score}, signal {assessment.signal} at {assessment.level} level.")
    yield Passage("The rule", assessment.signal_reason)
    kinds = ("covered", "hinted", "partial", "missed", "contradicted", "unsure", "ungraded")
    for kind in kinds:
        numbers = [row.number for row in every if row.state == kind]
        if numbers:
            weight = sum(row.result.weight for row in every if row.state == kind)
            word = "Left out of the score" if kind in ("unsure", "ungraded") else kind.capitalize()
            yield Passage(word, f"{numbered(numbers).capitalize()}, weight {weight}.")
    if assessment.red_flags:
        yield Passage("What holds it down", "A claim that interviewers do not let pass caps the score at 59.")
    if assessment.change:
        missing = [row.number for row in every if row.point.id in assessment.change.points]
        parts = [numbered(missing) + " fully covered"] if missing else []
        parts += ["the claim taken back"] if assessment.change.red_flags else []
        yield Passage("What would have changed it", f"A {assessment.change.signal} with {' and '.join(parts)}.")
    yield Passage("How sure it is", f"{assessment.confidence.capitalize()} confidence.")


def _about_dimension(name: str, interview: Interview, assessment: Assessment, every: Sequence[Row]) -> Answer:
    standing = next((item for item in profile(interview, assessment) if item.name == name), None)
    if standing is None:
        reason = "There was nothing in this interview to judge it by." if name in unknown(assessment) else NOT_HERE
        return Answer("dimension", (Passage(name.capitalize(), reason),))
    own = [row for row in every if row.point.dimension == name]
    passages = [Passage("Level", f"{standing.in_words}. From 1 to 4; 3 is solid for the level.")]
    passages += [Passage(f"Point {row.number}", f"{row.words}: {row.point.text}") for row in own]
    if name == "communication":
        passages += _story(assessment)
    return Answer("dimension", tuple(passages))


def _hints(every: Sequence[Row]) -> Iterator[Passage]:
    helped = [row for row in every if row.result.hint_level]
    if not helped:
        yield Passage("Hints", "No point was credited after a hint, so hints cost nothing here.")
    for row in helped:
        yield Passage(f"Point {row.number}", f"{row.words}, credit {row.result.credit or 0:.0%} of its weight.")


def _moments(interview: Interview, assessment: Assessment) -> Iterator[Passage]:
    found = moments(interview, assessment)
    for moment in found:
        yield Passage(f"{TURNINGS[moment.turning].word} in answer {answer_number(interview, moment.turn)}", moment.text)
    if not found:
        yield Passage("Decisive moments", "No single answer decided this interview.")


def _story(assessment: Assessment) -> Iterator[Passage]:
    if assessment.star is None:
        return
    for name in ("situation", "task", "action", "result"):
        element: StarElement = getattr(assessment.star, name)
        yield Passage(name.capitalize(), f"{element.status.capitalize()}. {element.note}".strip())
        if element.quote:
            yield Passage("You said", element.quote, theirs=True)


def _next(interview: Interview, assessment: Assessment, every: Sequence[Row]) -> Answer:
    gap = next(iter(assessment.gaps), None)
    row = next((row for row in every if gap and row.point.id == gap.key_point), None)
    if gap is None or row is None:
        return Answer("next", (Passage("Next", "No gap was left. Try the next level, or another scenario."),))
    again = question_for(interview, gap.key_point)
    passages = [Passage(f"Start with point {row.number}", gap.missing)]
    passages += [Passage("Why it matters here", gap.why)] if gap.why else []
    passages += [Passage("A strong sentence", gap.strong)]
    passages += [Passage("Practise with", again)] if again else []
    passages += [Passage("Read", source) for source in gap.sources]
    return Answer("next", tuple(passages), gap.key_point)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
