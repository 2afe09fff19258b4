"""Step Functions executions that run a task and wait for its end (`ecs:runTask.sync`).

As on AWS, a state fails with the task as its cause if a container that the task needs ends badly or never starts, and an
execution that is stopped stops its task. A state whose time is over leaves its task running: AWS promises no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_ecs
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_ecs import (
    StateTaskServiceEcs,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

from localaws import context

_FAILED = StatesErrorName(typ=StatesErrorNameType.StatesTaskFailed)
_REASON = "The Step Functions execution that waited for this task was stopped"
_PARAMETERS = {"CapacityProviderStrategy", "StartedBy"}
"""What AWS takes, and moto's list lacks."""


def install() -> None:
    state_task_service_ecs._SUPPORTED_API_PARAM_BINDINGS["runtask"] |= _PARAMETERS
    fail_with_the_task()
    stop_with_the_execution()
    name_errors()


def fail_with_the_task() -> None:
    """moto goes on, whatever the containers' exit codes."""
    build = StateTaskServiceEcs._build_sync_resolver

    def build_sync_resolver(self: StateTaskServiceEcs, env: Any, *positional: Any, **given: Any) -> Any:
        task = env.stack[-1]["Tasks"][0]
        resolve: Callable[[], dict[str, Any] | None] = build(self, env, *positional, **given)  # type: ignore[assignment]

        def resolver() -> dict[str, Any] | None:
            ended = _as_json(resolve())
            if ended is not None and not _ended_well(ended):
                raise _failure(self, env, _FAILED, json.dumps(ended))
            return ended

        resolver.task = task  # type: ignore[attr-defined]
        return resolver

    StateTaskServiceEcs._build_sync_resolver = build_sync_resolver


def stop_with_the_execution() -> None:
    """moto ends the state and leaves the task running."""
    evaluate = StateTaskServiceEcs._eval_sync

    def eval_sync(self: StateTaskServiceEcs, env: Any, sync_resolver: Any, *positional: Any, **given: Any) -> Any:
        result = evaluate(self, env, sync_resolver, *positional, **given)
        if not env.is_running():
            task = sync_resolver.task
            region = task["TaskArn"].split(":")[3]
            context.client("ecs", region).stop_task(cluster=task["ClusterArn"], task=task["TaskArn"], reason=_REASON)
        return result

    StateTaskServiceEcs._eval_sync = eval_sync


def name_errors() -> None:
    """What RunTask refuses comes out as `ECS.ClientException` and the like, after the SDK's names of exceptions."""
    original = StateTaskServiceEcs._from_error

    def from_error(self: StateTaskServiceEcs, env: Any, ex: Exception) -> FailureEvent:
        if not isinstance(ex, ClientError):
            return original(self, env=env, ex=ex)
        code = ex.response["Error"]["Code"]
        name = code if code.endswith("Exception") and code != "ClientException" else "AmazonECSException"
        return _failure(self, env, CustomErrorName(f"ECS.{name}"), ex.response["Error"]["Message"]).failure_event

    StateTaskServiceEcs._from_error = from_error


def _ended_well(task: dict[str, Any]) -> bool:
    """A helper that ends badly hurts nobody; containers do not tell here whether they are needed, their definition does."""
    definition = context.client("ecs", task["TaskArn"].split(":")[3]).describe_task_definition(
        taskDefinition=task["TaskDefinitionArn"]
    )["taskDefinition"]
    needed = {one["name"] for one in definition["containerDefinitions"] if one.get("essential", True)}
    return task.get("StopCode") == "EssentialContainerExited" and all(
        container.get("ExitCode") == 0 for container in task["Containers"] if container["Name"] in needed
    )


def _as_json(value: Any) -> Any:
    """Times are milliseconds."""
    if isinstance(value, dict):
        return {name: _as_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_json(part) for part in value]
    return int(value.timestamp() * 1000) if isinstance(value, datetime) else value


def _failure(state: StateTaskServiceEcs, env: Any, name: ErrorName, cause: str) -> FailureEventException:
    details = TaskFailedEventDetails(
        resource=state._get_sfn_resource(),
        resourceType=state._get_sfn_resource_type(),
        error=name.error_name,
        cause=cause,
    )
    event = FailureEvent(
        env=env,
        error_name=name,
        event_type=HistoryEventType.TaskFailed,
        event_details=EventDetails(taskFailedEventDetails=details),
    )
    return FailureEventException(event)
