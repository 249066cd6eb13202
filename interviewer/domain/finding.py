"""Finding a scenario: a forgiving search, filters that say what they leave out, and an order that makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from interviewer.domain.record import Record
from interviewer.domain.scenario import Difficulty, Level, Scenario
from interviewer.domain.words import FUNCTION_WORDS, singular

Length = Literal["short", "medium", "long"]
Standing = Literal["new", "done", "weak"]
Filter = Literal["words", "levels", "difficulties", "lengths", "standings", "topics", "technologies"]

DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
MINUTES: dict[Length, range] = {"short": range(1, 16), "medium": range(16, 21), "long": range(21, 121)}

TITLE, TAG, QUESTION = 4.0, 3.0, 1.0  # how much a word counts where it stands
SAME, BEGINS, WITHIN, MISSPELT = 1.0, 0.8, 0.5, 0.4  # and how much for how it fits
WITHIN_CHARACTERS = 4  # a shorter piece stands in too many words

_WORD = re.compile(r"[^\W_]+")


class Wanted(NamedTuple):
    """What somebody looks for. Of each filter one value is enough, and every filter that is set must hold."""

    words: str = ""
    levels: tuple[Level, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    lengths: tuple[Length, ...] = ()
    standings: tuple[Standing, ...] = ()
    topics: tuple[str, ...] = ()
    technologies: tuple[str, ...] = ()

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The names of those that are set."""
        return tuple(name for name in _FILTERS if getattr(self, name))

    def without(self, name: Filter) -> Wanted:
        return Wanted(**{**self._asdict(), name: "" if name == "words" else ()})

    def only(self, name: Filter) -> Wanted:
        return Wanted(**{name: getattr(self, name)})


_FILTERS: tuple[Filter, ...] = ("words", "levels", "difficulties", "lengths", "standings", "topics", "technologies")


class Found(NamedTuple):
    """The scenarios in the order in which they are shown. `unknown` are the words that no scenario has."""

    scenarios: tuple[Scenario, ...]
    unknown: tuple[str, ...] = ()


class Catalogue:
    """The scenarios with an index of their words. Built once; it does not change."""

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        self.scenarios = tuple(scenarios)
        self._weights: dict[str, dict[str, float]] = {}
        for scenario in self.scenarios:
            for word, weight in _weighted_words(scenario):
                own = self._weights.setdefault(word, {})
                own[scenario.id] = max(weight, own.get(scenario.id, 0.0))

    @property
    def topics(self) -> list[str]:
        return sorted({topic for scenario in self.scenarios for topic in scenario.topics}, key=str.casefold)

    @property
    def technologies(self) -> list[str]:
        return sorted({name for scenario in self.scenarios for name in scenario.technologies}, key=str.casefold)

    def find(self, wanted: Wanted, records: Mapping[str, Record]) -> Found:
        """What fits: the best fit to the words first, else what is new, then what is weak, then the rest."""
        kept = [scenario for scenario in self.scenarios if _fits(scenario, wanted, records)]
        kept.sort(key=lambda scenario: _order(scenario, records))
        scores, unknown = self._search(wanted.words)
        if scores is not None:
            kept = sorted((s for s in kept if s.id in scores), key=lambda s: -scores[s.id])
        return Found(tuple(kept), unknown)

    def removable(self, wanted: Wanted, records: Mapping[str, Record]) -> dict[Filter, int]:
        """For every filter without which something would be found: how many. The most promising one first."""
        counts = {name: len(self.find(wanted.without(name), records).scenarios) for name in wanted.filters}
        return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: -item[1]))

    def alone(self, wanted: Wanted, records: Mapping[str, Record]) -> dict[Filter, int]:
        """For every filter that finds something by itself: how many. The narrowest one first."""
        counts = {name: len(self.find(wanted.only(name), records).scenarios) for name in wanted.filters}
        return dict(sorted(((name, count) for name, count in counts.items() if count), key=lambda item: item[1]))

    def _search(self, text: str) -> tuple[dict[str, float] | None, tuple[str, ...]]:
        """The score of each scenario with all the words that are known here, or with the most of them.

        None when there is nothing to look for.
        """
        asked = _WORD.findall(text.casefold())
        asked = [word for word in asked if word not in FUNCTION_WORDS] or asked
        if not asked:
            return None, ()
        found = {word: self._with_word(word) for word in dict.fromkeys(asked)}
        unknown = tuple(word for word, scores in found.items() if not scores)
        hits: dict[str, list[float]] = {}
        for scores in found.values():
            for id, score in scores.items():
                hits.setdefault(id, []).append(score)
        most = max((len(own) for own in hits.values()), default=0)
        return {id: sum(own) for id, own in hits.items() if len(own) == most}, unknown

    def _with_word(self, asked: str) -> dict[str, float]:
        """Scenario -> how well it has this word: as it is, as the beginning or middle of one, or misspelt."""
        fits = {word: fit for word in self._weights if (fit := _fit(asked, word))}
        if not fits:
            fits = {word: MISSPELT for word in self._weights if _misspelt(asked, word)}
        scores: dict[str, float] = {}
        for word, fit in fits.items():
            for id, weight in self._weights[word].items():
                scores[id] = max(fit * weight, scores.get(id, 0.0))
        return scores


def standing(record: Record | None) -> Standing:
    """Not done yet, done with points that are still weak, or done."""
    if record is None:
        return "new"
    return "weak" if record.weak else "done"


def length(minutes: int) -> Length:
    return next(name for name, span in MINUTES.items() if minutes in span)


def _fits(scenario: Scenario, wanted: Wanted, records: Mapping[str, Record]) -> bool:
    stands = standing(records.get(scenario.id))
    stands_as = {stands, "done"} if stands == "weak" else {stands}
    return (
        _any(wanted.levels, scenario.level)
        and _any(wanted.difficulties, (scenario.difficulty,))
        and _any(wanted.lengths, (length(scenario.time_minutes),))
        and _any(wanted.standings, stands_as)
        and _any(wanted.topics, scenario.topics)
        and _any(wanted.technologies, scenario.technologies)
    )


def _any(wanted: Sequence[str], has: Iterable[str]) -> bool:
    return not wanted or not set(wanted).isdisjoint(has)


def _order(scenario: Scenario, records: Mapping[str, Record]) -> tuple[int, int, str]:
    stands = ("new", "weak", "done").index(standing(records.get(scenario.id)))
    return stands, DIFFICULTIES.index(scenario.difficulty), scenario.id


def _weighted_words(scenario: Scenario) -> Iterable[tuple[str, float]]:
    tags = (*scenario.topics, *scenario.technologies)
    for text, weight in ((scenario.title, TITLE), *((tag, TAG) for tag in tags), (scenario.question, QUESTION)):
        for word in _WORD.findall(text.casefold()):
            yield word, weight
    for tag in tags:  # "deltalake", "cicd"
        yield "".join(_WORD.findall(tag.casefold())), TAG


def _fit(asked: str, word: str) -> float:
    if asked == word or singular(asked) == singular(word):
        return SAME
    if word.startswith(asked) or (len(word) >= WITHIN_CHARACTERS and asked.startswith(word)):
        return BEGINS
    return WITHIN if len(asked) >= WITHIN_CHARACTERS and asked in word else 0.0


def _misspelt(asked: str, word: str) -> bool:
    """Whether one slip leads from one to the other, two in a long word: a letter too many, missing, wrong, swapped."""
    allowed = 2 if len(asked) >= 8 else 1
    if len(asked) < WITHIN_CHARACTERS or abs(len(asked) - len(word)) > allowed:
        return False
    return _slips(asked, word) <= allowed


def _slips(one: str, other: str) -> int:
    """The optimal string alignment distance."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
