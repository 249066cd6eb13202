"""How a model may word a planned question: what it is told, and the check of every reply before anyone sees it."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from interviewer.domain.interview import Interview, Move
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import content_words, names, neutral, runs, sentences, without_hidden
from interviewer.flows.ports import Message, Prompts, RenderedPrompt

MAX_TOKENS = 120
QUESTION_WORDS = 40  # R4, with the lead
QUESTION_CHARACTERS = 400  # forty words, none of them without end
ANSWER_CHARACTERS = 2400  # of the last answer; more of it would not change how one question is worded
LEAKED_SHARE = 0.5  # of the content words of one sentence of the answer that nobody has said yet
LEAKED_AT_LEAST = 4  # a sentence with fewer such words gives nothing away
KEPT_SHARE = 0.4  # of the content words of the planned question; with fewer it is another question

_QUESTION_MARKS = "?؟"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PRAISE = re.compile(
    r"\b(?:great|good|excellent|nice|perfect|awesome|amazing|fantastic|impressive|brilliant|superb|wonderful|outstanding|"
    r"clever|smart|insightful|solid|impressed|love|well (?:done|put|said|explained|reasoned)|spot[ -]on|correct|"
    r"incorrect|wrong|exactly|thank(?:s| you)|you(?:'re| are) right|that(?:'s| is) (?:right|true|a good|an excellent)|"
    r"absolutely|certainly|indeed|of course|(?:i )?agreed?|disagree|makes sense|unfortunately|mistaken)\b|"
    r"(?:^|[.!;:] *)(?:right|yes|yeah|yep|no|nope|not quite|sure|true|false)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"[<>{}\[\]`*|\\]|~~|\$.*\$|^ *(?:#+|[-+•]|\d+[.)]) |\b__|__\b|https?:|\bwww\.|:\w+:|\n", re.IGNORECASE
)
_OUT_OF_ROLE = re.compile(
    r"\b(as an ai|language model|ai assistant|system prompt|my instructions|i(?:'m| am) (?:an? )?(?:ai|assistant|bot)|"
    r"i cannot (?:help|assist)|planned follow-?up|the candidate|key points?|rubric|reference answer|score)\b",
    re.IGNORECASE,
)


class WordingRequest(NamedTuple):
    """What the model is sent for one turn. `canary` must never come back; `version` names both templates."""

    messages: list[Message]
    canary: str
    version: str


def wording_request(interview: Interview, move: Move, prompts: Prompts) -> WordingRequest:
    """The last exchange and the one planned probe. What must not be said is not in it."""
    canary = f"ref-{secrets.token_hex(6)}"
    system = prompts.render("interviewer", {"canary": canary})
    asked = interview.last_question
    answer = interview.last_answer
    user = prompts.render(
        "follow_up",
        {
            "title": interview.scenario.title,
            "asked": neutral(asked.text) if asked else "",
            "answer": _shortened(neutral(answer.text)) if answer else "",
            "ask": move.ask or move.text,
            "manner": interview.manner,
        },
    )
    messages: list[Message] = [{"role": "system", "content": system.text}, {"role": "user", "content": user.text}]
    return WordingRequest(messages, canary, joined_version(system, user))


def joined_version(*prompts: RenderedPrompt) -> str:
    return "+".join(prompt.version for prompt in prompts)


def broken_rule(text: str, interview: Interview, move: Move, canary: str = "") -> str | None:
    """Why this wording may not be shown; None when it may. `text` is the model's question without the lead."""
    plain = unicodedata.normalize("NFKC", text.strip())
    if not plain.endswith("?") or sum(plain.count(mark) for mark in _QUESTION_MARKS) != 1:
        return "not exactly one question"
    if len(plain) > QUESTION_CHARACTERS or len(f"{move.lead} {plain}".split()) > QUESTION_WORDS + 4:
        return "too long"
    authored = move.ask or ""
    if without_hidden(plain) != plain or _more(_MARKUP, plain, authored):
        return "not plain text"
    if canary and canary.casefold() in plain.casefold():
        return "gives back its instructions"
    if _more(_PRAISE, plain, authored):
        return "praises or judges"
    if _more(_OUT_OF_ROLE, plain, authored):
        return "leaves the role"
    if _repeats(plain, interview):
        return "repeats an earlier question"
    if leaked := leak(plain, interview, move):
        return leaked
    return "asks something else" if _asks_something_else(plain, authored) else None


def _asks_something_else(text: str, authored: str) -> bool:
    """Whether it lost a number of the authored question, or most of its words: then it is another question."""
    meant = _roots(authored, 4)
    lost = {*_NUMBER.findall(authored)} - {*_NUMBER.findall(text)}
    return bool(lost) or len(meant & _roots(text, 4)) < KEPT_SHARE * len(meant)


def leak(text: str, interview: Interview, move: Move) -> str | None:
    """Whether the text gives away what nobody has said yet: by the letter, by its words, or by a spoiler term."""
    scenario = interview.scenario
    allowed = "\n".join((scenario.question, move.ask or "", *(turn.text for turn in interview.turns)))
    if (runs(text) & runs(scenario.reference)) - runs(allowed):
        return "repeats the reference"
    said = _roots(allowed)
    new = _roots(text) - said
    for sentence in _answer_sentences(scenario):
        own = _roots(sentence) - said
        if len(own) >= LEAKED_AT_LEAST and len(own & new) >= LEAKED_SHARE * len(own):
            return "gives the answer away"
    for hint in scenario.hints:
        for term in hint.spoiler_terms:
            if names(text, term) and not names(allowed, term):
                return "names the fix"
    return None


def _answer_sentences(scenario: Scenario) -> Iterator[str]:
    yield from (span.text for span in sentences(scenario.reference))
    for point in scenario.key_points:
        yield from point.accepted


def _more(pattern: re.Pattern[str], text: str, authored: str) -> bool:
    """Whether the text has more matches than the authored question, which may ask "what is wrong with it?"."""
    found, meant = (Counter(match.group().casefold() for match in pattern.finditer(each)) for each in (text, authored))
    return bool(found - meant)


def _repeats(text: str, interview: Interview) -> bool:
    new = set(content_words(text))
    for turn in interview.turns:
        if turn.role == "interviewer" and turn.move and turn.move.probe:
            old = set(content_words(turn.text))
            if new and len(new & old) / len(new | old) >= 0.75:
                return True
    return False


def _roots(text: str, letters: int = 6) -> set[str]:
    """The content words by crude roots, enough to see that 'clusters' and 'clustering' are one word."""
    return {word[:letters] for word in content_words(text)}


def _shortened(text: str) -> str:
    """The beginning and the end of a long answer: what was just said matters most for wording the next question."""
    if len(text) <= ANSWER_CHARACTERS:
        return text
    half = ANSWER_CHARACTERS // 2
    return f"{text[:half]} […] {text[-half:]}"
