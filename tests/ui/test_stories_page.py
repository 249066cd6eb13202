"""The story bank, and the stories where a behavioural round asks for one."""

from __future__ import annotations

from interviewer.bootstrap import OWNER, App
from tests.builders import a_story
from tests.ui.conftest import Open, words

ID = "0123456789abcdef0123456789abcdef"
BILL = a_story(
    title="Cutting the bill",
    situation="Finance asked why the AWS bill doubled in March.",
    task="Find out where the money went.",
    action="We looked at the charges and moved the traffic.",
    result="It got much better.",
    tags=("cost",),
)


def test_without_stories_the_page_says_what_to_write(open_page: Open) -> None:
    assert "Four or five good ones are enough" in words(open_page("stories_page"))


def test_every_field_is_kept_as_soon_as_it_is_left(app: App, open_page: Open) -> None:
    test = open_page("stories_page", story=ID)
    assert app.store.stories(owner=OWNER) == [], "opening the page keeps nothing"

    test.text_input(key=f"story_title {ID}").set_value("The late load").run()
    test.text_area(key=f"story_result {ID}").set_value("From 9 hours to 3.").run()
    test.multiselect(key=f"story_tags {ID}").set_value(["cost", "my own tag"]).run()

    (story,) = app.store.stories(owner=OWNER)
    assert (story.id, story.title, story.result) == (ID, "The late load", "From 9 hours to 3.")
    assert story.tags == ("cost", "my own tag")
    assert open_page("stories_page", story=ID).text_area(key=f"story_result {ID}").value == "From 9 hours to 3."


def test_a_field_that_another_tab_changed_meanwhile_is_not_lost(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    test = open_page("stories_page", story=BILL.id)
    app.store.save_story(BILL.model_copy(update={"task": "Halve it by May."}), owner=OWNER)

    test.text_area(key=f"story_result {BILL.id}").set_value("Down by 40 percent.").run()

    (story,) = app.store.stories(owner=OWNER)
    assert (story.task, story.result) == ("Halve it by May.", "Down by 40 percent.")


def test_a_story_says_what_is_missing(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    test = open_page("stories_page", story=BILL.id)
    assert "You said what the team did; say what you did yourself." in words(test)
    assert "Say what came out of it in numbers: one before and one after." in words(test)

    test.text_area(key=f"story_action {BILL.id}").set_value(
        "I split the bill by usage type, found the gateway traffic, and moved it to an endpoint."
    ).run()

    assert "You said what the team did" not in words(test)


def test_a_story_is_deleted_after_a_question(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    test = open_page("stories_page")
    test.button(key=f"delete-{BILL.id}").click().run()
    assert len(app.store.stories(owner=OWNER)) == 1

    test.button(key=f"sure-{BILL.id}").click().run()

    assert app.store.stories(owner=OWNER) == []


def test_somebody_elses_story_is_neither_shown_nor_changed(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner="somebody else")
    test = open_page("stories_page", story=BILL.id)
    assert "AWS" not in words(test)

    test.text_input(key=f"story_title {BILL.id}").set_value("Mine").run()

    assert "There is no such story" in words(test)
    assert app.store.stories(owner="somebody else") == [BILL]


def test_an_id_that_is_none_leads_to_the_list(open_page: Open) -> None:
    assert "Your stories" in words(open_page("stories_page", story="<b>"))


def test_the_brief_offers_the_story_that_fits_and_what_it_lacks(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    test = open_page("interview_page", scenario="hard-35")
    assert "You have a story on this" not in words(test)

    test.radio(key="terms_mode").set_value("story").run()

    assert "You have a story on this: **Cutting the bill**" in words(test)
    assert "Put numbers on the situation" in words(test)


def test_the_brief_leads_to_the_story_bank_where_no_story_fits(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    test = open_page("interview_page", scenario="hard-36")
    test.radio(key="terms_mode").set_value("story").run()

    assert "You have a story on this" not in words(test)
    assert "Write down a story of yours for this" in words(test)


def test_the_story_stands_beside_the_conversation_of_a_behavioural_round_alone(app: App, open_page: Open) -> None:
    app.store.save_story(BILL, owner=OWNER)
    scenario = app.library.scenarios["hard-35"]

    def begun(mode: str) -> str:
        terms = {"mode": mode, "level": "senior", "max_probes": 3, "engine": "coach"}
        return app.worker.start(scenario, "x", owner=OWNER, **terms).id

    assert "why the AWS bill doubled" in words(open_page("interview_page", interview=begun("story")))
    assert "why the AWS bill doubled" not in words(open_page("interview_page", interview=begun("practice")))


def test_what_a_story_holds_is_shown_as_it_was_typed(app: App, open_page: Open) -> None:
    app.store.save_story(BILL.model_copy(update={"title": "![x](http://a.b/c) :red[y]"}), owner=OWNER)
    test = open_page("stories_page")

    assert "\\!\\[x\\]" in test.subheader[0].value
