"""How hard the crash tests try."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def kills(pytestconfig: pytest.Config) -> int:
    return int(pytestconfig.getoption("--kills"))
