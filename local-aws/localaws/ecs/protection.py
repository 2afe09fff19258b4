"""Task scale-in protection: a task of a service that asks for it is stopped neither to scale in nor in a deployment.

Asked for over the API, or from inside the task at `$ECS_AGENT_URI/task-protection/v1/state`, as on AWS.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from localaws import control
from localaws.ecs import controller
from localaws.ecs.assembly import AGENT
from localaws.errors import LocalAwsError

if TYPE_CHECKING:
    from localaws.ecs.task import Task

_DEFAULT_MINUTES, _MOST_MINUTES = 120, 2880


def protect(task: Task, enabled: bool, minutes: int | None) -> None:
    """Raises LocalAwsError with the words of the API where ECS would refuse."""
    if enabled and minutes is not None and not 1 <= minutes <= _MOST_MINUTES:
        raise LocalAwsError(f"expiresInMinutes must be between 1 and {_MOST_MINUTES}, got {minutes}")
    if controller.service_task(task) is None:
        raise LocalAwsError("TASK_NOT_VALID: only a task of a service can be protected")
    until = datetime.now(timezone.utc) + timedelta(minutes=minutes or _DEFAULT_MINUTES)
    task.protected_until = until if enabled else None
    controller.wake()


def described(task: Task) -> dict[str, Any]:
    """In the words of GetTaskProtection."""
    until = {"expirationDate": task.protected_until} if task.protected else {}
    return {"taskArn": task.task_arn, "protectionEnabled": task.protected, **until}


@control.prefixed("PUT", AGENT)
def put_state(rest: str, body: dict[str, Any]) -> dict[str, Any]:
    task = _asked(rest)
    if not isinstance(body.get("ProtectionEnabled"), bool):
        raise LocalAwsError("'ProtectionEnabled' must be true or false")
    protect(task, body["ProtectionEnabled"], body.get("ExpiresInMinutes"))
    return _as_the_agent(task)


@control.prefixed("GET", AGENT)
def get_state(rest: str, _body: dict[str, Any]) -> dict[str, Any]:
    return _as_the_agent(_asked(rest))


def _asked(rest: str) -> Task:
    task_id, _, path = rest.partition("/")
    if path != "task-protection/v1/state":
        raise LocalAwsError(f"the agent has no {path} here: only task-protection/v1/state is modelled")
    task = controller.task_of_id(task_id)
    if task is None:
        raise LocalAwsError(f"no task {task_id} of a service runs")
    return task


def _as_the_agent(task: Task) -> dict[str, Any]:
    told = described(task)
    until = {"ExpirationDate": told["expirationDate"].isoformat()} if "expirationDate" in told else {}
    return {"protection": {"TaskArn": told["taskArn"], "ProtectionEnabled": told["protectionEnabled"], **until}}
