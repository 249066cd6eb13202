"""Connecting a model for one session."""

from pathlib import Path

from interviewer.bootstrap import Connection
from tests.fakes.http_server import FakeServer
from tests.ui.conftest import Open, words

SECRET = "sk-test-do-not-keep"


def test_the_coach_is_in_use_when_nothing_is_set(open_page: Open) -> None:
    assert "Built-in coach." in words(open_page("settings_page"))


def test_a_preset_fills_in_the_address(open_page: Open) -> None:
    test = open_page("settings_page")
    test.radio(key="own_preset").set_value("Ollama").run()
    assert test.text_input(key="own_address").value == "http://localhost:11434/v1"


def test_a_connection_is_used_in_this_session_and_its_key_is_kept_nowhere_else(data: Path, open_page: Open) -> None:
    test = open_page("settings_page")
    test.text_input(key="own_model").set_value("practice-model").run()
    test.text_input(key="own_key").set_value(SECRET).run()
    next(b for b in test.button if b.label == "Use it").click().run()
    assert "practice-model at OpenAI" in words(test)
    chosen = test.session_state["own_engine"]
    assert isinstance(chosen, Connection)
    assert SECRET not in repr(chosen)
    assert SECRET not in str(dict(test.query_params))
    assert all(SECRET.encode() not in file.read_bytes() for file in data.rglob("*") if file.is_file())
    next(b for b in test.button if b.label == "Back to the built-in coach").click().run()
    assert "Built-in coach." in words(test)


def test_a_missing_model_name_is_refused_in_words(open_page: Open) -> None:
    test = open_page("settings_page")
    next(b for b in test.button if b.label == "Use it").click().run()
    assert "The name of the model is missing" in words(test)


def test_the_test_of_a_connection_says_what_works(open_page: Open) -> None:
    with FakeServer() as server:
        test = open_page("settings_page")
        test.radio(key="own_preset").set_value("Other").run()
        test.text_input(key="own_address").set_value(server.base_url).run()
        test.text_input(key="own_model").set_value("fake:obeys").run()
        next(b for b in test.button if b.label == "Test connection").click().run()
    assert not test.exception
    assert "answers" in words(test)
    assert test.table


def test_a_server_that_is_not_there_is_named_as_such(open_page: Open) -> None:
    test = open_page("settings_page")
    test.radio(key="own_preset").set_value("Other").run()
    test.text_input(key="own_address").set_value("http://127.0.0.1:9/v1").run()
    test.text_input(key="own_model").set_value("any").run()
    next(b for b in test.button if b.label == "Test connection").click().run()
    assert not test.exception
    assert not test.table
    assert "127.0.0.1" in words(test)
