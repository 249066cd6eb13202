"""What to practise next, and why (R22): of ten suggestions six are for weak topics, three for reviews, one is new."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from interviewer.domain.finding import DIFFICULTIES
from interviewer.domain.record import WEAK_BELOW, Grade, Record, records
from interviewer.domain.scenario import Scenario
from interviewer.domain.tags import in_words

Kind = Literal["weak", "due", "new", "again"]

# One slot an interview, in turn: 60 % weak, 30 % due, 10 % new, spread so that no kind comes in a block.
SLOTS: tuple[Kind, ...] = ("weak", "due", "weak", "weak", "due", "weak", "new", "weak", "due", "weak")
INSTEAD: dict[Kind, tuple[Kind, ...]] = {
    "weak": ("weak", "due", "new", "again"),
    "due": ("due", "weak", "new", "again"),
    "new": ("new", "weak", "due", "again"),
}
NAMED_TOPICS = 2


class Suggestion(NamedTuple):
    """The scenario to take next, and the reason in a sentence fit to show."""

    scenario: str
    kind: Kind
    reason: str


def suggestion(
    scenarios: Iterable[Scenario], grades: Sequence[Grade], due: Mapping[str, int], today: Collection[str]
) -> Suggestion | None:
    """The next scenario: the same input gives the same one. None when all of them were taken today.

    `grades` are one an interview. `due` says for how many points of a scenario a review is due now. `today` are the
    scenarios that were begun today: never the same one twice a day.
    """
    everything = sorted(scenarios, key=lambda scenario: (DIFFICULTIES.index(scenario.difficulty), scenario.id))
    free = [scenario for scenario in everything if scenario.id not in today]
    known = records(grades)
    means = topic_means(everything, known)
    for kind in INSTEAD[SLOTS[len(grades) % len(SLOTS)]]:
        found = _SUGGESTED[kind](free, known, means, due)
        if found is not None:
            return found
    return None


def topic_means(scenarios: Iterable[Scenario], known: Mapping[str, Record]) -> dict[str, float]:
    """The mean credit per topic, 0 to 1, over the newest credit of every graded point, by weight."""
    sums: dict[str, tuple[float, float]] = {}
    for scenario in scenarios:
        record = known.get(scenario.id)
        if record is None:
            continue
        graded = [
            (point.weight, record.credits[point.id]) for point in scenario.key_points if point.id in record.credits
        ]
        earned, whole = sum(weight * credit for weight, credit in graded), sum(weight for weight, _ in graded)
        for topic in scenario.topics if graded else ():
            had, of = sums.get(topic, (0.0, 0.0))
            sums[topic] = (had + earned, of + whole)
    return {topic: had / of for topic, (had, of) in sums.items()}


def _weak(
    free: Sequence[Scenario], known: Mapping[str, Record], means: Mapping[str, float], due: Mapping[str, int]
) -> Suggestion | None:
    """The scenario whose topics are weakest, unless it was mastered. Of equals, the one that was not done yet."""
    missing = {topic: WEAK_BELOW - mean for topic, mean in means.items() if mean < WEAK_BELOW}

    def lacks(scenario: Scenario) -> float:
        return sum(missing.get(topic, 0.0) for topic in scenario.topics) / len(scenario.topics)

    able = [s for s in free if lacks(s) > 0 and (s.id not in known or known[s.id].weak)]
    best = max(able, key=lambda s: (round(lacks(s), 6), s.id not in known, -_last(s, known)), default=None)
    if best is None:
        return None
    worst = sorted((topic for topic in best.topics if topic in missing), key=lambda topic: (means[topic], topic))
    named = " and ".join(in_words(topic) for topic in worst[:NAMED_TOPICS])
    carried = round(100 * sum(means[topic] for topic in worst[:NAMED_TOPICS]) / len(worst[:NAMED_TOPICS]))
    return Suggestion(best.id, "weak", f"Your answers on {named} have earned {carried} % of the points so far.")


def _due(
    free: Sequence[Scenario], known: Mapping[str, Record], means: Mapping[str, float], due: Mapping[str, int]
) -> Suggestion | None:
    best = max((s for s in free if due.get(s.id)), key=lambda s: due[s.id], default=None)
    if best is None:
        return None
    number = due[best.id]
    points = "One point of it is" if number == 1 else f"{number} points of it are"
    return Suggestion(best.id, "due", f"{points} due for a review.")


def _new(
    free: Sequence[Scenario], known: Mapping[str, Record], means: Mapping[str, float], due: Mapping[str, int]
) -> Suggestion | None:
    """A scenario that was not done, with most topics that never came up; the easiest of equals."""

    def untried(scenario: Scenario) -> list[str]:
        return [topic for topic in scenario.topics if topic not in means]

    if free and not known:
        return Suggestion(free[0].id, "new", f"A first one to begin with, about {free[0].time_minutes} minutes.")
    best = max((s for s in free if s.id not in known), key=lambda s: len(untried(s)), default=None)
    if best is None:
        return None
    topics = untried(best)
    if not topics:
        return Suggestion(best.id, "new", "You have not done this one yet.")
    named = " and ".join(in_words(topic) for topic in topics[:NAMED_TOPICS])
    return Suggestion(best.id, "new", f"New ground: {named} has not come up yet.")


def _again(
    free: Sequence[Scenario], known: Mapping[str, Record], means: Mapping[str, float], due: Mapping[str, int]
) -> Suggestion | None:
    best = min((s for s in free if s.id in known), key=lambda s: _last(s, known), default=None)
    return Suggestion(best.id, "again", "It is the one that you have not done for the longest time.") if best else None


def _last(scenario: Scenario, known: Mapping[str, Record]) -> float:
    record = known.get(scenario.id)
    return record.last.at.timestamp() if record else 0.0


_SUGGESTED = {"weak": _weak, "due": _due, "new": _new, "again": _again}
