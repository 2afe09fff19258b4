"""AWS Batch: jobs as local processes, scheduled by queue priority and compute environment, with retries, arrays and
dependencies. `interruptions` registers the control route that takes Spot capacity away.
"""

from __future__ import annotations

from localaws.batch import api, executions, interruptions, scheduler
from localaws.containers import process

__all__ = ["install", "interruptions"]


def install() -> None:
    """Puts this model in place of moto's jobs; compute environments, queues and job definitions stay moto's."""
    api.install()
    executions.install()
    process.before_shutdown(scheduler.close)
