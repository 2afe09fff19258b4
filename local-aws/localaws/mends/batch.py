"""Mends of Batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.batch.models import JobQueue
from moto.batch.responses import BatchResponse

_ACTIONS = "jobStateTimeLimitActions"


def install() -> None:
    keep_time_limits_of_queues()


def keep_time_limits_of_queues() -> None:
    """The time limits of a job queue are not handed to the backend, and so are missing where queues are described."""

    def keeping(original: Callable[[BatchResponse], str], name_parameter: str) -> Callable[[BatchResponse], str]:
        def action(self: BatchResponse) -> str:
            answer = original(self)
            actions = self._get_param(_ACTIONS)
            if actions is not None:
                queue = self.batch_backend.get_job_queue(self._get_param(name_parameter))
                queue.time_limit_actions = actions
            return answer

        return action

    def describe(self: JobQueue) -> dict[str, Any]:
        return {**described(self), _ACTIONS: getattr(self, "time_limit_actions", [])}

    described = JobQueue.describe
    BatchResponse.createjobqueue = keeping(BatchResponse.createjobqueue, "jobQueueName")
    BatchResponse.updatejobqueue = keeping(BatchResponse.updatejobqueue, "jobQueue")
    JobQueue.describe = describe
