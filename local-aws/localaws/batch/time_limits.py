"""The time limits of a queue: a job at its head that waits in vain for too long is cancelled, and those behind it go on."""

from __future__ import annotations

import threading
from typing import Any, Callable

from localaws import pace
from localaws.batch.job import Job


def limit_of(job: Job) -> dict[str, Any] | None:
    """The action of the job's queue for what it waits for."""
    reason = (job.status_reason or "").split(" - ")[0]
    actions = getattr(job.queue, "time_limit_actions", [])
    return next((action for action in actions if action["reason"] == reason and action["state"] == job.status), None)


def watch(job: Job, expire: Callable[[Job, str], None]) -> None:
    """Calls `expire` when the time is over, once for each reason that the job waits for. Whether it still waits, `expire` sees."""
    limit = limit_of(job)
    if limit is None or job.watched_for == job.status_reason:
        return
    job.watched_for = job.status_reason
    timer = threading.Timer(pace.compressed(float(limit["maxTimeSeconds"])), expire, args=(job, limit["reason"]))
    timer.daemon = True
    timer.start()
