"""What the interviewer does next: next_move is a pure function of what was said, what was shown, and the clock.

The rules (R1 to R11) are those of structured interviewing: the same core for everybody, only planned probes adapt,
at most two probes a point, nothing given away, one question a turn, and every choice stored with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from interviewer.domain.coverage import ENOUGH, Coverage, Match
from interviewer.domain.hints import WITH_HINTS
from interviewer.domain.intents import Intent, Reading, intent_of
from interviewer.domain.interview import EndReason, Interview, Manner, Move, MoveKind, Sentence, Turn
from interviewer.domain.job import leaning_words
from interviewer.domain.scenario import ConstraintChange, Exhibit, KeyPoint, Probe, ProbeType, When
from interviewer.domain.words import content_words

PROBES_PER_POINT = 2  # R6
EMPTY_ANSWERS_BEFORE_HELP = 2  # R5, R9
EMPTY_ANSWERS_BEFORE_THE_END = 4  # as many again where no hint can be offered
QUESTIONS_BEFORE_THE_END = 2  # nobody is let go after one question that drew nothing
ASIDES: tuple[MoveKind, ...] = ("context", "assume", "repeat", "withhold", "steer")
ASIDES_IN_A_ROW = 3  # after this many the interview goes on with its own questions
QUOTE_WORDS = 12
QUOTE_CHARACTERS = 160  # a word may have no end
CLAUSE_WORDS, CLAUSE_WORTH = 4, 0.6  # words of a clause to quote; telling words in it, as a share of the most anywhere
QUESTION_WORDS = 40  # R4

INVITE = "Before we stop: is there anything you want to add or correct?"
ASSUME = "The brief does not say. Assume what you need, say what you assumed, and go on."
WITHHOLD = "I will not answer it for you during the interview; the report compares your answer with the reference."
OFFER = "You can take a hint, at the price on the button. Or:"
# Neutral, for a claim without a probe of its own; each is used once, so that nobody hears the same question twice.
CHALLENGES = (
    "Suppose that does not hold here: what would you see, and how would you check it?",
    "What would have to be the case for that to work, and how would you find out?",
    "What could you observe that would make you change your mind about that?",
    "Which part of that are you least sure of, and how would you test it?",
)
CLOSINGS: dict[EndReason, str] = {
    "coverage": "Thank you, I have what I need. Your report comes next.",
    "budget": "Thank you, that was my last question. Your report comes next.",
    "time": "Time is up, so we stop here. Your report comes next.",
    "stuck": "Thank you, let us stop here. Your report comes next.",
    "candidate": "All right, we stop here. Your report comes next.",
}
# What is said to something that was no answer, before the question that stays open.
STEERS: dict[Intent, str] = {
    "pause": "Take your time.",
    "silent": "Nothing came through. Even a rough answer helps.",
    "rude": "I hear the frustration. You may skip a question or end the interview at any time.",
    "small_talk": "Hello. Let us go on with the case.",
    "off_topic": "Let us stay with the case.",
    "other_language": "Please answer in English; simple words are fine.",
}
# What a follow-up of each type is after, for somebody who wants it in other words.
AFTER: dict[ProbeType, str] = {
    "clarify": "make it concrete",
    "deepen": "explain the mechanism behind it",
    "challenge": "test the assumption",
    "failure-mode": "say what happens when it fails",
    "trade-off": "name the alternative and its cost",
    "quantify": "put a number on it",
    "generalise": "say what changes in another situation",
    "experience": "tell what you did yourself",
}
# For a scenario that nobody has planned enough follow-ups for. They fit any technical answer and give nothing away.
FREE_QUESTIONS: dict[ProbeType, str] = {
    "clarify": "Which part of that would you do first, and what tells you that it is the right one?",
    "deepen": "What happens inside the system that makes this work?",
    "trade-off": "Which option did you reject, and when would you pick it?",
    "quantify": "Can you give me an order of magnitude, and the assumptions behind it?",
    "failure-mode": "Suppose it fails halfway through the night: how would anybody notice, and what happens next?",
    "generalise": "What changes at ten times the size?",
}
OTHER_WORDS = "In other words: what happens here, why, and what would you do about it?"
JUST_CONTRADICTED = "a claim just made contradicts this point"
EARLIER_CONTRADICTED = "an earlier claim contradicts this point"
STAYS = "The question above stays open."
SHOWN = "Here it is: {title}. What do you read from it?"
# The tone, and nothing else: which question comes, and what it is worth, is the same in every manner.
ACKNOWLEDGEMENTS: dict[Manner, tuple[str, ...]] = {
    "neutral": ("Understood.", "All right.", "Noted."),
    "warm": ("I see, thank you.", "All right, I follow.", "Thanks, I have noted that."),
    "demanding": ("Go on.", "More precisely.", "Let us go deeper."),
}
_SILENT = "no answer: silent"
_CLAUSE_BEGINS = frozenset(
    "and but or so because since if when while where which that who although though then".split()
)
_VARIED: tuple[ProbeType, ...] = ("quantify", "failure-mode", "trade-off")
_FAR: tuple[ProbeType, ...] = ("generalise", "experience")


def closing(reason: EndReason) -> Move:
    """The move that ends the interview."""
    return Move(kind="close", text=CLOSINGS[reason], reason=f"ended: {reason}", end=reason)


def next_move(interview: Interview, coverage: Coverage, reading: Reading, now: datetime) -> Move:
    """The interviewer's next move after the last turn. There is always one; a finished interview closes again."""
    if not interview.turns:
        return Move(
            kind="open", text=interview.scenario.question, reason="the scenario's question, the same for everybody"
        )
    if interview.ended:
        return closing(interview.ended)
    if reading.intent == "finish":
        return closing("candidate")
    if interview.deadline and now >= interview.deadline:
        return closing("time")
    asked = interview.last_question
    if asked and asked.move and asked.move.kind == "invite":
        return closing(asked.move.end or "budget")
    if reading.exhibit and reading.exhibit not in interview.exhibits:
        return _showing(reading.exhibit)
    return _aside(interview, reading) or _follow_up(interview, coverage, reading)


def _showing(exhibit: Exhibit) -> Move:
    ask = SHOWN.format(title=exhibit.title.rstrip("."))
    return Move(kind="exhibit", text=ask, ask=ask, exhibit=exhibit.id, reason=f"asked to see: {exhibit.title}")


def _aside(interview: Interview, reading: Reading) -> Move | None:
    """A reply to something that was not an answer. The question that was asked stays open."""
    if all(move.kind in ASIDES for move in interview.moves[-ASIDES_IN_A_ROW:]):
        return None
    # While an exhibit is looked at, the question before it is the one that waits.
    waiting = next((move.ask for move in reversed(interview.moves) if move.ask and move.kind != "exhibit"), None)
    if reading.intent == "repeat":
        text = f"The question was: {waiting or interview.scenario.question}"
        return Move(kind="repeat", text=text, reason="asked to repeat the question")
    if reading.intent == "rephrase":
        text = _in_other_words(interview.last_question)
        return Move(kind="repeat", text=text, reason="asked for the question in other words")
    silent_before = any(move.reason == _SILENT for move in interview.moves)  # then another question may help
    if reading.intent in STEERS and not (reading.intent == "silent" and silent_before):
        text = f"{STEERS[reading.intent]} {waiting or STAYS}"
        return Move(kind="steer", text=text, reason=f"no answer: {reading.intent}")
    if reading.intent == "question" and reading.context:
        return Move(kind="context", text=reading.context.answer, reason=f"asked: {reading.context.question}")
    if reading.intent == "question":
        return Move(kind="assume", text=ASSUME, reason="asked for something the brief leaves open")
    if reading.intent == "give_answer" and interview.moves[-1].kind != "withhold":
        return Move(kind="withhold", text=WITHHOLD, reason="asked for the answer")
    return None


def _in_other_words(question: Turn | None) -> str:
    move = question.move if question else None
    if move is None or move.ask is None or move.type is None:
        return OTHER_WORDS
    return f"I would like you to {AFTER[move.type]}. {move.ask}"


def _follow_up(interview: Interview, coverage: Coverage, reading: Reading) -> Move:
    """The next probe, an offer of help, or the way out: by rule, in the order of the lines below (R5)."""
    if len(interview.probes) >= interview.max_probes:
        return _invite("budget", f"{interview.max_probes} follow-ups asked")
    if not interview.scenario.key_points:
        return _free_question(interview) or _invite("budget", "no question is left")
    if coverage.share(interview.scenario) >= ENOUGH:
        far = None if _asked(interview, _FAR) else _far_probe(interview, reading, "the ground is covered")
        return far or _invite("coverage", f"{ENOUGH:.0%} of the points are covered")
    probe = next(_choices(interview, coverage, reading), None)
    offered = next((turn.seq for turn in interview.turns if turn.move and turn.move.kind == "offer_hint"), None)
    if offered is not None:
        asked_enough = len(interview.probes) >= QUESTIONS_BEFORE_THE_END
        if asked_enough and empty_answers(interview, coverage, after=offered) >= EMPTY_ANSWERS_BEFORE_HELP:
            return _invite("stuck", f"{EMPTY_ANSWERS_BEFORE_HELP} more answers without anything new")
    else:
        empty = empty_answers(interview, coverage)
        if empty >= EMPTY_ANSWERS_BEFORE_THE_END:
            return _invite("stuck", f"{empty} answers without anything new")
        if empty >= EMPTY_ANSWERS_BEFORE_HELP and probe is not None:
            return _with_offer(interview, probe)
    return (
        probe
        or _far_probe(interview, reading, "no other follow-up is left")
        or _free_question(interview)
        or _invite("budget", "no planned follow-up is left")
    )


def empty_answers(interview: Interview, coverage: Coverage, after: int = 0) -> int:
    """How many of the last answers, counted from the end, brought no evidence for any point. Questions do not count.

    `after` is the turn at which the count begins anew.
    """
    sentences = interview.sentences()
    count = 0
    for turn in reversed(interview.answers):
        if turn.seq < after or coverage.touched_in(turn.seq, sentences):
            break
        reply = interview.turns[turn.seq + 1].move if turn.seq + 1 < len(interview.turns) else None
        aside = reply is not None and reply.kind in (*ASIDES, "exhibit")
        if not aside or intent_of(turn.text) == "silent":
            count += 1
    return count


def _choices(interview: Interview, coverage: Coverage, reading: Reading) -> Iterator[Move]:
    """Probes in the order of preference. A wrong claim just made comes first: later it would be out of place."""
    scenario, sentences = interview.scenario, interview.sentences()
    last = interview.last_answer
    fresh = coverage.touched_in(last.seq, sentences) if last else set()
    skipped = _passed_over(interview, reading)
    open_points = [
        (point, coverage.of(point.id))
        for point in scenario.key_points
        if point.id not in skipped and _count(interview, point.id) < PROBES_PER_POINT
    ]
    lean = leaning_words(interview.leaning)
    open_points.sort(key=lambda item: lean.isdisjoint(_about(item[0])))  # of equals below, what was leaned to
    wrong = [(p, m) for p, m in open_points if m.finding == "contradicted" and not _challenged(interview, p.id)]
    wrong.sort(key=lambda item: item[0].id not in fresh)
    must = [(p, m) for p, m in open_points if p.must and m.finding == "missed"]
    rest = [(p, m) for p, m in open_points if m.finding in ("missed", "partial", "unsure")]
    rest.sort(key=lambda item: -item[0].weight * (0.5 if item[1].finding != "missed" else 1.0))
    covered = [(p, m) for p, m in open_points if m.finding == "covered"]
    covered.sort(key=lambda item: item[0].id not in fresh)

    for point, match in [item for item in wrong if item[0].id in fresh]:
        yield from _challenge(interview, point, match, sentences, JUST_CONTRADICTED)
    for point, match in must:
        yield from _probing(
            interview, point, match, sentences, ("missing", "any"), "an essential point is still missing"
        )
    for point, match in [item for item in wrong if item[0].id not in fresh]:
        yield from _challenge(interview, point, match, sentences, EARLIER_CONTRADICTED)
    for point, match in rest:
        if match.finding == "missed":
            yield from _probing(
                interview, point, match, sentences, ("missing", "any"), "this point has not come up yet"
            )
        else:
            yield from _probing(interview, point, match, sentences, ("shallow", "any"), "this point was only touched")
    for kind in _VARIED:
        if not _asked(interview, (kind,)):
            for point, match in covered:
                for move in _probing(interview, point, match, sentences, ("covered", "any"), f"no {kind} question yet"):
                    if move.type == kind:
                        yield move


def _probing(
    interview: Interview,
    point: KeyPoint,
    match: Match,
    sentences: tuple[Sentence, ...],
    states: tuple[When, ...],
    reason: str,
) -> Iterator[Move]:
    """The unasked probes aimed at this point, those written for this very state first."""
    asked = {move.probe for move in interview.probes}
    fitting = [p for p in interview.scenario.probes if point.id in p.targets and p.when in states and p.id not in asked]
    for probe in sorted(fitting, key=lambda p: states.index(p.when)):
        quote = _quote(interview, match, point, sentences) if match.sentences else None
        yield _asking(interview, probe.ask, probe.id, probe.type, point.id, reason, quote)


def _challenge(
    interview: Interview, point: KeyPoint, match: Match, sentences: tuple[Sentence, ...], reason: str
) -> Iterator[Move]:
    """Neutral: it names what was said and asks what would follow, and does not say that it is wrong."""
    yield from _probing(interview, point, match, sentences, ("contradicted",), reason)
    heard = {move.ask for move in interview.probes}
    for ask in CHALLENGES:
        if ask not in heard:
            quote = _quote(interview, match, point, sentences)
            yield _asking(interview, ask, f"challenge-{point.id}", "challenge", point.id, reason, quote)
            return


def _far_probe(interview: Interview, reading: Reading, because: str) -> Move | None:
    """A changed constraint or another far question, about a point that may still be asked about."""
    asked = {move.probe for move in interview.probes}
    skipped = _passed_over(interview, reading)
    far: list[tuple[Probe | ConstraintChange, ProbeType]] = [
        *((change, "generalise") for change in interview.scenario.constraint_changes),
        *((probe, probe.type) for probe in interview.scenario.probes if probe.type in _FAR),
    ]
    for item, kind in far:
        target = next((t for t in item.targets if t not in skipped and _count(interview, t) < PROBES_PER_POINT), None)
        if item.id not in asked and target is not None:
            reason = f"{because}; a changed condition shows how far it carries"
            return _asking(interview, item.ask, item.id, kind, target, reason, None)
    return None


def _free_question(interview: Interview) -> Move | None:
    """A question that suits any answer, for scenarios without enough planned ones. It aims at no point."""
    asked = {move.probe for move in interview.probes}
    if interview.scenario.status == "reviewed":
        return None
    for kind, ask in FREE_QUESTIONS.items():
        if (probe := f"free-{kind}") not in asked:
            return _asking(interview, ask, probe, kind, None, "a draft has no planned follow-up here", None)
    return None


def _asking(
    interview: Interview, ask: str, probe: str, kind: ProbeType, target: str | None, reason: str, quote: _Quote | None
) -> Move:
    """One question, under forty words with its lead: the candidate's own phrase where one bears on it."""
    room = QUESTION_WORDS - 1 - len(ask.split())
    words = "" if quote is None else f"{'You said' if quote.is_fresh else 'Earlier you said'} “{quote.words}”."
    fits = bool(words) and len(words.split()) <= room
    neutral = ACKNOWLEDGEMENTS[interview.manner]
    lead = words if fits else neutral[len(interview.probes) % len(neutral)]
    if len(lead.split()) > room:
        lead = ""
    return Move(
        kind="probe",
        text=f"{lead} {ask}".strip(),
        lead=lead,
        ask=ask,
        probe=probe,
        type=kind,
        target=target,
        reason=reason,
        quote=quote.words if quote and fits else None,
    )


def _with_offer(interview: Interview, probe: Move) -> Move:
    if interview.mode not in WITH_HINTS or interview.scenario.hint(len(interview.hints) + 1) is None:
        return probe
    reason = f"two answers without anything new; {probe.reason}"
    text = f"{OFFER} {probe.ask}"
    if len(text.split()) >= QUESTION_WORDS:
        return probe
    return probe.model_copy(update={"kind": "offer_hint", "text": text, "lead": OFFER, "reason": reason, "quote": None})


def _invite(because: EndReason, reason: str) -> Move:
    return Move(kind="invite", text=INVITE, reason=reason, end=because)


def _count(interview: Interview, point: str) -> int:
    return sum(move.target == point for move in interview.probes)


def _asked(interview: Interview, kinds: tuple[ProbeType, ...]) -> bool:
    return any(move.type in kinds for move in interview.probes)


def _challenged(interview: Interview, point: str) -> bool:
    """Whether a claim about this point was objected to. A planned challenge, before any claim, is no objection."""
    return any(
        move.target == point and move.reason.endswith((JUST_CONTRADICTED, EARLIER_CONTRADICTED))
        for move in interview.probes
    )


def _passed_over(interview: Interview, reading: Reading) -> set[str]:
    """Points not to ask about now: skipped ones, and the one that drew an "I don't know" just now."""
    passed: set[str] = set()
    asked: str | None = None
    for turn in interview.turns:
        if turn.move is not None:
            asked = turn.move.target if turn.move.probe else asked
        elif asked and (
            intent_of(turn.text) == "skip"
            or (turn == interview.last_answer and reading.intent in ("skip", "dont_know"))
        ):
            passed.add(asked)
    return passed


class _Quote(NamedTuple):
    """A phrase of the candidate, and whether it stands in their last answer."""

    words: str
    is_fresh: bool


def _quote(interview: Interview, match: Match, point: KeyPoint, sentences: tuple[Sentence, ...]) -> _Quote | None:
    """The candidate's own phrase that is nearest to the point, at most twelve words, verbatim.

    None when no sentence of the evidence has a word of the point: "I am sure of that" is not worth taking up.
    """
    about = _about(point)
    evidence = [sentence for sentence in sentences if sentence.number in match.sentences]
    said = max(evidence, key=lambda sentence: _hits(sentence.text, about), default=None)
    if said is None or not _hits(said.text, about):
        return None
    phrase = _nearest_words(said.text, about).rstrip(" .,;:!?")
    last = interview.last_answer
    fresh = last is not None and said.turn == last.seq
    return _Quote(phrase, fresh) if 0 < len(phrase) <= QUOTE_CHARACTERS else None


def _about(point: KeyPoint) -> frozenset[str]:
    return frozenset(
        word for text in (point.text, *point.phrasings, *point.misconceptions) for word in content_words(text)
    )


def _hits(text: str, about: frozenset[str]) -> int:
    return sum(any(word in about for word in content_words(token)) for token in text.split())


def _nearest_words(said: str, about: frozenset[str]) -> str:
    tokens = said.split()
    if len(tokens) <= QUOTE_WORDS:
        return said
    hits = [_hits(token, about) for token in tokens]
    anywhere = range(len(tokens) - QUOTE_WORDS + 1)
    phrases = {start: _phrase(tokens, start) for start in {*anywhere, *_clauses(tokens)}}
    worth = {start: sum(hits[start : start + len(phrase)]) for start, phrase in phrases.items()}
    best = max(anywhere, key=lambda start: (worth[start], -start))
    # What begins with a clause reads as said; what begins in the middle of one reads as an accident.
    whole = [start for start in _clauses(tokens) if worth[start] >= max(1, CLAUSE_WORTH * worth[best])]
    return " ".join(phrases[max(whole, key=lambda start: (worth[start], -start), default=best)])


def _clauses(tokens: list[str]) -> list[int]:
    """Where clauses begin, if enough follows to be quoted: at the start, and after a comma or its like."""
    after = [at for at, token in enumerate(tokens[:-CLAUSE_WORDS], 1) if token.endswith((",", ";", ":"))]
    return [0, *after]


def _phrase(tokens: list[str], start: int) -> list[str]:
    phrase = tokens[start : start + QUOTE_WORDS]
    return _without_loose_end(phrase) if start + QUOTE_WORDS < len(tokens) else phrase


def _without_loose_end(phrase: list[str]) -> list[str]:
    """Cut off where a clause ends, if enough is left: "pruning is free, because the" reads as an accident."""
    for end in range(len(phrase) - 1, QUOTE_WORDS // 3, -1):
        if phrase[end - 1].endswith((",", ";", ":")) or phrase[end].lower() in _CLAUSE_BEGINS:
            phrase = phrase[:end]
            break
    while len(phrase) > 1 and not content_words(phrase[-1]):
        phrase = phrase[:-1]
    return phrase
