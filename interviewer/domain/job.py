"""A job description read against the scenarios: which of their topics and technologies it names, and the best order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from interviewer.domain.scenario import Scenario
from interviewer.domain.words import content_words, sentences, singular

CHARACTERS = 30_000
PIECES = 120  # more lines than any advertisement needs
PIECE_WORDS = 3  # a piece with fewer words that carry meaning says nothing
NEAREST = 2  # the nearest pieces count, so that one line about holidays does not
LEANING = 12  # tags that an interview keeps of it
TAG_CHARACTERS = 40
FITS = 0.35  # a lower score comes from words that any advertisement has
PER_TECHNOLOGY, PER_TOPIC, COUNTED = 0.10, 0.05, 3

_WORD = re.compile(r"[^\W_]+")


class JobMatch(NamedTuple):
    """How well a scenario fits. `named` are its tags that the text names, `line` the piece that is nearest to it."""

    scenario: str
    score: float
    named: tuple[str, ...]
    line: str

    @property
    def fits(self) -> bool:
        return self.score >= FITS


def pieces(text: str) -> list[str]:
    """The sentences and lines that say something, each once, in order."""
    said = (" ".join(span.text.split()) for span in sentences(text))
    return list(dict.fromkeys(piece for piece in said if len(content_words(piece)) >= PIECE_WORDS))[:PIECES]


def named_tags(text: str, tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that the text names, in the order given: a technology in one piece, a topic by all of its words."""
    said = _folded(text)
    words = set(said.split())

    def is_named(tag: str) -> bool:
        folded = _folded(tag)
        if f" {folded} " in f" {said} ":
            return True
        parts = [singular(word) for word in content_words(tag.replace("-", " "))]
        return "-" in tag and bool(parts) and words.issuperset(parts)

    return tuple(tag for tag in dict.fromkeys(tags) if is_named(tag))


def view(scenario: Scenario) -> str:
    """What a scenario is about, in one line to compare a text with. Nothing that the candidate may not see."""
    topics = ", ".join(topic.replace("-", " ") for topic in scenario.topics)
    return f"{scenario.title}. {topics}. {', '.join(scenario.technologies)}"


def ranked(
    text: str, scenarios: Sequence[Scenario], said: Sequence[str], likeness: Sequence[Sequence[float]]
) -> list[JobMatch]:
    """The scenarios, the best fit first. `likeness` has a row per piece in `said` and a column per scenario."""
    found = set(named_tags(text, (tag for s in scenarios for tag in (*s.technologies, *s.topics))))
    matches = []
    for column, scenario in enumerate(scenarios):
        near = sorted(((row[column], index) for index, row in enumerate(likeness)), key=lambda item: -item[0])[:NEAREST]
        technologies = [name for name in scenario.technologies if name in found]
        topics = [topic for topic in scenario.topics if topic in found]
        score = (
            sum(value for value, _ in near) / max(1, len(near))
            + PER_TECHNOLOGY * min(COUNTED, len(technologies))
            + PER_TOPIC * min(COUNTED, len(topics))
        )
        line = said[near[0][1]] if near else ""
        matches.append(JobMatch(scenario.id, score, (*technologies, *topics), line))
    return sorted(matches, key=lambda match: (-match.score, match.scenario))


def leaning(text: str, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """The tags of all scenarios that the text names, those of most scenarios first: what an interview leans to."""
    counts: dict[str, int] = {}
    for scenario in scenarios:
        for tag in (*scenario.technologies, *scenario.topics):
            counts[tag] = counts.get(tag, 0) + 1
    tags = named_tags(text, counts)
    return tuple(sorted(tags, key=lambda tag: -counts[tag])[:LEANING])


def leaning_words(tags: Iterable[str]) -> frozenset[str]:
    """The words of these tags, each also without its plural."""
    found = {word for tag in tags for word in content_words(tag.replace("-", " "))}
    return frozenset(found | {singular(word) for word in found})


def shared(tags: Iterable[str], scenario: Scenario) -> int:
    """How many of these tags the scenario has."""
    return len({tag.casefold() for tag in tags} & {t.casefold() for t in (*scenario.topics, *scenario.technologies)})


def _folded(text: str) -> str:
    return " ".join(singular(word) for word in _WORD.findall(text.casefold()))
