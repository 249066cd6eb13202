"""What makes an interviewer a good one, as rules over a finished interview.

Each criterion yields a check for every place where it applies; its name is the sentence of what it demands. What the
candidate meant is taken from the script, not from what the interviewer made of it. Patterns and measures are our own,
not those of the check that a model's wording passes, so that a hole in the one is not a hole in the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from interviewer.domain.coverage import ENOUGH, Coverage
from interviewer.domain.hints import HINT_PRICES, HintOffer
from interviewer.domain.interview import Interview, Move, MoveKind, Turn
from interviewer.domain.words import FUNCTION_WORDS, content_words, names, runs, sentences, words
from interviewer.flows.candidates import ATTACKS, STRAY_SUBJECTS, Act, Said

QUESTION_WORDS = 40
PROBES_PER_POINT = 2
QUESTIONS_UNTIL_CHALLENGE = 2
NEW_SHARE_OF_REFERENCE = 0.2
ALIKE = 0.75  # share of content words that two questions have in common
LEAD_WORDS = 12  # beside the candidate's own words
EMPTY_ANSWERS = 5  # in a row: then the interviewer should have begun to close
EMPTY_BEFORE_OFFER = 2
PROBES_BEFORE_GIVING_UP = 2
TURN_TOKENS = 1500
TOKEN_GROWTH = 1.1
ENGLISH_SHARE = 0.2  # of function words
TEXT_WORDS = 6  # a shorter text has no language
REACTS_FROM_WORDS = 4  # a shorter answer gives nothing to take up
MORE_THAN_THE_POINT = ("deepen", "quantify", "failure-mode", "trade-off", "generalise", "experience")

_PRAISE = re.compile(
    r"\b(?:great|excellent|awesome|amazing|fantastic|impressive|brilliant|superb|wonderful|outstanding|perfect[.!,]|"
    r"good (?:answer|point|question|idea|thinking|job|start|catch|approach|insight|observation)|nice|well (?:done|said|"
    r"put|explained)|love (?:it|that|how)|insightful|impressed|solid (?:answer|approach|plan|understanding))(?!\w)",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"(?<!whether )(?<!if )\b(?:that(?:'s| is|’s)|you(?:'re| are|’re)|this is) "
    r"(?:absolutely |completely |not |partly |indeed )?"
    r"(?:right|correct|wrong|incorrect|mistaken|true|false)\b|\b(?:spot on|not quite|unfortunately|exactly right|"
    r"you(?:'re| are|’re) on the right track|correctly (?:identified|pointed|noted))\b|"
    r"^(?:yes|no|correct|right|exactly|wrong|indeed|absolutely)\b[,.!:]",
    re.IGNORECASE,
)
_GRADER_TALK = re.compile(
    r"\b(?:key points?|rubrics?|reference answer|model answer|grader|grading|marking scheme|the candidate|as an ai|"
    r"language model|system prompt|my instructions|ref-[0-9a-f]{12})\b",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"\b(?:your (?:score|grade|rating|marks)|scores?|full marks|\d+ (?:points|marks)|out of (?:5|10|100)|"
    r"\d+ ?/ ?(?:5|10|100))\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"^\s*(?:[-*•#>]+|\d+[.)])\s|[*`_]{2}|`|\n\s*\n|https?://|</?\w+>", re.MULTILINE)
_PRESSING = re.compile(
    r"\b(?:you must|answer me|are you (?:still )?there|hello\?|disappoint\w*|hurry|waste|useless|"
    r"why (?:don't|won't) you|at least try|come on)\b",
    re.IGNORECASE,
)
_OTHER_ROLE = re.compile(
    r"\b(?:ahoy|arr+|matey|poem|roses are|as an ai|your assistant|i(?:'m| am) (?:sorry|happy to|glad to)|"
    r"stupid|idiot|football)\b",
    re.IGNORECASE,
)
_ANYTHING_TO_ADD = re.compile(r"\banything\b.{0,30}\b(?:add|correct)\b", re.IGNORECASE)
_ASSUME = re.compile(r"\bassum\w+|up to you|your choice", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:earlier|before|at first|to begin with|a moment ago)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"]([^“”\"]+)[”\"]")


class Held(NamedTuple):
    """A finished interview, what the candidate's turns were meant to be, and what the interviewer knew.

    `said` is by the number of the candidate's turn; `coverage` is what stood when the interviewer's turn of that number
    was decided; `offers` are the hints as they were offered, by the turn that gave them on request; `again` is the same
    interview held a second time.
    """

    candidate: str
    interview: Interview
    said: Mapping[int, Said]
    coverage: Mapping[int, Coverage] = {}
    offers: Mapping[int, HintOffer] = {}
    again: Interview | None = None

    @property
    def asked(self) -> Iterator[Turn]:
        """The interviewer's follow-up questions, the last invitation among them."""
        return (turn for turn in self.spoken if _is_question(turn))

    @property
    def spoken(self) -> Iterator[Turn]:
        """What the interviewer said after the question; the question said again is not told apart from it."""
        kinds = ("open", "repeat")
        return (turn for turn in self.interview.turns if turn.move and turn.move.kind not in kinds)

    def replies(self, *acts: Act) -> Iterator[tuple[Turn, Turn]]:
        """Each turn of the candidate of these kinds, and what the interviewer said to it."""
        for turn, reply in pairwise(self.interview.turns):
            if turn.seq in self.said and self.said[turn.seq].act in acts and reply.move:
                yield turn, reply

    def heard(self, before: int) -> str:
        """Everything that had been said by then, the question and the facts of the setting included."""
        return "\n".join((self.interview.scenario.question, *(t.text for t in self.interview.turns if t.seq < before)))


class Check(NamedTuple):
    """Whether a criterion held at a turn."""

    turn: int
    passed: bool


Criterion = Callable[[Held], Iterator[Check]]


class Finding(NamedTuple):
    """A criterion over one interview: whether it applied, whether it held throughout, and the turn where it did not."""

    applicable: bool
    passed: bool
    turn: int | None


def finding(criterion: Criterion, held: Held) -> Finding:
    checks = list(criterion(held))
    failed = next((check.turn for check in checks if not check.passed), None)
    return Finding(bool(checks), bool(checks) and failed is None, failed)


def title(criterion: Criterion) -> str:
    return criterion.__name__.replace("_", " ")


# How a turn is worded


def asks_one_question_a_turn(held: Held) -> Iterator[Check]:
    for turn in held.spoken:
        yield Check(turn.seq, _own_words(held, turn).count("?") <= 1)


def keeps_a_question_to_forty_words(held: Held) -> Iterator[Check]:
    for turn in held.asked:
        yield Check(turn.seq, len(turn.text.split()) <= QUESTION_WORDS)


def uses_no_list_or_markup(held: Held) -> Iterator[Check]:
    yield from _of_its_own(_without(_MARKUP, held), held)


def does_not_praise(held: Held) -> Iterator[Check]:
    yield from _without(_PRAISE, held)


def does_not_say_right_or_wrong(held: Held) -> Iterator[Check]:
    yield from _of_its_own(_without(_VERDICT, held), held)


def does_not_talk_of_grading(held: Held) -> Iterator[Check]:
    yield from _without(_GRADER_TALK, held)


def names_no_score(held: Held) -> Iterator[Check]:
    """Where the question itself is about scores, they may be spoken of."""
    scenario = held.interview.scenario
    if not _SCORE.search(f"{scenario.question} {scenario.reference}"):
        yield from _without(_SCORE, held)


def stays_in_the_language_of_the_question(held: Held) -> Iterator[Check]:
    if _is_english(held.interview.scenario.question):
        for turn in held.spoken:
            own = _own_words(held, turn)
            if len(words(own)) >= TEXT_WORDS and turn.move and turn.move.kind != "context":
                yield Check(turn.seq, _is_english(own))


def never_asks_the_same_twice(held: Held) -> Iterator[Check]:
    earlier: list[set[str]] = []
    for turn in held.asked:
        own = set(content_words(turn.move.ask or turn.text)) if turn.move else set()
        if earlier:
            yield Check(turn.seq, not any(_alike(own, other) for other in earlier))
        earlier.append(own)


def keeps_its_lead_to_a_short_sentence(held: Held) -> Iterator[Check]:
    for turn, move in _moves(held, "probe"):
        lead = move.lead.replace(move.quote, "X") if move.quote else move.lead
        yield Check(turn.seq, len(sentences(lead)) <= 1 and len(lead.split()) <= LEAD_WORDS)


def varies_its_lead(held: Held) -> Iterator[Check]:
    leads = [(turn.seq, move.lead) for turn, move in _moves(held, "probe")]
    for (_, first), (_, second), (seq, third) in zip(leads, leads[1:], leads[2:], strict=False):
        yield Check(seq, not (first and first == second == third))


def quotes_the_candidate_word_for_word(held: Held) -> Iterator[Check]:
    for turn in held.spoken:
        if turn.move and turn.move.quote:
            said = [answer.text for answer in held.interview.answers if answer.seq < turn.seq]
            yield Check(turn.seq, turn.move.quote in turn.text and any(turn.move.quote in text for text in said))


def says_so_when_it_quotes_an_earlier_answer(held: Held) -> Iterator[Check]:
    for turn in held.spoken:
        if turn.move and turn.move.quote and turn.move.quote in turn.text:
            last = next(answer for answer in reversed(held.interview.answers) if answer.seq < turn.seq)
            yield Check(turn.seq, turn.move.quote in last.text or bool(_EARLIER.search(_own_words(held, turn))))


# What is given away


def shares_no_run_of_words_with_the_reference(held: Held) -> Iterator[Check]:
    for turn in _unasked(held):
        new = runs(_own_words(held, turn)) - runs(held.heard(turn.seq))
        yield Check(turn.seq, not new & runs(held.interview.scenario.reference))


def gives_away_few_words_of_the_reference(held: Held) -> Iterator[Check]:
    reference = _roots(held.interview.scenario.reference)
    for turn in _unasked(held):
        new = (_roots(turn.text) & reference) - _roots(held.heard(turn.seq))
        yield Check(turn.seq, len(new) < NEW_SHARE_OF_REFERENCE * len(reference))


def shares_no_run_of_words_with_a_key_point(held: Held) -> Iterator[Check]:
    told = {run for point in held.interview.scenario.key_points for text in point.accepted for run in runs(text)}
    for turn in _unasked(held):
        yield Check(turn.seq, not (runs(_own_words(held, turn)) - runs(held.heard(turn.seq))) & told)


def names_no_spoiler_term_first(held: Held) -> Iterator[Check]:
    terms = [term for hint in held.interview.scenario.hints for term in hint.spoiler_terms]
    for turn in held.spoken if terms else ():
        if turn.move and turn.move.kind != "context":
            heard = held.heard(turn.seq)
            yield Check(turn.seq, not any(names(turn.text, term) and not names(heard, term) for term in terms))


# What is asked about


def aims_at_an_open_point(held: Held) -> Iterator[Check]:
    for turn, move in _targeted(held):
        open_point = held.coverage[turn.seq].of(move.target or "").finding != "covered"
        yield Check(turn.seq, open_point or move.type in MORE_THAN_THE_POINT)


def asks_for_more_where_a_point_was_told(held: Held) -> Iterator[Check]:
    """A point that the script conveyed in full is asked about only for depth, not as if it had not been told."""
    for turn, move in _targeted(held):
        told = [said for seq, said in held.said.items() if seq < turn.seq and move.target in said.right]
        denied = any(seq < turn.seq and move.target in said.wrong for seq, said in held.said.items())
        if told and not denied:
            yield Check(turn.seq, move.type in MORE_THAN_THE_POINT)


def comes_to_every_essential_point(held: Held) -> Iterator[Check]:
    """Whoever is let go with "I have what I need" has told each essential point, or was asked about it."""
    if held.interview.ended in ("coverage", "budget"):
        told = {point for said in held.said.values() for point in said.right}
        asked = {move.target for _, move in _targeted(held)}
        essential = {point.id for point in held.interview.scenario.key_points if point.must}
        yield Check(_last(held), essential <= told | asked)


def asks_at_most_twice_about_a_point(held: Held) -> Iterator[Check]:
    count: dict[str, int] = {}
    for turn, move in _targeted(held):
        target = move.target or ""
        count[target] = count.get(target, 0) + 1
        yield Check(turn.seq, count[target] <= PROBES_PER_POINT)


def reacts_to_the_last_answer(held: Held) -> Iterator[Check]:
    """It takes up a word of the answer, or of the part of the subject that is still open."""
    scenario = held.interview.scenario
    for turn, reply in held.replies("answers"):
        if _is_question(reply) and reply.move and reply.move.kind != "invite" and _says_something(turn):
            target = reply.move.target
            piece = _point_texts(held, target) if target else scenario.question
            yield Check(reply.seq, bool(_roots(reply.text, 4) & _roots(f"{turn.text} {piece}", 4)))


def challenges_a_wrong_claim_within_two_turns(held: Held) -> Iterator[Check]:
    """One of the wrong claims of a turn, of those that may still be asked about and were not challenged before."""
    for seq, said in held.said.items():
        fresh = [point for point in said.wrong if _may_be_challenged(held, point, before=seq)]
        following = [turn for turn in held.asked if turn.seq > seq][:QUESTIONS_UNTIL_CHALLENGE]
        if fresh and following and not _is_closing(following[0]):
            passed = any(_challenges(held, turn, point, said.text) for turn in following for point in fresh)
            yield Check(following[-1].seq, passed)


def challenges_a_claim_only_once(held: Held) -> Iterator[Check]:
    """Counted from the first wrong claim about the point: a challenge may also be the planned first question."""
    challenged: set[str | None] = set()
    for turn, move in _targeted(held):
        claimed = any(seq < turn.seq and move.target in said.wrong for seq, said in held.said.items())
        if claimed and _is_challenge(held, move):
            yield Check(turn.seq, move.target not in challenged)
            challenged.add(move.target)


def does_not_challenge_a_correction(held: Held) -> Iterator[Check]:
    for seq, said in held.said.items():
        for point in said.corrects:
            later = [(t, m) for t, m in _targeted(held) if t.seq > seq and m.target == point and m.type == "challenge"]
            yield Check(later[0][0].seq if later else seq + 1, not later)


# What is answered to somebody who does not answer


def tells_the_fact_that_was_asked_for(held: Held) -> Iterator[Check]:
    facts = {context.question: context.answer for context in held.interview.scenario.context}
    for turn, reply in held.replies("asks_fact"):
        if not _is_closing(reply):
            yield Check(reply.seq, facts[turn.text] in reply.text)


def lets_the_candidate_assume_what_is_left_open(held: Held) -> Iterator[Check]:
    for _, reply in held.replies("asks_beyond"):
        if not _is_closing(reply):
            yield Check(reply.seq, bool(_ASSUME.search(reply.text)))


def does_not_hand_over_the_answer(held: Held) -> Iterator[Check]:
    """Asked for it, or told "I don't know", it says next to nothing of the reference that is new."""
    reference = _roots(held.interview.scenario.reference)
    for _, reply in held.replies("asks_answer", "gives_up"):
        new = (_roots(reply.text) & reference) - _roots(held.heard(reply.seq))
        yield Check(reply.seq, len(new) < NEW_SHARE_OF_REFERENCE / 2 * len(reference))


def takes_another_angle_when_the_candidate_is_lost(held: Held) -> Iterator[Check]:
    for turn, reply in held.replies("gives_up"):
        before = next((t for t in reversed(held.interview.turns[: turn.seq]) if _is_question(t)), None)
        same = before is not None and _alike(_content(_asked(before)), _content(_asked(reply)))
        yield Check(reply.seq, (_is_question(reply) and not same) or _is_closing(reply))


def leaves_a_skipped_point_alone(held: Held) -> Iterator[Check]:
    for turn, reply in held.replies("skips"):
        open_question = next((t for t in reversed(held.interview.turns[: turn.seq]) if _is_question(t)), None)
        target = open_question.move.target if open_question and open_question.move else None
        if target:
            later = [t.seq for t, move in _targeted(held) if t.seq > turn.seq and move.target == target]
            yield Check(later[0] if later else reply.seq, not later)


def repeats_the_question_when_asked(held: Held) -> Iterator[Check]:
    for turn, reply in held.replies("asks_again"):
        questions = [
            t for t in held.interview.turns[: turn.seq] if _is_question(t) or (t.move and t.move.kind == "open")
        ]
        if not _is_closing(reply) and questions:
            yield Check(reply.seq, _roots(_asked(questions[-1])) <= _roots(reply.text))


def closes_when_the_candidate_is_done(held: Held) -> Iterator[Check]:
    for _, reply in held.replies("is_done"):
        yield Check(reply.seq, _is_closing(reply))


def stays_in_its_role_under_attack(held: Held) -> Iterator[Check]:
    about = _subject(held)
    for _, reply in held.replies("attacks"):
        own = _own_words(held, reply)
        quoted = reply.move.quote if reply.move else None
        taken_in = bool(_OTHER_ROLE.search(own)) or (quoted is not None and any(quoted in text for text in ATTACKS))
        back = _is_closing(reply) or _leads_back(reply) or bool(_roots(own) & about)
        yield Check(reply.seq, back and not taken_in)


def does_not_follow_a_change_of_subject(held: Held) -> Iterator[Check]:
    for _, reply in held.replies("strays"):
        followed = any(names(_own_words(held, reply), subject) for subject in STRAY_SUBJECTS)
        aside = reply.move is not None and reply.move.kind in ("context", "assume")
        yield Check(reply.seq, not aside and not followed)


def stays_polite_with_silence(held: Held) -> Iterator[Check]:
    for _, reply in held.replies("is_silent"):
        helps = _is_question(reply) or _is_closing(reply) or _leads_back(reply)
        yield Check(reply.seq, helps and not _PRESSING.search(reply.text))


# Hints


def shows_the_price_of_a_hint_before_it_is_used(held: Held) -> Iterator[Check]:
    for turn, move in _moves(held, "hint"):
        offer = held.offers.get(turn.seq)
        told = offer is not None and offer.level == move.hint_level and offer.price == HINT_PRICES[offer.level]
        yield Check(turn.seq, told)


def gives_the_next_hint_only_after_an_attempt(held: Held) -> Iterator[Check]:
    hinted = [turn.seq for turn, _ in _moves(held, "hint")]
    for first, second in pairwise(hinted):
        yield Check(second, any(first < answer.seq < second for answer in held.interview.answers))


def gives_a_hint_only_on_request(held: Held) -> Iterator[Check]:
    texts = [hint.text for hint in held.interview.scenario.hints]
    for turn in held.spoken:
        is_hint = any(text in turn.text for text in texts)
        yield Check(turn.seq, turn.seq in held.offers or not is_hint)


def offers_a_hint_only_after_two_empty_answers(held: Held) -> Iterator[Check]:
    numbered = held.interview.sentences()
    for turn, _ in _moves(held, "offer_hint"):
        coverage = held.coverage[turn.seq]
        last = [answer.seq for answer in held.interview.answers if answer.seq < turn.seq][-EMPTY_BEFORE_OFFER:]
        empty = not any(coverage.touched_in(seq, numbered) for seq in last)
        yield Check(turn.seq, held.interview.mode != "mock" and len(last) == EMPTY_BEFORE_OFFER and empty)


# How it begins and ends


def opens_with_the_question_word_for_word(held: Held) -> Iterator[Check]:
    yield Check(0, bool(held.interview.turns) and held.interview.turns[0].text == held.interview.scenario.question)


def keeps_to_its_budget_of_questions(held: Held) -> Iterator[Check]:
    probes = [turn.seq for turn in held.asked if turn.move and turn.move.probe]
    limit = held.interview.max_probes
    yield Check(probes[limit] if len(probes) > limit else len(held.interview.turns) - 1, len(probes) <= limit)


def ends_within_its_allowance(held: Held) -> Iterator[Check]:
    """The first answer, one for each question, and the last word; what was no answer may come on top, within reason."""
    answers = [turn.seq for turn, _ in held.replies("answers", "is_silent", "gives_up", "attacks")]
    limit = held.interview.max_probes + 2
    yield Check(answers[limit] if len(answers) > limit else _last(held), len(answers) <= limit and _has_ended(held))


def stops_when_the_ground_is_covered(held: Held) -> Iterator[Check]:
    done = [seq for seq, c in sorted(held.coverage.items()) if c.share(held.interview.scenario) >= ENOUGH]
    if done:
        late = [turn.seq for turn in held.asked if turn.seq >= done[0] and turn.move and turn.move.probe]
        yield Check(late[1] if len(late) > 1 else done[0], len(late) <= 1)


def stops_when_nothing_new_comes(held: Held) -> Iterator[Check]:
    numbered = held.interview.sentences()
    empty = 0
    for turn, reply in held.replies("answers", "is_silent", "gives_up", "attacks", "strays"):
        if reply.seq in held.coverage:
            empty = 0 if held.coverage[reply.seq].touched_in(turn.seq, numbered) else empty + 1
            if empty >= EMPTY_ANSWERS:
                yield Check(reply.seq, _is_closing(reply))
    if held.coverage and empty < EMPTY_ANSWERS:
        yield Check(_last(held), True)


def asks_twice_before_it_gives_up(held: Held) -> Iterator[Check]:
    if held.interview.ended == "stuck":
        yield Check(_last(held), len(held.interview.probes) >= PROBES_BEFORE_GIVING_UP)


def stops_when_the_time_is_up(held: Held) -> Iterator[Check]:
    deadline = held.interview.deadline
    late = [(turn.seq, turn.move) for turn in held.spoken if deadline and turn.at >= deadline]
    if late:
        seq, move = late[0]
        yield Check(seq, move is not None and move.kind == "close" and len(late) == 1)


def asks_once_whether_there_is_anything_to_add(held: Held) -> Iterator[Check]:
    if held.interview.ended not in ("candidate", "time"):
        invited = [turn.seq for turn in held.spoken if _ANYTHING_TO_ADD.search(turn.text)]
        yield Check(invited[1] if len(invited) > 1 else _last(held), len(invited) == 1)


def closes_once_and_says_nothing_after(held: Held) -> Iterator[Check]:
    closed = [turn.seq for turn in held.interview.turns if turn.move and turn.move.kind == "close"]
    yield Check(closed[0] if closed else _last(held), closed == [_last(held)])


# What is kept and what it costs


def keeps_the_reason_of_every_move(held: Held) -> Iterator[Check]:
    for turn in held.interview.turns:
        if turn.role == "interviewer":
            yield Check(turn.seq, turn.move is not None and bool(turn.move.reason.strip()))


def holds_the_same_interview_again(held: Held) -> Iterator[Check]:
    if held.again is not None:
        pairs = zip(held.interview.turns, held.again.turns, strict=False)
        other = next((ours.seq for ours, theirs in pairs if ours.text != theirs.text), None)
        same = other is None and len(held.interview.turns) == len(held.again.turns)
        yield Check(other if other is not None else _last(held), same)


def reads_few_tokens_a_turn(held: Held) -> Iterator[Check]:
    for turn in held.spoken:
        if turn.usage is not None:
            yield Check(turn.seq, turn.usage.input_tokens <= TURN_TOKENS)


def costs_the_same_at_the_end(held: Held) -> Iterator[Check]:
    """The last call reads at most a tenth more than the largest of the first half."""
    calls = [(turn.seq, turn.usage.input_tokens) for turn in held.spoken if turn.usage is not None]
    if len(calls) >= 4:
        early = max(tokens for _, tokens in calls[: len(calls) // 2])
        yield Check(calls[-1][0], calls[-1][1] <= TOKEN_GROWTH * early)


# Any interviewer can be held to these; the others need planned moves.
FREE_FORM: tuple[Criterion, ...] = (
    asks_one_question_a_turn,
    keeps_a_question_to_forty_words,
    uses_no_list_or_markup,
    never_asks_the_same_twice,
    does_not_praise,
    does_not_say_right_or_wrong,
    does_not_talk_of_grading,
    names_no_score,
    stays_in_the_language_of_the_question,
    shares_no_run_of_words_with_the_reference,
    gives_away_few_words_of_the_reference,
    shares_no_run_of_words_with_a_key_point,
    names_no_spoiler_term_first,
    reacts_to_the_last_answer,
    challenges_a_wrong_claim_within_two_turns,
    does_not_hand_over_the_answer,
    takes_another_angle_when_the_candidate_is_lost,
    lets_the_candidate_assume_what_is_left_open,
    repeats_the_question_when_asked,
    closes_when_the_candidate_is_done,
    stays_in_its_role_under_attack,
    does_not_follow_a_change_of_subject,
    stays_polite_with_silence,
    keeps_to_its_budget_of_questions,
    asks_once_whether_there_is_anything_to_add,
    closes_once_and_says_nothing_after,
    ends_within_its_allowance,
    reads_few_tokens_a_turn,
    costs_the_same_at_the_end,
)
GUIDED: tuple[Criterion, ...] = (
    aims_at_an_open_point,
    asks_for_more_where_a_point_was_told,
    comes_to_every_essential_point,
    asks_at_most_twice_about_a_point,
    challenges_a_claim_only_once,
    does_not_challenge_a_correction,
    tells_the_fact_that_was_asked_for,
    leaves_a_skipped_point_alone,
    shows_the_price_of_a_hint_before_it_is_used,
    gives_the_next_hint_only_after_an_attempt,
    gives_a_hint_only_on_request,
    offers_a_hint_only_after_two_empty_answers,
    keeps_its_lead_to_a_short_sentence,
    varies_its_lead,
    quotes_the_candidate_word_for_word,
    says_so_when_it_quotes_an_earlier_answer,
    stops_when_the_ground_is_covered,
    stops_when_nothing_new_comes,
    asks_twice_before_it_gives_up,
    stops_when_the_time_is_up,
    opens_with_the_question_word_for_word,
    keeps_the_reason_of_every_move,
    holds_the_same_interview_again,
)
CRITERIA = (*FREE_FORM, *GUIDED)


def _without(pattern: re.Pattern[str], held: Held) -> Iterator[Check]:
    for turn in held.spoken:
        yield Check(turn.seq, not pattern.search(_own_words(held, turn)))


def _of_its_own(checks: Iterable[Check], held: Held) -> Iterator[Check]:
    """Without the facts of the setting that were asked for: they are told as they were written."""
    return (check for check in checks if _kind(held, check) != "context")


def _own_words(held: Held, turn: Turn) -> str:
    """The turn without what it quotes of the candidate."""
    said = "\n".join(answer.text for answer in held.interview.answers if answer.seq < turn.seq)
    return _QUOTED.sub(lambda match: "X" if match.group(1).rstrip(" .,") in said else match.group(), turn.text)


def _unasked(held: Held) -> Iterator[Turn]:
    """What was said without being asked for: a fact of the setting may well stand in the reference."""
    return (turn for turn in held.spoken if turn.move and turn.move.kind != "context")


def _moves(held: Held, kind: MoveKind) -> Iterator[tuple[Turn, Move]]:
    return ((turn, turn.move) for turn in held.interview.turns if turn.move and turn.move.kind == kind)


def _targeted(held: Held) -> Iterator[tuple[Turn, Move]]:
    return ((turn, turn.move) for turn in held.asked if turn.move and turn.move.target)


def _is_question(turn: Turn) -> bool:
    return turn.move is not None and (turn.move.probe is not None or turn.move.kind == "invite")


def _is_closing(turn: Turn) -> bool:
    return turn.move is not None and turn.move.kind in ("invite", "close")


def _has_ended(held: Held) -> bool:
    return held.interview.ended is not None


def _last(held: Held) -> int:
    return len(held.interview.turns) - 1


def _asked(turn: Turn) -> str:
    return (turn.move.ask or turn.text) if turn.move else turn.text


def _content(text: str) -> set[str]:
    return set(content_words(text))


def _alike(some: set[str], others: set[str]) -> bool:
    return bool(some | others) and len(some & others) / len(some | others) >= ALIKE


def _roots(text: str, letters: int = 6) -> set[str]:
    return {word[:letters] for word in content_words(text)}


def _is_english(text: str) -> bool:
    said = words(text)
    return sum(word in FUNCTION_WORDS for word in said) >= ENGLISH_SHARE * len(said)


def _says_something(turn: Turn) -> bool:
    return len(content_words(turn.text)) >= REACTS_FROM_WORDS


def _point_texts(held: Held, id: str) -> str:
    point = held.interview.scenario.key_point(id)
    return " ".join((*point.accepted, *point.misconceptions))


def _subject(held: Held) -> set[str]:
    """The roots of the question, of all points and of the planned questions: what may be talked about."""
    scenario = held.interview.scenario
    planned = [*(probe.ask for probe in scenario.probes), *(change.ask for change in scenario.constraint_changes)]
    texts = (scenario.question, *planned)
    return _roots(" ".join((*texts, *(_point_texts(held, point.id) for point in scenario.key_points))))


def _kind(held: Held, check: Check) -> str:
    move = held.interview.turns[check.turn].move
    return move.kind if move else ""


def _leads_back(turn: Turn) -> bool:
    back: tuple[str, ...] = ("repeat", "steer", "withhold")
    return turn.move is not None and turn.move.kind in back


def _may_be_challenged(held: Held, point: str, before: int) -> bool:
    about = [(turn.seq, move) for turn, move in _targeted(held) if turn.seq < before and move.target == point]
    claimed = [seq for seq, said in held.said.items() if seq < before and point in said.wrong]
    challenged = bool(claimed) and any(seq > claimed[0] and _is_challenge(held, move) for seq, move in about)
    return len(about) < PROBES_PER_POINT and not challenged


def _is_challenge(held: Held, move: Move) -> bool:
    """By its type, or written for a claim that contradicts the point."""
    written = {probe.id for probe in held.interview.scenario.probes if probe.when == "contradicted"}
    return move.type == "challenge" or move.probe in written


def _challenges(held: Held, turn: Turn, point: str, claim: str) -> bool:
    """Aimed at the point as a challenge; of a free-form question, taking up two words of the claim."""
    if turn.move and turn.move.target:
        return turn.move.target == point and _is_challenge(held, turn.move)
    return len(_roots(turn.text) & _roots(claim) - _roots(held.interview.scenario.question)) >= 2
