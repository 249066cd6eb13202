"""Which sentences can be evidence at all: said by the candidate, about the question, and not just given back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from interviewer.domain.interview import Sentence
from interviewer.domain.words import FUNCTION_WORDS, echoes, words

# A turn of at least this many words with hardly any function word is a list of terms, not an answer. Dense shorthand
# by experts ("narrow id band per file, min/max leaves 1-2 files") still has one in ten.
LIST_WORDS = 12
LIST_GLUE = 0.055

_GRADING = re.compile(
    r"\b(the candidate(?! (?:key|row|file|partition|plan|record|column|node)s?\b)|this candidate|candidate'?s answer|grad(?:er|ing|e)s?\b(?! school)|rubrics?|key points?|verdicts?|"
    r"full (?:marks|credit|points|score)|award|scor(?:e|es|ed|ing) (?:of |me |this |it |all |must|should|is|=|:|\d)|"
    r"(?:max(?:imum)?|highest|perfect|top) (?:score|marks|grade|rating)|\d+ ?(?:/|out of) ?(?:10|100)\b|"
    r"ignore (?:all |the |any |your |previous|everything)|disregard|system (?:message|prompt|note|override|instruction)|"
    r"(?:new|updated|previous|prior|following) instructions?|you are now|as an ai|language model|evaluation (?:mode|result|is)|"
    r"(?:mark|set|treat|rate|count|consider) .{0,40}\b(?:covered|fulfilled|complete|correct|passed|present)|"
    r"hiring (?:manager|committee)|assessment (?:summary|result)|strong hire|end of (?:candidate|answer|message))\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"^\W*(?:<\/?[a-z!]|#{2,}|\{\s*\"|\[?(?:system|assistant|inst|user|admin|grader|note to)\b.{0,20}[\]:>])", re.I)
_OWN_VOICE = re.compile(r"\b(i|i'd|i'll|i've|i'm|we|we'd|we'll|my|our|you|let's|me|us)\b", re.IGNORECASE)


def addresses_the_grader(text: str) -> bool:
    """Whether a sentence speaks to, or as, whoever grades, instead of about the question."""
    return bool(_GRADING.search(text) or _MACHINE.search(text))


def usable(sentences: Iterable[Sentence], question: str) -> tuple[Sentence, ...]:
    """The sentences that may be evidence.

    Left out: echoes of the question or of what the interviewer had just said; lists of terms; sentences that address
    the grader, and what follows them in the same turn until the candidate speaks in their own voice again.
    """
    kept: list[Sentence] = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.turn):
        turn = list(group)
        if not is_list_of_terms(turn):
            kept.extend(s for s in _own_words(turn) if not echoes(s.text, s.heard) and not echoes(s.text, question))
    return tuple(kept)


def is_list_of_terms(sentences: Sequence[Sentence]) -> bool:
    """Whether a turn lists terms and states nothing about them."""
    found = words(" ".join(sentence.text for sentence in sentences))
    return len(found) >= LIST_WORDS and sum(word in FUNCTION_WORDS for word in found) / len(found) < LIST_GLUE


def _own_words(turn: Sequence[Sentence]) -> Iterable[Sentence]:
    foreign = False
    for sentence in turn:
        if addresses_the_grader(sentence.text):
            foreign = True
        elif not foreign or _OWN_VOICE.search(sentence.text):
            foreign = False
            yield sentence
