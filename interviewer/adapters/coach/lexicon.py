"""Word features of a sentence: stems, what stands under a negation, and whether it states anything at all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from interviewer.domain.stems import stemmed
from interviewer.domain.words import FUNCTION_WORDS, content_words, words

# Shares of an accepted wording's stems that make a text all but the same, the same claim, or one like it.
ALL_BUT_THE_SAME, SAME_CLAIM, LIKE_CLAIM = 0.85, 0.6, 0.35
UNDENIED_SHARE = 0.6  # of what a wording denies, in a text that does not deny it
DENIED_SHARE = 0.5
NEGATION_REACH = 4  # content words after a negator that count as denied

_NEGATORS = frozenset(
    "not no never none nothing neither nor without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't "
    "wouldn't shouldn't couldn't hardly barely avoid avoids stop stops stopped instead unlike dont doesnt isnt cant "
    "wont fails fail impossible useless wrong false myth mistaken".split()
)
_NOTS = frozenset("not no never none nothing neither nor cannot without hardly dont doesnt isnt cant wont".split())
# What denies all that follows, without a "not": "I doubt that …", "it is a myth that …".
_DENYING = re.compile(
    r"\b(?:(?:doubt|deny|disagree|dispute) (?:very much |strongly )?(?:that|whether)|"
    r"(?:wrong|false|untrue|incorrect|nonsense|a myth|a mistake|a misconception|mistaken) "
    r"(?:that|to (?:say|claim|think|believe|assume|suppose) that)|"
    r"far from true that|hard to believe that)\b",
    re.IGNORECASE,
)
_REJECTION = re.compile(
    r"\b(wrong|mistake|myth|bad idea|trap|anti-?pattern|would(?:n'?t| not)|won'?t (?:help|work|fix|save)|"
    r"(?:does|do|did)(?:n'?t| not) (?:help|work|fix|solve|reduce|change|mean)|"
    r"not (?:enough|true|the (?:fix|answer|problem|cause|issue))|"
    r"instead of|rather than|not just|avoid|never|useless|tempting|(?:some|many) people|colleague|i used to think|"
    r"people (?:think|say|often|usually))\b",
    re.IGNORECASE,
)
_LOOKING = re.compile(
    r"\b(?:look(?:ing)?|see|show|check|open|inspect|pull|read|examine|profile|explain|compare|measure|give me|"
    r"(?:do|can|could|may|might) (?:i|we|you) (?:have|get|share|give)|have (?:you|we) (?:got |any )?|"
    r"break(?:ing)? .{1,20} down|what (?:do|does|did|is|are)|how (?:do|does|did|is|are|long|many|big|large)|is there|"
    r"are there|any (?:metrics|logs?|stats|numbers)|i'?d (?:like|want)|start with)\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(actually,? no|no,? (?:wait|actually|sorry|scratch)|wait,? (?:no|that)|scratch that|"
    r"let me (?:correct|rephrase|fix|take|redo)|correct(?:ing|ion)|i (?:was|am|'m) wrong|that'?s wrong|"
    r"that (?:was|is) wrong|"
    r"i take (?:that|it) back|on second thought|i misspoke|i said .{1,60} but|hang on|hold on|"
    r"sorry,? (?:no|i|that)|strike that|thinking about it|now that i think|"
    r"that (?:isn'?t|is not|wasn'?t) (?:right|true|correct)|i have to correct|my (?:mistake|bad)|what i said|"
    r"i retract|revise that)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d")
_VERBAL = re.compile(
    r"(?:ing|ed|ize|ise|ify|en)$|^(?:is|are|was|were|be|has|have|had|do|does|did|will|would|can|could|should|must|may|might|"
    r"keep|put|make|take|use|read|write|run|split|cut|move|send|ship|check|ask|find|pick|choose|drop|add|build|store|sort|"
    r"cluster|skip|prune|scan|join|filter|show|mean|means|need|needs|get|gets|go|goes|let|set|see|say|says|know|want|try|"
    r"reads|writes|keeps|makes|takes|uses|runs|holds|hold|lies|stays|stay|works|work|loses|lose|costs|cost|gives|give)$"
)


class Lexical(NamedTuple):
    """The word view of a text: content stems, those of them under a negation, and how many plain nots there are."""

    stems: frozenset[str]
    denied: frozenset[str]
    negators: int = 0


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The Snowball (Porter 2) stem of one lower-case word; the parts of z-order or user_id are joined first."""
    return stemmed(word.replace("-", "").replace("_", "").replace(".", ""))


def stems_of(text: str) -> list[str]:
    """The stems of the content words, in order; a joined word such as user_id gives its parts as well."""
    found: list[str] = []
    for word in content_words(text):
        found.append(stem(word))
        if "_" in word or "-" in word or "." in word:
            found.extend(stem(part) for part in re.split(r"[-_.]", word) if len(part) > 1)
    return found


def lexical(text: str) -> Lexical:
    """The word view of this text."""
    ordered = stems_of(text)
    denied: set[str] = set()
    reach = 0
    for word in words(text):
        if word in _NEGATORS or word.endswith("n't"):
            reach = NEGATION_REACH
        elif word not in FUNCTION_WORDS and reach:
            denied.add(stem(word))
            reach -= 1
    negators = sum(word in _NOTS or word.endswith("n't") for word in words(text)) + len(_DENYING.findall(text))
    return Lexical(frozenset(ordered), frozenset(denied), negators)


def recall(text: Lexical, of: Lexical, weight: dict[str, float]) -> float:
    """The weighted share of `of`'s stems that stand in `text`, 0 to 1."""
    total = sum(weight.get(s, 1.0) for s in of.stems)
    return sum(weight.get(s, 1.0) for s in of.stems & text.stems) / total if total else 0.0


def polarity_clash(text: Lexical, of: Lexical) -> float:
    """The share of the shared stems that one of the two denies and the other does not, 0 to 1."""
    shared = text.stems & of.stems
    return sum((s in text.denied) != (s in of.denied) for s in shared) / len(shared) if shared else 0.0


def negates(text: Lexical, of: Lexical) -> bool:
    """Whether the text says what `of` says with a "not" more or fewer.

    Either it has most of the stems and another number of negations, of which one concerns what it says, or what they
    share is denied on one side only.
    """
    shared = overlap(text, of)
    if shared >= SAME_CLAIM and text.negators > of.negators:
        return True
    # Without the "not" of a wording it says the opposite only if it says what the wording denies: "so every file is
    # opened" is no opposite of "so nothing is skipped".
    if shared >= SAME_CLAIM and text.negators < of.negators:
        return shared >= ALL_BUT_THE_SAME or len(of.denied & text.stems) >= UNDENIED_SHARE * len(of.denied)
    return shared >= LIKE_CLAIM and text.negators > of.negators and polarity_clash(text, of) >= DENIED_SHARE


def overlap(text: Lexical, of: Lexical) -> float:
    """The share of `of`'s stems that stand in `text`, 0 to 1."""
    return len(text.stems & of.stems) / max(1, len(of.stems))


class TermGroup(NamedTuple):
    """Alternatives, each a set of stems that must all be there."""

    alternatives: tuple[frozenset[str], ...]

    def is_in(self, stems: frozenset[str]) -> bool:
        return any(alternative <= stems for alternative in self.alternatives)


def term_group(text: str) -> TermGroup:
    """From 'cluster|z-order|co-locate'."""
    options = (frozenset(stem(word) for word in words(option)) for option in text.split("|"))
    return TermGroup(tuple(option for option in options if option))


def terms_share(stems: frozenset[str], groups: Sequence[TermGroup]) -> float:
    """The share of groups of which a word is there; 1 when there are no groups."""
    return sum(group.is_in(stems) for group in groups) / len(groups) if groups else 1.0


def looks_for_evidence(text: str) -> bool:
    """Whether the sentence asks to see something, or says that its speaker would look at it."""
    return bool(_LOOKING.search(text))


def rejects(text: str) -> bool:
    """Whether the sentence speaks against something ("that is a myth", "would not help")."""
    return bool(_REJECTION.search(text))


def corrects(text: str) -> bool:
    """Whether the sentence takes back what was said before ("actually no", "scratch that")."""
    return bool(_CORRECTION.search(text))


def numbers(text: str) -> frozenset[str]:
    """The numbers of the text as they are written, without the commas between thousands."""
    return frozenset(found.replace(",", "") for found in _NUMBER.findall(text))


def statement_share(text: str) -> float:
    """How much a text reads as statements, 0 to 1: the share of function words and verb-like words, over a half.

    Prose has about half; a list of terms has next to none. Length and style do not matter beyond that.
    """
    found = words(text)
    if not found:
        return 0.0
    glue = sum(word in FUNCTION_WORDS or bool(_VERBAL.search(word)) for word in found)
    return min(1.0, glue / len(found) / 0.5)


def rarity(texts: Iterable[str]) -> dict[str, float]:
    """Stem -> weight: 1 for one that stands in every text, up to 3 for one that stands in a single one."""
    documents = [set(stems_of(text)) for text in texts]
    counts: dict[str, int] = {}
    for document in documents:
        for s in document:
            counts[s] = counts.get(s, 0) + 1
    size = max(len(documents), 2)
    return {s: 1.0 + 2.0 * math.log(size / count) / math.log(size) for s, count in counts.items()}
