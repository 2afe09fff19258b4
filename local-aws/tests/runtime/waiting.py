"""Tests wait for conditions, within a bound that a slow machine does not reach, and never for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_Value = TypeVar("_Value")


def eventually(condition: Callable[[], _Value], what: str, within: float = 40.0) -> _Value:
    """The first true value of the condition; fails with `what` did not happen."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"within {within:g} seconds it did not happen that {what}")
