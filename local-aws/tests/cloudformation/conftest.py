"""Stacks that are deleted when their test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from runtime.applications import SLEEP, image
from stacks import Stack


@pytest.fixture
def stack(local_aws: Any) -> Iterator[Callable[..., Stack]]:
    made: list[Stack] = []

    def new(name: str | None = None) -> Stack:
        made.append(Stack(local_aws, name))
        return made[-1]

    yield new
    for one in reversed(made):
        if one.status:
            one.delete()


@pytest.fixture
def sleeper(local_aws: Any, tmp_path: Any) -> str:
    """An image whose container does nothing, for as long as it may."""
    return image(tmp_path, SLEEP)
