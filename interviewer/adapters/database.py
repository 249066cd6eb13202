"""Keeps interviews, their turns, attempts and grades: the Store on SQLite, or on PostgreSQL by its URL."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from interviewer.adapters.database_connections import Connections
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
    turns,
)
from interviewer.domain.assessment import Assessment, Retry
from interviewer.domain.budget import Call
from interviewer.domain.interview import Interview, Turn, Usage
from interviewer.domain.scenario import Scenario
from interviewer.errors import ConflictError, NotFoundError, StorageError
from interviewer.flows.ports import Attempt, AttemptKind, AttemptStatus, Store, StoredInterview, Summary

WAIT_SECONDS = 30.0

NOT_FOUND = "There is no such interview. It may have been deleted; your history lists the ones you have."
TAKEN = "This interview went on in another tab. Reload to see it."
GONE = "The interview was deleted meanwhile, so its reply was not kept."
UNREADABLE = "This interview was stored in a form that this version of the app cannot read. Update the app."

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
        with self._connections.writing() as connection:
            connection.execute(
                insert(interviews).values(
                    id=id,
                    owner=owner,
                    scenario_id=interview.scenario.id,
                    title=interview.scenario.title,
                    scenario_hash=scenario_hash,
                    scenario_snapshot=as_json(interview.scenario),
                    mode=interview.mode,
                    level=interview.level,
                    manner=interview.manner,
                    engine=engine,
                    max_probes=interview.max_probes,
                    started_at=interview.started_at,
                    ended=interview.ended,
                    created_at=now,
                    updated_at=now,
                )
            )
            for turn in interview.turns:
                _insert_turn(connection, id, turn, key=f"created-{turn.seq}")
        return self.load(id, owner=owner)

    def load(self, id: str, *, owner: str) -> StoredInterview:
        """The interview with all its turns. Raises StorageError when this version of the app cannot read it."""
        with self._connections.reading() as connection:
            row = connection.execute(
                select(interviews).where(interviews.c.id == id, interviews.c.owner == owner)
            ).one_or_none()
            if row is None:
                raise NotFoundError(NOT_FOUND)
            said = connection.execute(select(turns).where(turns.c.interview_id == id).order_by(turns.c.seq)).all()
        try:
            interview = Interview(
                scenario=Scenario.model_validate_json(row.scenario_snapshot),
                mode=row.mode,
                level=row.level,
                manner=row.manner,
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
        now = datetime.now(UTC)
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
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

    def save_partial(self, attempt: int, text: str) -> None:
        """Keep what has come of the reply so far. Raises NotFoundError when the interview was deleted meanwhile."""
        self._change_attempt(attempt, partial=text)

    def end_attempt(self, attempt: int, status: AttemptStatus, *, error: str = "") -> None:
        """Say how it went; the partial text stays. Raises NotFoundError when the interview was deleted meanwhile."""
        self._change_attempt(attempt, status=status, error=error)

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
            connection.execute(
                insert(assessments).values(
                    interview_id=id,
                    version=version,
                    body=as_json(assessment),
                    engine=assessment.engine,
                    score=assessment.score,
                    signal=assessment.signal,
                    created_at=now,
                )
            )
            connection.execute(update(interviews).where(interviews.c.id == id).values(updated_at=now))
            return version

    def assessments(self, id: str, *, owner: str) -> list[Assessment]:
        """All versions, oldest first. Raises StorageError when this version of the app cannot read one."""
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            bodies = connection.scalars(
                select(assessments.c.body).where(assessments.c.interview_id == id).order_by(assessments.c.version)
            ).all()
        try:
            return [Assessment.model_validate_json(body) for body in bodies]
        except ValueError:  # not chained: pydantic's message quotes what was said
            raise StorageError(UNREADABLE) from None

    def rate(self, id: str, rating: int, *, owner: str) -> None:
        if rating not in range(1, 5):
            raise ValueError(f"a rating is 1 to 4, not {rating}")
        with self._connections.writing() as connection:
            rated = connection.execute(
                update(interviews).where(interviews.c.id == id, interviews.c.owner == owner).values(self_rating=rating)
            ).rowcount
            if not rated:
                raise NotFoundError(NOT_FOUND)

    def add_retry(self, id: str, retry: Retry, *, owner: str) -> None:
        with self._connections.writing() as connection:
            _require(connection, id, owner, alone=True)
            same = select(retries.c.key).where(retries.c.interview_id == id, retries.c.key == retry.key)
            if connection.execute(same).one_or_none() is None:
                connection.execute(
                    insert(retries).values(interview_id=id, key=retry.key, body=as_json(retry), created_at=retry.at)
                )

    def retries(self, id: str, *, owner: str) -> list[Retry]:
        """All tries, oldest first. Raises StorageError when this version of the app cannot read one."""
        with self._connections.reading() as connection:
            _require(connection, id, owner)
            bodies = connection.scalars(
                select(retries.c.body).where(retries.c.interview_id == id).order_by(retries.c.created_at, retries.c.key)
            ).all()
        try:
            return [Retry.model_validate_json(body) for body in bodies]
        except ValueError:  # not chained: pydantic's message quotes what was said
            raise StorageError(UNREADABLE) from None

    def add_call(self, id: str, call: Call, *, owner: str) -> None:
        with self._connections.writing() as connection:
            if id:
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

    def delete(self, id: str, *, owner: str) -> None:
        """Delete the interview and all that belongs to it, down to the bytes of the database's files.

        The copies made before upgrades go too: they still hold it.
        """
        with self._connections.writing() as connection:
            deleted = connection.execute(
                delete(interviews).where(interviews.c.id == id, interviews.c.owner == owner)
            ).rowcount
            if not deleted:
                raise NotFoundError(NOT_FOUND)
        self._connections.forget_deleted()

    def delete_all(self, *, owner: str) -> int:
        """Delete everything of this owner, as thoroughly as `delete`; gives the number of interviews."""
        with self._connections.writing() as connection:
            for table in (calls, review_cards, drills, plans):
                connection.execute(delete(table).where(table.c.owner == owner))
            deleted = connection.execute(delete(interviews).where(interviews.c.owner == owner)).rowcount
        self._connections.forget_deleted()
        return deleted

    def _change_attempt(self, attempt: int, **changes: str) -> None:
        with self._connections.writing() as connection:
            changed = connection.execute(
                update(attempts).where(attempts.c.id == attempt).values(updated_at=datetime.now(UTC), **changes)
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


def _turn(row: Row[Any]) -> Turn:
    return Turn.model_validate(
        {**json.loads(row.body), "seq": row.seq, "role": row.role, "text": row.text, "at": row.at}
    )
