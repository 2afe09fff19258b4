"""What RunTask, StopTask, ListTasks and DescribeTasks do with the tasks of a cluster."""

from __future__ import annotations

import threading
from typing import Any

from moto.core.exceptions import ServiceException

from localaws.ecs import assembly, capacity, checks, controller, hosts, placement, readback
from localaws.ecs.task import Task, TaskRequest

_KEPT_STOPPED = 200
"""ECS shows a stopped task for an hour; here the last ones stay, so that memory is bounded."""

STOPPED_BY_USER = "Task stopped by user"


_by_token = threading.Lock()


class Conflict(ServiceException):
    """A client token that stands for another request."""

    code = "ConflictException"


def run_once(backend: Any, parameters: dict[str, Any]) -> list[Task]:
    """A request with a client token that was seen before is the same request.

    It starts nothing, and tells of the first one's tasks.
    """
    token = parameters.pop("clientToken", None)
    if token is None:
        return run(backend, parameters)
    with _by_token:
        known = backend.__dict__.setdefault("run_task_tokens", {})
        if token not in known:
            known[token] = (parameters, run(backend, parameters))
        asked, tasks = known[token]
    if asked != parameters:
        raise Conflict(
            "RunTask could not be processed because of conflicts. The provided clientToken is already in use with a "
            "different RunTask request."
        )
    return tasks


def run(backend: Any, parameters: dict[str, Any]) -> list[Task]:
    cluster = backend._get_cluster(parameters.get("cluster") or "default")
    task_definition = backend.describe_task_definition(parameters["taskDefinition"])
    checks.check_launch_type(parameters.get("launchType"))
    strategy = parameters.get("capacityProviderStrategy") or _default_strategy(cluster, parameters)
    checks.check_capacity(backend, cluster, {**parameters, "capacityProviderStrategy": strategy}, task_definition)
    hosts.check_constraints(parameters.get("placementConstraints") or [])
    assembly.check(task_definition)
    checks.check_network(parameters, task_definition)
    checks.check_task(parameters, task_definition)
    tasks = [_task(backend, cluster, task_definition, parameters) for _ in range(int(parameters.get("count") or 1))]
    known = backend.tasks.setdefault(cluster.name, {})
    for task in tasks:
        known[task.task_arn] = task
        task.start()
    _forget_the_oldest(known)
    return tasks


def stop(backend: Any, cluster_name: str, task_id: str, reason: str | None) -> Task | None:
    """A task of a service leaves its load balancers first, and is then replaced."""
    task = next(iter(find(backend, cluster_name, [task_id])), None)
    if task is None:
        return None
    in_service = controller.service_task(task)
    if in_service is None:
        task.stop("UserInitiated", reason or STOPPED_BY_USER)
    else:
        in_service.retire(reason or STOPPED_BY_USER, stop_code="UserInitiated")
    return task


def find(backend: Any, cluster_name: str, wanted: list[str]) -> list[Task]:
    """Tasks by their ARN or their id, in the order in which they were asked for."""
    known = list(backend.tasks.get(backend._get_cluster(cluster_name).name, {}).values())
    by_id = {task.id: task for task in known}
    return [by_id[name] for name in (one.rpartition("/")[2] for one in wanted) if name in by_id]


def list_(backend: Any, parameters: dict[str, Any]) -> list[Task]:
    cluster = backend._get_cluster(parameters.get("cluster") or "default")
    tests = {
        "family": lambda task, value: task.request.task_definition.family == value,
        "startedBy": lambda task, value: task.request.started_by == value,
        "serviceName": lambda task, value: task.request.group == f"service:{value.rpartition('/')[2]}",
        "launchType": lambda task, value: task.request.launch_type == value,
        "containerInstance": lambda task, value: bool(task.request.host) and task.request.host.id == value.rpartition("/")[2],
    }
    given = [(tests[key], parameters[key]) for key in tests if parameters.get(key)]
    status = parameters.get("desiredStatus") or "RUNNING"
    known = list(backend.tasks.get(cluster.name, {}).values())
    return [task for task in known if task.desired_status == status and all(test(task, value) for test, value in given)]


def _task(backend: Any, cluster: Any, task_definition: Any, parameters: dict[str, Any]) -> Task:
    strategy = parameters.get("capacityProviderStrategy") or _default_strategy(cluster, parameters)
    provider = capacity.choose(strategy, []) if strategy else None
    constraints = parameters.get("placementConstraints") or []
    host = placement.of_task(backend, cluster, provider, parameters.get("launchType"), task_definition, constraints)
    request = TaskRequest(
        account=backend.account_id,
        region=backend.region_name,
        cluster_arn=cluster.arn,
        task_definition=task_definition,
        group=parameters.get("group") or f"family:{task_definition.family}",
        started_by=parameters.get("startedBy") or "",
        launch_type=capacity.launch_type_of(provider) if provider else parameters.get("launchType") or "EC2",
        capacity_provider=provider,
        platform_version=parameters.get("platformVersion"),
        network_configuration=parameters.get("networkConfiguration"),
        overrides=parameters.get("overrides") or {},
        tags=[
            *(parameters.get("tags") or []),
            *(task_definition.tags if parameters.get("propagateTags") == "TASK_DEFINITION" else []),
        ],
        enable_execute_command=bool(parameters.get("enableExecuteCommand")),
        host=host,
    )
    task = Task(request, lambda: readback.publish_cluster(backend, cluster.name))
    if host is not None:
        host.tasks.append(task)
    return task


def _default_strategy(cluster: Any, parameters: dict[str, Any]) -> list[dict[str, Any]] | None:
    return None if parameters.get("launchType") else cluster.default_capacity_provider_strategy


def _forget_the_oldest(known: dict[str, Task]) -> None:
    stopped = [arn for arn, task in known.items() if task.last_status == "STOPPED"]
    for arn in stopped[:-_KEPT_STOPPED]:
        del known[arn]
