"""The editor: what is typed is kept, what is wrong stands at its field, and what is saved can be interviewed with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from interviewer import bootstrap
from interviewer.adapters.scenario_files import read_scenario
from interviewer.adapters.scripted_model import ScriptedModel
from interviewer.bootstrap import App, resources
from interviewer.ui import editor_page, editor_trial, people, wiring
from tests.ui.conftest import Open, labels, until, words

NEW = "own-the-slow-job"
FIELDS = ("text_input", "text_area", "number_input", "multiselect", "selectbox", "checkbox")


def begun(open_page: Open, where: str = "question") -> AppTest:
    """This part of a new scenario that begins with the example, in the editor."""
    app = wiring.the_app()
    app.desk.begin("The slow job", app.library.scenarios)
    return open_page("editor_page", scenario=NEW, part=editor_page.PARTS[where][0])


def press(test: AppTest, label: str, number: int = 0) -> None:
    [button for button in test.button if button.label == label][number].click().run()
    assert not test.exception, test.exception


def part(test: AppTest, name: str) -> AppTest:
    """The same page with another part of the form."""
    return test.radio(key="part").set_value(name).run()


def field(test: AppTest, label: str, number: int = 0) -> Any:
    """The field with this label, counted from the top."""
    return [each for each in test.main if each.type in FIELDS and each.label == label][number]


def test_a_new_scenario_begins_with_an_example_that_can_be_saved(app: App, data: Path, open_page: Open) -> None:
    test = open_page("editor_page")
    press(test, "Begin")
    assert "Give it a title first" in words(test)
    test.text_input(key="editor_new_title").set_value(" The slow  job ")
    press(test, "Begin")

    assert field(test, "Title").value == "The slow job"
    assert "nine hours instead of two" in field(test, "Question").value
    assert "It can be saved." in words(test)
    assert "This is still the example; write your own." in words(test)

    press(test, "Save")

    assert read_scenario(data / "scenarios" / f"{NEW}.md").title == "The slow job"


# --- what is wrong stands at its field


def below(test: AppTest, label: str, number: int = 0) -> str:
    """What stands right under a field, up to the next one."""
    key, told = field(test, label, number).key, False
    said: list[str] = []
    for element in test.main:
        if element.type in FIELDS:
            if told:
                break
            told = element.key == key
        elif told and element.type in ("markdown", "caption"):
            said.append(str(element.value))
    return "\n".join(said).replace("\\", "").replace("\u2060", "")


WRONG: dict[str, list[tuple[str, str | list[str], str]]] = {
    "question": [
        ("Title", "", "This is still empty."),
        ("Question", "word " * 601, "even a draft has at most 600"),
        ("Question", "What now?\n## Context\nNone.", "would begin a new section of the file"),
        ("Question", "```sql\nSELECT 1", "is not closed"),
        ("They ask", "Is it so? A: yes", "Leave out 'A:'"),
        ("You answer", "", "This is still empty."),
        ("Levels", [], "This is still empty."),
    ],
    "answer": [("Reference answer", "", "A reviewed scenario has a reference answer.")],
    "points": [
        ("What a good answer says", "", "This is still empty."),
        ("How people say it", "Only one way.", "1 way to say it; give 2 to 4."),
        ("Wrong claims", "", "Say what would contradict the point."),
        ("Sources of this point", "a book", "An address begins with http:// or https://."),
    ],
    "questions": [("Question", "", "This is still empty."), ("About", [], "This is still empty.")],
}


@pytest.mark.parametrize("where", WRONG)
def test_what_is_wrong_stands_at_its_field_in_plain_words(where: str, open_page: Open) -> None:
    test = begun(open_page, where)
    for label, typed, said in WRONG[where]:
        before = field(test, label).value
        assert said not in below(test, label)
        field(test, label).set_value(typed).run()
        assert said in below(test, label)
        field(test, label).set_value(before).run()
    assert "It can be saved." in words(test)


def test_every_problem_of_a_form_full_of_them_is_named_in_the_list_beside_it(app: App, open_page: Open) -> None:
    test = begun(open_page)
    field(test, "Title").set_value("").run()
    part(test, "points")
    field(test, "What a good answer says", 1).set_value("").run()
    field(test, "Weight", 1).set_value(1).run()

    shown = words(test)

    assert "3 things to mend before it can be saved" in shown
    assert "Question, title: This is still empty." in shown
    assert "Key points 2, text: This is still empty." in shown
    assert "Key points: Weights sum to 66, not 100." in shown


def test_the_sum_of_the_weights_is_shown_as_it_is_typed_and_can_be_put_right(open_page: Open) -> None:
    test = begun(open_page, "points")
    assert "The weights sum to **100**." in words(test)

    field(test, "Weight").set_value(60).run()
    assert "The weights sum to **120** instead of 100: 20 too many." in words(test)

    press(test, "Share them equally")

    assert "The weights sum to **100**." in words(test)
    assert [each.value for each in test.number_input if each.label == "Weight"] == [34, 33, 33]


def test_what_is_invalid_is_refused_with_the_list_and_stays_as_it_was_typed(data: Path, open_page: Open) -> None:
    test = begun(open_page)
    field(test, "Title").set_value("").run()

    press(test, "Save")

    assert "It was not saved. Mend this first:" in words(test)
    assert "- Question, title: This is still empty." in words(test)
    assert not (data / "scenarios").exists()
    assert field(test, "Title").value == ""


def test_a_reviewed_scenario_needs_every_part_and_says_since_when(data: Path, open_page: Open) -> None:
    test = begun(open_page, "try")
    status(test, "reviewed")

    press(test, "Save")
    assert "A reviewed scenario names its sources." in words(test)
    assert not (data / "scenarios").exists()

    status(test, "draft")
    press(test, "Save")
    assert read_scenario(data / "scenarios" / f"{NEW}.md").status == "draft"


def status(test: AppTest, value: str) -> None:
    next(radio for radio in test.radio if radio.label == "Status").set_value(value).run()


# --- nothing typed is lost


def test_what_was_typed_is_there_after_a_reload_and_in_another_session(open_page: Open) -> None:
    test = begun(open_page)
    field(test, "Question").set_value("What did I lose?").run()

    again = open_page("editor_page", scenario=NEW)

    assert field(again, "Question").value == "What did I lose?"
    assert "Not saved yet." in words(again)
    assert "The slow job" in words(open_page("editor_page"))


def test_two_tabs_each_keep_the_field_that_they_changed(data: Path, open_page: Open) -> None:
    first = begun(open_page)
    second = open_page("editor_page", scenario=NEW)
    field(first, "Question").set_value("Asked in one tab?").run()
    field(second, "Title").set_value("Named in the other").run()

    press(first, "Save")

    saved = read_scenario(data / "scenarios" / f"{NEW}.md")
    assert (saved.title, saved.question) == ("Named in the other", "Asked in one tab?")


def test_a_save_that_fails_says_why_and_loses_nothing(data: Path, open_page: Open) -> None:
    test = begun(open_page)
    field(test, "Question").set_value("What did I lose?").run()
    (data / "scenarios").write_text("in the way", encoding="utf-8")

    press(test, "Save")

    assert "could not be written" in words(test)
    assert field(open_page("editor_page", scenario=NEW), "Question").value == "What did I lose?"


def test_what_is_thrown_away_is_gone_only_after_a_question(open_page: Open) -> None:
    test = begun(open_page)
    press(test, "Throw away")
    assert field(open_page("editor_page", scenario=NEW), "Title").value == "The slow job"

    press(test, "Throw it away")

    assert "Write a scenario" in words(test)
    assert "There is no such scenario of yours." in words(open_page("editor_page", scenario=NEW))


def test_parts_are_added_moved_removed_and_put_back(open_page: Open) -> None:
    test = begun(open_page, "points")

    def points() -> list[str]:
        return [each.value for each in test.text_area if each.label == "What a good answer says"]

    one, two, three = points()
    press(test, "Down", 0)
    assert points() == [two, one, three]
    press(test, "Remove", 1)
    assert points() == [two, three]
    press(test, "Put back what I removed")
    assert points() == [two, one, three]
    press(test, "Add a key point")
    assert points() == [two, one, three, ""]


def test_a_follow_up_about_a_point_that_was_removed_says_so(open_page: Open) -> None:
    test = begun(open_page, "points")
    press(test, "Remove", 0)
    part(test, "questions")

    assert "It is about a key point that was removed; choose another one." in below(test, "About")


# --- saving


def test_what_is_saved_can_be_interviewed_with_by_everybody_at_once(open_page: Open) -> None:
    other = open_page("choose_page", search="slow job")
    assert "The slow job" not in words(other)
    test = begun(open_page)
    assert button(test, "Interview with it").disabled

    press(test, "Save")

    assert not button(test, "Interview with it").disabled
    assert "The slow job" in words(other.run())
    press(test, "Interview with it")
    assert "The slow job" in words(open_page("interview_page", scenario=NEW))


def test_an_edit_keeps_the_comments_of_a_file_and_everything_that_the_form_does_not_know(
    app: App, data: Path, open_page: Open
) -> None:
    press(begun(open_page), "Save")
    path = data / "scenarios" / f"{NEW}.md"
    text = path.read_text(encoding="utf-8")
    by_hand = text.replace("difficulty: medium\n", "# agreed with the team\ndifficulty: medium  # for now\n")
    path.write_text(by_hand, encoding="utf-8")

    test = open_page("editor_page", scenario=NEW)
    field(test, "Title").set_value("Another title").run()
    press(test, "Save")

    assert path.read_text(encoding="utf-8") == by_hand.replace("title: The slow job", "title: Another title")


def test_a_file_that_changed_on_disk_is_not_written_over_without_saying_so(data: Path, open_page: Open) -> None:
    press(begun(open_page), "Save")
    path = data / "scenarios" / f"{NEW}.md"
    test = open_page("editor_page", scenario=NEW)
    field(test, "Question").set_value("Mine?").run()
    theirs = path.read_text(encoding="utf-8").replace("time_minutes: 15", "time_minutes: 25")
    path.write_text(theirs, encoding="utf-8")

    press(test, "Save")

    assert "The file changed on disk since you opened it" in words(test)
    assert path.read_text(encoding="utf-8") == theirs
    assert any("+Mine?" in block.value for block in test.code)

    press(test, "Save mine over it")

    assert read_scenario(path).question == "Mine?"
    assert "The file changed on disk" not in words(test)


def test_the_version_on_disk_can_be_taken_instead(data: Path, open_page: Open) -> None:
    press(begun(open_page), "Save")
    path = data / "scenarios" / f"{NEW}.md"
    test = open_page("editor_page", scenario=NEW)
    field(test, "Question").set_value("Mine?").run()
    path.write_text(path.read_text(encoding="utf-8").replace("How do you find out", "How do you see"), encoding="utf-8")
    test.run()

    press(test, "Take the file, drop what I typed")

    assert "How do you see" in field(test, "Question").value


# --- whose scenarios


def test_a_shipped_scenario_is_opened_as_a_copy_only(data: Path, open_page: Open) -> None:
    test = open_page("editor_page", scenario="hard-31")
    assert not test.text_area
    assert "it stays as it is" in words(test)

    press(test, "Make my own copy")
    press(test, "Save")

    copy = read_scenario(data / "scenarios" / "own-hard-31.md")
    original = read_scenario(resources() / "scenarios" / "hard-31.md")
    assert (copy.title, copy.reference) == (original.title, original.reference)
    assert [exhibit.content for exhibit in copy.exhibits] == [exhibit.content for exhibit in original.exhibits]
    assert copy.key_points[0].id == "own-hard-31.1"
    assert (copy.status, copy.provenance.origin) == ("draft", "copy of hard-31: original")


def test_a_copy_can_be_made_from_the_list_too_and_gets_an_id_of_its_own(open_page: Open) -> None:
    for id in ("own-hard-32", "own-hard-32-2"):
        test = open_page("editor_page")
        press(test, "Make my own copy")
        assert "Choose the scenario to copy first." in words(test)
        test.selectbox(key="editor_copied").set_value("hard-32").run()
        press(test, "Make my own copy")
        assert test.query_params["scenario"] == id


def test_a_file_that_cannot_be_read_is_listed_with_the_reason(data: Path, open_page: Open) -> None:
    (data / "scenarios").mkdir()
    (data / "scenarios" / "broken.md").write_text("---\ntitle: [\n---\n", encoding="utf-8")

    assert "is not valid YAML" in words(open_page("editor_page"))


def test_a_file_that_is_no_valid_scenario_yet_can_be_mended_here(data: Path, open_page: Open) -> None:
    press(begun(open_page), "Save")
    path = data / "scenarios" / f"{NEW}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("weight: 40", "weight: 41"), encoding="utf-8")
    test = part(open_page("editor_page", scenario=NEW), "points")
    assert "The weights sum to **101**" in words(test)

    field(test, "Weight").set_value(40).run()
    press(test, "Save")

    assert read_scenario(path).key_points[0].weight == 40


def test_only_the_brief_of_a_scenario_of_ones_own_leads_to_the_editor(open_page: Open) -> None:
    press(begun(open_page), "Save")

    assert "Edit" in words(open_page("interview_page", scenario=NEW)).splitlines()
    assert "Edit" not in words(open_page("interview_page", scenario="hard-31")).splitlines()


def test_where_several_people_share_a_server_nothing_is_written(
    data: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(begun(open_page), "Save")
    monkeypatch.setenv("INTERVIEWER_ALLOW_ANYONE", "1")
    st.cache_resource.clear()
    monkeypatch.setattr(people, "owner_of_page", lambda settings: "somebody")

    for names in ({}, {"scenario": NEW}, {"scenario": "hard-31"}):
        test = open_page("editor_page", **names)
        assert editor_page.CLOSED in words(test)
        assert labels(test) == []
        assert not [element for element in test.main if element.type in FIELDS]
    assert "Write a scenario" not in words(open_page("choose_page"))
    assert "Edit" not in words(open_page("interview_page", scenario=NEW)).splitlines()


# --- trying it


def test_three_candidates_try_it_and_one_of_their_interviews_can_be_read(app: App, open_page: Open) -> None:
    test = begun(open_page, "try")
    press(test, "Try it")
    finished(app, f"try {NEW}")
    test.run()

    scores = [int(each.value) for each in test.metric]
    assert [each.label for each in test.metric] == ["Strong", "Middling", "Weak"]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[2] + 30
    assert "I put the log of a fast night beside a slow one" in words(test)
    assert app.store.history(owner=app.owner) == [], "nothing of it is kept"

    part(test, "points")
    field(test, "What a good answer says").set_value("Something else entirely.").run()
    assert "You have changed the scenario since" in words(part(test, "try"))


def test_trying_it_can_be_cancelled(app: App, open_page: Open) -> None:
    test = begun(open_page, "try")
    task = app.worker.begin(f"try {NEW}", lambda task, _: task.stop.wait(20), owner=app.owner)
    test.run()
    assert "Try it" not in labels(test)

    press(test, "Cancel")

    assert task.wait(5)
    assert "Try it" in labels(test)


def test_the_checks_of_an_author_are_told_in_words(app: App, open_page: Open) -> None:
    test = begun(open_page, "try")
    press(test, "Check it")
    finished(app, f"check {NEW}")
    test.run()

    assert "**What is not there yet**" in words(test)
    assert "does not say why it matters" in words(test)
    assert "Key point 2 has no follow-up for when it is missing." in words(test)


def test_what_cannot_be_saved_cannot_be_tried_either(open_page: Open) -> None:
    test = begun(open_page)
    field(test, "Title").set_value("").run()
    part(test, "try")

    assert editor_trial.NOT_YET in words(test)
    assert button(test, "Try it").disabled


# --- proposals of a model

POINTS = {"points": [{"text": "Alerts when the copy lags.", "dimension": "validation"}]}
DETAILS = {
    "phrasings": ["I would put two runs next to each other."],
    "misconceptions": ["The network was slow, that explains it."],
    "probe": {"type": "clarify", "ask": "Where do seven hours hide?", "strong": "Names a step.", "weak": "Guesses."},
}
Proposing = Callable[..., AppTest]


@pytest.fixture
def proposing(data: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Proposing:
    """The key points of a new scenario, with a model that gives these replies."""

    def run(*replies: Mapping[str, object]) -> AppTest:
        model = ScriptedModel(replies, name="some-model")
        monkeypatch.setenv("INTERVIEWER_ENGINE", "auto")
        monkeypatch.setenv("INTERVIEWER_MODEL", "some-model")
        monkeypatch.setattr(bootstrap, "build_model", lambda connection, name: model)
        st.cache_resource.clear()
        return begun(open_page, "points")

    return run


DETAILS_BUTTON = "Propose wordings, wrong claims and a follow-up"


def test_without_a_model_nothing_is_proposed(open_page: Open) -> None:
    assert not [label for label in labels(begun(open_page, "points")) if label.startswith("Propose")]


def test_a_proposal_changes_nothing_until_it_is_accepted(proposing: Proposing) -> None:
    test = proposing(DETAILS)
    before = field(test, "How people say it", 1).value
    press(test, DETAILS_BUTTON, 1)
    finished(wiring.the_app(), f"propose {NEW} {NEW}.2")
    test.run()
    assert "I would put two runs next to each other." in words(test)
    assert field(test, "How people say it", 1).value == before

    press(test, "Reject", 1)  # the wrong claim
    press(test, "Accept", 0)

    assert field(test, "How people say it", 1).value == f"{before}\nI would put two runs next to each other."
    assert "The network was slow" not in field(test, "Wrong claims", 1).value
    press(test, "Accept", 0)
    assert [each.value for each in part(test, "questions").text_input if each.label == "Question"][1] == (
        "Where do seven hours hide?"
    )


def test_an_accepted_proposal_is_signed_by_the_model(proposing: Proposing, data: Path) -> None:
    test = proposing(DETAILS)
    press(test, DETAILS_BUTTON, 1)
    finished(wiring.the_app(), f"propose {NEW} {NEW}.2")
    press(test.run(), "Accept")
    press(test, "Save")

    assert read_scenario(data / "scenarios" / f"{NEW}.md").provenance.drafted_by == ("some-model",)


def test_key_points_are_proposed_while_nobody_has_weighed_them(proposing: Proposing) -> None:
    test = proposing(POINTS)
    assert "Propose key points" not in labels(test), "the example's weights differ"
    press(test, "Share them equally")
    press(test, "Propose key points")
    finished(wiring.the_app(), f"propose {NEW}")
    press(test.run(), "Accept")

    assert [each.value for each in test.number_input if each.label == "Weight"] == [25, 25, 25, 25]
    assert field(test, "What a good answer says", 3).value == "Alerts when the copy lags."


def test_proposals_end_at_the_ceiling_of_the_day(proposing: Proposing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_DAY_REQUESTS", "1")
    test = proposing(DETAILS, DETAILS)
    press(test, DETAILS_BUTTON, 1)
    finished(wiring.the_app(), f"propose {NEW} {NEW}.2")
    press(test.run(), DETAILS_BUTTON, 1)  # of the third point, now that proposals stand at the second
    finished(wiring.the_app(), f"propose {NEW} {NEW}.3")

    assert "Today's interviews have used 1 of their 1 model calls." in words(test.run())
    assert len(wiring.the_app().store.calls(owner=wiring.the_app().owner)) == 1


def finished(app: App, task: str) -> None:
    def is_done() -> bool:
        found = app.worker.task_of(task, owner=app.owner)
        return found is not None and found.done

    until(is_done, seconds=30)


def button(test: AppTest, label: str) -> Any:
    return next(button for button in test.button if button.label == label)
