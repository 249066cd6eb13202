"""The candidate's own answer in STAR order, in their own sentences (R19). What a wording may not add: invention.py."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from interviewer.domain.assessment import Rewrite, Star
from interviewer.domain.evidence import usable
from interviewer.domain.intents import ANSWERS, intent_of
from interviewer.domain.interview import COACH, Interview, Sentence
from interviewer.domain.words import content_words

Element = Literal["situation", "task", "action", "result"]
ELEMENTS: tuple[Element, ...] = get_args(Element)
SENTENCES_AT_MOST: dict[Element, int] = {"situation": 3, "task": 2, "action": 5, "result": 3}
SENTENCE_CHARACTERS = 600  # a longer one is cut, with a mark

# What stands where nothing was said, or too little. Fixed, so that nothing of the answer can stand in it; no numbers.
MISSING: dict[Element, str] = {
    "situation": "[missing: what the situation was: the system, its size, and what went wrong]",
    "task": "[missing: what the goal was, as a number or a limit]",
    "action": "[missing: what you would do, or did, step by step, and why]",
    "result": "[missing: what came of it, or how you would measure it]",
}
THIN: dict[Element, str] = {
    "situation": "[missing: how big it was, or what was not known]",
    "task": "[missing: the goal as a number or a limit]",
    "action": "[missing: why this way, and which part of it is yours]",
    "result": "[missing: a number before and after]",
}
TOGETHER: dict[Element, str] = {
    element: f"[missing: a sentence of its own; you said it together with the {element}]" for element in ELEMENTS
}
MISSING_PART = re.compile(r"\[\s*missing\b:?[^\]]*(?:\]|$)", re.IGNORECASE)

MISSING_MARK = re.compile(r"\[\s*missing\b:?|\]", re.IGNORECASE)
FIXED = frozenset((*MISSING.values(), *THIN.values(), *TOGETHER.values()))
_FILLER = re.compile(
    r"(?:(?:um+|uh+|er+|erm|hmm+|so yeah|yeah so|yeah|ok so|okay so|so um|so uh|you know|i mean)\b[,.…]*|"
    r"(?:so|well|ok|okay|like|right|alright|basically)[,…]+)\s+",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"\b(?:(?:at|in) my (?:last|previous|old|former|current)|when i (?:was|worked|joined)|last year|years? ago|"
    r"(?:i|we) (?:had|were|was|ran|inherited)|i assume|assuming|i(?:'d| would) (?:first )?ask|depends on|"
    r"right now|currently|at the moment)\b",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?:goal|target|sla|slo|requirements?|must (?:be|stay|finish|hold)|(?:has|have|had|needs?|needed) to "
    r"(?:be|finish|stay)|budget|deadline|my (?:job|task|part|responsibility)|i was (?:asked|responsible|tasked))\b",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"\b(?:(?:i|we)(?:'d|'ll| would| will| should| could| can)\b(?! (?:assume|guess|say|think))|(?:i|we) \w+ed\b)|"
    r"^(?:first|second|third|then|next|finally)[,:]",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\b(?:measur\w+|benchmark\w*|verif\w+|validat\w+|reconcil\w+|compar(?:e|es|ed|ing)|before (?:and|/) ?after|"
    r"side by side|p9\d|checksums?|"
    r"(?:went|fell|dropped|rose|down|cut|reduced|improved) (?:\w+ ){0,4}(?:from|to|by) \W?\d|"
    r"from \W?\d\S*(?: \w+){0,2} to \W?\d)",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:no|not|nothing|never|without|needless)\b|n['’]t\b", re.IGNORECASE)
_CORRECTION = re.compile(
    r"\b(?:actually,? no|no,? (?:wait|actually|sorry|scratch)|wait,? (?:no|that)|scratch that|strike that|"
    r"let me (?:correct|rephrase|take|redo)|i have to correct|i (?:was|am|'m) wrong|i misspoke|i retract|"
    r"i take (?:that|it) back|on second thought|that(?:'s| is| was) (?:wrong|not right|not true|nonsense)|"
    r"my (?:mistake|bad)|what i said|i said (?:earlier|before))\b",
    re.IGNORECASE,
)


class Arrangement(NamedTuple):
    """What may be used of what the candidate said, and which of it stands under each element, in the order said."""

    own: tuple[Sentence, ...]
    chosen: Mapping[Element, tuple[Sentence, ...]]
    texts: Mapping[Element, str]


def plain_rewrite(
    interview: Interview, star: Star | None, evidence: Collection[int], contradicting: Collection[int] = ()
) -> Rewrite:
    """The candidate's sentences, verbatim, under the element they belong to. No model has a part in it.

    `evidence` are the numbers of the sentences that earned credit, `contradicting` of those that said the opposite of
    a key point. The latter are left out, and so is what was taken back.
    """
    return rewrite_of(arranged(interview, star, evidence, contradicting).texts, COACH)


def rewrite_of(texts: Mapping[Element, str], engine: str, note: str = "") -> Rewrite:
    return Rewrite(
        situation=texts["situation"],
        task=texts["task"],
        action=texts["action"],
        result=texts["result"],
        engine=engine,
        note=note,
    )


def arranged(
    interview: Interview, star: Star | None, evidence: Collection[int], contradicting: Collection[int] = ()
) -> Arrangement:
    """As `plain_rewrite`, with the sentences themselves."""
    own = _own(interview, evidence, contradicting)
    anchors = _anchors(own, star)
    candidates = _candidates(own, evidence, {sentence.number for sentence in anchors.values()})
    holders = _holders(anchors, candidates)
    chosen: dict[Element, tuple[Sentence, ...]] = {}
    for element in ELEMENTS:
        anchor = [anchors[element]] if element in anchors and holders[anchors[element].number] == element else []
        ranked = sorted(candidates[element], key=lambda sentence: sentence.number not in evidence)
        kept = (*anchor, *ranked)[: SENTENCES_AT_MOST[element]]
        chosen[element] = tuple(sorted(kept, key=lambda sentence: sentence.number))
    texts: dict[Element, str] = {}
    for element in ELEMENTS:
        if chosen[element]:
            texts[element] = completed(element, _joined(chosen[element]), star)
        else:
            texts[element] = TOGETHER[holders[anchors[element].number]] if element in anchors else MISSING[element]
    return Arrangement(own, chosen, texts)


def completed(element: Element, text: str, star: Star | None) -> str:
    """The text, and what is missing in it when the element is not fully there."""
    full = star is not None and getattr(star, element).status == "present"
    return text if full else f"{text} {THIN[element]}"


def _own(interview: Interview, evidence: Collection[int], contradicting: Collection[int]) -> tuple[Sentence, ...]:
    """The sentences that answer the question and that the candidate stands by."""
    answering = {turn.seq for turn in interview.answers if intent_of(turn.text) in (*ANSWERS, "question")}
    kept = [
        sentence
        for sentence in usable(interview.sentences(), interview.scenario.question)
        if sentence.turn in answering and content_words(_without_filler(sentence.text))
    ]
    left_out = {*contradicting, *(_taken_back(kept) - set(evidence))}
    return tuple(sentence for sentence in kept if sentence.number not in left_out)


def _taken_back(said: Sequence[Sentence]) -> set[int]:
    """What a correction is about, and the correction itself when it says nothing else.

    It is about the earlier sentence that shares most words with it, two at least, or else about the one before it.
    """
    found: set[int] = set()
    for index, sentence in enumerate(said):
        if not _CORRECTION.search(sentence.text):
            continue
        new = set(content_words(_CORRECTION.sub(" ", sentence.text)))
        shared = [len(new & set(content_words(earlier.text))) for earlier in said[:index]]
        if index:
            most = max(shared)
            target = index - 1 - shared[::-1].index(most) if most >= 2 else index - 1
            if len(_CORRECTION.split(sentence.text)[0].split()) < 4:  # else the sentence corrects itself
                found.add(said[target].number)
        if len(new) < 3:
            found.add(sentence.number)
    return found


def _anchors(own: Sequence[Sentence], star: Star | None) -> dict[Element, Sentence]:
    anchors: dict[Element, Sentence] = {}
    for element in ELEMENTS if star is not None else ():
        quote = getattr(star, element).quote.strip()
        same = [sentence for sentence in own if sentence.text == quote]
        around = [sentence for sentence in own if quote and quote in sentence.text]
        if same or around:
            anchors[element] = (*same, *around)[0]
    return anchors


def _candidates(
    own: Sequence[Sentence], evidence: Collection[int], anchors: Collection[int]
) -> dict[Element, list[Sentence]]:
    """For each element the sentences that belong to it without being its anchor; many belong to none."""
    found: dict[Element, list[Sentence]] = {element: [] for element in ELEMENTS}
    texts = set()
    for index, sentence in enumerate(own):
        if sentence.number in anchors or sentence.text in texts:
            continue
        texts.add(sentence.text)
        if element := _element_of(sentence, sentence.number in evidence, early=index <= len(own) // 3):
            found[element].append(sentence)
    return found


def _element_of(sentence: Sentence, is_evidence: bool, early: bool) -> Element | None:
    text = sentence.text
    if text.rstrip().endswith("?"):
        return None
    if _MEASURE.search(text) and (is_evidence or not _DENIAL.search(text)):
        return "result"
    if is_evidence:
        return "action"
    if len(content_words(text)) < 4:
        return None
    if _TASK.search(text):
        return "task"
    if early and _STORY.search(text):
        return "situation"
    return "action" if _ACTION.search(_without_filler(text)) else None


def _holders(
    anchors: Mapping[Element, Sentence], candidates: Mapping[Element, Sequence[Sentence]]
) -> dict[int, Element]:
    """Which element keeps a sentence that anchors several: the one that has least besides, the action first."""
    holders: dict[int, Element] = {}
    for element in sorted(anchors, key=lambda name: (len(candidates[name]), -ELEMENTS.index(name), name != "action")):
        holders.setdefault(anchors[element].number, element)
    return holders


def _joined(sentences: Sequence[Sentence]) -> str:
    parts = [shortened(_without_filler(sentence.text)) for sentence in sentences]
    return "".join(
        part if last else f"{part} " if part[-1] in ".!?…;:" else f"{part} … "
        for part, last in zip(parts, (*[False] * (len(parts) - 1), True), strict=True)
    )


def shortened(text: str) -> str:
    """The sentence, cut after a word and marked when it goes on without end."""
    if len(text) <= SENTENCE_CHARACTERS:
        return text
    return f"{text[:SENTENCE_CHARACTERS].rsplit(maxsplit=1)[0]} […]"


def _without_filler(text: str) -> str:
    while match := _FILLER.match(text):
        text = text[match.end() :]
    return text
