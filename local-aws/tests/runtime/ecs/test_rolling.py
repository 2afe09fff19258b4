"""The arithmetic of a rolling deployment."""

from __future__ import annotations

import pytest
from localaws.ecs.capacity import choose
from localaws.ecs.deployment import breaker_threshold
from localaws.ecs.rolling import Counts, Step, next_step

STEPS = [
    ("a new service starts all at once", Counts(3, 0, 0), 100, 200, Step(start=3)),
    ("an update starts new tasks beside the old", Counts(2, 0, 0, 2, 2), 100, 200, Step(start=2)),
    ("the maximum bounds the new", Counts(4, 0, 0, 4, 4), 100, 150, Step(start=2)),
    ("old tasks wait for the new to be ready", Counts(2, 2, 0, 2, 2), 100, 200, Step()),
    ("one old task may go when one new is ready", Counts(2, 2, 1, 2, 2), 100, 200, Step(stop_old=1)),
    ("the minimum is rounded up", Counts(3, 0, 0, 3, 3), 50, 100, Step(stop_old=1)),
    ("no more than the minimum stays when the maximum leaves no room", Counts(1, 0, 0, 1, 1), 0, 100, Step(stop_old=1)),
    ("a task that still stops takes its room", Counts(1, 0, 0, stopping=1), 0, 100, Step()),
    ("an old task that is not ready protects nobody", Counts(2, 2, 0, 2, 1), 100, 200, Step(stop_old=1)),
    ("scaling in stops what is too much", Counts(1, 3, 3), 100, 200, Step(stop_new=2)),
    ("down to nothing", Counts(0, 2, 2), 100, 200, Step(stop_new=2)),
    ("nothing to do", Counts(2, 2, 2), 100, 200, Step()),
]


@pytest.mark.parametrize(
    ("counts", "minimum", "maximum", "step"), [case[1:] for case in STEPS], ids=[case[0] for case in STEPS]
)
def test_next_step(counts: Counts, minimum: int, maximum: int, step: Step) -> None:
    assert next_step(counts, minimum, maximum) == step


@pytest.mark.parametrize(("desired", "threshold"), [(1, 3), (6, 3), (7, 4), (100, 50), (1000, 200)])
def test_breaker_threshold(desired: int, threshold: int) -> None:
    assert breaker_threshold(desired, {"enable": True}) == threshold


def test_a_threshold_that_is_given_counts() -> None:
    assert breaker_threshold(100, {"enable": True, "thresholdConfiguration": {"type": "COUNT", "value": 2}}) == 2


def test_capacity_follows_base_and_weights() -> None:
    strategy = [{"capacityProvider": "FARGATE", "base": 2, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 3}]
    placed: list[str | None] = []
    for _ in range(10):
        placed.append(choose(strategy, placed))
    assert placed[:2] == ["FARGATE", "FARGATE"]
    assert (placed.count("FARGATE"), placed.count("FARGATE_SPOT")) == (4, 6)
