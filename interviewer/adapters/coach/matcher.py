"""The built-in coach: judges key points, finds authored context and STAR elements, with no model on the network."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from interviewer.adapters.coach.embedder import Embedder, EmbedderUnavailable
from interviewer.adapters.coach.features import PointView, compare, point_views, vectors_of
from interviewer.adapters.coach.judgement import Judgement
from interviewer.adapters.coach.lexicon import lexical, looks_for_evidence, rarity, recall, rejects
from interviewer.adapters.coach.plain import PlainJudge, is_plain
from interviewer.adapters.coach.star import star_of, story_coverage, told
from interviewer.domain.assessment import Star
from interviewer.domain.coverage import Coverage, Match
from interviewer.domain.evidence import usable
from interviewer.domain.experience import Story
from interviewer.domain.interview import Sentence
from interviewer.domain.scenario import ContextAnswer, Exhibit, KeyPoint, Scenario
from interviewer.domain.story import PREFIX, is_story
from interviewer.domain.words import sentences as split

FOLDER = Path(__file__).parent
WEIGHTS_FILE = FOLDER / "weights.json"
KEPT_SCENARIOS = 128
CONTEXT_AT_LEAST = 0.42  # cosine of a clarifying question with an authored one
CONTEXT_RECALL = 0.5  # the same by words alone
EXHIBIT_AT_LEAST = 0.55  # cosine of a sentence that looks for evidence with a way to ask for the exhibit
EXHIBIT_RECALL = 0.6  # the same by words alone
ALIKE_BY_WORDS = 3.0  # brings a share of words to the scale of cosines
ABOUT_STEMS = 0.15
ABOUT_COSINE = 0.30
RED_FLAG_AT_LEAST = 0.5  # cosine, or share of words, of a sentence that already contradicts a point


class Coach:
    """The matcher behind every engine. Safe to share between threads; the same input gives the same result."""

    def __init__(self, embedder: Embedder | None, judgement: Judgement, unavailable: str = "") -> None:
        self._embedder, self._judgement, self._unavailable = embedder, judgement, unavailable
        self._plain = PlainJudge.load(embedder)
        self._views: OrderedDict[str, tuple[PointView, ...]] = OrderedDict()
        self._lock = threading.Lock()
        self._preparing = threading.Lock()

    @classmethod
    def load(cls, folder: Path = FOLDER / "model") -> Coach:
        """The coach with the embedded model, or by words alone when it cannot be used; `label` then says so."""
        weights = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
        try:
            return cls(Embedder.load(folder), Judgement(weights["embedded"]))
        except EmbedderUnavailable as error:
            return cls(None, Judgement(weights["lexical"]), error.reason)

    @property
    def label(self) -> str:
        return f"words only: {self._unavailable}" if self._embedder is None else "words and embedded MiniLM"

    def match(self, scenario: Scenario, sentences: Sequence[Sentence]) -> Coverage:
        if is_story(scenario):
            return story_coverage(scenario, self.star(scenario, sentences, Coverage()), sentences)
        said = usable(sentences, scenario.question)
        if is_plain(scenario):
            return Coverage(matches=tuple(self._plain.matches(scenario, said)))
        compared = compare(scenario.id, self._prepared(scenario), said, self._embedder)
        if not compared:
            return Coverage(matches=tuple(Match(key_point=p.id, finding="missed") for p in scenario.key_points))
        return Coverage(matches=tuple(self._judgement.matches(compared, sentences)))

    def context_for(self, scenario: Scenario, question: str) -> ContextAnswer | None:
        if not scenario.context:
            return None
        asked = lexical(question)
        weights = rarity([c.question for c in scenario.context])
        recalls = [recall(asked, lexical(c.question), weights) for c in scenario.context]
        if self._embedder is None:
            best = int(np.argmax(recalls))
            return scenario.context[best] if recalls[best] >= CONTEXT_RECALL else None
        own = vectors_of([question], self._embedder)[0]
        cosines = vectors_of([c.question for c in scenario.context], self._embedder) @ own
        rank = cosines + 0.3 * np.array(recalls)
        best = int(np.argmax(rank))
        return scenario.context[best] if cosines[best] >= CONTEXT_AT_LEAST else None

    def exhibit_for(self, scenario: Scenario, text: str) -> Exhibit | None:
        if not scenario.exhibits:
            return None
        asking = [span.text for span in split(text) if looks_for_evidence(span.text)]
        asked_by: list[tuple[Exhibit | None, str]] = [
            (exhibit, asked) for exhibit in scenario.exhibits for asked in (*exhibit.asked_by, exhibit.title)
        ]
        asked_by += [(None, context.question) for context in scenario.context]  # better answered in words
        if not asking:
            return None
        if self._embedder is None:
            weights = rarity([asked for _, asked in asked_by])
            likeness = np.array(
                [[recall(lexical(sentence), lexical(asked), weights) for _, asked in asked_by] for sentence in asking]
            )
            enough = EXHIBIT_RECALL
        else:
            own = vectors_of([asked for _, asked in asked_by], self._embedder)
            likeness, enough = vectors_of(asking, self._embedder) @ own.T, EXHIBIT_AT_LEAST
        best = int(np.argmax(likeness.max(axis=0)))
        return asked_by[best][0] if likeness[:, best].max() >= enough else None

    def is_about(self, sentence: str, point: KeyPoint) -> bool:
        if point.id.startswith(PREFIX):  # any story is about its elements; star_of says whether it has them
            return True
        texts = (*point.accepted, *point.misconceptions)
        words = lexical(sentence)
        if any(
            len(words.stems & other.stems) >= max(1, ABOUT_STEMS * len(other.stems)) for other in map(lexical, texts)
        ):
            return True
        if self._embedder is None:
            return False
        return (
            float((vectors_of(texts, self._embedder) @ vectors_of([sentence], self._embedder)[0]).max()) >= ABOUT_COSINE
        )

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        if not others:
            return []
        if self._embedder is None:
            own, weights = lexical(text), rarity(others)
            return [recall(lexical(other), own, weights) for other in others]
        near = vectors_of(others, self._embedder) @ vectors_of([text], self._embedder)[0]
        return [float(value) for value in near.clip(0.0, 1.0)]

    def red_flag(self, scenario: Scenario, sentence: str) -> str | None:
        flags = [mistake.text for mistake in scenario.mistakes if mistake.severity == "red_flag"]
        if not flags or rejects(sentence):
            return None
        own = lexical(sentence)
        if self._embedder is None:
            likeness = np.array([recall(own, lexical(flag), {}) for flag in flags])
        else:
            likeness = vectors_of(flags, self._embedder) @ vectors_of([sentence], self._embedder)[0]
        best = int(np.argmax(likeness))
        return flags[best] if likeness[best] >= RED_FLAG_AT_LEAST else None

    def star(self, scenario: Scenario, sentences: Sequence[Sentence], coverage: Coverage) -> Star:
        return star_of(scenario, sentences, coverage)

    def told(self, story: Story) -> Star:
        return told(story)

    def alike(self, texts: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        if self._embedder is None:
            weights = rarity(others)
            views = [lexical(other) for other in others]
            own_views = [lexical(text) for text in texts]
            return [[min(1.0, ALIKE_BY_WORDS * recall(own, other, weights)) for other in views] for own in own_views]
        likeness = vectors_of(texts, self._embedder) @ vectors_of(others, self._embedder).T
        return [[float(value) for value in row] for row in likeness]

    def _prepared(self, scenario: Scenario) -> tuple[PointView, ...]:
        key = f"{scenario.id}:{hash(scenario)}"
        if (known := self._known(key)) is not None:
            return known
        with self._preparing:  # so that a class that begins together has each scenario prepared once
            if (known := self._known(key)) is not None:
                return known
            views = point_views(scenario, self._embedder)
            with self._lock:
                self._views[key] = views
                while len(self._views) > KEPT_SCENARIOS:
                    self._views.popitem(last=False)
            return views

    def _known(self, key: str) -> tuple[PointView, ...] | None:
        with self._lock:
            if key in self._views:
                self._views.move_to_end(key)
            return self._views.get(key)
