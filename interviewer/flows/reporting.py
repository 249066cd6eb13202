"""What a report shows beside its grade: the other grades of the interview, and the last attempt at the scenario."""

from __future__ import annotations

from typing import NamedTuple

from interviewer.domain.assessment import Assessment, Retry
from interviewer.flows.ports import Store, StoredInterview


class Beside(NamedTuple):
    """The grades of this interview, oldest first; the newest grade of the attempt before; the second tries."""

    grades: tuple[Assessment, ...] = ()
    before: Assessment | None = None
    retries: tuple[Retry, ...] = ()


def beside(store: Store, stored: StoredInterview) -> Beside:
    """What stands beside any grade of this interview."""
    return Beside(
        grades=tuple(store.assessments(stored.id, owner=stored.owner)),
        before=last_attempt(store, stored),
        retries=tuple(store.retries(stored.id, owner=stored.owner)),
    )


def last_attempt(store: Store, stored: StoredInterview) -> Assessment | None:
    """The newest grade of the last scored attempt at the same scenario before this one; None without one.

    A story round is compared with story rounds only: its points are others.
    """
    is_story = stored.interview.mode == "story"
    earlier = [
        line
        for line in store.history(owner=stored.owner)
        if line.scenario == stored.interview.scenario.id
        and line.id != stored.id
        and line.created_at < stored.created_at
        and line.score is not None
        and (line.mode == "story") == is_story
    ]
    if not earlier:
        return None
    newest = max(earlier, key=lambda line: line.created_at)
    return store.assessments(newest.id, owner=stored.owner)[-1]
