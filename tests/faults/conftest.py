"""The real stack: worker, database, meter, coach and prompts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from interviewer.adapters.coach.matcher import Coach
from interviewer.adapters.database import Database
from interviewer.adapters.prompt_files import PromptFiles
from interviewer.bootstrap import _meter
from interviewer.domain.budget import Budget
from interviewer.flows.spending import Spending
from interviewer.worker import Worker


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def store(url: str) -> Iterator[Database]:
    database = Database.open(url)
    yield database
    database.close()


@pytest.fixture
def worker(store: Database, coach: Coach, prompts: PromptFiles) -> Iterator[Worker]:
    worker = Worker(store, coach, prompts, now, threads=2, meter=_meter(Spending(store, Budget(), now)))
    yield worker
    worker.close()
