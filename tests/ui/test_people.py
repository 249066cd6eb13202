"""Two people on one server: what one sees of the other, and who pays for what."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st

from interviewer.bootstrap import App, Connection
from interviewer.errors import InputError
from interviewer.ui import people, state, wiring
from tests.ui.conftest import SOLID, Open, until, words

Visit = Callable[[str], App]
KEY = "sk-CANARY0123456789abcdef"
MARKER = "the marker of ann"


@pytest.fixture
def as_person(data: Path, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Makes everything that follows a visit of this person."""

    def visit(owner: str) -> App:
        monkeypatch.setattr(people, "owner_of_page", lambda settings: owner)
        return wiring.the_app()

    return visit


@pytest.fixture
def shared(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_ALLOW_ANYONE", "1")
    monkeypatch.setenv("INTERVIEWER_ENGINE", "auto")
    monkeypatch.setenv("INTERVIEWER_MODEL", "server-model")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    st.cache_resource.clear()


def interview_of(app: App) -> str:
    scenario = app.scenario("hard-31")
    assert scenario is not None
    return app.worker.start(
        scenario, "hash", owner=app.owner, mode="practice", level="senior", max_probes=3, engine="coach"
    ).id


def graded(app: App) -> str:
    id = interview_of(app)
    app.worker.answer(id, f"{MARKER} {SOLID}", owner=app.owner, key="k")
    until(lambda: app.store.load(id, owner=app.owner).interview.awaits_candidate)
    app.worker.finish(id, owner=app.owner)
    until(lambda: bool(app.store.assessments(id, owner=app.owner)))
    return id


@pytest.mark.parametrize("page", ["interview_page", "report_page"])
def test_the_id_of_another_persons_interview_in_the_address_is_not_found(
    page: str, as_person: Visit, open_page: Open
) -> None:
    id = graded(as_person("ann"))
    assert MARKER in words(open_page(page, interview=id)) or page == "report_page"
    as_person("eve")

    shown = words(open_page(page, interview=id))
    never_was = words(open_page(page, interview="no-such-interview"))

    assert "There is no such interview." in shown
    assert shown == never_was
    assert MARKER not in shown


def test_visits_of_two_people_in_turn_never_mix(as_person: Visit, open_page: Open) -> None:
    theirs = {owner: graded(as_person(owner)) for owner in ("ann", "bob")}

    for _ in range(3):
        for owner, id in theirs.items():
            as_person(owner)
            lines = [
                button.key for button in open_page("history_page").button if (button.key or "").startswith("open-")
            ]
            assert lines == [f"open-{id}"]


def test_no_page_names_a_fixed_owner_or_draws_html() -> None:
    pages = [path for path in Path(people.__file__).parent.glob("*.py") if path.name != "people.py"]

    assert len(pages) > 10
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\bOWNER\b", text), f"{path.name}: whose page it is says app.owner"
        assert not re.search(r"unsafe_allow|st\.html|components", text), f"{path.name} draws HTML"


def test_without_a_person_no_page_has_an_app(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "owner_of_page", lambda settings: None)

    with pytest.raises(InputError, match="not signed in"):
        wiring.the_app()


@pytest.mark.usefixtures("shared")
def test_on_a_shared_server_the_settings_name_no_place_no_local_server_and_no_address_to_type(
    data: Path, as_person: Visit, open_page: Open
) -> None:
    as_person("ann")
    test = open_page("settings_page")

    assert str(data) not in words(test)
    assert KEY not in words(test)
    assert "Look for a model on this machine" not in [button.label for button in test.button]
    assert "Address" not in [field.label for field in test.text_input]
    assert test.radio(key=state.PRESET).options == ["OpenAI"]


@pytest.mark.usefixtures("shared")
def test_nobody_names_another_model_for_the_servers_key(as_person: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    app = as_person("ann")
    monkeypatch.setattr(state, "own_engine", lambda: None)

    assert not wiring.may_name_judge(app)
    with pytest.raises(InputError):
        wiring.model(app, judge="the-dearest-model")
    monkeypatch.setattr(state, "own_engine", lambda: Connection("own", own=True))
    judge = wiring.model(app, judge="the-dearest-model")
    assert judge is not None
    assert judge.name == "the-dearest-model"


def test_a_persons_own_key_is_kept_by_nothing_that_outlives_their_session(
    data: Path, app: App, open_page: Open
) -> None:
    test = open_page("settings_page")
    test.text_input(key="own_model").set_value("practice-model").run()
    test.text_input(key="own_key").set_value(KEY).run()
    next(button for button in test.button if button.label == "Use it").click().run()
    report = open_page("report_page", interview=graded(app))

    assert app._models == {}
    assert KEY not in repr(app) + repr(test.session_state["own_engine"]) + str(test.session_state["own_engine"].api_key)
    assert KEY not in words(test) + words(report)
    assert test.text_input(key="own_key").proto.type == test.text_input(key="own_key").proto.PASSWORD
    assert all(KEY.encode() not in file.read_bytes() for file in data.rglob("*") if file.is_file())


def test_a_key_that_cannot_be_one_is_refused_and_not_shown_again(open_page: Open) -> None:
    test = open_page("settings_page")
    test.text_input(key="own_model").set_value("practice-model").run()
    test.text_input(key="own_key").set_value(f"{KEY}\u2028X-Injected: 1").run()
    next(button for button in test.button if button.label == "Use it").click().run()

    assert "The key has a character that no key has" in words(test)
    assert KEY not in words(test)
