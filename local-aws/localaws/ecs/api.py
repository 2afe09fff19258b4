"""Where the local tasks hang in moto's ECS API: each function takes the place of the action of the same name.

Actions, not backend methods, since moto's backend is not told half of what CreateService and RunTask are given.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from localaws.ecs import capacity_api, checks, controller, deploymentchecks, protection, servicedeployments, services, tasks
from localaws.ecs.description import describe
from localaws.ecs.refusing import refusing
from localaws.errors import LocalAwsError, NotModelled

_NOT_DECLARED = ("cluster", "serviceName", "service", "clientToken", "role", "tags", "forceNewDeployment")
_DEFAULTS: dict[str, Any] = {
    "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100},
    "schedulingStrategy": "REPLICA",
    "deploymentController": {"type": "ECS"},
    "propagateTags": "NONE",
    "enableExecuteCommand": False,
    "enableECSManagedTags": False,
    "availabilityZoneRebalancing": "ENABLED",
}
_DAEMON_DEFAULTS: dict[str, Any] = {
    **_DEFAULTS,
    "deploymentConfiguration": {"maximumPercent": 100, "minimumHealthyPercent": 0},
    "availabilityZoneRebalancing": "DISABLED",
}


def install() -> None:
    capacity_api.install()
    servicedeployments.install()
    for action in (
        create_service,
        update_service,
        delete_service,
        list_services,
        run_task,
        start_task,
        stop_task,
        list_tasks,
        describe_tasks,
        get_task_protection,
        update_task_protection,
    ):
        setattr(EC2ContainerServiceResponse, action.__name__, action)


@refusing
def create_service(self: EC2ContainerServiceResponse) -> ActionResult:
    parameters, backend = copy.deepcopy(self._get_params()), self.ecs_backend
    cluster = backend._get_cluster(parameters.get("cluster") or "default")
    existing = backend.services.get(f"{cluster.name}:{parameters['serviceName']}")
    if existing is not None and existing.status != "INACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    declared = _declared_at_creation(backend, cluster, parameters)
    arn = cluster.arn.replace(":cluster/", ":service/") + f"/{parameters['serviceName']}"
    services.check(backend, cluster, arn, declared)
    service = backend.create_service(
        cluster.name,
        parameters["serviceName"],
        declared["desiredCount"],
        declared["taskDefinition"],
        tags=parameters.get("tags"),
        launch_type=declared.get("launchType"),
        role_arn=parameters.get("role"),
    )
    services.create(backend, cluster, service, declared)
    return ActionResult({"service": service})


@refusing
def update_service(self: EC2ContainerServiceResponse) -> ActionResult:
    parameters, backend = copy.deepcopy(self._get_params()), self.ecs_backend
    cluster = backend._get_cluster(parameters.get("cluster") or "default")
    service = backend._get_service(cluster.name, parameters["service"].rpartition("/")[2])
    scheduler = controller.find(service.arn)
    if scheduler is None or scheduler.deleted:
        raise InvalidParameterException("Service was not ACTIVE.")
    declared = _merged(backend, scheduler.declared, parameters)
    services.check(backend, cluster, service.arn, declared)
    services.update(backend, cluster, scheduler, declared, bool(parameters.get("forceNewDeployment")))
    return ActionResult({"service": service})


@refusing
def delete_service(self: EC2ContainerServiceResponse) -> ActionResult:
    backend = self.ecs_backend
    cluster = backend._get_cluster(self._get_param("cluster", "default"))
    service = backend._get_service(cluster.name, self._get_param("service").rpartition("/")[2])
    scheduler = controller.find(service.arn)
    if scheduler is not None and scheduler.desired > 0 and not scheduler.daemon and not self._get_param("force", False):
        raise InvalidParameterException("The service cannot be stopped while it is scaled above 0.")
    if scheduler is not None:
        services.delete(scheduler)
    return ActionResult({"service": service})


def list_services(self: EC2ContainerServiceResponse) -> ActionResult:
    """A deleted service stays in moto, to be described as INACTIVE, but is no longer listed."""
    backend = self.ecs_backend
    asked = (self._get_param("cluster", "default"), self._get_param("schedulingStrategy"), self._get_param("launchType"))
    inactive = {service.arn for service in list(backend.services.values()) if service.status == "INACTIVE"}
    return ActionResult({"serviceArns": [arn for arn in backend.list_services(*asked) if arn not in inactive]})


@refusing
def run_task(self: EC2ContainerServiceResponse) -> ActionResult:
    started = tasks.run_once(self.ecs_backend, copy.deepcopy(self._get_params()))
    return ActionResult({"tasks": [describe(task) for task in started], "failures": []})


@refusing
def start_task(self: EC2ContainerServiceResponse) -> ActionResult:
    raise NotModelled("StartTask is not modelled by the local AWS: use RunTask")


def stop_task(self: EC2ContainerServiceResponse) -> ActionResult:
    stopped = tasks.stop(
        self.ecs_backend, self._get_param("cluster", "default"), self._get_param("task"), self._get_param("reason")
    )
    if stopped is None:
        raise InvalidParameterException("The referenced task was not found.")
    return ActionResult({"task": describe(stopped)})


def list_tasks(self: EC2ContainerServiceResponse) -> ActionResult:
    found = tasks.list_(self.ecs_backend, self._get_params())
    return ActionResult({"taskArns": [task.task_arn for task in found]})


def describe_tasks(self: EC2ContainerServiceResponse) -> ActionResult:
    wanted = self._get_param("tasks", [])
    if not wanted:
        raise InvalidParameterException("Tasks cannot be empty.")
    found = tasks.find(self.ecs_backend, self._get_param("cluster", "default"), wanted)
    known = {task.id for task in found}
    missing = [{"arn": name, "reason": "MISSING"} for name in wanted if name.rpartition("/")[2] not in known]
    include_tags = "TAGS" in self._get_param("include", [])
    return ActionResult({"tasks": [describe(task, include_tags) for task in found], "failures": missing})


@refusing
def get_task_protection(self: EC2ContainerServiceResponse) -> ActionResult:
    found, missing = _asked_for_protection(self)
    return ActionResult({"protectedTasks": [protection.described(task) for task in found], "failures": missing})


@refusing
def update_task_protection(self: EC2ContainerServiceResponse) -> ActionResult:
    found, failures = _asked_for_protection(self)
    changed = []
    for task in found:
        try:
            protection.protect(task, bool(self._get_param("protectionEnabled")), self._get_param("expiresInMinutes"))
            changed.append(protection.described(task))
        except LocalAwsError as refused:
            failures.append({"arn": task.task_arn, "reason": "TASK_NOT_VALID", "detail": str(refused)})
    return ActionResult({"protectedTasks": changed, "failures": failures})


def _asked_for_protection(self: EC2ContainerServiceResponse) -> tuple[list[Any], list[dict[str, Any]]]:
    wanted = self._get_param("tasks", [])
    found = tasks.find(self.ecs_backend, self._get_param("cluster", "default"), wanted)
    known = {task.id for task in found}
    return found, [{"arn": name, "reason": "MISSING"} for name in wanted if name.rpartition("/")[2] not in known]


def _declared_at_creation(backend: Any, cluster: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """What the caller declares, with the defaults of ECS made visible as it makes them."""
    daemon = parameters.get("schedulingStrategy") == "DAEMON"
    checks.check_daemon(parameters) if daemon else None
    defaults = _DAEMON_DEFAULTS if daemon else _DEFAULTS
    declared = {**defaults, **{key: value for key, value in parameters.items() if key not in _NOT_DECLARED}}
    declared["deploymentConfiguration"] = {**defaults["deploymentConfiguration"], **declared["deploymentConfiguration"]}
    declared["desiredCount"] = int(declared.get("desiredCount") or 0)
    declared["taskDefinition"] = backend.describe_task_definition(declared["taskDefinition"]).arn
    if not declared.get("launchType") and not declared.get("capacityProviderStrategy"):
        default = cluster.default_capacity_provider_strategy
        declared |= {"capacityProviderStrategy": default} if default else {"launchType": "EC2"}
    return _with_platform(declared)


def _merged(backend: Any, before: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    checks.check_daemon(parameters) if before.get("schedulingStrategy") == "DAEMON" else None
    declared = {
        **before,
        **{key: value for key, value in parameters.items() if key not in _NOT_DECLARED and value is not None},
    }
    declared["deploymentConfiguration"] = _deployment_merged(
        before["deploymentConfiguration"], declared["deploymentConfiguration"]
    )
    declared["desiredCount"] = int(declared["desiredCount"])
    declared["taskDefinition"] = backend.describe_task_definition(declared["taskDefinition"]).arn
    if parameters.get("capacityProviderStrategy"):
        declared.pop("launchType", None)
    return _with_platform(declared)


def _deployment_merged(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What belongs to a strategy goes with it."""
    if given.get("strategy", before.get("strategy")) != before.get("strategy"):
        before = {key: value for key, value in before.items() if key not in deploymentchecks.OF_SHIFTS}
    return {**before, **given}


def _with_platform(declared: dict[str, Any]) -> dict[str, Any]:
    """Fargate has a platform version, instances have none."""
    if _on_fargate(declared):
        declared.setdefault("platformVersion", "LATEST")
    else:
        declared.pop("platformVersion", None)
    return declared


def _on_fargate(declared: dict[str, Any]) -> bool:
    strategy = declared.get("capacityProviderStrategy") or []
    return declared.get("launchType") == "FARGATE" or any(
        item["capacityProvider"].startswith("FARGATE") for item in strategy
    )
