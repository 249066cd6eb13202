"""What the candidate wants with a turn: usually to answer, sometimes something else."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from interviewer.domain.scenario import ContextAnswer

Intent = Literal["answer", "question", "dont_know", "skip", "repeat", "give_answer", "finish"]

# A longer text is an answer whatever it begins or ends with.
SHORT_WORDS = 14
QUESTION_WORDS = 45

_LEAD = (
    r"(?:(?:sorry|please|ok|okay|well|um+|uh+|hmm+|honestly|sadly|so|no|yeah|i think|i guess|could you|can you|can we|"
    r"let'?s|i'?d like to|i want to|just)[,.]? +)*"
)
_TAIL = (
    r"(?:[,.]? +(?:please|sorry|here|now|on (?:this|that)(?: one)?|about (?:that|this|it)|for (?:this|that)(?: one)?|"
    r"to be honest|tbh|at all|either|really|yet|again|the question|this (?:one|question)|it|that|for me))*"
)
_SHORT: dict[Intent, str] = {
    "give_answer": (
        r"(?:give|tell|show) (?:me|us) (?:the|your)(?: \w+)? (?:answer|solution|key points?|rubric)|"
        r"what(?:'s| is) the (?:right |correct |best )?(?:answer|solution)|tell me|reveal the answer|"
        r"give (?:it|that) to me|what should i (?:say|answer)"
    ),
    "repeat": r"repeat|say (?:it|that)|once more|again|rephrase|reword|put it differently|pardon|i did not get",
    "skip": r"skip|pass|next(?: question| one)?|move on",
    "finish": (
        r"i'?m (?:done|finished)|i am (?:done|finished)|that'?s (?:all|it)(?: from me)?|nothing (?:more|else|to add)|"
        r"no more|stop|finish|end|done|i have nothing (?:more|else|to add)|end the interview"
    ),
    "dont_know": (
        r"(?:i )?(?:really )?(?:(?:don'?t|do not|dunno) know(?: what to say)?|have no (?:idea|clue)|no (?:idea|clue)|"
        r"(?:i'?m |am )?(?:not sure|stuck|lost)|idk|dunno|can'?t (?:say|answer)|no thoughts)"
    ),
}
_PATTERNS = {intent: re.compile(f"{_LEAD}(?:{pattern}){_TAIL}", re.IGNORECASE) for intent, pattern in _SHORT.items()}
_QUESTION_START = re.compile(
    r"^(and |so |ok(ay)?,? |sorry,? |quick question:? |can i ask:? )*"
    r"(what|which|how|is|are|do|does|did|can|could|may|should|who|where|when|why|was|were|will|would|has|have|any)\b",
    re.IGNORECASE,
)


class Reading(NamedTuple):
    """How the last candidate turn was read. `context` is the authored answer to a clarifying question, if any."""

    intent: Intent
    context: ContextAnswer | None = None


def intent_of(text: str) -> Intent:
    """The intent by plain rules; anything that is not clearly something else is an answer."""
    plain = " ".join(text.replace("’", "'").split())
    count = len(plain.split())
    if count <= SHORT_WORDS:
        bare = plain.strip(" .!?…,") or "idk"
        for intent, pattern in _PATTERNS.items():
            if pattern.fullmatch(bare):
                return intent
    if count <= QUESTION_WORDS and plain.endswith("?"):
        last = re.split(r"(?<=[.!?])\s+", plain)[-1]
        asks = sum(bool(_QUESTION_START.match(part)) for part in re.split(r"(?<=[.!?,])\s+", plain))
        if asks and len(last.split()) >= count / 3:
            return "question"
    return "answer"
