"""The events that ECS puts on the default event bus, as rules and their targets expect them."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from localaws.ecs import description
from localaws.events import bus

if TYPE_CHECKING:
    from localaws.ecs.deployment import Deployment
    from localaws.ecs.lifecyclehooks import Hook
    from localaws.ecs.scheduler import ServiceScheduler
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


def hook_awaits_action(scheduler: ServiceScheduler, deployment: Deployment, hook: Hook) -> None:
    """ECS Hook State Change: a deployment pauses until somebody answers."""
    deployment_arn = deployment.arn_in(scheduler.arn)
    detail = {
        "eventName": "HOOK_AWAITING_ACTION",
        "hookType": "PAUSE",
        "hookId": hook.id,
        "lifecycleStage": hook.stage,
        "serviceArn": scheduler.arn,
        "serviceDeploymentArn": deployment_arn,
        "expiresAt": hook.expires_at.isoformat(timespec="seconds") if hook.expires_at else None,
    }
    bus.publish(scheduler.region, _SOURCE, "ECS Hook State Change", [scheduler.arn, deployment_arn], detail)
