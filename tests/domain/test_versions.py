"""Grades of one interview side by side: what made each, and what it says differently."""

from __future__ import annotations

from interviewer.domain.assessment import Dispute, Rewrite
from interviewer.domain.versions import versions
from tests.builders import NOW, a_grade, an_interview

INTERVIEW = an_interview("The provider retries after a timeout.")
LOW = a_grade(INTERVIEW, {})
HIGH = a_grade(INTERVIEW, {"cause": ("covered", 1)}, engine="m")


def test_a_version_says_what_changed_since_the_one_before() -> None:
    first, second = versions([LOW, HIGH])

    assert (first.number, first.score, first.changes) == (1, 0, ())
    assert (second.number, second.engine, second.made) == (2, "m", "")
    assert second.changes == ("Score 0 → 30", "Signal strong no → no", "Point 1: Missed → Covered")


def test_the_same_grade_again_changed_nothing() -> None:
    assert versions([HIGH, HIGH])[1].changes == ()


def test_a_dispute_and_a_rewording_are_told_from_a_new_grade() -> None:
    before = HIGH.points[0]
    dispute = Dispute(
        key_point="cause", argument="I said it.", before=before, after=before, engine="coach", reason="Stands.", at=NOW
    )
    text = Rewrite(situation="s", task="t", action="a", result="r", engine="m")
    disputed = HIGH.model_copy(update={"disputes": (dispute,)})
    reworded = disputed.model_copy(update={"rewrite": text})

    assert [version.made for version in versions([HIGH, disputed, reworded])] == [
        "",
        "after your dispute",
        "with the answer reworded",
    ]
