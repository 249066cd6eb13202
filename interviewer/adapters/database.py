"""Keeps interviews, their turns, attempts and grades: the Store on SQLite, or on PostgreSQL by its URL."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select, update

from interviewer.adapters.database_connections import Connections, once_more
from interviewer.adapters.database_practice import PracticeTables
from interviewer.adapters.database_tables import (
    as_json,
    assessments,
    attempts,
    calls,
    drills,
    interviews,
    plans,
    retries,
    review_cards,
    scratchpads,
    storable,
    stories,
    turns,
)
from interviewer.domain.assessment import Assessment, Retry
from interviewer.domain.budget import Call
from interviewer.domain.experience import Story
from interviewer.domain.interview import Interview, Turn, Usage
from interviewer.domain.record import Grade
from interviewer.domain.scenario import Scenario
from interviewer.errors import ConflictError, InputError, NotFoundError, StorageError
from interviewer.flows.ports import (
    SCRATCHPAD_CHARACTERS,
    Attempt,
    AttemptKind,
    AttemptStatus,
    Store,
    StoredInterview,
    Summary,
    TakenIn,
    Whole,
)

WAIT_SECONDS = 30.0

NOT_FOUND = "There is no such interview. It may have been deleted; your history lists the ones you have."
TAKEN = "This interview went on in another tab. Reload to see it."
GONE = "The interview was deleted meanwhile, so its reply was not kept."
TOO_MUCH_NOTED = f"The scratchpad holds {SCRATCHPAD_CHARACTERS:,} characters; this is more, so it was not kept."
NO_STORY = "There is no such story. It may have been deleted; your stories list the ones you have."
UNREADABLE = "This interview was stored in a form that this version of the app cannot read. Update the app."
UNREADABLE_STORY = "A story was stored in a form that this version of the app cannot read. Update the app."

_BODY = {"move", "engine", "note", "prompt_version", "usage"}


class Database(PracticeTables, Store):
    """The Store on a database, for any number of threads. Turns and assessments are only ever added.

    Text is kept to the byte, except that NUL and lone surrogates become U+FFFD: no database holds both. Times come
    back in UTC. `notes` are sentences for whoever runs the app, about what works but could be safer.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    @classmethod
    def open(cls, url: str, *, wait_seconds: float = WAIT_SECONDS) -> Database:
        """Open, create or upgrade the database at `url` (sqlite:///folder/file.sqlite3, or postgresql://…).

        A new file and its folder can be read by their owner only. Before an upgrade a SQLite file is copied beside
        itself (file.sqlite3-<schema>.backup). `wait_seconds` bounds every wait for another writer. Raises StorageError
        for a database that is damaged, read-only, not ours, newer than this app, or on a network file system.
        """
        return cls(Connections.open(url, wait_seconds=wait_seconds))

    @property
    def notes(self) -> tuple[str, ...]:
        return self._connections.notes

    def close(self) -> None:
        """Close the connections. Nothing is lost without it."""
        self._connections.close()

    def create(self, interview: Interview, *, owner: str, engine: str, scenario_hash: str) -> StoredInterview:
        id, now = secrets.token_urlsafe(24), datetime.now(UTC)
        stored = StoredInterview(id, owner, interview, engine, scenario_hash, now, now)
        with self._connections.writing() as connection:
            _insert_interview(connection, stored, [f"created-{turn.seq}" for turn in interview.turns])
        return self.load(id, owner=owner)

    def load(self, id: str, *, owner: str) -> StoredInterview:
        """The interview with all its turns. Raises StorageError when this version of the app cannot read it."""
        with self._connections.reading() as connection:
            return _load(connection, id, owner)

    @once_more
    def add_turn(self, id: str, turn: Turn, *, owner: str, key: str) -> Turn:
        """Keep the turn, once. The same key again changes nothing and gives the turn that is stored under it.

        Raises ConflictError when another turn has taken this place meanwhile (a second tab), and ValueError when the
        turn would leave a gap.
        """
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            of_interview = turns.c.interview_id == id
            of_key = select(turns).where(of_interview, turns.c.key == key)
            stored = connection.execute(of_key).one_or_none()
            if stored is None:
                length = connection.scalars(select(func.count()).select_from(turns).where(of_interview)).one()
                if turn.seq < length:
                    raise ConflictError(TAKEN)
                if turn.seq > length:
                    raise ValueError(f"turn {turn.seq} cannot follow {length} turns")
                _insert_turn(connection, id, turn, key=key)
                changes: dict[str, object] = {"updated_at": datetime.now(UTC)}
                if turn.move and turn.move.kind == "close":
                    changes["ended"] = turn.move.end
                connection.execute(update(interviews).where(interviews.c.id == id).values(changes))
                stored = connection.execute(of_key).one()
        return _turn(stored)

    def history(self, *, owner: str) -> list[Summary]:
        grade = assessments.alias()
        answers = (
            select(func.count())
            .select_from(turns)
            .where(turns.c.interview_id == interviews.c.id, turns.c.role == "candidate")
            .scalar_subquery()
        )
        newest = (
            select(func.max(assessments.c.version))
            .where(assessments.c.interview_id == interviews.c.id)
            .scalar_subquery()
        )
        one_line_each = (
            select(
                interviews.c.id,
                interviews.c.scenario_id,
                interviews.c.title,
                interviews.c.mode,
                interviews.c.level,
                interviews.c.engine,
                interviews.c.ended,
                answers,
                grade.c.score,
                grade.c.signal,
                interviews.c.created_at,
                interviews.c.updated_at,
            )
            .outerjoin_from(
                interviews,
                grade,
                and_(grade.c.interview_id == interviews.c.id, grade.c.version == newest),
            )
            .where(interviews.c.owner == owner)
            .order_by(interviews.c.created_at.desc(), interviews.c.id)
        )
        with self._connections.reading() as connection:
            return [Summary(*row) for row in connection.execute(one_line_each)]

    def begin_attempt(self, id: str, *, owner: str, kind: AttemptKind, turn: int) -> int:
        """Keep that it began. An earlier one of this kind whose end could not be stored is now known to have ended."""
        now = datetime.now(UTC)
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            connection.execute(
                update(attempts)
                .where(attempts.c.interview_id == id, attempts.c.kind == kind, attempts.c.status == "running")
                .values(status="interrupted", updated_at=now)
            )
            return connection.execute(
                insert(attempts)
                .values(
                    interview_id=id,
                    kind=kind,
                    turn=turn,
                    status="running",
                    partial="",
                    error="",
                    started_at=now,
                    updated_at=now,
                )
                .returning(attempts.c.id)
            ).scalar_one()

    @once_more
    def save_partial(self, attempt: int, text: str, *, owner: str) -> None:
        """Keep what has come of the reply so far. Raises NotFoundError when the interview was deleted meanwhile."""
        self._change_attempt(attempt, owner, partial=text)

    @once_more
    def end_attempt(self, attempt: int, status: AttemptStatus, *, owner: str, error: str = "") -> None:
        """Say how it went; the partial text stays. Raises NotFoundError when the interview was deleted meanwhile."""
        self._change_attempt(attempt, owner, status=status, error=error)

    def last_attempt(
        self, id: str, *, owner: str, kind: AttemptKind | None = None, before: int | None = None
    ) -> Attempt | None:
        of_interview = [attempts.c.interview_id == id]
        if kind is not None:
            of_interview.append(attempts.c.kind == kind)
        if before is not None:
            of_interview.append(attempts.c.id < before)
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            row = connection.execute(
                select(
                    attempts.c.id,
                    attempts.c.interview_id,
                    attempts.c.kind,
                    attempts.c.turn,
                    attempts.c.status,
                    attempts.c.partial,
                    attempts.c.error,
                    attempts.c.started_at,
                )
                .where(*of_interview)
                .order_by(attempts.c.id.desc())
                .limit(1)
            ).one_or_none()
        return None if row is None else Attempt(*cast("tuple[Any, ...]", row))

    def interrupt_running(self) -> int:
        """Mark the attempts of a process that is gone as interrupted; gives their number. Called once, at start.

        An attempt that is in truth still running in another process gets its true status when it ends.
        """
        with self._connections.writing() as connection:
            return connection.execute(
                update(attempts)
                .where(attempts.c.status == "running")
                .values(status="interrupted", updated_at=datetime.now(UTC))
            ).rowcount

    def add_assessment(self, id: str, assessment: Assessment, *, owner: str) -> int:
        now = datetime.now(UTC)
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            newest = connection.execute(
                select(func.max(assessments.c.version)).where(assessments.c.interview_id == id)
            ).scalar_one()
            version = (newest or 0) + 1
            _insert_assessment(connection, id, version, assessment, now)
            connection.execute(update(interviews).where(interviews.c.id == id).values(updated_at=now))
            return version

    def assessments(self, id: str, *, owner: str) -> list[Assessment]:
        """All versions, oldest first. Raises StorageError when this version of the app cannot read one."""
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            return _assessments(connection, id)

    def grades(self, *, owner: str) -> list[Grade]:
        """Oldest interview first. Raises StorageError when this version of the app cannot read one."""
        grade = assessments.alias()
        newest = (
            select(func.max(assessments.c.version))
            .where(assessments.c.interview_id == interviews.c.id)
            .scalar_subquery()
        )
        one_each = (
            select(interviews.c.id, interviews.c.scenario_id, interviews.c.mode, grade.c.body)
            .join_from(
                interviews,
                grade,
                and_(grade.c.interview_id == interviews.c.id, grade.c.version == newest),
            )
            .where(interviews.c.owner == owner)
            .order_by(interviews.c.created_at, interviews.c.id)
        )
        with self._connections.reading() as connection:
            rows = connection.execute(one_each).all()
        try:
            return [_grade(*row) for row in rows]
        except (ValueError, KeyError, TypeError):  # not chained: the message could quote what was said
            raise StorageError(UNREADABLE) from None

    @once_more
    def rate(self, id: str, rating: int, *, owner: str) -> None:
        if rating not in range(1, 5):
            raise ValueError(f"a rating is 1 to 4, not {rating}")
        with self._connections.writing() as connection:
            rated = connection.execute(
                update(interviews).where(interviews.c.id == id, interviews.c.owner == owner).values(self_rating=rating)
            ).rowcount
            if not rated:
                raise NotFoundError(NOT_FOUND)

    @once_more
    def add_retry(self, id: str, retry: Retry, *, owner: str) -> None:
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            same = select(retries.c.key).where(retries.c.interview_id == id, retries.c.key == retry.key)
            if connection.execute(same).one_or_none() is None:
                _insert_retry(connection, id, retry)

    def retries(self, id: str, *, owner: str) -> list[Retry]:
        """All tries, oldest first. Raises StorageError when this version of the app cannot read one."""
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            return _retries(connection, id)

    def add_call(self, id: str | None, call: Call, *, owner: str) -> None:
        with self._connections.writing() as connection:
            if id is not None:
                _require(connection, id, owner)
            connection.execute(
                insert(calls).values(
                    owner=owner,
                    interview_id=id or None,
                    model=call.model,
                    input_tokens=call.usage.input_tokens,
                    cached_tokens=call.usage.cached_tokens,
                    output_tokens=call.usage.output_tokens,
                    dollars=call.dollars,
                    at=datetime.now(UTC),
                )
            )

    def calls(self, *, owner: str, id: str | None = None, since: datetime | None = None) -> list[Call]:
        """Oldest first. The calls of a deleted interview still count for their day."""
        wanted = [calls.c.owner == owner]
        if id is not None:
            wanted.append(calls.c.interview_id == id)
        if since is not None:
            wanted.append(calls.c.at >= since)
        return self._calls(*wanted)

    def calls_of_all(self, *, since: datetime) -> list[Call]:
        """Oldest first. The calls of deleted interviews still count for their day."""
        return self._calls(calls.c.at >= since)

    def _calls(self, *wanted: ColumnElement[bool]) -> list[Call]:
        with self._connections.reading() as connection:
            rows = connection.execute(select(calls).where(*wanted).order_by(calls.c.id)).all()
        return [
            Call(
                row.model,
                Usage(input_tokens=row.input_tokens, cached_tokens=row.cached_tokens, output_tokens=row.output_tokens),
                row.dollars,
            )
            for row in rows
        ]

    def whole(self, id: str, *, owner: str) -> Whole:
        """The interview with its grades and tries, as of one moment. Raises StorageError when it cannot be read."""
        with self._connections.reading() as connection:
            stored = _load(connection, id, owner)
            keys = connection.scalars(select(turns.c.key).where(turns.c.interview_id == id).order_by(turns.c.seq)).all()
            return Whole(
                stored,
                tuple(keys),
                tuple(_assessments(connection, id)),
                tuple(_retries(connection, id)),
                _scratchpad(connection, id),
            )

    def take_in(self, whole: Whole, *, owner: str) -> TakenIn:
        """Keep an interview that comes from elsewhere, for this owner; the same one again changes nothing.

        The id of somebody else's interview is replaced by one made of that id and this owner, so that taking it in
        again finds it, and neither tells the two owners of each other.
        """
        with self._connections.writing() as connection:
            id = whole.stored.id
            others = select(interviews.c.id).where(interviews.c.id == id, interviews.c.owner != owner)
            if connection.execute(others).one_or_none() is not None:
                id = hashlib.sha256(f"{id} {storable(owner)}".encode()).hexdigest()[:32]
            known = select(interviews.c.id).where(interviews.c.id == id).with_for_update()
            if connection.execute(known).one_or_none() is not None:
                return _extend(connection, id, owner, whole)
            _insert_interview(connection, whole.stored._replace(id=id, owner=owner), whole.keys)
            _insert_rest(connection, id, whole)
            return "added"

    @once_more
    def save_scratchpad(self, id: str, text: str, *, owner: str) -> None:
        """Keep the text in place of what was on it. Raises InputError when it is very long."""
        if len(text) > SCRATCHPAD_CHARACTERS:
            raise InputError(TOO_MUCH_NOTED)
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            _keep_scratchpad(connection, id, text)

    def scratchpad(self, id: str, *, owner: str) -> str:
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            return _scratchpad(connection, id)

    @once_more
    def save_story(self, story: Story, *, owner: str) -> None:
        values = {"body": as_json(story), "updated_at": story.updated_at}
        own = and_(stories.c.id == story.id, stories.c.owner == owner)
        with self._connections.writing() as connection:
            if connection.execute(update(stories).where(own).values(values)).rowcount:
                return
            if connection.execute(select(stories.c.id).where(stories.c.id == story.id)).one_or_none() is not None:
                raise NotFoundError(NO_STORY)
            connection.execute(insert(stories).values(id=story.id, owner=owner, **values))

    def stories(self, *, owner: str) -> list[Story]:
        """The one that was changed last comes first. Raises StorageError when this version cannot read one."""
        own = select(stories.c.body).where(stories.c.owner == owner)
        with self._connections.reading() as connection:
            bodies = connection.scalars(own.order_by(stories.c.updated_at.desc(), stories.c.id)).all()
        try:
            return [Story.model_validate_json(body) for body in bodies]
        except ValueError:  # not chained: pydantic's message quotes what was written
            raise StorageError(UNREADABLE_STORY) from None

    def delete_story(self, id: str, *, owner: str) -> None:
        """Delete the story, as thoroughly as `delete` does an interview."""
        own = and_(stories.c.id == id, stories.c.owner == owner)
        with self._connections.reading() as connection:
            if connection.execute(select(stories.c.id).where(own)).one_or_none() is None:
                raise NotFoundError(NO_STORY)
        self._connections.delete_for_good(delete(stories).where(own))

    def delete(self, id: str, *, owner: str) -> None:
        """Delete the interview and all that belongs to it, down to the bytes of the database's files.

        It goes from the copies too that the app made beside the file, before an upgrade or a restore.
        """
        with self._connections.reading() as connection:
            _require(connection, id, owner)
        it = delete(interviews).where(interviews.c.id == id, interviews.c.owner == owner)
        self._connections.delete_for_good(it)

    def delete_all(self, *, owner: str) -> int:
        """Delete everything of this owner, as thoroughly as `delete`; gives the number of interviews.

        The figures of the last day's calls stay, or deleting would give a spent budget back.
        """
        yesterday = datetime.now(UTC) - timedelta(days=1)
        return self._connections.delete_for_good(
            delete(calls).where(calls.c.owner == owner, calls.c.at < yesterday),
            delete(stories).where(stories.c.owner == owner),
            *(delete(table).where(table.c.owner == owner) for table in (review_cards, drills, plans)),
            delete(interviews).where(interviews.c.owner == owner),
        )[-1]

    def delete_before(self, moment: datetime) -> int:
        """Delete what nobody touched since this moment, as thoroughly as `delete`; gives the number of interviews."""
        return self._connections.delete_for_good(
            delete(calls).where(calls.c.at < moment),
            delete(stories).where(stories.c.updated_at < moment),
            delete(drills).where(drills.c.created_at < moment),
            delete(interviews).where(interviews.c.updated_at < moment),
        )[-1]

    def _change_attempt(self, attempt: int, owner: str, **changes: str) -> None:
        owned = select(interviews.c.id).where(interviews.c.owner == owner)
        with self._connections.writing() as connection:
            changed = connection.execute(
                update(attempts)
                .where(attempts.c.id == attempt, attempts.c.interview_id.in_(owned))
                .values(updated_at=datetime.now(UTC), **changes)
            ).rowcount
            if not changed:
                raise NotFoundError(GONE)


def _require(connection: Connection, id: str, owner: str, *, alone: bool = False) -> None:
    """Raises NotFoundError. `alone` keeps other writers from this interview until the transaction ends.

    SQLite leaves FOR UPDATE out; there the whole transaction is alone.
    """
    owned = select(interviews.c.id).where(interviews.c.id == id, interviews.c.owner == owner)
    if connection.execute(owned.with_for_update() if alone else owned).one_or_none() is None:
        raise NotFoundError(NOT_FOUND)


def _load(connection: Connection, id: str, owner: str) -> StoredInterview:
    row = connection.execute(select(interviews).where(interviews.c.id == id, interviews.c.owner == owner)).one_or_none()
    if row is None:
        raise NotFoundError(NOT_FOUND)
    said = connection.execute(select(turns).where(turns.c.interview_id == id).order_by(turns.c.seq)).all()
    try:
        interview = Interview(
            scenario=Scenario.model_validate_json(row.scenario_snapshot),
            mode=row.mode,
            level=row.level,
            manner=row.manner,
            leaning=json.loads(row.leaning),
            max_probes=row.max_probes,
            started_at=row.started_at,
            ended=row.ended,
            turns=tuple(_turn(turn) for turn in said),
        )
    except ValueError:  # not chained: pydantic's message quotes what was said
        raise StorageError(UNREADABLE) from None
    return StoredInterview(
        row.id,
        row.owner,
        interview,
        row.engine,
        row.scenario_hash,
        row.created_at,
        row.updated_at,
        row.self_rating,
    )


def _assessments(connection: Connection, id: str) -> list[Assessment]:
    bodies = connection.scalars(
        select(assessments.c.body).where(assessments.c.interview_id == id).order_by(assessments.c.version)
    ).all()
    try:
        return [Assessment.model_validate_json(body) for body in bodies]
    except ValueError:  # not chained: pydantic's message quotes what was said
        raise StorageError(UNREADABLE) from None


def _retries(connection: Connection, id: str) -> list[Retry]:
    bodies = connection.scalars(
        select(retries.c.body).where(retries.c.interview_id == id).order_by(retries.c.created_at, retries.c.key)
    ).all()
    try:
        return [Retry.model_validate_json(body) for body in bodies]
    except ValueError:  # not chained: pydantic's message quotes what was said
        raise StorageError(UNREADABLE) from None


def _extend(connection: Connection, id: str, owner: str, whole: Whole) -> TakenIn:
    """Add what the interview lacks of `whole`, when all that both have is the same."""
    here = _load(connection, id, owner)
    keys = connection.scalars(select(turns.c.key).where(turns.c.interview_id == id).order_by(turns.c.seq)).all()
    grades, tries = _assessments(connection, id), {retry.key for retry in _retries(connection, id)}
    there = whole.stored.interview.turns
    said = zip(keys, here.interview.turns, strict=True)
    if (
        any(ours != theirs for ours, theirs in zip(said, zip(whole.keys, there, strict=True), strict=False))
        or any(ours != theirs for ours, theirs in zip(grades, whole.assessments, strict=False))
        or here.scenario_hash != whole.stored.scenario_hash
    ):
        return "differs"
    new_turns = list(zip(there, whole.keys, strict=True))[len(keys) :]
    new_tries = [retry for retry in whole.retries if retry.key not in tries]
    noted = "" if _scratchpad(connection, id) else whole.scratchpad
    rating = whole.stored.self_rating if here.self_rating is None else None
    if not (new_turns or new_tries or rating or noted or whole.assessments[len(grades) :]):
        return "unchanged"
    for turn, key in new_turns:
        _insert_turn(connection, id, turn, key=key)
    _insert_rest(connection, id, whole._replace(retries=tuple(new_tries), scratchpad=noted), after=len(grades))
    changes: dict[str, object] = {"updated_at": max(here.updated_at, whole.stored.updated_at)}
    if new_turns:
        changes["ended"] = whole.stored.interview.ended
    if rating is not None:
        changes["self_rating"] = rating
    connection.execute(update(interviews).where(interviews.c.id == id).values(changes))
    return "extended"


def _insert_interview(connection: Connection, stored: StoredInterview, keys: Sequence[str]) -> None:
    interview = stored.interview
    connection.execute(
        insert(interviews).values(
            id=stored.id,
            owner=stored.owner,
            scenario_id=interview.scenario.id,
            title=interview.scenario.title,
            scenario_hash=stored.scenario_hash,
            scenario_snapshot=as_json(interview.scenario),
            mode=interview.mode,
            level=interview.level,
            manner=interview.manner,
            leaning=json.dumps(interview.leaning),
            engine=stored.engine,
            max_probes=interview.max_probes,
            started_at=interview.started_at,
            ended=interview.ended,
            self_rating=stored.self_rating,
            created_at=stored.created_at,
            updated_at=stored.updated_at,
        )
    )
    for turn, key in zip(interview.turns, keys, strict=True):
        _insert_turn(connection, stored.id, turn, key=key)


def _insert_rest(connection: Connection, id: str, whole: Whole, *, after: int = 0) -> None:
    """The grades after the first `after`, the tries and the scratchpad."""
    for version, assessment in enumerate(whole.assessments[after:], start=after + 1):
        _insert_assessment(connection, id, version, assessment, assessment.at)
    for retry in whole.retries:
        _insert_retry(connection, id, retry)
    if whole.scratchpad:
        _keep_scratchpad(connection, id, whole.scratchpad)


def _keep_scratchpad(connection: Connection, id: str, text: str) -> None:
    its = scratchpads.c.interview_id == id
    if not connection.execute(update(scratchpads).where(its).values(text=storable(text))).rowcount:
        connection.execute(insert(scratchpads).values(interview_id=id, text=storable(text)))


def _scratchpad(connection: Connection, id: str) -> str:
    found = select(scratchpads.c.text).where(scratchpads.c.interview_id == id)
    return connection.execute(found).scalar_one_or_none() or ""


def _insert_assessment(
    connection: Connection, id: str, version: int, assessment: Assessment, created_at: datetime
) -> None:
    connection.execute(
        insert(assessments).values(
            interview_id=id,
            version=version,
            body=as_json(assessment),
            engine=assessment.engine,
            score=assessment.score,
            signal=assessment.signal,
            created_at=created_at,
        )
    )


def _insert_retry(connection: Connection, id: str, retry: Retry) -> None:
    connection.execute(insert(retries).values(interview_id=id, key=retry.key, body=as_json(retry), created_at=retry.at))


def _insert_turn(connection: Connection, id: str, turn: Turn, *, key: str) -> None:
    connection.execute(
        insert(turns).values(
            interview_id=id,
            seq=turn.seq,
            key=key,
            role=turn.role,
            text=turn.text,
            body=as_json(turn, only=_BODY),
            at=turn.at,
        )
    )


def _grade(id: str, scenario: str, mode: Any, stored: str) -> Grade:
    """Only what a Grade has: the pages read all of them each time they are drawn."""
    body = json.loads(stored)
    credits = {point["key_point"]: point["credit"] for point in body["points"] if point["credit"] is not None}
    at = datetime.fromisoformat(body["at"])
    return Grade(id, scenario, mode, body["score"], body["signal"], credits, at)


def _turn(row: Row[Any]) -> Turn:
    return Turn.model_validate(
        {**json.loads(row.body), "seq": row.seq, "role": row.role, "text": row.text, "at": row.at}
    )
