"""Which STAR elements an answer shows, by plain rules, each with the sentence that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from interviewer.adapters.coach.lexicon import statement_share
from interviewer.domain.assessment import Star, StarElement
from interviewer.domain.coverage import Coverage
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import content_words

_NUMBER = re.compile(r"\d|\b(?:hundred|thousand|million|billion|trillion|dozen|half|double|twice)s?\b", re.IGNORECASE)
_STORY = re.compile(
    r"\b(at my (?:last|previous|old|former|current)|in my (?:last|previous|current)|when i (?:was|worked|joined)|"
    r"last year|years? ago|we (?:had|were|ran)|i (?:was|joined|inherited)|our (?:team|company|platform|pipeline))\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\?|\b(i assume|assuming|i(?:'d| would) (?:first )?ask|depends on|first (?:i|we) need to know)\b", re.IGNORECASE
)
_TASK = re.compile(
    r"\b(goal|target|sla|slo|requirement|must (?:be|stay|finish|hold)|has to (?:be|finish|stay)|"
    r"needs? to (?:be|finish|stay)|budget|deadline|my (?:job|task|part|responsibility)|"
    r"i was (?:asked|responsible|tasked)|p9\d|within|under (?:a|one|\d)|at most|"
    r"without (?:losing|breaking|downtime)|acceptable|tolerat\w+|priority|success (?:is|means|metric))\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\b(i(?:'d| would|'ll| will)?\s+(?:\w+ly )?(?:first |then |also |never )?(?:start|begin|check|look|measure|split|"
    r"cluster|sort|build|move|write|add|use|keep|cut|run|push|replace|create|make|put|set|ship|pick|choose|propose|"
    r"filter|read|go|do|take|separate|test|compare|drop|store|route|change|rewrite|redesign|migrat\w+|partition\w*|"
    r"bucket\w*|salt\w*|broadcast\w*|cache\w*|did|built|moved|changed|wrote|added|switched|introduced|rewrote|led|"
    r"set up)|(?:first|second|third|then|next|finally)\b.{0,12}\b(?:i|we|you)|"
    r"we (?:should|would|could|can|need to|built|moved|changed|added))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(because|so that|since|which means|that way|so the|so each|therefore|as a result|otherwise|the reason)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(verif\w+|validat\w+|measur\w+|compar\w+ (?:before|old|the old)|before (?:and|/) ?after|metric\w*|monitor\w*|"
    r"alert\w*|alarm\w*|dashboard|roll(?:ed)? ?back|rollback|benchmark\w*|proof|prove\w*|reconcil\w+|"
    r"test(?:ed|s)? (?:with|on|it)|result(?:ed|s)?|dropped (?:from|to|by)|went (?:from|down)|fell (?:from|to|by)|"
    r"cut .{1,30} (?:from|to|by)|reduced .{1,30} (?:from|to|by)|saved|improved|p9\d|checksum|counts? match|dual.?read|"
    r"shadow|canary)\b",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(from .{1,25} to|by \d|\d+ ?%|p9\d|down to|to \d|before (?:and|/) ?after|old and new|side by side)",
    re.IGNORECASE,
)
FULL_STATEMENT = 0.4  # below this a sentence is shorthand or a fragment, too thin for an element of its own


def star_of(scenario: Scenario, sentences: Sequence[Sentence], coverage: Coverage) -> Star:
    """Situation, task, action and result in the sense of a technical answer; a polished story earns no points by it."""
    said = [sentence for sentence in sentences if statement_share(sentence.text) >= FULL_STATEMENT]
    evidence = {
        number for match in coverage.matches if match.finding in ("covered", "partial") for number in match.sentences
    }
    question = set(content_words(scenario.question))

    def restates(sentence: Sentence) -> bool:
        own = set(content_words(sentence.text))
        return bool(_STORY.search(sentence.text)) or len(own & question) >= max(3, 0.4 * len(own))

    def opens(sentence: Sentence) -> bool:
        return restates(sentence) or bool(_UNKNOWN.search(sentence.text))

    def detailed(sentence: Sentence) -> bool:
        return bool(_NUMBER.search(sentence.text) or _UNKNOWN.search(sentence.text))

    def acts(sentence: Sentence) -> bool:
        return bool(_ACTION.search(sentence.text)) or sentence.number in evidence

    def grounded(sentence: Sentence) -> bool:
        return sentence.number in evidence or bool(_REASON.search(sentence.text))

    return Star(
        situation=_element(
            said[: max(4, len(said) // 3)], lambda s: restates(s) or bool(_UNKNOWN.search(s.text)), detailed
        ),
        task=_element(said, lambda s: bool(_TASK.search(s.text)), lambda s: bool(_NUMBER.search(s.text))),
        action=_element(said, acts, grounded),
        result=_element(said, lambda s: bool(_RESULT.search(s.text)), lambda s: bool(_MEASURED.search(s.text))),
    )


def _element(
    sentences: Sequence[Sentence], shows: Callable[[Sentence], bool], fully: Callable[[Sentence], bool]
) -> StarElement:
    showing = [sentence for sentence in sentences if shows(sentence)]
    if not showing:
        return StarElement(status="missing")
    for sentence in showing:
        if fully(sentence):
            return StarElement(status="present", quote=sentence.text)
    return StarElement(status="thin", quote=showing[0].text)
