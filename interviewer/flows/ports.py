"""What the stories need from outside: a language model, a matcher, prompts, a store."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypedDict

from pydantic import BaseModel

from interviewer.domain.assessment import Assessment, Retry, Star
from interviewer.domain.budget import Call
from interviewer.domain.coverage import Coverage
from interviewer.domain.experience import Story
from interviewer.domain.interview import EndReason, Interview, Mode, Sentence, Turn, Usage
from interviewer.domain.plan import Plan
from interviewer.domain.practice import Drill, Graded
from interviewer.domain.record import Grade
from interviewer.domain.review import ReviewCard
from interviewer.domain.scenario import ContextAnswer, Exhibit, KeyPoint, Level, Scenario


class Message(TypedDict):
    role: Literal["system", "user", "assistant"]
    content: str


class Reply(Protocol):
    """A streamed reply: iterate over the text as it comes. Afterwards `usage` is known. A piece may be Waiting.

    Iterating raises ModelError when the reply does not end as complete; its `partial` holds what had come.
    """

    @property
    def usage(self) -> Usage | None: ...

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None:
        """Stop the request. Iterating then ends with ModelError("stopped")."""
        ...


SCRATCHPAD_CHARACTERS = 20_000


class Waiting(str):
    """A piece without text: the server has no time now, and is asked again in so many seconds."""

    seconds: float

    def __new__(cls, seconds: float) -> Waiting:
        piece = super().__new__(cls)
        piece.seconds = seconds
        return piece


class Parsed(NamedTuple):
    """A validated structured reply, what it took, and on which rung of the ladder it was had."""

    value: BaseModel
    usage: Usage
    rung: str


class ChatModel(Protocol):
    """A language model. One instance serves every user at once. Every fault is a ModelError."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message], *, max_tokens: int, stop: threading.Event | None = None) -> Reply:
        """A reply in pieces. `stop` ends the request itself, from another thread."""
        ...

    def parse(
        self,
        messages: Sequence[Message],
        shape: type[BaseModel],
        *,
        max_tokens: int,
        stop: threading.Event | None = None,
    ) -> Parsed:
        """A reply of the given shape, validated. Raises ModelError("invalid") when the model cannot give one."""
        ...


class Matcher(Protocol):
    """The built-in coach's judgement, without any model on the network."""

    @property
    def label(self) -> str:
        """Which features it works with, fit to show: the report says so."""
        ...

    def match(self, scenario: Scenario, sentences: Sequence[Sentence]) -> Coverage:
        """How far the sentences convey each key point. The same input gives the same result, to the digit."""
        ...

    def context_for(self, scenario: Scenario, question: str) -> ContextAnswer | None:
        """The authored answer to a clarifying question, or None when the brief leaves it open."""
        ...

    def exhibit_for(self, scenario: Scenario, text: str) -> Exhibit | None:
        """The exhibit that the candidate asks, or says they would want, to look at; None when there is none of it."""
        ...

    def is_about(self, sentence: str, point: KeyPoint) -> bool:
        """Whether the sentence shares content with the key point: the floor that any judge's evidence must pass."""
        ...

    def likeness(self, text: str, others: Sequence[str]) -> list[float]:
        """How near each of the others comes to the text in meaning, 0 to 1; by words alone where nothing else can."""
        ...

    def red_flag(self, scenario: Scenario, sentence: str) -> str | None:
        """The authored red-flag mistake that a sentence makes which contradicts a point; None when it makes none."""
        ...

    def star(self, scenario: Scenario, sentences: Sequence[Sentence], coverage: Coverage) -> Star:
        """Which STAR elements are there, each with a quote."""
        ...

    def told(self, story: Story) -> Star:
        """What a written story has and lacks, part by part, with a note on what would make it full."""
        ...

    def alike(self, texts: Sequence[str], others: Sequence[str]) -> list[list[float]]:
        """How near in meaning, about 0 to 1: a row for each of `texts`, a column for each of `others`."""
        ...


class RenderedPrompt(NamedTuple):
    """A prompt's text and the hash of its template: twelve hexadecimal digits."""

    text: str
    version: str


class Prompts(Protocol):
    def render(self, name: str, values: Mapping[str, object]) -> RenderedPrompt:
        """The named prompt with these values. Raises PromptError when one is missing or unknown."""
        ...


# What a candidate says of their own interview. The steps are those of the signal, from "strong no" to "strong yes".
RATINGS = {1: "Badly", 2: "Rather badly", 3: "Rather well", 4: "Well"}


class StoredInterview(NamedTuple):
    """An interview as the store holds it. `id` is unguessable; `scenario_hash` names the snapshot it runs on.

    `self_rating` is what the candidate thought of it before the grade, 1 to 4; None when they did not say.
    """

    id: str
    owner: str
    interview: Interview
    engine: str
    scenario_hash: str
    created_at: datetime
    updated_at: datetime
    self_rating: int | None = None


class Summary(NamedTuple):
    """One line of the history. `score` is that of the newest grade; None without one."""

    id: str
    scenario: str
    title: str
    mode: Mode
    level: Level
    engine: str
    ended: EndReason | None
    answers: int
    score: int | None
    signal: str | None
    created_at: datetime
    updated_at: datetime


class Whole(NamedTuple):
    """An interview with all that is taken along when it moves elsewhere. `keys` are those of its turns, in order."""

    stored: StoredInterview
    keys: tuple[str, ...]
    assessments: tuple[Assessment, ...]
    retries: tuple[Retry, ...]
    scratchpad: str = ""


TakenIn = Literal["added", "extended", "unchanged", "differs"]
AttemptKind = Literal["reply", "grade"]
AttemptStatus = Literal["running", "complete", "interrupted", "failed", "stopped"]


class Attempt(NamedTuple):
    """One try at a reply or a grade: kept whatever became of it. `partial` is what had come of the reply."""

    id: int
    interview: str
    kind: AttemptKind
    turn: int
    status: AttemptStatus
    partial: str
    error: str
    started_at: datetime


class Store(Protocol):
    """Keeps interviews. Every function takes the owner; another owner's id raises NotFoundError.

    Without one are only `interrupt_running` and `calls_of_all`, which show nothing of anybody.

    Every write is durable when the call returns. StorageError says when it could not be.
    """

    def create(self, interview: Interview, *, owner: str, engine: str, scenario_hash: str) -> StoredInterview:
        """Keep a new interview with the turns it has, under a new id of at least 128 random bits."""
        ...

    def load(self, id: str, *, owner: str) -> StoredInterview: ...

    def add_turn(self, id: str, turn: Turn, *, owner: str, key: str) -> Turn:
        """Keep the turn, once. The same key again changes nothing and gives the turn that is stored under it.

        Raises ConflictError when another turn has taken this place meanwhile (a second tab).
        """
        ...

    def history(self, *, owner: str) -> list[Summary]:
        """Newest first."""
        ...

    def begin_attempt(self, id: str, *, owner: str, kind: AttemptKind, turn: int) -> int: ...

    def save_partial(self, attempt: int, text: str, *, owner: str) -> None: ...

    def end_attempt(self, attempt: int, status: AttemptStatus, *, owner: str, error: str = "") -> None: ...

    def last_attempt(
        self, id: str, *, owner: str, kind: AttemptKind | None = None, before: int | None = None
    ) -> Attempt | None:
        """The newest attempt; of this kind, and older than this one, if that is asked for."""
        ...

    def interrupt_running(self) -> int:
        """Mark the attempts of a process that is gone as interrupted; gives their number. Called once, at start."""
        ...

    def add_assessment(self, id: str, assessment: Assessment, *, owner: str) -> int:
        """Keep a grade beside the earlier ones, never over them. Gives its version, counting from 1."""
        ...

    def assessments(self, id: str, *, owner: str) -> list[Assessment]:
        """All versions, oldest first."""
        ...

    def grades(self, *, owner: str) -> list[Grade]:
        """What the newest grade of every interview comes to, oldest interview first."""
        ...

    def rate(self, id: str, rating: int, *, owner: str) -> None:
        """Keep what the candidate thinks of the interview, 1 (badly) to 4 (well)."""
        ...

    def add_retry(self, id: str, retry: Retry, *, owner: str) -> None:
        """Keep another try at one point. The same key again changes nothing."""
        ...

    def retries(self, id: str, *, owner: str) -> list[Retry]:
        """All tries at points of this interview, oldest first."""
        ...

    def add_call(self, id: str | None, call: Call, *, owner: str) -> None:
        """Keep what one model call for this interview took; None for one that belongs to none, or to a deleted one."""
        ...

    def calls(self, *, owner: str, id: str | None = None, since: datetime | None = None) -> list[Call]:
        """What model calls took: of this interview, since this moment, or of this owner altogether."""
        ...

    def calls_of_all(self, *, since: datetime) -> list[Call]:
        """What the model calls of all people took since this moment. Figures only: whose they are is not said."""
        ...

    def whole(self, id: str, *, owner: str) -> Whole:
        """The interview with its grades and tries, as of one moment."""
        ...

    def take_in(self, whole: Whole, *, owner: str) -> TakenIn:
        """Keep an interview that comes from elsewhere, for this owner; the same one again changes nothing.

        One that is here already gets what it lacks ("extended"), unless it went on differently here: then it stays
        as it is ("differs"). An id that belongs to somebody else is replaced, always by the same one for this owner.
        """
        ...

    def save_scratchpad(self, id: str, text: str, *, owner: str) -> None:
        """Keep what is noted beside the interview, in place of what was."""
        ...

    def scratchpad(self, id: str, *, owner: str) -> str:
        """What is noted beside the interview; "" for nothing."""
        ...

    def save_story(self, story: Story, *, owner: str) -> None:
        """Keep the story, over what was kept under its id. Somebody else's id raises NotFoundError."""
        ...

    def stories(self, *, owner: str) -> list[Story]:
        """The one that was changed last comes first."""
        ...

    def delete_story(self, id: str, *, owner: str) -> None: ...

    def graded(self, *, owner: str, scenario: str | None = None) -> list[Graded]:
        """The interviews that have a grade, oldest first; those on this scenario, if that is asked for."""
        ...

    def add_drill(self, drill: Drill, *, owner: str) -> None:
        """Keep an answer to a drill, once: the same key again changes nothing."""
        ...

    def judge_drill(self, drill: Drill, *, owner: str) -> None:
        """Keep what came of a drill beside its answer. Raises NotFoundError when it was deleted meanwhile."""
        ...

    def drills(self, *, owner: str, scenario: str | None = None, since: datetime | None = None) -> list[Drill]:
        """The drills as they stand now, oldest first; on this scenario and since this moment, if that is asked for."""
        ...

    def drill(self, key: str, *, owner: str) -> Drill | None:
        """The drill of this key as it stands now."""
        ...

    def judged_marks(self, *, owner: str) -> dict[str, str]:
        """For each scenario with grades or drills a mark that changes whenever one of them comes or goes."""
        ...

    def review_cards(self, *, owner: str) -> list[tuple[ReviewCard, str]]:
        """The cards that are kept, each with the mark that it was made under."""
        ...

    def replace_review_cards(self, scenario: str, cards: Sequence[ReviewCard], mark: str, *, owner: str) -> None:
        """Keep these cards of the scenario in place of those before."""
        ...

    def save_plan(self, plan: Plan, *, owner: str) -> None:
        """Keep the plan in place of the one before."""
        ...

    def plan(self, *, owner: str) -> Plan | None: ...

    def forget_plan(self, *, owner: str) -> None: ...

    def delete(self, id: str, *, owner: str) -> None: ...

    def delete_all(self, *, owner: str) -> int:
        """Delete everything of this owner; gives the number of interviews.

        The figures of the last day's calls stay, or deleting would give a spent budget back.
        """
        ...

    def delete_before(self, moment: datetime) -> int:
        """Delete what nobody touched since this moment, whoever owns it; gives the number of interviews."""
        ...
