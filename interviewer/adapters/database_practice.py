"""The part of the Store for practice: what was graded, drills, the cards of the review schedule, and the plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from interviewer.adapters.database_connections import Connections, once_more
from interviewer.adapters.database_tables import (
    as_json,
    assessments,
    drills,
    interviews,
    plans,
    retries,
    review_cards,
)
from interviewer.domain.assessment import Assessment, Retry
from interviewer.domain.plan import Plan
from interviewer.domain.practice import Drill, Graded
from interviewer.domain.review import ReviewCard
from interviewer.errors import NotFoundError, StorageError

UNREADABLE = "Something you practised was stored in a form that this version of the app cannot read. Update the app."
GONE = "The drill was deleted meanwhile, so what came of it was not kept."


class PracticeTables:
    """Reads and writes everything about practice. Drills are only ever added."""

    _connections: Connections

    def graded(self, *, owner: str, scenario: str | None = None) -> list[Graded]:
        """The interviews that have a grade, oldest first. Raises StorageError when a grade cannot be read."""
        wanted = [interviews.c.owner == owner]
        if scenario is not None:
            wanted.append(interviews.c.scenario_id == scenario)
        grades = (
            select(
                interviews.c.id,
                interviews.c.scenario_id,
                interviews.c.title,
                interviews.c.mode,
                interviews.c.level,
                interviews.c.self_rating,
                assessments.c.body,
            )
            .join(assessments, assessments.c.interview_id == interviews.c.id)
            .where(*wanted)
            .order_by(interviews.c.id, assessments.c.version)
        )
        tried = (
            select(retries.c.interview_id, retries.c.body)
            .join(interviews, interviews.c.id == retries.c.interview_id)
            .where(*wanted)
            .order_by(retries.c.interview_id, retries.c.created_at, retries.c.key)
        )
        with self._connections.reading() as connection:
            rows, again = connection.execute(grades).all(), connection.execute(tried).all()
        try:
            tries = {
                id: tuple(Retry.model_validate_json(row.body) for row in group)
                for id, group in groupby(again, key=lambda row: row.interview_id)
            }
            found = []
            for id, group in groupby(rows, key=lambda row: row.id):
                versions = list(group)
                row, first = versions[-1], Assessment.model_validate_json(versions[0].body)
                newest = first if len(versions) == 1 else Assessment.model_validate_json(row.body)
                found.append(
                    Graded(
                        id,
                        row.scenario_id,
                        row.title,
                        row.mode,
                        row.level,
                        first.at,
                        newest,
                        tries.get(id, ()),
                        row.self_rating,
                    )
                )
        except ValueError:  # not chained: pydantic's message quotes what was said
            raise StorageError(UNREADABLE) from None
        return sorted(found, key=lambda one: (one.at, one.id))

    @once_more
    def add_drill(self, drill: Drill, *, owner: str) -> None:
        with self._connections.writing() as connection:
            if not _versions(connection, drill.key, owner):
                _insert_drill(connection, drill, owner, version=1)

    @once_more
    def judge_drill(self, drill: Drill, *, owner: str) -> None:
        with self._connections.writing() as connection:
            versions = _versions(connection, drill.key, owner)
            if not versions:
                raise NotFoundError(GONE)
            if versions[-1] != as_json(drill):
                _insert_drill(connection, drill, owner, version=len(versions) + 1)

    def drills(self, *, owner: str, scenario: str | None = None, since: datetime | None = None) -> list[Drill]:
        """The newest version of each, oldest first. Raises StorageError when one cannot be read."""
        wanted = [drills.c.owner == owner]
        if scenario is not None:
            wanted.append(drills.c.scenario_id == scenario)
        if since is not None:
            wanted.append(drills.c.created_at >= since)
        return self._drills(*wanted)

    def drill(self, key: str, *, owner: str) -> Drill | None:
        found = self._drills(drills.c.owner == owner, drills.c.key == key)
        return found[0] if found else None

    def judged_marks(self, *, owner: str) -> dict[str, str]:
        own = interviews.c.owner == owner
        counts = (
            select(interviews.c.scenario_id, func.count(), func.max(assessments.c.created_at))
            .join(assessments, assessments.c.interview_id == interviews.c.id)
            .where(own)
            .group_by(interviews.c.scenario_id),
            select(interviews.c.scenario_id, func.count(), func.max(retries.c.created_at))
            .join(retries, retries.c.interview_id == interviews.c.id)
            .where(own)
            .group_by(interviews.c.scenario_id),
            select(drills.c.scenario_id, func.count(), func.max(drills.c.created_at))
            .where(drills.c.owner == owner)
            .group_by(drills.c.scenario_id),
        )
        marks: dict[str, str] = {}
        with self._connections.reading() as connection:
            for kind, counted in zip("atd", counts, strict=True):
                for scenario, number, newest in connection.execute(counted):
                    marks[scenario] = f"{marks.get(scenario, '')}{kind}{number}@{newest.isoformat()} "
        return marks

    def review_cards(self, *, owner: str) -> list[tuple[ReviewCard, str]]:
        with self._connections.reading() as connection:
            rows = connection.execute(
                select(review_cards)
                .where(review_cards.c.owner == owner)
                .order_by(review_cards.c.scenario_id, review_cards.c.key_point)
            ).all()
        return [
            (ReviewCard(scenario=row.scenario_id, key_point=row.key_point, memory=row.card, due=row.due), row.mark)
            for row in rows
        ]

    @once_more
    def replace_review_cards(self, scenario: str, cards: Sequence[ReviewCard], mark: str, *, owner: str) -> None:
        with self._connections.writing() as connection:
            # Two pages may find the same cards out of date: the second waits here, and replaces them by the same.
            connection.execute(
                select(interviews.c.id)
                .where(interviews.c.owner == owner, interviews.c.scenario_id == scenario)
                .order_by(interviews.c.id)
                .with_for_update()
            ).all()
            connection.execute(
                delete(review_cards).where(review_cards.c.owner == owner, review_cards.c.scenario_id == scenario)
            )
            for card in cards:
                connection.execute(
                    insert(review_cards).values(
                        owner=owner,
                        scenario_id=scenario,
                        key_point=card.key_point,
                        card=card.memory,
                        due=card.due,
                        mark=mark,
                    )
                )

    @once_more
    def save_plan(self, plan: Plan, *, owner: str) -> None:
        values = {"interview_on": plan.interview_on, "minutes": plan.minutes, "made_at": plan.made_at}
        with self._connections.writing() as connection:
            if not connection.execute(update(plans).where(plans.c.owner == owner).values(values)).rowcount:
                connection.execute(insert(plans).values(owner=owner, **values))

    def plan(self, *, owner: str) -> Plan | None:
        with self._connections.reading() as connection:
            row = connection.execute(select(plans).where(plans.c.owner == owner)).one_or_none()
        if row is None:
            return None
        return Plan(interview_on=row.interview_on, minutes=row.minutes, made_at=row.made_at)

    @once_more
    def forget_plan(self, *, owner: str) -> None:
        with self._connections.writing() as connection:
            connection.execute(delete(plans).where(plans.c.owner == owner))

    def _drills(self, *wanted: ColumnElement[bool]) -> list[Drill]:
        in_order = select(drills.c.key, drills.c.body).order_by(drills.c.created_at, drills.c.key, drills.c.version)
        with self._connections.reading() as connection:
            newest = {row.key: row.body for row in connection.execute(in_order.where(*wanted))}
        try:
            return [Drill.model_validate_json(body) for body in newest.values()]
        except ValueError:  # not chained: pydantic's message quotes what was said
            raise StorageError(UNREADABLE) from None


def _versions(connection: Connection, key: str, owner: str) -> list[str]:
    """The bodies kept of the drill of this key, oldest first."""
    of_key = drills.c.owner == owner, drills.c.key == key
    return list(connection.scalars(select(drills.c.body).where(*of_key).order_by(drills.c.version)))


def _insert_drill(connection: Connection, drill: Drill, owner: str, *, version: int) -> None:
    connection.execute(
        insert(drills).values(
            owner=owner,
            key=drill.key,
            version=version,
            scenario_id=drill.scenario,
            key_point=drill.key_point,
            body=as_json(drill),
            created_at=drill.at,
        )
    )
