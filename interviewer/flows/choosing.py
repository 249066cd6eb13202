"""Choosing what to practise: the next scenario, the scenarios of a job, the stories for a behavioural round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from interviewer.domain.experience import Story
from interviewer.domain.job import CHARACTERS, JobMatch, pieces, ranked, view
from interviewer.domain.record import Grade
from interviewer.domain.scenario import Scenario
from interviewer.domain.suggestion import Suggestion, suggestion
from interviewer.errors import InputError
from interviewer.flows.ports import Matcher, Summary

ABOUT_AT_LEAST = 0.36  # likeness of a story with what is asked for
SAME_TAG = 0.15  # for each tag that story and scenario share


def suggested(
    scenarios: Iterable[Scenario],
    history: Iterable[Summary],
    grades: Sequence[Grade],
    since: datetime,
    due: Mapping[str, int] | None = None,
) -> Suggestion | None:
    """What this person should take next. `since` is the midnight before now; `due` counts reviews by scenario."""
    today = {line.scenario for line in history if line.created_at >= since}
    return suggestion(scenarios, grades, due or {}, today)


def job_text(text: str) -> str:
    """A job description as it can be read. Raises InputError for an empty or a very long one."""
    said = text.strip()
    if not said:
        raise InputError("There is no text in it. Paste the job description, or drop a .txt or .md file.")
    if len(said) > CHARACTERS:
        raise InputError(
            f"The job description has {len(said):,} characters; at most {CHARACTERS:,} are read. "
            "Leave out what is not about the work."
        )
    return said


def scenarios_of_job(text: str, scenarios: Sequence[Scenario], matcher: Matcher) -> list[JobMatch]:
    """The scenarios in the order in which they prepare for this job. Nothing of the text is kept."""
    said = pieces(text)
    return ranked(text, scenarios, said, matcher.alike(said, [view(scenario) for scenario in scenarios]))


def stories_about(scenario: Scenario, stories: Sequence[Story], matcher: Matcher) -> list[Story]:
    """The stories that fit what this scenario asks for in a behavioural round, the best first."""
    asked = [scenario.story, view(scenario)]
    tags = {tag.casefold() for tag in (*scenario.topics, *scenario.technologies)}
    written = [story for story in stories if not story.is_blank]
    near = matcher.alike([" ".join((s.title, s.situation, s.task, s.action)) for s in written], asked)
    fits = [
        (max(row) + SAME_TAG * len(tags & {tag.casefold() for tag in story.tags}), story)
        for story, row in zip(written, near, strict=True)
    ]
    return [story for fit, story in sorted(fits, key=lambda item: -item[0]) if fit >= ABOUT_AT_LEAST]
