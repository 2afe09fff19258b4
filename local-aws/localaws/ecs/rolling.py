"""The arithmetic of a rolling deployment: how many tasks to start and to stop next, by the deployment's percentages."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """The tasks of a service; `stopping` are those that have been told to stop and still run, the others have not."""

    desired: int
    new: int
    new_ready: int
    old: int = 0
    old_ready: int = 0
    stopping: int = 0


@dataclass(frozen=True)
class Step:
    start: int = 0
    stop_new: int = 0
    stop_old: int = 0


def next_step(counts: Counts, minimum_healthy_percent: int, maximum_percent: int) -> Step:
    """Start within the maximum, stop what is old within the minimum; a task that is not ready protects nobody by running."""
    upper = max(math.floor(counts.desired * maximum_percent / 100), counts.desired if not counts.old else 0)
    lower = math.ceil(counts.desired * minimum_healthy_percent / 100)
    start = min(counts.desired - counts.new, upper - counts.new - counts.old - counts.stopping)
    spare = max(0, counts.new_ready + counts.old_ready - lower)
    return Step(
        start=max(0, start),
        stop_new=max(0, counts.new - counts.desired),
        stop_old=min(counts.old, (counts.old - counts.old_ready) + min(spare, counts.old_ready)),
    )
