"""The behavioural round: a scenario's theme as "tell me about a time", with the four STAR elements as key points."""

from __future__ import annotations

from interviewer.domain.scenario import KeyPoint, Probe, Scenario

PREFIX = "story."
INVITATION = "Take one real case from your own work, and tell it from the beginning."

_POINTS = (
    KeyPoint(
        id="story.situation",
        weight=15,
        dimension="diagnosis",
        text="Says where it was, how large the system was, and how the problem showed.",
        why="Without the setting nobody can tell how hard the problem was.",
        strong="At a retailer with 40 million orders a day, the nightly load had begun to miss its deadline at seven.",
    ),
    KeyPoint(
        id="story.task",
        weight=15,
        dimension="validation",
        text="Says what the goal was, as a number or a limit, and which part of it was their own.",
        why="The result can only be weighed against a goal, and your part against the team's.",
        strong="I was asked to bring it back under four hours within a month, without a larger cluster.",
    ),
    KeyPoint(
        id="story.action",
        weight=45,
        must=True,
        dimension="solution",
        text="Says what they did themselves, step by step, and why that way and not another.",
        why="Interviewers judge what you did and how you decided; what the team did tells them little about you.",
        strong=(
            "I measured the stages first, found one skewed key, salted it, and rejected a larger cluster because the "
            "key would have stayed whole."
        ),
    ),
    KeyPoint(
        id="story.result",
        weight=25,
        must=True,
        dimension="validation",
        text="Says what came of it, with a measure before and after, and what they would do differently.",
        why="A measured result shows that it worked; what you would change shows that you learned.",
        strong="The load fell from nine hours to three; today I would add the alert on skew before anything else.",
    ),
)
_PROBES = (
    Probe(
        id="story-setting",
        type="clarify",
        targets=("story.situation",),
        when="any",
        ask="Where was that, how large was the system, and how did the problem show?",
        strong="Place, size, symptom.",
        weak="A general description.",
    ),
    Probe(
        id="story-goal",
        type="clarify",
        targets=("story.task",),
        when="any",
        ask="What exactly had to be reached, by when, and which part of it was yours?",
        strong="A number or a limit, and their own part.",
        weak="What the team wanted.",
    ),
    Probe(
        id="story-own-part",
        type="experience",
        targets=("story.action",),
        when="any",
        ask="Which steps did you take yourself, in which order?",
        strong="Own steps in order.",
        weak="What the team did.",
    ),
    Probe(
        id="story-rejected",
        type="trade-off",
        targets=("story.action",),
        when="any",
        ask="What else did you consider, and why did you decide against it?",
        strong="A rejected option and the reason.",
        weak="No alternative.",
    ),
    Probe(
        id="story-measure",
        type="quantify",
        targets=("story.result",),
        when="any",
        ask="How did you know that it had worked, and what was the number before and after?",
        strong="A measure before and after.",
        weak="It was better.",
    ),
    Probe(
        id="story-learned",
        type="generalise",
        targets=("story.result",),
        when="covered",
        ask="What would you do differently if it came up again tomorrow?",
        strong="A concrete change and the reason.",
        weak="Nothing.",
    ),
)


def has_story(scenario: Scenario) -> bool:
    """Whether there is a behavioural round to this scenario."""
    return bool(scenario.story.strip())


def as_story(scenario: Scenario) -> Scenario:
    """The behavioural round of this scenario: its own question, points and follow-ups, without the technical ones.

    Raises ValueError when the scenario has none.
    """
    if not has_story(scenario):
        raise ValueError(f"'{scenario.id}' has no story")
    return scenario.model_copy(
        update={
            "status": "reviewed",  # of the round: its points are ours, whatever the scenario is
            "question": f"{scenario.story.strip()} {INVITATION}",
            "key_points": _POINTS,
            "probes": _PROBES,
            "constraint_changes": (),
            "exhibits": (),
            "hints": (),
            "mistakes": (),
            "context": (),
            "reference": "",
            "sources": (),
        }
    )


def is_story(scenario: Scenario) -> bool:
    """Whether this is a behavioural round."""
    return bool(scenario.key_points) and all(point.id.startswith(PREFIX) for point in scenario.key_points)
