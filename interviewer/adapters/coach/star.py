"""Which STAR elements an answer shows, how fully, the sentence that shows each, and what would make it full.

Two steps for every element: a logistic model says of each sentence how much it looks like the element; a second one
makes present, thin or missing out of the best sentences and the whole answer. tools/fit_star.py fits both. On top stand
two rules that no coefficient can break: an action that only the team did is thin in a story, and a result without a
measure is thin anywhere.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from interviewer.adapters.coach.judgement import Logistic, log_odds
from interviewer.adapters.coach.lexicon import stems_of
from interviewer.domain.assessment import Presence, Star, StarElement
from interviewer.domain.coverage import Coverage, Match, MatchKind
from interviewer.domain.evidence import usable
from interviewer.domain.experience import Story
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import Dimension, Scenario
from interviewer.domain.story import PREFIX
from interviewer.domain.words import words

Element = Literal["situation", "task", "action", "result"]
Rows = npt.NDArray[np.float64]

ACTION_WORDS = 12  # fewer say no more than that something was done
ELEMENTS: tuple[Element, ...] = ("situation", "task", "action", "result")
STATUSES: tuple[Presence, ...] = ("present", "thin", "missing")
WEIGHTS_FILE = Path(__file__).parent / "star_weights.json"
SHOWS, OTHER = "shows", "other"
OPENING_WORDS, HEAD_WORDS, END_SENTENCES = 40, 60, 2
MOST_WORDS = 300  # as long as the longest answers of the fit; a whole interview shows no more by its length
STORY_SENTENCES = 3  # so many sentences in the past tense make a story, whatever else they say
NOT_ASKED = 0.5  # the chance of a dimension for which the scenario has no key point
AS_MUCH = 1.5  # log-odds: a sentence that falls short of the best by no more may stand for it
NO_SECOND = -6.0  # log-odds that stand for "there is no second sentence"

_NOT_PAST = "need|feed|embed|speed|seed|exceed|indeed"
_PAST_VERB = (
    rf"(?:(?!{_NOT_PAST})\w{{2,}}ed|had|was|were|ran|built|took|made|wrote|put|gave|kept|cut|went|got|saw|found|did|led|"
    r"sold|came|fell|lost|knew|began|meant|chose|held|sent|read|told|split)"
)
_DEED = (
    rf"(?:(?!{_NOT_PAST}|want|notic|learn|happen|believ|assum|work|join|inherit|ask|need|like|hop)\w{{2,}}ed|ran|built|took|"
    r"made|wrote|put|gave|kept|cut|found|did|led|began|chose|sent|set|split|brought|drew)"
)
_ADVERB = r"(?:then |also |first |only |just |personally |therefore |\w+ly )?"
_OWN_DEED = re.compile(rf"\b(?:i|i'd|i had|i've|i have|myself) {_ADVERB}(?:myself )?{_DEED}\b", re.IGNORECASE)
_TEAM = re.compile(r"\b(?:we|we'd|we've|our|us|the team)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\b(?:\w+'d|\w+'ll|would|should|could|might|will|let'?s)\b", re.IGNORECASE)
_OWN_WORK = re.compile(
    r"\b(?:at|in) (?:my|our) (?:last|previous|old|former|current|first)\b|\bwhen i (?:was at|worked|joined)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d[\d.,]*|\b(?:hundred|thousand|million|billion|trillion|dozen|half|twice|percent)s?\b", re.IGNORECASE
)
_HEDGE = re.compile(
    r"\b(maybe|perhaps|probably|i guess|i think|not sure|i suppose|i believe|might|could be|kind of|sort of|some|"
    r"somehow|somewhat|usually|things?|certain|various|several|generally|typically|appropriate|proper\w*|holistic|stakeholders?|"
    r"best practices?|approach|important|essential|consider)\b",
    re.IGNORECASE,
)

# What a sentence may show. Each gives a feature of that name, 1 or 0.
_SIGNS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "past": rf"\b(?:i|we|they|it|team|job|run) {_ADVERB}{_PAST_VERB}\b",
        "unknown": (
            r"\?|\b(i assume|assuming|suppose|(?:i|we)(?:'d| would)? (?:first )?(?:ask|clarify|need to know)|"
            r"depends on|first question|whether|do we (?:really )?)\b"
        ),
        "goal": (
            r"\b(goals?|targets?|sla|slo|requirements?|must|ha[sd] to|(?:have|needs?) to (?:be|finish|stay)|"
            r"budget (?:of|is|was)|deadline|my (?:job|task|part|responsibility)|i was (?:asked|responsible|tasked|to)|"
            r"asked (?:me|us) to|gave (?:me|us)|wanted|capped|promise|under (?:a|one|\d|half)|below|within|at most|"
            r"no more than|less than|(?:done|finish\w*|ready|back) (?:by|before)|by \d+(?::\d\d| ?[ap]\.?m)|the bar|"
            r"success|without (?:losing|breaking|downtime|bigger|touching)|acceptable|allowed|tolera\w+|priority|"
            r"(?:may|can) never|never be broken|how (?:old|late|fresh|much .{1,20} lose)|same totals?)\b"
        ),
        "named goal": (
            r"\b(goals?|targets?|the bar|deadline|requirement is|success (?:is|means|for me)|i was (?:asked|tasked|to)|"
            r"asked (?:me|us) to|my (?:job|task) was|ha[sd] to be|had to)\b"
        ),
        "quantity": (
            r"\b\d[\d.,:]*\s?(?:ms|s|sec\w*|min\w*|h|hours?|days?|weeks?|am|pm|a\.m|k|%|percent|euros?|dollars?|usd)\b|"
            r"[$€] ?\d|\bsub-?second|\b(?:one|a|half a|two|five|ten) (?:seconds?|minutes?|hours?)\b|<\s?\d|≥|≤|±"
        ),
        "acts": (
            r"\b(?:i|we|you|one)(?:'d|'ll| would| will| should| could| can)?"
            r"(?: \w+ly| first| then| also| just| never| rather)? "
            r"(?!(?:am|was|were|are|think|guess|assume|believe|know|mean|suppose|see|have|had|need|get|ask|said|say|"
            r"do not|want|would|may|might|if|for|in|on|and|the|a|is)\b|don)[a-z]{2,}\b|"
            r"^(?:(?:so|then|first|second|third|next|also|finally|now|and|for \w+|instead)[,:]? )*"
            r"(?:run|use|put|take|keep|cut|drop|write|store|split|move|read|select|filter|push|add|make|set|build|"
            r"cluster|sort|salt|bucket|broadcast|cache|replace|create|ship|pick|choose|send|call|turn|switch|convert|"
            r"rewrite|partition|explode|join|merge|load|copy|point|start|declare|deploy|pin|increase|raise|lower|enable|"
            r"disable)\b"
        ),
        "reason": (
            r"\b(because|so that|since|which means|that way|so (?:the|each|a|it|we|no|only)|therefore|thereby|"
            r"as a result|otherwise|the reason|which (?:is|makes|leaves|gives|saves|costs)|then (?:a|each|the))\b|:"
        ),
        "compares": (
            r"\b(compar\w+|diff\w*|verif\w+|validat\w+|reconcil\w+|"
            r"check\w* (?:that|the|if|whether|sums?|counts?|totals?)|counts? (?:match|of|are)|checksums?|acceptance|"
            r"same (?:as|output|totals?|result)|match(?:ed|es)?)\b"
        ),
        "watches": (
            r"\b(alert\w*|alarm\w*|dashboard\w*|monitor\w*|watch\w*|track\w*|graph|panel|log(?:s|ged)?|kpis?|metrics?|"
            r"report\w*|page (?:on|when)|notice\w*|grafana|observ\w+|count how)\b"
        ),
        "tries": (
            r"\b(test\w*|pilots?|proof|prove\w*|poc|canary|shadow|sample|benchmark\w*|trial|drill|game day|dry.?run|"
            r"measur\w+|p9\d|percentile|run ?time)\b"
        ),
        "rolls back": r"\b(roll(?:ed|ing)? ?back|rollback|revert\w*|redeploy|go back|restore)\b",
        "outcome": (
            r"\b(went (?:from|down)|fell|dropped (?:from|to|by|below)|cut .{1,30} (?:from|to|by)|"
            r"(?:reduced|down|shrank|grew|rose) .{0,30}(?:from|to|by)|saved|improved|came out|now|afterwards|"
            r"after that|since then|in the end|from .{1,25} to|instead of \d)\b"
        ),
        "measure": (
            r"\b(from .{1,25} to|by \d|\d+ ?%|p9\d|percentile|down to|to \d|before ?(?:and|/|-) ?after|"
            r"old (?:and|vs|versus|against) new|new (?:and|vs|against) old|old (?:output|job|table|run|result)|"
            r"side by side|in parallel|row counts?|checksums?|totals?|sums|bytes|seconds|minutes|hours|dollars|"
            r"euros?|count\w*)\b"
        ),
    }.items()
}
_RESULT_SIGNS = ("compares", "watches", "tries", "outcome")
_QUANTIFIED = re.compile(rf"{_NUMBER.pattern}|{_SIGNS['measure'].pattern}", re.IGNORECASE)

SENTENCE = (
    "position",  # of its middle in everything that was said, 0 to 1
    "position in turn",
    "opening",  # begins within the first 40 words
    "end",  # one of the last two of its turn
    "length",  # words, log
    "numbers",  # log
    "hedges",  # log
    "question share",  # share of its stems that the question has
    "question stems",  # how many those are, log
    "evidence",  # the highest chance among the key points that it is evidence for
    "evidence diagnosis",
    "evidence solution",
    "evidence validation",
    "story start",  # in the first third of a story
    *_SIGNS,
)
ANSWER = (
    "best",  # log-odds of the sentence that shows the element most
    "second",
    "any",  # log of 1 and the odds of all sentences together
    "length",  # words, log
    "hedges",  # a hundred words
    "story",
    "credit",  # the covered share of the rubric
    "chance",  # mean over the key points
    "evidence",  # sentences that are evidence, log
    "chance diagnosis",
    "chance validation",
    "head numbers",  # in the sentences that begin within the first 60 words, log
    "head question",  # share of the question's stems that stand there
    "head unknown",  # sentences there that ask or assume, at most 2
)

# What would make the element full: in a technical answer, and in a story.
_NOTES: dict[str, tuple[str, str]] = {
    "situation missing": (
        "Begin with the situation: which system, how large, and what goes wrong.",
        "Begin with the situation: which system it was, how large, and what went wrong.",
    ),
    "situation without numbers": (
        "Put numbers on the situation: how much data, how often, how slow.",
        "Put numbers on the situation: how much data, how often, how slow.",
    ),
    "situation thin": (
        "Say in a full sentence what goes wrong in this system, and for whom.",
        "Say in a full sentence what went wrong, and for whom.",
    ),
    "task missing": (
        "Name the goal: the target, limit or deadline that your solution has to meet.",
        "Say what you had to reach: a target, a limit or a deadline.",
    ),
    "task without numbers": (
        "Put a number on the goal: how fast, how cheap, or by when.",
        "Put a number on the goal: how fast, how cheap, or by when.",
    ),
    "task thin": (
        "Say in so many words that this is the goal your solution has to meet.",
        "Say in so many words that this was the goal you had to meet.",
    ),
    "action missing": (
        "Say what you would do, step by step, and why each step helps.",
        "Say what you did yourself, step by step, and why.",
    ),
    "action thin": (
        "Be concrete: what exactly you would change, and why it helps in this case.",
        "Be concrete: what exactly you changed, and why it helped.",
    ),
    "action of the team": (
        "Say what you would do yourself.",
        "You said what the team did; say what you did yourself.",
    ),
    "result missing": (
        "Say how you would check that it worked: what you would measure, before and after.",
        "Say what came out of it: a number before and after.",
    ),
    "result without numbers": (
        "Say how you would measure it: a number before and after.",
        "Say what came out of it in numbers: one before and one after.",
    ),
    "result thin": (
        "Say which value would tell you that it worked.",
        "Say what changed, by how much, and how you know.",
    ),
}


class Said(NamedTuple):
    """The usable sentences with one row of SENTENCE features each, and the ANSWER features that all elements share."""

    sentences: tuple[Sentence, ...]
    rows: Rows
    whole: Mapping[str, float]

    @property
    def is_story(self) -> bool:
        return bool(self.whole["story"])


class _Read(NamedTuple):
    """A sentence as it is read once for all elements: its words, stems and numbers, and which signs it shows."""

    sentence: Sentence
    size: int
    stems: frozenset[str]
    numbers: int
    hedges: int
    signs: Mapping[str, bool]


class ElementModel:
    """Both models of one element. Holds no state; the same input gives the same result, to the digit."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._sentence = Logistic(values["sentence"], SENTENCE)
        self._answer = Logistic(values["answer"], ANSWER)

    def shown(self, said: Said) -> Rows:
        """Per sentence the log-odds that it shows the element."""
        return log_odds(self._sentence.probabilities(said.rows)[SHOWS])

    def status(self, shown: Rows, said: Said) -> Presence:
        chances = self._answer.probabilities(answer_row(shown, said)[np.newaxis])
        return max(STATUSES, key=lambda status: float(chances[status][0]))


def star_of(scenario: Scenario, sentences: Sequence[Sentence], coverage: Coverage) -> Star:
    """Situation, task, action and result in the sense of a technical answer; a polished story earns no points by it.

    A quote is one whole sentence of the candidate, and a missing element has none. What cannot be evidence (lists of
    terms, echoes of the question, text for the grader) shows no element.
    """
    return star_from(said_in(scenario, sentences, coverage), _models())


def star_from(said: Said, models: Mapping[Element, ElementModel]) -> Star:
    """The four elements by these models."""
    return Star(**{element: _element(element, said, models[element]) for element in ELEMENTS})


def said_in(scenario: Scenario, sentences: Sequence[Sentence], coverage: Coverage) -> Said:
    """What the models look at."""
    kept = [_read(sentence) for sentence in usable(sentences, scenario.question)]
    question = frozenset(stems_of(scenario.question))
    story = _is_story(kept)
    views = list(_views(kept, question, _evidence(scenario, coverage), story))
    rows = np.array([[view[name] for name in SENTENCE] for view in views], dtype=np.float64)
    whole = {**_whole(kept, question), **_of_points(scenario, coverage), "story": float(story)}
    whole["evidence"] = math.log1p(sum(view["evidence"] > 0 for view in views))
    return Said(tuple(read.sentence for read in kept), rows, whole)


def answer_row(shown: Rows, said: Said) -> Rows:
    """The ANSWER features, in order, for the element that the sentences show to this extent."""
    ranked = sorted(shown.tolist(), reverse=True)
    own = {
        "best": ranked[0],
        "second": ranked[1] if len(ranked) > 1 else NO_SECOND,
        "any": math.log1p(sum(map(math.exp, ranked))),
    }
    return np.array([{**said.whole, **own}[name] for name in ANSWER], dtype=np.float64)


def told(story: Story) -> Star:
    """What a written story still lacks, part by part: the rules alone, since each part already says what it is.

    A quote is the whole part. A measure is wanted everywhere but in the action, which wants what "I" did.
    """
    found = {element: _written(element, getattr(story, element).strip()) for element in ELEMENTS}
    return Star(**found)


def _written(element: Element, text: str) -> StarElement:
    if not text:
        return StarElement(status="missing", note=_NOTES[f"{element} missing"][1])
    if element != "action":
        kind = "" if _QUANTIFIED.search(text) else f"{element} without numbers"
    elif not _OWN_DEED.search(text):
        kind = "action of the team" if _TEAM.search(text) else "action missing"
    else:
        kind = "action thin" if len(words(text)) < ACTION_WORDS else ""
    if kind:
        return StarElement(status="thin", quote=text, note=_NOTES[kind][1])
    return StarElement(status="present", quote=text)


def _is_story(kept: Sequence[_Read]) -> bool:
    """Whether this tells what once happened, rather than what one would do."""
    past = sum(read.signs["past"] for read in kept)
    told = past >= STORY_SENTENCES or any(_OWN_WORK.search(read.sentence.text) for read in kept)
    return told and past > sum(bool(_CONDITIONAL.search(read.sentence.text)) for read in kept)


def _element(element: Element, said: Said, model: ElementModel) -> StarElement:
    shown = model.shown(said) if said.sentences else np.empty(0)
    status = model.status(shown, said) if said.sentences else "missing"
    if status == "missing":
        return StarElement(status="missing", note=_note(f"{element} missing", said))
    order = [said.sentences[index] for index in np.argsort(-shown, kind="stable")]
    if element == "action" and said.is_story:
        return _personal_action(status, order, said)
    if element == "result":
        near = int(np.sum(shown >= np.max(shown) - AS_MUCH))
        return _measured_result(status, order[:near], said)
    return _found(element, status, order[0], said)


def _personal_action(status: Presence, order: Sequence[Sentence], said: Said) -> StarElement:
    """In a story only what "I" did is a full action; what "we" did is not."""
    own = [sentence for sentence in order if _OWN_DEED.search(sentence.text)]
    if own:
        return _found("action", status, own[0], said)
    return StarElement(status="thin", quote=order[0].text, note=_note("action of the team", said))


def _measured_result(status: Presence, order: Sequence[Sentence], said: Said) -> StarElement:
    """Only a result with a measure is a full one."""
    if status == "present":
        for sentence in order:
            if _QUANTIFIED.search(sentence.text) and any(_SIGNS[name].search(sentence.text) for name in _RESULT_SIGNS):
                return _found("result", status, sentence, said)
    return _found("result", "thin", order[0], said)


def _found(element: Element, status: Presence, sentence: Sentence, said: Said) -> StarElement:
    if status == "present":
        return StarElement(status=status, quote=sentence.text)
    wants_numbers = element != "action" and not _QUANTIFIED.search(sentence.text)
    kind = f"{element} without numbers" if wants_numbers else f"{element} thin"
    return StarElement(status=status, quote=sentence.text, note=_note(kind, said))


def _note(kind: str, said: Said) -> str:
    technical, story = _NOTES[kind]
    return story if said.is_story else technical


@cache
def _models() -> dict[Element, ElementModel]:
    values = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {element: ElementModel(values[element]) for element in ELEMENTS}


def _read(sentence: Sentence) -> _Read:
    text = sentence.text
    return _Read(
        sentence,
        size=len(words(text)),
        stems=frozenset(stems_of(text)),
        numbers=len(_NUMBER.findall(text)),
        hedges=len(_HEDGE.findall(text)),
        signs={name: bool(sign.search(text)) for name, sign in _SIGNS.items()},
    )


def _views(
    kept: Sequence[_Read], question: frozenset[str], evidence: Mapping[int, Mapping[Dimension, float]], story: bool
) -> Iterator[dict[str, float]]:
    """Per sentence its SENTENCE features by name."""
    total = max(1, sum(read.size for read in kept))
    before = 0
    for _, group in groupby(kept, key=lambda read: read.sentence.turn):
        turn = list(group)
        starts = list(accumulate((read.size for read in turn), initial=0))
        for index, read in enumerate(turn):
            own = evidence.get(read.sentence.number, {})
            shared = len(read.stems & question)
            position = (before + starts[index] + read.size / 2) / total
            yield {
                "position": position,
                "position in turn": (starts[index] + read.size / 2) / max(1, starts[-1]),
                "opening": before + starts[index] < OPENING_WORDS,
                "end": index >= len(turn) - END_SENTENCES,
                "length": math.log1p(read.size),
                "numbers": math.log1p(read.numbers),
                "hedges": math.log1p(read.hedges),
                "question share": shared / max(1, len(read.stems)),
                "question stems": math.log1p(shared),
                "evidence": max(own.values(), default=0.0),
                "evidence diagnosis": own.get("diagnosis", 0.0),
                "evidence solution": own.get("solution", 0.0),
                "evidence validation": own.get("validation", 0.0),
                "story start": story and position < 1 / 3,
                **read.signs,
            }
        before += starts[-1]


def _whole(kept: Sequence[_Read], question: frozenset[str]) -> dict[str, float]:
    """The ANSWER features that follow from the words alone."""
    total = sum(read.size for read in kept)
    starts = accumulate((read.size for read in kept), initial=0)
    head = [read for read, start in zip(kept, starts, strict=False) if start < HEAD_WORDS]
    given_back = question & {stem for read in head for stem in read.stems}
    return {
        "length": math.log1p(min(total, MOST_WORDS)),
        "hedges": 100 * sum(read.hedges for read in kept) / max(1, total),
        "head numbers": math.log1p(sum(read.numbers for read in head)),
        "head question": len(given_back) / max(1, len(question)),
        "head unknown": min(2.0, sum(read.signs["unknown"] for read in head)),
    }


def _of_points(scenario: Scenario, coverage: Coverage) -> dict[str, float]:
    """The ANSWER features that follow from the key points."""
    strengths = [match.strength for match in coverage.matches]
    return {
        "credit": coverage.share(scenario),
        "chance": sum(strengths) / max(1, len(strengths)),
        "chance diagnosis": _chance("diagnosis", scenario, coverage),
        "chance validation": _chance("validation", scenario, coverage),
    }


def _evidence(scenario: Scenario, coverage: Coverage) -> dict[int, dict[Dimension, float]]:
    """Sentence number -> dimension -> the highest chance of a key point that the sentence is evidence for."""
    found: dict[int, dict[Dimension, float]] = {}
    for match in coverage.matches:
        if match.finding in ("covered", "partial", "unsure"):
            dimension = scenario.key_point(match.key_point).dimension
            for number in match.sentences:
                own = found.setdefault(number, {})
                own[dimension] = max(match.strength, own.get(dimension, 0.0))
    return found


def _chance(dimension: Dimension, scenario: Scenario, coverage: Coverage) -> float:
    asked = [point.id for point in scenario.key_points if point.dimension == dimension]
    return max((coverage.of(point).strength for point in asked), default=NOT_ASKED)


def story_coverage(scenario: Scenario, star: Star, sentences: Sequence[Sentence]) -> Coverage:
    """The points of a behavioural round: each is one STAR element, with its quote as evidence."""
    worth: dict[Presence, MatchKind] = {"present": "covered", "thin": "partial", "missing": "missed"}
    matches = []
    for point in scenario.key_points:
        element: StarElement = getattr(star, point.id.removeprefix(PREFIX))
        numbers = [sentence.number for sentence in sentences if sentence.text == element.quote]
        found = worth[element.status] if numbers else "missed"
        matches.append(
            Match(
                key_point=point.id,
                finding=found,
                sentences=tuple(numbers[:1]) if found != "missed" else (),
                strength={"covered": 1.0, "partial": 0.5}.get(found, 0.0),
                reason=element.note,
            )
        )
    return Coverage(matches=tuple(matches))
