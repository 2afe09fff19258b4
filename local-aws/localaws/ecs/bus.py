"""The events that ECS puts on the default event bus, as rules and their targets expect them."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from localaws.ecs import description
from localaws.events import bus

if TYPE_CHECKING:
    from localaws.ecs.task import Task

_SOURCE = "aws.ecs"


def task_changed(task: Task) -> None:
    """ECS Task State Change: the detail is the task as DescribeTasks words it."""
    detail = json.loads(json.dumps(description.describe(task), default=lambda value: value.isoformat()))
    bus.publish(task.request.region, _SOURCE, "ECS Task State Change", [task.task_arn], detail)


def deployment_changed(region: str, service_arn: str, deployment_id: str, event: str, reason: str) -> None:
    """ECS Deployment State Change; `event` is SERVICE_DEPLOYMENT_IN_PROGRESS, _COMPLETED or _FAILED."""
    detail: dict[str, Any] = {
        "eventType": "ERROR" if event.endswith("_FAILED") else "INFO",
        "eventName": event,
        "deploymentId": deployment_id,
        "updatedAt": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
        "reason": reason,
    }
    bus.publish(region, _SOURCE, "ECS Deployment State Change", [service_arn], detail)
