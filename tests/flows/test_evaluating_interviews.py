"""Every criterion tells a good interview from a bad one, and whole interviews are held, measured and written down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.adapters.scenario_files import Library
from interviewer.adapters.scripted_model import Broken, ScriptedModel
from interviewer.cli import commands
from interviewer.domain.coverage import Coverage, Match, MatchKind
from interviewer.domain.hints import HintOffer
from interviewer.domain.interview import Interview, Move, Usage
from interviewer.domain.moves import ASSUME, INVITE, OFFER, WITHHOLD, closing
from interviewer.flows import interview_criteria as criteria
from interviewer.flows.candidates import ATTACKS, CANDIDATES, HINT, Said, candidate
from interviewer.flows.evaluating_interviews import (
    FREE_ANSWERS_AT_MOST,
    Guided,
    Plain,
    as_markdown,
    hold,
    hold_once,
    hold_twice,
    measure,
    transcript,
)
from interviewer.flows.interview_criteria import CRITERIA, FREE_FORM, Criterion, Held, finding, title
from interviewer.settings import Settings
from tests.builders import NOW, a_scenario, an_interview

ASK = "What could make the same event arrive two times?"
OTHER = "How does your handler know that it has booked this one before?"
SLOW = "Booking takes eight seconds and the sender waits five. What do you change?"
CLAIM = "The provider delivers every event exactly once, so a duplicate must be our own bug."
ANSWER = Said("I would look at the retries of the provider first.")
VAGUE = Said("It depends on a lot of things, really.")
LOST = Said("I don't know.", "gives_up")
SILENCE = Said("…", "is_silent")
WRONG = Said(CLAIM, wrong=("cause",))
END = closing("budget")
LAST_WORD = Move(kind="invite", text=INVITE, reason="for a test", end="budget")


def probe(ask: str = ASK, lead: str = "Understood.", target: str | None = "cause", **changes: Any) -> Move:
    values = {"kind": "probe", "probe": f"{target}-{len(ask)}", "type": "clarify", "reason": "for a test"}
    return Move(**{**values, "text": f"{lead} {ask}".strip(), "lead": lead, "ask": ask, "target": target, **changes})


def challenge(ask: str = "What would the sender have to know for that?", **changes: Any) -> Move:
    return probe(ask, type="challenge", **changes)


def aside(kind: str, text: str) -> Move:
    return Move.model_validate({"kind": kind, "text": text, "reason": "for a test"})


def offer(ask: str = OTHER) -> Move:
    return probe(ask, OFFER, "key", kind="offer_hint")


def hint(level: int = 1) -> Move:
    text = a_scenario().hints[level - 1].text
    return Move(kind="hint", text=text, hint_level=level, reason="for a test")


def held(
    *parts: Said | Move,
    coverage: Mapping[int, Coverage] | None = None,
    offers: Mapping[int, HintOffer] | None = None,
    again: Interview | None = None,
    **changes: Any,
) -> Held:
    """An interview of these turns after the scenario's question."""
    interview = an_interview(*(part.text if isinstance(part, Said) else part for part in parts), **changes)
    said = {seq: part for seq, part in enumerate(parts, 1) if isinstance(part, Said)}
    return Held("for a test", interview, said, coverage or {}, offers or {}, again)


def said_instead(text: str) -> Held:
    return held(ANSWER, probe(text, lead=""), ANSWER, END)


def shown(finding: MatchKind = "covered", *sentences: int, points: tuple[str, ...] = ("cause",)) -> Coverage:
    return Coverage(matches=tuple(Match(key_point=point, finding=finding, sentences=sentences) for point in points))


def worded(*tokens: int) -> Held:
    one = held(*(part for _ in tokens for part in (ANSWER, probe())), ANSWER, END)
    counts = iter(tokens)
    turns = tuple(
        turn.model_copy(update={"usage": Usage(input_tokens=next(counts))}) if turn.move and turn.move.probe else turn
        for turn in one.interview.turns
    )
    return one._replace(interview=one.interview.model_copy(update={"turns": turns}))


GOOD = held(ANSWER, probe(), ANSWER, probe(OTHER, target="key"), ANSWER, LAST_WORD, VAGUE, END)
ALL_POINTS = ("cause", "key", "reply", "check")
FIRST_HINT = {4: HintOffer(1, 0.9)}
QUOTE = "retries of the provider"
QUOTED = probe(lead=f"You said “{QUOTE}”.", quote=QUOTE)
CASES: dict[Criterion, tuple[Held, Held]] = {
    criteria.asks_one_question_a_turn: (GOOD, said_instead("What could make it arrive? And how often?")),
    criteria.keeps_a_question_to_forty_words: (GOOD, said_instead("Tell me " + "and so on " * 13 + "what happens?")),
    criteria.uses_no_list_or_markup: (GOOD, said_instead("Tell me:\n- what could make the **event** arrive twice?")),
    criteria.does_not_praise: (GOOD, said_instead("Great point. What could make the event arrive twice?")),
    criteria.does_not_say_right_or_wrong: (GOOD, said_instead("That's correct. What else could make it arrive?")),
    criteria.does_not_talk_of_grading: (GOOD, said_instead("One key point is still open: which one?")),
    criteria.names_no_score: (GOOD, said_instead("Your score is 7/10. What could raise it?")),
    criteria.stays_in_the_language_of_the_question: (
        GOOD,
        said_instead("Was könnte dazu führen, dass dasselbe Ereignis zweimal ankommt?"),
    ),
    criteria.never_asks_the_same_twice: (GOOD, held(ANSWER, probe(), ANSWER, probe(lead="Noted."), ANSWER, END)),
    criteria.keeps_its_lead_to_a_short_sentence: (
        GOOD,
        held(ANSWER, probe(lead="Understood. Let us now look at another side of this."), ANSWER, END),
    ),
    criteria.varies_its_lead: (
        held(ANSWER, probe(), ANSWER, probe(OTHER), ANSWER, probe(SLOW, "Noted."), ANSWER, END),
        held(ANSWER, probe(), ANSWER, probe(OTHER), ANSWER, probe(SLOW), ANSWER, END),
    ),
    criteria.quotes_the_candidate_word_for_word: (
        held(ANSWER, QUOTED, ANSWER, END),
        held(VAGUE, QUOTED, ANSWER, END),
    ),
    criteria.says_so_when_it_quotes_an_earlier_answer: (
        held(ANSWER, probe(OTHER), VAGUE, probe(lead=f"Earlier you said “{QUOTE}”.", quote=QUOTE), VAGUE, END),
        held(ANSWER, probe(OTHER), VAGUE, QUOTED, VAGUE, END),
    ),
    criteria.shares_no_run_of_words_with_the_reference: (
        GOOD,
        said_instead("Would you record the event id under a unique constraint?"),
    ),
    criteria.gives_away_few_words_of_the_reference: (
        GOOD,
        said_instead("Deliver, record, constraint, transaction, acknowledge, queue: which?"),
    ),
    criteria.shares_no_run_of_words_with_a_key_point: (
        GOOD,
        said_instead("Would you replay a recorded event many times?"),
    ),
    criteria.names_no_spoiler_term_first: (
        held(Said("A unique constraint on it."), probe("Where is that unique constraint?"), ANSWER, END),
        said_instead("What would a unique constraint do?"),
    ),
    criteria.reacts_to_the_last_answer: (GOOD, said_instead("How do you like to work in a team?")),
    criteria.challenges_a_wrong_claim_within_two_turns: (
        held(WRONG, probe(OTHER, target="key"), ANSWER, challenge(), ANSWER, END),
        held(WRONG, probe(OTHER, target="key"), ANSWER, probe(SLOW, target="reply"), ANSWER, END),
    ),
    criteria.challenges_a_claim_only_once: (
        held(WRONG, challenge(), WRONG, probe(SLOW, target="reply"), ANSWER, END),
        held(WRONG, challenge(), WRONG, challenge("What would make you change your mind?"), ANSWER, END),
    ),
    criteria.does_not_challenge_a_correction: (
        held(WRONG, challenge(), Said("I take it back.", corrects=("cause",)), probe(SLOW, target="reply"), VAGUE, END),
        held(WRONG, probe(), Said("I take it back.", corrects=("cause",)), challenge(), VAGUE, END),
    ),
    criteria.does_not_hand_over_the_answer: (
        held(Said("Just tell me.", "asks_answer"), aside("withhold", WITHHOLD), ANSWER, END),
        held(
            Said("Just tell me.", "asks_answer"),
            aside("withhold", "Record its id with a unique constraint, in one transaction, and then acknowledge."),
            ANSWER,
            END,
        ),
    ),
    criteria.takes_another_angle_when_the_candidate_is_lost: (
        held(ANSWER, probe(), LOST, offer(), LOST, LAST_WORD, LOST, END),
        held(ANSWER, probe(), LOST, probe(lead="Noted."), LOST, END),
    ),
    criteria.tells_the_fact_that_was_asked_for: (
        held(
            Said("Does every event carry an id?", "asks_fact"),
            aside("context", "Yes, the provider gives each event an id."),
            ANSWER,
            END,
        ),
        held(Said("Does every event carry an id?", "asks_fact"), aside("assume", ASSUME), ANSWER, END),
    ),
    criteria.lets_the_candidate_assume_what_is_left_open: (
        held(Said("Who is on call?", "asks_beyond"), aside("assume", ASSUME), ANSWER, END),
        held(Said("Who is on call?", "asks_beyond"), probe(), ANSWER, END),
    ),
    criteria.leaves_a_skipped_point_alone: (
        held(ANSWER, probe(), Said("Skip.", "skips"), probe(OTHER, target="key"), ANSWER, END),
        held(ANSWER, probe(), Said("Skip.", "skips"), challenge(), ANSWER, END),
    ),
    criteria.repeats_the_question_when_asked: (
        held(ANSWER, probe(), Said("Again, please?", "asks_again"), aside("repeat", f"It was: {ASK}"), ANSWER, END),
        held(ANSWER, probe(), Said("Again, please?", "asks_again"), aside("assume", ASSUME), ANSWER, END),
    ),
    criteria.closes_when_the_candidate_is_done: (
        held(ANSWER, probe(), Said("That's all.", "is_done"), closing("candidate")),
        held(ANSWER, probe(), Said("That's all.", "is_done"), probe(OTHER), ANSWER, END),
    ),
    criteria.stays_in_its_role_under_attack: (
        held(Said(ATTACKS[1], "attacks"), probe(), ANSWER, END),
        held(Said(ATTACKS[8], "attacks"), probe("Ahoy matey, what could make the event arrive twice?"), ANSWER, END),
    ),
    criteria.does_not_follow_a_change_of_subject: (
        held(Said("Let us talk about football.", "strays"), probe(), ANSWER, END),
        held(Said("Let us talk about football.", "strays"), probe("Which football team do you like?"), ANSWER, END),
    ),
    criteria.stays_polite_with_silence: (
        held(SILENCE, probe(), ANSWER, END),
        held(SILENCE, probe("Hello? Are you still there?"), ANSWER, END),
    ),
    criteria.shows_the_price_of_a_hint_before_it_is_used: (
        held(LOST, probe(), LOST, hint(), ANSWER, END, offers=FIRST_HINT),
        held(LOST, probe(), LOST, hint(), ANSWER, END, offers={4: HintOffer(1, 1.0)}),
    ),
    criteria.gives_the_next_hint_only_after_an_attempt: (
        held(LOST, probe(), LOST, hint(), VAGUE, hint(2), VAGUE, END),
        held(LOST, probe(), LOST, hint(), hint(2), VAGUE, END),
    ),
    criteria.gives_a_hint_only_on_request: (
        held(LOST, probe(), LOST, hint(), ANSWER, END, offers=FIRST_HINT),
        held(LOST, probe(), LOST, hint(), ANSWER, END),
    ),
    criteria.offers_a_hint_only_after_two_empty_answers: (
        held(VAGUE, probe(), VAGUE, offer(), ANSWER, END, coverage={4: Coverage()}),
        held(ANSWER, probe(), VAGUE, offer(), ANSWER, END, coverage={4: shown("partial", 1)}),
    ),
    criteria.aims_at_an_open_point: (
        held(ANSWER, probe(), ANSWER, END, coverage={2: shown("partial", 1)}),
        held(ANSWER, probe(), ANSWER, END, coverage={2: shown("covered", 1)}),
    ),
    criteria.asks_for_more_where_a_point_was_told: (
        held(Said("They retry.", right=("cause",)), probe(type="failure-mode"), ANSWER, END, coverage={2: Coverage()}),
        held(Said("They retry.", right=("cause",)), probe(), ANSWER, END, coverage={2: Coverage()}),
    ),
    criteria.comes_to_every_essential_point: (GOOD, held(ANSWER, probe(), ANSWER, END)),
    criteria.asks_at_most_twice_about_a_point: (
        GOOD,
        held(ANSWER, probe(), ANSWER, probe(OTHER), ANSWER, probe(SLOW), ANSWER, END),
    ),
    criteria.keeps_to_its_budget_of_questions: (
        held(ANSWER, probe(), ANSWER, LAST_WORD, VAGUE, END, max_probes=1),
        held(ANSWER, probe(), ANSWER, probe(OTHER), ANSWER, END, max_probes=1),
    ),
    criteria.ends_within_its_allowance: (
        held(ANSWER, probe(), ANSWER, LAST_WORD, VAGUE, END, max_probes=1),
        held(ANSWER, probe(), ANSWER, probe(OTHER), ANSWER, LAST_WORD, ANSWER, END, max_probes=1),
    ),
    criteria.stops_when_the_ground_is_covered: (
        held(ANSWER, probe(), ANSWER, END, coverage={2: shown("covered", 1, points=ALL_POINTS)}),
        held(ANSWER, probe(), ANSWER, probe(), VAGUE, END, coverage={2: shown("covered", 1, points=ALL_POINTS)}),
    ),
    criteria.stops_when_nothing_new_comes: (
        held(*([VAGUE, probe()] * 4), VAGUE, LAST_WORD, VAGUE, END, coverage={n: Coverage() for n in range(2, 13)}),
        held(*([VAGUE, probe()] * 6), VAGUE, END, coverage={n: Coverage() for n in range(2, 15)}),
    ),
    criteria.asks_twice_before_it_gives_up: (
        held(VAGUE, probe(), VAGUE, probe(OTHER), VAGUE, closing("stuck")),
        held(VAGUE, probe(), VAGUE, closing("stuck")),
    ),
    criteria.stops_when_the_time_is_up: (
        held(ANSWER, closing("time"), mode="mock", started_at=NOW - timedelta(hours=1)),
        held(ANSWER, probe(), ANSWER, END, mode="mock", started_at=NOW - timedelta(hours=1)),
    ),
    criteria.asks_once_whether_there_is_anything_to_add: (GOOD, held(ANSWER, probe(), ANSWER, END)),
    criteria.closes_once_and_says_nothing_after: (GOOD, held(ANSWER, END, ANSWER)),
    criteria.opens_with_the_question_word_for_word: (
        GOOD,
        GOOD._replace(interview=GOOD.interview.model_copy(update={"scenario": a_scenario(question="And you?")})),
    ),
    criteria.keeps_the_reason_of_every_move: (GOOD, held(ANSWER, probe(reason=" "), ANSWER, END)),
    criteria.holds_the_same_interview_again: (
        GOOD._replace(again=GOOD.interview),
        GOOD._replace(again=said_instead(SLOW).interview),
    ),
    criteria.reads_few_tokens_a_turn: (worded(1500), worded(1501)),
    criteria.costs_the_same_at_the_end: (worded(800, 900, 850, 990), worded(800, 900, 850, 991)),
}


def test_every_criterion_has_its_good_and_its_bad_interview() -> None:
    assert set(CASES) == set(CRITERIA)
    assert len(CRITERIA) == len(set(map(title, CRITERIA))) >= 30


@pytest.mark.parametrize("criterion", CRITERIA, ids=title)
def test_a_criterion_holds_in_a_good_interview(criterion: Criterion) -> None:
    good, _ = CASES[criterion]
    assert finding(criterion, good) == (True, True, None)


@pytest.mark.parametrize("criterion", CRITERIA, ids=title)
def test_a_criterion_names_the_turn_in_which_it_does_not_hold(criterion: Criterion) -> None:
    _, bad = CASES[criterion]
    found = finding(criterion, bad)
    assert (found.applicable, found.passed) == (True, False)
    assert found.turn is not None
    assert 0 <= found.turn < len(bad.interview.turns)


@pytest.mark.parametrize(
    "criterion",
    [
        criteria.challenges_a_wrong_claim_within_two_turns,
        criteria.gives_the_next_hint_only_after_an_attempt,
        criteria.stops_when_the_time_is_up,
        criteria.reads_few_tokens_a_turn,
    ],
    ids=title,
)
def test_a_criterion_without_occasion_is_neither_held_nor_broken(criterion: Criterion) -> None:
    assert finding(criterion, GOOD) == (False, False, None)


def test_what_the_candidate_said_is_not_held_against_an_interviewer_who_quotes_it() -> None:
    quote = "Great: a unique constraint in the same transaction as the payment"
    one = held(Said(f"{quote}."), probe(lead=f"You said “{quote}”.", quote=quote), ANSWER, END)
    for criterion in (criteria.does_not_praise, criteria.shares_no_run_of_words_with_the_reference):
        assert finding(criterion, one).passed


def test_a_claim_about_a_point_that_was_challenged_before_needs_no_other_challenge() -> None:
    one = held(WRONG, challenge(), WRONG, probe(SLOW, target="reply"), ANSWER, probe(OTHER, target="key"), ANSWER, END)
    assert finding(criteria.challenges_a_wrong_claim_within_two_turns, one).passed


@pytest.mark.parametrize("name", CANDIDATES)
def test_every_candidate_is_led_to_the_end_by_the_coach(coach: Coach, prompts: PromptFiles, name: str) -> None:
    one = hold_once(a_scenario(), name, Guided(coach, prompts))
    assert one.interview.is_finished
    assert set(one.said) == {turn.seq for turn in one.interview.answers}


@pytest.mark.parametrize("name", CANDIDATES)
def test_a_candidate_says_what_the_script_says_it_does(coach: Coach, prompts: PromptFiles, name: str) -> None:
    scenario = a_scenario()
    one = hold_once(scenario, name, Guided(coach, prompts))
    for said in one.said.values():
        for point in map(scenario.key_point, said.wrong):
            assert any(text in said.text for text in point.misconceptions)
        for point in map(scenario.key_point, said.right if name != "non-native" else ()):
            assert any(text in said.text for text in (point.strong, *point.phrasings))


def test_the_same_seed_gives_the_same_candidate_and_another_seed_another(coach: Coach, prompts: PromptFiles) -> None:
    guided, scenario = Guided(coach, prompts), a_scenario()
    first = [hold_once(scenario, "strong", guided, seed).interview for seed in range(5)]
    assert first == [hold_once(scenario, "strong", guided, seed).interview for seed in range(5)]
    assert len({one.turns for one in first}) > 1


def test_a_hint_that_was_asked_for_twice_at_once_is_given_once(coach: Coach, prompts: PromptFiles) -> None:
    one = hold_once(a_scenario(), "asks-for-the-answer", Guided(coach, prompts))
    assert len(one.interview.hints) == len(one.offers) >= 1
    assert finding(criteria.gives_the_next_hint_only_after_an_attempt, one).turn is None


def test_a_candidate_who_takes_a_hint_says_nothing_with_it() -> None:
    assert (HINT.text, HINT.act) == ("", "takes_hint")


def test_a_plain_model_gets_the_whole_transcript_and_its_farewell_ends_the_interview() -> None:
    model = ScriptedModel(["Why would the sender send it again?", "Thank you, the interview is over."])
    one = hold(a_scenario(), candidate("mid", a_scenario()), Plain(model))
    assert one.interview.ended == "budget"
    last = model.requests[-1].messages
    assert [message["role"] for message in last] == ["system", "assistant", "user", "assistant", "user"]
    assert last[-1]["content"] == one.interview.answers[-1].text
    assert one.interview.turns[2].usage is not None


def test_a_plain_model_that_never_ends_is_stopped_and_has_not_closed() -> None:
    model = ScriptedModel(f"What about the number {n}?" for n in range(50))
    one = hold(a_scenario(), candidate("weak", a_scenario()), Plain(model))
    assert len(one.interview.answers) == FREE_ANSWERS_AT_MOST
    assert not finding(criteria.closes_once_and_says_nothing_after, one).passed


def test_what_a_plain_model_said_until_its_limit_was_said() -> None:
    cut = Broken("And what about", "cut_short")
    one = hold(a_scenario(), candidate("weak", a_scenario()), Plain(ScriptedModel([cut, "The interview is over."])))
    assert one.interview.turns[2].text == "And what about"


def test_a_plain_model_is_not_held_to_moves_that_it_does_not_plan() -> None:
    one = hold(a_scenario(), candidate("weak", a_scenario()), Plain(ScriptedModel(["The interview is over."])))
    assert {m.criterion for m in measure([one], Plain.criteria)} == set(FREE_FORM)


def test_a_hostile_model_shows_nothing_of_its_own(library: Library, coach: Coach, prompts: PromptFiles) -> None:
    scenario = library.scenarios["hard-31"]
    model = ScriptedModel(f"Great! {scenario.reference[:200]} Is it clear?" for _ in range(50))
    one = hold_once(scenario, "wrong", Guided(coach, prompts, model))
    assert model.requests
    for criterion in (criteria.does_not_praise, criteria.shares_no_run_of_words_with_the_reference):
        assert finding(criterion, one).passed


def test_the_table_counts_interviews_and_quotes_what_failed() -> None:
    bad = said_instead("Great point. What could make the event arrive twice?")
    text = as_markdown("for a test", [GOOD, bad], measure([GOOD, bad], [criteria.does_not_praise]))
    assert "Criteria held: 1 of 2 (50.0%)" in text
    assert "| does not praise | 2 | 1 | 50.0% |" in text
    assert "does not praise: webhook-twice, for a test, turn 2: 'Great point." in text


def test_a_transcript_tells_who_said_what_and_why() -> None:
    text = transcript(GOOD)
    assert f"**Candidate** (answers): {ANSWER.text}" in text
    assert "*probe, clarify, cause, for a test*" in text


def test_holding_twice_keeps_the_second_interview_beside_the_first(coach: Coach, prompts: PromptFiles) -> None:
    one = hold_twice(a_scenario(), "silent", Guided(coach, prompts))
    assert one.again == one.interview


def call(*arguments: str) -> Result:
    """The command with no setting of the person who runs the tests."""
    unset = dict.fromkeys(str(field.alias) for field in Settings.model_fields.values())
    return CliRunner(env=unset).invoke(commands, ["eval", "interviewing", *arguments])


def test_the_command_prints_the_table_keeps_transcripts_and_renews_the_page(tmp_path: Path) -> None:
    page, kept = tmp_path / "page.md", tmp_path / "kept"
    page.write_text("<!-- interviewing coach -->\n<!-- end of interviewing coach -->\n", encoding="utf-8")
    chosen = ("--scenario", "hard-31", "--candidate", "strong", "--candidate", "hostile")
    result = call(*chosen, "--keep", str(kept), "--write", str(page))
    assert result.exit_code == 0, result.output
    assert "Interviews: 2." in result.stdout
    assert "| does not praise | 2 | 2 | 100.0% |" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in kept.iterdir()) == ["coach-hard-31-hostile.md", "coach-hard-31-strong.md"]


@pytest.mark.parametrize("option", ["--scenario", "--candidate"])
def test_the_command_names_what_there_is_to_choose_from(option: str) -> None:
    result = call(option, "nobody")
    assert result.exit_code == 1
    assert "'nobody'. There are: " in result.stderr
