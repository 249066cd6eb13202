"""On the pages a draft says that it is one, and what has no reference says that there is no score."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from interviewer.adapters.packs.importing import carry_out, plan_import
from interviewer.adapters.packs.sources import File
from interviewer.adapters.reports import as_markdown
from interviewer.bootstrap import OWNER, App
from interviewer.domain.scenario import NO_REFERENCE
from tests.ui.conftest import Open, interviewed, words

PAGE = b"""\
## Scenario 7: Two clocks
### Interview Question
*"Two clocks disagree. Which one do you trust?"*
### Solution
- Trust neither: order events by a sequence number that one writer gives.
- Keep both times, because the difference shows which machine drifts.
## Scenario 8: Three clocks
### Interview Question
*"Three clocks disagree. And now?"*
"""
DRAFT, FREE = "own-hard-7-two-clocks", "own-hard-8-three-clocks"
CAUTION = "This scenario is a draft: its key points were drafted by a rule, and nobody has reviewed them."
ANSWER = "Trust neither: I order the events by a sequence number that one writer gives."


@pytest.fixture
def data(data: Path) -> Path:
    """The data folder with two imported scenarios, before the app reads it."""
    carry_out(plan_import([File("hard.md", PAGE)], data / "scenarios"))
    return data


def told(test: AppTest) -> str:
    """What stands in the boxes of the page, without the marks that keep it from being markup."""
    return "\n".join(box.value for box in test.info).replace("\\", "").replace("\u2060", "")


@pytest.mark.parametrize(("scenario", "said"), [(DRAFT, CAUTION), (FREE, NO_REFERENCE)])
def test_the_brief_says_what_the_interview_runs_on(scenario: str, said: str, open_page: Open) -> None:
    assert said in told(open_page("interview_page", scenario=scenario))


def test_the_brief_of_a_reviewed_scenario_has_no_such_box(open_page: Open) -> None:
    test = open_page("interview_page", scenario="hard-31")

    assert "One user" in words(test)
    assert not told(test)


def test_the_report_on_a_draft_repeats_it_beside_the_signal(app: App, open_page: Open) -> None:
    id = interviewed(app, ANSWER, scenario=DRAFT)
    test = open_page("report_page", interview=id)

    assert CAUTION in told(test)
    assert app.store.assessments(id, owner=OWNER)[-1].score


def test_the_report_without_a_reference_gives_no_score_and_says_why_once(app: App, open_page: Open) -> None:
    id = interviewed(app, ANSWER, scenario=FREE)
    stored, assessment = app.store.load(id, owner=OWNER), app.store.assessments(id, owner=OWNER)[-1]
    test = open_page("report_page", interview=id)

    assert assessment.score is None
    assert (words(test) + told(test)).count("no reference, so no score") == 1
    assert "of 100" not in words(test)
    assert "no reference, so no score" in as_markdown(stored, assessment)


def test_the_report_on_a_reviewed_scenario_has_no_such_box(app: App, open_page: Open) -> None:
    id = interviewed(app, "I would cluster by user_id.")

    assert "draft" not in told(open_page("report_page", interview=id))
