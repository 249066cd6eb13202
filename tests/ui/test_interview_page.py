"""The brief, the conversation, and what happens to what was typed."""

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App, Call
from interviewer.domain.hints import SILENCE_SECONDS
from interviewer.domain.interview import Interview, Usage
from interviewer.ui.conversation import clock_in_words, phase, spent_in_words
from interviewer.ui.turns import note_in_words
from tests.builders import NOW, a_scenario, a_turn, an_interview
from tests.ui.conftest import SOLID, Open, interviewed, until, words

SILENCE = timedelta(seconds=SILENCE_SECONDS)


def stored(app: App, id: str) -> Interview:
    return app.store.load(id, owner=OWNER).interview


def type_in(test: AppTest, text: str) -> AppTest:
    return test.chat_input[0].set_value(text).run()


def test_the_brief_shows_the_question_and_the_terms(open_page: Open) -> None:
    test = open_page("interview_page", scenario="hard-31")
    assert "three years of product events" in words(test)
    assert "Start interview" in words(test)
    assert test.radio(key="terms_level").value == "senior"


def test_start_stores_an_interview_with_its_question_on_the_chosen_terms(app: App, open_page: Open) -> None:
    test = open_page("interview_page", scenario="hard-31")
    test.radio(key="terms_mode").set_value("mock").run()
    test.radio(key="terms_length").set_value(3).run()
    next(button for button in test.button if button.label == "Start interview").click().run()
    line = app.store.history(owner=OWNER)[0]
    interview = stored(app, line.id)
    assert (interview.mode, interview.level, interview.max_probes) == ("mock", "senior", 3)
    assert interview.turns[0].text == interview.scenario.question


def test_an_answer_is_stored_and_the_follow_up_appears(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = open_page("interview_page", interview=id)
    assert "First answer" in words(test)
    type_in(test, SOLID)
    interview = stored(app, id)
    assert [turn.role for turn in interview.turns] == ["interviewer", "candidate", "interviewer"]
    assert interview.turns[-1].text in words(test)
    assert "Follow-up 1 of at most 3" in words(test)


def test_an_empty_answer_is_refused_and_says_what_to_do(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = open_page("interview_page", interview=id)
    type_in(test, "   ")
    assert "Nothing was typed" in words(test)
    assert len(stored(app, id).turns) == 1


def test_the_same_answer_sent_twice_is_kept_once(app: App) -> None:
    id = interviewed(app, end=False)
    for _ in range(2):
        app.worker.answer(id, SOLID, owner=OWNER, key="one", at=1)
        until(lambda: stored(app, id).awaits_candidate)
    assert len(stored(app, id).answers) == 1


def test_what_a_second_tab_was_late_to_send_goes_back_into_its_input(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    late = open_page("interview_page", interview=id)
    app.worker.answer(id, SOLID, owner=OWNER, key="first tab")
    until(lambda: stored(app, id).awaits_candidate)
    type_in(late, "I would look at the query profile.")
    assert "another tab" in words(late)
    assert late.chat_input[0].proto.value == "I would look at the query profile."
    assert len(stored(app, id).answers) == 1


def test_a_hint_waits_for_a_first_answer_and_shows_its_price(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    test = open_page("interview_page", interview=id)
    assert test.button(key="hint").disabled
    assert "Give a first answer" in words(test)
    type_in(test, SOLID)
    hint = test.button(key="hint")
    assert hint.label == "Hint 1: keeps 90% of the credit"
    hint.click().run()
    assert stored(app, id).turns[-1].text in words(test)
    assert any("badge" in mark.value and "Hint 1" in mark.value for mark in test.markdown)


def test_ending_asks_first_and_then_leads_to_the_report(app: App, open_page: Open) -> None:
    id = interviewed(app, SOLID, end=False)
    test = open_page("interview_page", interview=id)
    next(button for button in test.button if button.label == "End interview").click().run()
    assert not stored(app, id).is_finished
    next(button for button in test.button if button.label == "End and grade").click().run()
    assert stored(app, id).is_finished
    assert not test.chat_input
    assert "See the report" in words(test)


def test_a_reply_that_was_interrupted_can_be_continued(app: App, open_page: Open) -> None:
    id = interviewed(app, end=False)
    app.store.add_turn(id, a_turn(1, SOLID), owner=OWNER, key="typed before the server was killed")
    test = open_page("interview_page", interview=id)
    assert "The last reply was interrupted. Your answer is saved." in words(test)
    next(button for button in test.button if button.label == "Continue").click().run()
    until(lambda: stored(app, id).awaits_candidate)
    assert len(stored(app, id).turns) == 3


def test_an_unknown_interview_is_said_to_be_missing(open_page: Open) -> None:
    test = open_page("interview_page", interview="nobody-has-this")
    assert "There is no such interview" in words(test)


def test_an_unknown_scenario_leads_back_to_the_list(open_page: Open) -> None:
    assert "no such scenario" in words(open_page("interview_page", scenario="gone"))


def test_the_clock_of_a_mock_interview_shows_the_time_left() -> None:
    interview = an_interview(mode="mock")
    end = interview.deadline
    assert end is not None
    assert clock_in_words(interview, end - timedelta(minutes=5, seconds=10)) == "5 min left"
    assert clock_in_words(interview, end - timedelta(seconds=20)) == "Less than a minute left"
    assert clock_in_words(interview, end) == "Time is up: your next answer is the last"


def test_the_clock_of_practice_shows_the_time_spent() -> None:
    interview = an_interview(mode="practice")
    assert clock_in_words(interview, interview.started_at + timedelta(minutes=7)) == "7 min"


def test_the_phase_begins_with_the_first_answer() -> None:
    assert phase(Interview(scenario=a_scenario(), started_at=NOW)) == "First answer"


def test_a_reply_that_the_coach_had_to_word_says_why() -> None:
    turn = a_turn(2, role="interviewer", note="model failed (timeout): no answer in 60 s")
    assert note_in_words(turn) == "Worded by the built-in coach: the model did not answer in time."


# Modes and exhibits


def test_every_mode_can_be_chosen_and_says_what_it_means(open_page: Open) -> None:
    test = open_page("interview_page", scenario="hard-31")
    for mode, note in (("mock", "on the clock"), ("private", "at leisure"), ("story", "from your own work")):
        test.radio(key="terms_mode").set_value(mode).run()
        assert note in words(test)


def test_a_private_interview_has_a_large_field_and_what_is_sent_counts(app: App, open_page: Open) -> None:
    id = started(app, mode="private")
    test = open_page("interview_page", interview=id)
    assert not test.chat_input
    test.text_area[0].set_value(SOLID)
    next(button for button in test.button if button.label == "Send").click().run()
    until(lambda: len(app.store.load(id, owner=OWNER).interview.turns) == 3)
    assert app.store.load(id, owner=OWNER).interview.turns[1].text == SOLID


def test_a_story_opens_with_a_question_about_ones_own_work(app: App, open_page: Open) -> None:
    id = started(app, mode="story")
    assert "Take one real case from your own work" in words(open_page("interview_page", interview=id))


def test_evidence_that_was_asked_for_is_shown_as_a_table_with_its_origin(app: App, open_page: Open) -> None:
    id = interviewed(app, "Could I see the query profile of one lookup first?", end=False)
    test = open_page("interview_page", interview=id)
    assert test.dataframe[0].value.shape[0] == 9
    assert "Nine statements of one morning" in words(test)
    assert "Synthetic, consistent with the numbers" in words(test)


def test_evidence_in_a_file_of_text_is_shown_as_it_is(app: App, open_page: Open) -> None:
    id = interviewed(app, "Can you show me the physical plan of the join?", end=False, scenario="hard-32")
    test = open_page("interview_page", interview=id)
    assert "SortMergeJoin" in test.code[0].value


def test_after_a_long_silence_a_hint_is_pointed_to_and_not_given(app: App, open_page: Open) -> None:
    silent, fresh = (interviewed(app, SOLID, end=False) for _ in range(2))
    long_ago = a_turn(3, "Nothing is pruned.", at=NOW), a_turn(4, role="interviewer", at=app.clock() - SILENCE)
    for turn in long_ago:
        app.store.add_turn(silent, turn, owner=OWNER, key=str(turn.seq))
    assert "If you are stuck, there is a hint" in words(open_page("interview_page", interview=silent))
    assert "If you are stuck, there is a hint" not in words(open_page("interview_page", interview=fresh))
    assert not stored(app, silent).hints


@pytest.mark.parametrize(
    ("calls", "shown"),
    [
        ([], ""),
        ([(1500, 100, 0.0)], "Model: 1,600 tokens, on this machine"),
        ([(1500, 100, 0.04), (400, 0, 0.08)], "Model: 2,000 tokens, about $0.12"),
        ([(1500, 100, 0.04), (400, 0, None)], "Model: 2,000 tokens, price not known"),
    ],
)
def test_the_meter_adds_up_tokens_and_names_no_price_that_it_does_not_know(
    calls: list[tuple[int, int, float | None]], shown: str
) -> None:
    made = [Call("m", Usage(input_tokens=i, output_tokens=o), dollars) for i, o, dollars in calls]
    assert spent_in_words(made) == shown


def started(app: App, **terms: Any) -> str:
    scenario = app.scenario("hard-31")
    assert scenario is not None
    values: dict[str, Any] = {"mode": "practice", "level": "senior", "max_probes": 3, "engine": "coach", **terms}
    return app.worker.start(scenario, app.scenario_hash(scenario), owner=OWNER, **values).id
