"""Mends of Batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.batch import models
from moto.batch.models import BatchBackend, JobQueue
from moto.batch.responses import BatchResponse
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_batch

_ACTIONS = "jobStateTimeLimitActions"
_GENERAL_INSTANCES = {"default_x86_64": "m6i.4xlarge", "default_arm64": "m6g.4xlarge"}
"""The words of AWS Batch, by a type that stands for them."""


def install() -> None:
    keep_time_limits_of_queues()
    know_words_for_general_instances()
    submit_shares()


def know_words_for_general_instances() -> None:
    """`default_x86_64` and `default_arm64` are refused as instance types that do not exist."""

    def find(instance_types: list[str], target: float) -> list[str]:
        return found([_GENERAL_INSTANCES.get(name, name) for name in instance_types], target)

    found = BatchBackend.find_min_instances_to_meet_vcpus
    BatchBackend.find_min_instances_to_meet_vcpus = staticmethod(find)
    models.EC2_INSTANCE_FAMILIES = [*models.EC2_INSTANCE_FAMILIES, *_GENERAL_INSTANCES]


def submit_shares() -> None:
    """Step Functions hands the share of a job on, and whether its tags are handed on."""
    state_task_service_batch._SUPPORTED_API_PARAM_BINDINGS["submitjob"] |= {"ShareIdentifier", "PropagateTags"}


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
