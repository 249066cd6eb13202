"""The next move follows the rules of structured interviewing, whatever the candidate does."""

from __future__ import annotations

import random
import time
from datetime import datetime, timedelta
from typing import get_args

import pytest

from interviewer.domain.coverage import Coverage, Match, MatchKind
from interviewer.domain.hints import HINT_READING_SECONDS, hint_move, hint_offer
from interviewer.domain.intents import Intent, Reading, intent_of
from interviewer.domain.interview import THINKING_SECONDS, Interview, Manner, Mode, Move
from interviewer.domain.moves import ASIDES_IN_A_ROW, CLOSINGS, INVITE, PROBES_PER_POINT, QUESTION_WORDS, next_move
from interviewer.domain.scenario import Scenario
from tests.builders import NOW, a_scenario, a_turn, an_interview

ANSWER = Reading("answer")
POINTS = ("cause", "key", "reply", "check")
SAYS: dict[Intent, str] = {
    "answer": "The provider sends it again after a timeout.",
    "question": "How many events arrive per second?",
    "dont_know": "I don't know.",
    "skip": "skip",
    "repeat": "repeat the question",
    "give_answer": "give me the answer",
    "finish": "I'm done",
    "rephrase": "Can you rephrase that?",
    "pause": "Give me a minute",
    "done": "That's it",
    "silent": "...",
    "rude": "You are a stupid bot",
    "small_talk": "Hi, how are you?",
    "off_topic": "How much does the job pay?",
    "other_language": "Ich habe leider keine Ahnung, was das ist und wie man es macht",
    "code": "SELECT event_id, count(*) FROM payments GROUP BY event_id HAVING count(*) > 1;",
    "essay": "# Summary\n\nIn conclusion, events arrive twice [1].\n\n## References\n\n[1] A book.",
}


def covered(**findings: MatchKind) -> Coverage:
    """The findings by key point; what is not named is missed. Sentence 1 is the evidence."""
    return Coverage(
        matches=tuple(
            Match(
                key_point=point,
                finding=findings.get(point, "missed"),
                sentences=(1,) if findings.get(point, "missed") != "missed" else (),
            )
            for point in POINTS
        )
    )


def said(interview: Interview, move: Move, at: datetime | None = None) -> Interview:
    turn = a_turn(len(interview.turns), move.text, role="interviewer", move=move)
    return interview.with_turn(turn.model_copy(update={"at": at}) if at else turn)


def answered(interview: Interview, text: str = SAYS["answer"]) -> Interview:
    return interview.with_turn(a_turn(len(interview.turns), text))


def after(interview: Interview, coverage: Coverage, reading: Reading = ANSWER, at: datetime = NOW) -> Move:
    return next_move(interview, coverage, reading, at)


def played(coverage: Coverage, *texts: str, **changes: object) -> Interview:
    """The interview after these answers and the moves that they led to."""
    interview = an_interview(**changes)
    for text in texts:
        interview = answered(interview, text)
        interview = said(interview, after(interview, coverage, Reading(intent_of(text))))
    return interview


# --- the course of an interview


def test_an_interview_opens_with_the_scenarios_question() -> None:
    move = after(Interview(scenario=a_scenario(), started_at=NOW), Coverage())

    assert (move.kind, move.text) == ("open", a_scenario().question)


def test_a_claim_that_contradicts_a_point_is_challenged_first() -> None:
    interview = an_interview("The provider delivers exactly once, so it is our bug.")

    move = after(interview, covered(cause="contradicted"))

    assert (move.probe, move.type, move.target) == ("exactly-once", "challenge", "cause")


def test_a_missing_essential_point_comes_before_an_optional_one() -> None:
    move = after(an_interview("We answer at once."), covered(reply="covered", cause="covered"))

    assert (move.probe, move.target) == ("where-kept", "key")
    assert "essential" in move.reason


def test_of_equal_points_the_one_that_was_leaned_to_comes_first() -> None:
    both_missing = covered(cause="covered", key="covered")

    def next_target(*leaning: str) -> str | None:
        return after(an_interview("We retry.", leaning=leaning), both_missing).target

    assert (next_target(), next_target("queues"), next_target("testing", "daily-reports")) == (
        "reply",
        "reply",
        "check",
    )
    essential = [after(an_interview("Hm.", leaning=(tag,)), covered()).target for tag in ("late", "constraints")]
    assert essential == ["cause", "key"]


def test_what_is_leaned_to_never_comes_before_what_matters_more() -> None:
    leaning = ("parallel", "daily")

    essential = after(an_interview("We answer at once.", leaning=leaning), covered(cause="covered", reply="covered"))
    contradicted = after(an_interview("It is our bug.", leaning=leaning), covered(cause="contradicted"))
    touched = after(an_interview("Queue it.", leaning=("unique",)), covered(cause="covered", key="partial"))

    assert (essential.target, contradicted.target, touched.target) == ("key", "cause", "reply")


def test_a_point_that_was_only_touched_is_deepened() -> None:
    move = after(
        an_interview("Store the id."), covered(cause="covered", key="partial", reply="covered", check="covered")
    )

    assert move.probe == "at-the-same-moment"


def test_somebody_who_has_covered_the_ground_gets_a_changed_condition_then_the_invitation_then_the_end() -> None:
    everything = covered(cause="covered", key="covered", reply="covered", check="covered")
    interview = answered(an_interview())

    change = after(interview, everything)
    interview = answered(said(interview, change))
    invite = after(interview, everything)
    interview = answered(said(interview, invite))
    close = after(interview, everything)

    assert change.probe == "no-ids"
    assert (invite.kind, invite.text) == ("invite", INVITE)
    assert (close.kind, close.end, close.text) == ("close", "coverage", CLOSINGS["coverage"])


def test_the_budget_of_follow_ups_ends_in_the_invitation() -> None:
    interview = answered(an_interview("Retries.", "Why?", max_probes=1))

    move = after(interview.model_copy(update={"turns": interview.turns[:3]}), covered())
    assert move.kind != "close"
    assert after(answered(an_interview("Retries.", "Why?", max_probes=1)), covered(cause="partial")).kind == "invite"


def test_a_finished_interview_gets_its_closing_again() -> None:
    from interviewer.domain.moves import closing

    move = after(an_interview("Retries.", closing("time")), covered())

    assert (move.kind, move.end) == ("close", "time")


def test_the_wish_to_stop_is_granted_at_once() -> None:
    assert after(an_interview("I'm done"), covered(), Reading("finish")).end == "candidate"


def test_a_mock_interview_stops_when_the_time_is_up_and_a_practice_does_not() -> None:
    late = NOW + timedelta(minutes=15, seconds=THINKING_SECONDS)

    assert after(an_interview("Retries.", mode="mock"), covered(cause="partial"), at=late).end == "time"
    assert (
        after(an_interview("Retries.", mode="mock"), covered(cause="partial"), at=late - timedelta(seconds=1)).kind
        == "probe"
    )
    assert after(an_interview("Retries.", mode="practice"), covered(cause="partial"), at=late).kind == "probe"


def test_a_hint_taken_at_the_invitation_does_not_bring_the_invitation_again() -> None:
    invite = Move(kind="invite", text=INVITE, reason="budget", end="budget")
    hint = Move(kind="hint", text="Think.", reason="asked", hint_level=1)

    move = after(an_interview("Retries.", invite, hint, "I would add a lock."), covered())

    assert (move.kind, move.end) == ("close", "budget")


# --- what is not an answer


def test_a_clarifying_question_gets_the_authored_fact_or_leave_to_assume() -> None:
    context = a_scenario().context[0]
    interview = an_interview("How many events arrive per second?")

    assert after(interview, covered(), Reading("question", context)).text == context.answer
    assert after(interview, covered(), Reading("question")).kind == "assume"


def test_the_open_question_is_repeated_without_its_lead() -> None:
    interview = said(answered(an_interview()), after(answered(an_interview()), covered()))

    move = after(answered(interview, "repeat"), covered(), Reading("repeat"))

    assert move.text == f"The question was: {interview.moves[-1].ask}"


def test_asking_for_the_answer_is_declined_once_and_then_the_interview_goes_on() -> None:
    interview = an_interview("give me the answer")

    first = after(interview, covered(), Reading("give_answer"))
    second = after(answered(said(interview, first), "tell me"), covered(), Reading("give_answer"))

    assert first.kind == "withhold"
    assert second.probe is not None


def test_endless_side_questions_do_not_hold_the_interview_up() -> None:
    interview = an_interview()
    for _ in range(ASIDES_IN_A_ROW):
        interview = answered(interview, "What about that?")
        interview = said(interview, after(interview, covered(), Reading("question")))

    move = after(answered(interview, "And that?"), covered(), Reading("question"))

    assert {m.kind for m in interview.moves[1:]} == {"assume"}
    assert move.kind in ("probe", "offer_hint")


def test_skipping_moves_on_to_another_point_for_good() -> None:
    interview = answered(an_interview(), "Hm, something with retries.")
    first = after(interview, covered(cause="partial"))
    interview = answered(said(interview, first), "skip")

    asked = [first.target]
    for _ in range(6):
        move = after(interview, covered(cause="partial"), Reading(intent_of(interview.turns[-1].text)))
        if move.probe is None:
            break
        asked.append(move.target)
        interview = answered(said(interview, move), "Something with retries, I think.")

    assert first.target not in asked[1:]


def test_not_knowing_moves_on_to_another_point() -> None:
    interview = answered(an_interview())
    first = after(interview, covered())
    second = after(answered(said(interview, first), "I don't know"), covered(), Reading("dont_know"))

    assert second.target != first.target


# --- being stuck, and hints


def test_two_empty_answers_bring_the_offer_of_a_hint_in_practice_only() -> None:
    practice = played(covered(), "It depends.", "That is hard to say.")
    mock = played(covered(), "It depends.", "That is hard to say.", mode="mock")

    assert [move.kind for move in practice.moves] == ["open", "probe", "offer_hint"]
    assert [move.kind for move in mock.moves] == ["open", "probe", "probe"]


def test_two_more_empty_answers_after_the_offer_end_the_questions() -> None:
    interview = played(
        covered(), "It depends.", "That is hard to say.", "It could be many things.", "One would have to see."
    )

    assert [move.kind for move in interview.moves] == ["open", "probe", "offer_hint", "probe", "invite"]
    assert interview.moves[-1].end == "stuck"


def test_who_only_said_nothing_after_the_offer_is_asked_a_second_question_before_the_end() -> None:
    interview = played(covered(), "…", "I don't know.", "Hmm.", "No idea, sorry.")

    assert [move.kind for move in interview.moves] == ["open", "steer", "offer_hint", "probe", "invite"]


def test_a_mock_interview_also_stops_asking_somebody_who_is_stuck() -> None:
    interview = played(
        covered(),
        "It depends.",
        "That is hard to say.",
        "It could be many things.",
        "One would have to see.",
        mode="mock",
        max_probes=8,
    )

    assert [move.kind for move in interview.moves] == ["open", "probe", "probe", "probe", "invite"]
    assert interview.moves[-1].end == "stuck"


def test_an_answer_with_something_new_starts_the_count_again() -> None:
    interview = an_interview("It depends.", "Why?", "That is hard to say.", "And?", "The provider retries.")
    late_evidence = Coverage(matches=(Match(key_point="cause", finding="partial", sentences=(3,)),))

    assert after(interview, late_evidence).kind == "probe"


def test_a_clarifying_question_is_not_an_empty_answer() -> None:
    fact = Move(kind="context", text="About fifty.", reason="asked")

    assert after(an_interview("How many?", fact, "It depends."), covered()).kind == "probe"


def test_a_mock_interview_has_no_hints() -> None:
    interview = an_interview("Retries.", "Why?", mode="mock")

    assert hint_offer(interview, NOW) is None
    assert hint_move(interview, NOW) is None


def test_a_hint_waits_for_a_first_answer_then_for_an_attempt_then_for_its_reading_time() -> None:
    opened = an_interview()
    assert hint_offer(opened, NOW).wait
    assert hint_move(opened, NOW) is None

    ready = an_interview("It depends.", "Why?")
    first = hint_move(ready, NOW)
    assert (first.hint_level, first.text) == (1, a_scenario().hint(1).text)

    hinted = said(ready, first, NOW)
    assert hint_move(hinted, NOW + timedelta(hours=1)) is None, "no attempt since the last hint"

    tried = said(answered(hinted), after(answered(hinted), covered()), NOW)
    assert hint_move(tried, NOW + timedelta(seconds=HINT_READING_SECONDS - 1)) is None
    assert hint_move(tried, NOW + timedelta(seconds=HINT_READING_SECONDS)).hint_level == 2


def test_a_hint_waits_until_the_interviewer_has_spoken() -> None:
    assert hint_offer(an_interview("It depends."), NOW).wait
    assert hint_move(an_interview("It depends."), NOW) is None


def test_after_the_third_hint_there_is_none() -> None:
    interview = an_interview("It depends.", "Why?")
    for _ in range(3):
        interview = said(interview, hint_move(interview, NOW + timedelta(hours=1)), NOW)
        interview = answered(interview)
        interview = said(interview, after(interview, covered(cause="partial")), NOW)

    assert [move.hint_level for move in interview.hints] == [1, 2, 3]
    assert hint_offer(interview, NOW + timedelta(hours=1)) is None


def test_an_offer_is_not_made_when_no_hint_is_left() -> None:
    interview = played(covered(), "It depends.", "That is hard to say.", scenario=a_scenario(hints=()))

    assert [move.kind for move in interview.moves] == ["open", "probe", "probe"]


# --- how a question is put


def test_a_question_takes_up_the_candidates_own_phrase_verbatim() -> None:
    interview = an_interview("I would store the event id somewhere.")

    move = after(interview, covered(cause="covered", key="partial", reply="covered", check="covered"))

    assert move.quote == "I would store the event id somewhere"
    assert move.text == f"You said “{move.quote}”. {move.ask}"


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        (
            "I would store the event id with the payment, because it is all there and easy to find.",
            "I would store the event id with the payment",
        ),
        (
            "From what I have read in the manual of it, storing the event id makes every retry of the sender harmless.",
            "storing the event id makes every retry of the sender harmless",
        ),
    ],
)
def test_of_a_long_sentence_a_clause_is_quoted_from_its_beginning(said: str, quote: str) -> None:
    assert after(an_interview(said), covered(cause="covered", key="contradicted")).quote == quote


def test_an_empty_phrase_beside_the_claim_is_not_taken_up() -> None:
    interview = an_interview("I am sure of that. I would store the event id somewhere.")
    both = Match(key_point="key", finding="contradicted", sentences=(1, 2))
    filler = Match(key_point="key", finding="contradicted", sentences=(1,))

    assert after(interview, Coverage(matches=(both,))).quote == "I would store the event id somewhere"
    assert after(interview, Coverage(matches=(filler,))).quote is None


@pytest.mark.parametrize("word", ["id" * 9_000, "\u200b" * 5_000 + "id", "https://" + "x" * 3_000])
def test_a_word_without_end_is_not_read_back(word: str) -> None:
    interview = an_interview(f"I would store the {word} somewhere.")

    move = after(interview, covered(cause="covered", key="partial", reply="covered", check="covered"))

    assert len(move.text) < 400


@pytest.mark.parametrize("length", [20, 30, 36, 37, 38, 39])
def test_a_question_stays_under_forty_words_with_its_lead(length: int) -> None:
    ask = " ".join(["word"] * (length - 1)) + " why?"
    probe = a_scenario().probes[0].model_copy(update={"ask": ask})
    interview = an_interview("It comes again.", scenario=a_scenario(probes=(probe.model_dump(),)))

    move = after(interview, covered())

    assert move.ask == ask
    assert len(move.text.split()) < QUESTION_WORDS


def test_the_same_neutral_challenge_is_not_put_twice() -> None:
    wrong = covered(cause="contradicted", key="contradicted", reply="contradicted", check="contradicted")
    interview = played(wrong, *["It cannot happen, everything is exactly once."] * 6, max_probes=8)

    asks = [move.ask for move in interview.probes]

    assert len(asks) == len(set(asks))
    assert sum(move.type == "challenge" for move in interview.probes) == 4
    assert all(word not in ask for ask in asks for word in ("wrong", "incorrect", "mistake"))


def test_a_third_question_about_one_point_is_not_asked_even_when_the_ground_is_covered() -> None:
    everything = covered(cause="covered", key="covered", reply="covered", check="covered")
    about_key = [
        Move(kind="probe", text="Why?", ask="Why?", probe=id, type="deepen", target="key", reason="")
        for id in ("where-kept", "at-the-same-moment")
    ]

    interview = an_interview("One.", about_key[0], "Two.", about_key[1], "Three.")

    assert after(interview, everything).kind == "invite"


def test_a_changed_condition_for_somebody_who_has_not_covered_the_ground_does_not_claim_that_he_has() -> None:
    scenario = a_scenario(
        probes=tuple(p.model_dump() for p in a_scenario().probes if p.id == "why-twice"),
    )
    probe = Move(kind="probe", text="Why?", ask="Why?", probe="why-twice", type="clarify", target="cause", reason="")

    move = after(an_interview("Retries.", probe, "Because.", scenario=scenario), covered(cause="partial"))

    assert move.probe == "no-ids"
    assert "covered" not in move.reason


# --- every sequence


def random_coverage(rng: random.Random, interview: Interview) -> Coverage:
    numbers = [sentence.number for sentence in interview.sentences()] or [1]
    return Coverage(
        matches=tuple(
            Match(key_point=point.id, finding=finding, sentences=(rng.choice(numbers),) if finding != "missed" else ())
            for point in interview.scenario.key_points
            for finding in [rng.choice(get_args(MatchKind))]
        )
    )


def random_interview(rng: random.Random, scenario: Scenario, mode: Mode, budget: int) -> Interview:
    """Somebody who says anything in any order, takes hints at random, and is found to have said anything."""
    interview = Interview(scenario=scenario, mode=mode, max_probes=budget, started_at=NOW)
    weights = [rng.random() for _ in SAYS]
    clock, hurry = NOW, rng.choice((5, 40, 200))
    coverage, move = Coverage(), next_move(interview, Coverage(), ANSWER, NOW)
    while True:
        assert len(interview.turns) < 90, "the interview does not end"
        assert_keeps_the_rules(interview, move, clock)
        interview = said(interview, move, clock)
        if interview.is_finished:
            return interview
        if rng.random() < 0.2 and (hint := hint_move(interview, clock)):
            assert mode != "mock"
            interview = said(interview, hint, clock)
        clock += timedelta(seconds=rng.random() * hurry)
        intent = rng.choices(list(SAYS), weights)[0]
        if intent == "finish" and rng.random() < 0.8:
            intent = "answer"
        interview = answered(interview, SAYS[intent])
        coverage = random_coverage(rng, interview)
        context = rng.choice((None, *scenario.context)) if intent == "question" else None
        move = next_move(interview, coverage, Reading(intent, context), clock)
        if intent == "skip" and move.probe:
            assert move.target != last_target(interview)


def last_target(interview: Interview) -> str | None:
    return interview.probes[-1].target if interview.probes else None


def assert_keeps_the_rules(interview: Interview, move: Move, now: datetime) -> None:
    probes = interview.probes
    assert move.text.strip()
    assert move.reason
    if move.probe is not None:
        assert move.probe not in {earlier.probe for earlier in probes}
        assert move.ask not in {earlier.ask for earlier in probes}
        assert sum(earlier.target == move.target for earlier in probes) < PROBES_PER_POINT
        assert len(probes) < interview.max_probes
        assert move.text.count("?") == 1
        assert move.kind == "offer_hint" or len(move.text.split()) < QUESTION_WORDS
    if interview.mode == "mock":
        assert move.kind not in ("offer_hint", "hint")
        if interview.deadline and now >= interview.deadline and interview.turns:
            assert move.kind == "close"
    if move.kind == "invite":
        assert all(earlier.kind != "invite" for earlier in interview.moves)
    if move.kind == "close" and move.end not in ("candidate", "time"):
        assert interview.last_question is not None
        assert interview.last_question.move is not None
        assert interview.last_question.move.kind == "invite"


def test_two_thousand_random_interviews_end_and_keep_every_rule() -> None:
    rng = random.Random(20261123)
    scenarios = (
        a_scenario(),
        a_scenario(probes=(), constraint_changes=()),
        a_scenario(probes=(a_scenario().probes[0].model_dump(),), hints=()),
    )
    began = time.process_time()

    ends = [
        random_interview(
            rng, rng.choice(scenarios), rng.choice(get_args(Mode)), rng.choice((0, 1, 2, 4, 6, 8, 50))
        ).ended
        for _ in range(2_000)
    ]

    assert set(ends) == {"coverage", "budget", "time", "stuck", "candidate"}
    assert time.process_time() - began < 5


@pytest.mark.parametrize("intent", get_args(Intent))
@pytest.mark.parametrize("mode", get_args(Mode))
def test_an_interview_with_somebody_who_always_does_the_same_ends(intent: Intent, mode: Mode) -> None:
    interview = an_interview(mode=mode, max_probes=50)
    while not interview.is_finished:
        interview = answered(interview, SAYS[intent])
        interview = said(interview, after(interview, covered(), Reading(intent)))

        assert len(interview.turns) < 120


# Exhibits and manner

LOG = {
    "id": "log",
    "title": "Delivery log of the provider",
    "kind": "log",
    "file": "exhibits/log.txt",
    "asked_by": ("delivery log", "what did the provider send"),
    "shows": ("cause",),
    "made": "synthetic",
    "content": "09:00:00 evt_1 sent\n09:00:05 evt_1 timeout\n09:00:10 evt_1 sent",
}


def with_log(*said: str | Move) -> Interview:
    return an_interview(*said, scenario=a_scenario(exhibits=(LOG,)))


def test_evidence_that_is_asked_for_is_shown_and_asked_about() -> None:
    interview = with_log("Can I see the delivery log?")
    reading = Reading("question", exhibit=interview.scenario.exhibits[0])

    move = next_move(interview, Coverage(), reading, NOW)

    assert (move.kind, move.exhibit) == ("exhibit", "log")
    assert move.text == "Here it is: Delivery log of the provider. What do you read from it?"
    assert move.probe is None, "it takes no follow-up from the budget"


def test_an_exhibit_is_shown_once() -> None:
    shown = Move(kind="exhibit", text="Here it is.", ask="Here it is.", exhibit="log", reason="asked")
    interview = with_log("Can I see the log?", shown, "It is sent again. I would look at the log once more.")
    reading = Reading("answer", exhibit=interview.scenario.exhibits[0])

    assert next_move(interview, Coverage(), reading, NOW).kind == "probe"


def test_who_looks_at_an_exhibit_and_asks_for_the_question_hears_the_one_that_is_open() -> None:
    shown = Move(kind="exhibit", text="Here it is.", ask="Here it is.", exhibit="log", reason="asked")
    interview = with_log("Can I see the log?", shown, "Can you repeat the question?")

    move = next_move(interview, Coverage(), Reading("repeat"), NOW)

    assert move.text == f"The question was: {interview.scenario.question}"


def test_the_manner_changes_the_tone_and_no_question() -> None:
    for budget in (3, 6):
        moves = [
            next_move(an_interview("Hm, it depends.", manner=manner, max_probes=budget), Coverage(), ANSWER, NOW)
            for manner in get_args(Manner)
        ]
        assert len({(move.ask, move.probe, move.target, move.type) for move in moves}) == 1
        assert len({move.lead for move in moves}) == 3


# What is no answer


@pytest.mark.parametrize("intent", ["pause", "silent", "rude", "small_talk", "off_topic", "other_language"])
def test_something_that_is_no_answer_gets_a_word_and_the_same_question_again(intent: Intent) -> None:
    asked = Move(kind="probe", text="Noted. Why?", ask="Why?", probe="why-twice", target="cause", reason="")
    interview = an_interview("It is sent again.", asked, SAYS[intent])

    move = after(interview, covered(), Reading(intent))

    assert move.kind == "steer"
    assert move.text.endswith("Why?")
    assert len(move.text.split()) <= QUESTION_WORDS
    assert intent_of(SAYS[intent]) == intent


def test_somebody_who_stays_silent_is_told_once_then_offered_a_hint_then_asked_something_else() -> None:
    interview = an_interview()
    for _ in range(4):
        interview = answered(interview, "...")
        interview = said(interview, after(interview, Coverage(), Reading("silent")))

    assert [move.kind for move in interview.moves] == ["open", "steer", "offer_hint", "probe", "invite"]


def test_before_the_first_answer_the_long_question_is_not_said_again() -> None:
    move = after(an_interview("Hi!"), Coverage(), Reading("small_talk"))

    assert move.kind == "steer"
    assert a_scenario().question not in move.text


def test_the_question_in_other_words_says_what_it_is_after() -> None:
    asked = Move(kind="probe", text="Why?", ask="Why?", probe="p", type="quantify", target="cause", reason="")

    move = after(an_interview("It is sent again.", asked, "Can you rephrase?"), covered(), Reading("rephrase"))

    assert (move.kind, move.text) == ("repeat", "I would like you to put a number on it. Why?")


def test_somebody_who_never_answers_is_not_asked_the_same_for_ever() -> None:
    interview = an_interview(max_probes=3)
    for _ in range(60):
        if interview.is_finished:
            break
        interview = answered(interview, "Hi!")
        interview = said(interview, after(interview, Coverage(), Reading("small_talk")))

    assert interview.is_finished
