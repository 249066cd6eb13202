"""Grading from outside the app: one line of JSON in, one graded record or one plain complaint out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from interviewer.domain.assessment import Assessment, PointResult, Signal, Star, VerdictKind
from interviewer.domain.drafting import equal_weights
from interviewer.domain.interview import Interview, Move, Role, Turn
from interviewer.domain.scenario import Scenario
from interviewer.domain.words import content_words, sentences
from interviewer.errors import InputError, ModelError
from interviewer.flows.grading import grade
from interviewer.flows.ports import ChatModel, Matcher, Prompts

ID_CHARACTERS = 200
ANSWER_CHARACTERS = 200_000
QUESTION_CHARACTERS = 20_000
LINE_BYTES = 8 * 1024 * 1024
TURNS_AT_MOST = 1_000
REFERENCE_SENTENCES = 100  # weights are whole numbers that sum to 100

_SCENARIO_ID_CHARACTERS = 56  # a scenario's id has at most 64, and ".100" must fit behind it
_TITLE_CHARACTERS = 80


def _well_formed(value: object) -> object:
    """JSON can carry half a surrogate pair, which can be neither sent to a model nor written as UTF-8."""
    if not isinstance(value, str):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _name(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int) or not 1 <= len(str(value)) <= ID_CHARACTERS:
        raise ValueError(f"should be a text of 1 to {ID_CHARACTERS} characters or a whole number")
    return _well_formed(value)


Id = Annotated[str | int, BeforeValidator(_name)]
Said = Annotated[str, StringConstraints(max_length=ANSWER_CHARACTERS), BeforeValidator(_well_formed)]
Asked = Annotated[
    str,
    StringConstraints(min_length=1, max_length=QUESTION_CHARACTERS, strip_whitespace=True),
    BeforeValidator(_well_formed),
]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AnswerRecord(_Line):
    """One answer to a scenario's question."""

    id: Id
    scenario: str
    answer: Said


class GivenTurn(_Line):
    role: Role
    text: Said


class TurnsRecord(_Line):
    """A whole conversation about a scenario. Either may begin, and several turns of one side may follow each other."""

    id: Id
    scenario: str
    turns: tuple[GivenTurn, ...] = Field(max_length=TURNS_AT_MOST)

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        total = sum(len(turn.text) for turn in self.turns)
        if total > ANSWER_CHARACTERS:
            raise ValueError(f"the turns have {total:,} characters together; at most {ANSWER_CHARACTERS:,} are read")
        if all(turn.role == "interviewer" for turn in self.turns):
            raise ValueError("none of the turns is the candidate's, so there is nothing to grade")
        return self


class QuestionRecord(_Line):
    """An answer to a question of one's own, graded by the sentences of a reference answer."""

    id: Id
    question: Asked
    reference: Said
    answer: Said


Record = AnswerRecord | TurnsRecord | QuestionRecord


class GradedPoint(_Line):
    """One key point. `verdict` and `credit` (0 to 1) are None when it was not graded; `quote` is verbatim."""

    id: str
    verdict: VerdictKind | None
    credit: float | None
    quote: str
    reason: str


class UngradedPoint(_Line):
    id: str
    reason: str


class Graded(_Line):
    """What is given back for one record. `score` is 0 to 100, or None when too little could be graded."""

    id: Id
    engine: str
    score: int | None
    points: tuple[GradedPoint, ...]
    star: Star | None
    level_signal: Signal
    ungraded: tuple[UngradedPoint, ...]
    warnings: tuple[str, ...]


class Rejected(_Line):
    """What is given back for a line that was not graded. `line` counts from 1; `id` is None when none could be read."""

    line: int
    id: Id | None = None
    error: str


class Batch:
    """Grades records one after the other. `strict` makes a failing model an error instead of a grade by the coach."""

    def __init__(
        self,
        scenarios: Mapping[str, Scenario],
        matcher: Matcher,
        clock: Callable[[], datetime],
        *,
        judge: ChatModel | None = None,
        prompts: Prompts | None = None,
        strict: bool = False,
    ) -> None:
        self._scenarios, self._matcher, self._clock = scenarios, matcher, clock
        self._judge, self._prompts, self._strict = judge, prompts, strict

    def grade_lines(self, lines: Iterable[bytes]) -> Iterator[Graded | Rejected]:
        """One result a line, in order; blank lines give none. A bad line is Rejected and the others are graded.

        With `strict` a fault of the model rejects its record. Raises ModelError, after the record is rejected, when the
        fault would hit every further record too.
        """
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = read_record(line)
            except InputError as error:
                yield Rejected(line=number, error=str(error))
                continue
            try:
                yield self.grade(record)
            except (InputError, ModelError) as error:
                yield Rejected(line=number, id=record.id, error=str(error))
                if isinstance(error, ModelError) and error.is_lasting:
                    raise

    def grade(self, record: Record) -> Graded:
        """Raises InputError when the record names no known scenario, and ModelError with `strict`."""
        now = self._clock()
        interview = interview_of(record, self._scenarios, now)
        assessment = grade(
            interview,
            self._matcher,
            now=now,
            model=self._judge,
            prompts=self._prompts,
            strict=self._strict,
        )
        return graded(record.id, interview, assessment)


def read_record(line: bytes) -> Record:
    """The record on one line of JSON Lines. Raises InputError that says what is wrong with it."""
    if len(line) > LINE_BYTES:
        raise InputError(f"The line is longer than {LINE_BYTES:,} bytes.")
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"The line is not UTF-8 text (byte {error.start}).") from None
    except RecursionError:
        raise InputError("The line is not a record: it is nested too deeply.") from None
    except ValueError as error:
        raise InputError(f"The line is not valid JSON: {error}.") from None
    if not isinstance(values, dict):
        raise InputError("The line is not a JSON object with id, scenario and answer.")
    try:
        return _shape(values).model_validate(values)
    except ValidationError as error:
        raise InputError(_in_words(error)) from None


def interview_of(record: Record, scenarios: Mapping[str, Scenario], now: datetime) -> Interview:
    """The record as an interview. Raises InputError when the scenario is unknown or the reference cannot be used."""
    if isinstance(record, QuestionRecord):
        scenario = ad_hoc_scenario(record)
    elif record.scenario in scenarios:
        scenario = scenarios[record.scenario]
    else:
        raise InputError(f"There is no scenario '{record.scenario}'. `interviewer scenarios list` names them.")
    level = "senior" if "senior" in scenario.level else scenario.level[0]
    interview = Interview(scenario=scenario, level=level, started_at=now)
    if isinstance(record, TurnsRecord):
        said = [(turn.role, turn.text) for turn in record.turns]
    else:
        said = [("interviewer", scenario.question), ("candidate", record.answer)]
    for seq, (role, text) in enumerate(said):
        move = _given_move(text, first=seq == 0) if role == "interviewer" else None
        interview = interview.with_turn(Turn(seq=seq, role=role, text=text, at=now, move=move))
    return interview


def ad_hoc_scenario(record: QuestionRecord) -> Scenario:
    """A draft scenario whose key points are the reference's sentences, all of about the same weight.

    Raises InputError when the reference has no sentence with content, or more than 100.
    """
    id = _identifier(str(record.id))
    parts = [span.text for span in sentences(record.reference) if content_words(span.text)]
    if not parts:
        raise InputError("The reference has no sentence to grade by.")
    if len(parts) > REFERENCE_SENTENCES:
        raise InputError(f"The reference has {len(parts)} sentences; at most {REFERENCE_SENTENCES} can be graded.")
    weights = equal_weights(len(parts))
    return Scenario.model_validate(
        {
            "schema": 1,
            "id": id,
            "title": " ".join(record.question.split())[:_TITLE_CHARACTERS],
            "difficulty": "medium",
            "level": ("senior",),
            "topics": ("ad hoc",),
            "time_minutes": 20,
            "status": "draft",
            "provenance": {"origin": "given with the answer", "licence": "not stated"},
            "key_points": [
                {"id": f"{id}.{number}", "weight": weight, "text": text}
                for number, (text, weight) in enumerate(zip(parts, weights, strict=True), 1)
            ],
            "question": record.question,
            "reference": record.reference,
        }
    )


def graded(id: str | int, interview: Interview, assessment: Assessment) -> Graded:
    """The assessment in the form of the output."""
    warnings = list(assessment.warnings)
    if not assessment.points:
        warnings.append(f"The scenario '{assessment.scenario}' has no key points to grade by.")
    if not interview.sentences():
        warnings.append("The candidate said nothing.")
    return Graded(
        id=id,
        engine=assessment.engine,
        score=assessment.score,
        points=tuple(map(_graded_point, assessment.points)),
        star=assessment.star,
        level_signal=assessment.signal,
        ungraded=tuple(
            UngradedPoint(id=point.key_point, reason=point.ungraded.reason)
            for point in assessment.points
            if point.ungraded
        ),
        warnings=tuple(warnings),
    )


def _graded_point(point: PointResult) -> GradedPoint:
    verdict = point.verdict
    if verdict is None:
        reason = point.ungraded.reason if point.ungraded else ""
        return GradedPoint(id=point.key_point, verdict=None, credit=None, quote="", reason=reason)
    quote = " … ".join(evidence.text for evidence in verdict.evidence)
    return GradedPoint(
        id=point.key_point, verdict=verdict.kind, credit=point.credit, quote=quote, reason=verdict.reason
    )


def _shape(values: Mapping[str, object]) -> type[AnswerRecord] | type[TurnsRecord] | type[QuestionRecord]:
    if "scenario" not in values and ("question" in values or "reference" in values):
        return QuestionRecord
    return TurnsRecord if "turns" in values and "answer" not in values else AnswerRecord


def _given_move(text: str, *, first: bool) -> Move:
    kind: Literal["open", "probe"] = "open" if first else "probe"
    return Move(kind=kind, text=text, reason="given with the transcript")


def _identifier(text: str) -> str:
    """The text as a scenario's id may look."""
    plain = re.sub(r"[^a-z0-9.-]+", "-", text.lower()).lstrip(".-")
    return plain[:_SCENARIO_ID_CHARACTERS] or "answer"


def _in_words(error: ValidationError) -> str:
    """Every complaint, without the values: an answer may be private, and long."""
    complaints = []
    for item in error.errors(include_input=False, include_url=False):
        field = ".".join(map(str, item["loc"]))
        message = {"extra_forbidden": "unknown field", "missing": "is missing"}.get(
            item["type"], item["msg"].removeprefix("Value error, ")
        )
        complaints.append(f"{field}: {message}" if field else message)
    return f"{'; '.join(dict.fromkeys(complaints))}."
