"""Which container instance a task goes to, where it goes to one at all."""

from __future__ import annotations

from typing import Any

from localaws.ecs import hosts, providers
from localaws.ecs.hosts import Host
from localaws.ecs.pools import NoRoom


def of_service(
    backend: Any, cluster: Any, scheduler: Any, provider: str | None, launch_type: str | None, task_definition: Any
) -> Host | None:
    constraints = scheduler.declared.get("placementConstraints") or []
    if not scheduler.daemon:
        return of_task(backend, cluster, provider, launch_type, task_definition, constraints)
    need, served = hosts.room_of_task(task_definition), {id(task.task.request.host) for task in scheduler.tasks}
    waiting = [host for host in eligible(cluster, constraints) if id(host) not in served]
    fitting = next((host for host in waiting if host.free.holds(need)), None)
    if fitting is None:
        raise NoRoom(f"no instance without a task of the service has room for one that needs {need}")
    return fitting


def of_task(
    backend: Any,
    cluster: Any,
    provider: str | None,
    launch_type: str | None,
    task_definition: Any,
    constraints: list[dict[str, Any]],
) -> Host | None:
    """By its capacity provider; with the launch type alone, any instance of the cluster that has room."""
    if provider in providers.FARGATE_PROVIDERS or (provider is None and launch_type == "FARGATE"):
        return None
    need = hosts.room_of_task(task_definition)
    if provider is not None:
        chosen = providers.find(backend, provider)
        if chosen is None:
            raise NoRoom(f"the capacity provider {provider} does not exist")
        return chosen.pool(cluster).place(need, constraints)
    if not hosts.of_cluster(cluster.arn):
        raise NoRoom(f"No Container Instances were found in your cluster {cluster.name}.")
    fitting = [host for host in eligible(cluster, constraints) if host.free_beside_daemons.holds(need)]
    if not fitting:
        raise NoRoom(f"no container instance of the cluster {cluster.name} has room for a task that needs {need}")
    return fitting[0]


def eligible(cluster: Any, constraints: list[dict[str, Any]]) -> list[Host]:
    """What a daemon runs on: the active instances that satisfy its constraints."""
    known = hosts.of_cluster(cluster if isinstance(cluster, str) else cluster.arn)
    return [host for host in known if host.status == "ACTIVE" and host.satisfies(constraints)]
