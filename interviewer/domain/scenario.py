"""What is asked and how it is judged: a Scenario that loads is a valid scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from interviewer.domain.words import holds, unmarked

Difficulty = Literal["easy", "medium", "hard"]
Level = Literal["mid", "senior", "staff"]
Status = Literal["draft", "needs_reference", "reviewed"]
Dimension = Literal["diagnosis", "solution", "depth", "trade-offs", "validation", "communication"]
ProbeType = Literal[
    "clarify", "deepen", "challenge", "failure-mode", "trade-off", "quantify", "generalise", "experience"
]
When = Literal["missing", "shallow", "covered", "contradicted", "any"]
ExhibitKind = Literal["table", "chart", "plan", "log", "code", "listing"]
Severity = Literal["minor", "major", "red_flag"]

QUESTION_WORD_LIMIT = 180
DRAFT_QUESTION_WORDS = 600  # what others wrote may be longer than what an interviewer says
KEY_POINTS = range(4, 8)
PHRASINGS = range(2, 5)
PROBES_AT_LEAST = 4
VOLATILE_FACT_DAYS = 180

NO_REFERENCE = "There is no reference answer for this scenario yet: free practice, no reference, so no score."
DRAFT = "This scenario is a draft: its key points were drafted{by}, and nobody has reviewed them. Scores are rough."

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(strip_whitespace=True)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,63}$")]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Part):
    """Something a key point rests on. A volatile fact (price, product name, version) ages and is checked again."""

    text: Text
    verified_on: date
    volatile: bool = False


class KeyPoint(_Part):
    """One thing a good answer conveys. The weights of a scenario's key points sum to 100.

    `phrasings` are ways in which people say it, `near_misses` come close and earn nothing, `misconceptions`
    contradict it. `terms` are groups of alternatives ("cluster|sort"): a sentence about this point has a word
    of most groups. `why` says why it matters here and `strong` is one sentence a strong candidate would say.
    """

    id: Identifier
    weight: int = Field(ge=1, le=100)
    text: Text
    must: bool = False
    dimension: Dimension = "solution"
    phrasings: tuple[Text, ...] = ()
    near_misses: tuple[Text, ...] = ()
    misconceptions: tuple[Text, ...] = ()
    terms: tuple[Text, ...] = ()
    why: str = ""
    strong: str = ""
    sources: tuple[Address, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def accepted(self) -> tuple[str, ...]:
        """Every wording that says it: `text`, the phrasings, and `strong` where it is given."""
        return tuple(text for text in (self.text, *self.phrasings, self.strong) if text)


class Probe(_Part):
    """An authored follow-up question. `when` says in which state of its targets it may be asked."""

    id: Identifier
    type: ProbeType
    targets: tuple[Identifier, ...] = Field(min_length=1)
    when: When = "any"
    ask: Text
    strong: Note = ""
    weak: Note = ""


class ConstraintChange(_Part):
    """A changed condition put to a candidate who has covered the ground ("now deletes must be gone in 24 h")."""

    id: Identifier
    ask: Text
    targets: tuple[Identifier, ...] = Field(min_length=1)
    strong: Text


class Exhibit(_Part):
    """Evidence shown when the candidate asks for it. `file` is relative to the scenario's folder.

    `content` is what stands in the file; it is read with the scenario and kept with every interview.
    """

    id: Identifier
    title: Text
    kind: ExhibitKind
    file: Text
    asked_by: tuple[Text, ...] = Field(min_length=1)
    shows: tuple[Identifier, ...] = ()
    made: Text
    content: str = ""


class Hint(_Part):
    """Help on request. Level 1 nudges, 2 points, 3 nearly answers, and none names the fix.

    `targets` are the key points it helps with; credit for them is reduced afterwards. Empty means all.
    """

    level: Literal[1, 2, 3]
    text: Text
    spoiler_terms: tuple[Text, ...] = ()
    targets: tuple[Identifier, ...] = ()


class Mistake(_Part):
    text: Text
    severity: Severity


class StarFrame(_Part):
    """What each STAR element would hold in a good answer to this scenario."""

    situation: Text
    task: Text
    action: Text
    result: Text


class LevelExpectations(_Part):
    """The key points expected at each level: a list of ids, or "all"."""

    mid: tuple[Identifier, ...] | Literal["all"] = "all"
    senior: tuple[Identifier, ...] | Literal["all"] = "all"
    staff: tuple[Identifier, ...] | Literal["all"] = "all"


class Imported(_Part):
    """How an import knows its own work again: twelve hexadecimal digits of what it read, and of what it wrote."""

    source: Text
    written: Text


class Provenance(_Part):
    """Where the scenario is from. `drafted_by` names who wrote key points that no person has: "rule", or a model."""

    origin: Text
    licence: Text
    reviewed_on: date | None = None
    drafted_by: tuple[Text, ...] = ()
    imported: Imported | None = None


class Review(_Part):
    """When it is checked again, and what a second reader who did not write it found: "none", or what was changed."""

    next: date
    read_again_on: date | None = None
    found: tuple[Text, ...] = ()


class ContextAnswer(_Part):
    """A fixed answer to a clarifying question, revealed when the candidate asks for it."""

    question: Text
    answer: Text


class Brief(_Part):
    """The part of a scenario that the candidate may see before and during the interview."""

    id: str
    title: str
    question: str
    difficulty: Difficulty
    level: tuple[Level, ...]
    topics: tuple[str, ...]
    technologies: tuple[str, ...]
    time_minutes: int


class Scenario(_Part):
    """A question, what a good answer conveys, and how to probe for it."""

    format: Literal[1] = Field(alias="schema")
    id: Identifier
    title: Text
    difficulty: Difficulty
    level: tuple[Level, ...] = Field(min_length=1)
    topics: tuple[Tag, ...] = Field(min_length=1)
    technologies: tuple[Tag, ...] = ()
    time_minutes: int = Field(ge=1, le=120)
    status: Status
    provenance: Provenance
    verified_on: date | None = None
    key_points: tuple[KeyPoint, ...] = ()
    probes: tuple[Probe, ...] = ()
    constraint_changes: tuple[ConstraintChange, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    hints: tuple[Hint, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    star: StarFrame | None = None
    story: str = ""
    level_expectations: LevelExpectations = LevelExpectations()
    review: Review | None = None
    question: Text
    context: tuple[ContextAnswer, ...] = ()
    reference: str = ""
    sources: tuple[Text, ...] = ()

    def key_point(self, id: str) -> KeyPoint:
        """The key point with this id. Raises KeyError when there is none."""
        for point in self.key_points:
            if point.id == id:
                return point
        raise KeyError(id)

    def hint(self, level: int) -> Hint | None:
        return next((hint for hint in self.hints if hint.level == level), None)

    @property
    def brief(self) -> Brief:
        return Brief(**{name: getattr(self, name) for name in Brief.model_fields})

    @property
    def is_scored(self) -> bool:
        """Whether there is anything to grade by. Without a reference there is practice and no score."""
        return self.status != "needs_reference"

    @property
    def caution(self) -> str:
        """What a candidate should know about the scenario before they rely on its score; "" for a reviewed one."""
        if not self.is_scored:
            return NO_REFERENCE
        if self.status == "reviewed":
            return ""
        drafted = " and ".join("a rule" if name == "rule" else name for name in self.provenance.drafted_by)
        return DRAFT.format(by=f" by {drafted}" if drafted else "")


class Flaw(NamedTuple):
    """Something wrong with a scenario. `field` is a path such as ("key_points", 0, "weight")."""

    field: tuple[str | int, ...]
    message: str


def errors(scenario: Scenario) -> list[Flaw]:
    """Everything that makes the scenario unfit to interview with; empty when it is valid."""
    unfit = [
        *_weight_errors(scenario),
        *_reference_errors(scenario),
        *_hint_errors(scenario),
        *_spoilers(scenario),
    ]
    if scenario.status == "reviewed":
        return [*unfit, *_wanting(scenario)]
    words = len(scenario.question.split())
    if words > DRAFT_QUESTION_WORDS:
        unfit.append(Flaw(("question",), f"{words} words; even a draft has at most {DRAFT_QUESTION_WORDS}"))
    return unfit


def warnings(scenario: Scenario, today: date) -> list[Flaw]:
    """What still works but should be looked at: facts not checked for half a year, and what a draft still lacks."""
    old = [
        Flaw(
            ("key_points", index, "facts", number, "verified_on"),
            f"volatile fact last checked {(today - fact.verified_on).days} days ago; check it and renew the date",
        )
        for index, point in enumerate(scenario.key_points)
        for number, fact in enumerate(point.facts)
        if fact.volatile and (today - fact.verified_on).days > VOLATILE_FACT_DAYS
    ]
    if scenario.status == "needs_reference":
        return [*old, Flaw(("status",), "no reference answer: it can be practised and is never scored")]
    return old if scenario.status == "reviewed" else [*old, *_wanting(scenario)]


def _wanting(scenario: Scenario) -> Iterator[Flaw]:
    """What a reviewed scenario must have, and a draft should."""
    yield from _completeness_errors(scenario)
    yield from _repetitions(scenario)


def _weight_errors(scenario: Scenario) -> Iterator[Flaw]:
    total = sum(point.weight for point in scenario.key_points)
    if scenario.key_points and total != 100:
        yield Flaw(("key_points",), f"weights sum to {total}, not 100")


def _reference_errors(scenario: Scenario) -> Iterator[Flaw]:
    """Ids that are used twice or point nowhere."""
    known: set[str] = set()
    for index, point in enumerate(scenario.key_points):
        if point.id in known:
            yield Flaw(("key_points", index, "id"), f"duplicate id '{point.id}'")
        known.add(point.id)
    seen: set[str] = set()
    askable: tuple[tuple[str, tuple[Probe | ConstraintChange | Exhibit, ...]], ...] = (
        ("probes", scenario.probes),
        ("constraint_changes", scenario.constraint_changes),
        ("exhibits", scenario.exhibits),
    )
    for name, parts in askable:
        for index, part in enumerate(parts):
            if part.id in seen:
                yield Flaw((name, index, "id"), f"duplicate id '{part.id}'")
            seen.add(part.id)
            field = "shows" if isinstance(part, Exhibit) else "targets"
            for target in getattr(part, field):
                if target not in known:
                    yield Flaw((name, index, field), f"unknown key point '{target}'")
    for index, hint in enumerate(scenario.hints):
        for target in hint.targets:
            if target not in known:
                yield Flaw(("hints", index, "targets"), f"unknown key point '{target}'")
    for level in ("mid", "senior", "staff"):
        expected = getattr(scenario.level_expectations, level)
        for target in () if expected == "all" else expected:
            if target not in known:
                yield Flaw(("level_expectations", level), f"unknown key point '{target}'")


def _completeness_errors(scenario: Scenario) -> Iterator[Flaw]:
    words = len(scenario.question.split())
    if words > QUESTION_WORD_LIMIT:
        yield Flaw(("question",), f"{words} words; keep it to {QUESTION_WORD_LIMIT}")
    if len(scenario.key_points) not in KEY_POINTS:
        yield Flaw(
            ("key_points",), f"{_counted(len(scenario.key_points), 'key point')}; a reviewed scenario has 4 to 7"
        )
    for index, point in enumerate(scenario.key_points):
        if len(point.phrasings) not in PHRASINGS:
            yield Flaw(("key_points", index, "phrasings"), f"{_counted(len(point.phrasings), 'phrasing')}; give 2 to 4")
        if not point.misconceptions:
            yield Flaw(("key_points", index, "misconceptions"), "none; say what would contradict the point")
    if len(scenario.probes) < PROBES_AT_LEAST:
        yield Flaw(("probes",), f"{_counted(len(scenario.probes), 'probe')}; a reviewed scenario has at least 4")
    for index, probe in enumerate(scenario.probes):
        if not (probe.strong.strip() and probe.weak.strip()):
            yield Flaw(("probes", index), "say what a strong and what a weak reply to it would be")
    if not scenario.sources:
        yield Flaw(("sources",), "a reviewed scenario names its sources")
    if not scenario.reference.strip():
        yield Flaw(("reference",), "a reviewed scenario has a reference answer")
    if scenario.star is None:
        yield Flaw(("star",), "a reviewed scenario has a STAR frame")
    if not scenario.hints:
        yield Flaw(("hints",), "levels are missing; give 1, 2 and 3 in this order")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'s' * (number != 1)}"


def _hint_errors(scenario: Scenario) -> Iterator[Flaw]:
    levels = [hint.level for hint in scenario.hints]
    if levels and levels != [1, 2, 3]:
        yield Flaw(("hints",), f"levels are {levels}; give 1, 2 and 3 in this order")


def _shown_early(scenario: Scenario) -> list[tuple[tuple[str | int, ...], str]]:
    """What the candidate may read before the ground is covered, with its field."""
    shown: list[tuple[tuple[str | int, ...], str]] = [(("question",), scenario.question)]
    shown += [(("hints", index, "text"), hint.text) for index, hint in enumerate(scenario.hints)]
    shown += [
        (("probes", index, "ask"), probe.ask)
        for index, probe in enumerate(scenario.probes)
        if probe.when in ("missing", "any")
    ]
    return shown


def _spoilers(scenario: Scenario) -> Iterator[Flaw]:
    """Spoiler terms in what the candidate reads too early."""
    shown = [(field, unmarked(text)) for field, text in _shown_early(scenario)]
    for term in sorted({term.casefold() for hint in scenario.hints for term in hint.spoiler_terms}):
        for field, text in shown:
            if holds(text, term):
                yield Flaw(field, f"gives away the spoiler term '{term}'")


def _repetitions(scenario: Scenario) -> Iterator[Flaw]:
    """Whole sentences of the reference in what the candidate reads too early."""
    reference = [
        sentence for sentence in map(_folded, _rough_sentences(scenario.reference)) if len(sentence.split()) >= 6
    ]
    for field, text in _shown_early(scenario):
        folded = _folded(text)
        if any(sentence in folded for sentence in reference):
            yield Flaw(field, "repeats a sentence of the reference answer")


def _rough_sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n+", text)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
