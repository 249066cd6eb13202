"""Interviews as a file that another installation can take in: JSON Lines that tell when some of it is missing.

The first line names the format, each line after it is one record, and the last one counts the records and holds the
SHA-256 of every byte before it. An interview comes first, then its turns, grades, tries and scratchpad; after all
interviews come stories, drills and the study plan. Who it belongs to is not in the file; neither are replies that
broke off, what model calls took, and scenarios of one's own, which are files already.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from interviewer.domain.assessment import Assessment, Retry
from interviewer.domain.experience import Story
from interviewer.domain.interview import Interview, Turn
from interviewer.domain.plan import Plan
from interviewer.domain.practice import Drill
from interviewer.errors import InputError
from interviewer.flows.moving import Kept
from interviewer.flows.ports import SCRATCHPAD_CHARACTERS, StoredInterview, Whole

VERSION = 2
READABLE = (1, 2)  # the first knew interviews only
FILE_BYTES = 256 * 2**20
LINE_BYTES = 4 * 2**20
KEY_CHARACTERS = 200
YEARS = range(2000, 3000)

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")]
Key = Annotated[str, Field(min_length=1, max_length=KEY_CHARACTERS)]


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Header(_Line):
    format: Literal["interviewer-export"]
    version: int
    app: str


class _Begun(_Line):
    record: Literal["interview"] = "interview"
    id: Id
    interview: Interview
    engine: str
    scenario_hash: str
    self_rating: Annotated[int, Field(ge=1, le=4)] | None
    created_at: datetime
    updated_at: datetime


class _Said(_Line):
    record: Literal["turn"] = "turn"
    interview: Id
    key: Key
    turn: Turn


class _Graded(_Line):
    record: Literal["assessment"] = "assessment"
    interview: Id
    version: int
    assessment: Assessment


class _Tried(_Line):
    record: Literal["retry"] = "retry"
    interview: Id
    retry: Retry


class _Noted(_Line):
    record: Literal["scratchpad"] = "scratchpad"
    interview: Id
    text: Annotated[str, Field(max_length=SCRATCHPAD_CHARACTERS)]


class _Told(_Line):
    record: Literal["story"] = "story"
    story: Story


class _Drilled(_Line):
    record: Literal["drill"] = "drill"
    drill: Drill


class _Planned(_Line):
    record: Literal["plan"] = "plan"
    plan: Plan


class _End(_Line):
    count: int
    sha256: str


_Part = _Said | _Graded | _Tried | _Noted
_Record = _Begun | _Part | _Told | _Drilled | _Planned
_RECORD: TypeAdapter[_Record] = TypeAdapter(Annotated[_Record, Field(discriminator="record")])


def export_lines(wholes: Iterable[Whole], others: Iterable[Kept] = ()) -> Iterator[bytes]:
    """The lines of the file, each with its end. The same interviews and the same others give the same bytes."""
    digest, count = hashlib.sha256(), 0
    header = _Header(format="interviewer-export", version=VERSION, app=version("interviewer"))
    for number, line in enumerate(_with_header(header, wholes, others)):
        written = f"{line.model_dump_json(by_alias=True)}\n".encode()
        digest.update(written)
        count = number
        yield written
    yield f"{_End(count=count, sha256=digest.hexdigest()).model_dump_json()}\n".encode()


def read_export(path: Path) -> Iterator[Whole | Kept]:
    """The interviews of an export, with an empty owner, then the rest. Nothing is given before all has been checked.

    Raises InputError, which names the line and never quotes it, for a file that is too large, incomplete, changed
    since it was written, of a newer format, or that does not hold together.
    """
    for _ in _entries(path):
        pass  # whether the file is complete is known only at its end
    yield from _entries(path)


def _with_header(header: _Header, wholes: Iterable[Whole], others: Iterable[Kept]) -> Iterator[_Line]:
    yield header
    for stored, keys, assessments, retries, scratchpad in wholes:
        yield _Begun(
            id=stored.id,
            interview=stored.interview.model_copy(update={"turns": ()}),
            engine=stored.engine,
            scenario_hash=stored.scenario_hash,
            self_rating=stored.self_rating,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )
        for key, turn in zip(keys, stored.interview.turns, strict=True):
            yield _Said(interview=stored.id, key=key, turn=turn)
        for number, assessment in enumerate(assessments, start=1):
            yield _Graded(interview=stored.id, version=number, assessment=assessment)
        for retry in retries:
            yield _Tried(interview=stored.id, retry=retry)
        if scratchpad:
            yield _Noted(interview=stored.id, text=scratchpad)
    for other in others:
        match other:
            case Story():
                yield _Told(story=other)
            case Drill():
                yield _Drilled(drill=other)
            case Plan():
                yield _Planned(plan=other)


def _entries(path: Path) -> Iterator[Whole | Kept]:
    whole: Whole | None = None
    for number, line in _records(path):
        try:
            record = _RECORD.validate_json(line)
            if isinstance(record, _Begun):
                if whole:
                    yield _checked(whole)
                whole = _begun(record)
            elif isinstance(record, _Part):
                whole = _added(whole, record)
            else:
                if whole:
                    yield _checked(whole)
                whole = None
                yield _other(record)
        except ValidationError as error:
            raise InputError(f"{path.name}, line {number}: {_first(error)}.") from None
        except ValueError as error:
            raise InputError(f"{path.name}, line {number}: {error}.") from None
    if whole:
        try:
            yield _checked(whole)
        except ValueError as error:
            raise InputError(f"{path.name}, the last interview: {error}.") from None


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    """The numbered lines between header and end, both of which are checked."""
    if path.stat().st_size > FILE_BYTES:
        raise InputError(f"{path.name} is larger than {FILE_BYTES // 2**20} MB. Export fewer interviews at a time.")
    digest, before = hashlib.sha256(), b""
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_BYTES + 1), b""), start=1):
            if len(line) > LINE_BYTES:
                raise InputError(f"{path.name}, line {number} is longer than {LINE_BYTES // 2**20} MB.")
            if number == 2:
                _check_header(path, before)
            if number > 2:
                yield number - 1, before
            digest.update(before)
            before = line
    _check_end(path, before, max(number - 2, 0) if before else 0, digest.hexdigest())


def _check_header(path: Path, line: bytes) -> None:
    try:
        header = _Header.model_validate_json(line)
    except ValidationError:
        raise InputError(f"{path.name} was not made by `interviewer export`.") from None
    if header.version not in READABLE:
        raise InputError(f"{path.name} was made by a newer version of the app. Update this one first.")


def _check_end(path: Path, line: bytes, records: int, digest: str) -> None:
    try:
        end = _End.model_validate_json(line)
    except ValidationError:
        raise InputError(f"{path.name} is not complete: its last line is missing. Export it again.") from None
    if (end.count, end.sha256) != (records, digest):
        raise InputError(f"{path.name} is not complete, or was changed after it was made. Export it again.")


def _begun(record: _Begun) -> Whole:
    _require(not record.interview.turns, "an interview is listed without its turns")
    _require(1 <= record.interview.max_probes <= 100, "the number of follow-ups is out of range")
    _require_moments(record.interview.started_at, record.created_at, record.updated_at)
    stored = StoredInterview(
        record.id,
        "",
        record.interview,
        record.engine,
        record.scenario_hash,
        record.created_at,
        record.updated_at,
        record.self_rating,
    )
    return Whole(stored, (), (), ())


def _other(record: _Told | _Drilled | _Planned) -> Kept:
    if isinstance(record, _Told):
        _require_moments(record.story.updated_at)
        return record.story
    if isinstance(record, _Drilled):
        _require(0 < len(record.drill.key) <= KEY_CHARACTERS, "a drill has no name, or a long one")
        _require_moments(record.drill.at)
        return record.drill
    _require_moments(record.plan.made_at)
    return record.plan


def _added(whole: Whole | None, record: _Part) -> Whole:
    if whole is None or record.interview != whole.stored.id:
        raise ValueError("it belongs to another interview than the one before it")
    if isinstance(record, _Said):
        _require(record.key not in whole.keys, "this turn was there before")
        _require_moments(record.turn.at)
        ended = whole.stored.interview.ended
        interview = whole.stored.interview.with_turn(record.turn).model_copy(update={"ended": ended})
        return whole._replace(stored=whole.stored._replace(interview=interview), keys=(*whole.keys, record.key))
    if isinstance(record, _Noted):
        _require(not whole.scratchpad, "its scratchpad was there before")
        return whole._replace(scratchpad=record.text)
    known = {point.id for point in whole.stored.interview.as_graded().scenario.key_points}
    if isinstance(record, _Graded):
        assessment = record.assessment
        _require(record.version == len(whole.assessments) + 1, "a grade before this one is missing")
        _require({point.key_point for point in assessment.points} <= known, "it grades a point that was not asked")
        _require(assessment.score is None or 0 <= assessment.score <= 100, "the score is out of range")
        _require_moments(assessment.at)
        return whole._replace(assessments=(*whole.assessments, assessment))
    _require(record.retry.key not in {retry.key for retry in whole.retries}, "this try was there before")
    _require(record.retry.key_point in known, "it tries a point that was not asked")
    _require_moments(record.retry.at)
    return whole._replace(retries=(*whole.retries, record.retry))


def _checked(whole: Whole) -> Whole:
    closed = [turn.move.end for turn in whole.stored.interview.turns if turn.move and turn.move.kind == "close"]
    _require(whole.stored.interview.ended == (closed[-1] if closed else None), "its end does not fit its turns")
    return whole


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _require_moments(*moments: datetime) -> None:
    _require(all(moment.tzinfo and moment.year in YEARS for moment in moments), "a time has no zone, or is far off")


def _first(error: ValidationError) -> str:
    """The first finding, without the value that caused it: what was said is not quoted in messages."""
    found = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place = ".".join(str(part) for part in found["loc"])
    words = f"{place}: {found['msg']}" if place else found["msg"]
    return "".join(character if character.isprintable() else " " for character in words)[:300]
