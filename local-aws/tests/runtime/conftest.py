from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from localaws import pace

from runtime.applications import Platform


@pytest.fixture
def platform(local_aws, tmp_path: Path) -> Iterator[Platform]:
    made = Platform(local_aws, tmp_path)
    yield made
    made.clean_up()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what goes wrong: a container has little time to show that it works."""
    monkeypatch.setattr(pace, "START_ALLOWANCE_SECONDS", 2.0)
    monkeypatch.setattr(pace, "FIRST_HEALTH_SECONDS", 1.0)
