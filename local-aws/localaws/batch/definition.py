"""What a job definition says about its one container, from either of the two forms that AWS Batch has for it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from moto.batch.exceptions import ClientException

DEFAULT_LOG_GROUP = "/aws/batch/job"
"""Made by AWS Batch itself, unlike any group that a job definition names."""

_CONTAINER_PROPERTIES = {
    *("image", "command", "environment", "secrets", "resourceRequirements", "vcpus", "memory", "logConfiguration"),
    *("jobRoleArn", "executionRoleArn", "networkConfiguration", "fargatePlatformConfiguration", "ephemeralStorage"),
    *("runtimePlatform", "readonlyRootFilesystem", "user", "privileged", "linuxParameters", "ulimits", "instanceType"),
    *("mountPoints", "volumes"),
}
_TASK_PROPERTIES = {
    *("containers", "executionRoleArn", "taskRoleArn", "networkConfiguration", "platformVersion", "ephemeralStorage"),
    *("runtimePlatform", "volumes"),
}
_AWSLOGS_OPTIONS = {
    *("awslogs-group", "awslogs-region", "awslogs-stream-prefix", "awslogs-create-group"),
    *("awslogs-datetime-format", "awslogs-multiline-pattern"),
}
"""Fewer than ECS takes: https://docs.aws.amazon.com/batch/latest/userguide/using_awslogs.html"""

_TASK_CONTAINER = (_CONTAINER_PROPERTIES - {"vcpus", "memory", "volumes"}) | {"name", "essential"}


def check(body: dict[str, Any]) -> None:
    """Refuses at registration what could not be run; nothing of a definition is passed over later."""
    for kind in ("nodeProperties", "eksProperties", "consumableResourceProperties"):
        if body.get(kind):
            _refuse(f"{kind} of a job definition")
    if body.get("type", "container") != "container":
        _refuse(f"a job definition of type {body['type']}")
    if body.get("ecsProperties"):
        task, container = _single_container(body["ecsProperties"])
        _check_known(task, _TASK_PROPERTIES, "ecsProperties.taskProperties")
        _check_known(container, _TASK_CONTAINER, "ecsProperties.taskProperties.containers")
        _check_volumes(task.get("volumes"))
        _check_log_options(container.get("logConfiguration"))
    elif body.get("containerProperties"):
        _check_known(body["containerProperties"], _CONTAINER_PROPERTIES, "containerProperties")
        _check_volumes(body["containerProperties"].get("volumes"))
        _check_log_options(body["containerProperties"].get("logConfiguration"))
    else:
        raise ClientException("containerProperties or ecsProperties must be provided")


def container_of(job_definition: Any) -> dict[str, Any]:
    """The container in the form of ECS: name, image, command, environment, secrets, logs, resource requirements."""
    ecs_properties = getattr(job_definition, "ecs_properties", None)
    if ecs_properties:
        task, container = _single_container(ecs_properties)
        found = {"executionRoleArn": task.get("executionRoleArn"), "jobRoleArn": task.get("taskRoleArn"), **container}
    else:
        found = {"name": "default", **job_definition.container_properties}
    container = deepcopy({name: value for name, value in found.items() if value is not None})
    container["logConfiguration"] = _log_configuration(container.get("logConfiguration"), job_definition.name)
    return container


def requirement(container: dict[str, Any], kind: str) -> float:
    """VCPU, MEMORY (MiB) or GPU, from resourceRequirements or the older properties of their own."""
    for entry in container.get("resourceRequirements") or []:
        if entry["type"] == kind:
            return float(entry["value"])
    older = {"VCPU": "vcpus", "MEMORY": "memory"}.get(kind, "")
    return float(container.get(older) or 0)


def _single_container(ecs_properties: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    tasks = ecs_properties.get("taskProperties") or []
    containers = tasks[0].get("containers") or [] if len(tasks) == 1 else []
    if len(containers) != 1:
        _refuse("a job definition whose ecsProperties have more or less than one container")
    return tasks[0], {"name": "default", **containers[0]}


def _check_known(given: dict[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(name for name in set(given) - known if given[name])
    if unknown:
        _refuse(f"{where}.{', '.join(unknown)}")


def _check_volumes(volumes: list[dict[str, Any]] | None) -> None:
    """An empty host volume is scratch space, which a local process has anyway. Data in any other would be missing."""
    for volume in volumes or []:
        if volume.get("efsVolumeConfiguration") or (volume.get("host") or {}).get("sourcePath"):
            _refuse(f"volume {volume.get('name')}, which holds data from outside the container,")


def _check_log_options(given: dict[str, Any] | None) -> None:
    """Worded as AWS Batch words it."""
    if not given or given.get("logDriver") != "awslogs":
        return
    if unknown := sorted(set(given.get("options") or {}) - _AWSLOGS_OPTIONS):
        raise ClientException(f"Log driver awslogs disallows options: {', '.join(unknown)}")


def _log_configuration(given: dict[str, Any] | None, job_definition_name: str) -> dict[str, Any]:
    if given and given.get("logDriver") != "awslogs":
        return given
    options = {"awslogs-stream-prefix": job_definition_name, **((given or {}).get("options") or {})}
    if "awslogs-group" not in options:
        options |= {"awslogs-group": DEFAULT_LOG_GROUP, "awslogs-create-group": "true"}
    return {"logDriver": "awslogs", "options": options}


def _refuse(what: str) -> None:
    raise ClientException(f"{what} is not modelled by the local AWS, which runs jobs of one container as a local process")
