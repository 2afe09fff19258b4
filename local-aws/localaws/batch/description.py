"""A job in the words of DescribeJobs and ListJobs."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from localaws.batch.job import Job, now
from localaws.batch.retries import Outcome


def detail(job: Job) -> dict[str, Any]:
    """DescribeJobs; also the detail of a "Batch Job State Change" event and the Cause of a failed Step Functions task."""
    told = {
        "jobArn": job.arn,
        "jobName": job.name,
        "jobId": job.job_id,
        "jobQueue": job.queue.arn,
        "status": job.status,
        "statusReason": job.status_reason,
        "shareIdentifier": job.share_identifier,
        "schedulingPriority": job.scheduling_priority or None,
        "attempts": job.attempts,
        "createdAt": job.created_at,
        "startedAt": job.started_at,
        "stoppedAt": job.stopped_at,
        "retryStrategy": job.retry_strategy,
        "dependsOn": job.depends_on,
        "jobDefinition": job.definition.arn,
        "parameters": job.parameters,
        "timeout": job.timeout,
        "tags": job.tags,
        "propagateTags": job.definition.propagate_tags,
        "platformCapabilities": job.definition.platform_capabilities,
        "arrayProperties": _array_properties(job),
        "isCancelled": job.is_cancelled,
        "isTerminated": job.is_terminated,
        **_container_properties(job),
    }
    return deepcopy({name: value for name, value in told.items() if value is not None})


def summary(job: Job) -> dict[str, Any]:
    array = _array_properties(job)
    told = {
        "jobArn": job.arn,
        "jobId": job.job_id,
        "jobName": job.name,
        "jobDefinition": job.definition.arn,
        "createdAt": job.created_at,
        "status": job.status,
        "statusReason": job.status_reason,
        "startedAt": job.started_at,
        "stoppedAt": job.stopped_at,
        "container": _end(job.outcome, job.log_stream) or None,
        "arrayProperties": array and {name: array[name] for name in ("size", "index") if name in array},
    }
    return {name: value for name, value in told.items() if value is not None}


def attempt(job: Job, outcome: Outcome) -> dict[str, Any]:
    """An attempt that has ended, in the form in which the definition has its container."""
    end: dict[str, Any] = {**_end(outcome, job.log_stream), "networkInterfaces": []}
    of_task = {"taskArn": job.task_arn} if job.task_arn else {}
    told = {"startedAt": job.started_at or now(), "stoppedAt": now(), "statusReason": outcome.status_reason}
    if _has_ecs_properties(job):
        task = {**of_task, "containers": [{"name": job.container["name"], **end}]}
        return {**told, "container": {"networkInterfaces": []}, "taskProperties": [task]}
    return {**told, "container": {**end, **of_task}}


def _array_properties(job: Job) -> dict[str, Any] | None:
    if job.is_array_parent:
        return {"size": job.array_size, "statusSummary": job.child_states()}
    return None if job.index is None else {"index": job.index, "statusSummary": {}}


def _container_properties(job: Job) -> dict[str, Any]:
    """In the form in which the definition has it."""
    of_task = {"taskArn": job.task_arn} if job.task_arn else {}
    container = {**job.container, **_end(job.outcome, job.log_stream)}
    if _has_ecs_properties(job):
        task = deepcopy(job.definition.ecs_properties["taskProperties"][0])
        return {"ecsProperties": {"taskProperties": [{**task, **of_task, "containers": [container]}]}}
    container.pop("name", None)
    return {"container": {**container, **of_task}}


def _has_ecs_properties(job: Job) -> bool:
    return bool(getattr(job.definition, "ecs_properties", None))


def _end(outcome: Outcome | None, log_stream: str | None) -> dict[str, Any]:
    told = {
        "exitCode": outcome.exit_code if outcome else None,
        "reason": outcome.reason if outcome else None,
        "logStreamName": log_stream,
    }
    return {name: value for name, value in told.items() if value is not None}
