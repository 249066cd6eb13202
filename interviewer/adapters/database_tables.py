"""The tables of the database, and how text and times go into them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
)


def storable(text: str) -> str:
    """The text as every database can hold it: NUL and lone surrogates become U+FFFD, all else stays as it is."""
    return text.replace("\0", "\ufffd").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def as_json(value: BaseModel, *, only: set[str] | None = None) -> str:
    """The value, or these fields of it, as JSON that every database can hold."""
    return json.dumps(_storable(value.model_dump(mode="json", by_alias=True, include=only)), ensure_ascii=False)


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    return value


class _Words(TypeDecorator[str]):
    """Text that is made storable on its way in, also where it is only compared with."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


class _Moment(TypeDecorator[datetime]):
    """A time with its zone, kept in UTC. SQLite drops the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a time without its zone cannot be stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _of_interview(name: str, on_delete: str = "CASCADE") -> ForeignKey:
    return ForeignKey("interview.id", name=name, ondelete=on_delete)


class _InterviewColumns(TypedColumns):
    id: Named[str] = Column(_Words, primary_key=True)
    owner: Named[str] = Column(_Words)
    scenario_id: Named[str] = Column(_Words)
    title: Named[str] = Column(_Words)
    scenario_hash: Named[str] = Column(_Words)
    scenario_snapshot: Named[str] = Column(_Words)
    mode: Named[str] = Column(_Words)
    level: Named[str] = Column(_Words)
    manner: Named[str] = Column(_Words, server_default="neutral")
    leaning: Named[str] = Column(_Words, server_default="[]")
    engine: Named[str] = Column(_Words)
    max_probes: Named[int] = Column(Integer)
    started_at: Named[datetime] = Column(_Moment)
    ended: Named[str | None] = Column(_Words)
    self_rating: Named[int | None] = Column(Integer)
    created_at: Named[datetime] = Column(_Moment)
    updated_at: Named[datetime] = Column(_Moment)


class _TurnColumns(TypedColumns):
    interview_id: Named[str] = Column(_Words, _of_interview("fk_turn_interview"), primary_key=True)
    seq: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    key: Named[str] = Column(_Words)
    role: Named[str] = Column(_Words)
    text: Named[str] = Column(_Words)
    body: Named[str] = Column(_Words)
    at: Named[datetime] = Column(_Moment)


class _AttemptColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    interview_id: Named[str] = Column(_Words, _of_interview("fk_attempt_interview"))
    kind: Named[str] = Column(_Words)
    turn: Named[int] = Column(Integer)
    status: Named[str] = Column(_Words)
    partial: Named[str] = Column(_Words)
    error: Named[str] = Column(_Words)
    started_at: Named[datetime] = Column(_Moment)
    updated_at: Named[datetime] = Column(_Moment)


class _AssessmentColumns(TypedColumns):
    interview_id: Named[str] = Column(_Words, _of_interview("fk_assessment_interview"), primary_key=True)
    version: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    body: Named[str] = Column(_Words)
    engine: Named[str] = Column(_Words)
    score: Named[int | None] = Column(Integer)
    signal: Named[str] = Column(_Words)
    created_at: Named[datetime] = Column(_Moment)


class _RetryColumns(TypedColumns):
    interview_id: Named[str] = Column(_Words, _of_interview("fk_retry_interview"), primary_key=True)
    key: Named[str] = Column(_Words, primary_key=True)
    body: Named[str] = Column(_Words)
    created_at: Named[datetime] = Column(_Moment)


class _CallColumns(TypedColumns):
    id: Named[int] = Column(Integer, primary_key=True)
    owner: Named[str] = Column(_Words)
    interview_id: Named[str | None] = Column(_Words, _of_interview("fk_model_call_interview", "SET NULL"))
    model: Named[str] = Column(_Words)
    input_tokens: Named[int] = Column(Integer)
    cached_tokens: Named[int] = Column(Integer)
    output_tokens: Named[int] = Column(Integer)
    dollars: Named[float | None] = Column(Float)
    at: Named[datetime] = Column(_Moment)


class _ScratchpadColumns(TypedColumns):
    interview_id: Named[str] = Column(_Words, ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True)
    text: Named[str] = Column(_Words)


class _StoryColumns(TypedColumns):
    id: Named[str] = Column(_Words, primary_key=True)
    owner: Named[str] = Column(_Words)
    body: Named[str] = Column(_Words)
    updated_at: Named[datetime] = Column(_Moment)


class _ReviewCardColumns(TypedColumns):
    owner: Named[str] = Column(_Words, primary_key=True)
    scenario_id: Named[str] = Column(_Words, primary_key=True)
    key_point: Named[str] = Column(_Words, primary_key=True)
    card: Named[str] = Column(_Words)
    due: Named[datetime] = Column(_Moment)
    mark: Named[str] = Column(_Words)


class _DrillColumns(TypedColumns):
    owner: Named[str] = Column(_Words, primary_key=True)
    key: Named[str] = Column(_Words, primary_key=True)
    version: Named[int] = Column(Integer, primary_key=True, autoincrement=False)
    scenario_id: Named[str] = Column(_Words)
    key_point: Named[str] = Column(_Words)
    body: Named[str] = Column(_Words)
    created_at: Named[datetime] = Column(_Moment)


class _PlanColumns(TypedColumns):
    owner: Named[str] = Column(_Words, primary_key=True)
    interview_on: Named[date] = Column(Date)
    minutes: Named[int] = Column(Integer)
    made_at: Named[datetime] = Column(_Moment)


# A new database is made from this at once; tests hold it to be what the migrations make, names included.
SCHEMA = MetaData()
interviews = Table("interview", SCHEMA, _InterviewColumns, Index("ix_interview_owner", "owner"))
turns = Table("turn", SCHEMA, _TurnColumns, UniqueConstraint("interview_id", "key", name="uq_turn_key"))
# Without AUTOINCREMENT SQLite gives a deleted id again, and a late partial reply would land in somebody else's attempt.
attempts = Table(
    "attempt", SCHEMA, _AttemptColumns, Index("ix_attempt_interview", "interview_id"), sqlite_autoincrement=True
)
assessments = Table("assessment", SCHEMA, _AssessmentColumns)
retries = Table("retry", SCHEMA, _RetryColumns)
calls = Table(
    "model_call",
    SCHEMA,
    _CallColumns,
    Index("ix_model_call_owner_at", "owner", "at"),
    Index("ix_model_call_interview", "interview_id"),
    sqlite_autoincrement=True,
)
scratchpads = Table("scratchpad", SCHEMA, _ScratchpadColumns)
stories = Table("story", SCHEMA, _StoryColumns, Index("ix_story_owner", "owner"))
review_cards = Table("review_card", SCHEMA, _ReviewCardColumns)
drills = Table("drill", SCHEMA, _DrillColumns, Index("ix_drill_owner_scenario", "owner", "scenario_id"))
plans = Table("plan", SCHEMA, _PlanColumns)

# As Alembic makes it: the name of the schema that a database has. Beside the others, since it is none of theirs.
schema_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
