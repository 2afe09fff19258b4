"""A task as DescribeTasks words it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localaws.ecs.task import Task


def describe(task: Task, include_tags: bool = True) -> dict[str, Any]:
    request, definition = task.request, task.request.task_definition
    address = task.interface.address if task.interface else None
    described = {
        "taskArn": task.task_arn,
        "clusterArn": request.cluster_arn,
        "taskDefinitionArn": definition.arn,
        "containers": [container.describe(task.task_arn, address) for container in task.containers],
        "overrides": request.overrides,
        "lastStatus": task.last_status,
        "desiredStatus": task.desired_status,
        "healthStatus": task.health,
        "group": request.group,
        "startedBy": request.started_by,
        "connectivity": "CONNECTED",
        "enableExecuteCommand": request.enable_execute_command,
        "version": 1,
        "attachments": [task.interface.describe("DELETED" if task.last_status == "STOPPED" else "ATTACHED")]
        if task.interface
        else [],
        **task.times,
    }
    return described | {key: value for key, value in _optional(task, include_tags).items() if value is not None}


def _optional(task: Task, include_tags: bool) -> dict[str, Any]:
    request, definition = task.request, task.request.task_definition
    return {
        "cpu": definition.cpu,
        "memory": definition.memory,
        "launchType": None if request.capacity_provider else request.launch_type,
        "capacityProviderName": request.capacity_provider,
        "containerInstanceArn": request.host.arn if request.host else None,
        "platformVersion": _platform_version(task),
        "platformFamily": "Linux" if request.launch_type == "FARGATE" else None,
        "availabilityZone": task.interface.zone if task.interface else None,
        "stopCode": task.stop_code,
        "stoppedReason": task.stopped_reason,
        "tags": task.tags if include_tags else None,
    }


def _platform_version(task: Task) -> str | None:
    if task.request.launch_type != "FARGATE":
        return None
    declared = task.request.platform_version
    return "1.4.0" if declared in (None, "LATEST") else declared
