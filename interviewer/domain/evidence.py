"""Which sentences can be evidence at all: said by the candidate, about the question, and not just given back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from interviewer.domain.interview import Sentence
from interviewer.domain.words import FUNCTION_WORDS, echoes, words

# A text of at least this many words in which nearly everything stands in bare chunks ("Delta Lake, Z-order, OPTIMIZE")
# or in long runs without any function word lists terms and states nothing. Dense shorthand by experts ("narrow id band
# per file, min/max leaves 1-2 files") has about half of its words in bare chunks and no long run.
LIST_WORDS = 12
LIST_RUN = 7
LISTED_SHARE = 0.8
RUN_SHARE = 0.6
FRAGMENTS, FRAGMENT_WORDS = 5, 4

# In sentences hardly any determiner, preposition or pronoun stands before a word that cannot follow it ("the of", "we
# the"): at most 6 % of them in 370 answers of all kinds, also spoken and by people who learn the language. In shuffled
# words it is a fifth.
SHUFFLED_PAIRS = 3
SHUFFLED_SHARE = 0.12

_DETERMINERS = frozenset("the a an my our your their every".split())
_PREPOSITIONS = frozenset("of in on at by from with into for per between through under without".split())
_PRONOUNS = frozenset("i we they he she".split())
_AUXILIARIES = frozenset(
    "is are was were be been am has have had do does did will would can could may might must should".split()
)
_JOINING = frozenset("and or but because so if when while that which who".split())
_NEVER_AFTER: dict[frozenset[str], frozenset[str]] = {
    _DETERMINERS: _DETERMINERS
    | frozenset("its this that these those each as about over after before than it you he she i we they".split())
    | (_PREPOSITIONS - {"per", "under"})
    | _AUXILIARIES
    | _JOINING,
    _PREPOSITIONS: _AUXILIARIES | frozenset("and or but because so while of than by with into per from".split()),
    _PRONOUNS: _DETERMINERS
    | frozenset("its this that these those each of by from with into per than about between through".split())
    | frozenset("under over after before without i we you they he she it".split()),
}
_FILLERS = frozenset("um uh like well okay ok so".split())
_CHUNK_END = re.compile(r"[,;:.!?()\n/→=+|]+(?=\s|$)|\s[-–—→=+|/]\s|\n")
_GRADING = re.compile(
    r"\b(the candidate(?! (?:key|row|file|partition|plan|record|column|node)s?\b)|this candidate|candidate'?s answer|"
    r"grad(?:er|ing|e)s?\b(?! school)|rubrics?|key points?|verdicts?|full (?:marks|credit|points|score)|award|"
    r"scor(?:e|es|ed|ing) (?:of |me |this |it |all |must|should|is|=|:|\d)|"
    r"(?:max(?:imum)?|highest|perfect|top) (?:score|marks|grade|rating)|\d+ ?(?:/|out of) ?(?:10|100)\b|"
    r"ignore (?:all |the |any |your |previous|everything)|disregard|"
    r"system (?:message|prompt|note|override|instruction)|(?:new|updated|previous|prior|following) instructions?|"
    r"you are now|as an ai|language model|evaluation (?:mode|result|is)|"
    r"(?:mark|set|treat|rate|count|consider) .{0,40}\b(?:covered|fulfilled|complete|correct|passed|present)|"
    r"hiring (?:manager|committee)|assessment (?:summary|result)|strong hire|end of (?:candidate|answer|message))\b",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"^\W*(?:<\/?[a-z!]|#{2,}|\{\s*\"|\[?(?:system|assistant|inst|user|admin|grader|note to)\b.{0,20}[\]:>])",
    re.IGNORECASE,
)
# "You would like me to explain …": the task given back, whatever the words.
_TASK_GIVEN_BACK = re.compile(
    r"^\W*(?:(?:so|ok|okay|well|right|and|um|uh),? )*(?:you(?:'d| would)? (?:like|want|ask|need)(?:ed|s)? (?:me|to)\b|"
    r"you(?:'re| are) asking\b|(?:the|your) (?:question|task) (?:is|asks|here is|was)\b|"
    r"(?:if|as) i (?:understood|understand|got|read) (?:you|it|that|this|the question)\b|"
    r"i(?:'m| am) (?:being )?asked (?:to|how|what|for)\b)",
    re.IGNORECASE,
)
_OWN_VOICE = re.compile(r"\b(i|i'd|i'll|i've|i'm|we|we'd|we'll|my|our|you|let's|me|us)\b", re.IGNORECASE)


def addresses_the_grader(text: str) -> bool:
    """Whether a sentence speaks to, or as, whoever grades, instead of about the question."""
    return bool(_GRADING.search(text) or _MACHINE.search(text))


def usable(sentences: Iterable[Sentence], question: str) -> tuple[Sentence, ...]:
    """The sentences that may be evidence.

    Left out: echoes of the question or of what the interviewer had just said, and the task given back ("you want me
    to …"); lists of terms; sentences that address
    the grader, and what follows them in the same turn until the candidate speaks in their own voice again.
    """
    kept: list[Sentence] = []
    for _, group in groupby(sentences, key=lambda sentence: sentence.turn):
        turn = list(group)
        whole = "\n".join(sentence.text for sentence in turn)
        if is_list_of_terms(whole) or is_shuffled(whole):
            continue
        for sentence in _own_words(_stated(turn)):
            given_back = echoes(sentence.text, sentence.heard) or echoes(sentence.text, question)
            if not given_back and not _TASK_GIVEN_BACK.match(sentence.text) and not is_list_of_terms(sentence.text):
                kept.append(sentence)
    return tuple(kept)


def is_list_of_terms(text: str) -> bool:
    """Whether a text of some length lists terms and says nothing about them."""
    total = bare = in_runs = 0
    for chunk in _CHUNK_END.split(text.replace("I/O", "IO")):  # the I of I/O is no function word
        glued = [word in FUNCTION_WORDS for word in words(chunk) if not word.isdigit()]
        total += len(glued)
        bare += len(glued) if not any(glued) else 0
        longest = max((len(list(run)) for is_glue, run in groupby(glued) if not is_glue), default=0)
        in_runs += len(glued) if longest >= LIST_RUN else 0
    return total >= LIST_WORDS and (bare >= LISTED_SHARE * total or in_runs >= RUN_SHARE * total)


def _stated(turn: Sequence[Sentence]) -> list[Sentence]:
    """The turn without stretches of five or more bare fragments in a row ("data skipping; clustering; Bloom")."""
    kept: list[Sentence] = []
    for is_bare, group in groupby(turn, key=lambda sentence: _is_bare(sentence.text)):
        stretch = list(group)
        if not is_bare or len(stretch) < FRAGMENTS:
            kept.extend(stretch)
    return kept


def _is_bare(text: str) -> bool:
    found = words(text.replace("I/O", "IO"))
    return len(found) <= FRAGMENT_WORDS and not any(word in FUNCTION_WORDS for word in found)


def is_shuffled(text: str) -> bool:
    """Whether the words stand in no order: too many stand before one that cannot follow them in a sentence."""
    found = [word for word in words(text) if word not in _FILLERS]
    seen = odd = 0
    for first, second in pairwise(found):
        for before, never in _NEVER_AFTER.items():
            if first in before and first != second:
                seen += 1
                odd += second in never
    return odd >= max(SHUFFLED_PAIRS, SHUFFLED_SHARE * seen)


def _own_words(turn: Sequence[Sentence]) -> Iterable[Sentence]:
    foreign = False
    for sentence in turn:
        if addresses_the_grader(sentence.text):
            foreign = True
        elif not foreign or _OWN_VOICE.search(sentence.text):
            foreign = False
            yield sentence
