"""The candidate's answer in STAR order: a model may word it, and code checks that it added nothing (R19)."""

from __future__ import annotations

import re
import secrets
import threading

from pydantic import BaseModel, ConfigDict

from interviewer.domain.assessment import Assessment, Rewrite
from interviewer.domain.evidence import addresses_the_grader
from interviewer.domain.interview import COACH, Interview, Sentence, Usage
from interviewer.domain.invention import invented, known_names, said_share, turned_round
from interviewer.domain.rewriting import (
    ELEMENTS,
    MISSING_PART,
    Arrangement,
    Element,
    arranged,
    completed,
    rewrite_of,
    shortened,
)
from interviewer.domain.words import content_words, echoes, neutral, sentences, without_hidden
from interviewer.errors import ModelError
from interviewer.flows.ports import ChatModel, Message, Prompts

MAX_TOKENS = 900
WORDS_AT_MOST: dict[Element, int] = {"situation": 60, "task": 60, "action": 110, "result": 60}
LENIENCE = 1.25  # models count badly
CHARACTERS_PER_WORD = 12  # words without end are no words
SAID_CHARACTERS = 16_000  # of the answer that the model is told; what code chose comes first
SAID_SHARE = 0.6  # of the content words of an element
SAID_OF_AN_ECHO = 0.8  # of a sentence that could come from the question
NAMED_AT_MOST, NAME_CHARACTERS = 3, 40

_JUDGEMENT = re.compile(
    r"\b(?:scor(?:e|es|ed|ing)|grad(?:e|es|ed|ing)|marks|full credit|rating|rated|pass(?:ed)? the interview|"
    r"\d+ ?(?:/|out of) ?\d+|great|good|excellent|nice|perfect(?:ly)?|awesome|amazing|fantastic|impressive(?:ly)?|"
    r"brilliant(?:ly)?|superb|wonderful|outstanding|clever(?:ly)?|smart|insightful|solid|strong|well (?:done|said|"
    r"explained|reasoned)|success(?:ful|fully)?|expert(?:ly|ise)?|correct(?:ly)?|seasoned|proven|robust(?:ly)?|"
    r"the candidate|candidate's)\b",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?\[(?!\s*missing\b)([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])", re.IGNORECASE)
_LINE_MARK = re.compile(r"^[ \t]*(?:#+|[-+•*>]|\d+[.)])[ \t]+", re.MULTILINE)
_LABEL = re.compile(r"^\W*(?:situation|task|action|result)\s*:\W*", re.IGNORECASE)
_EMPHASIS = re.compile(r"`+|\*+|~~|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)|</?[a-zA-Z][^<>]{0,80}>")


class Worded(BaseModel):
    """What a model is asked for: one text for each element."""

    model_config = ConfigDict(extra="forbid")

    situation: str
    task: str
    action: str
    result: str


def rewrite(
    interview: Interview,
    assessment: Assessment,
    model: ChatModel | None,
    prompts: Prompts,
    *,
    stop: threading.Event | None = None,
) -> tuple[Rewrite, Usage | None]:
    """The answer in STAR order, in the model's wording where that holds nothing but what the candidate said.

    Without a model, and where its wording fails a check or does not come, the candidate's own sentences stand, and
    the note says why. Nothing said, nothing asked. The model is told no reference, key point or hint.
    """
    plain = _arranged(interview, assessment)
    own = rewrite_of(plain.texts, COACH)
    if model is None or not plain.own:
        return own, None
    try:
        reply = model.parse(_request(interview, plain, prompts), Worded, max_tokens=MAX_TOKENS, stop=stop)
        if not isinstance(reply.value, Worded):
            raise ModelError("invalid", "The model did not reply in the form that was asked for.")
    except ModelError as error:
        note = f"The model gave no wording ({error}), so your own sentences stand here."
        return own.model_copy(update={"note": note}), None
    return _checked(reply.value, interview, assessment, plain, model.name), reply.usage


def _arranged(interview: Interview, assessment: Assessment) -> Arrangement:
    verdicts = [point.verdict for point in assessment.points if point.verdict is not None]
    credited, contradicting = (
        {evidence.sentence for verdict in verdicts if verdict.kind in kinds for evidence in verdict.evidence}
        for kinds in (("covered", "partial"), ("contradicted",))
    )
    return arranged(interview, assessment.star, credited, contradicting)


def _request(interview: Interview, plain: Arrangement, prompts: Prompts) -> list[Message]:
    prompt = prompts.render(
        "rewrite",
        {
            "question": interview.scenario.question,
            "mark": f"=== {secrets.token_hex(4)} ===",
            "sentences": [
                {"number": sentence.number, "text": neutral(shortened(sentence.text))} for sentence in _told(plain)
            ],
            "elements": [
                {
                    "name": element,
                    "words": WORDS_AT_MOST[element],
                    "sentences": [sentence.number for sentence in plain.chosen[element]],
                }
                for element in ELEMENTS
            ],
        },
    )
    return [{"role": "user", "content": prompt.text}]


def _told(plain: Arrangement) -> list[Sentence]:
    """What the model reads, in the order said: what code chose, and of the rest as much as fits."""
    chosen = {sentence.number for element in ELEMENTS for sentence in plain.chosen[element]}
    room = SAID_CHARACTERS
    kept = []
    for sentence in sorted(plain.own, key=lambda sentence: sentence.number not in chosen):
        room -= len(shortened(sentence.text))
        if room >= 0 or sentence.number in chosen:
            kept.append(sentence)
    return sorted(kept, key=lambda sentence: sentence.number)


def _checked(
    worded: Worded, interview: Interview, assessment: Assessment, plain: Arrangement, model_name: str
) -> Rewrite:
    """The model's text for every element that passes, the plain one for the others, and why."""
    texts: dict[Element, str] = {}
    notes: list[str] = []
    for element in ELEMENTS:
        text = _plain_text(getattr(worded, element)) if _fits(getattr(worded, element), element) else None
        fault = "was too long" if text is None else _fault(text, interview, plain)
        if fault is None and text:
            texts[element] = completed(element, text, assessment.star)
            continue
        texts[element] = plain.texts[element]
        instead = "your own sentences stand there" if plain.chosen[element] else "that part is marked as missing"
        if fault is not None:
            notes.append(f"The model's wording of the {element} {fault}, so {instead}.")
        elif plain.chosen[element]:
            notes.append(f"The model gave no wording of the {element}, so {instead}.")
    used = any(texts[element] != plain.texts[element] for element in ELEMENTS)
    return rewrite_of(texts, model_name if used else COACH, " ".join(notes))


def _fits(text: str, element: Element) -> bool:
    limit = WORDS_AT_MOST[element] * LENIENCE
    return len(text) <= limit * CHARACTERS_PER_WORD and len(text.split()) <= limit


def _plain_text(text: str) -> str:
    """On one line, without markup and hidden characters. What is missing is said by code, in fixed words."""
    bare = MISSING_PART.sub(" ", without_hidden(_LINE_MARK.sub(" ", _LINK.sub(r"\1", text))))
    return _LABEL.sub("", neutral(_EMPHASIS.sub("", bare))).strip()


def _fault(text: str, interview: Interview, plain: Arrangement) -> str | None:
    """What is wrong with the wording of one element, as the end of a sentence; None when it may stand."""
    if not text:
        return None
    said = "\n".join(sentence.text for sentence in plain.own)
    known = known_names(interview.scenario)
    if addresses_the_grader(text) or _judges(text, said):
        return "judged the answer or spoke to the grader"
    if new := invented(text, said, known):
        everything = "\n".join(turn.text for turn in interview.answers)
        why = "you did not say" if invented(text, everything, known) else "you took back or that does not hold"
        return f"held something {why} ({_listed(new)})"
    question = interview.scenario.question
    if any(_only_asked(span.text, question, said) for span in sentences(text)):
        return "repeated the question in your name"
    if said_share(text, said) < SAID_SHARE:
        return "was too far from your words"
    if turned := turned_round(text, said):
        return f"turned round something you said ({_listed(turned)})"
    return None


def _only_asked(sentence: str, question: str, said: str) -> bool:
    if not content_words(sentence):
        return False
    return echoes(sentence, question) and said_share(sentence, said) < SAID_OF_AN_ECHO


def _judges(text: str, said: str) -> bool:
    return any(match.group().lower() not in said.lower() for match in _JUDGEMENT.finditer(text))


def _listed(items: tuple[str, ...]) -> str:
    return ", ".join(item[:NAME_CHARACTERS] for item in items[:NAMED_AT_MOST])
