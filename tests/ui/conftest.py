"""The app as a person sees it, without a browser: a temporary data folder and the built-in coach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from interviewer.bootstrap import OWNER, App, retry_offer
from interviewer.domain.interview import Mode
from interviewer.ui import wiring

APP = Path(__file__).parents[2] / "interviewer" / "ui" / "script.py"
SOLID = (
    "The table is partitioned by date, but the lookup filters on user_id, so nothing is pruned and every file is "
    "opened. I would use liquid clustering on user_id so that each file covers a narrow range of users."
)

Open = Callable[..., AppTest]


@pytest.fixture
def data(tmp_path: Path, ten_scenarios: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "INTERVIEWER_MODEL", "INTERVIEWER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("INTERVIEWER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("INTERVIEWER_ENGINE", "coach")
    monkeypatch.setenv("INTERVIEWER_SCENARIOS_DIR", str(ten_scenarios))
    st.cache_resource.clear()
    yield tmp_path
    st.cache_resource.clear()


@pytest.fixture
def app(data: Path) -> App:
    """The App that the pages of this test use."""
    return wiring.the_app()


@pytest.fixture
def open_page(data: Path) -> Open:
    """Opens a page by its module, with these names in the URL."""

    def opened(module: str, **names: str) -> AppTest:
        test = AppTest.from_string(_PAGE.format(module=module), default_timeout=20)
        for name, value in names.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception, test.exception
        return test

    return opened


# The pages that st.navigation holds cannot be opened by AppTest, so this stands in for app.py with one of them.
_PAGE = """
import streamlit as st
from interviewer.ui import {module}, state, wiring

def stub(name):
    return st.Page(lambda: st.title(name), title=name, url_path=name)

names = [stub(name) for name in wiring.Pages._fields]

def run():
    with wiring.showing_errors():
        {module}.show(wiring.the_app(), wiring.Pages(*names))

st.navigation([st.Page(run, default=True, title="Page"), *names]).run()
"""


def interviewed(
    app: App,
    *answers: str,
    end: bool = True,
    scenario: str = "hard-31",
    past_the_retry: bool = True,
    mode: Mode = "practice",
) -> str:
    """The id of an interview in which these answers were given; its report shows everything at once."""
    chosen = app.scenario(scenario)
    assert chosen is not None
    id = app.worker.start(
        chosen, app.scenario_hash(chosen), owner=OWNER, mode=mode, level="senior", max_probes=3, engine="coach"
    ).id
    for number, answer in enumerate(answers):
        app.worker.answer(id, answer, owner=OWNER, key=str(number))
        until(lambda: app.store.load(id, owner=OWNER).interview.awaits_candidate)
    if end:
        app.worker.finish(id, owner=OWNER)
        until(lambda: bool(app.store.assessments(id, owner=OWNER)))
        offer = retry_offer(app.store.load(id, owner=OWNER).interview, app.store.assessments(id, owner=OWNER)[-1])
        if past_the_retry and offer:
            app.worker.pass_over(id, offer, owner=OWNER, key="first")
    return id


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = monotonic() + seconds
    while not true():
        assert monotonic() < deadline, "waited in vain"
        sleep(0.02)


def words(test: AppTest) -> str:
    """All text on the page, as it is read: without the marks and joiners that keep it from being markup."""
    kinds = ("title", "header", "subheader", "markdown", "text", "caption", "error", "warning", "button", "metric")
    parts: list[str] = []
    for kind in kinds:
        for element in test.get(kind):
            parts.append(str(getattr(element, "label", "") or ""))
            parts.append(str(getattr(element, "value", "") or ""))
    parts += [link.proto.label for link in test.get("page_link")]
    return "\n".join(parts).replace("\\", "").replace("\u2060", "")


def labels(test: AppTest) -> list[str]:
    """What stands on the buttons, in their order."""
    return [button.label for button in test.button]
